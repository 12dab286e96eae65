//! The last committed version that parses, which stands in for a contact that is broken on disk (format, section 8).

use std::path::{Path, PathBuf};

use git2::{Repository, Sort};

use crate::contact::Contact;
use crate::file;
use crate::settings::Settings;

/// How far back one file's history is searched, in commits.
const DEPTH: usize = 2_000;
/// How many commits are looked at for all files together: history is a help, not worth a long wait.
const BUDGET: usize = 20_000;

/// The history of a notebook.
pub(super) struct StandIns {
    /// The repository, and the notebook's folder in its work tree; none outside git.
    history: Option<(Repository, PathBuf)>,
    budget: usize,
}

impl StandIns {
    /// Of the notebook in `root`, which may lie anywhere in a work tree, or be a bare repository itself.
    pub fn of(root: &Path) -> StandIns {
        StandIns { history: open(root), budget: BUDGET }
    }

    /// Finds the version of the file `path`, given from the notebook's root, that is newest and not broken.
    pub fn find(&mut self, path: &str, stem: &str, settings: &Settings) -> Option<Contact> {
        let (repository, folder) = self.history.as_ref()?;
        let path = folder.join(path);
        let mut walk = repository.revwalk().ok()?;
        walk.set_sorting(Sort::TOPOLOGICAL | Sort::TIME).ok()?;
        walk.push_head().ok()?;
        let mut seen = None;
        for id in walk.flatten().take(DEPTH) {
            self.budget = self.budget.checked_sub(1)?;
            let Ok(entry) = repository.find_commit(id).and_then(|c| c.tree()).and_then(|t| t.get_path(&path))
            else {
                continue;
            };
            if seen.replace(entry.id()) == Some(entry.id()) {
                continue;
            }
            let Ok(blob) = repository.find_blob(entry.id()) else { continue };
            let Ok(text) = file::decode(blob.content()) else { continue };
            let contact = file::parse(text, stem, settings).contact;
            if !contact.broken {
                return Some(Contact { stale: true, ..contact });
            }
        }
        None
    }
}

fn open(root: &Path) -> Option<(Repository, PathBuf)> {
    let repository = Repository::discover(root).ok()?;
    if repository.is_bare() {
        return Some((repository, PathBuf::new()));
    }
    let work_tree = repository.workdir()?.canonicalize().ok()?;
    let folder = root.canonicalize().ok()?.strip_prefix(work_tree).ok()?.to_owned();
    Some((repository, folder))
}
