//! A value as a TOML text; never anything that TOML 1.0 does not have.

use toml_writer::{ToTomlKey, ToTomlValue, TomlStringBuilder};

use super::EditError;
use crate::contact::Value;
use crate::date::{Date, Time, When};

/// A day, with or without a time, as a value: what `[next].on` takes.
pub fn when(when: When) -> Value {
    match when.time {
        None => Value::Date(when.date),
        Some(time) => Value::DateTime(format!("{}T{time}:00", when.date)),
    }
}

/// The value as TOML. `like` is the literal that it replaces, of which a text keeps the quotes where it can;
/// `between` stands between the day and the time of a date-time.
pub(crate) fn write(value: &Value, like: Option<&str>, between: char) -> Result<String, EditError> {
    let all = |items: &[Value]| -> Result<Vec<String>, EditError> {
        items.iter().map(|item| write(item, None, between)).collect()
    };
    Ok(match value {
        Value::Text(text) => text_literal(text, like),
        Value::Integer(n) => n.to_string(),
        Value::Float(n) if n.is_nan() => "nan".to_owned(),
        // `{:?}` always has a point or an exponent, so that it stays a number with a fraction.
        Value::Float(n) => format!("{n:?}"),
        Value::Boolean(b) => b.to_string(),
        Value::Date(date) => date.to_string(),
        Value::DateTime(written) => date_time(written, between)?,
        Value::List(items) => format!("[{}]", all(items)?.join(", ")),
        Value::Table(items) if items.is_empty() => "{}".to_owned(),
        Value::Table(items) => {
            let pairs: Result<Vec<String>, EditError> = items
                .iter()
                .map(|(key, item)| Ok(format!("{} = {}", name(key), write(item, None, between)?)))
                .collect();
            format!("{{ {} }}", pairs?.join(", "))
        }
    })
}

/// A key and its value as lines without the last one's end. A list of several items that would make a long line has a
/// line for each.
pub(crate) fn pair(key: &str, value: &Value, between: char, ending: &str) -> Result<String, EditError> {
    let line = format!("{key} = {}", write(value, None, between)?);
    match value {
        Value::List(items) if is_long(&line, items.len()) => {
            let items: Result<Vec<String>, EditError> =
                items.iter().map(|item| write(item, None, between)).collect();
            Ok(format!("{key} = {}", one_a_line(items?, ending)))
        }
        _ => Ok(line),
    }
}

/// Whether a list on that line is better read an item a line.
pub(super) fn is_long(line: &str, items: usize) -> bool {
    const LONGEST: usize = 100;
    items > 1 && line.chars().count() > LONGEST
}

/// A list with a line for each item.
pub(super) fn one_a_line(items: impl IntoIterator<Item = impl AsRef<str>>, ending: &str) -> String {
    let lines: String = items.into_iter().map(|item| format!("{ending}  {},", item.as_ref())).collect();
    format!("[{lines}{ending}]")
}

/// A key, in quotes where it must be.
pub(crate) fn name(key: &str) -> String {
    key.to_toml_key()
}

fn text_literal(text: &str, like: Option<&str>) -> String {
    let builder = TomlStringBuilder::new(text);
    let is_literal = like.is_some_and(|like| like.starts_with('\''));
    match builder.as_literal().filter(|_| is_literal) {
        Some(literal) => literal.to_toml_value(),
        None => builder.as_basic().to_toml_value(),
    }
}

/// A date-time in whole, with seconds, which TOML 1.0 asks for.
fn date_time(written: &str, between: char) -> Result<String, EditError> {
    let wrong = || EditError::Unwritable(format!("\"{written}\" is no date with a time"));
    let local = || {
        let date = Date::scan(written.as_bytes()).flatten()?;
        let mut rest = written.get(10..)?.chars();
        let mark = rest.next().filter(|mark| matches!(mark, 'T' | 't' | ' '))?;
        let rest = rest.as_str();
        let time = Time::scan(rest.get(..5)?).flatten()?;
        let rest = &rest[5..];
        let between = if mark == 'T' { between } else { mark };
        match rest.chars().next() {
            Some(':') => Some(format!("{date}{between}{time}{rest}")),
            _ => Some(format!("{date}{between}{time}:00{rest}")),
        }
    };
    // A time alone has its seconds too.
    let alone = || {
        let time = Time::scan(written.get(..5)?).flatten()?;
        let rest = &written[5..];
        Some(if rest.starts_with(':') { format!("{time}{rest}") } else { format!("{time}:00{rest}") })
    };
    let literal = local().or_else(alone).ok_or_else(wrong)?;
    let is_toml = toml::de::DeValue::parse(&literal)
        .is_ok_and(|value| matches!(value.get_ref(), toml::de::DeValue::Datetime(_)));
    if is_toml { Ok(literal) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_toml() {
        let text = |text: &str| Value::Text(text.to_owned());
        let when = |text: &str| Value::DateTime(text.to_owned());
        for (value, like, expected) in [
            (text("a"), None, "\"a\""),
            (text("a\"b\\c"), None, "\"a\\\"b\\\\c\""),
            (text("a\"b"), Some("'x'"), "'a\"b'"),
            (text("it's"), Some("'x'"), "\"it's\""),
            (text("a\nb\u{1b}\0\t\u{7f}é"), None, "\"a\\nb\\u001B\\u0000\\t\\u007Fé\""),
            (text("a\r\n"), Some("'''x'''"), "\"a\\r\\n\""),
            (Value::Integer(-3), None, "-3"),
            (Value::Float(25000.0), None, "25000.0"),
            (Value::Float(1e300), None, "1e300"),
            (Value::Float(f64::NEG_INFINITY), None, "-inf"),
            (Value::Float(f64::NAN), None, "nan"),
            (Value::Boolean(true), None, "true"),
            (when("2026-12-03T14:30"), None, "2026-12-03T14:30:00"),
            (when("2026-12-03 14:30:05.5"), None, "2026-12-03 14:30:05.5"),
            (when("2026-12-03T14:30:00Z"), None, "2026-12-03T14:30:00Z"),
            (when("07:30"), None, "07:30:00"),
            (Value::List(vec![text("a"), Value::Integer(1)]), None, "[\"a\", 1]"),
            (Value::List(vec![]), None, "[]"),
            (Value::Table(vec![("a b".into(), Value::Boolean(false))]), None, "{ \"a b\" = false }"),
        ] {
            assert_eq!(write(&value, like, 'T').unwrap(), expected);
        }
        for wrong in
            ["", "x", "2026-12-03", "2026-12-03T25:00", "2026-12-03T14:30:00 # x", "2026-12-03T14:30\n", "é"]
        {
            assert!(write(&when(wrong), None, 'T').is_err(), "{wrong}");
        }
        assert_eq!(write(&when("2026-12-03T14:30"), None, ' ').unwrap(), "2026-12-03 14:30:00");
    }
}
