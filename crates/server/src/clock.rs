//! What time it is.

use chrono::{DateTime, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;
use tickler_core::date::{Date, Time};
use tickler_core::settings::Settings;

/// The clock of the system, or one that stands still.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// The day on which it stands, at three in the afternoon of UTC, when nearly everywhere it is that day.
    fixed: Option<Date>,
}

impl Clock {
    /// The clock of the system, or one that stands on that day.
    pub fn new(fixed: Option<Date>) -> Clock {
        Clock { fixed }
    }

    /// This moment.
    pub fn now(&self) -> DateTime<Utc> {
        let afternoon = NaiveTime::from_hms_opt(15, 0, 0).unwrap_or_default();
        self.fixed.map_or_else(Utc::now, |date| date.to_chrono().and_time(afternoon).and_utc())
    }

    /// The day in a notebook's time zone.
    pub fn today(&self, settings: &Settings) -> Date {
        let here = self.now().with_timezone(&zone(settings));
        Date::from_chrono(here.date_naive())
    }

    /// The time of that day, to the minute.
    pub fn time(&self, settings: &Settings) -> Option<Time> {
        let here = self.now().with_timezone(&zone(settings));
        Time::new(here.hour(), here.minute())
    }
}

/// The time zone of a notebook.
pub fn zone(settings: &Settings) -> Tz {
    settings.timezone.parse().unwrap_or(Tz::UTC)
}
