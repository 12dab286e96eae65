//! Adds an entry to the log, at the place that its day asks for.

use super::lines::{is_blank_line, last_content_end, line_end, line_ending, line_start};
use super::outline::{Lines, LogItem, Outline, Skin};
use super::promise::{NewPromise, is_promised};
use super::{EditError, why_broken, wording};
use crate::contact::{Channel, Contact, Entry, Words};
use crate::date::{Date, Time};
use crate::file::layout::Layout;
use crate::file::log::one_line;
use crate::file::{Reading, parse};
use crate::problem::Position;
use crate::settings::Settings;

/// An entry to be written (format, section 3).
#[derive(Debug, Clone, PartialEq)]
pub struct NewEntry {
    /// The day.
    pub date: Date,
    /// The time of day, where it is known.
    pub time: Option<Time>,
    /// By what.
    pub channel: Channel,
    /// How it went.
    pub words: Words,
    /// A handle of the team, without the `@`.
    pub who: Option<String>,
    /// What is to be said of it; line ends in it are kept where they can be.
    pub text: String,
    /// What was promised then.
    pub promises: Vec<NewPromise>,
}

/// Adds an entry to the log at its new end; one of an earlier day goes to its place, so that neither the direction
/// of the log nor the order of the others changes. Without a log there is one, at the end of the file.
///
/// # Errors
/// Where the file is broken, the entry cannot be written so that it reads back, or there is no safe place for it.
pub fn add_entry(text: &str, entry: &NewEntry, settings: &Settings) -> Result<String, EditError> {
    let old = read(text, settings)?;
    let lines = wording::entry(entry, settings)?;
    let promises: Result<Vec<String>, EditError> = entry.promises.iter().map(wording::promise).collect();
    let promises = promises?;
    let mut refusal = None;
    for place in Standing::of(text, &old.contact).places((entry.date, entry.time)) {
        let item = place.item(&lines, &promises);
        let insertion = Insertion { at: place.at, bytes: [place.before, item, place.after].concat() };
        let added = Added { entry: Some(entry), promises: &entry.promises, made: Some(entry.date) };
        match insertion.make(text, &old, &added, settings) {
            Ok(new) => return Ok(new),
            // The first place is the one that is meant; what is wrong there is what the user should hear.
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or_else(|| EditError::Unsafe("there is no place for a log".to_owned())))
}

/// The contact as it is, if the file is not broken.
pub(super) fn read(text: &str, settings: &Settings) -> Result<Reading, EditError> {
    let reading = parse(text, "x", settings);
    if !reading.contact.broken {
        return Ok(reading);
    }
    Err(match why_broken(text, &Layout::of(text)) {
        Some(problem) => EditError::Broken(problem),
        None => EditError::Unsafe("the file is broken".to_owned()),
    })
}

/// A place for a list item.
struct Place {
    at: usize,
    before: String,
    after: String,
    skin: Skin,
    ending: &'static str,
}

impl Place {
    /// The item with what is nested in it, without a line end after it.
    fn item(&self, lines: &[String], promises: &[String]) -> String {
        let Skin { lead, inner, bullet } = &self.skin;
        let mut rows = vec![format!("{lead}{}", lines.first().map_or("", String::as_str))];
        rows.extend(lines.iter().skip(1).map(|line| format!("{inner}{line}")));
        rows.extend(promises.iter().map(|promise| format!("{inner}{bullet} {promise}")));
        rows.join(self.ending)
    }

    fn before(text: &str, items: &[LogItem], index: usize) -> Place {
        let item = &items[index];
        let at = line_start(text, item.start);
        let ending = line_ending(text, at);
        let gap = if is_loose(text, items, index) { ending } else { "" };
        let skin = Skin::of(text, item.start, 0);
        Place { at, before: String::new(), after: format!("{ending}{gap}"), skin, ending }
    }

    /// After an item. A paragraph that comes right after it would go on with the new one, but for a blank line.
    fn after(text: &str, items: &[LogItem], index: usize) -> Vec<Place> {
        let item = &items[index];
        let ending = line_ending(text, item.end);
        let gap = if is_loose(text, items, index) { ending } else { "" };
        let skin = Skin::of(text, item.start, 1);
        let before = format!("{ending}{gap}");
        ["", ending]
            .map(|after| Place {
                at: item.end,
                before: before.clone(),
                after: after.to_owned(),
                skin: skin.clone(),
                ending,
            })
            .into()
    }

    /// After a heading or a text, where there is no list yet.
    fn below(text: &str, at: usize) -> Place {
        let ending = line_ending(text, at);
        let next = line_end(text, at);
        let gap = if next < text.len() && !is_blank_line(text, next) { ending } else { "" };
        Place { at, before: ending.repeat(2), after: gap.to_owned(), skin: Skin::plain(), ending }
    }

    /// At the end of the file, with a heading.
    fn at_end(text: &str, start: usize) -> Place {
        let at = last_content_end(text).max(start);
        let ending = line_ending(text, at);
        let heading = format!("## Log{ending}{ending}");
        let is_first = text[start..at].trim().is_empty();
        let (before, after) = if is_first { (heading, ending) } else { (ending.repeat(2) + &heading, "") };
        Place { at, before, after: after.to_owned(), skin: Skin::plain(), ending }
    }
}

/// The log as it stands: its items, and the day and time of each that is an entry.
pub(super) struct Standing<'t> {
    text: &'t str,
    layout: Layout,
    outline: Outline,
    /// The number of the item, and when it was; in the file's order.
    entries: Vec<(usize, (Date, Option<Time>))>,
    pub oldest_first: bool,
}

