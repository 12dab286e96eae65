//! One entry of the log: `DATE [TIME] CHANNEL [WORD…] [@WHO] [: TEXT]` (format, section 3).

use super::place::Place;
use crate::contact::{Channel, Entry, Word, Words};
use crate::date::{Date, Time, spoken};
use crate::problem::{Position, Problem, nearest};
use crate::settings::Settings;

/// What a list item of the log is.
#[derive(Debug, PartialEq)]
pub(super) enum Item {
    /// An interaction.
    Entry(Entry),
    /// It has an error, which spoils this entry alone (format, section 8).
    Spoiled(Problem),
    /// It does not start with a date: a warning, and kept.
    Other(Problem),
}

/// Reads the first paragraph of a list item. `paragraph` lies at byte `start` of the file that `place` counts in,
/// which is position `at`.
pub(super) fn read(
    paragraph: &str,
    start: usize,
    at: Position,
    settings: &Settings,
    place: &mut Place<'_>,
) -> Item {
    let mut words = Scan { text: paragraph, at: 0 };
    let date = match Date::scan(paragraph.as_bytes()) {
        Some(Some(date)) if ends_date(paragraph) => date,
        Some(None) if ends_date(paragraph) => {
            let message = format!("there is no day {}", &paragraph[..10]);
            return Item::Spoiled(Problem::error(at, message).width(10));
        }
        _ => {
            let first = words.next_word().unwrap_or(0..0);
            let width = paragraph[first].chars().count();
            let problem = Problem::warning(at, "this item of the log does not start with a date");
            return Item::Other(problem.width(width).hint(undated_hint(paragraph, settings)));
        }
    };
    words.at = 10;
    let (header_end, text) = split_text(paragraph);
    let mut entry = Entry {
        date,
        time: None,
        channel: Channel::Note,
        words: Words::default(),
        who: None,
        text: one_line(text),
        at,
    };
    let mut channel: Option<Channel> = None;
    while let Some(span) = words.next_word().filter(|span| span.start < header_end) {
        let span = span.start..span.end.min(header_end);
        let word = &paragraph[span.clone()];
        let spoiled = |place: &mut Place<'_>, message: String, hint: Option<String>| {
            let mut problem = Problem::error(place.position(start + span.start), message);
            problem.hint = hint;
            Item::Spoiled(problem.width(word.chars().count()))
        };
        match (word.strip_prefix('@'), Time::scan(word), &channel) {
            (Some(""), ..) => {
                return spoiled(place, "a handle must follow the `@`".into(), None);
            }
            (Some(_), ..) if entry.who.is_some() => {
                let message =
                    format!("a second `@`: the entry is already `@{}`'s", entry.who.unwrap_or_default());
                return spoiled(place, message, None);
            }
            (Some(who), ..) => entry.who = Some(who.to_owned()),
            (None, Some(Some(time)), None) if entry.time.is_none() => entry.time = Some(time),
            (None, Some(None), None) => return spoiled(place, format!("there is no time {word}"), None),
            (None, _, None) => {
                if let Some(time) = clock(&paragraph[span.start..]) {
                    let hint = format!("write it as {time}");
                    return spoiled(place, "this time cannot be read".into(), Some(hint));
                }
                let named = Channel::from_name(word);
                if !settings.knows_channel(&named) {
                    return spoiled(place, format!("unknown channel `{word}`"), channel_hint(word, settings));
                }
                channel = Some(named);
            }
            (None, _, Some(_)) => match Word::from_name(word) {
                Some(known) => entry.words.insert(known),
                None => {
                    let next = words.next_word().and_then(|span| paragraph.get(span)).unwrap_or_default();
                    return spoiled(place, format!("unknown word `{word}`"), Some(word_hint(word, next)));
                }
            },
        }
    }
    let Some(channel) = channel else {
        let problem = Problem::error(at, "a channel must follow the date");
        return Item::Spoiled(problem.width(10).hint("such as \"2026-12-03 phone: …\""));
    };
    entry.channel = channel;
    Item::Entry(entry)
}

/// Whether the ten characters of a date end there.
fn ends_date(paragraph: &str) -> bool {
    paragraph[10..].chars().next().is_none_or(|c| c.is_whitespace() || c == ':')
}

