//! Time zones of a calendar: the names that it uses, and what they mean.

use std::collections::HashMap;

use calcard::common::PartialDateTime;
use calcard::common::timezone::Tz;
use calcard::icalendar::{ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue};
use calcard::{Entry, Parser};
use chrono::{DateTime, FixedOffset, NaiveDateTime, TimeDelta, TimeZone, Utc};

use super::{blocks, event};

/// The time zones of a calendar.
pub(super) struct Zones {
    named: HashMap<String, Tz>,
    /// The notebook's.
    usual: chrono_tz::Tz,
    /// That of times that do not say theirs.
    floating: Tz,
}

impl Zones {
    /// Those that the text describes.
    pub fn of(text: &str, usual: chrono_tz::Tz) -> Zones {
        let mut named = HashMap::new();
        for block in blocks::zones(text) {
            let Entry::ICalendar(read) = Parser::new(block).entry() else { continue };
            let Some(zone) = read.components.first() else { continue };
            match zone.timezone() {
                Some((name, tz)) => drop(named.insert(name.to_owned(), tz)),
                None => {
                    let name = event::text(zone, &ICalendarProperty::Tzid).to_owned();
                    named.extend(fixed(&read.components).map(|tz| (name, tz)));
                }
            }
        }
        Zones { named, usual, floating: Tz::Tz(usual) }
    }

    /// From now on, times that do not say their zone are in the one of that name; without one, in the notebook's.
    pub fn floating(&mut self, name: Option<&str>) {
        let named = name.and_then(|name| self.named(name));
        self.floating = named.unwrap_or(Tz::Tz(self.usual));
    }

    /// The zone of that name; what nobody knows is the one of times that do not say theirs.
    pub fn get(&self, name: Option<&str>) -> Tz {
        name.and_then(|name| self.named(name)).unwrap_or(self.floating)
    }

    fn named(&self, name: &str) -> Option<Tz> {
        let found = self.named.get(name).copied().or_else(|| name.parse().ok());
        found.filter(|tz| !tz.is_floating())
    }
}

/// The offset of a zone that has only one, whatever its name. One that changes in the year, and whose name nobody
/// knows, stays unknown.
fn fixed(components: &[ICalendarComponent]) -> Option<Tz> {
    let mut offsets = components
        .iter()
        .filter(|part| {
            matches!(part.component_type, ICalendarComponentType::Standard | ICalendarComponentType::Daylight)
        })
        .filter_map(|part| match part.property(&ICalendarProperty::Tzoffsetto)?.values.first()? {
            ICalendarValue::PartialDateTime(offset) => seconds(offset),
            _ => None,
        });
    let first = offsets.next()?;
    let is_one = offsets.all(|offset| offset == first);
    is_one.then(|| FixedOffset::east_opt(first)).flatten().map(Tz::Fixed)
}

fn seconds(offset: &PartialDateTime) -> Option<i32> {
    let seconds = i32::from(offset.tz_hour?) * 3600 + i32::from(offset.tz_minute.unwrap_or(0)) * 60;
    Some(if offset.tz_minus { -seconds } else { seconds })
}

/// The moment at which clocks of the zone show that: the first, where they are set back over it; an hour later, where
/// they are set forward over it.
pub(super) fn moment(zone: Tz, shown: NaiveDateTime) -> Option<DateTime<Utc>> {
    let at = |shown: NaiveDateTime| zone.from_local_datetime(&shown).earliest();
    let moment = at(shown).or_else(|| at(shown.checked_add_signed(TimeDelta::hours(1))?))?;
    Some(moment.to_utc())
}
