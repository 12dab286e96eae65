//! Adds a plain text to a contact's prose, so that it stays a text: nothing in it begins a heading, a promise, a link
//! or an entry of the log.

use std::collections::HashSet;

use pulldown_cmark::{Event, Parser, Tag};

use super::entry::read;
use super::lines::{is_blank_line, last_content_end, line_ending};
use super::outline::Outline;
use super::{EditError, wording};
use crate::contact::{Contact, Entry, Link, Promise};
use crate::file::layout::Layout;
use crate::file::{Reading, body, note_of, parse, prose};
use crate::problem::Position;
use crate::settings::Settings;

/// Adds a text before the log, or at the end where there is none. What would begin anything but text, or a list, is
/// escaped. Characters that steer a terminal are left out, and blank lines at both ends. A text that is there already
/// is not added again; white space and escapes do not make it another.
///
/// # Errors
/// Where the file is broken, or there is no place where the text would be one.
pub fn add_prose(text: &str, words: &str, settings: &Settings) -> Result<String, EditError> {
    let old = read(text, settings)?;
    let words = cleaned(words);
    let layout = Layout::of(text);
    if Told::of(&prose(text)).says(&words) {
        return Ok(text.to_owned());
    }
    let ways = [words.clone(), escaped_at_lines(&words), escaped_throughout(&words)];
    let bare = |text: &str| -> Vec<String> { text.lines().map(|line| line.trim().to_owned()).collect() };
    let said = bare(words.trim());
    // Another program gets it as it came.
    let ways: Vec<&String> = ways.iter().filter(|way| bare(&note_of(way, "")) == said).collect();
    for place in places(text, &layout) {
        if let Some(new) = ways.iter().find_map(|way| place.with(text, way, &old, settings, Way::Text)) {
            return Ok(new);
        }
    }
    Err(EditError::Unsafe("there is no place for a note".to_owned()))
}

/// Adds Markdown before the log, or at the end where there is none, as it stands: headings, links and promises of it
/// are what they were where it was written. Where that would change what else the file says, or would not be read as
/// prose, it is added as [`add_prose`] does.
///
/// # Errors
/// Where the file is broken, or there is no place where the text would be one.
pub fn add_markdown(text: &str, words: &str, settings: &Settings) -> Result<String, EditError> {
    let old = read(text, settings)?;
    let words = words.trim();
    if words.is_empty() {
        return Ok(text.to_owned());
    }
    // Behind the log something could go on that never ends.
    let best = places(text, &Layout::of(text)).into_iter().next();
    let found = best.and_then(|place| place.with(text, words, &old, settings, Way::Markdown));
    found.map_or_else(|| add_prose(text, words, settings), Ok)
}

/// Whether the prose of a contact says it already, white space and escapes aside: all of it in one stretch, or
/// each paragraph somewhere.
pub fn has_prose(text: &str, words: &str) -> bool {
    Told::of(&prose(text)).says(&cleaned(words))
}

/// The paragraphs that neither the prose of a contact says, nor the same prose as other programs are given it
/// ([`note_of`]), with a blank line between them; none where all are there.
pub fn new_prose(text: &str, name: &str, words: &str) -> Option<String> {
    let prose = prose(text);
    let (body, note) = (Told::of(&prose), Told::of(&note_of(&prose, name)));
    let plain = cleaned(words);
    if body.says(&plain) || note.says(&plain) {
        return None;
    }
    let words = words.replace("\r\n", "\n");
    let paragraphs = words.split("\n\n").filter(|part| !part.trim().is_empty());
    let is_there = |part: &str| body.says(&cleaned(part)) || note.says(&cleaned(part));
    let new: Vec<&str> = paragraphs.filter(|part| !is_there(part)).collect();
    (!new.is_empty()).then(|| new.join("\n\n"))
}

/// The lines without what steers a terminal, and with one blank line at most between two others.
fn cleaned(words: &str) -> String {
    let words =
        words.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let mut out = String::with_capacity(words.len());
    let mut gap = false;
    for line in words.split('\n') {
        let line: String =
            line.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !c.is_control()).collect();
        let line = line.trim_end();
        gap |= line.trim().is_empty();
        if line.trim().is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str(if gap { "\n\n" } else { "\n" });
        }
        out.push_str(line);
        gap = false;
    }
    out
}

