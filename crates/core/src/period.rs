//! Periods: a number and a unit (format, section 2).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::date::{Calendar, Date};

/// The unit of a [`Period`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Unit {
    /// 60 minutes; rounds up to whole days where only a date is known.
    Hour,
    /// A calendar day.
    Day,
    /// Seven days.
    Week,
    /// A calendar month, clipped to the month's last day.
    Month,
    /// Twelve months.
    Year,
    /// A working day that is no holiday.
    BusinessDay,
}

/// A length of time such as `3 months` or `2w`. Keeps the text that it was written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Period {
    count: u32,
    unit: Unit,
    written: String,
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// Neither a number and a unit nor one of the short forms.
    #[error("\"{0}\" is not a period such as \"3 months\", \"2w\" or \"5 business days\"")]
    Shape(String),
    /// `3m` could be minutes or months.
    #[error("\"{0}\" is not a period: write \"mo\" or \"months\" for months")]
    Minutes(String),
    /// More than a hundred years.
    #[error("\"{0}\" is longer than 100 years")]
    TooLong(String),
}

impl Period {
    /// `count` units, written the long way: `3 months`.
    pub fn new(count: u32, unit: Unit) -> Period {
        let name = match unit {
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::Week => "week",
            Unit::Month => "month",
            Unit::Year => "year",
            Unit::BusinessDay => "business day",
        };
        Period { count, unit, written: format!("{count} {name}{}", if count == 1 { "" } else { "s" }) }
    }

    /// The text as it was written, without the space around it.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// The number of units.
    pub fn count(&self) -> u32 {
        self.count
    }

    /// The unit counted.
    pub fn unit(&self) -> Unit {
        self.unit
    }

    /// The day that lies this period after `date`.
    pub fn after(&self, date: Date, calendar: &Calendar) -> Date {
        match self.unit {
            Unit::Hour => date.plus_days(i64::from(self.count.div_ceil(24))),
            Unit::Day => date.plus_days(i64::from(self.count)),
            Unit::Week => date.plus_days(i64::from(self.count) * 7),
            Unit::Month => date.plus_months(self.count),
            Unit::Year => date.plus_months(self.count * 12),
            Unit::BusinessDay => calendar.plus_workdays(date, self.count),
        }
    }

    /// The day that lies this period before `date`; business days count as calendar days and two a week more.
    pub fn before(&self, date: Date) -> Date {
        match self.unit {
            Unit::Month => date.minus_months(self.count),
            Unit::Year => date.minus_months(self.count * 12),
            _ => date.plus_days(-i64::from(self.days())),
        }
    }

    /// About how many days this is: a month counts 30, a year 365, five business days a week.
    pub fn days(&self) -> u32 {
        match self.unit {
            Unit::Hour => self.count.div_ceil(24),
            Unit::Day => self.count,
            Unit::Week => self.count * 7,
            Unit::Month => self.count * 30,
            Unit::Year => self.count * 365,
            Unit::BusinessDay => self.count * 7 / 5,
        }
    }
}

impl FromStr for Period {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Period, PeriodError> {
        let written = text.trim();
        let shape = || PeriodError::Shape(written.to_owned());
        let digits = written.bytes().take_while(u8::is_ascii_digit).count();
        let (number, unit) = written.split_at(digits);
        if number.is_empty() {
            return Err(shape());
        }
        let lower = unit.split_ascii_whitespace().collect::<Vec<_>>().join(" ").to_ascii_lowercase();
        let unit = match lower.as_str() {
            "h" | "hour" | "hours" => Unit::Hour,
            "d" | "day" | "days" => Unit::Day,
            "w" | "week" | "weeks" => Unit::Week,
            "mo" | "month" | "months" => Unit::Month,
            "y" | "year" | "years" => Unit::Year,
            "bd" | "business day" | "business days" => Unit::BusinessDay,
            "m" => return Err(PeriodError::Minutes(written.to_owned())),
            _ => return Err(shape()),
        };
        let most = match unit {
            Unit::Hour => 876_000,
            Unit::Day | Unit::BusinessDay => 36_500,
            Unit::Week => 5_214,
            Unit::Month => 1_200,
            Unit::Year => 100,
        };
        match number.parse::<u32>() {
            Ok(count) if count <= most => Ok(Period { count, unit, written: written.to_owned() }),
            _ => Err(PeriodError::TooLong(written.to_owned())),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

impl Serialize for Period {
    /// As written for people; for the index also as understood, so that it need not be read again.
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() {
            return s.serialize_str(&self.written);
        }
        (self.count, self.unit, self.written.as_str()).serialize(s)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Period, D::Error> {
        if d.is_human_readable() {
            return String::deserialize(d)?.parse().map_err(de::Error::custom);
        }
        let (count, unit, written) = Deserialize::deserialize(d)?;
        Ok(Period { count, unit, written })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(period: &str, date: &str) -> String {
        let period: Period = period.parse().unwrap();
        period.after(date.parse().unwrap(), &Calendar::default()).to_string()
    }

    #[test]
    fn every_form_of_the_format() {
        for (period, expected) in [
            ("10 days", "2026-02-10"),
            ("10d", "2026-02-10"),
            ("1 day", "2026-02-01"),
            ("0 days", "2026-01-31"),
            ("2 weeks", "2026-02-14"),
            ("2w", "2026-02-14"),
            ("3 months", "2026-04-30"),
            ("1mo", "2026-02-28"),
            ("1 year", "2027-01-31"),
            ("1y", "2027-01-31"),
            ("24 hours", "2026-02-01"),
            ("24h", "2026-02-01"),
            ("36h", "2026-02-02"),
            ("3 business days", "2026-02-04"),
            ("3bd", "2026-02-04"),
            (" 3  Business Days ", "2026-02-04"),
        ] {
            assert_eq!(after(period, "2026-01-31"), expected, "{period}");
        }
    }

    #[test]
    fn what_is_no_period() {
        for bad in ["", "months", "3", "3 moons", "-3 days", "1.5 days", "3 days ago", "d3"] {
            assert!(matches!(bad.parse::<Period>(), Err(PeriodError::Shape(_))), "{bad}");
        }
        assert!(matches!("3m".parse::<Period>(), Err(PeriodError::Minutes(_))));
        for long in ["101 years", "4294967296 days", "99999999999999999999d", "36501 bd"] {
            assert!(matches!(long.parse::<Period>(), Err(PeriodError::TooLong(_))), "{long}");
        }
    }

    #[test]
    fn keeps_the_text_as_written() {
        assert_eq!("6w".parse::<Period>().unwrap().to_string(), "6w");
        assert_eq!(Period::new(1, Unit::Month).to_string(), "1 month");
        assert_eq!(Period::new(5, Unit::BusinessDay).to_string(), "5 business days");
    }
}
