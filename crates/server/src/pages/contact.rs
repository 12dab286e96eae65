//! One contact: what to read before a call, the forms, the log, the notes, and all that the file says.

use std::sync::Arc;

use maud::{Markup, html};
use tickler_core::answer::{Asked as Of, briefs};
use tickler_core::brief::Brief;
use tickler_core::contact::Contact;
use tickler_core::notebook::Parts;
use tickler_core::problem::{Problem, Severity};
use tickler_core::verbs;
use warp::http::StatusCode;

use super::form::Form;
use super::frame::{Place, frame, own};
use super::once::{self, Done};
use super::problem::sentence;
use super::{contact_brief, contact_facts, contact_forms, contact_log, encoded, html as reply, page};
use crate::asked::Asked;
use crate::people::Action;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;

/// The page of a contact.
pub async fn contact(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    page(&server, &asked, &words, |seat, words| show(seat, words.get(1), &Sent::default())).await
}

/// What stands in the way of a form, and where in it.
#[derive(Debug, Clone)]
pub struct Wrong {
    /// The form.
    pub form: &'static str,
    /// Its field; empty where it is the form as a whole.
    pub field: &'static str,
    /// Why, and what to do about it.
    pub refusal: verbs::Refusal,
}

/// A form that was sent and could not be done: all that was typed stays.
#[derive(Default)]
pub struct Sent<'a> {
    /// What it says.
    pub form: Option<&'a Form>,
    /// Why it is shown again.
    pub wrong: Option<&'a Wrong>,
}

impl Sent<'_> {
    /// What was typed into a field of that form; none where another form was sent, or none.
    pub fn typed(&self, form: &str, field: &str) -> Option<&str> {
        self.wrong.filter(|wrong| wrong.form == form)?;
        self.form.map(|sent| sent.raw(field))
    }

    /// Whether a box of that form was ticked.
    pub fn ticked(&self, form: &str, field: &str) -> bool {
        self.typed(form, field).is_some_and(|value| !value.is_empty())
    }

    /// What is wrong with that field.
    pub fn wrong(&self, form: &str, field: &str) -> Option<&verbs::Refusal> {
        self.wrong.filter(|wrong| wrong.form == form && wrong.field == field).map(|wrong| &wrong.refusal)
    }
}

/// What the page of a contact is made from.
pub struct Sheet<'a> {
    /// Who asks.
    pub seat: &'a Seat,
    /// The contact.
    pub contact: Contact,
    /// What to know before a call.
    pub brief: Brief,
    /// The file as it is, where it can be read.
    pub text: Option<String>,
    /// What is wrong in it.
    pub problems: Vec<Problem>,
    /// The address of the page.
    pub address: String,
    /// What tells this page's forms from those of the same page at another time.
    pub once: String,
    /// A form that was sent and could not be done.
    pub sent: &'a Sent<'a>,
}

impl Sheet<'_> {
    /// What each form begins with.
    pub fn fields(&self) -> Markup {
        html! {
            (own(self.seat.session.as_ref()))
            input type="hidden" name=(once::FIELD) value=(self.once);
        }
    }

    /// Whether the visitor may write.
    pub fn may_write(&self) -> bool {
        self.seat.may(Action::Write)
    }

    /// Another address below that of the page.
    pub fn below(&self, name: &str) -> String {
        format!("{}/{name}", self.address)
    }
}

/// The address of a contact's page.
pub fn address(seat: &Seat, id: &str) -> String {
    format!("/{}/contacts/{}", seat.notebook, encoded(id))
}

/// The page again, for a form that could not be done.
pub fn again(seat: &Seat, id: &str, sent: &Sent<'_>, status: StatusCode) -> Result<Reply, Refusal> {
    show(seat, id, sent).map(|page| reply(status, page))
}

/// Gathers what the page of a contact is made from.
///
/// # Errors
/// Where there is no such contact.
pub fn sheet<'a>(seat: &'a Seat, id: &str, sent: &'a Sent<'a>) -> Result<Sheet<'a>, Refusal> {
    let survey = seat.view.tip.survey();
    let index = survey.find(id).ok_or(Refusal::NotFound)?;
    let contact = survey.contact(index, Parts::ALL);
    let of = Of { survey: &survey, me: seat.me.as_deref(), now: seat.server.clock.now() };
    let (briefs, _) = briefs(&of, std::slice::from_ref(&contact), &[index]);
    Ok(Sheet {
        seat,
        brief: briefs.into_iter().next().ok_or(Refusal::NotFound)?,
        text: survey.text(index),
        problems: survey.problems_of(index),
        address: address(seat, id),
        once: crate::sessions::random().map_err(|_| Refusal::Internal)?,
        sent,
        contact,
    })
}

