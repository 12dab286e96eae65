//! A contact's text as a whole: put in place of the one that is there, joined with what came between, made anew,
//! removed; each only where the version is the one that was meant.

use tickler_core::describe::describe;
use tickler_core::file;
use tickler_core::notebook::{FileProblem, Survey};
use tickler_core::problem::Severity;
use tickler_core::verbs::{self, Desk, Edited, New, Planned};
use tickler_core::wire::NoteRow;

use super::deed::no;
use super::problem::{Kind, Problem};
use super::versions::{self, Wanted};
use crate::reply::Refusal;

/// What is planned, and what a merge could not decide.
pub type Judged = Result<(Planned, Vec<NoteRow>), Refusal>;

/// A text that is to be put.
#[derive(Debug)]
pub struct Put {
    /// Of which contact.
    pub id: String,
    /// The text.
    pub text: String,
    /// Of which versions the contact may be.
    pub wanted: Wanted,
    /// The bytes of the version that the text was made of, where they are known.
    pub base: Option<Vec<u8>>,
    /// Whether it is to be joined with what came between.
    pub merges: bool,
}

/// Puts a text in place of the one that is there.
///
/// # Errors
/// Where the contact is of another version and not to be joined, or would be broken.
pub fn planned(put: &Put, survey: &Survey<'_>, desk: &Desk<'_>) -> Judged {
    let index = survey.called(&put.id).ok_or(Refusal::NotFound)?;
    let there = survey.text(index).ok_or_else(|| {
        let error = survey.problems_of(index).into_iter().find(|one| one.severity == Severity::Error);
        no(verbs::Refusal::broken(&survey.path(index), error))
    })?;
    let version = version(survey, index)?;
    if put.wanted.has(&version) {
        return joined(survey, index, there.as_bytes(), &put.text, desk);
    }
    match &put.base {
        Some(base) if put.merges => joined(survey, index, base, &put.text, desk),
        None if put.merges => {
            let unknown = "the version in `If-Match` is not known here";
            Err(versions::stale(&put.id, &version, Some(unknown)))
        }
        base => {
            let what = since(base.as_deref(), &there, &put.id, desk);
            Err(versions::stale(&put.id, &version, what.as_deref()))
        }
    }
}

/// Puts a text that was made of `base` in place of the one that is there, which may be another by now. Who writes by a
/// program looks at nothing before it is kept, so no new error is taken, where a page would ask.
fn joined(survey: &Survey<'_>, index: usize, base: &[u8], text: &str, desk: &Desk<'_>) -> Judged {
    let path = survey.path(index);
    let edited = verbs::edited(&path, &survey.id(index), survey.text(index).as_deref(), text, desk);
    if edited.has_new_errors {
        return Err(broken(&path, edited));
    }
    let put = verbs::put(survey, index, base, text, desk).map_err(no)?;
    Ok((put.planned, put.notes.iter().map(|note| NoteRow::new(&path, note)).collect()))
}

/// A contact that is not there yet, with that text.
///
/// # Errors
/// Where it is there, the id makes no file name, or the text is broken.
pub fn made(id: &str, text: &str, survey: &Survey<'_>, desk: &Desk<'_>) -> Judged {
    if let Some(index) = survey.find(id) {
        return Err(versions::stale(id, &version(survey, index)?, Some("it is there already")));
    }
    // As a new contact of that id would be made, but for the text: so it is known where it goes, and that nobody has
    // the id under another name.
    let new = New { name: id.to_owned(), id: Some(id.to_owned()), force: true, ..New::default() };
    let planned = verbs::new(survey, &new, &Desk { me: None, ..*desk }).map_err(no)?;
    let file = planned.deed.changes.first().map(|change| change.file.clone()).ok_or(Refusal::Internal)?;
    let edited = verbs::edited(&file, id, None, text, desk);
    if edited.problems.iter().any(|problem| problem.severity == Severity::Error) {
        return Err(broken(&file, edited));
    }
    let mut planned = edited.planned;
    let name = planned.contact.as_ref().map_or(id, |contact| &contact.name).to_owned();
    planned.said = format!("{name} is {file}");
    planned.deed.verb = "new".to_owned();
    planned.deed.subject = format!("new {name}");
    Ok((planned, Vec::new()))
}

/// The contact goes.
///
/// # Errors
/// Where it is of another version, or is no text.
pub fn removed(id: &str, wanted: &Wanted, survey: &Survey<'_>, desk: &Desk<'_>) -> Judged {
    let index = survey.called(id).ok_or(Refusal::NotFound)?;
    let version = version(survey, index)?;
    if !wanted.has(&version) {
        return Err(versions::stale(id, &version, None));
    }
    Ok((verbs::rm(survey, index, desk).map_err(no)?, Vec::new()))
}

/// What happened to a contact since the version that is asked about, in one line; nothing where that is not known.
fn since(base: Option<&[u8]>, there: &str, stem: &str, desk: &Desk<'_>) -> Option<String> {
    let base = std::str::from_utf8(base?).ok()?;
    let of = |text: &str| file::parse(text, stem, desk.settings).contact;
    Some(describe(Some(&of(base)), Some(&of(there)))).filter(|line| !line.is_empty())
}

fn version(survey: &Survey<'_>, index: usize) -> Result<String, Refusal> {
    survey.version(index).map(versions::of_file).ok_or(Refusal::Internal)
}

/// Refuses a text with errors that were not there before.
fn broken(file: &str, edited: Edited) -> Refusal {
    let errors = edited.problems.into_iter().filter(|problem| problem.severity == Severity::Error);
    let problems = errors.map(|problem| FileProblem { file: file.to_owned(), problem }.into()).collect();
    let problem = Problem::new(Kind::Broken, "with this text the contact could not be read as it is meant");
    Problem { problems, ..problem.hint("mend it and send it again; what is there is as it was") }.into()
}
