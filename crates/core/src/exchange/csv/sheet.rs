//! A sheet: its delimiter, its header wherever that stands, and its columns.

use super::known::Format;
use super::mapping::Mapping;
use super::records::{Record, Records, after_line_end, end_of_line};
use crate::exchange::Item;
use crate::exchange::plain::line;

/// A sheet whose header was found.
#[derive(Debug)]
pub struct Sheet<'t> {
    text: &'t str,
    delimiter: u8,
    /// `sep=;`, which spreadsheets want to see first.
    preface: &'t str,
    /// The header as it stands there; empty where the sheet has none.
    header: &'t str,
    columns: Vec<String>,
    format: Option<Format>,
    /// Where the rows begin.
    rows: usize,
}

/// No program exports more columns; each costs a look at all names that are known.
const MOST_COLUMNS: usize = 2_000;
/// Further down nobody writes a header.
const DEEPEST: usize = 50;
/// The delimiters that programs write, the likeliest first.
const DELIMITERS: [u8; 4] = *b",;\t|";

impl<'t> Sheet<'t> {
    /// Finds out how the sheet is written, and where its header is.
    ///
    /// # Errors
    /// Where nothing is in it.
    pub fn open(text: &'t str) -> Result<Sheet<'t>, String> {
        let (start, looks) = looks(text);
        let preface = &text[..start];
        if let Some((look, record, format)) = under_what(&looks, Format::of) {
            return Ok(Sheet::under(text, look.delimiter, preface, record, Some(format)));
        }
        // Of those that are as good, the first.
        let best = looks.iter().rev().max_by_key(|look| look.score()).filter(|look| !look.records.is_empty());
        let Some(best) = best else { return Err("nothing is in it".to_owned()) };
        if best.records.iter().any(|record| record.cells.len() > MOST_COLUMNS) {
            return Err(format!("it has more than {MOST_COLUMNS} columns"));
        }
        match best.header() {
            Some(record) => Ok(Sheet::under(text, best.delimiter, preface, record, None)),
            None => Ok(Sheet {
                text,
                delimiter: best.delimiter,
                preface,
                header: "",
                columns: (1..=best.width()).map(|number| format!("column {number}")).collect(),
                format: None,
                rows: start,
            }),
        }
    }

    /// The same, where the mapping names columns that it has not, under the header that has them.
    #[must_use]
    pub fn as_named_by(self, mapping: &Mapping) -> Sheet<'t> {
        if mapping.slots(&self.columns).is_ok() {
            return self;
        }
        let (_, looks) = looks(self.text);
        match under_what(&looks, |columns| mapping.slots(columns).ok()) {
            Some((look, record, _)) => Sheet::under(self.text, look.delimiter, self.preface, record, None),
            None => self,
        }
    }

    fn under(
        text: &'t str,
        delimiter: u8,
        preface: &'t str,
        record: &Record<'t>,
        format: Option<Format>,
    ) -> Sheet<'t> {
        let header = &text[record.range.clone()];
        let rows = after_line_end(text, record.range.end);
        Sheet { text, delimiter, preface, header, columns: columns(record), format, rows }
    }

    /// The program that wrote it, where its header tells.
    pub fn format(&self) -> Option<Format> {
        self.format
    }

    /// The names of its columns; `column 1` and so on where it has no header.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Whether its first line says what its columns are.
    pub fn has_header(&self) -> bool {
        !self.header.is_empty()
    }

    /// The first few different things that a column says.
    pub fn samples(&self, column: usize, most: usize) -> Vec<String> {
        const ENOUGH: usize = 1000;
        let mut samples: Vec<String> = Vec::new();
        let mut records = self.records();
        let mut record = Record::default();
        for _ in 0..ENOUGH {
            if samples.len() == most || !records.read(&mut record) {
                break;
            }
            let cell = record.cells.get(column).map(|cell| cell.trim()).unwrap_or_default();
            if !cell.is_empty() && samples.iter().all(|sample| sample != cell) {
                samples.push(cell.to_owned());
            }
        }
        samples
    }

    /// The text of a file that holds only these rows, which can be read as this one was.
    pub fn only(&self, rows: &[Item]) -> String {
        let mut text = self.preface.to_owned();
        if self.has_header() {
            text.push_str(self.header);
            text.push('\n');
        }
        for row in rows {
            text.push_str(&self.text[row.raw.clone()]);
            text.push('\n');
        }
        text
    }

    /// The records below the header.
    pub(super) fn records(&self) -> Records<'t> {
        Records::new(self.text, self.rows, self.delimiter)
    }
}

/// The delimiter that the first line declares, and where the rest begins.
fn declared(text: &str) -> (Option<u8>, usize) {
    let end = end_of_line(text, 0);
    let line = text[..end].trim_matches(['"', ' ']).as_bytes();
    let delimiter = match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if delimiter.is_ascii() => Some(*delimiter),
        _ => None,
    };
    match delimiter {
        Some(_) => (delimiter, after_line_end(text, end)),
        None => (None, 0),
    }
}

/// Where the first record begins, and the first records with each delimiter that may be meant.
fn looks(text: &str) -> (usize, Vec<Look<'_>>) {
    let (declared, start) = declared(text);
    let delimiters = declared.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    (start, delimiters.into_iter().map(|delimiter| Look::at(text, start, delimiter)).collect())
}

