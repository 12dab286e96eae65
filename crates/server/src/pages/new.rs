//! A new contact: a name is enough, and somebody who is there already is pointed out.

use std::sync::Arc;

use maud::{Markup, html as markup};
use tickler_core::contact::Channel;
use tickler_core::english::{self, Lean};
use tickler_core::settings::StageGroup;
use tickler_core::verbs::{self, Alike, Desk, New, Plan};
use warp::http::StatusCode;

use super::contacts::address_of;
use super::form::Form;
use super::frame::{Place, frame, own};
use super::problem::sentence;
use super::{html, moved, sent, words};
use crate::asked::{Asked, Body};
use crate::people::Action;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;
use crate::writing::{Via, write};

/// Why a form comes back.
#[derive(Default)]
struct Wrong {
    /// The field that it is about; none for the whole.
    field: &'static str,
    message: String,
    hint: Option<String>,
    /// Those who may be the same.
    alike: Vec<Alike>,
}

/// The empty form, or one with a name in it.
pub async fn new(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_page(&server, &asked, words.get(0)).await?;
    seat.must(Action::Write)?;
    let given: Vec<(String, String)> = serde_urlencoded::from_str(&asked.query).unwrap_or_default();
    let form = Form::of(given);
    seat.answer(move |seat| Ok(html(StatusCode::OK, page(seat, &form, None)))).await
}

/// The form was sent.
pub async fn add(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    let (seat, form) = sent(&server, &asked, &words, body).await?;
    seat.must(Action::Write)?;
    let form = Arc::new(form);
    if let Err(wrong) = read(&form, &seat.desk()) {
        return again(seat, form, wrong).await;
    }
    let (filled, uid) = (Arc::clone(&form), uuid::Uuid::new_v4().to_string());
    let done = write(&server, &asked, &seat.visitor, &seat.notebook, Via::Web, move |survey, desk| {
        let new = read(&filled, desk).map_err(|wrong| verbs::Refusal::usage(wrong.message))?;
        verbs::new(survey, &New { uid: uid.clone(), ..new }, desk)
    });
    match done.await {
        Ok(written) => {
            let id = written.planned.contact.map(|contact| contact.id);
            Ok(moved(&address_of(&seat, id.as_ref().map_or("", |id| id.as_str()))))
        }
        Err(Refusal::Deed(refusal)) => again(seat, form, Wrong::of(*refusal)).await,
        Err(other) => Err(other),
    }
}

/// The form as it was filled in, with what is wrong.
async fn again(seat: Seat, form: Arc<Form>, mut wrong: Wrong) -> Result<Reply, Refusal> {
    seat.answer(move |seat| {
        if let Ok(new) = read(&form, &seat.desk())
            && !new.force
        {
            wrong.alike = verbs::alike(&seat.view.tip.survey(), &new);
        }
        let status =
            if wrong.alike.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
        Ok(html(status, page(seat, &form, Some(&wrong))))
    })
    .await
}

impl Wrong {
    fn of(refusal: verbs::Refusal) -> Wrong {
        // What to type on a command line is of no use here.
        let hint = refusal.hint.filter(|hint| !hint.contains("`-") && !hint.contains("`tickler"));
        Wrong { message: refusal.message, hint, ..Wrong::default() }
    }
}

