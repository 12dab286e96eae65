//! Contacts and settings for the tests of this room, written in few words and made at random.

use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

use crate::contact::{
    Away, CadenceRun, Channel, Contact, Entry, Head, Money, Next, Prefers, Promise, Promiser, Word, Words,
};
use crate::date::{Calendar, Date, Time, Weekday, When};
use crate::period::Period;
use crate::problem::Position;
use crate::settings::{Absence, Cadence, Member, RhythmOf, Settings, Step};

use super::{Assessment, assess};

pub fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub fn period(text: &str) -> Period {
    text.parse().unwrap()
}

/// The defaults, two people, and the format's cadence.
pub fn settings() -> Settings {
    let step = |after: &str, via: Option<&str>, why: &str| Step {
        after: period(after),
        via: via.map(Channel::from_name),
        why: Some(why.to_owned()),
        template: None,
    };
    let steps = vec![
        step("0 days", Some("card"), "thank"),
        step("7 days", Some("email"), "news"),
        step("1mo", None, "ask"),
    ];
    let cadence =
        |name: &str, until_reply| Cadence { name: name.to_owned(), until_reply, steps: steps.clone() };
    let away = vec![Absence {
        from: Some(date("2026-12-20")),
        until: Some(date("2027-01-03")),
        cover: Some("sam".into()),
    }];
    Settings {
        cadences: vec![cadence("new-lead", true), cadence("drip", false)],
        team: vec![
            Member { handle: "pat".into(), away, ..Member::default() },
            Member { handle: "sam".into(), ..Member::default() },
        ],
        ..Settings::default()
    }
}

/// A contact in the making.
#[derive(Default)]
pub struct Sample {
    pub contact: Contact,
}

impl Sample {
    /// With a log, oldest first, one entry a line: `2026-11-20 09:30 phone in voicemail: said hello`.
    pub fn log(lines: &[&str]) -> Sample {
        let log = lines.iter().map(|line| entry(line)).collect();
        Sample { contact: Contact { log, ..Contact::default() } }
    }

    pub fn head(mut self, change: impl FnOnce(&mut Head)) -> Sample {
        change(&mut self.contact.head);
        self
    }

    pub fn stage(self, stage: &str) -> Sample {
        self.head(|head| head.stage = Some(stage.into()))
    }

    pub fn every(self, every: &str) -> Sample {
        self.head(|head| head.prefers.every = Some(period(every)))
    }

    pub fn prefers(self, channels: &[&str]) -> Sample {
        self.head(|head| head.prefers.channel = channels.iter().map(|c| Channel::from_name(c)).collect())
    }

    pub fn next(self, on: &str) -> Sample {
        let on = Some(When { date: date(on), time: None });
        self.head(|head| head.next = Some(Next { on, ..Next::default() }))
    }

    pub fn asked(self) -> Sample {
        self.head(|head| head.next.as_mut().unwrap().asked = true)
    }

    pub fn promised(self) -> Sample {
        self.head(|head| head.next.as_mut().unwrap().promised = true)
    }

    pub fn away(self, from: Option<&str>, until: &str) -> Sample {
        let away = Away { from: from.map(date), until: Some(date(until)), why: None };
        self.head(|head| head.away = Some(away))
    }

    pub fn cadence(self, name: &str, start: &str) -> Sample {
        let run = CadenceRun { name: Some(name.into()), start: Some(date(start)) };
        self.head(|head| head.cadence = Some(run))
    }

    pub fn occasion(self, name: &str, on: &str) -> Sample {
        self.head(|head| head.dates.push((name.into(), date(on))))
    }

    /// An open promise by `me`, `them` or a handle.
    pub fn promise(mut self, who: &str, text: &str, by: Option<&str>, made: Option<&str>) -> Sample {
        let who = match who {
            "me" => Promiser::Me,
            "them" => Promiser::Them,
            handle => Promiser::Member(handle.into()),
        };
        let (by, made, at) = (by.map(date), made.map(date), Position::default());
        self.contact.promises.push(Promise { kept: false, who, text: text.into(), by, made, at });
        self
    }

    pub fn assess(&self, today: &str) -> Assessment {
        assess(&self.contact, &settings(), date(today))
    }

    /// Every dated obligation with its date and flags: `next 2026-12-21 moved-away, rhythm 2027-02-22`.
    pub fn due(&self, today: &str) -> String {
        self.due_with(&settings(), today)
    }

    pub fn due_with(&self, settings: &Settings, today: &str) -> String {
        let assessment = assess(&self.contact, settings, date(today));
        let shown = assessment.obligations.iter().map(|obligation| {
            let mut shown = format!("{} {}", obligation.kind, obligation.date.unwrap());
            for (set, flag) in [(obligation.moved_away, " moved-away"), (obligation.patience, " patience")] {
                shown.push_str(if set { flag } else { "" });
            }
            shown
        });
        shown.collect::<Vec<_>>().join(", ")
    }
}

fn entry(line: &str) -> Entry {
    let (head, text) = line.split_once(": ").unwrap_or((line, ""));
    let mut parts = head.split(' ').peekable();
    let day = date(parts.next().unwrap());
    let time = parts.next_if(|part| part.contains(':')).map(|part| Time::scan(part).flatten().unwrap());
    let channel = Channel::from_name(parts.next().unwrap());
    let mut words = Words::default();
    parts.for_each(|word| words.insert(Word::from_name(word).unwrap()));
    Entry { date: day, time, channel, words, who: None, text: text.into(), at: Position::default() }
}

