//! What comes of a text that is put in place of another.

use std::fs;

use proptest::prelude::*;

use super::*;
use crate::notebook::Notebook;
use crate::settings::Settings;

const BASE: &str = "+++\nname = \"Jane Doe\"\ncity = \"Oslo\"\n+++\n\nMet in Dallas.\n\n## Log\n\n- 2026-11-20 phone: hello\n";

/// Puts `mine`, which was made from [`BASE`], where `theirs` is by now.
fn put_over(name: &str, theirs: &str, mine: &str, check: impl FnOnce(Result<Put, Refusal>)) {
    let folder = std::env::temp_dir().join(format!("tickler-put-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("contacts")).unwrap();
    fs::write(folder.join("tickler.toml"), "").unwrap();
    fs::write(folder.join("contacts/jane.md"), theirs).unwrap();
    let notebook = Notebook::open(&folder).unwrap();
    let today = "2026-12-03".parse().unwrap();
    let survey = notebook.survey(today);
    let settings = Settings::default();
    let desk = Desk { settings: &settings, today, time: None, me: None };
    check(put(&survey, 0, BASE.as_bytes(), mine, &desk));
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_nobody_changed_meanwhile_is_as_it_was_put() {
    let mine = BASE.replace("Oslo", "Rome");
    put_over("plain", BASE, &mine, |put| {
        let put = put.unwrap();
        assert_eq!((put.text.as_str(), put.is_merged, put.has_new_errors), (mine.as_str(), false, false));
        assert_eq!(put.planned.deed.subject, "edit Jane Doe: city");
    });
}

#[test]
fn both_changes_are_joined() {
    let (theirs, mine) = (BASE.replace("Dallas", "Austin"), BASE.replace("Oslo", "Rome"));
    put_over("joined", &theirs, &mine, |put| {
        let put = put.unwrap();
        assert_eq!(put.text, theirs.replace("Oslo", "Rome"));
        assert!(put.is_merged && put.notes.is_empty() && put.aside.is_empty());
        assert_eq!(put.planned.deed.changes[0].before.as_deref(), Some(theirs.as_str()));
    });
}

#[test]
fn what_both_changed_stands_side_by_side() {
    let (theirs, mine) = (BASE.replace("Oslo", "Paris"), BASE.replace("Oslo", "Rome"));
    put_over("sides", &theirs, &mine, |put| {
        let put = put.unwrap();
        assert!(
            put.text.contains("city = \"Rome\"") && put.text.contains("other = \"Paris\""),
            "{}",
            put.text
        );
        assert_eq!(put.notes.len(), 1);
    });
}

#[test]
fn a_whole_version_that_cannot_be_joined_is_kept() {
    let theirs = BASE.replace("\"Oslo\"", "Oslo");
    let mine = BASE.replace("Dallas", "Austin");
    put_over("apart", &theirs, &mine, |put| {
        let put = put.unwrap();
        assert_eq!(put.text, mine, "the one that can be read stays");
        assert_eq!(put.aside.len(), 1);
        let kept = &put.planned.deed.changes[1];
        assert_eq!(kept.after.as_deref(), Some(theirs.as_str()));
        assert!(kept.file.starts_with("conflicts/jane-") && kept.file.ends_with(".md"), "{}", kept.file);
    });
}

#[test]
fn a_text_that_breaks_the_contact_is_refused_with_its_place() {
    put_over("broken", BASE, &BASE.replace("\"Oslo\"", "Oslo"), |put| {
        let refusal = put.unwrap_err();
        assert_eq!(refusal.kind, crate::verbs::RefusalKind::Usage);
        assert!(refusal.details[0].starts_with("3:8: "), "{:?}", refusal.details);
    });
    let broken = BASE.replace("\"Oslo\"", "Oslo");
    put_over("still", &broken, &broken.replace("Dallas", "Austin"), |put| assert!(put.is_ok()));
}

#[test]
fn line_ends_are_those_of_the_file() {
    for (sent, of, expected) in [
        ("a\r\nb\r\n", "a\nc\n", "a\nb\n"),
        ("a\r\nb\r\n", "a\r\nc\r\n", "a\r\nb\r\n"),
        ("a\r\nb", "a\nb\n", "a\nb"),
        ("a\r\nx\r\nb\r\nc\r\n", "a\r\nb\nc\n", "a\r\nx\nb\nc\n"),
        ("a\r\n", "", "a\n"),
        ("", "a\n", ""),
        ("a\r\n\r\nb", "a\r\rb", "a\r\rb"),
    ] {
        assert_eq!(in_line_ends_of(sent, of), expected, "{sent:?} as {of:?}");
    }
}

proptest! {
    #[test]
    fn a_text_that_nobody_touched_comes_back_as_it_was(text in "([ab ]{0,3}(\n|\r\n|\r)){0,12}[ab]{0,2}") {
        let sent = lines(&text).iter().flat_map(|line| [line.text, if line.end.is_empty() { "" } else { "\r\n" }]).collect::<String>();
        prop_assert_eq!(in_line_ends_of(&sent, &text), text);
    }
}
