//! Merges the log: a three-way multiset of entries, in the order of the base with what is new put in by its day.

use std::collections::{BTreeMap, HashMap};

use super::Lead;
use super::ends::gap;
use super::order::merge_order;
use super::pairing::{Fate, Fates, Pairing, counted};
use super::parts::{Chunk, key_of};
use super::prose::{Manner, merge as merge_lines};

/// A merged log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Log {
    pub text: String,
    /// The entries in order.
    pub entries: Vec<String>,
    /// The entries that were joined of two versions.
    pub joined: Vec<Joined>,
    /// The first line of the greater of each two versions that both stay.
    pub doubled: Vec<String>,
}

/// An entry that was joined of two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joined {
    pub base: String,
    pub a: String,
    pub b: String,
    pub text: String,
}

/// A version of the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Version<'t> {
    pub text: &'t str,
    pub entries: &'t [Chunk<'t>],
}

/// Merges three versions. `finds_edits` is off for the coarse way, in which an edited entry is one gone and one new.
pub(super) fn merge(
    base: Version<'_>,
    a: Version<'_>,
    b: Version<'_>,
    finds_edits: bool,
    ending: &str,
) -> Log {
    if a.text == b.text || base.text == a.text || base.text == b.text {
        return known(if base.text == a.text { b } else { a });
    }
    let pairing = Pairing::of(base.entries, a.entries, b.entries, finds_edits);
    let mut log = Log::default();
    let mut slots: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for (at, chunk) in base.entries.iter().enumerate() {
        let texts = match (&pairing.a.fates[at], &pairing.b.fates[at]) {
            (Fate::Same(_), Fate::Same(_)) => vec![chunk.text.to_owned()],
            (Fate::Gone, Fate::Gone | Fate::Same(_)) | (Fate::Same(_), Fate::Gone) => continue,
            (Fate::Edited(new), Fate::Same(_) | Fate::Gone) => vec![a.entries[*new].text.to_owned()],
            (Fate::Same(_) | Fate::Gone, Fate::Edited(new)) => vec![b.entries[*new].text.to_owned()],
            (Fate::Edited(in_a), Fate::Edited(in_b)) => {
                log.both(chunk.text, a.entries[*in_a].text, b.entries[*in_b].text, ending)
            }
        };
        slots.insert(at, texts);
    }
    let new = pairing.new_entries(a.entries, b.entries);
    let fresh: Vec<&str> = new.iter().flat_map(|(text, count)| std::iter::repeat_n(*text, *count)).collect();
    let all = counted(slots.values().flatten().map(String::as_str).chain(fresh.iter().copied()));
    let has_all = |version: Version<'_>| counted(version.entries.iter().map(|chunk| chunk.text)) == all;
    // The log that has all of it already stays as it is, whatever the order, so that merging again changes nothing.
    let whole = match (has_all(a), has_all(b)) {
        (true, true) => Some(if a.text >= b.text { a } else { b }),
        (true, false) => Some(a),
        (false, true) => Some(b),
        (false, false) => None,
    };
    if let Some(version) = whole {
        let Log { text, entries, .. } = known(version);
        let [said, in_a, in_b] =
            [version, a, b].map(|version| version.entries.iter().map(|chunk| chunk.text).collect::<Vec<_>>());
        let text = if in_a == in_b { join(&said, [base, a, b].map(|version| version.entries)) } else { text };
        return Log { text, entries, ..log };
    }
    let ids: Vec<usize> = (0..base.entries.len()).collect();
    let [in_a, in_b] = [&pairing.a, &pairing.b].map(order_of);
    let order = merge_order(&ids, &in_a, &in_b, |at| slots.contains_key(at));
    let old: Vec<&str> = order.iter().filter_map(|at| slots.get(at)).flatten().map(String::as_str).collect();
    let [new_a, new_b] = [(&pairing.a, a), (&pairing.b, b)]
        .map(|(fates, side)| fates.new.iter().map(|at| side.entries[*at].text).collect::<Vec<_>>());
    let is_oldest_first = is_oldest_first([base, a, b].map(|version| version.entries));
    let entries = arrange(&old, fresh, [&new_a, &new_b], is_oldest_first);
    log.text = join(&entries, [base, a, b].map(|version| version.entries));
    log.entries = entries.into_iter().map(str::to_owned).collect();
    log
}

impl Log {
    /// What stands for an entry that both sides edited.
    fn both(&mut self, base: &str, a: &str, b: &str, ending: &str) -> Vec<String> {
        if a == b {
            return vec![a.to_owned()];
        }
        let join = |a: &str, b: &str| {
            merge_lines(base, a, b, Manner::GiveUp, Lead::Bytes, ending).map(|joined| joined.text)
        };
        let joined =
            join(a, b).filter(|text| [a, b].iter().all(|side| join(text, side).as_ref() == Some(text)));
        if let Some(text) = joined {
            self.joined.push(Joined { base: base.into(), a: a.into(), b: b.into(), text: text.clone() });
            return vec![text];
        }
        let [lesser, greater] = if a < b { [a, b] } else { [b, a] };
        self.doubled.push(greater.lines().next().unwrap_or_default().trim().to_owned());
        vec![lesser.to_owned(), greater.to_owned()]
    }
}

