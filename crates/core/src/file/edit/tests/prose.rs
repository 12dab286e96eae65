//! `add_prose`, text by text.

use proptest::prelude::*;

use super::samples::contact;
use super::*;
use crate::file::layout::Layout;
use crate::file::{note_of, parse, prose};

fn added(old: &str, words: &str) -> String {
    match add_prose(old, words, &settings()) {
        Ok(new) => new,
        Err(error) => format!("{error:?}"),
    }
}

#[test]
fn a_note_comes_before_the_log() {
    for (old, expected) in [
        ("+++\n+++\n\n## Log\n", "+++\n+++\n\nN\n\n## Log\n"),
        ("+++\n+++\n## Log\n", "+++\n+++\n\nN\n\n## Log\n"),
        ("## Log\n\n- 2026-11-10 email\n", "N\n\n## Log\n\n- 2026-11-10 email\n"),
        ("Met.\n\n## Log\n", "Met.\n\nN\n\n## Log\n"),
        ("Met.\nLog\n===\n", "Met.\nLog\n===\n\nN\n"),
        ("Met.\n## Log\n", "Met.\n\nN\n\n## Log\n"),
        ("a\r\n\r\n## Log\r\n", "a\r\n\r\nN\r\n\r\n## Log\r\n"),
        ("+++\n+++\n", "+++\n+++\n\nN\n"),
        ("+++\n+++\n\n", "+++\n+++\n\nN\n"),
        ("+++\n+++", "+++\n+++\n\nN\n"),
        ("", "N\n"),
        ("\u{feff}", "\u{feff}N\n"),
        ("Met.", "Met.\n\nN"),
        ("Met.\n", "Met.\n\nN\n"),
        ("```\n## Log\n```\n", "```\n## Log\n```\n\nN\n"),
        ("- a\n- b\n", "- a\n- b\n\nN\n"),
    ] {
        assert_eq!(added(old, "N"), expected, "{old:?}");
    }
    for old in ["+++\n", "```\ncode", "<!-- open\n"] {
        assert!(add_prose(old, "N", &settings()).is_err(), "{old:?}");
    }
}

#[test]
fn a_note_stays_a_text() {
    for (words, written) in [
        ("one\r\ntwo\r\n\r\n\r\nthree\n", "one\ntwo\n\nthree"),
        ("*very* keen, 5 * 3, C:\\dir", "*very* keen, 5 * 3, C:\\dir"),
        ("- a\n- b", "- a\n- b"),
        ("1. a\n2. b", "1. a\n2. b"),
        ("- [ ] call", "\\- \\[ ] call"),
        ("# Log\n- 2026-11-10 phone", "\\# Log\n\\- 2026-11-10 phone"),
        ("Log\n---\n- 2026-11-10 phone", "Log\n\\---\n\\- 2026-11-10 phone"),
        ("[[bob]] told us", "\\[\\[bob]] told us"),
        ("see [a](../files/b.pdf)", "see \\[a](../files/b.pdf)"),
        ("<!-- x", "\\<!-- x"),
        ("```\ncode", "\\`\\`\\`\ncode"),
        ("    code", "code"),
        ("> q", "\\> q"),
        ("a\u{0}b\u{1b}[31m\u{7}", "ab[31m"),
    ] {
        assert_eq!(added("", words), format!("{written}\n"), "{words:?}");
        assert_eq!(added("Met.\n\n## Log\n", words), format!("Met.\n\n{written}\n\n## Log\n"), "{words:?}");
    }
}

/// At the very beginning of a file it would be a front matter.
#[test]
fn a_note_is_no_front_matter() {
    assert_eq!(added("", "+++\nname = 5\n+++"), "\\+++\nname = 5\n\\+++\n");
    assert_eq!(added("Met.\n", "+++\nname = 5\n+++"), "Met.\n\n+++\nname = 5\n+++\n");
}

#[test]
fn a_note_that_is_there_is_not_added_again() {
    let text = "Met in Dallas,\nkeen on \\[it].\n\nok then\n";
    for (words, is_there) in [
        ("Met in Dallas, keen on [it].", true),
        ("  Met\n\nin Dallas,\tkeen on [it].", true),
        ("ok then", true),
        ("ok", false),
        ("then", false),
        ("Met in Dallas, keen on [it].\n\nok then", true),
        ("", true),
        (" \u{0}\n", true),
    ] {
        assert_eq!(added(text, words) == text, is_there, "{words:?}");
        assert_eq!(has_prose(text, words), is_there, "{words:?}");
    }
}

fn words() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        "[a-z .]{0,12}",
        "[-*+>#|=_~` \t]{0,6}[a-z]{0,3}",
        "- \\[[ x]\\] (me|them): [a-z]{1,5} by 2026-12-01",
        "- 2026-1[0-2]-0[1-9] (phone|email): [a-z]{0,5}",
        Just("## Log".to_owned()),
        Just("+++".to_owned()),
        Just("> [!conflict] x".to_owned()),
        Just("[r]: ../files/r.pdf".to_owned()),
        Just("[[bob]] <b> &amp; http://x.example".to_owned()),
        "[0-9]{1,3}[.)] [a-z]{0,4}",
        "\\PC{0,12}",
        ".{0,12}",
    ];
    prop::collection::vec(line, 0..6).prop_map(|lines| lines.join("\n"))
}

