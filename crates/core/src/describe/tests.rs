//! What is said of each change, in rows: before, after, and the line.

use super::*;
use crate::file;
use crate::settings::Settings;

fn read(text: &str) -> Contact {
    file::parse(text, "jane-doe", &Settings::default()).contact
}

/// A contact named Jane, with these keys and this body.
fn jane(keys: &str, body: &str) -> Contact {
    read(&format!("+++\nname = \"Jane\"\n{keys}\n+++\n{body}"))
}

#[test]
fn keys() {
    for (before, after, said) in [
        ("", "stage = \"new\"", "stage new"),
        ("stage = \"nurture\"", "stage = \"proposal\"", "stage nurture -> proposal"),
        ("stage = \"nurture\"", "", "stage removed"),
        ("", "[next]\non = 2026-12-03\nvia = \"phone\"", "next 2026-12-03 by phone"),
        ("", "[next]\non = 2026-12-03T14:30:00", "next 2026-12-03 14:30"),
        ("", "[next]\nvia = \"fax\"", "next by fax"),
        ("", "[next]\nwhy = \"x\"", "next edited"),
        ("[next]\non = 2026-12-03", "[next]\non = 2026-12-10", "next 2026-12-10"),
        (
            "[next]\non = 2026-12-03",
            "[next]\non = 2026-12-03\nwhy = \"count doors\"",
            "next: \"count doors\"",
        ),
        ("[next]\non = 2026-12-03", "[next]\non = 2026-12-03\nasked = true", "next edited"),
        ("[next]\non = 2026-12-03\nwhy = \"x\"", "[next]\non = 2026-12-03", "next edited"),
        ("[next]\non = 2026-12-03", "", "next cleared"),
        ("tags = [\"old\", \"x\"]", "tags = [\"x\", \"hotel\"]", "tags +hotel -old"),
        ("tags = [\"a\", \"b\"]", "tags = [\"b\", \"a\"]", "tags reordered"),
        ("needs = []", "needs = [\"more rooms\"]", "needs +\"more rooms\""),
        ("", "email = \"jane@x.example\"", "email +jane@x.example"),
        ("city = \"Paris\"", "city = \"Rome\"", "city Paris -> Rome"),
        ("city = \"5\"", "city = 5", "city edited"),
        ("", "visits = [1, 2]", "visits 1, 2"),
        ("city = \"Paris\"", "", "city removed"),
        ("[car]\ncolour = \"red\"", "[car]\ncolour = \"blue\"", "car colour: red -> colour: blue"),
        ("owner = \"pat\"", "owner = \"sam\"", "owner pat -> sam"),
        ("", "value = 25000", "value 25000"),
        ("value = 25000", "value = \"30000 EUR\"", "value 25000 -> 30000 EUR"),
        ("", "kind = \"org\"", "kind org"),
        ("kind = \"org\"", "", "kind person"),
        ("added = 2026-01-01", "added = 2026-01-02", "added 2026-01-01 -> 2026-01-02"),
        ("", "[away]\nuntil = 2026-12-01", "away until 2026-12-01"),
        ("[away]\nuntil = 2026-12-01", "[away]\nuntil = 2026-12-01\nwhy = \"x\"", "away edited"),
        ("[away]\nuntil = 2026-12-01", "", "no longer away"),
        ("", "[cadence]\nname = \"new-lead\"\nstart = 2026-12-01", "cadence new-lead from 2026-12-01"),
        ("[cadence]\nname = \"new-lead\"", "", "cadence new-lead ended"),
        ("", "[prefers]\nchannel = [\"phone\"]", "prefers.channel +phone"),
        (
            "[prefers]\nevery = \"3 months\"",
            "[prefers]\nevery = \"6 months\"",
            "prefers.every 3 months -> 6 months",
        ),
        ("", "[dates]\nbirthday = 1980-05-12", "dates.birthday 1980-05-12"),
        ("[dates]\nbirthday = 1980-05-12", "", "dates.birthday removed"),
        ("", "[[conflict]]\nkey = \"city\"\nother = \"Paris\"", "conflict in city"),
        ("[[conflict]]\nkey = \"city\"\nother = \"Paris\"", "", "conflict in city settled"),
        ("a = 1 # one", "a = 1 # two", "text edited"),
        ("", "", "text edited"),
    ] {
        assert_eq!(describe(Some(&jane(before, "")), Some(&jane(after, ""))), format!("Jane: {said}"));
    }
}

