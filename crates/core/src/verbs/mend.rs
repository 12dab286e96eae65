//! `check --fix`: mends what has exactly one safe mending, and leaves all else to people.
//!
//! A mending is tried on the text, and kept only where the file, read again, says what it was meant to say and
//! nothing else: no problem came, and all that was read before is read still.

mod candidates;
mod names;
#[cfg(test)]
mod tests;

use super::{Caution, Desk, Planned};
use crate::contact::Contact;
use crate::file::{self, Reading};
use crate::notebook::{Change, Deed, Survey};
use crate::problem::{Position, Problem};
use crate::settings::Settings;
use names::Names;

/// A file with more slips than that is no slip but another format.
const MOST: usize = 200;

/// One thing that was put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mending {
    /// The file, from the notebook's root.
    pub file: String,
    /// The line in the file as it was, from 1.
    pub line: u32,
    /// What was done: `"3 Dec 2026" is now 2026-12-03`.
    pub what: String,
}

/// All that can be put right in a notebook.
#[derive(Debug, Clone, PartialEq)]
pub struct Mended {
    /// The deed that does it.
    pub planned: Planned,
    /// What it does, file by file.
    pub mendings: Vec<Mending>,
}

/// Plans to mend every file that is not broken (format, section 8).
pub fn mend(survey: &Survey<'_>, desk: &Desk<'_>) -> Mended {
    let names = Names::of(survey);
    let indexes: Vec<usize> = survey.search(names::PARTS, |row, contact| {
        (!row.broken && (names.may_mend(contact) || candidates::may_have(contact))).then_some(row.index)
    });
    let broken: std::collections::HashSet<usize> = survey.broken().collect();
    let mut all: Vec<usize> =
        survey.with_problems().filter(|index| !broken.contains(index)).chain(indexes).collect();
    all.sort_unstable();
    all.dedup();
    let found = survey.each(&all, |index| {
        let before = survey.text(*index)?;
        let file = survey.path(*index);
        let (after, mendings) = mended(&file, &before, &names, desk.settings)?;
        Some((Change::edit(file, before, after), mendings))
    });
    let (changes, mendings): (Vec<Change>, Vec<Vec<Mending>>) = found.into_iter().flatten().unzip();
    let mendings = mendings.concat();
    let things =
        if mendings.len() == 1 { "1 thing".to_owned() } else { format!("{} things", mendings.len()) };
    let files = if changes.len() == 1 { "1 file".to_owned() } else { format!("{} files", changes.len()) };
    let said = match mendings.len() {
        0 => "nothing has one safe mending".to_owned(),
        _ => format!("{things} mended in {files}"),
    };
    let subject = format!("check --fix: {said}");
    let deed = Deed { verb: "check".to_owned(), subject, undoes: Vec::new(), changes };
    let planned = Planned { deed, said, cautions: Vec::<Caution>::new(), contact: None };
    Mended { planned, mendings }
}

/// The text with all that can be mended; none where nothing can, or the file is broken.
fn mended(file: &str, before: &str, names: &Names, settings: &Settings) -> Option<(String, Vec<Mending>)> {
    let stem = super::follow::stem(file);
    let mut text = before.to_owned();
    let mut reading = file::parse(&text, stem, settings);
    if reading.contact.broken {
        return None;
    }
    let mut mendings = Vec::new();
    while mendings.len() < MOST {
        let tries = candidates::of(&text, &reading, names, settings);
        let kept = tries.into_iter().find_map(|candidate| {
            let next = file::parse(&candidate.text, stem, settings);
            is_safe(&reading, &next, &candidate.gain).then_some((candidate, next))
        });
        let Some((candidate, next)) = kept else { break };
        mendings.push(Mending { file: file.to_owned(), line: candidate.line, what: candidate.what });
        (text, reading) = (candidate.text, next);
    }
    mendings.sort_by_key(|mending| mending.line);
    (text != before).then_some((text, mendings))
}

