//! The notebook as a repository's branch has it: every contact in memory, for whoever serves many questions. From one
//! commit to the next only what differs is read.

mod publish;
mod read;
mod since;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::{DateTime, Utc};

use super::around::Signs;
use super::chunks::Chunks;
use super::index::{Dir, Store};
use super::row::{FactsAt, Row};
use super::settle;
use super::survey::Parts;
use super::table::Table;
use super::{CONTACTS_DIR, Notebook, OpenError, SETTINGS_FILE, Survey, facts};
use crate::date::Date;
use crate::file;
use crate::git::{self, GitError};
use crate::merge::files::{BlobId, Delta};
use read::Found;

pub use publish::{Publishing, Unpublished};
pub use since::Since;

/// A store that is larger than this is not copied to add to it.
const SMALL: usize = 1 << 16;
/// Where more than one in so many contacts changed, who may know whom is found anew.
const FEW: usize = 8;
/// Where this many files more than that changed, all are read anew.
const MANY: usize = 500;

/// A notebook at one commit, for one day. To have it twice costs next to nothing; it may be asked from any thread.
#[derive(Clone)]
pub struct Tip {
    repository: PathBuf,
    commit: String,
    tree: String,
    today: Date,
    notebook: Arc<Notebook>,
    versions: Versions,
    table: Table,
    /// In each store, how many bytes of facts no row has any more.
    clutter: Vec<usize>,
    /// The store that is added to.
    open: usize,
}

