//! When a contact likes to hear from us (format, section 6): windows of the week in the contact's own time zone.

use std::str::FromStr;

use chrono::{DateTime, LocalResult, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;

use crate::date::{Calendar, Date, Time, weekday};

/// The windows of `prefers.hours`: a comma-separated list of `[DAYS] HH:MM-HH:MM`.
///
/// `DAYS` is a day, a range, or several joined by `+`: `Mon`, `Tue-Thu`, `Mon+Wed`, `Sat+Tue-Thu`. A range may run
/// over the weekend: `Fri-Mon`. A window without days is open every day: nobody ruled one out. A window that ends
/// before it begins runs past midnight and belongs to the day on which it begins; `24:00` ends a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    windows: Vec<Window>,
}

/// From `from` up to, not including, `until`; both in minutes since the midnight of each of `days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Window {
    /// By [`Weekday::num_days_from_monday`].
    days: [bool; 7],
    from: u16,
    /// Beyond 24 hours where it runs past midnight.
    until: u16,
}

const DAY: u16 = 24 * 60;
const DEFAULT_FROM: u16 = 9 * 60;
const DEFAULT_UNTIL: u16 = 17 * 60;
/// How many days ahead an opening is looked for. The longest holidays are over by then.
const HORIZON: i64 = 366;

/// Why a text is no list of windows, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct HoursError {
    /// The byte of the text at which it stops making sense.
    pub offset: usize,
    /// What is wrong there.
    pub message: String,
}

/// Whether this is a moment to call: one of `hours` is open, or, without any, it is between 9:00 and 17:00 of a
/// working day. `tz` is the contact's time zone, else the notebook's.
pub fn is_open(hours: Option<&Hours>, tz: Tz, at: DateTime<Utc>, calendar: &Calendar) -> bool {
    let (date, time) = local(tz, at);
    let minute = time.minutes();
    match hours {
        None => calendar.is_worked(date) && (DEFAULT_FROM..DEFAULT_UNTIL).contains(&minute),
        Some(hours) => {
            let today = date.weekday().num_days_from_monday() as usize;
            let yesterday = (today + 6) % 7;
            hours.windows.iter().any(|window| {
                let open = window.from..window.until;
                window.days[today] && open.contains(&minute)
                    || window.days[yesterday] && open.contains(&(minute + DAY))
            })
        }
    }
}

/// The next moment from `at` on that [`is_open`]; none where that is more than a year away.
pub fn next_opening(
    hours: Option<&Hours>,
    tz: Tz,
    at: DateTime<Utc>,
    calendar: &Calendar,
) -> Option<DateTime<Utc>> {
    if is_open(hours, tz, at, calendar) {
        return Some(at);
    }
    let (today, _) = local(tz, at);
    (0..=HORIZON).find_map(|ahead| {
        let date = today.plus_days(ahead);
        let weekday = date.weekday().num_days_from_monday() as usize;
        let starts: Vec<u16> = match hours {
            None => vec![DEFAULT_FROM],
            Some(hours) => hours.windows.iter().filter(|w| w.days[weekday]).map(|w| w.from).collect(),
        };
        let moments = starts.into_iter().flat_map(|minute| moments(tz, date, minute));
        moments.filter(|moment| *moment > at && is_open(hours, tz, *moment, calendar)).min()
    })
}

/// The day and the time of day that clocks of `tz` show at `at`.
pub fn local(tz: Tz, at: DateTime<Utc>) -> (Date, Time) {
    let local = at.with_timezone(&tz);
    (Date::from_chrono(local.date_naive()), Time::from_chrono(local.time()))
}

/// The moment at which clocks of `tz` show that time of that day: the first, where they are set back over it; the first
/// after, where they are set forward over it.
pub fn moment(tz: Tz, date: Date, time: Time) -> Option<DateTime<Utc>> {
    moments(tz, date, time.minutes()).first().copied()
}

