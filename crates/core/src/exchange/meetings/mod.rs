//! Meetings of a calendar (iCalendar, RFC 5545), as far as they tell who met whom: what has ended by now, each time
//! that a series took place on its own.
//!
//! A calendar is read event by event, so that one that nobody can read spoils no other, and that a file of a hundred
//! thousand does not stand in memory twice.

mod blocks;
mod event;
mod people;
mod series;
mod way;
mod zones;

use std::collections::{BTreeMap, HashMap};

use calcard::{Entry, Parser};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::contact::Channel;
use crate::date::{Date, Time};
use crate::hours;
use blocks::{Block, blocks};
use event::{Event, When};
use series::Happening;
use zones::Zones;

/// What is asked of a calendar.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// The first day.
    pub since: Date,
    /// Now: what ends later has not been.
    pub now: DateTime<Utc>,
    /// In whose days and times of day the meetings are told; also that of events that do not say theirs.
    pub zone: Tz,
}

/// A meeting that was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// The day on which it began.
    pub date: Date,
    /// When it began; none where it was of the whole day.
    pub time: Option<Time>,
    /// `meeting`, `video` or `phone`.
    pub channel: Channel,
    /// What it was called: plain text on one line; empty where it has no name, or is marked as private.
    pub summary: String,
    /// Who was asked to it, and who asked.
    pub people: Vec<Attendee>,
}

/// Somebody who was asked to a meeting, or asked others to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// The email address.
    pub address: String,
    /// The name; empty where none is given.
    pub name: String,
    /// Whether they said that they would not come, or sent somebody else.
    pub declined: bool,
    /// Whether it is a person, and no room, device or list.
    pub is_person: bool,
}

/// What the calendars say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendars {
    /// The meetings, in the order of their days.
    pub meetings: Vec<Meeting>,
    /// How many events there are in the files, a series counted once.
    pub events: usize,
    /// How many meetings are left out because they were before the first day that is asked for.
    pub older: usize,
    /// Email addresses that calendars have for a name, as those of Google do: whose they are.
    pub owners: Vec<String>,
}

/// Takes in calendars, one after the other.
pub struct Reader {
    span: Span,
    events: usize,
    owners: Vec<String>,
    /// By the UID, an event, and what is said of single times of it.
    known: HashMap<String, Told>,
}

/// All that the calendars say of one UID.
#[derive(Default)]
struct Told {
    event: Option<Event>,
    /// By which time of the event each stands in for.
    changed: BTreeMap<When, Event>,
}

impl Reader {
    /// Begins.
    pub fn new(span: Span) -> Reader {
        Reader { span, events: 0, owners: Vec::new(), known: HashMap::new() }
    }

    /// Takes in the text of a calendar, or of several.
    ///
    /// # Errors
    /// Where it is no calendar; in lower case without a full stop.
    pub fn take(&mut self, text: &str) -> Result<(), String> {
        let mut is_calendar = false;
        let mut zones = Zones::of(text, self.span.zone);
        // Of an answer to an invitation, and of a proposal, nobody knows whether it was taken.
        let (mut is_plan, mut is_cancelled) = (true, false);
        for block in blocks(text) {
            match block {
                Block::Begin => {
                    is_calendar = true;
                    (is_plan, is_cancelled) = (true, false);
                    zones.floating(None);
                }
                Block::Method(method) => {
                    is_cancelled = method.eq_ignore_ascii_case("CANCEL");
                    is_plan = ["PUBLISH", "REQUEST", "ADD", "CANCEL"]
                        .iter()
                        .any(|plan| method.eq_ignore_ascii_case(plan));
                }
                Block::Zone(zone) => zones.floating(Some(zone)),
                Block::Name(name) if name.contains('@') => self.owners.push(name.to_owned()),
                Block::Name(_) => {}
                Block::Event(text) => {
                    is_calendar = true;
                    self.events += 1;
                    let Entry::ICalendar(read) = Parser::new(text).entry() else { continue };
                    let event = read.components.first().and_then(|event| Event::of(event, &zones));
                    if let Some(mut event) = event.filter(|_| is_plan) {
                        event.is_cancelled |= is_cancelled;
                        self.keep(event);
                    }
                }
            }
        }
        if is_calendar { Ok(()) } else { Err("it is no calendar".to_owned()) }
    }

    /// Of what is said twice, the later edition holds.
    fn keep(&mut self, event: Event) {
        // What has no UID is only itself.
        let uid = match event.uid.is_empty() {
            true => format!("\u{0}{}", self.known.len()),
            false => event.uid.clone(),
        };
        let told = self.known.entry(uid).or_default();
        let newer = |known: Option<&Event>| known.is_none_or(|known| known.edition <= event.edition);
        match event.instead_of {
            Some(when) if newer(told.changed.get(&when)) => drop(told.changed.insert(when, event)),
            None if newer(told.event.as_ref()) => told.event = Some(event),
            _ => {}
        }
    }

    /// What all of them say.
    pub fn finish(self) -> Calendars {
        let mut calendars = Calendars { events: self.events, owners: self.owners, ..Calendars::default() };
        for told in self.known.values() {
            for happening in series::happenings(told.event.as_ref(), &told.changed, &self.span) {
                if happening.event.people.is_empty() {
                    continue;
                }
                let (date, time) = day_and_time(happening.start, self.span.zone);
                if date < self.span.since {
                    calendars.older += 1;
                    continue;
                }
                calendars.meetings.push(meeting(&happening, date, time));
            }
        }
        let key = |meeting: &Meeting| {
            let people: Vec<String> = meeting.people.iter().map(|one| one.address.clone()).collect();
            (meeting.date, meeting.time, meeting.summary.clone(), people)
        };
        calendars.meetings.sort_by_cached_key(key);
        calendars.meetings.dedup();
        calendars.owners.sort_unstable();
        calendars.owners.dedup();
        calendars
    }
}

fn meeting(happening: &Happening<'_>, date: Date, time: Option<Time>) -> Meeting {
    let event = happening.event;
    let channel = if time.is_some() { event.channel.clone() } else { Channel::Meeting };
    Meeting { date, time, channel, summary: event.summary.clone(), people: event.people.clone() }
}

fn day_and_time(when: When, zone: Tz) -> (Date, Option<Time>) {
    match when {
        When::Day(day) => (Date::from_chrono(day), None),
        When::At(at) => {
            let (date, time) = hours::local(zone, at);
            (date, Some(time))
        }
    }
}

#[cfg(test)]
mod tests;
