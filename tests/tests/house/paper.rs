//! Invariant 3: reading gives a contact and its problems, never an error, and loses no byte; an edit changes only the
//! bytes it must.

use tickler_core::contact::{Channel, Value, Words};
use tickler_core::date::Date;
use tickler_core::file::edit::{NewEntry, add_entry, set, unset};
use tickler_core::file::{self, layout::Layout};
use tickler_core::settings::Settings;

use super::tree;

#[track_caller]
fn loses_nothing(text: &str, what: &str) {
    let layout = Layout::of(text);
    let joined: String = layout.parts().into_iter().map(|part| &text[part]).collect();
    assert_eq!(joined, text, "{what}: the parts are not the file");
    let reading = file::parse(text, "x", &Settings::default());
    assert!(!reading.contact.broken || !reading.problems.is_empty(), "{what}: broken, and nobody says why");
}

#[test]
fn reading_loses_no_byte() {
    let mut seen = 0;
    for file in tree::files(&["docs/example", "tests/vectors"]).iter().filter(|file| file.extension() == "md")
    {
        loses_nothing(&file.text, &file.path);
        loses_nothing(&file.text.replace('\n', "\r\n"), &format!("{} with CRLF", file.path));
        loses_nothing(&format!("\u{feff}{}", file.text), &format!("{} with a BOM", file.path));
        // Files are also read while somebody writes them.
        for (end, _) in file.text.char_indices().step_by(97) {
            loses_nothing(&file.text[..end], &format!("{} cut at byte {end}", file.path));
            loses_nothing(&file.text[end..], &format!("{} from byte {end}", file.path));
        }
        seen += 1;
    }
    assert!(seen > 50, "the example and the vectors are there");
}

#[track_caller]
fn edits_keep_the_rest(text: &str, what: &str) {
    let settings = Settings::default();
    if file::parse(text, "x", &settings).contact.broken {
        assert!(set(text, &["zoo"], &Value::Integer(1)).is_err(), "{what}: broken, and rewritten");
        return;
    }
    for key in [&["zoo"] as &[&str], &["zoo", "keeper"]] {
        let new = set(text, key, &Value::Integer(1)).expect(what);
        is_insertion(text, &new, what);
        if Layout::of(text).has_front_matter() {
            assert_eq!(unset(&new, key).expect(what), text, "{what}: set and unset again");
        }
    }
    for (year, month, day) in [(2000, 1, 1), (2026, 11, 18), (2030, 1, 1)] {
        let entry = NewEntry {
            date: Date::new(year, month, day).expect("a day"),
            time: None,
            channel: Channel::Phone,
            words: Words::default(),
            who: None,
            text: "said hello".to_owned(),
            promises: Vec::new(),
        };
        is_insertion(text, &add_entry(text, &entry, &settings).expect(what), what);
    }
}

/// The old bytes are all there, and what is new stands at one place.
#[track_caller]
fn is_insertion(old: &str, new: &str, what: &str) {
    let (old, new) = (old.as_bytes(), new.as_bytes());
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    assert!(new.len() > old.len() && head + tail >= old.len(), "{what}: more was changed than had to be");
}

#[test]
fn an_edit_changes_only_its_bytes() {
    let mut seen = 0;
    for file in tree::files(&["docs/example", "tests/vectors"]).iter().filter(|file| file.extension() == "md")
    {
        edits_keep_the_rest(&file.text, &file.path);
        edits_keep_the_rest(&file.text.replace('\n', "\r\n"), &format!("{} with CRLF", file.path));
        edits_keep_the_rest(&format!("\u{feff}{}", file.text), &format!("{} with a BOM", file.path));
        edits_keep_the_rest(file.text.trim_end(), &format!("{} without its last line end", file.path));
        seen += 1;
    }
    assert!(seen > 50, "the example and the vectors are there");
}
