//! What changed between two readings of a contact, in one line of the user's words.

mod body;
mod head;
#[cfg(test)]
mod tests;
mod words;

use crate::contact::Contact;

/// No more parts than these are told; the rest is counted.
const MOST_PARTS: usize = 4;
/// The widest line, in columns.
const WIDEST: usize = 100;
/// The widest name in it.
const WIDEST_NAME: usize = 40;

/// `Jane Doe: stage nurture -> proposal; next 2026-12-03 by phone`: the most important first, in about a hundred
/// columns, without anything that a terminal would obey. Where the two say the same, only the text can differ. Fit to
/// be the subject of a commit. Empty where there is neither.
pub fn describe(before: Option<&Contact>, after: Option<&Contact>) -> String {
    let Some(contact) = after.or(before) else { return String::new() };
    let name = words::plain(&contact.name);
    let name = if name.is_empty() { words::plain(contact.id.as_str()) } else { name };
    line(&words::clipped(&name, WIDEST_NAME), &parts(before, after))
}

fn parts(before: Option<&Contact>, after: Option<&Contact>) -> Vec<String> {
    let said = |what: &str| vec![what.to_owned()];
    match (before, after) {
        (_, None) => said("removed"),
        (None, Some(after)) if after.broken => said("new contact, and broken"),
        (None, Some(after)) => {
            let mut parts = said("new contact");
            parts.extend(head::next(None, after.head.next.as_ref()));
            parts.extend(body::log(&[], &after.log));
            parts
        }
        (Some(before), Some(after)) => match (before.broken, after.broken) {
            (false, true) => said("edited, and broken now"),
            (true, true) => said("edited, and still broken"),
            (true, false) => said("mended"),
            (false, false) => changed(before, after),
        },
    }
}

fn changed(before: &Contact, after: &Contact) -> Vec<String> {
    let mut parts = Vec::new();
    parts.extend(head::value("stage", before.head.stage.as_ref(), after.head.stage.as_ref()));
    parts.extend(head::next(before.head.next.as_ref(), after.head.next.as_ref()));
    parts.extend(body::log(&before.log, &after.log));
    parts.extend(body::promises(&before.promises, &after.promises));
    if before.name != after.name {
        parts.push(format!("renamed from {}", words::quoted(&before.name)));
    }
    parts.extend(head::others(&before.head, &after.head));
    if parts.is_empty() {
        parts.push("text edited".to_owned());
    }
    parts
}

/// As many parts as fit, and how many more there are.
fn line(name: &str, parts: &[String]) -> String {
    let mut line = format!("{name}: ");
    for (at, part) in parts.iter().enumerate() {
        let part = words::plain(part);
        let left = parts.len() - at;
        let more = if left > 1 { format!("; and {} more", left - 1) } else { String::new() };
        let room = WIDEST.saturating_sub(words::width(&line) + words::width(&more));
        if at == 0 {
            line += &words::clipped(&part, room);
            continue;
        }
        if at == MOST_PARTS || words::width(&part) + 2 > room {
            return format!("{line}; and {left} more");
        }
        line = format!("{line}; {part}");
    }
    line
}
