//! Parts of the calendar in the grammar, and the days that are named by one: `next month`, `week 49`, `end of Q1`,
//! `first monday of march`.

use crate::date::Date;

use super::grammar::{Grammar, Reading, name};
use super::lexer::{Token, Unit};
use super::stretch::{Frame, Span};
use super::{Lean, Misread, ordinal};

use Token::*;

/// How many years are tried for a day such as `feb 29` or a `week 53`.
const MOST_YEARS: i32 = 12;

impl Grammar<'_> {
    /// `end of month`, `start of next week`, `mid january`.
    pub(super) fn edge(&self, tokens: &[Token]) -> Reading<Date> {
        let (edge, frame) = match tokens {
            [Last, Of, frame @ ..] => (End, frame),
            [edge @ (Start | Mid | End), Of, frame @ ..] | [edge @ (Start | Mid | End), frame @ ..] => {
                (*edge, frame)
            }
            _ => return Ok(None),
        };
        let Some(frame) = self.frame(frame)? else { return Ok(None) };
        let date = self.settle_day(frame, |span| {
            let worked = self.now.calendar.on_or_before(span.last);
            Some(match (edge, frame.unit()) {
                (Start, _) => span.first,
                (End, Unit::Week) if worked >= span.first => worked,
                (End, _) => span.last,
                (_, Unit::Year) => span.first.plus_months(6),
                (_, Unit::Quarter) => span.first.plus_months(1).plus_days(14),
                (_, Unit::Month) => span.first.plus_days(14),
                (_, Unit::Week) => span.first.plus_days(2),
                _ => span.first,
            })
        });
        date.map(Some).ok_or_else(|| missing_frame(frame))
    }

    /// `first monday of march`, `last working day of the month`, `3rd day of next month`.
    pub(super) fn nth(&self, tokens: &[Token]) -> Reading<Date> {
        let (which, what, frame) = match tokens {
            [which @ (Ordinal(_) | Last), what, Of | In, frame @ ..] => (*which, *what, frame),
            _ => return Ok(None),
        };
        let fits: &dyn Fn(Date) -> bool = match what {
            Dayname(day) => &move |date: Date| date.weekday() == day,
            Measure(Unit::BusinessDay) => &|date| self.now.calendar.is_worked(date),
            Measure(Unit::Day) => &|_| true,
            _ => return Ok(None),
        };
        let Some(frame) = self.frame(frame)? else { return Ok(None) };
        let date = self.settle_day(frame, |span| {
            let days = span.last.days_since(span.first);
            let mut all = (0..=days).map(|n| span.first.plus_days(n)).filter(|date| fits(*date));
            match which {
                Ordinal(number) => all.nth((number as usize).checked_sub(1)?),
                _ => all.next_back(),
            }
        });
        // A fifth Monday of "the month" is not the one of the month after next.
        let today = self.now.today;
        let is_near = |date: &Date| match frame {
            Frame::Any(unit) => {
                [-1, 0, 1].into_iter().filter_map(|n| Span::around(unit, today, n)).any(|s| s.has(*date))
            }
            _ => true,
        };
        date.filter(is_near).map(Some).ok_or_else(|| {
            let what = match what {
                Dayname(day) => name(day),
                Measure(unit) => unit.name(),
                _ => "day",
            };
            let nth = if let Ordinal(number) = which { ordinal(number) } else { "last".to_owned() };
            Misread::new(format!("that {} has no {nth} {what}", frame.unit().name()))
                .hint(format!("its last one is `last {} of …`", what.to_lowercase()))
        })
    }

    /// `december`, `Q2 2027`, `week 49`, `next month`, `weekend`; also `month` alone, of no use but in other phrases.
    pub(super) fn frame(&self, tokens: &[Token]) -> Reading<Frame> {
        let today = self.now.today;
        let near = |unit, steps| Ok(Span::around(unit, today, steps).map(|span| Frame::Fixed(unit, span)));
        match *tokens {
            [The, ref rest @ ..] => self.frame(rest),
            [Measure(unit)] => Ok(Span::around(unit, today, 0).map(|_| Frame::Any(unit))),
            [This, Measure(unit)] => near(unit, 0),
            [Coming, Measure(Unit::Weekend)] => {
                near(Unit::Weekend, if today.monday().plus_days(5) > today { 0 } else { 1 })
            }
            [Next | Coming, Measure(unit)] => near(unit, 1),
            [Last, Measure(unit)] => near(unit, -1),
            [Measure(unit), After, Next] => near(unit, 2),
            [Measure(unit), Before, Last] => near(unit, -2),
            [Next | Coming, Month(month)] => Ok(self.other_month(month, 1)),
            [Last, Month(month)] => Ok(self.other_month(month, -1)),
            [MonthOf(year, month)] => in_year(Unit::Month, month, year),
            [Year(year)] => in_year(Unit::Year, 1, year),
            [Year(year), Measure(Unit::Week), Number(number)] => in_year(Unit::Week, number, year),
            _ => self.named_frame(tokens),
        }
    }

    /// The nearest month of that name before or after this one.
    fn other_month(&self, month: u32, step: i32) -> Option<Frame> {
        let today = self.now.today;
        let is_other = |span: &Span| if step > 0 { span.first > today } else { span.last < today };
        let named = (0..=1).filter_map(|n| Span::of_year(Unit::Month, month, today.year() + n * step));
        named.into_iter().find(is_other).map(|span| Frame::Fixed(Unit::Month, span))
    }

    /// A month, quarter or week by its name or number, and its year.
    fn named_frame(&self, tokens: &[Token]) -> Reading<Frame> {
        let (name, year) = match tokens {
            [name @ .., Of, Year(year)] | [name @ .., Year(year)] => (name, Some(*year)),
            name => (name, None),
        };
        let (unit, number) = match name {
            [Month(month)] => (Unit::Month, *month),
            [Measure(unit @ (Unit::Quarter | Unit::Week)), Number(number)] => (*unit, *number),
            [Ordinal(number), Measure(Unit::Quarter)] => (Unit::Quarter, *number),
            _ => return Ok(None),
        };
        match year {
            Some(year) => in_year(unit, number, year),
            None => Ok(Some(Frame::Yearly(unit, number))),
        }
    }

    /// The day that `pick` finds in the frame: in the first one where it is not before today, or not after it, as
    /// the words lean.
    pub(super) fn settle_day(&self, frame: Frame, pick: impl Fn(Span) -> Option<Date>) -> Option<Date> {
        self.settle(frame, pick, |date| (*date, *date))
    }

    /// The same of whatever `pick` finds, whose first and last day `ends` tells.
    pub(super) fn settle<T>(
        &self,
        frame: Frame,
        pick: impl Fn(Span) -> Option<T>,
        ends: impl Fn(&T) -> (Date, Date),
    ) -> Option<T> {
        let today = self.now.today;
        if let Frame::Fixed(_, span) = frame {
            return pick(span);
        }
        // The 31st may be two months away, since no two months in a row lack one.
        let most = if matches!(frame, Frame::Yearly(..)) { MOST_YEARS } else { 2 };
        let steps = (-1..=most).map(|n| n * self.ahead() as i32);
        steps.filter_map(|n| frame.at(today, n)).filter_map(pick).find(|found| match self.lean {
            Lean::Future => ends(found).1 >= today,
            Lean::Past => ends(found).0 <= today,
        })
    }
}

/// The part of that year.
fn in_year(unit: Unit, number: u32, year: i32) -> Reading<Frame> {
    let span = match unit {
        Unit::Year => Date::new(year, 1, 1).and_then(|first| Span::around(Unit::Year, first, 0)),
        _ => Span::of_year(unit, number, year),
    };
    span.map(|span| Some(Frame::Fixed(unit, span))).ok_or_else(|| missing_frame(Frame::Yearly(unit, number)))
}

pub(super) fn missing_frame(frame: Frame) -> Misread {
    match frame {
        Frame::Yearly(Unit::Quarter, number) => {
            Misread::new(format!("there is no quarter {number}")).hint("quarters are `Q1` to `Q4`")
        }
        Frame::Yearly(Unit::Week, number) => Misread::new(format!("there is no week {number}"))
            .hint("a year has weeks 1 to 52, and sometimes a week 53"),
        _ => Misread::new("there is no such time"),
    }
}
