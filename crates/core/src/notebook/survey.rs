//! A survey: every contact of a notebook as it is on disk.

use std::borrow::Cow;
use std::path::Path;

use super::{CONTACTS_DIR, Notebook};
use crate::contact::Contact;
use crate::date::Date;
use crate::file;
use crate::problem::{Position, Problem};

/// Which parts of a contact are wanted; the others come empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Parts {
    /// The name and the front matter.
    pub head: bool,
    /// The log.
    pub log: bool,
    /// The promises.
    pub promises: bool,
    /// The links.
    pub links: bool,
}

impl Parts {
    /// Everything.
    pub const ALL: Parts = Parts { head: true, log: true, promises: true, links: true };
    /// What the follow-up rules read.
    pub const RULES: Parts = Parts { links: false, ..Parts::ALL };
}

/// A problem and the file that it is in.
#[derive(Debug, Clone, PartialEq)]
pub struct FileProblem {
    /// The file's path from the notebook's root, with `/`.
    pub file: String,
    /// What is wrong.
    pub problem: Problem,
}

/// Every contact of a notebook.
pub struct Survey<'n> {
    notebook: &'n Notebook,
    today: Date,
    files: Vec<(String, Contact, Vec<Problem>)>,
}

/// One contact of a survey, without its contents.
#[derive(Debug, Clone)]
pub struct RowView<'s> {
    /// Its number in the survey, from 0.
    pub index: usize,
    /// The contact's id.
    pub id: Cow<'s, str>,
    /// The file cannot be read as a contact.
    pub broken: bool,
}

impl<'n> Survey<'n> {
    pub(super) fn take(notebook: &'n Notebook, today: Date) -> Survey<'n> {
        let mut files = Vec::new();
        let root = notebook.root().join(CONTACTS_DIR);
        for entry in walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().flatten() {
            let path = entry.path();
            let Some(stem) = path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".md"))
            else {
                continue;
            };
            let name = path.strip_prefix(notebook.root()).map(Path::display).map(|p| p.to_string());
            let reading =
                match std::fs::read(path).map_err(|e| Problem::error(Position::default(), e.to_string())) {
                    Ok(bytes) => match file::decode(&bytes) {
                        Ok(text) => file::parse(text, stem, notebook.settings()),
                        Err(problem) => file::unreadable(stem, problem),
                    },
                    Err(problem) => file::unreadable(stem, problem),
                };
            files.push((name.unwrap_or_default(), reading.contact, reading.problems));
        }
        Survey { notebook, today, files }
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
        self.files.len()
    }

    /// Whether there is no contact at all.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The contact of that number; `index` must be below [`Survey::len`].
    pub fn row(&self, index: usize) -> RowView<'_> {
        let contact = &self.files[index].1;
        RowView { index, id: Cow::Borrowed(contact.id.as_str()), broken: contact.broken }
    }

    /// The file of that contact, from the notebook's root, with `/`.
    pub fn path(&self, index: usize) -> String {
        self.files[index].0.clone()
    }

    /// The contact of that number.
    pub fn contact(&self, index: usize, _parts: Parts) -> Contact {
        self.files[index].1.clone()
    }

    /// The text of that contact's file as it is now, if it can be read.
    pub fn text(&self, index: usize) -> Option<String> {
        std::fs::read_to_string(self.notebook.root().join(self.path(index))).ok()
    }

    /// Goes over all contacts on every core; the answers come in the order of the contacts.
    pub fn search<T: Send>(
        &self,
        parts: Parts,
        found: impl Fn(&RowView<'_>, &Contact) -> Option<T> + Sync,
    ) -> Vec<T> {
        (0..self.len()).filter_map(|index| found(&self.row(index), &self.contact(index, parts))).collect()
    }

    /// All problems of all files, the settings' warnings among them, by file and place.
    pub fn problems(&self) -> Vec<FileProblem> {
        let settings = self.notebook.settings_problems().iter().map(|p| ("tickler.toml", p));
        let files =
            self.files.iter().flat_map(|(file, _, problems)| problems.iter().map(|p| (file.as_str(), p)));
        settings
            .chain(files)
            .map(|(file, problem)| FileProblem { file: file.to_owned(), problem: problem.clone() })
            .collect()
    }
}
