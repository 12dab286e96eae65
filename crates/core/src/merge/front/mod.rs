//! Three-way merge of a front matter, key by key; comments and order stay.

mod aside;
mod assemble;
mod comments;
mod mend;
mod owners;
mod page;
mod rules;
mod values;

#[cfg(test)]
mod tests;

use super::Note;
use crate::contact::Value;
use crate::file::edit::pen::Pen;
use crate::file::edit::tree::{first_date_time, same, time_mark, try_tree_of};
use assemble::Assembly;
use comments::Counts;
use mend::Steps;
use owners::{Owners, settle};
use page::Page;
pub(super) use rules::Rules;
use rules::told;
use values::{Loser, Tree};

/// More tables than this that the sides write in different ways are not put together.
const MOST_SETTLED: usize = 8;

/// A merged front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MergedFront {
    /// The TOML between the fences.
    pub toml: String,
    /// What was set aside.
    pub notes: Vec<Note>,
}

/// Whose TOML it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sheet {
    /// A contact's: what loses goes under `[[conflict]]`.
    Contact,
    /// The settings': what loses is told in the notes alone.
    Settings,
}

/// Merges the TOML of three versions, all of which can be read. `ending` is the line end of all three. None where the
/// result would not say what it should.
pub(super) fn merge(
    rules: &Rules<'_>,
    base: Option<&str>,
    a: &str,
    b: &str,
    ending: &str,
) -> Option<MergedFront> {
    let base = base.unwrap_or_default();
    if a == b || base == b || base == a {
        return Some(MergedFront { toml: if base == a { b } else { a }.to_owned(), notes: Vec::new() });
    }
    let [base, a, b] = [Version::read(base)?, Version::read(a)?, Version::read(b)?];
    let wanted = Wanted::of(rules, &base, &a, &b)?;
    let toml = wanted.contained(&a, &b).map(str::to_owned).or_else(|| {
        // A stray date-time in another style is not worth an asymmetry.
        let mark = [&a, &b].into_iter().filter_map(|v| first_date_time(&v.tree).and_then(time_mark)).max();
        let ending = if ending == "\r\n" { "\r\n" } else { "\n" };
        let pen = Pen { ending, mark: mark.unwrap_or('T') };
        wanted.assembled(&base, &a, &b, &pen).or_else(|| wanted.mended(&a, &b, &pen))
    })?;
    let mut notes: Vec<Note> = wanted.new_losers.iter().map(note).collect();
    notes.sort();
    Some(MergedFront { toml, notes })
}

fn note(loser: &Loser) -> Note {
    Note::Value { key: loser.key.clone(), kept: told(&loser.kept), other: told(&loser.other) }
}

/// Which of two texts stays that say the same: the one that was changed, else the greater.
fn first_stays(base: Option<&str>, a: &str, b: &str) -> bool {
    base == Some(b) || base != Some(a) && a >= b
}

/// A text and what it says.
struct Version<'t> {
    toml: &'t str,
    tree: Tree,
    comments: Counts<'t>,
}

impl<'t> Version<'t> {
    fn read(toml: &'t str) -> Option<Version<'t>> {
        Some(Version { toml, tree: try_tree_of(toml)?, comments: Counts::of(toml) })
    }
}

/// What the result has to say.
struct Wanted<'t> {
    tree: Tree,
    comments: Counts<'t>,
    /// The `[[conflict]]` tables, where neither side has just these; they are part of the tree.
    new_aside: Option<Value>,
    /// The sides' own `[[conflict]]` have no place.
    without_aside: bool,
    new_losers: Vec<Loser>,
}

