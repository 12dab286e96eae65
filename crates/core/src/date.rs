//! Calendar dates and times of day as the format writes them (format, section 2), and working days.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, Timelike};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

mod spoken;

pub use chrono::Weekday;
pub use spoken::{Spoken, spoken};

/// A day of the Gregorian calendar, years 1 to 9999. Written `YYYY-MM-DD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(NaiveDate);

/// The year in which a day stands that recurs every year and whose own year nobody knows: a leap year, so that every day
/// is in it, and the one that address books take.
pub const YEARLESS: i32 = 1604;

impl Date {
    /// The last day that can be written with four digits of a year; sums that go beyond stop here.
    pub const MAX: Date = Date(match NaiveDate::from_ymd_opt(9999, 12, 31) {
        Some(d) => d,
        None => NaiveDate::MAX,
    });
    /// The first day of year 1; sums that go below stop here.
    pub const MIN: Date = Date(match NaiveDate::from_ymd_opt(1, 1, 1) {
        Some(d) => d,
        None => NaiveDate::MIN,
    });

    /// The day, or nothing where the calendar has none such (30 February, month 13, year 0).
    pub fn new(year: i32, month: u32, day: u32) -> Option<Date> {
        NaiveDate::from_ymd_opt(year, month, day).map(Date).filter(|d| (Date::MIN..=Date::MAX).contains(d))
    }

    /// From chrono's type, kept within the years that can be written.
    pub fn from_chrono(day: NaiveDate) -> Date {
        Date(day).clamp(Date::MIN, Date::MAX)
    }

    /// As chrono's type, for formatting and time zones.
    pub fn to_chrono(self) -> NaiveDate {
        self.0
    }

    /// Days since 31 December of year 0; one more each day.
    pub fn number(self) -> i32 {
        self.0.num_days_from_ce()
    }

