//! What the merged front matter says: two trees of values and what they came from, to one (`docs/merge.md`, Front
//! matter, key by key).

use std::collections::{BTreeMap, BTreeSet};

use super::Sheet;
use super::rules::{Rules, dotted};
use crate::contact::Value;
use crate::file::edit::head::takes_list;
use crate::file::edit::tree::same;
use crate::merge::Lead;
use crate::merge::order::merge_order;

/// A table: keys and values in the file's order.
pub(super) type Tree = Vec<(String, Value)>;

/// The keys and values of a table, borrowed.
type Items<'v> = &'v [(String, Value)];

/// A value that lost to another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Loser {
    /// With dots, as TOML writes it.
    pub key: String,
    pub kept: Value,
    pub other: Value,
}

/// The merged tree and what lost, without `[[conflict]]`, which depends on what lost.
pub(super) fn merge(rules: &Rules<'_>, base: &Tree, a: &Tree, b: &Tree) -> (Tree, Vec<Loser>) {
    let mut judge = Judge { rules, losers: Vec::new() };
    let tree = judge.table(&[], base, a, b);
    (tree, judge.losers)
}

struct Judge<'r> {
    rules: &'r Rules<'r>,
    losers: Vec<Loser>,
}

impl Judge<'_> {
    fn table(&mut self, path: &[&str], base: Items<'_>, a: Items<'_>, b: Items<'_>) -> Tree {
        let [in_base, in_a, in_b] = [base, a, b].map(|items| -> BTreeMap<&str, &Value> {
            items.iter().map(|(key, value)| (key.as_str(), value)).collect()
        });
        let mut merged: BTreeMap<&str, Value> = BTreeMap::new();
        for key in in_a.keys().chain(in_b.keys()).copied().collect::<BTreeSet<_>>() {
            let path: Vec<&str> = path.iter().copied().chain([key]).collect();
            if path == ["conflict"] && self.rules.sheet == Sheet::Contact {
                continue;
            }
            let [base, a, b] = [&in_base, &in_a, &in_b].map(|items| items.get(key).copied());
            if let Some(value) = self.cell(&path, base, a, b) {
                merged.insert(key, value);
            }
        }
        let [base, a, b] =
            [base, a, b].map(|items| items.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>());
        let order = merge_order(&base, &a, &b, |key| merged.contains_key(key));
        order.into_iter().filter_map(|key| Some((key.to_owned(), merged.remove(key)?))).collect()
    }

    /// What becomes of one key; nothing where it goes.
    fn cell(
        &mut self,
        path: &[&str],
        base: Option<&Value>,
        a: Option<&Value>,
        b: Option<&Value>,
    ) -> Option<Value> {
        if is_same(a, b) {
            // They may still differ in the order of keys.
            return [a, b].into_iter().flatten().max_by_key(|value| value.to_string()).cloned();
        }
        if is_same(base, b) {
            return a.cloned();
        }
        if is_same(base, a) {
            return b.cloned();
        }
        if !self.rules.is_one_value(path) {
            if let (Some(a), Some(b)) = (table_of(a, base), table_of(b, base)) {
                let base = table_of(base, None).unwrap_or_default();
                let tree = self.table(path, base, a, b);
                return (!tree.is_empty()).then_some(Value::Table(tree));
            }
            if self.is_text_list(path, &[base, a, b]) {
                return merge_texts(self.rules.lead, base, a, b);
            }
        }
        let (Some(a), Some(b)) = (a, b) else { return a.or(b).cloned() };
        let (kept, other) = if self.rules.first_wins(path, a, b) { (a, b) } else { (b, a) };
        self.losers.push(Loser { key: dotted(path), kept: kept.clone(), other: other.clone() });
        Some(kept.clone())
    }

    /// Whether these are lists of texts, or texts where a list may stand.
    fn is_text_list(&self, path: &[&str], values: &[Option<&Value>]) -> bool {
        let mut there = values.iter().flatten();
        let is_list = |value: &&Value| matches!(value, Value::List(_));
        there.clone().all(|value| texts(Some(value)).is_some())
            && (there.any(is_list) || self.rules.sheet == Sheet::Contact && takes_list(path))
    }
}

