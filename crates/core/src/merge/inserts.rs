//! What both sides put in at the same place: both stay, and what is in both stays once.

use super::Lead;
use super::lines::{Kind, Token, hunks};
use super::ticks::combine;
use super::versions::Output;

/// Writes both. Lines that both have hold the rest in place; between them the one that leads comes first, whole, else
/// the lesser.
pub(super) fn unite<'t>(a: &[Token<'t>], b: &[Token<'t>], lead: Lead, out: &mut Output<'_>) {
    if let Some(tokens) = with(a, b).or_else(|| with(b, a)) {
        out.extend(&tokens);
        return;
    }
    // Blank lines are alike everywhere, and would tear paragraphs apart.
    let solid = |tokens: &[Token<'t>]| -> Vec<(usize, Token<'t>)> {
        let is_solid = |(_, token): &(usize, Token<'t>)| token.kind == Kind::Line;
        tokens.iter().cloned().enumerate().filter(is_solid).collect()
    };
    let (solid_a, solid_b) = (solid(a), solid(b));
    let [keys_a, keys_b] =
        [&solid_a, &solid_b].map(|tokens| tokens.iter().map(|(_, token)| token.clone()).collect::<Vec<_>>());
    let mut shared = Vec::new();
    let (mut at_a, mut at_b) = (0, 0);
    // The shortest way between two texts depends on which comes first, so the lesser always does.
    let is_turned = text_of(a) > text_of(b);
    let differences = if is_turned { hunks(&keys_b, &keys_a) } else { hunks(&keys_a, &keys_b) };
    for hunk in differences {
        let (in_a, in_b) = if is_turned { (hunk.side, hunk.base) } else { (hunk.base, hunk.side) };
        shared.extend((at_a..in_a.start).zip(at_b..in_b.start));
        (at_a, at_b) = (in_a.end, in_b.end);
    }
    shared.extend((at_a..keys_a.len()).zip(at_b..keys_b.len()));
    let (mut from_a, mut from_b) = (0, 0);
    for (solid_at_a, solid_at_b) in shared {
        let (at_a, at_b) = (solid_a[solid_at_a].0, solid_b[solid_at_b].0);
        between(&a[from_a..at_a], &b[from_b..at_b], lead, out);
        out.push(combine(None, &a[at_a], &b[at_b]));
        (from_a, from_b) = (at_a + 1, at_b + 1);
    }
    between(&a[from_a..], &b[from_b..], lead, out);
}

/// The tokens of `more`, if those of `less` are all among them in their order.
fn with<'t>(more: &[Token<'t>], less: &[Token<'t>]) -> Option<Vec<Token<'t>>> {
    let mut less = less.iter().peekable();
    let tokens = more
        .iter()
        .map(|token| match less.next_if(|other| other.key == token.key) {
            Some(other) => combine(None, token, other).clone(),
            None => token.clone(),
        })
        .collect();
    less.peek().is_none().then_some(tokens)
}

/// Two pieces that have nothing in common, one after the other.
fn between<'t>(a: &[Token<'t>], b: &[Token<'t>], lead: Lead, out: &mut Output<'_>) {
    if let Some(tokens) = with(a, b).or_else(|| with(b, a)) {
        out.extend(&tokens);
        return;
    }
    let said = |tokens: &[Token<'t>]| {
        let is_blank = |token: &&Token<'t>| token.kind == Kind::Blank;
        let lead = tokens.iter().take_while(is_blank).count();
        let text = text_of(&tokens[lead..]);
        (text.trim_end().to_owned(), text)
    };
    let (first, second) = if lead.takes_first(|| said(a) <= said(b)) { (a, b) } else { (b, a) };
    out.extend(first);
    let is_blank = |token: Option<&Token<'_>>| token.is_some_and(|token| token.kind == Kind::Blank);
    // What two contacts say in prose are paragraphs of their own.
    let has_blank = lead != Lead::Bytes || first.iter().chain(second).any(|token| token.kind == Kind::Blank);
    if is_blank(first.last()) {
        let doubled = second.iter().take_while(|token| token.kind == Kind::Blank).count();
        out.extend(&second[doubled..]);
        return;
    }
    if has_blank && !is_blank(second.first()) {
        out.blank();
    }
    out.extend(second);
}

fn text_of(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| &*token.text).collect()
}
