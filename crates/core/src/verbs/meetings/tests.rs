use proptest::prelude::*;

use super::matching::unlogged;
use super::*;
use crate::contact::Channel;
use crate::date::Time;
use crate::file;
use crate::settings::Settings;

fn meeting(when: &str, summary: &str) -> Meeting {
    let (date, time) = when.split_once(' ').map_or((when, None), |(date, time)| (date, Some(time)));
    Meeting {
        date: date.parse().unwrap(),
        time: time.map(|time| Time::scan(time).flatten().unwrap()),
        channel: Channel::Meeting,
        summary: summary.to_owned(),
        people: Vec::new(),
    }
}

fn contact(log: &[&str]) -> Contact {
    let entries: String = log.iter().map(|entry| format!("- {entry}\n")).collect();
    file::parse(&format!("## Log\n\n{entries}"), "jane", &Settings::default()).contact
}

fn new(log: &[&str], meetings: &[Meeting]) -> Vec<String> {
    let met: Vec<Met<'_>> = meetings.iter().map(|meeting| Met { meeting, who: None }).collect();
    let contact = contact(log);
    let (new, known) = unlogged(&contact, &met);
    assert!(new.len() + known <= meetings.len());
    new.iter().map(|met| met.meeting.summary.clone()).collect()
}

#[test]
fn what_stands_in_the_log_is_not_written_again() {
    let (two, four) = ("2026-11-18 14:00", "2026-11-18 16:00");
    for (log, meetings, expected) in [
        (vec![], vec![(two, "a")], "a"),
        (vec!["2026-11-18 14:00 meeting: a"], vec![(two, "a")], ""),
        (vec!["2026-11-18 14:00 video: another word"], vec![(two, "a")], ""),
        (vec!["2026-11-18 14:00 visit @sam"], vec![(two, "a")], ""),
        (vec!["2026-11-18 14:00 meeting cancelled: ill"], vec![(two, "a")], ""),
        (vec!["2026-11-18 14:00 phone no-answer"], vec![(two, "a")], ""),
        (vec!["2026-11-18 phone no-answer"], vec![(two, "a")], "a"),
        (vec!["2026-11-18 meeting no-show"], vec![(two, "a")], ""),
        (vec!["2026-11-18 phone: by hand"], vec![(two, "a")], ""),
        (vec!["2026-11-18 email: by hand"], vec![(two, "a")], "a"),
        (vec!["2026-11-18 14:00 email: by hand"], vec![(two, "a")], "a"),
        (vec!["2026-11-18 note: 14:00"], vec![(two, "a")], "a"),
        (vec!["2026-11-18 15:00 meeting: a"], vec![(two, "a")], "a"),
        (vec!["2026-11-17 meeting: a"], vec![(two, "a")], "a"),
        // Each stands for one.
        (vec!["2026-11-18 meeting: x"], vec![(two, "a"), (four, "b")], "b"),
        (vec!["2026-11-18 meeting: b"], vec![(two, "a"), (four, "b")], "a"),
        (vec!["2026-11-18 meeting: x", "2026-11-18 16:00 meeting: x"], vec![(two, "a"), (four, "b")], ""),
        (vec!["2026-11-18 meeting: x", "2026-11-18 phone"], vec![(two, "a"), (four, "b")], ""),
        // One meeting in two calendars; two things on one whole day.
        (vec![], vec![(two, "a"), (two, "b")], "a"),
        (vec![], vec![("2026-11-18", "a"), ("2026-11-18", "b"), ("2026-11-18", "b")], "a b"),
        (vec!["2026-11-18 meeting: b"], vec![("2026-11-18", "a"), ("2026-11-18", "b")], "a"),
        (vec!["2026-11-18 meeting: a b"], vec![("2026-11-18", "a *b*")], ""),
    ] {
        let meetings: Vec<Meeting> = meetings.iter().map(|(when, text)| meeting(when, text)).collect();
        assert_eq!(new(&log, &meetings).join(" "), expected, "{log:?} {meetings:?}");
    }
}

fn any_meetings() -> impl Strategy<Value = Vec<Meeting>> {
    let time = proptest::option::of(8_u32..12);
    let one = (17_u32..19, time, "[ab*]{0,2}").prop_map(|(day, time, text)| {
        let time = time.map(|hour| format!(" {hour:02}:00")).unwrap_or_default();
        meeting(&format!("2026-11-{day}{time}"), &text)
    });
    proptest::collection::vec(one, 0..8)
}

fn any_log() -> impl Strategy<Value = Vec<String>> {
    let entry = r"2026-11-1[78]( (08|09|10|11|12):00)? (meeting|phone|video|event|email|note)( no-show| voicemail)?(: [ab]{1,2})?";
    proptest::collection::vec(entry, 0..6)
}

proptest! {
    #[test]
    fn what_was_logged_once_is_not_logged_again(
        (meetings, order) in any_meetings().prop_flat_map(|all| { let count = all.len(); (Just(all), Just((0..count).collect::<Vec<_>>()).prop_shuffle()) }),
        log in any_log(),
    ) {
        let settings = Settings::default();
        let desk = Desk { settings: &settings, today: "2026-12-03".parse().unwrap(), time: None, me: None };
        let entries: String = log.iter().map(|entry| format!("- {entry}\n")).collect();
        let mut text = format!("# Jane\n\n## Log\n\n{entries}");
        let met: Vec<Met<'_>> = meetings.iter().map(|meeting| Met { meeting, who: None }).collect();
        let jane = |text: &str| file::parse(text, "jane", &settings).contact;
        let contact = jane(&text);
        let (added, known) = unlogged(&contact, &met);
        for met in &added {
            let entry = entry(&contact, met, &desk);
            text = edit::add_entry(&text, &entry, &settings).unwrap();
        }
        let after = jane(&text);
        prop_assert_eq!(after.log.len(), contact.log.len() + added.len());
        let shuffled: Vec<Met<'_>> =
            order.iter().map(|at| Met { meeting: &meetings[*at], who: None }).collect();
        let (again, known_again) = unlogged(&after, &shuffled);
        prop_assert!(again.is_empty(), "{:?}", again);
        prop_assert_eq!(known_again, known + added.len());
    }
}
