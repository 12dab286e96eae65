//! From one commit to the next: what differs between them is written over the files as they are in the first.

use std::fs;
use std::io;

use super::{Stage, SyncError, Watch};
use crate::git::{Git, GitError, Outward};
use crate::merge::files::{Delta, is_too_much};
use crate::notebook::{Arrival, ArrivingFile, Notebook, SaveError, Saving};

/// The modes of files whose content is brought in. Links and repositories within this one stay what they are on disk.
const FILES: [u32; 2] = [0o100_644, 0o100_755];

/// Why a commit did not come in.
pub(super) enum Late {
    /// Somebody wrote to this file meanwhile; looked at again, it will do.
    Changed(String),
    /// Another program moved the branch.
    Moved,
    /// It cannot be done.
    Failed(SyncError),
}

/// Brings the work tree and the branch from one commit to another.
pub(super) fn arrive(
    notebook: &Notebook,
    git: &Git,
    from: Option<&str>,
    to: &str,
    deltas: &[Delta],
    watch: &Watch<'_>,
) -> Result<(), Late> {
    let mut outward = git.outward().map_err(|error| Late::Failed(error.into()))?;
    let files = deltas.iter().filter(|delta| is_file(delta));
    let files = files.filter_map(|delta| arriving(notebook, git, &mut outward, delta).transpose());
    let files: Vec<ArrivingFile> = files.collect::<Result<_, _>>()?;
    let all = files.len() as u64;
    let arrival = Arrival { from: from.map(str::to_owned), to: to.to_owned(), files };
    let saving =
        Saving { progress: &|done| (watch.progress)(Stage::Writing, Some((done, all))), ..Saving::default() };
    (watch.progress)(Stage::Writing, None);
    (watch.point)("writing");
    let brought = notebook.bring(&arrival, &saving, &|| (watch.point)("placed"));
    (watch.point)("advanced");
    brought.map_err(|error| match error {
        SaveError::Changed(file) | SaveError::Gone(file) | SaveError::Exists(file) => Late::Changed(file),
        SaveError::Git(GitError::Moved) => Late::Moved,
        error => Late::Failed(error.into()),
    })
}

/// Whether so many contacts go that they may not be meant to: how many, and of how many.
pub(super) fn too_many(
    git: &Git,
    before: &str,
    deltas: &[Delta],
) -> Result<Option<(usize, usize)>, GitError> {
    let folder = format!("{}contacts/", git.prefix());
    let contacts =
        || deltas.iter().filter(|delta| delta.path.starts_with(&folder) && delta.path.ends_with(".md"));
    let gone = contacts().filter(|delta| delta.after.is_none()).count();
    let new = contacts().filter(|delta| delta.before.is_none()).count();
    let removed = gone.saturating_sub(new);
    // Counting all takes a while, and is mostly of no use.
    if !is_too_much(removed, 0) {
        return Ok(None);
    }
    let all = git.contacts_in(before)?;
    Ok(is_too_much(removed, all).then_some((removed, all)))
}

fn is_file(delta: &Delta) -> bool {
    [delta.before, delta.after].into_iter().flatten().all(|file| FILES.contains(&file.mode))
}

/// What is to be done to one file; nothing where the disk has it already.
fn arriving(
    notebook: &Notebook,
    git: &Git,
    outward: &mut Outward<'_>,
    delta: &Delta,
) -> Result<Option<ArrivingFile>, Late> {
    let failed = |error: GitError| Late::Failed(error.into());
    let file = git.from_notebook(&delta.path);
    let path = notebook.root().join(&file);
    let found = match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() => {
            Some(fs::read(&path).map_err(|error| Late::Failed(super::disk(&file, error)))?)
        }
        Ok(_) => return Err(Late::Failed(SaveError::InTheWay(file).into())),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => None,
        Err(error) => return Err(Late::Failed(super::disk(&file, error))),
    };
    let after = match delta.after {
        Some(after) => Some(outward.bytes(&delta.path, after.id).map_err(failed)?),
        None => None,
    };
    if found == after {
        return Ok(None);
    }
    // Over what was not there when hand edits were gathered nothing is written.
    let is_known = match (&found, delta.before) {
        (None, before) => before.is_none(),
        (Some(_), None) => false,
        (Some(found), Some(before)) => git.is_version(&delta.path, found, before.id).map_err(failed)?,
    };
    if !is_known {
        return Err(Late::Changed(file));
    }
    let executable = delta.after.is_some_and(|after| after.mode == 0o100_755);
    Ok(Some(ArrivingFile { file, before: found, after, executable }))
}
