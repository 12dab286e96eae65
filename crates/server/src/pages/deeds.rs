//! What the forms of a contact's page do: each is read, done once by the core's `verbs`, and answered with the page,
//! which says what was understood. What cannot be done shows the form again with all that was typed.

use std::sync::Arc;

use tickler_core::contact::{Channel, Promiser};
use tickler_core::date::{Date, When};
use tickler_core::english::{self, Lean};
use tickler_core::follow_up::{Kind, Obligation, assess};
use tickler_core::notebook::Survey;
use tickler_core::settings::StageGroup;
use tickler_core::verbs::{self, Alteration, Desk, Draft, Plan, Planned, Promised, Until};
use warp::http::StatusCode;

use super::contact::{Sent, Wrong, address, again, mine};
use super::form::Form;
use super::markdown::plain;
use super::once::{self, Done};
use super::problem::sentence;
use super::{moved, present_id, sent, touch};
use crate::asked::{Asked, Body};
use crate::people::Action;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;
use crate::writing::{Via, Written, write};

/// A form: what it is called, what must be right in it before anything is done, and what it does.
#[derive(Clone, Copy)]
pub struct Deed {
    /// Its name, by which the page finds its fields again.
    pub form: &'static str,
    /// Who may send it.
    pub action: Action,
    /// What is wrong in it as it was typed.
    pub check: fn(&Form, &Desk<'_>) -> Result<(), Wrong>,
    /// What it does. May be asked more than once.
    pub plan: fn(&Form, &Survey<'_>, usize, &Desk<'_>) -> Result<Planned, verbs::Refusal>,
}

const LOG: Deed = Deed {
    form: "log",
    action: Action::Write,
    check: |form, desk| touch::read(form, desk).map(drop),
    plan: |form, survey, index, desk| {
        let log = touch::read(form, desk).map_err(|wrong| wrong.refusal)?;
        let mut planned = verbs::log(Draft::read(survey, index)?, &log, desk)?;
        if let Some(contact) = &planned.contact
            && contact.log.iter().any(|entry| entry.date == log.date && entry.is_out_touch())
        {
            planned.cautions.extend(verbs::colleagues(survey, contact, log.date, log.who.as_deref(), desk));
        }
        // What was made of their days is said back, as all days are.
        for promise in &log.promises {
            let who = if promise.who == Promiser::Them { "they promise" } else { "we promise" };
            let by = promise.by.map(|date| english::shown(&When { date, time: None }));
            let by = by.map(|by| format!(" by {by}")).unwrap_or_default();
            planned.said.push_str(&format!("; {who}: {}{by}", promise.text));
        }
        Ok(planned)
    },
};

const NEXT: Deed = Deed {
    form: "next",
    action: Action::Write,
    check: |form, desk| next(form, desk).map(drop),
    plan: |form, survey, index, desk| {
        let draft = Draft::read(survey, index)?;
        match next(form, desk).map_err(|wrong| wrong.refusal)? {
            Next::Plan(plan) => verbs::next(draft, &plan, desk),
            Next::Move(when) => verbs::snooze(draft, &Until::When(when), desk),
            Next::Clear => verbs::clear_next(draft, desk),
        }
    },
};

const PROMISE: Deed = Deed {
    form: "promises",
    action: Action::Write,
    check: |form, desk| promised(form, desk).map(drop),
    plan: |form, survey, index, desk| {
        let promise = promised(form, desk).map_err(|wrong| wrong.refusal)?;
        verbs::promise(Draft::read(survey, index)?, promise, desk)
    },
};

const KEPT: Deed = Deed {
    form: "kept",
    action: Action::Write,
    check: |_, _| Ok(()),
    plan: |form, survey, index, desk| {
        let draft = Draft::read(survey, index)?;
        let open = verbs::open_promises(&draft.contact().promises);
        let (number, text) = (form.get("number").parse::<usize>().unwrap_or(0), form.get("promise"));
        let is_it = |at: usize| open.get(at).is_some_and(|promise| promise.text.trim() == text);
        // Somebody may have changed the file since the page was shown, so that the number is another one's.
        let at =
            number.checked_sub(1).filter(|at| is_it(*at)).or_else(|| (0..open.len()).find(|at| is_it(*at)));
        let at = at.ok_or_else(|| verbs::Refusal::no("that promise is not open any more"))?;
        verbs::kept(draft, Some(at + 1), desk)
    },
};

const STAGE: Deed = Deed {
    form: "stage",
    action: Action::Write,
    check: |_, _| Ok(()),
    plan: |form, survey, index, desk| {
        Alteration::stage(form.get("stage"), desk)?.one(Draft::read(survey, index)?, desk)
    },
};

const OWNER: Deed = Deed {
    form: "owner",
    action: Action::Write,
    check: |_, _| Ok(()),
    plan: |form, survey, index, desk| {
        Alteration::assign(form.said("owner"), desk)?.one(Draft::read(survey, index)?, desk)
    },
};

const STOP: Deed = Deed {
    form: "stop",
    action: Action::Write,
    check: |_, _| Ok(()),
    plan: |form, survey, index, desk| {
        let via = form.said("via").map(Channel::from_name);
        verbs::stop(Draft::read(survey, index)?, form.get("why"), via.as_ref(), desk)
    },
};

/// A touch was logged.
pub async fn log(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    carry_out(server, asked, words, body, LOG).await
}

/// The next step was planned, moved or dropped.
pub async fn next_step(
    server: Arc<Server>,
    asked: Asked,
    words: Words,
    body: Body,
) -> Result<Reply, Refusal> {
    carry_out(server, asked, words, body, NEXT).await
}

/// A promise was noted.
pub async fn promise(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    carry_out(server, asked, words, body, PROMISE).await
}

/// A promise was kept.
pub async fn kept(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    carry_out(server, asked, words, body, KEPT).await
}

/// Another stage was chosen.
pub async fn stage(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    carry_out(server, asked, words, body, STAGE).await
}

/// Another owner was chosen.
pub async fn owner(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    carry_out(server, asked, words, body, OWNER).await
}

/// They asked us to stop.
pub async fn stop(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    carry_out(server, asked, words, body, STOP).await
}

async fn carry_out(
    server: Arc<Server>,
    asked: Asked,
    words: Words,
    body: Body,
    deed: Deed,
) -> Result<Reply, Refusal> {
    let (seat, form) = sent(&server, &asked, &words, body).await?;
    seat.must(deed.action)?;
    let (id, form) = (present_id(&seat, &words), Arc::new(form));
    let key = once::key(&[&asked.path, form.get(once::FIELD), &form.print()]);
    let name = mine(&seat, &key);
    if server.forms.find(&name).is_none()
        && let Err(wrong) = (deed.check)(&form, &seat.desk())
    {
        return shown_again(seat, id, form, wrong).await;
    }
    let (of, given) = (id.clone(), Arc::clone(&form));
    let work = async {
        let plan = move |survey: &Survey<'_>, desk: &Desk<'_>| {
            let index = survey.called(&of).ok_or_else(gone)?;
            (deed.plan)(&given, survey, index, desk)
        };
        let written = write(&server, &asked, &seat.visitor, &seat.notebook, Via::Web, plan).await?;
        Ok(told(&written))
    };
    match server.forms.run(&name, work).await {
        Ok(_) if form.get("back") == "pipeline" => Ok(moved(&format!("/{}/pipeline", seat.notebook))),
        Ok(_) => Ok(moved(&format!("{}?done={key}", address(&seat, &id)))),
        Err(Refusal::Deed(refusal)) => {
            let wrong = Wrong { form: deed.form, field: "", refusal: *refusal };
            shown_again(seat, id, form, wrong).await
        }
        Err(other) => Err(other),
    }
}

/// The page with the form as it was sent, and why it could not be done.
async fn shown_again(seat: Seat, id: String, form: Arc<Form>, wrong: Wrong) -> Result<Reply, Refusal> {
    let status = Refusal::Deed(Box::new(wrong.refusal.clone())).status();
    // A form without fields of its own, such as the box of a promise, is answered by what the notebook is now.
    let status = if status.is_client_error() { status } else { StatusCode::CONFLICT };
    seat.answer(move |seat| again(seat, &id, &Sent { form: Some(&form), wrong: Some(&wrong) }, status)).await
}

/// What to say where the contact is not there any more.
pub fn gone() -> verbs::Refusal {
    verbs::Refusal::no("this contact is not in the notebook any more")
}

/// What was done, and what follow-up comes of it, in sentences.
pub fn told(written: &Written) -> Done {
    let Planned { said, cautions, contact, .. } = &written.planned;
    let mut lines = vec![sentence(&plain(said))];
    if written.commit.is_none() {
        lines = vec!["Nothing had to be changed: it was so already.".to_owned()];
    }
    let (settings, today) = (written.view.tip.notebook().settings(), written.view.tip.today());
    if let Some(contact) = contact {
        let assessment = assess(contact, settings, today);
        let first = assessment.follow_up();
        let plan = assessment.obligations.iter().find(|one| one.kind == Kind::Next).filter(|_| {
            // Where the plan is what comes first, it is told as that.
            first.is_some_and(|first| first.kind != Kind::Next)
        });
        match (first, plan) {
            (Some(first), Some(plan)) => lines.extend([
                sentence(&step("planned", plan, today)),
                sentence(&step("before that", first, today)),
            ]),
            (Some(first), None) => lines.push(sentence(&step("next", first, today))),
            (None, _) if assessment.group == StageGroup::Open => {
                lines.push("No next step is planned.".to_owned())
            }
            (None, _) => {}
        }
    }
    Done { said: lines, cautions: cautions.iter().map(|caution| sentence(&caution.to_string())).collect() }
}

/// `next: Fri 2026-12-11 by phone: walk through page 3`.
fn step(lead: &str, step: &Obligation, today: Date) -> String {
    let day = english::shown(&When { date: step.date.unwrap_or(today), time: step.time });
    let by = step.via.as_ref().map(|via| format!(" by {via}")).unwrap_or_default();
    let why = step.why.as_deref().map(plain).filter(|why| !why.is_empty());
    format!("{lead}: {day}{by}{}", why.map(|why| format!(": {why}")).unwrap_or_default())
}

/// What the form of the next step asks for.
enum Next {
    Plan(Plan),
    Move(When),
    Clear,
}

fn next(form: &Form, desk: &Desk<'_>) -> Result<Next, Wrong> {
    if form.get("do") == "clear" {
        return Ok(Next::Clear);
    }
    let on = touch::moment(form, "next", "on", Lean::Future, desk)?.ok_or_else(|| Wrong {
        form: "next",
        field: "on",
        refusal: verbs::Refusal::usage("no day is said").hint("such as `next wed 2pm` or `in 3 weeks`"),
    })?;
    Ok(if form.get("do") == "move" { Next::Move(on) } else { Next::Plan(touch::plan(form, on)) })
}

fn promised(form: &Form, desk: &Desk<'_>) -> Result<tickler_core::file::edit::NewPromise, Wrong> {
    let who = match form.get("who") {
        "them" => Promiser::Them,
        who => who.strip_prefix('@').map_or(Promiser::Me, |handle| Promiser::Member(handle.to_owned())),
    };
    verbs::promised(&Promised { text: form.get("text").to_owned(), who, by: None }, desk)
        .map_err(|refusal| Wrong { form: "promises", field: "text", refusal })
}
