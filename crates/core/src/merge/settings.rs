//! Merges `tickler.toml` by key.

use super::ends::{Dressed, three_way};
use super::front::{self, MergedFront, Rules, Sheet};
use super::{Lead, Merged, Note};
use crate::contact::Value;
use crate::file::edit::tree::{get, same, try_tree_of};
use crate::settings::Settings;

/// Merges three versions; one of which something was lost is kept whole beside the result. None where a side is no
/// TOML, or the result would not say what it should.
pub(super) fn merge(base: Option<&str>, a: &str, b: &str, settings: &Settings) -> Option<Merged> {
    let dressed = Dressed::of(base.filter(|text| is_toml(text)), a, b);
    let [base, of_a, of_b] = dressed.texts.each_ref().map(|text| &**text);
    let rules = Rules { sheet: Sheet::Settings, lead: Lead::Bytes, settings, is_fulfilled: &|_| false };
    let merged = front::merge(&rules, Some(base), of_a, of_b, dressed.ending)?;
    let [in_base, in_a, in_b] = &dressed.is_ended;
    let is_ended = *three_way(Some(in_base), in_a, in_b, Ord::cmp);
    let bare = merged.toml.strip_suffix(dressed.ending).filter(|_| !is_ended);
    let content = dressed.finish(bare.unwrap_or(&merged.toml)).into_bytes();
    let mut aside: Vec<Vec<u8>> = [(a, of_a), (b, of_b)]
        .into_iter()
        .filter(|(_, toml)| has_lost(toml, &merged))
        .map(|(text, _)| text.as_bytes().to_vec())
        .collect();
    aside.sort();
    Some(Merged { content, aside, notes: merged.notes })
}

/// Whether it can be read as settings at all.
pub(super) fn is_toml(text: &str) -> bool {
    try_tree_of(text.strip_prefix('\u{feff}').unwrap_or(text)).is_some()
}

/// Whether this version has another value than the result for something that both sides changed.
fn has_lost(toml: &str, merged: &MergedFront) -> bool {
    let (Some(side), Some(result)) = (try_tree_of(toml), try_tree_of(&merged.toml)) else { return true };
    merged.notes.iter().any(|note| match note {
        Note::Value { key, .. } => {
            let path: Vec<&str> = key.split('.').collect();
            let value = |tree: &[(String, Value)]| get(tree, &path).cloned();
            match (value(&side), value(&result)) {
                (Some(side), Some(result)) => !same(&side, &result),
                // A key with a dot in it is no path; better one version too many.
                _ => true,
            }
        }
        _ => false,
    })
}
