//! `revise_entry` and `add_entries`: the log says what was asked for, and all else stays.

use proptest::prelude::*;

use super::samples::{contact, mutilated};
use super::*;
use crate::contact::{Contact, Entry};
use crate::file::parse;
use crate::problem::Position;

fn read(text: &str) -> Contact {
    parse(text, "x", &settings()).contact
}

/// The entry that stands first in the text of the log, revised.
fn revised(old: &str, number: usize, line: &str) -> String {
    let mut log = read(old).log;
    log.sort_by_key(|entry| entry.at);
    match revise_entry(old, log[number].at, &entry(line), &settings()) {
        Ok(new) => new,
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn an_entry_says_something_else() {
    for (old, number, line, expected) in [
        (
            "## Log\n- 2026-11-18 email: a\n",
            0,
            "2026-11-18 09:12 email in @pat: b",
            "## Log\n- 2026-11-18 09:12 email in @pat: b\n",
        ),
        ("## Log\n- 2026-11-18 email: a\n", 0, "2026-11-18 email: a", "## Log\n- 2026-11-18 email: a\n"),
        // What is nested in it stays, and what it was set in.
        (
            "## Log\r\n\r\n*  2026-11-18 email: a\r\n   b\r\n   * [ ] me: call\r\n\r\n   More.\r\n",
            0,
            "2026-11-18 email in: c",
            "## Log\r\n\r\n*  2026-11-18 email in: c\r\n   * [ ] me: call\r\n\r\n   More.\r\n",
        ),
        // It goes where its time has it, with what is nested in it.
        (
            "## Log\n- 2026-11-18 12:00 phone\n- 2026-11-18 09:00 email: a\n  - [ ] me: call\n- 2026-11-17 visit\n",
            1,
            "2026-11-18 16:00 email: b",
            "## Log\n- 2026-11-18 16:00 email: b\n  - [ ] me: call\n- 2026-11-18 12:00 phone\n- 2026-11-17 visit\n",
        ),
        (
            "## Log\n- 2026-11-17 visit\n- 2026-11-18 09:00 email: a\n- 2026-11-18 12:00 phone",
            1,
            "2026-11-18 16:00 email: b",
            "## Log\n- 2026-11-17 visit\n- 2026-11-18 12:00 phone\n- 2026-11-18 16:00 email: b",
        ),
        (
            "## Log\n\n- 2026-11-18 12:00 phone\n\n- 2026-11-18 11:00 phone\n\n- 2026-11-18 09:00 email: a\n\nText\n",
            2,
            "2026-11-18 16:00 email: b",
            "## Log\n\n- 2026-11-18 16:00 email: b\n\n- 2026-11-18 12:00 phone\n\n- 2026-11-18 11:00 phone\n\nText\n",
        ),
        // A numbered one keeps its number.
        (
            "## Log\n1. 2026-11-18 12:00 phone\n2. 2026-11-18 09:00 email: a\n",
            1,
            "2026-11-18 16:00 email: b",
            "## Log\n1. 2026-11-18 12:00 phone\n2. 2026-11-18 16:00 email: b\n",
        ),
    ] {
        assert_eq!(revised(old, number, line), expected, "{old:?}");
    }
    for line in ["2026-11-19 email: another day", "2026-11-18 telex: x", "2026-11-18 email: \u{7}"] {
        let told = revised("## Log\n- 2026-11-18 email: a\n", 0, line);
        assert!(told.starts_with("Missing") || told.starts_with("Unwritable"), "{told}");
    }
}

#[test]
fn many_at_once_stand_as_if_one_by_one() {
    let lines =
        ["2026-11-18 email: b", "2026-11-20 09:00 phone: d", "2026-11-16 visit: a", "2026-11-19 card: c"];
    let entries: Vec<NewEntry> = lines.iter().map(|line| entry(line)).collect();
    for (old, expected) in [
        (
            "",
            "## Log\n\n- 2026-11-20 09:00 phone: d\n- 2026-11-19 card: c\n- 2026-11-18 email: b\n- 2026-11-16 visit: a\n",
        ),
        (
            "## Log\n- 2026-11-19 event\n- 2026-11-17 event\n",
            "## Log\n- 2026-11-20 09:00 phone: d\n- 2026-11-19 card: c\n- 2026-11-19 event\n- 2026-11-18 email: b\n- 2026-11-17 event\n- 2026-11-16 visit: a\n",
        ),
        (
            "## Log\r\n- 2026-11-17 event\r\n- 2026-11-19 event\r\n",
            "## Log\r\n- 2026-11-16 visit: a\r\n- 2026-11-17 event\r\n- 2026-11-18 email: b\r\n- 2026-11-19 event\r\n- 2026-11-19 card: c\r\n- 2026-11-20 09:00 phone: d\r\n",
        ),
    ] {
        assert_eq!(add_entries(old, &entries, &settings()).unwrap(), expected, "{old:?}");
    }
}

/// The log without places, in an order of its own.
fn log(contact: &Contact) -> Vec<String> {
    let plain = |entry: &Entry| format!("{:?}", Entry { at: Position::default(), ..entry.clone() });
    let mut all: Vec<String> = contact.log.iter().map(plain).collect();
    all.sort();
    all
}

fn line() -> impl Strategy<Value = String> {
    let text =
        prop::sample::select(&["", ": x", ": [a](mid:b@c) [09:00](mid:d)", ": # y", ": [ ] z", ": *a"][..]);
    (9..21u32, 0..3u32, text)
        .prop_map(|(day, hour, text)| format!("2026-11-{day:02} 0{hour}:30 email in{text}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_the_entry_changes(
        text in prop_oneof![contact(), mutilated()],
        which in any::<prop::sample::Index>(),
        line in line(),
    ) {
        let old = read(&text);
        if !old.broken && !old.log.is_empty() {
            let there = &old.log[which.index(old.log.len())];
            let new = NewEntry { date: there.date, ..entry(&line) };
            if let Ok(new_text) = revise_entry(&text, there.at, &new, &settings()) {
                let read_back = read(&new_text);
                let mut wanted = old.clone();
                for entry in wanted.log.iter_mut().filter(|entry| entry.at == there.at) {
                    *entry = Entry {
                        date: new.date, time: new.time, channel: new.channel.clone(), words: new.words,
                        who: new.who.clone(), text: new.text.clone(), at: entry.at,
                    };
                }
                prop_assert_eq!(log(&read_back), log(&wanted), "{:?}", new_text);
                prop_assert_eq!(read_back.promises.len(), old.promises.len());
                prop_assert_eq!(read_back.links.len(), old.links.len());
                prop_assert_eq!(&read_back.head, &old.head);
                let at = read_back.log.iter().find(|e| e.text == new.text && e.time == new.time && e.date == new.date);
                prop_assert_eq!(&revise_entry(&new_text, at.unwrap().at, &new, &settings()).unwrap(), &new_text);
            }
        }
    }

    #[test]
    fn many_at_once_are_all_there(text in prop_oneof![contact(), mutilated()], lines in prop::collection::vec(line(), 0..8)) {
        let old = read(&text);
        let entries: Vec<NewEntry> = lines.iter().map(|line| entry(line)).collect();
        if let Ok(new_text) = add_entries(&text, &entries, &settings()) {
            let new = read(&new_text);
            prop_assert_eq!(new.log.len(), old.log.len() + entries.len());
            let before = log(&old);
            let after = log(&new);
            prop_assert!(before.iter().all(|entry| after.contains(entry)));
            prop_assert_eq!(new.promises.len(), old.promises.len());
            prop_assert_eq!(new.head, old.head);
        }
    }
}
