//! Taking a deed back out of a file that later work changed, and leaving that work as it is.

use crate::merge::{Kind, Merged, merge};
use crate::settings::Settings;

/// What a deed did to a file, and what the file is by now.
pub(super) struct Later<'a> {
    /// From the notebook's root.
    pub path: &'a str,
    /// Before the deed; none where there was no file.
    pub before: Option<&'a [u8]>,
    /// As the deed left it.
    pub after: Option<&'a [u8]>,
    /// Now, which is not as the deed left it.
    pub now: Option<&'a [u8]>,
}

/// What there is without the deed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Without {
    /// This text.
    Text(Vec<u8>),
    /// The same as with it: nothing is left to take back.
    Same,
    /// Later work changed the very same things, so there is no answer that is sure to be meant.
    Entangled,
}

/// Merges what is there now with what was before the deed; both came from what the deed left. Where the file itself
/// came or went, with the deed or later, there is nothing to merge.
///
/// A merge gives way to later work where the deed had only added something: an entry that was edited since stays. So
/// the deed is then done again on the result. Unless that gives what is there now, in whatever order, the later work
/// stood on the deed.
pub(super) fn without(later: &Later<'_>, settings: &Settings) -> Without {
    if later.now == later.before {
        return Without::Same;
    }
    let (Some(before), Some(after), Some(now)) = (later.before, later.after, later.now) else {
        return Without::Entangled;
    };
    let kind = Kind::of(later.path);
    let text = match quiet(merge(kind, Some(after), now, before, settings)) {
        None => return Without::Entangled,
        Some(text) if text == now => return Without::Same,
        Some(text) => text,
    };
    match quiet(merge(kind, Some(before), &text, after, settings)) {
        Some(again) if words(&again) == words(now) => Without::Text(text),
        _ => Without::Entangled,
    }
}

/// The content, where nobody has to look at anything.
fn quiet(merged: Merged) -> Option<Vec<u8>> {
    (merged.aside.is_empty() && merged.notes.is_empty()).then_some(merged.content)
}

/// The words of a text in their alphabetical order: what a merge adds may come to stand elsewhere.
fn words(text: &[u8]) -> Vec<&[u8]> {
    let is_between = |byte: &u8| byte.is_ascii_whitespace() || b",[]\"'".contains(byte);
    let mut words: Vec<&[u8]> = text.split(is_between).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A contact with this stage, these tags and these entries.
    fn jane(stage: &str, tags: &str, log: &[&str]) -> Option<String> {
        let log: String = log.iter().map(|entry| format!("- {entry}\n")).collect();
        Some(format!("+++\nname = \"Jane\"\nstage = \"{stage}\"\ntags = [{tags}]\n+++\n\n## Log\n\n{log}"))
    }

    #[test]
    fn the_deed_goes_and_later_work_stays() {
        let (a, b, c) = ("2026-12-03 phone: a", "2026-12-03 email: b", "2026-11-20 event: c");
        // What is taken back, the texts before it, after it and now, and what is left.
        type Row<'r> = (&'r str, [Option<String>; 3], Option<Option<String>>);
        let rows: [Row<'_>; 12] = [
            (
                "a later entry of the same day",
                [jane("new", "", &[c]), jane("new", "", &[a, c]), jane("new", "", &[b, a, c])],
                Some(jane("new", "", &[b, c])),
            ),
            (
                "another key, and prose",
                [
                    jane("new", "", &[c]),
                    jane("new", "", &[a, c]),
                    jane("won", "", &[a, c]).map(|text| text.replace("## Log", "Likes orchids.\n\n## Log")),
                ],
                Some(jane("won", "", &[c]).map(|text| text.replace("## Log", "Likes orchids.\n\n## Log"))),
            ),
            (
                "another tag",
                [
                    jane("new", "\"x\"", &[]),
                    jane("new", "\"x\", \"y\"", &[]),
                    jane("new", "\"x\", \"y\", \"z\"", &[]),
                ],
                Some(jane("new", "\"x\", \"z\"", &[])),
            ),
            ("the same key", [jane("new", "", &[]), jane("nurture", "", &[]), jane("won", "", &[])], None),
            (
                "the entry was edited",
                [
                    jane("new", "", &[c]),
                    jane("new", "", &[a, c]),
                    jane("new", "", &["2026-12-03 phone: A", c]),
                ],
                Some(None),
            ),
            (
                "one of two things was changed",
                [
                    jane("new", "", &[c]),
                    jane("nurture", "", &[a, c]),
                    jane("nurture", "", &["2026-12-03 phone: A", c]),
                ],
                None,
            ),
            (
                "it was taken back by hand",
                [jane("new", "", &[c]), jane("new", "", &[a, c]), jane("new", "", &[c])],
                Some(None),
            ),
            (
                "it was taken back by hand, and more was done",
                [jane("new", "", &[c]), jane("new", "", &[a, c]), jane("won", "", &[c])],
                Some(None),
            ),
            ("a new file, changed", [None, jane("new", "", &[]), jane("won", "", &[])], None),
            ("a new file, gone", [None, jane("new", "", &[]), None], Some(None)),
            (
                "a file that went, and there is another",
                [jane("new", "", &[]), None, jane("won", "", &[])],
                None,
            ),
            ("a file that went later", [jane("new", "", &[]), jane("won", "", &[]), None], None),
        ];
        for (what, [before, after, now], expected) in rows {
            let bytes = |text: &'_ Option<String>| text.clone().map(String::into_bytes);
            let (before, after, now) = (bytes(&before), bytes(&after), bytes(&now));
            let later = Later {
                path: "contacts/jane.md",
                before: before.as_deref(),
                after: after.as_deref(),
                now: now.as_deref(),
            };
            let expected = match expected {
                None => Without::Entangled,
                Some(None) => Without::Same,
                Some(Some(text)) => Without::Text(text.into_bytes()),
            };
            assert_eq!(without(&later, &Settings::default()), expected, "{what}");
        }
    }

    #[test]
    fn words_stand_in_any_order() {
        assert_eq!(words(b"tags = [\"a\", 'b']\r\n"), words(b"= b tags\na"));
        assert_ne!(words(b"a a"), words(b"a"));
    }
}
