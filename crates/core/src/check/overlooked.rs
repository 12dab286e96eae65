//! Lines that look like something to us but are plain text where they stand, so that nothing would ever read them.

use std::collections::HashSet;

use super::contact::find_in_line;
use crate::contact::{Channel, Contact, Promise, Promiser};
use crate::date::{Date, spoken};
use crate::file::KEYS;
use crate::file::layout::Layout;
use crate::problem::{Position, Problem};
use crate::settings::Settings;

/// Lines of the file `text` that were meant as an entry, a promise or a key. `told` are the lines that have a problem
/// already; each mistake is told once a file.
pub(super) fn lines(text: &str, contact: &Contact, settings: &Settings, told: &[Problem]) -> Vec<Problem> {
    let layout = Layout::of(text);
    let before = text[..layout.body.start].lines().count();
    let body = &text[layout.body.clone()];
    let mut found = Vec::new();
    if !layout.has_front_matter() {
        found.extend(keys_outside(body));
    }
    let read: HashSet<u32> = (contact.log.iter().map(|entry| entry.at.line))
        .chain(contact.promises.iter().map(|promise| promise.at.line))
        .chain(told.iter().map(|problem| problem.at.line))
        .collect();
    let mut section = Section::default();
    let (mut entry, mut promise) = (None, None);
    for (at, line) in body.lines().enumerate() {
        if section.passes(line) {
            continue;
        }
        let bare = line.trim_start();
        let item = bare.strip_prefix(['-', '*', '+']).map(str::trim_start);
        let content = item.unwrap_or(bare);
        let number = (before + at + 1) as u32;
        let column = (line.chars().count() - content.chars().count()) as u32 + 1;
        let position = Position { line: number, column };
        if entry.is_none() && is_entry(content, settings) && !read.contains(&number) {
            let hint = match (section.log.is_some(), item.is_some()) {
                (true, true) => "move it to the left, below the heading `Log`",
                (true, false) => "begin it with `- `, as a line of its own",
                (false, _) if section.is_nearly_log => "name the heading above it `Log`",
                (false, _) => "put it below a heading `## Log`",
            };
            let problem = Problem::warning(position, "no entry of the log, though it looks like one");
            entry = Some(problem.width(10).hint(hint));
        }
        if promise.is_none()
            && let Some(width) = box_width(content)
            && !read.contains(&number)
        {
            let problem = Problem::warning(position, "no promise, though it looks like one");
            promise = Some(problem.width(width).hint("write it as `- [ ] me: …`, with each of the blanks"));
        }
    }
    found.extend(entry);
    found.extend(promise);
    found
}

/// Where in a body a line stands.
#[derive(Default)]
struct Section {
    /// The level of the log's heading, while below it.
    log: Option<usize>,
    /// The last heading could be the log's by another name.
    is_nearly_log: bool,
    /// In a block of code.
    in_code: bool,
}

impl Section {
    /// Goes past a line; whether it holds nothing that people write down.
    fn passes(&mut self, line: &str) -> bool {
        let bare = line.trim_start();
        if bare.starts_with("```") || bare.starts_with("~~~") {
            self.in_code = !self.in_code;
            return true;
        }
        if self.in_code {
            return true;
        }
        let title = bare.trim_start_matches('#');
        let level = bare.len() - title.len();
        if level == 0 || !title.starts_with(char::is_whitespace) {
            return false;
        }
        let title = title.trim().trim_end_matches('#').trim().to_lowercase();
        if title == "log" {
            self.log = Some(level);
        } else if self.log.is_some_and(|log| level <= log) {
            self.log = None;
        }
        self.is_nearly_log = title.contains("log") || matches!(&*title, "history" | "journal" | "notes");
        true
    }
}

/// A day, perhaps a time, and a channel.
fn is_entry(content: &str, settings: &Settings) -> bool {
    if !content.starts_with(|c: char| c.is_ascii_digit())
        || Date::scan(content.as_bytes()).flatten().is_none()
    {
        return false;
    }
    let rest = content.get(10..).filter(|rest| rest.starts_with(char::is_whitespace)).unwrap_or_default();
    let mut words = rest.split_whitespace().take(3).map(|word| word.split(':').next().unwrap_or_default());
    words.any(|word| !word.is_empty() && settings.knows_channel(&Channel::from_name(word)))
}

