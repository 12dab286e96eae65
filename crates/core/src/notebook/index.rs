//! The index on disk, `.tickler/index`: what the last survey found, so that the next one reads changed files only.
//!
//! It is written aside and renamed, checked before use, and never believed without a look at each file's stamp.
//! Anything odd about it means that it is not there.
//!
//! ```text
//! header | folders | rows | names | facts
//! ```

use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufWriter, Read, Write};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use super::disk::{self, Stamp};
use super::facts;
use super::row::{self, FactsAt, Row};

/// The folder of what can be thrown away (format, section 1).
pub(super) const CACHE_DIR: &str = ".tickler";
const FILE: &str = "index";
const MAGIC: [u8; 8] = *b"tickler\n";
const HEADER: usize = 80;
/// A folder on disk: its stamp, how many rows are its files, whether it is volatile, the length of its path, which
/// follows.
const DIR: usize = 8 * 4 + 4 + 1 + 2;

/// A folder below `contacts`.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Dir {
    /// Its path from `contacts`, with `/`; empty for `contacts` itself.
    pub path: String,
    /// Its stamp before it was listed.
    pub stamp: Stamp,
    /// Its stamp says nothing about the next time.
    pub volatile: bool,
}

/// An index that can be used.
pub(super) struct Index {
    file: File,
    /// By path.
    pub dirs: Vec<Dir>,
    /// Of each folder, which rows are its files, by name.
    pub rows_of: Vec<Range<usize>>,
    /// Folders and rows as on disk.
    table: Vec<u8>,
    /// Where the rows begin in the table.
    rows_at: usize,
    /// The names of the files, each ended by a zero byte.
    pub names: String,
}

/// What an index must agree with to be this notebook's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    /// Of the program's rules and the settings' text.
    rules: u64,
    device: u64,
    inode: u64,
}

impl Identity {
    /// Of the notebook with these settings whose `contacts` folder is open as `contacts`.
    pub fn of(settings: &str, contacts: impl std::os::fd::AsFd) -> io::Result<Identity> {
        let mut hasher = DefaultHasher::new();
        (facts::VERSION, env!("TICKLER_SOURCES"), settings).hash(&mut hasher);
        let device = disk::device(&contacts)?;
        Ok(Identity { rules: hasher.finish(), device, inode: disk::stamp(contacts)?.inode })
    }
}

impl Index {
    /// Reads the index of the notebook in `root`; nothing where there is none that is whole and of `identity`.
    pub fn load(root: &Path, identity: Identity) -> Option<Index> {
        let mut file = File::open(root.join(CACHE_DIR).join(FILE)).ok()?;
        let mut header = [0; HEADER];
        file.read_exact(&mut header).ok()?;
        let header = Header::read(&header)?;
        if header.identity != identity || file.metadata().ok()?.len() != header.total {
            return None;
        }
        let length = usize::try_from(header.facts_at).ok()?.checked_sub(HEADER)?;
        let (mut table, crc) = read_table(&file, length).ok()?;
        if crc != header.table_crc {
            return None;
        }
        let (mut dirs, mut rows_of) = (Vec::new(), Vec::new());
        let (mut at, mut count) = (0, 0);
        for _ in 0..header.dirs {
            let (dir, rows, next) = read_dir(&table, at)?;
            dirs.push(dir);
            rows_of.push(count..count + rows);
            count += rows;
            at = next;
        }
        let names_at = at.checked_add(count.checked_mul(row::BYTES)?)?;
        if count != header.rows as usize || names_at > table.len() {
            return None;
        }
        let names = String::from_utf8(table.split_off(names_at)).ok()?;
        Some(Index { file, dirs, rows_of, table, rows_at: at, names })
    }

    /// The row of that number.
    pub fn row(&self, at: usize) -> Option<Row> {
        let from = self.rows_at + at * row::BYTES;
        let bytes = self.table.get(from..from + row::BYTES)?;
        Row::read(bytes.try_into().ok()?)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows_of.last().map_or(0, |rows| rows.end)
    }

    /// The file, for [`Store`].
    pub fn into_file(self) -> File {
        self.file
    }

    /// Reads the bytes at `at` into `buffer`.
    pub fn read_at(&self, at: u64, length: usize, buffer: &mut Vec<u8>) -> io::Result<()> {
        buffer.resize(length, 0);
        self.file.read_exact_at(buffer, at)
    }
}

