//! Text of the notebook as a calendar shows it: of one line, without marks of Markdown.

use pulldown_cmark::{Event, Options, Parser};

/// The Markdown as one line of plain text: links show their text, marks of emphasis and code go.
pub fn plain(markdown: &str) -> String {
    // Behind a word, nothing is a heading, a list or a quote, so that `1. floor` stays what it is.
    const WORD: &str = "x ";
    let text = format!("{WORD}{}", line(markdown));
    let mut out = String::with_capacity(text.len());
    for event in Parser::new_ext(&text, Options::ENABLE_WIKILINKS | Options::ENABLE_STRIKETHROUGH) {
        if let Event::Text(text) | Event::Code(text) = event {
            out.push_str(&text);
        }
    }
    // An entity may stand for any character.
    line(out.strip_prefix(WORD).unwrap_or_default())
}

/// Plain text as Markdown of one line that shows it: where a mark would be read as one, all marks are escaped.
pub fn as_markdown(text: &str) -> String {
    let text = line(text);
    if plain(&text) == text {
        return text;
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '!' | '|') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// The text on one line, without characters that steer rather than show.
pub fn line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let words = text.split(|c: char| c.is_whitespace() || c.is_control() || steers(c));
    for word in words.filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The text, cut where it is longer than so many characters.
pub fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some(_) => {
            let kept: String = text.chars().take(most.saturating_sub(1)).collect();
            format!("{}…", kept.trim_end())
        }
    }
}

/// Marks of direction and line breaks that are no control characters.
fn steers(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_what_it_says() {
        for (markdown, shown) in [
            ("sent the [price list](../files/price-list.md), asked", "sent the price list, asked"),
            ("ask [[meridian-av]] for hands", "ask meridian-av for hands"),
            ("ask [[bob|Bob Smith]]", "ask Bob Smith"),
            ("the *very* **best** _wall_ `x_y*z` ~~old~~", "the very best wall x_y*z old"),
            ("snake_case and 5 * 3 stay, a < b", "snake_case and 5 * 3 stay, a < b"),
            ("1. floor", "1. floor"),
            ("# 4\n- [ ] a box\n> said", "# 4 - [ ] a box > said"),
            ("<b>bold</b> words", "bold words"),
            ("a&#10;b &amp; c&#x202e;", "a b & c"),
            ("\u{1b}[31m a\u{0}b\u{2028}c\u{85}d \u{202e}", "[31m a b c d"),
            ("  ", ""),
        ] {
            assert_eq!(plain(markdown), shown, "{markdown:?}");
        }
    }

    #[test]
    fn text_becomes_markdown_that_shows_it() {
        for (text, markdown) in [
            ("Kick-off: 5 * 3, snake_case", "Kick-off: 5 * 3, snake_case"),
            ("[ext] offer", "[ext] offer"),
            ("*urgent* a_b", r"\*urgent\* a\_b"),
            ("see [[jane-doe]]", r"see \[\[jane-doe\]\]"),
            ("[x](y)", r"\[x\](y)"),
            ("<b> &amp; c", r"\<b\> \&amp; c"),
            (" a\nb\\ ", "a b\\"),
        ] {
            assert_eq!(as_markdown(text), markdown, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_written_as_markdown_shows_as_it_was(text in r"([a-z0-9 .,;:/()!#+=-]|[\\`*_<>~&|\[\]]|&amp;|\n|é|🙂){0,40}") {
            proptest::prop_assert_eq!(plain(&as_markdown(&text)), line(&text));
        }
    }

    #[test]
    fn long_text_is_cut_at_characters() {
        for (text, most, expected) in [("", 3, ""), ("äöü", 3, "äöü"), ("äöüß", 3, "äö…"), ("a bc", 3, "a…")]
        {
            assert_eq!(cut(text, most), expected, "{text}");
        }
    }
}
