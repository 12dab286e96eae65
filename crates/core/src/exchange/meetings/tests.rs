use proptest::prelude::*;

use super::*;

/// Now is Thursday 3 December 2026, 12:00 in Berlin.
fn span() -> Span {
    Span {
        since: "2026-01-01".parse().unwrap(),
        now: "2026-12-03T11:00:00Z".parse().unwrap(),
        zone: Tz::Europe__Berlin,
    }
}

/// A calendar with these events, which are lines joined by `|`; each has Jane for an attendee.
fn calendar(events: &[&str]) -> String {
    let mut text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n".to_owned();
    for event in events {
        text.push_str("BEGIN:VEVENT\r\nATTENDEE;CN=Jane:mailto:jane@a.example\r\n");
        text.extend(event.split('|').map(|line| format!("{line}\r\n")));
        text.push_str("END:VEVENT\r\n");
    }
    text + "END:VCALENDAR\r\n"
}

fn read(text: &str) -> Calendars {
    let mut reader = Reader::new(span());
    reader.take(text).unwrap();
    reader.finish()
}

/// `2026-11-18 14:00 Kick-off`, one each.
fn told(text: &str) -> Vec<String> {
    let said = |meeting: &Meeting| {
        let time = meeting.time.map(|time| format!(" {time}")).unwrap_or_default();
        format!("{}{time} {}", meeting.date, meeting.summary).trim_end().to_owned()
    };
    read(text).meetings.iter().map(said).collect()
}

#[test]
fn when_a_meeting_was() {
    for (event, expected) in [
        (
            "DTSTART:20261118T130000Z|DTEND:20261118T140000Z|SUMMARY:Kick-off\\, all",
            "2026-11-18 14:00 Kick-off, all",
        ),
        ("DTSTART;TZID=America/New_York:20261118T080000|SUMMARY:a", "2026-11-18 14:00 a"),
        ("DTSTART;TZID=Eastern Standard Time:20261118T080000|SUMMARY:a", "2026-11-18 14:00 a"),
        ("DTSTART:20261118T140000|SUMMARY:a", "2026-11-18 14:00 a"),
        ("DTSTART;VALUE=DATE:20261118|SUMMARY:a", "2026-11-18 a"),
        ("DTSTART;VALUE=DATE:20261202|SUMMARY:a", "2026-12-02 a"),
        // Of today, and of tomorrow.
        ("DTSTART;VALUE=DATE:20261203|SUMMARY:a", ""),
        ("DTSTART;VALUE=DATE:20261202|DTEND;VALUE=DATE:20261205|SUMMARY:a", ""),
        ("DTSTART:20261203T100000Z|DTEND:20261203T110000Z|SUMMARY:over", "2026-12-03 11:00 over"),
        ("DTSTART:20261203T103000Z|DURATION:PT1H|SUMMARY:under way", ""),
        ("DTSTART:20261203T103000Z|SUMMARY:no end", "2026-12-03 11:30 no end"),
        // Clocks are set forward over it, and back over it.
        ("DTSTART;TZID=Europe/Berlin:20260329T023000|SUMMARY:a", "2026-03-29 03:30 a"),
        ("DTSTART;TZID=Europe/Berlin:20261025T023000|SUMMARY:a", "2026-10-25 02:30 a"),
        ("DTSTART:20251231T225959Z|SUMMARY:older", ""),
        ("DTSTART:20251231T230000Z|SUMMARY:new year", "2026-01-01 00:00 new year"),
        ("DTSTART:20261118T130000Z|STATUS:CANCELLED", ""),
        ("DTSTART:20261118T130000Z|CLASS:PRIVATE|SUMMARY:doctor", "2026-11-18 14:00"),
        ("DTSTART:20261118T130000Z|SUMMARY:a\\nb  c", "2026-11-18 14:00 a b c"),
        ("DTSTART:never|SUMMARY:a", ""),
        ("SUMMARY:no start", ""),
        (
            "DTSTART:20261118T130000Z|DTEND:20261118T120000Z|SUMMARY:ends before",
            "2026-11-18 14:00 ends before",
        ),
    ] {
        let expected: Vec<&str> = if expected.is_empty() { Vec::new() } else { vec![expected] };
        assert_eq!(told(&calendar(&[event])), expected, "{event}");
    }
}