impl<'t> Wanted<'t> {
    fn of(rules: &Rules<'_>, base: &Version<'t>, a: &Version<'t>, b: &Version<'t>) -> Option<Wanted<'t>> {
        let (mut tree, losers) = values::merge(rules, &base.tree, &a.tree, &b.tree);
        let comments = Counts::due(&base.comments, &a.comments, &b.comments);
        if rules.sheet == Sheet::Settings {
            let (new_aside, without_aside) = (None, false);
            return Some(Wanted { tree, comments, new_aside, without_aside, new_losers: losers });
        }
        let aside = aside::merge(&base.tree, &a.tree, &b.tree, losers)?;
        tree.extend(aside.value.iter().map(|value| (aside::KEY.to_owned(), value.clone())));
        Some(Wanted {
            tree,
            comments,
            new_aside: aside.value.filter(|_| aside.is_new),
            without_aside: aside.is_new,
            new_losers: aside.new,
        })
    }

    /// The text of a side that says all that is wanted.
    fn contained(&self, a: &Version<'t>, b: &Version<'t>) -> Option<&'t str> {
        let is_it = |version: &&Version<'t>| {
            same_tree(&version.tree, &self.tree) && self.comments.beyond(&version.comments).is_empty()
        };
        [a, b].into_iter().filter(is_it).map(|version| version.toml).max()
    }

    /// The statements of both sides put together. Where the two write one table in different ways and neither says
    /// what is wanted, one of them is edited first.
    fn assembled(&self, base: &Version<'t>, a: &Version<'t>, b: &Version<'t>, pen: &Pen) -> Option<String> {
        let mut merged = values::by_key(&self.tree);
        if self.without_aside {
            merged.remove(aside::KEY);
        }
        let base = Page::of(base.toml, &base.tree);
        let mut edited: [Option<String>; 2] = [None, None];
        for _ in 0..=MOST_SETTLED {
            let trees = edited.each_ref().map(|text| text.as_deref().and_then(try_tree_of));
            let [a_text, b_text] = [(&edited[0], a), (&edited[1], b)]
                .map(|(text, version)| text.as_deref().unwrap_or(version.toml));
            let in_a = Page::of(a_text, trees[0].as_ref().unwrap_or(&a.tree));
            let in_b = Page::of(b_text, trees[1].as_ref().unwrap_or(&b.tree));
            match Owners::of(&base, &in_a, &in_b, &merged) {
                Ok(owners) => {
                    let assembly = Assembly { base: &base, a: &in_a, b: &in_b, merged: &merged, pen };
                    let (text, tail) = assembly.build(&owners)?;
                    return self.finished(text, &tail, pen);
                }
                Err(key) => {
                    let value = merged.get(&key)?;
                    let (is_a, text) = settle(&key, (&in_a, a_text), (&in_b, b_text), value, pen)?;
                    edited[usize::from(!is_a)] = Some(text);
                }
            }
        }
        None
    }

    /// The side that is nearer to what is wanted, edited.
    fn mended(&self, a: &Version<'t>, b: &Version<'t>, pen: &Pen) -> Option<String> {
        let mut plain = self.tree.clone();
        if self.without_aside {
            plain.retain(|(key, _)| key != aside::KEY);
        }
        let mut ways = [a, b].map(|version| (Steps::between(&version.tree, &plain), version.toml));
        ways.sort_by(|(one, text), (other, other_text)| {
            one.len().cmp(&other.len()).then_with(|| other_text.cmp(text))
        });
        ways.iter().find_map(|(steps, toml)| self.finished(steps.take(toml, pen).ok()?, "", pen))
    }

    /// The text with its tail, the comments that have lost their place and what is set aside, if it then says what
    /// is wanted.
    fn finished(&self, mut text: String, tail: &str, pen: &Pen) -> Option<String> {
        text.push_str(tail);
        let lost: String = self
            .comments
            .beyond(&Counts::of(&text))
            .into_iter()
            .flat_map(|comment| [comment, pen.ending])
            .collect();
        text.push_str(&lost);
        if let Some(tables) = &self.new_aside {
            let written = aside::written(tables, pen).ok()?;
            text.push_str(if text.is_empty() { written.trim_start_matches(['\r', '\n']) } else { &written });
        }
        let says_it = try_tree_of(&text).is_some_and(|tree| same_tree(&tree, &self.tree));
        (says_it && self.comments.beyond(&Counts::of(&text)).is_empty()).then_some(text)
    }
}

fn same_tree(a: &Tree, b: &Tree) -> bool {
    a.len() == b.len() && {
        let of_b: std::collections::BTreeMap<&str, &Value> =
            b.iter().map(|(key, v)| (key.as_str(), v)).collect();
        a.iter().all(|(key, value)| of_b.get(key.as_str()).is_some_and(|other| same(value, other)))
    }
}
