//! A merge as git keeps it: its tree and its commit are written first; the branch moves when the files are in place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use git2::build::TreeUpdateBuilder;
use git2::{FileMode, ObjectType, Oid, Repository, Tree};

use super::index::{self, FileStat, IndexChange};
use super::{Git, GitError, Ready, flush, graph, program, ready, trees};
use crate::merge::files::{Content, Delta};

/// From so many new files on, objects become one pack.
const PACKED: usize = 50;

impl Git {
    /// Writes the tree that has these files and is otherwise that of `base`; without one it has nothing else. Nothing
    /// names it yet.
    ///
    /// # Errors
    /// What libgit2 or the disk says.
    pub fn write_tree(
        &self,
        base: Option<&str>,
        files: &BTreeMap<String, Option<Content>>,
    ) -> Result<String, GitError> {
        let write = |store: &Repository| -> Result<(Oid, BTreeSet<Oid>), GitError> {
            let base = match base {
                Some(base) => store.find_tree(Oid::from_str(base)?)?,
                None => store.find_tree(store.treebuilder(None)?.write()?)?,
            };
            let mut objects = BTreeSet::from([base.id()]);
            let mut known = trees::Folders::of(store, Some(base.clone()));
            let mut update = TreeUpdateBuilder::new();
            for (path, content) in files {
                let Some(content) = content else {
                    if known.entry(path)?.is_some() {
                        update.remove(path.as_str());
                    }
                    continue;
                };
                let (id, mode) = match content {
                    Content::Known(file) => (graph::oid(file.id)?, file.mode),
                    Content::New { bytes, mode } => (store.blob(bytes)?, *mode),
                };
                objects.insert(id);
                update.upsert(path.as_str(), id, file_mode(mode));
            }
            let tree = store.find_tree(update.create_updated(store, &base)?)?;
            for path in files.keys() {
                note_folders(&tree, path, &mut objects);
            }
            Ok((tree.id(), objects))
        };
        let new = files.values().flatten().filter(|content| matches!(content, Content::New { .. })).count();
        if new > PACKED {
            return Ok(flush::as_pack(&self.repository, write)?.0.to_string());
        }
        let (tree, objects) = write(&self.repository)?;
        flush::loose(&self.repository.commondir().join("objects"), &objects)?;
        Ok(tree.to_string())
    }

    /// Writes a commit with these parents. No branch is moved.
    ///
    /// # Errors
    /// Where git does not know who the user is, or cannot sign; what the disk says.
    pub fn write_commit(&self, tree: &str, parents: &[&str], message: &str) -> Result<String, GitError> {
        let signs = self.repository.config()?.get_bool("commit.gpgsign").unwrap_or(false);
        if signs {
            let mut words = vec!["commit-tree", "-S", tree];
            parents.iter().for_each(|parent| words.extend(["-p", parent]));
            let output = program::ask(self, "to sign the commit", words, message.as_bytes())?;
            return Ok(String::from_utf8_lossy(&output).trim().to_owned());
        }
        let author = ready::known(self.repository.author_from_env())?;
        let committer = ready::known(self.repository.committer_from_env())?;
        let tree = self.repository.find_tree(Oid::from_str(tree)?)?;
        let parents: Vec<git2::Commit<'_>> = parents
            .iter()
            .map(|parent| self.repository.find_commit(Oid::from_str(parent)?))
            .collect::<Result<_, _>>()?;
        let parents: Vec<&git2::Commit<'_>> = parents.iter().collect();
        let id = self.repository.commit(None, &author, &committer, message, &tree, &parents)?;
        flush::loose(&self.repository.commondir().join("objects"), &BTreeSet::from([id]))?;
        Ok(id.to_string())
    }

    /// The path from the notebook's root of what has this path from the work tree's; above the notebook with `..`.
    pub fn from_notebook(&self, path: &str) -> String {
        match self.in_notebook(path) {
            Some(path) => path.to_owned(),
            None => format!("{}{path}", "../".repeat(self.prefix.matches('/').count())),
        }
    }

    /// The notebook's folder from the work tree's root: empty, or with a `/` at its end.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }
}

impl Ready<'_> {
    /// Moves the branch from one commit to another whose files are on disk already, and brings the index up to date
    /// for the paths in which they differ. What else is staged stays. Says whether the index could be written.
    ///
    /// # Errors
    /// Where the branch is elsewhere meanwhile, or the disk says no; the branch is where it was then.
    pub fn advance(self, from: Option<&str>, to: &str, deltas: &[Delta]) -> Result<bool, GitError> {
        let git = self.git;
        let repository = &git.repository;
        let branch = ready::branch(repository)?;
        let mut changes = BTreeMap::new();
        for delta in deltas {
            let change = match delta.after {
                Some(file) => {
                    let path: PathBuf = git.work_tree.join(&delta.path);
                    // With a filter at work the disk has other bytes than the blob: git will look for itself.
                    let bytes = repository.find_blob(graph::oid(file.id)?);
                    let stat = bytes.map_or(FileStat::default(), |blob| FileStat::of(&path, blob.content()));
                    IndexChange::Set { id: graph::oid(file.id)?, mode: file.mode, stat }
                }
                None => IndexChange::Remove,
            };
            changes.insert(delta.path.clone(), change);
        }
        let draft = index::draft(git, &self.lock, &changes)?;
        let new = Oid::from_str(to)?;
        self.lock.announce(&branch, new, draft.path())?;
        let words = "tickler sync";
        let moved = match from {
            Some(from) => repository.reference_matching(&branch, new, true, Oid::from_str(from)?, words),
            None => repository.reference(&branch, new, false, words),
        };
        moved.map_err(|error| match error.code() {
            git2::ErrorCode::Modified | git2::ErrorCode::Exists | git2::ErrorCode::Locked => GitError::Moved,
            _ => GitError::Git(error),
        })?;
        let published = draft.publish(git, self.lock);
        flush::reference(repository, &branch)?;
        Ok(published.is_ok())
    }
}

/// The folders on the way to a path, which may be new.
fn note_folders(tree: &Tree<'_>, path: &str, objects: &mut BTreeSet<Oid>) {
    objects.insert(tree.id());
    for (at, _) in path.match_indices('/') {
        if let Ok(entry) = tree.get_path(path[..at].as_ref())
            && entry.kind() == Some(ObjectType::Tree)
        {
            objects.insert(entry.id());
        }
    }
}

fn file_mode(mode: u32) -> FileMode {
    match mode {
        0o100_755 => FileMode::BlobExecutable,
        0o120_000 => FileMode::Link,
        0o160_000 => FileMode::Commit,
        _ => FileMode::Blob,
    }
}
