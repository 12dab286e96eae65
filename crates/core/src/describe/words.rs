//! Words of the notebook made fit for one line.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The widest text within quotes, in columns.
const WIDEST_QUOTE: usize = 40;
/// The widest value.
const WIDEST_VALUE: usize = 32;

/// How many columns a text takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text in one line, without control characters and marks that turn the direction.
pub(super) fn plain(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let bare: String =
        text.chars().filter(|c| !turns(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect();
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text, or as much of its beginning as fits, with `…`.
pub(super) fn clipped(text: &str, widest: usize) -> String {
    if text.width() <= widest {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = text.chars().take_while(|c| {
        used += c.width().unwrap_or_default();
        used <= widest
    });
    let start: String = fits.collect();
    format!("{}…", start.trim_end())
}

/// The text in quotes.
pub(super) fn quoted(text: &str) -> String {
    format!("\"{}\"", clipped(&plain(text), WIDEST_QUOTE))
}

/// A value without quotes.
pub(super) fn value(text: &str) -> String {
    clipped(&plain(text), WIDEST_VALUE)
}