/// Whether both say the same, or neither says anything.
pub(super) fn is_same(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (a, b) => a.is_none() && b.is_none(),
    }
}

/// The table; an empty one where there is nothing but the base has a table, of which then each key is gone.
fn table_of<'v>(value: Option<&'v Value>, base: Option<&Value>) -> Option<Items<'v>> {
    match (value, base) {
        (Some(Value::Table(items)), _) => Some(items),
        (None, Some(Value::Table(_))) => Some(&[]),
        _ => None,
    }
}

/// The texts of a list, each once; nothing where there are other things in it.
fn texts(value: Option<&Value>) -> Option<Vec<String>> {
    let items = match value {
        None => return Some(Vec::new()),
        Some(Value::Text(text)) => return Some(vec![text.clone()]),
        Some(Value::List(items)) => items,
        Some(_) => return None,
    };
    let mut seen = BTreeSet::new();
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        let Value::Text(text) = item else { return None };
        if seen.insert(text) {
            texts.push(text.clone());
        }
    }
    Some(texts)
}

/// Base without what either removed, with what either added. A side that says just that is taken as it is.
fn merge_texts(lead: Lead, base: Option<&Value>, a: Option<&Value>, b: Option<&Value>) -> Option<Value> {
    let [in_base, in_a, in_b] = [base, a, b].map(|value| texts(value).unwrap_or_default());
    let [set, set_a, set_b] = [&in_base, &in_a, &in_b].map(|list| list.iter().collect::<BTreeSet<_>>());
    let is_kept = |text: &String| stays(set.contains(text), set_a.contains(text), set_b.contains(text));
    let merged = match lead {
        Lead::Bytes => merge_order(&in_base, &in_a, &in_b, is_kept),
        Lead::A => one_then_other(&in_a, &in_b, is_kept),
        Lead::B => one_then_other(&in_b, &in_a, is_kept),
    };
    if merged.is_empty() && !stays(base.is_some(), a.is_some(), b.is_some()) {
        return None;
    }
    let says_it = |value: &Option<&Value>| value.is_some() && texts(*value).as_ref() == Some(&merged);
    let list = || Value::List(merged.iter().cloned().map(Value::Text).collect());
    // Of a text and a list of it the list stays.
    let is_list = |value: &&Value| matches!(value, Value::List(_));
    Some([a, b].into_iter().filter(says_it).flatten().max_by_key(is_list).cloned().unwrap_or_else(list))
}

/// What is kept of one list in its order, and then what only the other has.
fn one_then_other(one: &[String], other: &[String], is_kept: impl Fn(&String) -> bool) -> Vec<String> {
    let new = other.iter().filter(|text| !one.contains(text));
    one.iter().chain(new).filter(|text| is_kept(text)).cloned().collect()
}

/// Whether one of a set stays: what the base has where neither removed it, else what either added.
pub(super) fn stays(in_base: bool, in_a: bool, in_b: bool) -> bool {
    if in_base { in_a && in_b } else { in_a || in_b }
}

/// The values of a tree by their key with dots; of tables, the tables too.
pub(super) fn by_key(tree: &Tree) -> BTreeMap<String, &Value> {
    fn add<'v>(tree: &'v Tree, path: &str, all: &mut BTreeMap<String, &'v Value>) {
        for (key, value) in tree {
            let name = dotted(&[key]);
            let path = if path.is_empty() { name } else { format!("{path}.{name}") };
            if let Value::Table(tree) = value {
                add(tree, &path, all);
            }
            all.insert(path, value);
        }
    }
    let mut all = BTreeMap::new();
    add(tree, "", &mut all);
    all
}