/// The table and its CRC-32; a large one in two halves at once.
fn read_table(file: &File, length: usize) -> io::Result<(Vec<u8>, u32)> {
    const LARGE: usize = 1 << 20;
    let mut table = vec![0; length];
    let read = |part: &mut [u8], at: usize| -> io::Result<crc32fast::Hasher> {
        file.read_exact_at(part, (HEADER + at) as u64)?;
        let mut crc = crc32fast::Hasher::new();
        crc.update(part);
        Ok(crc)
    };
    let half = length / 2;
    let (first, second) = table.split_at_mut(half);
    let (first, second) = if length < LARGE {
        (read(first, 0), read(second, half))
    } else {
        thread::scope(|scope| {
            let second = scope.spawn(|| read(second, half));
            (read(first, 0), second.join().unwrap_or_else(|_| Err(io::ErrorKind::Other.into())))
        })
    };
    let mut crc = first?;
    crc.combine(&second?);
    Ok((table, crc.finalize()))
}

fn read_dir(table: &[u8], at: usize) -> Option<(Dir, usize, usize)> {
    let bytes: &[u8; DIR] = table.get(at..)?.get(..DIR)?.try_into().ok()?;
    let number = |n: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[n * 8 + i]));
    let stamp =
        Stamp { modified: number(0) as i64, changed: number(1) as i64, size: number(2), inode: number(3) };
    let rows = u32::from_le_bytes(std::array::from_fn(|i| bytes[32 + i])) as usize;
    let length = usize::from(u16::from_le_bytes([bytes[37], bytes[38]]));
    let end = at + DIR + length;
    let path = String::from_utf8(table.get(at + DIR..end)?.to_vec()).ok()?;
    Some((Dir { path, stamp, volatile: bytes[36] != 0 }, rows, end))
}

fn write_dir(dir: &Dir, rows: u32, out: &mut Vec<u8>) {
    out.extend(dir.stamp.modified.to_le_bytes());
    out.extend(dir.stamp.changed.to_le_bytes());
    out.extend(dir.stamp.size.to_le_bytes());
    out.extend(dir.stamp.inode.to_le_bytes());
    out.extend(rows.to_le_bytes());
    out.push(u8::from(dir.volatile));
    out.extend((dir.path.len() as u16).to_le_bytes());
    out.extend(dir.path.as_bytes());
}

struct Header {
    identity: Identity,
    dirs: u32,
    rows: u32,
    table_crc: u32,
    facts_at: u64,
    total: u64,
}

impl Header {
    fn write(&self) -> [u8; HEADER] {
        let mut out = Vec::with_capacity(HEADER);
        out.extend(MAGIC);
        out.extend(self.identity.rules.to_le_bytes());
        out.extend(self.identity.device.to_le_bytes());
        out.extend(self.identity.inode.to_le_bytes());
        out.extend(self.facts_at.to_le_bytes());
        out.extend(self.total.to_le_bytes());
        out.extend(self.dirs.to_le_bytes());
        out.extend(self.rows.to_le_bytes());
        out.extend(self.table_crc.to_le_bytes());
        out.extend(crc32fast::hash(&out).to_le_bytes());
        std::array::from_fn(|i| out.get(i).copied().unwrap_or_default())
    }

    fn read(bytes: &[u8; HEADER]) -> Option<Header> {
        let number = |n: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[n * 8 + i]));
        let small = |n: usize| u32::from_le_bytes(std::array::from_fn(|i| bytes[48 + n * 4 + i]));
        if bytes[..8] != MAGIC || small(3) != crc32fast::hash(&bytes[..60]) {
            return None;
        }
        Some(Header {
            identity: Identity { rules: number(1), device: number(2), inode: number(3) },
            facts_at: number(4),
            total: number(5),
            dirs: small(0),
            rows: small(1),
            table_crc: small(2),
        })
    }
}

/// Where facts are kept: in the index on disk, or in the memory of one who read files.
pub(super) enum Store {
    /// The index on disk.
    File(File),
    /// Facts read in this survey.
    Memory(Vec<u8>),
}

impl Store {
    /// How many bytes it holds in memory.
    pub fn bytes_in_memory(&self) -> usize {
        match self {
            Store::File(_) => 0,
            Store::Memory(bytes) => bytes.len(),
        }
    }

    /// The bytes at `range`; of a file they are read into `buffer`.
    pub fn bytes<'a>(&'a self, range: Range<u64>, buffer: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        match self {
            Store::Memory(bytes) => bytes.get(range.start as usize..range.end as usize),
            Store::File(file) => {
                buffer.resize(usize::try_from(range.end - range.start).ok()?, 0);
                file.read_exact_at(buffer, range.start).ok()?;
                Some(buffer)
            }
        }
    }
}

