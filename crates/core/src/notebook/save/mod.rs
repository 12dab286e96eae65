//! Saving: a deed is written as a whole, over nothing that changed meanwhile, and is one commit (format, section 9).
//!
//! 1. The lock is taken, and what a killed run left behind is finished.
//! 2. git is asked whether a commit can be made, before a byte is written.
//! 3. All new texts are written aside and flushed.
//! 4. They are exchanged for the files, one by one. Where a file is not as it was read, all that is done is undone.
//! 5. The commit is made. Where git refuses, all is undone.

mod bring;
mod by_hand;
mod deed;
mod journal;
mod lock;
mod place;
mod record;
#[cfg(test)]
mod tests;
mod written;

pub use bring::{Arrival, ArrivingFile};
pub use deed::{Change, Deed};

use std::io;
use std::path::Path;
use std::thread;

use super::Notebook;
use crate::git::{FileState, Git, GitError, NewCommit, Ready, disk_says};
use by_hand::ByHand;
use journal::Journal;
use lock::Lock;
use place::Step;
use written::{Written, flush_folders};

/// Why a deed was not done. Whatever it is, no file is other than before.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file is not as it was read.
    #[error("\"{0}\" changed meanwhile")]
    Changed(String),
    /// The file is there no more.
    #[error("\"{0}\" is gone")]
    Gone(String),
    /// There is a file of that name already.
    #[error("there is a \"{0}\" already")]
    Exists(String),
    /// Something that is no file has the name.
    #[error("\"{0}\" is in the way: it is no file")]
    InTheWay(String),
    /// A symbolic link is on the way to the file.
    #[error("\"{0}\" is a symbolic link, and what it leads to is not written to")]
    Link(String),
    /// Nobody may write to the file.
    #[error("\"{0}\" is read-only")]
    ReadOnly(String),
    /// Another tickler is writing and does not end.
    #[error("another tickler is writing to this notebook")]
    Busy,
    /// The disk says no.
    #[error("cannot write \"{file}\": {}", disk_says(.error))]
    Disk {
        /// The file, from the notebook's root.
        file: String,
        /// What the system says.
        error: io::Error,
    },
    /// git says no.
    #[error(transparent)]
    Git(#[from] GitError),
}

impl SaveError {
    fn disk(file: &str, error: io::Error) -> SaveError {
        SaveError::Disk { file: file.to_owned(), error }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<String> {
        let hint = match self {
            SaveError::Changed(_) => "nothing was written; run it again, and it works on what is there now",
            SaveError::Gone(_) => "somebody moved or removed it meanwhile; nothing was written",
            SaveError::Exists(_) => "nothing was written; take another name",
            SaveError::InTheWay(_) => "nothing was written; move it away",
            SaveError::Link(_) => "nothing was written; put the file itself there, or edit it where it lies",
            SaveError::ReadOnly(_) => "nothing was written; make it writable if it may change",
            SaveError::Busy => "nothing was written; wait for it to end, or look for one that hangs",
            SaveError::Disk { .. } => "nothing was changed",
            SaveError::Git(error) => return error.hint().or_else(|| Some("nothing was changed".to_owned())),
        };
        Some(hint.to_owned())
    }
}

/// How a deed is to be saved, and who is told meanwhile.
pub struct Saving<'a> {
    /// Make a commit, where there is git.
    pub commit: bool,
    /// Called once where another program's lock on git's index is waited for.
    pub waiting: &'a dyn Fn(),
    /// Called with how many files are written, of those that the deed changes.
    pub progress: &'a (dyn Fn(u64) + Sync),
}

impl Default for Saving<'_> {
    fn default() -> Self {
        Saving { commit: true, waiting: &|| {}, progress: &|_| {} }
    }
}

/// How git keeps a deed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// As a commit.
    Commit {
        /// Its whole id.
        id: String,
        /// As much of the id as tells it from others.
        short: String,
    },
    /// Not at all: the notebook lies outside git, or git ignores its files.
    Outside,
    /// Not at all, as was asked.
    Unasked,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// How git keeps it.
    pub recorded: Recorded,
    /// An earlier deed that had been interrupted, and was finished now: what it is called.
    pub finished: Option<String>,
}

impl Notebook {
    /// Does a deed: writes its files, and makes a commit of them.
    ///
    /// # Errors
    /// Where a file is not as the deed says it was, cannot be written, or git refuses. Nothing is changed then.
    pub fn save(&self, deed: &Deed, saving: &Saving<'_>) -> Result<Saved, SaveError> {
        let root = self.root();
        let Begun { _lock, git, finished, steps } = self.begin(deed, saving)?;
        steps.iter().try_for_each(|step| step.is_allowed(root))?;
        let ready = match &git {
            Some(git) => Some(git.ready(lock::PATIENCE, &mut || (saving.waiting)())?),
            None => None,
        };
        let by_hand = match &git {
            Some(git) => ByHand::of(git, &steps, self.settings())?.commit(),
            None => None,
        };
        let message = deed.message();
        let written = {
            // Of a large deed the journal takes room that the commit needs.
            let mut journal = Journal::of(&steps, &deed.subject, &message, saving.commit);
            Written::write(root, &steps, &mut journal, saving.progress)?
        };
        // While the disk takes in where the files are now, the commit is made.
        let recorded = thread::scope(|scope| {
            scope.spawn(|| flush_folders(&steps));
            match ready {
                Some(ready) => record(ready, by_hand, &steps, &message),
                None if saving.commit => Ok(Recorded::Outside),
                None => Ok(Recorded::Unasked),
            }
        })?;
        written.keep();
        Ok(Saved { recorded, finished })
    }