/// What a body says, as it is compared: without white space, escapes and what steers a terminal.
struct Told {
    all: String,
    /// Where lines begin and end in it.
    ends: Vec<usize>,
    paragraphs: HashSet<String>,
}

impl Told {
    fn of(body: &str) -> Told {
        let mut told =
            Told { all: String::with_capacity(body.len()), ends: vec![0], paragraphs: HashSet::new() };
        let mut paragraph = 0;
        for line in body.lines().chain([""]) {
            let before = told.all.len();
            told.all.push_str(&squashed(line));
            if line.trim().is_empty() && before > paragraph {
                told.paragraphs.insert(told.all[paragraph..before].to_owned());
            }
            if line.trim().is_empty() {
                paragraph = before;
            }
            told.ends.push(told.all.len());
        }
        told.ends.dedup();
        told
    }

    /// Whether it is there.
    fn says(&self, words: &str) -> bool {
        let mut paragraphs = words.split("\n\n").map(squashed);
        self.has(&squashed(words))
            || paragraphs.all(|words| self.paragraphs.contains(&words) || self.has(&words))
    }

    /// Whether the squashed text is there, from the beginning of a line to the end of one.
    fn has(&self, wanted: &str) -> bool {
        let is_end = |at: usize| self.ends.binary_search(&at).is_ok();
        let mut begins = self.ends.iter().filter(|at| self.all.len() - **at >= wanted.len());
        begins.any(|at| is_end(at + wanted.len()) && self.all[*at..].starts_with(wanted))
    }
}

fn squashed(words: &str) -> String {
    words.chars().filter(|c| !c.is_whitespace() && !c.is_control() && *c != '\\').collect()
}

