//! What can go wrong with git, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};

use super::Unfinished;

/// Why git has no answer, or there is no commit.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The repository belongs to somebody else, and git is not told to trust it.
    #[error("the repository in \"{}\" belongs to another user", .0.display())]
    Owner(PathBuf),
    /// A repository that is there and cannot be read, as libgit2 says why.
    #[error("the repository in \"{}\" cannot be read: {reason}", .path.display())]
    Unreadable {
        /// The folder that it was looked for in.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// git knows no name or no address to commit with.
    #[error("git does not know who you are, so there can be no commit")]
    NoIdentity,
    /// A commit would be on no branch.
    #[error("no branch is checked out, so a commit would be lost")]
    Detached,
    /// The user is in the middle of something.
    #[error("a {0} is not finished")]
    Unfinished(Unfinished),
    /// Another program holds the lock of the index, or of the branch, and did not let go.
    #[error("another program is busy with the repository: \"{}\" is there", .0.display())]
    Locked(PathBuf),
    /// A hook, or the program that signs, said no. These are its words.
    #[error("git refused the commit: {0}")]
    Refused(String),
    /// The user's own git would have to do this, and there is none.
    #[error("the program \"git\" is needed {0}, and it is not there")]
    NoProgram(&'static str),
    /// The user's own git failed at something.
    #[error("git failed: {0}")]
    Program(String),
    /// Another program moved the branch, again and again.
    #[error("the branch moves while the commit is made")]
    Moved,
    /// No commit has this id.
    #[error("no commit has the id \"{0}\"")]
    NoSuchCommit(String),
    /// Several commits have ids that begin so.
    #[error("several commits have an id that begins with \"{0}\"")]
    Ambiguous(String),
    /// A file whose name no notebook can have.
    #[error("a file has a name that is not UTF-8: \"{0}\"")]
    Name(String),
    /// There are several remotes, and none of them is the one to follow.
    #[error("there are several remotes ({0}), and this branch follows none of them")]
    Remotes(String),
    /// The remote of the name that we would give has another address.
    #[error("there is a remote \"origin\" already: {0}")]
    OtherRemote(String),
    /// The disk says no.
    #[error("cannot write \"{}\": {}", .path.display(), disk_says(.error))]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// What libgit2 says.
    #[error("git: {}", .0.message())]
    Git(#[from] git2::Error),
}

impl GitError {
    /// What to do about it, where there is something.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            GitError::Owner(path) => {
                format!("if you trust it: git config --global --add safe.directory \"{}\"", path.display())
            }
            GitError::Unreadable { .. } => {
                "tickler reads repositories with SHA-1 ids and refs in files".to_owned()
            }
            GitError::NoIdentity => {
                "git config --global user.name \"Your Name\"; git config --global user.email you@example.com"
                    .to_owned()
            }
            GitError::Detached => "git switch, to the branch that you work on".to_owned(),
            GitError::Unfinished(what) => what.hint().to_owned(),
            GitError::Locked(path) => {
                format!("if no other program is at work, delete \"{}\"", path.display())
            }
            GitError::NoProgram(_) => "install git, or put it on the PATH".to_owned(),
            GitError::Moved => "try again".to_owned(),
            GitError::Ambiguous(_) => "give more of the id".to_owned(),
            GitError::Name(_) => "rename it, with `git mv`".to_owned(),
            GitError::Remotes(_) => {
                "git branch --set-upstream-to, to the branch that it is to follow".to_owned()
            }
            GitError::OtherRemote(_) => {
                "git remote set-url origin, if it is to have another address".to_owned()
            }
            GitError::Refused(_)
            | GitError::Program(_)
            | GitError::NoSuchCommit(_)
            | GitError::Disk { .. }
            | GitError::Git(_) => return None,
        })
    }

    /// For `map_err` on what the system says of a path.
    pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> GitError {
        let path = path.to_owned();
        move |error| GitError::Disk { path, error }
    }
}

/// What the system says of a disk, in plain words.
pub fn disk_says(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::StorageFull => "the disk is full".to_owned(),
        io::ErrorKind::QuotaExceeded => "your share of the disk is full".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only".to_owned(),
        _ => error.to_string(),
    }
}
