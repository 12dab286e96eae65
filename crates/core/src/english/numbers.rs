//! Days and times in digits: `2026-12-03`, `3.12.2026`, `24/12`, `14:30`, `9.30am`.

use crate::date::{Date, MONTHS, Time};

use super::Misread;
use super::lexer::Token;

/// What a run of digits with its `-`, `.`, `/` or `:` says.
#[derive(Debug, PartialEq)]
pub(super) enum Numeric {
    /// A plain number, of which the next word may tell what it counts.
    Number(u32),
    Token(Token),
}

/// Reads digits, with separators between them but none at the end.
///
/// # Errors
/// No such day or time, or several.
pub(super) fn read(text: &str) -> Result<Numeric, Misread> {
    if let Some(separator) = text.chars().find(|c| !c.is_ascii_digit()) {
        let parts: Vec<&str> = text.split(separator).collect();
        let numbers: Option<Vec<u32>> =
            parts.iter().map(|p| p.parse().ok().filter(|_| p.len() < 5)).collect();
        let token = match (numbers, separator) {
            (Some(numbers), ':') => clock(text, &numbers)?,
            (Some(numbers), _) => day(text, separator, &parts, &numbers)?,
            (None, '-' | '.' | '/') if parts.len() == 3 && parts.iter().all(|p| p.parse::<u64>().is_ok()) => {
                let message = format!("\"{}\" is too far away", super::short(text));
                return Err(Misread::new(message).hint("years are 1 to 9999, in four digits"));
            }
            (None, _) => return Err(nothing(text)),
        };
        return Ok(Numeric::Token(token));
    }
    let number = text
        .parse::<u32>()
        .map_err(|_| Misread::new(format!("\"{}\" is too large a number", super::short(text))))?;
    match text.len() {
        8 => {
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            Ok(Numeric::Token(Token::Iso(date(year, month, day)?)))
        }
        4 if number > 0 => Ok(Numeric::Token(Token::Year(number as i32))),
        _ => Ok(Numeric::Number(number)),
    }
}

/// A time with `am` or `pm`.
///
/// # Errors
/// The hours of a half day go from 1 to 12.
pub(super) fn twelve_hours(text: &str, is_pm: bool) -> Result<Time, Misread> {
    let suffix = if is_pm { "pm" } else { "am" };
    let (hours, minutes) = text.split_once([':', '.']).unwrap_or((text, "00"));
    let number = |digits: &str| digits.parse::<u32>().ok().filter(|_| digits.len() < 3);
    let time = number(hours)
        .zip(number(minutes).filter(|_| minutes.len() == 2))
        .filter(|(hour, _)| (1..=12).contains(hour))
        .and_then(|(hour, minute)| Time::new(hour % 12 + if is_pm { 12 } else { 0 }, minute));
    time.ok_or_else(|| {
        Misread::new(format!("there is no time \"{text}{suffix}\""))
            .hint("a time is `9am`, `9:30pm` or `14:30`")
    })
}

/// `14:30`, `14:30:00`; a contact's file has no seconds.
fn clock(text: &str, numbers: &[u32]) -> Result<Token, Misread> {
    let time = match *numbers {
        [hour, minute] => Time::new(hour, minute),
        [hour, minute, second] if second < 60 => Time::new(hour, minute),
        _ => None,
    };
    let time = time.filter(|_| text.split(':').skip(1).all(|part| part.len() == 2));
    let missing = || {
        Misread::new(format!("there is no time \"{text}\""))
            .hint("a time is `9:05` or `14:30`, from `00:00` to `23:59`")
    };
    time.map(Token::Clock).ok_or_else(missing)
}