/// How many characters a box takes: `[ ]`, `[]`, `[x]`; nothing where something else begins.
fn box_width(content: &str) -> Option<usize> {
    let (inside, after) = content.strip_prefix('[')?.split_once(']')?;
    let is_box = inside.trim().is_empty() || matches!(inside.trim(), "x" | "X" | "✓" | "✔" | "v");
    (is_box && inside.chars().count() < 4 && !after.starts_with(['(', '[', ':']))
        .then(|| inside.chars().count() + 2)
}

/// Keys at the top of a file whose front matter does not begin on its first line.
fn keys_outside(body: &str) -> Option<Problem> {
    let (at, line) = body.lines().enumerate().find(|(_, line)| !line.trim().is_empty())?;
    let column = (line.chars().count() - line.trim_start().chars().count()) as u32 + 1;
    let position = Position { line: at as u32 + 1, column };
    let line = line.trim();
    if line.len() > 1 && line.bytes().all(|b| b == b'+') {
        let problem =
            Problem::warning(position, "no front matter, so its keys are not read").width(line.len());
        return Some(problem.hint("let the first line of the file be `+++`, with nothing before it"));
    }
    let key = line.split(['=', ':']).next().unwrap_or_default().trim_end();
    let is_key = KEYS.contains(&key.trim_matches(['[', ']']).to_lowercase().as_str());
    if !is_key || key.len() == line.len() && !key.starts_with('[') {
        return None;
    }
    let problem = Problem::warning(position, format!("`{key}` is not read here"));
    Some(problem.width(key.chars().count()).hint("keys stand between two lines `+++` at the top of the file"))
}

/// A day in an open promise that is none to the format: `by friday`, `until 2026-12-05`, `(by 2026-12-05)`.
pub(super) fn deadline(text: &str, promise: &Promise, today: Date) -> Option<Problem> {
    let said = &promise.text;
    let mut unread = None;
    let mut from = 0;
    for word in said.split(' ') {
        let (start, rest) = (from, from + word.len());
        from = rest + 1;
        let before = word.trim_start_matches('(').to_lowercase();
        if !matches!(&*before, "by" | "until" | "till" | "before") {
            continue;
        }
        let Some(after) = said.get(from..) else { break };
        // A day that does not exist is an error already.
        if Date::scan(after.as_bytes()) == Some(None) {
            return None;
        }
        // In words without a day of their own, only `by` is clear enough.
        if let Some(day) = spoken(after, Some(promise.made.unwrap_or(today)))
            && (before == "by" || day.date.is_some())
        {
            let start = start + (word.len() - before.len());
            unread = Some((&said[start..from + day.len], day.date));
        }
    }
    let (phrase, day) = unread?;
    let is_exact = day.is_some_and(|day| phrase.eq_ignore_ascii_case(&format!("by {day}")));
    let (at, width) = find_in_line(text, promise.at, phrase);
    let where_to = if said.trim_end_matches(['.', '!']).ends_with(phrase) { "" } else { " at the end" };
    let problem = match day {
        _ if is_exact => Problem::warning(at, format!("\"{phrase}\" is read only at the end of a promise"))
            .hint("move it there"),
        Some(day) => Problem::warning(at, format!("\"{phrase}\" is not a date that can be read"))
            .hint(format!("write `by {day}`{where_to}")),
        None => Problem::warning(at, format!("\"{phrase}\" is not a date that can be read"))
            .hint(format!("write the day at the end, such as `by {}`", today.plus_days(7))),
    };
    Some(problem.width(width))
}

