//! A repository as a store of commits and trees, with a work tree or without: what is asked of it here needs no files.

use std::ops::Deref;
use std::path::Path;

use git2::{Repository, RepositoryInitOptions};

use super::{Git, GitError};

/// A repository's commits, trees and branches. It may be handed to another thread, but not be used from two at once.
pub struct Store {
    pub(super) repository: Repository,
    /// The notebook's folder in its trees: empty, or with a `/` at its end.
    pub(super) prefix: String,
}

impl Store {
    /// Opens a bare repository, whose notebook is at the root of its trees.
    ///
    /// # Errors
    /// Where there is none, or libgit2 cannot read it.
    pub fn bare(path: &Path) -> Result<Store, GitError> {
        match Repository::open_bare(path) {
            Ok(repository) => Ok(Store { repository, prefix: String::new() }),
            Err(error) => {
                Err(GitError::Unreadable { path: path.to_owned(), reason: error.message().to_owned() })
            }
        }
    }

    /// Makes a bare repository without a commit, whose branch is to be `main`.
    ///
    /// # Errors
    /// Where there is something already, or the disk says no.
    pub fn create(path: &Path) -> Result<Store, GitError> {
        let mut options = RepositoryInitOptions::new();
        options.bare(true).no_reinit(true).mkpath(true).initial_head("main").external_template(false);
        Ok(Store { repository: Repository::init_opts(path, &options)?, prefix: String::new() })
    }

    /// The notebook's folder in the trees: empty, or with a `/` at its end.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The path from the trees' root of what has this path from the notebook's.
    pub(super) fn in_work_tree(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The path from the notebook's root of what has this path from the trees'; none where it lies elsewhere.
    pub(super) fn in_notebook<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(&self.prefix)
    }

    /// The path from the notebook's root of what has this path from the trees'; above the notebook with `..`.
    pub fn from_notebook(&self, path: &str) -> String {
        match self.in_notebook(path) {
            Some(path) => path.to_owned(),
            None => format!("{}{path}", "../".repeat(self.prefix.matches('/').count())),
        }
    }
}

impl Deref for Git {
    type Target = Store;

    fn deref(&self) -> &Store {
        &self.store
    }
}
