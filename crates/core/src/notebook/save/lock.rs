//! One deed at a time: the lock that a tickler holds while it writes, `.tickler/lock`.

use std::fs::{File, TryLockError};
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::super::index::cache_dir;

const FILE: &str = "lock";
/// The lock of those who share.
pub(super) const SHARING: &str = "sharing";
/// How long another tickler is waited for.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(10);

/// Held until it is dropped; the system lets go of it too when the program is killed.
pub(super) struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Takes the lock of the notebook in `root`; nothing where another tickler keeps it for longer than `patience`.
    ///
    /// # Errors
    /// What the system says where the folder for the lock cannot be made or written to.
    pub fn take(root: &Path, patience: Duration) -> io::Result<Option<Lock>> {
        Lock::take_named(root, FILE, patience)
    }

    /// The same of a lock with a name of its own.
    pub fn take_named(root: &Path, name: &str, patience: Duration) -> io::Result<Option<Lock>> {
        let path = cache_dir(root)?.join(name);
        let file = File::options().create(true).truncate(false).write(true).open(path)?;
        let began = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Some(Lock(file))),
                Err(TryLockError::WouldBlock) if began.elapsed() < patience => thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notebook::tests::Folder;

    #[test]
    fn one_holds_it_and_the_next_waits() {
        let folder = Folder::new("lock");
        let first = Lock::take(folder.path(), Duration::ZERO).unwrap();
        assert!(first.is_some());
        assert!(Lock::take(folder.path(), Duration::from_millis(30)).unwrap().is_none());
        drop(first);
        // A process that another test is about to start may hold it as well, until it is another program.
        assert!(Lock::take(folder.path(), Duration::from_secs(5)).unwrap().is_some());
    }
}
