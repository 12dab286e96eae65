//! The way from one list to another, item by item.

use super::tree::same;
use crate::contact::Value;

/// The next step from one list to another.
pub(super) enum Step {
    Insert(usize),
    Remove(usize),
    Replace(usize),
}

/// The first step that brings `old` nearer to `new`; none where they are the same.
pub(super) fn step(old: &[Value], new: &[Value]) -> Option<Step> {
    let at = old.iter().zip(new).take_while(|(a, b)| same(a, b)).count();
    let (old, new) = (&old[at..], &new[at..]);
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| same(a, b)).count();
    match (&old[..old.len() - tail], &new[..new.len() - tail]) {
        ([], []) => None,
        ([], _) => Some(Step::Insert(at)),
        (_, []) => Some(Step::Remove(at)),
        ([_, old @ ..], [wanted, ..]) if old.iter().any(|item| same(item, wanted)) => Some(Step::Remove(at)),
        ([there, ..], [_, new @ ..]) if new.iter().any(|item| same(item, there)) => Some(Step::Insert(at)),
        _ => Some(Step::Replace(at)),
    }
}
