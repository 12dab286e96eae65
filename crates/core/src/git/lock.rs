//! The lock of git's index, taken so that whoever finds it can tell whose it is.
//!
//! git's lock is the mere existence of `index.lock`. A program that is killed leaves it behind, and nobody can tell
//! it from one that is in use. So ours is a hard link to a marker with a name of our own, which its owner holds open
//! and locked: the kernel lets go of that whenever the owner ends, however it ends.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::GitError;

/// What the names of our files in the git folder begin with.
pub(super) const OURS: &str = "tickler-";
/// How long to wait before looking at somebody else's lock again.
const PAUSE: Duration = Duration::from_millis(20);

/// The index is ours until this is dropped.
pub(super) struct IndexLock {
    lock: PathBuf,
    /// Goes after the lock: as long as there is a lock, it can be told whose it is.
    marker: Own,
}

impl IndexLock {
    /// Takes the lock of the index in that git folder. Somebody else's is waited for, up to `patience`; `waiting` is
    /// called once when that begins.
    pub fn take(folder: &Path, patience: Duration, waiting: &mut dyn FnMut()) -> Result<IndexLock, GitError> {
        let lock = folder.join("index.lock");
        let marker = Own::new(folder, "lock")?;
        let mut waited = Duration::ZERO;
        loop {
            if link(&marker, &lock).map_err(GitError::at(&lock))? {
                return Ok(IndexLock { lock, marker });
            }
            if waited >= patience {
                return Err(GitError::Locked(lock));
            }
            if waited.is_zero() {
                waiting();
            }
            std::thread::sleep(PAUSE);
            waited += PAUSE;
        }
    }

    /// Writes down which branch is to be moved to which commit, and the draft of the index that belongs to it, so that
    /// whoever sweeps after a crash can tell how far it came.
    pub fn announce(&self, branch: &str, id: git2::Oid, draft: Option<&Path>) -> Result<(), GitError> {
        let draft = String::from_utf8_lossy(draft.map(name).unwrap_or_default());
        let text = format!("{branch}\n{id}\n{draft}\n");
        let file = &self.marker.file;
        let written = file.set_len(0).and_then(|()| file.write_all_at(text.as_bytes(), 0));
        written.map_err(GitError::at(&self.marker.path))
    }

    /// The folder that the lock is in.
    pub fn folder(&self) -> &Path {
        self.lock.parent().unwrap_or(&self.lock)
    }
}

impl Drop for IndexLock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.lock);
    }
}

/// Makes the marker the lock; false where there is one.
fn link(marker: &Own, lock: &Path) -> io::Result<bool> {
    match fs::hard_link(&marker.path, lock) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(error),
        // A file system without hard links: the lock says the name of its marker.
        Err(_) => match OpenOptions::new().write(true).create_new(true).open(lock) {
            Ok(mut file) => file.write_all(name(&marker.path)).map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        },
    }
}

/// The name of a file without its folder.
pub(super) fn name(path: &Path) -> &[u8] {
    path.file_name().map(|name| name.as_encoded_bytes()).unwrap_or_default()
}

/// A file of ours in the git folder, which goes when this is dropped.
pub(super) struct Own {
    pub path: PathBuf,
    /// Held open and locked, which says that its owner lives.
    pub file: File,
}

impl Own {
    /// A new file whose name ends with `kind`.
    pub fn new(folder: &Path, kind: &str) -> Result<Own, GitError> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        loop {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{OURS}{}-{number}.{kind}", std::process::id()));
            let file = match OpenOptions::new().read(true).write(true).create_new(true).open(&path) {
                Ok(file) => file,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(GitError::Disk { path: folder.to_owned(), error }),
            };
            // Somebody who sweeps may have come first, and then takes the file away.
            if !matches!(file.try_lock(), Err(TryLockError::WouldBlock)) {
                return Ok(Own { path, file });
            }
        }
    }

    /// Puts the file in the place of another one.
    pub fn rename(self, to: &Path) -> Result<(), GitError> {
        fs::rename(&self.path, to).map_err(GitError::at(to))
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
