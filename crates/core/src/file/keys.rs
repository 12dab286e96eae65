//! Takes values of the wanted types out of a TOML tree, and says where one has another type.

use std::ops::Range;
use std::str::FromStr;

use super::place::Place;
use super::toml_value::{Item, Node, Table};
use crate::contact::{Channel, Money};
use crate::date::{Date, Spoken, Time, When, spoken};
use crate::period::Period;
use crate::problem::{Problem, nearest};

/// Collects the problems of one file's TOML.
pub(super) struct Keys<'p> {
    place: Place<'p>,
    problems: &'p mut Vec<Problem>,
    /// A known key has the wrong type (format, section 8).
    pub wrong_type: bool,
}

impl<'p> Keys<'p> {
    /// Spans count from byte `base` of `text`.
    pub fn new(text: &'p str, base: usize, problems: &'p mut Vec<Problem>) -> Keys<'p> {
        Keys { place: Place::new(text, base), problems, wrong_type: false }
    }

    pub fn error(&mut self, span: &Range<usize>, message: String, hint: Option<String>) {
        let problem = Problem::error(self.place.position(span.start), message);
        self.push(problem, span, hint);
    }

    pub fn warning(&mut self, span: &Range<usize>, message: String, hint: Option<String>) {
        let problem = Problem::warning(self.place.position(span.start), message);
        self.push(problem, span, hint);
    }

    fn push(&mut self, mut problem: Problem, span: &Range<usize>, hint: Option<String>) {
        problem.width = self.place.width(span);
        problem.hint = hint;
        self.problems.push(problem);
    }

    fn wrong(&mut self, key: &str, wanted: &str, node: &Node<'_>, span: &Range<usize>, hint: Option<&str>) {
        self.wrong_type = true;
        let message = format!("`{key}` must be {wanted}, but this is {}", node.describe());
        self.error(span, message, hint.map(str::to_owned));
    }

    pub fn text(&mut self, item: &Item<'_>) -> Option<String> {
        self.text_at(&item.key, &item.value, &item.span)
    }

    fn text_at(&mut self, key: &str, node: &Node<'_>, span: &Range<usize>) -> Option<String> {
        match node {
            Node::Text(text) => Some(text.clone().into_owned()),
            Node::List(_) | Node::Table(_) => {
                self.wrong(key, "a text", node, span, None);
                None
            }
            other => {
                self.wrong(key, "a text", other, span, Some("put it in quotes"));
                None
            }
        }
    }

    /// A list of texts; one text alone stands for a list of it.
    pub fn text_list(&mut self, item: &Item<'_>) -> Vec<String> {
        self.texts(item).into_iter().map(|(text, _)| text).collect()
    }

    pub fn texts(&mut self, item: &Item<'_>) -> Vec<(String, Range<usize>)> {
        match &item.value {
            Node::Text(text) => vec![(text.clone().into_owned(), item.span.clone())],
            Node::List(list) => list
                .iter()
                .filter_map(|(node, span)| Some((self.text_at(&item.key, node, span)?, span.clone())))
                .collect(),
            other => {
                self.wrong(
                    &item.key,
                    "a text or a list of texts",
                    other,
                    &item.span,
                    Some("put it in quotes"),
                );
                Vec::new()
            }
        }
    }

    pub fn boolean(&mut self, item: &Item<'_>) -> bool {
        match &item.value {
            Node::Boolean(b) => *b,
            other => {
                self.wrong(&item.key, "true or false", other, &item.span, None);
                false
            }
        }
    }

    pub fn date(&mut self, item: &Item<'_>) -> Option<Date> {
        self.date_at(&item.key, &item.value, &item.span)
    }

    pub fn date_at(&mut self, key: &str, node: &Node<'_>, span: &Range<usize>) -> Option<Date> {
        if let Node::Date(date) = node {
            return Some(*date);
        }
        let hint = date_hint(node, "write a date without a time: 2026-12-03");
        self.wrong(key, "a date", node, span, Some(&hint));
        None
    }

    pub fn when(&mut self, item: &Item<'_>) -> Option<When> {
        match &item.value {
            Node::Date(date) => Some(When { date: *date, time: None }),
            Node::DateTime { date, time, has_offset, .. } => {
                if *has_offset {
                    self.warning(
                        &item.span,
                        format!("the offset of `{}` is not used", item.key),
                        Some("the time is read as your own local time; leave the offset out".to_owned()),
                    );
                }
                Some(When { date: *date, time: Some(*time) })
            }
            other => {
                let hint = date_hint(other, "write 2026-12-03 or 2026-12-03T14:30");
                self.wrong(&item.key, "a date or a date with a time", other, &item.span, Some(&hint));
                None
            }
        }
    }

    pub fn number(&mut self, item: &Item<'_>) -> Option<u32> {
        match &item.value {
            Node::Integer(n) if u32::try_from(*n).is_ok() => u32::try_from(*n).ok(),
            other => {
                self.wrong(&item.key, "a whole number from 0", other, &item.span, None);
                None
            }
        }
    }

    /// A text with a grammar of its own, such as a period.
    pub fn parsed<T>(&mut self, item: &Item<'_>) -> Option<T>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        self.parsed_at(&item.key, &item.value, &item.span)
    }

    fn parsed_at<T>(&mut self, key: &str, node: &Node<'_>, span: &Range<usize>) -> Option<T>
    where
        T: FromStr,
        T::Err: std::fmt::Display,
    {
        let text = self.text_at(key, node, span)?;
        match text.parse() {
            Ok(value) => Some(value),
            Err(error) => {
                self.wrong_type = true;
                self.error(span, format!("`{key}`: {error}"), None);
                None
            }
        }
    }

    pub fn period(&mut self, item: &Item<'_>) -> Option<Period> {
        if let Node::Integer(n) = item.value {
            let hint = format!("name the unit: \"{n} days\"");
            self.wrong(&item.key, "a period", &item.value, &item.span, Some(&hint));
            return None;
        }
        let meant = match &item.value {
            Node::Text(text) => match &*text.to_lowercase() {
                "daily" => Some("1 day"),
                "weekly" => Some("1 week"),
                "fortnightly" | "biweekly" => Some("2 weeks"),
                "monthly" => Some("1 month"),
                "quarterly" => Some("3 months"),
                "yearly" | "annually" => Some("1 year"),
                _ => None,
            },
            _ => None,
        };
        let period = self.parsed(item);
        if let (None, Some(meant), Some(problem)) = (&period, meant, self.problems.last_mut()) {
            problem.hint = Some(format!("write it as \"{meant}\""));
        }
        period
    }

    pub fn channel(&mut self, item: &Item<'_>) -> Option<Channel> {
        self.text(item).map(|name| Channel::from_name(&name))
    }

    /// A number, or a text `"25000 EUR"`.
    pub fn money(&mut self, item: &Item<'_>) -> Option<Money> {
        let plain = |amount: f64| amount.is_finite().then_some(Money { amount, currency: None });
        let money = match &item.value {
            Node::Integer(n) => plain(*n as f64),
            Node::Float(n) => plain(*n),
            Node::Text(text) => {
                let (amount, currency) =
                    text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
                let currency = currency.trim();
                let is_code = currency.chars().all(char::is_alphabetic) && currency.chars().count() <= 8;
                amount.replace('_', "").parse().ok().and_then(plain).filter(|_| is_code).map(|money| Money {
                    currency: (!currency.is_empty()).then(|| currency.to_owned()),
                    ..money
                })
            }
            other => {
                self.wrong(&item.key, "a number or a text such as \"25000 EUR\"", other, &item.span, None);
                return None;
            }
        };
        if money.is_none() {
            self.wrong_type = true;
            self.error(
                &item.span,
                format!("`{}` is not an amount such as 25000 or \"25000 EUR\"", item.key),
                Some("write the number without separators, then the currency".to_owned()),
            );
        }
        money
    }

    pub fn table<'t, 'a>(&mut self, item: &'t Item<'a>) -> Option<&'t Table<'a>> {
        match &item.value {
            Node::Table(table) => Some(table),
            other => {
                let hint = format!("write `[{}]` on a line of its own, its keys below", item.key);
                self.wrong(&item.key, "a table", other, &item.span, Some(&hint));
                None
            }
        }
    }

    /// The tables of `[[key]]`.
    pub fn tables<'t, 'a>(&mut self, item: &'t Item<'a>) -> Vec<&'t Table<'a>> {
        let Node::List(list) = &item.value else {
            let hint = format!("write `[[{}]]` on a line of its own, its keys below", item.key);
            self.wrong(&item.key, "a list of tables", &item.value, &item.span, Some(&hint));
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (node, span) in list {
            match node {
                Node::Table(table) => tables.push(table),
                other => self.wrong(&item.key, "a list of tables", other, span, None),
            }
        }
        tables
    }

    /// Warns of a key that is not known but one slip away from one that is (format, section 2).
    pub fn unknown(&mut self, item: &Item<'_>, known: &[&str]) {
        if let Some(meant) = one_slip_from(&item.key, known) {
            self.warning(
                &item.key_span,
                format!("unknown key `{}`", item.key),
                Some(format!("did you mean `{meant}`?")),
            );
        }
    }

    /// Complains about a name that is not among those configured.
    pub fn not_among<'n>(
        &mut self,
        is_error: bool,
        span: &Range<usize>,
        what: &str,
        name: &str,
        known: impl Iterator<Item = &'n str> + Clone,
    ) {
        let hint = match nearest(name, known.clone()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => {
                let all = known.map(|n| format!("`{n}`")).collect::<Vec<_>>();
                if all.is_empty() {
                    format!("tickler.toml names no {what} yet")
                } else {
                    format!("one of {}, or add it to tickler.toml", all.join(", "))
                }
            }
        };
        let message = format!("unknown {what} `{name}`");
        if is_error {
            self.error(span, message, Some(hint));
        } else {
            self.warning(span, message, Some(hint));
        }
    }
}

