//! What is in each file: the index's word where the file's stamp is still the same, the file itself otherwise.

use std::ffi::CStr;
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::disk::{self, Contents as Bytes, Stamp};
use super::facts;
use super::index::Index;
use super::row::{FactsAt, Row};
use super::stand_in::StandIns;
use super::survey::Parts;
use super::walk::{Contents, Listed, Plan};
use super::{Notebook, work};
use crate::contact::Contact;
use crate::date::Date;
use crate::file::{self, Reading};
use crate::fold::fold;
use crate::follow_up;
use crate::problem::{Position, Problem};
use crate::settings::Settings;
use crate::ties::company;

/// What came of settling all files.
pub(super) struct Settled {
    /// A row for each file that is there, by folder and name.
    pub rows: Vec<Row>,
    /// Which of them have something wrong with them.
    pub odd: Vec<usize>,
    /// The facts that were read, a memory for each worker.
    pub memories: Vec<Vec<u8>>,
    /// How many files were read, or assessed anew, that need not be next time if the index is written.
    pub renewed: usize,
    /// A file came, went or changed its name.
    pub moved: bool,
}

/// How closely to look.
#[derive(Clone, Copy)]
pub(super) enum Look<'a> {
    /// At every file's stamp; told how many were looked at, and of how many.
    Closely(&'a (dyn Fn(usize, usize) + Sync)),
    /// At names alone: a file that the index knows is taken to be as it was.
    Briefly,
}

impl Look<'_> {
    /// The same, but not brief.
    pub fn closely(self) -> Self {
        match self {
            Look::Closely(_) => self,
            Look::Briefly => Look::Closely(&|_, _| {}),
        }
    }
}

/// Looks at every file of the plan. `now` gives the time of the file system, and is asked before the first file
/// is read.
pub(super) fn settle(
    plan: &Plan,
    index: Option<&Index>,
    top: BorrowedFd<'_>,
    notebook: &Notebook,
    today: Date,
    now: &(dyn Fn() -> i64 + Sync),
    look: Look<'_>,
) -> Settled {
    const CHUNK: usize = 256;
    let mut chunks = Vec::new();
    for (dir, contents) in plan.contents.iter().enumerate() {
        let count = match contents {
            Contents::Kept(rows) => rows.len(),
            Contents::Listed(files) => files.len(),
        };
        chunks.extend((0..count).step_by(CHUNK).map(|from| (dir, from..count.min(from + CHUNK))));
    }
    let files: usize = chunks.iter().map(|(_, range)| range.len()).sum();
    let (progress, trusting): (&(dyn Fn(usize, usize) + Sync), bool) = match look {
        Look::Closely(progress) => (progress, false),
        Look::Briefly => (&|_, _| {}, true),
    };
    let (root, settings) = (notebook.root(), notebook.settings());
    let work = Work { plan, index, top, root, settings, today, now, trusting };
    let done = AtomicUsize::new(0);
    let (parts, workers) =
        work::each_with(&chunks, threads(files, index), Worker::new, |worker, (dir, range)| {
            let rows = work.chunk(worker, *dir, range.clone());
            progress(done.fetch_add(range.len(), Ordering::Relaxed) + range.len(), files);
            rows
        });
    let mut settled = Settled {
        rows: Vec::with_capacity(files),
        odd: Vec::new(),
        memories: Vec::with_capacity(workers.len()),
        renewed: 0,
        moved: plan.changed,
    };
    for rows in parts {
        let from = settled.rows.len();
        settled.odd.extend(rows.iter().enumerate().filter(|(_, row)| row.is_odd()).map(|(at, _)| from + at));
        settled.rows.extend(rows);
    }
    for worker in workers {
        settled.memories.push(worker.memory);
        settled.renewed += worker.renewed;
        settled.moved |= worker.lost;
    }
    settled
}

/// How many threads read files: reading waits for the disk, and where it need not, many cost no more than few.
pub(super) const READERS: usize = 16;

/// Below some two thousand files a thread costs more than it brings.
fn threads(files: usize, index: Option<&Index>) -> usize {
    const WORTH_A_THREAD: usize = 2_000;
    match index {
        Some(_) if files < WORTH_A_THREAD => 1,
        Some(_) => work::cores(),
        None => (files / 100).clamp(1, READERS),
    }
}

