//! `log`: a touch, with the promises that were made and the next step, in the same breath.

use super::{Caution, Desk, Draft, Plan, Planned, Refusal, caution, next};
use crate::contact::{Channel, Contact, Entry, Word, Words};
use crate::date::{Date, Time, When};
use crate::english;
use crate::file::edit::{self, NewEntry, NewPromise};
use crate::settings::StageGroup;

/// A touch to be logged.
#[derive(Debug, Clone, PartialEq)]
pub struct Log {
    /// By what.
    pub channel: Channel,
    /// How it went.
    pub words: Words,
    /// Whose touch it was, where that is said.
    pub who: Option<String>,
    /// The day.
    pub date: Date,
    /// The time of that day.
    pub time: Option<Time>,
    /// What there is to say of it.
    pub text: String,
    /// What was promised.
    pub promises: Vec<NewPromise>,
    /// The next step.
    pub next: Option<Plan>,
    /// Though they asked us to stop.
    pub force: bool,
}

/// Adds an entry to the log; to a contact that is stopped, no touch of ours but by force (format, section 5).
///
/// # Errors
/// Where the day has not come yet, a channel or handle is not known, or they asked us to stop.
pub fn log(mut draft: Draft, log: &Log, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    if log.date > desk.today {
        let day = english::shown(&When { date: log.date, time: None });
        return Err(Refusal::usage(format!("{day} has not come yet"))
            .hint("the log holds what was; a step to come is planned with `tickler next`"));
    }
    known_channel(&log.channel, desk)?;
    let who = whose(log.who.as_deref(), draft.contact(), desk)?;
    let entry = Entry {
        date: log.date,
        time: log.time,
        channel: log.channel.clone(),
        words: log.words,
        who,
        text: log.text.clone(),
        at: Default::default(),
    };
    let mut cautions = speak_against(draft.contact(), &entry, log.force, desk)?;
    let new = NewEntry {
        date: entry.date,
        time: entry.time,
        channel: entry.channel.clone(),
        words: entry.words,
        who: entry.who.clone(),
        text: entry.text.clone(),
        promises: log.promises.clone(),
    };
    draft.edit(desk.settings, |text| edit::add_entry(text, &new, desk.settings))?;
    if let Some(plan) = &log.next {
        cautions.extend(next::apply(&mut draft, plan, desk)?);
    }
    let name = draft.contact().name.clone();
    let what = what(&entry);
    let day = english::shown(&When { date: log.date, time: log.time });
    let said = format!("logged {what} with {name} on {day}");
    let planned = Planned::of(draft, "log", format!("log {name}: {what}"), said);
    Ok(Planned { cautions, ..planned })
}

/// What speaks against the entry.
fn speak_against(
    contact: &Contact,
    entry: &Entry,
    force: bool,
    desk: &Desk<'_>,
) -> Result<Vec<Caution>, Refusal> {
    let mut cautions = Vec::new();
    let stage = desk.settings.stage_of(contact.head.stage.as_deref());
    let is_stopped = desk.settings.stages.group(stage) == StageGroup::Stopped;
    if is_stopped && entry.is_out_touch() {
        if !force {
            let message = format!("{} asked us to stop (stage \"{stage}\")", contact.name);
            return Err(Refusal::no(message)
                .hint("nothing was logged; with `--force` it is, and a `note` always can be"));
        }
        cautions.push(Caution::Stopped);
    }
    if entry.is_out_touch() {
        cautions.extend(caution::own(contact, entry.date, desk));
    }
    let same = |there: &Entry| Entry { at: entry.at, ..there.clone() } == *entry;
    if contact.log.iter().any(same) {
        cautions.push(Caution::Twice);
    }
    Ok(cautions)
}

/// `phone, voicemail`; what goes without saying is left out.
fn what(entry: &Entry) -> String {
    let words = Word::ALL.iter().filter(|(_, word)| entry.words.has(*word)).map(|(name, _)| *name);
    let parts: Vec<&str> = std::iter::once(entry.channel.as_str()).chain(words).collect();
    parts.join(", ")
}

/// The handle to write: who is named, else the user's where the contact is not theirs and others read the log too.
fn whose(named: Option<&str>, contact: &Contact, desk: &Desk<'_>) -> Result<Option<String>, Refusal> {
    if let Some(handle) = named {
        return known_handle(handle, desk).map(|()| Some(handle.to_owned()));
    }
    let me = desk.me.filter(|me| desk.settings.team.len() > 1 && desk.settings.member(me).is_some());
    Ok(me.filter(|me| contact.head.owner.as_deref() != Some(*me)).map(str::to_owned))
}

/// Refuses a channel that nobody set up.
pub(super) fn known_channel(channel: &Channel, desk: &Desk<'_>) -> Result<(), Refusal> {
    if desk.settings.knows_channel(channel) {
        return Ok(());
    }
    let name = channel.as_str();
    let refusal = Refusal::usage(format!("there is no channel \"{name}\""));
    Err(match crate::file::channel_hint(name, desk.settings) {
        Some(hint) => refusal.hint(hint),
        None => refusal,
    })
}

/// Refuses a handle that nobody in the team has.
pub(super) fn known_handle(handle: &str, desk: &Desk<'_>) -> Result<(), Refusal> {
    let team: Vec<&str> = desk.settings.team.iter().map(|member| member.handle.as_str()).collect();
    if team.contains(&handle) {
        return Ok(());
    }
    let refusal = Refusal::usage(format!("nobody in the team has the handle \"{handle}\""));
    Err(match crate::problem::nearest(handle, team.iter().copied()) {
        Some(meant) => refusal.hint(format!("did you mean `{meant}`?")),
        None if team.is_empty() => refusal.hint("the team stands in tickler.toml, such as `[team.pat]`"),
        None => refusal.hint(format!("the team is {}", team.join(", "))),
    })
}
