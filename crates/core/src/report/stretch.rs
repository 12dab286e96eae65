//! The days that a report looks at, cut into spans that make a readable row of bars.

use serde::Serialize;

use crate::date::Date;

/// How many full weeks lie before the current one where nothing else is asked for.
const WEEKS: i64 = 12;
/// The most weeks that stand side by side; beyond that, it is months.
const MOST_WEEKS: i64 = 26;
/// The most months; beyond that, it is years.
const MOST_MONTHS: u32 = 36;
/// The most years that a report looks back. No bar is left out; what is older is not asked for.
const MOST_YEARS: u32 = 40;

/// How long a span is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Every {
    /// From Monday to Sunday.
    Week,
    /// A calendar month.
    Month,
    /// A calendar year.
    Year,
}

impl Every {
    /// `week`, `month`, `year`.
    pub fn as_str(self) -> &'static str {
        match self {
            Every::Week => "week",
            Every::Month => "month",
            Every::Year => "year",
        }
    }

    /// The first day of the span after the one that `day` lies in.
    fn after(self, day: Date) -> Date {
        match self {
            Every::Week => day.monday().plus_days(7),
            Every::Month => day.last_of_month().plus_days(1),
            Every::Year => Date::new(day.year() + 1, 1, 1).unwrap_or(Date::MAX),
        }
    }
}

/// Days from a first to a last, which is today, in spans. The first and the last span may be cut short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    every: Every,
    /// The first day of each span; there is at least one.
    starts: Vec<Date>,
    last: Date,
}

impl Stretch {
    /// From `since` until `today`; without it, the last twelve full weeks and the current one. What lies ahead
    /// begins today, and what lies further back than forty years begins there.
    pub fn new(since: Option<Date>, today: Date) -> Stretch {
        let first = since.unwrap_or_else(|| today.monday().plus_days(-7 * WEEKS));
        let first = first.max(today.minus_months(12 * MOST_YEARS)).min(today);
        let every = if today.days_since(first) <= MOST_WEEKS * 7 {
            Every::Week
        } else if first >= today.minus_months(MOST_MONTHS) {
            Every::Month
        } else {
            Every::Year
        };
        let next = |start: &Date| Some(every.after(*start)).filter(|next| next > start && *next <= today);
        Stretch { every, starts: std::iter::successors(Some(first), next).collect(), last: today }
    }

    /// How long a span is.
    pub fn every(&self) -> Every {
        self.every
    }

    /// The first day.
    pub fn first(&self) -> Date {
        self.starts.first().copied().unwrap_or(self.last)
    }

    /// The last day, today.
    pub fn last(&self) -> Date {
        self.last
    }

    /// How many spans there are; at least one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never: there is at least the span that today lies in.
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The first and the last day of each span.
    pub fn spans(&self) -> impl Iterator<Item = (Date, Date)> + '_ {
        let ends = self.starts.iter().skip(1).map(|next| next.plus_days(-1));
        self.starts.iter().copied().zip(ends.chain([self.last]))
    }

    /// The number of the span that the day lies in; none outside of the stretch.
    pub fn span_of(&self, day: Date) -> Option<usize> {
        if day > self.last {
            return None;
        }
        self.starts.partition_point(|start| *start <= day).checked_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn spans_are_as_long_as_a_row_of_bars_bears() {
        for (since, every, count, first, second) in [
            (None, Every::Week, 13, "2026-09-07", "2026-09-14"),
            (Some("2026-12-03"), Every::Week, 1, "2026-12-03", "2026-12-03"),
            (Some("2026-12-02"), Every::Week, 1, "2026-12-02", "2026-12-02"),
            (Some("2026-11-19"), Every::Week, 3, "2026-11-19", "2026-11-23"),
            (Some("2026-06-04"), Every::Week, 27, "2026-06-04", "2026-06-08"),
            (Some("2026-06-03"), Every::Month, 7, "2026-06-03", "2026-07-01"),
            (Some("2023-12-03"), Every::Month, 37, "2023-12-03", "2024-01-01"),
            (Some("2023-12-02"), Every::Year, 4, "2023-12-02", "2024-01-01"),
            (Some("0001-01-01"), Every::Year, 41, "1986-12-03", "1987-01-01"),
            (Some("2027-01-01"), Every::Week, 1, "2026-12-03", "2026-12-03"),
        ] {
            let stretch = Stretch::new(since.map(day), day("2026-12-03"));
            let starts: Vec<Date> = stretch.spans().map(|(from, _)| from).collect();
            assert_eq!((stretch.every(), stretch.len()), (every, count), "{since:?}");
            assert_eq!(
                (starts[0], *starts.get(1).unwrap_or(&starts[0])),
                (day(first), day(second)),
                "{since:?}"
            );
        }
    }

    #[test]
    fn every_day_lies_in_one_span() {
        for (since, today) in [
            (None, "2026-12-03"),
            (None, "2026-12-06"),
            (None, "2026-12-07"),
            (Some("2026-02-10"), "2026-12-03"),
            (Some("2011-02-10"), "2026-12-03"),
            (None, "0001-01-01"),
            (Some("9999-01-01"), "9999-12-31"),
        ] {
            let stretch = Stretch::new(since.map(day), day(today));
            let mut counted = vec![0; stretch.len()];
            let mut at = stretch.first();
            loop {
                counted[stretch.span_of(at).unwrap()] += 1;
                if at == stretch.last() {
                    break;
                }
                at = at.plus_days(1);
            }
            let lengths: Vec<i64> = stretch.spans().map(|(from, until)| until.days_since(from) + 1).collect();
            assert_eq!(counted, lengths, "{since:?} {today}");
        }
        let stretch = Stretch::new(None, day("2026-12-03"));
        assert_eq!((stretch.span_of(day("2026-12-04")), stretch.span_of(day("2026-09-06"))), (None, None));
    }
}