struct Worker {
    /// The number of its memory among the stores; the index on disk is number 0.
    store: u16,
    memory: Vec<u8>,
    buffer: Vec<u8>,
    /// Opened for the first broken file.
    stand_ins: Option<StandIns>,
    renewed: usize,
    lost: bool,
}

impl Worker {
    fn new(number: usize) -> Worker {
        Worker {
            store: number as u16 + 1,
            memory: Vec::new(),
            buffer: Vec::new(),
            stand_ins: None,
            renewed: 0,
            lost: false,
        }
    }
}

struct Work<'a> {
    plan: &'a Plan,
    index: Option<&'a Index>,
    top: BorrowedFd<'a>,
    root: &'a Path,
    settings: &'a Settings,
    today: Date,
    now: &'a (dyn Fn() -> i64 + Sync),
    /// Take the index's word for files whose names it knows.
    trusting: bool,
}

impl Work<'_> {
    fn chunk(&self, worker: &mut Worker, dir: usize, range: std::ops::Range<usize>) -> Vec<Row> {
        let mut rows = Vec::with_capacity(range.len());
        let Ok(folder) = disk::open_dir(self.top, &self.plan.dirs[dir].path) else {
            worker.lost = true;
            return rows;
        };
        let dir_number = dir as u32;
        for at in range {
            let (name, name_len, old) = match &self.plan.contents[dir] {
                Contents::Kept(kept) => match self.index.and_then(|index| index.row(kept.start + at)) {
                    Some(row) => (row.name, row.name_len, Some(row)),
                    None => continue,
                },
                Contents::Listed(files) => {
                    let Listed { name, name_len, row } = files[at];
                    (name, name_len, row.and_then(|row| self.index?.row(row)))
                }
            };
            let old = old.map(|row| Row { dir: dir_number, name, name_len, ..row });
            match self.file(worker, &folder, Row { dir: dir_number, name, name_len, ..EMPTY }, old) {
                Some(row) => rows.push(row),
                None => worker.lost = true,
            }
        }
        rows
    }

    fn file(&self, worker: &mut Worker, folder: &OwnedFd, empty: Row, old: Option<Row>) -> Option<Row> {
        let from = empty.name as usize;
        let name = CStr::from_bytes_with_nul(
            self.plan.names.get(from..=from + usize::from(empty.name_len))?.as_bytes(),
        )
        .ok()?;
        if let Some(row) = old.filter(|_| self.trusting) {
            return Some(row);
        }
        if let Some(row) = old.filter(|row| !row.volatile) {
            match disk::stamp_in(folder, name) {
                Ok(Some(stamp)) if stamp == row.stamp => {
                    if row.outlook.holds_on(self.today) {
                        return Some(row);
                    }
                    if let Some(row) = self.renew_outlook(worker, row) {
                        return Some(row);
                    }
                }
                Ok(None) => return None,
                Ok(Some(_)) | Err(_) => {}
            }
        }
        self.read(worker, folder, name, empty)
    }

    /// The file is as it was, but the day is one that the index says nothing about.
    fn renew_outlook(&self, worker: &mut Worker, row: Row) -> Option<Row> {
        self.index?.read_at(row.facts.at, row.facts.len as usize, &mut worker.buffer).ok()?;
        if crc32fast::hash(&worker.buffer) != row.facts.crc {
            return None;
        }
        let contact = facts::decode(&worker.buffer, "", Parts::RULES)?;
        worker.renewed += 1;
        Some(Row { outlook: outlook(&contact, self.settings, self.today), ..row })
    }

    fn read(&self, worker: &mut Worker, folder: &OwnedFd, name: &CStr, row: Row) -> Option<Row> {
        let now = (self.now)();
        let stem = name.to_str().ok()?.strip_suffix(".md")?;
        let (reading, stamp, volatile) = read(folder, name, stem, self.settings, &mut worker.buffer)?;
        let Reading { mut contact, problems } = reading;
        let broken = contact.broken;
        if broken {
            let stand_ins = worker.stand_ins.get_or_insert_with(|| StandIns::of(self.root));
            if let Some(stand_in) = stand_ins.find(&self.plan.path(row.dir, stem), stem, self.settings) {
                contact = stand_in;
            }
        }
        // What stands in for a broken file depends on history, which no stamp tells of.
        let volatile = volatile || broken || stamp.is_fresh(now);
        let row = Row { volatile, stamp, broken, ..row };
        let row =
            kept(row, &contact, &problems, (worker.store, &mut worker.memory), self.settings, self.today)?;
        worker.renewed += usize::from(!volatile);
        Some(row)
    }
}