#[test]
fn a_zone_with_one_offset_needs_no_name_that_is_known() {
    let zone =
        "BEGIN:VTIMEZONE\nTZID:Somewhere\nBEGIN:STANDARD\nTZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE\n";
    let event = calendar(&["DTSTART;TZID=Somewhere:20261118T183000|SUMMARY:a"]);
    assert_eq!(
        told(&event.replacen("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"), 1)),
        ["2026-11-18 14:00 a"]
    );
    let named = calendar(&["DTSTART:20261118T080000|SUMMARY:a"]);
    let named = named.replacen("VERSION:2.0", "X-WR-TIMEZONE:America/New_York", 1);
    assert_eq!(told(&named), ["2026-11-18 14:00 a"], "the calendar's zone");
}

#[test]
fn series() {
    let weekly = "UID:1|DTSTART;TZID=Europe/Berlin:20261015T180000|SUMMARY:w|RRULE:FREQ=WEEKLY";
    let all = "2026-10-15 18:00 w|2026-10-22 18:00 w|2026-10-29 18:00 w|2026-11-05 18:00 w|2026-11-12 18:00 w|\
               2026-11-19 18:00 w|2026-11-26 18:00 w";
    let until = |end: &str| format!("{weekly};UNTIL={end}");
    let first_three = "2026-10-15 18:00 w|2026-10-22 18:00 w|2026-10-29 18:00 w";
    for (events, expected) in [
        (vec![weekly.to_owned()], all),
        (vec![format!("{weekly};COUNT=3")], first_three),
        // The end is written in UTC, or as a day.
        (vec![until("20261029T170000Z")], first_three),
        (vec![until("20261029T165959Z")], "2026-10-15 18:00 w|2026-10-22 18:00 w"),
        (vec![until("20261029")], first_three),
        (
            vec![format!("{weekly}|EXDATE;TZID=Europe/Berlin:20261022T180000,20261029T180000|EXDATE;VALUE=DATE:20261105")],
            "2026-10-15 18:00 w|2026-11-12 18:00 w|2026-11-19 18:00 w|2026-11-26 18:00 w",
        ),
        (
            vec![format!("{};COUNT=1|RDATE:20261020T100000Z|RDATE;VALUE=PERIOD:20261021T100000Z/PT1H", weekly)],
            "2026-10-15 18:00 w|2026-10-20 12:00 w|2026-10-21 12:00 w",
        ),
        // One time is moved, whatever its sequence, and another is cancelled.
        (
            vec![
                format!("{weekly};COUNT=3|SEQUENCE:4"),
                "UID:1|RECURRENCE-ID:20261022T160000Z|DTSTART:20261023T090000Z|SUMMARY:moved".to_owned(),
                "UID:1|RECURRENCE-ID;TZID=Europe/Berlin:20261029T180000|DTSTART:20261029T170000Z|STATUS:CANCELLED".to_owned(),
                "UID:2|RECURRENCE-ID:20261015T160000Z|DTSTART:20261016T090000Z|SUMMARY:of another".to_owned(),
            ],
            "2026-10-15 18:00 w|2026-10-16 11:00 of another|2026-10-23 11:00 moved",
        ),
        (
            vec![
                format!("{weekly};COUNT=3"),
                "UID:1|RECURRENCE-ID;RANGE=THISANDFUTURE:20261022T160000Z|DTSTART:20261022T170000Z|SUMMARY:later".to_owned(),
            ],
            "2026-10-15 18:00 w|2026-10-22 19:00 later|2026-10-29 19:00 later",
        ),
        (
            vec!["UID:1|DTSTART;VALUE=DATE:20261130|SUMMARY:d|RRULE:FREQ=DAILY".to_owned()],
            "2026-11-30 d|2026-12-01 d|2026-12-02 d",
        ),
        (
            vec!["UID:1|DTSTART:20261201T090000Z|SUMMARY:m|RRULE:FREQ=MONTHLY;BYDAY=1TU;INTERVAL=1".to_owned()],
            "2026-12-01 10:00 m",
        ),
        // The latest edition holds, wherever it stands.
        (
            vec![
                "UID:1|SEQUENCE:2|DTSTART:20261118T130000Z|SUMMARY:new".to_owned(),
                "UID:1|SEQUENCE:1|DTSTART:20261117T130000Z|SUMMARY:old".to_owned(),
            ],
            "2026-11-18 14:00 new",
        ),
        (vec!["UID:1|DTSTART:20270101T090000Z|SUMMARY:f|RRULE:FREQ=WEEKLY".to_owned()], ""),
    ] {
        let events: Vec<&str> = events.iter().map(String::as_str).collect();
        assert_eq!(told(&calendar(&events)).join("|"), expected, "{events:?}");
    }
}

