//! Files on their way to a new state, all of them or none.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::work;
use super::SaveError;
use super::journal::Journal;
use super::place::Step;

/// From how many files on they are flushed all at once.
const MANY: usize = 64;
/// How many files are written at once: most of the time goes into waiting for the disk.
const WRITERS: usize = 8;

/// Files that are in place; taken back when this is dropped, unless they are kept.
pub(super) struct Written<'s> {
    root: &'s Path,
    steps: &'s [Step<'s>],
    /// Which of them are in place.
    placed: Vec<bool>,
    /// Folders that were made for them.
    folders: Vec<PathBuf>,
    keep: bool,
}

impl<'s> Written<'s> {
    /// Brings all files to their new states; whatever fails, none has changed.
    pub fn write(
        root: &'s Path,
        steps: &'s [Step<'s>],
        journal: &mut Journal,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Written<'s>, SaveError> {
        let mut written =
            Written { root, steps, placed: vec![false; steps.len()], folders: Vec::new(), keep: false };
        let in_cache = |error| SaveError::disk(".tickler/journal", error);
        journal.begin(root).map_err(in_cache)?;
        written.make_folders()?;
        written.write_aside(progress)?;
        journal.commit_to(root).map_err(in_cache)?;
        // What is new comes first and what goes comes last: a text that moves from one file to another is always in
        // one of them.
        for phase in 0..3 {
            let placed = work::each(steps, threads(steps), |step| {
                if step.phase() == phase { Some(step.place()) } else { None }
            });
            let mut failed = Ok(());
            for (at, result) in placed.into_iter().enumerate() {
                let Some(result) = result else { continue };
                written.placed[at] = result.is_ok();
                failed = failed.and(result);
            }
            failed?;
        }
        Ok(written)
    }

    fn make_folders(&mut self) -> Result<(), SaveError> {
        for step in self.steps.iter().filter(|step| step.after.is_some()) {
            let Some(folder) = step.path.parent() else { continue };
            let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
            for folder in missing.into_iter().rev() {
                fs::create_dir(folder).map_err(|error| SaveError::disk(step.file, error))?;
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
            result.map_err(|error| SaveError::disk(step.file, error))
        });
        results.into_iter().collect::<Result<(), _>>()?;
        if many { flush_all(self.root).map_err(|error| SaveError::disk("contacts", error)) } else { Ok(()) }
    }

    /// They stay.
    pub fn keep(mut self) {
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
pub(super) fn flush_folders(steps: &[Step]) {
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
