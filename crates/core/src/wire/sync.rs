//! What a sync did, as JSON.

use serde::Serialize;

use crate::merge::{Merged, Note};
use crate::sync::{Outcome, Report, Told};

/// `sync --format json`.
#[derive(Debug, Serialize)]
pub struct SyncReport {
    /// `shared`, `no-remote`, `offline` or `stopped`.
    pub outcome: &'static str,
    /// Nothing was done; this is what would be.
    pub dry_run: bool,
    /// Whom it is shared with; none where there is nobody.
    pub remote: Option<RemoteReport>,
    /// The subjects of the commits that hand edits became.
    pub gathered: Vec<String>,
    /// What others did.
    pub came: SharedReport,
    /// What others get.
    pub went: SharedReport,
    /// Files that are still being written, or suddenly empty: the next sync takes them.
    pub waiting: Vec<String>,
    /// What somebody should look at.
    pub notes: Vec<NoteRow>,
    /// What the remote has against the work, line by line.
    pub faults: Vec<String>,
    /// How many commits the remote had lost and has again from here.
    pub given_back: usize,
    /// Why it ended so, where it is not shared.
    pub why: Option<String>,
    /// What to do about that.
    pub hint: Option<String>,
}

/// The other side.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct RemoteReport {
    pub name: String,
    /// Without a password.
    pub url: String,
}

/// What went one way.
#[derive(Debug, Serialize)]
pub struct SharedReport {
    /// How many commits.
    pub commits: usize,
    /// What they change, by file; the first hundred.
    pub changes: Vec<ToldRow>,
    /// How many files more they change.
    pub more: usize,
}

/// A change in one file.
#[derive(Debug, Serialize)]
pub struct ToldRow {
    /// The file, from the notebook's root.
    pub file: String,
    /// `Jane Doe: next 2026-12-03 by phone`.
    pub what: String,
    /// Who did it, where that is one person.
    pub who: Option<String>,
}

/// What a merge could not decide.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct NoteRow {
    pub file: String,
    /// `value`, `prose`, `entry` or `apart`.
    pub kind: &'static str,
    /// Of a value.
    pub key: Option<String>,
    pub kept: Option<String>,
    pub other: Option<String>,
    /// The first line, of prose and of an entry.
    pub line: Option<String>,
    /// Of versions that are apart.
    pub why: Option<String>,
}

impl SyncReport {
    /// Of a sync that was done, or only tried.
    pub fn new(report: &Report, dry_run: bool) -> SyncReport {
        let (outcome, why, hint) = match &report.outcome {
            Outcome::Shared => ("shared", None, None),
            Outcome::NoRemote => ("no-remote", None, None),
            Outcome::Offline { why, hint } => ("offline", Some(why.clone()), hint.clone()),
            Outcome::Stopped { why, hint } => ("stopped", Some(why.clone()), Some(hint.clone())),
        };
        let remote = report.remote.as_ref();
        let shared = |commits: usize, more: usize, told: &[Told]| SharedReport {
            commits,
            more,
            changes: told
                .iter()
                .map(|told| ToldRow {
                    file: told.file.clone(),
                    what: told.what.clone(),
                    who: told.who.clone(),
                })
                .collect(),
        };
        SyncReport {
            outcome,
            dry_run,
            remote: remote.map(|(name, url)| RemoteReport { name: name.clone(), url: url.clone() }),
            gathered: report.gathered.clone(),
            came: shared(report.commits.0, report.more.0, &report.came),
            went: shared(report.commits.1, report.more.1, &report.went),
            waiting: report.waiting.clone(),
            notes: report.notes.iter().map(|(file, note)| NoteRow::new(file, note)).collect(),
            faults: report.faults.clone(),
            given_back: report.given_back,
            why,
            hint,
        }
    }
}

/// `merge-file --format json`.
#[derive(Debug, Serialize)]
pub struct MergeReport {
    /// What somebody should look at.
    pub notes: Vec<NoteRow>,
    /// Where the versions are that could not be joined.
    pub aside: Vec<String>,
}

