//! The user's index after a commit: the entries of just its files are brought up to date.

mod cached_trees;
mod doubts;
pub(super) mod listed;
pub(super) mod patch;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use git2::{IndexEntry, IndexTime, Oid};

use super::lock::{IndexLock, Own};
use super::{Git, GitError, program};
use doubts::Doubts;
use patch::Kept;

/// What the index is to say of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IndexChange {
    /// It is this blob, and on disk it looks like that.
    Set { id: Oid, mode: u32, stat: FileStat },
    /// It is gone.
    Remove,
}

/// What the index keeps of a file on disk, to see without reading it that it is unchanged. All zero, it says
/// nothing, and git will compare the contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FileStat {
    pub ctime: (u32, u32),
    pub mtime: (u32, u32),
    pub dev: u32,
    pub ino: u32,
    pub uid: u32,
    pub gid: u32,
    pub size: u32,
}

impl FileStat {
    /// Of the file at that path, provided that it has these bytes.
    pub fn of(path: &Path, bytes: &[u8]) -> FileStat {
        let seen = || -> io::Result<Option<FileStat>> {
            let before = FileStat::from(&fs::symlink_metadata(path)?);
            let mut text = Vec::with_capacity(bytes.len() + 1);
            File::open(path)?.take(bytes.len() as u64 + 1).read_to_end(&mut text)?;
            let after = FileStat::from(&fs::symlink_metadata(path)?);
            Ok((text == bytes && before == after).then_some(after))
        };
        // Where somebody has changed it since, git is to look for itself.
        seen().ok().flatten().unwrap_or_default()
    }
}

impl From<&fs::Metadata> for FileStat {
    /// The index has room for the lower half of each.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn from(file: &fs::Metadata) -> FileStat {
        FileStat {
            ctime: (file.ctime() as u32, file.ctime_nsec() as u32),
            mtime: (file.mtime() as u32, file.mtime_nsec() as u32),
            dev: file.dev() as u32,
            ino: file.ino() as u32,
            uid: file.uid(),
            gid: file.gid(),
            size: file.size() as u32,
        }
    }
}

/// The next index.
pub(super) enum Draft {
    /// Written beside the one that is in use.
    File(Own, PathBuf),
    /// Of a kind that only the user's git knows: what it is to be told.
    ForProgram(Vec<u8>),
}

impl Draft {
    /// The file that it is in.
    pub fn path(&self) -> Option<&Path> {
        match self {
            Draft::File(file, _) => Some(&file.path),
            Draft::ForProgram(_) => None,
        }
    }

    /// Puts it in the place of the index, and gives up the lock.
    ///
    /// # Errors
    /// Where that fails, the index is as it was.
    pub fn publish(self, git: &Git, lock: IndexLock) -> Result<(), GitError> {
        match self {
            Draft::File(file, index) => file.rename(&index),
            Draft::ForProgram(lines) => {
                // git takes the lock itself.
                drop(lock);
                program::update_index(git, &lines)
            }
        }
    }
}

/// Writes the next index. The lock says that nobody else does.
pub(super) fn draft(
    git: &Git,
    lock: &IndexLock,
    changes: &BTreeMap<String, IndexChange>,
) -> Result<Draft, GitError> {
    let index = lock.folder().join("index");
    let mut file = Own::new(lock.folder(), "index")?;
    let (old, clock) = match File::open(&index).and_then(|mut file| read(&mut file)) {
        Ok(read) => read,
        Err(error) if error.kind() == io::ErrorKind::NotFound => (patch::empty(), None),
        Err(error) => return Err(GitError::Disk { path: index, error }),
    };
    let mut doubts = Doubts::new(&git.work_tree, clock);
    let written = match patch::patched(&old, changes, doubts.from(), |entry| doubts.is_doubtful(entry)) {
        Some(new) => file.file.write_all(&new).map_err(GitError::at(&file.path)),
        None => by_libgit2(&old, &mut file, changes, &mut doubts),
    };
    match written {
        Ok(()) => {
            if let Ok(old) = fs::metadata(&index) {
                fs::set_permissions(&file.path, old.permissions()).map_err(GitError::at(&file.path))?;
            }
            Ok(Draft::File(file, index))
        }
        // A split or sparse index, or one of the future.
        Err(GitError::Git(_)) => {
            program::is_there("to write its index")?;
            Ok(Draft::ForProgram(lines(changes)))
        }
        Err(error) => Err(error),
    }
}