fn day(text: &str, separator: char, parts: &[&str], numbers: &[u32]) -> Result<Token, Misread> {
    let is_year = |at: usize| parts[at].len() == 4;
    match *numbers {
        [year, month, day] if is_year(0) => Ok(Token::Iso(date(year, month, day)?)),
        [a, b, year] if is_year(2) => {
            let (month, day) = in_order(text, separator, a, b, Some(year))?;
            Ok(Token::Iso(date(year, month, day)?))
        }
        [a, b, _] if parts[2].len() == 2 => {
            Err(Misread::new(format!("the year of \"{text}\" has two digits"))
                .hint(format!("write all four: `{a}{separator}{b}{separator}20{}`", parts[2])))
        }
        [year, month] if is_year(0) => month_of(year, month),
        [month, year] if is_year(1) => month_of(year, month),
        [hour, minute] if separator == '.' && minute > 12 && parts[1].len() == 2 && hour < 24 => {
            Err(Misread::new(format!("there is no day \"{text}\""))
                .hint(format!("the time is `{hour}:{:02}`", minute.min(59))))
        }
        [a, b] => {
            let (month, day) = in_order(text, separator, a, b, None)?;
            // Every day but these is in some year.
            date(2000, month, day).map_err(|_| no_day(month, day, None))?;
            Ok(Token::MonthDay(month, day))
        }
        _ => Err(nothing(text)),
    }
}

fn month_of(year: u32, month: u32) -> Result<Token, Misread> {
    match Date::new(year as i32, month, 1) {
        Some(_) => Ok(Token::MonthOf(year as i32, month)),
        None => {
            Err(Misread::new(format!("there is no month {year:04}-{month:02}")).hint("months are 1 to 12"))
        }
    }
}

/// The month and the day of two numbers: with full stops the day comes first; else one of them can be no month, or
/// nobody knows.
fn in_order(text: &str, separator: char, a: u32, b: u32, year: Option<u32>) -> Result<(u32, u32), Misread> {
    if separator == '.' || a > 12 || a == b {
        return Ok((b, a));
    }
    if b > 12 {
        return Ok((a, b));
    }
    let of_year = year.map(|year| format!(" {year}")).unwrap_or_default();
    let (one, two) = (spelled(b, a), spelled(a, b));
    let hint = match year {
        Some(year) => format!("write `{year:04}-{b:02}-{a:02}` or `{year:04}-{a:02}-{b:02}`"),
        None => format!("write `{}` or `{}`", brief(b, a), brief(a, b)),
    };
    Err(Misread::new(format!("\"{text}\" could be {one} or {two}{of_year}")).hint(hint))
}

/// The day, where the calendar has it.
///
/// # Errors
/// Names the last day of that month.
pub(super) fn date(year: u32, month: u32, day: u32) -> Result<Date, Misread> {
    let missing = || match Date::new(year as i32, month, 1) {
        Some(first) if day > 0 => Misread::new(format!("there is no day {year:04}-{month:02}-{day:02}"))
            .hint(format!("the last of that month is `{}`", first.last_of_month())),
        Some(first) => Misread::new(format!("there is no day {year:04}-{month:02}-{day:02}"))
            .hint(format!("the first of that month is `{first}`")),
        None => Misread::new(format!("there is no day {year:04}-{month:02}-{day:02}"))
            .hint("months are 1 to 12, years 1 to 9999"),
    };
    Date::new(year as i32, month, day).ok_or_else(missing)
}

/// There is no such day in that year, or in any. The last of the month is the nearest.
pub(super) fn no_day(month: u32, day: u32, year: Option<i32>) -> Misread {
    let of_year = year.map(|year| format!(" {year}")).unwrap_or_default();
    let missing = Misread::new(format!("there is no day {}{of_year}", spelled(month, day)));
    match Date::new(year.unwrap_or(2000), month, 1) {
        Some(first) if day > 0 => missing.hint(format!(
            "the last of that month is `{}{of_year}`",
            brief(month, first.last_of_month().day())
        )),
        Some(_) => missing.hint(format!("the first of that month is `{}{of_year}`", brief(month, 1))),
        None => missing.hint("months are 1 to 12"),
    }
}

fn nothing(text: &str) -> Misread {
    Misread {
        unknown: true,
        ..Misread::new(format!("\"{}\" is no day that can be read", super::short(text)))
    }
}

/// `3 April`; only digits where there is no such month.
pub(super) fn spelled(month: u32, day: u32) -> String {
    match MONTHS.get((month as usize).wrapping_sub(1)) {
        Some(name) => format!("{day} {}{}", name[..1].to_uppercase(), &name[1..]),
        None => format!("{day} of month {month}"),
    }
}

/// `3 apr`.
fn brief(month: u32, day: u32) -> String {
    match MONTHS.get((month as usize).wrapping_sub(1)) {
        Some(name) => format!("{day} {}", &name[..3]),
        None => format!("{day} of month {month}"),
    }
}