/// What the form says.
fn read(form: &Form, desk: &Desk<'_>) -> Result<New, Wrong> {
    let wrong = |field, message: &str| Wrong { field, message: message.to_owned(), ..Wrong::default() };
    let text = |name: &str| form.said(name).map(str::to_owned);
    let list = |name: &str| -> Vec<String> {
        let parts = form.get(name).split([',', ';', '\n']).map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    let name = text("name").ok_or_else(|| wrong("name", "a name is needed"))?;
    let next = match text("next") {
        None if form.said("why").is_some() => return Err(wrong("next", "a next step needs a day")),
        None => None,
        Some(when) => {
            let on = english::read(&when, Lean::Future, &desk.now()).map_err(|misread| Wrong {
                hint: Some(misread.advice().to_owned()),
                ..wrong("next", &misread.message)
            })?;
            Some(Plan {
                on,
                via: text("via").map(|via| Channel::from_name(&via)),
                why: text("why"),
                asked: false,
                promised: false,
            })
        }
    };
    Ok(New {
        name,
        id: None,
        company: text("company"),
        email: list("email"),
        phone: list("phone"),
        tags: list("tags"),
        owner: text("owner"),
        stage: text("stage"),
        source: text("source"),
        referred_by: None,
        met: text("met"),
        next,
        uid: String::new(),
        force: form.has("force"),
    })
}

fn page(seat: &Seat, form: &Form, wrong: Option<&Wrong>) -> Markup {
    let survey = seat.view.tip.survey();
    let main = markup! {
        h1 { "New contact" }
        @if survey.is_empty() { p.lead { "The first one. A name is enough; the rest can come later." } }
        form.new method="post" action=(format!("/{}/new", seat.notebook)) data-still[wrong.is_some()] {
            (own(seat.session.as_ref()))
            @if let Some(wrong) = wrong.filter(|wrong| wrong.field.is_empty()) { (told(seat, wrong)) }
            (field(wrong, "name", "Name", "", markup! { input #name name="name" required autocomplete="off" autocapitalize="words" value=(form.raw("name")) autofocus[wrong.is_none()] aria-invalid=[is_wrong(wrong, "name")] aria-describedby=[described(wrong, "name")]; }))
            (plain(form, "company", "Company", "text"))
            div.fields {
                (plain(form, "email", "Email", "text"))
                (plain(form, "phone", "Phone", "tel"))
            }
            (plain(form, "met", "How you met", "text"))
            fieldset {
                legend.hidden { "Next step" }
                div.fields {
                    (field(wrong, "next", "Next step on", "fri, in 2 weeks", markup! { input #next name="next" data-date autocomplete="off" value=(form.raw("next")) aria-invalid=[is_wrong(wrong, "next")] aria-describedby=[described(wrong, "next")]; }))
                    div { label for="via" { "By" } (channels(seat, form)) }
                }
                (plain(form, "why", "Why", "text"))
            }
            details.more open[["tags", "source", "stage"].iter().any(|name| form.said(name).is_some())] {
                summary { "Tags, stage, owner, source" }
                (field(None, "tags", "Tags", "with commas between them", markup! { input #tags name="tags" autocomplete="off" autocapitalize="off" value=(form.raw("tags")); }))
                div.fields {
                    div { label for="stage" { "Stage" } (stages(seat, form)) }
                    @if !seat.settings().team.is_empty() { div { label for="owner" { "Owner" } (owners(seat, form)) } }
                }
                (plain(form, "source", "Where they came from", "text"))
            }
            button type="submit" { "Add contact" }
        }
    };
    frame(seat, Place::Contacts, "New contact", &main)
}

/// Why the form comes back, above it.
fn told(seat: &Seat, wrong: &Wrong) -> Markup {
    markup! {
        div.note.caution role="alert" {
            @if wrong.alike.is_empty() {
                p { (words::coded(&sentence(&wrong.message))) }
                @if let Some(hint) = &wrong.hint { p { (words::coded(&sentence(hint))) } }
            } @else {
                p { strong { "Is it one of these?" } " Nothing was added yet." }
                ul.plain { @for other in wrong.alike.iter().take(10) {
                    li { a.name href=(address_of(seat, &other.id)) { (other.name) } " " span.dim { (other.why) } }
                } }
                label.tick { input type="checkbox" name="force" value="1"; "No, it is somebody else" }
            }
        }
    }
}

/// A field with its label, what it takes, and what is wrong with what it holds.
fn field(wrong: Option<&Wrong>, name: &str, label: &str, hint: &str, input: Markup) -> Markup {
    markup! {
        div {
            label for=(name) { (label) @if !hint.is_empty() { " " span.dim { (hint) } } }
            (input)
            @if let Some(wrong) = wrong.filter(|wrong| wrong.field == name) {
                p.wrong id=(format!("wrong-{name}")) role="alert" {
                    (words::coded(&sentence(&wrong.message)))
                    @if let Some(hint) = &wrong.hint { " " (words::coded(&sentence(hint))) }
                }
            }
        }
    }
}

fn plain(form: &Form, name: &str, label: &str, kind: &str) -> Markup {
    field(
        None,
        name,
        label,
        "",
        markup! { input id=(name) name=(name) type=(kind) autocomplete="off" value=(form.raw(name)); },
    )
}

fn is_wrong(wrong: Option<&Wrong>, name: &str) -> Option<&'static str> {
    wrong.filter(|wrong| wrong.field == name).map(|_| "true")
}

fn described(wrong: Option<&Wrong>, name: &str) -> Option<String> {
    wrong.filter(|wrong| wrong.field == name).map(|_| format!("wrong-{name}"))
}

fn channels(seat: &Seat, form: &Form) -> Markup {
    markup! {
        select #via name="via" {
            option value="" { "any way" }
            @for channel in seat.settings().channel_names().filter(|name| Channel::from_name(name).is_touch()) {
                option value=(channel) selected[form.get("via") == channel] { (channel) }
            }
        }
    }
}

fn stages(seat: &Seat, form: &Form) -> Markup {
    let stages = &seat.settings().stages;
    markup! {
        select #stage name="stage" {
            option value="" { (seat.settings().stage_of(None)) }
            @for stage in stages.all().skip(1).filter(|stage| stages.group(stage) != StageGroup::Stopped) {
                option value=(stage) selected[form.get("stage") == stage] { (stage) }
            }
        }
    }
}

fn owners(seat: &Seat, form: &Form) -> Markup {
    let team = &seat.settings().team;
    let me = team.iter().find(|member| seat.me.as_ref() == Some(&member.handle));
    markup! {
        select #owner name="owner" {
            option value="" { @match me { Some(me) => (me.name.as_deref().unwrap_or(&me.handle)), None => "Nobody yet" } }
            @for member in team.iter().filter(|member| me.is_none_or(|me| me.handle != member.handle)) {
                option value=(member.handle) selected[form.get("owner") == member.handle] { (member.name.as_deref().unwrap_or(&member.handle)) }
            }
        }
    }
}
