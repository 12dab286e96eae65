//! The words of the grammar.

use crate::date::{MONTHS, month, weekday};

use super::lexer::{Token, Unit};

/// What a word says, in one token or two.
pub(super) fn word(lower: &str) -> Option<(Token, Option<Token>)> {
    if let Some(number) = month(lower) {
        return Some((Token::Month(number), None));
    }
    let full = WEEKDAYS.iter().find(|(short, _)| *short == lower).map_or(lower, |(_, full)| full);
    if let Some(day) = weekday(full) {
        return Some((Token::Dayname(day), None));
    }
    if let Some(at) = NUMBERS.iter().position(|name| *name == lower) {
        return Some((Token::Number(at as u32 + 1), None));
    }
    if let Some((_, number)) = TENS.iter().find(|(name, _)| *name == lower) {
        return Some((Token::Number(*number), None));
    }
    if let Some(at) = ORDINALS.iter().position(|name| *name == lower) {
        return Some((Token::Ordinal(at as u32 + 1), None));
    }
    if let Some((_, unit)) = UNITS.iter().find(|(names, _)| names.contains(&lower)) {
        return Some((Token::Measure(*unit), None));
    }
    if let Some((_, hour)) = PARTS.iter().find(|(names, _)| names.contains(&lower)) {
        return Some((Token::Part(*hour), None));
    }
    if let Some((_, token)) = WORDS.iter().find(|(names, _)| names.contains(&lower)) {
        return Some((*token, None));
    }
    PAIRS.iter().find(|(names, ..)| names.contains(&lower)).map(|(_, one, two)| (*one, Some(*two)))
}

/// The words that a slip of the finger may have meant. Short ones are left out, since everything is like them.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let units = UNITS.iter().flat_map(|(names, _)| names.iter());
    let parts = PARTS.iter().flat_map(|(names, _)| names.iter());
    let words = WORDS.iter().flat_map(|(names, _)| names.iter());
    let all =
        DAYS.iter().chain(&MONTHS).chain(units).chain(parts).chain(words).chain(&NUMBERS).chain(&ORDINALS);
    all.copied().filter(|name| name.len() > 3 && !LIKE_OTHERS.contains(name))
}

/// Words that are a slip away from words of other kinds, as "noon" from "soon" and "after" from "easter".
const LIKE_OTHERS: [&str; 8] = ["noon", "after", "time", "from", "past", "work", "hence", "begin"];

/// Short forms of weekdays, besides those of three letters.
const WEEKDAYS: [(&str, &str); 4] = [("tues", "tue"), ("weds", "wed"), ("thur", "thu"), ("thurs", "thu")];

const NUMBERS: [&str; 20] = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
];

const TENS: [(&str, u32); 4] = [("thirty", 30), ("forty", 40), ("sixty", 60), ("ninety", 90)];

const ORDINALS: [&str; 10] =
    ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"];

const UNITS: [(&[&str], Unit); 10] = [
    (&["minute", "minutes", "min", "mins"], Unit::Minute),
    (&["hour", "hours", "h", "hr", "hrs"], Unit::Hour),
    (&["day", "days", "d"], Unit::Day),
    (&["week", "weeks", "w", "wk", "wks"], Unit::Week),
    (&["weekend"], Unit::Weekend),
    (&["fortnight", "fortnights"], Unit::Fortnight),
    (&["month", "months", "mo", "mos"], Unit::Month),
    (&["quarter", "quarters", "q"], Unit::Quarter),
    (&["year", "years", "y", "yr", "yrs"], Unit::Year),
    (&["bd", "workday", "workdays"], Unit::BusinessDay),
];

/// Parts of the day and the hour that each begins at, as people arrange to call.
const PARTS: [(&[&str], u32); 6] = [
    (&["morning"], 9),
    (&["noon", "midday"], 12),
    (&["afternoon"], 14),
    (&["evening"], 18),
    (&["night"], 20),
    (&["eod", "cob"], 17),
];

const WORDS: [(&[&str], Token); 30] = [
    (&["today"], Token::Today),
    (&["tomorrow", "tmr", "tmrw", "tom"], Token::Tomorrow),
    (&["yesterday"], Token::Yesterday),
    (&["now"], Token::Now),
    (&["next"], Token::Next),
    (&["last", "past", "previous"], Token::Last),
    (&["this", "current"], Token::This),
    (&["coming", "upcoming"], Token::Coming),
    (&["on", "by"], Token::On),
    (&["at", "t"], Token::At),
    (&["the"], Token::The),
    (&["of"], Token::Of),
    (&["in"], Token::In),
    (&["a", "an"], Token::A),
    (&["and"], Token::And),
    (&["couple"], Token::Couple),
    (&["half"], Token::Half),
    (&["ago"], Token::Ago),
    (&["hence", "time"], Token::Hence),
    (&["from", "after"], Token::After),
    (&["before"], Token::Before),
    (&["start", "beginning", "begin", "early"], Token::Start),
    (&["mid", "middle"], Token::Mid),
    (&["midnight"], Token::Midnight),
    (&["end"], Token::End),
    (&["business", "working", "work"], Token::Working),
    (&["christmas", "xmas"], Token::Christmas),
    (&["new"], Token::New),
    (&["eve"], Token::Eve),
    (&["boxing"], Token::Boxing),
];

const PAIRS: [(&[&str], Token, Token); 5] = [
    (&["tonight"], Token::Today, Token::Part(20)),
    (&["eow"], Token::End, Token::Measure(Unit::Week)),
    (&["eom"], Token::End, Token::Measure(Unit::Month)),
    (&["eoq"], Token::End, Token::Measure(Unit::Quarter)),
    (&["eoy"], Token::End, Token::Measure(Unit::Year)),
];
