//! The names by which a notebook's contacts can be called, and which of them clash.

use std::collections::HashMap;

use crate::fold::fold;
use crate::notebook::{Parts, Survey};
use crate::problem::nearest;

/// Ids, file names and aliases of all contacts.
pub(super) struct Names {
    /// Folded name to the contact whose id or file name it is.
    ids: HashMap<String, usize>,
    /// Folded alias to those that have it.
    aliases: HashMap<String, Vec<usize>>,
    /// File names as written.
    stems: Vec<String>,
}

impl Names {
    pub fn of(survey: &Survey<'_>) -> Names {
        let mut ids = HashMap::with_capacity(survey.len());
        let mut stems = Vec::with_capacity(survey.len());
        for index in 0..survey.len() {
            let path = survey.path(index);
            let file = path.rsplit('/').next().unwrap_or(&path);
            let stem = file.strip_suffix(".md").unwrap_or(file).to_owned();
            ids.entry(fold(&survey.row(index).id).into_owned()).or_insert(index);
            ids.entry(fold(&stem).into_owned()).or_insert(index);
            stems.push(stem);
        }
        let head = Parts { head: true, ..Parts::default() };
        let all = survey.search(head, |row, contact| {
            let aliases = &contact.head.aliases;
            (!aliases.is_empty()).then(|| (row.index, aliases.clone()))
        });
        let mut aliases: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, names) in all {
            for name in names {
                aliases.entry(fold(&name).into_owned()).or_default().push(index);
            }
        }
        Names { ids, aliases, stems }
    }

    /// Whether some contact is called so.
    pub fn has(&self, name: &str) -> bool {
        let name = fold(name.trim());
        self.ids.contains_key(&*name) || self.aliases.contains_key(&*name)
    }

    /// The id that was most likely meant.
    pub fn nearest(&self, typed: &str) -> Option<&str> {
        // Nothing is like a text longer than any id, and to measure how unlike would take long.
        if typed.len() > 60 {
            return None;
        }
        nearest(typed, self.stems.iter().map(String::as_str))
    }

    /// What else is called as the alias of contact `index` is: the number of the other contact, and whether it is
    /// its id.
    pub fn clash(&self, alias: &str, index: usize) -> Option<(usize, bool)> {
        let alias = fold(alias);
        if let Some(other) = self.ids.get(&*alias).filter(|other| **other != index) {
            return Some((*other, true));
        }
        let others = self.aliases.get(&*alias)?;
        others.iter().find(|other| **other != index).map(|other| (*other, false))
    }
}
