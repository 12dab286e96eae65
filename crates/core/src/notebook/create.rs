//! A new notebook: its settings with a word on each, its folders, and on request the worked example.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{CONTACTS_DIR, SETTINGS_FILE, example};

/// The settings of a new notebook: every key as a comment, with its default.
pub const NEW_SETTINGS: &str = include_str!("new.toml");
/// What git is to leave alone.
const IGNORE: &str = "/.tickler/\n";
/// git keeps no empty folder; a clone must still be a notebook that looks like this one.
const KEEP: &str = ".gitkeep";
/// The folders that a notebook begins with.
const FOLDERS: [&str; 3] = [CONTACTS_DIR, "templates", "files"];

/// What a new notebook begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// Settings and empty folders.
    Empty,
    /// The worked example.
    Example,
}

/// Why there is no new notebook.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// There is one already.
    #[error("\"{}\" is a notebook already", .0.display())]
    Exists(PathBuf),
    /// Something of that name is in the way.
    #[error("\"{}\" is in the way", .0.display())]
    InTheWay(PathBuf),
    /// The disk says no.
    #[error("cannot make \"{}\": {error}", .path.display())]
    Disk {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
}

/// The files of a new notebook that begins so, by their paths from its root.
pub fn beginning(beginning: Beginning) -> Vec<(String, &'static str)> {
    let mut files = files_of(beginning);
    if beginning == Beginning::Empty {
        files.extend(FOLDERS.map(|folder| (format!("{folder}/{KEEP}"), "")));
    }
    files.push((".gitignore".to_owned(), IGNORE));
    files
}

fn files_of(beginning: Beginning) -> Vec<(String, &'static str)> {
    match beginning {
        Beginning::Example => example::FILES.iter().map(|(path, text)| ((*path).to_owned(), *text)).collect(),
        Beginning::Empty => vec![(SETTINGS_FILE.to_owned(), NEW_SETTINGS)],
    }
}

/// Makes a notebook of the folder `root`, which may hold other files; they stay as they are. Gives the paths of all
/// files that it wrote, from the root. An ignore file that is there already is not touched.
///
/// # Errors
/// Where there is a notebook already, something has the name of a file to be written, or the disk says no; nothing
/// is written in the first two cases.
pub fn create(root: &Path, beginning: Beginning) -> Result<Vec<String>, CreateError> {
    if root.join(SETTINGS_FILE).exists() {
        return Err(CreateError::Exists(root.to_owned()));
    }
    if root.exists() && !root.is_dir() {
        return Err(CreateError::InTheWay(root.to_owned()));
    }
    let mut files = files_of(beginning);
    for folder in FOLDERS {
        let path = root.join(folder);
        if path.exists() && !path.is_dir() {
            return Err(CreateError::InTheWay(path));
        }
        let is_used = path.read_dir().is_ok_and(|mut entries| entries.next().is_some());
        if beginning == Beginning::Empty && !is_used {
            files.push((format!("{folder}/{KEEP}"), ""));
        }
    }
    if let Some((path, _)) = files.iter().find(|(path, _)| root.join(path).exists()) {
        return Err(CreateError::InTheWay(root.join(path)));
    }
    if !root.join(".gitignore").exists() {
        files.push((".gitignore".to_owned(), IGNORE));
    }
    // The settings come last: only a folder with all the rest is a notebook.
    files.sort_by_key(|(path, _)| path == SETTINGS_FILE);
    for (path, text) in &files {
        let path = root.join(path);
        write_new(&path, text).map_err(|error| CreateError::Disk { path, error })?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    OpenOptions::new().write(true).create_new(true).open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::parse_settings;
    use crate::settings::Settings;

    #[test]
    fn the_settings_of_a_new_notebook_are_the_defaults() {
        let (settings, problems) = parse_settings(NEW_SETTINGS).unwrap();
        assert_eq!((settings, problems), (Settings::default(), vec![]));
    }

    /// Each setting that is a comment stands there with its default; examples are marked as such.
    #[test]
    fn what_the_comments_say_are_the_defaults() {
        let (defaults, _) = NEW_SETTINGS.split_once("# ---").unwrap();
        let uncommented: String =
            defaults.lines().map(|line| format!("{}\n", line.strip_prefix("#:").unwrap_or(line))).collect();
        let (settings, problems) = parse_settings(&uncommented).unwrap();
        assert_eq!((settings, problems), (Settings::default(), vec![]));
        for key in [
            "timezone",
            "currency",
            "channels",
            "open",
            "won",
            "lost",
            "stopped",
            "nurture",
            "within",
            "grace",
            "unanswered",
            "wait",
            "gap",
            "lead",
            "workdays",
            "holidays",
            "after_away",
        ] {
            assert!(uncommented.contains(&format!("\n{key} = ")), "{key}");
        }
    }

    #[test]
    fn the_examples_in_the_comments_are_right() {
        let (_, examples) = NEW_SETTINGS.split_once("# ---").unwrap();
        let uncommented: String = examples
            .lines()
            .map(|line| {
                format!(
                    "{}\n",
                    line.strip_prefix("#:").unwrap_or(if line.starts_with('-') { "" } else { line })
                )
            })
            .collect();
        let (settings, problems) = parse_settings(&uncommented).unwrap();
        assert_eq!(problems, []);
        assert!(
            !settings.team.is_empty()
                && !settings.cadences.is_empty()
                && !settings.reasons.is_empty()
                && !settings.views.is_empty()
        );
    }
}
