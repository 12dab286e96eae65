//! `promise` and `kept`: what was promised, by them or by us.

use super::{Desk, Draft, Planned, Refusal, log::known_handle};
use crate::contact::{Channel, Promise, Promiser, Words};
use crate::date::{Date, When};
use crate::english::{self, Lean, Misread};
use crate::file::edit::{self, NewEntry, NewPromise};

/// A promise as it was typed: `send the list by friday`.
#[derive(Debug, Clone, PartialEq)]
pub struct Promised {
    /// What, and perhaps by when.
    pub text: String,
    /// Whose it is.
    pub who: Promiser,
    /// By when, where that is said apart.
    pub by: Option<Date>,
}

/// Reads a promise: `by` and a day at its end are its day.
///
/// # Errors
/// Where nothing is promised, or what follows the last `by` is nearly a day.
pub fn promised(typed: &Promised, desk: &Desk<'_>) -> Result<NewPromise, Refusal> {
    if let Promiser::Member(handle) = &typed.who {
        known_handle(handle, desk)?;
    }
    let text = typed.text.trim();
    let (text, by) = match (typed.by, split_by(text)) {
        (None, Some((before, day))) => match english::read(day, Lean::Future, &desk.now()) {
            Ok(when) => (before, Some(when.date)),
            // "get it signed by hand" names no day, "by firday" means one.
            Err(misread) if misread.unknown && !is_nearly_day(&misread, desk) => (text, None),
            Err(misread) => return Err(Refusal::misread("", &misread)),
        },
        (by, _) => (text, by),
    };
    if text.is_empty() {
        return Err(Refusal::usage("a promise says what is promised")
            .hint("such as `tickler promise jane \"send the price list by friday\"`"));
    }
    Ok(NewPromise { kept: false, who: typed.who.clone(), text: text.to_owned(), by })
}

/// Whether what was meant is a day, and not some other word of time.
fn is_nearly_day(misread: &Misread, desk: &Desk<'_>) -> bool {
    let meant = misread.hint.as_deref().and_then(|hint| hint.split('`').nth(1));
    meant.is_some_and(|meant| english::read(meant, Lean::Future, &desk.now()).is_ok())
}

/// The text before the last `by`, and what follows it.
fn split_by(text: &str) -> Option<(&str, &str)> {
    let lower = text.to_ascii_lowercase();
    let at = lower.rfind(" by ")?;
    Some((text.get(..at)?.trim_end(), text.get(at + 4..)?.trim_start()))
}

/// Adds a promise. It is made today, so it stands below today's entry of the log, or below a `note` of its own.
///
/// # Errors
/// Where the file cannot be edited.
pub fn promise(mut draft: Draft, promise: NewPromise, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    let name = draft.contact().name.clone();
    let today = draft.contact().log.iter().rev().find(|entry| entry.date == desk.today).map(|e| e.at);
    let promises = [promise];
    draft.edit(desk.settings, |text| match today {
        Some(at) => edit::add_promises(text, at, &promises, desk.settings),
        None => {
            let entry = NewEntry {
                date: desk.today,
                time: None,
                channel: Channel::Note,
                words: Words::default(),
                who: None,
                text: "promised".to_owned(),
                promises: promises.to_vec(),
            };
            edit::add_entry(text, &entry, desk.settings)
        }
    })?;
    let [promise] = promises;
    let whose = match &promise.who {
        Promiser::Me => "we promise",
        Promiser::Them => "they promise",
        Promiser::Member(handle) => &format!("@{handle} promises"),
    };
    let by = match promise.by {
        Some(date) => format!(" by {}", english::shown(&When { date, time: None })),
        None => String::new(),
    };
    let said = format!("{name}: {whose} to {}{by}", promise.text);
    Ok(Planned::of(draft, "promise", format!("promise {name}: {}", promise.text), said))
}

/// The promises that are open, in the file's order; `kept` counts them from 1.
pub fn open_promises(promises: &[Promise]) -> Vec<&Promise> {
    promises.iter().filter(|promise| !promise.kept).collect()
}

/// Ticks off an open promise: the one of that number, or the only one.
///
/// # Errors
/// Where there is none, none of that number, or several and no number.
pub fn kept(mut draft: Draft, number: Option<usize>, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    let name = draft.contact().name.clone();
    let open = open_promises(&draft.contact().promises);
    let (at, text) = match (open.as_slice(), number) {
        ([], _) => return Err(Refusal::no(format!("{name} has no open promise"))),
        ([only], None) => (only.at, only.text.clone()),
        (open, None) => {
            return Err(Refusal::usage(format!("{name} has {} open promises", open.len()))
                .details(numbered(open))
                .hint("say which one was kept, by its number"));
        }
        (open, Some(number)) => match number.checked_sub(1).and_then(|at| open.get(at)) {
            Some(promise) => (promise.at, promise.text.clone()),
            None => {
                return Err(
                    Refusal::no(format!("{name} has no open promise {number}")).details(numbered(open))
                );
            }
        },
    };
    draft.edit(desk.settings, |source| edit::tick(source, at, true))?;
    let said = format!("{name}: kept: {text}");
    Ok(Planned::of(draft, "kept", format!("kept {name}: {text}"), said))
}

fn numbered(open: &[&Promise]) -> Vec<String> {
    open.iter()
        .enumerate()
        .map(|(at, promise)| {
            let who = match &promise.who {
                Promiser::Me => "me",
                Promiser::Them => "them",
                Promiser::Member(handle) => &format!("@{handle}"),
            };
            let by = promise.by.map(|by| format!(" by {by}")).unwrap_or_default();
            format!("{:>4}  {who}: {}{by}", at + 1, promise.text)
        })
        .collect()
}
