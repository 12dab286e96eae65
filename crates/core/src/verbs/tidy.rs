//! `tidy`: a large flat notebook into folders of letters (format, section 1).

use std::collections::HashSet;

use super::follow::{Follow, Renaming};
use super::{Caution, Planned};
use crate::contact::LinkTarget;
use crate::notebook::{CONTACTS_DIR, Change, Deed, MOST_FLAT, Parts, Survey, letter};

/// How many of a kind are named; the others are counted.
const MOST_NAMED: usize = 5;

/// Moves what lies flat in `contacts` into folders of the id's first letter; broken files too, since a move reads
/// nothing. A notebook of so few contacts that flat is right for it is left alone, unless by `force`.
pub fn tidy(survey: &Survey<'_>, force: bool) -> Planned {
    if survey.len() <= MOST_FLAT && !force {
        let said =
            format!("one folder is right for {}; `--force` moves them all the same", contacts(survey.len()));
        return planned(said, Vec::new(), Vec::new());
    }
    let twins = survey.with_namesakes();
    let (shared, flat): (Vec<usize>, Vec<usize>) = survey.flat().partition(|index| twins[*index]);
    let texts = survey.each(&flat, |index| survey.text(*index));
    let (mut moves, mut unread) = (Vec::new(), Vec::new());
    for (index, text) in flat.into_iter().zip(texts) {
        match text {
            Some(text) => moves.push((renaming(survey, index), text)),
            None => unread.push(index),
        }
    }
    let follow = Follow::new(moves.iter().map(|(renaming, _)| renaming.clone()).collect(), |_| true);
    let broken: HashSet<usize> = survey.broken().collect();
    let after = survey.each(&moves, |(renaming, text)| {
        if broken.contains(&renaming.index) { text.clone() } else { follow.paths(&renaming.file[0], text) }
    });
    let count = moves.len();
    let moving: HashSet<usize> = moves.iter().map(|(renaming, _)| renaming.index).collect();
    let mut changes = Vec::with_capacity(count * 2);
    for ((Renaming { file: [from, to], .. }, before), after) in moves.into_iter().zip(after) {
        changes.push(Change::remove(from, before));
        changes.push(Change::add(to, after));
    }
    changes.extend(others(survey, &follow, &moving));
    let mut cautions = Vec::new();
    cautions.extend(left(survey, &shared, "another file has the same name; `tickler mv` settles it"));
    cautions.extend(left(survey, &unread, "not readable as text, so it is left to you"));
    if count == 0 {
        return planned("no file lies flat that could move".to_owned(), changes, cautions);
    }
    planned(format!("{} moved into letter folders", contacts(count)), changes, cautions)
}

fn renaming(survey: &Survey<'_>, index: usize) -> Renaming {
    let stem = survey.file_stem(index);
    let to = format!("{CONTACTS_DIR}/{}/{stem}.md", letter(&stem));
    Renaming { index, id: [stem.clone(), stem], file: [survey.path(index), to], alone: false }
}

/// Files that stay, with the paths of their links to those that move.
fn others(survey: &Survey<'_>, follow: &Follow, moving: &HashSet<usize>) -> Vec<Change> {
    let links = Parts { links: true, ..Parts::NONE };
    let found = survey.search(links, |row, contact| {
        let links = contact.links.iter().any(|link| matches!(link.target, LinkTarget::Contact(_)));
        (links && !row.broken && !moving.contains(&row.index)).then_some(row.index)
    });
    let changes = survey.each(&found, |index| {
        let before = survey.text(*index)?;
        let file = survey.path(*index);
        let after = follow.paths(&file, &before);
        (before != after).then(|| Change::edit(file, before, after))
    });
    changes.into_iter().flatten().collect()
}

fn left(survey: &Survey<'_>, indexes: &[usize], why: &str) -> Vec<Caution> {
    let named = indexes.iter().take(MOST_NAMED);
    let mut cautions: Vec<Caution> =
        named.map(|index| Caution::Other(format!("\"{}\" stays: {why}", survey.path(*index)))).collect();
    if indexes.len() > MOST_NAMED {
        cautions.push(Caution::Other(format!("{} more stay: {why}", indexes.len() - MOST_NAMED)));
    }
    cautions
}

fn contacts(count: usize) -> String {
    if count == 1 { "1 contact".to_owned() } else { format!("{count} contacts") }
}

fn planned(said: String, changes: Vec<Change>, cautions: Vec<Caution>) -> Planned {
    let subject = format!("tidy: {said}");
    let deed = Deed { verb: "tidy".to_owned(), subject, undoes: Vec::new(), changes };
    Planned { deed, said, cautions, contact: None }
}
