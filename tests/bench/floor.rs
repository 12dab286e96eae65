//! The floor: the least work that still looks at every file, on as many threads as asked for.
//!
//! Folders are listed with `getdents` and each file is touched once by a name relative to its open folder. What there
//! is to do lies in one queue of folders to list and of small chunks of names; a folder hands out its first chunk
//! before it is listed to the end, so the threads share one huge folder as well as many small ones.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io::{self, Write};
use std::mem;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use rustix::fd::OwnedFd;
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, RawDir, StatxFlags, openat, renameat, statx};

/// Bytes of names (about 250 of them) in a chunk: large enough to take the lock seldom, small enough to end together.
const CHUNK: usize = 6 * 1024;
/// How many files are written at once, which is what tickler does.
const WRITERS: usize = 8;
/// Bytes asked of `getdents` and `read` at once.
const BUFFER: usize = 64 * 1024;

/// Lists `folder` and all below it, asks for the metadata of every file, and gives their number.
pub fn stat_all(folder: &Path, threads: usize) -> io::Result<u64> {
    visit_all(folder, threads, |parent, name, _| {
        statx(parent, name, AtFlags::SYMLINK_NOFOLLOW, StatxFlags::BASIC_STATS)?;
        Ok(())
    })
}

/// Lists `folder` and all below it, reads every byte of every file, and gives their number.
pub fn read_all(folder: &Path, threads: usize) -> io::Result<u64> {
    visit_all(folder, threads, |parent, name, buffer| {
        let file = openat(parent, name, OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
        // A short read of a regular file is its end: no second call to be told so.
        while rustix::io::read(&file, &mut *buffer)? == buffer.len() {}
        Ok(())
    })
}

/// Writes each file anew with the bytes it has, on eight threads: beside itself, then renamed over it. `flush` all of it
/// at the end, by one call for the whole file system. Gives their number.
pub fn rewrite_all(folder: &Path, flush: bool) -> io::Result<u64> {
    let files = visit_all(folder, WRITERS, |parent, name, buffer| {
        let file = openat(parent, name, OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())?;
        let mut length = 0;
        loop {
            match rustix::io::read(&file, &mut buffer[length..])? {
                0 if length == buffer.len() => return Err(io::Error::other("a file too large for this")),
                0 => break,
                read => length += read,
            }
        }
        let aside = CString::new([b".".as_slice(), name.to_bytes(), b".tmp"].concat())?;
        let new = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
        let mut written = File::from(openat(parent, &aside, new, Mode::from_raw_mode(0o644))?);
        written.write_all(&buffer[..length])?;
        renameat(parent, &aside, parent, name)?;
        Ok(())
    })?;
    if flush {
        rustix::fs::syncfs(File::open(folder)?)?;
    }
    Ok(files)
}

/// Calls `visit` with the open folder, the name and a buffer for each file that is not hidden.
fn visit_all<V>(folder: &Path, threads: usize, visit: V) -> io::Result<u64>
where
    V: Fn(&OwnedFd, &CStr, &mut [u8]) -> io::Result<()> + Sync,
{
    let queue = Queue::default();
    let root = Arc::new(openat(CWD, folder, FOLDER, Mode::empty())?);
    queue.push(Job::List { parent: root, name: c".".to_owned() });

    let work = || {
        let mut buffer = vec![0; BUFFER];
        let mut files = 0;
        let mut outcome = Ok(());
        while let Some(job) = queue.next() {
            // After an error the rest is drained undone, so that the other threads come to an end too.
            if outcome.is_ok() {
                outcome = match job {
                    Job::List { parent, name } => list(&parent, &name, &queue),
                    Job::Visit { parent, names } => names
                        .split_inclusive(|byte| *byte == 0)
                        .flat_map(CStr::from_bytes_with_nul)
                        .inspect(|_| files += 1)
                        .try_for_each(|name| visit(&parent, name, &mut buffer)),
                };
            }
            queue.done();
        }
        outcome.map(|()| files)
    };
    thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        others.into_iter().try_fold(work()?, |files, other| {
            Ok(files + other.join().map_err(|_| io::Error::other("a thread of the floor panicked"))??)
        })
    })
}

const FOLDER: OFlags = OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);

/// Lists one folder, queueing its folders and, in chunks, its files.
fn list(parent: &OwnedFd, name: &CStr, queue: &Queue) -> io::Result<()> {
    let folder = Arc::new(openat(parent, name, FOLDER, Mode::empty())?);
    let mut buffer = Vec::with_capacity(BUFFER);
    let mut entries = RawDir::new(&*folder, buffer.spare_capacity_mut());
    let mut names = Vec::with_capacity(CHUNK);
    while let Some(entry) = entries.next() {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_bytes().starts_with(b".") {
            continue;
        }
        if entry.file_type() == FileType::Directory {
            queue.push(Job::List { parent: Arc::clone(&folder), name: name.to_owned() });
            continue;
        }
        let bytes = name.to_bytes_with_nul();
        if names.len() + bytes.len() > CHUNK {
            let full = mem::replace(&mut names, Vec::with_capacity(CHUNK));
            queue.push(Job::Visit { parent: Arc::clone(&folder), names: full });
        }
        names.extend_from_slice(bytes);
    }
    if !names.is_empty() {
        queue.push(Job::Visit { parent: Arc::clone(&folder), names });
    }
    Ok(())
}

enum Job {
    /// List the folder `name` of `parent`.
    List { parent: Arc<OwnedFd>, name: CString },
    /// Visit the files of `parent` with these names, each ended by a NUL.
    Visit { parent: Arc<OwnedFd>, names: Vec<u8> },
}

/// What is left to do, for all threads.
#[derive(Default)]
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    waiting: Vec<Job>,
    /// Jobs waiting or under way: none is left to come when this is nought.
    open: usize,
}

impl Queue {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, job: Job) {
        let mut state = self.state();
        state.waiting.push(job);
        state.open += 1;
        drop(state);
        self.changed.notify_one();
    }

    /// The next job, waiting for one while others may still queue more; `None` when all is done.
    fn next(&self) -> Option<Job> {
        let idle = self.changed.wait_while(self.state(), |state| state.waiting.is_empty() && state.open > 0);
        idle.unwrap_or_else(PoisonError::into_inner).waiting.pop()
    }

    /// Must follow each job that `next` gave.
    fn done(&self) {
        let mut state = self.state();
        state.open -= 1;
        if state.open == 0 {
            self.changed.notify_all();
        }
    }
}
