//! Messages into one contact's log, as data; and that neither their order nor a second time matters.

use proptest::prelude::*;

use super::of_contact::{Came, log};
use super::*;
use crate::file::{parse, parse_settings};
use crate::problem::Position;

const SETTINGS: &str = "[team.pat]\n[team.sam]\n";

fn with_desk<T>(work: impl FnOnce(&Desk<'_>) -> T) -> T {
    let (settings, _) = parse_settings(SETTINGS).unwrap();
    work(&Desk { settings: &settings, today: "2026-12-03".parse().unwrap(), time: None, me: Some("pat") })
}

/// A message from `DAY TIME in|out|bounce|auto [<FOLLOWS] ID SUBJECT…`; the day is one of November 2026.
fn post(line: &str) -> Post {
    let mut words = line.split(' ').peekable();
    let mut next = || words.next().unwrap_or_default();
    let date = Date::new(2026, 11, next().parse().unwrap()).unwrap();
    let time = Time::scan(next()).unwrap().unwrap();
    let kind = next();
    let mut id = next();
    let mut follows = Vec::new();
    if let Some(first) = id.strip_prefix('<') {
        follows.push(first.to_owned());
        id = next();
    }
    Post {
        number: 0,
        date,
        time,
        is_out: matches!(kind, "out" | "bounce"),
        id: id.to_owned(),
        follows,
        subject: words.collect::<Vec<_>>().join(" "),
        who: None,
        what: match kind {
            "bounce" => What::Bounce,
            "auto" => What::Automatic(Vec::new()),
            _ => What::Touch,
        },
    }
}

fn logged(text: &str, posts: &[Post]) -> (String, Vec<Came>) {
    with_desk(|desk| {
        let draft = Draft::new("contacts/j.md".to_owned(), text.to_owned(), "j", desk.settings).unwrap();
        let numbered = posts.iter().enumerate().map(|(number, post)| Post { number, ..post.clone() });
        let outcome = log(draft, numbered.collect(), desk).unwrap();
        (outcome.draft.text().to_owned(), outcome.came.into_iter().map(|(_, came)| came).collect())
    })
}

#[test]
fn messages_become_entries() {
    for (there, posts, expected) in [
        (
            &[] as &[&str],
            &["18 09:12 in CAF+abc@mail.example Re: Specs"] as &[&str],
            &["2026-11-18 09:12 email in: [Re: Specs](mid:CAF%2Babc@mail.example)"] as &[&str],
        ),
        (
            &[],
            &["18 09:12 out a ", "18 09:13 auto b Out of office"],
            &[
                "2026-11-18 09:13 note: automatic reply: [Out of office](mid:b)",
                "2026-11-18 09:12 email: [no subject](mid:a)",
            ],
        ),
        // A thread is one touch a day, and the last message has the say.
        (
            &[],
            &["18 09:12 in a Specs", "18 09:40 out b Re: Specs", "18 16:20 in c Re: Specs"],
            &["2026-11-18 16:20 email in: [Re: Specs](mid:c) [09:40](mid:b) [09:12](mid:a)"],
        ),
        (
            &[],
            &["18 09:12 in a Specs", "18 09:40 out b Re: Specs", "19 08:00 out c Re: Specs"],
            &[
                "2026-11-19 08:00 email: [Re: Specs](mid:c)",
                "2026-11-18 09:40 email reached: [Re: Specs](mid:b) [09:12](mid:a)",
            ],
        ),
        // Another subject, though it is an answer; and one that is none.
        (
            &[],
            &["18 09:12 in a Specs", "18 09:40 out <a b Rooms", "18 10:00 out c Lunch?"],
            &[
                "2026-11-18 10:00 email: [Lunch?](mid:c)",
                "2026-11-18 09:40 email reached: [Rooms](mid:b) [09:12](mid:a)",
            ],
        ),
        // What the log has grows in place, and goes where its new time has it.
        (
            &[
                "2026-11-18 12:00 phone: rang",
                "2026-11-18 09:12 email: [Specs](mid:a)\n  - [ ] them: read it",
                "2026-11-17 email",
            ],
            &["18 16:20 in b Re: Specs", "18 09:12 out a Specs"],
            &[
                "2026-11-18 16:20 email in: [Re: Specs](mid:b) [09:12](mid:a)\n  - [ ] them: read it",
                "2026-11-18 12:00 phone: rang",
                "2026-11-17 email",
            ],
        ),
        // In somebody's own words it stays in them.
        (
            &["2026-11-18 09:12 email: sent [the specs](mid:a), at last"],
            &["18 16:20 in <a b Re: Specs"],
            &["2026-11-18 16:20 email in: sent [the specs](mid:a), at last [16:20](mid:b)"],
        ),
        (
            &["2026-11-18 visit: brought what <mid:a> was about"],
            &["18 16:20 in a Specs"],
            &["2026-11-18 visit: brought what <mid:a> was about"],
        ),
        // Logged by hand.
        (
            &["2026-11-18 email in: her SPECS came"],
            &["18 16:20 in a Re: Specs", "18 17:00 out b Re: Specs"],
            &["2026-11-18 17:00 email: [Re: Specs](mid:b)", "2026-11-18 email in: her SPECS came"],
        ),
        // What did not arrive.
        (
            &[],
            &["18 09:12 out a Specs", "18 09:12 bounce a Specs"],
            &["2026-11-18 09:12 email bounced: [Specs](mid:a)"],
        ),
        (&[], &["18 09:12 bounce a Specs"], &["2026-11-18 09:12 email bounced: [Specs](mid:a)"]),
        (
            &["2026-11-18 09:12 email: [Specs](mid:a)"],
            &["18 09:12 bounce a Specs"],
            &["2026-11-18 09:12 email bounced: [Specs](mid:a)"],
        ),
        // A subject that would be more than a text.
        (
            &[],
            &["18 09:12 in a [list] *Specs* (new) | 09:00"],
            &["2026-11-18 09:12 email in: [\\[list\\] \\*Specs\\* (new) | 09:00](mid:a)"],
        ),
    ] {
        let list = |items: &[&str]| items.iter().map(|item| format!("- {item}\n")).collect::<String>();
        let text = format!("+++\nname = \"Jane\"\n+++\n\n## Log\n\n{}", list(there));
        let text = format!("{}\n", text.trim_end());
        let posts: Vec<Post> = posts.iter().map(|line| post(line)).collect();
        let (new, _) = logged(&text, &posts);
        assert_eq!(new, format!("+++\nname = \"Jane\"\n+++\n\n## Log\n\n{}", list(expected)), "{posts:?}");
        let (again, came) = logged(&new, &posts);
        assert_eq!(again, new, "a second time");
        assert!(came.iter().all(|came| *came == Came::Already), "{came:?}");
    }
}

/// Messages of a few threads on two days, each with an id of its own. Answers keep their subject, as they do.
fn posts() -> impl Strategy<Value = Vec<Post>> {
    let one = (18..20u32, 0..6u32, 0..8usize, 0..4usize).prop_map(|(day, minute, kind, subject)| {
        let kind = ["in", "out", "in", "out", "in", "out", "bounce", "auto"][kind];
        let subject = ["Specs", "Re: Specs", "AW: [x] (draft) *b*", ""][subject];
        post(&format!("{day} 09:{minute:02} {kind} x {subject}"))
    });
    (prop::collection::vec(one, 1..14), prop::collection::vec("[a-z+()%]{1,3}", 14)).prop_map(
        |(mut posts, ids)| {
            for (number, (post, id)) in posts.iter_mut().zip(ids).enumerate() {
                post.id = format!("{id}{number}@mail.example");
            }
            posts
        },
    )
}

/// The log without places, by time and text.
fn told(text: &str) -> Vec<String> {
    let (settings, _) = parse_settings(SETTINGS).unwrap();
    let reading = parse(text, "j", &settings);
    assert_eq!(reading.problems, [], "{text}");
    let mut all: Vec<String> = reading
        .contact
        .log
        .iter()
        .map(|entry| format!("{:?}", crate::contact::Entry { at: Position::default(), ..entry.clone() }))
        .collect();
    all.sort();
    all
}

const BEFORE: [&str; 4] = [
    "",
    "+++\nname = \"J\"\n+++\n\nMet.\n\n## Log\n\n- 2026-11-19 09:02 phone: rang\n- 2026-11-18 visit\n- 2026-11-01 email: Specs\n",
    "## Log\r\n\r\n- 2026-11-01 email\r\n- 2026-11-18 09:03 visit\r\n  - [ ] me: write\r\n- 2026-11-19 card\r\n",
    "## Log\n- 2026-11-18 email in: the specs came\n\nText\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn order_does_not_matter(
        posts in posts(),
        order in any::<prop::sample::Index>(),
        cut in any::<prop::sample::Index>(),
        before in 0..BEFORE.len(),
    ) {
        let before = BEFORE[before];
        let (whole, _) = logged(before, &posts);
        let (again, came) = logged(&whole, &posts);
        prop_assert_eq!(&again, &whole, "a second time");
        prop_assert!(came.iter().all(|came| *came == Came::Already));
        let mut turned = posts.clone();
        turned.rotate_left(order.index(posts.len()));
        let (first, second) = turned.split_at(cut.index(posts.len()));
        let (half, _) = logged(before, first);
        let (both, _) = logged(&half, second);
        prop_assert_eq!(told(&both), told(&whole), "{}", both);
        let one_by_one = turned.iter().rev().fold(before.to_owned(), |text, post| logged(&text, std::slice::from_ref(post)).0);
        prop_assert_eq!(told(&one_by_one), told(&whole), "{}", one_by_one);
        prop_assert_eq!(&logged(&one_by_one, &posts).0, &one_by_one);
    }

    #[test]
    fn what_was_there_stays(posts in posts(), text in crate::file::edit::tests::samples::contact()) {
        let (settings, _) = parse_settings(SETTINGS).unwrap();
        let old = parse(&text, "j", &settings).contact;
        let with = with_desk(|desk| {
            let draft = Draft::new("contacts/j.md".to_owned(), text.clone(), "j", desk.settings).ok()?;
            Some(log(draft, posts.clone(), desk).ok()?.draft.text().to_owned())
        });
        if let Some(new) = with {
            let read = parse(&new, "j", &settings).contact;
            let ours = |entry: &&crate::contact::Entry| !entry.text.contains("mid:");
            prop_assert_eq!(read.log.iter().filter(ours).count(), old.log.len());
            prop_assert_eq!(read.promises.len(), old.promises.len());
            prop_assert_eq!(read.links.len(), old.links.len());
            prop_assert_eq!(read.head, old.head);
            prop_assert_eq!(&logged(&new, &posts).0, &new);
        }
    }
}