#[test]
fn no_rule_goes_on_for_ever() {
    let seconds = "BYHOUR=0,1,2,3,4,5,6,7,8,9;BYMINUTE=0,1,2,3,4,5,6,7,8,9;BYSECOND=0,1,2,3,4,5,6,7,8,9";
    for (rule, times) in [
        ("FREQ=SECONDLY".to_owned(), 1),
        ("FREQ=MINUTELY;INTERVAL=1".to_owned(), 1),
        ("FREQ=HOURLY".to_owned(), 1),
        (format!("FREQ=DAILY;{seconds}"), 1),
        (format!("FREQ=YEARLY;{seconds}"), 1),
        ("FREQ=DAILY;INTERVAL=0".to_owned(), 333),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30".to_owned(), 1),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=31".to_owned(), 1),
        ("FREQ=DAILY;BYHOUR=9,10,11,12".to_owned(), 1_000),
        ("FREQ=WEEKLY;COUNT=4294967295".to_owned(), 48),
        ("FREQ=NEVER".to_owned(), 1),
    ] {
        let event = format!("UID:1|DTSTART:20260105T090000Z|RRULE:{rule}");
        assert_eq!(read(&calendar(&[&event])).meetings.len(), times, "{rule}");
    }
    let old = calendar(&["UID:1|DTSTART:19700105T090000Z|RRULE:FREQ=DAILY"]);
    let found = read(&old);
    assert_eq!(found.meetings.len(), 337, "all of this year, from the first day on");
    assert_eq!(found.older, 1_000 - 337);
}

#[test]
fn who_was_there() {
    let text = calendar(&[&[
        "DTSTART:20261118T130000Z",
        "ORGANIZER;CN=\"Pat Doe\":MAILTO:pat@acme.example",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:pat@acme.example",
        "ATTENDEE;CN=bob@b.example;PARTSTAT=DECLINED:mailto:bob@b.example",
        "ATTENDEE;CN=Carl;EMAIL=carl@c.example;PARTSTAT=TENTATIVE:urn:uuid:1",
        "ATTENDEE;CUTYPE=ROOM;CN=Room 5:mailto:room5@acme.example",
        "ATTENDEE;CUTYPE=INDIVIDUAL:mailto:c_1@resource.calendar.google.com",
        "ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:x@x.example\":mailto:dan@d.example",
        "ATTENDEE:invalid:nomail",
    ]
    .join("|")]);
    let found = read(&text);
    let people: Vec<(&str, &str, bool, bool)> = found.meetings[0]
        .people
        .iter()
        .map(|one| (one.address.as_str(), one.name.as_str(), one.declined, one.is_person))
        .collect();
    assert_eq!(
        people,
        [
            ("jane@a.example", "Jane", false, true),
            ("pat@acme.example", "Pat Doe", false, true),
            ("bob@b.example", "", true, true),
            ("carl@c.example", "Carl", false, true),
            ("room5@acme.example", "Room 5", false, false),
            ("c_1@resource.calendar.google.com", "", false, false),
            ("dan@d.example", "", true, true),
        ]
    );
}

