//! One attempt at joining three versions of a text, part by part.

use std::cell::OnceCell;
use std::cmp::Ordering;

use super::ends::{Dressed, gap, three_way};
use super::front::{self, Rules, Sheet};
use super::log::{self, Log, Version};
use super::parts::{Front, Joint, Parts, Tail};
use super::prose::{self, Manner};
use super::versions::Prose;
use super::{Lead, Note};
use crate::contact::Entry;
use crate::date::Date;
use crate::file;
use crate::settings::Settings;

/// How texts are taken apart, and what is done where they cannot be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Front matter, prose and log.
    Contact,
    /// Prose alone.
    Prose,
    /// Lines in which no quote may stand.
    Lines,
}

/// How fine the joints are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// Prose by line, and entries that were edited are found.
    Fine,
    /// Prose as one, and an entry that was edited is one gone and one new.
    Coarse,
}

/// What is to be joined.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task<'t> {
    pub sort: Sort,
    pub base: Option<&'t str>,
    pub a: &'t str,
    pub b: &'t str,
    pub lead: Lead,
    pub settings: &'t Settings,
}

/// A text that was joined, with what is needed to see whether all is in it.
#[derive(Debug)]
pub(super) struct Attempt {
    /// As it is to be written.
    pub text: String,
    /// Before line ends and byte order mark were put back.
    pub plain: String,
    /// The TOML of the front matter.
    pub toml: String,
    pub log: Log,
    pub notes: Vec<Note>,
}

/// Three versions in their parts: base, a and b.
pub(super) type Split<'t> = [Parts<'t>; 3];

/// Takes three versions apart.
pub(super) fn split<'t>(task: &Task<'_>, dressed: &'t Dressed<'_>) -> Split<'t> {
    let mut at = 0;
    dressed.texts.each_ref().map(|text| {
        let is_ended = dressed.is_ended[at];
        at += 1;
        let mut parts = match task.sort {
            Sort::Contact => Parts::of(text, is_ended),
            Sort::Prose | Sort::Lines => Parts::plain(text, is_ended),
        };
        // A base that cannot be read counts as one without front matter.
        if at == 1 && parts.front.is_some_and(|front| !is_read(&front, task.settings)) {
            parts.front = None;
        }
        parts
    })
}

fn is_read(front: &Front<'_>, settings: &Settings) -> bool {
    let text = [front.open, front.toml, front.close].concat();
    !front.close.is_empty() && !file::parse(&text, "x", settings).contact.broken
}

/// Joins the parts. None where some cannot be joined.
pub(super) fn join(task: &Task<'_>, plan: Plan, dressed: &Dressed<'_>, split: &Split<'_>) -> Option<Attempt> {
    let ending = dressed.ending;
    let [base, a, b] = split;
    let mut quoted = Vec::new();
    let mut merge = |texts: [&str; 3]| -> Option<String> {
        let Prose { text, quoted: more } = merge_prose(task, plan, texts, ending)?;
        quoted.extend(more);
        Some(text)
    };
    let [log_of_base, log_of_a, log_of_b] =
        split.each_ref().map(|parts| Version { text: parts.log.text, entries: &parts.entries });
    let log = log::merge(log_of_base, log_of_a, log_of_b, plan == Plan::Fine, ending);
    let mut heading = three_way(Some(base.heading.text), a.heading.text, b.heading.text, Ord::cmp);
    // What is in front of a log and what is behind it can be told only while there is one, so all versions are taken
    // apart as the result will be.
    let mut around = if log.entries.is_empty() {
        split.each_ref().map(|parts| parts.around_empty_log(ending))
    } else {
        split.each_ref().map(Parts::around)
    };
    let intro = merge(around.each_ref().map(|around| &*around.intro))?;
    if heading.is_empty() {
        // What stood below the heading stays below it.
        if !log.entries.is_empty() || !intro.is_empty() {
            heading = [a.heading.text.max(b.heading.text), base.heading.text]
                .into_iter()
                .find(|there| !there.is_empty())
                .unwrap_or_default();
        } else {
            around = split.each_ref().map(|parts| parts.around_no_log(ending));
        }
    }
    let prose = merge(around.each_ref().map(|around| &*around.prose))?;
    let rest = merge(around.each_ref().map(|around| around.rest))?;
    let blocks = [
        (gap(base.prose.gap, a.prose.gap, b.prose.gap), &*prose),
        (gap(base.heading.gap, a.heading.gap, b.heading.gap), heading),
        (gap(base.intro.gap, a.intro.gap, b.intro.gap), &*intro),
        (gap(base.log.gap, a.log.gap, b.log.gap), &*log.text),
        (gap_to_rest(split, &rest, ending), &*rest),
    ];
    let lead = three_way(Some(base.lead), a.lead, b.lead, longer);
    let mut tail = *three_way(Some(&base.tail), &a.tail, &b.tail, |a: &Tail<'_>, b| {
        (a.blank.len(), a.is_ended, a.blank).cmp(&(b.blank.len(), b.is_ended, b.blank))
    });
    if blocks.iter().all(|(_, text)| text.is_empty()) {
        // All blank lines then are those that the body begins with.
        tail.blank = "";
    }
    let mut joint = Joint { front: "", lead, blocks, tail, ending };
    let body = OnceCell::new();
    let is_fulfilled = |day: Date| {
        let log = body.get_or_init(|| read_log(&joint, task.settings));
        log.iter().any(|entry| entry.date >= day && (entry.is_out_touch() || entry.is_conversation()))
    };
    let fronts = split.each_ref().map(|parts| parts.front);
    let (toml, front, mut notes) = merge_front(fronts, task, &is_fulfilled, ending)?;
    joint.front = &front;
    let plain = joint.text();
    notes.extend(quoted.into_iter().map(|line| Note::Prose { line }));
    notes.extend(log.doubled.iter().map(|line| Note::Entry { line: line.clone() }));
    notes.sort();
    Some(Attempt { text: dressed.finish(&plain), plain, toml, log, notes })
}

