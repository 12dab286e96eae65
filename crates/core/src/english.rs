//! Days and times as people type them, in plain English: `tomorrow`, `next wed 2pm`, `in 3 months`, `jan 5`.
//!
//! One grammar for every place where a person says a day to the program. It knows no clock: the moment it is read at
//! is an argument. `docs/guide/dates.md` has the forms and what was decided where English is unsure.

mod frames;
mod grammar;
mod length;
mod lexer;
mod numbers;
mod stretch;
mod vocabulary;

#[cfg(test)]
mod tests;

use crate::date::{Calendar, Date, Time, When};
use crate::problem::nearest;

use self::grammar::Grammar;
use self::lexer::{Lexed, Token};

/// What a day may look like: advice where nothing better is known.
const FORMS: &str = "a day is `2026-12-31`, `fri`, `jan 5`, `in 3 weeks`, `end of month` or the like";

/// The moment that words are read at.
#[derive(Debug, Clone, Copy)]
pub struct Now<'a> {
    /// The user's local date.
    pub today: Date,
    /// The user's local time, where it matters and is known: `in 2 hours` is rounded up to whole days without it.
    pub time: Option<Time>,
    /// Which days are worked.
    pub calendar: &'a Calendar,
}

/// Which way words lean that do not say it themselves, as `monday` or `jan 5`. Today fits both ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lean {
    /// What was: `monday` is the last one, `2 weeks` are two weeks ago.
    Past,
    /// What comes: `monday` is the next one, `2 weeks` are in two weeks.
    Future,
}

/// Why a text is no day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misread {
    /// What is wrong: lower case, no full stop, names in quotes.
    pub message: String,
    /// What was probably meant, or how to say it; see [`Misread::advice`].
    pub hint: Option<String>,
    /// Whether nothing in the text told that it is a day: it may be something else altogether.
    pub unknown: bool,
}

/// The days that words name, from the first to the last: `next week` has seven, `friday` one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The first day.
    pub first: Date,
    /// The last day; the first one again where it is a single day.
    pub last: Date,
    /// The time of that day, where one was given.
    pub time: Option<Time>,
    /// Whether the words count from today (`fri`, `+2w`, `jan 5`), not by the calendar alone (`jan 5 2027`).
    pub relative: bool,
}

/// Reads the whole of `text` as one day, with a time where one is given. Of a longer time such as `next week` or
/// `march` it is the first working day, from today on where today is in it.
///
/// # Errors
/// What is wrong with the text, and what was probably meant.
pub fn read(text: &str, lean: Lean, now: &Now<'_>) -> Result<When, Misread> {
    let Stretch { first, last, time, .. } = stretch(text, lean, now)?;
    if first == last {
        return Ok(When { date: first, time });
    }
    let has_today = (first..=last).contains(&now.today);
    let (from, until) = match lean {
        Lean::Future if has_today => (now.today, last),
        Lean::Past if has_today => (first, now.today),
        _ => (first, last),
    };
    let worked = now.calendar.on_or_after(from);
    Ok(When { date: if worked <= until { worked } else { from }, time })
}

/// Reads the whole of `text` as the days it names.
///
/// # Errors
/// What is wrong with the text, and what was probably meant.
pub fn stretch(text: &str, lean: Lean, now: &Now<'_>) -> Result<Stretch, Misread> {
    let lexed = Lexed::of(text)?;
    if !lexed.unknown.is_empty() {
        return Err(Misread { hint: meant(text, &lexed, lean, now), ..unreadable(text) });
    }
    let tokens = lexed.tokens.as_slice();
    if tokens.is_empty() {
        return Err(Misread::new("no day is said"));
    }
    let mut found = Grammar::new(lean, now).phrase(tokens)?.ok_or_else(|| unreadable_tokens(text, tokens))?;
    found.relative = !tokens.iter().any(|t| matches!(t, Token::Iso(_) | Token::MonthOf(..) | Token::Year(_)));
    Ok(found)
}

/// How a moment is said back to the user: `Thu 2026-12-03`, `Thu 2026-12-03 14:30`. It can be read again.
pub fn shown(when: &When) -> String {
    let time = when.time.map(|time| format!(" {time}")).unwrap_or_default();
    format!("{} {}{time}", when.date.weekday(), when.date)
}

impl Misread {
    /// A text that is understood, but that names no day there is.
    fn new(message: impl Into<String>) -> Misread {
        Misread { message: message.into(), hint: None, unknown: false }
    }

    /// What to do about it.
    pub fn advice(&self) -> &str {
        self.hint.as_deref().unwrap_or(FORMS)
    }

    fn hint(mut self, hint: impl Into<String>) -> Misread {
        self.hint = Some(hint.into());
        self
    }
}

/// Nothing is known but that the text is no day.
fn unreadable(text: &str) -> Misread {
    Misread { unknown: true, ..Misread::new(format!("\"{}\" is no day that can be read", short(text))) }
}

/// All words are known, but not in this order.
fn unreadable_tokens(text: &str, tokens: &[Token]) -> Misread {
    match tokens {
        [.., Token::Number(n)] => bare_number(*n, &short(text)),
        [Token::Year(year)] => {
            let time = Time::new(year.unsigned_abs() / 100, year.unsigned_abs() % 100);
            let time = time.map(|time| format!(", the time is `{time}`")).unwrap_or_default();
            Misread::new(format!("\"{}\" is no day by itself", short(text)))
                .hint(format!("a day of that year is `jan 5 {year}`{time}"))
        }
        _ => unreadable(text),
    }
}

/// A number alone could be an hour, a day of the month, or a length of time.
fn bare_number(n: u32, text: &str) -> Misread {
    let time = match n {
        1..=12 => format!("a time is `{n}am` or `{n}pm`, "),
        0 | 13..=23 => format!("a time is `{n}:00`, "),
        _ => String::new(),
    };
    let day = if (1..=31).contains(&n) { format!("a day `the {}`, ", ordinal(n)) } else { String::new() };
    let what = if time.is_empty() && day.is_empty() { "" } else { "a time, a day or " };
    let of = if text == n.to_string() { String::new() } else { format!(" in \"{text}\"") };
    Misread::new(format!("\"{n}\"{of} could be {what}a length of time"))
        .hint(format!("{time}{day}a length of time `{n} days`"))
}

/// `1st`, `2nd`, `13th`.
fn ordinal(n: u32) -> String {
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}

/// The text with the words put right that are a slip away from a known one.
fn meant(text: &str, lexed: &Lexed, lean: Lean, now: &Now<'_>) -> Option<String> {
    let mut mended = String::new();
    let mut from = 0;
    let mut last_word = "";
    for word in &lexed.unknown {
        let typed = &text[word.clone()];
        // Nothing is like a text far longer than any word, and to measure how far would take long.
        last_word = if typed.len() < 40 { nearest(typed, vocabulary::names())? } else { return None };
        mended.push_str(&text[from..word.start]);
        mended.push_str(last_word);
        from = word.end;
    }
    mended.push_str(&text[from..]);
    let mended = mended.split_whitespace().collect::<Vec<_>>().join(" ");
    let reads = mended.len() < 60 && read(&mended, lean, now).is_ok();
    Some(format!("did you mean `{}`?", if reads { mended.as_str() } else { last_word }))
}

/// A text for a message: in one line, and not a megabyte long.
fn short(text: &str) -> String {
    let mut chars = text.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    let mut short: String = chars.by_ref().take(40).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    short
}
