//! One event of a calendar.

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendarComponent, ICalendarEntry, ICalendarParameterName, ICalendarPeriod, ICalendarProperty,
    ICalendarRecurrenceRule, ICalendarStatus, ICalendarValue,
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};

use super::zones::{Zones, moment};
use super::{Attendee, people, way};
use crate::contact::Channel;
use crate::exchange::plain::line;

/// When something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum When {
    /// On a whole day.
    Day(NaiveDate),
    /// At a moment.
    At(DateTime<Utc>),
}

/// An event: one, or the first of a series.
#[derive(Debug, Clone)]
pub(super) struct Event {
    pub uid: String,
    /// Which edition of the event it is: its sequence number, then when it was written.
    pub edition: (i64, i64),
    /// Of which time of the series it speaks; none where of all.
    pub instead_of: Option<When>,
    /// Whether it speaks of all that follow, too.
    pub and_after: bool,
    pub start: When,
    /// What clocks in its zone show then.
    pub shown: NaiveDateTime,
    pub zone: Tz,
    pub length: TimeDelta,
    pub rule: Option<Box<ICalendarRecurrenceRule>>,
    /// Further times.
    pub more: Vec<When>,
    /// Times at which it is not.
    pub without: Vec<When>,
    pub is_cancelled: bool,
    pub summary: String,
    pub channel: Channel,
    pub people: Vec<Attendee>,
}

impl Event {
    /// Reads one; none where it does not say when it is.
    pub fn of(event: &ICalendarComponent, zones: &Zones) -> Option<Event> {
        let instead_of = event.property(&ICalendarProperty::RecurrenceId);
        let start = event.property(&ICalendarProperty::Dtstart).or(instead_of)?;
        let zone = zone_of(start, zones);
        let shown = shown(start.values.first()?.as_partial_date_time()?, zone)?;
        let when = whens(start, zones).next()?;
        let is = |is: &ICalendarProperty| event.property(is);
        let all = |name: ICalendarProperty| {
            let entries = event.entries.iter().filter(move |entry| entry.name == name);
            entries.flat_map(|entry| whens(entry, zones)).collect::<Vec<When>>()
        };
        let number = |name| is(name).and_then(|entry| entry.values.first()?.as_integer());
        let written = is(&ICalendarProperty::Dtstamp).and_then(|entry| match whens(entry, zones).next()? {
            When::At(at) => Some(at.timestamp()),
            When::Day(_) => None,
        });
        let rule = is(&ICalendarProperty::Rrule).and_then(|entry| match entry.values.first()? {
            ICalendarValue::RecurrenceRule(rule) => Some(rule.clone()),
            _ => None,
        });
        let is_private = matches!(
            text(event, &ICalendarProperty::Class).to_ascii_uppercase().as_str(),
            "PRIVATE" | "CONFIDENTIAL"
        );
        let summary = if is_private { String::new() } else { line(text(event, &ICalendarProperty::Summary)) };
        Some(Event {
            uid: text(event, &ICalendarProperty::Uid).to_owned(),
            edition: (number(&ICalendarProperty::Sequence).unwrap_or(0), written.unwrap_or(0)),
            instead_of: instead_of.and_then(|entry| whens(entry, zones).next()),
            and_after: instead_of.is_some_and(|entry| entry.has_parameter(&ICalendarParameterName::Range)),
            start: when,
            shown,
            zone,
            length: length(event, when, zones),
            rule,
            more: all(ICalendarProperty::Rdate),
            without: all(ICalendarProperty::Exdate),
            is_cancelled: event.status() == Some(&ICalendarStatus::Cancelled),
            summary,
            channel: way::channel(event),
            people: people::of(event),
        })
    }
}

/// The text of a property; empty where there is none.
pub(super) fn text<'e>(event: &'e ICalendarComponent, name: &ICalendarProperty) -> &'e str {
    event.property(name).and_then(|entry| entry.values.first()?.as_text()).unwrap_or_default()
}

/// How long it takes.
fn length(event: &ICalendarComponent, start: When, zones: &Zones) -> TimeDelta {
    let end = event.property(&ICalendarProperty::Dtend).and_then(|entry| whens(entry, zones).next());
    let said = match (start, end) {
        (When::At(start), Some(When::At(end))) => Some(end - start),
        (When::Day(start), Some(When::Day(end))) => Some(end - start),
        _ => event.property(&ICalendarProperty::Duration).and_then(|entry| match entry.values.first()? {
            ICalendarValue::Duration(duration) => duration.to_time_delta(),
            _ => None,
        }),
    };
    let usual = if matches!(start, When::Day(_)) { TimeDelta::days(1) } else { TimeDelta::zero() };
    said.filter(|length| *length >= usual).unwrap_or(usual)
}

/// The zone of a property's times.
fn zone_of(entry: &ICalendarEntry, zones: &Zones) -> Tz {
    let offset = entry.values.first().and_then(|value| value.as_partial_date_time()?.to_date_time()?.tz());
    offset.unwrap_or_else(|| zones.get(entry.tz_id()))
}

/// The times of a property.
fn whens<'e>(entry: &'e ICalendarEntry, zones: &Zones) -> impl Iterator<Item = When> + use<'e> {
    let zone = zones.get(entry.tz_id());
    entry.values.iter().filter_map(move |value| match value {
        ICalendarValue::PartialDateTime(partial) => when(partial, zone),
        ICalendarValue::Period(
            ICalendarPeriod::Range { start, .. } | ICalendarPeriod::Duration { start, .. },
        ) => when(start, zone),
        _ => None,
    })
}

fn when(partial: &PartialDateTime, zone: Tz) -> Option<When> {
    let read = partial.to_date_time()?;
    if !partial.has_time() {
        return Some(When::Day(read.date_time.date()));
    }
    let zone = read.offset.map_or(zone, Tz::Fixed);
    moment(zone, read.date_time).map(When::At)
}

/// What clocks of the zone show at that time.
pub(super) fn shown(partial: &PartialDateTime, zone: Tz) -> Option<NaiveDateTime> {
    match when(partial, zone)? {
        When::Day(day) => Some(day.and_time(NaiveTime::MIN)),
        When::At(at) => Some(zone.from_utc_datetime(&at.naive_utc()).naive_local()),
    }
}
