//! A survey: every contact of a notebook as it is on disk, with what the rules say of each.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, OnceLock};

use chrono::{DateTime, Utc};

use super::around::Signs;
use super::chunks::{CHUNK, Chunks};
use super::index::{Draft, Identity, Index, Store};
use super::row::Row;
use super::settle::{self, Look, Settled};
use super::table::Table;
use super::tip::Versions;
use super::{CONTACTS_DIR, Notebook, clash, disk, facts, walk, work};
use crate::contact::{Contact, ContactId};
use crate::date::Date;
use crate::file::{MOST_BYTES, Reading};
use crate::follow_up::Outlook;
use crate::merge::files::BlobId;
use crate::problem::{Position, Problem};

/// Which parts of a contact are wanted; the others come empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// Of the front matter and the name, who it is: name, company, addresses, and all that no rule reads.
    pub card: bool,
    /// Of the front matter what the rules read: tags, owner, stage, value, added, `[prefers]`, `[next]`, `[away]`,
    /// `[cadence]` and `[dates]`.
    pub plan: bool,
    /// The log.
    pub log: bool,
    /// The promises.
    pub promises: bool,
    /// The links.
    pub links: bool,
}

impl Parts {
    /// Nothing.
    pub const NONE: Parts = Parts { card: false, plan: false, log: false, promises: false, links: false };
    /// Everything.
    pub const ALL: Parts = Parts { card: true, plan: true, log: true, promises: true, links: true };
    /// The name and the front matter.
    pub const HEAD: Parts = Parts { card: true, plan: true, ..Parts::NONE };
    /// What the follow-up rules read.
    pub const RULES: Parts = Parts { card: false, links: false, ..Parts::ALL };

    /// What is in either.
    #[must_use]
    pub fn and(self, other: Parts) -> Parts {
        Parts {
            card: self.card || other.card,
            plan: self.plan || other.plan,
            log: self.log || other.log,
            promises: self.promises || other.promises,
            links: self.links || other.links,
        }
    }
}

/// A problem and the file that it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct FileProblem {
    /// The file's path from the notebook's root, with `/`.
    pub file: String,
    /// What is wrong.
    pub problem: Problem,
}

/// Every contact of a notebook at one moment.
pub struct Survey<'n> {
    notebook: &'n Notebook,
    today: Date,
    texts: Texts<'n>,
    table: Table,
}

/// Where the texts of the files are.
enum Texts<'n> {
    /// In the folder `contacts`; none where it cannot be opened.
    Folder(Option<OwnedFd>),
    /// In a repository.
    Tip(&'n Versions),
}

/// One contact of a survey, without its contents.
#[derive(Debug, Clone)]
pub struct RowView<'s> {
    /// Its number in the survey, from 0.
    pub index: usize,
    /// The contact's id.
    pub id: Cow<'s, str>,
    /// The file cannot be read as a contact; a committed version may stand in for it.
    pub broken: bool,
}

