//! Lines of a text and their ends, as an edit has to look at them.

use std::ops::Range;

/// Where the line that holds byte `at` begins.
pub(crate) fn line_start(text: &str, at: usize) -> usize {
    memchr::memrchr(b'\n', &text.as_bytes()[..at]).map_or(0, |found| found + 1)
}

/// Where the line that holds byte `at` ends, its line end included.
pub(crate) fn line_end(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |found| at + found + 1)
}

/// Where the line that holds byte `at` ends, without its line end.
pub(super) fn content_end(text: &str, at: usize) -> usize {
    let end = line_end(text, at);
    let line = &text[at..end];
    at + line.strip_suffix("\r\n").or_else(|| line.strip_suffix('\n')).unwrap_or(line).len()
}

/// How the lines around byte `at` end: the line it is in, else the one before, else the file's first.
pub(super) fn line_ending(text: &str, at: usize) -> &'static str {
    let ending_of = |end: usize| match &text.as_bytes()[..end] {
        [.., b'\r', b'\n'] => Some("\r\n"),
        [.., b'\n'] => Some("\n"),
        _ => None,
    };
    ending_of(line_end(text, at))
        .or_else(|| ending_of(line_start(text, at)))
        .or_else(|| ending_of(line_end(text, 0)))
        .unwrap_or("\n")
}

/// Whether nothing can be seen on the line that holds byte `at`.
pub(super) fn is_blank_line(text: &str, at: usize) -> bool {
    text[line_start(text, at)..line_end(text, at)].trim().is_empty()
}

/// The end of the last line on which there is anything to see, without its line end.
pub(super) fn last_content_end(text: &str) -> usize {
    content_end(text, text.trim_end().len())
}

/// `new` in the place of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Splice {
    pub range: Range<usize>,
    pub new: String,
}

impl Splice {
    pub fn insert(at: usize, new: impl Into<String>) -> Splice {
        Splice { range: at..at, new: new.into() }
    }

    pub fn delete(range: Range<usize>) -> Splice {
        Splice { range, new: String::new() }
    }
}

/// The text with these bytes changed. The splices must not overlap; those at one place keep their order.
pub(super) fn splice(text: &str, mut splices: Vec<Splice>) -> String {
    splices.sort_by_key(|splice| splice.range.start);
    let mut new = String::with_capacity(text.len() + splices.iter().map(|s| s.new.len()).sum::<usize>());
    let mut at = 0;
    for Splice { range, new: bytes } in splices {
        new.push_str(&text[at..range.start.max(at)]);
        new.push_str(&bytes);
        at = range.end.max(at);
    }
    new.push_str(&text[at..]);
    new
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_their_ends() {
        let text = "a\r\nbc\n\n  \nd";
        for (at, start, content, end, ending) in [
            (0, 0, 1, 3, "\r\n"),
            (1, 0, 1, 3, "\r\n"),
            (4, 3, 5, 6, "\n"),
            (5, 3, 5, 6, "\n"),
            (6, 6, 6, 7, "\n"),
            (10, 10, 11, 11, "\n"),
            (11, 10, 11, 11, "\n"),
        ] {
            assert_eq!(line_start(text, at), start, "{at}");
            assert_eq!(content_end(text, at), content, "{at}");
            assert_eq!(line_end(text, at), end, "{at}");
            assert_eq!(line_ending(text, at), ending, "{at}");
        }
        assert!(is_blank_line(text, 6) && is_blank_line(text, 8) && !is_blank_line(text, 10));
        assert_eq!((line_ending("", 0), line_ending("a\r\nb", 3)), ("\n", "\r\n"));
        assert_eq!((last_content_end("a \r\n\n"), last_content_end("\n"), last_content_end("a")), (2, 0, 1));
    }

    #[test]
    fn splices_in_any_order() {
        let splices =
            vec![Splice::insert(3, "!"), Splice::delete(0..1), Splice { range: 1..2, new: "X".into() }];
        assert_eq!(splice("abc", splices), "Xc!");
    }
}