/// Keeps the facts of a contact in the memory of that number, and gives its row, which tells where its file is.
pub(super) fn kept(
    row: Row,
    contact: &Contact,
    problems: &[Problem],
    (store, memory): (u16, &mut Vec<u8>),
    settings: &Settings,
    today: Date,
) -> Option<Row> {
    let start = memory.len();
    facts::encode(contact, problems, memory).ok()?;
    let kept = &memory[start..];
    let facts = FactsAt { store, at: start as u64, len: kept.len() as u32, crc: crc32fast::hash(kept) };
    Some(Row {
        stale: contact.stale,
        problems: !problems.is_empty(),
        company: company_mark(contact),
        facts,
        outlook: outlook(contact, settings, today),
        ..row
    })
}

/// Reads a contact file, whatever is wrong with it; nothing where it is gone. Also its stamp, and whether that
/// says nothing about the next time.
pub(super) fn read<P: rustix::path::Arg + Copy>(
    folder: &OwnedFd,
    path: P,
    stem: &str,
    settings: &Settings,
    buffer: &mut Vec<u8>,
) -> Option<(Reading, Stamp, bool)> {
    let nowhere = Position::default();
    Some(match disk::read_in(folder, path, file::MOST_BYTES, buffer) {
        Ok(Bytes::Gone) => return None,
        Ok(Bytes::Read(stamp)) => (parse(buffer, stem, settings), stamp, false),
        Ok(Bytes::Unsteady(stamp)) => (parse(buffer, stem, settings), stamp, true),
        Ok(Bytes::TooLarge(stamp)) => {
            let megabytes = stamp.size.div_ceil(1 << 20);
            let message =
                format!("too large for a contact: {megabytes} MiB, and {} at most", file::MOST_BYTES >> 20);
            let problem =
                Problem::error(nowhere, message).hint("keep long material below files/ and link to it");
            (file::unreadable(stem, problem), stamp, false)
        }
        Err(error) => {
            let why = match error.kind() {
                std::io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
                _ => error.to_string(),
            };
            let problem = Problem::error(nowhere, format!("cannot be read: {why}"))
                .hint("give yourself the right to read it");
            (file::unreadable(stem, problem), Stamp::default(), true)
        }
    })
}

/// Reads a contact, whatever is wrong with it.
pub(super) fn parse(bytes: &[u8], stem: &str, settings: &Settings) -> Reading {
    match file::decode(bytes) {
        Ok(text) => file::parse(text, stem, settings),
        Err(problem) => file::unreadable(stem, problem),
    }
}

/// The mark of the contact's company; 0 where it has none.
fn company_mark(contact: &Contact) -> u32 {
    company(contact).map_or(0, mark)
}

/// A number that the names of one company share, however they are written, and few others.
pub(super) fn mark(company: &str) -> u32 {
    crc32fast::hash(fold(company.trim()).as_bytes()).max(1)
}

/// What the rules say; a broken contact is never due (format, section 8).
pub(super) fn outlook(contact: &Contact, settings: &Settings, today: Date) -> follow_up::Outlook {
    if contact.broken {
        return EMPTY.outlook;
    }
    follow_up::outlook(contact, settings, today)
}

/// A row of nothing.
pub(super) const EMPTY: Row = Row {
    dir: 0,
    name: 0,
    name_len: 0,
    clash: false,
    broken: false,
    stale: false,
    problems: false,
    volatile: false,
    company: 0,
    stamp: Stamp { modified: 0, changed: 0, size: 0, inode: 0 },
    facts: FactsAt { store: 0, at: 0, len: 0, crc: 0 },
    outlook: follow_up::Outlook {
        valid_from: Date::MIN,
        valid_until: Date::MAX,
        due: None,
        kind: None,
        crack: false,
        stopped: false,
        rhythm_days: 0,
        value: 0.0,
    },
};
