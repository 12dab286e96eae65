//! Which entries of two logs are the same, which were edited, and which are gone or new.

use std::collections::{BTreeMap, HashMap};

use super::parts::{Chunk, key_of};

/// What became of the base's entries on both sides, and what is new there.
#[derive(Debug)]
pub(super) struct Pairing {
    pub a: Fates,
    pub b: Fates,
}

/// One side of it.
#[derive(Debug, Default)]
pub(super) struct Fates {
    /// Of each entry of the base.
    pub fates: Vec<Fate>,
    /// The entries of the side that are none of the base's, in order.
    pub new: Vec<usize>,
}

/// What became of an entry of the base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is there, at that place; at none where it counts as being there because the other side has it more often.
    Same(Option<usize>),
    /// Another stands for it, at that place.
    Edited(usize),
    Gone,
}

impl Fate {
    /// Where it stands now.
    pub fn place(self) -> Option<usize> {
        match self {
            Fate::Same(place) => place,
            Fate::Edited(place) => Some(place),
            Fate::Gone => None,
        }
    }
}

impl Pairing {
    /// Compares; `finds_edits` says whether an entry that is gone may be one that was edited.
    pub fn of(base: &[Chunk<'_>], a: &[Chunk<'_>], b: &[Chunk<'_>], finds_edits: bool) -> Pairing {
        let mut pairing = Pairing { a: Fates::of(base, a), b: Fates::of(base, b) };
        let more_a = counted(pairing.a.new.iter().map(|at| a[*at].text));
        let more_b = counted(pairing.b.new.iter().map(|at| b[*at].text));
        for (fates, more) in [(&mut pairing.a, &more_b), (&mut pairing.b, &more_a)] {
            for (fate, chunk) in fates.fates.iter_mut().zip(base) {
                if *fate == Fate::Gone && more.contains_key(chunk.text) {
                    *fate = Fate::Same(None);
                }
            }
        }
        if finds_edits {
            pairing.pair_shared(base, (a, &more_a), (b, &more_b));
            pairing.a.pair(base, a, |text| !more_b.contains_key(text));
            pairing.b.pair(base, b, |text| !more_a.contains_key(text));
        }
        pairing
    }

    /// Entries that are new on both sides alike, and stand for the same entry of the base.
    fn pair_shared(
        &mut self,
        base: &[Chunk<'_>],
        (a, more_a): (&[Chunk<'_>], &BTreeMap<&str, usize>),
        (b, more_b): (&[Chunk<'_>], &BTreeMap<&str, usize>),
    ) {
        let is_once = |text: &str| more_a.get(text) == Some(&1) && more_b.get(text) == Some(&1);
        let mut gone = self.a.gone();
        gone.retain(|at| self.b.fates[*at] == Fate::Gone);
        let new: Vec<usize> = self.a.new.iter().filter(|at| is_once(a[**at].text)).copied().collect();
        // By the first line alone: with the same day and channel it may be the result that is merged again, in which
        // one more is gone.
        for (old, in_a) in only(base, &gone, a, &new, first_line) {
            let there = self.b.new.iter().find(|at| b[**at].text == a[in_a].text).copied();
            if let Some(in_b) = there {
                self.a.edit(old, in_a);
                self.b.edit(old, in_b);
            }
        }
    }

    /// The new entries that are to be there, and how often.
    pub fn new_entries<'t>(&self, a: &[Chunk<'t>], b: &[Chunk<'t>]) -> BTreeMap<&'t str, usize> {
        let mut all = counted(self.a.new.iter().map(|at| a[*at].text));
        for (text, count) in counted(self.b.new.iter().map(|at| b[*at].text)) {
            let there = all.entry(text).or_default();
            *there = count.max(*there);
        }
        all
    }
}

impl Fates {
    /// What is the same by its very bytes.
    fn of(base: &[Chunk<'_>], side: &[Chunk<'_>]) -> Fates {
        let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
        for (at, chunk) in side.iter().enumerate().rev() {
            places.entry(chunk.text).or_default().push(at);
        }
        let fates = base
            .iter()
            .map(|chunk| match places.get_mut(chunk.text).and_then(Vec::pop) {
                Some(place) => Fate::Same(Some(place)),
                None => Fate::Gone,
            })
            .collect();
        let mut new: Vec<usize> = places.into_values().flatten().collect();
        new.sort_unstable();
        Fates { fates, new }
    }

    fn gone(&self) -> Vec<usize> {
        self.fates.iter().enumerate().filter(|(_, fate)| **fate == Fate::Gone).map(|(at, _)| at).collect()
    }

    /// Finds what was edited among what is gone and what is new and can be meant.
    fn pair(&mut self, base: &[Chunk<'_>], side: &[Chunk<'_>], can_be: impl Fn(&str) -> bool) {
        let gone = self.gone();
        let new: Vec<usize> = self.new.iter().filter(|at| can_be(side[**at].text)).copied().collect();
        for (old, new) in matches(base, &gone, side, &new) {
            self.edit(old, new);
        }
    }

    fn edit(&mut self, old: usize, new: usize) {
        self.fates[old] = Fate::Edited(new);
        self.new.retain(|at| *at != new);
    }
}

/// Pairs by first line, then those left by day, time and channel; only where each side of a pair is the only one.
fn matches(base: &[Chunk<'_>], gone: &[usize], side: &[Chunk<'_>], new: &[usize]) -> Vec<(usize, usize)> {
    let key = |text: &'_ str| -> Option<String> {
        key_of(text).map(|(day, time, channel)| format!("{day} {} {channel}", time.unwrap_or_default()))
    };
    let mut pairs = only(base, gone, side, new, first_line);
    let left = |all: &[usize], taken: &dyn Fn(&(usize, usize)) -> usize| -> Vec<usize> {
        all.iter().filter(|at| !pairs.iter().any(|pair| taken(pair) == **at)).copied().collect()
    };
    let (gone, new) = (left(gone, &|pair| pair.0), left(new, &|pair| pair.1));
    pairs.extend(only(base, &gone, side, &new, key));
    pairs
}

fn first_line(text: &str) -> Option<String> {
    text.lines().next().map(str::to_owned)
}

fn only(
    base: &[Chunk<'_>],
    gone: &[usize],
    side: &[Chunk<'_>],
    new: &[usize],
    key: impl Fn(&str) -> Option<String>,
) -> Vec<(usize, usize)> {
    let mut found: BTreeMap<String, [Vec<usize>; 2]> = BTreeMap::new();
    for (which, chunks, places) in [(0, base, gone), (1, side, new)] {
        for at in places {
            if let Some(key) = key(chunks[*at].text) {
                found.entry(key).or_default()[which].push(*at);
            }
        }
    }
    let single = |pair: [Vec<usize>; 2]| match pair.each_ref().map(Vec::as_slice) {
        [[old], [new]] => Some((*old, *new)),
        _ => None,
    };
    found.into_values().filter_map(single).collect()
}

/// How often each text is there.
pub(super) fn counted<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeMap<&'t str, usize> {
    let mut counts = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    counts
}
