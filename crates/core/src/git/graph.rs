//! Commits and trees as a graph: what one has that another lacks, and what they came from.

use git2::{ErrorCode, Oid};

use super::{GitError, Record, Store, differences, trees};
use crate::merge::files::{BlobId, Delta, File};

impl Store {
    /// The full id of the commit that is checked out; none on a branch without one.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn tip(&self) -> Result<Option<String>, GitError> {
        Ok(trees::head(&self.repository)?.map(|commit| commit.id().to_string()))
    }

    /// The full id of the commit that a reference leads to, by its full name.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn commit_at(&self, reference: &str) -> Result<Option<String>, GitError> {
        match self.repository.find_reference(reference) {
            Ok(found) => Ok(Some(found.peel_to_commit()?.id().to_string())),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The full id of what a branch leads to, by its full name, without a look at whether that is there: quick, and no
    /// pack is opened for it.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn branch_at(&self, reference: &str) -> Result<Option<String>, GitError> {
        match self.repository.find_reference(reference) {
            Ok(found) => Ok(found.target().map(|id| id.to_string())),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The references whose names begin so, in order, and the commits they lead to.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn references(&self, prefix: &str) -> Result<Vec<(String, String)>, GitError> {
        let mut found = Vec::new();
        for reference in self.repository.references_glob(&format!("{prefix}*"))? {
            let reference = reference?;
            if let (Ok(name), Some(commit)) = (reference.name(), reference.target()) {
                found.push((name.to_owned(), commit.to_string()));
            }
        }
        found.sort();
        Ok(found)
    }

    /// Lets a reference lead to a commit, whatever it led to before.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn point(&self, reference: &str, commit: &str) -> Result<(), GitError> {
        self.repository.reference(reference, Oid::from_str(commit)?, true, "tickler sync")?;
        Ok(())
    }

    /// Whether the history of `tip` holds `commit`.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn holds(&self, tip: &str, commit: &str) -> Result<bool, GitError> {
        let (tip, commit) = (Oid::from_str(tip)?, Oid::from_str(commit)?);
        if self.repository.find_commit(commit).is_err() {
            return Ok(false);
        }
        Ok(tip == commit || self.repository.graph_descendant_of(tip, commit)?)
    }

    /// The best commits that both came from, in the order of their ids.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn merge_bases(&self, a: &str, b: &str) -> Result<Vec<String>, GitError> {
        let mut bases: Vec<String> = match self.repository.merge_bases(Oid::from_str(a)?, Oid::from_str(b)?) {
            Ok(bases) => bases.iter().map(Oid::to_string).collect(),
            Err(error) if error.code() == ErrorCode::NotFound => Vec::new(),
            Err(error) => return Err(error.into()),
        };
        bases.sort();
        Ok(bases)
    }

    /// How many commits the first has that the second lacks, and the other way round.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn apart(&self, one: &str, other: &str) -> Result<(usize, usize), GitError> {
        Ok(self.repository.graph_ahead_behind(Oid::from_str(one)?, Oid::from_str(other)?)?)
    }

    /// How many commits led to this one, itself included.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn count(&self, tip: &str) -> Result<usize, GitError> {
        let mut walk = self.repository.revwalk()?;
        walk.push(Oid::from_str(tip)?)?;
        Ok(walk.count())
    }

    /// Of the newest `most` commits of `tip` that `without` lacks those that are no merges, newest first.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn commits_between(
        &self,
        without: Option<&str>,
        tip: &str,
        most: usize,
    ) -> Result<Vec<Record>, GitError> {
        let mut walk = self.repository.revwalk()?;
        walk.push(Oid::from_str(tip)?)?;
        if let Some(without) = without {
            walk.hide(Oid::from_str(without)?)?;
        }
        let mut records = Vec::new();
        for id in walk.take(most) {
            let commit = self.repository.find_commit(id?)?;
            if commit.parent_count() < 2 {
                records.push(self.record(&commit.id().to_string())?);
            }
        }
        Ok(records)
    }

    /// Of the merges of `tip` that `without` lacks those that merged `commit`: with what they did.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn merges_of(&self, commit: &str, tip: &str, without: Option<&str>) -> Result<Vec<String>, GitError> {
        let commit = Oid::from_str(commit)?;
        let mut walk = self.repository.revwalk()?;
        walk.push(Oid::from_str(tip)?)?;
        if let Some(without) = without {
            walk.hide(Oid::from_str(without)?)?;
        }
        let mut others = Vec::new();
        for id in walk {
            let parents: Vec<Oid> = self.repository.find_commit(id?)?.parent_ids().collect();
            if parents.contains(&commit) {
                others.extend(parents.iter().filter(|parent| **parent != commit).map(Oid::to_string));
            }
        }
        Ok(others)
    }

    /// The tree of a commit.
    ///
    /// # Errors
    /// Where there is no such commit.
    pub fn tree_of(&self, commit: &str) -> Result<String, GitError> {
        Ok(self.repository.find_commit(Oid::from_str(commit)?)?.tree_id().to_string())
    }

    /// What differs between two trees, by path from the work tree's root; without the first, all of the second.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn deltas(&self, before: Option<&str>, after: &str) -> Result<Vec<Delta>, GitError> {
        let before = before.map(Oid::from_str).transpose()?;
        let mut deltas = Vec::new();
        for difference in differences::between(&self.repository, before, Some(Oid::from_str(after)?))? {
            let path = String::from_utf8(difference.path)
                .map_err(|error| GitError::Name(String::from_utf8_lossy(error.as_bytes()).into_owned()))?;
            let side = |entry: trees::Entry| File { id: blob_id(entry.id), mode: mode_of(entry.mode) };
            let (before, after) = (difference.before.map(side), difference.after.map(side));
            deltas.push(Delta { path, before, after });
        }
        Ok(deltas)
    }

    /// What a tree has at a path from the work tree's root, as far as it is no folder.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn file_in(&self, tree: &str, path: &str) -> Result<Option<File>, GitError> {
        let tree = self.repository.find_tree(Oid::from_str(tree)?)?;
        match tree.get_path(path.as_ref()) {
            Ok(entry) if entry.kind() == Some(git2::ObjectType::Tree) => Ok(None),
            Ok(entry) => Ok(Some(File { id: blob_id(entry.id()), mode: mode_of(entry.filemode_raw()) })),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a tree has anything at a path from the work tree's root, a folder too.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn is_in(&self, tree: &str, path: &str) -> Result<bool, GitError> {
        let tree = self.repository.find_tree(Oid::from_str(tree)?)?;
        match tree.get_path(path.as_ref()) {
            Ok(_) => Ok(true),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// The bytes of a blob.
    ///
    /// # Errors
    /// Where there is none.
    pub fn blob(&self, id: BlobId) -> Result<Vec<u8>, GitError> {
        Ok(self.repository.find_blob(oid(id)?)?.content().to_vec())
    }

    /// How many contacts a tree has: files `.md` below the notebook's `contacts`.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn contacts_in(&self, tree: &str) -> Result<usize, GitError> {
        let tree = self.repository.find_tree(Oid::from_str(tree)?)?;
        let folder = match tree.get_path(self.in_work_tree("contacts").as_ref()) {
            Ok(entry) => self.repository.find_tree(entry.id())?,
            Err(error) if error.code() == ErrorCode::NotFound => return Ok(0),
            Err(error) => return Err(error.into()),
        };
        let mut count = 0;
        folder.walk(git2::TreeWalkMode::PreOrder, |_, entry| {
            let is_contact = entry.kind() == Some(git2::ObjectType::Blob);
            count += usize::from(is_contact && entry.name_bytes().ends_with(b".md"));
            git2::TreeWalkResult::Ok
        })?;
        Ok(count)
    }
}

/// A mode as git writes it today; old repositories have others for plain files.
fn mode_of(raw: i32) -> u32 {
    match raw.cast_unsigned() {
        raw if raw & 0o170_000 != 0o100_000 => raw,
        raw if raw & 0o111 == 0 => 0o100_644,
        _ => 0o100_755,
    }
}

pub(super) fn oid(id: BlobId) -> Result<Oid, git2::Error> {
    Oid::from_bytes(&id.0)
}

pub(super) fn blob_id(id: Oid) -> BlobId {
    let mut bytes = [0; 20];
    bytes.copy_from_slice(&id.as_bytes()[..20]);
    BlobId(bytes)
}