impl<'t> Standing<'t> {
    pub fn of(text: &'t str, contact: &Contact) -> Standing<'t> {
        let layout = Layout::of(text);
        let outline = Outline::of(text, layout.body.clone());
        let positions = Lines::of(text);
        let when = |entry: &Entry| (entry.date, entry.time);
        let mut entries: Vec<(usize, (Date, Option<Time>))> = contact
            .log
            .iter()
            .filter_map(|entry| Some((outline.item_at(positions.offset(entry.at)?)?, when(entry))))
            .collect();
        entries.sort_by_key(|(item, _)| *item);
        let oldest_first = matches!((entries.first(), entries.last()), (Some(a), Some(b)) if a.1 < b.1);
        Standing { text, layout, outline, entries, oldest_first }
    }

    /// Whether the log has any item at all.
    pub fn has_items(&self) -> bool {
        !self.outline.items.is_empty()
    }

    /// Where an entry of that day and time may go, the best place first.
    fn places(&self, when: (Date, Option<Time>)) -> Vec<Place> {
        let (text, items, entries) = (self.text, &self.outline.items, &self.entries);
        let is_newer = |(_, other): &&(usize, (Date, Option<Time>))| *other > when;
        match (&entries[..], self.oldest_first) {
            ([(first, _), ..], true) => {
                let newer = entries.iter().rev().take_while(is_newer).count();
                match entries.len().checked_sub(newer + 1).and_then(|at| entries.get(at)) {
                    Some((item, _)) => Place::after(text, items, *item),
                    None => vec![Place::before(text, items, *first)],
                }
            }
            ([.., (last, _)], false) => match entries.iter().find(|entry| !is_newer(entry)) {
                Some((item, _)) => vec![Place::before(text, items, *item)],
                None => Place::after(text, items, *last),
            },
            _ if !items.is_empty() => vec![Place::before(text, items, 0)],
            _ => match self.outline.headings.first() {
                Some(heading) => {
                    let section = &text[..heading.next.min(text.len())];
                    let end = last_content_end(section).max(heading.end);
                    vec![Place::below(text, end), Place::below(text, heading.end)]
                }
                None => vec![Place::at_end(text, self.layout.bom.end)],
            },
        }
    }

    /// The best place of an entry, and its bytes there, of these lines.
    pub fn insertion(&self, when: (Date, Option<Time>), lines: &[String]) -> Option<Insertion> {
        let place = self.places(when).into_iter().next()?;
        let item = place.item(lines, &[]);
        Some(Insertion { at: place.at, bytes: [place.before, item, place.after].concat() })
    }

    /// The places of an entry that has its bytes already, each with what is to stand before and after them.
    pub fn insertions(&self, when: (Date, Option<Time>), bytes: &str) -> Vec<Insertion> {
        let set =
            |place: Place| Insertion { at: place.at, bytes: [&place.before, bytes, &place.after].concat() };
        self.places(when).into_iter().map(set).collect()
    }
}

/// Whether blank lines keep the items of this one's list apart.
fn is_loose(text: &str, items: &[LogItem], index: usize) -> bool {
    let list = items[index].list;
    let pairs = [(index.checked_sub(1), Some(index)), (Some(index), index.checked_add(1))];
    pairs
        .into_iter()
        .filter_map(|(a, b)| Some((items.get(a?)?, items.get(b?)?)))
        .find(|(a, b)| a.list == list && b.list == list)
        .is_some_and(|(a, b)| text[a.end.min(b.start)..b.start].matches('\n').count() > 1)
}

/// Bytes to be put into a text.
pub(super) struct Insertion {
    pub at: usize,
    pub bytes: String,
}

/// What an insertion is to say.
pub(super) struct Added<'a> {
    pub entry: Option<&'a NewEntry>,
    pub promises: &'a [NewPromise],
    /// The day of the entry that the promises belong to.
    pub made: Option<Date>,
}