/// Where the words end, and the text after the colon that ends them. The colon of a time ends nothing.
fn split_text(paragraph: &str) -> (usize, &str) {
    let mut from = 10;
    while let Some(colon) = memchr::memchr(b':', &paragraph.as_bytes()[from..]).map(|at| from + at) {
        let start = colon.saturating_sub(2);
        let is_time = paragraph.get(start..start + 5).is_some_and(|word| Time::scan(word).is_some());
        if is_time && paragraph[..start].ends_with(char::is_whitespace) {
            from = start + 5;
            continue;
        }
        return (colon, &paragraph[colon + 1..]);
    }
    (paragraph.len(), "")
}

/// What to write in place of an item that does not start with a date.
fn undated_hint(paragraph: &str, settings: &Settings) -> String {
    // In bold, in brackets, with dashes of another kind.
    let plain: String = paragraph
        .chars()
        .take(40)
        .filter(|c| !"*_`[]".contains(*c))
        .map(|c| if matches!(c, '–' | '—' | '‑') { '-' } else { c })
        .collect();
    if let Some(date) = spoken(&plain, None).and_then(|spoken| spoken.date) {
        return format!("write the day as {date}");
    }
    if let (Some(date), Some('T')) = (Date::scan(plain.as_bytes()).flatten(), plain.chars().nth(10)) {
        return format!(
            "put a blank between day and time: \"{date} {}\"",
            plain.get(11..16).unwrap_or("10:00")
        );
    }
    if let Some((first, rest)) = paragraph.split_once(char::is_whitespace) {
        let channel = Channel::from_name(first.trim_end_matches(':'));
        let date = Date::scan(rest.trim_start().as_bytes()).flatten();
        if let (true, Some(date)) = (settings.knows_channel(&channel), date) {
            return format!("the day comes first: \"{date} {channel}: …\"");
        }
    }
    "begin it with the day and the channel: \"2026-12-03 phone: …\"".to_owned()
}

/// A time of day in another way of writing, `9:30` or `2pm`, as the format has it; `text` begins with it.
pub fn clock(text: &str) -> Option<Time> {
    let word = text.split_whitespace().next()?.trim_end_matches([':', ',']).to_ascii_lowercase();
    let (word, pm) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(word), _) => (word, Some(false)),
        (_, Some(word)) => (word, Some(true)),
        _ => (word.as_str(), None),
    };
    let (hour, minute) = match word.split_once([':', '.', 'h']) {
        Some((hour, minute)) if minute.len() == 2 => (hour.parse().ok()?, minute.parse().ok()?),
        None if pm.is_some() => (word.parse().ok()?, 0),
        _ => return None,
    };
    let hour: u32 = hour;
    Time::new(if pm == Some(hour != 12) && hour <= 12 { (hour + 12) % 24 } else { hour }, minute)
}

/// What people write for a channel that has another name.
const MEANT_CHANNELS: [(&str, &str); 30] = [
    ("call", "phone"),
    ("called", "phone"),
    ("rang", "phone"),
    ("tel", "phone"),
    ("telephone", "phone"),
    ("mobile", "phone"),
    ("voicemail", "phone"),
    ("mail", "email"),
    ("mailed", "email"),
    ("emailed", "email"),
    ("wrote", "email"),
    ("sms", "text"),
    ("texted", "text"),
    ("whatsapp", "chat"),
    ("slack", "chat"),
    ("message", "chat"),
    ("post", "letter"),
    ("present", "gift"),
    ("met", "meeting"),
    ("lunch", "meeting"),
    ("coffee", "meeting"),
    ("dinner", "meeting"),
    ("zoom", "video"),
    ("teams", "video"),
    ("visited", "visit"),
    ("fair", "event"),
    ("conference", "event"),
    ("linkedin", "social"),
    ("facebook", "social"),
    ("comment", "note"),
];

/// What people write for a word that has another name.
const MEANT_WORDS: [(&str, &str); 12] = [
    ("incoming", "in"),
    ("received", "in"),
    ("inbound", "in"),
    ("outgoing", "out"),
    ("outbound", "out"),
    ("sent", "out"),
    ("vm", "voicemail"),
    ("mailbox", "voicemail"),
    ("noanswer", "no-answer"),
    ("missed", "no-answer"),
    ("unanswered", "no-answer"),
    ("answered", "reached"),
];

