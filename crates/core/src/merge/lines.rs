//! Three-way comparison by line: what each side changed of the base, in groups of changes that meet.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use similar::algorithms::{Capture, Compact, Replace, myers};
use similar::{Algorithm, DiffOp};

use super::parts::is_blank;

/// The first line of a quote that a merge made of a version that had to step back.
pub(super) const OPENER: &str = "> [!conflict]";

/// What is compared as one: a line, or a whole quote of a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token<'t> {
    /// With its line ends.
    pub text: Cow<'t, str>,
    /// The same for texts that differ in nothing but the tick of their box and their line ends.
    pub key: u32,
    /// Where the tick of its box stands, if it has a box.
    pub tick: Option<usize>,
    pub kind: Kind,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    Blank,
    Quote,
}

impl Token<'_> {
    /// Whether its box is ticked.
    pub fn is_ticked(&self) -> bool {
        self.tick.is_some_and(|at| self.text.as_bytes()[at] != b' ')
    }
}

/// Numbers for texts, the same for the same.
#[derive(Debug, Default)]
pub(super) struct Keys<'t> {
    numbers: HashMap<Cow<'t, str>, u32>,
}

impl<'t> Keys<'t> {
    /// The lines of a text and the quotes in it.
    pub fn tokens(&mut self, text: &'t str) -> Vec<Token<'t>> {
        let mut tokens = Vec::new();
        let mut lines = text.split_inclusive('\n').peekable();
        let mut at = 0;
        while let Some(line) = lines.next() {
            let start = at;
            at += line.len();
            if line.trim_end() != OPENER {
                tokens.push(self.line(line));
                continue;
            }
            while let Some(line) = lines.next_if(|line| line.starts_with('>') && line.trim_end() != OPENER) {
                at += line.len();
            }
            let quote = &text[start..at];
            let key = self.number(Cow::Owned(quote.replace("\r\n", "\n").trim_end().to_owned() + "\n"));
            tokens.push(Token { text: Cow::Borrowed(quote), key, tick: None, kind: Kind::Quote });
        }
        tokens
    }

    fn line(&mut self, line: &'t str) -> Token<'t> {
        let said = bare(line);
        let tick = box_of(said);
        let key = match tick {
            Some(at) if said.as_bytes()[at] != b' ' => {
                Cow::Owned([&said[..at], " ", &said[at + 1..]].concat())
            }
            _ => Cow::Borrowed(said),
        };
        let kind = if is_blank(said) { Kind::Blank } else { Kind::Line };
        Token { text: Cow::Borrowed(line), key: self.number(key), tick, kind }
    }

    fn number(&mut self, key: Cow<'t, str>) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(key).or_insert(next)
    }
}

/// A line without its end.
pub(super) fn bare(line: &str) -> &str {
    line.strip_suffix("\r\n").or_else(|| line.strip_suffix('\n')).unwrap_or(line)
}

/// Where the tick of the box stands that a list item on this line begins with.
pub(super) fn box_of(line: &str) -> Option<usize> {
    let item = line.trim_start_matches([' ', '\t', '>']);
    let digits = item.bytes().take_while(u8::is_ascii_digit).count();
    let after = item[digits..].strip_prefix(['-', '*', '+', '.', ')'])?;
    let said = after.trim_start_matches([' ', '\t']);
    match said.as_bytes() {
        [b'[', b' ' | b'x' | b'X', b']', rest @ ..]
            if said.len() < after.len() && rest.first().is_none_or(u8::is_ascii_whitespace) =>
        {
            Some(line.len() - said.len() + 1)
        }
        _ => None,
    }
}

/// Some tokens of the base, and what stands in their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hunk {
    pub base: Range<usize>,
    pub side: Range<usize>,
}

/// A version against the base.
#[derive(Debug, Clone)]
pub(super) struct Side<'t> {
    pub tokens: Vec<Token<'t>>,
    pub hunks: Vec<Hunk>,
    /// Which token of the base each token is; none where it is new.
    pub from: Vec<Option<usize>>,
    /// Which token each of the base's is; none where it is gone.
    pub to: Vec<Option<usize>>,
}

