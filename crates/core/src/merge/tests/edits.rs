//! Contacts of few words, so that two sides often mean the same, and edits as people and the verbs make them.

use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::contact::{Channel, Promiser, Value, Words};
use crate::date::Date;
use crate::file::edit::{self, NewEntry, NewPromise};
use crate::file::layout::Layout;
use crate::file::parse;
use crate::settings::Settings;

const ITEMS: [&str; 9] = [
    "- 2026-11-01 phone: a",
    "- 2026-11-01 email: b\n  - [ ] me: p\n  - [x] them: q",
    "- 2026-11-02 phone: a",
    "- 2026-11-02 10:00 email in: c\n  more",
    "- 2026-11-02 email: c\n  - [ ] me: p",
    "- 2026-11-03 visit",
    "- 2026-11-03 visit: a\n\n  A paragraph.",
    "- 2026-11-04 note: [[bob]]",
    "- no day",
];
const BLOCKS: [&str; 8] =
    ["a\n", "b\nc\n", "a\nd\n", "# Jane\n", "- [ ] me: p\n- [x] q\n", "> a\n", "## Notes\n", "b\n"];
const FRONT: [&str; 9] = [
    "name = \"a\"",
    "city = \"a\" # home",
    "tags = [\"a\", \"b\"]",
    "stage = \"new\"",
    "value = 1",
    "added = 2026-01-05",
    "# a",
    "\n[next]\non = 2026-12-01\nwhy = \"a\"",
    "\n[prefers]\nchannel = [\"phone\"]",
];

/// A contact.
pub(super) fn contact() -> impl Strategy<Value = String> {
    let front = prop::sample::subsequence(&FRONT[..], 0..=FRONT.len());
    let blocks =
        |most: usize| prop::collection::vec(select(&BLOCKS[..]), 0..most).prop_map(|all| all.join("\n"));
    let log = (prop::collection::vec(select(&ITEMS[..]), 0..5), 0..4usize, 0..5usize);
    (front, blocks(4), prop::option::weighted(0.85, log), blocks(2), 0..8usize).prop_map(
        |(front, prose, log, rest, ends)| {
            let mut parts = vec![prose];
            if let Some((mut items, order, loose)) = log {
                match order {
                    0 => items.sort_unstable(),
                    1 | 2 => items.sort_unstable_by(|a, b| b.cmp(a)),
                    _ => {}
                }
                parts.push(format!("## Log\n\n{}\n", items.join(if loose == 0 { "\n\n" } else { "\n" })));
            }
            parts.push(rest);
            parts.retain(|part| !part.trim().is_empty());
            let front =
                if front.is_empty() { String::new() } else { format!("+++\n{}\n+++\n\n", front.join("\n")) };
            let text = front + &parts.join("\n");
            match ends {
                0 => text.trim_end().to_owned(),
                1 => text.replace('\n', "\r\n"),
                _ => text,
            }
        },
    )
}

