//! The records of a sheet, one after the other, each with its place. The reader is our own since others take a quote
//! that never ends for a cell that goes on to the end of the file, and nobody hears of the rows that were in it.

use std::borrow::Cow;
use std::ops::Range;

use memchr::{memchr_iter, memchr2, memchr3};

/// A record: a line of the sheet, or several where a cell has line breaks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record<'t> {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Where it stands in the text, without its line end.
    pub range: Range<usize>,
    /// What is in its cells, quotes taken away. None where a quote has no end.
    pub cells: Vec<Cow<'t, str>>,
    /// A quote was opened on its first line that no other one ends; the record is that line alone.
    pub is_open: bool,
}

impl Record<'_> {
    /// Whether nothing is in it but delimiters.
    pub fn is_blank(&self) -> bool {
        !self.is_open && self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// Reads one record after the other.
#[derive(Debug, Clone)]
pub struct Records<'t> {
    text: &'t str,
    delimiter: u8,
    /// What counts as a line, as an editor counts: LF, or CR in files that have no other.
    line_end: u8,
    at: usize,
    line: usize,
    counted: usize,
}

impl<'t> Records<'t> {
    /// The records of the text from a byte on, which begins a line. The delimiter is an ASCII character.
    pub fn new(text: &'t str, from: usize, delimiter: u8) -> Records<'t> {
        let line_end = if memchr::memchr(b'\n', text.as_bytes()).is_some() { b'\n' } else { b'\r' };
        Records { text, delimiter, line_end, at: from, line: 1, counted: 0 }
    }

    /// Reads the next record into `record`; whether there was one.
    pub fn read(&mut self, record: &mut Record<'t>) -> bool {
        let (text, start) = (self.text, self.at);
        record.cells.clear();
        if start >= text.len() {
            return false;
        }
        self.line += memchr_iter(self.line_end, &text.as_bytes()[self.counted..start]).count();
        self.counted = start;
        record.line = self.line;
        record.is_open = false;
        let mut at = start;
        loop {
            let Some((cell, end)) = self.cell(at) else {
                record.is_open = true;
                record.cells.clear();
                let end = end_of_line(text, start);
                record.range = start..end;
                self.at = after_line_end(text, end);
                return true;
            };
            record.cells.push(cell);
            if text.as_bytes().get(end) == Some(&self.delimiter) {
                at = end + 1;
                continue;
            }
            record.range = start..end;
            self.at = after_line_end(text, end);
            return true;
        }
    }

    /// The cell that begins at a byte, and where the delimiter or line end behind it stands. None where it opens a
    /// quote without an end.
    fn cell(&self, at: usize) -> Option<(Cow<'t, str>, usize)> {
        let bytes = self.text.as_bytes();
        if bytes.get(at) != Some(&b'"') {
            let end = memchr3(self.delimiter, b'\n', b'\r', &bytes[at..]).map_or(bytes.len(), |far| at + far);
            return Some((Cow::Borrowed(&self.text[at..end]), end));
        }
        let begin = at + 1;
        let (mut from, mut whole) = (begin, String::new());
        let (mut is_plain, mut has_lines, mut has_stray) = (true, false, false);
        let mut look = begin;
        loop {
            let mark = look + memchr3(b'"', b'\n', b'\r', &bytes[look..])?;
            look = mark + 1;
            if bytes[mark] != b'"' {
                has_lines = true;
            } else if bytes.get(look) == Some(&b'"') {
                whole.push_str(&self.text[from..look]);
                look += 1;
                (from, is_plain) = (look, false);
            } else if let Some(end) = self.cell_ends(look) {
                let last = &self.text[from..mark];
                whole.push_str(if is_plain { "" } else { last });
                return Some((if is_plain { Cow::Borrowed(last) } else { Cow::Owned(whole) }, end));
            } else {
                // Programs that do not double quotes write `"John "Johnny" Doe"`.
                has_stray = true;
            }
            // Such a quote, and a line break: this is rather the beginning of another cell, further down.
            if has_lines && has_stray {
                return None;
            }
        }
    }

    /// Where the cell ends whose last quote stands before this byte, if it ends there. Spaces may follow it.
    fn cell_ends(&self, at: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let spaces = bytes[at..].iter().take_while(|byte| **byte == b' ').count();
        match bytes.get(at + spaces) {
            None | Some(b'\n' | b'\r') => Some(at + spaces),
            Some(byte) if *byte == self.delimiter => Some(at + spaces),
            Some(_) => None,
        }
    }
}

/// Where the line ends that has this byte.
pub fn end_of_line(text: &str, at: usize) -> usize {
    memchr2(b'\n', b'\r', &text.as_bytes()[at..]).map_or(text.len(), |far| at + far)
}

/// Behind the line end that stands here.
pub fn after_line_end(text: &str, end: usize) -> usize {
    let rest = &text.as_bytes()[end..];
    end + if rest.starts_with(b"\r\n") { 2 } else { usize::from(!rest.is_empty()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use csv::{QuoteStyle, Terminator, WriterBuilder};
    use proptest::prelude::*;

    fn all(text: &str, delimiter: u8) -> Vec<Record<'_>> {
        let mut records = Records::new(text, 0, delimiter);
        let mut all = Vec::new();
        let mut record = Record::default();
        while records.read(&mut record) {
            all.push(record.clone());
        }
        all
    }

    #[test]
    fn records_in_every_shape() {
        for (text, expected) in [
            ("", "[]"),
            ("a,b\n", "1 a|b"),
            ("a,b\r\nc,d", "1 a|b; 2 c|d"),
            ("a,b\rc,d\r", "1 a|b; 2 c|d"),
            ("a\n\nb\n", "1 a; 2 ; 3 b"),
            ("a,\n,\n", "1 a|; 2 |"),
            ("\"a,b\",c\n", "1 a,b|c"),
            ("\"a \"\"x\"\" b\",\"\",\"\"\"\"\n", "1 a \"x\" b||\""),
            ("\"a\nb\",c\nd,e\n", "1 a\nb|c; 3 d|e"),
            ("\"a\r\nb\",c\r\nd,e\r\n", "1 a\r\nb|c; 3 d|e"),
            ("\"a\rb\",c\rd,e\r", "1 a\rb|c; 3 d|e"),
            ("a\"b,c \"d\"\n", "1 a\"b|c \"d\""),
            ("\"John \"Johnny\" Doe\",x\n", "1 John \"Johnny\" Doe|x"),
            ("\"a\"  ,\"b\" \nc", "1 a|b; 2 c"),
            ("\"\"\"a\"\"\"", "1 \"a\""),
            ("x,\"a\ny,b\n\"z\",c\n", "1 open; 2 y|b; 3 z|c"),
            ("x,\"a\ny,b\nz,c\n", "1 open; 2 y|b; 3 z|c"),
            ("\"a", "1 open"),
            ("\"a\n\"b\n\"c\n", "1 open; 2 open; 3 open"),
        ] {
            let shown: Vec<String> = all(text, b',')
                .iter()
                .map(|record| match record.is_open {
                    true => format!("{} open", record.line),
                    false => format!("{} {}", record.line, record.cells.join("|")),
                })
                .collect();
            let shown = if shown.is_empty() { "[]".to_owned() } else { shown.join("; ") };
            assert_eq!(shown, expected, "{text:?}");
        }
    }

    #[test]
    fn a_record_knows_where_it_stands() {
        let text = "a,b\r\n\"c\nd\",e\r\nf";
        let ranges: Vec<&str> = all(text, b',').into_iter().map(|record| &text[record.range]).collect();
        assert_eq!(ranges, ["a,b", "\"c\nd\",e", "f"]);
    }

    #[test]
    fn hostile_quotes_take_no_longer_than_others() {
        for line in ["\"\"x\n", "\"a\n", "b\"c,\"\n", "\"x\"\"\n", "\"\"\"\n"] {
            assert!(!all(&line.repeat(200_000), b',').is_empty());
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(
            rows in proptest::collection::vec(proptest::collection::vec("[a-zäß \",;\t|\r\n']{0,8}", 2..5), 1..8),
            delimiter in proptest::sample::select(b",;\t|".to_vec()),
            always in any::<bool>(),
            end in proptest::sample::select(vec![Terminator::CRLF, Terminator::Any(b'\n'), Terminator::Any(b'\r')]),
        ) {
            let style = if always { QuoteStyle::Always } else { QuoteStyle::Necessary };
            let mut writer = WriterBuilder::new()
                .delimiter(delimiter).quote_style(style).terminator(end).flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let read: Vec<Vec<String>> = all(&text, delimiter)
                .into_iter()
                .map(|record| record.cells.into_iter().map(Cow::into_owned).collect())
                .collect();
            prop_assert_eq!(read, rows, "{:?}", text);
        }

        #[test]
        fn no_text_is_too_odd_and_none_of_it_is_lost(text in "[a\",\r\nß ]{0,40}") {
            let mut at = 0;
            for record in all(&text, b',') {
                prop_assert!(record.range.start == at);
                at = after_line_end(&text, record.range.end);
            }
            prop_assert_eq!(at, text.len());
        }
    }
}
