//! Days as address books write them, with a year or without.

use super::line::Line;
use crate::date::{Date, YEARLESS};

/// The day that a line says, whatever the form; none where it says less, such as a year or `circa 1800`.
pub fn day(line: &Line) -> Option<Date> {
    let value = line.value.trim();
    let day = written(value)?;
    let omitted = line.param("X-APPLE-OMIT-YEAR").any(|year| year.parse() == Ok(day.year()));
    if omitted { Date::new(YEARLESS, day.month(), day.day()) } else { Some(day) }
}

/// `19800512`, `1980-05-12`, `--0512`, `--05-12`, each with or without a time of day behind it.
fn written(text: &str) -> Option<Date> {
    let end = text.find(['T', 't', ' ']).unwrap_or(text.len());
    let (day, time) = (&text[..end], &text[end..]);
    // Words behind a day would be lost.
    if !time.chars().skip(1).all(|c| c.is_ascii_digit() || ":.+-Zz".contains(c)) {
        return None;
    }
    let (year, rest) = match day.strip_prefix("--") {
        Some(rest) => (YEARLESS, rest),
        None => {
            let year = day.get(..4).filter(|year| year.bytes().all(|b| b.is_ascii_digit()))?;
            let rest = &day[4..];
            (year.parse().ok()?, rest.strip_prefix('-').unwrap_or(rest))
        }
    };
    let (month, day) = match rest.split_once('-') {
        Some(parts) => parts,
        None if rest.len() == 4 && rest.is_ascii() => rest.split_at(2),
        None => return None,
    };
    let number = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() <= 2);
    Date::new(year, number(month)?, number(day)?)
}

/// The day as vCard 4.0 writes it.
pub fn basic(day: Date) -> String {
    if day.is_yearless() {
        return format!("--{:02}{:02}", day.month(), day.day());
    }
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_every_form() {
        for (text, expected) in [
            ("BDAY:19800512", Some("19800512")),
            ("BDAY:1980-05-12", Some("19800512")),
            ("BDAY:1980-5-2", Some("19800502")),
            ("BDAY:--0512", Some("--0512")),
            ("BDAY:--05-12", Some("--0512")),
            ("BDAY:--0229", Some("--0229")),
            ("BDAY:19531015T231000Z", Some("19531015")),
            ("BDAY:1980-05-12T00:00:00.000+01:00", Some("19800512")),
            ("BDAY:1980-05-12 10:00", Some("19800512")),
            ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-12", Some("--0512")),
            ("BDAY;X-APPLE-OMIT-YEAR=1900:1900-05-12", Some("--0512")),
            ("BDAY;X-APPLE-OMIT-YEAR=1900:1980-05-12", Some("19800512")),
            ("BDAY:1980", None),
            ("BDAY:1980-05", None),
            ("BDAY:---12", None),
            ("BDAY:circa 1800", None),
            ("BDAY:19800512 or so", None),
            ("BDAY:1980-13-01", None),
            ("BDAY:12 May 1980", None),
            ("BDAY:é980", None),
        ] {
            let day = day(&Line::parse(text).unwrap()).map(basic);
            assert_eq!(day.as_deref(), expected, "{text}");
        }
    }
}
