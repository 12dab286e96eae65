//! `snooze`: moves the follow-up to a later day.

use super::{Desk, Draft, Plan, Planned, Refusal, next};
use crate::contact::{Promise, Promiser};
use crate::date::{Date, When};
use crate::english;
use crate::file::edit;
use crate::follow_up::{Kind, Obligation, assess};
use crate::period::Period;

/// Until when a follow-up sleeps.
#[derive(Debug, Clone, PartialEq)]
pub enum Until {
    /// For so long from its day, or from today where that has come.
    For(Period),
    /// To that moment.
    When(When),
}

/// Moves the contact's follow-up. What the rules plan becomes a `[next]` with the same way and reason; a promise gets
/// another day.
///
/// # Errors
/// Where there is none, or it is one that does not move: an answer that is owed, a birthday.
pub fn snooze(mut draft: Draft, until: &Until, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    let contact = draft.contact();
    let name = contact.name.clone();
    let assessment = assess(contact, desk.settings, desk.today);
    let Some(follow_up) = assessment.follow_up() else {
        return Err(
            Refusal::no(format!("{name} has no follow-up to move")).hint("plan one: `tickler next ID DATE`")
        );
    };
    let from = follow_up.date.unwrap_or(desk.today);
    let to = match until {
        Until::When(when) => *when,
        Until::For(period) => {
            let date = period.after(from.max(desk.today), &desk.settings.calendar);
            When { date, time: follow_up.time }
        }
    };
    if to.date < desk.today {
        let day = english::shown(&to);
        return Err(Refusal::usage(format!("{day} is past already")).hint("snooze it to a day to come"));
    }
    match follow_up.kind {
        Kind::Next | Kind::First | Kind::Cadence | Kind::Rhythm => {
            // A step that they asked for or that was promised stays one.
            let plan = Plan {
                on: to,
                via: follow_up.via.clone(),
                why: follow_up.why.clone(),
                asked: follow_up.asked,
                promised: follow_up.promised,
            };
            if follow_up.kind == Kind::Next {
                draft.edit(desk.settings, |text| edit::set(text, &["next", "on"], &next::on(to)))?;
            } else {
                next::apply(&mut draft, &plan, desk)?;
            }
        }
        Kind::Promise | Kind::Waiting => {
            let promise = behind(follow_up, &contact.promises, desk)
                .ok_or_else(|| Refusal::notebook(format!("{name}: the promise cannot be found")))?;
            let (at, by) = (promise.at, by(follow_up.kind, to.date, desk));
            draft.edit(desk.settings, |text| edit::reschedule(text, at, by, desk.settings))?;
        }
        Kind::Reply => {
            return Err(Refusal::no(format!("{name} waits for an answer, and that does not sleep"))
                .hint("log the answer, or write `no-reply` behind `in` where theirs needs none"));
        }
        Kind::Occasion => {
            let why = follow_up.why.as_deref().unwrap_or("the occasion");
            return Err(Refusal::no(format!("{name}: the {why} does not move"))
                .hint("log a touch, even a card; or let it pass, and it goes by itself"));
        }
    }
    let said = format!(
        "{name}: {} moved from {} to {}",
        follow_up.kind,
        english::shown(&When { date: from, time: None }),
        english::shown(&to)
    );
    Ok(Planned::of(draft, "snooze", format!("snooze {name}: to {}", to.date), said))
}

/// The promise that made the obligation.
fn behind<'p>(obligation: &Obligation, promises: &'p [Promise], desk: &Desk<'_>) -> Option<&'p Promise> {
    let theirs = obligation.kind == Kind::Waiting;
    let fits = |promise: &&Promise| {
        !promise.kept
            && (promise.who == Promiser::Them) == theirs
            && obligation.why.as_deref().is_some_and(|why| why.contains(promise.text.as_str()))
    };
    let settings = desk.settings;
    let dated = |promise: &&Promise| match (promise.by, theirs) {
        (Some(by), true) => Some(settings.waiting_grace.after(by, &settings.calendar)) <= obligation.date,
        (by, _) => by.is_none() || by <= obligation.date,
    };
    promises.iter().find(|promise| fits(promise) && dated(promise)).or_else(|| promises.iter().find(fits))
}

/// The day to write, so that the follow-up falls on `to`.
fn by(kind: Kind, to: Date, desk: &Desk<'_>) -> Date {
    if kind == Kind::Promise {
        return to;
    }
    let grace = &desk.settings.waiting_grace;
    (0..=i64::from(grace.days()) + 7)
        .map(|days| to.plus_days(-days))
        .find(|by| grace.after(*by, &desk.settings.calendar) <= to)
        .unwrap_or(to)
}
