//! Merges prose by line; where both sides changed the same lines, one version stays and the other becomes a quote.

use std::collections::HashMap;
use std::ops::Range;

use super::Lead;
use super::ends::three_way;
use super::inserts;
use super::lines::{Group, Hunk, Keys, Kind, Meeting, Side, Token, groups, hunks, shared_in_order};
use super::ticks::{carry, combine, pairs};
use super::versions::{Output, Prose, Settled, settle};

/// What is done where both sides changed the same lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// One version stays, and the other follows as a quote.
    Quote,
    /// Nothing: the texts cannot be merged.
    GiveUp,
}

/// Merges texts of whole lines. None where they cannot be merged in this manner.
pub(super) fn merge(base: &str, a: &str, b: &str, manner: Manner, lead: Lead, ending: &str) -> Option<Prose> {
    if let Some(text) = unchanged(base, a, b) {
        return Some(Prose { text: text.to_owned(), quoted: Vec::new() });
    }
    let mut keys = Keys::default();
    let base = keys.tokens(base);
    let a = Side::of(&base, keys.tokens(a));
    let b = Side::of(&base, keys.tokens(b));
    let (a, b) = carry(&base, &a, &b);
    let mut merge = Merge { base: &base, a: &a, b: &b, manner, lead, out: Output::new(ending) };
    merge.run()?;
    Some(merge.out.finish())
}

/// Merges texts as coarsely as can be: where both sides changed something, each is a version of the whole.
pub(super) fn merge_whole(base: &str, a: &str, b: &str, ending: &str) -> Prose {
    if let Some(text) = unchanged(base, a, b) {
        return Prose { text: text.to_owned(), quoted: Vec::new() };
    }
    let mut keys = Keys::default();
    let [base, a, b] = [base, a, b].map(|text| keys.tokens(text));
    let mut out = Output::new(ending);
    out.settled(settle(&base, &a, &b), &a, &b);
    out.finish()
}

/// The text where not both sides changed it, or both did the same.
fn unchanged<'t>(base: &'t str, a: &'t str, b: &'t str) -> Option<&'t str> {
    (a == b || base == a || base == b).then(|| three_way(Some(base), a, b, Ord::cmp))
}

struct Merge<'m, 't> {
    base: &'m [Token<'t>],
    a: &'m Side<'t>,
    b: &'m Side<'t>,
    manner: Manner,
    lead: Lead,
    out: Output<'m>,
}

impl Merge<'_, '_> {
    fn run(&mut self) -> Option<()> {
        let is_quote = |token: &Token<'_>| token.kind == Kind::Quote;
        if self.a.tokens.iter().chain(&self.b.tokens).any(is_quote) {
            // One side may have all that the other says, as versions of the whole.
            let settled = settle(self.base, &self.a.tokens, &self.b.tokens);
            if matches!(settled, Settled::Side(_)) {
                self.out.settled(settled, &self.a.tokens, &self.b.tokens);
                return Some(());
            }
        }
        for (more, less) in [(self.a, self.b), (self.b, self.a)] {
            if has_words_of(self.base, more, less) {
                let tokens = with_ticks_of(self.base, (more, 0), (less, 0), &more.tokens, &less.tokens);
                self.out.extend(&tokens);
                return Some(());
            }
        }
        let mut at = 0;
        for group in groups(self.a, self.b, None, Meeting::Touching) {
            self.kept(at..group.base.start);
            self.group(&group)?;
            at = group.base.end;
        }
        self.kept(at..self.base.len());
        Some(())
    }

    /// Tokens that neither side changed, but for their boxes and line ends.
    fn kept(&mut self, range: Range<usize>) {
        for at in range {
            if let (Some(a), Some(b)) = (self.a.to[at], self.b.to[at]) {
                let token = combine(Some(&self.base[at]), &self.a.tokens[a], &self.b.tokens[b]);
                self.out.push(token);
            }
        }
    }