/// A text without what a note need not keep: white space around lines, more than one blank line, and what steers a
/// terminal.
fn normal(words: &str) -> String {
    let breaks = ['\r', '\u{b}', '\u{c}', '\u{85}', '\u{2028}', '\u{2029}'];
    let words = words.replace("\r\n", "\n").replace(breaks, "\n").replace('\t', " ");
    let words: String = words.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let lines: Vec<&str> = words.lines().map(str::trim).collect();
    let paragraphs = lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty());
    paragraphs.map(|lines| lines.join("\n")).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn only_new_paragraphs_are_new() {
    let text =
        "+++\n+++\n\n# Jane\n\nMet in Dallas.\n\n## Likes\n\ntea\n\n## Log\n\n## Family\n\nTwo sons.\n";
    for (words, new) in [
        ("Met in Dallas.\n\nLikes\n\ntea\n\nFamily\n\nTwo sons.", None),
        ("# Jane\n\nMet in Dallas.\r\n\r\nTwo sons.", None),
        ("Two sons.\n\nMet in Dallas.", None),
        ("Met in Dallas.\n\nA cat.\n\nTwo sons.", Some("A cat.")),
        ("Met in Dallas. Two sons.", Some("Met in Dallas. Two sons.")),
    ] {
        assert_eq!(new_prose(text, "Jane", words).as_deref(), new, "{words:?}");
    }
    assert!(has_prose("keen ....\n\n..\n", ".."), "though there are other dots before them");
}

#[test]
fn markdown_stays_markdown() {
    let old = "+++\nname = \"Jane\"\n+++\n\n## Log\n\n- 2026-11-10 email\n";
    for words in [
        "Met [[bob]].\n\n# More\n\n- a\n  - b\n\n- [ ] me: call",
        "```\ncode\n\n## Log\n```",
        "> said\n\n1. one\n2. two",
        "a\\*b",
    ] {
        let new = add_markdown(old, words, &settings()).unwrap();
        assert_eq!(new, old.replace("\n\n## Log", &format!("\n\n{words}\n\n## Log")), "{words}");
    }
    for words in ["```\ncode", "## Log\n\n- 2026-11-11 phone: no", "<!-- open"] {
        let new = add_markdown(old, words, &settings()).unwrap();
        let log = |text: &str| parse(text, "x", &settings()).contact.log.len();
        assert_eq!((log(&new), new.contains(&format!("\n{words}\n"))), (1, false), "{words}");
        assert!(has_prose(&new, words), "{words}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any text goes into any contact that is whole, and nothing else changes; a second time does nothing.
    #[test]
    fn any_note_goes_in_and_stays_a_text(old in contact(), words in words()) {
        let before = parse(&old, "x", &settings());
        let result = add_prose(&old, &words, &settings());
        prop_assert_eq!(matches!(result, Err(EditError::Broken(_))), before.contact.broken);
        let Ok(new) = result else { return Ok(()) };
        let after = parse(&new, "x", &settings());
        let bare = |contact: &crate::contact::Contact| {
            let entries: Vec<_> = contact.log.iter().map(|e| (e.date, e.time, e.text.clone())).collect();
            let promises: Vec<_> = contact.promises.iter().map(|p| (p.kept, p.text.clone(), p.by)).collect();
            let links: Vec<_> = contact.links.iter().map(|l| l.target.clone()).collect();
            (entries, promises, links, contact.name.clone(), contact.quoted)
        };
        prop_assert_eq!(bare(&before.contact), bare(&after.contact));
        let head = |text: &str| text[Layout::of(text).front_matter].to_owned();
        prop_assert_eq!(head(&old), head(&new));
        prop_assert!(has_prose(&new, &words));
        prop_assert_eq!(new_prose(&new, &after.contact.name, &words), None);
        prop_assert_eq!(add_prose(&new, &words, &settings()).unwrap(), new);
    }

    /// Into a new contact any text goes.
    #[test]
    fn a_new_contact_takes_any_note(words in words()) {
        let says_nothing = |c: char| c == '\\' || c.is_whitespace() || c.is_control();
        prop_assume!(!words.trim_matches(says_nothing).is_empty());
        let new = add_prose("+++\nname = \"x\"\n+++\n\n## Log\n", &words, &settings()).unwrap();
        prop_assert!(has_prose(&new, &words));
        prop_assert!(new.ends_with("## Log\n"));
        prop_assert_eq!(normal(&note_of(&prose(&new), "x")), normal(&words), "it goes out as it came in");
        prop_assert_eq!(parse(&new, "x", &settings()).problems, vec![]);
    }
}
