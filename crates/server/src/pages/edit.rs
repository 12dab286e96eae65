//! The text of a contact's file, to be edited as it is. Where somebody changed the file meanwhile, both changes are
//! joined, and what could not be decided is shown before anything is saved: nobody's work is lost.

use std::sync::{Arc, Mutex, PoisonError};

use maud::{Markup, html};
use tickler_core::git::Store;
use tickler_core::merge::Note;
use tickler_core::merge::files::BlobId;
use tickler_core::notebook::Survey;
use tickler_core::verbs::{self, Desk, Put, in_line_ends_of, put};

use super::contact::{self, address, mine};
use super::form::Form;
use super::frame::{Place, frame, own};
use super::once;
use super::problem::sentence;
use super::{contact_forms, deeds, history, html as reply, moved, page, present_id, sent};
use crate::asked::{Asked, Body};
use crate::people::Action;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::{Seat, blocking};
use crate::server::Server;
use crate::writing::{Via, write};

/// The text as it is, in a form.
pub async fn edit(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    page(&server, &asked, &words, |seat, words| {
        seat.must(Action::Write)?;
        let survey = seat.view.tip.survey();
        let index = survey.find(words.get(1)).ok_or(Refusal::NotFound)?;
        let text = survey.text(index).ok_or(Refusal::Bad("this file is no text, so no page can show it"))?;
        let base = survey.version(index).map(BlobId::hex).unwrap_or_default();
        show(seat, words.get(1), &Draft { text, base, ..Draft::default() })
    })
    .await
}

/// A text was sent.
pub async fn save_text(
    server: Arc<Server>,
    asked: Asked,
    words: Words,
    body: Body,
) -> Result<Reply, Refusal> {
    let (seat, form) = sent(&server, &asked, &words, body).await?;
    seat.must(Action::Write)?;
    let id = present_id(&seat, &words);
    let key = once::key(&[&asked.path, form.get(once::FIELD), &form.print()]);
    let base = base(&seat, form.get("base").to_owned()).await?;
    let text = in_line_ends_of(form.raw("text"), &base);
    let look: Arc<Mutex<Option<(Put, String)>>> = Arc::default();
    let (of, given, seen) = (id.clone(), text.clone(), Arc::clone(&look));
    let takes_errors = form.has("anyway");
    let plan = move |survey: &Survey<'_>, desk: &Desk<'_>| {
        let index = survey.called(&of).ok_or_else(deeds::gone)?;
        let put = put(survey, index, base.as_bytes(), &given, desk)?;
        // A version that is kept as a whole beside the file waits there for whoever looks, so that may be saved.
        let is_undecided = !put.notes.is_empty() && put.aside.is_empty();
        if is_undecided || (put.has_new_errors && !takes_errors) {
            let version = survey.version(index).map(BlobId::hex).unwrap_or_default();
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((put, version));
            return Err(verbs::Refusal::no("somebody has to look at this before it is saved"));
        }
        *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some((put.clone(), String::new()));
        Ok(put.planned)
    };
    let told = Arc::clone(&look);
    let work = async {
        let written = write(&server, &asked, &seat.visitor, &seat.notebook, Via::Web, plan).await?;
        let mut done = deeds::told(&written);
        let put = told.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((put, _)) = put.filter(|(put, _)| put.is_merged) {
            done.said
                .push("Somebody else had changed this meanwhile; both changes are in it now.".to_owned());
            for file in put.aside {
                done.cautions.push(format!(
                    "The two could not be joined in all; the other version is kept as “{file}”."
                ));
            }
        }
        Ok(done)
    };
    let outcome = server.forms.run(&mine(&seat, &key), work).await;
    let refusal = match outcome {
        Ok(_) => return Ok(moved(&format!("{}?done={key}", address(&seat, &id)))),
        Err(Refusal::Deed(refusal)) => *refusal,
        Err(other) => return Err(other),
    };
    let look = look.lock().unwrap_or_else(PoisonError::into_inner).take();
    let status = Refusal::Deed(Box::new(refusal.clone())).status();
    seat.answer(move |seat| {
        let draft = match look {
            Some((put, version)) => Draft::of(seat, &id, put, version),
            None => Draft::refused(form, text, refusal),
        };
        show(seat, &id, &draft).map(|page| reply(status, page))
    })
    .await
}

/// The text that the form was made from. Whoever shows a version that is not there gets no merge out of nothing.
async fn base(seat: &Seat, version: String) -> Result<String, Refusal> {
    const OLD: Refusal =
        Refusal::Bad("this form is too old; copy your text, load the page again, and send it once more");
    let path = seat.server.data.repository(&seat.notebook);
    let id = blob(&version).ok_or(OLD)?;
    blocking(move || {
        let failed = |error| {
            tracing::error!(%error, "the repository cannot be read");
            Refusal::Internal
        };
        let bytes = Store::bare(&path).map_err(failed)?.blob(id).map_err(|_| OLD)?;
        String::from_utf8(bytes).map_err(|_| OLD)
    })
    .await
}

/// git's id of a version, from its 40 hexadecimal digits.
fn blob(digits: &str) -> Option<BlobId> {
    let bytes = data_encoding::HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?;
    bytes.try_into().ok().map(BlobId)
}

/// What the form shows.
#[derive(Default)]
struct Draft {
    text: String,
    /// git's id of the version that the text is made from.
    base: String,
    /// Who changed the file meanwhile; none where nobody did.
    by: Option<String>,
    /// What the merge could not decide.
    notes: Vec<Note>,
    /// What is wrong in the text, where that is to be looked at.
    problems: Vec<tickler_core::problem::Problem>,
    refusal: Option<verbs::Refusal>,
}