fn show(seat: &Seat, id: &str, sent: &Sent<'_>) -> Result<Markup, Refusal> {
    let sheet = sheet(seat, id, sent)?;
    let main = html! {
        (contact_brief::head(&sheet))
        (done(&sheet))
        (refused(&sheet))
        (contact_brief::warnings(&sheet))
        (trouble(&sheet))
        div.sides {
            section aria-label="Before a call" { (contact_brief::brief(&sheet)) }
            @if sheet.may_write() { section #log aria-labelledby="log-title" { (contact_forms::log(&sheet)) } }
        }
        div.sides {
            div {
                (contact_log::log(&sheet))
                (contact_log::notes(&sheet))
            }
            section aria-label="More to do, and what the file says" {
                @if sheet.may_write() { (contact_forms::others(&sheet)) }
                (contact_facts::facts(&sheet))
            }
        }
    };
    Ok(frame(seat, Place::Contacts, &sheet.contact.name, &main))
}

/// What a form came to that was sent just before, as it was understood.
fn done(sheet: &Sheet<'_>) -> Markup {
    let query: Vec<(String, String)> =
        serde_urlencoded::from_str(&sheet.seat.asked.query).unwrap_or_default();
    let key = query.iter().find(|(name, _)| name == "done").map(|(_, key)| key.as_str());
    let done = key.and_then(|key| sheet.seat.server.forms.find(&mine(sheet.seat, key))).unwrap_or_default();
    let Done { said, cautions } = done;
    html! {
        @if !said.is_empty() {
            div.note role="status" {
                @for line in &said { p { (line) } }
                @for caution in &cautions { p.careful { strong { "Careful: " } (caution) } }
            }
        }
    }
}

/// Why a form cannot be done that has no place of its own on the page, such as the box of a promise.
fn refused(sheet: &Sheet<'_>) -> Markup {
    html! {
        @if let Some(refusal) = sheet.sent.wrong("kept", "") {
            p.note.caution role="alert" { (sentence(&refusal.message)) " This is how it stands now." }
        }
    }
}

/// The name under which a form of this visitor's is remembered: nobody else gets to see what it came to.
pub fn mine(seat: &Seat, key: &str) -> String {
    format!("{}/{}/{key}", seat.visitor.user, seat.notebook)
}

/// What is wrong in the file, and what a merge left to settle.
fn trouble(sheet: &Sheet<'_>) -> Markup {
    let Contact { head, quoted, .. } = &sheet.contact;
    let edit = |words: &str| {
        html! { @if sheet.may_write() { " " a href=(sheet.below("edit")) { (words) } } }
    };
    let errors = sheet.problems.iter().any(|problem| problem.severity == Severity::Error);
    html! {
        @if !head.conflicts.is_empty() || *quoted > 0 {
            div.note.caution {
                p { strong { "Two versions met here." } " Both are kept, and somebody has to choose." (edit("Settle it in the text")) }
                ul {
                    @for conflict in &head.conflicts {
                        li { code { (conflict.key) } ": the other version is “" (conflict.other) "”" }
                    }
                    @if *quoted > 0 {
                        li { (super::words::count(*quoted as usize, "passage", "passages")) " of the text, quoted where it stands" }
                    }
                }
            }
        }
        @if !sheet.problems.is_empty() {
            details.note.caution[!errors].late[errors] open[errors] {
                summary { (super::words::count(sheet.problems.len(), "thing in the file needs a look", "things in the file need a look")) }
                (problems(&sheet.problems))
                p { (edit("Mend it in the text")) }
            }
        }
    }
}

/// What is wrong in a text, each with its place.
pub fn problems(problems: &[Problem]) -> Markup {
    html! {
        ul.problems {
            @for problem in problems {
                li {
                    @if problem.at.line > 0 {
                        span.place { "Line " (problem.at.line) ", column " (problem.at.column) ": " }
                    }
                    (sentence(&problem.message))
                    @if let Some(hint) = problem.hint.as_deref().and_then(contact_forms::hint) { " " span.dim { (hint) } }
                }
            }
        }
    }
}
