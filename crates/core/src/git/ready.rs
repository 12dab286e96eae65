//! What has to be so before a deed is done: somebody to commit as, a branch to commit on, nothing half done, and the
//! index's lock.

use std::time::Duration;

use git2::{ErrorCode, ReferenceType, Repository, Signature};

use super::lock::IndexLock;
use super::{Git, GitError, Unfinished, program};

/// Everything is ready for a commit, and nobody else makes one meanwhile. Dropped unused, it leaves no trace.
pub struct Ready<'g> {
    pub(super) git: &'g Git,
    pub(super) author: Signature<'static>,
    pub(super) committer: Signature<'static>,
    pub(super) lock: IndexLock,
    /// What asks for the user's own git.
    pub(super) by_program: Option<&'static str>,
}

impl Ready<'_> {
    /// Whether the user's own git makes the commits, which makes one of several.
    pub fn is_by_program(&self) -> bool {
        self.by_program.is_some()
    }
}

impl Git {
    /// Whether there is a branch to commit on, and the user is in the middle of nothing.
    ///
    /// # Errors
    /// What speaks against a commit.
    pub fn is_free(&self) -> Result<(), GitError> {
        if let Some(unfinished) = Unfinished::of(self.repository.state()).filter(|it| it.forbids_commits()) {
            return Err(GitError::Unfinished(unfinished));
        }
        branch(&self.repository).map(drop)
    }

    /// Looks at all that speaks against a commit, and takes the lock of the index. Nothing else is written yet.
    ///
    /// Where another program holds the lock, it is waited for, up to `patience`; `waiting` is called once when that
    /// begins.
    ///
    /// # Errors
    /// What speaks against it: no identity, no branch, an unfinished merge or the like, a lock that is not given up,
    /// hooks or signatures where there is no program `git`.
    pub fn ready(&self, patience: Duration, waiting: &mut dyn FnMut()) -> Result<Ready<'_>, GitError> {
        self.is_free()?;
        let repository = &self.repository;
        let author = known(repository.author_from_env())?;
        let committer = known(repository.committer_from_env())?;
        let by_program = program::reason(self)?;
        if let Some(reason) = by_program {
            program::is_there(reason)?;
        }
        let lock = IndexLock::take(repository.path(), patience, waiting)?;
        Ok(Ready { git: self, author, committer, lock, by_program })
    }
}

/// The full name of the branch that is checked out, which may have no commit yet.
pub(super) fn branch(repository: &Repository) -> Result<String, GitError> {
    let head = repository.find_reference("HEAD")?;
    if head.kind() != Some(ReferenceType::Symbolic) {
        return Err(GitError::Detached);
    }
    Ok(head.symbolic_target()?.ok_or(GitError::Detached)?.to_owned())
}

pub(super) fn known(
    signature: Result<Signature<'static>, git2::Error>,
) -> Result<Signature<'static>, GitError> {
    signature.map_err(|error| match error.code() {
        ErrorCode::NotFound | ErrorCode::Invalid | ErrorCode::GenericError => GitError::NoIdentity,
        _ => GitError::Git(error),
    })
}
