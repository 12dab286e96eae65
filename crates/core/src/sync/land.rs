//! Where work lands: a branch of a bare repository takes a commit that somebody sent, merged by structure where the
//! branch went on meanwhile.

use std::thread;
use std::time::Duration;

use super::meet::meet;
use crate::git::{GitError, Person, Store};
use crate::merge::Note;

/// How often it is begun anew where somebody else moved the branch meanwhile.
const TRIES: u32 = 50;
/// The longest wait before that.
const PAUSE: Duration = Duration::from_millis(20);

/// What is to land, and in whose name.
#[derive(Debug, Clone, Copy)]
pub struct Landing<'a> {
    /// The branch, by its full name.
    pub branch: &'a str,
    /// The commit.
    pub commit: &'a str,
    /// Whose work it is: the author of a merge.
    pub author: &'a Person,
    /// Who merges.
    pub committer: &'a Person,
    /// The first line of a merge's message, and what else it is to say.
    pub message: &'a str,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Landed {
    /// Where the branch was; none where it had no commit.
    pub from: Option<String>,
    /// Where it is now. It holds the commit.
    pub to: String,
    /// What somebody should look at, by file.
    pub notes: Vec<(String, Note)>,
}

/// Lets a commit land on a branch. Where the branch holds it already nothing moves; where it only adds to the branch
/// that moves to it; else the two are merged. Each move is a compare-and-swap, and begun anew where somebody was
/// quicker.
///
/// # Errors
/// [`GitError::Moved`] where somebody was quicker fifty times; what the disk says. The branch is where others left it
/// then.
pub fn land(store: &Store, landing: &Landing<'_>) -> Result<Landed, GitError> {
    let Landing { branch, commit, .. } = *landing;
    for round in 0..TRIES {
        let from = store.commit_at(branch)?;
        let (to, notes) = match &from {
            None => (commit.to_owned(), Vec::new()),
            Some(tip) if store.holds(tip, commit)? => (tip.clone(), Vec::new()),
            Some(tip) if store.holds(commit, tip)? => (commit.to_owned(), Vec::new()),
            Some(tip) => {
                let bases = store.merge_bases(tip, commit)?;
                let meeting = meet(store, &bases, tip, commit)?;
                let names = (landing.author, landing.committer);
                let merge = store.write_commit_as(&meeting.tree, &[tip, commit], names, landing.message)?;
                (merge, meeting.notes)
            }
        };
        if from.as_ref() == Some(&to) {
            return Ok(Landed { from, to, notes });
        }
        match store.swing(branch, from.as_deref(), &to, "landed") {
            Ok(()) => return Ok(Landed { from, to, notes }),
            Err(GitError::Moved) => thread::sleep(PAUSE * (round % 10 + 1) / 10),
            Err(error) => return Err(error),
        }
    }
    Err(GitError::Moved)
}
