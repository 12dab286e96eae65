//! A contact's prose as plain text, such as the note of an address book's card.

/// The prose of a contact's file as a plain text: its body without the log, without promises and conflicts, which are
/// no other program's business, and without marks of headings and backslashes that keep a text a text. `name` is the
/// contact's; a heading that says it goes too. A note that was imported comes out as it came in, but for white space at
/// the ends of its lines and more than one blank line.
pub fn note_of(body: &str, name: &str) -> String {
    let mut note = Note::default();
    let lines: Vec<&str> = body.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let below = lines.get(at + 1).copied().unwrap_or_default();
        note.line(line.trim_end(), below.trim_end(), name);
    }
    note.text
}

#[derive(Default)]
struct Note {
    text: String,
    gap: bool,
    /// The level of the log's heading, while below it.
    log: Option<usize>,
    /// The marks that end the code one is in.
    fence: Option<String>,
    /// How far the promise is indented whose lines these are.
    promise: Option<usize>,
    /// In the quote of a version that a merge set aside.
    conflict: bool,
    /// The next line underlines a heading.
    underline: bool,
}

impl Note {
    fn line(&mut self, line: &str, below: &str, name: &str) {
        if std::mem::take(&mut self.underline) {
            return;
        }
        if let Some(fence) = &self.fence {
            if line.trim_start().starts_with(fence.as_str()) {
                self.fence = None;
            }
            return self.push(line);
        }
        if let Some((level, heading, underlined)) = heading(line, below) {
            self.underline = underlined;
            self.promise = None;
            if self.log.is_none_or(|log| level <= log) {
                self.log = heading.eq_ignore_ascii_case("log").then_some(level);
            }
            if self.log.is_none() && !(level == 1 && heading == name) {
                self.push("");
                self.push(&unescaped(heading));
                self.push("");
            }
            return;
        }
        if self.log.is_some() {
            return;
        }
        let marks = line.trim_start();
        if marks.starts_with("```") || marks.starts_with("~~~") {
            self.fence = Some(marks[..3].to_owned());
            return self.push(line);
        }
        if !self.is_ours(line) {
            self.push(&unescaped(line));
        }
    }

    /// Whether the line is of a promise, or of what a merge set aside.
    fn is_ours(&mut self, line: &str) -> bool {
        let text = line.trim_start();
        let indent = line.len() - text.len();
        self.conflict = text.starts_with("> [!conflict]") || self.conflict && text.starts_with('>');
        if is_promise(text) {
            self.promise = Some(indent);
            return true;
        }
        let goes_on = self.promise.is_some_and(|of| indent > of && !text.is_empty());
        if !goes_on {
            self.promise = None;
        }
        goes_on || self.conflict
    }

    fn push(&mut self, line: &str) {
        if line.is_empty() {
            self.gap = !self.text.is_empty();
            return;
        }
        if !self.text.is_empty() {
            self.text.push_str(if self.gap { "\n\n" } else { "\n" });
        }
        self.gap = false;
        self.text.push_str(line);
    }
}

/// The level and text of a heading, and whether the line below is its underline.
fn heading<'t>(line: &'t str, below: &str) -> Option<(usize, &'t str, bool)> {
    let text = line.trim_start();
    if line.len() - text.len() > 3 || text.is_empty() {
        return None;
    }
    let level = text.bytes().take_while(|b| *b == b'#').count();
    if (1..=6).contains(&level) && (text.len() == level || text[level..].starts_with([' ', '\t'])) {
        let words = text[level..].trim();
        let bare = words.trim_end_matches('#');
        let closes = bare.is_empty() || bare.ends_with([' ', '\t']);
        return Some((level, if closes { bare.trim_end() } else { words }, false));
    }
    let is_all =
        |mark: char| !below.is_empty() && !below.starts_with(' ') && below.chars().all(|c| c == mark);
    let is_text = !text.starts_with(['>', '-', '*', '+', '`', '~']);
    match (is_text, is_all('='), is_all('-')) {
        (true, true, _) => Some((1, text, true)),
        (true, _, true) => Some((2, text, true)),
        _ => None,
    }
}

/// Whether an item of a task list begins here.
fn is_promise(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = match digits {
        0 => text.strip_prefix(['-', '*', '+']),
        _ => text[digits..].strip_prefix(['.', ')']),
    };
    let rest = rest.map(str::trim_start).unwrap_or_default();
    ["[ ]", "[x]", "[X]"]
        .iter()
        .any(|mark| rest.strip_prefix(mark).is_some_and(|rest| rest.is_empty() || rest.starts_with(' ')))
}

/// The text without backslashes that only keep a mark from being one, and without one at the end, which breaks a line.
fn unescaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('\\', None) => {}
            ('\\', Some(next)) if next.is_ascii_punctuation() => {
                out.push(*next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_a_note_and_nothing_else_is() {
        for (body, note) in [
            ("", ""),
            ("\nMet at the fair.\n\n## Log\n\n- 2026-01-01 phone: x\n", "Met at the fair."),
            ("# Jane\n\nOne  \ntwo\\\nthree\n\n\n\nfour\n", "One\ntwo\nthree\n\nfour"),
            (
                "## Likes\n\ntea ##\n\n### Log\n- 2026-01-01 note\n\n## More #\nx\n",
                "Likes\n\ntea ##\n\nMore\n\nx",
            ),
            ("Jane\n====\n\nShe\n---\nsings\n", "She\n\nsings"),
            ("a\n- [ ] me: call by 2026-01-01\n  and more\n- b\n1. [x] done\n", "a\n- b"),
            ("\\# 1\n\\- a\\*b\\* C:\\temp \\[\\[x\\]\\]\n", "# 1\n- a*b* C:\\temp [[x]]"),
            ("> [!conflict] x\n> y\n\n> a quote\n", "> a quote"),
            ("```\n# \\no\n```\n", "```\n# \\no\n```"),
            ("LOG\n---\n- 2026-01-01 note\n", ""),
        ] {
            assert_eq!(note_of(body, "Jane"), note, "{body}");
        }
    }
}
