//! Makes an entry of the log say something else: its own line changes, and what is nested in it stays.

use super::entries::{as_read, is_same_but};
use super::entry::{NewEntry, Standing, read};
use super::lines::{Splice, is_blank_line, line_end, line_ending, line_start, splice};
use super::outline::{Lines, LogItem, Outline};
use super::{EditError, wording};
use crate::contact::Entry;
use crate::date::{Date, Time};
use crate::file::layout::Layout;
use crate::file::log::one_line;
use crate::file::{Reading, parse};
use crate::problem::Position;
use crate::settings::Settings;

/// Makes the entry that stands at `entry` say what `new` says, on the same day; promises that `new` names are not added.
/// Where its time asks for another place among its neighbours it goes there, with all that is nested in it.
///
/// # Errors
/// Where the file is broken, no entry of that day stands there, or the new one cannot be written so that it reads back.
pub fn revise_entry(
    text: &str,
    entry: Position,
    new: &NewEntry,
    settings: &Settings,
) -> Result<String, EditError> {
    let old = read(text, settings)?;
    let missing = || EditError::Missing(format!("no entry of the log stands on line {}", entry.line));
    let there = old.contact.log.iter().find(|e| e.at == entry && e.date == new.date).ok_or_else(missing)?;
    let wanted = as_read(new);
    if (Entry { at: Position::default(), ..there.clone() }) == wanted {
        return Ok(text.to_owned());
    }
    let outline = Outline::of(text, Layout::of(text).body);
    let start = Lines::of(text).offset(entry).ok_or_else(missing)?;
    let item = outline.item_at(start).map(|at| &outline.items[at]).ok_or_else(missing)?;
    let one = NewEntry { text: one_line(&new.text), promises: Vec::new(), ..new.clone() };
    let line = wording::entry(&one, settings)?.join(" ");
    let made = Revision { text, old: &old, entry, wanted, settings };
    let head = start..item.text_end.max(start);
    let in_place = splice(text, vec![Splice { range: head.clone(), new: line.clone() }]);
    let oldest_first = Standing::of(text, &old.contact).oldest_first;
    let is_right = made.is_right(&in_place);
    if is_right && made.is_in_order(&in_place, oldest_first) {
        return Ok(in_place);
    }
    let block = line_start(text, item.start)..item.end;
    let moved = [&text[block.start..head.start], &line, &text[head.end..block.end]].concat();
    match made.moved(item, &moved, oldest_first) {
        Some(moved) => Ok(moved),
        None if is_right => Ok(in_place),
        None => Err(EditError::Unsafe("the entry cannot be changed alone".to_owned())),
    }
}

/// What is to become of which entry.
struct Revision<'a> {
    text: &'a str,
    old: &'a Reading,
    entry: Position,
    wanted: Entry,
    settings: &'a Settings,
}

impl Revision<'_> {
    /// Whether the new text says just what it is to say.
    fn is_right(&self, new_text: &str) -> bool {
        let new = parse(new_text, "x", self.settings);
        let come = std::iter::once(self.wanted.clone());
        is_same_but(&self.old.contact, &new.contact, &[self.entry], come)
            && new.problems.len() <= self.old.problems.len()
            && Layout::of(new_text).front_matter == Layout::of(self.text).front_matter
    }

    /// Whether the entry stands between older and newer ones as the log's direction has it.
    fn is_in_order(&self, new_text: &str, oldest_first: bool) -> bool {
        let mut log = parse(new_text, "x", self.settings).contact.log;
        log.sort_by_key(|entry| entry.at);
        let when = |entry: &Entry| (entry.date, entry.time);
        let Some(at) = log.iter().position(|e| Entry { at: Position::default(), ..e.clone() } == self.wanted)
        else {
            return true;
        };
        let fits = |a: Option<&Entry>, b: Option<&Entry>| match (a, b) {
            (Some(a), Some(b)) if oldest_first => when(a) <= when(b),
            (Some(a), Some(b)) => when(a) >= when(b),
            _ => true,
        };
        let before = at.checked_sub(1).map(|at| &log[at]);
        fits(before, log.get(at)) && fits(log.get(at), log.get(at + 1))
    }

    /// The text with the entry's bytes at the place that its new day and time ask for.
    fn moved(&self, item: &LogItem, bytes: &str, oldest_first: bool) -> Option<String> {
        let text = self.text;
        // A numbered entry is where its number has it.
        if text[item.start..].starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let mut start = line_start(text, item.start);
        let mut end = line_end(text, item.end);
        // Of the blank lines that keep items apart, one goes along.
        let is_item = |at: usize| text[at..].trim_start().starts_with(['-', '*', '+']);
        if end < text.len() && is_blank_line(text, end) && is_item(end) {
            end = line_end(text, end);
        } else if start > 0 && is_blank_line(text, start - 1) {
            start = line_start(text, start - 1);
        }
        // The last line of a file may have no line end; the one before then has none to spare.
        let start = if end == text.len() && !text.ends_with('\n') {
            start - if text[..start].ends_with("\r\n") { 2 } else { usize::from(start > 0) }
        } else {
            start
        };
        let without = splice(text, vec![Splice::delete(start..end)]);
        let contact = parse(&without, "x", self.settings).contact;
        let mut standing = Standing::of(&without, &contact);
        standing.oldest_first = oldest_first;
        let when: (Date, Option<Time>) = (self.wanted.date, self.wanted.time);
        let ending = line_ending(text, item.start);
        let places = standing.insertions(when, bytes);
        places.into_iter().find_map(|place| {
            let new_text = splice(&without, vec![Splice::insert(place.at, place.bytes)]);
            let is_right = self.is_right(&new_text) && self.is_in_order(&new_text, oldest_first);
            (is_right && (ending == "\n" || !new_text.replace("\r\n", "").contains('\n'))).then_some(new_text)
        })
    }
}