/// What a mending is for, and so what may be read otherwise than before.
#[derive(Debug, Clone, PartialEq)]
enum Gain {
    /// An entry of the log that was not read, or not as one.
    Entry,
    /// A promise that was not read.
    Promise,
    /// The promise's day.
    Deadline,
    /// A key of the front matter.
    Key(&'static str),
    /// The same contact by its id, in a link or a `referred_by`.
    Link,
}

/// Whether only that was gained, and nothing lost.
fn is_safe(before: &Reading, after: &Reading, gain: &Gain) -> bool {
    let (old, new) = (&before.contact, &after.contact);
    if new.broken || !has_no_new(&before.problems, &after.problems) {
        return false;
    }
    let fewer = after.problems.len() < before.problems.len();
    let is_same_body =
        || log(old) == log(new) && promises(old) == promises(new) && targets(old) == targets(new);
    match gain {
        Gain::Entry => {
            fewer
                && old.head == new.head
                && has_one_more(&log(old), &log(new))
                && promises(old) == promises(new)
                && targets(old) == targets(new)
        }
        Gain::Promise => {
            old.head == new.head
                && log(old) == log(new)
                && has_one_more(&promises(old), &promises(new))
                && targets(old) == targets(new)
        }
        Gain::Deadline => {
            let count = |contact: &Contact| contact.promises.iter().filter(|p| p.by.is_some()).count();
            old.head == new.head
                && log(old) == log(new)
                && count(new) == count(old) + 1
                && old.promises.len() == new.promises.len()
                && targets(old) == targets(new)
        }
        Gain::Key(key) => {
            let mut head = new.head.clone();
            match *key {
                "stage" => head.stage.clone_from(&old.head.stage),
                "owner" => head.owner.clone_from(&old.head.owner),
                "timezone" => head.timezone.clone_from(&old.head.timezone),
                _ => head.cadence.clone_from(&old.head.cadence),
            }
            fewer && head == old.head && old.name == new.name && is_same_body()
        }
        Gain::Link => {
            let mut head = new.head.clone();
            head.referred_by.clone_from(&old.head.referred_by);
            head == old.head
                && log(old).len() == log(new).len()
                && old.promises.len() == new.promises.len()
                && old.links.len() == new.links.len()
        }
    }
}

/// Whether every problem was there before, each as often at most.
fn has_no_new(before: &[Problem], after: &[Problem]) -> bool {
    let mut left: Vec<(u32, &str)> = before.iter().map(|p| (p.at.line, p.message.as_str())).collect();
    after.iter().all(|problem| {
        let key = (problem.at.line, problem.message.as_str());
        left.iter().position(|other| *other == key).map(|at| left.swap_remove(at)).is_some()
    })
}

/// What the log says, without places.
fn log(contact: &Contact) -> Vec<String> {
    let plain = |entry: &crate::contact::Entry| {
        format!("{:?}", crate::contact::Entry { at: Position::default(), ..entry.clone() })
    };
    let mut log: Vec<String> = contact.log.iter().map(plain).collect();
    log.sort();
    log
}

/// What is promised, without places and the day of the entry around it.
fn promises(contact: &Contact) -> Vec<String> {
    let plain = |p: &crate::contact::Promise| format!("{} {:?} {:?} {}", p.kept, p.who, p.by, p.text);
    let mut promises: Vec<String> = contact.promises.iter().map(plain).collect();
    promises.sort();
    promises
}

fn targets(contact: &Contact) -> Vec<String> {
    contact.links.iter().map(|link| format!("{:?} {}", link.target, link.text)).collect()
}

/// Whether `new` is `old` with one thing more; both are in order.
fn has_one_more(old: &[String], new: &[String]) -> bool {
    let mut rest = old.iter().peekable();
    let more = new.iter().filter(|item| rest.next_if(|other| other == item).is_none()).count();
    rest.peek().is_none() && more == 1
}
