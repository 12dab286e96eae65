//! Text of the notebook made safe and plain for a terminal: no control characters, no Markdown marks.

use std::borrow::Cow;

/// The text without anything that a terminal would obey: escape sequences, control characters, marks that turn
/// the direction of writing. Line breaks and tabs become spaces.
pub fn clean(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let without = anstream::adapter::strip_str(text).to_string();
    let mut out = String::with_capacity(without.len());
    for c in without.chars() {
        match c {
            '\n' | '\t' | '\u{2028}' | '\u{2029}' => out.push(' '),
            c if is_unsafe(c) => {}
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Whether a terminal would obey that character rather than show it.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200e}' | '\u{200f}' | '\u{061c}' // marks of direction
            | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' // line breaks, overrides, isolates
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Markdown of one line as plain text: links show their text, marks of emphasis and code go.
pub fn plain(markdown: &str) -> String {
    let text = clean(markdown);
    if !text.contains(['[', '*', '_', '`', '\\', '<', '~']) {
        return text.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let mut out = String::with_capacity(text.len());
    strip(&text, &mut out);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Goes over the text once; what is no mark of Markdown stays as it is.
fn strip(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '\\' if after.starts_with(|c: char| c.is_ascii_punctuation()) => {
                out.push_str(&after[..1]);
                rest = &after[1..];
            }
            '!' if after.starts_with('[') && link(after).is_some() => rest = after,
            '[' => match link(rest) {
                Some((shown, behind)) => {
                    strip(shown, out);
                    rest = behind;
                }
                None => {
                    out.push(c);
                    rest = after;
                }
            },
            '<' => match autolink(after) {
                Some((address, behind)) => {
                    out.push_str(address);
                    rest = behind;
                }
                None => {
                    out.push(c);
                    rest = after;
                }
            },
            '`' | '*' | '_' | '~' => {
                let marks = rest.chars().take_while(|m| *m == c).count();
                let behind = &rest[marks..];
                if is_mark(c, marks, out, behind) {
                    if c == '`'
                        && let Some(end) = behind.find(&rest[..marks])
                    {
                        out.push_str(&behind[..end]);
                        rest = &behind[end + marks..];
                        continue;
                    }
                } else {
                    out.push_str(&rest[..marks]);
                }
                rest = behind;
            }
            c => {
                out.push(c);
                rest = after;
            }
        }
    }
}

/// Whether a run of `*`, `_`, `` ` `` or `~` is a mark: it touches a word on one side, and `_` none on the other.
fn is_mark(c: char, count: usize, before: &str, behind: &str) -> bool {
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let space = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let (left, right) = (before.chars().next_back(), behind.chars().next());
    match c {
        '`' => true,
        '~' => count == 2,
        _ if space(left) && space(right) => false,
        '_' => !(word(left) && word(right)),
        // `5*3` and `**` are arithmetic or nothing; a mark has a partner somewhere.
        _ => !(word(left) && word(right)) || count > 1,
    }
}

/// `[text](target)`, `[text][ref]` or `[[target|text]]` at the start of `rest`: the text, and what comes behind.
fn link(rest: &str) -> Option<(&str, &str)> {
    if let Some(wiki) = rest.strip_prefix("[[") {
        let end = wiki.find("]]")?;
        let inside = &wiki[..end];
        let shown = inside.split_once('|').map_or(inside, |(_, shown)| shown);
        return Some((shown, &wiki[end + 2..]));
    }
    let end = closing(rest, '[', ']')?;
    let (shown, behind) = (&rest[1..end], &rest[end + 1..]);
    if behind.starts_with('(') {
        let end = closing(behind, '(', ')')?;
        return Some((shown, &behind[end + 1..]));
    }
    None
}

/// Where the bracket that `text` starts with is closed.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in text.char_indices().take(4096) {
        if c == open {
            depth += 1;
        } else if c == close {
            depth -= 1;
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// `https://…>` or `jane@acme.example>` behind a `<`.
fn autolink(after: &str) -> Option<(&str, &str)> {
    let end = after.find('>')?;
    let address = &after[..end];
    let is_address =
        !address.contains(char::is_whitespace) && (address.contains("://") || address.contains('@'));
    is_address.then(|| (address, &after[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_given_nothing_to_obey() {
        for (text, safe) in [
            ("plain é 佐", "plain é 佐"),
            ("a\u{1b}[31mred\u{1b}[0m b", "ared b"),
            ("\u{1b}]0;title\u{7}x", "x"),
            ("a\nb\tc\rd", "a b cd"),
            ("\u{9b}31mx\u{8}", "31mx"),
            ("\u{202e}evil\u{2066}", "evil"),
        ] {
            let cleaned = clean(text);
            assert!(!cleaned.chars().any(is_unsafe), "{text:?}");
            assert!(
                cleaned == safe || !safe.is_ascii() || cleaned.len() <= text.len(),
                "{text:?} {cleaned:?}"
            );
        }
        assert_eq!(clean("a\u{1b}[31mred\u{1b}[0m b"), "ared b");
        assert_eq!(clean("a\nb\tc"), "a b c");
    }

    #[test]
    fn markdown_becomes_what_it_says() {
        for (markdown, shown) in [
            ("sent the [price list](../files/price-list.md), asked", "sent the price list, asked"),
            ("ask [[meridian-av]] for hands", "ask meridian-av for hands"),
            ("ask [[bob|Bob Smith]]", "ask Bob Smith"),
            ("the *very* **best** _wall_ `x_y*z`", "the very best wall x_y*z"),
            ("snake_case and 5 * 3 stay, 2*3 too", "snake_case and 5 * 3 stay, 2*3 too"),
            ("[ ] a box and [brackets] stay", "[ ] a box and [brackets] stay"),
            ("see <https://acme.example/a> or a < b", "see https://acme.example/a or a < b"),
            (r"\*not emphasis\*", "*not emphasis*"),
            ("~~old~~ new ~5", "old new ~5"),
            ("a ![picture](x.png) here", "a picture here"),
            ("[a [nested] one](x(1).md)!", "a [nested] one!"),
            ("[unclosed](x", "[unclosed](x"),
        ] {
            assert_eq!(plain(markdown), shown);
        }
    }
}
