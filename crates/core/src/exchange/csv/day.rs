//! Days as sheets have them, in a dozen forms. Which of day and month stands first, one cell often cannot say, but
//! its whole column can.

use crate::date::{Date, Time, YEARLESS};

/// What stands first in a date of numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Month, day, year: `03/15/2024`.
    Mdy,
    /// Day, month, year: `15/03/2024`.
    Dmy,
    /// Year, month, day: `24/03/15`.
    Ymd,
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day {
    /// That there is none: `0/0/00`.
    None,
    /// A day, and a time where one is given.
    At(Date, Option<Time>),
    /// Nothing that is a day.
    Unclear,
}

/// What a column's cells say of the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Cells that can only be month, day, year.
    pub mdy: usize,
    /// Cells that can only be day, month, year.
    pub dmy: usize,
    /// Cells that may be either, and would be different days.
    pub open: usize,
}

impl Evidence {
    /// Looks at one more cell.
    pub fn add(&mut self, cell: &str) {
        let Some(([first, second, _], '/' | '-' | ' ')) = numbers(first_word(cell)) else { return };
        match (first.0, second.0) {
            _ if first.1 > 2 => {}
            (13.., 1..=12) => self.dmy += 1,
            (1..=12, 13..) => self.mdy += 1,
            (1..=12, 1..=12) if first.0 != second.0 => self.open += 1,
            _ => {}
        }
    }

    /// The order that the cells show; none where they leave it open, or contradict each other.
    pub fn order(&self) -> Option<Order> {
        match (self.mdy, self.dmy) {
            (1.., 0) => Some(Order::Mdy),
            (0, 1..) => Some(Order::Dmy),
            _ => None,
        }
    }
}

/// Reads a cell. Of two digits of a year it is the century that does not lie after `latest`.
pub fn day(cell: &str, order: Order, latest: i32) -> Day {
    let cell = cell.trim();
    if cell.bytes().all(|byte| matches!(byte, b'0' | b'/' | b'-' | b'.' | b':' | b' ')) {
        return Day::None;
    }
    if let Some(moment) = milliseconds(cell) {
        return moment;
    }
    let found = yearless(cell)
        .map(|date| (date, ""))
        .or_else(|| numeric(cell, order, latest))
        .or_else(|| spelled(cell, latest));
    match found {
        Some((date, rest)) => Day::At(date, time(rest)),
        None => Day::Unclear,
    }
}

/// `--05-12`, `--0512`, `05-12` and `1604-05-12` say no year.
fn yearless(cell: &str) -> Option<Date> {
    let rest = cell.strip_prefix("--")?;
    let digits: String = rest.chars().filter(|c| *c != '-').collect();
    if digits.len() != 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Date::new(YEARLESS, digits[..2].parse().ok()?, digits[2..].parse().ok()?)
}

/// A moment as programs count them, in milliseconds since 1970; the day is that of Greenwich.
fn milliseconds(cell: &str) -> Option<Day> {
    if !(12..=13).contains(&cell.len()) || !cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let moment = chrono::DateTime::from_timestamp_millis(cell.parse().ok()?)?;
    Some(Day::At(Date::from_chrono(moment.date_naive()), Some(Time::from_chrono(moment.time()))))
}

fn first_word(cell: &str) -> &str {
    let cell = cell.trim();
    cell.split([' ', 'T', ',']).next().unwrap_or(cell)
}

/// Three numbers with one kind of mark between them, each with how many digits it has.
fn numbers(word: &str) -> Option<([(u32, usize); 3], char)> {
    let mark = word.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(mark, '/' | '-' | '.') {
        return None;
    }
    let mut parts = word.split(mark);
    let mut number = || {
        let part = parts.next()?;
        let is_number = (1..=4).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        if is_number { Some((part.parse().ok()?, part.len())) } else { None }
    };
    let three = [number()?, number()?, number()?];
    parts.next().is_none().then_some((three, mark))
}