/// The moments at which clocks of `tz` show that minute of that day: two where they are set back over it. Where
/// they are set forward over it, the first moment after.
fn moments(tz: Tz, date: Date, minute: u16) -> Vec<DateTime<Utc>> {
    let midnight = date.to_chrono().and_time(chrono::NaiveTime::MIN);
    let shown = midnight + TimeDelta::minutes(i64::from(minute));
    match tz.from_local_datetime(&shown) {
        LocalResult::Single(moment) => vec![moment.to_utc()],
        LocalResult::Ambiguous(first, second) => vec![first.to_utc(), second.to_utc()],
        // Clocks jump by a day at most, and by whole minutes wherever somebody may still be called.
        LocalResult::None => (1..=i64::from(DAY))
            .find_map(|later| tz.from_local_datetime(&(shown + TimeDelta::minutes(later))).earliest())
            .map(|moment| moment.to_utc())
            .into_iter()
            .collect(),
    }
}

impl FromStr for Hours {
    type Err = HoursError;

    /// Reads `Tue-Thu 14:00-16:00, Mon+Wed 9:00-10:00` (format, section 6).
    fn from_str(text: &str) -> Result<Hours, HoursError> {
        let mut windows = Vec::new();
        let mut scanner = Scanner { text, at: 0 };
        loop {
            windows.push(scanner.window()?);
            scanner.spaces();
            if scanner.rest().is_empty() {
                return Ok(Hours { windows });
            }
            if !scanner.take(&[',']) {
                return Err(scanner.error("expected \",\" between two windows"));
            }
        }
    }
}

struct Scanner<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scanner<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Steps over one of `signs`, and the space before it.
    fn take(&mut self, signs: &[char]) -> bool {
        let before = self.at;
        self.spaces();
        match self.rest().chars().next().filter(|c| signs.contains(c)) {
            Some(sign) => self.at += sign.len_utf8(),
            None => self.at = before,
        }
        self.at > before
    }

    fn error(&self, message: impl Into<String>) -> HoursError {
        HoursError { offset: self.at, message: message.into() }
    }

    fn window(&mut self) -> Result<Window, HoursError> {
        self.spaces();
        let days =
            if self.rest().starts_with(|c: char| c.is_alphabetic()) { self.days()? } else { [true; 7] };
        self.spaces();
        let start = self.at;
        let from = self.time()?;
        if !self.take(&DASHES) {
            return Err(self.error("expected \"-\" and the time at which the window ends"));
        }
        self.spaces();
        let until = self.time()?;
        if from == DAY || from == until {
            return Err(HoursError { offset: start, message: "this window is never open".to_owned() });
        }
        Ok(Window { days, from, until: if until < from { until + DAY } else { until } })
    }

    fn days(&mut self) -> Result<[bool; 7], HoursError> {
        let mut days = [false; 7];
        loop {
            let first = self.day()?;
            let last = if self.take(&DASHES) { self.day()? } else { first };
            let mut day = first;
            days[day.num_days_from_monday() as usize] = true;
            while day != last {
                day = day.succ();
                days[day.num_days_from_monday() as usize] = true;
            }
            if !self.take(&['+']) {
                return Ok(days);
            }
        }
    }

    fn day(&mut self) -> Result<Weekday, HoursError> {
        self.spaces();
        let rest = self.rest();
        let word = &rest[..rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len())];
        let day = weekday(word)
            .ok_or_else(|| self.error(format!("\"{word}\" is no day of the week such as \"Mon\"")))?;
        self.at += word.len();
        Ok(day)
    }

    /// Minutes since midnight, up to 24:00.
    fn time(&mut self) -> Result<u16, HoursError> {
        let rest = self.rest();
        let word = &rest[..rest.find(|c: char| !c.is_ascii_digit() && c != ':').unwrap_or(rest.len())];
        let minutes = match word {
            "24:00" => Some(DAY),
            _ if word.len() == 4 => Time::scan(&format!("0{word}")).flatten().map(Time::minutes),
            _ => Time::scan(word).flatten().map(Time::minutes),
        };
        let shown = if word.is_empty() { rest } else { word };
        let minutes =
            minutes.ok_or_else(|| self.error(format!("\"{shown}\" is no time of the form HH:MM")))?;
        self.at += word.len();
        Ok(minutes)
    }
}

