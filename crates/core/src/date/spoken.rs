//! Days as people write them, to tell how a file wants them: `3 Dec 2026`, `Dec 3rd`, `2026/12/3`, `friday`.
//!
//! It reads far less than a command line does, on purpose: in free text "by now", "by second post" and "by night" are
//! no days.

use super::{Date, MONTHS, month, weekday};

/// Words of time that name no day by themselves.
const VAGUE: [&str; 12] = [
    "next",
    "end",
    "week",
    "weekend",
    "month",
    "year",
    "noon",
    "tonight",
    "christmas",
    "easter",
    "eod",
    "eow",
];

/// A day in the words of people, at the start of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spoken {
    /// The day; none where it could be several (`3/4/2026`, `next week`) or does not exist.
    pub date: Option<Date>,
    /// How many bytes of the text say it.
    pub len: usize,
}

/// Reads the day that `text` begins with, if it begins with one. What names no year, or only a weekday, is the first
/// such day after `after`, and no day that can be told without.
pub fn spoken(text: &str, after: Option<Date>) -> Option<Spoken> {
    let words = Words::of(text);
    let first = words.lower(0)?;
    if matches!(&*first, "the" | "this" | "coming") {
        let rest = words.end(0);
        let gap = text.len() - rest - text[rest..].trim_start().len();
        return spoken(&text[rest + gap..], after).map(|s| Spoken { len: s.len + rest + gap, ..s });
    }
    let said = |date, last: usize| Some(Spoken { date, len: words.end(last) });
    if let Some(days) = ["today", "tomorrow"].iter().position(|word| *word == first) {
        return said(after.map(|day| day.plus_days(days as i64)), 0);
    }
    if let Some(wanted) = weekday(&first) {
        // "Friday, 4 December" is told by the rest.
        if let Some((day, last)) = words.named(1, after) {
            return said(day, last);
        }
        let day = after.and_then(|day| (1..=7).map(|n| day.plus_days(n)).find(|d| d.weekday() == wanted));
        return said(day, 0);
    }
    if let Some(day) = numeric(&first, after) {
        return said(day, 0);
    }
    if let Some((day, last)) = words.named(0, after) {
        return said(day, last);
    }
    let is_month = first.len() > 3 && MONTHS.contains(&&*first);
    if VAGUE.contains(&&*first) || is_month {
        let last = (1..4).take_while(|at| words.lower(*at).is_some()).last().unwrap_or(0);
        return said(None, if first == "next" { last.min(1) } else { last.min(3) });
    }
    None
}

/// The words of a text with their ends.
struct Words<'a>(Vec<(&'a str, usize)>);

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Words<'a> {
        let start = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        let bare = |word: &'a str| word.trim_matches([',', '.', ':', ';', '!', '(', ')', '"']);
        Words(text.split_whitespace().take(5).map(|w| (bare(w), start(bare(w)) + bare(w).len())).collect())
    }

    fn lower(&self, at: usize) -> Option<String> {
        self.0.get(at).map(|(word, _)| word.to_lowercase()).filter(|word| !word.is_empty())
    }

    fn end(&self, at: usize) -> usize {
        self.0.get(at).map_or(0, |(_, end)| *end)
    }

    /// `3 Dec 2026`, `3rd of December`, `Dec 3`, from the word `at` on, and its last word.
    fn named(&self, at: usize, after: Option<Date>) -> Option<(Option<Date>, usize)> {
        let (one, mut last) = (self.lower(at)?, at + 1);
        let mut two = self.lower(last)?;
        if two == "of" {
            last += 1;
            two = self.lower(last)?;
        }
        let (day, month) = match (ordinal(&one), month(&two)) {
            (Some(day), Some(month)) => (day, month),
            _ => (ordinal(&two)?, month(&one)?),
        };
        let year = self.lower(last + 1).filter(|y| y.len() == 4).and_then(|y| y.parse::<i32>().ok());
        match year {
            Some(year) => Some((Date::new(year, month, day), last + 1)),
            None => Some((after.and_then(|from| coming(month, day, from)), last)),
        }
    }
}

/// `2026-12-3`, `2026/12/03`, `3.12.2026`, `3.12.`; nothing where the text has another shape.
fn numeric(word: &str, after: Option<Date>) -> Option<Option<Date>> {
    let separator = word.chars().find(|c| !c.is_ascii_digit()).filter(|c| "-/.".contains(*c))?;
    let parts: Vec<&str> = word.split(separator).collect();
    let numbers: Vec<u32> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    match (numbers.as_slice(), parts.first()?.len(), parts.last()?.len()) {
        ([year, month, day], 4, _) => Some(Date::new(*year as i32, *month, *day)),
        ([day, month, year], 1..=2, 4) if separator == '.' => Some(Date::new(*year as i32, *month, *day)),
        ([a, b, year], 1..=2, 4) => Some(match (*a > 12, *b > 12) {
            (true, false) => Date::new(*year as i32, *b, *a),
            (false, true) => Date::new(*year as i32, *a, *b),
            // The third of April, or the fourth of March.
            _ => Date::new(*year as i32, *a, *b).filter(|_| a == b),
        }),
        ([day, month], 1..=2, 1..=2) if separator == '.' => {
            Some(after.and_then(|from| coming(*month, *day, from)))
        }
        _ => None,
    }
}

/// `3`, `3rd`, `21st`.
fn ordinal(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let suffix = &word[digits.len()..];
    let day = digits.parse().ok()?;
    (matches!(suffix, "" | "st" | "nd" | "rd" | "th") && (1..=31).contains(&day)).then_some(day)
}

/// That day of the year, from `from` on.
fn coming(month: u32, day: u32, from: Date) -> Option<Date> {
    (0..2).filter_map(|years| Date::new(from.year() + years, month, day)).find(|date| *date >= from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_people() {
        let thursday = Date::new(2026, 12, 3);
        for (text, date, said) in [
            ("friday", "2026-12-04", "friday"),
            ("Friday at noon", "2026-12-04", "Friday"),
            ("thu", "2026-12-10", "thu"),
            ("tomorrow!", "2026-12-04", "tomorrow"),
            ("Friday, 18 December", "2026-12-18", "Friday, 18 December"),
            ("the 3rd of January.", "2027-01-03", "the 3rd of January"),
            ("3 Dec 2026 phone: x", "2026-12-03", "3 Dec 2026"),
            ("Dec 5", "2026-12-05", "Dec 5"),
            ("December 5th, 2027", "2027-12-05", "December 5th, 2027"),
            ("2026-12-5", "2026-12-05", "2026-12-5"),
            ("2026/12/05", "2026-12-05", "2026/12/05"),
            ("5.12.2026", "2026-12-05", "5.12.2026"),
            ("5.12. we said", "2026-12-05", "5.12"),
            ("12/24/2026", "2026-12-24", "12/24/2026"),
            ("03/04/2026", "", "03/04/2026"),
            ("2026-02-30", "", "2026-02-30"),
            ("next week", "", "next week"),
            ("the end of the month", "", "the end of the month"),
        ] {
            let spoken = spoken(text, thursday).unwrap_or_else(|| panic!("{text}"));
            let day = spoken.date.map(|date| date.to_string()).unwrap_or_default();
            assert_eq!((day.as_str(), &text[..spoken.len]), (date, said), "{text}");
        }
        for text in ["", "car", "Anna", "3", "30 percent", "1/2", "...", "+1 555 0100"] {
            assert_eq!(spoken(text, thursday), None, "{text}");
        }
        assert_eq!(spoken("friday", None), Some(Spoken { date: None, len: 6 }));
    }
}