fn numeric(cell: &str, order: Order, latest: i32) -> Option<(Date, &str)> {
    let word = first_word(cell);
    let rest = &cell[word.len()..];
    if word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit()) {
        let part = |range: std::ops::Range<usize>| word[range].parse::<u32>().ok();
        return Some((Date::new(part(0..4)? as i32, part(4..6)?, part(6..8)?)?, rest));
    }
    let ([a, b, c], mark) = numbers(word)?;
    let of = |year: (u32, usize), month: u32, day: u32| Date::new(full_year(year, latest), month, day);
    if a.1 > 2 {
        return Some((of(a, b.0, c.0)?, rest));
    }
    let order = match (mark, order) {
        // Nobody writes months first and dots between.
        ('.', Order::Mdy) => Order::Dmy,
        _ if c.1 > 2 && order == Order::Ymd => Order::Mdy,
        _ => order,
    };
    let (mdy, dmy) = (of(c, a.0, b.0), of(c, b.0, a.0));
    let date = match order {
        Order::Ymd => of(a, b.0, c.0),
        // What cannot be as its column is, is what it can be.
        Order::Mdy => mdy.or(dmy),
        Order::Dmy => dmy.or(mdy),
    };
    Some((date?, rest))
}

/// `12 Mar 2024`, `7-Feb-22`, `March 12, 2024`, `12. März 2024`, `May 12`.
fn spelled(cell: &str, latest: i32) -> Option<(Date, &str)> {
    let (mut day, mut month, mut year) = (None, None, None);
    let mut end = cell.len();
    let marks = |c: char| c.is_whitespace() || matches!(c, ',' | '-' | '/' | '.');
    let mut at = 0;
    for word in cell.split(marks) {
        let begin = at;
        at += word.len() + cell[begin + word.len()..].chars().next().map_or(0, char::len_utf8);
        if word.is_empty() {
            continue;
        }
        let digits = word.bytes().take_while(u8::is_ascii_digit).count();
        let number = word[..digits].parse::<u32>().ok();
        let is_ordinal = matches!(&word[digits..], "" | "st" | "nd" | "rd" | "th" | "er");
        match number {
            // Days of the week, `de` and such say nothing more.
            None if month.is_none() => month = month_named(word),
            None => {}
            Some(_) if word.contains(':') || !is_ordinal => {
                end = begin;
                break;
            }
            Some(number) if digits <= 2 && day.is_none() => day = Some(number),
            Some(number) if year.is_none() => year = Some((number, digits)),
            Some(_) => {
                end = begin;
                break;
            }
        }
        if day.is_some() && month.is_some() && year.is_some() {
            end = at;
            break;
        }
    }
    let year = year.map_or(YEARLESS, |year| full_year(year, latest));
    Some((Date::new(year, month?, day?)?, &cell[end.min(cell.len())..]))
}

/// A year of two digits is the last one that does not lie after `latest`.
fn full_year((year, digits): (u32, usize), latest: i32) -> i32 {
    let year = year as i32;
    if digits > 2 {
        return year;
    }
    let century = latest - latest.rem_euclid(100);
    if century + year > latest { century + year - 100 } else { century + year }
}

/// The months by how they begin, in the languages of most exports.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen"],
    &["feb", "fev"],
    &["mar", "mrz", "maer"],
    &["apr", "avr", "abr"],
    &["may", "mai", "mag", "maj", "mei"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "aou", "ago"],
    &["sep", "set"],
    &["oct", "okt", "out", "ott"],
    &["nov"],
    &["dec", "dez", "dic"],
];

fn month_named(word: &str) -> Option<u32> {
    let word = crate::fold::fold(word);
    let at = MONTHS.iter().position(|names| names.iter().any(|name| word.starts_with(name)))?;
    u32::try_from(at + 1).ok()
}

