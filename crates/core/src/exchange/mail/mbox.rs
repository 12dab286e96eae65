//! An mbox, one message after the other (RFC 4155, and how it is written in truth), from bytes that come bit by bit.

/// How much of a line tells whether a message begins with it.
const TELLING: usize = 512;

/// Whether a file that begins so is an mbox.
pub fn is_mbox(beginning: &[u8]) -> bool {
    beginning.starts_with(b"From ")
}

/// Cuts an mbox into its messages. Neither a line nor a message is ever held that is longer than it was told to.
///
/// A message begins with a line `From …` with a year and a time, after a blank line; the length that some programs
/// give in a header is not asked, since others change the text and not the header. Lines that were quoted, `>From …`,
/// come without the mark.
#[derive(Debug)]
pub struct Splitter {
    most: usize,
    message: Vec<u8>,
    /// The beginning of the line that is not over yet; none where its kind is settled.
    line: Option<Vec<u8>>,
    is_begun: bool,
    after_blank: bool,
}

impl Splitter {
    /// Begins. Of a message that is longer than `most` bytes the rest is dropped.
    pub fn new(most: usize) -> Splitter {
        Splitter { most, message: Vec::new(), line: Some(Vec::new()), is_begun: false, after_blank: true }
    }

    /// Takes more of the mbox, and gives each message that is over.
    pub fn feed(&mut self, mut bytes: &[u8], found: &mut dyn FnMut(&[u8])) {
        while !bytes.is_empty() {
            let Some(line) = &mut self.line else {
                // The rest of a long line.
                let end = memchr::memchr(b'\n', bytes).map(|at| at + 1);
                let (rest, more) = bytes.split_at(end.unwrap_or(bytes.len()));
                self.put(rest);
                if end.is_some() {
                    self.line = Some(Vec::new());
                }
                bytes = more;
                continue;
            };
            let room = TELLING - line.len();
            let until = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1).min(room);
            let (part, more) = bytes.split_at(until);
            line.extend_from_slice(part);
            bytes = more;
            let is_over = line.ends_with(b"\n");
            if is_over || line.len() == TELLING {
                let line = std::mem::take(line);
                self.settle(&line, found);
                self.line = is_over.then(Vec::new);
            }
        }
    }

    /// The mbox is over: gives the last message.
    pub fn finish(mut self, found: &mut dyn FnMut(&[u8])) {
        if let Some(line) = self.line.take().filter(|line| !line.is_empty()) {
            self.settle(&line, found);
        }
        if self.is_begun {
            found(&self.message);
        }
    }

    fn settle(&mut self, line: &[u8], found: &mut dyn FnMut(&[u8])) {
        if line.starts_with(b"From ") && (!self.is_begun || self.after_blank && has_a_day(line)) {
            if std::mem::replace(&mut self.is_begun, true) {
                found(&self.message);
            }
            self.message.clear();
            self.after_blank = false;
            return;
        }
        self.is_begun |= !line.trim_ascii().is_empty();
        self.after_blank = line.trim_ascii().is_empty();
        let marks = line.iter().take_while(|byte| **byte == b'>').count();
        let is_quoted = marks > 0 && line[marks..].starts_with(b"From ");
        self.put(if is_quoted { &line[1..] } else { line });
    }

    fn put(&mut self, bytes: &[u8]) {
        let room = self.most.saturating_sub(self.message.len()).min(bytes.len());
        self.message.extend_from_slice(&bytes[..room]);
    }
}

/// Whether a year and a time of day stand in the line, as in `From jane Thu Nov 19 09:12:00 2026`.
fn has_a_day(line: &[u8]) -> bool {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).skip(1);
    let is_year = |word: &[u8]| word.len() == 4 && word.iter().all(u8::is_ascii_digit);
    let is_time = |word: &[u8]| match word {
        [a, b, b':', c, d, rest @ ..] => {
            [a, b, c, d].into_iter().all(u8::is_ascii_digit) && (rest.is_empty() || rest[0] == b':')
        }
        [a, b':', ..] => a.is_ascii_digit(),
        _ => false,
    };
    let (mut year, mut time) = (false, false);
    words.by_ref().take(12).for_each(|word| {
        year |= is_year(word);
        time |= is_time(word);
    });
    year && time
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split(text: &[u8], step: usize, most: usize) -> Vec<String> {
        let mut all = Vec::new();
        let mut found = |message: &[u8]| all.push(String::from_utf8_lossy(message).into_owned());
        let mut splitter = Splitter::new(most);
        text.chunks(step.max(1)).for_each(|chunk| splitter.feed(chunk, &mut found));
        splitter.finish(&mut found);
        all
    }

    #[test]
    fn messages_are_told_apart() {
        const FROM: &str = "From jane@acme.example Thu Nov 19 09:12:00 2026\n";
        for (text, expected) in [
            (format!("{FROM}A: 1\n\nx\n\n{FROM}A: 2\n\ny\n"), vec!["A: 1\n\nx\n\n", "A: 2\n\ny\n"]),
            (
                format!("{FROM}A: 1\n\nx\n\n>From me\n>>From you\n> From\n"),
                vec!["A: 1\n\nx\n\nFrom me\n>From you\n> From\n"],
            ),
            // What nobody quoted is still text.
            (
                format!("{FROM}A: 1\n\nx\n\nFrom here on\nit rains\n"),
                vec!["A: 1\n\nx\n\nFrom here on\nit rains\n"],
            ),
            (
                format!("{FROM}A: 1\n\nx\n{FROM}y\n"),
                vec!["A: 1\n\nx\nFrom jane@acme.example Thu Nov 19 09:12:00 2026\ny\n"],
            ),
            (format!("{FROM}A: 1\r\n\r\nx\r\n\r\n{FROM}A: 2\r\n"), vec!["A: 1\r\n\r\nx\r\n\r\n", "A: 2\r\n"]),
            ("From -\nA: 1\n".to_owned(), vec!["A: 1\n"]),
            ("\n\nFrom - Thu Nov 19 9:12 2026\nA: 1".to_owned(), vec!["A: 1"]),
            (String::new(), vec![]),
        ] {
            assert_eq!(split(text.as_bytes(), usize::MAX, usize::MAX), expected, "{text:?}");
        }
    }

    #[test]
    fn nothing_is_held_that_is_too_long() {
        let line = "x".repeat(5_000);
        let text = format!("From a\nA: 1\n\n{line}\n\nFrom b Thu Nov 19 09:12:00 2026\nA: 2\n");
        let all = split(text.as_bytes(), 700, 100);
        assert_eq!((all[0].len(), all[1].as_str()), (100, "A: 2\n"));
    }

    proptest! {
        #[test]
        fn it_does_not_matter_how_the_bytes_come(
            lines in prop::collection::vec(
                prop::sample::select(&["From a Thu Nov 19 09:12:00 2026", "From x", ">From y", "A: 1", "", "", "text"][..]), 0..20),
            step in 1usize..20,
            most in 1usize..200,
        ) {
            let text = lines.join("\n");
            prop_assert_eq!(split(text.as_bytes(), step, most), split(text.as_bytes(), usize::MAX, most));
        }
    }
}