impl Insertion {
    /// The new text, if it says what the old one said and just this more.
    pub fn make(
        &self,
        text: &str,
        old: &Reading,
        added: &Added<'_>,
        settings: &Settings,
    ) -> Result<String, EditError> {
        let new_text = [&text[..self.at], &self.bytes, &text[self.at..]].concat();
        let new = parse(&new_text, "x", settings);
        let (start, end) =
            (Position::of(&new_text, self.at), Position::of(&new_text, self.at + self.bytes.len()));
        let lines = memchr::memchr_iter(b'\n', self.bytes.as_bytes()).count() as u32;
        let is_added = |at: Position| start <= at && at < end;
        let moved = |at: Position| if at < start { at } else { Position { line: at.line + lines, ..at } };

        let (here, log) = part(&new.contact.log, |e| is_added(e.at));
        let reads_back = match (added.entry, &here[..]) {
            (None, []) => true,
            (Some(entry), [read]) => says(read, entry) && is_last_of_its_time(&new.contact.log, read),
            _ => false,
        };
        let old_log = old.contact.log.iter().map(|e| Entry { at: moved(e.at), ..e.clone() });
        let (promised, promises) = part(&new.contact.promises, |p| is_added(p.at));
        let old_promises = old.contact.promises.iter().cloned().map(|mut p| {
            p.at = moved(p.at);
            p
        });
        let (linked, links) = part(&new.contact.links, |l| is_added(l.at));
        let old_links = old.contact.links.iter().cloned().map(|mut l| {
            l.at = moved(l.at);
            l
        });
        let reads_back = reads_back
            && promised.len() == added.promises.len()
            && promised.iter().zip(added.promises).all(|(p, new)| is_promised(p, new, added.made))
            && linked.iter().all(|link| link.sent == added.made);
        if here.is_empty() && promised.is_empty() {
            // It is swallowed by something around it, such as a block of code that never ends.
            return Err(EditError::Unsafe("what stands there would swallow the addition".to_owned()));
        }
        if !reads_back {
            let what = if added.entry.is_some() { "entry" } else { "promise" };
            return Err(EditError::Unwritable(format!(
                "such a text would not read back as the {what} it is"
            )));
        }
        let is_kept = log.into_iter().cloned().eq(old_log)
            && promises.into_iter().cloned().eq(old_promises)
            && links.into_iter().cloned().eq(old_links)
            && new.contact.name == old.contact.name
            && new.contact.broken == old.contact.broken
            && new.problems.len() <= old.problems.len()
            && Layout::of(&new_text).front_matter == Layout::of(text).front_matter;
        if is_kept {
            Ok(new_text)
        } else {
            Err(EditError::Unsafe("the rest of the file would read otherwise".to_owned()))
        }
    }
}

fn part<T>(all: &[T], is_first: impl Fn(&T) -> bool) -> (Vec<&T>, Vec<&T>) {
    all.iter().partition(|item| is_first(item))
}

pub(super) fn says(read: &Entry, new: &NewEntry) -> bool {
    read.date == new.date
        && read.time == new.time
        && read.channel == new.channel
        && read.words == new.words
        && read.who == new.who
        && one_line(&read.text) == one_line(&new.text)
}

/// The log is read oldest first: nothing of the same time stands after what is new.
fn is_last_of_its_time(log: &[Entry], new: &Entry) -> bool {
    let same_time = log.iter().rev().find(|e| (e.date, e.time) == (new.date, new.time));
    same_time.is_some_and(|last| last.at == new.at)
}
