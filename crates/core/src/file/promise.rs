//! One promise: `- [ ] [WHO:] TEXT [by DATE]` (format, section 4).

use super::log::one_line;
use super::place::Place;
use crate::contact::{Promise, Promiser};
use crate::date::Date;
use crate::problem::{Position, Problem};

/// Reads the first paragraph of a task-list item, without its box. `paragraph` lies at byte `start` of the file
/// that `place` counts in; `at` is where the box stands, `made` the day of the log entry around it.
pub(super) fn read(
    paragraph: &str,
    start: usize,
    at: Position,
    kept: bool,
    made: Option<Date>,
    place: &mut Place<'_>,
) -> (Promise, Option<Problem>) {
    let (who, rest) = promiser(paragraph);
    let rest = rest.trim();
    let mut problem = None;
    let mut by = None;
    let mut text = rest;
    if let Some((before, day)) = deadline(rest) {
        match Date::scan(day.as_bytes()) {
            Some(Some(date)) => {
                by = Some(date);
                text = before;
            }
            _ => {
                let offset = paragraph.len() - paragraph.trim_end().len();
                let offset = start + paragraph.len() - offset - day.len();
                let message = format!("there is no day {}", &day[..10]);
                problem = Some(Problem::error(place.position(offset), message).width(10));
            }
        }
    }
    (Promise { kept, who, text: one_line(text), by, made, at }, problem)
}

/// `me:`, `them:` or `@handle:` in front; `me` where there is none.
fn promiser(text: &str) -> (Promiser, &str) {
    let text = text.trim_start();
    if let Some((who, rest)) = text.split_once(':') {
        if who.eq_ignore_ascii_case("me") {
            return (Promiser::Me, rest);
        }
        if who.eq_ignore_ascii_case("them") {
            return (Promiser::Them, rest);
        }
        if let Some(handle) = who.strip_prefix('@')
            && !handle.is_empty()
            && !handle.contains(char::is_whitespace)
        {
            return (Promiser::Member(handle.to_owned()), rest);
        }
    }
    (Promiser::Me, text)
}

/// `TEXT by YYYY-MM-DD` at the end, a full stop after it or none: the text before and the day with what follows.
fn deadline(text: &str) -> Option<(&str, &str)> {
    let end = text.trim_end_matches(['.', '!']).len();
    let day_start = end.checked_sub(10)?;
    let day = text.get(day_start..end)?;
    Date::scan(day.as_bytes())?;
    let before = text[..day_start].strip_suffix(|c: char| c.is_whitespace())?.trim_end();
    let before = before.strip_suffix("by").or_else(|| before.strip_suffix("By"))?;
    let is_word = before.is_empty() || before.ends_with(char::is_whitespace);
    is_word.then(|| (before.trim_end(), &text[day_start..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_line(line: &str) -> (Promise, Option<Problem>) {
        read(line, 0, Position::default(), false, None, &mut Place::new(line, 0))
    }

    #[test]
    fn who_what_and_when() {
        for (line, who, text, by) in [
            ("them: read pages 3-5 by 2026-12-01", Promiser::Them, "read pages 3-5", Some("2026-12-01")),
            ("me: send the list by 2026-12-01.", Promiser::Me, "send the list", Some("2026-12-01")),
            ("send the list", Promiser::Me, "send the list", None),
            ("@sam: call by 2026-12-01", Promiser::Member("sam".into()), "call", Some("2026-12-01")),
            ("Note: this is text", Promiser::Me, "Note: this is text", None),
            ("stand by 2026-12-01", Promiser::Me, "stand", Some("2026-12-01")),
            ("visit baby 2026-12-01", Promiser::Me, "visit baby 2026-12-01", None),
            ("over\n  two by\n  2026-12-01", Promiser::Me, "over two", Some("2026-12-01")),
            ("by 2026-12-01", Promiser::Me, "", Some("2026-12-01")),
            ("call @sam: soon by friday", Promiser::Me, "call @sam: soon by friday", None),
        ] {
            let (promise, problem) = read_line(line);
            assert_eq!(problem, None, "{line}");
            let by_text = promise.by.map(|d| d.to_string());
            assert_eq!((promise.who, promise.text.as_str(), by_text.as_deref()), (who, text, by), "{line}");
        }
    }

    #[test]
    fn an_impossible_day_is_an_error_and_the_promise_stays() {
        let (promise, problem) = read_line("send it by 2026-02-30");
        assert_eq!((promise.text.as_str(), promise.by), ("send it by 2026-02-30", None));
        let problem = problem.unwrap();
        assert_eq!((problem.at.column, problem.message.as_str()), (12, "there is no day 2026-02-30"));
    }
}
