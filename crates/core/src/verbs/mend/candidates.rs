//! What might be mended in a file, one slip at a time; whether it is safe is tried afterwards.

use std::cell::Cell;

use super::{Gain, Names};
use crate::contact::{Contact, Value, Word};
use crate::date::spoken;
use crate::file::layout::Layout;
use crate::file::{Reading, clock, edit};
use crate::problem::{Position, Problem};
use crate::settings::Settings;

/// A text that may be right in place of the one there is.
pub(super) struct Candidate {
    pub text: String,
    pub line: u32,
    pub what: String,
    pub gain: Gain,
}

/// Whether a contact without problems of its own may have something to mend beside links.
pub(super) fn may_have(contact: &Contact) -> bool {
    contact
        .promises
        .iter()
        .any(|promise| !promise.kept && promise.by.is_none() && promise.text.contains("by "))
}

/// All that may be tried, in the file's order.
pub(super) fn of(text: &str, reading: &Reading, names: &Names, settings: &Settings) -> Vec<Candidate> {
    let mut found = keys(text, &reading.contact, settings);
    found.extend(reading.problems.iter().flat_map(|problem| entries(text, problem)));
    found.extend(boxes(text, reading));
    found.extend(deadlines(text, &reading.contact));
    found.extend(links(text, &reading.contact, names));
    found
}

/// A stage, an owner, a cadence or a time zone in another case than the settings have it.
fn keys(text: &str, contact: &Contact, settings: &Settings) -> Vec<Candidate> {
    let head = &contact.head;
    let only = |written: &Option<String>, known: &mut dyn Iterator<Item = &str>| {
        let written = written.as_deref()?.trim();
        let same: Vec<&str> = known.filter(|name| name.to_lowercase() == written.to_lowercase()).collect();
        match same[..] {
            [name] if name != written => Some(name.to_owned()),
            _ => None,
        }
    };
    let zone = head.timezone.as_ref().map(|zone| zone.trim().replace(' ', "_"));
    let cadence = head.cadence.as_ref().and_then(|cadence| cadence.name.clone());
    let tries: [(&'static [&'static str], Option<String>); 4] = [
        (&["stage"], only(&head.stage, &mut settings.stages.all())),
        (&["owner"], only(&head.owner, &mut settings.team.iter().map(|m| m.handle.as_str()))),
        (&["cadence", "name"], only(&cadence, &mut settings.cadences.iter().map(|c| c.name.as_str()))),
        (
            &["timezone"],
            only(&zone, &mut chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()))
                .or_else(|| zone.clone().filter(|z| Some(z) != head.timezone.as_ref())),
        ),
    ];
    let candidate = |(path, meant): (&'static [&'static str], Option<String>)| {
        let name = meant?;
        let new = edit::set(text, path, &Value::Text(name.clone())).ok()?;
        let line = first_difference(text, &new);
        Some(Candidate {
            text: new,
            line,
            what: format!("`{}` is now \"{name}\"", path.join(".")),
            gain: Gain::Key(path[0]),
        })
    };
    tries.into_iter().filter_map(candidate).collect()
}

/// A day, a time or a word of the log in another way of writing, at the place of a problem.
fn entries(text: &str, problem: &Problem) -> Vec<Candidate> {
    let Some(at) = offset(text, problem.at) else { return Vec::new() };
    if at < Layout::of(text).body.start {
        return Vec::new();
    }
    let line = text[at..].lines().next().unwrap_or_default();
    let replaced = |len: usize, new: String| Candidate {
        text: format!("{}{new}{}", &text[..at], &text[at + len..]),
        line: problem.at.line,
        what: format!("\"{}\" is now {new}", &line[..len]),
        gain: Gain::Entry,
    };
    let mut found = Vec::new();
    if let Some((len, day)) = day(line) {
        found.push(replaced(len, day));
    }
    let word = line.split(char::is_whitespace).next().unwrap_or_default();
    let time = word.trim_end_matches([':', ',']);
    if let Some(clock) = clock(time) {
        found.push(replaced(time.len(), clock.to_string()));
    }
    // "no answer" in two words.
    if let Some(second) = line[word.len()..].split_whitespace().next() {
        let second_end = word.len() + line[word.len()..].find(second).unwrap_or_default();
        let second = second.trim_end_matches(':');
        let joined = format!("{word}-{second}").to_ascii_lowercase();
        if Word::ALL.iter().any(|(name, _)| *name == joined) {
            found.push(replaced(second_end + second.len(), joined));
        }
    }
    found
}