/// The first record whose columns are understood, with the look that shows it.
fn under_what<'l, 't, T>(
    looks: &'l [Look<'t>],
    understood: impl Fn(&[String]) -> Option<T>,
) -> Option<(&'l Look<'t>, &'l Record<'t>, T)> {
    looks.iter().find_map(|look| {
        let mut narrow = look.records.iter().filter(|record| record.cells.len() <= MOST_COLUMNS);
        narrow.find_map(|record| Some((look, record, understood(&columns(record))?)))
    })
}

fn columns(record: &Record<'_>) -> Vec<String> {
    let mut columns: Vec<String> = record.cells.iter().map(|cell| line(cell)).collect();
    while columns.last().is_some_and(String::is_empty) {
        columns.pop();
    }
    columns
}

/// The first records of a text, with one delimiter.
struct Look<'t> {
    delimiter: u8,
    records: Vec<Record<'t>>,
}

impl<'t> Look<'t> {
    fn at(text: &'t str, start: usize, delimiter: u8) -> Look<'t> {
        let mut reader = Records::new(text, start, delimiter);
        let mut records = Vec::new();
        let mut record = Record::default();
        while records.len() < DEEPEST && reader.read(&mut record) {
            if !record.is_blank() && !record.is_open {
                records.push(record.clone());
            }
        }
        Look { delimiter, records }
    }

    /// How many cells most of the records have.
    fn width(&self) -> usize {
        let count = |width: usize| self.records.iter().filter(|record| record.cells.len() == width).count();
        self.records
            .iter()
            .map(|record| record.cells.len())
            .max_by_key(|width| (count(*width), *width))
            .unwrap_or(0)
    }

    /// How well this delimiter cuts all records alike: how many, and into how many cells.
    fn score(&self) -> (usize, usize) {
        let width = self.width();
        let alike = self.records.iter().filter(|record| record.cells.len() == width).count();
        if width > 1 { (alike * 100 / self.records.len().max(1), width) } else { (0, 0) }
    }

    /// The first record that is as wide as most, if its cells are names and no values.
    fn header(&self) -> Option<&Record<'t>> {
        let width = self.width();
        let first = self.records.iter().find(|record| record.cells.len() >= width)?;
        is_header(first).then_some(first)
    }
}

/// Whether the cells look like what columns are called.
fn is_header(record: &Record<'_>) -> bool {
    const LONGEST: usize = 80;
    let names: Vec<&str> =
        record.cells.iter().map(|cell| cell.trim()).filter(|name| !name.is_empty()).collect();
    let is_name = |name: &&str| {
        let digits = name.bytes().filter(u8::is_ascii_digit).count();
        name.len() <= LONGEST
            && !name.contains('@')
            && !name.contains("://")
            && digits * 2 < name.len()
            && name.chars().any(char::is_alphabetic)
    };
    !names.is_empty() && names.iter().all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_and_headers() {
        for (text, delimiter, columns) in [
            ("Name,Email\nJane,j@x.example\n", b',', "Name|Email"),
            ("Name;Email\r\n\"Doe, Jane\";j@x.example\r\n", b';', "Name|Email"),
            ("sep=;\nName;Note\nJane;a,b\n", b';', "Name|Note"),
            ("\"sep=\t\"\r\nName\tNote\r\n", b'\t', "Name|Note"),
            ("Name\tAddress\nJane\t1, Main St, Town\nJim\t2, Main St, Town\n", b'\t', "Name|Address"),
            ("Name|Note\nJane|x\n", b'|', "Name|Note"),
            ("Report of May\n\nName,Email,Phone\nJane,j@x.example,1\nJim,,2\n", b',', "Name|Email|Phone"),
            (",,\nName,Email,\nJane,j@x.example,\n", b',', "Name|Email"),
            ("Email\nj@x.example\n", b',', "Email"),
            ("Jane,j@x.example\nJim,jim@x.example\n", b',', "column 1|column 2"),
            (
                "Notes:\n\"When exporting, some data may be missing\"\n\nFirst Name,Last Name,Connected On\n",
                b',',
                "First Name|Last Name|Connected On",
            ),
        ] {
            let sheet = Sheet::open(text).unwrap();
            assert_eq!((sheet.delimiter, sheet.columns.join("|").as_str()), (delimiter, columns), "{text:?}");
        }
        for empty in ["", "\n\n", ",,\n,,\n"] {
            assert_eq!(Sheet::open(empty).unwrap_err(), "nothing is in it");
        }
    }

    #[test]
    fn a_header_that_a_mapping_names_is_one() {
        let text = "Wk 42,a@x.example\n1. Who,2. Mail 2024\nJane,j@x.example\n";
        let sheet = Sheet::open(text).unwrap();
        assert!(!sheet.has_header());
        let named = |map: &str| Sheet::open(text).unwrap().as_named_by(&Mapping::parse(map).unwrap());
        assert_eq!(named("name=\"1. Who\",email=\"2. Mail 2024\"").columns(), ["1. Who", "2. Mail 2024"]);
        assert_eq!(named("name=\"1. Who\",email=Other").columns(), sheet.columns());
        assert_eq!(named("name=#1").columns(), sheet.columns());
    }

    #[test]
    fn samples_are_different_and_filled() {
        let sheet = Sheet::open("Name,Email\nJane,\nJane,j@x.example\nJim\n").unwrap();
        assert_eq!(sheet.samples(0, 3), ["Jane", "Jim"]);
        assert_eq!(sheet.samples(1, 3), ["j@x.example"]);
        assert_eq!(sheet.samples(7, 3), [""; 0]);
    }
}