impl<'n> Survey<'n> {
    /// Looks at every file: lists the folders that changed, compares each file's stamp with the index, reads those
    /// that differ, and writes the index anew where enough did.
    pub(super) fn take(notebook: &'n Notebook, today: Date, look: Look<'_>) -> Survey<'n> {
        let mut survey = Survey { notebook, today, texts: Texts::Folder(None), table: Table::default() };
        if let Err(error) = survey.fill(look) {
            // No folder of contacts yet: a notebook without contacts. Any other trouble must be said.
            if error.kind() != io::ErrorKind::NotFound {
                let why = match error.kind() {
                    io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
                    io::ErrorKind::NotADirectory => "it is not a folder".to_owned(),
                    _ => error.to_string(),
                };
                let problem = Problem::error(Position::default(), format!("cannot be read: {why}"))
                    .hint("no contact can be found until it is a folder that you may read");
                let problem = FileProblem { file: CONTACTS_DIR.to_owned(), problem };
                Arc::make_mut(&mut survey.table.problems).push(problem);
            }
        }
        survey
    }

    fn fill(&mut self, look: Look<'_>) -> io::Result<()> {
        let root = self.notebook.root();
        let folder = disk::open_root(&root.join(CONTACTS_DIR))?;
        let top = folder.as_fd();
        let identity = Identity::of(&self.notebook.settings_text, top)?;
        let mut index = Index::load(root, identity);
        // Without an index every file is read anyway, and the next time is to be quicker.
        let look = if index.is_some() { look } else { look.closely() };
        // Begun before the first file is read, and only then: its time tells which stamps may not be trusted.
        let draft: OnceLock<Option<(Draft, i64)>> = OnceLock::new();
        // A glance writes no index, so what it reads need not be told from what changes while it looks.
        let is_brief = matches!(look, Look::Briefly);
        let began =
            || draft.get_or_init(|| Draft::begin(root)).as_ref().map_or(i64::MAX, |(_, began)| *began);
        let now = || if is_brief { i64::MAX } else { began() };
        let plan = walk::plan(root, top, index.as_mut(), &now);
        let before = index.as_ref().map_or(0, Index::len);
        let Settled { rows, odd, memories, renewed, moved } =
            settle::settle(&plan, index.as_ref(), top, self.notebook, self.today, &now, look);
        let mut stores = Vec::with_capacity(memories.len() + 1);
        stores.push(Arc::new(match index {
            Some(index) => Store::File(index.into_file()),
            None => Store::Memory(Vec::new()),
        }));
        stores.extend(memories.into_iter().map(|memory| Arc::new(Store::Memory(memory))));
        self.table = Table {
            dirs: Arc::new(plan.dirs),
            rows: Chunks::whole(rows),
            odd: Arc::new(odd),
            names: Arc::new(plan.names),
            stores,
            problems: Arc::new(plan.problems),
        };
        self.texts = Texts::Folder(Some(folder));
        if moved || before == 0 {
            self.table.mark_clashes();
        }
        let table = &self.table;
        let lost = before.saturating_sub(table.rows.len());
        if matches!(look, Look::Closely(_))
            && is_worth_writing(renewed + lost + plan.listed / 10, table.rows.len())
            && let Some((draft, _)) = draft.into_inner().flatten().or_else(|| Draft::begin(root))
        {
            // Without an index the answer is the same.
            let _ = draft.finish(
                identity,
                &table.dirs,
                table.rows.slice(0..table.rows.len()),
                &table.names,
                &table.stores,
            );
        }
        Ok(())
    }

    /// The contacts of a repository's tip.
    pub(super) fn of_tip(
        notebook: &'n Notebook,
        today: Date,
        versions: &'n Versions,
        table: Table,
    ) -> Survey<'n> {
        Survey { notebook, today, texts: Texts::Tip(versions), table }
    }

    /// The notebook.
    pub fn notebook(&self) -> &'n Notebook {
        self.notebook
    }

    /// The day that it was taken for.
    pub fn today(&self) -> Date {
        self.today
    }

    /// How many contacts there are.
    pub fn len(&self) -> usize {
        self.table.rows.len()
    }

    /// Whether there is no contact at all.
    pub fn is_empty(&self) -> bool {
        self.table.rows.is_empty()
    }

    /// When the newest of the contacts' files was written; of a repository's tip the beginning of 1970.
    pub fn written(&self) -> DateTime<Utc> {
        let newest = self.table.rows.iter().map(|row| row.stamp.modified).max().unwrap_or_default();
        DateTime::from_timestamp_nanos(newest)
    }

    /// The contact of that number; `index` must be below [`Survey::len`].
    pub fn row(&self, index: usize) -> RowView<'_> {
        RowView { index, id: self.id(index), broken: self.table.rows[index].broken }
    }

    /// The id of that contact: its file's stem, or its path below `contacts` where another file has the stem too
    /// (format, section 1).
    pub fn id(&self, index: usize) -> Cow<'_, str> {
        let stem = self.stem(index);
        let dir = &self.table.dirs[self.table.rows[index].dir as usize].path;
        if self.table.rows[index].clash && !dir.is_empty() {
            Cow::Owned(format!("{dir}/{stem}"))
        } else {
            Cow::Borrowed(stem)
        }
    }

    /// The contact of that very id.
    pub fn find(&self, id: &str) -> Option<usize> {
        let name = format!("{}.md", id.rsplit('/').next().unwrap_or(id));
        let rows = &self.table.rows;
        let mut from = 0;
        // In each folder the names are in order.
        while from < rows.len() {
            let dir = rows[from].dir;
            let past = |row: &Row| if row.dir == dir { Ordering::Less } else { Ordering::Greater };
            let (Ok(until) | Err(until)) = rows.search(from..rows.len(), past);
            if let Ok(at) = rows.search(from..until, |row| self.table.file_name(row).cmp(&name))
                && self.id(at) == id
            {
                return Some(at);
            }
            from = until;
        }
        None
    }

    /// What the rules say of that contact; of a broken one that nothing stands in for, nothing.
    pub fn outlook(&self, index: usize) -> &Outlook {
        &self.table.rows[index].outlook
    }

    /// Those whose files cannot be read as contacts.
    pub fn broken(&self) -> impl Iterator<Item = usize> {
        self.table.odd.iter().copied().filter(|index| self.table.rows[*index].broken)
    }

    /// Those in whose files there are problems.
    pub fn with_problems(&self) -> impl Iterator<Item = usize> {
        self.table.odd.iter().copied().filter(|index| self.table.rows[*index].problems)
    }

    /// The file of that contact, from the notebook's root, with `/`.
    pub fn path(&self, index: usize) -> String {
        format!("{CONTACTS_DIR}/{}", self.path_below(index))
    }

    /// The file of that contact, from `contacts`.
    pub(super) fn path_below(&self, index: usize) -> Cow<'_, str> {
        let dir = &self.table.dirs[self.table.rows[index].dir as usize].path;
        let name = self.table.file_name(&self.table.rows[index]);
        if dir.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{dir}/{name}")) }
    }

    fn stem(&self, index: usize) -> &str {
        self.table.stem(index)
    }

    /// The contact of that number.
    pub fn contact(&self, index: usize, parts: Parts) -> Contact {
        let row = &self.table.rows[index];
        let mut buffer = Vec::new();
        let bytes = self.table.stores[usize::from(row.facts.store)].bytes(row.facts.range(), &mut buffer);
        self.decode(index, bytes, parts)
    }

    fn decode(&self, index: usize, bytes: Option<&[u8]>, parts: Parts) -> Contact {
        let row = &self.table.rows[index];
        let id = self.id(index);
        if parts == Parts::NONE {
            return Contact {
                id: ContactId::new(id),
                broken: row.broken && !row.stale,
                stale: row.stale,
                ..Contact::default()
            };
        }
        bytes
            .filter(|bytes| crc32fast::hash(bytes) == row.facts.crc)
            .and_then(|bytes| facts::decode(bytes, &id, parts))
            .map(|contact| Contact { broken: row.broken && !row.stale, stale: row.stale, ..contact })
            .unwrap_or_else(|| self.read_again(index).map(|reading| reading.contact).unwrap_or_default())
    }

    /// Where the index was damaged after it was opened, the file itself still has the answer.
    fn read_again(&self, index: usize) -> Option<Reading> {
        let (stem, settings) = (self.stem(index), self.notebook.settings());
        let mut reading = match &self.texts {
            Texts::Folder(top) => {
                let mut buffer = Vec::new();
                settle::read(top.as_ref()?, &*self.path_below(index), stem, settings, &mut buffer)?.0
            }
            Texts::Tip(versions) => settle::parse(&versions.bytes(index)?, stem, settings),
        };
        reading.contact.id = ContactId::new(self.id(index));
        Some(reading)
    }

    /// Those that may be of that company, by its name in any way of writing: few others are among them.
    pub fn of_company(&self, company: &str) -> Vec<usize> {
        let mark = settle::mark(company);
        (0..self.len()).filter(|index| self.table.rows[*index].company == mark).collect()
    }

    /// How many contacts the index answered for, for tests.
    #[cfg(test)]
    pub(super) fn kept(&self) -> usize {
        self.table.rows.iter().filter(|row| row.facts.store == 0).count()
    }

    /// The text of that contact's file as it is now, if it can be read.
    pub fn text(&self, index: usize) -> Option<String> {
        match &self.texts {
            Texts::Folder(top) => disk::read_text(top.as_ref()?, &*self.path_below(index), MOST_BYTES),
            Texts::Tip(versions) => String::from_utf8(versions.bytes(index)?).ok(),
        }
    }

    /// git's id of that contact's file; none of files in a folder.
    pub fn version(&self, index: usize) -> Option<BlobId> {
        match &self.texts {
            Texts::Folder(_) => None,
            Texts::Tip(versions) => Some(versions.id(index)),
        }
    }

    /// By what contacts may be tied to each other, where that is kept in memory.
    pub(super) fn signs(&self) -> Option<&Signs> {
        match &self.texts {
            Texts::Folder(_) => None,
            Texts::Tip(versions) => Some(versions.signs(|| Signs::of(self))),
        }
    }

    /// Goes over all contacts on every core; the answers come in the order of the contacts' files.
    pub fn search<T: Send>(
        &self,
        parts: Parts,
        found: impl Fn(&RowView<'_>, &Contact) -> Option<T> + Sync,
    ) -> Vec<T> {
        self.over(work::cores(), |facts, index| found(&self.row(index), &facts.contact(index, parts)))
    }

    /// Like [`Survey::search`], but the parts of each contact are fetched as they are asked for. Say whether the
    /// texts of files are going to be read too.
    pub fn search_by<T: Send>(
        &self,
        reads_texts: bool,
        found: impl Fn(&RowView<'_>, &dyn Fn(Parts) -> Contact) -> Option<T> + Sync,
    ) -> Vec<T> {
        let threads = if reads_texts { settle::READERS } else { work::cores() };
        self.over(threads, |facts, index| found(&self.row(index), &|parts| facts.contact(index, parts)))
    }

    /// Goes over the outlooks of all contacts on every core; the answers come in the order of the contacts' files.
    pub fn outlooks<T: Send>(&self, found: impl Fn(usize, &Outlook) -> Option<T> + Sync) -> Vec<T> {
        let parts = self.each(&chunks(self.len()), |range| {
            let rows = range.clone().zip(self.table.rows.slice(range.clone()));
            rows.filter_map(|(index, row)| found(index, &row.outlook)).collect::<Vec<T>>()
        });
        parts.into_iter().flatten().collect()
    }

    /// Does something for each item on every core, such as for the contacts that are going to be shown; the answers
    /// come in the order of the items.
    pub fn each<I: Sync, T: Send>(&self, items: &[I], work: impl Fn(&I) -> T + Sync) -> Vec<T> {
        let threads = if items.len() < 100 { 1 } else { work::cores() };
        work::each(items, threads, work)
    }

    fn over<T: Send>(&self, threads: usize, work: impl Fn(&Region<'_>, usize) -> Option<T> + Sync) -> Vec<T> {
        let threads = if self.len() < 500 { 1 } else { threads };
        let (answers, _) = work::each_with(
            &chunks(self.len()),
            threads,
            |_| Vec::new(),
            |buffer, range| {
                let region = Region::read(self, range.clone(), buffer);
                range.clone().filter_map(|index| work(&region, index)).collect::<Vec<T>>()
            },
        );
        answers.into_iter().flatten().collect()
    }

    /// All problems of all files, the settings' warnings among them, by file and place.
    pub fn problems(&self) -> Vec<FileProblem> {
        let settings = self.notebook.settings_problems().iter();
        let mut problems: Vec<FileProblem> = settings
            .map(|problem| FileProblem { file: super::SETTINGS_FILE.to_owned(), problem: problem.clone() })
            .chain(self.table.problems.iter().cloned())
            .chain(self.clash_problems())
            .collect();
        for index in self.with_problems() {
            let file = self.path(index);
            let found = self.problems_of(index).into_iter();
            problems.extend(found.map(|problem| FileProblem { file: file.clone(), problem }));
        }
        problems.sort_by(|a, b| (&a.file, a.problem.at).cmp(&(&b.file, b.problem.at)));
        problems
    }

    /// What is wrong with folders and with things that are no contact files, and hides what is in them.
    pub fn unread(&self) -> &[FileProblem] {
        &self.table.problems
    }

    /// The problems in that contact's file.
    pub fn problems_of(&self, index: usize) -> Vec<Problem> {
        let row = &self.table.rows[index];
        if !row.problems {
            return Vec::new();
        }
        let mut buffer = Vec::new();
        let bytes = self.table.facts(row, &mut buffer);
        bytes
            .and_then(facts::decode_problems)
            .or_else(|| self.read_again(index).map(|reading| reading.problems))
            .unwrap_or_default()
    }

    /// Two files of one name are an error, each naming another (format, section 1).
    fn clash_problems(&self) -> Vec<FileProblem> {
        let clashing: Vec<usize> =
            self.table.odd.iter().copied().filter(|index| self.table.rows[*index].clash).collect();
        let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
        for &index in &clashing {
            groups.entry(clash::fold(self.stem(index)).into_owned()).or_default().push(index);
        }
        let problem = |index: usize| {
            let others = groups.get(&*clash::fold(self.stem(index))).map(Vec::as_slice).unwrap_or_default();
            let other = others.iter().find(|other| **other != index).map(|other| self.path(*other));
            let message =
                format!("\"{}\" is also the name of {}", self.stem(index), other.unwrap_or_default());
            let hint = "rename one of them; until then their ids are their paths";
            FileProblem {
                file: self.path(index),
                problem: Problem::error(Position::default(), message).hint(hint),
            }
        };
        clashing.iter().map(|index| problem(*index)).collect()
    }
}

/// The facts of rows that lie side by side in one store, read at once.
struct Region<'s> {
    survey: &'s Survey<'s>,
    /// Where the bytes start in their store; none where the rows lie apart.
    bytes: Option<(u64, &'s [u8])>,
}

impl<'s> Region<'s> {
    fn read(survey: &'s Survey<'s>, range: Range<usize>, buffer: &'s mut Vec<u8>) -> Region<'s> {
        let bytes = || {
            let rows = survey.table.rows.slice(range);
            let store = rows.first()?.facts.store;
            let start = rows.iter().map(|row| row.facts.at).min()?;
            let end = rows.iter().map(|row| row.facts.range().end).max()?;
            let length: u64 = rows.iter().map(|row| u64::from(row.facts.len)).sum();
            let is_dense = rows.iter().all(|row| row.facts.store == store) && end - start <= length * 2;
            let bytes =
                is_dense.then(|| survey.table.stores[usize::from(store)].bytes(start..end, buffer))??;
            Some((start, bytes))
        };
        Region { survey, bytes: bytes() }
    }

    fn contact(&self, index: usize, parts: Parts) -> Contact {
        let Some((start, bytes)) = self.bytes else { return self.survey.contact(index, parts) };
        let facts = self.survey.table.rows[index].facts.range();
        let bytes = bytes.get((facts.start - start) as usize..(facts.end - start) as usize);
        self.survey.decode(index, bytes, parts)
    }
}

fn chunks(len: usize) -> Vec<Range<usize>> {
    (0..len).step_by(CHUNK).map(|from| from..len.min(from + CHUNK)).collect()
}

/// Rewriting a large index for a few files costs more than reading them again next time.
fn is_worth_writing(renewed: usize, rows: usize) -> bool {
    const SMALL: usize = 2_000;
    renewed > 0 && (rows <= SMALL || renewed * 100 >= rows)
}
