//! Adds promises to an entry of the log, and ticks the box of one.

use super::entry::{Added, Insertion, read};
use super::lines::{Splice, line_ending, line_start, splice};
use super::outline::{Lines, Outline, Skin};
use super::{EditError, wording};
use crate::contact::{Promise, Promiser};
use crate::date::Date;
use crate::file::layout::Layout;
use crate::file::log::one_line;
use crate::file::parse;
use crate::problem::Position;
use crate::settings::Settings;

/// A promise to be written (format, section 4).
#[derive(Debug, Clone, PartialEq)]
pub struct NewPromise {
    /// The box is ticked.
    pub kept: bool,
    /// Whose it is.
    pub who: Promiser,
    /// What is promised, on one line.
    pub text: String,
    /// By which day.
    pub by: Option<Date>,
}

/// Adds promises to the entry of the log that stands at `entry`, after what it holds.
///
/// # Errors
/// Where the file is broken, no entry stands there, or a promise cannot be written so that it reads back.
pub fn add_promises(
    text: &str,
    entry: Position,
    promises: &[NewPromise],
    settings: &Settings,
) -> Result<String, EditError> {
    let old = read(text, settings)?;
    let missing = || EditError::Missing(format!("no entry of the log stands on line {}", entry.line));
    let made = old.contact.log.iter().find(|e| e.at == entry).ok_or_else(missing)?.date;
    if promises.is_empty() {
        return Ok(text.to_owned());
    }
    let rows: Result<Vec<String>, EditError> = promises.iter().map(wording::promise).collect();
    let rows = rows?;
    let outline = Outline::of(text, Layout::of(text).body);
    let at = Lines::of(text).offset(entry).and_then(|at| outline.item_at(at));
    let item = at.map(|at| &outline.items[at]).ok_or_else(missing)?;
    let own = Skin::of(text, item.start, 0);
    let (lead, is_loose) = match &item.children[..] {
        [.., last] if is_bullet(text, *last) => {
            (Skin::of(text, *last, 0).lead, is_loose(text, &item.children))
        }
        _ => (format!("{}{} ", own.inner, own.bullet), false),
    };
    let ending = line_ending(text, item.end);
    let added = Added { entry: None, promises, made: Some(made) };
    let mut refusal = None;
    // What the entry holds may end in something that goes on, such as a quote or a block of HTML: a blank line
    // ends most of that, and before it all is after the entry's own text. What follows may go on with the promise.
    let gaps = [is_loose, true].map(|gap| if gap { ending } else { "" });
    for (at, before, after) in [
        (item.end, gaps[0], ""),
        (item.end, gaps[0], ending),
        (item.end, gaps[1], ""),
        (item.end, gaps[1], ending),
        (item.text_end, "", ""),
    ] {
        let row = |row: &String| format!("{ending}{before}{lead}{row}");
        let bytes = rows.iter().map(row).chain([after.to_owned()]).collect();
        let insertion = Insertion { at, bytes };
        match insertion.make(text, &old, &added, settings) {
            Ok(new) => return Ok(new),
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    Err(refusal.unwrap_or_else(missing))
}

/// Ticks the box of the promise at `promise`, or takes the tick away: the one byte in the box.
///
/// # Errors
/// Where the file is broken, or no promise stands there.
pub fn tick(text: &str, promise: Position, kept: bool) -> Result<String, EditError> {
    let settings = Settings::default();
    let old = read(text, &settings)?;
    let missing = || EditError::Missing(format!("no promise stands on line {}", promise.line));
    let there = old.contact.promises.iter().find(|p| p.at == promise).ok_or_else(missing)?;
    if there.kept == kept {
        return Ok(text.to_owned());
    }
    let at = Lines::of(text).offset(promise).map(|at| at + 1).ok_or_else(missing)?;
    let mark = if kept { "x" } else { " " };
    let new_text = splice(text, vec![Splice { range: at..at + 1, new: mark.to_owned() }]);
    let mut new = parse(&new_text, "x", &settings);
    for (p, before) in new.contact.promises.iter_mut().zip(&old.contact.promises) {
        if p.at == promise && p.kept == kept {
            p.kept = before.kept;
        }
    }
    let same = new.contact.promises == old.contact.promises
        && new.contact.log == old.contact.log
        && new.contact.links == old.contact.links
        && new.problems.len() <= old.problems.len();
    if same { Ok(new_text) } else { Err(EditError::Unsafe("the box cannot be ticked alone".to_owned())) }
}

/// Whether a promise reads as it was meant.
pub(super) fn is_promised(read: &Promise, new: &NewPromise, made: Option<Date>) -> bool {
    read.kept == new.kept
        && read.who == new.who
        && read.by == new.by
        && read.made == made
        && one_line(&read.text) == one_line(&new.text)
}

fn is_bullet(text: &str, at: usize) -> bool {
    let own_line = text[line_start(text, at)..at].trim().is_empty();
    own_line && text[at..].starts_with(['-', '*', '+'])
}

/// Whether a blank line stands before the last of these items.
fn is_loose(text: &str, items: &[usize]) -> bool {
    match items {
        [.., before, last] => {
            let between = &text[*before..*last];
            between.lines().rev().nth(1).is_some_and(|line| line.trim().is_empty())
        }
        _ => false,
    }
}
