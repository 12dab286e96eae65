//! Values of the user's own keys as the cells of our own sheets, so that numbers come back as numbers, days as days and
//! lists as lists.

use super::cells::{clean, colon_parts};
use super::write::BETWEEN;
use crate::contact::Value;
use crate::file::edit::literal;
use crate::file::edit::tree::{same, try_tree_of};

/// The value as a cell: plain where that can only be read as the same value, else as a front matter has it.
pub fn cell_of(value: &Value) -> String {
    let plain = match value {
        Value::List(items) => items
            .iter()
            .map(|item| plain_or_literal(item, item.to_string()))
            .collect::<Vec<_>>()
            .join(BETWEEN),
        one => one.to_string(),
    };
    plain_or_literal(value, plain)
}

fn plain_or_literal(value: &Value, plain: String) -> String {
    if same(&value_of(&clean(&plain)), value) {
        return plain;
    }
    literal::write(value, None, 'T').unwrap_or(plain)
}

/// The value that a cell says.
pub fn value_of(cell: &str) -> Value {
    if cell.starts_with(['"', '[', '{'])
        && let Some(value) = toml(cell)
    {
        return value;
    }
    if cell.contains(BETWEEN) {
        return Value::List(colon_parts(cell).map(one).collect());
    }
    one(cell)
}

/// A value that is no list, unless it is written as a front matter has it.
fn one(cell: &str) -> Value {
    let is_value = |value: &Value| match value {
        Value::Text(_) | Value::List(_) | Value::Table(_) => cell.starts_with(['"', '[', '{']),
        // `007` and `1_000` are texts, since the numbers are written otherwise.
        value => {
            value.to_string() == cell || literal::write(value, None, 'T').is_ok_and(|literal| literal == cell)
        }
    };
    toml(cell).filter(is_value).unwrap_or_else(|| Value::Text(cell.to_owned()))
}

/// The value that a front matter would have there.
fn toml(cell: &str) -> Option<Value> {
    let begins = cell.starts_with(|c: char| {
        c.is_ascii_digit() || matches!(c, '"' | '[' | '{' | '-' | '+' | 't' | 'f' | 'i' | 'n')
    });
    if !begins || cell.contains('\n') {
        return None;
    }
    match try_tree_of(&format!("x = {cell}"))?.as_mut_slice() {
        [(_, value)] => Some(std::mem::take(value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_as_cells() {
        let text = |text: &str| Value::Text(text.to_owned());
        for (value, cell) in [
            (text("Rex"), "Rex"),
            (text("74"), "\"74\""),
            (text("007"), "007"),
            (text("+1 555"), "+1 555"),
            (text("true"), "\"true\""),
            (text("two\nlines"), "two\nlines"),
            (text(" a"), "\" a\""),
            (text(""), ""),
            (text("[x]"), "[x]"),
            (text("[1]"), "\"[1]\""),
            (text("\"x\""), "\"\\\"x\\\"\""),
            (Value::Integer(74), "74"),
            (Value::Integer(-5), "-5"),
            (Value::Float(2.5), "2.5"),
            (Value::Float(2.0), "2.0"),
            (Value::Boolean(true), "true"),
            (Value::Date("2026-12-03".parse().unwrap()), "2026-12-03"),
            (Value::DateTime("2026-12-03T14:30:00Z".to_owned()), "2026-12-03T14:30:00Z"),
            (Value::List(vec![Value::Integer(1), Value::Float(2.5)]), "1 ::: 2.5"),
            (Value::List(vec![text("a"), text("7")]), "a ::: \"7\""),
            (Value::List(vec![text("a")]), "[\"a\"]"),
            (Value::List(vec![]), "[]"),
            (Value::List(vec![text("a ::: b"), text("c")]), "[\"a ::: b\", \"c\"]"),
            (Value::Table(vec![("a b".to_owned(), Value::Integer(1))]), "{ \"a b\" = 1 }"),
        ] {
            assert_eq!(cell_of(&value), cell);
            assert_eq!(value_of(cell), value, "{cell}");
        }
    }

    fn values() -> impl Strategy<Value = Value> {
        let one = prop_oneof![
            "[a-z0-9:\"\\[\\]{}' \n\t.#,+-]{0,12}".prop_map(Value::Text),
            any::<String>().prop_map(Value::Text),
            any::<i64>().prop_map(Value::Integer),
            any::<f64>().prop_map(Value::Float),
            any::<bool>().prop_map(Value::Boolean),
            (1..28_u32).prop_map(|day| Value::Date(crate::date::Date::new(2026, 2, day).unwrap())),
            (10..24_u32).prop_map(|hour| Value::DateTime(format!("2026-02-03T{hour}:30:00"))),
        ];
        one.prop_recursive(2, 8, 3, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..3).prop_map(Value::List),
                prop::collection::btree_map("[a-z .]{0,4}", inner, 0..3)
                    .prop_map(|items| Value::Table(items.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn every_value_comes_back_from_its_cell(value in values()) {
            let back = value_of(&clean(&cell_of(&value)));
            prop_assert!(same(&back, &value), "{:?}", back);
        }
    }
}
