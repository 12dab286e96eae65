//! Reading as data: a text in, a contact and its problems out.

use proptest::prelude::*;

use super::*;
use crate::contact::{Channel, LinkTarget, Promiser};
use crate::problem::Severity;
use crate::settings::{Cadence, Member};

/// The worked example of the format, section 2.
const JANE: &str = r#"+++
name = "Jane Doe"
company = "Acme Hotels"
email = ["jane@acme.example"]
tags = "hotel"
owner = "pat"
stage = "nurture"
value = "25000 EUR"
timezone = "America/Chicago"
badge = 12

[prefers]
channel = ["phone", "email"]
every = "3 months"
colour = "red"

[next]
on = 2026-12-03T14:30:00
via = "phone"
promised = true

[away]
until = 2026-12-01

[dates]
renewal = 2027-01-31
birthday = 1980-05-12

[[conflict]]
key = "city"
other = "Paris"
+++

# Somebody else

Met at the lunch. Knows [[bob-smith|Bob]] and [Ann](../a/ann%20lee.md), not [that](https://x.example/a.md).

## Log

- 2026-11-20 phone voicemail: said I would
  call on Wednesday
- 2026-11-10 email @pat: sent the [spec sheet](../files/spec-2026.pdf)
  - [ ] them: read pages 3-5 by 2026-12-01
  - [x] me: send the price list
- 2026-11-10 09:00 email in no-reply
- 2026-11-08 event: association lunch

## Later

- 2026-01-01 not of the log
- [ ] @sam: call
"#;

fn settings() -> Settings {
    Settings {
        team: ["pat", "sam"].map(|h| Member { handle: h.into(), ..Member::default() }).into(),
        cadences: vec![Cadence { name: "new-lead".into(), until_reply: true, steps: vec![] }],
        ..Settings::default()
    }
}

fn read(text: &str) -> Reading {
    parse(text, "jane-doe", &settings())
}

#[test]
fn versions_that_a_merge_left_as_quotes_are_counted() {
    for (body, quoted) in [
        ("Likes tea.\n", 0),
        ("Likes tea.\n\n> [!conflict]\n> Likes coffee.\n", 1),
        ("> [!conflict]\n> a\n\nText.\n\n  > [!conflict] b\n", 2),
        ("Quotes open with `> [!conflict]`.\n", 0),
    ] {
        assert_eq!(read(&format!("+++\nname = \"Jane\"\n+++\n\n{body}")).contact.quoted, quoted, "{body}");
    }
}

#[test]
fn the_worked_example() {
    let Reading { contact, problems } = read(JANE);
    assert_eq!(problems, []);
    assert!(!contact.broken);
    let head = &contact.head;
    assert_eq!((contact.id.as_str(), contact.name.as_str()), ("jane-doe", "Jane Doe"));
    assert_eq!(
        (head.tags.as_slice(), head.value.as_ref().unwrap().amount),
        (&["hotel".to_owned()][..], 25000.0)
    );
    assert_eq!(head.next.as_ref().unwrap().on.unwrap().time.unwrap().to_string(), "14:30");
    assert_eq!(head.dates.iter().map(|d| d.0.as_str()).collect::<Vec<_>>(), ["renewal", "birthday"]);
    assert_eq!(head.custom.iter().map(|d| d.0.as_str()).collect::<Vec<_>>(), ["badge", "prefers.colour"]);
    assert_eq!(head.conflicts[0].key, "city");
    let log: Vec<String> =
        contact.log.iter().map(|e| format!("{} {} {}", e.date, e.channel, e.text)).collect();
    assert_eq!(
        log,
        [
            "2026-11-08 event association lunch",
            "2026-11-10 email sent the [spec sheet](../files/spec-2026.pdf)",
            "2026-11-10 email ",
            "2026-11-20 phone said I would call on Wednesday",
        ]
    );
    assert_eq!(contact.log[1].at, Position { line: 42, column: 3 });
    let promises: Vec<_> =
        contact.promises.iter().map(|p| (p.who.clone(), p.text.as_str(), p.made.is_some(), p.kept)).collect();
    assert_eq!(
        promises,
        [
            (Promiser::Them, "read pages 3-5", true, false),
            (Promiser::Me, "send the price list", true, true),
            (Promiser::Member("sam".into()), "call", false, false),
        ]
    );
    let links: Vec<_> = contact.links.iter().map(|l| (l.target.clone(), l.text.as_str())).collect();
    assert_eq!(
        links,
        [
            (LinkTarget::Contact("bob-smith".into()), "Bob"),
            (LinkTarget::Contact("ann lee".into()), "Ann"),
            (LinkTarget::File("files/spec-2026.pdf".into()), "spec sheet"),
        ]
    );
}

#[test]
fn line_ends_and_a_mark_change_nothing() {
    let plain = read(JANE);
    let dos = read(&format!("\u{feff}{}", JANE.replace('\n', "\r\n")));
    assert_eq!(plain, dos);
}

#[test]
fn the_name() {
    for (text, name) in [
        ("", "jane doe"),
        ("# LOG\n\n# Jane *D.*\n", "Jane D."),
        ("Jane\n====\n", "Jane"),
        ("+++\nname = \" \"\n+++\n# Jane\n", "Jane"),
        ("> # Quoted\n", "jane doe"),
    ] {
        assert_eq!(read(text).contact.name, name, "{text:?}");
    }
}

fn log_of(text: &str) -> Vec<String> {
    read(text).contact.log.iter().map(|e| format!("{}{}", e.date, e.text)).collect()
}

#[test]
fn where_the_log_is() {
    for (text, count) in [
        ("## Log\n- 2026-01-01 phone\n", 1),
        ("###### log ######\n\n* 2026-01-01 phone\n\n* 2026-01-02 phone\n", 2),
        ("Log\n---\n1. 2026-01-01 phone\n", 1),
        ("## **Log**\n+ 2026-01-01 phone\n", 1),
        (
            "## Log\n### 2026\n- 2026-01-01 phone\n### 2025\n- 2025-01-01 phone\n## Notes\n- 2024-01-01 phone\n",
            2,
        ),
        ("- 2026-01-01 phone\n", 0),
        ("```\n## Log\n- 2026-01-01 phone\n```\n", 0),
        ("> ## Log\n\n- 2026-01-01 phone\n", 0),
        ("## Log\n> - 2026-01-01 phone\n", 0),
        ("## Log\n- 2026-01-01 phone\n  - 2026-01-02 phone\n", 1),
        ("## Logbook\n- 2026-01-01 phone\n", 0),
        ("## Log\n    - 2026-01-01 phone\n", 0),
        ("## Log\n- [ ] 2026-01-01 phone\n", 0),
    ] {
        assert_eq!(log_of(text).len(), count, "{text:?}");
    }
}

#[test]
fn the_order_of_the_log() {
    for (log, expected) in [
        (&["03 b", "03 a", "01 x"][..], "xab"),
        (&["01 x", "03 a", "03 b"], "xab"),
        (&["03 10:00 b", "03 09:00 a", "03 x"], "xab"),
        (&["03 x", "03 09:00 a", "03 10:00 b"], "xab"),
        (&["02 b", "01 a", "03 c", "01 x"], "xabc"),
        (&["02 c", "02 b", "02 a"], "abc"),
    ] {
        let items: Vec<String> = log
            .iter()
            .map(|item| {
                let (when, text) = item.rsplit_once(' ').unwrap();
                format!("- 2026-01-{} phone: {text}\n", when)
            })
            .collect();
        let Reading { contact, problems } = read(&format!("## Log\n{}", items.concat()));
        assert_eq!(problems, []);
        let order: String = contact.log.iter().map(|e| e.text.as_str()).collect();
        assert_eq!(order, expected, "{log:?}");
    }
}

/// Every problem as `line:column severity message (hint)`.
fn problems_of(text: &str) -> Vec<String> {
    let reading = read(text);
    reading
        .problems
        .iter()
        .map(|p| {
            let hint = p.hint.as_ref().map(|h| format!(" ({h})")).unwrap_or_default();
            format!("{}:{} {} {}{hint}", p.at.line, p.at.column, p.severity, p.message)
        })
        .collect()
}

#[test]
fn a_museum_of_mistakes() {
    for (toml, expected) in [
        (
            "name = Jane",
            "2:8 error not TOML: string values must be quoted, expected literal string (put a text in quotes: `name = \"Jane\"`)",
        ),
        ("name: Jane", "2:7 error not TOML: key with no value, expected `=` (write `name = \"Jane\"`)"),
        (
            "name = \"Jane",
            "2:13 error not TOML: invalid basic string, expected `\"` (a text needs a quote at both ends)",
        ),
        (
            "tags = hotel, bar",
            "2:13 error not TOML: unexpected key or value, expected newline, `#` (put texts in quotes: `tags = [\"hotel\", \"bar\"]`)",
        ),
        ("name = \"a\"\nname = \"b\"", "3:1 error not TOML: duplicate key (keep one of the two `name`)"),
        (
            "added = 2026-02-30",
            "2:9 error not TOML: invalid date, expected day between 01 and 28 (write a day that the calendar has)",
        ),
        (
            "added = \"2026-02-28\"",
            "2:9 error `added` must be a date, but this is a text (leave the quotes out: 2026-02-28)",
        ),
        (
            "phone = 5550100",
            "2:9 error `phone` must be a text or a list of texts, but this is a number (put it in quotes)",
        ),
        ("phone = [\"1\", 2]", "2:15 error `phone` must be a text, but this is a number (put it in quotes)"),
        (
            "next = 2026-12-03",
            "2:8 error `next` must be a table, but this is a date (write `[next]` on a line of its own, its keys below)",
        ),
        (
            "[next]\non = \"2026-12-03 14:30\"",
            "3:6 error `on` must be a date or a date with a time, but this is a text (leave the quotes out: 2026-12-03T14:30)",
        ),
        (
            "[prefers]\nevery = \"3 moons\"",
            "3:9 error `every`: \"3 moons\" is not a period such as \"3 months\", \"2w\" or \"5 business days\"",
        ),
        (
            "[prefers]\nevery = 90",
            "3:9 error `every` must be a period, but this is a number (name the unit: \"90 days\")",
        ),
        (
            "value = \"a lot\"",
            "2:9 error `value` is not an amount such as 25000 or \"25000 EUR\" (write the number without separators, then the currency)",
        ),
        (
            "value = nan",
            "2:9 error `value` is not an amount such as 25000 or \"25000 EUR\" (write the number without separators, then the currency)",
        ),
        ("stage = \"nuture\"", "2:9 error unknown stage `nuture` (did you mean `nurture`?)"),
        (
            "owner = \"kim\"",
            "2:9 warning unknown owner `kim` (one of `pat`, `sam`, or add it to tickler.toml)",
        ),
        ("hot-button = \"x\"", "2:1 warning unknown key `hot-button` (did you mean `hot_button`?)"),
        ("[prefers]\nchanel = \"phone\"", "3:1 warning unknown key `chanel` (did you mean `channel`?)"),
        (
            "[prefers]\nchannel = [\"phone\", \"emial\"]",
            "3:21 warning unknown channel `emial` (did you mean `email`?)",
        ),
        (
            "[cadence]\nname = \"new-leed\"\nstart = 2026-01-01",
            "3:8 error unknown cadence `new-leed` (did you mean `new-lead`?)",
        ),
        ("[next]\nvia = \"phone\"", "2:2 warning `[next]` has no `on`: it will never be due"),
        (
            "timezone = \"America/Chicgo\"",
            "2:12 warning unknown time zone `America/Chicgo` (did you mean `America/Chicago`?)",
        ),
        (
            "kind = \"robot\"",
            "2:8 error unknown kind `robot` (write \"person\" or \"org\"; read as a person until then)",
        ),
        (
            "[away]\nfrom = 2026-02-01\nuntil = 2026-01-01",
            "2:2 warning `away` ends on 2026-01-01, before it begins on 2026-02-01",
        ),
    ] {
        assert_eq!(problems_of(&format!("+++\n{toml}\n+++\n")), [expected], "{toml}");
    }
    assert_eq!(
        problems_of("+++\nname = \"x\"\n"),
        ["1:1 error the front matter that begins here never ends (end it with a line `+++`)"]
    );
    assert_eq!(
        problems_of("---\nname: x\n---\n"),
        ["1:1 warning YAML front matter is not read (write the keys as TOML between two lines `+++`)"]
    );
    assert_eq!(
        problems_of(
            "## Log\n- 2026-01-01 phone: a\n- yesterday: b\n- 2026-01-40 phone: c\n- 2026-01-02 phon: d\n"
        ),
        [
            "3:3 warning this item of the log does not start with a date (begin it with the day and the channel: \"2026-12-03 phone: …\")",
            "4:3 error there is no day 2026-01-40",
            "5:14 error unknown channel `phon` (did you mean `phone`?)",
        ]
    );
}

#[test]
fn what_breaks_a_file() {
    for (text, broken) in [
        ("+++\nname = 5\n+++\n## Log\n- 2026-01-01 phone: a\n", true),
        ("+++\nx = \n+++\n", true),
        ("+++\n", true),
        ("+++\nstage = \"nuture\"\n+++\n", false),
        ("## Log\n- 2026-01-01 fone: a\n", false),
    ] {
        let reading = read(text);
        assert_eq!(reading.contact.broken, broken, "{text:?}");
        assert!(reading.problems.iter().any(|p| p.severity == Severity::Error), "{text:?}");
    }
    let contact = read("+++\nname = 5\n+++\n## Log\n- 2026-01-01 phone: a\n").contact;
    assert_eq!(contact.log.len(), 1, "what can be made out is there");
}

#[test]
fn bytes_that_are_no_text() {
    let problem = decode(b"ab\n\xc3\xa9\xff").unwrap_err();
    assert_eq!(
        (problem.at, problem.message.as_str()),
        (Position { line: 2, column: 2 }, "not UTF-8: byte 0xff begins no character")
    );
}

#[test]
fn the_country_of_numbers_is_one() {
    for (written, country) in [("US", Some("US")), ("de", Some("DE")), ("Narnia", None), ("", None)] {
        match parse_settings(&format!("country = \"{written}\"\n")) {
            Ok((settings, problems)) => {
                assert_eq!((settings.country.as_deref(), problems), (country, vec![]), "{written}");
            }
            Err(error) => {
                assert_eq!(country, None, "{written}");
                let SettingsError::Broken(problems) = error else { panic!("{error}") };
                assert_eq!(problems[0].message, format!("\"{written}\" is no country"));
            }
        }
    }
}

#[test]
fn custom_channels_are_known() {
    let settings = Settings { channels: vec!["fax".into()], ..Settings::default() };
    let reading = parse("+++\nprefers.channel = \"fax\"\n+++\n# Log\n- 2026-01-01 fax\n", "x", &settings);
    assert_eq!((reading.problems.len(), reading.contact.log.len()), (0, 1));
    assert_eq!(reading.contact.head.prefers.channel, [Channel::Other("fax".into())]);
}

/// Mistakes by the ten thousand, and shapes that have made parsers slow, take time in proportion to their size.
#[test]
fn no_text_takes_long() {
    let long = |piece: &str, n: usize| piece.repeat(n);
    for text in [
        format!("## Log\n{}", long("- 2026-01-01 phone [a](b.md) wrong [c](d.md)\n", 40_000)),
        format!("## Log\n{}", long("- [x](y.md)\n  - [ ] [x](y.md) by 2026-02-30\n", 40_000)),
        format!("## Log\n- 2026-01-01 phone: {}\n", long("[a](b.md) é ", 60_000)),
        long("- ", 200_000),
        long("> ", 200_000),
        long("[[", 200_000),
        long("![", 200_000),
        long("*a_ ", 200_000),
        long("`a ``b ", 100_000),
        long("<!-- ", 100_000),
        format!("+++\n{}+++\n", long("tgas = 1\n[[x]]\n", 40_000)),
        format!("+++\nphone = [{}]\n+++\n", long("1, ", 200_000)),
        format!("+++\n{}a = 1\n+++\n", long("a.", 200_000)),
        format!("+++\na = {}\n+++\n", long("[", 200_000)),
    ] {
        let started = std::time::Instant::now();
        read(&text);
        let took = started.elapsed().as_secs_f64();
        assert!(took < 20.0, "{:?}… took {took} s", &text[..30]);
    }
}

fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("+++".to_owned()),
        Just("## Log".to_owned()),
        Just("```".to_owned()),
        "(name|stage|next|prefers|on|every|value|dates|tags|x) ?= ?(\"[a-z0-9 ]{0,8}\"|[0-9]{1,3}|2026-1[0-3]-[0-3][0-9]|true|\\[\"a\"\\])",
        "\\[\\[?(next|prefers|dates|away|cadence|conflict|x)\\]?\\]",
        "( {0,4}|\t)[-*] (\\[[ x]\\] )?(2026-1[0-3]-[0-3][0-9] )?(10:30 )?(phone|email|skip|fax)?( in| busy| @pat)?:? ?.{0,12}",
        "(me|them|@sam): .{0,10} by 2026-1[0-2]-[0-3][0-9]",
        "\\PC{0,30}",
        ".{0,10}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    #[test]
    fn reading_never_fails_and_splitting_loses_nothing(
        lines in prop::collection::vec(line(), 0..24),
        end in prop_oneof![Just("\n"), Just("\r\n")],
    ) {
        let text = lines.join(end);
        let joined: String = Layout::of(&text).parts().into_iter().map(|r| &text[r]).collect();
        prop_assert_eq!(&joined, &text);
        let Reading { contact, problems } = read(&text);
        let count = text.lines().count().max(1) as u32 + 1;
        for p in &problems {
            prop_assert!((1..=count).contains(&p.at.line) && p.at.column >= 1, "{:?}", p);
        }
        prop_assert_eq!(contact.broken && problems.is_empty(), false);
        prop_assert!(contact.log.is_sorted_by_key(|e| (e.date, e.time)));
        for at in contact.log.iter().map(|e| e.at).chain(contact.promises.iter().map(|p| p.at)) {
            let line = text.split('\n').nth(at.line as usize - 1).unwrap_or_default();
            let from: String = line.chars().filter(|c| *c != '\u{feff}').skip(at.column as usize - 1).collect();
            prop_assert!(from.starts_with('2') || from.starts_with('['), "{:?} is at {:?}", from, at);
        }
    }

    #[test]
    fn every_entry_written_is_read_back(
        entries in prop::collection::vec(("2026-0[1-9]-[0-2][1-8]", "(phone|email|visit|note)", "( in| reached| busy)?", "[a-z][a-z,.: ]{0,20}[a-z]"), 0..20),
    ) {
        let items: String = entries.iter().map(|(d, c, w, t)| format!("- {d} {c}{w}: {t}\n")).collect();
        let Reading { contact, problems } = read(&format!("Notes.\n\n## Log\n\n{items}"));
        prop_assert_eq!(problems, []);
        let mut read: Vec<String> = contact.log.iter().map(|e| format!("{} {} {}", e.date, e.channel, e.text)).collect();
        let mut written: Vec<String> = entries.iter().map(|(d, c, _, t)| format!("{d} {c} {}", t.split_whitespace().collect::<Vec<_>>().join(" "))).collect();
        read.sort();
        written.sort();
        prop_assert_eq!(read, written);
    }
}
