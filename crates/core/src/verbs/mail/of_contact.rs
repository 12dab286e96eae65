//! The messages of one contact into its log.

use std::collections::HashSet;

use super::entry::Slot;
use super::{Post, What};
use crate::contact::{Channel, Entry, Word};
use crate::exchange::mail::mid;
use crate::file::edit::{self, NewEntry};
use crate::problem::Position;
use crate::settings::StageGroup;
use crate::verbs::{Caution, Desk, Draft, Refusal};

/// What became of one message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Came {
    Logged,
    Bounced,
    Automatic,
    /// The log has it.
    Already,
}

/// What became of all of a contact's messages.
pub(super) struct Outcome {
    pub draft: Draft,
    /// By the message's number in the import.
    pub came: Vec<(usize, Came)>,
    pub cautions: Vec<Caution>,
}

/// Logs the messages with one contact.
pub(super) fn log(mut draft: Draft, mut posts: Vec<Post>, desk: &Desk<'_>) -> Result<Outcome, Refusal> {
    let order = |post: &Post| (post.date, post.time, post.is_out, post.id.clone());
    posts.sort_by_key(order);
    let mut slots: Vec<Slot> = draft.contact().log.iter().map(Slot::of).collect();
    let mut known: HashSet<String> = mid::all(draft.text()).collect();
    let owner = draft.contact().head.owner.clone();
    let mut came = Vec::with_capacity(posts.len());
    for post in &mut posts {
        post.who = whose(post.who.take(), owner.as_deref(), desk);
        came.push((post.number, take(&mut slots, &mut known, post)));
    }
    let cautions = stopped(&draft, &posts, &came, desk);
    write(&mut draft, &slots, desk)?;
    Ok(Outcome { draft, came, cautions })
}

/// Puts one message among the entries.
fn take(slots: &mut Vec<Slot>, known: &mut HashSet<String>, post: &Post) -> Came {
    if !known.insert(post.id.clone()) {
        let bounces = |slot: &&mut Slot| slot.ids.contains(&post.id) && slot.channel == Channel::Email;
        return match slots.iter_mut().find(bounces) {
            Some(slot) if post.what == What::Bounce && !slot.words.has(Word::Bounced) => {
                slot.words.insert(Word::Bounced);
                Came::Bounced
            }
            _ => Came::Already,
        };
    }
    if matches!(post.what, What::Automatic(_)) {
        slots.push(Slot::new(post));
        return Came::Automatic;
    }
    if slots.iter().any(|slot| slot.stands_for(post)) {
        return Came::Already;
    }
    let thread = slots.iter().position(|slot| slot.is_about(post));
    match thread.or_else(|| slots.iter().position(|slot| slot.is_followed_by(post))) {
        Some(at) => slots[at].add(post),
        None => slots.push(Slot::new(post)),
    }
    if post.what == What::Bounce { Came::Bounced } else { Came::Logged }
}

/// Writes the entries that are new, or not as they were.
fn write(draft: &mut Draft, slots: &[Slot], desk: &Desk<'_>) -> Result<(), Refusal> {
    let new: Vec<NewEntry> = slots.iter().filter(|slot| slot.there.is_none()).map(as_new).collect();
    for slot in slots {
        let Some(there) = slot.there.as_ref().filter(|there| !is_as_it_was(slot, there)) else { continue };
        let plain = |entry: &Entry| Entry { at: Position::default(), ..entry.clone() };
        let Some(at) = draft.contact().log.iter().find(|entry| plain(entry) == plain(there)).map(|e| e.at)
        else {
            continue;
        };
        draft.edit(desk.settings, |text| edit::revise_entry(text, at, &as_new(slot), desk.settings))?;
    }
    if new.is_empty() {
        return Ok(());
    }
    draft.edit(desk.settings, |text| edit::add_entries(text, &new, desk.settings))
}

fn is_as_it_was(slot: &Slot, there: &Entry) -> bool {
    slot.time == there.time && slot.words == there.words && slot.who == there.who && slot.text == there.text
}

fn as_new(slot: &Slot) -> NewEntry {
    NewEntry {
        date: slot.date,
        time: slot.time,
        channel: slot.channel.clone(),
        words: slot.words,
        who: slot.who.clone(),
        text: slot.text.clone(),
        promises: Vec::new(),
    }
}

/// The handle to write, as `log` has it: where the contact is not theirs and others read the log too.
fn whose(who: Option<String>, owner: Option<&str>, desk: &Desk<'_>) -> Option<String> {
    let who = who.filter(|who| desk.settings.team.len() > 1 && desk.settings.member(who).is_some());
    who.filter(|who| owner != Some(who))
}

/// Somebody wrote to a contact who asked us to stop.
fn stopped(draft: &Draft, posts: &[Post], came: &[(usize, Came)], desk: &Desk<'_>) -> Vec<Caution> {
    let contact = draft.contact();
    let stage = desk.settings.stage_of(contact.head.stage.as_deref());
    if desk.settings.stages.group(stage) != StageGroup::Stopped {
        return Vec::new();
    }
    let is_new = |number: usize| came.iter().any(|(other, came)| *other == number && *came != Came::Already);
    let sent = posts.iter().filter(|post| post.is_out && is_new(post.number)).count();
    let messages = if sent == 1 { "1 message".to_owned() } else { format!("{sent} messages") };
    let caution =
        || Caution::Other(format!("{} asked us to stop, and {messages} went to them", contact.name));
    (sent > 0).then(caution).into_iter().collect()
}
