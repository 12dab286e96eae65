//! Reads the plain Markdown that nearly every body is written in, several times as fast as the whole language.
//!
//! As with the front matter, nothing here decides what Markdown is: on anything but plain headings, paragraphs,
//! bullet items and task boxes, and on any problem, [`scan`] gives up, and the crate `pulldown-cmark` reads the body.
//! A property test holds the two to the same answer.

use std::ops::Range;

use super::body::Body;
use super::log::{self, one_line};
use super::place::Place;
use super::promise;
use crate::date::Date;
use crate::problem::Position;
use crate::settings::Settings;

/// What the body says, the log in the file's order; nothing where it is not of the plainest.
pub(super) fn scan(text: &str, body: Range<usize>, settings: &Settings) -> Option<Body> {
    let bytes = text.as_bytes();
    let first_line = 1 + memchr::memchr_iter(b'\n', &bytes[..body.start]).count() as u32;
    let mut scan = Scan {
        text,
        settings,
        body: Body::default(),
        log_level: None,
        block: Block::None,
        paragraph: Paragraph::default(),
        date: None,
    };
    let mut at = body.start;
    let mut line = first_line;
    while at < body.end {
        let end = memchr::memchr(b'\n', &bytes[at..body.end]).map_or(body.end, |n| at + n);
        scan.line(at..end, line)?;
        at = end + 1;
        line += 1;
    }
    scan.end_paragraph()?;
    Some(scan.body)
}

/// What the line before was part of; a line that is indented, or goes on without a mark, belongs to it.
#[derive(Clone, Copy, PartialEq)]
enum Block {
    /// Nothing that goes on.
    None,
    /// A paragraph of its own.
    Text,
    /// A list item.
    Item,
    /// An item nested in one.
    Nested,
}

/// The first paragraph of a list item, as far as read.
#[derive(Default)]
struct Paragraph {
    range: Range<usize>,
    at: Position,
    /// The box of a task-list item: ticked or not, and where.
    task: Option<(bool, Position)>,
    is_entry: bool,
    is_open: bool,
}

struct Scan<'a> {
    text: &'a str,
    settings: &'a Settings,
    body: Body,
    /// The level of the log's heading, while below it.
    log_level: Option<usize>,
    block: Block,
    paragraph: Paragraph,
    /// Of the log entry that nested items belong to.
    date: Option<Date>,
}

impl Scan<'_> {
    fn line(&mut self, range: Range<usize>, number: u32) -> Option<()> {
        let line = &self.text.as_bytes()[range.clone()];
        if holds(line, &CONTROL) {
            return None;
        }
        match line {
            [] => {
                self.end_paragraph()?;
                self.block = Block::None;
            }
            [b'#', ..] => {
                self.end_paragraph()?;
                self.block = Block::None;
                self.heading(&self.text[range])?;
            }
            [b'-' | b'*', b' ', rest @ ..] => {
                self.end_paragraph()?;
                self.date = None;
                self.block = Block::Item;
                self.item(rest, range.start + 2..range.end, Position { line: number, column: 3 })?;
            }
            [b' ', b' ', b'-' | b'*', b' ', rest @ ..]
                if matches!(self.block, Block::Item | Block::Nested) =>
            {
                self.end_paragraph()?;
                self.block = Block::Nested;
                self.item(rest, range.start + 4..range.end, Position { line: number, column: 5 })?;
            }
            [b' ', b' ', rest @ ..] if self.block == Block::Item => {
                starts_text(rest)?;
                is_plain_item(rest)?;
                self.paragraph.range.end = range.end;
            }
            _ if matches!(self.block, Block::None | Block::Text) => {
                starts_text(line)?;
                has_no_inner_link(line)?;
                self.block = Block::Text;
            }
            _ => return None,
        }
        Some(())
    }

    /// An ATX heading without any markup in it.
    fn heading(&mut self, line: &str) -> Option<()> {
        let level = line.bytes().take_while(|b| *b == b'#').count();
        let text = line[level..].strip_prefix(' ')?.trim();
        let is_plain = |c: char| c.is_alphanumeric() || " .,:;'()/-".contains(c);
        if level > 6 || text.is_empty() || !text.chars().all(is_plain) {
            return None;
        }
        if text.eq_ignore_ascii_case("log") {
            self.log_level = Some(level);
            return Some(());
        }
        if self.log_level.is_some_and(|log| level <= log) {
            self.log_level = None;
        }
        if level == 1 && self.body.heading.is_none() {
            self.body.heading = Some(one_line(text));
        }
        Some(())
    }

    fn item(&mut self, rest: &[u8], range: Range<usize>, at: Position) -> Option<()> {
        let (task, rest, skip) = match rest {
            [b'[', b' ', b']', b' ', rest @ ..] => (Some((false, at)), rest, 4),
            [b'[', b'x' | b'X', b']', b' ', rest @ ..] => (Some((true, at)), rest, 4),
            _ => (None, rest, 0),
        };
        match rest {
            [b'0'..=b'9' | b'@', ..] => {}
            rest => starts_text(rest)?,
        }
        if starts_ordered_list(rest) {
            return None;
        }
        is_plain_item(rest)?;
        self.paragraph = Paragraph {
            range: range.start + skip..range.end,
            at: Position { column: at.column + skip as u32, ..at },
            task,
            is_entry: self.log_level.is_some() && self.block == Block::Item,
            is_open: true,
        };
        Some(())
    }

    /// The paragraph of an item is over, if one was open.
    fn end_paragraph(&mut self) -> Option<()> {
        if !std::mem::take(&mut self.paragraph.is_open) {
            return Some(());
        }
        let Paragraph { range, at, task, is_entry, .. } = std::mem::take(&mut self.paragraph);
        let paragraph = &self.text[range.clone()];
        // Whatever has a problem is read by the other way, so no place is ever asked for.
        let mut place = Place::new("", 0);
        if let Some((kept, at)) = task {
            let (promise, problem) = promise::read(paragraph, range.start, at, kept, self.date, &mut place);
            self.body.promises.push(promise);
            return problem.is_none().then_some(());
        }
        if is_entry {
            match log::read(paragraph, range.start, at, self.settings, &mut place) {
                log::Item::Entry(entry) => {
                    self.date = Some(entry.date);
                    self.body.log.push(entry);
                }
                log::Item::Spoiled(_) | log::Item::Other(_) => return None,
            }
        }
        Some(())
    }
}

