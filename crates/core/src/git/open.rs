//! Opening the repository around a notebook, and what its last commit holds.

use std::path::Path;

use git2::{ErrorClass, ErrorCode, Repository};

use super::trees::Folders;
use super::{Git, GitError, Store, filters, graph};
use crate::merge::files::BlobId;

impl Git {
    /// The work tree that the folder `root` lies in. There is none outside git, in a bare repository, and where the
    /// repository's work tree is another folder.
    ///
    /// # Errors
    /// Where there is a repository that libgit2 cannot read, such as one with SHA-256, or one of another user.
    pub fn open(root: &Path) -> Result<Option<Git>, GitError> {
        let repository = match Repository::discover(root) {
            Ok(repository) => repository,
            Err(error) if error.code() == ErrorCode::NotFound && error.class() == ErrorClass::Repository => {
                return Ok(None);
            }
            Err(error) if error.code() == ErrorCode::Owner => {
                return Err(GitError::Owner(repository_around(root)));
            }
            Err(error) => {
                let reason = error.message().to_owned();
                return Err(GitError::Unreadable { path: root.to_owned(), reason });
            }
        };
        let Some(work_tree) = repository.workdir() else { return Ok(None) };
        let work_tree = work_tree.canonicalize().map_err(GitError::at(work_tree))?;
        let root = root.canonicalize().map_err(GitError::at(root))?;
        let Ok(folder) = root.strip_prefix(&work_tree) else { return Ok(None) };
        let Some(folder) = folder.to_str() else {
            let reason = "the folder's name is not UTF-8".to_owned();
            return Err(GitError::Unreadable { path: root, reason });
        };
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        Ok(Some(Git { store: Store { repository, prefix }, work_tree }))
    }

    /// Whether the last commit has exactly these bytes at that path, once they have gone through git's filters
    /// (line ends, attributes); none where it has no such file.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn is_committed(&self, path: &str, bytes: &[u8]) -> Result<Option<bool>, GitError> {
        Ok(self.are_committed(&[(path, bytes)])?.pop().flatten())
    }

    /// The same for many files, which is quickest where those of one folder stand together.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn are_committed(&self, files: &[(&str, &[u8])]) -> Result<Vec<Option<bool>>, GitError> {
        let mut known = Folders::of_head(&self.repository)?;
        files.iter().map(|(path, bytes)| self.is_committed_in(&mut known, path, bytes)).collect()
    }

    fn is_committed_in(
        &self,
        known: &mut Folders<'_>,
        path: &str,
        bytes: &[u8],
    ) -> Result<Option<bool>, GitError> {
        let path = self.in_work_tree(path);
        let entry = known.entry(&path)?;
        let Some(entry) = entry.filter(|entry| entry.is_file()) else { return Ok(None) };
        if git2::Oid::hash_object(git2::ObjectType::Blob, bytes)? == entry.id {
            return Ok(Some(true));
        }
        Ok(Some(filters::id(self, &path, bytes)? == entry.id))
    }

    /// Whether these bytes are the blob `id`, once they have gone through git's filters. The path counts from the work
    /// tree's root.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn is_version(&self, path: &str, bytes: &[u8], id: BlobId) -> Result<bool, GitError> {
        let id = graph::oid(id)?;
        Ok(git2::Oid::hash_object(git2::ObjectType::Blob, bytes)? == id
            || filters::id(self, path, bytes)? == id)
    }

    /// Whether git is told to leave that path alone.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn is_ignored(&self, path: &str) -> Result<bool, GitError> {
        Ok(self.repository.is_path_ignored(self.in_work_tree(path))?)
    }

    /// What the last commit has at that path, as it would be checked out where no filter is at work; none where it
    /// has no such file.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn head_content(&self, path: &str) -> Result<Option<Vec<u8>>, GitError> {
        let entry = Folders::of_head(&self.repository)?.entry(&self.in_work_tree(path))?;
        let Some(entry) = entry.filter(|entry| entry.is_file()) else { return Ok(None) };
        Ok(Some(self.repository.find_blob(entry.id)?.content().to_vec()))
    }
}

/// The folder that git wants to be told to trust.
fn repository_around(root: &Path) -> std::path::PathBuf {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    root.ancestors().find(|folder| folder.join(".git").exists()).unwrap_or(&root).to_owned()
}
