//! Contacts as people keep them, and what people do to one in a day: the samples are those of the documents and of
//! the test vectors.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::contact::{Channel, Promiser, Value, Words};
use crate::date::Date;
use crate::file::edit::{self, NewEntry, NewPromise};
use crate::file::layout::Layout;
use crate::file::parse;
use crate::settings::Settings;

/// All contacts of the examples that can be read.
static CONTACTS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut texts = Vec::new();
    for folder in ["docs/example/contacts", "tests/vectors"] {
        gather(&root.join(folder), &mut texts);
    }
    texts.retain(|text| text.contains("+++") && !parse(text, "x", &Settings::default()).contact.broken);
    texts.sort_unstable();
    assert!(texts.len() > 100, "{} examples", texts.len());
    texts
});

fn gather(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            gather(&path, texts);
        } else if path.extension().is_some_and(|ending| ending == "md") && !path.ends_with("README.md") {
            texts.extend(fs::read_to_string(&path));
        }
    }
}

/// A contact, in a file as it may lie on somebody's disk.
pub(super) fn contact() -> impl Strategy<Value = String> {
    (any::<Index>(), 0..20usize).prop_map(|(at, ends)| {
        let text = &CONTACTS[at.index(CONTACTS.len())];
        match ends {
            0 => text.replace('\n', "\r\n"),
            1 => text.trim_end().to_owned(),
            _ => text.clone(),
        }
    })
}

