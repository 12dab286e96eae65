//! Boxes of tasks: a tick is a change of its own, beside that of the text after it.

use std::borrow::Cow;

use super::ends::three_way;
use super::lines::{Side, Token};

/// Both sides with the ticks of boxes carried over to where the other side changed the text beside the box. A tick
/// that finds no place there makes the line one that this side changed.
pub(super) fn carry<'t>(base: &[Token<'t>], a: &Side<'t>, b: &Side<'t>) -> (Side<'t>, Side<'t>) {
    let (mut new_a, mut new_b) = (a.clone(), b.clone());
    for (old, new) in carry_to(base, a, &mut new_b) {
        new_a.mark_changed(old, new);
    }
    for (old, new) in carry_to(base, b, &mut new_a) {
        new_b.mark_changed(old, new);
    }
    (new_a, new_b)
}

/// Carries the ticks of one side; tells which found no place, as places in the base and in `from`.
fn carry_to<'t>(base: &[Token<'t>], from: &Side<'t>, to: &mut Side<'t>) -> Vec<(usize, usize)> {
    let mut homeless = Vec::new();
    for hunk in &to.hunks {
        let is_ticked = |at: &usize| from.to[*at].is_some_and(|new| from.tokens[new].is_ticked());
        let changed: Vec<usize> = hunk
            .base
            .clone()
            .filter(|at| from.to[*at].is_some() && base[*at].is_ticked() != is_ticked(at))
            .collect();
        if changed.is_empty() {
            continue;
        }
        let boxes = |tokens: &[Token<'_>], start: usize| -> Vec<usize> {
            tokens.iter().enumerate().filter(|(_, t)| t.tick.is_some()).map(|(at, _)| start + at).collect()
        };
        let old = boxes(&base[hunk.base.clone()], hunk.base.start);
        let new = boxes(&to.tokens[hunk.side.clone()], hunk.side.start);
        for at in changed {
            let place = old.iter().position(|other| *other == at).filter(|_| old.len() == new.len());
            match (place, from.to[at]) {
                (Some(place), Some(source)) => {
                    let token = &mut to.tokens[new[place]];
                    if token.is_ticked() == base[at].is_ticked() {
                        copy_tick(&from.tokens[source], token);
                    }
                }
                (None, Some(source)) => homeless.push((at, source)),
                _ => {}
            }
        }
    }
    homeless
}

fn copy_tick(from: &Token<'_>, to: &mut Token<'_>) {
    if let (Some(source), Some(at)) = (from.tick, to.tick) {
        let text = [&to.text[..at], &from.text[source..source + 1], &to.text[at + 1..]].concat();
        to.text = Cow::Owned(text);
    }
}

/// Which token of the base each of `tokens` stands for, as far as its box goes.
pub(super) fn pairs<'m, 't>(base: &'m [Token<'t>], tokens: &[Token<'t>]) -> Vec<Option<&'m Token<'t>>> {
    let old: Vec<&Token<'_>> = base.iter().filter(|token| token.tick.is_some()).collect();
    let is_paired = old.len() == tokens.iter().filter(|token| token.tick.is_some()).count();
    let mut old = old.into_iter();
    tokens.iter().map(|token| token.tick.and_then(|_| old.next()).filter(|_| is_paired)).collect()
}

/// Of two tokens of the same key, the one with the tick and the line end that both agree on.
pub(super) fn combine<'m, 't>(
    base: Option<&'m Token<'t>>,
    a: &'m Token<'t>,
    b: &'m Token<'t>,
) -> &'m Token<'t> {
    let order = |a: &Token<'_>, b: &Token<'_>| (a.is_ticked(), &a.text).cmp(&(b.is_ticked(), &b.text));
    match base {
        Some(base) if base.key == a.key => three_way(Some(base), a, b, order),
        Some(base) if a.is_ticked() != b.is_ticked() => {
            if a.is_ticked() == base.is_ticked() {
                b
            } else {
                a
            }
        }
        _ => three_way(None, a, b, order),
    }
}