/// Text of an item, of which the very bytes matter.
fn is_plain_item(text: &[u8]) -> Option<()> {
    (!holds(text, &ITEM_MARKUP)).then_some(())
}

/// Some of the 256 bytes.
type Bytes = [bool; 256];

const CONTROL: Bytes = {
    let mut set = [false; 256];
    let mut byte = 0;
    while byte < b' ' {
        set[byte as usize] = true;
        byte += 1;
    }
    set
};
const MARKUP: Bytes = set(b"\\`<&!*_");
const ITEM_MARKUP: Bytes = set(b"\\`<&!*_[]");

const fn set(bytes: &[u8]) -> Bytes {
    let mut set = [false; 256];
    let mut at = 0;
    while at < bytes.len() {
        set[bytes[at] as usize] = true;
        at += 1;
    }
    set
}

fn holds(line: &[u8], set: &Bytes) -> bool {
    line.iter().any(|byte| set[usize::from(*byte)])
}

/// Whether a line begins with what cannot begin anything but text.
fn starts_text(line: &[u8]) -> Option<()> {
    match line.first()? {
        b'a'..=b'z' | b'A'..=b'Z' | b'"' | b'\'' | b'(' | 0x80.. => Some(()),
        b'0'..=b'9' if !starts_ordered_list(line) => Some(()),
        _ => None,
    }
}

/// `1. ` and its like, up to nine digits.
fn starts_ordered_list(line: &[u8]) -> bool {
    let digits = line.iter().take_while(|b| b.is_ascii_digit()).count();
    (1..=9).contains(&digits) && matches!(line.get(digits), Some(b'.' | b')'))
}

