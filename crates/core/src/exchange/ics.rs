//! Events as an iCalendar text (RFC 5545), which calendars subscribe to or take in.
//!
//! The same events give the same bytes: nothing in here knows what time it is. `calcard` escapes and folds.

use std::collections::HashSet;

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendar, ICalendarAction, ICalendarComponent, ICalendarComponentType, ICalendarDuration,
    ICalendarEntry, ICalendarMethod, ICalendarParameter, ICalendarProperty, ICalendarStatus,
    ICalendarTransparency, ICalendarValue, ICalendarValueType, Uri,
};
use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc};
use sha1::{Digest, Sha1};

use super::plain::line;
use crate::date::Date;

/// How long an event with a time takes.
const LENGTH: TimeDelta = TimeDelta::minutes(15);
/// How many minutes before it the alarm is.
const ALARM: u32 = 10;
/// How often, in hours, a calendar is to ask for what is new.
const REFRESH: u32 = 1;

/// What a calendar says of itself.
#[derive(Debug, Clone)]
pub struct Calendar {
    /// Its name.
    pub name: String,
    /// As of when it is: the time of the last change, never the clock's.
    pub stamp: DateTime<Utc>,
}

/// An event: something on a day, or at a moment of that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// By which a calendar knows it again.
    pub uid: String,
    /// The contact's id.
    pub id: String,
    /// The day.
    pub date: Date,
    /// The moment; without one it is of the whole day.
    pub at: Option<DateTime<Utc>>,
    /// What to do, in one line.
    pub summary: String,
    /// What to know before; lines end with `\n`.
    pub description: String,
    /// The address of the contact's page.
    pub url: Option<String>,
    /// What kinds of things are to be done.
    pub categories: Vec<String>,
}

/// The calendar with these events, in the order of their days. Where two have one UID, the later gets one by its id.
pub fn text(calendar: &Calendar, mut events: Vec<Event>) -> String {
    events.sort_unstable_by(|a, b| (a.date, a.at, &a.id).cmp(&(b.date, b.at, &b.id)));
    let mut known = HashSet::with_capacity(events.len());
    let mut out = ICalendar { components: vec![head(calendar)] };
    for mut event in events {
        if !known.insert(event.uid.clone()) {
            event.uid = uid("id", &event.id, event.date);
            known.insert(event.uid.clone());
        }
        let mut component = component(&event, calendar.stamp);
        let alarm = event.at.map(|_| alarm(&event));
        let number = out.components.len() as u32;
        component.component_ids.extend(alarm.is_some().then_some(number + 1));
        out.components[0].component_ids.push(number);
        out.components.push(component);
        out.components.extend(alarm);
    }
    out.to_string()
}

/// A UID that says nothing of whom it is about: the same for the same mark and day. `kind` is what the mark is.
pub fn uid(kind: &str, mark: &str, date: Date) -> String {
    let hash = Sha1::digest(format!("tickler {kind} {mark}"));
    let hash: String = hash.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
    format!("{hash}-{}@tickler", date.to_chrono().format("%Y%m%d"))
}

fn head(calendar: &Calendar) -> ICalendarComponent {
    use ICalendarProperty as Is;
    let mut head = ICalendarComponent::new(ICalendarComponentType::VCalendar);
    head.add_property(Is::Version, text_of("2.0"));
    head.add_property(Is::Prodid, text_of("-//tickler//tickler//EN"));
    head.add_property(Is::Calscale, text_of("GREGORIAN"));
    head.add_property(Is::Method, ICalendarValue::Method(ICalendarMethod::Publish));
    head.add_property(Is::Other("X-WR-CALNAME".to_owned()), text_of(&line(&calendar.name)));
    let refresh = ICalendarDuration { hours: REFRESH, ..ICalendarDuration::default() };
    let duration = [ICalendarParameter::value(ICalendarValueType::Duration)];
    head.add_property_with_params(Is::RefreshInterval, duration, ICalendarValue::Duration(refresh.clone()));
    head.add_property(Is::Other("X-PUBLISHED-TTL".to_owned()), ICalendarValue::Duration(refresh));
    head
}

fn component(event: &Event, stamp: DateTime<Utc>) -> ICalendarComponent {
    use ICalendarProperty as Is;
    let mut one = ICalendarComponent::new(ICalendarComponentType::VEvent);
    one.add_property(Is::Uid, text_of(&event.uid));
    one.add_property(Is::Dtstamp, moment(stamp));
    match event.at {
        Some(at) => {
            one.add_property(Is::Dtstart, moment(at));
            one.add_property(Is::Dtend, moment(at + LENGTH));
        }
        None => {
            let date = || [ICalendarParameter::value(ICalendarValueType::Date)];
            one.add_property_with_params(Is::Dtstart, date(), day(event.date));
            one.add_property_with_params(Is::Dtend, date(), day(event.date.plus_days(1)));
        }
    }
    one.add_property(Is::Summary, text_of(&line(&event.summary)));
    if !event.description.is_empty() {
        let lines: Vec<String> = event.description.trim_end().split('\n').map(line).collect();
        one.add_property(Is::Description, text_of(&lines.join("\n")));
    }
    if let Some(url) = &event.url {
        one.add_property(Is::Url, ICalendarValue::Uri(Uri::Location(url.clone())));
    }
    let categories = event.categories.iter().map(|category| text_of(&line(category))).collect();
    one.entries.push(ICalendarEntry::new(Is::Categories).with_values(categories));
    one.add_property(Is::Status, ICalendarValue::Status(ICalendarStatus::Confirmed));
    // Nobody is taken for busy on a day because somebody is to be called on it.
    let transparency =
        if event.at.is_some() { ICalendarTransparency::Opaque } else { ICalendarTransparency::Transparent };
    one.add_property(Is::Transp, ICalendarValue::Transparency(transparency));
    one
}

fn alarm(event: &Event) -> ICalendarComponent {
    use ICalendarProperty as Is;
    let mut alarm = ICalendarComponent::new(ICalendarComponentType::VAlarm);
    let before = ICalendarDuration { neg: true, minutes: ALARM, ..ICalendarDuration::default() };
    alarm.add_property(Is::Action, ICalendarValue::Action(ICalendarAction::Display));
    alarm.add_property(Is::Trigger, ICalendarValue::Duration(before));
    alarm.add_property(Is::Description, text_of(&line(&event.summary)));
    alarm
}

fn text_of(text: &str) -> ICalendarValue {
    ICalendarValue::Text(text.to_owned())
}

fn day(date: Date) -> ICalendarValue {
    ICalendarValue::PartialDateTime(Box::new(PartialDateTime {
        year: u16::try_from(date.year()).ok(),
        month: u8::try_from(date.month()).ok(),
        day: u8::try_from(date.day()).ok(),
        ..PartialDateTime::default()
    }))
}

fn moment(at: DateTime<Utc>) -> ICalendarValue {
    let small = |number: u32| u8::try_from(number).ok();
    ICalendarValue::PartialDateTime(Box::new(PartialDateTime {
        year: u16::try_from(at.year()).ok(),
        month: small(at.month()),
        day: small(at.day()),
        hour: small(at.hour()),
        minute: small(at.minute()),
        second: small(at.second()),
        tz_hour: Some(0),
        tz_minute: Some(0),
        tz_minus: false,
    }))
}

#[cfg(test)]
mod tests;