impl MergeReport {
    /// Of a merge of that file, whose versions aside were kept there.
    pub fn new(file: &str, merged: &Merged, aside: Vec<String>) -> MergeReport {
        MergeReport { notes: merged.notes.iter().map(|note| NoteRow::new(file, note)).collect(), aside }
    }
}

impl NoteRow {
    /// Of a note on that file.
    pub fn new(file: &str, note: &Note) -> NoteRow {
        let row = |kind| NoteRow {
            file: file.to_owned(),
            kind,
            key: None,
            kept: None,
            other: None,
            line: None,
            why: None,
        };
        match note {
            Note::Value { key, kept, other } => NoteRow {
                key: Some(key.clone()),
                kept: Some(kept.clone()),
                other: Some(other.clone()),
                ..row("value")
            },
            Note::Prose { line } => NoteRow { line: Some(line.clone()), ..row("prose") },
            Note::Entry { line } => NoteRow { line: Some(line.clone()), ..row("entry") },
            Note::Apart { why } => NoteRow { why: Some(why.clone()), ..row("apart") },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report() -> Report {
        let told = |what: &str, who: Option<&str>| Told {
            file: "contacts/jane.md".into(),
            what: what.into(),
            who: who.map(str::to_owned),
        };
        Report {
            remote: Some(("origin".into(), "https://git.example/team.git".into())),
            gathered: vec!["Bob: note edited".into()],
            came: vec![told("Jane: stage won", Some("Sam"))],
            went: vec![told("Bob: note edited", None)],
            commits: (3, 1),
            more: (0, 7),
            waiting: vec!["contacts/new.md".into()],
            notes: vec![],
            faults: vec!["contacts/jane.md:3:9: no date".into()],
            given_back: 0,
            outcome: Outcome::Shared,
        }
    }

    #[test]
    fn a_report_as_json() {
        let shape = serde_json::to_value(SyncReport::new(&report(), false)).unwrap();
        assert_eq!(
            shape,
            json!({
                "outcome": "shared",
                "dry_run": false,
                "remote": {"name": "origin", "url": "https://git.example/team.git"},
                "gathered": ["Bob: note edited"],
                "came": {"commits": 3, "changes": [
                    {"file": "contacts/jane.md", "what": "Jane: stage won", "who": "Sam"}], "more": 0},
                "went": {"commits": 1, "changes": [
                    {"file": "contacts/jane.md", "what": "Bob: note edited", "who": null}], "more": 7},
                "waiting": ["contacts/new.md"],
                "notes": [],
                "faults": ["contacts/jane.md:3:9: no date"],
                "given_back": 0,
                "why": null,
                "hint": null,
            })
        );
    }

    #[test]
    fn every_outcome_and_every_note() {
        for (outcome, name, why, hint) in [
            (Outcome::Shared, "shared", None, None),
            (Outcome::NoRemote, "no-remote", None, None),
            (Outcome::Offline { why: "no route".into(), hint: None }, "offline", Some("no route"), None),
            (Outcome::Stopped { why: "a".into(), hint: "b".into() }, "stopped", Some("a"), Some("b")),
        ] {
            let shape = SyncReport::new(&Report { outcome, ..report() }, true);
            assert_eq!(
                (shape.outcome, shape.why.as_deref(), shape.hint.as_deref(), shape.dry_run),
                (name, why, hint, true)
            );
        }
        for (note, expected) in [
            (
                Note::Value { key: "city".into(), kept: "Rome".into(), other: "Paris".into() },
                json!(["value", "city", "Rome", "Paris", null, null]),
            ),
            (Note::Prose { line: "x".into() }, json!(["prose", null, null, null, "x", null])),
            (Note::Entry { line: "x".into() }, json!(["entry", null, null, null, "x", null])),
            (Note::Apart { why: "x".into() }, json!(["apart", null, null, null, null, "x"])),
        ] {
            let row = serde_json::to_value(NoteRow::new("f", &note)).unwrap();
            let of = |key: &str| row[key].clone();
            assert_eq!(
                json!([of("kind"), of("key"), of("kept"), of("other"), of("line"), of("why")]),
                expected
            );
        }
    }
}
