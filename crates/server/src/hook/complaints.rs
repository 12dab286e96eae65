//! What is wrong with a push, in lines for the pusher's terminal.

use std::fmt::{self, Write};

/// So many lines are shown; nobody mends more at once.
const MOST: usize = 10;

/// Why a push is refused: nothing, as long as nobody complained.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Complaints {
    lines: Vec<String>,
    more: usize,
    advice: Option<&'static str>,
}

impl Complaints {
    /// Adds a line; what is said twice is said once.
    pub fn add(&mut self, line: impl AsRef<str>) {
        let line = plain(line.as_ref());
        if self.lines.contains(&line) {
            return;
        }
        match self.lines.len() < MOST {
            true => self.lines.push(line),
            false => self.more += 1,
        }
    }

    /// Says below all lines what to do about them.
    pub fn advise(&mut self, advice: &'static str) {
        self.advice = Some(advice);
    }

    /// Nothing is wrong, so far.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// There are so many that no further one will be seen.
    pub fn are_enough(&self) -> bool {
        self.more > 1_000
    }
}

impl fmt::Display for Complaints {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines.join("\n"))?;
        if self.more > 0 {
            write!(f, "\n… and {} more", self.more)?;
        }
        self.advice.map_or(Ok(()), |advice| write!(f, "\n{advice}"))
    }
}

/// A path for people, whatever its bytes are.
pub fn shown(path: &[u8]) -> String {
    let mut text = String::new();
    for chunk in path.utf8_chunks() {
        text.push_str(&plain(chunk.valid()));
        for byte in chunk.invalid() {
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    if text.chars().count() > 250 {
        text = text.chars().take(249).chain(['…']).collect();
    }
    text
}

/// The text as it can be printed: what would move the cursor, or turn the writing round, is escaped.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() || is_invisible(c) {
            plain.extend(c.escape_unicode());
        } else {
            plain.push(c);
        }
    }
    plain
}

/// Takes no place on a screen, or rearranges what does. The two joiners are not among these: some languages need them.
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_lines_and_how_many_more() {
        let mut complaints = Complaints::default();
        assert!(complaints.is_empty());
        for number in 0..17 {
            complaints.add(format!("file {number}"));
            complaints.add("file 0");
        }
        let said = complaints.to_string();
        assert_eq!(said.lines().count(), 11);
        assert!(said.starts_with("file 0\nfile 1\n") && said.ends_with("file 9\n… and 7 more"), "{said}");
    }

    #[test]
    fn nothing_reaches_the_terminal_but_text() {
        for (path, said) in [
            (&b"contacts/jane.md"[..], "contacts/jane.md"),
            (b"a\x1b[31mred", "a\\u{1b}[31mred"),
            (b"a\nremote: ok", "a\\u{a}remote: ok"),
            (b"ren\xe9", "ren\\xe9"),
            ("a\u{202e}dm.b\u{9b}1m".as_bytes(), "a\\u{202e}dm.b\\u{9b}1m"),
            ("René".as_bytes(), "René"),
        ] {
            assert_eq!(shown(path), said);
        }
        assert_eq!(shown(&[b'x'; 300]).chars().count(), 250);
    }
}