/// Days that lie close enough together to meet, and a few at the ends of the calendar.
pub fn any_date() -> impl Strategy<Value = Date> {
    let near = date("2027-12-01").number();
    let leap = date("2028-02-29").number();
    prop_oneof![
        12 => (near - 40..near + 120).prop_map(|n| Date::from_number(n).unwrap()),
        3 => (leap - 8..leap + 8).prop_map(|n| Date::from_number(n).unwrap()),
        1 => (near - 2000..near + 2000).prop_map(|n| Date::from_number(n).unwrap()),
        1 => select(vec![
            Date::MIN, Date::MIN.plus_days(1), Date::MIN.plus_days(370), Date::MAX.plus_days(-370),
            Date::MAX.plus_days(-1), Date::MAX,
        ]),
    ]
}

fn any_period() -> impl Strategy<Value = Period> {
    prop_oneof![
        8 => (0u32..40, select(vec!["h", "d", "w", "mo", "bd"])).prop_map(|(n, unit)| period(&format!("{n}{unit}"))),
        1 => select(vec!["1y", "3y", "13mo", "370d", "300bd", "9000h"])
            .prop_map(period),
    ]
}

fn any_channel() -> impl Strategy<Value = Channel> {
    prop_oneof![
        select(Channel::NAMES.to_vec()).prop_map(Channel::from_name),
        Just(Channel::from_name("pigeon"))
    ]
}

fn any_entry() -> impl Strategy<Value = Entry> {
    let time = (0u32..24, 0u32..60).prop_map(|(hour, minute)| Time::new(hour, minute).unwrap());
    let words = vec(select(Word::ALL.to_vec()), 0..3);
    (any_date(), of(time), any_channel(), words, any::<bool>()).prop_map(
        |(date, time, channel, named, said)| {
            let mut words = Words::default();
            named.into_iter().for_each(|(_, word)| words.insert(word));
            let text = if said { "said".to_owned() } else { String::new() };
            Entry { date, time, channel, words, who: None, text, at: Position::default() }
        },
    )
}

fn any_promise() -> impl Strategy<Value = Promise> {
    let who = select(vec![Promiser::Me, Promiser::Them, Promiser::Member("pat".into())]);
    (any::<bool>(), who, of(any_date()), of(any_date())).prop_map(|(kept, who, by, made)| Promise {
        kept,
        who,
        text: "send it".into(),
        by,
        made,
        at: Position::default(),
    })
}

fn any_head() -> impl Strategy<Value = Head> {
    let stage = of(select(vec!["new", "nurture", "on-hold", "won", "lost", "stopped", "unheard-of"]));
    let tags = vec(select(vec!["vip", "hotel"]), 0..2);
    let prefers = (vec(any_channel(), 0..3), of(any_period()));
    let next = (of(any_date()), of(any_channel()), any::<bool>(), any::<bool>());
    let away = (of(any_date()), of(any_date()));
    let cadence = (of(select(vec!["new-lead", "drip", "other"])), of(any_date()));
    let dates = vec(any_date(), 0..3);
    let rest = (of(any_date()), dates, of(-10.0f64..10.0), of(select(vec!["pat", "sam", "kim"])));
    (stage, tags, prefers, of(next), of(away), of(cadence), rest).prop_map(
        |(stage, tags, prefers, next, away, cadence, (added, dates, value, owner))| Head {
            stage: stage.map(str::to_owned),
            tags: tags.into_iter().map(str::to_owned).collect(),
            owner: owner.map(str::to_owned),
            value: value.map(|amount| Money { amount, currency: None }),
            added,
            prefers: Prefers { channel: prefers.0, every: prefers.1, ..Prefers::default() },
            next: next.map(|(on, via, promised, asked)| {
                let on = on.map(|date| When { date, time: None });
                Next { on, via, why: Some("talk".into()), promised, asked }
            }),
            away: away.map(|(from, until)| Away { from, until, why: None }),
            cadence: cadence.map(|(name, start)| CadenceRun { name: name.map(str::to_owned), start }),
            dates: dates.into_iter().map(|date| ("birthday".to_owned(), date)).collect(),
            ..Head::default()
        },
    )
}

pub fn any_contact() -> impl Strategy<Value = Contact> {
    (any_head(), vec(any_entry(), 0..8), vec(any_promise(), 0..3)).prop_map(|(head, mut log, promises)| {
        log.sort_by_key(|entry| (entry.date, entry.time));
        Contact { head, log, promises, ..Contact::default() }
    })
}

pub fn any_settings() -> impl Strategy<Value = Settings> {
    let periods = vec(any_period(), 11);
    let days = vec(select(vec![Weekday::Mon, Weekday::Wed, Weekday::Fri, Weekday::Sun]), 0..4);
    (periods, 0u32..4, days, vec(any_date(), 0..6)).prop_map(|(periods, unanswered, days, holidays)| {
        let mut periods = periods.into_iter();
        let mut one = || periods.next().unwrap();
        Settings {
            rhythm: vec![
                (RhythmOf::Stage("nurture".into()), one()),
                (RhythmOf::Tag("vip".into()), one()),
                (RhythmOf::Tag("hotel".into()), period("5 weeks")),
            ],
            first_within: one(),
            reply_within: one(),
            promise_within: one(),
            waiting_grace: one(),
            patience_unanswered: unanswered,
            patience_wait: one(),
            patience_gap: one(),
            occasion_lead: one(),
            occasion_grace: one(),
            after_away: one(),
            calendar: Calendar::new(&days, holidays),
            ..settings()
        }
    })
}
