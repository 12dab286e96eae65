//! What a cache keeps of an assessment, and the days for which it holds.

use serde::{Deserialize, Serialize};

use crate::contact::{Channel, Contact};
use crate::date::Date;
use crate::settings::{Settings, StageGroup};

use super::occasion::windows;
use super::order::{rhythm_days, value};
use super::{Assessment, Kind, Urgency, assess};

/// The summary of an assessment that stays true on every day from `valid_from` to `valid_until`, as long as
/// neither the contact nor the settings change. Only an obligation's `assignee` may differ among those days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// The first day for which it holds.
    pub valid_from: Date,
    /// The last day for which it holds.
    pub valid_until: Date,
    /// The day of the follow-up.
    pub due: Option<Date>,
    /// What made the follow-up.
    pub kind: Option<Kind>,
    /// Nobody will ever be reminded of it.
    pub crack: bool,
    /// Its stage is of the `stopped` group.
    pub stopped: bool,
    /// The length of the contact's own rhythm in days; 0 where it has none.
    pub rhythm_days: u32,
    /// What the customer is worth, whatever the currency; 0 where nothing is said.
    pub value: f64,
}

impl Outlook {
    /// Whether it tells the truth on `today`.
    pub fn holds_on(&self, today: Date) -> bool {
        (self.valid_from..=self.valid_until).contains(&today)
    }

    /// What places the contact in the due list; none where it is not due on any day.
    pub fn urgency(&self) -> Option<Urgency> {
        self.due.map(|date| Urgency { date, rhythm_days: self.rhythm_days, value: self.value })
    }
}

/// Assesses for `today`, and finds for how long that holds.
pub fn outlook(contact: &Contact, settings: &Settings, today: Date) -> Outlook {
    let assessment = assess(contact, settings, today);
    let (valid_from, valid_until) = validity(contact, settings, today, &assessment);
    let follow_up = assessment.follow_up();
    Outlook {
        valid_from,
        valid_until,
        due: follow_up.and_then(|obligation| obligation.date),
        kind: follow_up.map(|obligation| obligation.kind),
        crack: assessment.crack,
        stopped: assessment.group == StageGroup::Stopped,
        rhythm_days: rhythm_days(&assessment),
        value: value(&contact.head),
    }
}

/// The days around `today` on which no log entry comes into sight and no occasion begins or ends. Nothing else
/// that the rules say depends on the day that they are asked.
fn validity(contact: &Contact, settings: &Settings, today: Date, assessment: &Assessment) -> (Date, Date) {
    let mut days = Days { today, from: Date::MIN, until: Date::MAX };
    // No rule looks at a note.
    for entry in contact.log.iter().filter(|entry| entry.channel != Channel::Note) {
        days.cut_at(entry.date);
    }
    if assessment.group != StageGroup::Stopped {
        for (_, date) in &contact.head.dates {
            for window in windows(*date, settings, today) {
                days.cut_at(window.first);
                if window.last < Date::MAX {
                    days.cut_at(window.last.plus_days(1));
                }
            }
        }
    }
    (days.from, days.until)
}

struct Days {
    today: Date,
    from: Date,
    until: Date,
}

