//! Days as a query says them: `2026-12-03`, `2026-12`, `fri`, `"end of month"`, and ages such as `90d`.

use crate::date::Date;
use crate::english::{self, Lean, Now, Stretch};
use crate::period::{Period, PeriodError};
use crate::settings::Settings;

use super::error::shown;

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

/// Reads a day or an age. What names no year or no week leans back from today for a `past` key.
pub(super) fn read(text: &str, past: bool, settings: &Settings, today: Date) -> Result<Said, Unsaid> {
    let lower = text.trim().to_lowercase();
    if let Some((first, last)) = calendar_days(&lower)? {
        return Ok(Said::Days { first, last, relative: false });
    }
    match lower.parse::<Period>() {
        Ok(period) => return Ok(Said::Age(period)),
        Err(PeriodError::Minutes(_)) => {
            let hint = format!("write `{}o` for months", shown(text));
            return Err((format!("\"{}\" could be minutes or months", shown(text)), Some(hint)));
        }
        Err(PeriodError::TooLong(_)) => {
            return Err((format!("\"{}\" is longer than 100 years", shown(text)), None));
        }
        Err(PeriodError::Shape(_)) => {}
    }
    if lower.bytes().all(|b| b.is_ascii_digit()) && lower.len() != "20261203".len() {
        let hint = format!("with its unit: `{0}d`, `{0}w`, `{0}mo` or `{0}y`", shown(text));
        return Err((neither(text), Some(hint)));
    }
    let lean = if past { Lean::Past } else { Lean::Future };
    let now = Now { today, time: None, calendar: &settings.calendar };
    match english::stretch(text, lean, &now) {
        Ok(Stretch { time: Some(_), .. }) => Err((
            format!("\"{}\" has a time of day", shown(text)),
            Some("days are compared as a whole, so leave the time out".to_owned()),
        )),
        Ok(Stretch { first, last, relative, .. }) => Ok(Said::Days { first, last, relative }),
        Err(misread) if misread.unknown => {
            let forms = "a day is `2026-12-31`, `today` or `fri`, a length of time `10d`, `2w` or `3mo`";
            Err((neither(text), Some(misread.hint.unwrap_or_else(|| forms.to_owned()))))
        }
        Err(misread) => Err((misread.message, misread.hint)),
    }
}

fn neither(text: &str) -> String {
    format!("\"{}\" is neither a day nor a length of time", shown(text))
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
                Some(first) => Ok(Some((first, first.last_of_month()))),
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
            ("-3bd", "2026-11-30", "2026-11-30"),
            ("jan-5", "2026-01-05", "2027-01-05"),
            ("20261224", "2026-12-24", "2026-12-24"),
            ("end of month", "2026-11-30", "2026-12-31"),
            ("next week", "2026-12-07..2026-12-13", "2026-12-07..2026-12-13"),
            ("last month", "2026-11-01..2026-11-30", "2026-11-01..2026-11-30"),
            ("march", "2026-03-01..2026-03-31", "2027-03-01..2027-03-31"),
            ("3 months ago", "2026-09-03", "2026-09-03"),
            ("fri 2pm", "\"fri 2pm\" has a time of day", "\"fri 2pm\" has a time of day"),
            ("30 feb", "there is no day 30 February", "there is no day 30 February"),
        ] {
            assert_eq!((say(text, true).as_str(), say(text, false).as_str()), (back, ahead), "{text}");
        }
    }
}
