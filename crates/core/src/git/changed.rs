//! Which files may differ from the last commit: what `git status` finds, sooner.
//!
//! git's index has the stat of every file as it was when it was last seen to be the committed one. So each file is
//! looked at, several at once, and read by nobody. Folders are only listed to be counted: where they hold as many
//! names as the index has for them, and none of those is missing, there is no other.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags};

use super::index::FileStat;
use super::index::listed::Listed;
use super::index::patch::Kept;
use super::{Git, GitError, program, trees};

/// How many files are one piece of work.
const PIECE: usize = 2_000;
/// From so many files on whose stat alone has changed it pays to have git look at them once for all.
pub(super) const MANY: usize = 1_000;
/// How coarse the clock of files may be, in nanoseconds.
const TICK: u64 = 20_000_000;

impl Git {
    /// The notebook's files that may differ from the last commit, by their paths from the notebook's root: changed,
    /// new and not ignored, gone, or staged. Some may turn out to be the same.
    ///
    /// # Errors
    /// What libgit2 or the disk says.
    pub fn changed(&self) -> Result<Vec<String>, GitError> {
        let paths = match self.seen()? {
            Some(paths) if paths.len() > MANY && self.refresh().is_ok() => self.seen()?,
            paths => paths,
        };
        if let Some(paths) = paths {
            return Ok(paths.into_iter().collect());
        }
        let status = self.status()?;
        let lists = [status.changed, status.new, status.removed, status.staged, status.conflicted];
        let all: BTreeSet<String> = lists.into_iter().flatten().collect();
        Ok(all.into_iter().collect())
    }

    /// Lets the user's git write the stats of unchanged files anew.
    fn refresh(&self) -> Result<(), GitError> {
        program::refresh(self)
    }

    /// The short way; none where the index is not as usual, or has something staged.
    pub(super) fn seen(&self) -> Result<Option<BTreeSet<String>>, GitError> {
        let path = self.repository.path().join("index");
        let Ok(mut file) = File::open(&path) else { return Ok(None) };
        let written = file.metadata().map_err(GitError::at(&path))?;
        let mut bytes = Vec::with_capacity(usize::try_from(written.len()).unwrap_or_default() + 1);
        file.read_to_end(&mut bytes).map_err(GitError::at(&path))?;
        let Some(listed) = Listed::read(&bytes) else { return Ok(None) };
        let Some(head) = trees::head(&self.repository)? else { return Ok(None) };
        if !listed.is_tree(&self.repository, head.tree_id()) {
            return Ok(None);
        }
        let prefix = self.prefix.as_bytes();
        let from = listed.entries.partition_point(|entry| entry.path < prefix);
        let count = listed.entries[from..].partition_point(|entry| entry.path.starts_with(prefix));
        let look = Look {
            work_tree: &self.work_tree,
            entries: &listed.entries[from..from + count],
            written: FileStat::from(&written).mtime,
        };
        let folders = look.folders(prefix);
        let Seen { mut paths, mut odd } = look.at_all(&folders);
        // A folder of the root always holds what git is told to ignore.
        odd.insert(self.prefix.clone().into_bytes());
        for folder in odd {
            self.list_new(&folder, &folders, look.entries, &mut paths)?;
        }
        let text = |path: Vec<u8>| String::from_utf8(path).ok();
        let paths = paths.into_iter().filter_map(text);
        Ok(Some(paths.filter_map(|path| self.in_notebook(&path).map(str::to_owned)).collect()))
    }

    /// Adds the files of a folder that git does not know and is not told to ignore, and of unknown folders in it.
    fn list_new(
        &self,
        folder: &[u8],
        folders: &BTreeMap<Vec<u8>, usize>,
        entries: &[Kept<'_>],
        paths: &mut BTreeSet<Vec<u8>>,
    ) -> Result<(), GitError> {
        let place = self.work_tree.join(OsStr::from_bytes(folder));
        let Ok(listing) = fs::read_dir(&place) else { return Ok(()) };
        for entry in listing {
            let entry = entry.map_err(GitError::at(&place))?;
            let path = [folder, entry.file_name().as_bytes()].concat();
            let Ok(kind) = entry.file_type() else { continue };
            let below = [&path[..], b"/"].concat();
            let is_known = match kind.is_dir() {
                true => folders.contains_key(&below),
                false => entries.binary_search_by(|kept| kept.path.cmp(&path)).is_ok(),
            };
            let Ok(text) = std::str::from_utf8(&path) else { continue };
            if is_known || entry.file_name() == ".git" || !(kind.is_file() || kind.is_dir()) {
                continue;
            }
            if self.repository.is_path_ignored(if kind.is_dir() {
                format!("{text}/")
            } else {
                text.to_owned()
            })? {
                continue;
            }
            if kind.is_file() {
                paths.insert(path);
            } else if !entry.path().join(".git").exists() {
                self.list_new(&below, folders, entries, paths)?;
            }
        }
        Ok(())
    }
}

/// A look at every file of an index.
struct Look<'a> {
    work_tree: &'a Path,
    entries: &'a [Kept<'a>],
    /// When the index was written.
    written: (u32, u32),
}

/// What a look found.
#[derive(Default)]
struct Seen {
    /// Files that are not as the index has them, by their paths from the work tree's root.
    paths: BTreeSet<Vec<u8>>,
    /// Folders that may hold files of other names.
    odd: BTreeSet<Vec<u8>>,
}

enum Piece<'f> {
    Folder(&'f [u8], usize),
    Files(usize, usize),
}