/// The index's bytes, and when it was written.
fn read(file: &mut File) -> io::Result<(Vec<u8>, Option<FileStat>)> {
    let stat = FileStat::from(&file.metadata()?);
    let mut bytes = Vec::with_capacity(stat.size as usize + 1);
    file.read_to_end(&mut bytes)?;
    Ok((bytes, Some(stat)))
}

/// The long way: the whole index as libgit2 reads and writes it.
fn by_libgit2(
    old: &[u8],
    file: &mut Own,
    changes: &BTreeMap<String, IndexChange>,
    doubts: &mut Doubts<'_>,
) -> Result<(), GitError> {
    file.file.write_all(old).map_err(GitError::at(&file.path))?;
    let mut index = git2::Index::open(&file.path)?;
    for (path, change) in changes {
        match change {
            IndexChange::Set { id, mode, stat } => {
                forget_conflict(&mut index, path)?;
                index.add(&entry(path, *id, *mode, *stat))?;
            }
            IndexChange::Remove => index.remove_path(Path::new(path))?,
        }
    }
    // What git cannot tell by stats alone any more once the index is newer, it has to compare.
    let is_plain = |entry: &IndexEntry| entry.flags & 0xb000 == 0 && entry.flags_extended == 0;
    let stale: Vec<IndexEntry> = index
        .iter()
        .filter(|entry| is_plain(entry) && !is_set(changes, &entry.path) && doubts.is_doubtful(&kept(entry)))
        .collect();
    for entry in stale {
        index.add(&IndexEntry { file_size: 0, ..entry })?;
    }
    index.write()?;
    Ok(())
}

fn forget_conflict(index: &mut git2::Index, path: &str) -> Result<(), GitError> {
    match index.conflict_remove(Path::new(path)) {
        Err(error) if error.code() != git2::ErrorCode::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn is_set(changes: &BTreeMap<String, IndexChange>, path: &[u8]) -> bool {
    std::str::from_utf8(path).is_ok_and(|path| changes.contains_key(path))
}

fn kept(entry: &IndexEntry) -> Kept<'_> {
    let time = |time: IndexTime| (time.seconds().cast_unsigned(), time.nanoseconds());
    let IndexEntry { dev, ino, uid, gid, file_size: size, .. } = *entry;
    let stat = FileStat { ctime: time(entry.ctime), mtime: time(entry.mtime), dev, ino, uid, gid, size };
    Kept { path: &entry.path, id: entry.id, mode: entry.mode, stat }
}

fn entry(path: &str, id: Oid, mode: u32, stat: FileStat) -> IndexEntry {
    let time = |(seconds, nanoseconds): (u32, u32)| IndexTime::new(seconds.cast_signed(), nanoseconds);
    IndexEntry {
        ctime: time(stat.ctime),
        mtime: time(stat.mtime),
        dev: stat.dev,
        ino: stat.ino,
        mode,
        uid: stat.uid,
        gid: stat.gid,
        file_size: stat.size,
        id,
        flags: 0,
        flags_extended: 0,
        path: path.as_bytes().to_vec(),
    }
}

/// The changes as `git update-index --index-info` reads them.
fn lines(changes: &BTreeMap<String, IndexChange>) -> Vec<u8> {
    let line = |(path, change): (&String, &IndexChange)| match change {
        IndexChange::Set { id, mode, .. } => format!("{mode:o} {id}\t{path}\0"),
        IndexChange::Remove => format!("0 {}\t{path}\0", Oid::ZERO_SHA1),
    };
    changes.iter().map(line).collect::<String>().into_bytes()
}