/// What people type between two days or two times.
const DASHES: [char; 2] = ['-', '–'];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn hours(text: &str) -> Hours {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    /// Whether `text` is open in UTC at `moment`.
    fn open(text: &str, moment: &str) -> bool {
        is_open(Some(&hours(text)), Tz::UTC, at(moment), &Calendar::default())
    }

    #[test]
    fn windows_of_the_week() {
        // 2026-12-03 is a Thursday.
        for (text, moment, expected) in [
            ("Tue-Thu 14:00-16:00", "2026-12-03T14:00:00Z", true),
            ("Tue-Thu 14:00-16:00", "2026-12-03T15:59:59Z", true),
            ("Tue-Thu 14:00-16:00", "2026-12-03T16:00:00Z", false),
            ("Tue-Thu 14:00-16:00", "2026-12-04T14:00:00Z", false),
            ("Mon+Wed 9:00-10:00", "2026-12-02T09:30:00Z", true),
            ("Mon+Wed 9:00-10:00", "2026-12-01T09:30:00Z", false),
            ("mon 09:00-10:00, Thursday 11:00-12:00", "2026-12-03T11:30:00Z", true),
            ("Fri-Mon 9:00-10:00", "2026-12-06T09:30:00Z", true),
            ("Fri-Mon 9:00-10:00", "2026-12-03T09:30:00Z", false),
            ("Sat+Tue-Thu 9:00-10:00", "2026-12-05T09:00:00Z", true),
            ("Tue – Thu 14:00 – 16:00", "2026-12-03T14:00:00Z", true),
            // No day named, no day ruled out: a Sunday.
            ("14:00-16:00", "2026-12-06T14:00:00Z", true),
            // Past midnight: the Friday's window.
            ("Fri 22:00-02:00", "2026-12-05T01:00:00Z", true),
            ("Fri 22:00-02:00", "2026-12-04T01:00:00Z", false),
            ("Thu 22:00-24:00", "2026-12-03T23:59:00Z", true),
            ("Thu 22:00-24:00", "2026-12-04T00:00:00Z", false),
        ] {
            assert_eq!(open(text, moment), expected, "{text} at {moment}");
        }
    }

    #[test]
    fn errors_say_where() {
        for (text, offset, message) in [
            ("", 0, "\"\" is no time of the form HH:MM"),
            ("Mon", 3, "\"\" is no time of the form HH:MM"),
            ("Mon 9-10", 4, "\"9\" is no time of the form HH:MM"),
            ("Mon 9:00", 8, "expected \"-\" and the time at which the window ends"),
            ("Mon 9:00-25:00", 9, "\"25:00\" is no time of the form HH:MM"),
            ("Mon-Tus 9:00-10:00", 4, "\"Tus\" is no day of the week such as \"Mon\""),
            ("Mon 9:00-10:00; Tue 9:00-10:00", 14, "expected \",\" between two windows"),
            ("Mon 9:00-10:00,", 15, "\"\" is no time of the form HH:MM"),
            ("Mon 9:00-9:00", 4, "this window is never open"),
            ("Mon 24:00-25:00", 10, "\"25:00\" is no time of the form HH:MM"),
            ("after lunch", 0, "\"after\" is no day of the week such as \"Mon\""),
        ] {
            let error = text.parse::<Hours>().unwrap_err();
            assert_eq!((error.offset, error.message.as_str()), (offset, message), "{text}");
        }
    }

    #[test]
    fn without_hours_working_days_from_nine_to_five_there() {
        let calendar = Calendar::new(&[Weekday::Thu, Weekday::Fri], vec!["2026-12-04".parse().unwrap()]);
        let chicago = Tz::America__Chicago;
        for (moment, expected) in [
            ("2026-12-03T14:59:00Z", false),
            ("2026-12-03T15:00:00Z", true),
            ("2026-12-03T22:59:00Z", true),
            ("2026-12-03T23:00:00Z", false),
            ("2026-12-04T16:00:00Z", false),
        ] {
            assert_eq!(is_open(None, chicago, at(moment), &calendar), expected, "{moment}");
        }
        let next = next_opening(None, chicago, at("2026-12-03T23:00:00Z"), &calendar);
        assert_eq!(next, Some(at("2026-12-10T15:00:00Z")), "the Friday is a holiday");
    }

    #[test]
    fn the_next_opening() {
        for (text, moment, expected) in [
            ("Tue-Thu 14:00-16:00", "2026-12-03T15:00:00Z", "2026-12-03T15:00:00Z"),
            ("Tue-Thu 14:00-16:00", "2026-12-03T16:00:00Z", "2026-12-08T14:00:00Z"),
            ("Thu 14:00-16:00, Thu 9:00-10:00", "2026-12-03T08:00:00Z", "2026-12-03T09:00:00Z"),
            ("Thu 14:00-16:00", "2026-12-03T16:30:00Z", "2026-12-10T14:00:00Z"),
        ] {
            let next = next_opening(Some(&hours(text)), Tz::UTC, at(moment), &Calendar::default());
            assert_eq!(next, Some(at(expected)), "{text} at {moment}");
        }
    }

    #[test]
    fn clocks_set_forward_and_back() {
        let berlin = Tz::Europe__Berlin;
        let calendar = Calendar::default();
        let next = |text: &str, moment| next_opening(Some(&hours(text)), berlin, at(moment), &calendar);
        // On 2026-03-29 clocks go from 2:00 to 3:00: half past two never comes, the window opens at three.
        assert_eq!(next("Sun 2:30-4:00", "2026-03-29T00:00:00Z"), Some(at("2026-03-29T01:00:00Z")));
        // A window that lies wholly in the gap does not open that day.
        assert_eq!(next("Sun 2:15-2:45", "2026-03-29T00:00:00Z"), Some(at("2026-04-05T00:15:00Z")));
        // On 2026-10-25 the hour from two to three comes twice, and so does the window.
        assert_eq!(next("Sun 2:15-2:45", "2026-10-25T00:00:00Z"), Some(at("2026-10-25T00:15:00Z")));
        assert_eq!(next("Sun 2:15-2:45", "2026-10-25T00:50:00Z"), Some(at("2026-10-25T01:15:00Z")));
        assert!(is_open(Some(&hours("Sun 2:15-2:45")), berlin, at("2026-10-25T01:20:00Z"), &calendar));
    }

    proptest! {
        #[test]
        fn never_panics_and_errors_lie_within(text in "[MonTueWdSa0-9:+,–x \\-]{0,24}|\\PC{0,12}") {
            if let Err(error) = text.parse::<Hours>() {
                prop_assert!(text.is_char_boundary(error.offset));
            }
        }

        #[test]
        fn an_opening_is_open_and_nothing_before_it_is(
            days in proptest::sample::select(vec!["", "Mon ", "Sat+Sun ", "Fri-Mon ", "Wed "]),
            from in 0u16..1440, length in 1u16..1439, moment in 1_790_000_000i64..1_850_000_000,
        ) {
            let until = (from + length) % 1440;
            let clock = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
            let hours = hours(&format!("{days}{}-{}", clock(from), clock(until)));
            let at = DateTime::from_timestamp(moment / 60 * 60, 0).unwrap();
            let calendar = Calendar::default();
            let next = next_opening(Some(&hours), Tz::UTC, at, &calendar).unwrap();
            prop_assert!(is_open(Some(&hours), Tz::UTC, next, &calendar));
            let minutes = (next - at).num_minutes();
            let early = (0..minutes)
                .step_by(7)
                .find(|m| is_open(Some(&hours), Tz::UTC, at + TimeDelta::minutes(*m), &calendar));
            prop_assert_eq!(early, None);
        }
    }

    #[test]
    fn at_the_ends_of_the_calendar() {
        for moment in [at("0001-01-01T00:00:00Z"), at("9999-12-31T23:59:00Z")] {
            for tz in [Tz::UTC, Tz::Pacific__Kiritimati, Tz::Pacific__Pago_Pago] {
                next_opening(None, tz, moment, &Calendar::default());
                next_opening(Some(&hours("Sun 22:00-02:00")), tz, moment, &Calendar::default());
            }
        }
    }
}
