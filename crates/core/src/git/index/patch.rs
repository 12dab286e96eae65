//! The bytes of an index with a few entries changed.
//!
//! Reading a large index into a structure and writing it anew takes far longer than the deed that it is for. Its
//! format (gitformat-index) is plain: entries in order of their paths, then extensions, then a checksum. So what does
//! not change is copied as it is. Whatever is not quite the usual is left to others.

use std::collections::BTreeMap;

use git2::Oid;
use sha1::{Digest, Sha1};

use super::{FileStat, IndexChange, cached_trees};

const HEADER: usize = 12;
/// An entry up to its path, without and with the extended flags.
const FIXED: usize = 62;
const FIXED_EXTENDED: usize = 64;
const CHECKSUM: usize = 20;
const EXTENDED: u16 = 0x4000;
/// A path of so many bytes or more ends at its zero byte.
const LONG: usize = 0xfff;

/// An entry that stays, as much of it as matters here.
pub(in crate::git) struct Kept<'a> {
    pub path: &'a [u8],
    pub id: Oid,
    pub mode: u32,
    pub stat: FileStat,
}

/// An index without entries.
pub(in crate::git) fn empty() -> Vec<u8> {
    sealed(b"DIRC\0\0\0\x02\0\0\0\0".to_vec())
}

