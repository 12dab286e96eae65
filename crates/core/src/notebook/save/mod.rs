//! Saving: a deed is written as a whole, over nothing that changed meanwhile, and is one commit (format, section 9).
//!
//! 1. The lock is taken, and what a killed run left behind is finished.
//! 2. git is asked whether a commit can be made, before a byte is written.
//! 3. All new texts are written aside and flushed.
//! 4. They are exchanged for the files, one by one. Where a file is not as it was read, all that is done is undone.
//! 5. The commit is made. Where git refuses, all is undone.

mod deed;
mod journal;
mod lock;
mod place;
mod record;
#[cfg(test)]
mod tests;

pub use deed::{Change, Deed};

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::{Notebook, work};
use crate::git::{FileState, Git, GitError, NewCommit, Ready, disk_says};
use journal::Journal;
use lock::Lock;
use place::Step;

/// From how many files on they are flushed all at once.
const MANY: usize = 64;
/// How many files are written at once: most of the time goes into waiting for the disk.
const WRITERS: usize = 8;

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
            Some(git) => edited_by_hand(git, &steps)?,
            None => Vec::new(),
        };
        let message = deed.message();
        let mut journal = Journal::of(&steps, &deed.subject, &message, saving.commit);
        let written = Written::write(root, &steps, &mut journal, saving.progress)?;
        // While the disk takes in where the files are now, the commit is made.
        let recorded = thread::scope(|scope| {
            scope.spawn(|| flush_folders(&steps));
            match ready {
                Some(ready) => record(ready, &by_hand, &steps, &message),
                None if saving.commit => Ok(Recorded::Outside),
                None => Ok(Recorded::Unasked),
            }
        })?;
        written.keep();
        Ok(Saved { recorded, finished })
    }

    /// Takes the lock and clears up after a run that was killed.
    fn begin(&self, deed: &Deed, saving: &Saving<'_>) -> Result<Begun, SaveError> {
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
        if journal.commit && !done.is_empty() {
            // Where git refuses, the files stay as they are: changed, and in no commit yet.
            if let Err(error) = commit_late(root, &journal, &done) {
                Journal::end(root);
                return match error {
                    GitError::Locked(_) => Err(error.into()),
                    _ => Ok(Some(journal.subject)),
                };
            }
        }
        Journal::end(root);
        Ok((!done.is_empty()).then_some(journal.subject))
    }
}

/// What every deed begins with.
struct Begun {
    /// Held until the deed is done.
    _lock: Lock,
    /// None outside git, or where no commit is asked for.
    git: Option<Git>,
    /// What was finished first.
    finished: Option<String>,
    steps: Vec<Step>,
}

fn take_lock(root: &Path) -> Result<Lock, SaveError> {
    let lock = Lock::take(root, lock::PATIENCE).map_err(|error| SaveError::disk(".tickler/lock", error))?;
    lock.ok_or(SaveError::Busy)
}

/// Makes the commit that a killed run did not come to; where it did, only git's index is put right.
fn commit_late(root: &Path, journal: &Journal, done: &[(String, Option<String>)]) -> Result<(), GitError> {
    let Some(git) = Git::open(root)? else { return Ok(()) };
    git.sweep()?;
    let ready = git.ready(lock::PATIENCE, &mut || {})?;
    let files = done
        .iter()
        .map(|(file, text)| FileState { path: file, content: text.as_deref().map(str::as_bytes) })
        .collect();
    ready.commit(&[NewCommit { message: journal.message.clone(), files }]).map(|_| ())
}

/// The files that somebody changed since their last commit, or never committed: what they wrote gets a commit of its
/// own, so that `undo` of the deed leaves it alone.
fn edited_by_hand<'s>(git: &Git, steps: &'s [Step]) -> Result<Vec<&'s Step>, GitError> {
    let there: Vec<(&Step, &str)> =
        steps.iter().filter_map(|step| Some((step, step.before.as_deref()?))).collect();
    let files: Vec<(&str, &[u8])> =
        there.iter().map(|(step, before)| (step.file.as_str(), before.as_bytes())).collect();
    let committed = git.are_committed(&files)?;
    let edited = there.into_iter().zip(committed).filter(|(_, committed)| *committed != Some(true));
    Ok(edited.map(|((step, _), _)| step).collect())
}