/// The known key that `typed` is one slip of the pen away from.
pub fn one_slip_from<'k>(typed: &str, known: &[&'k str]) -> Option<&'k str> {
    let lower = typed.to_lowercase();
    let is_slip = |known: &&&str| is_one_edit(&lower, known) && (known.len() > 2 || lower == **known);
    known.iter().find(is_slip).copied()
}

/// Whether at most one letter was added, left out, mistaken, or swapped with its neighbour.
fn is_one_edit(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let same = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[same..], &b[same..]);
    let same = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count();
    match (&a[..a.len() - same], &b[..b.len() - same]) {
        ([] | [_], [] | [_]) => true,
        ([x, y], [z, w]) => x == w && y == z,
        _ => false,
    }
}

fn date_hint(node: &Node<'_>, otherwise: &str) -> String {
    let Node::Text(text) = node else { return otherwise.to_owned() };
    if text
        .split_once(['T', ' '])
        .is_some_and(|(d, t)| d.parse::<Date>().is_ok() && Time::scan(t).flatten().is_some())
    {
        return format!("leave the quotes out: {}", text.replace(' ', "T"));
    }
    match spoken(text, None) {
        Some(Spoken { date: Some(date), len }) if len == text.len() => {
            format!("leave the quotes out: {date}")
        }
        _ => otherwise.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_edit_is_a_distance_of_one(a in "[ab]{0,5}", b in "[ab]{0,5}") {
            prop_assert_eq!(is_one_edit(&a, &b), strsim::osa_distance(&a, &b) <= 1);
        }
    }
}
