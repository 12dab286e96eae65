//! From a text to the tokens of the grammar.

use std::ops::Range;

use crate::date::{Date, Time, Weekday};

use super::numbers::{self, Numeric};
use super::{Misread, unreadable, vocabulary};

/// Nobody says a day in more words than this, and the grammar tries several ways to divide them.
const MOST_TOKENS: usize = 14;

/// A word or number of the grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// `3`, `three`.
    Number(u32),
    /// `3rd`, `third`.
    Ordinal(u32),
    /// Four digits that may be a year.
    Year(i32),
    Dayname(Weekday),
    /// From 1.
    Month(u32),
    Measure(Unit),
    /// A day with its year, in digits.
    Iso(Date),
    /// A day and month in digits: month, day.
    MonthDay(u32, u32),
    /// A year and month in digits.
    MonthOf(i32, u32),
    Clock(Time),
    /// A part of the day, by the hour that it begins at.
    Part(u32),
    /// `+` and `-` before a length of time.
    Plus,
    Minus,
    A,
    After,
    Ago,
    And,
    At,
    Before,
    Boxing,
    Christmas,
    Coming,
    Couple,
    End,
    Eve,
    Half,
    Hence,
    In,
    Last,
    Mid,
    Midnight,
    New,
    Next,
    Now,
    Of,
    On,
    Start,
    The,
    This,
    Today,
    Tomorrow,
    Working,
    Yesterday,
}

/// What is counted, or a part of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    BusinessDay,
    Week,
    Weekend,
    Fortnight,
    Month,
    Quarter,
    Year,
}

impl Unit {
    /// For a message: `week`.
    pub fn name(self) -> &'static str {
        match self {
            Unit::Minute => "minute",
            Unit::Hour => "hour",
            Unit::Day => "day",
            Unit::BusinessDay => "working day",
            Unit::Week => "week",
            Unit::Weekend => "weekend",
            Unit::Fortnight => "fortnight",
            Unit::Month => "month",
            Unit::Quarter => "quarter",
            Unit::Year => "year",
        }
    }
}

/// A text in tokens.
#[derive(Debug)]
pub(super) struct Lexed {
    pub tokens: Vec<Token>,
    /// Where in the text the words stand that the grammar does not know.
    pub unknown: Vec<Range<usize>>,
}

impl Lexed {
    /// Divides `text`, whose case, commas, full stops and blanks say nothing.
    ///
    /// # Errors
    /// Digits that are no day or time there is, or several.
    pub fn of(text: &str) -> Result<Lexed, Misread> {
        let mut lexed = Lexed { tokens: Vec::new(), unknown: Vec::new() };
        let mut at = 0;
        while let Some(c) = text[at..].chars().next() {
            if lexed.tokens.len() + lexed.unknown.len() > MOST_TOKENS {
                return Err(unreadable(text));
            }
            let rest = &text[at..];
            at += match c {
                _ if is_blank(c) => c.len_utf8(),
                '@' => lexed.push(Token::At, 1),
                '+' | '-' if text[..at].chars().next_back().is_none_or(is_blank) => {
                    lexed.push(if c == '+' { Token::Plus } else { Token::Minus }, 1)
                }
                // As in "end-of-month".
                '-' => 1,
                '0'..='9' => lexed.number(rest)?,
                _ => lexed.word(rest, at)?,
            };
        }
        lexed.merge();
        Ok(lexed)
    }

    /// Adds a token; gives how long it is.
    fn push(&mut self, token: Token, len: usize) -> usize {
        self.tokens.push(token);
        len
    }

    /// Reads the number that `rest` begins with, together with what follows and belongs to it; gives its length.
    fn number(&mut self, rest: &str) -> Result<usize, Misread> {
        let len = rest.find(|c: char| !c.is_ascii_digit() && !"-./:".contains(c)).unwrap_or(rest.len());
        let digits = rest[..len].trim_end_matches(['-', '.', '/', ':']);
        // No day or time has so many, and messages repeat them.
        if digits.len() > 30 {
            return Err(unreadable(digits));
        }
        let (word, end) = next_word(rest, len);
        let glued = end == len + word.len();
        if matches!(word.as_str(), "am" | "pm") {
            let time = numbers::twelve_hours(digits, word == "pm")?;
            return Ok(self.push(Token::Clock(time), end));
        }
        let token = match numbers::read(digits)? {
            Numeric::Number(n) if glued && matches!(word.as_str(), "st" | "nd" | "rd" | "th") => {
                return Ok(self.push(Token::Ordinal(n), end));
            }
            Numeric::Number(n) if word == "m" => {
                return Err(Misread::new(format!("\"{n}m\" could be minutes or months"))
                    .hint(format!("write `{n}mo` for months, `{n}min` for minutes")));
            }
            Numeric::Number(n) => Token::Number(n),
            Numeric::Token(token) => token,
        };
        Ok(self.push(token, len))
    }

    /// Reads the word that `rest` begins with, which stands at `at`; gives its length.
    fn word(&mut self, rest: &str, at: usize) -> Result<usize, Misread> {
        let (word, len) = next_word(rest, 0);
        match vocabulary::word(&word) {
            Some((one, two)) => {
                self.tokens.push(one);
                self.tokens.extend(two);
            }
            None => {
                let end = at + rest[..len].trim_end_matches('.').len();
                self.unknown.push(at..end);
            }
        }
        Ok(len.max(1))
    }

    /// Makes one token of words that say one thing: `working days`, `end of the day`.
    fn merge(&mut self) {
        use Token::{End, Of, Part, The, Working};
        const DAY: Token = Token::Measure(Unit::Day);
        let replace = |tokens: &mut Vec<Token>, pattern: &[Token], by: Token| {
            while let Some(at) = tokens.windows(pattern.len()).position(|window| window == pattern) {
                tokens.splice(at..at + pattern.len(), [by]);
            }
        };
        replace(&mut self.tokens, &[Working, DAY], Token::Measure(Unit::BusinessDay));
        replace(&mut self.tokens, &[End, Of, Working], Part(17));
        replace(&mut self.tokens, &[End, Of, The, DAY], Part(17));
        replace(&mut self.tokens, &[End, Of, DAY], Part(17));
    }
}

/// What stands between words.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '.' | ';')
}

/// The word that begins in `rest` at `from`, blanks aside, in lower case and without its apostrophes and full stops;
/// and its end. Nothing where a number follows.
fn next_word(rest: &str, from: usize) -> (String, usize) {
    let start = rest.len() - rest[from..].trim_start().len();
    let ends = |c: char| c.is_whitespace() || c.is_ascii_digit() || matches!(c, ',' | ';' | '@' | '+' | '-');
    let len = rest[start..].find(ends).unwrap_or(rest.len() - start);
    let plain = rest[start..start + len].chars().filter(|c| !matches!(c, '.' | '\'' | '’'));
    (plain.flat_map(char::to_lowercase).collect(), start + len)
}
