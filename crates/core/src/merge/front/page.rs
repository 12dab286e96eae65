//! One version of a front matter taken apart: sections of pairs, each with the comments above it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::rules::dotted;
use super::values::{Tree, by_key};
use crate::contact::Value;
use crate::file::edit::sheet::{Kind, Sheet, Statement};

/// A version, without loss: the sections' units and the tail, joined, are the text, but that an array of tables
/// that stands in several places is one.
pub(super) struct Page<'t> {
    /// In the file's order; the first is what stands before all headers.
    pub sections: Vec<Section<'t>>,
    /// What follows the last statement.
    pub tail: &'t str,
    /// Its values by their key with dots.
    pub values: BTreeMap<String, &'t Value>,
}

/// What stands below a header.
pub(super) struct Section<'t> {
    pub place: Place,
    /// The header of a table.
    pub head: Option<Unit<'t>>,
    /// Its pairs; an array of tables as one.
    pub units: Vec<Unit<'t>>,
}

/// Which section it is, by the header's key with dots.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Place {
    Root,
    Table(String),
    Array(String),
}

/// A statement with the comments and blank lines above it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit<'t> {
    /// The whole key with dots.
    pub key: String,
    /// The part of the key that is written in the statement.
    pub names: Vec<String>,
    pub lead: &'t str,
    pub body: Cow<'t, str>,
    /// Nothing stands before it.
    pub is_first: bool,
}

impl<'t> Page<'t> {
    /// Takes it apart. The tree is what the text says.
    pub fn of(toml: &'t str, tree: &'t Tree) -> Page<'t> {
        let mut sections = vec![Section { place: Place::Root, head: None, units: Vec::new() }];
        let mut arrays: BTreeMap<String, usize> = BTreeMap::new();
        let mut at = 0;
        for statement in &Sheet::of(toml).statements {
            let path: Vec<&str> = statement.path().collect();
            let unit = Unit {
                key: dotted(&path),
                names: statement.names.iter().map(|name| name.name.clone()).collect(),
                lead: &toml[at..statement.lines.start],
                body: Cow::Borrowed(&toml[statement.lines.clone()]),
                is_first: at == 0,
            };
            at = statement.lines.end;
            if statement.in_array {
                add_to_array(&mut sections, &mut arrays, statement, unit);
            } else if statement.is_header() {
                let place = Place::Table(unit.key.clone());
                sections.push(Section { place, head: Some(unit), units: Vec::new() });
            } else if let Some(section) = sections.last_mut() {
                section.units.push(unit);
            }
        }
        Page { sections, tail: &toml[at..], values: by_key(tree) }
    }

    /// Each pair and each array of tables by its key, with the place where it stands.
    pub fn units(&self) -> BTreeMap<&str, (&Place, &Unit<'t>)> {
        let mut units = BTreeMap::new();
        for section in &self.sections {
            units.extend(section.units.iter().map(|unit| (unit.key.as_str(), (&section.place, unit))));
        }
        units
    }

    /// All statements, headers too.
    pub fn all(&self) -> impl Iterator<Item = &Unit<'t>> {
        self.sections.iter().flat_map(|section| section.head.iter().chain(&section.units))
    }
}

impl Place {
    /// The key of what stands there.
    pub fn key(&self) -> &str {
        match self {
            Place::Root => "",
            Place::Table(key) | Place::Array(key) => key,
        }
    }
}

impl Unit<'_> {
    pub fn text(&self) -> String {
        [self.lead, &self.body].concat()
    }
}

/// Whether `key` is `above` or in that table.
pub(super) fn is_at_or_below(key: &str, above: &str) -> bool {
    key.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// All statements of an array of tables, with those of the tables in it, are one unit, wherever they stand.
fn add_to_array<'t>(
    sections: &mut Vec<Section<'t>>,
    arrays: &mut BTreeMap<String, usize>,
    statement: &Statement,
    unit: Unit<'t>,
) {
    // A table in an array has a longer path than the array, and both begin alike.
    let mut path = String::new();
    for name in statement.path() {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&dotted(&[name]));
        if let Some(array) = arrays.get(&path).and_then(|at| sections[*at].units.first_mut()) {
            let body = array.body.to_mut();
            body.push_str(unit.lead);
            body.push_str(&unit.body);
            return;
        }
    }
    if statement.kind == Kind::ArrayHeader {
        arrays.insert(unit.key.clone(), sections.len());
        sections.push(Section { place: Place::Array(unit.key.clone()), head: None, units: vec![unit] });
    }
}