impl<'t> Side<'t> {
    /// Compares.
    pub fn of(base: &[Token<'_>], tokens: Vec<Token<'t>>) -> Side<'t> {
        let hunks = hunks(base, &tokens);
        let mut from = vec![None; tokens.len()];
        let mut to = vec![None; base.len()];
        let (mut at, mut here) = (0, 0);
        let ends = [Hunk { base: base.len()..base.len(), side: tokens.len()..tokens.len() }];
        for hunk in hunks.iter().chain(&ends) {
            for (old, new) in (at..hunk.base.start).zip(here..hunk.side.start) {
                from[new] = Some(old);
                to[old] = Some(new);
            }
            (at, here) = (hunk.base.end, hunk.side.end);
        }
        Side { tokens, hunks, from, to }
    }

    /// Takes a token that only had its box ticked for a changed one.
    pub fn mark_changed(&mut self, old: usize, new: usize) {
        self.from[new] = None;
        self.to[old] = None;
        self.hunks.push(Hunk { base: old..old + 1, side: new..new + 1 });
        self.hunks.sort_by_key(|hunk| (hunk.base.start, hunk.base.end));
        let mut joined: Vec<Hunk> = Vec::with_capacity(self.hunks.len());
        for hunk in self.hunks.drain(..) {
            match joined.last_mut() {
                Some(last) if last.base.end == hunk.base.start && last.side.end == hunk.side.start => {
                    last.base.end = hunk.base.end;
                    last.side.end = hunk.side.end;
                }
                _ => joined.push(hunk),
            }
        }
        self.hunks = joined;
    }
}

/// What is to be changed of `old` to have `new`, in order; two hunks never touch.
pub(super) fn hunks(old: &[Token<'_>], new: &[Token<'_>]) -> Vec<Hunk> {
    let [old, new] = [old, new].map(|tokens| tokens.iter().map(|token| token.key).collect::<Vec<u32>>());
    let mut hunks: Vec<Hunk> = Vec::new();
    for op in changes(&old, &new) {
        let (_, base, side) = op.as_tag_tuple();
        if matches!(op, DiffOp::Equal { .. }) {
            continue;
        }
        match hunks.last_mut() {
            Some(last) if last.base.end == base.start && last.side.end == side.start => {
                last.base.end = base.end;
                last.side.end = side.end;
            }
            _ => hunks.push(Hunk { base, side }),
        }
    }
    slid(hunks, &old, &new)
}

/// The same changes, with what was put in or taken out right after a replacement as late as it can stand. Alone it
/// would stand there too, and two sides that did the same should be seen to do so.
fn slid(hunks: Vec<Hunk>, old: &[u32], new: &[u32]) -> Vec<Hunk> {
    let ends = hunks.iter().skip(1).map(|hunk| hunk.base.start).chain([old.len() + 1]).collect::<Vec<_>>();
    let mut slid = Vec::with_capacity(hunks.len());
    for (hunk, end) in hunks.into_iter().zip(ends) {
        let Hunk { base, side } = hunk.clone();
        let (Some(next_old), Some(next_new)) = (old.get(base.end), new.get(side.end)) else {
            slid.push(hunk);
            continue;
        };
        // After what follows now, at least one token that both have must be left before the next change.
        let is_room = !base.is_empty() && !side.is_empty() && base.end + 1 < end;
        let in_new = (side.start + 1..side.end).find(|at| is_room && new[*at] == *next_old);
        let in_old = (base.start + 1..base.end).find(|at| is_room && old[*at] == *next_new);
        match (in_new, in_old) {
            (Some(at), _) => {
                let (mut place, mut added) = (base.end + 1, at + 1..side.end + 1);
                while place + 1 < end && old.get(place).is_some_and(|next| *next == new[added.start]) {
                    (place, added) = (place + 1, added.start + 1..added.end + 1);
                }
                slid.push(Hunk { base: base.start..base.end, side: side.start..at });
                slid.push(Hunk { base: place..place, side: added });
            }
            (None, Some(at)) => {
                let (mut place, mut gone) = (side.end + 1, at + 1..base.end + 1);
                while gone.end + 1 < end && new.get(place).is_some_and(|next| *next == old[gone.start]) {
                    (place, gone) = (place + 1, gone.start + 1..gone.end + 1);
                }
                slid.push(Hunk { base: base.start..at, side: side.start..side.end });
                slid.push(Hunk { base: gone, side: place..place });
            }
            (None, None) => slid.push(hunk),
        }
    }
    slid
}

