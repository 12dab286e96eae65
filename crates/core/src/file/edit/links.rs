//! Leads links elsewhere: wikilinks to a contact that has another id now, Markdown links to a file that moved.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::lines::{Splice, splice};
use crate::file::body;
use crate::file::layout::Layout;

/// Changes the targets of wikilinks: `to` is asked with each id, without label, `#part` and `.md`, and gives the new
/// one, if it has one. A target that cannot stand in a wikilink changes nothing.
pub fn relink(text: &str, to: &dyn Fn(&str) -> Option<String>) -> String {
    lead(text, true, &|place| {
        let id = target(&place.destination);
        let written = &text[place.span.clone()];
        let start = place.span.start + written.find(id).filter(|_| !id.is_empty())?;
        let new = to(id).filter(|new| is_target(new))?;
        Some((
            Splice { range: start..start + id.len(), new: new.clone() },
            place.destination.replacen(id, &new, 1),
        ))
    })
}

/// Changes the destinations of Markdown links, of images and of the definitions of references: `to` is asked with
/// each, free of escapes, and gives the new one, if there is one. Addresses in angle brackets are left alone.
pub fn redirect(text: &str, to: &dyn Fn(&str) -> Option<String>) -> String {
    lead(text, false, &|place| {
        let new = to(&place.destination).filter(|new| *new != place.destination)?;
        let written = &text[place.span.clone()];
        if read_back(written)? != place.destination {
            return None;
        }
        let literal = destination(&new, written.starts_with('<'));
        (read_back(&literal)? == new).then(|| (Splice { range: place.span.clone(), new: literal }, new))
    })
}

/// A link, and where in the text its target is written.
#[derive(Debug, Clone, PartialEq)]
struct Target {
    span: Range<usize>,
    destination: String,
}

/// The text with each target changed as `change` says, which also tells what it will be read as. Where the whole
/// would be read as anything else, the text as it is.
fn lead(text: &str, wiki: bool, change: &dyn Fn(&Target) -> Option<(Splice, String)>) -> String {
    let body = Layout::of(text).body;
    let before = targets(text, body.start);
    let mut splices = Vec::new();
    let mut expected = [Vec::new(), Vec::new()];
    for (is_wiki, target) in before {
        let changed = if is_wiki == wiki { change(&target) } else { None };
        let list = &mut expected[usize::from(is_wiki)];
        match changed {
            Some((splice, destination)) => {
                splices.push(splice);
                list.push(destination);
            }
            None => list.push(target.destination),
        }
    }
    if splices.is_empty() {
        return text.to_owned();
    }
    let new = splice(text, splices);
    let mut found = [Vec::new(), Vec::new()];
    for (is_wiki, target) in targets(&new, body.start) {
        found[usize::from(is_wiki)].push(target.destination);
    }
    if found == expected { new } else { text.to_owned() }
}

/// Every target in the body, which begins at `base`: whether it is a wikilink's, and where it is.
fn targets(text: &str, base: usize) -> Vec<(bool, Target)> {
    let mut found = Vec::new();
    let parser = Parser::new_ext(&text[base..], body::options());
    for (_, definition) in parser.reference_definitions().iter() {
        let span = base + definition.span.start..base + definition.span.end;
        let start = span.start + label_end(&text[span.clone()]);
        if let Some(at) = written(text, start..span.end) {
            found.push((false, Target { span: at, destination: definition.dest.to_string() }));
        }
    }
    // Each open link: its kind, where it leads, and how far what it shows goes.
    let mut open: Vec<(LinkType, String, usize)> = Vec::new();
    for (event, range) in parser.into_offset_iter() {
        let range = base + range.start..base + range.end;
        match event {
            Event::Start(
                ref tag @ (Tag::Link { link_type, ref dest_url, .. }
                | Tag::Image { link_type, ref dest_url, .. }),
            ) => {
                let mark = text[range.clone()].find('[').map_or(0, |at| at + 1);
                // `![[a.png]]` shows a file and names no contact.
                let is_shown = matches!((tag, link_type), (Tag::Image { .. }, LinkType::WikiLink { .. }));
                let link_type = if is_shown { LinkType::Autolink } else { link_type };
                open.push((link_type, dest_url.to_string(), range.start + mark));
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                let Some((link_type, destination, shown)) = open.pop() else { continue };
                let span = match link_type {
                    LinkType::Inline => text[shown..range.end]
                        .find("](")
                        .and_then(|at| written(text, shown + at + 2..range.end)),
                    LinkType::WikiLink { .. } => wiki_target(text, range.clone()),
                    _ => None,
                };
                if let Some(span) = span {
                    let is_wiki = matches!(link_type, LinkType::WikiLink { .. });
                    found.push((is_wiki, Target { span, destination }));
                }
                if let Some((_, _, shown)) = open.last_mut() {
                    *shown = range.end.max(*shown);
                }
            }
            _ => {
                if let Some((_, _, shown)) = open.last_mut() {
                    *shown = range.end.max(*shown);
                }
            }
        }
    }
    found.sort_by_key(|(_, target)| target.span.start);
    found
}

