//! What a merge could not decide, in words.

use tickler_core::merge::{Kind, Note};

use crate::plain::clean;

/// `contacts/jane-doe.md: city "Rome" stands, "Paris" is under [[conflict]]`. Whole versions that were set aside are
/// at `aside`, where that is known.
pub fn line(file: &str, note: &Note, aside: Option<&str>) -> String {
    let said = match note {
        Note::Value { key, kept, other } => {
            let place = match Kind::of(file) {
                // The settings take no `[[conflict]]`.
                Kind::Settings => format!("is in the version in {}", aside.unwrap_or("conflicts/")),
                _ => "is under [[conflict]]".to_owned(),
            };
            format!("{key} \"{kept}\" stands, \"{other}\" {place}")
        }
        Note::Prose { line } => {
            format!("both changed these lines, one version stands as a quote: \"{line}\"")
        }
        Note::Entry { line } => format!("both changed this entry, and both stand: \"{line}\""),
        Note::Apart { why } => match aside {
            Some(aside) => format!("{why}; one version stands, the other is in {aside}"),
            None => format!("{why}; the versions stay apart"),
        },
    };
    clean(&format!("{file}: {said}")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_note_names_its_file() {
        let value =
            || Note::Value { key: "city".into(), kept: "Rome".into(), other: "Pa\u{1b}[1mris\n".into() };
        for (file, note, said) in [
            (
                "contacts/jane.md",
                value(),
                "contacts/jane.md: city \"Rome\" stands, \"Paris \" is under [[conflict]]",
            ),
            (
                "tickler.toml",
                value(),
                "tickler.toml: city \"Rome\" stands, \"Paris \" is in the version in conflicts/",
            ),
            (
                "contacts/jane.md",
                Note::Prose { line: "Likes tea.".into() },
                "contacts/jane.md: both changed these lines, one version stands as a quote: \"Likes tea.\"",
            ),
            (
                "contacts/jane.md",
                Note::Entry { line: "- 2026-11-20 phone: hello".into() },
                "contacts/jane.md: both changed this entry, and both stand: \"- 2026-11-20 phone: hello\"",
            ),
            (
                "contacts/jane.md",
                Note::Apart { why: "not UTF-8".into() },
                "contacts/jane.md: not UTF-8; the versions stay apart",
            ),
        ] {
            assert_eq!(line(file, &note, None), said);
        }
        let apart = Note::Apart { why: "not UTF-8".into() };
        assert_eq!(line("a.md", &apart, Some("b")), "a.md: not UTF-8; one version stands, the other is in b");
    }
}
