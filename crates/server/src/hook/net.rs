//! What a push changes in the end, from where it began to its last commit, and the names that it brings.

use std::collections::{HashMap, HashSet};

use git2::{Oid, Repository};
use tickler_core::merge::Kind;

use super::complaints::{Complaints, shown};
use super::difference::{Entry, Lost, Walk};
use super::pushed::{Place, Pushed};
use super::refs;
use super::tree_names::{LONGEST, fault, fold, is_nearly_ours};

/// What a push changes in the end.
#[derive(Debug)]
pub struct Net {
    /// The tree that is pushed.
    pub tree: Oid,
    /// The trees that it is compared with: where the branch was, or where the work left it. Mostly one.
    pub bases: Vec<Oid>,
    /// The branch's tree at this moment.
    pub branch: Option<Oid>,
    /// Contacts that are new or changed, in the order of their paths.
    pub contacts: Vec<File>,
    /// Contacts that were there and are no more, in the order of their paths.
    pub gone: Vec<File>,
}

/// A contact's file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its path.
    pub path: String,
    /// Its content.
    pub id: Oid,
    /// There was no file at that path before.
    pub is_new: bool,
}

impl File {
    /// The name of the file without `.md`: the contact's id.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.strip_suffix(".md").unwrap_or(name)
    }
}

impl Net {
    /// Compares, and complains of names.
    ///
    /// # Errors
    /// Where git cannot read it, or there is no end to it.
    pub fn look(
        repository: &Repository,
        pushed: &Pushed,
        new: Oid,
        walk: &mut Walk<'_>,
        complaints: &mut Complaints,
    ) -> Result<Net, Lost> {
        let branch = refs::tip(repository)?;
        let bases = match (pushed.place(), branch) {
            (Place::Branch, _) => pushed.old.as_deref().map(Oid::from_str).transpose()?.into_iter().collect(),
            (_, None) => Vec::new(),
            (_, Some(tip)) => repository.merge_bases(tip, new)?.iter().copied().collect::<Vec<Oid>>(),
        };
        let tree_of = |commit: Oid| repository.find_commit(commit).map(|commit| commit.tree_id());
        let mut net = Net {
            tree: tree_of(new)?,
            bases: bases.into_iter().map(tree_of).collect::<Result<_, _>>()?,
            branch: branch.map(tree_of).transpose()?,
            contacts: Vec::new(),
            gone: Vec::new(),
        };
        let mut names = Names::default();
        walk.over(net.tree, &net.bases, &mut |entry| {
            names.check(entry, complaints);
            net.contacts.extend(contact(entry));
            Ok(())
        })?;
        let mut seen = HashSet::new();
        for base in &net.bases {
            walk.over(*base, &[net.tree], &mut |entry| {
                let gone = contact(entry).filter(|file| file.is_new && seen.insert(file.path.clone()));
                net.gone.extend(gone);
                Ok(())
            })?;
        }
        net.contacts.sort_by(|a, b| a.path.cmp(&b.path));
        net.gone.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(net)
    }
}

/// The entry as a contact, where it is one (format, section 1).
fn contact(entry: &Entry<'_>) -> Option<File> {
    let path = String::from_utf8(entry.path()).ok()?;
    let is_hidden = path.split('/').any(|part| part.starts_with('.'));
    let is_plain = matches!(entry.mode, 0o100_644 | 0o100_755 | 0o100_664);
    (is_plain && !is_hidden && Kind::of(&path) == Kind::Contact).then_some(File {
        path,
        id: entry.id,
        is_new: !entry.was_file,
    })
}

/// The names that are new, beside those that are in their folders.
#[derive(Default)]
struct Names {
    /// By folder: each name that is one with another there, with the other.
    clashes: HashMap<Vec<u8>, HashMap<String, String>>,
}

impl Names {
    /// A name that was there before may stay.
    fn check(&mut self, entry: &Entry<'_>, complaints: &mut Complaints) {
        let (true, Ok(name)) = (entry.is_new, std::str::from_utf8(entry.name)) else { return };
        let path = entry.path();
        if let Some(fault) = fault(name) {
            complaints.add(format!("{}: {}; {}", shown(&path), fault.what, fault.hint));
        } else if entry.folder.is_empty() && is_nearly_ours(name) {
            let own = fold(name);
            complaints
                .add(format!("{}: only some systems take it for \"{own}\"; rename it to that", shown(&path)));
        } else if path.len() > LONGEST && !entry.is_folder() {
            complaints.add(format!(
                "{}: the path has {} bytes, and Windows has room for {LONGEST}; shorten it",
                shown(&path),
                path.len()
            ));
        }
        let clashes = self.clashes.entry(entry.folder.to_vec()).or_insert_with(|| clashes(entry.tree));
        if let Some(other) = clashes.get(name) {
            let other = shown(other.as_bytes());
            complaints
                .add(format!("{}: some systems take it and \"{other}\" for one; rename it", shown(&path)));
        }
    }
}

fn clashes(tree: &git2::Tree<'_>) -> HashMap<String, String> {
    let names: Vec<String> =
        tree.iter().filter_map(|entry| String::from_utf8(entry.name_bytes().to_vec()).ok()).collect();
    let mut folded: Vec<_> = names.iter().map(|name| (fold(name), name)).collect();
    folded.sort();
    let mut clashes = HashMap::new();
    for pair in folded.windows(2) {
        if let [(one, first), (other, second)] = pair
            && one == other
        {
            clashes.insert((*first).clone(), (*second).clone());
            clashes.insert((*second).clone(), (*first).clone());
        }
    }
    clashes
}