/// Lines that would begin anything but text have their first mark escaped, and so has what begins a link or code.
fn escaped_at_lines(words: &str) -> String {
    let line = |line: &str| {
        let line = line.trim_start();
        let mut escaped = String::with_capacity(line.len() + 4);
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let mark = line[digits..].chars().next().filter(char::is_ascii_punctuation);
        let begins = mark.is_some() && !wording::goes_on(line);
        for (at, c) in line.char_indices() {
            if (begins && at == digits) || matches!(c, '[' | '<' | '`' | '|' | '\\') {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    };
    words.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Every mark is escaped, so that Markdown has nothing left to see.
fn escaped_throughout(words: &str) -> String {
    let mut escaped = String::with_capacity(words.len() * 2);
    for line in words.split('\n') {
        for c in line.trim_start().chars() {
            if c.is_ascii_punctuation() {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped.push('\n');
    }
    escaped.pop();
    escaped
}

/// What words are.
#[derive(Clone, Copy)]
enum Way {
    /// Text and nothing else.
    Text,
    /// Anything that is no log.
    Markdown,
}

/// Where a text may go.
struct Place {
    at: usize,
    before: String,
    after: String,
    ending: &'static str,
}

/// The best place first.
fn places(text: &str, layout: &Layout) -> Vec<Place> {
    let outline = Outline::of(text, layout.body.clone());
    let before_log = outline.headings.first().map(|heading| {
        let (at, ending) = (heading.start, line_ending(text, heading.start));
        let is_apart = at == layout.bom.end || at > layout.body.start && is_blank_line(text, at - 1);
        let before = if is_apart { "" } else { ending };
        Place { at, before: before.to_owned(), after: ending.repeat(2), ending }
    });
    before_log.into_iter().chain([at_end(text, layout)]).collect()
}

fn at_end(text: &str, layout: &Layout) -> Place {
    let ending = line_ending(text, text.len());
    let end = last_content_end(text);
    if end > layout.body.start {
        return Place { at: end, before: ending.repeat(2), after: String::new(), ending };
    }
    let (at, is_first) = (text.len(), layout.body.start == layout.bom.end);
    let is_apart = is_first || !layout.body.is_empty() && text.ends_with('\n');
    let before = if is_apart { String::new() } else { ending.to_owned() };
    let open_line = !is_first && !text.ends_with('\n');
    Place { at, before: if open_line { before.repeat(2) } else { before }, after: ending.to_owned(), ending }
}

impl Place {
    /// The text with these words here, if they read as text and all else as before.
    fn with(&self, text: &str, words: &str, old: &Reading, settings: &Settings, way: Way) -> Option<String> {
        let words = words.replace('\n', self.ending);
        let bytes = [self.before.as_str(), &words, &self.after].concat();
        let new_text = [&text[..self.at], &bytes, &text[self.at..]].concat();
        let start = self.at + self.before.len();
        let layout = Layout::of(&new_text);
        let is_read = layout.front_matter == Layout::of(text).front_matter
            && layout.body.start <= start
            && match way {
                Way::Text => is_text(&new_text, &layout, start, start + words.len()),
                Way::Markdown => is_prose(text, &new_text, &words),
            };
        if !is_read {
            return None;
        }
        let new = parse(&new_text, "x", settings);
        let begin = Position::of(&new_text, self.at);
        let lines = memchr::memchr_iter(b'\n', bytes.as_bytes()).count() as u32;
        let moved = |at: Position| if at < begin { at } else { Position { line: at.line + lines, ..at } };
        let ((log, promises, links), before) = (said(&new.contact), said_at(&old.contact, moved));
        let is_kept = match way {
            Way::Text => {
                (log, promises, links) == before
                    && new.contact.quoted == old.contact.quoted
                    && new.problems.len() <= old.problems.len()
            }
            Way::Markdown => {
                log == before.0
                    && before.1.iter().all(|promise| promises.contains(promise))
                    && before.2.iter().all(|link| links.contains(link))
            }
        };
        let (new, old) = (new.contact, &old.contact);
        (is_kept && new.name == old.name && new.broken == old.broken).then_some(new_text)
    }
}

type Said = (Vec<Entry>, Vec<Promise>, Vec<Link>);

fn said(contact: &Contact) -> Said {
    (contact.log.clone(), contact.promises.clone(), contact.links.clone())
}

fn said_at(contact: &Contact, moved: impl Fn(Position) -> Position) -> Said {
    let (mut log, mut promises, mut links) = said(contact);
    log.iter_mut().for_each(|entry| entry.at = moved(entry.at));
    promises.iter_mut().for_each(|promise| promise.at = moved(promise.at));
    links.iter_mut().for_each(|link| link.at = moved(link.at));
    (log, promises, links)
}

/// Whether all of it is read as prose, and the log stands where it stood.
fn is_prose(old: &str, new: &str, words: &str) -> bool {
    let headings = |text: &str| Outline::of(text, Layout::of(text).body).headings.len();
    let count = |text: &str| memchr::memmem::find_iter(prose(text).as_bytes(), words.as_bytes()).count();
    headings(old) == headings(new) && count(new) > count(old)
}

/// Whether Markdown makes paragraphs and plain lists of what stands there, which begin and end with it.
fn is_text(text: &str, layout: &Layout, start: usize, end: usize) -> bool {
    let base = layout.body.start;
    let (mut depth, mut begins) = (0_usize, false);
    for (event, range) in Parser::new_ext(&text[layout.body.clone()], body::options()).into_offset_iter() {
        let (from, to) = (base + range.start, base + range.end);
        let is_inside = from >= start && from < end;
        let is_block = matches!(event, Event::Start(Tag::Paragraph | Tag::List(_)));
        if is_inside {
            let at_top = from == start && depth == 0 && is_block;
            begins |= at_top;
            let is_plain = match &event {
                Event::Start(tag) => matches!(
                    tag,
                    Tag::Paragraph
                        | Tag::List(_)
                        | Tag::Item
                        | Tag::Emphasis
                        | Tag::Strong
                        | Tag::Strikethrough
                ),
                Event::End(_) | Event::Text(_) | Event::SoftBreak | Event::HardBreak | Event::Code(_) => true,
                _ => false,
            };
            let is_over = depth > 0 || text[end.min(to)..to].trim().is_empty();
            if !begins || !is_plain || !is_over {
                return false;
            }
        } else if from < start && to > start && !text[start..to].trim().is_empty() {
            return false;
        }
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    begins
}
