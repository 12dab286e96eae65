//! Days as a query says them: `2026-12-03`, `2026-12`, `today`, `fri`, `90d`, `+2w`.

use crate::date::{Date, Weekday, weekday};
use crate::period::{Period, PeriodError};
use crate::settings::Settings;

use super::error::{near, shown};

/// What a text says of time.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Said {
    /// From the first day to the last; the same for a single day.
    Days {
        first: Date,
        last: Date,
        /// Said from today (`fri`, `+2w`), not by the calendar.
        relative: bool,
    },
    /// A length of time, which the key makes a day.
    Age(Period),
}

/// Why a text says nothing of time, and what to do about it.
pub(super) type Unsaid = (String, Option<String>);

const WORDS: [&str; 10] = [
    "today",
    "tomorrow",
    "yesterday",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// Reads a day or an age. A weekday is the nearest one, today included: back from today for a `past` key.
pub(super) fn read(text: &str, past: bool, settings: &Settings, today: Date) -> Result<Said, Unsaid> {
    let day = |date| Said::Days { first: date, last: date, relative: true };
    let lower = text.to_lowercase();
    match lower.as_str() {
        "today" => return Ok(day(today)),
        "tomorrow" => return Ok(day(today.plus_days(1))),
        "yesterday" => return Ok(day(today.plus_days(-1))),
        _ => {}
    }
    if let Some(weekday) = weekday(&lower) {
        return Ok(day(nearest_weekday(weekday, past, today)));
    }
    if let Some((first, last)) = calendar_days(&lower)? {
        return Ok(Said::Days { first, last, relative: false });
    }
    let unsigned = lower.strip_prefix(['+', '-']);
    match unsigned.unwrap_or(&lower).parse::<Period>() {
        Ok(period) => Ok(match unsigned {
            None => Said::Age(period),
            Some(_) if lower.starts_with('-') => day(period.before(today)),
            Some(_) => day(period.after(today, &settings.calendar)),
        }),
        Err(PeriodError::Minutes(_)) => Err((
            format!("\"{}\" could be minutes or months", shown(text)),
            Some(format!("write `{}o` for months", shown(text))),
        )),
        Err(PeriodError::TooLong(_)) => Err((format!("\"{}\" is longer than 100 years", shown(text)), None)),
        Err(PeriodError::Shape(_)) => Err((
            format!("\"{}\" is neither a day nor a length of time", shown(text)),
            Some(if lower.bytes().all(|b| b.is_ascii_digit()) {
                format!("with its unit: `{0}d`, `{0}w`, `{0}mo` or `{0}y`", shown(text))
            } else {
                match near(&lower, WORDS) {
                    Some(meant) => format!("did you mean `{meant}`?"),
                    None => "a day is `2026-12-31`, `today` or `fri`, a length of time `10d`, `2w` or `3mo`"
                        .to_owned(),
                }
            }),
        )),
    }
}

fn nearest_weekday(weekday: Weekday, past: bool, today: Date) -> Date {
    let (from, to) = if past { (weekday, today.weekday()) } else { (today.weekday(), weekday) };
    let days = i64::from(to.days_since(from));
    today.plus_days(if past { -days } else { days })
}

/// A day, a month (`2026-12`) or a year (`2026`) of the calendar.
fn calendar_days(text: &str) -> Result<Option<(Date, Date)>, Unsaid> {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| {
        bytes
            .get(from..to)
            .filter(|d| d.iter().all(u8::is_ascii_digit))
            .and_then(|_| text[from..to].parse().ok())
    };
    let no_such = |what| Err((format!("there is no {what} {text}"), None));
    match bytes.len() {
        10 => match Date::scan(bytes) {
            Some(Some(date)) => Ok(Some((date, date))),
            Some(None) => no_such("day"),
            None => Ok(None),
        },
        7 if bytes[4] == b'-' => {
            let (Some(year), Some(month)) = (digits(0, 4), digits(5, 7)) else { return Ok(None) };
            match Date::new(year as i32, month, 1) {
                Some(first) => Ok(Some((first, last_of_month(first)))),
                None => no_such("month"),
            }
        }
        4 => {
            let Some(year) = digits(0, 4) else { return Ok(None) };
            let year = year as i32;
            match Date::new(year, 1, 1).zip(Date::new(year, 12, 31)) {
                Some(days) => Ok(Some(days)),
                None => no_such("year"),
            }
        }
        _ => Ok(None),
    }
}

fn last_of_month(first: Date) -> Date {
    (28..=31).rev().find_map(|day| Date::new(first.year(), first.month(), day)).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn say(text: &str, past: bool) -> String {
        // A Thursday.
        let today = "2026-12-03".parse().unwrap();
        match read(text, past, &Settings::default(), today) {
            Ok(Said::Days { first, last, .. }) if first == last => first.to_string(),
            Ok(Said::Days { first, last, .. }) => format!("{first}..{last}"),
            Ok(Said::Age(period)) => period.to_string(),
            Err((message, _)) => message,
        }
    }

    #[test]
    fn what_days_are_called() {
        for (text, back, ahead) in [
            ("2026-12-31", "2026-12-31", "2026-12-31"),
            ("2028-02", "2028-02-01..2028-02-29", "2028-02-01..2028-02-29"),
            ("2026", "2026-01-01..2026-12-31", "2026-01-01..2026-12-31"),
            ("9999-12", "9999-12-01..9999-12-31", "9999-12-01..9999-12-31"),
            ("Today", "2026-12-03", "2026-12-03"),
            ("tomorrow", "2026-12-04", "2026-12-04"),
            ("yesterday", "2026-12-02", "2026-12-02"),
            ("thu", "2026-12-03", "2026-12-03"),
            ("fri", "2026-11-27", "2026-12-04"),
            ("Wednesday", "2026-12-02", "2026-12-09"),
            ("3 months", "3 months", "3 months"),
            ("+2w", "2026-12-17", "2026-12-17"),
            ("-1mo", "2026-11-03", "2026-11-03"),
            ("+3bd", "2026-12-08", "2026-12-08"),
        ] {
            assert_eq!((say(text, true).as_str(), say(text, false).as_str()), (back, ahead), "{text}");
        }
    }
}