/// What `word` means among these.
fn meant<'a>(word: &str, among: &[(&str, &'a str)]) -> Option<&'a str> {
    among.iter().find(|(said, _)| word.eq_ignore_ascii_case(said)).map(|(_, meant)| *meant)
}

/// What to write in place of a word that is no channel.
pub fn channel_hint(word: &str, settings: &Settings) -> Option<String> {
    if matches!(word, "-" | "–" | "—" | "|") {
        return Some(format!("leave the `{word}` out: \"2026-12-03 phone: …\""));
    }
    if let Some(meant) = meant(word, &MEANT_CHANNELS) {
        return Some(match meant {
            "chat" => {
                format!("write `chat`, or add \"{}\" to `channels` in tickler.toml", word.to_lowercase())
            }
            meant => format!("did you mean `{meant}`?"),
        });
    }
    if let Some(meant) = nearest(word, settings.channel_names()) {
        return Some(format!("did you mean `{meant}`?"));
    }
    let all: Vec<&str> = settings.channel_names().collect();
    Some(format!("one of {}; `channels` in tickler.toml adds to them", all.join(", ")))
}

fn word_hint(word: &str, next: &str) -> String {
    let names = || Word::ALL.iter().map(|(name, _)| *name);
    let joined = format!("{word}-{}", next.trim_end_matches(':')).to_ascii_lowercase();
    if let Some(meant) = names().find(|name| *name == joined) {
        return format!("write `{meant}`, as one word");
    }
    match meant(word, &MEANT_WORDS).or_else(|| nearest(word, names())) {
        Some(meant) => format!("did you mean `{meant}`? Text goes after a colon"),
        None => {
            format!("put a colon before the text, or use one of {}", names().collect::<Vec<_>>().join(", "))
        }
    }
}

/// The text with each run of white space, line breaks above all, as one blank.
pub(crate) fn one_line(text: &str) -> String {
    let text = text.trim();
    let mut before = b'.';
    let is_one_line = text.bytes().all(|byte| {
        let plain = byte >= b' ' && !(byte == b' ' && before == b' ');
        before = byte;
        plain
    });
    if is_one_line {
        return text.to_owned();
    }
    let mut line = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

/// Walks over the words of a text.
struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl Scan<'_> {
    fn next_word(&mut self) -> Option<std::ops::Range<usize>> {
        let start = self.at + leading(&self.text[self.at..], u8::is_ascii_whitespace, char::is_whitespace);
        let is_inside = |byte: &u8| !byte.is_ascii_whitespace();
        let end = start + leading(&self.text[start..], is_inside, |c| !c.is_whitespace());
        self.at = end;
        (start < end).then_some(start..end)
    }
}

