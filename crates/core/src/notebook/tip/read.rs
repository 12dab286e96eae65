//! Contacts out of a repository, many at once.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::super::index::Store;
use super::super::row::Row;
use super::super::settle::{self, EMPTY};
use super::super::stand_in::StandIns;
use super::super::table::Table;
use super::super::{CONTACTS_DIR, work};
use super::{TipError, folders};
use crate::date::Date;
use crate::file;
use crate::file::MOST_BYTES;
use crate::git::{self, GitError};
use crate::merge::files::{BlobId, Delta, File};
use crate::problem::{Position, Problem};
use crate::settings::Settings;

/// How many files are read by one thread before it looks for more.
const CHUNK: usize = 256;
/// A store that is larger than this gets no more files when all are read.
const FULL: usize = 1 << 20;

/// A contact's file in a tree. The order is that of the rows: by folder and name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Its folder, from `contacts`.
    pub dir: String,
    /// Its name, with `.md`.
    pub name: String,
    /// Its bytes.
    pub id: BlobId,
}

impl Found {
    /// What a path has now; none where that is no contact's file.
    pub fn of(delta: &Delta) -> Option<Found> {
        Found::at(&delta.path, delta.after?)
    }

    /// What it had before.
    pub fn before(delta: &Delta) -> Option<Found> {
        Found::at(&delta.path, delta.before?)
    }

    fn at(path: &str, file: File) -> Option<Found> {
        let below = path.strip_prefix(CONTACTS_DIR)?.strip_prefix('/')?;
        let is_file = matches!(file.mode, 0o100_644 | 0o100_755);
        let is_contact =
            below.len() > 3 && below.ends_with(".md") && !below.split('/').any(|p| p.starts_with('.'));
        let (dir, name) = below.rsplit_once('/').unwrap_or(("", below));
        let is_short = name.len() <= usize::from(u16::MAX);
        (is_file && is_contact && is_short).then(|| Found {
            dir: dir.to_owned(),
            name: name.to_owned(),
            id: file.id,
        })
    }

    /// The path from the notebook's root.
    pub fn path(&self) -> String {
        let Found { dir, name, .. } = self;
        if dir.is_empty() { format!("{CONTACTS_DIR}/{name}") } else { format!("{CONTACTS_DIR}/{dir}/{name}") }
    }
}

/// Reads files one by one.
pub struct Reader<'r> {
    store: &'r git::Store,
    repository: &'r Path,
    settings: &'r Settings,
    today: Date,
    /// Opened for the first broken file.
    stand_ins: Option<StandIns>,
}

impl<'r> Reader<'r> {
    /// Out of that store.
    pub fn new(
        store: &'r git::Store,
        repository: &'r Path,
        settings: &'r Settings,
        today: Date,
    ) -> Reader<'r> {
        Reader { store, repository, settings, today, stand_ins: None }
    }

    /// The row of a file, its facts appended to the memory of that number. Its folder and name are not set.
    ///
    /// # Errors
    /// Where the repository does not give its bytes.
    pub fn row(&mut self, found: &Found, number: u16, memory: &mut Vec<u8>) -> Result<Row, TipError> {
        let stem = found.name.strip_suffix(".md").unwrap_or(&found.name);
        let bytes = self.store.blob(found.id)?;
        let reading = if bytes.len() as u64 > MOST_BYTES {
            let message = format!("too large for a contact: {} MiB at most", MOST_BYTES >> 20);
            let problem = Problem::error(Position::default(), message);
            file::unreadable(stem, problem.hint("keep long material below files/ and link to it"))
        } else {
            settle::parse(&bytes, stem, self.settings)
        };
        let mut contact = reading.contact;
        let broken = contact.broken;
        if broken {
            let stand_ins = self.stand_ins.get_or_insert_with(|| StandIns::of(self.repository));
            if let Some(stand_in) = stand_ins.find(&found.path(), stem, self.settings) {
                contact = stand_in;
            }
        }
        let row = Row { broken, ..EMPTY };
        let kept =
            settle::kept(row, &contact, &reading.problems, (number, memory), self.settings, self.today);
        Ok(kept.unwrap_or(row))
    }
}

/// A thread that reads, and what it read, by the numbers of the stores.
struct Worker {
    store: Result<git::Store, GitError>,
    full: Vec<(usize, Vec<u8>)>,
    open: Option<(usize, Vec<u8>)>,
}

/// Reads all files, on every core. Gives what is known of them, and their bytes' ids.
pub fn all(
    repository: &Path,
    found: &[Found],
    settings: &Settings,
    today: Date,
) -> Result<(Table, Vec<BlobId>), TipError> {
    let chunks: Vec<&[Found]> = found.chunks(CHUNK).collect();
    // Many stores of some size: the memory for one that grew to hold everything would be needed twice.
    let stores = AtomicUsize::new(0);
    let begin = |_| Worker { store: git::Store::bare(repository), full: Vec::new(), open: None };
    let (parts, workers) = work::each_with(&chunks, work::cores(), begin, |worker, chunk| {
        // An error is told by the worker's own state.
        let Ok(store) = &worker.store else { return Ok(Vec::new()) };
        let mut reader = Reader::new(store, repository, settings, today);
        let new = || (stores.fetch_add(1, Ordering::Relaxed), Vec::with_capacity(FULL + FULL / 2));
        let (number, mut memory) = worker.open.take().unwrap_or_else(new);
        let rows = chunk
            .iter()
            .map(|found| reader.row(found, number as u16, &mut memory))
            .collect::<Result<Vec<Row>, _>>();
        match memory.len() > FULL {
            true => worker.full.push((number, memory)),
            false => worker.open = Some((number, memory)),
        }
        rows
    });
    let mut rows = Vec::with_capacity(found.len());
    for part in parts {
        rows.extend(part?);
    }
    let mut memories = Vec::new();
    for worker in workers {
        worker.store?;
        memories.extend(worker.full);
        memories.extend(worker.open);
    }
    memories.sort_by_key(|(number, _)| *number);
    let mut table = Table::default();
    for (_, mut memory) in memories {
        memory.shrink_to_fit();
        table.stores.push(Arc::new(Store::Memory(memory)));
    }
    arrange(&mut table, found.iter().cloned().zip(rows).collect());
    Ok((table, found.iter().map(|found| found.id).collect()))
}

/// Makes these the rows of the table. They are sorted.
pub fn arrange(table: &mut Table, all: Vec<(Found, Row)>) {
    let (dirs, numbers) = folders(all.iter().map(|(found, _)| found));
    let mut names = String::with_capacity(all.iter().map(|(found, _)| found.name.len() + 1).sum());
    let rows = all.iter().zip(numbers).map(|((found, row), dir)| {
        let name = names.len() as u32;
        names.push_str(&found.name);
        names.push('\0');
        Row { dir, name, name_len: found.name.len() as u16, ..*row }
    });
    table.rows = rows.collect();
    table.dirs = Arc::new(dirs);
    table.names = Arc::new(names);
    table.mark_clashes();
}

/// A copy of what a store holds, to be added to.
pub fn memory(store: &Store) -> Vec<u8> {
    match store {
        Store::Memory(bytes) => bytes.clone(),
        Store::File(_) => Vec::new(),
    }
}