/// A log that needs no merge.
fn known(version: Version<'_>) -> Log {
    let entries = version.entries.iter().map(|chunk| chunk.text.to_owned()).collect();
    Log { text: version.text.to_owned(), entries, ..Log::default() }
}

/// The entries of the base in the order in which a side has them.
fn order_of(side: &Fates) -> Vec<usize> {
    let mut places: Vec<(usize, usize)> =
        side.fates.iter().enumerate().filter_map(|(at, fate)| Some((fate.place()?, at))).collect();
    places.sort_unstable();
    places.into_iter().map(|(_, at)| at).collect()
}

/// When an entry was; no time comes before any.
type When<'t> = (&'t str, Option<&'t str>);

fn when(text: &str) -> When<'_> {
    key_of(text).map_or(("", None), |(day, time, _)| (day, time))
}

/// Whether new entries go to the end: as in the base, else as both sides agree, else not.
fn is_oldest_first(versions: [&[Chunk<'_>]; 3]) -> bool {
    let [base, a, b] = versions.map(|entries| {
        let first = when(entries.first()?.text);
        let differs = entries.iter().any(|entry| when(entry.text) != first);
        differs.then(|| first < when(entries[entries.len() - 1].text))
    });
    match (base, a, b) {
        (Some(base), ..) => base,
        (None, Some(a), Some(b)) => a && b,
        (None, a, b) => a.or(b).unwrap_or(false),
    }
}

/// Puts new entries between the old ones by their days, at the newer end of those of the same time.
fn arrange<'t>(
    old: &[&'t str],
    new: Vec<&'t str>,
    sides: [&[&'t str]; 2],
    is_oldest_first: bool,
) -> Vec<&'t str> {
    let days: Vec<When<'_>> = old.iter().map(|text| when(text)).collect();
    let place = |of: When<'_>| {
        if is_oldest_first {
            days.iter().rposition(|day| *day <= of).map_or(0, |at| at + 1)
        } else {
            days.iter().position(|day| *day <= of).unwrap_or(days.len())
        }
    };
    let mut groups: BTreeMap<When<'t>, Vec<&'t str>> = BTreeMap::new();
    for text in new {
        groups.entry(when(text)).or_default().push(text);
    }
    let mut placed: Vec<Vec<&'t str>> = vec![Vec::new(); old.len() + 1];
    let in_order: Vec<(When<'t>, Vec<&'t str>)> = groups.into_iter().collect();
    let mut add = |(of, group): (When<'t>, Vec<&'t str>)| placed[place(of)].extend(in_turn(group, of, sides));
    if is_oldest_first {
        in_order.into_iter().for_each(&mut add);
    } else {
        in_order.into_iter().rev().for_each(&mut add);
    }
    let mut entries = Vec::with_capacity(old.len());
    for (at, new) in placed.into_iter().enumerate() {
        entries.extend(new);
        entries.extend(old.get(at));
    }
    entries
}

/// New entries of one time: in the order of the side that wrote them all, else by content.
fn in_turn<'t>(group: Vec<&'t str>, of: When<'t>, sides: [&[&'t str]; 2]) -> Vec<&'t str> {
    let all = counted(group.iter().copied());
    let mut of_sides: Vec<Vec<&'t str>> = sides
        .iter()
        .map(|side| side.iter().copied().filter(|text| when(text) == of).collect())
        .filter(|side: &Vec<&str>| counted(side.iter().copied()) == all)
        .collect();
    of_sides.sort();
    of_sides.pop().unwrap_or(group)
}

/// The entries with the blank lines that were between them; between new neighbours, with those that are most usual.
fn join(entries: &[&str], versions: [&[Chunk<'_>]; 3]) -> String {
    let gaps = versions.map(|chunks| {
        let pairs = chunks.windows(2).filter_map(|pair| Some(((pair[0].text, pair[1].text), pair[0].gap?)));
        pairs.collect::<HashMap<_, _>>()
    });
    let mut usual: BTreeMap<&str, usize> = BTreeMap::new();
    for gap in versions.into_iter().flatten().filter_map(|chunk| chunk.gap) {
        *usual.entry(gap).or_default() += 1;
    }
    let usual = usual.into_iter().max_by_key(|(gap, count)| (*count, gap.len())).map_or("", |(gap, _)| gap);
    let mut text = String::new();
    for (at, entry) in entries.iter().enumerate() {
        text.push_str(entry);
        if let Some(next) = entries.get(at + 1) {
            let [base, a, b] = gaps.each_ref().map(|gaps| gaps.get(&(*entry, *next)).copied());
            text.push_str(gap(base, a, b).unwrap_or(usual));
        }
    }
    text
}
