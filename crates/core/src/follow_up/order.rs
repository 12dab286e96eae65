//! The order of the due list (format, section 5).

use std::cmp::{Ordering, Reverse};

use crate::contact::Head;
use crate::date::Date;

use super::Assessment;

/// What places a follow-up in the due list, as plain numbers: a cached row has them as well as an assessment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Urgency {
    /// The day of the follow-up.
    pub date: Date,
    /// The length of the contact's own rhythm in days; 0 where it has none.
    pub rhythm_days: u32,
    /// What the customer is worth, whatever the currency; 0 where nothing is said.
    pub value: f64,
}

impl Urgency {
    /// The urgency of a contact that is due at all.
    pub fn of(head: &Head, assessment: &Assessment) -> Option<Urgency> {
        let date = assessment.follow_up()?.date?;
        Some(Urgency { date, rhythm_days: rhythm_days(assessment), value: value(head) })
    }

    /// Earlier days first; among those of one day whoever is later in proportion to their own rhythm, then the
    /// higher value. What is then equal is ordered by the id, which the caller adds.
    ///
    /// Nobody is late before the day has come, and nobody without a rhythm is late in proportion to it.
    pub fn cmp(&self, other: &Urgency, today: Date) -> Ordering {
        // Of one day all are equally late, so that the shorter rhythm is the later in proportion.
        let patience = |of: &Urgency| match of.rhythm_days {
            days if days > 0 && of.date < today => days,
            _ => u32::MAX,
        };
        self.date
            .cmp(&other.date)
            .then_with(|| patience(self).cmp(&patience(other)))
            .then_with(|| Reverse(Amount(self.value)).cmp(&Reverse(Amount(other.value))))
    }
}

/// An amount in a total order in which 0 and -0 are one.
struct Amount(f64);

impl Ord for Amount {
    fn cmp(&self, other: &Amount) -> Ordering {
        (self.0 + 0.0).total_cmp(&(other.0 + 0.0))
    }
}

impl PartialOrd for Amount {
    fn partial_cmp(&self, other: &Amount) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Amount {
    fn eq(&self, other: &Amount) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Amount {}

/// The length of the contact's rhythm in days; 0 where it has none.
pub(super) fn rhythm_days(assessment: &Assessment) -> u32 {
    assessment.rhythm.as_ref().map_or(0, |rhythm| rhythm.days())
}

/// What the customer is worth, whatever the currency; 0 where nothing is said.
pub(super) fn value(head: &Head) -> f64 {
    head.value.as_ref().map_or(0.0, |value| value.amount)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::samples::{any_date, date};
    use super::*;

    fn urgency(day: &str, rhythm_days: u32, value: f64) -> Urgency {
        Urgency { date: date(day), rhythm_days, value }
    }

    #[test]
    fn by_day_then_lateness_in_proportion_then_value() {
        let list = [
            urgency("2026-11-30", 365, 0.0),
            urgency("2026-12-01", 7, 0.0),
            urgency("2026-12-01", 90, 5.0),
            urgency("2026-12-01", 90, 0.0),
            urgency("2026-12-01", 0, 99.0), // no rhythm to be late in proportion to
            urgency("2026-12-03", 90, 9.0), // today nobody is late yet
            urgency("2026-12-03", 7, 5.0),
            urgency("2026-12-03", 0, -1.0),
            urgency("2026-12-04", 0, 0.0),
        ];
        let mut sorted = list;
        sorted.reverse();
        sorted.sort_by(|a, b| a.cmp(b, date("2026-12-03")));
        assert_eq!(sorted, list);
    }

    fn any_urgency() -> impl Strategy<Value = Urgency> {
        let value = prop_oneof![Just(0.0), Just(-0.0), Just(f64::NAN), Just(f64::INFINITY), -3.0f64..3.0];
        (any_date(), 0u32..4, value).prop_map(|(date, rhythm_days, value)| Urgency {
            date,
            rhythm_days,
            value,
        })
    }

    proptest! {
        #[test]
        fn is_a_total_order(mut list in proptest::collection::vec(any_urgency(), 0..9), today in any_date()) {
            // An inconsistent comparison makes the sort panic or leaves two neighbours out of order.
            list.sort_by(|a, b| a.cmp(b, today));
            for (i, a) in list.iter().enumerate() {
                for b in &list[i..] {
                    prop_assert!(a.cmp(b, today) != Ordering::Greater);
                    prop_assert_eq!(a.cmp(b, today), b.cmp(a, today).reverse());
                }
            }
        }
    }
}
