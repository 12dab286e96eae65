//! Two contacts that are one: nothing that either says is lost, and the first one's word stands.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::people::contact;
use crate::contact::Contact;
use crate::file::parse;
use crate::merge::{Joined, Note, config, onto};
use crate::settings::Settings;

fn joined(first: &str, other: &str) -> Joined {
    onto(first, other, &Settings::default()).unwrap_or_else(|| panic!("not joined:\n{first}---\n{other}"))
}

#[test]
fn the_first_ones_word_stands() {
    for (first, other, expected, notes) in [
        // Either order of the bytes.
        (
            "+++\ncity = \"A\"\n+++\n",
            "+++\ncity = \"B\"\n+++\n",
            "+++\ncity = \"A\"\n\n[[conflict]]\nkey = \"city\"\nother = \"B\"\n+++\n",
            1,
        ),
        (
            "+++\ncity = \"B\"\n+++\n",
            "+++\ncity = \"A\"\n+++\n",
            "+++\ncity = \"B\"\n\n[[conflict]]\nkey = \"city\"\nother = \"A\"\n+++\n",
            1,
        ),
        (
            "+++\nemail = [\"z@x\"]\n+++\n",
            "+++\nemail = [\"a@x\", \"z@x\"]\n+++\n",
            "+++\nemail = [\"z@x\", \"a@x\"]\n+++\n",
            0,
        ),
        // Who asked us to stop is never asked again.
        (
            "+++\nstage = \"won\"\n+++\n",
            "+++\nstage = \"stopped\"\n+++\n",
            "+++\nstage = \"stopped\"\n\n[[conflict]]\nkey = \"stage\"\nother = \"won\"\n+++\n",
            1,
        ),
        (
            "+++\nstage = \"new\"\n+++\n",
            "+++\nstage = \"won\"\n+++\n",
            "+++\nstage = \"new\"\n\n[[conflict]]\nkey = \"stage\"\nother = \"won\"\n+++\n",
            1,
        ),
        (
            "+++\n[next]\non = 2026-12-09\n+++\n",
            "+++\n[next]\non = 2026-12-01\nvia = \"phone\"\n+++\n",
            "+++\n[next]\non = 2026-12-09\n\n[[conflict]]\nkey = \"next\"\nother = \"{ on = 2026-12-01, via = \\\"phone\\\" }\"\n+++\n",
            1,
        ),
        ("Zebra.\n", "Apple.\n", "Zebra.\n\nApple.\n", 0),
        ("# Zoe\n\nZebra.\n", "# Ann\n\nApple.\n", "# Zoe\n\nZebra.\n\n# Ann\n\nApple.\n", 0),
        (
            "## Log\n\n- 2026-11-02 phone: x\n- 2026-11-01 email: y\n",
            "## Log\n\n- 2026-11-02 phone: x\n- 2026-10-01 event\n",
            "## Log\n\n- 2026-11-02 phone: x\n- 2026-11-01 email: y\n- 2026-10-01 event\n",
            0,
        ),
    ] {
        let found = joined(first, other);
        assert_eq!(found.text, expected, "{first}---\n{other}");
        let values = found.notes.iter().filter(|note| matches!(note, Note::Value { .. })).count();
        assert_eq!((values, found.notes.len()), (notes, notes), "{first}---\n{other}");
    }
}

#[test]
fn what_cannot_be_read_is_not_joined() {
    assert_eq!(onto("+++\nx =\n+++\n", "", &Settings::default()), None);
    assert_eq!(onto("", "+++\nname = 3\n+++\n", &Settings::default()), None);
}

/// All that a contact says of which there may be several.
fn said(text: &str, contact: &Contact) -> BTreeSet<String> {
    let head = &contact.head;
    let lists = [&head.email, &head.phone, &head.links, &head.tags, &head.needs, &head.aliases];
    let entries =
        contact.log.iter().map(|e| format!("{} {:?} {} {} {:?}", e.date, e.time, e.channel, e.text, e.who));
    let promises = contact.promises.iter().map(|promise| promise.text.clone());
    let body = text.rsplit("+++").next().unwrap_or_default();
    // A tick is not a word, and one heading is enough for a log.
    let lines = body.lines().map(|line| line.replace("[x]", "[ ]").replace("[X]", "[ ]").trim().to_owned());
    let is_word =
        |line: &String| !line.is_empty() && !line.trim_matches(['#', ' ']).eq_ignore_ascii_case("log");
    let lines = lines.filter(is_word);
    lists.into_iter().flatten().cloned().chain(entries).chain(promises).chain(lines).collect()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn nothing_is_lost([first, other] in [contact(), contact()]) {
        let settings = Settings::default();
        let of = |text: &str| parse(text, "x", &settings).contact;
        let found = joined(&first, &other);
        let both = of(&found.text);
        prop_assert!(!both.broken);
        let all = said(&found.text, &both);
        for side in [&first, &other] {
            let lost: Vec<String> = said(side, &of(side)).difference(&all).cloned().collect();
            prop_assert!(lost.is_empty(), "lost {:?}", lost);
        }
        // What the first one says stands, but for a stage that the other asked us to stop with.
        let (one, head) = (of(&first).head, both.head);
        for (stands, there) in [(&one.name, &head.name), (&one.company, &head.company), (&one.owner, &head.owner)] {
            prop_assert!(stands.is_none() || stands == there);
        }
        prop_assert!(one.next.is_none() || one.next == head.next);
        prop_assert!(one.email == head.email[..one.email.len()]);
        let stages = &settings.stages;
        let is_stopped = |stage: &Option<String>| stage.as_ref().is_some_and(|stage| stages.stopped.contains(stage));
        let stops = [&one.stage, &of(&other).head.stage].into_iter().any(is_stopped);
        prop_assert_eq!(is_stopped(&head.stage), stops);
        // Joined once more, nothing changes.
        prop_assert_eq!(joined(&found.text, &other).text, found.text);
    }
}
