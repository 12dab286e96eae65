//! What a push begins with: lines that say which refs are to move, and what the client understands (gitprotocol-pack(5),
//! "Reference Update Request").

use super::declined::Listener;

/// The longest line that git reads, with its length before it.
const LINE: usize = 65_520;
/// How many bytes of names of refs are kept. git's own clients send one name; the hook refuses more than a few.
const NAMES: usize = 1 << 20;

/// The lines, as far as they came.
#[derive(Debug, Default)]
pub struct PushHead {
    line: Vec<u8>,
    names: usize,
    listener: Listener,
}

/// What some bytes came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// More lines are to come.
    All,
    /// The last line ended behind so many of them; a pack may follow.
    End(usize),
    /// The byte before that place cannot stand there, and git says so.
    Wrong(usize),
}

impl PushHead {
    /// Reads on.
    pub fn take(&mut self, bytes: &[u8]) -> Taken {
        let mut at = 0;
        while at < bytes.len() {
            let want = if self.line.len() < 4 { 4 } else { length(&self.line).unwrap_or(4) };
            let count = (want - self.line.len()).min(bytes.len() - at);
            self.line.extend_from_slice(&bytes[at..at + count]);
            at += count;
            if self.line.len() < 4 {
                continue;
            }
            match length(&self.line) {
                // git ends the list at any of its three marks.
                Some(0..=2) => return Taken::End(at),
                Some(want @ 4..=LINE) if self.line.len() < want => {}
                Some(4..=LINE) => {
                    self.note();
                    self.line.clear();
                }
                _ => return Taken::Wrong(at),
            }
        }
        Taken::All
    }

    /// Who is to be told what comes of the push.
    pub fn listener(&mut self) -> Listener {
        std::mem::take(&mut self.listener)
    }

    /// `OLD NEW NAME`, and behind a NUL what the client understands.
    fn note(&mut self) {
        let line = self.line[4..].strip_suffix(b"\n").unwrap_or(&self.line[4..]);
        let mut parts = line.splitn(2, |byte| *byte == 0);
        let command = parts.next().unwrap_or_default();
        for word in parts.next().unwrap_or_default().split(|byte| *byte == b' ') {
            match word {
                b"report-status" | b"report-status-v2" => self.listener.wants_report = true,
                b"side-band-64k" => self.listener.has_bands = true,
                _ => {}
            }
        }
        let mut words = command.splitn(3, |byte| *byte == b' ');
        let (Some(old), Some(new), Some(name)) = (words.next(), words.next(), words.next()) else { return };
        let is_id = |word: &[u8]| word.len() >= 40 && word.iter().all(u8::is_ascii_hexdigit);
        self.names += name.len();
        if is_id(old) && is_id(new) && self.names <= NAMES {
            self.listener.refs.push(name.to_vec());
        }
    }
}

/// The length that a line says of itself, with the four digits that say so.
fn length(line: &[u8]) -> Option<usize> {
    let digits = std::str::from_utf8(line.get(..4)?).ok()?;
    let are_digits = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    are_digits.then(|| usize::from_str_radix(digits, 16).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        format!("{:04x}{text}", text.len() + 4)
    }

    /// What it is called, its lines, what becomes of them, its refs, and what the client can take.
    type Row = (&'static str, String, Taken, &'static [&'static str], (bool, bool));

    #[test]
    fn lines_up_to_the_end_of_the_list() {
        let (a, b) = ("a".repeat(40), "b".repeat(40));
        let main = format!("{a} {b} refs/heads/main");
        let whole = line(&format!("{main}\0 report-status-v2 side-band-64k object-format=sha1 agent=git/2"));
        let rows: [Row; 13] = [
            ("nothing", String::new(), Taken::All, &[], (false, false)),
            ("a probe", "0000PACK".into(), Taken::End(4), &[], (false, false)),
            ("half a line", line(&main)[..30].into(), Taken::All, &[], (false, false)),
            (
                "a push",
                format!("{whole}0000PACK"),
                Taken::End(whole.len() + 4),
                &["refs/heads/main"],
                (true, true),
            ),
            (
                "an old client",
                format!("{}0000", line(&format!("{main}\0report-status\n"))),
                Taken::End(line(&main).len() + 15 + 4),
                &["refs/heads/main"],
                (true, false),
            ),
            (
                "two refs, and a shallow line",
                format!(
                    "{}{whole}{}0000",
                    line(&format!("shallow {a}")),
                    line(&format!("{a} {b} refs/x y\n"))
                ),
                Taken::End(52 + whole.len() + 95 + 4),
                &["refs/heads/main", "refs/x y"],
                (true, true),
            ),
            (
                "words that only begin so",
                line("x\0report-status-v3 side-band"),
                Taken::All,
                &[],
                (false, false),
            ),
            ("an empty line", "00040000".into(), Taken::End(8), &[], (false, false)),
            ("another end", "0001".into(), Taken::End(4), &[], (false, false)),
            ("no length", "0003x".into(), Taken::Wrong(4), &[], (false, false)),
            ("too long", "fff1x".into(), Taken::Wrong(4), &[], (false, false)),
            ("no digits", "PACK".into(), Taken::Wrong(4), &[], (false, false)),
            ("a sign", "+004".into(), Taken::Wrong(4), &[], (false, false)),
        ];
        for (name, text, taken, refs, form) in rows {
            let mut head = PushHead::default();
            assert_eq!(head.take(text.as_bytes()), taken, "{name}");
            let listener = head.listener();
            assert_eq!(listener.refs, refs.iter().map(|name| name.as_bytes()).collect::<Vec<_>>(), "{name}");
            assert_eq!((listener.wants_report, listener.has_bands), form, "{name}");
            // The same, byte by byte.
            let mut head = PushHead::default();
            let ends = text.bytes().enumerate().find_map(|(at, byte)| match head.take(&[byte]) {
                Taken::All => None,
                Taken::End(_) => Some(Taken::End(at + 1)),
                Taken::Wrong(_) => Some(Taken::Wrong(at + 1)),
            });
            assert_eq!(ends.unwrap_or(Taken::All), taken, "{name}, byte by byte");
        }
    }

    #[test]
    fn no_number_of_refs_takes_much_memory() {
        let mut head = PushHead::default();
        let one = line(&format!("{0} {0} refs/heads/{1}", "a".repeat(40), "x".repeat(1000)));
        for _ in 0..5_000 {
            assert_eq!(head.take(one.as_bytes()), Taken::All);
        }
        assert!(head.listener().refs.len() < 1_100);
    }
}
