//! Git: who the user is, a new notebook's repository, a commit for each deed, and what history says.
//!
//! A notebook may lie in any folder of a work tree. Paths count from the notebook's root, with `/`. All of it is
//! local and goes through libgit2, but where only the user's own git can do it right: hooks, signatures, filters.

mod begin;
mod changed;
mod clone;
mod commit;
mod deeds;
mod differences;
mod driver;
mod error;
mod filters;
mod flush;
mod graph;
mod history;
mod index;
mod joint;
mod lock;
mod network;
mod open;
mod program;
mod ready;
mod remote;
mod status;
mod sweep;
#[cfg(test)]
mod tests;
mod trees;

use std::path::PathBuf;

pub use begin::{Begun, begin, is_inside_work_tree, user_email};
pub use clone::{Branches, Cloning, ignore_cache, is_empty};
pub use commit::{Committed, FileState, NewCommit};
pub use deeds::taken_back;
pub use driver::DriverState;
pub use error::{GitError, disk_says};
pub use filters::Outward;
pub use history::{Change, Changes, Record};
pub use network::{NetworkError, Said};
pub use ready::Ready;
pub use remote::{Fetching, Pushed, Remote};
pub use status::{Head, Status, Unfinished, Upstream};

/// The work tree that a notebook lies in.
///
/// It may be handed to another thread, but not be used from two at once.
pub struct Git {
    repository: git2::Repository,
    /// The work tree's root.
    work_tree: PathBuf,
    /// The notebook's folder from there: empty, or with a `/` at its end.
    prefix: String,
}

impl Git {
    /// The path from the work tree's root of what has this path from the notebook's.
    fn in_work_tree(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// The path from the notebook's root of what has this path from the work tree's; none where it lies elsewhere.
    fn in_notebook<'p>(&self, path: &'p str) -> Option<&'p str> {
        path.strip_prefix(&self.prefix)
    }
}