/// The day that a line begins with, where it is one day only, and how many bytes say it. A weekday alone, a day
/// without a year and one that may be two (`3/4/2026`) are nobody's to guess.
fn day(line: &str) -> Option<(usize, String)> {
    if let Some(said) = spoken(line, None)
        && let Some(date) = said.date
    {
        return Some((said.len, date.to_string()));
    }
    // Dashes of another kind.
    let plain: String =
        line.chars().take(10).map(|c| if matches!(c, '–' | '—' | '‑') { '-' } else { c }).collect();
    let written = line.char_indices().nth(10).map_or(line.len(), |(end, _)| end);
    let date: crate::date::Date = plain.parse().ok()?;
    (written > 10).then(|| (written, date.to_string()))
}

/// `- [] text`, which is no box without the blank.
fn boxes(text: &str, reading: &Reading) -> Vec<Candidate> {
    let body = Layout::of(text).body;
    if !text[body.clone()].contains("[]") {
        return Vec::new();
    }
    let read: Vec<u32> = reading.contact.promises.iter().map(|promise| promise.at.line).collect();
    let mut found = Vec::new();
    let mut start = body.start;
    for line in text[body].split_inclusive('\n') {
        let bare = line.trim_start();
        let item = bare.strip_prefix(['-', '*', '+']).map(str::trim_start);
        if let Some(rest) = item.and_then(|item| item.strip_prefix("[] ")) {
            let at = start + line.len() - rest.len() - 2;
            let number = Position::of(text, at).line;
            if !read.contains(&number) {
                let new = format!("{} {}", &text[..at], &text[at..]);
                let what = "\"[]\" is now \"[ ]\", so it is a promise".to_owned();
                found.push(Candidate { text: new, line: number, what, gain: Gain::Promise });
            }
        }
        start += line.len();
    }
    found
}

/// `by 3 Dec 2026` at the end of an open promise.
fn deadlines(text: &str, contact: &Contact) -> Vec<Candidate> {
    let mut found = Vec::new();
    for promise in contact.promises.iter().filter(|promise| !promise.kept && promise.by.is_none()) {
        let Some(at) = offset(text, promise.at) else { continue };
        let line = text[at..].lines().next().unwrap_or_default();
        let Some(by) = line.rfind(" by ").map(|by| by + " by ".len()) else { continue };
        let Some((len, day)) = day(&line[by..]) else { continue };
        if !line[by + len..].trim_end().trim_end_matches(['.', '!']).is_empty() {
            continue;
        }
        found.push(Candidate {
            text: format!("{}{day}{}", &text[..at + by], &text[at + by + len..]),
            line: promise.at.line,
            what: format!("\"by {}\" is now by {day}", &line[by..by + len]),
            gain: Gain::Deadline,
        });
    }
    found
}

/// A link, or a `referred_by`, that gives an earlier id or the id in another case.
fn links(text: &str, contact: &Contact, names: &Names) -> Vec<Candidate> {
    let mut found = Vec::new();
    // One at a time, so that each is told.
    let done: Cell<Option<(String, String)>> = Cell::new(None);
    let new = edit::relink(text, &|id| {
        let first = done.take();
        let meant = names.id(id).filter(|_| first.is_none()).map(str::to_owned);
        done.set(first.or_else(|| meant.clone().map(|meant| (id.to_owned(), meant))));
        meant
    });
    if let Some((old, id)) = done.take().filter(|_| new != text) {
        let line = first_difference(text, &new);
        found.push(Candidate {
            text: new,
            line,
            what: format!("[[{old}]] is now [[{id}]]"),
            gain: Gain::Link,
        });
    }
    let written = contact.head.referred_by.as_deref().unwrap_or_default();
    if let Some(id) = names.referrer(written)
        && let Ok(new) = edit::set(text, &["referred_by"], &Value::Text(id.to_owned()))
    {
        let line = first_difference(text, &new);
        found.push(Candidate {
            text: new,
            line,
            what: format!("`referred_by` is now \"{id}\""),
            gain: Gain::Link,
        });
    }
    found
}

/// The byte of that place; none where there is no such place.
fn offset(text: &str, at: Position) -> Option<usize> {
    let mut start = 0;
    for _ in 1..at.line {
        start += text.get(start..)?.find('\n')? + 1;
    }
    let line = text.get(start..)?;
    let bom = if line.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let rest = &line[bom..];
    let column = (at.column as usize).checked_sub(1)?;
    let (end, _) = rest.char_indices().chain([(rest.len(), ' ')]).nth(column)?;
    Some(start + bom + end)
}

/// The line on which two texts part.
fn first_difference(old: &str, new: &str) -> u32 {
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    Position::of(old, same).line
}
