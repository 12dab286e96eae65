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
mod hand_in;
mod history;
mod index;
mod joint;
mod lock;
mod network;
mod open;
mod own;
mod program;
mod ready;
mod remote;
mod status;
mod store;
mod sweep;
#[cfg(test)]
mod tests;
mod trees;

use std::path::PathBuf;

pub use begin::{Begun, begin, is_inside_work_tree, user_email};
pub use clone::{Cloning, Found, ignore_cache, is_empty};
pub use commit::{Committed, FileState, NewCommit};
pub use deeds::taken_back;
pub use driver::DriverState;
pub use error::{GitError, disk_says};
pub use filters::Outward;
pub use hand_in::HandedIn;
pub use history::{Change, Changes, Record};
pub use joint::{Person, Unflushed};
pub use network::{NetworkError, Said, without_password};
pub use ready::Ready;
pub use remote::{Fetching, Pushed, Refusal, Remote};
pub use status::{Head, Status, Unfinished, Upstream};
pub use store::Store;

/// The work tree that a notebook lies in.
///
/// It may be handed to another thread, but not be used from two at once.
pub struct Git {
    store: Store,
    /// The work tree's root.
    work_tree: PathBuf,
}
