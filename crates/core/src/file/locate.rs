//! Where in a file a key's value stands, for problems that only show once the whole notebook is known.

use std::ops::Range;

use super::layout::Layout;
use super::toml_value::{self, Node};
use crate::problem::{Position, Problem};

/// One step on the way to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step<'a> {
    /// The value of a key of a table.
    Key(&'a str),
    /// The element of a list, from 0.
    At(usize),
}

/// A value of a file's TOML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot<'t> {
    text: &'t str,
    range: Range<usize>,
    value: String,
}

/// The value at `path` in the front matter of a contact.
pub fn in_contact<'t>(text: &'t str, path: &[Step<'_>]) -> Option<Spot<'t>> {
    find(text, Layout::of(text).front_matter, path)
}

/// The value at `path` in the settings.
pub fn in_settings<'t>(text: &'t str, path: &[Step<'_>]) -> Option<Spot<'t>> {
    let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    find(text, start..text.len(), path)
}

fn find<'t>(text: &'t str, toml: Range<usize>, path: &[Step<'_>]) -> Option<Spot<'t>> {
    let base = toml.start;
    let table = toml_value::parse(text.get(toml)?).ok()?;
    let mut node = Node::Table(table);
    let mut span = 0..0;
    for step in path {
        (node, span) = match (step, node) {
            (Step::Key(key), Node::Table(items)) => {
                let item = items.into_iter().find(|item| item.key == *key)?;
                (item.value, item.span)
            }
            (Step::At(index), Node::List(items)) => items.into_iter().nth(*index)?,
            // One text stands for a list of it (format, section 2).
            (Step::At(0), text @ Node::Text(_)) => (text, span),
            _ => return None,
        };
    }
    let value = match node {
        Node::Text(value) => value.into_owned(),
        _ => String::new(),
    };
    Some(Spot { text, range: base + span.start..base + span.end, value })
}

impl Spot<'_> {
    /// The same problem, at this value.
    #[must_use]
    pub fn place(&self, problem: Problem) -> Problem {
        let first = self.text.get(self.range.clone()).and_then(|written| written.lines().next());
        let width = first.map_or(0, |line| line.chars().count());
        Problem { at: Position::of(self.text, self.range.start), ..problem }.width(width)
    }

    /// The same problem, at these bytes of the text that the value says; at the whole value where escapes make the
    /// two differ.
    #[must_use]
    pub fn place_within(&self, within: Range<usize>, problem: Problem) -> Problem {
        let written = self.text.get(self.range.clone()).unwrap_or_default();
        let Some(said) = self.value.get(within.clone()) else { return self.place(problem) };
        match written.find(&self.value) {
            Some(quote) if !self.value.is_empty() => {
                let at = Position::of(self.text, self.range.start + quote + within.start);
                let width = said.lines().next().unwrap_or_default().chars().count().max(1);
                Problem { at, ..problem }.width(width)
            }
            _ => self.place(problem),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONTACT: &str =
        "+++\nname = \"Jané\"\naliases = [\"a\", \"b-c\"]\ntags = \"x\"\n[prefers]\nhours = \"Mon 9\"\n+++\n";

    fn at(path: &[Step<'_>], within: Option<Range<usize>>) -> Option<String> {
        let spot = in_contact(CONTACT, path)?;
        let problem = Problem::error(Position::default(), "x");
        let placed = match within {
            Some(within) => spot.place_within(within, problem),
            None => spot.place(problem),
        };
        Some(format!("{}:{}+{}", placed.at.line, placed.at.column, placed.width))
    }

    #[test]
    fn finds_values_and_places_in_them() {
        let hours = [Step::Key("prefers"), Step::Key("hours")];
        for (path, within, expected) in [
            (&[Step::Key("name")] as &[Step<'_>], None, Some("2:8+6")),
            (&[Step::Key("aliases"), Step::At(1)], None, Some("3:17+5")),
            (&[Step::Key("tags"), Step::At(0)], None, Some("4:8+3")),
            (&hours, Some(4..5), Some("6:14+1")),
            (&hours, Some(5..5), Some("6:15+1")),
            (&hours, Some(9..9), Some("6:9+7")),
            (&[Step::Key("company")], None, None),
            (&[Step::Key("aliases"), Step::At(2)], None, None),
        ] {
            assert_eq!(at(path, within).as_deref(), expected, "{path:?}");
        }
    }

    #[test]
    fn escapes_give_the_whole_value() {
        let text = "[view]\nhot = \"a\\tb:c\"\n";
        let spot = in_settings(text, &[Step::Key("view"), Step::Key("hot")]).unwrap();
        let placed = spot.place_within(2..3, Problem::error(Position::default(), "x"));
        assert_eq!((placed.at.line, placed.at.column, placed.width), (2, 7, 8));
    }
}
