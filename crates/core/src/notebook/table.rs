//! All that a survey knows of the files, shared by whoever has a copy of it.

use std::sync::Arc;

use super::chunks::Chunks;
use super::clash;
use super::index::{Dir, Store};
use super::row::Row;
use super::survey::FileProblem;

/// All that a survey knows of the files. To have it twice costs next to nothing.
#[derive(Clone, Default)]
pub(super) struct Table {
    pub dirs: Arc<Vec<Dir>>,
    /// By folder and name.
    pub rows: Chunks<Row>,
    /// The numbers of those that have something wrong with them: few, and asked for at every answer.
    pub odd: Arc<Vec<usize>>,
    /// The names of the files, each ended by a zero byte.
    pub names: Arc<String>,
    /// The index on disk first, then what was read.
    pub stores: Vec<Arc<Store>>,
    /// What is wrong beside the contents of files.
    pub problems: Arc<Vec<FileProblem>>,
}

impl Table {
    /// The file name of a row.
    pub fn file_name(&self, row: &Row) -> &str {
        self.names.get(row.name as usize..row.name as usize + usize::from(row.name_len)).unwrap_or_default()
    }

    /// The file name of that number, without `.md`.
    pub fn stem(&self, index: usize) -> &str {
        let name = self.file_name(&self.rows[index]);
        name.strip_suffix(".md").unwrap_or(name)
    }

    /// The bytes of a row's facts; of the index on disk they are read into `buffer`.
    pub fn facts<'a>(&'a self, row: &Row, buffer: &'a mut Vec<u8>) -> Option<&'a [u8]> {
        let bytes = self.stores[usize::from(row.facts.store)].bytes(row.facts.range(), buffer);
        bytes.filter(|bytes| crc32fast::hash(bytes) == row.facts.crc)
    }

    /// Finds files of one name, and all that is odd.
    pub fn mark_clashes(&mut self) {
        let clashing = clash::find(self.rows.len(), |index| self.stem(index));
        for (at, clash) in clashing.into_iter().enumerate() {
            if self.rows[at].clash != clash {
                self.rows.get_mut(at).clash = clash;
            }
        }
        self.mark_odd();
    }

    /// Finds all that is odd.
    pub fn mark_odd(&mut self) {
        let odd = (0..self.rows.len()).filter(|index| self.rows[*index].is_odd()).collect();
        self.odd = Arc::new(odd);
    }
}
