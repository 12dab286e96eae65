//! Sharing: hand edits become commits, what others did comes in, what we did goes out, and nothing is lost on the way.

mod arrive;
mod gather;
mod join;
mod land;
mod meet;
mod round;
mod send;
mod state;
mod stop;
mod tell;
mod told;

use crate::git::GitError;
use crate::merge::Note;
use crate::notebook::SaveError;

pub use join::{JoinError, Joined, join, share};
pub use land::{Landed, Landing, land};
pub use round::sync;
pub use state::last_good;

/// The named points at which a test may kill a sync, in their order.
pub const POINTS: [&str; 14] = [
    "held",
    "looked",
    "gathering",
    "gathered",
    "fetching",
    "fetched",
    "merging",
    "merged",
    "writing",
    "placed",
    "advanced",
    "pushing",
    "pushed",
    "noted",
];

/// What a sync is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// Say what would be done, and do nothing but fetch.
    pub dry_run: bool,
    /// Merge even where the remote lacks what it had, or has no history in common with the notebook.
    pub adopt: bool,
    /// Go on even where very many contacts would be removed.
    pub remove: bool,
}

/// Where a sync is; also where it may be killed by a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Looking at the files.
    Looking,
    /// Waiting for files that are being written.
    Settling,
    /// Hand edits become commits.
    Gathering,
    /// Asking the remote.
    Fetching,
    /// Merging in memory.
    Merging,
    /// Writing the files.
    Writing,
    /// Sending.
    Pushing,
}

/// Who is told how far it is.
pub struct Watch<'a> {
    /// What is done now; with how many of how many where that is known.
    pub progress: &'a (dyn Fn(Stage, Option<(u64, u64)>) + Sync),
    /// A named point was reached; tests may kill the program there.
    pub point: &'a (dyn Fn(&'static str) + Sync),
    /// The user is at a terminal, so that git may ask for a password.
    pub may_ask: bool,
}

/// A change in one file, in the user's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The file, from the notebook's root.
    pub file: String,
    /// `Jane Doe: next 2026-12-03 by phone`.
    pub what: String,
    /// Who did it, where that is one person.
    pub who: Option<String>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Outcome {
    /// Both sides have the same.
    #[default]
    Shared,
    /// There is no remote; hand edits are committed.
    NoRemote,
    /// The remote could not be reached, or refused: the work is committed and waits.
    Offline {
        /// Why, in a sentence.
        why: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// It stopped before anything was merged, or the remote found fault with what was sent: somebody has to decide.
    Stopped {
        /// Why, in a sentence.
        why: String,
        /// What to do about it.
        hint: String,
    },
}

/// What a sync did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// The remote's name and address without a password; none where there is none.
    pub remote: Option<(String, String)>,
    /// The subjects of the commits that hand edits became.
    pub gathered: Vec<String>,
    /// What came from others, the first hundred files.
    pub came: Vec<Told>,
    /// What went to others, the first hundred files.
    pub went: Vec<Told>,
    /// How many files more came and went.
    pub more: (usize, usize),
    /// How many commits came and went.
    pub commits: (usize, usize),
    /// Files that are still being written, or that are suddenly empty: the next sync takes them.
    pub waiting: Vec<String>,
    /// What a merge could not decide, by file.
    pub notes: Vec<(String, Note)>,
    /// What the remote has against the work, in its words, line by line.
    pub faults: Vec<String>,
    /// How many commits the remote had lost and has again from here.
    pub given_back: usize,
    /// How it ended.
    pub outcome: Outcome,
}

/// Why a sync could not be done at all. Nothing is lost, and the next one carries on.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The notebook is in no git repository.
    #[error("the notebook is not in git, so there is nothing to share it with")]
    NoGit,
    /// Another sync is at work.
    #[error("another sync is at work in this notebook")]
    Busy,
    /// A file cannot be written.
    #[error(transparent)]
    Save(#[from] SaveError),
    /// git says no.
    #[error(transparent)]
    Git(#[from] GitError),
}

impl SyncError {
    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        match self {
            SyncError::NoGit => Some("`git init` in its folder, then `tickler sync`".to_owned()),
            SyncError::Busy => Some("wait for it to end, or look for one that hangs".to_owned()),
            SyncError::Save(error) => error.hint(),
            SyncError::Git(error) => error.hint(),
        }
    }
}

fn disk(file: &str, error: std::io::Error) -> SyncError {
    SaveError::Disk { file: file.to_owned(), error }.into()
}
