//! How wide text stands on a terminal, and how it is fitted: whole characters, accents, CJK and emoji included.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many columns the text takes.
pub fn width(text: &str) -> usize {
    // Nearly every text is of printable ASCII, a column a byte.
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) { text.len() } else { text.width() }
}

/// The text in at most `most` columns; what is cut off is told by `…`.
pub fn fit(text: &str, most: usize) -> Cow<'_, str> {
    if width(text) <= most {
        return Cow::Borrowed(text);
    }
    if most == 0 {
        return Cow::Borrowed("");
    }
    let mut end = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        // A prefix is measured as a whole: what joins two clusters may change their width.
        if width(&text[..at + cluster.len()]) > most - 1 {
            break;
        }
        end = at + cluster.len();
    }
    Cow::Owned(format!("{}…", text[..end].trim_end()))
}

/// The text with as many spaces after it as it lacks of `columns`.
pub fn pad(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{text}{:missing$}", "")
}

/// The same, with the spaces before it.
pub fn pad_left(text: &str, columns: usize) -> String {
    let missing = columns.saturating_sub(width(text));
    format!("{:missing$}{text}", "")
}

/// Lines of at most `most` columns, broken between words; a word that is longer than a line is broken too.
pub fn wrap(text: &str, most: usize) -> Vec<String> {
    let most = most.max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let room = if line.is_empty() { most } else { most.saturating_sub(width(&line) + 1) };
        if width(word) <= room {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for cluster in word.graphemes(true) {
            if !line.is_empty() && width(&line) + width(cluster) > most {
                lines.push(std::mem::take(&mut line));
            }
            line.push_str(cluster);
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_columns_not_bytes() {
        for (text, columns) in
            [("Jane", 4), ("Inês", 4), ("Ine\u{302}s", 4), ("佐藤 遥", 7), ("👩‍🔧", 2), ("🇵🇹", 2)]
        {
            assert_eq!(width(text), columns, "{text}");
        }
    }

    #[test]
    fn cuts_between_whole_characters() {
        for (text, most, fitted) in [
            ("Jane Doe", 8, "Jane Doe"),
            ("Jane Doe", 7, "Jane D…"),
            ("Jane Doe", 6, "Jane…"),
            ("佐藤 遥", 6, "佐藤…"),
            ("佐藤 遥", 4, "佐…"),
            ("Ine\u{302}s Carvalho", 5, "Ine\u{302}s…"),
            ("👩‍🔧👩‍🔧", 3, "👩‍🔧…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ] {
            assert_eq!(fit(text, most), fitted, "{text} {most}");
            assert!(width(&fit(text, most)) <= most);
        }
    }

    #[test]
    fn pads_by_columns() {
        assert_eq!(pad("佐藤", 6), "佐藤  ");
        assert_eq!(pad_left("Inês", 6), "  Inês");
        assert_eq!(pad("long", 2), "long");
    }

    #[test]
    fn wraps_between_words() {
        assert_eq!(wrap("walk through page 3 together", 12), ["walk through", "page 3", "together"]);
        assert_eq!(wrap("佐藤佐藤佐藤 x", 5), ["佐藤", "佐藤", "佐藤", "x"]);
        assert_eq!(wrap("", 5), [""]);
    }
}
