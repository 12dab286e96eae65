//! A text cut into cards, and a card into its lines, unfolded, each with where it stands.

use std::ops::Range;

/// One card of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its bytes.
    pub raw: Range<usize>,
    /// Its content lines, unfolded, without `BEGIN` and `END`.
    pub lines: Vec<String>,
    /// The cards in it: of agents, as versions before 4.0 have them.
    pub inner: Vec<Piece>,
    /// Whether its end is there.
    pub whole: bool,
}

/// The cards of a text, one after the other. What stands between them is passed over.
#[derive(Debug, Clone)]
pub struct Cutter<'t> {
    text: &'t str,
    /// Where the next line begins, and its number.
    at: usize,
    line: usize,
}

/// How many cards may stand in each other; what is deeper is of the last one.
const DEEPEST: usize = 8;

impl<'t> Cutter<'t> {
    /// Begins at the start of the text.
    pub fn new(text: &'t str) -> Cutter<'t> {
        Cutter { text, at: 0, line: 1 }
    }

    /// The next line, without its end; the place stays.
    fn peek(&self) -> Option<&'t str> {
        let rest = &self.text[self.at..];
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        (!rest.is_empty()).then(|| &rest[..end])
    }

    /// Goes behind the next line.
    fn pass(&mut self) {
        let rest = &self.text[self.at..];
        let end = rest
            .find(['\n', '\r'])
            .map_or(rest.len(), |end| end + if rest[end..].starts_with("\r\n") { 2 } else { 1 });
        self.at += end;
        self.line += 1;
    }

    /// The card that begins here.
    fn piece(&mut self, depth: usize) -> Piece {
        let (line, begin) = (self.line, self.at);
        self.pass();
        let mut piece = Piece { line, raw: begin..begin, lines: Vec::new(), inner: Vec::new(), whole: false };
        while let Some(text) = self.peek() {
            if is_mark(text, "BEGIN") {
                // Only an agent is a card in a card; any other beginning shows that the end of this one is lost.
                if !is_agent(piece.lines.last()) || depth >= DEEPEST {
                    break;
                }
                piece.lines.pop();
                let inner = self.piece(depth + 1);
                piece.inner.push(inner);
                continue;
            }
            self.pass();
            if is_mark(text, "END") {
                piece.whole = true;
                break;
            }
            let is_begun = begins(text) || self.is_folded(text);
            take(&mut piece.lines, text, is_begun);
        }
        piece.raw = begin..self.at;
        piece
    }

    /// Whether a property begins with this line and the next, which is more of it: its name may be as long as a line.
    fn is_folded(&mut self, text: &str) -> bool {
        text.len() >= FULL
            && self
                .peek()
                .and_then(|next| next.strip_prefix([' ', '\t']))
                .is_some_and(|more| begins(&format!("{text}{more}")))
    }
}

impl Iterator for Cutter<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        while !is_mark(self.peek()?, "BEGIN") {
            self.pass();
        }
        Some(self.piece(0))
    }
}

/// How many lines a text has, as items of it count them.
pub fn line_count(text: &str) -> usize {
    let mut cutter = Cutter::new(text);
    while cutter.peek().is_some() {
        cutter.pass();
    }
    cutter.line - 1
}

/// The lines of a card that stands in a value, as an agent's may.
pub fn lines(text: &str) -> Option<Piece> {
    Cutter::new(text).next()
}

/// Whether the line is `BEGIN:VCARD` or `END:VCARD`.
fn is_mark(line: &str, which: &str) -> bool {
    line.split_once(':').is_some_and(|(mark, of)| {
        mark.trim().trim_start_matches('\u{feff}').eq_ignore_ascii_case(which)
            && of.trim().eq_ignore_ascii_case("VCARD")
    })
}

fn is_agent(line: Option<&String>) -> bool {
    line.and_then(|line| line.split_once(':')).is_some_and(|(head, value)| {
        let name = head.split(';').next().unwrap_or_default();
        let name = name.rsplit('.').next().unwrap_or_default();
        name.eq_ignore_ascii_case("AGENT") && value.trim().is_empty()
    })
}

/// Takes a line as it stands in the file: one of its own, where a property begins with it, or more of the last one.
fn take(lines: &mut Vec<String>, text: &str, is_begun: bool) {
    let Some(last) = lines.last_mut() else {
        if !text.trim().is_empty() {
            lines.push(text.to_owned());
        }
        return;
    };
    let way = Way::of(last);
    if way == Way::QuotedPrintable && last.ends_with('=') {
        last.pop();
        last.push_str(text);
    } else if let Some(more) = text.strip_prefix([' ', '\t']) {
        last.push_str(if way == Way::Base64 { more.trim() } else { more });
    } else if text.trim().is_empty() {
        // An empty line ends what is in base64, and says nothing elsewhere.
    } else if is_begun {
        lines.push(text.to_owned());
    } else if way == Way::Base64 {
        last.push_str(text.trim());
    } else {
        // A line break that its writer did not escape.
        last.push_str("\\n");
        last.push_str(text);
    }
}

/// How the value of a line is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Plain,
    QuotedPrintable,
    Base64,
}

