//! A mistake in a query: what, where, what to do about it, and how it is shown.

use std::fmt;
use std::ops::Range;

use crate::problem::nearest;

/// How many characters of the query are shown on each side of a mistake.
const AROUND: usize = 40;

/// A mistake in a query (CLI contract, Query). `Display` is one line; [`QueryError::render`] adds the text with
/// the place marked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct QueryError {
    /// What is wrong: lower case, no full stop, names in quotes.
    pub message: String,
    /// The text that the mistake is in: the query, or the view that it leads to.
    pub text: String,
    /// Where in `text`, in bytes.
    pub span: Range<usize>,
    /// Where in `text` it begins, in characters from 1.
    pub column: usize,
    /// What to do about it, where that is known.
    pub hint: Option<String>,
    /// The view whose text it is, where the mistake is not in the query itself.
    pub view: Option<String>,
}

impl QueryError {
    /// The mistake, the text with a line of carets under the place, and the hint, each on a line of its own and
    /// without a line break at the end. Of a long text only the neighbourhood is shown.
    pub fn render(&self) -> String {
        let (before, inside, after) = (
            one_line(&self.text[..self.span.start]),
            one_line(&self.text[self.span.clone()]),
            one_line(&self.text[self.span.end..]),
        );
        let before = match before.len().checked_sub(AROUND) {
            Some(cut @ 1..) => format!("…{}", before[cut + 1..].iter().collect::<String>()),
            _ => before.iter().collect(),
        };
        let inside = shorten(inside.into_iter(), AROUND);
        let after = shorten(after.into_iter(), AROUND);
        let (indent, carets) = (before.chars().count(), inside.chars().count().max(1));
        let mut lines = format!("{self}\n  {}\n", format!("{before}{inside}{after}").trim_end());
        lines.push_str(&format!("  {}{}", " ".repeat(indent), "^".repeat(carets)));
        if let Some(hint) = &self.hint {
            lines.push_str(&format!("\nhint: {hint}"));
        }
        lines
    }
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.view {
            None => write!(f, "query, column {}: {}", self.column, self.message),
            Some(view) => write!(f, "view \"{view}\", column {}: {}", self.column, self.message),
        }
    }
}

/// A mistake that does not know yet which text it is in.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Mistake {
    pub message: String,
    pub hint: Option<String>,
    pub span: Range<usize>,
}

impl Mistake {
    pub fn new(span: Range<usize>, message: impl Into<String>) -> Mistake {
        Mistake { message: message.into(), hint: None, span }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Mistake {
        self.hint = Some(hint.into());
        self
    }

    pub fn in_text(self, text: &str, view: Option<&str>) -> QueryError {
        QueryError {
            column: text[..self.span.start].chars().count() + 1,
            message: self.message,
            text: text.to_owned(),
            span: self.span,
            hint: self.hint,
            view: view.map(str::to_owned),
        }
    }
}

/// A text of the query for a message: in one line, and not a megabyte long.
pub(super) fn shown(text: &str) -> String {
    shorten(text.chars().map(|c| if c.is_control() { ' ' } else { c }), AROUND)
}

/// The one of `names` that was most likely meant. Nothing is like a text far longer than any name, and to measure
/// how far would take long.
pub(super) fn near<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if typed.len() < 60 { nearest(typed, names) } else { None }
}

/// A view may hold line breaks and tabs; carets stand right only under characters of one line and one width.
fn one_line(text: &str) -> Vec<char> {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn shorten(mut chars: impl Iterator<Item = char>, most: usize) -> String {
    let mut short: String = chars.by_ref().take(most).collect();
    if chars.next().is_some() {
        short.pop();
        short.push('…');
    }
    short
}
