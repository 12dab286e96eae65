//! Yearly days: when a birthday or a renewal is worth a touch (format, section 5, `occasion`).

use crate::date::Date;
use crate::settings::Settings;

use super::Kind;
use super::case::Case;
use super::explain::{Trail, day, touch};
use super::obligations::{Draft, Why};

/// `occasion`: a yearly day is near, and nothing of ours has marked it.
pub(super) fn occasions<'a, T: Trail>(case: &Case<'a>, drafts: &mut Vec<Draft<'a>>, trail: &mut T) {
    for (name, date) in &case.contact.head.dates {
        let mut open: Option<Window> = None;
        for window in windows(*date, case.settings, case.today).filter(|w| w.holds(case.today)) {
            match case.facts.last_out.filter(|touch| touch.date >= window.first) {
                Some(marked) => {
                    trail.note(|| format!("{name} on {} is marked: {}", day(window.on), touch(marked)));
                }
                // Spans of two years overlap only where lead and grace fill the year: the earlier one stands.
                None => open = Some(window),
            }
        }
        let Some(window) = open else { continue };
        let number = trail.made(Kind::Occasion, || {
            let lead = &case.settings.occasion_lead;
            format!("{name} on {} - {lead} = {}", day(window.on), day(window.first))
        });
        drafts.push(Draft::new(number, Kind::Occasion, window.first, Why::Occasion(name, window.on)));
    }
}

/// The span of days in which one yearly day is worth a touch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Window {
    /// The day itself, in its year.
    pub on: Date,
    /// `D - lead`.
    pub first: Date,
    /// `D + grace`.
    pub last: Date,
}

impl Window {
    /// Whether `today` lies in it.
    pub fn holds(&self, today: Date) -> bool {
        (self.first..=self.last).contains(&today)
    }
}

/// The windows of the yearly day `date` around `today`, latest first: at least the next one to come, all that
/// hold today, and the last that is over, as far as the calendar goes.
pub(super) fn windows(date: Date, settings: &Settings, today: Date) -> impl Iterator<Item = Window> {
    let (lead, grace) = (&settings.occasion_lead, &settings.occasion_grace);
    // A month counts 30 days here and may have 31; the year after all that lead reaches is still to come.
    let reach = i64::from(lead.days() + lead.days() / 60 + 2);
    let latest = today.plus_days(reach).year() + 1;
    let mut over = false;
    (1..=latest.min(Date::MAX.year()))
        .rev()
        .map(move |year| {
            let on = date.in_year(year);
            Window { on, first: lead.before(on), last: grace.after(on, &settings.calendar) }
        })
        .take_while(move |window| !std::mem::replace(&mut over, window.last < today))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Sample, date, settings};
    use super::*;

    #[test]
    fn occasions_come_every_year() {
        for (on, today, log, expected) in [
            ("1980-12-06", "2026-12-02", vec![], ""),
            ("1980-12-06", "2026-12-03", vec![], "occasion 2026-12-03"),
            ("1980-12-06", "2026-12-10", vec![], "occasion 2026-12-03"),
            ("1980-12-06", "2026-12-11", vec![], ""),
            ("1980-12-06", "2026-12-05", vec!["2026-12-03 card"], ""),
            ("1980-12-06", "2026-12-05", vec!["2026-12-02 card"], "occasion 2026-12-03"),
            ("1980-12-06", "2026-12-05", vec!["2026-12-03 phone in"], "occasion 2026-12-03"),
            // Over the new year, on both sides.
            ("1980-01-02", "2026-12-30", vec![], "occasion 2026-12-30"),
            ("1980-12-30", "2027-01-03", vec![], "occasion 2026-12-27"),
            ("1980-02-29", "2027-02-25", vec![], "occasion 2027-02-25"),
            ("1980-02-29", "2028-02-25", vec![], ""),
            ("1980-02-29", "2028-02-26", vec![], "occasion 2028-02-26"),
            // Every year: before the year that is written too.
            ("2030-12-06", "2026-12-05", vec![], "occasion 2026-12-03"),
        ] {
            let sample = Sample::log(&log).stage("lost").occasion("birthday", on);
            assert_eq!(sample.due(today), expected, "{on} on {today} with {log:?}");
        }
        let why = Sample::default().occasion("birthday", "1980-01-02").assess("2026-12-30").obligations[0]
            .why
            .clone();
        assert_eq!(why.as_deref(), Some("birthday on 2027-01-02"), "the day in its year");
    }

    #[test]
    fn windows_reach_from_the_next_to_the_last() {
        let today = date("2026-12-30");
        let seen: Vec<_> =
            windows(date("1980-01-02"), &settings(), today).map(|w| w.on.to_string()).collect();
        assert_eq!(seen, ["2028-01-02", "2027-01-02", "2026-01-02"]);
    }
}
