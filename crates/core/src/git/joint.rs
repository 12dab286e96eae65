//! A merge as git keeps it: its tree and its commit are written first; the branch moves when the files are in place.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use git2::build::TreeUpdateBuilder;
use git2::{ErrorCode, FileMode, ObjectType, Oid, Repository, Signature, Tree};

use super::index::{self, FileStat, IndexChange};
use super::{Git, GitError, Ready, Store, flush, graph, program, ready, trees};
use crate::merge::files::{Content, Delta};

/// From so many new files on, objects become one pack.
const PACKED: usize = 50;

impl Store {
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
        let write = |store: &Repository| write_objects(store, base, files);
        let new = files.values().flatten().filter(|content| matches!(content, Content::New { .. })).count();
        if new > PACKED {
            return Ok(flush::tree_as_pack(&self.repository, write)?.to_string());
        }
        let (tree, objects) = write(&self.repository)?;
        Unflushed(objects).flush(self.repository.commondir())?;
        Ok(tree.to_string())
    }

    /// The same, but it is not safe on the disk before it is flushed.
    ///
    /// # Errors
    /// What libgit2 or the disk says.
    pub fn write_tree_unflushed(
        &self,
        base: &str,
        files: &BTreeMap<String, Option<Content>>,
        written: &mut Unflushed,
    ) -> Result<String, GitError> {
        let (tree, objects) = write_objects(&self.repository, Some(base), files)?;
        written.0.extend(objects);
        Ok(tree.to_string())
    }
}

/// Objects that were written, but are not safe on the disk yet.
#[derive(Debug, Default)]
pub struct Unflushed(BTreeSet<Oid>);

impl Unflushed {
    /// Flushes them all at once, in the bare repository that they were written to. A branch may lead to them then.
    ///
    /// # Errors
    /// What the disk says.
    pub fn flush(&self, repository: &Path) -> Result<(), GitError> {
        flush::loose(&repository.join("objects"), &self.0)
    }
}

/// Writes the files and the trees that lead to them; gives the tree and all objects that may be new.
fn write_objects(
    store: &Repository,
    base: Option<&str>,
    files: &BTreeMap<String, Option<Content>>,
) -> Result<(Oid, BTreeSet<Oid>), GitError> {
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
}

impl Store {
    /// Writes a commit with these parents, in the names that are given, at this moment. No branch is moved.
    ///
    /// # Errors
    /// Where a name is empty, or the disk says no.
    pub fn write_commit_as(
        &self,
        tree: &str,
        parents: &[&str],
        (author, committer): (&Person, &Person),
        message: &str,
    ) -> Result<String, GitError> {
        let mut written = Unflushed::default();
        let commit =
            self.write_commit_unflushed(tree, parents, (author, committer), message, &mut written)?;
        written.flush(self.repository.commondir())?;
        Ok(commit)
    }

    /// The same, but it is not safe on the disk before it is flushed.
    ///
    /// # Errors
    /// Where a name is empty, or the disk says no.
    pub fn write_commit_unflushed(
        &self,
        tree: &str,
        parents: &[&str],
        (author, committer): (&Person, &Person),
        message: &str,
        written: &mut Unflushed,
    ) -> Result<String, GitError> {
        let (author, committer) = (author.signature()?, committer.signature()?);
        self.commit_of(tree, parents, (&author, &committer), message, written)
    }

    fn commit_of(
        &self,
        tree: &str,
        parents: &[&str],
        (author, committer): (&Signature<'_>, &Signature<'_>),
        message: &str,
        written: &mut Unflushed,
    ) -> Result<String, GitError> {
        let tree = self.repository.find_tree(Oid::from_str(tree)?)?;
        let parents: Vec<git2::Commit<'_>> = parents
            .iter()
            .map(|parent| self.repository.find_commit(Oid::from_str(parent)?))
            .collect::<Result<_, _>>()?;
        let parents: Vec<&git2::Commit<'_>> = parents.iter().collect();
        let id = self.repository.commit(None, author, committer, message, &tree, &parents)?;
        written.0.insert(id);
        Ok(id.to_string())
    }

    /// Lets a reference lead to a commit if it leads to `from` at this moment; without `from`, if there is none.
    ///
    /// # Errors
    /// [`GitError::Moved`] where somebody was quicker or is at it; what the disk says.
    pub fn swing(&self, reference: &str, from: Option<&str>, to: &str, words: &str) -> Result<(), GitError> {
        let to = Oid::from_str(to)?;
        let moved = match from {
            Some(from) => {
                self.repository.reference_matching(reference, to, true, Oid::from_str(from)?, words)
            }
            None => self.repository.reference(reference, to, false, words),
        };
        moved.map_err(late)?;
        flush::reference(&self.repository, reference)
    }

    /// Takes a reference away if it leads to that commit at this moment.
    ///
    /// # Errors
    /// [`GitError::Moved`] where it leads elsewhere, or somebody is at it; what the disk says.
    pub fn forget(&self, reference: &str, commit: &str) -> Result<(), GitError> {
        let mut found = match self.repository.find_reference(reference) {
            Ok(found) => found,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        if found.target() != Some(Oid::from_str(commit)?) {
            return Err(GitError::Moved);
        }
        // libgit2 compares again under the lock.
        found.delete().map_err(late)
    }
}

/// A name and an address, as a commit has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The name.
    pub name: String,
    /// The address; it may be empty.
    pub email: String,
}

impl Person {
    fn signature(&self) -> Result<Signature<'static>, git2::Error> {
        // A line feed or an angle bracket would end the field.
        let plain = |text: &str| -> String {
            text.chars().filter(|c| !c.is_control() && !matches!(c, '<' | '>')).collect()
        };
        Signature::now(&plain(&self.name), &plain(&self.email))
    }
}

/// A reference that could not be moved because of somebody else: it leads elsewhere, or its lock is held.
fn late(error: git2::Error) -> GitError {
    match error.code() {
        ErrorCode::Modified | ErrorCode::Exists | ErrorCode::Locked => GitError::Moved,
        _ => GitError::Git(error),
    }
}

impl Git {
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
        let mut written = Unflushed::default();
        let commit = self.commit_of(tree, parents, (&author, &committer), message, &mut written)?;
        written.flush(self.repository.commondir())?;
        Ok(commit)
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
        git.swing(&branch, from, to, "tickler sync")?;
        let published = draft.publish(git, self.lock);
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
