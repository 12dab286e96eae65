//! Deeds on one contact: a touch, the next step, a promise, the stage. What a body may say is what the options of the
//! command line say, by the same names.

use std::sync::Arc;

use tickler_core::contact::{Promiser, Word, Words as LogWords};
use tickler_core::date::When;
use tickler_core::english::{self, Lean};
use tickler_core::notebook::Survey;
use tickler_core::period::Period;
use tickler_core::problem::nearest;
use tickler_core::verbs::{
    self, Alteration, Desk, Log, Plan, Planned, Promised, Refusal as No, Until, colleagues,
};

use super::deed::{self, Done, draft};
use super::fields::{Fields, LINE, SHORT, TEXT, body_of};
use super::once::once;
use crate::asked::{Asked, Body};
use crate::people::Action;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;

/// A deed that was read from a body, to be planned as often as need be.
type Deed = Box<dyn FnMut(&Survey<'_>, &Desk<'_>) -> Result<Planned, No> + Send>;

/// `POST contacts/ID/log`: adds a touch.
pub async fn log(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    on_contact(server, asked, words, body, |fields, desk, id| {
        let log = read_log(fields, desk);
        Box::new(move |survey, desk| {
            let mut planned = verbs::log(draft(survey, &id)?, &log, desk)?;
            if let Some(contact) = &planned.contact
                && contact.log.iter().any(|entry| entry.date == log.date && entry.is_out_touch())
            {
                planned.cautions.extend(colleagues(survey, contact, log.date, log.who.as_deref(), desk));
            }
            Ok(planned)
        })
    })
    .await
}

/// `POST contacts/ID/next`: plans the next step, moves it, or takes it away.
pub async fn next(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    on_contact(server, asked, words, body, |fields, desk, id| {
        let (clear, snooze) = (fields.flag("clear"), fields.text("snooze", SHORT));
        if let Some(text) = snooze {
            let until = until(fields, &text, desk);
            if clear {
                fields.wrong("snooze", "a step that is cleared cannot sleep", None);
            }
            return Box::new(move |survey, desk| {
                let until = until.as_ref().ok_or_else(|| No::usage("until when?"))?;
                verbs::snooze(draft(survey, &id)?, until, desk)
            });
        }
        if clear {
            return Box::new(move |survey, desk| verbs::clear_next(draft(survey, &id)?, desk));
        }
        if !fields.has("on") {
            fields.needed("on", SHORT, "\"wed 2pm\"");
        }
        let plan = plan(fields, "on", desk);
        Box::new(move |survey, desk| {
            let plan = plan.as_ref().ok_or_else(|| No::usage("when is the next step?"))?;
            verbs::next(draft(survey, &id)?, plan, desk)
        })
    })
    .await
}

/// `POST contacts/ID/promises`: adds a promise, or ticks one off.
pub async fn promises(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    on_contact(server, asked, words, body, |fields, desk, id| {
        if fields.has("kept") {
            let number = fields.number("kept", 10_000);
            return Box::new(move |survey, desk| verbs::kept(draft(survey, &id)?, number, desk));
        }
        let text = fields.needed("text", LINE, "\"send the price list by friday\"");
        let them = fields.flag("them");
        let who = match fields.handle("who", desk) {
            Some(_) if them => {
                fields.wrong("who", "either they promised it, or a colleague did", None);
                Promiser::Them
            }
            Some(handle) => Promiser::Member(handle),
            None if them => Promiser::Them,
            None => Promiser::Me,
        };
        let by = fields.moment("by", Lean::Future, desk).map(|when| when.date);
        let promise = (!text.is_empty())
            .then(|| verbs::promised(&Promised { text, who, by }, desk))
            .and_then(|made| fields.made("text", made));
        Box::new(move |survey, desk| {
            let promise = promise.clone().ok_or_else(|| No::usage("a promise says what is promised"))?;
            verbs::promise(draft(survey, &id)?, promise, desk)
        })
    })
    .await
}

/// `POST contacts/ID/stage`: sets the stage.
pub async fn stage(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    on_contact(server, asked, words, body, |fields, desk, id| {
        let stage = fields.needed("stage", SHORT, "\"proposal\"");
        let alteration = (!stage.is_empty())
            .then(|| Alteration::stage(&stage, desk))
            .and_then(|made| fields.made("stage", made));
        Box::new(move |survey, desk| {
            let alteration = alteration.as_ref().ok_or_else(|| No::usage("which stage?"))?;
            alteration.one(draft(survey, &id)?, desk)
        })
    })
    .await
}

