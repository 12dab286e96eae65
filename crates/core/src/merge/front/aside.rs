//! `[[conflict]]`: the set of what merges set aside, until somebody deletes it.

use std::collections::BTreeMap;

use super::rules::{plain, sorted, told};
use super::values::{Loser, Tree, by_key, is_same, stays};
use crate::contact::Value;
use crate::file::edit::EditError;
use crate::file::edit::pen::Pen;

/// The key of the tables.
pub(super) const KEY: &str = "conflict";

/// What stands under `[[conflict]]` after the merge.
#[derive(Debug, PartialEq)]
pub(super) struct Aside {
    pub value: Option<Value>,
    /// Neither side says just that.
    pub is_new: bool,
    /// Of what lost, those that neither side has set aside yet.
    pub new: Vec<Loser>,
}

/// Three-way as a set, and with what lost. What one side deleted stays deleted, unless the other has changed the
/// key meanwhile: then somebody should look at it once more. Nothing where `conflict` is no list of tables.
pub(super) fn merge(base: &Tree, a: &Tree, b: &Tree, losers: Vec<Loser>) -> Option<Aside> {
    let [of_base, of_a, of_b] =
        [base, a, b].map(|tree| tree.iter().find(|(key, _)| key == KEY).map(|(_, v)| v));
    let [in_base, in_a, in_b] = [entries(of_base)?, entries(of_a)?, entries(of_b)?];
    let mut merged: BTreeMap<String, Value> = BTreeMap::new();
    let mut new = Vec::new();
    for loser in losers {
        let entry = entry(&loser);
        let name = plain(&entry);
        if !in_a.contains_key(&name) && !in_b.contains_key(&name) {
            new.push(loser);
        }
        merged.insert(name, entry);
    }
    let mut said: Option<[BTreeMap<String, &Value>; 3]> = None;
    for (name, value) in in_a.iter().chain(&in_b) {
        let (is_in_a, is_in_b) = (in_a.contains_key(name), in_b.contains_key(name));
        let is_kept = stays(in_base.contains_key(name), is_in_a, is_in_b) || {
            let [base, a, b] = said.get_or_insert_with(|| [base, a, b].map(by_key));
            let other = if is_in_a { a } else { b };
            key_of(value).is_some_and(|key| !is_same(base.get(key).copied(), other.get(key).copied()))
        };
        if is_kept {
            merged.insert(name.clone(), (*value).clone());
        }
    }
    let says_it = |set: &BTreeMap<String, &Value>| set.keys().eq(merged.keys());
    let value = match (says_it(&in_a), says_it(&in_b)) {
        (true, true) if is_same(of_base, of_a) => of_b,
        (true, true) if is_same(of_base, of_b) => of_a,
        (true, true) => [of_a, of_b].into_iter().max_by_key(|value| value.map(plain)).flatten(),
        (true, false) => of_a,
        (false, true) => of_b,
        (false, false) => {
            let all = (!merged.is_empty()).then(|| Value::List(merged.values().map(sorted).collect()));
            return Some(Aside { value: all, is_new: true, new });
        }
    };
    Some(Aside { value: value.cloned(), is_new: false, new })
}

/// The tables as they are written at the end of a front matter.
pub(super) fn written(tables: &Value, pen: &Pen) -> Result<String, EditError> {
    let Value::List(items) = tables else { return Ok(String::new()) };
    let mut toml = String::new();
    for item in items {
        let Value::Table(pairs) = item else { continue };
        let header = format!("[[{KEY}]]");
        for line in [String::new(), header].into_iter().chain(pen.pairs(&[KEY], pairs)?) {
            toml.push_str(&line);
            toml.push_str(pen.ending);
        }
    }
    Ok(toml)
}

/// The tables by what they say; nothing where it is no list of tables.
fn entries(value: Option<&Value>) -> Option<BTreeMap<String, &Value>> {
    match value {
        None => Some(BTreeMap::new()),
        Some(Value::List(items)) => {
            let is_table = |item: &Value| matches!(item, Value::Table(_));
            items.iter().all(is_table).then(|| items.iter().map(|item| (plain(item), item)).collect())
        }
        Some(_) => None,
    }
}

fn entry(loser: &Loser) -> Value {
    Value::Table(vec![
        ("key".to_owned(), Value::Text(loser.key.clone())),
        ("other".to_owned(), Value::Text(told(&loser.other))),
    ])
}

fn key_of(entry: &Value) -> Option<&str> {
    let Value::Table(items) = entry else { return None };
    items.iter().find_map(|(key, value)| match value {
        Value::Text(text) if key == "key" => Some(text.as_str()),
        _ => None,
    })
}