fn merge_prose(task: &Task<'_>, plan: Plan, [base, a, b]: [&str; 3], ending: &str) -> Option<Prose> {
    match (plan, task.sort) {
        (Plan::Fine, Sort::Lines) => prose::merge(base, a, b, Manner::GiveUp, task.lead, ending),
        (Plan::Fine, _) => prose::merge(base, a, b, Manner::Quote, task.lead, ending),
        (Plan::Coarse, Sort::Lines) => None,
        (Plan::Coarse, _) => Some(prose::merge_whole(base, a, b, ending)),
    }
}

/// The blank lines between the log and what follows. Without any, a line could become part of the last entry, unless
/// some version has that very line there.
fn gap_to_rest<'t>(split: &Split<'t>, rest: &str, ending: &'t str) -> Option<&'t str> {
    let [base, a, b] = split.each_ref().map(|parts| parts.rest.gap);
    let first_line = |text: &str| text.lines().next().map(str::to_owned);
    let has_none =
        |parts: &Parts<'_>| parts.rest.gap == Some("") && first_line(parts.rest.text) == first_line(rest);
    gap(base, a, b).map(|gap| if gap.is_empty() && !split.iter().any(has_none) { ending } else { gap })
}

fn longer(a: &str, b: &str) -> Ordering {
    (a.len(), a).cmp(&(b.len(), b))
}

/// The log of a body, as the format reads it.
fn read_log(body: &Joint<'_>, settings: &Settings) -> Vec<Entry> {
    // After a blank line nothing is taken for a front matter.
    file::parse(&["\n", &body.text()].concat(), "x", settings).contact.log
}

/// The TOML, the same between its fences, and what was set aside.
fn merge_front(
    [base, a, b]: [Option<Front<'_>>; 3],
    task: &Task<'_>,
    is_fulfilled: &dyn Fn(Date) -> bool,
    ending: &str,
) -> Option<(String, String, Vec<Note>)> {
    let written = |front: Option<Front<'_>>| {
        let front = front.unwrap_or(Front { open: "", toml: "", close: "" });
        (front.toml.to_owned(), [front.open, front.toml, front.close].concat(), Vec::new())
    };
    if a == b || base == b {
        return Some(written(a));
    }
    if base == a {
        return Some(written(b));
    }
    let toml = |front: Option<Front<'_>>| front.map_or(String::new(), |front| front.toml.to_owned());
    let (of_a, of_b) = (toml(a), toml(b));
    let of_base = base.map(|front| front.toml);
    let rules = Rules { sheet: Sheet::Contact, lead: task.lead, settings: task.settings, is_fulfilled };
    let merged = front::merge(&rules, of_base, &of_a, &of_b, ending)?;
    let stays = *three_way(Some(&base.is_some()), &a.is_some(), &b.is_some(), Ord::cmp);
    if merged.toml.is_empty() && !stays {
        return Some((String::new(), String::new(), merged.notes));
    }
    let fence = |which: fn(&Front<'_>) -> String| {
        let [base, a, b] = [base, a, b].map(|front| front.as_ref().map(which));
        match (a, b) {
            (Some(a), Some(b)) => three_way(base.as_ref(), &a, &b, Ord::cmp).clone(),
            (a, b) => a.or(b).or(base).unwrap_or_default(),
        }
    };
    let (open, close) = (fence(|front| front.open.to_owned()), fence(|front| front.close.to_owned()));
    let text = [&open, &merged.toml, &close].map(String::as_str).concat();
    Some((merged.toml, text, merged.notes))
}
