//! Files and folders as the system tells of them, always relative to an open folder.

use std::ffi::CStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{AtFlags, FileType, Mode, OFlags, Stat, fstat, openat, statat};
use rustix::path::Arg;

/// What tells one state of a file from another: times of change in nanoseconds, size and inode.
///
/// A modification time can be put back (`cp -p`, `rsync -t`); the change time cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Stamp {
    pub modified: i64,
    pub changed: i64,
    pub size: u64,
    pub inode: u64,
}

impl Stamp {
    #[allow(clippy::unnecessary_cast, reason = "the types differ from system to system")]
    pub fn of(stat: &Stat) -> Stamp {
        Stamp {
            modified: nanos(stat.st_mtime as i64, stat.st_mtime_nsec as u64),
            changed: nanos(stat.st_ctime as i64, stat.st_ctime_nsec as u64),
            size: stat.st_size as u64,
            inode: stat.st_ino,
        }
    }

    /// Whether another change might still have left this very stamp at the time `now` of the same file system:
    /// clocks of files tick coarsely.
    pub fn is_fresh(self, now: i64) -> bool {
        const SECOND: i64 = 1_000_000_000;
        let last = self.modified.max(self.changed);
        // A file system that counts whole seconds may count by two.
        let tick = if last % SECOND == 0 { 2 * SECOND } else { SECOND / 50 };
        last.saturating_add(tick) >= now
    }
}

/// Since 1970; times beyond the year 2262 are all one.
fn nanos(seconds: i64, nanoseconds: u64) -> i64 {
    seconds.saturating_mul(1_000_000_000).saturating_add_unsigned(nanoseconds)
}

/// The device that an open file lies on.
#[allow(clippy::unnecessary_cast, reason = "the types differ from system to system")]
pub(super) fn device(file: impl AsFd) -> io::Result<u64> {
    Ok(fstat(file)?.st_dev as u64)
}

/// The stamp of an open file or folder.
pub(super) fn stamp(file: impl AsFd) -> io::Result<Stamp> {
    Ok(Stamp::of(&fstat(file)?))
}

/// The stamp of a regular file in `dir`; nothing where there is none of that name.
pub(super) fn stamp_in(dir: impl AsFd, name: &CStr) -> io::Result<Option<Stamp>> {
    match statat(dir, name, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile => {
            Ok(Some(Stamp::of(&stat)))
        }
        Ok(_) | Err(rustix::io::Errno::NOENT | rustix::io::Errno::NOTDIR) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Opens a folder below another, which must not be a symbolic link.
pub(super) fn open_dir(parent: impl AsFd, path: &str) -> io::Result<OwnedFd> {
    let path = if path.is_empty() { "." } else { path };
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    Ok(openat(parent, path, flags, Mode::empty())?)
}

/// Opens a folder by its path, as the user arranged it.
pub(super) fn open_root(path: &Path) -> io::Result<OwnedFd> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    Ok(rustix::fs::open(path, flags, Mode::empty())?)
}

/// What came of reading a file.
pub(super) enum Contents {
    /// The bytes are in the buffer, and this was the file's stamp before and after reading.
    Read(Stamp),
    /// It changed while it was read, again and again: the bytes are the last that were seen.
    Unsteady(Stamp),
    /// It is larger than `most` bytes and was not read.
    TooLarge(Stamp),
    /// There is no regular file of that name any more.
    Gone,
}

/// Reads a regular file in or below `dir` into `buffer`, whole and in one state.
pub(super) fn read_in<P: Arg + Copy>(
    dir: impl AsFd,
    path: P,
    most: u64,
    buffer: &mut Vec<u8>,
) -> io::Result<Contents> {
    const TRIES: usize = 3;
    let mut last = Stamp::default();
    for _ in 0..TRIES {
        // Not blocking: somebody may have put a pipe there since the folder was listed.
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
        let file = match openat(&dir, path, flags, Mode::empty()) {
            Ok(file) => File::from(file),
            Err(rustix::io::Errno::NOENT | rustix::io::Errno::LOOP) => return Ok(Contents::Gone),
            Err(error) => return Err(error.into()),
        };
        let stat = fstat(&file)?;
        if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
            return Ok(Contents::Gone);
        }
        let before = Stamp::of(&stat);
        if before.size > most {
            return Ok(Contents::TooLarge(before));
        }
        fill(&file, before.size as usize, most, buffer)?;
        last = stamp(&file)?;
        if last == before && buffer.len() as u64 == before.size {
            return Ok(Contents::Read(before));
        }
    }
    Ok(Contents::Unsteady(last))
}

/// Reads the text of a regular file below `dir`, whatever happens to it meanwhile; nothing where that is not to be
/// had.
pub(super) fn read_text<P: Arg>(dir: impl AsFd, path: P, most: u64) -> Option<String> {
    /// More than most contacts have; a longer one takes another read.
    const USUAL: usize = 4096;
    let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut file = File::from(openat(dir, path, flags, Mode::empty()).ok()?);
    let mut buffer = vec![0; USUAL];
    let mut filled = 0;
    loop {
        match file.read(&mut buffer[filled..]) {
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return None,
        }
        // A regular file gives all that was asked for, but at its end.
        if filled < buffer.len() {
            break;
        }
        if filled as u64 > most {
            return None;
        }
        buffer.resize(filled * 4, 0);
    }
    buffer.truncate(filled);
    String::from_utf8(buffer).ok()
}

/// Reads an open file that should have `size` bytes: in one go where it has.
fn fill(file: &File, size: usize, most: u64, buffer: &mut Vec<u8>) -> io::Result<()> {
    // One byte more than there should be, so that a longer file is noticed.
    buffer.resize(size + 1, 0);
    let mut filled = 0;
    loop {
        let count = match (&*file).read(&mut buffer[filled..]) {
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        filled += count;
        if count == 0 || filled == size || filled as u64 > most {
            buffer.truncate(filled);
            return Ok(());
        }
        if filled == buffer.len() {
            buffer.resize(filled * 2, 0);
        }
    }
}
