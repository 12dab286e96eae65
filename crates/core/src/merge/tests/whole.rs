//! Whole files: base, both sides, result.

use super::*;

const HEAD: &str = "+++\nname = \"Jane\"\n+++\n\n";

fn check(rows: &[[&str; 4]]) {
    for [base, a, b, expected] in rows {
        assert_eq!(joined(Kind::Contact, base, a, b), *expected, "{base:?} {a:?} {b:?}");
    }
}

#[test]
fn each_part_is_merged_by_itself() {
    check(&[
        [
            "+++\nname = \"J\"\n+++\n\nMet.\n\n## Log\n\n- 2026-11-01 phone\n",
            "+++\nname = \"J\"\ncity = \"Rome\"\n+++\n\nMet.\n\n## Log\n\n- 2026-11-02 card\n- 2026-11-01 phone\n",
            "+++\nname = \"J\"\n+++\n\nMet twice.\n\n## Log\n\n- 2026-11-03 card\n- 2026-11-01 phone\n\n## End\n",
            "+++\nname = \"J\"\ncity = \"Rome\"\n+++\n\nMet twice.\n\n## Log\n\n- 2026-11-03 card\n- 2026-11-02 card\n- 2026-11-01 phone\n\n## End\n",
        ],
        // A log where there was none.
        ["a\n", "a\n\n## Log\n\n- 2026-11-01 phone\n", "b\n", "b\n\n## Log\n\n- 2026-11-01 phone\n"],
        [
            "a\n",
            "a\n\n## Log\n\n- 2026-11-01 phone\n",
            "a\n\n## log\n- 2026-11-02 card\n",
            "a\n\n## log\n\n- 2026-11-02 card\n- 2026-11-01 phone\n",
        ],
        // The log taken out on one side, and gone on with on the other.
        [
            "a\n\n## Log\n\n- 2026-11-01 phone\n",
            "a\n",
            "a\n\n## Log\n\n- 2026-11-02 card\n- 2026-11-01 phone\n",
            "a\n\n## Log\n\n- 2026-11-02 card\n",
        ],
        // Words below the heading.
        [
            "## Log\n\nw\n\n- 2026-11-01 phone\n",
            "## Log\n\nx\n\n- 2026-11-01 phone\n",
            "## LOG\n\nw\n",
            "## LOG\n\nx\n",
        ],
    ]);
}

#[test]
fn ends_of_lines_and_files() {
    check(&[
        ["a\nb\n", "a\r\nb\r\n", "a\nb\nc\n", "a\r\nb\r\nc\r\n"],
        ["a\r\nb\r\n", "a\nb\n", "x\r\nb\r\n", "x\nb\n"],
        // Mixed files stay mixed.
        ["a\r\nb\nc\n", "x\r\nb\nc\n", "a\r\nb\ny\n", "x\r\nb\ny\n"],
        ["a\nb\n", "x\nb\n", "a\nb", "x\nb"],
        ["a\nb", "x\nb", "a\nb\nc\n", "x\nb\nc\n"],
        ["a\nb\n", "\u{feff}a\nb\n", "a\nc\n", "\u{feff}a\nc\n"],
        ["\u{feff}a\nb\n", "a\nb\n", "\u{feff}a\nc\n", "a\nc\n"],
        ["a\n\n\n", "a\n\n\nb\n", "a\n", "a\n\n\nb\n"],
        // Gaps are values too.
        [
            "a\n\n## Log\n\n- 2026-11-01 phone\n",
            "a\n\n\n## Log\n\n- 2026-11-01 phone\n",
            "a\n\n## Log\n- 2026-11-01 phone\n",
            "a\n\n\n## Log\n- 2026-11-01 phone\n",
        ],
    ]);
}

#[test]
fn a_step_that_the_log_has_fulfilled_gives_way() {
    let with =
        |on: &str, log: &str| format!("+++\n[next]\non = {on}\n+++\n\n## Log\n\n{log}- 2026-11-01 phone\n");
    let base = with("2026-11-05", "");
    let (a, b) = (with("2026-11-10", ""), with("2026-11-20", "- 2026-11-12 email\n"));
    let text = joined(Kind::Contact, &base, &a, &b);
    assert!(text.contains("on = 2026-11-20") && text.contains("- 2026-11-12 email"), "{text}");
    let b = with("2026-11-20", "");
    assert!(joined(Kind::Contact, &base, &a, &b).starts_with("+++\n[next]\non = 2026-11-10\n"));
}

