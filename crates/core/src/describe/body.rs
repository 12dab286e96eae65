//! What changed in a contact's log and promises.

use super::words;
use crate::contact::{Entry, Promise, Promiser, Word};
use crate::date::Date;
use crate::problem::Position;

/// `log 2026-11-20 phone`, `log 2026-11-18 email in and 2 more`: entries that came, that were edited, that went.
pub(super) fn log(before: &[Entry], after: &[Entry]) -> Vec<String> {
    let bare = |log: &[Entry]| -> Vec<Entry> {
        log.iter().map(|entry| Entry { at: Position::default(), ..entry.clone() }).collect()
    };
    let (mut gone, mut new) = apart(bare(before), bare(after));
    let same_day =
        take_pairs(&mut gone, &mut new, |old, new| old.date == new.date && old.channel == new.channel);
    let same_text = take_pairs(&mut gone, &mut new, |old, new| !old.text.is_empty() && old.text == new.text);
    let edited: Vec<Entry> = same_day.into_iter().chain(same_text).map(|(_, new)| new).collect();
    [(new, ""), (edited, " edited"), (gone, " removed")]
        .into_iter()
        .filter_map(|(entries, what)| {
            let last = entries.iter().max_by_key(|entry| (entry.date, entry.time))?;
            Some(format!("log {}{what}{}", touch(last), more(entries.len())))
        })
        .collect()
}

/// `2026-11-18 email in`; what goes without saying is left out.
fn touch(entry: &Entry) -> String {
    let words = Word::ALL.iter().filter(|(name, word)| entry.words.has(*word) && *name != "out");
    let words: String = words.map(|(name, _)| format!(" {name}")).collect();
    format!("{} {}{words}", entry.date, words::value(entry.channel.as_str()))
}

fn more(count: usize) -> String {
    if count > 1 { format!(" and {} more", count - 1) } else { String::new() }
}

/// `kept "call Bob"`, `promise "send the list" by 2026-12-01`: promises that were kept, that came, that went.
pub(super) fn promises(before: &[Promise], after: &[Promise]) -> Vec<String> {
    let bare = |promises: &[Promise]| -> Vec<Promise> {
        promises.iter().map(|promise| Promise { at: Position::default(), ..promise.clone() }).collect()
    };
    let (mut gone, mut new) = apart(bare(before), bare(after));
    let mut said = Vec::new();
    for (old, new) in take_pairs(&mut gone, &mut new, |old, new| old.who == new.who && old.text == new.text) {
        let text = words::quoted(&new.text);
        said.push(match (old.kept, new.kept) {
            (false, true) => format!("kept {text}"),
            (true, false) => format!("open again: {text}"),
            _ if old.by != new.by => match new.by {
                Some(by) => format!("{} {text} by {by}", whose(&new.who)),
                None => format!("{} {text} by no day", whose(&new.who)),
            },
            _ => format!("{} {text} edited", whose(&new.who)),
        });
    }
    said.sort_by_key(|part| !part.starts_with("kept"));
    said.extend(new.iter().map(|promise| {
        let text = words::quoted(&promise.text);
        let by = promise.by.map(|by: Date| format!(" by {by}")).unwrap_or_default();
        match promise.kept {
            true => format!("kept {text}"),
            false => format!("{} {text}{by}", whose(&promise.who)),
        }
    }));
    said.extend(
        gone.iter()
            .map(|promise| format!("{} {} removed", whose(&promise.who), words::quoted(&promise.text))),
    );
    said
}

fn whose(who: &Promiser) -> String {
    match who {
        Promiser::Me => "promise".to_owned(),
        Promiser::Them => "their promise".to_owned(),
        Promiser::Member(handle) => format!("promise of @{}", words::value(handle)),
    }
}

/// What only the one list has, and what only the other, each as often as it has it more.
fn apart<T: PartialEq>(before: Vec<T>, after: Vec<T>) -> (Vec<T>, Vec<T>) {
    let start = before.iter().zip(&after).take_while(|(old, new)| old == new).count();
    let mut new: Vec<T> = after.into_iter().skip(start).collect();
    let mut gone = Vec::new();
    for old in before.into_iter().skip(start) {
        match new.iter().position(|new| *new == old) {
            Some(at) => drop(new.remove(at)),
            None => gone.push(old),
        }
    }
    (gone, new)
}

/// Takes out of both lists what belongs together, the first with the first.
fn take_pairs<T>(gone: &mut Vec<T>, new: &mut Vec<T>, belong: impl Fn(&T, &T) -> bool) -> Vec<(T, T)> {
    let mut pairs = Vec::new();
    for old in std::mem::take(gone) {
        match new.iter().position(|new| belong(&old, new)) {
            Some(at) => pairs.push((old, new.remove(at))),
            None => gone.push(old),
        }
    }
    pairs
}
