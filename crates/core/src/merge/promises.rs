//! What a merge promises, checked before its result is used: all is in it that should be, and merging it again with
//! either side changes nothing.

use std::borrow::Cow;
use std::collections::HashMap;

use super::ends::Dressed;
use super::join::{Attempt, Plan, Sort, Split, Task, join, split};
use super::lines::{OPENER, bare, box_of};
use super::log::Joined;
use super::pairing::counted;
use super::parts::{Parts, is_blank};
use super::prose::count;
use super::versions::unquoted;
use crate::file;

/// The finest merge that keeps the promises, if there is one.
pub(super) fn merge(task: &Task<'_>) -> Option<(Plan, Attempt)> {
    [Plan::Fine, Plan::Coarse].into_iter().find_map(|plan| {
        let attempt = sound(task, plan)?;
        let settles = [task.a, task.b].iter().all(|side| is_settled(task, &attempt.text, side));
        settles.then_some((plan, attempt))
    })
}

/// A merge in which nothing is missing and nothing broken.
fn sound(task: &Task<'_>, plan: Plan) -> Option<Attempt> {
    let dressed = Dressed::of(task.base, task.a, task.b);
    let split = split(task, &dressed);
    join(task, plan, &dressed, &split).filter(|attempt| is_sound(task, attempt, &split, dressed.ending))
}

/// Whether merging the result with a side gives the result: by the finest plan whose result is sound.
fn is_settled(task: &Task<'_>, result: &str, side: &str) -> bool {
    if result == side || task.base == Some(side) {
        return true;
    }
    if task.base == Some(result) {
        return false;
    }
    // In the order in which they would come.
    let is_first = result <= side;
    let (a, b) = if is_first { (result, side) } else { (side, result) };
    let again = Task { a, b, lead: task.lead.of(is_first), ..*task };
    [Plan::Fine, Plan::Coarse]
        .into_iter()
        .find_map(|plan| sound(&again, plan))
        .is_some_and(|attempt| attempt.text == result)
}

fn is_sound(task: &Task<'_>, attempt: &Attempt, split: &Split<'_>, ending: &str) -> bool {
    let is_short = attempt.text.len() as u64 <= file::MOST_BYTES;
    let is_ended = attempt.plain.is_empty() || attempt.plain.ends_with('\n');
    let plain = if is_ended {
        Cow::Borrowed(&*attempt.plain)
    } else {
        Cow::Owned([&*attempt.plain, ending].concat())
    };
    let parts = match task.sort {
        Sort::Contact => Parts::of(&plain, is_ended),
        Sort::Prose | Sort::Lines => Parts::plain(&plain, is_ended),
    };
    let reads = task.sort != Sort::Contact || !file::parse(&attempt.text, "x", task.settings).contact.broken;
    // That the TOML has each value, in its place or under `[[conflict]]`, and each comment, `front::merge` has checked
    // by reading it again; what is left to see is that just this TOML stands between the fences.
    let splits_again = parts.front.map_or("", |front| front.toml) == attempt.toml
        && parts.entries.iter().map(|chunk| chunk.text).eq(attempt.log.entries.iter().map(String::as_str));
    is_short
        && reads
        && splits_again
        && has_entries(attempt, split)
        && has_lines(split.each_ref().map(prose_of), prose_of(&parts))
        && attempt.log.joined.iter().all(joins_lines)
        && !has_new_markers(task, &attempt.text)
}

/// Whether each entry is there as often as it should be, but for those that became part of another.
fn has_entries(attempt: &Attempt, split: &Split<'_>) -> bool {
    let [base, a, b] = split.each_ref().map(|parts| counted(parts.entries.iter().map(|chunk| chunk.text)));
    let merged = counted(attempt.log.entries.iter().map(String::as_str));
    let joined = counted(attempt.log.joined.iter().flat_map(|joined| [&*joined.a, &*joined.b]));
    a.keys().chain(b.keys()).all(|text| {
        let [base, a, b, merged, joined] =
            [&base, &a, &b, &merged, &joined].map(|counts| counts.get(text).copied().unwrap_or_default());
        merged + joined >= count(base, a, b)
    })
}

/// The lines outside of the log. Its heading is a value, and no line.
fn prose_of<'t>(parts: &Parts<'t>) -> [&'t str; 3] {
    [parts.prose.text, parts.intro.text, parts.rest.text]
}

fn joins_lines(Joined { base, a, b, text }: &Joined) -> bool {
    has_lines([[base, "", ""], [a, "", ""], [b, "", ""]], [text, "", ""])
}

/// Whether each line is there as often as it should be, in a quote or not, its box ticked or not.
fn has_lines(versions: [[&str; 3]; 3], merged: [&str; 3]) -> bool {
    if versions.contains(&merged) && (versions[1] == versions[2] || versions[0] != merged) {
        let others = versions.iter().skip(1).filter(|version| **version != merged);
        if others.clone().all(|version| *version == versions[0]) {
            return true;
        }
    }
    let mut counts: HashMap<Cow<'_, str>, [[usize; 3]; 4]> = HashMap::new();
    for (which, blocks) in versions.iter().chain([&merged]).enumerate() {
        for (place, block) in blocks.iter().enumerate() {
            said(block).for_each(|line| counts.entry(line).or_default()[which][place] += 1);
        }
    }
    counts.values().all(|[base, a, b, merged]| {
        // Where a line went from one place to another, the places do not tell what is due; where one side took it
        // out here and the other put it in there, all of them together do not.
        let in_places: usize = (0..3).map(|place| count(base[place], a[place], b[place])).sum();
        let [base, a, b, merged] = [base, a, b, merged].map(|places| places.iter().sum());
        let due: usize = count(base, a, b);
        merged >= due.min(in_places)
    })
}

/// Each line that says something, without its end, its tick, and the mark of a quote that a merge made.
fn said(block: &str) -> impl Iterator<Item = Cow<'_, str>> {
    let mut is_quoted = false;
    block.lines().filter_map(move |line| {
        let is_opener = line.trim_end() == OPENER;
        is_quoted = is_opener || is_quoted && line.starts_with('>');
        let line = bare(if is_quoted { unquoted(line) } else { line });
        if is_opener || is_blank(line) {
            return None;
        }
        Some(match box_of(line) {
            Some(at) => Cow::Owned([&line[..at], " ", &line[at + 1..]].concat()),
            None => Cow::Borrowed(line),
        })
    })
}

/// Whether there is a line of git's for a conflict that no side has.
fn has_new_markers(task: &Task<'_>, text: &str) -> bool {
    let markers = |text: &str| {
        let is_marker = |line: &&str| {
            ["<<<<<<<", "|||||||", "=======", ">>>>>>>"].iter().any(|marker| line.starts_with(marker))
        };
        text.lines().filter(is_marker).map(str::to_owned).collect::<Vec<String>>()
    };
    let mut known = markers(task.a);
    known.extend(markers(task.b));
    markers(text).iter().any(|line| !known.contains(line))
}