    fn group(&mut self, group: &Group) -> Option<()> {
        if self.has_one_answer(group) {
            return Some(());
        }
        let has_quotes = |tokens: &[Token<'_>]| tokens.iter().any(|token| token.kind == Kind::Quote);
        let (a, b) = (&self.a.tokens[group.a.clone()], &self.b.tokens[group.b.clone()]);
        if has_quotes(a) || has_quotes(b) {
            let settled = settle(&self.base[group.base.clone()], a, b);
            if matches!(settled, Settled::Side(_)) {
                self.out.settled(settled, a, b);
                return Some(());
            }
        }
        for part in groups(self.a, self.b, Some(group), Meeting::Overlapping) {
            if part == *group || !self.has_one_answer(&part) {
                self.overlap(&part)?;
            }
        }
        Some(())
    }

    /// Writes a group that needs no decision: one side changed it, both did the same, or one did all that the other
    /// did and more.
    fn has_one_answer(&mut self, group: &Group) -> bool {
        let (a, b) = (&self.a.tokens[group.a.clone()], &self.b.tokens[group.b.clone()]);
        let base = &self.base[group.base.clone()];
        if group.hunks[1].is_empty() {
            self.out.extend(a);
        } else if group.hunks[0].is_empty() {
            self.out.extend(b);
        } else if a.iter().map(|token| token.key).eq(b.iter().map(|token| token.key)) {
            let befores = pairs(base, a);
            for ((a, b), before) in a.iter().zip(b).zip(befores) {
                self.out.push(combine(before, a, b));
            }
        } else if let Some(tokens) = inclusion(self.base, &group.base, (self.a, &group.a), (self.b, &group.b))
        {
            self.out.extend(&tokens);
        } else if let Some(tokens) = inclusion(self.base, &group.base, (self.b, &group.b), (self.a, &group.a))
        {
            self.out.extend(&tokens);
        } else {
            return false;
        }
        true
    }

    /// Writes a group in which both sides changed the same tokens.
    fn overlap(&mut self, group: &Group) -> Option<()> {
        let (a, b) = (&self.a.tokens[group.a.clone()], &self.b.tokens[group.b.clone()]);
        if group.base.is_empty() {
            inserts::unite(a, b, self.lead, &mut self.out);
            return Some(());
        }
        if self.manner == Manner::GiveUp {
            return None;
        }
        self.out.settled(settle(&self.base[group.base.clone()], a, b), a, b);
        Some(())
    }
}

/// The tokens of `more`, if it changed all that `less` did: what it alone has it added, and what `less` alone has
/// stood in the base.
fn inclusion<'t>(
    base: &[Token<'t>],
    base_at: &Range<usize>,
    (more, more_at): (&Side<'t>, &Range<usize>),
    (less, less_at): (&Side<'t>, &Range<usize>),
) -> Option<Vec<Token<'t>>> {
    let (mine, other) = (&more.tokens[more_at.clone()], &less.tokens[less_at.clone()]);
    let differences = hunks(other, mine);
    let is_included = differences.iter().all(|hunk| {
        more.from[more_at.start..][hunk.side.clone()].iter().all(Option::is_none)
            && less.from[less_at.start..][hunk.base.clone()].iter().all(Option::is_some)
    });
    if !is_included || !has_right_counts(&base[base_at.clone()], mine, other) {
        return None;
    }
    Some(with_ticks_of(base, (more, more_at.start), (less, less_at.start), mine, other))
}

/// The tokens `mine`, each that `other` has too with the tick that both would agree on. They begin at these places of
/// the sides.
fn with_ticks_of<'t>(
    base: &[Token<'t>],
    (more, more_at): (&Side<'t>, usize),
    (less, less_at): (&Side<'t>, usize),
    mine: &[Token<'t>],
    other: &[Token<'t>],
) -> Vec<Token<'t>> {
    let mut tokens = mine.to_vec();
    let (mut at, mut here) = (0, 0);
    let ends = [Hunk { base: other.len()..other.len(), side: mine.len()..mine.len() }];
    for hunk in hunks(other, mine).iter().chain(&ends) {
        for (mine, other) in (at..hunk.side.start).zip(here..hunk.base.start) {
            let before = more.from[more_at + mine].map(|old| &base[old]);
            tokens[mine] = combine(before, &tokens[mine], &less.tokens[less_at + other]).clone();
        }
        (at, here) = (hunk.side.end, hunk.base.end);
    }
    tokens
}

/// Whether one side has all that the other changed, blank lines aside: what was added is there, what was taken out
/// is not, and what both have stands in the same order. Where lines are alike, this sees what a comparison by place
/// may miss: that a merge is merged with what it was made of.
fn has_words_of(base: &[Token<'_>], more: &Side<'_>, less: &Side<'_>) -> bool {
    let words = |tokens: &[Token<'_>]| -> Vec<u32> {
        tokens.iter().filter(|token| token.kind != Kind::Blank).map(|token| token.key).collect()
    };
    let [base, mine, other] = [base, &more.tokens, &less.tokens].map(words);
    if other == base || other == mine || mine == base {
        return false;
    }
    let mut counts: HashMap<u32, [usize; 3]> = HashMap::new();
    for (version, keys) in [&base, &mine, &other].into_iter().enumerate() {
        keys.iter().for_each(|key| counts.entry(*key).or_default()[version] += 1);
    }
    let is_right = |[base, mine, other]: &[usize; 3]| {
        count(*base, *mine, *other) == *mine && (mine <= other || other >= base)
    };
    // What stands in both but in another order was moved by one of them, and counting does not see it.
    counts.values().all(is_right) && {
        let shared: usize = counts.values().map(|[_, mine, other]| *mine.min(other)).sum();
        shared_in_order(&other, &mine) == shared
    }
}

/// Whether `mine` has each token as often as a merge of both would have it.
fn has_right_counts(base: &[Token<'_>], mine: &[Token<'_>], other: &[Token<'_>]) -> bool {
    let mut counts: HashMap<u32, [usize; 3]> = HashMap::new();
    for (version, tokens) in [base, mine, other].into_iter().enumerate() {
        for token in tokens {
            counts.entry(token.key).or_default()[version] += 1;
        }
    }
    counts.values().all(|[base, mine, other]| count(*base, *mine, *other) == *mine)
}

/// How often something stands in a merge: what both have more often, or both less, changed the same way; else the
/// more is taken. Merging the result again with either side changes nothing.
pub(super) fn count(base: usize, a: usize, b: usize) -> usize {
    if a <= base && b <= base { a.min(b) } else { a.max(b) }
}