    /// The day of a [`Date::number`].
    pub fn from_number(number: i32) -> Option<Date> {
        NaiveDate::from_num_days_from_ce_opt(number).map(Date).filter(|d| (Date::MIN..=Date::MAX).contains(d))
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// Whether it recurs every year and nobody knows in which it began ([`YEARLESS`]).
    pub fn is_yearless(self) -> bool {
        self.year() == YEARLESS
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> u32 {
        self.0.day()
    }

    /// The day of the week.
    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }

    /// `days` later, or earlier where negative.
    pub fn plus_days(self, days: i64) -> Date {
        let moved = if days >= 0 {
            self.0.checked_add_days(Days::new(days.unsigned_abs()))
        } else {
            self.0.checked_sub_days(Days::new(days.unsigned_abs()))
        };
        moved.map_or(if days >= 0 { Date::MAX } else { Date::MIN }, Date::from_chrono)
    }

    /// `months` later, clipped to the last day of the month (31 January + 1 is 28 or 29 February).
    pub fn plus_months(self, months: u32) -> Date {
        self.0.checked_add_months(Months::new(months)).map_or(Date::MAX, Date::from_chrono)
    }

    /// `months` earlier, clipped to the last day of the month.
    pub fn minus_months(self, months: u32) -> Date {
        self.0.checked_sub_months(Months::new(months)).map_or(Date::MIN, Date::from_chrono)
    }

    /// The last day of this day's month.
    pub fn last_of_month(self) -> Date {
        (28..=31).rev().find_map(|day| Date::new(self.year(), self.month(), day)).unwrap_or(self)
    }

    /// The Monday of this day's week; weeks run from Monday to Sunday.
    pub fn monday(self) -> Date {
        self.plus_days(-i64::from(self.weekday().num_days_from_monday()))
    }

    /// Whole days from `earlier` to this day; negative where this day comes first.
    pub fn days_since(self, earlier: Date) -> i64 {
        i64::from(self.number()) - i64::from(earlier.number())
    }

    /// This month and day in `year`; 29 February is the 28th where there is none (format, section 2).
    pub fn in_year(self, year: i32) -> Date {
        let year = year.clamp(1, 9999);
        Date::new(year, self.month(), self.day()).or_else(|| Date::new(year, 2, 28)).unwrap_or(self)
    }

    /// Reads `YYYY-MM-DD` from the start of `bytes`: `None` where they have another shape, `Some(None)` where
    /// the shape is right but there is no such day.
    pub fn scan(bytes: &[u8]) -> Option<Option<Date>> {
        let b = bytes.get(..10)?;
        let digit = |i: usize| b[i].is_ascii_digit().then(|| u32::from(b[i] - b'0'));
        if b[4] != b'-' || b[7] != b'-' {
            return None;
        }
        let year = digit(0)? * 1000 + digit(1)? * 100 + digit(2)? * 10 + digit(3)?;
        let month = digit(5)? * 10 + digit(6)?;
        let day = digit(8)? * 10 + digit(9)?;
        Some(Date::new(year as i32, month, day))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no date: its shape, or the calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not of the form `YYYY-MM-DD`.
    #[error("\"{0}\" is not a date of the form YYYY-MM-DD")]
    Shape(String),
    /// The form is right, the day does not exist.
    #[error("there is no day {0}")]
    NoSuchDay(String),
}

impl FromStr for Date {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Date, DateError> {
        match Date::scan(text.as_bytes()) {
            Some(Some(date)) if text.len() == 10 => Ok(date),
            Some(None) if text.len() == 10 => Err(DateError::NoSuchDay(text.to_owned())),
            _ => Err(DateError::Shape(text.to_owned())),
        }
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.collect_str(self) } else { s.serialize_i32(self.number()) }
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Date, D::Error> {
        if d.is_human_readable() {
            String::deserialize(d)?.parse().map_err(de::Error::custom)
        } else {
            Date::from_number(i32::deserialize(d)?).ok_or_else(|| de::Error::custom("no such day"))
        }
    }
}

/// A time of day to the minute. Written `HH:MM`, 00:00 to 23:59.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(u16);

impl Time {
    /// The time, or nothing beyond 23:59.
    pub fn new(hour: u32, minute: u32) -> Option<Time> {
        (hour < 24 && minute < 60).then(|| Time((hour * 60 + minute) as u16))
    }

    /// The hour and minute of chrono's type.
    pub fn from_chrono(time: NaiveTime) -> Time {
        Time((time.hour() * 60 + time.minute()) as u16)
    }

    /// Minutes since midnight, 0 to 1439.
    pub fn minutes(self) -> u16 {
        self.0
    }

    /// Reads `HH:MM` from the whole of `text`: `None` where it has another shape, `Some(None)` where the shape
    /// is right but there is no such time.
    pub fn scan(text: &str) -> Option<Option<Time>> {
        let b = text.as_bytes();
        if b.len() != 5 || b[2] != b':' || ![0, 1, 3, 4].iter().all(|&i| b[i].is_ascii_digit()) {
            return None;
        }
        let two = |i: usize| u32::from(b[i] - b'0') * 10 + u32::from(b[i + 1] - b'0');
        Some(Time::new(two(0), two(3)))
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.collect_str(self) } else { s.serialize_u16(self.0) }
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Time, D::Error> {
        let time = if d.is_human_readable() {
            Time::scan(&String::deserialize(d)?).flatten()
        } else {
            let m = u32::from(u16::deserialize(d)?);
            Time::new(m / 60, m % 60)
        };
        time.ok_or_else(|| de::Error::custom("no such time"))
    }
}

/// A date with or without a time of day, in the reader's own zone: `[next].on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct When {
    /// The day.
    pub date: Date,
    /// The time of that day, where one was given.
    pub time: Option<Time>,
}

/// Which days are worked (settings, `[calendar]`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// By [`Weekday::num_days_from_monday`]; at least one is true.
    workdays: [bool; 7],
    /// Sorted.
    holidays: Vec<Date>,
}

impl Default for Calendar {
    fn default() -> Self {
        Calendar { workdays: [true, true, true, true, true, false, false], holidays: Vec::new() }
    }
}

impl Calendar {
    /// The days named are worked but for the holidays. With no day named, every day is: a calendar without a
    /// working day would put all work off for ever.
    pub fn new(workdays: &[Weekday], mut holidays: Vec<Date>) -> Calendar {
        let mut days = [workdays.is_empty(); 7];
        for day in workdays {
            days[day.num_days_from_monday() as usize] = true;
        }
        holidays.sort_unstable();
        holidays.dedup();
        Calendar { workdays: days, holidays }
    }

    /// Whether `date` is a working day and no holiday.
    pub fn is_worked(&self, date: Date) -> bool {
        self.workdays[date.weekday().num_days_from_monday() as usize]
            && (self.holidays.is_empty() || self.holidays.binary_search(&date).is_err())
    }

    /// `date` itself where it is worked, else the next day that is.
    pub fn on_or_after(&self, mut date: Date) -> Date {
        while !self.is_worked(date) && date < Date::MAX {
            date = date.plus_days(1);
        }
        date
    }

