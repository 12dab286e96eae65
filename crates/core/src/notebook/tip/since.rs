//! Which contacts are not the same in two tips: whoever made something of the earlier one makes anew only what is of
//! these.

use std::cmp::Ordering;
use std::sync::Arc;

use super::Tip;

/// The contacts that are not the same in two tips, by their numbers.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// Those of the earlier one that are gone, or are otherwise now.
    pub gone: Vec<usize>,
    /// Those of the later one that were not there, or were otherwise.
    pub new: Vec<usize>,
}

impl Tip {
    /// What is not as it was in an earlier tip of the same notebook. None where nothing can be taken over: the
    /// settings are others, or the day is.
    pub fn since(&self, earlier: &Tip) -> Option<Since> {
        if self.today != earlier.today || self.notebook.settings_text() != earlier.notebook.settings_text() {
            return None;
        }
        let mut since = Since::default();
        let (old, new) = (earlier.table.rows.len(), self.table.rows.len());
        let has_same_files = old == new
            && Arc::ptr_eq(&self.table.names, &earlier.table.names)
            && Arc::ptr_eq(&self.table.dirs, &earlier.table.dirs);
        if has_same_files {
            since.new = (0..new).filter(|at| !self.is_as(*at, earlier, *at)).collect();
            since.gone.clone_from(&since.new);
            return Some(since);
        }
        let (mut a, mut b) = (0, 0);
        while a < old || b < new {
            let order = match (a < old, b < new) {
                (true, true) => earlier.key(a).cmp(&self.key(b)),
                (true, false) => Ordering::Less,
                _ => Ordering::Greater,
            };
            if order != Ordering::Greater && (order == Ordering::Less || !self.is_as(b, earlier, a)) {
                since.gone.push(a);
            }
            if order != Ordering::Less && (order == Ordering::Greater || !self.is_as(b, earlier, a)) {
                since.new.push(b);
            }
            a += usize::from(order != Ordering::Greater);
            b += usize::from(order != Ordering::Less);
        }
        Some(since)
    }

    /// What the rows are sorted by.
    fn key(&self, at: usize) -> (&str, &str) {
        let row = &self.table.rows[at];
        (&self.table.dirs[row.dir as usize].path, self.table.file_name(row))
    }

    /// Whether the contact is as that of the earlier tip, which has the same file.
    fn is_as(&self, at: usize, earlier: &Tip, was: usize) -> bool {
        let (row, old) = (&self.table.rows[at], &earlier.table.rows[was]);
        // The version that stands in for a broken file is no matter of its bytes.
        self.versions.ids[at] == earlier.versions.ids[was]
            && (row.clash, row.broken, row.stale) == (old.clash, old.broken, old.stale)
            && (row.facts.crc, row.facts.len) == (old.facts.crc, old.facts.len)
    }
}
