//! Splits a contact's text into front matter, prose, log and rest, and joins such parts again, without losing a byte.

use std::borrow::Cow;
use std::ops::Range;

use crate::date::{Date, Time};
use crate::file::edit::lines::{line_end, line_start};
use crate::file::edit::outline::Outline;
use crate::file::layout::Layout;

/// A text in its parts. Each is of whole lines, and none begins or ends with a blank one: those are gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts<'t> {
    /// The front matter; none where the text begins with the body.
    pub front: Option<Front<'t>>,
    /// The blank lines that the body begins with.
    pub lead: &'t str,
    /// What stands before the log.
    pub prose: Block<'t>,
    /// The heading of the log.
    pub heading: Block<'t>,
    /// What stands between the heading and the first entry.
    pub intro: Block<'t>,
    /// The entries, all of them.
    pub log: Block<'t>,
    /// The same, one by one.
    pub entries: Vec<Chunk<'t>>,
    /// What follows the last entry.
    pub rest: Block<'t>,
    /// How much of that belongs to the log's section: up to its next heading.
    pub rest_of_section: usize,
    /// How the text ends.
    pub tail: Tail<'t>,
}

/// A front matter: its fences and what stands between them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Front<'t> {
    pub open: &'t str,
    pub toml: &'t str,
    pub close: &'t str,
}

/// Some lines; empty where there is nothing of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Block<'t> {
    /// The blank lines between it and the block before; none where it is the first, or not there.
    pub gap: Option<&'t str>,
    pub text: &'t str,
}

/// An entry of the log with all that stands below it, up to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chunk<'t> {
    pub text: &'t str,
    /// The blank lines between it and the next; none after the last.
    pub gap: Option<&'t str>,
}

/// How a text ends: the blank lines after all else, and whether the last line of all has a line end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tail<'t> {
    pub blank: &'t str,
    pub is_ended: bool,
}

impl<'t> Parts<'t> {
    /// Of a contact. `text` has no byte order mark and ends with a line end, unless it is empty; `is_ended` says
    /// whether that line end is the file's own.
    pub fn of(text: &'t str, is_ended: bool) -> Parts<'t> {
        let layout = Layout::of(text);
        let front = layout.has_front_matter().then(|| Front {
            open: &text[layout.open.clone()],
            toml: &text[layout.front_matter.clone()],
            close: &text[layout.close.clone()],
        });
        let body = layout.body;
        let outline = Outline::of(text, body.clone());
        let Some(heading) = outline.headings.first() else {
            return Parts::plain_body(text, body, front, is_ended);
        };
        let heading_end = line_end(text, heading.end);
        let mut starts: Vec<(usize, usize)> = Vec::new();
        let mut list = None;
        for item in &outline.items {
            let (start, end) = (line_start(text, item.start), line_end(text, item.end));
            // To Markdown a lone carriage return ends a line; here it does not, so two may begin on one line.
            let is_apart = start >= starts.last().map_or(heading_end, |(last, _)| last + 1);
            if key_of(&text[item.start..]).is_some() && is_apart {
                starts.push((start, end));
                list = Some(item.list);
            } else if let Some((_, last_end)) = starts.last_mut().filter(|_| list == Some(item.list)) {
                // An item without a day belongs to the entry above, also where that is the last.
                *last_end = end.max(*last_end);
            }
        }
        let section_end = heading.next.clamp(heading_end, body.end);
        let (first, last) = match (starts.first(), starts.last()) {
            (Some((first, _)), Some((_, end))) => (*first, *end),
            // Without an entry there is nothing that could come after the log but the next heading.
            _ => (section_end, section_end),
        };
        let cuts = [body.start, heading.start, heading_end, first, last, body.end];
        let mut cutter = Cutter { text, at: body.start, is_first: true };
        let lead_end = content(text, body.clone()).start;
        let [prose, heading, intro, log, rest] =
            [0, 1, 2, 3, 4].map(|at| cutter.block(cuts[at]..cuts[at + 1].max(cuts[at])));
        let ends = starts.iter().skip(1).map(|(start, _)| *start).chain([last]);
        let entries = starts.iter().zip(ends).map(|((start, _), end)| {
            let said = content(text, *start..end);
            Chunk { text: &text[said.clone()], gap: (end < last).then(|| &text[said.end..end]) }
        });
        let entries = entries.collect();
        let lead = &text[body.start..lead_end];
        let tail = Tail { blank: &text[cutter.at.max(lead_end)..], is_ended };
        let rest_start = cutter.at - rest.text.len();
        let rest_of_section = section_end.clamp(rest_start, cutter.at) - rest_start;
        Parts { front, lead, prose, heading, intro, log, entries, rest, rest_of_section, tail }
    }

    /// Of a text that is prose alone.
    pub fn plain(text: &'t str, is_ended: bool) -> Parts<'t> {
        Parts::plain_body(text, 0..text.len(), None, is_ended)
    }

    fn plain_body(text: &'t str, body: Range<usize>, front: Option<Front<'t>>, is_ended: bool) -> Parts<'t> {
        let said = content(text, body.clone());
        Parts {
            front,
            lead: &text[body.start..said.start],
            prose: Block { gap: None, text: &text[said.clone()] },
            heading: Block::default(),
            intro: Block::default(),
            log: Block::default(),
            entries: Vec::new(),
            rest: Block::default(),
            rest_of_section: 0,
            tail: Tail { blank: &text[said.end..], is_ended },
        }
    }
}

/// What stands around a log, by what there is of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Around<'t> {
    pub prose: Cow<'t, str>,
    pub intro: Cow<'t, str>,
    pub rest: &'t str,
}

