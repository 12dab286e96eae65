//! The grammar: from tokens to the days and the time that they name.

use crate::date::{Date, Time, Weekday};

use super::frames::missing_frame;
use super::length::Length;
use super::lexer::{Token, Unit};
use super::numbers::no_day;
use super::stretch::{Frame, Span};
use super::{Lean, Misread, Now, Stretch};

use Token::*;

/// What tokens are read as: nothing where they have another shape, an error where the shape is right and there is no
/// such day.
pub(super) type Reading<T> = Result<Option<T>, Misread>;

/// The grammar at a moment.
pub(super) struct Grammar<'a> {
    pub(super) lean: Lean,
    pub(super) now: &'a Now<'a>,
}

/// A moment or a stretch of days.
type Said = (Span, Option<Time>);

impl<'a> Grammar<'a> {
    pub fn new(lean: Lean, now: &'a Now<'a>) -> Grammar<'a> {
        Grammar { lean, now }
    }

    /// Reads the whole phrase: a day, a time or both, in either order.
    pub fn phrase(&self, tokens: &[Token]) -> Reading<Stretch> {
        let (time, rest, is_part) = split_time(tokens)?;
        let Some(time) = time else {
            return Ok(self.days(&rest)?.map(|(span, time)| stretch(span, time)));
        };
        let today = self.now.today;
        let date = match *rest {
            [] => Some(self.coming_time(time)),
            [This] if is_part => Some(today),
            [Last] if is_part => Some(today.plus_days(-1)),
            // A weekday means today only as long as its time is still to come, or has been.
            [Dayname(day)] | [On, Dayname(day)] => {
                let date = self.weekday(day);
                let is_over = date == today && self.coming_time(time) != today;
                Some(if is_over { date.plus_days(self.ahead() * 7) } else { date })
            }
            _ => None,
        };
        if let Some(date) = date {
            return Ok(Some(stretch(Span::day(date), Some(time))));
        }
        match self.days(&rest)? {
            Some((_, Some(_))) => Err(two_times()),
            Some((span, None)) => Ok(Some(stretch(span, Some(time)))),
            None => Ok(None),
        }
    }

    /// The days that `tokens` name, without a time of day among them.
    fn days(&self, tokens: &[Token]) -> Reading<Said> {
        let today = self.now.today;
        let day = |date| Ok(Some((Span::day(date), None)));
        match *tokens {
            [] => return Ok(None),
            [On | The, ..] | [This, Coming | Month(_) | Dayname(_), ..] => return self.days(&tokens[1..]),
            [Now] => return Ok(Some((Span::day(today), self.now.time))),
            [Today] => return day(today),
            [Tomorrow] => return day(today.plus_days(1)),
            [Yesterday] => return day(today.plus_days(-1)),
            [Iso(date)] => return day(date),
            _ => {}
        }
        if let Some((date, time)) = self.offset(tokens)? {
            return Ok(Some((Span::day(date), time)));
        }
        if let Some(date) = self.counted_from(tokens)? {
            return day(date);
        }
        for read in [Self::weekday_of_week, Self::holiday, Self::day_of_month, Self::edge, Self::nth] {
            if let Some(date) = read(self, tokens)? {
                return day(date);
            }
        }
        let frame = match tokens {
            // A year alone is too long to be a day, and could be a time without its colon.
            [Year(_)] => None,
            [In, frame @ ..] | frame => self.frame(frame)?,
        };
        if let Some(frame) = frame.filter(|f| !matches!(f, Frame::Any(unit) if *unit != Unit::Weekend)) {
            let span = self.settle(frame, Some, |span| (span.first, span.last));
            return span.map(|span| Some((span, None))).ok_or_else(|| missing_frame(frame));
        }
        Ok(self.weekday_and_day(tokens)?.map(|date| (Span::day(date), None)))
    }

    /// `in 3 months`, `3 months ago`, `+2w`, `2 weeks from now`, `a week`.
    fn offset(&self, tokens: &[Token]) -> Reading<(Date, Option<Time>)> {
        let (length, ahead) = match tokens {
            [In, length @ .., Hence] | [In | Plus, length @ ..] | [length @ .., Hence] => (length, true),
            [length @ .., After, Now] => (length, true),
            [Minus, length @ ..] | [length @ .., Ago] | [length @ .., Before, Now] => (length, false),
            length => (length, self.lean == Lean::Future),
        };
        let length = Length::whole(length)?;
        Ok(length.map(|length| length.from(self.now.today, self.now.time, ahead, self.now)))
    }

    /// `two weeks from monday`, `the day before christmas`, `fri week`, `a week on friday`.
    fn counted_from(&self, tokens: &[Token]) -> Reading<Date> {
        if let [day @ (Today | Tomorrow | Dayname(_)), Measure(Unit::Week)] = tokens {
            return Ok(self.ahead_of().single(&[*day])?.map(|date| date.plus_days(7)));
        }
        let (length, rest) = match tokens {
            [Measure(Unit::Day), rest @ ..] => (Length::whole(&[A, Measure(Unit::Day)])?, rest),
            _ => match Length::prefix(tokens)? {
                Some((length, len)) => (Some(length), &tokens[len..]),
                None => return Ok(None),
            },
        };
        let Some(length) = length else { return Ok(None) };
        let (ahead, from) = match rest {
            [After, from @ ..] => (true, from),
            [Before, from @ ..] => (false, from),
            [On | Today | Tomorrow | Yesterday, ..] => {
                let from = self.ahead_of().single(rest)?;
                return Ok(from.map(|from| length.from(from, None, true, self.now).0));
            }
            _ => return Ok(None),
        };
        Ok(self.single(from)?.map(|from| length.from(from, None, ahead, self.now).0))
    }

    /// The same grammar for words that always look ahead.
    fn ahead_of(&self) -> Grammar<'a> {
        Grammar { lean: Lean::Future, now: self.now }
    }

    /// The one day that `tokens` name.
    fn single(&self, tokens: &[Token]) -> Reading<Date> {
        Ok(self.days(tokens)?.filter(|(span, _)| span.is_day()).map(|(span, _)| span.first))
    }

    /// `friday`, `next friday`, `monday after next`, `friday in two weeks`; `next working day`.
    fn weekday_of_week(&self, tokens: &[Token]) -> Reading<Date> {
        let today = self.now.today;
        Ok(Some(match *tokens {
            [Dayname(day)] => self.weekday(day),
            [Next, Measure(Unit::Day)] => today.plus_days(1),
            [Next, Measure(Unit::BusinessDay)] => self.now.calendar.plus_workdays(today, 1),
            [Last, Measure(Unit::BusinessDay)] => self.now.calendar.minus_workdays(today, 1),
            [Next, Dayname(day)] => of_week(day, today.plus_days(7)),
            [Dayname(day), After, Next] => of_week(day, today.plus_days(14)),
            [Coming, Dayname(day)] => today.plus_days(1 + distance(today.plus_days(1).weekday(), day)),
            [Last, Dayname(day)] => today.plus_days(-1 - distance(day, today.plus_days(-1).weekday())),
            [Dayname(day), After, ref rest @ ..] => match self.single(rest)?.map(|date| date.plus_days(1)) {
                Some(from) => from.plus_days(distance(from.weekday(), day)),
                None => return Ok(None),
            },
            [Dayname(day), Before, ref rest @ ..] => {
                match self.single(rest)?.map(|date| date.plus_days(-1)) {
                    Some(from) => from.plus_days(-distance(day, from.weekday())),
                    None => return Ok(None),
                }
            }
            [Dayname(day), ref rest @ ..] => match self.offset(rest)? {
                Some((date, _)) => of_week(day, date),
                None => return Ok(None),
            },
            _ => return Ok(None),
        }))
    }

    /// `christmas`, `new year's eve`, with or without a year.
    fn holiday(&self, tokens: &[Token]) -> Reading<Date> {
        let (name, year) = match tokens {
            [name @ .., Year(year)] => (name, Some(*year)),
            name => (name, None),
        };
        let (month, day) = match name {
            [Christmas, Eve] => (12, 24),
            [Christmas] | [Christmas, Measure(Unit::Day)] => (12, 25),
            [Boxing, Measure(Unit::Day)] => (12, 26),
            [New, Measure(Unit::Year), Eve] => (12, 31),
            [New, Measure(Unit::Year)] | [New, Measure(Unit::Year), Measure(Unit::Day)] => (1, 1),
            _ => return Ok(None),
        };
        self.month_day(month, day, year).map(Some)
    }

    /// `jan 5`, `5th of january 2027`, `the 5th`, `the 5th of next month`, `24/12`.
    fn day_of_month(&self, tokens: &[Token]) -> Reading<Date> {
        let (rest, year) = match tokens {
            [rest @ .., Of, Year(year)] | [rest @ .., Year(year)] => (rest, Some(*year)),
            rest => (rest, None),
        };
        match *rest {
            [Month(month), Number(day) | Ordinal(day)]
            | [Month(month), The, Ordinal(day)]
            | [Number(day) | Ordinal(day), Month(month)]
            | [Number(day) | Ordinal(day), Of, Month(month)]
            | [MonthDay(month, day)] => self.month_day(month, day, year).map(Some),
            [Ordinal(day)] if year.is_none() => {
                let date = self.settle_day(Frame::Any(Unit::Month), |month| month.nth(day));
                date.map(Some).ok_or_else(|| {
                    Misread::new(format!("no month has a day {day}"))
                        .hint("the last of one is `end of month`")
                })
            }
            [Ordinal(day), Of, ref month @ ..] if year.is_none() => {
                let frame = self.frame(month)?.filter(|frame| frame.unit() == Unit::Month);
                let Some(frame) = frame else { return Ok(None) };
                let date = self.settle_day(frame, |month| month.nth(day));
                date.map(Some).ok_or_else(|| {
                    Misread::new(format!("that month has no day {day}")).hint("the last of it is `end of …`")
                })
            }
            _ => Ok(None),
        }
    }

    /// The day of that month, in that year or in the one that the words lean to.
    fn month_day(&self, month: u32, day: u32, year: Option<i32>) -> Result<Date, Misread> {
        let date = match year {
            Some(year) => Date::new(year, month, day),
            None => self.settle_day(Frame::Yearly(Unit::Month, month), |month| month.nth(day)),
        };
        date.ok_or_else(|| no_day(month, day, year))
    }

    /// `Friday, 4 December`, `friday next week`, `week 49 tuesday`. A day must be of that weekday.
    fn weekday_and_day(&self, tokens: &[Token]) -> Reading<Date> {
        let (wanted, rest) = match *tokens {
            [Dayname(day), Of, ref rest @ ..] | [Dayname(day), ref rest @ ..] => (day, rest),
            [ref rest @ .., Dayname(day)] => (day, rest),
            _ => return Ok(None),
        };
        let Some((span, _)) = self.days(rest)? else { return Ok(None) };
        if span.last.days_since(span.first) == 6 {
            return Ok(Some(of_week(wanted, span.first)));
        }
        if !span.is_day() {
            return Ok(None);
        }
        let date = span.first;
        if date.weekday() == wanted {
            return Ok(Some(date));
        }
        let (is, not) = (name(date.weekday()), name(wanted));
        let misread = Misread::new(format!("{date} is a {is}, not a {not}"));
        let is_yearly = rest.iter().any(|token| matches!(token, Month(_) | MonthDay(..)))
            && !rest.iter().any(|token| matches!(token, Year(_)));
        let mut others = [-1, 1].into_iter().map(|years| date.in_year(date.year() + years));
        Err(match others.find(|other| is_yearly && other.weekday() == wanted) {
            Some(other) => misread.hint(format!("in {} it is a {not}: `{other}`", other.year())),
            None => {
                let next = date.plus_days(distance(date.weekday(), wanted));
                misread.hint(format!("write `{date}` for the {is}, `{next}` for the {not} after it"))
            }
        })
    }

    /// The nearest day of that name, today included.
    fn weekday(&self, day: Weekday) -> Date {
        let today = self.now.today;
        match self.lean {
            Lean::Future => today.plus_days(distance(today.weekday(), day)),
            Lean::Past => today.plus_days(-distance(day, today.weekday())),
        }
    }

    /// The day of a time alone: the coming one of today and tomorrow, or the last one of today and yesterday.
    fn coming_time(&self, time: Time) -> Date {
        let is_over = self.now.time.is_some_and(|now| match self.lean {
            Lean::Future => time < now,
            Lean::Past => time > now,
        });
        self.now.today.plus_days(if is_over { self.ahead() } else { 0 })
    }

    /// The direction that the words lean to: 1 or -1.
    pub(super) fn ahead(&self) -> i64 {
        match self.lean {
            Lean::Past => -1,
            Lean::Future => 1,
        }
    }
}