/// The index `old` with these changes; none where it has anything that this does not know for sure: another version,
/// a split or sparse index, a file where a folder is to be.
///
/// `is_doubtful` is asked of entries that stay, and whose files were modified in the second `from` or later, whether
/// their file may have changed though its stat tells nothing. git is made to compare their contents.
pub(in crate::git) fn patched(
    old: &[u8],
    changes: &BTreeMap<String, IndexChange>,
    from: u32,
    mut is_doubtful: impl FnMut(&Kept<'_>) -> bool,
) -> Option<Vec<u8>> {
    let end = old.len().checked_sub(CHECKSUM)?;
    let version = number(old, 4)?;
    if !old.starts_with(b"DIRC") || !matches!(version, 2 | 3) {
        return None;
    }
    let mut next = Entries::new(changes, version, old.len());
    let mut at = HEADER;
    for _ in 0..number(old, 8)? {
        let entry = Raw::read(old.get(..end)?, at, version)?;
        let bytes = &old[at..at + entry.length];
        if let Some(copy) = next.take(&entry, bytes)?
            && number(bytes, 8)? >= from
            && entry.can_be_doubtful()
            && is_doubtful(&entry.kept(bytes)?)
        {
            // A size of 0 is how git marks what it has to compare.
            next.bytes[copy + 36..copy + 40].fill(0);
        }
        at += entry.length;
    }
    next.finish();
    let ignores_change = changes.keys().any(|path| path.ends_with(".gitignore"));
    while at < end {
        let length = usize::try_from(number(old, at + 4)?).ok()?;
        let name = old.get(at..at + 4)?;
        let data = old.get(at + 8..(at + 8).checked_add(length)?).filter(|_| at + 8 + length <= end)?;
        match name {
            b"TREE" => {
                if let Some(data) = cached_trees::without(data, changes) {
                    extension(&mut next.bytes, name, &data)?;
                }
            }
            b"REUC" => extension(&mut next.bytes, name, data)?,
            // Tells of files that git does not know, folder by folder, so it stays true while no name comes or goes.
            b"UNTR" if !next.names_differ && !ignores_change => extension(&mut next.bytes, name, data)?,
            // What begins with a capital is there to save time.
            [first, ..] if first.is_ascii_uppercase() => {}
            _ => return None,
        }
        at += 8 + length;
    }
    let has_checksum = old[end..].iter().any(|byte| *byte != 0);
    if has_checksum {
        return Some(sealed(next.bytes));
    }
    next.bytes.extend([0; CHECKSUM]);
    Some(next.bytes)
}

/// The entries of an index and its extension `TREE`; none where it has anything that is not quite the usual: another
/// version, several states of a file, files that are left out.
pub(super) fn entries(index: &[u8]) -> Option<(Vec<Kept<'_>>, Option<&[u8]>)> {
    let end = index.len().checked_sub(CHECKSUM)?;
    let version = number(index, 4)?;
    if !index.starts_with(b"DIRC") || !matches!(version, 2 | 3) {
        return None;
    }
    let count = number(index, 8)?;
    let mut entries = Vec::with_capacity(usize::try_from(count).ok()?.min(index.len() / FIXED));
    let mut at = HEADER;
    for _ in 0..count {
        let entry = Raw::read(index.get(..end)?, at, version)?;
        if !entry.can_be_doubtful() {
            return None;
        }
        entries.push(entry.kept(&index[at..at + entry.length])?);
        at += entry.length;
    }
    let mut trees = None;
    while at < end {
        let length = usize::try_from(number(index, at + 4)?).ok()?;
        let name = index.get(at..at + 4)?;
        let data = index.get(at + 8..(at + 8).checked_add(length)?).filter(|_| at + 8 + length <= end)?;
        match name {
            b"TREE" => trees = Some(data),
            [first, ..] if first.is_ascii_uppercase() => {}
            _ => return None,
        }
        at += 8 + length;
    }
    Some((entries, trees))
}

/// The next index, as far as it is written.
struct Entries<'c> {
    bytes: Vec<u8>,
    changes: Vec<(&'c [u8], IndexChange)>,
    /// How many of the changes lie behind.
    done: usize,
    /// Whether the change at hand took the place of an entry.
    replaced: bool,
    /// Names that must not be there, in order: as a file, each folder of a file that is set; with a `/` at the end,
    /// what lies below such a file.
    banned: Vec<Vec<u8>>,
    /// How many of the banned names lie behind.
    passed: usize,
    count: u32,
    /// Whether a name came or went.
    names_differ: bool,
}

impl<'c> Entries<'c> {
    fn new(changes: &'c BTreeMap<String, IndexChange>, version: u32, size: usize) -> Entries<'c> {
        let mut banned = Vec::new();
        for (path, _) in changes.iter().filter(|(_, change)| **change != IndexChange::Remove) {
            banned.extend(path.match_indices('/').map(|(at, _)| path.as_bytes()[..at].to_vec()));
            banned.push(format!("{path}/").into_bytes());
        }
        banned.sort_unstable();
        banned.dedup();
        let mut bytes = Vec::with_capacity(size + changes.len() * 128);
        bytes.extend(b"DIRC");
        bytes.extend(version.to_be_bytes());
        bytes.extend([0; 4]);
        let changes = changes.iter().map(|(path, change)| (path.as_bytes(), *change)).collect();
        Entries { bytes, changes, done: 0, replaced: false, banned, passed: 0, count: 0, names_differ: false }
    }

    /// Writes what comes before this entry, and the entry itself unless it is replaced: then gives where its copy
    /// begins. None where the entry must not be there at all.
    fn take(&mut self, entry: &Raw<'_>, bytes: &[u8]) -> Option<Option<usize>> {
        while self.changes.get(self.done).is_some_and(|(path, _)| *path < entry.path) {
            self.leave_change();
        }
        if let Some((path, change)) =
            self.changes.get(self.done).copied().filter(|(path, _)| *path == entry.path)
        {
            // All stages of a conflict give way to the one state.
            if !self.replaced {
                self.set(path, change);
            }
            self.replaced = true;
            return Some(None);
        }
        while self
            .banned
            .get(self.passed)
            .is_some_and(|name| name.as_slice() < entry.path && !covers(name, entry.path))
        {
            self.passed += 1;
        }
        if self.banned.get(self.passed).is_some_and(|name| covers(name, entry.path)) {
            return None;
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.count += 1;
        Some(Some(start))
    }

    /// Writes what comes after all entries, and how many there are.
    fn finish(&mut self) {
        while self.done < self.changes.len() {
            self.leave_change();
        }
        self.bytes[8..HEADER].copy_from_slice(&self.count.to_be_bytes());
    }

    /// Goes past the change at hand; where it took no entry's place, a file that is set is a new one.
    fn leave_change(&mut self) {
        let (path, change) = self.changes[self.done];
        match (self.replaced, change) {
            (false, IndexChange::Set { .. }) => {
                self.set(path, change);
                self.names_differ = true;
            }
            (true, IndexChange::Remove) => self.names_differ = true,
            _ => {}
        }
        self.replaced = false;
        self.done += 1;
    }

    /// Writes the entry of a file that is set.
    fn set(&mut self, path: &[u8], change: IndexChange) {
        let IndexChange::Set { id, mode, stat } = change else { return };
        let start = self.bytes.len();
        let FileStat { ctime, mtime, dev, ino, uid, gid, size } = stat;
        for field in [ctime.0, ctime.1, mtime.0, mtime.1, dev, ino, mode, uid, gid, size] {
            self.bytes.extend(field.to_be_bytes());
        }
        self.bytes.extend(id.as_bytes());
        let length = u16::try_from(path.len().min(LONG)).unwrap_or_default();
        self.bytes.extend(length.to_be_bytes());
        self.bytes.extend(path);
        self.bytes.resize(start + padded(FIXED + path.len()), 0);
        self.count += 1;
    }
}

/// Whether the banned name means this path.
fn covers(name: &[u8], path: &[u8]) -> bool {
    path.starts_with(name) && (path.len() == name.len() || name.ends_with(b"/"))
}

/// An entry as its bytes have it.
struct Raw<'a> {
    path: &'a [u8],
    flags: u16,
    /// Of the whole entry, with the zero bytes at its end.
    length: usize,
}

impl<'a> Raw<'a> {
    fn read(index: &'a [u8], at: usize, version: u32) -> Option<Raw<'a>> {
        let flags = index.get(at + 60..at + FIXED)?;
        let flags = u16::from_be_bytes([flags[0], flags[1]]);
        let is_extended = flags & EXTENDED != 0;
        if is_extended && version < 3 {
            return None;
        }
        let fixed = if is_extended { FIXED_EXTENDED } else { FIXED };
        let rest = index.get(at + fixed..)?;
        let size = match usize::from(flags) & LONG {
            LONG => LONG + memchr::memchr(0, rest.get(LONG..)?)?,
            size => size,
        };
        let path = rest.get(..size).filter(|path| !path.is_empty())?;
        let length = padded(fixed + size);
        let is_whole = index.get(at + fixed + size..at + length)?.iter().all(|byte| *byte == 0);
        is_whole.then_some(Raw { path, flags, length })
    }

    /// Whether git would compare stats for it: it is one state of a file, not assumed to be unchanged or left out.
    fn can_be_doubtful(&self) -> bool {
        const ASSUMED: u16 = 0x8000;
        const STAGE: u16 = 0x3000;
        self.flags & (ASSUMED | STAGE | EXTENDED) == 0
    }

    fn kept(&self, bytes: &[u8]) -> Option<Kept<'a>> {
        let field = |at: usize| number(bytes, at * 4);
        let stat = FileStat {
            ctime: (field(0)?, field(1)?),
            mtime: (field(2)?, field(3)?),
            dev: field(4)?,
            ino: field(5)?,
            uid: field(7)?,
            gid: field(8)?,
            size: field(9)?,
        };
        let id = Oid::from_bytes(bytes.get(40..60)?).ok()?;
        Some(Kept { path: self.path, id, mode: field(6)?, stat })
    }
}

/// The length of an entry that needs so many bytes, with at least one zero byte, in steps of eight.
fn padded(length: usize) -> usize {
    (length + 8) & !7
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map(u32::from_be_bytes)
}

fn extension(bytes: &mut Vec<u8>, name: &[u8], data: &[u8]) -> Option<()> {
    bytes.extend(name);
    bytes.extend(u32::try_from(data.len()).ok()?.to_be_bytes());
    bytes.extend(data);
    Some(())
}

/// Whether these are an index with its right checksum; one without any cannot be told.
pub(in crate::git) fn is_whole(index: &[u8]) -> bool {
    let Some((body, checksum)) = index.split_last_chunk::<CHECKSUM>() else { return false };
    body.starts_with(b"DIRC") && Sha1::digest(body).as_slice() == checksum
}

/// With its checksum at the end.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let checksum = Sha1::digest(&bytes);
    bytes.extend(checksum.as_slice());
    bytes
}
