//! Bringing in what others did: the files first, the branch last, and over nothing that changed meanwhile.

use std::fs;
use std::path::Path;

use super::journal::Journal;
use super::place::Step;
use super::written::{Written, flush_folders};
use super::{Notebook, SaveError, Saving, lock, take_lock};
use crate::git::{Git, GitError};

/// A commit that the branch is to be at, and what that changes in the folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Where the branch is now; none where it has no commit yet.
    pub from: Option<String>,
    /// The commit, which git has already.
    pub to: String,
    /// The files that differ.
    pub files: Vec<ArrivingFile>,
}

/// A file that a commit changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArrivingFile {
    /// From the notebook's root; what lies above it begins with `..`.
    pub file: String,
    /// What is on disk; none where there is no file.
    pub before: Option<Vec<u8>>,
    /// What is to be there; none where it goes.
    pub after: Option<Vec<u8>>,
    /// Whether it may be run, where it is new.
    pub executable: bool,
}

impl Notebook {
    /// Writes the files of a commit, then moves the branch to it. A run that is killed meanwhile is finished by the
    /// next. `placed` is called when the files are in place and the branch is still to be moved.
    ///
    /// # Errors
    /// Where a file is not as it is said to be, the branch has moved, or the disk says no. All is as before then.
    pub fn bring(&self, arrival: &Arrival, saving: &Saving<'_>, placed: &dyn Fn()) -> Result<(), SaveError> {
        let root = self.root();
        let _lock = take_lock(root)?;
        let git = Git::open(root)?.ok_or(GitError::Moved)?;
        git.sweep()?;
        self.finish_interrupted()?;
        let ready = git.ready(lock::PATIENCE, &mut || (saving.waiting)())?;
        if git.tip()? != arrival.from {
            return Err(GitError::Moved.into());
        }
        let steps: Vec<Step> = arrival.files.iter().map(|file| step(root, file)).collect();
        steps.iter().try_for_each(|step| step.is_allowed(root))?;
        let mut journal = Journal::of(&steps, "sync", "", false);
        journal.advance = Some((arrival.from.clone(), arrival.to.clone()));
        let written = Written::write(root, &steps, &mut journal, saving.progress)?;
        flush_folders(&steps);
        placed();
        let deltas = deltas(&git, arrival.from.as_deref(), &arrival.to)?;
        ready.advance(arrival.from.as_deref(), &arrival.to, &deltas)?;
        written.keep();
        steps.iter().filter(|step| step.after.is_none()).for_each(|step| clear_folders(root, &step.path));
        Ok(())
    }
}

/// Takes away the folders above a file that is gone, as far as nothing is left in them, as git does. Those that every
/// notebook has stay.
fn clear_folders(root: &Path, file: &Path) {
    let folders = file.ancestors().skip(1).take_while(|folder| *folder != root);
    for folder in folders.filter(|folder| folder.parent() != Some(root) || folder.ends_with("conflicts")) {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
}

fn step<'s>(root: &Path, file: &'s ArrivingFile) -> Step<'s> {
    let mut step = Step::new(root, &file.file, file.before.as_deref(), file.after.as_deref());
    step.executable = file.executable;
    step
}

fn deltas(git: &Git, from: Option<&str>, to: &str) -> Result<Vec<crate::merge::files::Delta>, GitError> {
    let from = from.map(|from| git.tree_of(from)).transpose()?;
    git.deltas(from.as_deref(), &git.tree_of(to)?)
}

/// Moves the branch for a run that was killed before it came to that. Where its files could not all be carried
/// through, or somebody moved the branch, what is on disk is like an edit by hand, and the next sync merges it.
pub(super) fn advance_late(root: &Path, from: Option<&str>, to: &str) -> Result<(), GitError> {
    let Some(git) = Git::open(root)? else { return Ok(()) };
    git.sweep()?;
    let ready = git.ready(lock::PATIENCE, &mut || {})?;
    if git.tip()?.as_deref() != from {
        return Ok(());
    }
    ready.advance(from, to, &deltas(&git, from, to)?).map(|_| ())
}
