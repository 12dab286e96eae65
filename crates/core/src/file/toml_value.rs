//! TOML as a tree with the place of every key and value, in the file's order.

use std::borrow::Cow;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::contact::Value;
use crate::date::{Date, Time};

/// A table: keys and values in the file's order.
pub(super) type Table<'a> = Vec<Item<'a>>;

/// A key of a table with its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item<'a> {
    pub key: Cow<'a, str>,
    pub key_span: Range<usize>,
    pub value: Node<'a>,
    /// The value as written; of a table, wherever the parser puts it.
    pub span: Range<usize>,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node<'a> {
    Text(Cow<'a, str>),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Date(Date),
    DateTime {
        date: Date,
        time: Time,
        has_offset: bool,
        written: Cow<'a, str>,
    },
    /// A time alone, a leap second, year 0: dates and times that no key takes.
    OtherTime(Cow<'a, str>),
    List(Vec<(Node<'a>, Range<usize>)>),
    Table(Table<'a>),
}

impl Node<'_> {
    /// What it is, for messages: `a text`, `a number`.
    pub fn describe(&self) -> &'static str {
        match self {
            Node::Text(_) => "a text",
            Node::Integer(_) | Node::Float(_) => "a number",
            Node::Boolean(_) => "true or false",
            Node::Date(_) => "a date",
            Node::DateTime { .. } => "a date with a time",
            Node::OtherTime(_) => "a time",
            Node::List(_) => "a list",
            Node::Table(_) => "a table",
        }
    }

    /// As a value of a key that the format does not know.
    pub fn to_value(&self) -> Value {
        match self {
            Node::Text(text) => Value::Text(text.clone().into_owned()),
            Node::Integer(n) => Value::Integer(*n),
            Node::Float(n) => Value::Float(*n),
            Node::Boolean(b) => Value::Boolean(*b),
            Node::Date(d) => Value::Date(*d),
            Node::DateTime { written, .. } | Node::OtherTime(written) => {
                Value::DateTime(written.clone().into_owned())
            }
            Node::List(items) => Value::List(items.iter().map(|(node, _)| node.to_value()).collect()),
            Node::Table(items) => Value::Table(
                items.iter().map(|item| (item.key.clone().into_owned(), item.value.to_value())).collect(),
            ),
        }
    }
}

/// What `toml` says about a text that is not TOML.
pub(super) struct NotToml {
    pub message: String,
    pub span: Range<usize>,
}

/// Reads all of TOML, with the crate `toml`.
pub(super) fn parse(text: &str) -> Result<Table<'_>, NotToml> {
    match DeTable::parse(text) {
        Ok(table) => Ok(table_of(text, table.into_inner())),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            Err(NotToml { message: error.message().to_owned(), span })
        }
    }
}

fn table_of<'a>(text: &'a str, table: DeTable<'a>) -> Table<'a> {
    let mut items: Table<'a> = table
        .into_iter()
        .map(|(key, value)| {
            let (key_span, span) = (key.span(), value.span());
            let value = node_of(text, value.into_inner(), &span);
            Item { key: key.into_inner(), key_span, value, span }
        })
        .collect();
    // The crate keeps its tables sorted by key; the order of the file has a meaning in `[rhythm]` and `[dates]`.
    items.sort_by_key(|item| item.key_span.start);
    items
}

fn node_of<'a>(text: &'a str, value: DeValue<'a>, span: &Range<usize>) -> Node<'a> {
    let written = || Cow::Borrowed(text.get(span.clone()).unwrap_or_default());
    match value {
        DeValue::String(text) => Node::Text(text),
        DeValue::Integer(n) => match i64::from_str_radix(n.as_str(), n.radix()) {
            Ok(n) => Node::Integer(n),
            // Beyond 64 bits: TOML asks for an error; a float of about that size is as useful and loses nothing
            // of the file.
            Err(_) => Node::Float(n.as_str().parse().unwrap_or(f64::INFINITY)),
        },
        DeValue::Float(n) => Node::Float(n.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(b) => Node::Boolean(b),
        DeValue::Datetime(when) => {
            let date = when.date.map(|d| Date::new(i32::from(d.year), d.month.into(), d.day.into()));
            let time = when.time.map(|t| Time::new(t.hour.into(), t.minute.into()));
            match (date, time) {
                (Some(Some(date)), None) => Node::Date(date),
                (Some(Some(date)), Some(Some(time))) => {
                    Node::DateTime { date, time, has_offset: when.offset.is_some(), written: written() }
                }
                _ => Node::OtherTime(written()),
            }
        }
        DeValue::Array(items) => Node::List(
            items
                .into_iter()
                .map(|item| {
                    let span = item.span();
                    (node_of(text, item.into_inner(), &span), span)
                })
                .collect(),
        ),
        DeValue::Table(table) => Node::Table(table_of(text, table)),
    }
}
