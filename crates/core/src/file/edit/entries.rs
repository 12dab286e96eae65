//! Adds many entries to the log at once: the file is read before and after, not once for each of them.

use super::entry::{Standing, add_entry, read};
use super::lines::{Splice, splice};
use super::{EditError, NewEntry, wording};
use crate::contact::{Contact, Entry, Link, Promise};
use crate::file::layout::Layout;
use crate::file::parse;
use crate::problem::Position;
use crate::settings::Settings;

/// Fewer than this are added one by one.
const FEW: usize = 3;

/// Adds entries to the log, each at the place that its day asks for, as [`add_entry`] does.
///
/// # Errors
/// Where the file is broken, or one of the entries cannot be added; then none is.
pub fn add_entries(text: &str, entries: &[NewEntry], settings: &Settings) -> Result<String, EditError> {
    let mut sorted: Vec<&NewEntry> = entries.iter().collect();
    sorted.sort_by_key(|entry| (entry.date, entry.time));
    added(text.to_owned(), &sorted, settings)
}

/// With these, in the order of time.
fn added(text: String, entries: &[&NewEntry], settings: &Settings) -> Result<String, EditError> {
    if entries.len() < FEW || entries.iter().any(|entry| !entry.promises.is_empty()) {
        return entries.iter().try_fold(text, |text, entry| add_entry(&text, entry, settings));
    }
    let old = read(&text, settings)?;
    let standing = Standing::of(&text, &old.contact);
    if !standing.has_items() {
        // The newest makes the list that the others join.
        let Some((newest, others)) = entries.split_last() else { return Ok(text) };
        return added(add_entry(&text, newest, settings)?, others, settings);
    }
    let mut splices = Vec::with_capacity(entries.len());
    for entry in entries {
        let lines = wording::entry(entry, settings)?;
        let place = standing.insertion((entry.date, entry.time), &lines);
        splices.extend(place.map(|place| Splice::insert(place.at, place.bytes)));
    }
    if !standing.oldest_first {
        splices.reverse();
    }
    let new_text = splice(&text, splices);
    let new = parse(&new_text, "x", settings);
    let wanted = entries.iter().map(|entry| as_read(entry));
    if is_same_but(&old.contact, &new.contact, &[], wanted)
        && new.problems.len() <= old.problems.len()
        && Layout::of(&new_text).front_matter == Layout::of(&text).front_matter
    {
        return Ok(new_text);
    }
    let (first, second) = entries.split_at(entries.len() / 2);
    added(added(text, first, settings)?, second, settings)
}

/// An entry as it is to be read back; where it stands is left open.
pub(super) fn as_read(new: &NewEntry) -> Entry {
    Entry {
        date: new.date,
        time: new.time,
        channel: new.channel.clone(),
        words: new.words,
        who: new.who.clone(),
        text: crate::file::log::one_line(&new.text),
        at: Position::default(),
    }
}

/// Whether `new` says all that `old` says, but for the entries that went and those that came.
pub(super) fn is_same_but(
    old: &Contact,
    new: &Contact,
    gone: &[Position],
    come: impl Iterator<Item = Entry>,
) -> bool {
    let log = |log: &mut Vec<Entry>| {
        log.iter_mut().for_each(|entry| entry.at = Position::default());
        log.sort_by(|a, b| order(a).cmp(&order(b)));
    };
    let mut wanted: Vec<Entry> =
        old.log.iter().filter(|entry| !gone.contains(&entry.at)).cloned().chain(come).collect();
    let mut read = new.log.clone();
    log(&mut wanted);
    log(&mut read);
    wanted == read
        && promises(old) == promises(new)
        && links(old) == links(new)
        && old.name == new.name
        && old.broken == new.broken
        && old.quoted == new.quoted
}

fn order(
    entry: &Entry,
) -> (crate::date::Date, Option<crate::date::Time>, &str, &str, Vec<&'static str>, Option<&str>) {
    let words = entry.words.names().collect();
    (entry.date, entry.time, entry.text.as_str(), entry.channel.as_str(), words, entry.who.as_deref())
}

/// All promises without their places, in an order of their own: an entry that moves takes its own along.
fn promises(contact: &Contact) -> Vec<Promise> {
    let mut all = contact.promises.clone();
    all.iter_mut().for_each(|promise| promise.at = Position::default());
    all.sort_by_key(|promise| format!("{promise:?}"));
    all
}

fn links(contact: &Contact) -> Vec<Link> {
    let mut all = contact.links.clone();
    all.iter_mut().for_each(|link| link.at = Position::default());
    all.sort_by_key(|link| format!("{link:?}"));
    all
}
