//! When the events of a series were: its rule, its further times and its exceptions (RFC 5545, section 3.8.5).
//!
//! `calcard` works the rule out on the clocks of the event's zone. What single times say, when that is for everybody
//! else, and where it ends is done here: a rule may go on for ever, and ask for every second.

use std::collections::{BTreeMap, BTreeSet};

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarFrequency, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarValue,
};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc};

use super::Span;
use super::event::{Event, When, shown};
use super::zones::moment;

/// The most times of a series that are told, the latest of them.
const MOST: usize = 1_000;
/// The most times of a series that are worked out: those of every day in a hundred years.
const MOST_WORKED_OUT: usize = 40_000;
/// The most times of one day: more is no meeting.
const MOST_A_DAY: usize = 24;

/// One time of an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Happening<'e> {
    pub start: When,
    /// What speaks of it.
    pub event: &'e Event,
}

/// When an event was, as far as it ended before now, and what `changed` says of single times of it. Without an event,
/// the single times stand for themselves: that is how somebody who was asked to one of them has it.
pub(super) fn happenings<'e>(
    event: Option<&'e Event>,
    changed: &'e BTreeMap<When, Event>,
    span: &Span,
) -> Vec<Happening<'e>> {
    let mut used = BTreeSet::new();
    let mut found = Vec::new();
    if let Some(event) = event {
        let mut later: Option<(&Event, TimeDelta)> = None;
        for start in starts(event, span) {
            let by_day = day_of(start, event.zone);
            if let Some((when, instead)) =
                changed.get_key_value(&start).or_else(|| changed.get_key_value(&by_day))
            {
                used.insert(*when);
                if instead.and_after {
                    later = Some((instead, between(start, instead.start)));
                }
                found.push(Happening { start: instead.start, event: instead });
            } else if !event.without.contains(&start) && !event.without.contains(&by_day) {
                found.push(match later {
                    Some((instead, by)) => Happening { start: shifted(start, by), event: instead },
                    None => Happening { start, event },
                });
            }
        }
    }
    // Calendars move a single time also where its rule does not say it any more.
    let rest = changed.iter().filter(|(when, _)| !used.contains(when));
    found.extend(rest.map(|(_, instead)| Happening { start: instead.start, event: instead }));
    found.retain(|one| !one.event.is_cancelled && has_ended(one.start, one.event.length, span));
    found.sort_by_key(|one| one.start);
    let surplus = found.len().saturating_sub(MOST);
    found.drain(..surplus);
    found
}

/// All times of a series, its exceptions among them, that began before now.
fn starts(event: &Event, span: &Span) -> BTreeSet<When> {
    let mut all: BTreeSet<When> = event.more.iter().copied().take(MOST_WORKED_OUT).collect();
    all.insert(event.start);
    let has_begun = has_ended(event.start, TimeDelta::zero(), span);
    if let Some(rule) = event.rule.as_deref().filter(|rule| has_begun && is_of_days(rule)) {
        let is_day = matches!(event.start, When::Day(_));
        let times = worked_out(event, rule, is_day, span).into_iter();
        all.extend(times.filter_map(|shown| match is_day {
            true => Some(When::Day(shown.date())),
            false => moment(event.zone, shown).map(When::At),
        }));
    }
    all
}

/// Whether it is a rule by which people meet.
fn is_of_days(rule: &ICalendarRecurrenceRule) -> bool {
    let times = |list: &[u8]| list.len().max(1);
    rule.freq <= ICalendarFrequency::Daily
        && times(&rule.byhour).saturating_mul(times(&rule.byminute)).saturating_mul(times(&rule.bysecond))
            <= MOST_A_DAY
}

/// The times that the rule gives, as clocks of the event's zone show them, until now.
fn worked_out(
    event: &Event,
    rule: &ICalendarRecurrenceRule,
    is_day: bool,
    span: &Span,
) -> Vec<NaiveDateTime> {
    let now = local(event.zone, span.now);
    let mut rule = rule.clone();
    let until = rule.until.as_ref().and_then(|until| last(until, event.zone));
    // The end of a rule is written in UTC, the times that it ends are worked out on the clocks of the zone.
    let until = until.map_or(now, |until| until.min(now));
    rule.until = Some(partial(until, false));
    let mut series = ICalendarComponent::new(ICalendarComponentType::VEvent);
    let start = ICalendarValue::PartialDateTime(Box::new(partial(event.shown, is_day)));
    series.add_property(ICalendarProperty::Dtstart, start);
    series.add_property(ICalendarProperty::Rrule, ICalendarValue::RecurrenceRule(Box::new(rule)));
    let series = ICalendar { components: vec![series] };
    let times = series.expand_dates(Tz::Floating, MOST_WORKED_OUT).events;
    times.into_iter().map(|time| time.start.naive_local()).collect()
}

/// The last time that the end of a rule includes: all of a day, where it is one.
fn last(until: &PartialDateTime, zone: Tz) -> Option<NaiveDateTime> {
    let shown = shown(until, zone)?;
    if until.has_time() { Some(shown) } else { shown.date().and_hms_opt(23, 59, 59) }
}

fn local(zone: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    zone.from_utc_datetime(&at.naive_utc()).naive_local()
}

fn partial(shown: NaiveDateTime, is_day: bool) -> PartialDateTime {
    let small = |number: u32| u8::try_from(number).ok().filter(|_| !is_day);
    PartialDateTime {
        year: u16::try_from(shown.year()).ok(),
        month: u8::try_from(shown.month()).ok(),
        day: u8::try_from(shown.day()).ok(),
        hour: small(shown.hour()),
        minute: small(shown.minute()),
        second: small(shown.second()),
        ..PartialDateTime::default()
    }
}

/// The day of a time: some calendars name a single time of a series by it.
fn day_of(when: When, zone: Tz) -> When {
    match when {
        When::At(at) => When::Day(local(zone, at).date()),
        day => day,
    }
}

fn between(from: When, to: When) -> TimeDelta {
    match (from, to) {
        (When::At(from), When::At(to)) => to - from,
        (When::Day(from), When::Day(to)) => to - from,
        _ => TimeDelta::zero(),
    }
}

fn shifted(when: When, by: TimeDelta) -> When {
    match when {
        When::At(at) => When::At(at.checked_add_signed(by).unwrap_or(at)),
        When::Day(day) => When::Day(day.checked_add_signed(by).unwrap_or(day)),
    }
}

fn has_ended(start: When, length: TimeDelta, span: &Span) -> bool {
    match start {
        When::At(at) => at.checked_add_signed(length).is_some_and(|end| end <= span.now),
        When::Day(day) => {
            let today = span.now.with_timezone(&span.zone).date_naive();
            day.checked_add_signed(length).is_some_and(|end: NaiveDate| end <= today)
        }
    }
}
