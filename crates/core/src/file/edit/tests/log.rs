//! `add_entry`, log by log.

use super::*;

fn added(old: &str, line: &str) -> String {
    match add_entry(old, &entry(line), &settings()) {
        Ok(new) => new,
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn an_entry_goes_where_its_day_has_it() {
    let new = "2026-11-15 phone: N";
    for (old, expected) in [
        // Newest first.
        ("## Log\n\n- 2026-11-10 email\n", "## Log\n\n- 2026-11-15 phone: N\n- 2026-11-10 email\n"),
        ("## Log\n\n- 2026-11-20 email\n", "## Log\n\n- 2026-11-20 email\n- 2026-11-15 phone: N\n"),
        (
            "## Log\n- 2026-11-20 email\n- 2026-11-15 09:00 visit\n- 2026-11-15 email\n- 2026-11-10 email",
            "## Log\n- 2026-11-20 email\n- 2026-11-15 09:00 visit\n- 2026-11-15 phone: N\n- 2026-11-15 email\n- 2026-11-10 email",
        ),
        // Oldest first.
        (
            "## Log\n- 2026-11-09 email\n- 2026-11-10 email\n",
            "## Log\n- 2026-11-09 email\n- 2026-11-10 email\n- 2026-11-15 phone: N\n",
        ),
        (
            "## Log\n- 2026-11-09 email\n- 2026-11-15 email\n- 2026-11-20 email\n",
            "## Log\n- 2026-11-09 email\n- 2026-11-15 email\n- 2026-11-15 phone: N\n- 2026-11-20 email\n",
        ),
        (
            "## Log\n- 2026-11-19 email\n- 2026-11-20 email\n",
            "## Log\n- 2026-11-15 phone: N\n- 2026-11-19 email\n- 2026-11-20 email\n",
        ),
        // What is not in order stays so.
        (
            "## Log\n- 2026-11-20 email\n- 2026-11-10 email\n- 2026-11-18 email\n",
            "## Log\n- 2026-11-20 email\n- 2026-11-15 phone: N\n- 2026-11-10 email\n- 2026-11-18 email\n",
        ),
        // Items that are no entries.
        (
            "## Log\n- see also\n- 2026-11-10 email\n",
            "## Log\n- see also\n- 2026-11-15 phone: N\n- 2026-11-10 email\n",
        ),
        ("## Log\n- [ ] call\n", "## Log\n- 2026-11-15 phone: N\n- [ ] call\n"),
        // Several lists and headings.
        (
            "## Log\n### 2026\n- 2026-11-20 email\n### 2025\n- 2025-01-01 email\n",
            "## Log\n### 2026\n- 2026-11-20 email\n### 2025\n- 2026-11-15 phone: N\n- 2025-01-01 email\n",
        ),
        (
            "## Log\n- 2026-11-10 email\n## Notes\n- a\n# log\n- 2026-11-01 email\n",
            "## Log\n- 2026-11-15 phone: N\n- 2026-11-10 email\n## Notes\n- a\n# log\n- 2026-11-01 email\n",
        ),
        // What follows does not go on with the entry.
        (
            "## Log\n- 2026-11-20 email\n  > q\n\nText\n",
            "## Log\n- 2026-11-20 email\n  > q\n- 2026-11-15 phone: N\n\nText\n",
        ),
        (
            "## Log\n- 2026-11-20 email\n\n  ```\n  ```\nText\n",
            "## Log\n- 2026-11-20 email\n\n  ```\n  ```\n- 2026-11-15 phone: N\n\nText\n",
        ),
        // No entry yet.
        ("## Log", "## Log\n\n- 2026-11-15 phone: N"),
        ("## Log\n", "## Log\n\n- 2026-11-15 phone: N\n"),
        ("## Log\n\n", "## Log\n\n- 2026-11-15 phone: N\n\n"),
        ("Log\n---\n\n## Notes\n", "Log\n---\n\n- 2026-11-15 phone: N\n\n## Notes\n"),
        ("## Log\n## Notes\n", "## Log\n\n- 2026-11-15 phone: N\n\n## Notes\n"),
        ("## Log\n\nSince May.\n\n## Notes\n", "## Log\n\nSince May.\n\n- 2026-11-15 phone: N\n\n## Notes\n"),
        ("## Log\n\n```\nopen\n", "## Log\n\n- 2026-11-15 phone: N\n\n```\nopen\n"),
        // No log yet.
        ("", "## Log\n\n- 2026-11-15 phone: N\n"),
        ("\u{feff}", "\u{feff}## Log\n\n- 2026-11-15 phone: N\n"),
        ("+++\nname = \"A\"\n+++\n", "+++\nname = \"A\"\n+++\n\n## Log\n\n- 2026-11-15 phone: N\n"),
        ("Met.", "Met.\n\n## Log\n\n- 2026-11-15 phone: N"),
        ("Met.\r\n", "Met.\r\n\r\n## Log\r\n\r\n- 2026-11-15 phone: N\r\n"),
        (
            "```\n## Log\n- 2026-11-10 email\n```\n",
            "```\n## Log\n- 2026-11-10 email\n```\n\n## Log\n\n- 2026-11-15 phone: N\n",
        ),
    ] {
        assert_eq!(added(old, new), expected, "{old:?}");
    }
}

#[test]
fn an_entry_looks_like_its_neighbours() {
    for (old, expected) in [
        (
            "## Log\n* 2026-11-10 email\n",
            "## Log\n* 2026-11-15 phone: a\n  b\n  * [ ] me: c by 2026-12-01\n* 2026-11-10 email\n",
        ),
        (
            "## Log\n  +   2026-11-10 email\n",
            "## Log\n  +   2026-11-15 phone: a\n      b\n      + [ ] me: c by 2026-12-01\n  +   2026-11-10 email\n",
        ),
        (
            "## Log\n-\t2026-11-10 email\n",
            "## Log\n-\t2026-11-15 phone: a\n    b\n    - [ ] me: c by 2026-12-01\n-\t2026-11-10 email\n",
        ),
        (
            "## Log\r\n- 2026-11-10 email\r\n",
            "## Log\r\n- 2026-11-15 phone: a\r\n  b\r\n  - [ ] me: c by 2026-12-01\r\n- 2026-11-10 email\r\n",
        ),
        (
            "## Log\n\n- 2026-11-11 email\n\n- 2026-11-10 email\n",
            "## Log\n\n- 2026-11-15 phone: a\n  b\n  - [ ] me: c by 2026-12-01\n\n- 2026-11-11 email\n\n- 2026-11-10 email\n",
        ),
        (
            "## Log\n1. 2026-11-10 email\n2. 2026-11-11 email\n",
            "## Log\n1. 2026-11-10 email\n2. 2026-11-11 email\n3. 2026-11-15 phone: a\n   b\n   - [ ] me: c by 2026-12-01\n",
        ),
    ] {
        let mut new = entry("2026-11-15 phone: a\nb");
        new.promises = vec![NewPromise {
            kept: false,
            who: crate::contact::Promiser::Me,
            text: "c".into(),
            by: Some(date("2026-12-01")),
        }];
        assert_eq!(add_entry(old, &new, &settings()).unwrap(), expected, "{old:?}");
    }
}

#[test]
fn words_are_written_so_that_they_read_back() {
    for (line, expected) in [
        ("2026-11-15 09:30 phone in no-reply @pat: x", "2026-11-15 09:30 phone in no-reply @pat: x"),
        ("2026-11-15 fax", "2026-11-15 fax"),
        ("2026-11-15 phone:   ", "2026-11-15 phone"),
        ("2026-11-15 phone: # x", "2026-11-15 phone: # x"),
        ("2026-11-15 phone: :", "2026-11-15 phone: :"),
        ("2026-11-15 phone: [ ] x", "2026-11-15 phone: [ ] x"),
        ("2026-11-15 phone: a @who:", "2026-11-15 phone: a @who:"),
        ("2026-11-15 phone: a\n```\nb", "2026-11-15 phone: a ```\n  b"),
        ("2026-11-15 phone: a\n\n---\n- b", "2026-11-15 phone: a --- - b"),
        ("2026-11-15 phone: 09:30 is fine", "2026-11-15 phone: 09:30 is fine"),
        (
            "2026-11-15 phone: see [[bob]] and [x](../files/x.pdf)",
            "2026-11-15 phone: see [[bob]] and [x](../files/x.pdf)",
        ),
    ] {
        assert_eq!(added("## Log\n", line), format!("## Log\n\n- {expected}\n"), "{line:?}");
    }
    for line in ["2026-11-15 telex: x", "2026-11-15 phone @a:b", "2026-11-15 phone: a\u{7}"] {
        let Err(EditError::Unwritable(_)) = add_entry("", &entry(line), &settings()) else {
            panic!("{line}")
        };
    }
    let Err(EditError::Unsafe(_)) = add_entry("```\n", &entry("2026-11-15 phone"), &settings()) else {
        panic!()
    };
}