impl Draft {
    /// What a merge made, or a text with mistakes, which somebody has to look at first.
    fn of(seat: &Seat, id: &str, put: Put, base: String) -> Draft {
        let by = put.is_merged.then(|| history::last(seat, id));
        let problems = if put.has_new_errors { put.problems } else { Vec::new() };
        Draft { text: put.text, base, by, notes: put.notes, problems, refusal: None }
    }

    fn refused(form: Form, text: String, refusal: verbs::Refusal) -> Draft {
        Draft { text, base: form.get("base").to_owned(), refusal: Some(refusal), ..Draft::default() }
    }
}

fn show(seat: &Seat, id: &str, draft: &Draft) -> Result<Markup, Refusal> {
    let survey = seat.view.tip.survey();
    // Where they are gone meanwhile, the text must not be.
    let name = survey.find(id).map_or_else(
        || id.to_owned(),
        |index| survey.contact(index, tickler_core::notebook::Parts::HEAD).name,
    );
    let is_wrong = draft.refusal.is_some() || !draft.problems.is_empty();
    let needs_look = is_wrong || draft.by.is_some();
    let back = address(seat, id);
    let main = html! {
        p { a href=(back) { "← " (name) } }
        h1 { "The text of " (name) }
        (joined(draft))
        (refused(draft))
        (mistakes(draft))
        form method="post" action=(format!("{back}/edit")) {
            (own(seat.session.as_ref()))
            input type="hidden" name=(once::FIELD) value=(crate::sessions::random().map_err(|_| Refusal::Internal)?);
            input type="hidden" name="base" value=(draft.base);
            label.hidden for="text" { "The text" }
            // The first line end behind the tag is not of the text.
            textarea.text #text name="text" spellcheck="false" rows="24" autofocus[needs_look]
                aria-describedby=(if needs_look { "look how" } else { "how" }) aria-invalid=[is_wrong.then_some("true")] {
                "\n" (draft.text)
            }
            p.hint #how {
                "Facts stand between the two lines " code { "+++" } ", notes below, and the log as a list under "
                code { "## Log" } "."
            }
            div.buttons {
                button type="submit" { "Save" }
                @if !draft.problems.is_empty() {
                    button.second type="submit" name="anyway" value="yes" { "Save it with these mistakes" }
                }
                a.button.second href=(back) { "Leave it as it was" }
            }
        }
    };
    Ok(frame(seat, Place::Contacts, &format!("The text of {name}"), &main))
}

/// What was joined, and what stands side by side now.
fn joined(draft: &Draft) -> Markup {
    html! {
        @if let Some(by) = &draft.by {
            div.note.caution #look role="alert" {
                p { strong { (by) " changed this meanwhile." } " Both changes are in the text below; it is not saved yet." }
                @if !draft.notes.is_empty() {
                    p { "Please look at these, choose, and save again:" }
                    ul { @for note in &draft.notes { li { (said(note)) } } }
                }
            }
        }
    }
}

/// What a merge could not decide, in words.
fn said(note: &Note) -> Markup {
    html! {
        @match note {
            Note::Value { key, kept, other } => {
                code { (key) } ": “" (kept) "” stands, and “" (other) "” is kept below " code { "[[conflict]]" }
            },
            Note::Prose { line } => { "The same lines of the notes: one version stands, the other follows as a quote, from “" (line) "”" },
            Note::Entry { line } => { "One entry of the log was changed twice; both stand: “" (line) "”" },
            Note::Apart { why } => { "The two could not be joined: " (why) },
        }
    }
}

fn refused(draft: &Draft) -> Markup {
    html! {
        @if let Some(refusal) = &draft.refusal {
            div.note.late #look role="alert" {
                p { strong { (sentence(&refusal.message)) } " Your text is still below, and nothing was changed." }
                @if !refusal.details.is_empty() { ul { @for line in &refusal.details { li { (place(line)) } } } }
                @if let Some(hint) = refusal.hint.as_deref().and_then(contact_forms::hint) { p.hint { (hint) } }
            }
        }
    }
}

/// `3:8: message` in words.
fn place(line: &str) -> String {
    let mut parts = line.splitn(3, ':');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(line), Some(column), Some(message))
            if line.parse::<u32>().is_ok() && column.parse::<u32>().is_ok() =>
        {
            format!("Line {line}, column {column}: {}", sentence(message.trim()))
        }
        _ => line.to_owned(),
    }
}

fn mistakes(draft: &Draft) -> Markup {
    html! {
        @if !draft.problems.is_empty() {
            div.note.late id=[draft.by.is_none().then_some("look")] role="alert" {
                p { strong { "There are mistakes in the text." } " It can be saved with them, but what is wrong would not count." }
                (contact::problems(&draft.problems))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_forty_digits() {
        for (digits, is_one) in [
            ("0123456789abcdef0123456789abcdef01234567", true),
            ("0123456789ABCDEF0123456789abcdef01234567", true),
            ("0123456789abcdef0123456789abcdef0123456", false),
            ("", false),
            ("../../../../../../../../../../etc/passwd", false),
        ] {
            assert_eq!(blob(digits).is_some(), is_one, "{digits}");
        }
    }

    #[test]
    fn places_are_said_in_words() {
        assert_eq!(place("3:8: no value"), "Line 3, column 8: No value.");
        assert_eq!(place("what: ever"), "what: ever");
    }
}