/// What somebody does to a contact.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    /// Logs what happened, mostly today.
    Log(NewEntry),
    /// Keeps a promise, or finds that it was not kept after all.
    Tick(Index, bool),
    /// Promises something more.
    Promise(Index, &'static str),
    /// Gives a key another value.
    Set(&'static [&'static str], Value),
    Unset(&'static [&'static str]),
    Tag(&'static str),
    Untag(&'static str),
    /// Goes on with a line of the log or of the prose.
    Append(Index, &'static str),
    /// Has another word in a line of it.
    Reword(Index, &'static str),
    /// Writes a paragraph of the prose anew.
    Rewrite(Index, &'static str),
    /// Adds a paragraph to the prose.
    Note(&'static str),
    /// Takes out an entry.
    Forget(Index),
}

const KEYS: [(&[&str], &[&str]); 8] = [
    (&["stage"], &["contacted", "meeting", "proposal", "won", "lost"]),
    (&["company"], &["Lagoon & Pine", "Finch Inns"]),
    (&["role"], &["Director", "Head of Projects"]),
    (&["hot_button"], &["peace at the front desk", "one remote control"]),
    (&["owner"], &["sam", "pat"]),
    (&["prefers", "hours"], &["Tue-Thu 14:00-16:00", "Mon 9:00-12:00"]),
    (&["next", "why"], &["walk through the offer", "hear how it went"]),
    (&["next", "via"], &["phone", "email"]),
];
const SAID: [&str; 6] = [
    "likes the panels, worries about the night staff",
    "sent the price list",
    "said I would call",
    "asked about the doors that are not on the drawing\nand will tell her brother",
    "no answer",
    "",
];
const PROMISED: [&str; 4] =
    ["send the floor plans", "call again", "read the spec sheet", "ask [[maeve-obrien]]"];
const WORDS: [&str; 4] = ["really", "twice", "in spring", "(she said)"];
const NOTES: [&str; 4] = [
    "Met her at the hotel keepers' breakfast.\n",
    "Two houses more since May.\nAsk about the second.\n",
    "- [ ] me: find out who signs by 2026-12-20\n",
    "Coffee first.\n",
];

fn entry() -> impl Strategy<Value = NewEntry> {
    let day = prop_oneof![6 => 10..13u32, 1 => 1..28u32].prop_map(|day| Date::new(2026, 12, day));
    let promise =
        (any::<bool>(), select(&PROMISED[..]), 0..3u32).prop_map(|(is_mine, text, by)| NewPromise {
            kept: false,
            who: if is_mine { Promiser::Me } else { Promiser::Them },
            text: text.to_owned(),
            by: Date::new(2026, 12, 20 + by).filter(|_| by > 0),
        });
    let channel = select(&["phone", "email", "meeting", "note", "card"][..]);
    (day, channel, select(&SAID[..]), prop::collection::vec(promise, 0..3)).prop_map(
        |(date, channel, said, promises)| NewEntry {
            date: date.unwrap(),
            time: None,
            channel: Channel::from_name(channel),
            words: Words::default(),
            who: None,
            text: said.to_owned(),
            promises,
        },
    )
}

fn deed() -> impl Strategy<Value = Deed> {
    let at = any::<Index>;
    let text = |text: &str| Value::Text(text.to_owned());
    let mut values: Vec<(&[&str], Value)> =
        KEYS.iter().flat_map(|(key, all)| all.iter().map(move |value| (*key, text(value)))).collect();
    for day in 14..18 {
        let date = || Value::Date(Date::new(2026, 12, day).unwrap());
        values.extend([(&["next", "on"][..], date()), (&["away", "until"], date())]);
        values.push((&["value"], Value::Integer(i64::from(day) * 1000)));
    }
    let words = || select(&WORDS[..]);
    let tag = || select(&["hotel", "fair", "vip", "export", "partner"][..]);
    prop_oneof![
        6 => entry().prop_map(Deed::Log),
        4 => (at(), prop::bool::weighted(0.9)).prop_map(|(at, kept)| Deed::Tick(at, kept)),
        2 => (at(), select(&PROMISED[..])).prop_map(|(at, said)| Deed::Promise(at, said)),
        5 => select(values).prop_map(|(key, value)| Deed::Set(key, value)),
        1 => select(KEYS.map(|(key, _)| key).to_vec()).prop_map(Deed::Unset),
        2 => tag().prop_map(Deed::Tag),
        1 => tag().prop_map(Deed::Untag),
        2 => (at(), words()).prop_map(|(at, words)| Deed::Append(at, words)),
        2 => (at(), words()).prop_map(|(at, words)| Deed::Reword(at, words)),
        1 => (at(), select(&NOTES[..])).prop_map(|(at, said)| Deed::Rewrite(at, said)),
        2 => select(&NOTES[..]).prop_map(Deed::Note),
        1 => at().prop_map(Deed::Forget),
    ]
}

/// A day's work.
pub(super) fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    prop::collection::vec(deed(), 1..5)
}

/// The text after all that was done to it. What cannot be done is left out.
pub(super) fn work(text: &str, deeds: &[Deed]) -> String {
    let settings = Settings::default();
    deeds.iter().fold(text.to_owned(), |text, deed| match done(&text, deed, &settings) {
        Some(new) if !parse(&new, "x", &settings).contact.broken => new,
        _ => text,
    })
}

fn done(text: &str, deed: &Deed, settings: &Settings) -> Option<String> {
    let contact = || parse(text, "x", settings).contact;
    match deed {
        Deed::Log(entry) => edit::add_entry(text, entry, settings).ok(),
        Deed::Tick(at, kept) => {
            let promises = contact().promises;
            let there = promises.get(at.index(promises.len().max(1)))?;
            edit::tick(text, there.at, *kept).ok()
        }
        Deed::Promise(at, said) => {
            let log = contact().log;
            let entry = log.get(at.index(log.len().max(1)))?;
            let promise = NewPromise { kept: false, who: Promiser::Me, text: (*said).to_owned(), by: None };
            edit::add_promises(text, entry.at, &[promise], settings).ok()
        }
        Deed::Set(key, value) => edit::set(text, key, value).ok(),
        Deed::Unset(key) => edit::unset(text, key).ok(),
        Deed::Tag(tag) => edit::add_items(text, &["tags"], &[(*tag).to_owned()]).ok(),
        Deed::Untag(tag) => edit::remove_items(text, &["tags"], &[(*tag).to_owned()]).ok(),
        Deed::Append(..) | Deed::Reword(..) | Deed::Rewrite(..) | Deed::Note(_) | Deed::Forget(_) => {
            by_hand(text, deed)
        }
    }
}

/// What is done in an editor.
fn by_hand(text: &str, deed: &Deed) -> Option<String> {
    let body = Layout::of(text).body;
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut lines: Vec<String> =
        text[body.clone()].lines().map(|line| line.trim_end_matches('\r').to_owned()).collect();
    let log = lines.iter().position(|line| line.to_lowercase().trim_end().ends_with("# log"));
    let prose_end = log.unwrap_or(lines.len());
    let pick = |at: &Index, is_it: &dyn Fn(usize, &str) -> bool| -> Option<usize> {
        let all: Vec<usize> = (0..lines.len()).filter(|place| is_it(*place, &lines[*place])).collect();
        (!all.is_empty()).then(|| *at.get(&all))
    };
    let is_said = |place: usize, line: &str| !line.trim().is_empty() && Some(place) != log;
    match deed {
        Deed::Append(at, words) => {
            let at = pick(at, &is_said)?;
            lines[at] = format!("{} {words}", lines[at]);
        }
        Deed::Reword(at, words) => {
            let at = pick(at, &is_said)?;
            let last = lines[at].rfind(' ').filter(|last| *last > 16)?;
            lines[at] = format!("{} {words}", &lines[at][..last]);
        }
        Deed::Rewrite(at, said) => {
            let at = pick(at, &|place, line| place < prose_end && is_said(place, line))?;
            let length = lines[at..prose_end].iter().take_while(|line| !line.trim().is_empty()).count();
            lines.splice(at..at + length, said.lines().map(str::to_owned));
        }
        Deed::Note(said) => {
            let at =
                lines[..prose_end].iter().rposition(|line| !line.trim().is_empty()).map_or(0, |at| at + 1);
            let gap = Some(String::new()).into_iter();
            lines.splice(at..at, gap.chain(said.lines().map(str::to_owned)));
        }
        Deed::Forget(at) => {
            let at = pick(at, &|place, line| Some(place) > log && line.starts_with("- 2"))?;
            let length = 1 + lines[at + 1..].iter().take_while(|line| line.starts_with("  ")).count();
            lines.drain(at..at + length);
        }
        _ => return None,
    }
    let ended = text.ends_with('\n');
    let body_text = lines.join(ending) + if ended { ending } else { "" };
    Some([&text[..body.start], &body_text].concat())
}