/// A line of a paragraph holds nothing that is kept but links; those of the plainest kind that lead out of the
/// notebook are none of ours.
fn has_no_inner_link(line: &[u8]) -> Option<()> {
    let Some(first) = memchr::memchr2(b'[', b']', line) else { return Some(()) };
    if holds(line, &MARKUP) {
        return None;
    }
    let mut rest = &line[first..];
    while let Some(open) = memchr::memchr2(b'[', b']', rest) {
        let inside = rest[open..].strip_prefix(b"[")?;
        let close = memchr::memchr2(b'[', b']', inside)?;
        let target = inside[close..].strip_prefix(b"](http")?;
        let end = target.iter().position(|b| !b.is_ascii_alphanumeric() && !b":/.?=-#%~+,@".contains(b))?;
        if close == 0 || !target.starts_with(b"://") && !target.starts_with(b"s://") {
            return None;
        }
        rest = target[end..].strip_prefix(b")")?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::super::body::walk;
    use super::*;
    use proptest::prelude::*;

    /// Whether the quick way reads the body; where it does, the other way reads the same and finds no problem.
    fn agrees(text: &str) -> bool {
        let settings = Settings::default();
        let Some(quick) = scan(text, 0..text.len(), &settings) else { return false };
        let mut problems = Vec::new();
        assert_eq!(quick, walk(text, 0..text.len(), &settings, &mut problems), "{text:?}");
        assert_eq!(problems, [], "{text:?}");
        true
    }

    #[test]
    fn reads_what_people_write() {
        for text in [
            "",
            "Met at the fair.\nKnows her trade.\n\n## Log\n\n- 2026-11-20 phone voicemail: said I would call\n",
            "# Jane Doe\n\n* one\n* two\n\nText\n- a list\n",
            "## Log\n- 2026-11-20 email: sent it\n  over two lines\n  - [ ] them: read by 2026-12-01\n  - [x] done\n",
            "- [ ] me: call\n- [X] @sam: text\n",
            "## Log\n\n- 2026-11-20 email\n\n- 2026-11-19 email\n### 2025\n- 2025-01-01 visit\n## Notes\n- any\n",
            "See [the plan](https://example.com/plan?id=42) and [that](http://x.example).\n",
            "A **pilot** on `one` floor, then *all*: 5 < 6 & so.\n納期について\n",
            "10 rooms\n3 lifts\n",
        ] {
            assert!(agrees(text), "{text:?}");
        }
    }

    #[test]
    fn gives_up_on_the_rest() {
        for text in [
            "a\n===\n",
            "a\n---\n",
            "> a",
            "1. a",
            "+ a",
            "- a\nlazy",
            "- a\n\n  b",
            "- \n",
            "-\n",
            "-  a",
            "\ta",
            "    a",
            "```\na\n```",
            "[a]: b",
            "[[bob]]",
            "see [[bob]]",
            "see [a](b.md)",
            "![a](http://b)",
            "<b>",
            "- <a@b.c>",
            "- `a`",
            "## *Log*",
            "## Log ##",
            "- - a",
            "- # a",
            "- [a",
            "- [ ]a",
            "- [ ] ",
            "a\r\n",
            "- a\n   - b",
            "- a\n - b",
            "  - a",
            "- a\n  - b\n    c",
            "- a\n  1. b",
            "## Log\n- soon\n",
            "## Log\n- 2026-02-30 phone\n",
            "## Log\n- 2026-02-03 fax\n",
            "- [ ] x by 2026-02-30",
            "#\n",
            "#a",
            "[a](http://x \"t\")",
            "[a](http://x",
            "- ***",
            "* * *",
            "- 1) a",
            " a",
        ] {
            assert!(scan(text, 0..text.len(), &Settings::default()).is_none(), "{text:?}");
        }
    }

    #[test]
    fn most_of_the_example_is_plain() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/example/contacts");
        let files: Vec<_> =
            walkdir::WalkDir::new(root).into_iter().flatten().filter(|e| e.file_type().is_file()).collect();
        for file in &files {
            agrees(&std::fs::read_to_string(file.path()).unwrap());
        }
    }

    fn line() -> impl Strategy<Value = String> {
        prop_oneof![
            4 => Just(String::new()),
            2 => "#{1,3} (Log|log|Notes|Jane D\\.)",
            6 => "( {0,3})[-*] (\\[[ xX]\\] )?(me: |them: |@sam: )?(2026-1[0-2]-0[1-9] )?(09:30 )?(phone|email)?( in)?(: )?[a-e .]{0,6}( by 2026-12-0[1-9]\\.?)?",
            3 => "( {0,4})[a-eé\"1(][a-e .,)!\\[\\]*_]{0,8}",
            1 => "[a-c ]{0,3}\\[[a-c]{0,2}\\]\\((https?://)?[a-c.]{0,4}\\)[a-c\\[ ]{0,3}",
            1 => "[-=+>#*_`~<\\[ 1.)a]{0,4}",
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]
        #[test]
        fn agrees_with_pulldown_cmark(lines in prop::collection::vec(line(), 0..8), end in "\n?") {
            agrees(&(lines.join("\n") + &end));
        }
    }
}
