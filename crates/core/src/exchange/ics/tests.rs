use calcard::{Entry, Parser};
use proptest::prelude::*;

use super::*;

const STAMP: &str = "2026-12-03T15:00:00Z";

fn calendar(name: &str) -> Calendar {
    Calendar { name: name.to_owned(), stamp: STAMP.parse().unwrap() }
}

fn event(id: &str, date: &str, at: Option<&str>) -> Event {
    let date = date.parse().unwrap();
    Event {
        uid: uid("id", id, date),
        id: id.to_owned(),
        date,
        at: at.map(|at| at.parse().unwrap()),
        summary: "phone: Jane Doe (Acme, Inc.): the offer; all of it".to_owned(),
        description: "Jane\nC:\\new".to_owned(),
        url: Some("https://h.example/main/contacts/jane".to_owned()),
        categories: vec!["next".to_owned(), "promise".to_owned()],
    }
}

#[test]
fn a_day_and_a_moment_as_they_are_written() {
    let events = vec![event("b", "2026-12-04", None), event("a", "2026-12-04", Some("2026-12-04T14:30:00Z"))];
    let (first, second) = (events[0].uid.clone(), events[1].uid.clone());
    let expected = format!(
        "BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//tickler//tickler//EN
CALSCALE:GREGORIAN
METHOD:PUBLISH
X-WR-CALNAME:tickler main (pat)
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
BEGIN:VEVENT
UID:{first}
DTSTAMP:20261203T150000Z
DTSTART;VALUE=DATE:20261204
DTEND;VALUE=DATE:20261205
SUMMARY:phone: Jane Doe (Acme\\, Inc.): the offer\\; all of it
DESCRIPTION:Jane\\nC:\\\\new
URL:https://h.example/main/contacts/jane
CATEGORIES:next,promise
STATUS:CONFIRMED
TRANSP:TRANSPARENT
END:VEVENT
BEGIN:VEVENT
UID:{second}
DTSTAMP:20261203T150000Z
DTSTART:20261204T143000Z
DTEND:20261204T144500Z
SUMMARY:phone: Jane Doe (Acme\\, Inc.): the offer\\; all of it
DESCRIPTION:Jane\\nC:\\\\new
URL:https://h.example/main/contacts/jane
CATEGORIES:next,promise
STATUS:CONFIRMED
TRANSP:OPAQUE
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT10M
DESCRIPTION:phone: Jane Doe (Acme\\, Inc.): the offer\\; all of it
END:VALARM
END:VEVENT
END:VCALENDAR
"
    );
    assert_eq!(text(&calendar("tickler main (pat)"), events).replace("\r\n", "\n"), expected);
}

#[test]
fn a_uid_is_of_a_contact_and_a_day() {
    let day = |day: &str| day.parse().unwrap();
    let one = uid("id", "jane", day("2026-12-03"));
    assert_eq!(one, uid("id", "jane", day("2026-12-03")));
    assert!(one.ends_with("-20261203@tickler") && !one.contains("jane"), "{one}");
    for other in [
        uid("id", "jane", day("2026-12-04")),
        uid("id", "bob", day("2026-12-03")),
        uid("uid", "jane", day("2026-12-03")),
    ] {
        assert_ne!(one, other);
    }
}

#[test]
fn two_contacts_with_one_uid_are_two_events() {
    let mut events = vec![event("b", "2026-12-04", None), event("a", "2026-12-04", None)];
    events.iter_mut().for_each(|event| event.uid = "shared".to_owned());
    let written = text(&calendar("x"), events);
    assert_eq!(written.matches("UID:shared\r\n").count(), 1);
    assert_eq!(written.matches("\nUID:").count(), 2);
}

/// Anything that somebody may have written, with much of what is written in another way.
fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~]{0,200}",
        r"([,;:\\]|\n|\r|n|N|é|佐|🙂|\u{202e}|\u{85}|\t| |BEGIN:VEVENT|=|\x22|\^){0,120}",
    ]
}

fn any_event() -> impl Strategy<Value = Event> {
    let texts = (any_text(), any_text(), any_text());
    (texts, 1..3_652_000_i32, proptest::option::of(0..4_000_000_000_i64), any::<u8>()).prop_map(
        |((id, summary, description), day, at, mark)| {
            let date = Date::from_number(day).unwrap();
            Event {
                // Few marks, so that some are the same.
                uid: uid("uid", &(mark % 4).to_string(), date),
                id,
                date,
                at: at.and_then(|at| DateTime::from_timestamp(at, 0)),
                summary,
                description,
                url: None,
                categories: vec!["next".to_owned()],
            }
        },
    )
}

/// The values of a property of an event, as the parser has them.
fn texts(component: &ICalendarComponent, name: &ICalendarProperty) -> Vec<String> {
    let entries = component.entries.iter().filter(|entry| entry.name == *name);
    let values = entries.flat_map(|entry| entry.values.iter());
    values.filter_map(|value| value.as_text().map(str::to_owned)).collect()
}

proptest! {
    #[test]
    fn whatever_is_written_is_read_again(name in any_text(), mut events in proptest::collection::vec(any_event(), 0..12)) {
        for (number, event) in (0..).zip(&mut events) {
            event.id = format!("{}-{number}", event.id);
        }
        let calendar = calendar(&name);
        let written = text(&calendar, events.clone());
        prop_assert_eq!(&written, &text(&calendar, events.iter().rev().cloned().collect()), "in any order");
        prop_assert!(written.ends_with("\r\n"));
        for line in written.trim_end_matches("\r\n").split("\r\n") {
            prop_assert!(line.len() <= 75 && !line.contains(['\r', '\n']) && !line.is_empty(), "{:?}", line);
            prop_assert!(!line.chars().any(char::is_control), "{:?}", line);
        }

        let Entry::ICalendar(read) = Parser::new(&written).entry() else { panic!("no calendar: {written}") };
        let is_event = |one: &&ICalendarComponent| one.component_type == ICalendarComponentType::VEvent;
        let found: Vec<&ICalendarComponent> = read.components.iter().filter(is_event).collect();
        prop_assert_eq!(found.len(), events.len());
        let uids: HashSet<String> = found.iter().flat_map(|one| texts(one, &ICalendarProperty::Uid)).collect();
        prop_assert_eq!(uids.len(), events.len(), "each has a UID of its own");
        events.sort_by(|a, b| (a.date, a.at, &a.id).cmp(&(b.date, b.at, &b.id)));
        for (event, component) in events.iter().zip(found) {
            let summary = texts(component, &ICalendarProperty::Summary);
            prop_assert_eq!(summary.concat(), line(&event.summary));
            let lines: Vec<String> = event.description.trim_end().split('\n').map(line).collect();
            prop_assert_eq!(texts(component, &ICalendarProperty::Description).concat(), lines.join("\n"));
            prop_assert_eq!(component.component_ids.len(), usize::from(event.at.is_some()));
            let start = component.entries.iter().find(|one| one.name == ICalendarProperty::Dtstart).unwrap();
            let expected = event.at.map_or_else(|| day(event.date), moment);
            prop_assert_eq!(start.values.first(), Some(&expected));
        }
    }
}
