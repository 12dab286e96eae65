//! Files that may have changed though the index cannot tell.
//!
//! A file that was written in the same tick of the clock as the index may be written again in that tick, of the same
//! size, and its stat is as it was. git knows such entries by the time of the index itself ("racy git"): it compares
//! their contents. A newer index takes that sign away, so whoever writes one has to look first.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use git2::{ObjectType, Oid};

use super::FileStat;
use super::patch::Kept;

/// Looks at entries with the eyes of the index that they stand in now.
pub(super) struct Doubts<'a> {
    work_tree: &'a Path,
    /// When that index was written, in seconds and nanoseconds since 1970; none where there was no index.
    written: Option<(u32, u32)>,
}

impl<'a> Doubts<'a> {
    /// Of files in that work tree, by an index with this stat.
    pub fn new(work_tree: &'a Path, index: Option<FileStat>) -> Doubts<'a> {
        Doubts { work_tree, written: index.map(|index| index.mtime) }
    }

    /// From which second on a file's time of modification says too little. Most builds of git look at seconds only.
    pub fn from(&self) -> u32 {
        self.written.map_or(u32::MAX, |written| written.0)
    }

    /// Whether git has to compare the contents of this entry's file with what the entry says.
    pub fn is_doubtful(&mut self, entry: &Kept<'_>) -> bool {
        const KIND: u32 = 0o170_000;
        const FILE: u32 = 0o100_000;
        const LINK: u32 = 0o120_000;
        let Some(written) = self.written else { return false };
        if entry.stat.mtime.0 < self.from() || entry.stat.size == 0 {
            return false;
        }
        let path = self.work_tree.join(std::ffi::OsStr::from_bytes(entry.path));
        match entry.mode & KIND {
            FILE => !is_the_same(entry, &path, written),
            LINK => true,
            // A repository within this one is looked at by other means.
            _ => false,
        }
    }
}

/// Whether the file is sure to be what the entry says, or to be seen as changed anyway.
fn is_the_same(entry: &Kept<'_>, path: &Path, written: (u32, u32)) -> bool {
    let Ok(file) = fs::symlink_metadata(path) else { return true };
    let is_older = ticks_before(entry.stat.mtime, written) && ticks_before(entry.stat.ctime, written);
    if is_older && FileStat::from(&file) == entry.stat {
        return true;
    }
    // Another size is seen without help.
    if FileStat::from(&file).size != entry.stat.size {
        return true;
    }
    let read = fs::read(path).ok();
    read.and_then(|bytes| Oid::hash_object(ObjectType::Blob, &bytes).ok()) == Some(entry.id)
}

/// Whether a time lies so far before another that the clock of files has ticked between them.
fn ticks_before(time: (u32, u32), other: (u32, u32)) -> bool {
    const TICK: u64 = 20_000_000;
    let nanoseconds = |(seconds, rest): (u32, u32)| u64::from(seconds) * 1_000_000_000 + u64::from(rest);
    // Some file systems keep whole seconds.
    let tick = if time.1 == 0 { 2_000_000_000 } else { TICK };
    nanoseconds(time) + tick < nanoseconds(other)
}