/// The time behind a day: `T14:05:00Z`, ` 2:05 PM`.
fn time(rest: &str) -> Option<Time> {
    let rest = rest.trim_start_matches(['T', ' ', ',']).trim();
    let (hour, rest) = rest.split_once(':')?;
    let minute: String = rest.chars().take_while(char::is_ascii_digit).collect();
    let lower = rest.to_ascii_lowercase();
    let hour: u32 = hour.trim().parse().ok()?;
    let hour = match (lower.contains("pm"), lower.contains("am"), hour) {
        (true, _, 1..=11) => hour + 12,
        (_, true, 12) => 0,
        _ => hour,
    };
    Time::new(hour, minute.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Order::{Dmy, Mdy, Ymd};
    use proptest::prelude::*;

    #[test]
    fn days_in_every_form() {
        for (cell, order, expected) in [
            ("2024-03-12", Mdy, "2024-03-12"),
            ("2024-03-12T14:05:00Z", Mdy, "2024-03-12 14:05"),
            ("2024-03-12 14:05", Dmy, "2024-03-12 14:05"),
            ("2024/3/12", Dmy, "2024-03-12"),
            ("20240312", Dmy, "2024-03-12"),
            ("12 Mar 2024", Mdy, "2024-03-12"),
            ("7-Feb-22", Mdy, "2022-02-07"),
            ("03/15/2024", Mdy, "2024-03-15"),
            ("03/15/2024", Dmy, "2024-03-15"),
            ("03/04/2024", Mdy, "2024-03-04"),
            ("03/04/2024", Dmy, "2024-04-03"),
            ("3/4/24 2:05 PM", Mdy, "2024-03-04 14:05"),
            ("3/4/24 12:05 am", Mdy, "2024-03-04 00:05"),
            ("03.04.2024", Mdy, "2024-04-03"),
            ("24-03-04", Ymd, "2024-03-04"),
            ("3/4/2024", Ymd, "2024-03-04"),
            ("March 12, 2024", Dmy, "2024-03-12"),
            ("Mar 12th, 2024", Dmy, "2024-03-12"),
            ("Tuesday, March 12, 2024", Dmy, "2024-03-12"),
            ("12. März 2024", Mdy, "2024-03-12"),
            ("1er août 2024", Mdy, "2024-08-01"),
            ("12 de marzo de 2024", Mdy, "2024-03-12"),
            ("12 mars 2024 9:30", Mdy, "2024-03-12 09:30"),
            ("1/2/69", Mdy, "1969-01-02"),
            ("1/2/26", Mdy, "2026-01-02"),
            ("1/2/27", Mdy, "1927-01-02"),
            ("--0512", Mdy, "1604-05-12"),
            ("--02-29", Mdy, "1604-02-29"),
            ("May 12", Mdy, "1604-05-12"),
            ("1710201600000", Mdy, "2024-03-12 00:00"),
            ("0/0/00", Mdy, "none"),
            ("0000-00-00", Mdy, "none"),
            ("00/00/00 00:00:00", Mdy, "none"),
            ("", Mdy, "none"),
            ("soon", Mdy, "unclear"),
            ("31/31/2024", Mdy, "unclear"),
            ("2024-02-30", Mdy, "unclear"),
            ("Feb 30 2024", Mdy, "unclear"),
            ("March 2024", Mdy, "unclear"),
            ("+1 555 0100", Mdy, "unclear"),
        ] {
            let shown = match day(cell, order, 2026) {
                Day::None => "none".to_owned(),
                Day::Unclear => "unclear".to_owned(),
                Day::At(date, None) => date.to_string(),
                Day::At(date, Some(time)) => format!("{date} {time}"),
            };
            assert_eq!(shown, expected, "{cell} {order:?}");
        }
    }

    #[test]
    fn a_column_says_what_its_cells_do_not() {
        for (cells, order, open) in [
            (&["03/04/2024", "03/15/2024"][..], Some(Mdy), 1),
            (&["03/04/2024", "15/03/2024 10:00"], Some(Dmy), 1),
            (&["03/04/2024", "4-3-24"], None, 2),
            (&["03/03/2024", "2024-03-15", "12 Mar 2024", "13.4.2024", ""], None, 0),
            (&["13/04/2024", "04/13/2024"], None, 0),
        ] {
            let mut evidence = Evidence::default();
            cells.iter().for_each(|cell| evidence.add(cell));
            assert_eq!((evidence.order(), evidence.open), (order, open), "{cells:?}");
        }
    }

    proptest! {
        #[test]
        fn no_cell_is_too_odd(cell in "\\PC{0,16}|[0-9/ .:,TMar-]{0,16}") {
            let mut evidence = Evidence::default();
            evidence.add(&cell);
            for order in [Mdy, Dmy, Ymd] {
                day(&cell, order, 2026);
            }
        }
    }
}
