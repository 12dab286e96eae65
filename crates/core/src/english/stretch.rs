//! Weeks, months, quarters and years: this one, the next one, the one of that name.

use crate::date::Date;

use super::lexer::Unit;

/// The days from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub first: Date,
    pub last: Date,
}

/// One part of the calendar, or one of several that words could mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    /// That one.
    Fixed(Unit, Span),
    /// A week, month or the like that no word tells from others: "end of month".
    Any(Unit),
    /// The month, quarter or ISO week of that number, in a year that is not said.
    Yearly(Unit, u32),
}

impl Span {
    pub fn day(day: Date) -> Span {
        Span { first: day, last: day }
    }

    /// The week, month or the like that lies `steps` after the one with `day` in it; of units that have no beginning
    /// in the calendar, none.
    pub fn around(unit: Unit, day: Date, steps: i32) -> Option<Span> {
        let of_months = |count: i32| {
            let first = Date::new(day.year(), (day.month() - 1) / count as u32 * count as u32 + 1, 1)?;
            let months = (steps * count).unsigned_abs();
            let first = if steps < 0 { first.minus_months(months) } else { first.plus_months(months) };
            Some(Span { first, last: first.plus_months(count as u32 - 1).last_of_month() })
        };
        let monday = day.monday().plus_days(i64::from(steps) * 7);
        match unit {
            Unit::Week => Some(Span { first: monday, last: monday.plus_days(6) }),
            Unit::Weekend => Some(Span { first: monday.plus_days(5), last: monday.plus_days(6) }),
            Unit::Month => of_months(1),
            Unit::Quarter => of_months(3),
            Unit::Year => of_months(12),
            Unit::Minute | Unit::Hour | Unit::Day | Unit::BusinessDay | Unit::Fortnight => None,
        }
    }

    /// The month, quarter or ISO week of that number in `year`, where there is one.
    pub fn of_year(unit: Unit, number: u32, year: i32) -> Option<Span> {
        let month = match unit {
            Unit::Month => number,
            Unit::Quarter if number > 0 => number.checked_mul(3)? - 2,
            Unit::Week if (1..=53).contains(&number) => {
                // The first ISO week is the one with 4 January in it; each belongs to the year of its Thursday.
                let week = Span::around(Unit::Week, Date::new(year, 1, 4)?, number as i32 - 1)?;
                return Some(week).filter(|week| week.first.plus_days(3).year() == year);
            }
            _ => return None,
        };
        Span::around(unit, Date::new(year, month, 1)?, 0)
    }

    /// A day of the span by its number, from 1.
    pub fn nth(self, number: u32) -> Option<Date> {
        let day = self.first.plus_days(i64::from(number) - 1);
        (number > 0 && day <= self.last).then_some(day)
    }

    pub fn has(self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }

    pub fn is_day(self) -> bool {
        self.first == self.last
    }
}

impl Frame {
    /// What it is one of.
    pub fn unit(self) -> Unit {
        match self {
            Frame::Fixed(unit, _) | Frame::Any(unit) | Frame::Yearly(unit, _) => unit,
        }
    }

    /// The one that is `steps` from today's, or from today's year.
    pub fn at(self, today: Date, steps: i32) -> Option<Span> {
        match self {
            Frame::Fixed(_, span) => Some(span).filter(|_| steps == 0),
            Frame::Any(unit) => Span::around(unit, today, steps),
            Frame::Yearly(unit, number) => Span::of_year(unit, number, today.year() + steps),
        }
    }
}