impl Way {
    fn of(line: &str) -> Way {
        let head = line.split_once(':').map_or("", |(head, _)| head);
        let is = |names: &[&str]| {
            head.split(';').skip(1).any(|param| {
                let (of, word) = param.split_once('=').unwrap_or(("ENCODING", param));
                ["ENCODING", "TYPE"].iter().any(|name| of.trim().eq_ignore_ascii_case(name))
                    && names.iter().any(|name| word.trim().eq_ignore_ascii_case(name))
            })
        };
        if is(&["QUOTED-PRINTABLE"]) {
            Way::QuotedPrintable
        } else if is(&["BASE64", "B"]) {
            Way::Base64
        } else {
            Way::Plain
        }
    }
}

/// A line that was folded has at least so many octets of the 75 that it may have: a character has at most 4.
const FULL: usize = 72;

/// Whether a property begins here. A long parameter may be folded before the colon comes.
fn begins(text: &str) -> bool {
    let is_name = |text: &str| {
        let mut bytes = text.trim_end().bytes();
        !text.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    let Some(end) = text.find([':', ';']) else { return false };
    let has_parameter = || text[end + 1..].split_once('=').is_some_and(|(name, _)| is_name(name));
    is_name(&text[..end]) && (text.contains(':') || has_parameter())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The line on which each card begins, its lines, and whether it is whole.
    fn cut(text: &str) -> Vec<(usize, Vec<String>, bool)> {
        Cutter::new(text).map(|piece| (piece.line, piece.lines, piece.whole)).collect()
    }

    #[test]
    fn cards_are_cut_and_lines_unfolded() {
        for (text, expected) in [
            ("", vec![]),
            ("nothing here\n", vec![]),
            ("BEGIN:VCARD\nFN:J\nEND:VCARD", vec![(1, vec!["FN:J"], true)]),
            (
                "BEGIN:VCARD\r\nNOTE:a\r\n  b\r\n\tc\r\nFN:J\r\nEND:VCARD\r\n",
                vec![(1, vec!["NOTE:a bc", "FN:J"], true)],
            ),
            ("BEGIN:VCARD\rFN:J\rEND:VCARD\r", vec![(1, vec!["FN:J"], true)]),
            (
                "x\nbegin:vcard\nFN:J\nend:vCard \n\ny\n BEGIN:VCARD\nFN:K\n",
                vec![(2, vec!["FN:J"], true), (7, vec!["FN:K"], false)],
            ),
            (
                "BEGIN:VCARD\nFN:J\nBEGIN:VCARD\nFN:K\nEND:VCARD\n",
                vec![(1, vec!["FN:J"], false), (3, vec!["FN:K"], true)],
            ),
            (
                "BEGIN:VCARD\nFN:J\nEMAIL;XYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYX\n Y=1:j\nEND:VCARD",
                vec![(
                    1,
                    vec![
                        "FN:J",
                        "EMAIL;XYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXY=1:j",
                    ],
                    true,
                )],
            ),
            (
                "BEGIN:VCARD\nFN:J\nXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZ\n YZ:j\nEND:VCARD",
                vec![(
                    1,
                    vec![
                        "FN:J",
                        "XYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYXYZZYZ:j",
                    ],
                    true,
                )],
            ),
            (
                "BEGIN:VCARD\nN;ENCODING=QUOTED-PRINTABLE:a=\nb=0D=\n=0A\nFN:J\nEND:VCARD",
                vec![(1, vec!["N;ENCODING=QUOTED-PRINTABLE:ab=0D=0A", "FN:J"], true)],
            ),
            (
                "BEGIN:VCARD\nPHOTO;ENCODING=b:AA\n  BB\nCC==\n\nFN:J\nEND:VCARD",
                vec![(1, vec!["PHOTO;ENCODING=b:AABBCC==", "FN:J"], true)],
            ),
            (
                "BEGIN:VCARD\nFN:J\nADR;LABEL=\"a\n b\":;;c\nEND:VCARD",
                vec![(1, vec!["FN:J", "ADR;LABEL=\"ab\":;;c"], true)],
            ),
            (
                "BEGIN:VCARD\nNOTE:one\ntwo words\nFN:J\nEND:VCARD",
                vec![(1, vec!["NOTE:one\\ntwo words", "FN:J"], true)],
            ),
        ] {
            let expected: Vec<(usize, Vec<String>, bool)> = expected
                .into_iter()
                .map(|(line, lines, whole)| (line, lines.into_iter().map(str::to_owned).collect(), whole))
                .collect();
            assert_eq!(cut(text), expected, "{text}");
        }
    }

    #[test]
    fn a_card_may_hold_its_agent_s() {
        let text = "BEGIN:VCARD\nFN:J\nAGENT:\nBEGIN:VCARD\nFN:A\nEND:VCARD\nTEL:1\nEND:VCARD\nBEGIN:VCARD\nFN:K\nEND:VCARD\n";
        let pieces: Vec<Piece> = Cutter::new(text).collect();
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces[0].lines, ["FN:J", "TEL:1"]);
        assert_eq!(pieces[0].inner[0].lines, ["FN:A"]);
        assert_eq!(&text[pieces[1].raw.clone()], "BEGIN:VCARD\nFN:K\nEND:VCARD\n");
        assert_eq!(pieces[1].line, 9);
        let deep = "AGENT:\nBEGIN:VCARD\n".repeat(10_000);
        assert!(Cutter::new(&format!("BEGIN:VCARD\n{deep}")).count() > 1, "it neither hangs nor overflows");
    }
}