/// Reads a deed from a body, does it once, and tells what was done.
async fn on_contact(
    server: Arc<Server>,
    asked: Asked,
    words: Words,
    body: Body,
    read: impl FnOnce(&mut Fields, &Desk<'_>, String) -> Deed + Send + 'static,
) -> Result<Reply, Refusal> {
    let seat = Seat::of_api(&server, &asked, words.get(0)).await?;
    seat.must(Action::Write)?;
    let id = words.get(1).to_owned();
    if seat.view.tip.survey().called(&id).is_none() {
        return Err(Refusal::NotFound);
    }
    let bytes = body_of(&asked, body, &["application/json"]).await?;
    once(seat, bytes, |seat, bytes, once| async move {
        let mut fields = Fields::of_json(&bytes)?;
        let deed = read(&mut fields, &seat.desk(), id);
        fields.done()?;
        let written = deed::write(&seat, once, deed).await?;
        deed::answer(&seat.notebook, Done::new(&written, &seat), None)
    })
    .await
}

/// What a body says of a touch.
fn read_log(fields: &mut Fields, desk: &Desk<'_>) -> Log {
    if !fields.has("channel") {
        fields.needed("channel", SHORT, "\"phone\"");
    }
    let channel = fields.channel("channel", desk);
    let mut words = LogWords::default();
    for text in fields.texts("words", SHORT) {
        match Word::from_name(&text) {
            Some(word) => words.insert(word),
            None => {
                let known = Word::ALL.iter().map(|(name, _)| *name);
                let hint = match nearest(&text, known.clone()) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => format!("there is {}", known.collect::<Vec<_>>().join(", ")),
                };
                fields.wrong("words", format!("unknown word \"{text}\""), Some(hint));
            }
        }
    }
    let on = fields.moment("on", Lean::Past, desk).unwrap_or(When { date: desk.today, time: None });
    let time = fields.moment("at", Lean::Past, desk).map(|at| at.time);
    if time == Some(None) {
        let hint = "such as `14:30` or `2pm`";
        fields.wrong("at", "it is no time of day", Some(hint.to_owned()));
    }
    let mut promises = Vec::new();
    for (field, who) in [("we", Promiser::Me), ("them", Promiser::Them)] {
        for text in fields.texts(field, LINE) {
            let made = verbs::promised(&Promised { text, who: who.clone(), by: None }, desk);
            promises.extend(fields.made(field, made));
        }
    }
    let next = plan(fields, "next", desk);
    Log {
        channel: channel.unwrap_or(tickler_core::contact::Channel::Note),
        words,
        who: fields.handle("who", desk),
        date: on.date,
        time: time.flatten().or(on.time),
        text: fields.text("message", TEXT).unwrap_or_default(),
        promises,
        next,
        force: fields.flag("force"),
    }
}

/// What a body says of a next step, whose day stands under that name.
pub fn plan(fields: &mut Fields, name: &'static str, desk: &Desk<'_>) -> Option<Plan> {
    let is_said = fields.has(name);
    let how = ["via", "why", "asked", "promised"].into_iter().find(|how| fields.has(how));
    if let Some(how) = how.filter(|_| !is_said) {
        let hint = format!("say when, such as `\"{name}\": \"wed 2pm\"`");
        fields.wrong(how, "it tells how the next step is, and there is none", Some(hint));
    }
    let on = fields.moment(name, Lean::Future, desk);
    let plan = Plan {
        on: on.unwrap_or(When { date: desk.today, time: None }),
        via: fields.channel("via", desk),
        why: fields.text("why", LINE),
        asked: fields.flag("asked"),
        promised: fields.flag("promised"),
    };
    on.map(|_| plan)
}

/// Until when a follow-up sleeps.
fn until(fields: &mut Fields, text: &str, desk: &Desk<'_>) -> Option<Until> {
    if let Ok(period) = text.parse::<Period>() {
        return Some(Until::For(period));
    }
    match english::read(text, Lean::Future, &desk.now()) {
        Ok(when) => Some(Until::When(when)),
        Err(misread) => {
            fields.misread("snooze", &misread);
            None
        }
    }
}
