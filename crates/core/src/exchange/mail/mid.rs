//! The address of a message, `mid:` and its Message-ID (RFC 2392): how an entry of the log remembers its message.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What a link of Markdown, a shell and a reader all leave alone stays as it is.
const ENCODED: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'@').remove(b'$').remove(b'=');

const SCHEME: &str = "mid:";

/// `mid:CAF%2Babc@mail.example`.
pub fn url(id: &str) -> String {
    format!("{SCHEME}{}", utf8_percent_encode(id, ENCODED))
}

/// The Message-IDs of all addresses of messages in a text, in its order, wherever they stand.
pub fn all(text: &str) -> impl Iterator<Item = String> {
    memchr::memmem::find_iter(text.as_bytes(), SCHEME.as_bytes()).filter_map(|at| {
        let is_word = text[..at].chars().next_back().is_some_and(char::is_alphanumeric);
        let rest = &text[at + SCHEME.len()..];
        let ends = |c: char| c.is_whitespace() || c.is_control() || "()<>[]\"'`\\|".contains(c);
        let written = &rest[..rest.find(ends).unwrap_or(rest.len())];
        (!is_word && !written.is_empty())
            .then(|| percent_encoding::percent_decode_str(written).decode_utf8_lossy().into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn as_the_rfc_has_it() {
        for (id, expected) in [
            ("CAF+abc@mail.example", "mid:CAF%2Babc@mail.example"),
            ("a(b)c@x", "mid:a%28b%29c@x"),
            ("no-at", "mid:no-at"),
            ("é/%@x", "mid:%C3%A9%2F%25@x"),
        ] {
            assert_eq!(url(id), expected);
        }
    }

    #[test]
    fn they_are_found_wherever_they_stand() {
        let text = "[a](mid:1@x) and <mid:2@x>, see mid:3%40x\n  humid:no mid: [b]( mid:4@x \"t\") `mid:5@x`";
        assert_eq!(all(text).collect::<Vec<_>>(), ["1@x", "2@x", "3@x", "4@x", "5@x"]);
    }

    proptest! {
        #[test]
        fn any_id_is_found_again(id in "\\PC{1,40}", other in "[!-~]{1,40}") {
            let text = format!("- 2026-11-18 email: [x]({}) [y]({})", url(&id), url(&other));
            prop_assert_eq!(all(&text).collect::<Vec<_>>(), [id, other]);
        }
    }
}
