//! Where a contact is, what time it is there, and whether this is a good moment to get in touch.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Serialize;

use crate::contact::Contact;
use crate::date::{Date, Time};
use crate::hours::{self, Hours};
use crate::settings::{Settings, StageGroup};

/// Their here and now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Moment {
    /// Their time zone, else the notebook's.
    pub timezone: String,
    /// It is their own: their file names it.
    pub own_timezone: bool,
    /// The day there.
    pub date: Date,
    /// The time there.
    pub time: Time,
    /// When they like to be called, as written.
    pub hours: Option<String>,
    /// Whether this is a good moment, and why.
    #[serde(flatten)]
    pub verdict: Verdict,
    /// The next good moment, where this is none.
    #[serde(serialize_with = "instant")]
    pub next: Option<DateTime<Utc>>,
}

/// Whether a moment is a good one, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Verdict {
    /// They said so: their hours are open.
    Good,
    /// They named no hours, and it is between 9:00 and 17:00 of a working day there.
    WorkingHours,
    /// They named hours, and these are not open.
    OutsideHours,
    /// They named no hours, and it is evening, night, weekend or a holiday there.
    OutsideWorkingHours,
    /// They are away.
    Away {
        /// The last day, where one is known.
        until: Option<Date>,
        /// Where, why.
        why: Option<String>,
    },
    /// They asked us to stop.
    Stopped,
}

impl Verdict {
    /// A good moment.
    pub fn is_good(&self) -> bool {
        matches!(self, Verdict::Good | Verdict::WorkingHours)
    }
}

/// The moment `now` as the contact lives it.
pub(super) fn moment(
    contact: &Contact,
    settings: &Settings,
    today: Date,
    now: DateTime<Utc>,
    group: StageGroup,
) -> Moment {
    let own = contact.head.timezone.as_deref().and_then(|name| Some((name, name.parse::<Tz>().ok()?)));
    let (timezone, tz) = match own {
        Some((name, tz)) => (name, tz),
        None => (settings.timezone.as_str(), settings.timezone.parse().unwrap_or(Tz::UTC)),
    };
    let (date, time) = hours::local(tz, now);
    // Hours that cannot be read are told by `check`; until then they count as none.
    let windows: Option<Hours> = contact.head.prefers.hours.as_deref().and_then(|text| text.parse().ok());
    let is_open = hours::is_open(windows.as_ref(), tz, now, &settings.calendar);
    let away = contact.head.away.as_ref().filter(|away| {
        away.until.is_some_and(|until| today <= until) && away.from.is_none_or(|from| from <= today)
    });
    let verdict = match (group, away, windows.is_some(), is_open) {
        (StageGroup::Stopped, ..) => Verdict::Stopped,
        (_, Some(away), ..) => Verdict::Away { until: away.until, why: away.why.clone() },
        (_, _, true, true) => Verdict::Good,
        (_, _, false, true) => Verdict::WorkingHours,
        (_, _, true, false) => Verdict::OutsideHours,
        (_, _, false, false) => Verdict::OutsideWorkingHours,
    };
    let next = matches!(verdict, Verdict::OutsideHours | Verdict::OutsideWorkingHours)
        .then(|| hours::next_opening(windows.as_ref(), tz, now, &settings.calendar))
        .flatten();
    Moment {
        timezone: timezone.to_owned(),
        own_timezone: own.is_some(),
        date,
        time,
        hours: windows.is_some().then(|| contact.head.prefers.hours.clone()).flatten(),
        verdict,
        next,
    }
}

fn instant<S: serde::Serializer>(instant: &Option<DateTime<Utc>>, s: S) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) => s.serialize_str(&instant.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)),
        None => s.serialize_none(),
    }
}