fn record(ready: Ready<'_>, by_hand: &[&Step], steps: &[Step], message: &str) -> Result<Recorded, GitError> {
    let mut commits = Vec::new();
    if !by_hand.is_empty() {
        let files = by_hand
            .iter()
            .map(|step| FileState { path: &step.file, content: step.before.as_deref().map(str::as_bytes) })
            .collect();
        commits.push(NewCommit { message: by_hand_message(by_hand), files });
    }
    let files = steps
        .iter()
        .map(|step| FileState { path: &step.file, content: step.after.as_deref().map(str::as_bytes) })
        .collect();
    commits.push(NewCommit { message: message.to_owned(), files });
    Ok(match ready.commit(&commits)? {
        Some(committed) => Recorded::Commit { id: committed.id, short: committed.short },
        None => Recorded::Outside,
    })
}

fn by_hand_message(by_hand: &[&Step]) -> String {
    let stem = |step: &Step| {
        let name = step.file.rsplit('/').next().unwrap_or(&step.file);
        name.strip_suffix(".md").unwrap_or(name).to_owned()
    };
    match by_hand {
        [one] => format!("{}: edited by hand\n", stem(one)),
        [one, other] => format!("{} and {}: edited by hand\n", stem(one), stem(other)),
        _ => format!("{} contacts: edited by hand\n", by_hand.len()),
    }
}

/// Files that are in place; taken back when this is dropped, unless they are kept.
struct Written<'s> {
    root: &'s Path,
    steps: &'s [Step],
    /// Which of them are in place.
    placed: Vec<bool>,
    /// Folders that were made for them.
    folders: Vec<PathBuf>,
    keep: bool,
}

impl<'s> Written<'s> {
    fn write(
        root: &'s Path,
        steps: &'s [Step],
        journal: &mut Journal,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Written<'s>, SaveError> {
        let mut written = Written { root, steps, placed: Vec::new(), folders: Vec::new(), keep: false };
        let in_cache = |error| SaveError::disk(".tickler/journal", error);
        journal.begin(root).map_err(in_cache)?;
        written.make_folders()?;
        written.write_aside(progress)?;
        journal.commit_to(root).map_err(in_cache)?;
        let placed = work::each(steps, threads(steps), Step::place);
        written.placed = placed.iter().map(Result::is_ok).collect();
        placed.into_iter().collect::<Result<(), _>>()?;
        Ok(written)
    }

    fn make_folders(&mut self) -> Result<(), SaveError> {
        for step in self.steps.iter().filter(|step| step.after.is_some()) {
            let Some(folder) = step.path.parent() else { continue };
            let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
            for folder in missing.into_iter().rev() {
                fs::create_dir(folder).map_err(|error| SaveError::disk(&step.file, error))?;
                self.folders.push(folder.to_owned());
            }
        }
        Ok(())
    }

    fn write_aside(&self, progress: &(dyn Fn(u64) + Sync)) -> Result<(), SaveError> {
        let many = self.steps.len() > MANY;
        let done = AtomicU64::new(0);
        let results = work::each(self.steps, threads(self.steps), |step| {
            let result = step.write_aside(!many);
            progress(done.fetch_add(1, Ordering::Relaxed) + 1);
            result.map_err(|error| SaveError::disk(&step.file, error))
        });
        results.into_iter().collect::<Result<(), _>>()?;
        if many { flush_all(self.root).map_err(|error| SaveError::disk("contacts", error)) } else { Ok(()) }
    }

    fn keep(mut self) {
        self.keep = true;
    }
}

impl Drop for Written<'_> {
    fn drop(&mut self) {
        if !self.keep {
            let placed = self.steps.iter().zip(&self.placed).rev().filter(|(_, is_placed)| **is_placed);
            placed.for_each(|(step, _)| step.take_back());
        }
        work::each(self.steps, threads(self.steps), Step::clear);
        if !self.keep {
            // Only folders that are empty again can go.
            self.folders.iter().rev().for_each(|folder| drop(fs::remove_dir(folder)));
            flush_folders(self.steps);
        }
        Journal::end(self.root);
    }
}

/// On how many threads so many files are written.
fn threads(steps: &[Step]) -> usize {
    if steps.len() > MANY { WRITERS } else { 1 }
}

/// Flushes the folders of the files, so that what was renamed in them stays renamed.
fn flush_folders(steps: &[Step]) {
    let mut seen = BTreeSet::new();
    for step in steps {
        if seen.insert(step.path.parent()) {
            step.flush_folder();
        }
    }
}

/// Flushes the file system that the notebook lies on: quicker than file by file where there are many.
#[cfg(target_os = "linux")]
fn flush_all(root: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(fs::File::open(root)?)?)
}

/// Flushes all file systems: quicker than file by file where there are many.
#[cfg(not(target_os = "linux"))]
fn flush_all(_root: &Path) -> io::Result<()> {
    rustix::fs::sync();
    Ok(())
}
