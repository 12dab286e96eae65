//! `next`: the next step that was agreed or planned.

use super::{Caution, Desk, Draft, Planned, Refusal, log::known_channel};
use crate::contact::{Channel, Value};
use crate::date::When;
use crate::english;
use crate::file::{edit, known_subkeys};

/// A next step.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// When.
    pub on: When,
    /// By what.
    pub via: Option<Channel>,
    /// Why.
    pub why: Option<String>,
    /// They asked for it.
    pub asked: bool,
    /// I said I would.
    pub promised: bool,
}

/// Sets `[next]` anew: what the plan does not say is not carried over from the one before.
///
/// # Errors
/// Where the channel is not known, or the file cannot be edited.
pub fn next(mut draft: Draft, plan: &Plan, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    let cautions = apply(&mut draft, plan, desk)?;
    let name = draft.contact().name.clone();
    let said = format!("{name}: next {}", said(plan));
    let subject = format!("next {name}: {}", said_in_subject(plan));
    Ok(Planned { cautions, ..Planned::of(draft, "next", subject, said) })
}

/// Takes `[next]` away.
///
/// # Errors
/// Where there is none, or the file cannot be edited.
pub fn clear_next(mut draft: Draft, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    let name = draft.contact().name.clone();
    if draft.contact().head.next.is_none() {
        return Err(Refusal::no(format!("{name} has no next step to clear")));
    }
    // Somebody's own keys stay.
    for key in known_subkeys("next") {
        draft.edit(desk.settings, |text| edit::unset(text, &["next", key]))?;
    }
    Ok(Planned::of(draft, "next", format!("next {name}: cleared"), format!("{name}: next step cleared")))
}

/// Writes the plan into the draft.
pub(super) fn apply(draft: &mut Draft, plan: &Plan, desk: &Desk<'_>) -> Result<Vec<Caution>, Refusal> {
    if let Some(via) = &plan.via {
        known_channel(via, desk)?;
    }
    let text = |text: &str| Value::Text(text.to_owned());
    let parts = [
        ("on", Some(on(plan.on))),
        ("via", plan.via.as_ref().map(|via| text(via.as_str()))),
        ("why", plan.why.as_deref().map(text)),
        ("promised", plan.promised.then_some(Value::Boolean(true))),
        ("asked", plan.asked.then_some(Value::Boolean(true))),
    ];
    for (key, value) in parts {
        draft.edit(desk.settings, |text| match &value {
            Some(value) => edit::set(text, &["next", key], value),
            None => edit::unset(text, &["next", key]),
        })?;
    }
    Ok(cautions(plan, desk))
}

fn cautions(plan: &Plan, desk: &Desk<'_>) -> Vec<Caution> {
    let mut cautions = Vec::new();
    if plan.on.date < desk.today {
        let day = english::shown(&When { time: None, ..plan.on });
        cautions.push(Caution::Other(format!("{day} is past already")));
    } else if !plan.asked && !plan.promised && !desk.settings.calendar.is_worked(plan.on.date) {
        cautions.push(Caution::DayOff(plan.on.date));
    }
    cautions
}

/// The value of `on`.
pub(super) fn on(when: When) -> Value {
    match when.time {
        None => Value::Date(when.date),
        Some(time) => Value::DateTime(format!("{}T{time}:00", when.date)),
    }
}

/// `Thu 2026-12-03 14:30 by phone: walk through page 3`.
pub(super) fn said(plan: &Plan) -> String {
    let why = plan.why.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{}{why}", by(&english::shown(&plan.on), plan.via.as_ref()))
}

/// `2026-12-03 by phone`.
fn said_in_subject(plan: &Plan) -> String {
    let when = match plan.on.time {
        Some(time) => format!("{} {time}", plan.on.date),
        None => plan.on.date.to_string(),
    };
    by(&when, plan.via.as_ref())
}

fn by(when: &str, via: Option<&Channel>) -> String {
    match via {
        Some(via) => format!("{when} by {via}"),
        None => when.to_owned(),
    }
}
