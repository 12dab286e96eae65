//! Running text of several looks, wrapped as one.

use crate::plain::clean;
use crate::style::{Paint, Role};
use crate::width::{width, wrap as wrap_plain};

/// A piece of text that looks one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub role: Role,
    pub text: String,
}

/// A piece of text, made safe to show.
pub fn span(role: Role, text: impl AsRef<str>) -> Span {
    Span { role, text: clean(text.as_ref()).into_owned() }
}

/// Lines of at most `most` columns, broken between words whatever their looks; without `most` one line. Spaces run
/// together.
pub fn wrap(spans: &[Span], most: Option<usize>) -> Vec<Vec<Span>> {
    let most = most.unwrap_or(usize::MAX).max(1);
    let mut lines: Vec<Vec<Span>> = vec![Vec::new()];
    let mut used = 0;
    for word in words(spans, most) {
        let wide: usize = word.iter().map(|span| width(&span.text)).sum();
        let gap = usize::from(used > 0);
        if used > 0 && used + gap + wide > most {
            lines.push(Vec::new());
            used = 0;
        }
        let gap = usize::from(used > 0);
        if let Some(line) = lines.last_mut() {
            for (at, piece) in word.into_iter().enumerate() {
                let space = if at == 0 && gap > 0 { " " } else { "" };
                match line.last_mut() {
                    Some(last) if last.role == piece.role => {
                        last.text.push_str(space);
                        last.text.push_str(&piece.text);
                    }
                    Some(last) => {
                        last.text.push_str(space);
                        line.push(piece);
                    }
                    None => line.push(piece),
                }
            }
        }
        used += gap + wide;
    }
    lines
}

/// The words, each of pieces that no space parts; one that is wider than a line comes in parts.
fn words(spans: &[Span], most: usize) -> Vec<Vec<Span>> {
    let mut words: Vec<Vec<Span>> = Vec::new();
    let mut is_open = false;
    for span in spans {
        if span.text.starts_with(char::is_whitespace) {
            is_open = false;
        }
        for (at, piece) in span.text.split_whitespace().enumerate() {
            let parts = if width(piece) > most { wrap_plain(piece, most) } else { vec![piece.to_owned()] };
            for (part_at, text) in parts.into_iter().enumerate() {
                let piece = Span { role: span.role, text };
                match words.last_mut() {
                    Some(word) if is_open && at == 0 && part_at == 0 => word.push(piece),
                    _ => words.push(vec![piece]),
                }
            }
        }
        is_open = match span.text.chars().next_back() {
            Some(last) => !last.is_whitespace(),
            None => is_open,
        };
    }
    words
}

/// One line as it is printed.
pub fn paint(line: &[Span], paint: Paint) -> String {
    line.iter().map(|span| paint.as_role(span.role, &span.text).to_string()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(spans: &[(Role, &str)], most: Option<usize>) -> Vec<String> {
        let spans: Vec<Span> = spans.iter().map(|(role, text)| span(*role, text)).collect();
        wrap(&spans, most).iter().map(|line| paint(line, Paint::default())).collect()
    }

    #[test]
    fn looks_do_not_change_where_lines_break() {
        let mixed = [(Role::Plain, "sent the "), (Role::Way, "price list"), (Role::Plain, ", asked")];
        assert_eq!(lines(&mixed, None), ["sent the price list, asked"]);
        assert_eq!(lines(&mixed, Some(15)), ["sent the price", "list, asked"]);
        assert_eq!(lines(&mixed, Some(5)), ["sent", "the", "price", "list,", "asked"]);
        assert_eq!(lines(&[(Role::Plain, "")], Some(5)), [""]);
    }

    #[test]
    fn long_words_are_broken_and_nothing_is_lost() {
        assert_eq!(lines(&[(Role::Plain, "a abcdefgh b")], Some(4)), ["a", "abcd", "efgh", "b"]);
        assert_eq!(lines(&[(Role::Plain, "佐藤佐藤")], Some(5)), ["佐藤", "佐藤"]);
    }
}
