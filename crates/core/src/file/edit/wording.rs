//! What a new entry or promise says, worded so that it is read back as it was meant.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::promise::NewPromise;
use super::{EditError, NewEntry};
use crate::contact::Promiser;
use crate::file::body;
use crate::file::log::one_line;
use crate::settings::Settings;

/// The lines of an entry, without its marker and indentation.
pub(super) fn entry(entry: &NewEntry, settings: &Settings) -> Result<Vec<String>, EditError> {
    let mut head = entry.date.to_string();
    if let Some(time) = entry.time {
        head.push_str(&format!(" {time}"));
    }
    let channel = entry.channel.as_str();
    if !settings.knows_channel(&entry.channel) || !is_word(channel) {
        return Err(EditError::Unwritable(format!("\"{channel}\" is no channel of this notebook")));
    }
    head.push_str(&format!(" {channel}"));
    for word in entry.words.names() {
        head.push_str(&format!(" {word}"));
    }
    if let Some(who) = &entry.who {
        head.push_str(&format!(" @{}", handle(who)?));
    }
    let mut lines = text(&entry.text)?;
    match lines.first_mut() {
        Some(first) => *first = format!("{head}: {first}"),
        None => lines.push(head),
    }
    Ok(lines)
}

/// The line of a promise, without its marker and indentation.
pub(super) fn promise(promise: &NewPromise) -> Result<String, EditError> {
    let said = text(&promise.text)?.join(" ");
    if said.is_empty() {
        return Err(EditError::Unwritable("a promise needs a text".to_owned()));
    }
    let who = match &promise.who {
        Promiser::Me => "me".to_owned(),
        Promiser::Them => "them".to_owned(),
        Promiser::Member(name) => format!("@{}", handle(name)?),
    };
    let by = promise.by.map_or(String::new(), |day| format!(" by {day}"));
    let mark = if promise.kept { 'x' } else { ' ' };
    Ok(format!("[{mark}] {who}: {said}{by}"))
}

/// A text in lines, each of which goes on with the paragraph and begins nothing else; a line that would is joined to
/// the one before, which reads the same.
pub(super) fn text(text: &str) -> Result<Vec<String>, EditError> {
    if text.chars().any(|c| c.is_control() && !c.is_whitespace()) {
        return Err(EditError::Unwritable("the text has control characters".to_owned()));
    }
    let whole = one_line(text);
    if whole == text.trim() {
        return Ok(if whole.is_empty() { Vec::new() } else { vec![whole] });
    }
    let mut lines: Vec<String> = Vec::new();
    for line in text.split(['\n', '\r', '\u{b}', '\u{c}']) {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            continue;
        }
        match lines.last_mut() {
            Some(before) if !goes_on(&line) || before.ends_with('\\') => {
                before.push(' ');
                before.push_str(&line);
            }
            _ => lines.push(line),
        }
    }
    Ok(lines)
}

/// A paragraph of a body: what would begin anything but text is escaped.
pub(super) fn paragraph(words: &str) -> Result<String, EditError> {
    let plain = text(words)?.join("\n");
    if plain.is_empty() || is_paragraph(&plain) {
        return Ok(plain);
    }
    let mut escaped = plain;
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    escaped.insert(digits, '\\');
    if is_paragraph(&escaped) {
        Ok(escaped)
    } else {
        Err(EditError::Unwritable("such a text would be read as more than text".to_owned()))
    }
}

/// Whether Markdown makes one paragraph of it, and nothing else.
fn is_paragraph(text: &str) -> bool {
    let mut events = Parser::new_ext(text, body::options()).into_offset_iter();
    matches!(events.next(), Some((Event::Start(Tag::Paragraph), range)) if range == (0..text.len()))
        && matches!(events.last(), Some((Event::End(TagEnd::Paragraph), range)) if range.end == text.len())
}

/// Whether a line cannot begin a list, a heading, a quote, code or anything but text.
pub(super) fn goes_on(line: &str) -> bool {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    match line[digits..].chars().next() {
        Some('.' | ')') if digits > 0 => false,
        _ if digits > 0 => true,
        first => first.is_some_and(|c| c.is_alphabetic() || "(\"'".contains(c)),
    }
}

fn handle(name: &str) -> Result<&str, EditError> {
    if is_word(name) { Ok(name) } else { Err(EditError::Unwritable(format!("\"{name}\" is no handle"))) }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_text() {
        for (given, expected) in [
            ("", ""),
            ("[[bob]] told us", "[[bob]] told us"),
            ("*very* keen\n`x`", "*very* keen `x`"),
            ("# 1", "\\# 1"),
            ("- a\n- b", "\\- a - b"),
            ("12. May", "12\\. May"),
            ("[a]: b", "\\[a]: b"),
            ("<div>", "\\<div>"),
            ("```", "\\```"),
            ("---", "\\---"),
        ] {
            assert_eq!(paragraph(given).unwrap(), expected, "{given:?}");
        }
    }

    #[test]
    fn lines_that_only_go_on() {
        for (given, expected) in [
            ("", &[] as &[&str]),
            (" \n ", &[]),
            ("one  two", &["one two"]),
            ("one\ntwo\r\n\r\n3 rooms", &["one", "two", "3 rooms"]),
            ("a\n# b\n- c\n1. d\n===\n> e\n```\nf", &["a # b - c 1. d === > e ```", "f"]),
            ("a\n[b]: c\n<d>\n| e", &["a [b]: c <d> | e"]),
            ("\t# x", &["# x"]),
        ] {
            assert_eq!(text(given).unwrap(), expected, "{given:?}");
        }
        assert!(text("a\u{1b}[31m").is_err());
    }
}
