//! The text of a calendar as what is of interest in it, one after the other: nothing is copied.

/// A piece of a calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block<'t> {
    /// A calendar begins.
    Begin,
    /// For what the calendar was sent.
    Method(&'t str),
    /// The time zone that the whole calendar is in, as Google and Apple write it.
    Zone(&'t str),
    /// What the calendar is called.
    Name(&'t str),
    /// An event, from its `BEGIN` to its `END`.
    Event(&'t str),
}

/// The pieces of a text, in its order.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = Block<'_>> {
    let mut lines = lines(text);
    std::iter::from_fn(move || {
        while let Some((start, line)) = lines.next() {
            let line = line.trim_end().trim_start_matches('\u{feff}');
            if is(line, "BEGIN:VEVENT") {
                let end = lines.find(|(_, line)| is(line.trim_end(), "END:VEVENT"));
                // What is cut off at the end may be half an event: its time may be that of another.
                let (at, line) = end?;
                return text.get(start..at + line.len()).map(Block::Event);
            }
            let block = match line.split_once(':') {
                _ if is(line, "BEGIN:VCALENDAR") => Some(Block::Begin),
                Some((name, value)) if is(name, "METHOD") => Some(Block::Method(value.trim())),
                Some((name, value)) if is(name, "X-WR-TIMEZONE") => Some(Block::Zone(value.trim())),
                Some((name, value)) if is(name, "X-WR-CALNAME") => Some(Block::Name(value.trim())),
                _ => None,
            };
            if block.is_some() {
                return block;
            }
        }
        None
    })
}

/// The time zones that a text describes, each from its `BEGIN` to its `END`.
pub(super) fn zones(text: &str) -> impl Iterator<Item = &str> {
    let mut lines = lines(text);
    std::iter::from_fn(move || {
        let (start, _) = lines.find(|(_, line)| is(line.trim_end(), "BEGIN:VTIMEZONE"))?;
        let (at, line) = lines.find(|(_, line)| is(line.trim_end(), "END:VTIMEZONE"))?;
        text.get(start..at + line.len())
    })
}

/// The lines with where they begin.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

fn is(text: &str, name: &str) -> bool {
    text.eq_ignore_ascii_case(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_found_whatever_the_line_ends() {
        let text = "\u{feff}BEGIN:VCALENDAR\nMethod:REQUEST\nX-WR-CALNAME:me@a.example\nBEGIN:VTIMEZONE\nTZID:x\n\
             END:VTIMEZONE\nX-WR-TIMEZONE:Europe/Berlin\nbegin:vevent\nSUMMARY:a\n BEGIN:VEVENT\nBEGIN:VALARM\n\
             END:VALARM\nEND:VEVENT\nEND:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:cut off\n";
        for text in [text.to_owned(), text.replace('\n', "\r\n")] {
            let found: Vec<Block<'_>> = blocks(&text).collect();
            let [
                Block::Begin,
                Block::Method("REQUEST"),
                Block::Name("me@a.example"),
                zone,
                Block::Event(event),
            ] = found[..]
            else {
                panic!("{found:?}")
            };
            assert_eq!(zone, Block::Zone("Europe/Berlin"));
            assert!(event.starts_with("begin:vevent") && event.trim_end().ends_with("END:VEVENT"), "{event}");
            assert_eq!(zones(&text).count(), 1);
        }
    }
}
