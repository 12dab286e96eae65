//! Which meetings stand in a log already, by whoever wrote them down.

use std::collections::BTreeMap;

use super::Met;
use crate::contact::{Channel, Contact, Entry, Word};
use crate::date::Date;
use crate::exchange::{as_markdown, plain_text};

/// The meetings that the contact's log does not have, the first of them first, and how many it has.
///
/// A conversation of the same day stands for a meeting where it has the same time, or none; each for one. So whatever
/// was logged for a meeting stands for it the next time, and what was written down by hand is not written again.
pub(super) fn unlogged<'a, 'm>(contact: &Contact, met: &'a [Met<'m>]) -> (Vec<&'a Met<'m>>, usize) {
    let mut days: BTreeMap<Date, Vec<&Met<'_>>> = BTreeMap::new();
    met.iter().for_each(|met| days.entry(met.meeting.date).or_default().push(met));
    let (mut new, mut known) = (Vec::new(), 0);
    for (date, mut met) in days {
        once(&mut met);
        let mut log: Vec<&Entry> = contact.log.iter().filter(|entry| entry.date == date).collect();
        log.retain(|entry| may_be_meeting(entry));
        let of_day = met.len();
        let left = unmatched(met, log);
        known += of_day - left.len();
        new.extend(left);
    }
    (new, known)
}

/// Nobody meets the same person twice at one time: that is one meeting in two calendars.
fn once(met: &mut Vec<&Met<'_>>) {
    let key = |met: &&Met<'_>| {
        let text = if met.meeting.time.is_some() { "" } else { met.meeting.summary.as_str() };
        (met.meeting.time, text.to_owned())
    };
    met.sort_by_key(key);
    met.dedup_by_key(|met| key(met));
}

fn unmatched<'a, 'm>(met: Vec<&'a Met<'m>>, log: Vec<&Entry>) -> Vec<&'a Met<'m>> {
    type Stands = fn(&Met<'_>, &Entry) -> bool;
    // What is surely the same goes first, so that nothing takes its place.
    let rules: [Stands; 3] = [
        |met, entry| met.meeting.time.is_some() && met.meeting.time == entry.time,
        |met, entry| is_open(entry) && says(entry, met),
        |_, entry| is_open(entry),
    ];
    let (mut left, mut log) = (met, log);
    for stands in rules {
        left.retain(|met| match log.iter().position(|entry| stands(met, entry)) {
            Some(at) => {
                log.remove(at);
                false
            }
            None => true,
        });
    }
    left
}

/// Whether an entry may have been a meeting, also one that nobody came to.
fn may_be_meeting(entry: &Entry) -> bool {
    entry.channel.is_talk() || matches!(entry.channel, Channel::Other(_))
}

/// Whether an entry without a time may stand for a meeting; a call that nobody answered does not.
fn is_open(entry: &Entry) -> bool {
    let failed = [Word::Voicemail, Word::NoAnswer, Word::Busy];
    entry.time.is_none() && entry.channel.is_talk() && !failed.iter().any(|word| entry.words.has(*word))
}

fn says(entry: &Entry, met: &Met<'_>) -> bool {
    plain_text(&entry.text) == plain_text(&as_markdown(&met.meeting.summary))
}