/// Why a commit cannot be served as a notebook.
#[derive(Debug, thiserror::Error)]
pub enum TipError {
    /// The repository cannot be read.
    #[error(transparent)]
    Git(#[from] GitError),
    /// The commit holds no notebook, or one with broken settings.
    #[error(transparent)]
    Notebook(#[from] OpenError),
}

/// Which bytes each contact has.
#[derive(Clone)]
pub(super) struct Versions {
    store: Arc<Mutex<git::Store>>,
    /// In the order of the rows.
    ids: Chunks<BlobId>,
    /// Who may have ties to whom; found when it is first asked for, and then kept up.
    signs: Arc<OnceLock<Signs>>,
}

impl Versions {
    /// git's id of that contact's file.
    pub fn id(&self, index: usize) -> BlobId {
        self.ids[index]
    }

    /// Who may have ties to whom.
    pub fn signs(&self, find: impl FnOnce() -> Signs) -> &Signs {
        self.signs.get_or_init(find)
    }

    /// The bytes of that contact's file.
    pub fn bytes(&self, index: usize) -> Option<Vec<u8>> {
        let store = self.store.lock().unwrap_or_else(PoisonError::into_inner);
        store.blob(self.ids[index]).ok()
    }
}

impl Tip {
    /// Reads every contact that a commit of a bare repository has, and says what the rules say on the day that `today`
    /// gives for the notebook's time zone.
    ///
    /// # Errors
    /// Where the repository cannot be read, or the commit holds no notebook.
    pub fn load(repository: &Path, commit: &str, today: impl Fn(&Notebook) -> Date) -> Result<Tip, TipError> {
        let store = git::Store::bare(repository)?;
        let tree = store.tree_of(commit)?;
        let deltas = store.deltas(None, &tree)?;
        let others = deltas.iter().filter(|delta| !is_in_contacts(&delta.path));
        let others: BTreeSet<String> = others.map(|delta| delta.path.clone()).collect();
        let notebook = notebook(&store, repository, &tree, others)?;
        let today = today(&notebook);
        let mut found: Vec<Found> = deltas.iter().filter_map(Found::of).collect();
        found.sort();
        let (table, ids) = read::all(repository, &found, notebook.settings(), today)?;
        Ok(Tip {
            repository: repository.to_owned(),
            commit: commit.to_owned(),
            tree,
            today,
            notebook: Arc::new(notebook),
            versions: Versions {
                // A new one: the other has mapped most of the repository into memory.
                store: Arc::new(Mutex::new(git::Store::bare(repository)?)),
                ids: ids.into_iter().collect(),
                signs: Arc::default(),
            },
            table,
            clutter: Vec::new(),
            open: 0,
        })
    }

    /// Goes to another commit, and reads what differs there.
    ///
    /// # Errors
    /// As [`Tip::load`]; it stays where it is then.
    pub fn follow(&mut self, commit: &str) -> Result<(), TipError> {
        let (tree, deltas) = self.with_store(|store| -> Result<_, GitError> {
            let tree = store.tree_of(commit)?;
            let deltas = store.deltas(Some(&self.tree), &tree)?;
            Ok((tree, deltas))
        })?;
        let has_other_settings = deltas.iter().any(|delta| delta.path == SETTINGS_FILE);
        // To read that many is quicker on every core, and into new memory.
        if has_other_settings || deltas.len() > MANY + self.table.rows.len() / FEW {
            let today = self.today;
            *self = Tip::load(&self.repository, commit, |_| today)?;
            return Ok(());
        }
        self.note_others(&deltas);
        let contacts: Vec<&Delta> = deltas.iter().filter(|delta| is_in_contacts(&delta.path)).collect();
        let is_edit = |delta: &&Delta| Found::of(delta).is_some() && Found::before(delta).is_some();
        if contacts.iter().all(is_edit) {
            self.edit(&contacts)?;
        } else {
            self.rebuild(&contacts)?;
        }
        self.tidy();
        (self.commit, self.tree) = (commit.to_owned(), tree);
        Ok(())
    }

    /// Goes to another day.
    pub fn renew(&mut self, today: Date) {
        self.today = today;
        let old = self.table.clone();
        let mut buffer = Vec::new();
        let stale = |row: &Row| !row.outlook.holds_on(today);
        if !old.rows.iter().any(stale) {
            return;
        }
        let settings = self.notebook.settings();
        for at in (0..old.rows.len()).filter(|at| stale(&old.rows[*at])) {
            let row = self.table.rows.get_mut(at);
            let contact =
                old.facts(row, &mut buffer).and_then(|bytes| facts::decode(bytes, "", Parts::RULES));
            if let Some(contact) = contact {
                row.outlook = settle::outlook(&contact, settings, today);
            }
        }
    }

    /// All contacts, as a survey of a folder would find them. This costs next to nothing.
    pub fn survey(&self) -> Survey<'_> {
        Survey::of_tip(&self.notebook, self.today, &self.versions, self.table.clone())
    }

    /// The commit.
    pub fn commit(&self) -> &str {
        &self.commit
    }

    /// When the commit was made.
    ///
    /// # Errors
    /// Where the repository cannot be read.
    pub fn committed(&self) -> Result<DateTime<Utc>, GitError> {
        self.with_store(|store| store.committed(&self.commit))
    }

    /// The commit's tree.
    pub fn tree(&self) -> &str {
        &self.tree
    }

    /// The day.
    pub fn today(&self) -> Date {
        self.today
    }

    /// The notebook: its settings, and which files it has beside the contacts.
    pub fn notebook(&self) -> &Notebook {
        &self.notebook
    }

    /// How many bytes of memory it takes, near enough.
    pub fn bytes(&self) -> usize {
        let stores = self.table.stores.iter().map(|store| store.bytes_in_memory());
        let row = size_of::<Row>() + size_of::<BlobId>();
        let signs = self.versions.signs.get().map_or(0, Signs::bytes);
        let others = self.notebook.others.iter().flatten().map(|path| path.len() + size_of::<String>());
        let notebook = size_of::<Notebook>() + self.notebook.settings_text.len() + others.sum::<usize>();
        notebook + stores.sum::<usize>() + self.table.rows.len() * row + self.table.names.len() + signs
    }

    /// Asks the repository, which nobody else does meanwhile.
    pub fn with_store<T>(&self, ask: impl FnOnce(&git::Store) -> T) -> T {
        ask(&self.versions.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Which files there are beside the contacts.
    fn note_others(&mut self, deltas: &[Delta]) {
        let mut others = deltas.iter().filter(|delta| !is_in_contacts(&delta.path)).peekable();
        if others.peek().is_none() {
            return;
        }
        let mut notebook = Notebook::clone(&self.notebook);
        let known = notebook.others.get_or_insert_default();
        for delta in others {
            match delta.after {
                Some(_) => drop(known.insert(delta.path.clone())),
                None => drop(known.remove(&delta.path)),
            }
        }
        self.notebook = Arc::new(notebook);
    }

    /// The same files with other texts.
    fn edit(&mut self, deltas: &[&Delta]) -> Result<(), TipError> {
        let found: Vec<Found> = deltas.iter().filter_map(|delta| Found::of(delta)).collect();
        let places: Option<Vec<usize>> = found.iter().map(|found| self.place(found)).collect();
        let Some(places) = places else { return self.rebuild(deltas) };
        let rows = self.read(&found)?;
        let old: Vec<FactsAt> = places.iter().map(|at| self.table.rows[*at].facts).collect();
        old.into_iter().for_each(|facts| self.discard(facts));
        let mut odd = false;
        for ((&at, new), found) in places.iter().zip(rows).zip(found) {
            let old = self.table.rows[at];
            let row = Row { dir: old.dir, name: old.name, name_len: old.name_len, clash: old.clash, ..new };
            odd |= old.is_odd() != row.is_odd();
            *self.table.rows.get_mut(at) = row;
            *self.versions.ids.get_mut(at) = found.id;
        }
        self.keep_signs(&places, Some);
        if odd {
            self.table.mark_odd();
        }
        Ok(())
    }

    /// Files came or went, so that all get other numbers.
    fn rebuild(&mut self, deltas: &[&Delta]) -> Result<(), TipError> {
        let touched: BTreeSet<&str> = deltas.iter().map(|delta| delta.path.as_str()).collect();
        let found: Vec<Found> = deltas.iter().filter_map(|delta| Found::of(delta)).collect();
        let rows = self.read(&found)?;
        let mut all: Vec<(Found, Row)> = Vec::with_capacity(self.table.rows.len() + found.len());
        let mut kept: Vec<bool> = Vec::with_capacity(self.table.rows.len());
        for (at, row) in self.table.rows.iter().enumerate() {
            let dir = &self.table.dirs[row.dir as usize].path;
            let found = Found {
                dir: dir.clone(),
                name: self.table.file_name(row).to_owned(),
                id: self.versions.ids[at],
            };
            kept.push(!touched.contains(found.path().as_str()));
            if kept[at] {
                all.push((found, *row));
            }
        }
        let gone = self.table.rows.iter().zip(&kept).filter(|(_, kept)| !**kept);
        let gone: Vec<FactsAt> = gone.map(|(row, _)| row.facts).collect();
        gone.into_iter().for_each(|facts| self.discard(facts));
        let new: BTreeSet<Found> = found.iter().cloned().collect();
        all.extend(found.into_iter().zip(rows));
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        let is_new: Vec<bool> = all.iter().map(|(found, _)| new.contains(found)).collect();
        self.versions.ids = all.iter().map(|(found, _)| found.id).collect();
        read::arrange(&mut self.table, all);
        // Those that were kept are in the order that they were in.
        let mut numbers = is_new.iter().enumerate().filter(|(_, new)| !**new).map(|(at, _)| at);
        let moved: Vec<Option<usize>> =
            kept.into_iter().map(|kept| if kept { numbers.next() } else { None }).collect();
        let new: Vec<usize> = is_new.iter().enumerate().filter(|(_, new)| **new).map(|(at, _)| at).collect();
        self.keep_signs(&new, |at| moved[at]);
        Ok(())
    }

    /// Keeps up who may know whom, where that was found: these contacts are new or otherwise, and each other one has
    /// the number that `moved` gives for the one it had.
    fn keep_signs(&mut self, new: &[usize], moved: impl Fn(usize) -> Option<usize>) {
        let Some(mut signs) = self.versions.signs.get().cloned() else {
            // Whoever finds them meanwhile finds those of another tip.
            self.versions.signs = Arc::default();
            return;
        };
        self.versions.signs = Arc::default();
        if new.len() > self.table.rows.len() / FEW {
            return;
        }
        let survey = self.survey();
        let marks = new.iter().flat_map(|at| Signs::marks(&survey, *at)).collect();
        signs.follow(new, moved, marks);
        let _ = self.versions.signs.set(signs);
    }

    /// The number of a file.
    fn place(&self, found: &Found) -> Option<usize> {
        let dir = self.table.dirs.binary_search_by(|dir| dir.path.cmp(&found.dir)).ok()?;
        let key = |row: &Row| (row.dir as usize, self.table.file_name(row));
        let rows = &self.table.rows;
        rows.search(0..rows.len(), |row| key(row).cmp(&(dir, found.name.as_str()))).ok()
    }

    /// Reads some files into the last store, or a new one.
    fn read(&mut self, found: &[Found]) -> Result<Vec<Row>, TipError> {
        let number = self.room();
        let store = self.versions.store.lock().unwrap_or_else(PoisonError::into_inner);
        let mut memory = read::memory(&self.table.stores[number]);
        let mut reader = read::Reader::new(&store, &self.repository, self.notebook.settings(), self.today);
        let rows = found.iter().map(|found| reader.row(found, number as u16, &mut memory));
        let rows = rows.collect::<Result<Vec<Row>, TipError>>()?;
        self.table.stores[number] = Arc::new(Store::Memory(memory));
        Ok(rows)
    }

    /// The number of the store that is added to.
    fn room(&mut self) -> usize {
        let stores = &mut self.table.stores;
        if stores.get(self.open).is_none_or(|store| store.bytes_in_memory() > SMALL) {
            let empty = stores.iter().position(|store| store.bytes_in_memory() == 0);
            self.open = empty.unwrap_or_else(|| {
                stores.push(Arc::new(Store::Memory(Vec::new())));
                stores.len() - 1
            });
        }
        self.open
    }

    /// No row has these facts any more.
    fn discard(&mut self, facts: FactsAt) {
        self.clutter.resize(self.table.stores.len(), 0);
        self.clutter[usize::from(facts.store)] += facts.len as usize;
    }

    /// Empties each store that is clutter for the most part, its other facts being copied to where is room.
    fn tidy(&mut self) {
        self.clutter.resize(self.table.stores.len(), 0);
        for number in 0..self.clutter.len() {
            let is_full = self.clutter[number] * 2 > self.table.stores[number].bytes_in_memory();
            if is_full && self.clutter[number] > 0 && number != self.open {
                self.empty(number);
            }
        }
    }

    fn empty(&mut self, number: usize) {
        let to = self.room();
        let old = self.table.clone();
        let mut memory = read::memory(&old.stores[to]);
        let mut buffer = Vec::new();
        for at in (0..old.rows.len()).filter(|at| usize::from(old.rows[*at].facts.store) == number) {
            let row = self.table.rows.get_mut(at);
            let bytes = old.facts(row, &mut buffer).unwrap_or_default();
            row.facts.at = memory.len() as u64;
            row.facts.store = to as u16;
            memory.extend_from_slice(bytes);
        }
        self.table.stores[to] = Arc::new(Store::Memory(memory));
        self.table.stores[number] = Arc::new(Store::Memory(Vec::new()));
        self.clutter[number] = 0;
    }
}

fn is_in_contacts(path: &str) -> bool {
    path.strip_prefix(CONTACTS_DIR).is_some_and(|rest| rest.starts_with('/'))
}

/// The notebook that a tree holds.
fn notebook(
    store: &git::Store,
    repository: &Path,
    tree: &str,
    others: BTreeSet<String>,
) -> Result<Notebook, TipError> {
    let path = repository.join(SETTINGS_FILE);
    let Some(settings) = store.file_in(tree, SETTINGS_FILE)? else {
        return Err(OpenError::NotANotebook(repository.to_owned()).into());
    };
    match file::decode(&store.blob(settings.id)?) {
        Ok(text) => Ok(Notebook::with(repository, path, text.to_owned(), Some(others))?),
        Err(problem) => {
            Err(OpenError::Settings { path, text: String::new(), problems: vec![problem] }.into())
        }
    }
}

/// The folders of files that are sorted, and for each file its folder's number.
fn folders<'f>(found: impl Iterator<Item = &'f Found>) -> (Vec<Dir>, Vec<u32>) {
    let mut dirs: Vec<Dir> = Vec::new();
    let mut known: HashMap<&str, u32> = HashMap::new();
    let numbers = found.map(|found| {
        *known.entry(found.dir.as_str()).or_insert_with(|| {
            dirs.push(Dir { path: found.dir.clone(), stamp: Default::default(), volatile: false });
            dirs.len() as u32 - 1
        })
    });
    let numbers = numbers.collect();
    (dirs, numbers)
}