    /// Takes the lock and clears up after a run that was killed.
    fn begin<'s>(&self, deed: &'s Deed, saving: &Saving<'_>) -> Result<Begun<'s>, SaveError> {
        let root = self.root();
        let lock = take_lock(root)?;
        let git = if saving.commit { Git::open(root)? } else { None };
        // A run that was killed may have left its lock on git's index.
        git.as_ref().map_or(Ok(()), Git::sweep)?;
        let finished = self.finish_interrupted()?;
        let steps = deed.changes.iter().filter(|change| change.is_change());
        let steps = steps.map(|change| Step::of(root, change)).collect();
        Ok(Begun { _lock: lock, git, finished, steps })
    }

    /// Keeps every other tickler from writing until this is dropped, and finishes what a killed one left behind.
    ///
    /// # Errors
    /// Where another tickler is at work and does not end, or the disk says no.
    pub fn hold(&self) -> Result<Hold, SaveError> {
        let lock = take_lock(self.root())?;
        self.finish_interrupted()?;
        Ok(Hold(lock))
    }

    /// Sees to it that the notebook has its own folder, which git ignores.
    ///
    /// # Errors
    /// What the system says.
    pub fn make_cache(&self) -> io::Result<()> {
        super::index::cache_dir(self.root()).map(drop)
    }

    /// Takes the right to share the notebook; none where another tickler has it. Deeds go on meanwhile.
    ///
    /// # Errors
    /// What the disk says.
    pub fn hold_sharing(&self) -> Result<Option<Hold>, SaveError> {
        let lock = Lock::take_named(self.root(), lock::SHARING, lock::PATIENCE);
        Ok(lock.map_err(|error| SaveError::disk(".tickler/sharing", error))?.map(Hold))
    }

    /// Finishes a deed that was interrupted, if there is one, and says what it is called.
    ///
    /// # Errors
    /// Where another tickler is at work, or the disk says no.
    pub fn recover(&self) -> Result<Option<String>, SaveError> {
        if Journal::left(self.root()).is_none() {
            return Ok(None);
        }
        let _lock = take_lock(self.root())?;
        self.finish_interrupted()
    }

    /// The lock is held.
    fn finish_interrupted(&self) -> Result<Option<String>, SaveError> {
        let root = self.root();
        let Some(journal) = Journal::left(root) else { return Ok(None) };
        let done = journal.finish(root);
        let is_whole = done.len() == journal.len();
        let late = match &journal.advance {
            Some((from, to)) if is_whole => bring::advance_late(root, from.as_deref(), to),
            None if journal.commit && !done.is_empty() => commit_late(root, &journal, &done),
            _ => Ok(()),
        };
        // Where git refuses, the files stay as they are: changed, and in no commit yet.
        if let Err(error) = late {
            Journal::end(root);
            return match error {
                GitError::Locked(_) => Err(error.into()),
                _ => Ok(Some(journal.subject)),
            };
        }
        Journal::end(root);
        Ok((!done.is_empty()).then_some(journal.subject))
    }
}

/// Nobody else writes while this is there.
pub struct Hold(#[expect(dead_code, reason = "held until it is dropped")] Lock);

/// What every deed begins with.
struct Begun<'s> {
    /// Held until the deed is done.
    _lock: Lock,
    /// None outside git, or where no commit is asked for.
    git: Option<Git>,
    /// What was finished first.
    finished: Option<String>,
    steps: Vec<Step<'s>>,
}

fn take_lock(root: &Path) -> Result<Lock, SaveError> {
    let lock = Lock::take(root, lock::PATIENCE).map_err(|error| SaveError::disk(".tickler/lock", error))?;
    lock.ok_or(SaveError::Busy)
}

/// Makes the commit that a killed run did not come to; where it did, only git's index is put right.
fn commit_late(root: &Path, journal: &Journal, done: &[(String, Option<Vec<u8>>)]) -> Result<(), GitError> {
    let Some(git) = Git::open(root)? else { return Ok(()) };
    git.sweep()?;
    let ready = git.ready(lock::PATIENCE, &mut || {})?;
    let files =
        done.iter().map(|(file, bytes)| FileState { path: file, content: bytes.as_deref() }).collect();
    ready.commit(&[NewCommit { message: journal.message.clone(), files }]).map(|_| ())
}

fn record(
    ready: Ready<'_>,
    by_hand: Option<NewCommit<'_>>,
    steps: &[Step],
    message: &str,
) -> Result<Recorded, GitError> {
    let mut commits: Vec<NewCommit<'_>> = by_hand.into_iter().collect();
    let files = steps.iter().map(|step| FileState { path: step.file, content: step.after }).collect();
    commits.push(NewCommit { message: message.to_owned(), files });
    Ok(match ready.commit(&commits)? {
        Some(committed) => Recorded::Commit { id: committed.id, short: committed.short },
        None => Recorded::Outside,
    })
}
