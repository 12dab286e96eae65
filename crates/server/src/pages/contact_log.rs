//! The log, newest first, and the notes: both are Markdown as people wrote it.

use maud::{Markup, html};
use tickler_core::contact::Entry;
use tickler_core::file::layout::Layout;

use super::contact::Sheet;
use super::markdown::{inline, shown};
use super::words;

/// How many entries are shown before the others are folded.
const SHOWN: usize = 20;

/// The log.
pub fn log(sheet: &Sheet<'_>) -> Markup {
    let entries: Vec<&Entry> = sheet.contact.log.iter().rev().collect();
    let (first, rest) = entries.split_at(entries.len().min(SHOWN));
    html! {
        section {
            h2 { "Log" }
            @if entries.is_empty() { p.empty { "Nothing is in the log yet." } }
            ol.log { @for entry in first { (item(sheet, entry)) } }
            @if !rest.is_empty() {
                details {
                    summary { (words::count(rest.len(), "older entry", "older entries")) }
                    ol.log { @for entry in rest { (item(sheet, entry)) } }
                }
            }
        }
    }
}

fn item(sheet: &Sheet<'_>, entry: &Entry) -> Markup {
    let (today, notebook) = (sheet.seat.view.tip.today(), sheet.seat.notebook.as_str());
    let said = entry.words.names().filter(|word| !matches!(*word, "in" | "out" | "no-reply"));
    let nested = sheet.text.as_deref().map(|text| nested(text, entry.at.line as usize)).unwrap_or_default();
    html! {
        li {
            p {
                time datetime=(entry.date) { (words::day(entry.date, today)) @if let Some(time) = entry.time { " " (time) } } " "
                strong { (entry.channel) @if entry.is_in() { " from them" } }
                @for word in said { ", " (word.replace('-', " ")) }
                @if let Some(who) = &entry.who { span.dim { " @" (who) } }
            }
            @if !entry.text.is_empty() { p { (inline(&entry.text, notebook)) } }
            @if !nested.is_empty() { div.prose { (shown(&nested, notebook)) } }
        }
    }
}

/// The notes: the text of the file without its log.
pub fn notes(sheet: &Sheet<'_>) -> Markup {
    let Some(text) = sheet.text.as_deref() else { return html! {} };
    let notes = without_log(&text[Layout::of(text).body], &sheet.contact.name);
    html! {
        @if !notes.trim().is_empty() {
            section {
                h2 { "Notes" }
                div.prose { (shown(&notes, sheet.seat.notebook.as_str())) }
            }
        }
    }
}

/// What is indented below the entry of the log whose date stands in that line, from its first list on: promises, and
/// whatever else belongs to it. Its own text goes before that.
fn nested(text: &str, line: usize) -> String {
    let below = text.lines().skip(line);
    let is_inside = |line: &&str| line.trim().is_empty() || line.starts_with([' ', '\t']);
    let lines: Vec<&str> = below.take_while(is_inside).collect();
    let marks = ["- ", "* ", "+ "];
    let is_list = |line: &&str| marks.iter().any(|mark| line.trim_start().starts_with(mark));
    let Some(first) = lines.iter().position(is_list) else { return String::new() };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let depth = indent(lines[first]);
    let cut = |line: &&str| line.get(depth.min(indent(line))..).unwrap_or_default().to_owned();
    lines[first..].iter().map(cut).collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// The text without the section `Log` and without a title that says the name once more.
fn without_log(body: &str, name: &str) -> String {
    let mut out = String::with_capacity(body.len());
    let (mut log, mut fence) = (None, false);
    for line in body.split_inclusive('\n') {
        let bare = line.trim();
        fence ^= bare.starts_with("```") || bare.starts_with("~~~");
        let level = bare.bytes().take_while(|byte| *byte == b'#').count();
        let is_heading = !fence && (1..=6).contains(&level) && bare[level..].starts_with([' ', '\t']);
        if is_heading {
            let title = bare[level..].trim().trim_end_matches('#').trim_end();
            log = match log {
                Some(of) if level > of => log,
                _ => title.eq_ignore_ascii_case("log").then_some(level),
            };
            if level == 1 && title == name {
                continue;
            }
        }
        if log.is_none() {
            out.push_str(line);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_an_entry_is_found() {
        let text = "+++\n+++\n## Log\n\n- 2026-11-10 email: sent it\n  and more\n  - [ ] them: read it\n    - twice\n\n  - [x] me: call\n- 2026-11-08 event: lunch\n";
        assert_eq!(nested(text, 5), "- [ ] them: read it\n  - twice\n\n- [x] me: call");
        assert_eq!(nested(text, 11), "");
        assert_eq!(nested(text, 99), "");
    }

    #[test]
    fn notes_are_what_is_not_the_log() {
        for (body, notes) in [
            ("# Jane\n\nHi.\n\n## Log\n\n- x\n", "\nHi.\n\n"),
            ("Hi.\n## Log\n- x\n### More\n- y\n## Plans\nz\n", "Hi.\n## Plans\nz\n"),
            ("# Other\n```\n## Log\n```\nx", "# Other\n```\n## Log\n```\nx"),
            ("#Log\nx", "#Log\nx"),
            ("## log ##\nx", ""),
        ] {
            assert_eq!(without_log(body, "Jane"), notes, "{body:?}");
        }
    }
}
