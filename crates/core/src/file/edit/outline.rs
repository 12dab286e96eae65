//! Where in a body the log stands: its headings and the items of its lists, as `body` reads them.

use std::ops::Range;

use pulldown_cmark::{Event, HeadingLevel, Parser, Tag, TagEnd};

use super::lines::{content_end, line_end, line_start};
use crate::file::body;
use crate::problem::Position;

/// The log's headings and items, in the file's order. Places count in the whole text.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    pub headings: Vec<LogHeading>,
    pub items: Vec<LogItem>,
}

/// A heading `Log`.
#[derive(Debug)]
pub(crate) struct LogHeading {
    /// Where its first line begins.
    pub start: usize,
    /// The end of its last line, without the line end.
    pub end: usize,
    /// Where the next heading begins, or the file ends.
    pub next: usize,
}

/// An item of a list of the log.
#[derive(Debug)]
pub(crate) struct LogItem {
    /// Where its marker stands.
    pub start: usize,
    /// The end of its last line with anything on it, without the line end.
    pub end: usize,
    /// The end of the first line block in it, without the line end.
    pub text_end: usize,
    /// Which of the log's lists it is of.
    pub list: usize,
    /// Where the markers of the items of its last nested list stand.
    pub children: Vec<usize>,
}

impl Outline {
    /// Looks through the body of `text`.
    pub fn of(text: &str, body: Range<usize>) -> Outline {
        let mut walk = Walk { text, base: body.start, outline: Outline::default(), ..Walk::default() };
        for (event, range) in Parser::new_ext(&text[body.clone()], body::options()).into_offset_iter() {
            walk.event(event, body.start + range.start..body.start + range.end);
        }
        walk.end_section(body.end);
        walk.outline
    }

    /// The item that holds byte `at`.
    pub fn item_at(&self, at: usize) -> Option<usize> {
        let next = self.items.partition_point(|item| item.start <= at);
        next.checked_sub(1).filter(|index| at <= self.items[*index].end)
    }
}

#[derive(Default)]
struct Walk<'a> {
    text: &'a str,
    base: usize,
    outline: Outline,
    /// How many quotes, lists and items are open.
    depth: usize,
    /// The text of the heading that is open.
    heading: Option<(HeadingLevel, String)>,
    log_level: Option<HeadingLevel>,
    /// An item of the log is open.
    in_item: bool,
    lists: usize,
}

impl Walk<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) if self.depth == 0 => {
                self.end_section(range.start);
                self.heading = Some((level, String::new()));
            }
            Event::End(TagEnd::Heading(_)) => {
                if let Some((level, text)) = self.heading.take() {
                    self.end_heading(level, text.trim(), range);
                }
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, heading)) = &mut self.heading {
                    heading.push_str(&text);
                }
            }
            Event::Start(Tag::List(_)) => {
                if self.depth == 0 {
                    self.lists += 1;
                }
                if let (2, true, Some(item)) = (self.depth, self.in_item, self.outline.items.last_mut()) {
                    item.children.clear();
                    self.end_text(range.start);
                }
                self.depth += 1;
            }
            Event::Start(Tag::Item) => {
                self.start_item(range);
                self.depth += 1;
            }
            Event::Start(Tag::BlockQuote(_)) => self.depth += 1,
            Event::End(TagEnd::Item) => {
                self.depth -= 1;
                self.in_item &= self.depth > 1;
            }
            Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_)) => self.depth -= 1,
            Event::End(TagEnd::Paragraph) if self.depth == 2 && self.in_item => self.end_text(range.end),
            _ => {}
        }
    }

    fn start_item(&mut self, range: Range<usize>) {
        let said = &self.text[range.clone()];
        let start = range.start + (said.len() - said.trim_start_matches([' ', '\t']).len());
        match self.depth {
            1 if self.log_level.is_some() => {
                let end = content_end(self.text, range.start + said.trim_end().len());
                self.in_item = true;
                let item = LogItem { start, end, text_end: end, list: self.lists, children: Vec::new() };
                self.outline.items.push(item);
            }
            3 if self.in_item => {
                if let Some(item) = self.outline.items.last_mut() {
                    item.children.push(start);
                }
            }
            _ => {}
        }
    }

    /// The first block of text of the open item ends before `at`, if it did not yet.
    fn end_text(&mut self, at: usize) {
        let (text, base) = (self.text, self.base);
        if let Some(item) = self.outline.items.last_mut()
            && item.text_end == item.end
            && item.start < at
        {
            let said = text[base..at].trim_end();
            item.text_end = content_end(text, base + said.len()).min(item.end);
        }
    }

    fn end_heading(&mut self, level: HeadingLevel, text: &str, range: Range<usize>) {
        if text.eq_ignore_ascii_case("log") {
            self.log_level = Some(level);
            let said = self.text[range.clone()].trim_end();
            let end = content_end(self.text, range.start + said.len());
            let start = line_start(self.text, range.start);
            self.outline.headings.push(LogHeading { start, end, next: usize::MAX });
        } else if self.log_level.is_some_and(|log| level <= log) {
            self.log_level = None;
        }
    }

    fn end_section(&mut self, at: usize) {
        if let Some(heading) = self.outline.headings.last_mut().filter(|heading| heading.next == usize::MAX) {
            heading.next = at;
        }
    }
}

