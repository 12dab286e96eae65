//! What a deed did, as JSON.

use serde::Serialize;

use super::DueRow;
use crate::date::Date;
use crate::follow_up::assess;
use crate::notebook::{Recorded, Saved};
use crate::settings::Settings;
use crate::verbs::Planned;

/// What a verb that changes the notebook answers with `--format json`.
#[derive(Debug, Serialize)]
pub struct DeedReport {
    /// The command.
    pub verb: String,
    /// What was done, in one line.
    pub subject: String,
    /// The commit; none outside git, or where none was asked for.
    pub commit: Option<String>,
    /// The files that changed, from the notebook's root.
    pub files: Vec<String>,
    /// What spoke against it.
    pub warnings: Vec<String>,
    /// The follow-up that results, of a deed on one contact.
    pub follow_up: Option<DueRow>,
}

impl DeedReport {
    /// Of a deed; `saved` is none where it was only shown, or nothing had to change.
    pub fn new(planned: &Planned, saved: Option<&Saved>, settings: &Settings, today: Date) -> DeedReport {
        let commit = match saved.map(|saved| &saved.recorded) {
            Some(Recorded::Commit { id, .. }) => Some(id.clone()),
            _ => None,
        };
        let follow_up = planned.contact.as_ref().and_then(|contact| {
            let assessment = assess(contact, settings, today);
            let all: Vec<_> = assessment.obligations.iter().collect();
            DueRow::new(contact, &assessment, &all, settings, today)
        });
        let changes = planned.deed.changes.iter().filter(|change| change.is_change());
        DeedReport {
            verb: planned.deed.verb.clone(),
            subject: planned.deed.subject.clone(),
            commit,
            files: changes.map(|change| change.file.clone()).collect(),
            warnings: planned.cautions.iter().map(ToString::to_string).collect(),
            follow_up,
        }
    }
}