impl Days {
    /// Something is otherwise from `first` on.
    fn cut_at(&mut self, first: Date) {
        if first <= self.today {
            self.from = self.from.max(first);
        } else {
            self.until = self.until.min(first.plus_days(-1));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{Sample, any_contact, any_date, any_settings, date, settings};
    use super::super::{Obligation, explain};
    use super::*;

    fn validity_of(sample: &Sample, today: &str) -> String {
        let outlook = outlook(&sample.contact, &settings(), date(today));
        format!("{} {}", outlook.valid_from, outlook.valid_until)
    }

    #[test]
    fn holds_for_ever_where_nothing_comes_up() {
        assert_eq!(validity_of(&Sample::default().next("2026-12-10"), "2026-12-03"), "0001-01-01 9999-12-31");
        let log = Sample::log(&["2026-11-20 phone", "2026-12-10 note"]);
        assert_eq!(validity_of(&log, "2026-12-03"), "2026-11-20 9999-12-31");
        let log = Sample::log(&["2026-11-20 phone", "2026-12-10 email", "2026-12-11 email"]);
        assert_eq!(validity_of(&log, "2026-12-03"), "2026-11-20 2026-12-09");
    }

    #[test]
    fn ends_where_an_occasion_begins_or_ends() {
        let birthday = Sample::default().occasion("birthday", "1980-12-06");
        assert_eq!(validity_of(&birthday, "2026-12-02"), "2025-12-11 2026-12-02");
        assert_eq!(validity_of(&birthday, "2026-12-03"), "2026-12-03 2026-12-10");
        assert_eq!(validity_of(&birthday, "2026-12-11"), "2026-12-11 2027-12-02");
        let new_year = Sample::default().occasion("birthday", "1980-01-01");
        assert_eq!(validity_of(&new_year, "2026-12-29"), "2026-12-29 2027-01-05");
        let leap = Sample::default().occasion("birthday", "1980-02-29");
        assert_eq!(validity_of(&leap, "2027-03-04"), "2027-02-25 2027-03-04");
        assert_eq!(validity_of(&leap, "2027-03-05"), "2027-03-05 2028-02-25");
    }

    #[test]
    fn is_small_and_survives_the_disk() {
        let sample = Sample::default().next("2026-12-10").occasion("birthday", "1980-12-06");
        let outlook = outlook(&sample.contact, &settings(), date("2026-12-03"));
        let bytes = postcard::to_stdvec(&outlook).unwrap();
        assert!(bytes.len() < 32);
        assert_eq!(postcard::from_bytes::<Outlook>(&bytes).unwrap(), outlook);
        assert_eq!(outlook.urgency().unwrap().date, date("2026-12-03"));
    }

    #[test]
    fn the_longest_periods_reach_no_further_than_the_calendar() {
        for longest in ["100y", "36500d", "876000h", "1200mo", "2000bd"] {
            let long = || longest.parse().unwrap();
            let settings = Settings { occasion_lead: long(), occasion_grace: long(), ..settings() };
            let sample = Sample::default().every(longest).occasion("birthday", "1980-02-29");
            for today in [Date::MIN, date("2026-12-03"), Date::MAX] {
                let outlook = outlook(&sample.contact, &settings, today);
                assert!(outlook.holds_on(today) && outlook.due.is_some(), "{longest} on {today}");
            }
        }
    }

    /// All that must not differ among the days of one outlook.
    fn lasting(assessment: Assessment) -> Assessment {
        let nobodys = |obligation: Obligation| Obligation { assignee: None, ..obligation };
        Assessment {
            obligations: assessment.obligations.into_iter().map(nobodys).collect(),
            undated: assessment.undated.into_iter().map(nobodys).collect(),
            ..assessment
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn tells_the_truth_as_long_as_it_holds(
            contact in any_contact(), settings in any_settings(), today in any_date(),
            others in proptest::collection::vec(any_date(), 16),
        ) {
            let outlook = outlook(&contact, &settings, today);
            prop_assert!(outlook.holds_on(today));
            let expected = lasting(assess(&contact, &settings, today));
            let follow_up = expected.follow_up();
            prop_assert_eq!(outlook.due, follow_up.and_then(|obligation| obligation.date));
            prop_assert_eq!(outlook.kind, follow_up.map(|obligation| obligation.kind));
            let edges = [outlook.valid_from, outlook.valid_from.plus_days(1), outlook.valid_until.plus_days(-1),
                outlook.valid_until];
            let near = (1..400).step_by(7).flat_map(|n| [today.plus_days(-n), today.plus_days(n)]);
            for day in edges.into_iter().chain(near).chain(others).filter(|day| outlook.holds_on(*day)) {
                prop_assert_eq!(&lasting(assess(&contact, &settings, day)), &expected, "on {}", day);
            }
        }

        #[test]
        fn an_explanation_agrees(contact in any_contact(), settings in any_settings(), today in any_date()) {
            let assessment = assess(&contact, &settings, today);
            let explanation = explain(&contact, &settings, today);
            prop_assert_eq!(&explanation.assessment, &assessment);
            let told: Vec<_> = explanation.obligations.iter().filter(|o| o.date.is_some()).map(|o| o.kind).collect();
            let due: Vec<_> = assessment.obligations.iter().map(|o| o.kind).collect();
            prop_assert_eq!(told, due);
            if assessment.obligations.is_empty() {
                prop_assert!(!explanation.notes.is_empty(), "it says why not");
            }
        }
    }
}
