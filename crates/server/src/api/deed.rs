//! What was done to a contact, as the API tells it.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use tickler_core::merge::files::BlobId;
use tickler_core::notebook::Survey;
use tickler_core::verbs::{self, Desk, Draft, Planned};
use tickler_core::wire::{DeedReport, NoteRow};
use warp::http::StatusCode;
use warp::http::header::LOCATION;

use super::answer::Answer;
use super::put::Judged;
use super::versions;
use crate::names::NotebookName;
use crate::reply::Refusal;
use crate::seat::Seat;
use crate::writing::{self, Manner, Via, Written};

/// What was done: what the command line says of it, and more.
#[derive(Debug, Serialize)]
pub struct Done {
    /// The contact; none where it is gone.
    pub id: Option<String>,
    /// As with `--format json`.
    #[serde(flatten)]
    pub report: DeedReport,
    /// It in one line, with the days that were understood; empty where only a commit tells of it.
    pub said: String,
    /// What a merge could not decide.
    pub notes: Vec<NoteRow>,
    /// The contact's version from now on; none where it is gone.
    #[serde(skip)]
    pub version: Option<BlobId>,
}

impl Done {
    /// Of a deed that was written.
    pub fn new(written: &Written, seat: &Seat) -> Done {
        let planned = &written.planned;
        let report = DeedReport::new(planned, None, seat.settings(), written.view.tip.today());
        let mut changes = planned.deed.changes.iter();
        let after = changes.find_map(|change| change.after.as_ref()).filter(|_| planned.contact.is_some());
        Done {
            id: planned.contact.as_ref().map(|contact| contact.id.as_str().to_owned()),
            report: DeedReport { commit: written.commit.clone(), ..report },
            said: planned.said.clone(),
            notes: Vec::new(),
            version: after.map(|text| BlobId::of(text.as_bytes())),
        }
    }
}

/// The answer that tells it; `created` is the id of a contact that is new.
///
/// # Errors
/// Where it cannot be written as JSON.
pub fn answer(notebook: &NotebookName, done: Done, created: Option<&str>) -> Result<Answer, Refusal> {
    let mut answer = Answer::json(&done)?;
    answer.commit = done.report.commit;
    if let Some(version) = done.version {
        answer = answer.version(versions::of_file(version));
    }
    if let Some(id) = created {
        answer.status = StatusCode::CREATED;
        answer = answer.with(LOCATION, address(notebook, id));
    }
    Ok(answer)
}

/// Where a contact is.
pub fn address(notebook: &NotebookName, id: &str) -> String {
    let mut out = format!("/{notebook}/api/v1/contacts/");
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            other => out.push_str(&format!("%{other:02X}")),
        }
    }
    out
}

/// Does a deed of the seat's, for whoever asked by the API. `once` is what its commit has to keep.
///
/// # Errors
/// What `plan` says; where the notebook cannot be written.
pub async fn write(
    seat: &Seat,
    once: Option<String>,
    plan: impl FnMut(&Survey<'_>, &Desk<'_>) -> Result<Planned, verbs::Refusal> + Send + 'static,
) -> Result<Written, Refusal> {
    let manner = Manner { via: Via::Api, once };
    writing::write(&seat.server, &seat.asked, &seat.visitor, &seat.notebook, manner, plan).await
}

/// The same, where the plan may be refused for any reason. Also gives what a merge could not decide.
///
/// # Errors
/// As [`write`].
pub async fn judge(
    seat: &Seat,
    mut plan: impl FnMut(&Survey<'_>, &Desk<'_>) -> Judged + Send + 'static,
) -> Result<Done, Refusal> {
    // What a deed may be refused with is the core's; the rest goes this way round.
    let told: Arc<Mutex<Told>> = Arc::default();
    let telling = Arc::clone(&told);
    let written = write(seat, None, move |survey, desk| {
        let mut told = telling.lock().unwrap_or_else(PoisonError::into_inner);
        *told = Told::default();
        match plan(survey, desk) {
            Ok((planned, notes)) => {
                told.notes = notes;
                Ok(planned)
            }
            Err(Refusal::Deed(refusal)) => Err(*refusal),
            Err(refusal) => {
                let message = refusal.words().to_owned();
                told.refusal = Some(refusal);
                Err(verbs::Refusal::no(message))
            }
        }
    })
    .await;
    let told = std::mem::take(&mut *told.lock().unwrap_or_else(PoisonError::into_inner));
    match told.refusal {
        Some(refusal) => Err(refusal),
        None => Ok(Done { notes: told.notes, ..Done::new(&written?, seat) }),
    }
}

/// What a plan told beside what is written.
#[derive(Default)]
struct Told {
    refusal: Option<Refusal>,
    notes: Vec<NoteRow>,
}

/// A refusal of the core's.
pub fn no(refusal: verbs::Refusal) -> Refusal {
    Refusal::Deed(Box::new(refusal))
}

/// The contact of that id, to be changed.
///
/// # Errors
/// Where it is gone, or its file is broken.
pub fn draft(survey: &Survey<'_>, id: &str) -> Result<Draft, verbs::Refusal> {
    match survey.called(id) {
        Some(index) => Draft::read(survey, index),
        None => Err(verbs::Refusal::no(format!("there is no contact \"{id}\" any more"))),
    }
}
