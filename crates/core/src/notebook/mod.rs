//! The notebook on disk: where it is, its settings, and a survey of its contacts that is as true as reading every
//! file afresh (format, section 1).

mod around;
mod aside;
mod chunks;
mod clash;
mod create;
mod disk;
mod example;
mod facts;
mod home;
mod index;
mod pick;
mod row;
mod save;
mod settle;
mod stand_in;
mod survey;
mod table;
#[cfg(test)]
mod tests;
mod tip;
mod versions;
mod walk;
mod work;

pub use aside::Aside;
pub use create::{Beginning, CreateError, NEW_SETTINGS, beginning, create};
pub use home::{Homes, MOST_FLAT, letter};
pub use pick::{Choice, Pick};
pub use save::{Arrival, ArrivingFile, Change, Deed, Hold, Recorded, SaveError, Saved, Saving};
pub use survey::{FileProblem, Parts, RowView, Survey};
pub use tip::{Publishing, Since, Tip, TipError, Unpublished};
pub use versions::CONFLICTS_DIR;

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use crate::date::Date;
use crate::file::{self, NewerFormat, SettingsError};
use crate::problem::Problem;
use crate::settings::Settings;
use settle::Look;

/// The file that makes a folder a notebook.
pub const SETTINGS_FILE: &str = "tickler.toml";
/// The folder that holds the contacts.
pub const CONTACTS_DIR: &str = "contacts";

/// A notebook that was opened: a folder and its settings.
#[derive(Debug, Clone)]
pub struct Notebook {
    root: PathBuf,
    /// Of a repository's tip the files that are no contacts; none of a folder, which is asked itself.
    others: Option<BTreeSet<String>>,
    settings: Settings,
    settings_text: String,
    settings_problems: Vec<Problem>,
}

/// Why a folder cannot be opened as a notebook.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no `tickler.toml`.
    #[error("\"{}\" is not a notebook: it has no {SETTINGS_FILE}", .0.display())]
    NotANotebook(PathBuf),
    /// `tickler.toml` cannot be read from the disk.
    #[error("cannot read \"{}\": {}", .path.display(), why(.error))]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// `tickler.toml` has errors.
    #[error("the settings in \"{}\" have errors", .path.display())]
    Settings {
        /// The file.
        path: PathBuf,
        /// Its text, empty where it is not UTF-8.
        text: String,
        /// What is wrong with it.
        problems: Vec<Problem>,
    },
    /// The notebook is of a newer format.
    #[error(transparent)]
    Newer(#[from] NewerFormat),
}

/// What the system says, without its numbers.
fn why(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}

impl Notebook {
    /// The nearest folder upward from `from`, itself included, that is a notebook.
    pub fn find(from: &Path) -> Option<PathBuf> {
        from.ancestors().find(|dir| dir.join(SETTINGS_FILE).is_file()).map(Path::to_owned)
    }

    /// Opens the notebook in the folder `root`.
    ///
    /// # Errors
    /// Where it is none, or its settings cannot be read, have errors, or are of a newer format.
    pub fn open(root: &Path) -> Result<Notebook, OpenError> {
        let path = root.join(SETTINGS_FILE);
        let bytes = match std::fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Err(OpenError::NotANotebook(root.to_owned()));
            }
            Err(error) => return Err(OpenError::Read { path, error }),
        };
        let text = match file::decode(&bytes) {
            Ok(text) => text.to_owned(),
            Err(problem) => {
                return Err(OpenError::Settings { path, text: String::new(), problems: vec![problem] });
            }
        };
        Notebook::with(root, path, text, None)
    }

    /// With that text of settings, which stands at `path`.
    fn with(
        root: &Path,
        path: PathBuf,
        text: String,
        others: Option<BTreeSet<String>>,
    ) -> Result<Notebook, OpenError> {
        match file::parse_settings(&text) {
            Ok((settings, settings_problems)) => Ok(Notebook {
                root: root.to_owned(),
                others,
                settings,
                settings_text: text,
                settings_problems,
            }),
            Err(SettingsError::Broken(problems)) => Err(OpenError::Settings { path, text, problems }),
            Err(SettingsError::Newer(newer)) => Err(newer.into()),
        }
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The warnings of the settings.
    pub fn settings_problems(&self) -> &[Problem] {
        &self.settings_problems
    }

    /// The text of the settings, as it was read.
    pub fn settings_text(&self) -> &str {
        &self.settings_text
    }

    /// Whether there is a file at `path`, which counts from the notebook's root.
    pub fn has_file(&self, path: &str) -> bool {
        match &self.others {
            Some(others) => others.contains(path),
            None => self.root.join(path).exists(),
        }
    }

    /// Every contact as it is on disk at this moment, with what the rules say on `today`.
    pub fn survey(&self, today: Date) -> Survey<'_> {
        self.survey_with(today, &|_, _| {})
    }

    /// The same, for a notebook that may be large: `progress` is told every few hundred files how many were looked
    /// at, and of how many, from whatever thread did so. Numbers may come out of order.
    pub fn survey_with(&self, today: Date, progress: &(dyn Fn(usize, usize) + Sync)) -> Survey<'_> {
        Survey::take(self, today, Look::Closely(progress))
    }

    /// The contacts by their names alone: ids and files are those on disk at this moment, but what is in a file is
    /// what the last survey found there, and when it is due what was true then. For finding the one file that is
    /// meant, without a look at all.
    pub fn glance(&self, today: Date) -> Survey<'_> {
        Survey::take(self, today, Look::Briefly)
    }
}
