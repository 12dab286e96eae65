//! Invariant 3: reading gives a contact and its problems, never an error, and loses no byte.

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