#[test]
fn bodies() {
    let log = |entries: &str| format!("\n## Log\n\n{entries}");
    for (before, after, said) in [
        (log(""), log("- 2026-11-20 phone: hello\n"), "log 2026-11-20 phone"),
        (log(""), log("- 2026-11-20 10:00 email in no-reply\n"), "log 2026-11-20 email in no-reply"),
        (
            log("- 2026-11-08 event\n"),
            log("- 2026-11-20 phone\n- 2026-11-21 text\n- 2026-11-08 event\n"),
            "log 2026-11-21 text and 1 more",
        ),
        (log("- 2026-11-20 phone: a\n"), log("- 2026-11-20 phone: b\n"), "log 2026-11-20 phone edited"),
        (log("- 2026-11-20 phone: a\n"), log("- 2026-11-21 text: a\n"), "log 2026-11-21 text edited"),
        (log("- 2026-11-20 phone: a\n"), log(""), "log 2026-11-20 phone removed"),
        (
            log("- 2026-11-20 phone\n- 2026-11-20 phone\n"),
            log("- 2026-11-20 phone\n"),
            "log 2026-11-20 phone removed",
        ),
        (
            log("- 2026-11-20 phone\n- 2026-11-10 text\n"),
            log("- 2026-11-10 text\n- 2026-11-20 phone\n"),
            "text edited",
        ),
        (String::new(), "- [ ] send the list\n".into(), "promise \"send the list\""),
        (String::new(), "- [ ] them: pay by 2026-12-01\n".into(), "their promise \"pay\" by 2026-12-01"),
        (String::new(), "- [ ] @sam: pay\n".into(), "promise of @sam \"pay\""),
        ("- [ ] call Bob\n".into(), "- [x] call Bob\n".into(), "kept \"call Bob\""),
        ("- [x] call Bob\n".into(), "- [ ] call Bob\n".into(), "open again: \"call Bob\""),
        (String::new(), "- [x] call Bob\n".into(), "kept \"call Bob\""),
        ("- [ ] pay\n".into(), "- [ ] pay by 2026-12-01\n".into(), "promise \"pay\" by 2026-12-01"),
        ("- [ ] pay by 2026-12-01\n".into(), "- [ ] pay\n".into(), "promise \"pay\" by no day"),
        ("- [ ] pay\n".into(), String::new(), "promise \"pay\" removed"),
        (
            log("- 2026-11-20 phone\n"),
            log("- 2026-11-21 phone\n  - [ ] pay\n- 2026-11-20 phone\n"),
            "log 2026-11-21 phone; promise \"pay\"",
        ),
        ("Met at lunch.\n".into(), "Met at dinner.\n".into(), "text edited"),
    ] {
        assert_eq!(describe(Some(&jane("", &before)), Some(&jane("", &after))), format!("Jane: {said}"));
    }
}

#[test]
fn comings_and_goings() {
    let jane = || jane("", "");
    let full = read(
        "+++\nname = \"Jane\"\nstage = \"new\"\n[next]\non = 2026-12-03\n+++\n## Log\n- 2026-11-20 event\n",
    );
    let broken = || read("+++\nname =\n+++\n");
    for (before, after, said) in [
        (None, Some(jane()), "Jane: new contact"),
        (None, Some(full), "Jane: new contact; next 2026-12-03; log 2026-11-20 event"),
        (Some(jane()), None, "Jane: removed"),
        (Some(read("# J. Doe\n")), Some(jane()), "Jane: renamed from \"J. Doe\""),
        (Some(jane()), Some(broken()), "jane doe: edited, and broken now"),
        (Some(broken()), Some(broken()), "jane doe: edited, and still broken"),
        (Some(broken()), Some(jane()), "Jane: mended"),
        (None, Some(broken()), "jane doe: new contact, and broken"),
        (Some(broken()), None, "jane doe: removed"),
        (
            Some(Contact { name: " ".into(), ..jane() }),
            Some(Contact { name: " ".into(), ..jane() }),
            "jane-doe: text edited",
        ),
        (None, None, ""),
    ] {
        assert_eq!(describe(before.as_ref(), after.as_ref()), said);
    }
}

#[test]
fn the_line_is_short_and_harmless() {
    let parts = |count: usize| (0..count).map(|n| format!("part {n}")).collect::<Vec<_>>();
    for (count, said) in [
        (1, "J: part 0"),
        (4, "J: part 0; part 1; part 2; part 3"),
        (5, "J: part 0; part 1; part 2; part 3; and 1 more"),
        (9, "J: part 0; part 1; part 2; part 3; and 5 more"),
    ] {
        assert_eq!(line("J", &parts(count)), said);
    }
    let long = |key: &str| format!("{key} = \"{}\"", "x ".repeat(200));
    for keys in [
        vec![long("company")],
        vec![long("company"), long("role")],
        vec![long("company"), long("role"), long("address"), long("source"), long("city")],
        vec![format!("name = \"{}\"", "界".repeat(90)), long("role"), long("stage")],
        vec![format!("tags = [{}]", "\"a tag\", ".repeat(90)), long("role")],
    ] {
        let after = read(&format!("+++\n{}\n+++\n", keys.join("\n")));
        let said = describe(Some(&read("+++\n+++\n")), Some(&after));
        assert!(words::width(&said) <= WIDEST, "{said}");
        let told = said.matches("; ").count() + 1;
        let more =
            said.split_once("; and ").map_or(0, |(_, rest)| rest.trim_end_matches(" more").parse().unwrap());
        let renamed = usize::from(after.head.name.is_some());
        assert_eq!(told - usize::from(more > 0) + more, keys.len().max(renamed), "{said}");
    }
    let hostile =
        read("+++\nname = \"J\\u001b[31m\\nane \\u202edoe\"\ncity = \"\\u0007\\tR\\u0085ome\"\n+++\n");
    let said = describe(Some(&read("# J\n")), Some(&hostile));
    assert_eq!(said, "J [31m ane doe: renamed from \"J\"; city R ome");
}
