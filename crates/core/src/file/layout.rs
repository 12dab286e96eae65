//! Splits a contact file into its front matter and body without losing a byte (format, section 2).

use std::ops::Range;

/// The byte ranges of a file's parts, in order and without a gap: together they are the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    /// The byte order mark, mostly empty.
    pub bom: Range<usize>,
    /// The first line `+++` with its line end; empty where there is no front matter.
    pub open: Range<usize>,
    /// The TOML between the two lines.
    pub front_matter: Range<usize>,
    /// The second line `+++` with its line end; empty where it is missing.
    pub close: Range<usize>,
    /// The Markdown.
    pub body: Range<usize>,
}

impl Layout {
    /// Splits `text`.
    pub fn of(text: &str) -> Layout {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let end = text.len();
        let open = start..line_end(text, start);
        if !is_fence(&text[open.clone()]) {
            return Layout {
                bom: 0..start,
                open: start..start,
                front_matter: start..start,
                close: start..start,
                body: start..end,
            };
        }
        // From the line feed before it, so that the fence begins a line.
        for found in memchr::memmem::find_iter(&text.as_bytes()[open.end - 1..], b"\n+++") {
            let at = open.end + found;
            let next = line_end(text, at);
            if is_fence(&text[at..next]) {
                return Layout {
                    bom: 0..start,
                    front_matter: open.end..at,
                    open,
                    close: at..next,
                    body: next..end,
                };
            }
        }
        Layout { bom: 0..start, front_matter: open.end..end, open, close: end..end, body: end..end }
    }

    /// Whether the file begins a front matter.
    pub fn has_front_matter(&self) -> bool {
        !self.open.is_empty()
    }

    /// Whether the front matter that the file begins never ends.
    pub fn is_unclosed(&self) -> bool {
        self.has_front_matter() && self.close.is_empty()
    }

    /// The parts in order.
    pub fn parts(&self) -> [Range<usize>; 5] {
        [
            self.bom.clone(),
            self.open.clone(),
            self.front_matter.clone(),
            self.close.clone(),
            self.body.clone(),
        ]
    }
}

/// The end of the line that `from` lies in, its line feed included.
fn line_end(text: &str, from: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[from..]).map_or(text.len(), |at| from + at + 1)
}

/// A line of three plus signs; blanks after them do no harm and cannot be seen.
fn is_fence(line: &str) -> bool {
    line.strip_prefix("+++").is_some_and(|rest| rest.bytes().all(|b| b.is_ascii_whitespace()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn front_and_body(text: &str) -> (&str, &str) {
        let layout = Layout::of(text);
        (&text[layout.front_matter], &text[layout.body])
    }

    #[test]
    fn finds_the_fences() {
        for (text, expected) in [
            ("", ("", "")),
            ("# Jane\n", ("", "# Jane\n")),
            ("+++\n+++\n", ("", "")),
            ("+++\na = 1\n+++\nbody", ("a = 1\n", "body")),
            ("\u{feff}+++\r\na = 1\r\n+++\r\nbody", ("a = 1\r\n", "body")),
            ("+++ \na = 1\n+++\t", ("a = 1\n", "")),
            ("\n+++\na = 1\n+++\n", ("", "\n+++\na = 1\n+++\n")),
            ("++++\na = 1\n++++\n", ("", "++++\na = 1\n++++\n")),
            (" +++\n", ("", " +++\n")),
            ("+++\na = 1\n++\n", ("a = 1\n++\n", "")),
            ("+++", ("", "")),
        ] {
            assert_eq!(front_and_body(text), expected, "{text:?}");
        }
        assert!(Layout::of("+++\na = 1\n").is_unclosed());
        assert!(!Layout::of("+++\n+++").is_unclosed());
    }

    proptest! {
        #[test]
        fn the_parts_are_the_file(text in "(\u{feff})?([+a=\"\r\n ]|\\+\\+\\+\n|- \\[ \\] x)*") {
            let joined: String = Layout::of(&text).parts().into_iter().map(|r| &text[r]).collect();
            prop_assert_eq!(joined, text);
        }
    }
}
