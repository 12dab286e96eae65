//! What is wrong in a file, where, and what to do about it.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where in a text: line and column, both from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Position {
    /// The line, from 1; 0 where the problem is the file as a whole.
    pub line: u32,
    /// The column in characters, from 1; 0 where the problem is the file as a whole.
    pub column: u32,
}

impl Position {
    /// The position of byte `offset` in `text`; past the end, the end. A BOM takes no column.
    pub fn of(text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line = memchr::memchr_iter(b'\n', before.as_bytes()).count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[start..].chars().filter(|c| *c != '\u{feff}').count();
        Position { line: line as u32 + 1, column: column as u32 + 1 }
    }
}

/// How bad it is (format, section 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something written cannot be used; `check` exits with 1.
    Error,
    /// Changes no answer.
    Warning,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        })
    }
}

/// One thing that is wrong in one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where in the file.
    pub at: Position,
    /// How many characters it covers on that line; 0 where that is not known.
    pub width: u32,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in quotes.
    pub message: String,
    /// What to do about it, where that is known.
    pub hint: Option<String>,
}

impl Problem {
    /// An error at `at`.
    pub fn error(at: Position, message: impl Into<String>) -> Problem {
        Problem { at, width: 0, severity: Severity::Error, message: message.into(), hint: None }
    }

    /// A warning at `at`.
    pub fn warning(at: Position, message: impl Into<String>) -> Problem {
        Problem { severity: Severity::Warning, ..Problem::error(at, message) }
    }

    /// The same, with what to do about it.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(hint.into());
        self
    }

    /// The same, covering `width` characters.
    #[must_use]
    pub fn width(mut self, width: usize) -> Problem {
        self.width = width as u32;
        self
    }
}

/// The candidate that `typed` most likely meant: a slip or two away, never something else altogether.
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let allowed = match typed.chars().count() {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    candidates
        .into_iter()
        .map(|c| (strsim::osa_distance(&typed, &c.to_lowercase()), c))
        .filter(|(distance, c)| *distance <= allowed && *distance < c.chars().count())
        .min()
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters_from_one() {
        let text = "\u{feff}a\nжé x\n";
        assert_eq!(Position::of(text, 3), Position { line: 1, column: 1 });
        assert_eq!(Position::of(text, text.find('x').unwrap()), Position { line: 2, column: 4 });
        assert_eq!(Position::of(text, 9999), Position { line: 3, column: 1 });
    }

    #[test]
    fn nearest_knows_slips_from_other_words() {
        let stages = ["new", "nurture", "proposal"];
        assert_eq!(nearest("nuture", stages), Some("nurture"));
        assert_eq!(nearest("Propsal", stages), Some("proposal"));
        assert_eq!(nearest("banana", stages), None);
        assert_eq!(nearest("x", stages), None);
    }
}