/// How many both have in the same order.
pub(super) fn shared_in_order(old: &[u32], new: &[u32]) -> usize {
    let equal = |op: &DiffOp| if let DiffOp::Equal { len, .. } = op { *len } else { 0 };
    changes(old, new).iter().map(equal).sum()
}

/// The shortest way from one to the other. Of texts so long that looking for it would take too long, a short one:
/// that, too, depends on nothing but the texts.
fn changes(old: &[u32], new: &[u32]) -> Vec<DiffOp> {
    const LONG: usize = 8_000;
    if old.len() + new.len() > LONG {
        return similar::capture_diff_slices(Algorithm::Myers, old, new);
    }
    let mut hook = Compact::new(Replace::new(Capture::new()), old, new);
    match myers::diff_deadline_raw(&mut hook, old, 0..old.len(), new, 0..new.len(), None) {
        Ok(()) => hook.into_inner().into_inner().into_ops(),
        Err(never) => match never {},
    }
}

/// Changes of both sides that meet, and what stands there in each version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub base: Range<usize>,
    pub a: Range<usize>,
    pub b: Range<usize>,
    /// The changes of each side, as places in its list.
    pub hunks: [Range<usize>; 2],
}

/// What makes two changes meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meeting {
    /// They change the same tokens, or tokens side by side.
    Touching,
    /// They change the same tokens, or both put something in at the same place.
    Overlapping,
}

/// The changes of both sides within a group, or of all.
pub(super) fn groups(a: &Side<'_>, b: &Side<'_>, within: Option<&Group>, meeting: Meeting) -> Vec<Group> {
    let everything = Group { base: 0..0, a: 0..0, b: 0..0, hunks: [0..a.hunks.len(), 0..b.hunks.len()] };
    let whole = within.unwrap_or(&everything);
    let [mut next_a, mut next_b] = [whole.hunks[0].start, whole.hunks[1].start];
    let mut groups: Vec<Group> = Vec::new();
    let mut open: Option<Group> = None;
    let mut at = (whole.base.start, whole.a.start, whole.b.start);
    loop {
        let hunk_a = a.hunks[..whole.hunks[0].end].get(next_a);
        let hunk_b = b.hunks[..whole.hunks[1].end].get(next_b);
        let place = |hunk: &Hunk| (hunk.base.start, hunk.base.end);
        let is_a = match (hunk_a, hunk_b) {
            (None, None) => break,
            (Some(x), Some(y)) => place(x) <= place(y),
            (x, _) => x.is_some(),
        };
        let Some(hunk) = (if is_a { hunk_a } else { hunk_b }) else { break };
        let meets = open.as_ref().is_some_and(|group| match meeting {
            Meeting::Touching => hunk.base.start <= group.base.end,
            Meeting::Overlapping => hunk.base.start < group.base.end || hunk.base == group.base,
        });
        if !meets && let Some(group) = open.take() {
            at = (group.base.end, group.a.end, group.b.end);
            groups.push(group);
        }
        let group = open.get_or_insert_with(|| {
            let gap = hunk.base.start - at.0;
            Group {
                base: hunk.base.start..hunk.base.start,
                a: at.1 + gap..at.1 + gap,
                b: at.2 + gap..at.2 + gap,
                hunks: [next_a..next_a, next_b..next_b],
            }
        });
        // What lies between the end so far and the new end stands there in both, but for this change.
        let side = if is_a { 0 } else { 1 };
        group.hunks[side].end += 1;
        let before = group.base.end;
        group.base.end = group.base.end.max(hunk.base.end);
        let grown = group.base.end - before;
        let (own, other) = if is_a { (&mut group.a, &mut group.b) } else { (&mut group.b, &mut group.a) };
        own.end = hunk.side.end + (group.base.end - hunk.base.end);
        other.end += grown;
        if is_a {
            next_a += 1;
        } else {
            next_b += 1;
        }
    }
    groups.extend(open);
    groups
}