/// What stands in `[[…]]` before a label.
fn wiki_target(text: &str, link: Range<usize>) -> Option<Range<usize>> {
    let inside = text[link.clone()].find("[[")? + 2;
    let rest = &text[link.start + inside..link.end];
    let len = rest.find(['|', ']'])?;
    Some(link.start + inside..link.start + inside + len)
}

/// The id in the target of a wikilink, as `body` reads it.
fn target(destination: &str) -> &str {
    let path = destination.split(['#', '?']).next().unwrap_or_default().trim();
    path.strip_suffix(".md").unwrap_or(path)
}

/// Whether a wikilink can lead there.
fn is_target(id: &str) -> bool {
    target(id) == id && !id.is_empty() && !id.contains(|c: char| "[]|\\`<>".contains(c) || c.is_control())
}

/// Where the label of a reference's definition ends, with its colon.
fn label_end(definition: &str) -> usize {
    let mut escaped = false;
    for (at, c) in definition.char_indices() {
        match c {
            ']' if !escaped => return (at + 2).min(definition.len()),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    definition.len()
}

/// The bytes of a destination, after blanks, its angle brackets included.
fn written(text: &str, within: Range<usize>) -> Option<Range<usize>> {
    let rest = text.get(within.clone())?;
    let start = within.start + (rest.len() - rest.trim_start().len());
    let rest = &text[start..within.end];
    let is_angled = rest.starts_with('<');
    let (mut escaped, mut depth) = (false, 0);
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '>' if is_angled => return Some(start..start + at + 1),
            _ if is_angled => {}
            '(' => depth += 1,
            ')' if depth == 0 => return Some(start..start + at),
            ')' => depth -= 1,
            c if c.is_ascii_whitespace() => return Some(start..start + at),
            _ => {}
        }
    }
    (!is_angled).then_some(start..within.end)
}

/// A destination as Markdown, in angle brackets where it must be or was.
fn destination(to: &str, angled: bool) -> String {
    let is_bare = !to.is_empty() && !to.contains(|c: char| c.is_whitespace() || c.is_control());
    let angled = angled || !is_bare;
    let marks = if angled { "\\<>&" } else { "\\<>&()" };
    let mut literal = String::new();
    for c in to.chars() {
        if marks.contains(c) {
            literal.push('\\');
        }
        literal.push(c);
    }
    // Most parentheses and ampersands mean nothing there, and are better read without.
    let plain = if angled { format!("<{to}>") } else { to.to_owned() };
    if read_back(&plain).as_deref() == Some(to) {
        return plain;
    }
    if angled { format!("<{literal}>") } else { literal }
}

/// What Markdown makes of a destination.
fn read_back(written: &str) -> Option<String> {
    let link = format!("[x]({written})");
    let mut events = Parser::new(&link).into_offset_iter();
    events.find_map(|(event, range)| match event {
        Event::Start(Tag::Link { dest_url, .. }) if range == (0..link.len()) => Some(dest_url.to_string()),
        _ => None,
    })
}
