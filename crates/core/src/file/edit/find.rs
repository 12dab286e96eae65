//! Where in the front matter a key is, and where one that is not there yet belongs.

use super::sheet::{Kind, Member, Name, Shape, Sheet, Statement, Written};
use crate::file::front_matter::{KEYS, known_subkeys};

/// What a path leads to.
#[derive(Debug)]
pub(crate) enum Found<'s> {
    Nothing,
    /// The value of a line.
    Pair(&'s Statement, &'s Written),
    /// A member of an inline table.
    Member {
        within: &'s Written,
        index: usize,
        value: &'s Written,
    },
    /// A table that dotted keys of an inline table make up.
    Members {
        within: &'s Written,
        indexes: Vec<usize>,
    },
    /// A table that headers and dotted keys make up.
    Statements(Vec<&'s Statement>),
    /// On the way stands what has no keys.
    Blocked(String),
}

/// What is at `path`.
pub(crate) fn find<'s>(sheet: &'s Sheet, path: &[&str]) -> Found<'s> {
    let mut below = Vec::new();
    for statement in &sheet.statements {
        if statement.is_at_or_below(path) && (statement.is_header() || statement.depth() > path.len()) {
            below.push(statement);
            continue;
        }
        if !statement.is_at_or_above(path) {
            continue;
        }
        match &statement.kind {
            Kind::Header => {}
            Kind::ArrayHeader => return Found::Blocked(statement.path().collect::<Vec<_>>().join(".")),
            Kind::Pair(_) if statement.in_array => {}
            Kind::Pair(value) if statement.depth() == path.len() => return Found::Pair(statement, value),
            Kind::Pair(value) => return find_inside(value, path, statement.depth()),
        }
    }
    if below.is_empty() { Found::Nothing } else { Found::Statements(below) }
}

/// What is at the rest of `path`, of which the first `depth` names led to `within`.
fn find_inside<'s>(within: &'s Written, path: &[&str], depth: usize) -> Found<'s> {
    let Shape::Table(members) = &within.shape else {
        return Found::Blocked(path[..depth].join("."));
    };
    let rest = &path[depth..];
    let mut indexes = Vec::new();
    for (index, member) in members.iter().enumerate() {
        if !agree(&member.names, rest) {
            continue;
        }
        match member.names.len() {
            names if names > rest.len() => indexes.push(index),
            names if names == rest.len() => return Found::Member { within, index, value: &member.value },
            names => return find_inside(&member.value, path, depth + names),
        }
    }
    if indexes.is_empty() { Found::Nothing } else { Found::Members { within, indexes } }
}

/// Whether one of the two begins with the other.
fn agree(names: &[Name], path: &[&str]) -> bool {
    names.iter().zip(path).all(|(name, part)| name.name == *part)
}

/// Where a new key belongs.
#[derive(Debug, PartialEq)]
pub(super) enum Home<'s> {
    /// On a line after this statement, behind this much of its key.
    After(&'s Statement, &'s [Name]),
    /// Before all else.
    Top,
    /// In an inline table, after this member, with these names in front.
    Inside { within: &'s Written, after: Option<usize>, names: Vec<String> },
    /// In a table that is not there yet.
    New,
}

/// Where the key at the end of `path`, which leads to nothing yet, belongs.
pub(super) fn home<'s>(sheet: &'s Sheet, path: &[&str]) -> Home<'s> {
    let Some((key, table)) = path.split_last() else { return Home::Top };
    if table.is_empty() {
        let root = &sheet.statements[..sheet.root_len()];
        return match nearest(root, 0, table, key) {
            Some(statement) => Home::After(statement, &[]),
            None => Home::Top,
        };
    }
    let all = &sheet.statements;
    let is_header =
        |s: &Statement| s.kind == Kind::Header && !s.in_array && s.path().eq(table.iter().copied());
    if let Some(at) = all.iter().position(is_header) {
        let len = all[at + 1..].iter().position(Statement::is_header).unwrap_or(all.len() - at - 1);
        let section = &all[at + 1..at + 1 + len];
        return Home::After(nearest(section, 0, table, key).unwrap_or(&all[at]), &[]);
    }
    let pairs = || all.iter().filter(|s| !s.in_array && !s.is_header());
    if let Some(statement) = pairs().find(|s| s.is_at_or_above(table))
        && let Some(value) = statement.value()
    {
        return inside(value, path, statement.depth());
    }
    let dotted: Vec<&Statement> =
        pairs().filter(|s| s.scope.len() < table.len() && s.is_at_or_below(table)).collect();
    if let Some(last) = dotted.last() {
        let depth = table.len() - last.scope.len();
        let same_scope = dotted.iter().copied().filter(|s| s.scope == last.scope);
        let statement = nearest(same_scope, depth, table, key).unwrap_or(last);
        return Home::After(statement, &statement.names[..depth]);
    }
    Home::New
}

/// The place in an inline table, to which the first `depth` names of `path` led.
fn inside<'s>(within: &'s Written, path: &[&str], depth: usize) -> Home<'s> {
    let members: &[Member] = super::series::members(within);
    let rest = &path[depth..];
    let way = &rest[..rest.len() - 1];
    let deeper = members.iter().find(|m| m.names.len() <= way.len() && agree(&m.names, way));
    if let Some(member) = deeper {
        return inside(&member.value, path, depth + member.names.len());
    }
    let place = match way {
        [] => {
            let named = members.iter().enumerate().map(|(at, m)| (at, m.names.first()));
            nearest_of(
                named.filter_map(|(at, name)| Some((at, name?.name.as_str()))),
                &path[..depth],
                rest[0],
            )
        }
        _ => members.iter().rposition(|m| agree(&m.names, way)),
    };
    let after = place.or(members.len().checked_sub(1));
    Home::Inside { within, after, names: rest.iter().map(|name| (*name).to_owned()).collect() }
}

/// The statement that a new `key` of `table` follows: the nearest known key that the format names before it, else
/// the last. The key's name is the one at `depth` of a statement.
fn nearest<'s>(
    statements: impl IntoIterator<Item = &'s Statement>,
    depth: usize,
    table: &[&str],
    key: &str,
) -> Option<&'s Statement> {
    let statements: Vec<&Statement> = statements.into_iter().collect();
    let named =
        statements.iter().enumerate().filter_map(|(at, s)| Some((at, s.names.get(depth)?.name.as_str())));
    nearest_of(named, table, key).and_then(|at| statements.get(at)).or(statements.last()).copied()
}

fn nearest_of<'n>(
    named: impl Iterator<Item = (usize, &'n str)> + Clone,
    table: &[&str],
    key: &str,
) -> Option<usize> {
    let order = order(table);
    let rank = order.iter().position(|known| *known == key)?;
    order[..rank]
        .iter()
        .rev()
        .find_map(|known| named.clone().filter(|(_, name)| name == known).last().map(|(at, _)| at))
}

/// The keys of a table in the format's order.
pub(crate) fn order(table: &[&str]) -> &'static [&'static str] {
    match table {
        [] => &KEYS,
        [table] => known_subkeys(table),
        _ => &[],
    }
}
