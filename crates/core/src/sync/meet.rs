//! Where two histories meet: what both did since they parted is merged in memory, file by file.

use crate::git::{GitError, Store};
use crate::merge::Note;
use crate::merge::files::{self, MergedFiles, Source};
use crate::notebook::SETTINGS_FILE;

/// How deep merges of merge bases may go.
const DEPTH: usize = 8;

/// The merge of two commits.
pub(super) struct Meeting {
    /// The merged tree.
    pub tree: String,
    /// What somebody should look at, by file from the notebook's root.
    pub notes: Vec<(String, Note)>,
}

/// Merges two commits that have the given bases; without one, as if both had begun with nothing.
pub(super) fn meet(git: &Store, bases: &[String], ours: &str, theirs: &str) -> Result<Meeting, GitError> {
    let base = base_tree(git, bases, 0)?;
    let (ours, theirs) = (git.tree_of(ours)?, git.tree_of(theirs)?);
    let merged = merge_trees(git, base.as_deref(), &ours, &theirs)?;
    let tree = git.write_tree(Some(&ours), &merged.files)?;
    let notes = merged.notes.into_iter().map(|(path, note)| (git.from_notebook(&path), note)).collect();
    Ok(Meeting { tree, notes })
}

/// The tree that both sides are compared with. Where there are several, they are merged themselves.
fn base_tree(git: &Store, bases: &[String], depth: usize) -> Result<Option<String>, GitError> {
    let Some((first, others)) = bases.split_first() else { return Ok(None) };
    let mut tree = git.tree_of(first)?;
    for other in others {
        let below = if depth < DEPTH { git.merge_bases(first, other)? } else { Vec::new() };
        let below = base_tree(git, &below, depth + 1)?;
        let other = git.tree_of(other)?;
        let merged = merge_trees(git, below.as_deref(), &tree, &other)?;
        tree = git.write_tree(Some(&tree), &merged.files)?;
    }
    Ok(Some(tree))
}

fn merge_trees(git: &Store, base: Option<&str>, ours: &str, theirs: &str) -> Result<MergedFiles, GitError> {
    let empty;
    let base = match base {
        Some(base) => base,
        None => {
            empty = git.write_tree(None, &std::collections::BTreeMap::new())?;
            &empty
        }
    };
    let settings = git.file_in(base, &format!("{}{SETTINGS_FILE}", git.prefix()))?;
    let settings = settings.map(|file| git.blob(file.id)).transpose()?;
    let source = Source {
        read: &|id| git.blob(id),
        is_taken: &|path| Ok(git.file_in(base, path)?.is_some()),
        settings: settings.as_deref(),
        prefix: git.prefix(),
    };
    files::merge(&source, &git.deltas(Some(base), ours)?, &git.deltas(Some(base), theirs)?)
}