impl Look<'_> {
    /// The folders that the index has files in, each with a slash at its end, and how many names it knows in each.
    fn folders(&self, root: &[u8]) -> BTreeMap<Vec<u8>, usize> {
        let mut folders = BTreeMap::from([(root.to_vec(), 0)]);
        let mut last: &[u8] = root;
        for entry in self.entries {
            let folder = folder_of(entry.path);
            if folder == last {
                continue;
            }
            last = folder;
            let mut folder = folder;
            while folder.len() > root.len() && !folders.contains_key(folder) {
                folders.insert(folder.to_vec(), 0);
                folder = folder_of(&folder[..folder.len() - 1]);
            }
        }
        let mut at: &[u8] = b"";
        let mut count = 0;
        let mut add = |folder: &[u8], count: usize| {
            if let Some(known) = folders.get_mut(folder) {
                *known += count;
            }
        };
        for entry in self.entries {
            let folder = folder_of(entry.path);
            if folder != at {
                add(at, count);
                (at, count) = (folder, 0);
            }
            count += 1;
        }
        add(at, count);
        let inner: Vec<Vec<u8>> =
            folders.keys().filter(|folder| folder.len() > root.len()).cloned().collect();
        for folder in inner {
            if let Some(above) = folders.get_mut(folder_of(&folder[..folder.len() - 1])) {
                *above += 1;
            }
        }
        folders
    }

    /// Looks at all files and counts the names of all folders.
    fn at_all(&self, folders: &BTreeMap<Vec<u8>, usize>) -> Seen {
        let mut pieces: Vec<Piece<'_>> =
            folders.iter().map(|(folder, count)| Piece::Folder(folder, *count)).collect();
        let files = (0..self.entries.len()).step_by(PIECE);
        pieces.extend(files.map(|from| Piece::Files(from, (from + PIECE).min(self.entries.len()))));
        let next = AtomicUsize::new(0);
        let all = Mutex::new(Seen::default());
        let run = || {
            let mut seen = Seen::default();
            while let Some(piece) = pieces.get(next.fetch_add(1, Ordering::Relaxed)) {
                match piece {
                    Piece::Folder(folder, count) => self.count(folder, *count, &mut seen),
                    Piece::Files(from, to) => self.files(&self.entries[*from..*to], &mut seen),
                }
            }
            let mut all = all.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            all.paths.append(&mut seen.paths);
            all.odd.append(&mut seen.odd);
        };
        let threads = thread::available_parallelism().map_or(1, usize::from).min(pieces.len());
        thread::scope(|scope| {
            for _ in 1..threads {
                scope.spawn(run);
            }
            run();
        });
        all.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Counts the names in a folder.
    fn count(&self, folder: &[u8], expected: usize, seen: &mut Seen) {
        let names = self.open(folder).and_then(|folder| Dir::new(folder).ok()).map(|dir| {
            dir.filter(|entry| {
                entry.as_ref().is_ok_and(|entry| !matches!(entry.file_name().to_bytes(), b"." | b".."))
            })
            .count()
        });
        if names != Some(expected) {
            seen.odd.insert(folder.to_vec());
        }
    }

    /// Looks at some files.
    fn files(&self, entries: &[Kept<'_>], seen: &mut Seen) {
        const KIND: u32 = 0o170_000;
        const PLAIN: u32 = 0o100_000;
        let mut at: Option<(&[u8], Option<OwnedFd>)> = None;
        for entry in entries.iter().filter(|entry| entry.mode & KIND == PLAIN) {
            let folder = folder_of(entry.path);
            if at.as_ref().is_none_or(|(last, _)| *last != folder) {
                at = Some((folder, self.open(folder)));
            }
            let opened = at.as_ref().and_then(|(_, opened)| opened.as_ref());
            let name = OsStr::from_bytes(&entry.path[folder.len()..]);
            let found =
                opened.and_then(|folder| rustix::fs::statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok());
            match found {
                Some(stat) if self.is_same(entry, &stat) => {}
                Some(stat) if FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile => {
                    seen.paths.insert(entry.path.to_vec());
                }
                _ => {
                    seen.paths.insert(entry.path.to_vec());
                    // Another name may have taken its place, or that of a folder on the way to it.
                    let mut folder = folder;
                    while !folder.is_empty() {
                        seen.odd.insert(folder.to_vec());
                        folder = folder_of(&folder[..folder.len() - 1]);
                    }
                }
            }
        }
    }

    fn open(&self, folder: &[u8]) -> Option<OwnedFd> {
        let path = self.work_tree.join(OsStr::from_bytes(folder));
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        rustix::fs::open(path, flags, Mode::empty()).ok()
    }

    /// Whether the file is sure to be what the index says. One that was written about when the index was may have been
    /// written again.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    fn is_same(&self, entry: &Kept<'_>, stat: &rustix::fs::Stat) -> bool {
        let found = FileStat {
            ctime: (stat.st_ctime as u32, stat.st_ctime_nsec as u32),
            mtime: (stat.st_mtime as u32, stat.st_mtime_nsec as u32),
            dev: entry.stat.dev,
            ino: stat.st_ino as u32,
            uid: stat.st_uid,
            gid: stat.st_gid,
            size: stat.st_size as u32,
        };
        let nanoseconds = |(seconds, rest): (u32, u32)| u64::from(seconds) * 1_000_000_000 + u64::from(rest);
        // Some file systems keep whole seconds.
        let tick = if found.mtime.1 == 0 { 2_000_000_000 } else { TICK };
        FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile
            && found == entry.stat
            && nanoseconds(found.mtime) + tick < nanoseconds(self.written)
    }
}

/// The folder of a path, with the slash at its end.
fn folder_of(path: &[u8]) -> &[u8] {
    &path[..memchr::memrchr(b'/', path).map_or(0, |at| at + 1)]
}
