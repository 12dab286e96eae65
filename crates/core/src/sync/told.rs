//! Changes of files in the user's words.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::Told;
use crate::contact::Contact;
use crate::describe::describe;
use crate::file;
use crate::git::{Git, GitError};
use crate::merge::files::Delta;
use crate::notebook::{CONTACTS_DIR, Notebook};

/// How many files are told one by one.
const MOST: usize = 100;
/// How many commits, from the last, are asked who made them.
const MOST_COMMITS: usize = 200;

/// What somebody did to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    /// From the notebook's root.
    pub file: String,
    pub before: Option<Vec<u8>>,
    pub after: Option<Vec<u8>>,
}

/// A commit's subject for one edit.
pub(super) fn subject(notebook: &Notebook, edit: &Edit) -> String {
    let is_contact = is_contact(&edit.file);
    if is_contact {
        let before = read(notebook, &edit.file, edit.before.as_deref());
        let after = read(notebook, &edit.file, edit.after.as_deref());
        return describe(before.as_ref(), after.as_ref());
    }
    let file = &edit.file;
    match (&edit.before, &edit.after) {
        (None, _) => format!("{file}: new"),
        (Some(_), None) => format!("{file}: removed"),
        (Some(_), Some(_)) => format!("{file}: changed"),
    }
}

/// A commit's subject for a file that goes and the one that it became.
pub(super) fn moved(notebook: &Notebook, from: &Edit, to: &Edit) -> String {
    let before = read(notebook, &from.file, from.before.as_deref());
    let after = read(notebook, &to.file, to.after.as_deref());
    let name =
        after.as_ref().filter(|_| is_contact(&to.file)).map_or(stem(&to.file), |contact| &contact.name);
    let moved = match stem(&from.file) == stem(&to.file) {
        true => format!("{name}: moved to {}", to.file),
        false => format!("{name}: {} is now {}", stem(&from.file), stem(&to.file)),
    };
    if from.before == to.after || !is_contact(&to.file) {
        return moved;
    }
    let told = describe(before.as_ref(), after.as_ref());
    let changes = told.split_once(": ").map_or(told.as_str(), |(_, changes)| changes);
    format!("{moved}; {changes}")
}

/// Of each edit that took a file away because it has another name now, the one that gave it that name: the same bytes,
/// the same file name, or the same `uid`.
pub(super) fn moves(notebook: &Notebook, edits: &[Edit]) -> BTreeMap<usize, usize> {
    let gone = edits.iter().enumerate().filter_map(|(at, edit)| match (&edit.before, &edit.after) {
        (Some(before), None) => Some((at, edit, before)),
        _ => None,
    });
    let gone: Vec<(usize, &Edit, &Vec<u8>)> = gone.collect();
    let mut moves = BTreeMap::new();
    if gone.is_empty() {
        return moves;
    }
    let uid = |edit: &Edit, text: &[u8]| read(notebook, &edit.file, Some(text))?.head.uid;
    let mut new: HashMap<Sign, usize> = HashMap::new();
    for (at, edit) in edits.iter().enumerate() {
        if let (None, Some(after)) = (&edit.before, &edit.after) {
            new.insert(Sign::Bytes(after), at);
            new.insert(Sign::Name(stem(&edit.file)), at);
            uid(edit, after).map(|uid| new.insert(Sign::Uid(uid), at));
        }
    }
    let mut taken = HashSet::new();
    for (at, edit, before) in gone {
        let signs =
            [Some(Sign::Bytes(before)), Some(Sign::Name(stem(&edit.file))), uid(edit, before).map(Sign::Uid)];
        let to =
            signs.into_iter().flatten().find_map(|sign| new.get(&sign).filter(|to| !taken.contains(*to)));
        if let Some(to) = to {
            taken.insert(*to);
            moves.insert(at, *to);
        }
    }
    moves
}

/// By what a file is known again.
#[derive(PartialEq, Eq, Hash)]
enum Sign<'e> {
    Bytes(&'e [u8]),
    Name(&'e str),
    Uid(String),
}

/// What a side did, as far as it is told, and how many files more.
pub(super) fn deltas(
    notebook: &Notebook,
    git: &Git,
    deltas: &[Delta],
    without: Option<&str>,
    tip: &str,
) -> Result<(Vec<Told>, usize), GitError> {
    let who = who(git, without, tip)?;
    let mut told = Vec::new();
    for delta in deltas.iter().take(MOST) {
        let content =
            |file: Option<crate::merge::files::File>| file.map(|file| git.blob(file.id)).transpose();
        let edit = Edit {
            file: git.from_notebook(&delta.path),
            before: content(delta.before)?,
            after: content(delta.after)?,
        };
        let what = subject(notebook, &edit);
        told.push(Told { what, who: who.get(&edit.file).cloned().flatten(), file: edit.file });
    }
    Ok((told, deltas.len().saturating_sub(MOST)))
}

/// Who changed each file; none where several did.
fn who(git: &Git, without: Option<&str>, tip: &str) -> Result<BTreeMap<String, Option<String>>, GitError> {
    let mut who: BTreeMap<String, Option<String>> = BTreeMap::new();
    for commit in git.commits_between(without, tip, MOST_COMMITS)? {
        for path in git.paths_of(&commit.id)? {
            let entry = who.entry(path).or_insert_with(|| Some(commit.author.clone()));
            if entry.as_ref() != Some(&commit.author) {
                *entry = None;
            }
        }
    }
    Ok(who)
}

fn is_contact(file: &str) -> bool {
    file.strip_prefix(CONTACTS_DIR).is_some_and(|rest| rest.starts_with('/')) && file.ends_with(".md")
}

fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".md").unwrap_or(name)
}

fn read(notebook: &Notebook, file: &str, bytes: Option<&[u8]>) -> Option<Contact> {
    let bytes = bytes?;
    let stem = stem(file);
    let reading = match file::decode(bytes) {
        Ok(text) => file::parse(text, stem, notebook.settings()),
        Err(problem) => file::unreadable(stem, problem),
    };
    Some(reading.contact)
}
