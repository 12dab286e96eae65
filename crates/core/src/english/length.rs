//! Lengths of time: `3 months`, `a week and a half`, `2w3d`, `a couple of days`, `3 business days`.

use crate::date::{Date, Time};

use super::lexer::{Token, Unit};
use super::{Misread, Now};

/// The longest length, as of a period of the format.
const MOST_YEARS: u64 = 100;

/// A length of time. Months are calendar months, clipped to the month's last day (format, section 2).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Length {
    months: u32,
    days: u32,
    workdays: u32,
    minutes: u32,
}

impl Length {
    /// Reads the length that `tokens` begin with, and how many of them it takes; nothing where they begin with none.
    ///
    /// # Errors
    /// Longer than a hundred years.
    pub fn prefix(tokens: &[Token]) -> Result<Option<(Length, usize)>, Misread> {
        let mut sum = Length::default();
        let mut taken = 0;
        loop {
            let and = usize::from(taken > 0 && tokens.get(taken) == Some(&Token::And));
            let Some((halves, unit, len)) = counted(&tokens[taken + and..]) else { break };
            let Some(length) = Length::of(halves, unit)? else { break };
            sum = Length {
                months: sum.months + length.months,
                days: sum.days + length.days,
                workdays: sum.workdays + length.workdays,
                minutes: sum.minutes + length.minutes,
            };
            taken += and + len;
        }
        Ok((taken > 0).then_some((sum, taken)))
    }

    /// Reads `tokens` as one length and nothing more.
    ///
    /// # Errors
    /// Longer than a hundred years.
    pub fn whole(tokens: &[Token]) -> Result<Option<Length>, Misread> {
        Ok(Length::prefix(tokens)?.filter(|(_, len)| *len == tokens.len()).map(|(length, _)| length))
    }

    /// So many half units; nothing where the unit has no half.
    fn of(halves: u64, unit: Unit) -> Result<Option<Length>, Misread> {
        let in_a_year = match unit {
            Unit::Minute => 525_960,
            Unit::Hour => 8_766,
            Unit::Day | Unit::BusinessDay => 366,
            Unit::Week => 53,
            Unit::Weekend => return Ok(None),
            Unit::Fortnight => 27,
            Unit::Month => 12,
            Unit::Quarter => 4,
            Unit::Year => 1,
        };
        if halves > in_a_year * MOST_YEARS * 2 {
            let (count, unit) = (halves / 2, unit.name());
            return Err(Misread::new(format!("{count} {unit}s are longer than {MOST_YEARS} years")));
        }
        let (count, half) = ((halves / 2) as u32, (halves % 2) as u32);
        let zero = Length::default();
        Ok(Some(match (unit, half) {
            (Unit::Minute, 0) => Length { minutes: count, ..zero },
            (Unit::Hour, _) => Length { minutes: count * 60 + half * 30, ..zero },
            (Unit::Day, _) => Length { days: count, minutes: half * 720, ..zero },
            (Unit::BusinessDay, 0) => Length { workdays: count, ..zero },
            (Unit::Week, 0) => Length { days: count * 7, ..zero },
            (Unit::Fortnight, _) => Length { days: count * 14 + half * 7, ..zero },
            (Unit::Month, _) => Length { months: count, days: half * 15, ..zero },
            (Unit::Quarter, 0) => Length { months: count * 3, ..zero },
            (Unit::Year, _) => Length { months: count * 12 + half * 6, ..zero },
            _ => return Ok(None),
        }))
    }

    /// The moment this long after the day and its time, or before it where not `ahead`. Hours and minutes need the
    /// time; without it they are rounded up to whole days (format, section 7).
    pub fn from(&self, date: Date, time: Option<Time>, ahead: bool, now: &Now<'_>) -> (Date, Option<Time>) {
        let date = if ahead { date.plus_months(self.months) } else { date.minus_months(self.months) };
        let sign = if ahead { 1 } else { -1 };
        let date = date.plus_days(sign * i64::from(self.days));
        let date = match ahead {
            true => now.calendar.plus_workdays(date, self.workdays),
            false => now.calendar.minus_workdays(date, self.workdays),
        };
        if self.minutes == 0 {
            return (date, None);
        }
        let Some(time) = time else {
            return (date.plus_days(sign * i64::from(self.minutes.div_ceil(1440))), None);
        };
        let minutes = i64::from(time.minutes()) + sign * i64::from(self.minutes);
        let of_day = minutes.rem_euclid(1440) as u32;
        (date.plus_days(minutes.div_euclid(1440)), Time::new(of_day / 60, of_day % 60))
    }
}

/// A count, in halves, and its unit, with the number of tokens.
fn counted(tokens: &[Token]) -> Option<(u64, Unit, usize)> {
    use Token::{A, And, Couple, Half, Measure, Of};
    match *tokens {
        [A, Couple, Of, Measure(unit), ..] => Some((4, unit, 4)),
        [A, Couple, Measure(unit), ..] | [Couple, Of, Measure(unit), ..] => Some((4, unit, 3)),
        [Couple, Measure(unit), ..] => Some((4, unit, 2)),
        [Half, A, Measure(unit), ..] | [A, Half, Measure(unit), ..] => Some((1, unit, 3)),
        [Half, Measure(unit), ..] => Some((1, unit, 2)),
        [first, And, A, Half, Measure(unit), ..] => Some((2 * count(first)? + 1, unit, 5)),
        [first, Measure(unit), And, A, Half, ref rest @ ..] if !matches!(rest, [Measure(_), ..]) => {
            Some((2 * count(first)? + 1, unit, 5))
        }
        [first, Measure(unit), ..] => Some((2 * count(first)?, unit, 2)),
        _ => None,
    }
}

fn count(token: Token) -> Option<u64> {
    match token {
        Token::A => Some(1),
        Token::Number(n) => Some(u64::from(n)),
        Token::Year(n) => Some(n.unsigned_abs().into()),
        _ => None,
    }
}