/// How many bytes of characters of a kind `text` begins with. Nearly all of them are ASCII.
fn leading(text: &str, ascii: impl Fn(&u8) -> bool, any: impl Fn(char) -> bool) -> usize {
    let quick = text.bytes().take_while(|byte| byte.is_ascii() && ascii(byte)).count();
    match text.as_bytes().get(quick) {
        Some(byte) if !byte.is_ascii() => text.find(|c| !any(c)).unwrap_or(text.len()),
        _ => quick,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings { channels: vec!["fax".into()], ..Settings::default() }
    }

    fn read_line(line: &str) -> Item {
        read(line, 0, Position { line: 1, column: 1 }, &settings(), &mut Place::new(line, 0))
    }

    #[track_caller]
    fn entry(line: &str) -> Entry {
        match read_line(line) {
            Item::Entry(entry) => entry,
            other => panic!("{line}: {other:?}"),
        }
    }

    #[track_caller]
    fn error(line: &str) -> (u32, String, String) {
        match read_line(line) {
            Item::Spoiled(p) => (p.at.column, p.message, p.hint.unwrap_or_default()),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn every_part() {
        let e = entry("2026-11-20 09:30 phone in voicemail @pat: said: 10:30 is fine");
        assert_eq!(
            (e.date.to_string(), e.time.map(|t| t.to_string())),
            ("2026-11-20".into(), Some("09:30".into()))
        );
        assert_eq!(e.channel, Channel::Phone);
        assert_eq!(e.words.names().collect::<Vec<_>>(), ["in", "voicemail"]);
        assert_eq!((e.who.as_deref(), e.text.as_str()), (Some("pat"), "said: 10:30 is fine"));
    }

    #[test]
    fn the_least_and_the_odd() {
        assert_eq!(entry("2026-11-20 email").text, "");
        assert_eq!(entry("2026-11-20 email:text").text, "text");
        assert_eq!(entry("2026-11-20 email : text").text, "text");
        assert_eq!(entry("2026-11-20 fax: text").channel.as_str(), "fax");
        assert_eq!(entry("2026-11-20 Phone No-Answer").words.names().next(), Some("no-answer"));
        assert_eq!(entry("2026-11-20 phone: over\r\n  two   lines").text, "over two lines");
        assert_eq!(entry("2026-11-20 09:30 phone").text, "");
        assert_eq!(entry("2026-11-20\u{a0}phone in\u{3000}busy: x").words.names().count(), 2);
        assert_eq!(entry("2026-11-20 phone @\u{e9}va: x").who.as_deref(), Some("\u{e9}va"));
        assert_eq!(entry("2026-11-20 @pat phone").who.as_deref(), Some("pat"));
    }

    #[test]
    fn an_error_names_its_word() {
        assert_eq!(error("2026-02-30 phone: x"), (1, "there is no day 2026-02-30".into(), "".into()));
        assert_eq!(error("2026-02-03 25:00 phone: x"), (12, "there is no time 25:00".into(), "".into()));
        assert_eq!(
            error("2026-02-03 phnoe: x"),
            (12, "unknown channel `phnoe`".into(), "did you mean `phone`?".into())
        );
        assert_eq!(
            error("2026-02-03 phone voicmail: x"),
            (
                18,
                "unknown word `voicmail`".into(),
                "did you mean `voicemail`? Text goes after a colon".into()
            )
        );
        let (column, message, hint) = error("2026-02-03 phone called her");
        assert_eq!((column, message.as_str()), (18, "unknown word `called`"));
        assert!(hint.starts_with("put a colon before the text"));
        assert_eq!(error("2026-02-03").1, "a channel must follow the date");
        assert_eq!(error("2026-02-03: x").1, "a channel must follow the date");
        assert_eq!(error("2026-02-03 phone @a @b").0, 21);
        assert_eq!(error("2026-02-03 phone @: x").0, 18);
    }

    #[test]
    fn what_people_write_is_understood_and_told() {
        for (line, hint) in [
            ("2026-12-03 call: x", "did you mean `phone`?"),
            ("2026-12-03 WhatsApp: x", "write `chat`, or add \"whatsapp\" to `channels` in tickler.toml"),
            ("2026-12-03 – phone: x", "leave the `–` out: \"2026-12-03 phone: …\""),
            ("2026-12-03 9:30 phone: x", "write it as 09:30"),
            ("2026-12-03 2pm phone: x", "write it as 14:00"),
            ("2026-12-03 12.15am phone: x", "write it as 00:15"),
            ("2026-12-03 phone no answer: x", "write `no-answer`, as one word"),
            ("2026-12-03 email received: x", "did you mean `in`? Text goes after a colon"),
        ] {
            assert_eq!(error(line).2, hint, "{line}");
        }
        for (line, hint) in [
            ("3 Dec 2026 phone: x", "write the day as 2026-12-03"),
            ("**2026-12-03** phone: x", "write the day as 2026-12-03"),
            ("[2026–12–03] phone: x", "write the day as 2026-12-03"),
            ("2026-12-03T10:00 phone: x", "put a blank between day and time: \"2026-12-03 10:00\""),
            ("2026-12-3 phone: x", "write the day as 2026-12-03"),
            ("Phone: 2026-12-03 x", "the day comes first: \"2026-12-03 phone: …\""),
            ("spoke to her", "begin it with the day and the channel: \"2026-12-03 phone: …\""),
        ] {
            let Item::Other(problem) = read_line(line) else { panic!("{line}") };
            assert_eq!(problem.hint.as_deref(), Some(hint), "{line}");
        }
    }

    #[test]
    fn what_has_no_date_is_kept_with_a_warning() {
        for line in ["called her", "26-11-20 phone", "2026-11-201 phone", "2026-11-20T10:00 phone", ""] {
            assert!(matches!(read_line(line), Item::Other(_)), "{line}");
        }
    }
}