/// Turns positions back into bytes.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub fn of(text: &'t str) -> Lines<'t> {
        let bom = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Lines { text, starts: std::iter::once(bom).chain(ends).collect() }
    }

    /// The byte at a position that lies in the text.
    pub fn offset(&self, at: Position) -> Option<usize> {
        let start = *self.starts.get((at.line as usize).checked_sub(1)?)?;
        let line = &self.text[start..line_end(self.text, start)];
        let mut columns = line.char_indices().filter(|(_, c)| *c != '\u{feff}').map(|(byte, _)| byte);
        columns.nth((at.column as usize).checked_sub(1)?).map(|byte| start + byte)
    }
}

/// How an item is set: what stands before its text, and before what is nested in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Skin {
    /// Indentation, marker and the blanks after it.
    pub lead: String,
    /// The indentation of lines that belong to it.
    pub inner: String,
    /// The mark of a list nested in it.
    pub bullet: char,
}

impl Skin {
    /// Of an item in a list that there was not yet.
    pub fn plain() -> Skin {
        Skin { lead: "- ".to_owned(), inner: "  ".to_owned(), bullet: '-' }
    }

    /// Of the item whose marker stands at `start`; a number is counted on by `step`.
    pub fn of(text: &str, start: usize, step: u64) -> Skin {
        let indent = &text[line_start(text, start)..start];
        let rest = &text[start..content_end(text, start)];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let mark = rest[digits..].chars().next().filter(|c| "-*+.)".contains(*c)).unwrap_or('-');
        let number = rest[..digits].parse::<u64>().map_or(String::new(), |n| (n + step).to_string());
        let after = &rest[(digits + mark.len_utf8()).min(rest.len())..];
        let blanks = &after[..after.len() - after.trim_start_matches([' ', '\t']).len()];
        // More blanks would make code of the text, and none no item.
        let is_usual = (1..=4).contains(&blanks.len()) && blanks.len() < after.len();
        let lead = format!("{indent}{number}{mark}{}", if is_usual { blanks } else { " " });
        let bullet = if "*+".contains(mark) { mark } else { '-' };
        let inner = if indent.trim().is_empty() { " ".repeat(columns(&lead)) } else { String::new() };
        Skin { lead, inner, bullet }
    }
}

/// How wide blanks and marks are on the screen; a tab goes to the next fourth column.
fn columns(text: &str) -> usize {
    text.chars().fold(0, |column, c| if c == '\t' { column / 4 * 4 + 4 } else { column + 1 })
}