impl<'t> Parts<'t> {
    /// As it is.
    pub fn around(&self) -> Around<'t> {
        Around { prose: self.prose.text.into(), intro: self.intro.text.into(), rest: self.rest.text }
    }

    /// As it would be with a log that has no entries: what stands behind them in the log's section then follows its
    /// heading.
    pub fn around_empty_log(&self, ending: &str) -> Around<'t> {
        let (section, rest) = self.rest.text.split_at(self.rest_of_section);
        let section = &section[content(section, 0..section.len())];
        Around { intro: joined(self.intro.text, section, ending), rest, ..self.around() }
    }

    /// As it would be without a log, but for what stands in its section.
    pub fn around_no_log(&self, ending: &str) -> Around<'t> {
        let Around { prose, intro, rest } = self.around_empty_log(ending);
        let prose = match prose {
            Cow::Borrowed(prose) => joined(prose, rest, ending),
            prose => prose,
        };
        Around { prose, intro, rest: "" }
    }
}

/// Two blocks as one, with a blank line between them.
fn joined<'t>(first: &'t str, second: &'t str, ending: &str) -> Cow<'t, str> {
    match (first, second) {
        ("", second) => second.into(),
        (first, "") => first.into(),
        _ => [first, ending, second].concat().into(),
    }
}

/// Cuts blocks out of a text, one after the other.
struct Cutter<'t> {
    text: &'t str,
    /// The end of the last block.
    at: usize,
    is_first: bool,
}

impl<'t> Cutter<'t> {
    fn block(&mut self, range: Range<usize>) -> Block<'t> {
        let said = content(self.text, range);
        if said.is_empty() {
            return Block::default();
        }
        let gap = (!self.is_first).then(|| &self.text[self.at..said.start]);
        self.is_first = false;
        self.at = said.end;
        Block { gap, text: &self.text[said] }
    }
}

/// Parts that are to be joined.
pub(super) struct Joint<'p> {
    /// Front matter with its fences.
    pub front: &'p str,
    pub lead: &'p str,
    /// The blocks in order; those without text are left out.
    pub blocks: [(Option<&'p str>, &'p str); 5],
    pub tail: Tail<'p>,
    /// A line end: the gap where no version knows one is a blank line.
    pub ending: &'p str,
}

impl Joint<'_> {
    /// The text.
    pub fn text(&self) -> String {
        let mut text = [self.front, self.lead].concat();
        let mut is_first = true;
        for (gap, block) in self.blocks.iter().filter(|(_, block)| !block.is_empty()) {
            if !std::mem::take(&mut is_first) {
                text.push_str(gap.unwrap_or(self.ending));
            }
            text.push_str(block);
        }
        text.push_str(self.tail.blank);
        if !self.tail.is_ended {
            let ended = text.strip_suffix('\n').map_or(text.len(), str::len);
            text.truncate(ended);
            if text.ends_with('\r') && self.ending == "\r\n" {
                text.pop();
            }
        }
        text
    }
}

/// When an entry was, and by what: day, time and channel as they are written. None where an item of the log does
/// not begin with a day. `item` begins at the item's marker.
pub(super) fn key_of(item: &str) -> Option<(&str, Option<&str>, &str)> {
    let item = item.trim_start_matches([' ', '\t']);
    let digits = item.bytes().take_while(u8::is_ascii_digit).count();
    let said = item[digits..].strip_prefix(['-', '*', '+', '.', ')'])?.trim_start_matches([' ', '\t']);
    Date::scan(said.as_bytes())?;
    let mut words = said[10..].lines().next().unwrap_or_default().split_whitespace();
    let mut word = words.next().unwrap_or_default();
    let time = Time::scan(word.trim_end_matches(':')).map(|_| word.trim_end_matches(':'));
    if time.is_some() {
        word = words.next().unwrap_or_default();
    }
    Some((&said[..10], time, word.trim_end_matches(':')))
}

/// The part of some whole lines that neither begins nor ends with a blank line.
fn content(text: &str, range: Range<usize>) -> Range<usize> {
    let said = &text[range.clone()];
    let is_blank = |line: &&str| is_blank(line);
    let lead: usize = said.split_inclusive('\n').take_while(is_blank).map(str::len).sum();
    let after: usize = said[lead..].split_inclusive('\n').rev().take_while(is_blank).map(str::len).sum();
    range.start + lead..range.end - after
}

/// Whether nothing can be seen on a line.
pub(super) fn is_blank(line: &str) -> bool {
    line.bytes().all(|byte| byte.is_ascii_whitespace())
}