#[test]
fn what_a_calendar_was_sent_for() {
    let event = calendar(&["UID:1|DTSTART:20261118T130000Z"]);
    for (method, meetings) in
        [("PUBLISH", 1), ("REQUEST", 1), ("CANCEL", 0), ("REPLY", 0), ("COUNTER", 0), ("REFRESH", 0)]
    {
        let text = event.replacen("VERSION:2.0", &format!("METHOD:{method}"), 1);
        assert_eq!(read(&text).meetings.len(), meetings, "{method}");
        // What the calendar before was sent for is over.
        assert_eq!(read(&(text + &event.replace("UID:1", "UID:2"))).meetings.len(), 1.max(meetings));
    }
    let owner = event.replacen("VERSION:2.0", "X-WR-CALNAME:pat@acme.example", 1);
    assert_eq!(read(&owner).owners, ["pat@acme.example"]);
    assert!(Reader::new(span()).take("BEGIN:VCARD\nEND:VCARD\n").is_err());
    assert!(Reader::new(span()).take("").is_err());
}

#[test]
fn our_own_feed_says_nothing() {
    let calendar = super::super::ics::Calendar { name: "x".to_owned(), stamp: span().now };
    let event = super::super::ics::Event {
        uid: "1".to_owned(),
        id: "jane".to_owned(),
        date: "2026-11-18".parse().unwrap(),
        at: None,
        summary: "phone: Jane".to_owned(),
        description: "jane@a.example".to_owned(),
        url: None,
        categories: Vec::new(),
    };
    let text = super::super::ics::text(&calendar, vec![event]);
    let found = read(&text);
    assert_eq!((found.events, found.meetings.len()), (1, 0));
}

proptest! {
    #[test]
    fn nothing_makes_it_stumble(lines in proptest::collection::vec(
        prop_oneof![
            Just("BEGIN:VCALENDAR".to_owned()), Just("BEGIN:VEVENT".to_owned()), Just("END:VEVENT".to_owned()),
            Just("BEGIN:VTIMEZONE".to_owned()), Just("END:VTIMEZONE".to_owned()), Just("UID:1".to_owned()),
            Just("ATTENDEE:mailto:jane@a.example".to_owned()),
            "(DTSTART|DTEND|RECURRENCE-ID|EXDATE|RDATE)(;VALUE=DATE|;TZID=Europe/Berlin)?:[0-9]{4}(0[1-9]|1[0-2])[0-3][0-9](T[0-2][0-9][0-5]000Z?)?",
            "DURATION:-?P[0-9]{1,10}[WD]",
            "RRULE:FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY|HOURLY|SECONDLY)(;(INTERVAL|COUNT|BYMONTH|BYSETPOS|BYYEARDAY|BYWEEKNO|BYHOUR)=-?[0-9]{1,3}){0,3}(;UNTIL=[0-9]{8})?",
            any::<String>(),
        ], 0..24)) {
        let mut reader = Reader::new(span());
        let _ = reader.take(&lines.join("\r\n"));
        for meeting in reader.finish().meetings {
            prop_assert!(meeting.date >= span().since);
            prop_assert!(!meeting.summary.contains(['\n', '\r']));
        }
    }

    #[test]
    fn the_order_of_events_does_not_matter(order in Just((0..6).collect::<Vec<usize>>()).prop_shuffle()) {
        let events = [
            "UID:1|DTSTART;TZID=Europe/Berlin:20261015T180000|SUMMARY:w|RRULE:FREQ=WEEKLY;COUNT=5",
            "UID:1|RECURRENCE-ID:20261022T160000Z|DTSTART:20261023T090000Z|SUMMARY:moved",
            "UID:1|RECURRENCE-ID:20261029T170000Z|DTSTART:20261029T170000Z|STATUS:CANCELLED",
            "UID:2|DTSTART:20261015T160000Z|SUMMARY:same time",
            "UID:3|SEQUENCE:1|DTSTART;VALUE=DATE:20261015|SUMMARY:old",
            "UID:3|SEQUENCE:2|DTSTART;VALUE=DATE:20261016|SUMMARY:new",
        ];
        let shuffled: Vec<&str> = order.iter().map(|at| events[*at]).collect();
        prop_assert_eq!(told(&calendar(&shuffled)), told(&calendar(&events)));
    }
}