impl FactsAt {
    /// The bytes it spans in its store.
    pub fn range(&self) -> Range<u64> {
        self.at..self.at + u64::from(self.len)
    }
}

/// The folder of what can be thrown away, made where it is not there yet.
pub(super) fn cache_dir(root: &Path) -> io::Result<PathBuf> {
    let dir = root.join(CACHE_DIR);
    if fs::symlink_metadata(&dir).is_err() {
        match fs::create_dir(&dir) {
            // Never committed, whatever the user's own ignore file says.
            Ok(()) => fs::write(dir.join(".gitignore"), "*\n")?,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Ok(dir)
}

/// An index to be: an empty file that is renamed once it is whole, and removed otherwise.
pub(super) struct Draft {
    path: PathBuf,
    file: File,
}

impl Draft {
    /// Begins one, and tells the time of the notebook's file system in nanoseconds; nothing where the notebook
    /// cannot be written to.
    pub fn begin(root: &Path) -> Option<(Draft, i64)> {
        let path = cache_dir(root).ok()?.join(format!("{FILE}.{}.tmp", std::process::id()));
        let _ = fs::remove_file(&path);
        let draft = Draft { file: File::create_new(&path).ok()?, path };
        let began = disk::stamp(&draft.file).ok()?.modified;
        Some((draft, began))
    }

    /// Writes the index and puts it in place. Should the disk be full or fail, the old one stays.
    pub fn finish(
        self,
        identity: Identity,
        dirs: &[Dir],
        rows: &[Row],
        names: &str,
        stores: &[Arc<Store>],
    ) -> io::Result<()> {
        let mut table = Vec::with_capacity(rows.len() * (row::BYTES + 32) + 4096);
        let mut rows_of = vec![0; dirs.len()];
        rows.iter().for_each(|row| rows_of[row.dir as usize] += 1);
        dirs.iter().zip(rows_of).for_each(|(dir, rows)| write_dir(dir, rows, &mut table));
        let names_len: usize = rows.iter().map(|row| usize::from(row.name_len) + 1).sum();
        let facts_at = (HEADER + table.len() + rows.len() * row::BYTES + names_len) as u64;
        let mut at = facts_at;
        let mut name = 0;
        for row in rows {
            Row { name, ..*row }.write(at, &mut table);
            at += u64::from(row.facts.len);
            name += u32::from(row.name_len) + 1;
        }
        for row in rows {
            let from = row.name as usize;
            table.extend(&names.as_bytes()[from..=from + usize::from(row.name_len)]);
        }
        let header = Header {
            identity,
            dirs: dirs.len() as u32,
            rows: rows.len() as u32,
            table_crc: crc32fast::hash(&table),
            facts_at,
            total: at,
        };
        let mut out = BufWriter::with_capacity(1 << 18, &self.file);
        out.write_all(&header.write())?;
        out.write_all(&table)?;
        let mut buffer = Vec::new();
        for run in rows.chunk_by(|a, b| a.facts.store == b.facts.store && a.facts.range().end == b.facts.at) {
            let (first, last) = (run[0].facts, run[run.len() - 1].facts);
            let store = stores.get(usize::from(first.store));
            // A long run is copied piece by piece, so that it takes no memory to speak of.
            let mut at = first.at;
            while at < last.range().end {
                let end = last.range().end.min(at + (1 << 20));
                let bytes = store.and_then(|store| store.bytes(at..end, &mut buffer));
                out.write_all(bytes.ok_or(io::ErrorKind::InvalidData)?)?;
                at = end;
            }
        }
        out.flush()?;
        drop(out);
        let place = self.path.with_file_name(FILE);
        fs::rename(&self.path, place)?;
        self.sweep();
        Ok(())
    }

    /// Removes what others left behind when they were killed.
    fn sweep(&self) {
        let Some(entries) = self.path.parent().and_then(|dir| fs::read_dir(dir).ok()) else { return };
        for entry in entries.flatten() {
            let is_draft = entry.path().extension().is_some_and(|e| e == "tmp");
            let age =
                entry.metadata().and_then(|m| m.modified()).map(|t| SystemTime::now().duration_since(t));
            if is_draft && matches!(age, Ok(Ok(age)) if age > Duration::from_secs(3600)) {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        // After a rename there is nothing of that name.
        let _ = fs::remove_file(&self.path);
    }
}
