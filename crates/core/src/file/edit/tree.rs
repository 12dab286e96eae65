//! What a front matter says, as a tree of values in the file's order, to compare before and after.

use super::literal;
use crate::contact::Value;
use crate::date::Date;
use crate::file::toml_value::{self, Node};

/// What a front matter says; nothing where it is no TOML.
pub(super) fn tree_of(toml: &str) -> Vec<(String, Value)> {
    try_tree_of(toml).unwrap_or_default()
}

/// What a front matter says; none where it is no TOML.
pub(crate) fn try_tree_of(toml: &str) -> Option<Vec<(String, Value)>> {
    match toml_value::parse(toml).map(|table| Node::Table(table).to_value()) {
        Ok(Value::Table(items)) => Some(items),
        _ => None,
    }
}

/// The value at `path`.
pub(crate) fn get<'v>(tree: &'v [(String, Value)], path: &[&str]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    let (_, value) = tree.iter().find(|(key, _)| key == first)?;
    match value {
        value if rest.is_empty() => Some(value),
        Value::Table(items) => get(items, rest),
        _ => None,
    }
}

/// The tree without what is at `path`, and without the tables that then are empty.
pub(super) fn take(tree: &mut Vec<(String, Value)>, path: &[&str]) {
    let Some((first, rest)) = path.split_first() else { return };
    let Some(at) = tree.iter().position(|(key, _)| key == first) else { return };
    if !rest.is_empty() {
        let Value::Table(items) = &mut tree[at].1 else { return };
        take(items, rest);
        if !items.is_empty() {
            return;
        }
    }
    tree.remove(at);
}

/// Whether two values are the same, however they are written.
pub(crate) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => a == b || a.is_nan() && b.is_nan(),
        (Value::DateTime(a), Value::DateTime(b)) => {
            let plain =
                |text: &str| literal::write(&Value::DateTime(text.replacen(['t', ' '], "T", 1)), None, 'T');
            a == b || plain(a).is_ok_and(|a| plain(b).is_ok_and(|b| a == b))
        }
        (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Table(a), Value::Table(b)) => {
            // Mostly a key stands at the same place in both.
            let find = |at: usize, key: &str| {
                let is_it = |item: &&(String, Value)| item.0 == key;
                b.get(at).filter(is_it).or_else(|| b.iter().find(is_it))
            };
            a.len() == b.len()
                && a.iter().enumerate().all(|(at, (key, a))| find(at, key).is_some_and(|(_, b)| same(a, b)))
        }
        (a, b) => a == b,
    }
}

/// Whether two tables say the same in the same order.
pub(super) fn is_same_in_order(a: &[(String, Value)], b: &[(String, Value)]) -> bool {
    a.len() == b.len()
        && a.iter().zip(b).all(|((a_key, a), (b_key, b))| {
            a_key == b_key
                && match (a, b) {
                    (Value::Table(a), Value::Table(b)) => is_same_in_order(a, b),
                    (a, b) => same(a, b),
                }
        })
}

/// What stands between the day and the time of a date-time.
pub(crate) fn time_mark(written: &str) -> Option<char> {
    Date::scan(written.as_bytes())?;
    written[10..].chars().next().filter(|c| matches!(c, 'T' | 't' | ' '))
}

/// The first date with a time.
pub(crate) fn first_date_time(tree: &[(String, Value)]) -> Option<&str> {
    tree.iter().find_map(|(_, value)| match value {
        Value::DateTime(written) if time_mark(written).is_some() => Some(written.as_str()),
        Value::Table(items) => first_date_time(items),
        _ => None,
    })
}
/// Puts a value into a tree.
pub(super) fn put(tree: &mut Vec<(String, Value)>, path: &[&str], value: Value) {
    let Some((first, rest)) = path.split_first() else { return };
    let at = match tree.iter().position(|(key, _)| key == first) {
        Some(at) => at,
        None => {
            tree.push(((*first).to_owned(), Value::Table(Vec::new())));
            tree.len() - 1
        }
    };
    match &mut tree[at].1 {
        there if rest.is_empty() => *there = value,
        Value::Table(items) => put(items, rest, value),
        there => {
            let mut items = Vec::new();
            put(&mut items, rest, value);
            *there = Value::Table(items);
        }
    }
}