/// Something that is done to a contact.
#[derive(Debug, Clone)]
pub(super) enum Edit {
    Log { day: u32, channel: &'static str, text: &'static str, promise: bool },
    Tick(Index, bool),
    Promise(Index, &'static str),
    Set(&'static [&'static str], Value),
    Unset(&'static [&'static str]),
    Tag(&'static str),
    Untag(&'static str),
    DropLine(Index),
    DoubleLine(Index),
    MoveLine(Index, Index),
    AddLine(Index, &'static str),
    Append(Index, &'static str),
    ChangeLine(Index, &'static str),
    CarriageReturns(bool),
    Ended(bool),
    EmptyLog,
}

const KEYS: [&[&str]; 7] =
    [&["name"], &["city"], &["stage"], &["value"], &["next", "on"], &["next", "why"], &["dates", "x"]];

/// An edit.
pub(super) fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    let key = || select(&KEYS[..]);
    let value = prop_oneof![
        select(&["a", "b", "new", "won"][..]).prop_map(|text| Value::Text(text.into())),
        (1..4i64).prop_map(Value::Integer),
        (1..4u32).prop_map(|day| Value::Date(Date::new(2026, 12, day).unwrap())),
    ];
    let word = || select(&["a", "b", "c"][..]);
    let line = || select(&["a\n", "e\n", "\n", "f\n\n", "\nf\n", "- [ ] me: p\n"][..]);
    prop_oneof![
        6 => (1..6u32, select(&["phone", "email", "visit"][..]), word(), any::<bool>())
            .prop_map(|(day, channel, text, promise)| Edit::Log { day, channel, text, promise }),
        3 => (at(), any::<bool>()).prop_map(|(at, kept)| Edit::Tick(at, kept)),
        2 => (at(), word()).prop_map(|(at, text)| Edit::Promise(at, text)),
        4 => (key(), value).prop_map(|(key, value)| Edit::Set(key, value)),
        1 => key().prop_map(Edit::Unset),
        1 => word().prop_map(Edit::Tag),
        1 => word().prop_map(Edit::Untag),
        3 => at().prop_map(Edit::DropLine),
        1 => at().prop_map(Edit::DoubleLine),
        1 => (at(), at()).prop_map(|(from, to)| Edit::MoveLine(from, to)),
        4 => (at(), line()).prop_map(|(at, line)| Edit::AddLine(at, line)),
        3 => (at(), word()).prop_map(|(at, word)| Edit::Append(at, word)),
        3 => (at(), word()).prop_map(|(at, word)| Edit::ChangeLine(at, word)),
        1 => any::<bool>().prop_map(Edit::CarriageReturns),
        1 => any::<bool>().prop_map(Edit::Ended),
        1 => Just(Edit::EmptyLog),
    ]
}

/// A few of them.
pub(super) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec(edit(), 0..4)
}

/// The text with all of these done to it. What cannot be done is left out.
pub(super) fn apply(text: &str, edits: &[Edit]) -> String {
    let settings = Settings::default();
    edits.iter().fold(text.to_owned(), |text, edit| {
        let new = apply_one(&text, edit, &settings).unwrap_or_else(|| text.clone());
        if parse(&new, "x", &settings).contact.broken { text } else { new }
    })
}

fn apply_one(text: &str, edit: &Edit, settings: &Settings) -> Option<String> {
    let promise = |text: &str| NewPromise { kept: false, who: Promiser::Me, text: text.into(), by: None };
    let contact = || parse(text, "x", settings).contact;
    match edit {
        Edit::Log { day, channel, text: said, promise: has } => {
            let entry = NewEntry {
                date: Date::new(2026, 11, *day)?,
                time: None,
                channel: Channel::from_name(channel),
                words: Words::default(),
                who: None,
                text: (*said).to_owned(),
                promises: if *has { vec![promise(said)] } else { Vec::new() },
            };
            edit::add_entry(text, &entry, settings).ok()
        }
        Edit::Tick(at, kept) => {
            let promises = contact().promises;
            let there = promises.get(at.index(promises.len().max(1)))?;
            edit::tick(text, there.at, *kept).ok()
        }
        Edit::Promise(at, said) => {
            let log = contact().log;
            let entry = log.get(at.index(log.len().max(1)))?;
            edit::add_promises(text, entry.at, &[promise(said)], settings).ok()
        }
        Edit::Set(key, value) => edit::set(text, key, value).ok(),
        Edit::Unset(key) => edit::unset(text, key).ok(),
        Edit::Tag(tag) => edit::add_items(text, &["tags"], &[(*tag).to_owned()]).ok(),
        Edit::Untag(tag) => edit::remove_items(text, &["tags"], &[(*tag).to_owned()]).ok(),
        Edit::CarriageReturns(has) => {
            let plain = text.replace("\r\n", "\n");
            Some(if *has { plain.replace('\n', "\r\n") } else { plain })
        }
        Edit::Ended(is_ended) => Some(text.trim_end().to_owned() + if *is_ended { "\n" } else { "" }),
        _ => by_line(text, edit),
    }
}

/// Edits of the body, which an editor makes.
fn by_line(text: &str, edit: &Edit) -> Option<String> {
    let body = Layout::of(text).body;
    let mut lines: Vec<String> = text[body.clone()].split_inclusive('\n').map(str::to_owned).collect();
    let ending = if text.contains("\r\n") { "\r\n" } else { "\n" };
    if let Some(last) = lines.last_mut().filter(|line| !line.ends_with('\n')) {
        last.push_str(ending);
    }
    let place = |at: &Index, len: usize| (len > 0).then(|| at.index(len));
    let count = lines.len();
    match edit {
        Edit::DropLine(at) => {
            lines.remove(place(at, count)?);
        }
        Edit::DoubleLine(at) => {
            let at = place(at, count)?;
            lines.insert(at, lines[at].clone());
        }
        Edit::MoveLine(from, to) => {
            let line = lines.remove(place(from, count)?);
            lines.insert(to.index(count), line);
        }
        Edit::AddLine(at, line) => lines.insert(at.index(count + 1), line.replace('\n', ending)),
        Edit::Append(at, word) => {
            let line = &mut lines[place(at, count)?];
            *line = format!("{} {word}{ending}", line.trim_end());
        }
        Edit::ChangeLine(at, word) => {
            let at = place(at, count)?;
            lines[at] = format!("{word}{ending}");
        }
        Edit::EmptyLog => {
            let at = lines.iter().position(|line| line.trim() == "## Log")?;
            lines.truncate(at);
        }
        _ => return None,
    }
    Some(text[..body.start].to_owned() + &lines.concat())
}
