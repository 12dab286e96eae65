//! The figures of a notebook, or of those contacts that a query fits.

use std::sync::{Mutex, PoisonError};

use super::search;
use crate::date::Date;
use crate::english::{self, Lean, Misread, Now};
use crate::notebook::{Parts, Survey};
use crate::query::Query;
use crate::report::{Figures, Stretch};
use crate::wire::FiguresReport;

/// The figures of the contacts that the query fits, from `since` until today; without it, over the last twelve full
/// weeks and the current one.
pub fn report(survey: &Survey<'_>, query: &Query, since: Option<Date>) -> FiguresReport {
    let settings = survey.notebook().settings();
    let stretch = Stretch::new(since, survey.today());
    // Figures that nobody adds to at the moment: as many as ever worked side by side.
    let parts: Mutex<Vec<Figures>> = Mutex::default();
    let lock = || parts.lock().unwrap_or_else(PoisonError::into_inner);
    search(survey, query, Parts { links: false, ..Parts::ALL }, |_, subject| {
        let idle = lock().pop();
        let mut part = idle.unwrap_or_else(|| Figures::new(stretch.clone()));
        part.add(subject.contact(), subject.assessment(), settings);
        lock().push(part);
        None::<()>
    });
    let mut whole = Figures::new(stretch.clone());
    for part in parts.into_inner().unwrap_or_else(PoisonError::into_inner) {
        whole.join(part);
    }
    FiguresReport::new(&whole, settings)
}

/// The day that words name as the first one of a report: of `september` or `last week` it is their first.
///
/// # Errors
/// Where the words are no day, or one that is still to come.
pub fn since(text: &str, now: &Now<'_>) -> Result<Date, Misread> {
    let first = english::stretch(text, Lean::Past, now)?.first;
    if first > now.today {
        return Err(Misread {
            message: format!("\"{}\" is still to come", text.trim()),
            hint: Some("say a day that has been, such as `jan 1` or `3 months ago`".to_owned()),
            unknown: false,
        });
    }
    Ok(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Calendar;

    #[test]
    fn a_report_begins_on_the_first_day_that_is_named() {
        let calendar = Calendar::default();
        let now = Now { today: "2026-12-03".parse().unwrap(), time: None, calendar: &calendar };
        for (text, expected) in [
            ("2026-01-04", Ok("2026-01-04")),
            ("september", Ok("2026-09-01")),
            ("last week", Ok("2026-11-23")),
            ("3 months", Ok("2026-09-03")),
            ("today", Ok("2026-12-03")),
            ("2027-01-01", Err("\"2027-01-01\" is still to come")),
            ("soonish", Err("\"soonish\" is no day that can be read")),
        ] {
            let found = since(text, &now);
            let said = found.as_ref().map(Date::to_string).map_err(|misread| misread.message.clone());
            assert_eq!(said, expected.map(str::to_owned).map_err(str::to_owned), "{text}");
        }
    }
}