    /// The `count`th working day after `date`; `date` itself for 0.
    pub fn plus_workdays(&self, mut date: Date, count: u32) -> Date {
        for _ in 0..count {
            if date == Date::MAX {
                break;
            }
            date = self.on_or_after(date.plus_days(1));
        }
        date
    }

    /// `date` itself where it is worked, else the last day before it that is.
    pub fn on_or_before(&self, mut date: Date) -> Date {
        while !self.is_worked(date) && date > Date::MIN {
            date = date.plus_days(-1);
        }
        date
    }

    /// The `count`th working day before `date`; `date` itself for 0.
    pub fn minus_workdays(&self, mut date: Date, count: u32) -> Date {
        for _ in 0..count {
            if date == Date::MIN {
                break;
            }
            date = self.on_or_before(date.plus_days(-1));
        }
        date
    }
}

/// The months by their English names, January first.
pub const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month, 1 to 12, by its English name, whole or its first three letters or `sept`, in any case.
pub fn month(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let lower = if lower == "sept" { "sep" } else { lower.as_str() };
    let at = MONTHS.iter().position(|name| *name == lower || name[..3] == *lower)?;
    Some(at as u32 + 1)
}

/// A day of the week by its English name, whole or its first three letters, in any case.
pub fn weekday(text: &str) -> Option<Weekday> {
    let lower = text.to_ascii_lowercase();
    let names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let at = names.iter().position(|n| *n == lower || n[..3] == lower)?;
    Weekday::try_from(at as u8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn reads_and_writes_iso() {
        assert_eq!(day("2026-02-28").to_string(), "2026-02-28");
        assert_eq!("2026-02-30".parse::<Date>(), Err(DateError::NoSuchDay("2026-02-30".into())));
        for bad in ["", "2026-2-3", "26-02-03", "2026-02-03 ", "2026/02/03", "２０２６-02-03"] {
            assert!(matches!(bad.parse::<Date>(), Err(DateError::Shape(_))), "{bad}");
        }
        assert!("0000-01-01".parse::<Date>().is_err());
    }

    #[test]
    fn months_clip_and_sums_stay_in_range() {
        assert_eq!(day("2026-01-31").plus_months(1), day("2026-02-28"));
        assert_eq!(day("2028-02-29").in_year(2027), day("2027-02-28"));
        assert_eq!(Date::MAX.plus_days(1), Date::MAX);
        assert_eq!(day("2026-01-31").plus_months(u32::MAX), Date::MAX);
        assert_eq!(day("2026-01-31").plus_days(i64::MIN + 1), Date::MIN);
        assert_eq!(day("2026-12-03").days_since(day("2026-11-30")), 3);
    }

    #[test]
    fn working_days() {
        let cal = Calendar::new(&[Weekday::Mon, Weekday::Tue], vec![day("2026-12-01")]);
        assert_eq!(cal.on_or_after(day("2026-12-01")), day("2026-12-07"));
        assert_eq!(cal.plus_workdays(day("2026-11-30"), 2), day("2026-12-08"));
        assert_eq!(cal.minus_workdays(day("2026-12-08"), 2), day("2026-11-30"));
        assert_eq!(cal.on_or_before(day("2026-12-01")), day("2026-11-30"));
        assert_eq!(cal.minus_workdays(Date::MIN, 3), Date::MIN);
        assert_eq!(Calendar::new(&[], vec![]).on_or_after(day("2026-12-05")), day("2026-12-05"));
        assert_eq!(cal.on_or_after(Date::MAX.plus_days(-1)), Date::MAX, "it ends where the calendar does");
    }

    #[test]
    fn weekdays_by_name() {
        assert_eq!(weekday("Tue"), Some(Weekday::Tue));
        assert_eq!(weekday("SUNDAY"), Some(Weekday::Sun));
        assert_eq!(weekday("tues"), None);
    }

    #[test]
    fn months_by_name() {
        for (text, number) in [("Jan", Some(1)), ("SEPT", Some(9)), ("december", Some(12)), ("sep", Some(9))]
        {
            assert_eq!(month(text), number, "{text}");
        }
        assert_eq!((month("ja"), month("janu"), month("")), (None, None, None));
    }

    #[test]
    fn months_and_weeks_have_ends() {
        assert_eq!(day("2028-02-10").last_of_month(), day("2028-02-29"));
        assert_eq!(Date::MAX.last_of_month(), Date::MAX);
        assert_eq!(day("2026-12-06").monday(), day("2026-11-30"));
        assert_eq!(day("2026-12-07").monday(), day("2026-12-07"));
    }
}
