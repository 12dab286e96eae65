//! What killed runs of tickler left in the git folder is taken away, and what they had nearly done is done.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::index::patch;
use super::lock::{OURS, name};
use super::{Git, GitError};

impl Git {
    /// Takes away locks and drafts of runs that were killed. A commit that was made, and whose index was still to be
    /// put in place, gets its index. What a living process holds is left alone, and so is all that is not surely
    /// ours. Where the file system knows no locks, nothing is swept.
    ///
    /// # Errors
    /// Where the git folder cannot be listed.
    pub fn sweep(&self) -> Result<(), GitError> {
        let folder = self.repository.path();
        let mut names = Vec::new();
        for entry in fs::read_dir(folder).map_err(GitError::at(folder))? {
            names.push(entry.map_err(GitError::at(folder))?.file_name());
        }
        names.retain(|name| name.to_str().is_some_and(|name| name.starts_with(OURS)));
        // Locks first: they say what their drafts are good for.
        names.sort_by_key(|name| !is_marker(Path::new(name)));
        for name in names {
            self.sweep_one(&folder.join(name));
        }
        Ok(())
    }

    /// Takes away one file of ours that nobody holds, and before it what belongs to it.
    fn sweep_one(&self, path: &Path) {
        let Ok(mut file) = OpenOptions::new().read(true).write(true).open(path) else { return };
        if file.try_lock().is_err() {
            return;
        }
        if is_marker(path) {
            let lock = self.repository.path().join("index.lock");
            let holds_index = is_lock_of(path, &file, &lock).unwrap_or(false);
            // What cannot be mended is no worse than before.
            let _ = self.finish(&mut file, holds_index);
            if holds_index {
                let _ = fs::remove_file(lock);
            }
        }
        let _ = fs::remove_file(path);
    }

    /// Frees the branch that a dead run was about to move, and puts its index in place if it had moved it.
    fn finish(&self, marker: &mut File, holds_index: bool) -> io::Result<()> {
        let mut text = String::new();
        marker.read_to_string(&mut text)?;
        let mut lines = text.lines();
        let (Some(branch), Some(id), Some(draft)) = (lines.next(), lines.next(), lines.next()) else {
            return Ok(());
        };
        if !branch.starts_with("refs/heads/") {
            return Ok(());
        }
        let lock = self.repository.commondir().join(format!("{branch}.lock"));
        if is_branch_lock_of(marker, id, &lock).unwrap_or(false) {
            fs::remove_file(lock)?;
        }
        let has_moved = self.repository.refname_to_id(branch).is_ok_and(|tip| tip.to_string() == id);
        // Nobody else can have written the index meanwhile.
        if has_moved && holds_index && draft.starts_with(OURS) && !draft.contains('/') {
            let folder = self.repository.path();
            let draft = folder.join(draft);
            // The power may have failed before all of it was on the disk.
            if patch::is_whole(&fs::read(&draft)?) {
                fs::rename(draft, folder.join("index"))?;
            }
        }
        Ok(())
    }
}

fn is_marker(path: &Path) -> bool {
    path.extension().is_some_and(|kind| kind == "lock")
}

/// Whether the lock of the index is this marker, or says its name.
fn is_lock_of(path: &Path, marker: &File, lock: &Path) -> io::Result<bool> {
    let marker = marker.metadata()?;
    let found = fs::symlink_metadata(lock)?;
    if (marker.dev(), marker.ino()) == (found.dev(), found.ino()) {
        return Ok(true);
    }
    Ok(start_of(lock)? == name(path))
}

/// Whether the lock of a branch was taken for the commit `id`: it names it, or it is still empty and was made right
/// after the marker was written.
fn is_branch_lock_of(marker: &File, id: &str, lock: &Path) -> io::Result<bool> {
    const SOON: i64 = 1;
    let text = start_of(lock)?;
    let made = fs::symlink_metadata(lock)?.mtime() - marker.metadata()?.mtime();
    Ok(text.trim_ascii() == id.as_bytes() || text.is_empty() && (0..=SOON).contains(&made))
}

fn start_of(file: &Path) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(file)?.take(256).read_to_end(&mut text)?;
    Ok(text)
}