#[test]
fn versions_that_cannot_be_joined_are_kept_apart() {
    let settings = Settings::default();
    let broken = "+++\nname = \n+++\n\nx\n";
    type Row = (Kind, [&'static [u8]; 4]);
    let rows: [Row; 6] = [
        (Kind::Contact, [b"a\n", b"b\xff\n", b"c\n", b"c\n"]),
        (Kind::Contact, [b"a\n", broken.as_bytes(), b"A\n", b"A\n"]),
        (Kind::Contact, [b"a\n", broken.as_bytes(), b"+++\nx\n", b"+++\nx\n"]),
        (Kind::Other, [b"a\n", b"b\n", b"c\n", b"c\n"]),
        (Kind::Other, [b"a", b"\xff\0", b"\xff\x01", b"\xff\x01"]),
        (Kind::Settings, [b"", b"a = 1\n", b"b = \n", b"a = 1\n"]),
    ];
    for (kind, [base, a, b, expected]) in rows {
        let merged = merge(kind, Some(base), a, b, &settings);
        assert_eq!(merged, merge(kind, Some(base), b, a, &settings));
        assert_eq!(merged.content, expected);
        let other = if expected == a { b } else { a };
        assert_eq!(merged.aside, [other.to_vec()]);
        assert!(matches!(merged.notes[..], [Note::Apart { .. }]));
    }
    let long = vec![b'a'; file::MOST_BYTES as usize + 1];
    assert_eq!(merge(Kind::Contact, None, &long, b"b\n", &settings).aside, [long]);
}

#[test]
fn a_broken_base_counts_as_its_body() {
    let base = "+++\nname = \n+++\n\nx\ny\n";
    let a = "+++\nname = \"J\"\n+++\n\nx\nz\n";
    let b = "+++\ncity = \"R\"\n+++\n\nw\ny\n";
    let text = joined(Kind::Contact, base, a, b);
    assert!(
        text.contains("name = \"J\"") && text.contains("city = \"R\"") && text.ends_with("\n\nw\nz\n"),
        "{text}"
    );
}

#[test]
fn what_is_no_contact() {
    assert_eq!(joined(Kind::Other, "1\n2\n3\n", "x\n2\n3\n", "1\n2\ny\n"), "x\n2\ny\n");
    // No log, and no front matter either.
    assert_eq!(
        joined(Kind::Markdown, "+++\na\n+++\n", "+++\nb\n+++\n", "+++\na\n+++\nc\n"),
        "+++\nb\n+++\nc\n"
    );
    let settings = merged(
        Kind::Settings,
        "currency = \"USD\"\n",
        "currency = \"EUR\"\n",
        "currency = \"CHF\"\n\n[first]\nwithin = \"1 day\"\n",
    );
    assert_eq!(text(&settings), "currency = \"EUR\"\n\n[first]\nwithin = \"1 day\"\n");
    assert_eq!(settings.aside, [b"currency = \"CHF\"\n\n[first]\nwithin = \"1 day\"\n".to_vec()]);
    let settings = merged(
        Kind::Settings,
        "currency = \"USD\"\n",
        "currency = \"EUR\"",
        "currency = \"USD\"\ntimezone = \"UTC\"\n",
    );
    assert_eq!((text(&settings), settings.aside.len()), ("currency = \"EUR\"\ntimezone = \"UTC\"", 0));
}

#[test]
fn what_one_side_did_alone_keeps_its_bytes() {
    let base = format!("{HEAD}a  \n\n\n## Log ##\n\n* 2026-11-01 phone\n\n\nend");
    let a = base.replace("Jane", "Joan");
    let b = base.replace("end", "end\n\n");
    assert_eq!(joined(Kind::Contact, &base, &a, &b), b.replace("Jane", "Joan"));
}

#[test]
fn notes_say_what_to_look_at() {
    let base = "+++\ncity = \"A\"\n+++\n\nx\n\n## Log\n\n- 2026-11-01 phone: x\n";
    let with = |text: &str| base.replace("\"A\"", &format!("\"{text}\"")).replace('x', text);
    let merged = merged(Kind::Contact, base, &with("b"), &with("c"));
    assert_eq!(
        merged.notes,
        [
            Note::Value { key: "city".into(), kept: "c".into(), other: "b".into() },
            Note::Prose { line: "b".into() },
            Note::Entry { line: "- 2026-11-01 phone: c".into() },
        ]
    );
}