/// Somebody in front of a promise who is none of `me`, `them` and `@handle`, so that it counts as ours.
pub(super) fn promiser(text: &str, promise: &Promise, name: &str) -> Option<Problem> {
    let (who, _) = promise.text.split_once(':').filter(|_| promise.who == Promiser::Me)?;
    let first = name.split_whitespace().next().unwrap_or_default();
    let lower = who.to_lowercase();
    let meant = match &*lower {
        "she" | "her" | "he" | "him" | "they" | "you" | "theirs" => "them",
        "i" | "we" | "us" | "mine" | "my" | "myself" => "me",
        _ if !who.is_empty() && (lower == name.to_lowercase() || lower == first.to_lowercase()) => "them",
        _ => return None,
    };
    let (at, width) = find_in_line(text, promise.at, who);
    let problem =
        Problem::warning(at, format!("\"{who}:\" does not say whose promise it is, so it is yours"));
    Some(problem.width(width).hint(format!("write `{meant}:`")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let settings = Settings::default();
        let reading = crate::file::parse(text, "jane", &settings);
        let contact = &reading.contact;
        let mut found = lines(text, contact, &settings, &reading.problems);
        for promise in &contact.promises {
            found.extend(promiser(text, promise, &contact.name));
            found.extend(deadline(text, promise, Date::new(2026, 12, 3).unwrap()));
        }
        let hint = |p: &Problem| p.hint.clone().unwrap_or_default();
        found.iter().map(|p| format!("{}:{} {}; {}", p.at.line, p.at.column, p.message, hint(p))).collect()
    }

    #[test]
    fn what_is_read_is_never_told() {
        for text in [
            "",
            "# Jane\n\n## Log\n\n- 2026-12-01 phone: x\n  - [ ] me: y by 2026-12-04\n- 2026-02-30 phone\n",
            "## Log\n\n1. 2026-12-01 phone\n\n   - [x] y\n\n* 2026-11-01 email\n",
            "```\n- 2026-12-01 phone: code\n[ ] code\n```\n",
            "- [link](http://x.example) and [x]: no\n- [x](http://x.example)\n",
            "Name of the game: darts\n",
            "- 2026-12-01 was a good day\n",
            "- [ ] drop by her office, stand by, written by Anna\n- [ ] the fair on 2026-12-05\n",
        ] {
            assert_eq!(told(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_looks_like_something() {
        for (text, expected) in [
            (
                "- 2026-12-01 phone: x\n",
                "1:3 no entry of the log, though it looks like one; put it below a heading `## Log`",
            ),
            (
                "## Logs\n\n- 2026-12-01 phone: x\n- 2026-11-01 phone\n",
                "3:3 no entry of the log, though it looks like one; name the heading above it `Log`",
            ),
            (
                "## Log\n\n- 2026-12-02 phone: x\n2026-12-01 10:00 phone\n",
                "4:1 no entry of the log, though it looks like one; begin it with `- `, as a line of its own",
            ),
            (
                "## Log\n\n- 2026-12-02 phone: x\n  - 2026-12-01 phone: y\n",
                "4:5 no entry of the log, though it looks like one; move it to the left, below the heading `Log`",
            ),
            (
                "- [] me: x\n",
                "1:3 no promise, though it looks like one; write it as `- [ ] me: …`, with each of the blanks",
            ),
            (
                "name = \"Jane\"\n",
                "1:1 `name` is not read here; keys stand between two lines `+++` at the top of the file",
            ),
            (
                "\n+++\nname = \"Jane\"\n+++\n",
                "2:1 no front matter, so its keys are not read; let the first line of the file be `+++`, with nothing before it",
            ),
            (
                "- [ ] them: x by friday\n",
                "1:15 \"by friday\" is not a date that can be read; write `by 2026-12-04`",
            ),
            (
                "## Log\n\n- 2026-11-20 phone\n  - [ ] x until Monday\n",
                "4:11 \"until Monday\" is not a date that can be read; write `by 2026-11-23`",
            ),
            (
                "- [ ] x (by 2026-12-05)\n",
                "1:10 \"by 2026-12-05\" is read only at the end of a promise; move it there",
            ),
            (
                "- [ ] x by next week\n",
                "1:9 \"by next week\" is not a date that can be read; write the day at the end, such as `by 2026-12-10`",
            ),
            (
                "# Jane Doe\n\n- [ ] Jane: x by 2026-12-05\n",
                "3:7 \"Jane:\" does not say whose promise it is, so it is yours; write `them:`",
            ),
        ] {
            assert_eq!(told(text), [expected], "{text}");
        }
    }
}
