//! Tables that the two sides write in different ways: with a header, with dots, in braces.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::first_stays;
use super::mend::Steps;
use super::page::{Page, Place, is_at_or_below};
use super::rules::dotted;
use super::values::is_same;
use crate::contact::Value;
use crate::file::edit::pen::Pen;
use crate::file::edit::sheet::Sheet;

/// For each such table, whether all of it comes from `a`, else from `b`.
pub(super) struct Owners(BTreeMap<String, bool>);

impl Owners {
    /// Finds the tables, and for each the side that says what the merge says. Nothing where neither does.
    pub fn of(
        base: &Page<'_>,
        a: &Page<'_>,
        b: &Page<'_>,
        merged: &BTreeMap<String, &Value>,
    ) -> Result<Owners, String> {
        let mut owners = Owners(BTreeMap::new());
        for key in clashes(a, b) {
            if owners.is_owned(&key) {
                continue;
            }
            let Some(merged) = merged.get(&key) else { continue };
            let says_it = |page: &Page<'_>| is_same(page.values.get(&key).copied(), Some(merged));
            let is_from_a = match (says_it(a), says_it(b)) {
                (false, false) => return Err(key),
                (true, true) => {
                    let [base, a, b] = [base, a, b].map(|page| text_of(page, &key));
                    first_stays(Some(&base), &a, &b)
                }
                (is_from_a, _) => is_from_a,
            };
            owners.0.insert(key, is_from_a);
        }
        Ok(owners)
    }

    fn owner(&self, key: &str) -> Option<bool> {
        self.0.iter().find(|(table, _)| is_at_or_below(key, table)).map(|(_, is_from_a)| *is_from_a)
    }

    pub fn is_owned(&self, key: &str) -> bool {
        self.owner(key).is_some()
    }

    pub fn may_be_from_a(&self, key: &str) -> bool {
        self.owner(key) != Some(false)
    }

    pub fn may_be_from_b(&self, key: &str) -> bool {
        self.owner(key) != Some(true)
    }
}

/// The keys of what one side has as one statement and the other as several, or in another place.
fn clashes(a: &Page<'_>, b: &Page<'_>) -> BTreeSet<String> {
    let mut clashes = BTreeSet::new();
    let (in_a, in_b) = (a.units(), b.units());
    for (key, (place, _)) in &in_a {
        if let Some((other, _)) = in_b.get(key).filter(|(other, _)| other != place) {
            let deeper = if place.key().len() >= other.key().len() { place } else { other };
            clashes.insert(if deeper.key().is_empty() { *key } else { deeper.key() }.to_owned());
        }
    }
    for (one, units, other, other_units) in [(a, &in_a, b, &in_b), (b, &in_b, a, &in_a)] {
        let tables: BTreeSet<&str> = tables(other).collect();
        let theirs: BTreeSet<&str> = tables.iter().chain(other_units.keys()).copied().collect();
        for key in units.keys() {
            let below = format!("{key}.");
            let is_above = theirs.range(below.as_str()..).next().is_some_and(|key| key.starts_with(&below));
            if tables.contains(key) || is_above {
                clashes.insert((*key).to_owned());
            }
        }
        clashes.extend(dotted_tables(one).into_iter().filter(|key| tables.contains(key.as_str())));
    }
    clashes
}

/// The keys of headers.
fn tables<'p>(page: &'p Page<'_>) -> impl Iterator<Item = &'p str> {
    page.sections.iter().filter(|section| matches!(section.place, Place::Table(_))).map(|s| s.place.key())
}

/// The keys of the tables that are there because of the dots in a pair's key.
fn dotted_tables(page: &Page<'_>) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for section in page.sections.iter().filter(|section| !matches!(section.place, Place::Array(_))) {
        for unit in &section.units {
            let mut key = section.place.key().to_owned();
            for name in unit.names.split_last().map_or(&[][..], |(_, table)| table) {
                key = if key.is_empty() { dotted(&[name]) } else { format!("{key}.{}", dotted(&[name])) };
                all.insert(key.clone());
            }
        }
    }
    all
}

/// Has one of two texts say at `key` what the merge says, in its own way of writing: the one that is nearer to it.
/// Gives whether that is `a`, and the new text. Nothing where it cannot.
pub(super) fn settle(
    key: &str,
    (a, a_text): (&Page<'_>, &str),
    (b, b_text): (&Page<'_>, &str),
    merged: &Value,
    pen: &Pen,
) -> Option<(bool, String)> {
    let path = path_of(key);
    let [of_a, of_b] =
        [Steps::at(&path, a.values.get(key)?, merged), Steps::at(&path, b.values.get(key)?, merged)];
    let is_a = (of_a.len(), Reverse(a_text)) <= (of_b.len(), Reverse(b_text));
    let text = if is_a { of_a.take(a_text, pen) } else { of_b.take(b_text, pen) };
    Some((is_a, text.ok()?))
}

/// The names of a key with dots.
fn path_of(key: &str) -> Vec<String> {
    let sheet = Sheet::of(&format!("{key} = 1"));
    let names = sheet.statements.first().map(|statement| statement.names.as_slice()).unwrap_or_default();
    names.iter().map(|name| name.name.clone()).collect()
}

/// All statements of a table.
fn text_of(page: &Page<'_>, key: &str) -> String {
    page.all().filter(|unit| is_at_or_below(&unit.key, key)).map(|unit| unit.text()).collect()
}