/// The time among `tokens`, the tokens without it, and whether it is a part of the day rather than a time.
fn split_time(tokens: &[Token]) -> Result<(Option<Time>, Vec<Token>, bool), Misread> {
    let mut rest = Vec::with_capacity(tokens.len());
    let (mut exact, mut part) = (None, None);
    for token in tokens {
        let said = match *token {
            Clock(time) => exact.replace(time).is_some(),
            Midnight => {
                return Err(Misread::new("\"midnight\" could begin the day or end it")
                    .hint("it begins at `00:00` and ends at `23:59`"));
            }
            Part(hour) => std::mem::replace(&mut part, Time::new(hour, 0)).is_some(),
            other => {
                rest.push(other);
                continue;
            }
        };
        if said {
            return Err(two_times());
        }
        match *rest {
            [.., In, The] => rest.truncate(rest.len() - 2),
            [.., At] => rest.truncate(rest.len() - 1),
            _ => {}
        }
    }
    // "Friday morning at 8:30" is one time, "noon at 14:30" two.
    if exact.is_some() && part.is_some_and(|part| [Time::new(12, 0), Time::new(17, 0)].contains(&Some(part)))
    {
        return Err(two_times());
    }
    Ok((exact.or(part), rest, part.is_some()))
}

fn two_times() -> Misread {
    Misread::new("two times of day are said").hint("a day has one, as in `fri 14:30`")
}

fn stretch(span: Span, time: Option<Time>) -> Stretch {
    Stretch { first: span.first, last: span.last, time, relative: true }
}

/// The day of that name in the week of `date`.
fn of_week(day: Weekday, date: Date) -> Date {
    date.monday().plus_days(i64::from(day.num_days_from_monday()))
}

/// Days from a weekday to the next one of another name, 0 to 6.
fn distance(from: Weekday, to: Weekday) -> i64 {
    i64::from(to.days_since(from))
}

/// `Friday`.
pub(super) fn name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}
