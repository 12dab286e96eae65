//! What must hold for any file that is to be taken in: shared by the fuzz targets and by the test that replays their
//! corpus.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use tickler_core::date::Date;
use tickler_core::exchange::mail::{self, Splitter};
use tickler_core::exchange::meetings::{Reader, Span};
use tickler_core::exchange::vcard::{self, Version};
use tickler_core::exchange::{Card, Item, csv};
use tickler_core::file;
use tickler_core::notebook::{Notebook, Survey};
use tickler_core::settings::Settings;
use tickler_core::verbs::{Desk, Importer, Manner, Taken};

/// The day of all checks.
fn today() -> Date {
    Date::new(2026, 12, 3).expect("a day")
}

/// What an empty notebook is asked.
struct Empty {
    survey: Survey<'static>,
    desk: Desk<'static>,
}

thread_local! {
    static EMPTY: OnceCell<Empty> = const { OnceCell::new() };
}

/// An empty notebook in a folder of this process: taking cards in reads it and writes nothing.
fn empty() -> Empty {
    let folder = std::env::temp_dir().join(format!("tickler-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(folder.join("contacts")).expect("a folder for the notebook");
    std::fs::write(folder.join("tickler.toml"), "").expect("a file for the settings");
    let notebook: &'static Notebook = Box::leak(Box::new(Notebook::open(&folder).expect("a notebook")));
    let survey = notebook.survey(today());
    let desk = Desk { settings: notebook.settings(), today: today(), time: None, me: None };
    // The survey has seen that there is nothing.
    let _ = std::fs::remove_dir_all(&folder);
    Empty { survey, desk }
}

/// Any bytes as a sheet, first as what its header says, then by a guess of what its columns are.
pub fn csv(bytes: &[u8]) {
    let Ok(decoded) = csv::decode(bytes, None) else { return };
    let Ok(sheet) = csv::Sheet::open(&decoded.text) else { return };
    let settings = Settings::default();
    let guessed = sheet.guessed();
    for mapping in [None, Some(&guessed)] {
        let manner = csv::Manner { mapping, rest: true, order: None, settings: &settings, today: today() };
        let Ok(Some(reading)) = sheet.reading(&manner) else { continue };
        let items: Vec<Item> = reading.items().collect();
        in_order(&items, &decoded.text);
        for field in reading.fields() {
            assert!(field.filled <= items.len(), "{field:?}");
        }
        // What is put aside is read as it was.
        let aside = sheet.only(&items);
        let again = csv::Sheet::open(&aside).expect("what was read is read again");
        let again = if let Some(mapping) = mapping { again.as_named_by(mapping) } else { again };
        let again = again.reading(&manner).expect("its columns are the same").expect("and understood");
        let cards = |items: &[Item]| items.iter().map(|item| item.card.clone()).collect::<Vec<_>>();
        assert_eq!(cards(&again.items().collect::<Vec<_>>()), cards(&items), "{aside:?}");
        taken_in(items);
    }
}

/// Any bytes as a file of cards.
pub fn vcard(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let items: Vec<Item> = vcard::read(&text).collect();
    in_order(&items, &text);
    taken_in(items);
}

/// Items begin on lines of the text and follow each other in it.
fn in_order(items: &[Item], text: &str) {
    let lines = text.split(['\n', '\r']).count() + 1;
    let (mut line, mut end) = (1, 0);
    for item in items {
        assert!(item.line >= line && item.line <= lines, "{item:?} of {lines} lines, after {line}");
        assert!(item.raw.start >= end && item.raw.end >= item.raw.start, "{item:?} after {end}");
        assert!(text.get(item.raw.clone()).is_some(), "{item:?} of {} bytes", text.len());
        (line, end) = (item.line, item.raw.end);
        if let Err(why) = &item.card {
            assert!(!why.is_empty() && !why.contains(char::is_control), "{why:?}");
        }
    }
}

/// Each card is a readable contact or refused with a word; taken a second time it says nothing new, and neither does
/// the card that the contact is exported as.
fn taken_in(items: Vec<Item>) {
    for card in items.into_iter().filter_map(|item| item.card.ok()).take(50) {
        let Some(text) = once(&card) else { continue };
        let settings = Settings::default();
        let reading = file::parse(&text, "some-one", &settings);
        assert!(!reading.contact.broken, "{:?}\n{text}", reading.problems);
        assert!(reading.contact.log.len() <= card.touches.len(), "an entry that nobody wrote:\n{text}");
        assert!(reading.contact.promises.is_empty(), "a promise that nobody made:\n{text}");
        exported(&reading.contact, &text);
    }
}

/// The text of the contact that a card becomes, which a second time is the same; none where it is refused.
fn once(card: &Card) -> Option<String> {
    EMPTY.with(|cell| {
        let empty = cell.get_or_init(empty);
        let manner = Manner {
            kind: "csv",
            file: "x",
            country: Some("US"),
            tags: &[],
            stage: None,
            owner: None,
            source: None,
            only_fill: false,
        };
        let mut count = 0;
        let mut uid = || {
            count += 1;
            format!("uid-{count}")
        };
        let mut importer =
            Importer::new(&empty.survey, &empty.desk, manner, &mut uid).expect("nothing speaks against it");
        match importer.take(card.clone()) {
            Taken::Created { id } => {
                assert!(!id.is_empty() && !id.starts_with('.') && !id.contains(['/', '\\', '\0']), "{id:?}");
            }
            Taken::Refused(why) => {
                assert!(!why.is_empty(), "{card:?}");
                return None;
            }
            other => panic!("nobody is there: {other:?}"),
        }
        let again = importer.take(card.clone());
        assert!(
            matches!(again, Taken::Same { .. }),
            "a second time it says something new: {again:?}\n{card:?}"
        );
        let mut changes = importer.finish().deed.changes;
        assert_eq!(changes.len(), 1, "{card:?}");
        let change = changes.pop().expect("one");
        assert!(change.file.starts_with("contacts/") && !change.file.contains(".."), "{}", change.file);
        change.after
    })
}

/// What is exported is one card, and says of the contact what the contact says.
fn exported(contact: &tickler_core::contact::Contact, text: &str) {
    let note = file::note_of(&contact_body(text), contact.head.name.as_deref().unwrap_or_default());
    for version in [Version::V3, Version::V4] {
        let written = vcard::write(contact, &note, version);
        assert!(
            written.split("\r\n").all(|line| line.len() <= 75 && !line.contains(['\n', '\r'])),
            "{written:?}"
        );
        let items: Vec<Item> = vcard::read(&written).collect();
        assert_eq!(items.len(), 1, "{written}");
        let card = items[0].card.as_ref().unwrap_or_else(|why| panic!("{why}:\n{written}"));
        let (told, read) = (&contact.head, &card.head);
        assert_eq!(read.email, told.email, "{written}\n{text}");
        assert_eq!(read.phone, told.phone, "{written}\n{text}");
        assert_eq!(read.company, told.company, "{written}\n{text}");
        assert_eq!(read.role, told.role, "{written}\n{text}");
        // A category alone whose comma is escaped is two in the cards of most programs, and so is a tag. The group of
        // everybody says nothing in a card.
        let says = |tag: &&str| !["my contacts", "mycontacts"].contains(&tag.to_lowercase().as_str());
        let words = |tags: &[String]| -> BTreeSet<String> {
            let parts = tags.iter().flat_map(|tag| tag.split(',')).map(str::trim);
            parts.filter(says).map(str::to_owned).collect()
        };
        assert_eq!(words(&read.tags), words(&told.tags), "{written}\n{text}");
    }
}

/// What stands below the front matter.
fn contact_body(text: &str) -> String {
    text.strip_prefix("+++\n")
        .and_then(|rest| rest.split_once("\n+++\n"))
        .map_or(text, |(_, body)| body)
        .to_owned()
}

/// Any bytes as a message, and as a folder of messages in one file, whole and in pieces.
pub fn mail(bytes: &[u8]) {
    let whole = mail::read(bytes, true);
    if let mail::Reading::Letter(letter) = &whole {
        assert!(!letter.id.is_empty() && !letter.id.contains(char::is_control), "{letter:?}");
        assert!(!letter.subject.contains(['\n', '\r']), "{letter:?}");
        for one in letter.from.iter().chain(&letter.to) {
            assert!(!one.address.contains(char::is_control), "{one:?}");
        }
    }
    assert_ne!(whole, mail::Reading::More, "there is no more");
    for half in [bytes.len() / 2, bytes.len().saturating_sub(1)] {
        // What a part says already is what the whole says.
        if let read @ mail::Reading::Letter(_) = mail::read(&bytes[..half], false) {
            assert_eq!(read, whole, "of {half} bytes");
        }
    }
    let split = |pieces: &[&[u8]]| {
        let mut found: Vec<Vec<u8>> = Vec::new();
        let mut splitter = Splitter::new(1 << 16);
        let mut take = |message: &[u8]| found.push(message.to_owned());
        pieces.iter().for_each(|piece| splitter.feed(piece, &mut take));
        splitter.finish(&mut take);
        found
    };
    let at_once = split(&[bytes]);
    let (one, other) = bytes.split_at(bytes.len() / 3);
    assert_eq!(split(&[one, other]), at_once, "however it comes, it is the same");
    assert!(at_once.iter().map(Vec::len).sum::<usize>() <= bytes.len() + at_once.len());
}

/// Any bytes as a calendar.
pub fn ics(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let now: DateTime<Utc> = "2026-12-03T12:00:00Z".parse().expect("a moment");
    let span = Span { since: Date::new(2025, 12, 3).expect("a day"), now, zone: chrono_tz::UTC };
    let mut reader = Reader::new(span);
    if reader.take(&text).is_err() {
        return;
    }
    let told = reader.finish();
    assert!(told.meetings.is_sorted_by_key(|meeting| (meeting.date, meeting.time)));
    for meeting in &told.meetings {
        assert!((span.since..=today()).contains(&meeting.date), "{meeting:?}");
        assert!(!meeting.summary.contains(char::is_control), "{meeting:?}");
        assert!(!meeting.people.is_empty(), "{meeting:?}");
    }
}
