//! What the columns of sheets were the last time, kept beside the user's own settings: `mappings.toml`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tickler_core::git::disk_says;

use crate::failure::Failure;

/// The file, in the folder of the user's own settings.
const FILE: &str = "mappings.toml";
/// So many different sheets are kept; the oldest goes first.
const MOST: usize = 100;
const HEAD: &str =
    "# What the columns of sheets are, as `tickler import csv` was told. Delete what is wrong.\n\n";

/// All that is kept.
#[derive(Debug, Default)]
pub struct Mappings {
    path: Option<PathBuf>,
    sheets: Vec<Sheet>,
    is_changed: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Sheet {
    columns: Vec<String>,
    map: String,
}

#[derive(Debug, Default, Serialize, Deserialize)]
struct File {
    #[serde(default)]
    sheet: Vec<Sheet>,
}

impl Mappings {
    /// Reads what is kept beside these settings; where there is no folder for settings, nothing is kept.
    pub fn load(settings: Option<&Path>) -> Result<Mappings, Failure> {
        let Some(path) = settings.map(|settings| settings.with_file_name(FILE)) else {
            return Ok(Mappings::default());
        };
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(Failure::notebook(format!(
                    "cannot read \"{}\": {}",
                    path.display(),
                    disk_says(&error)
                )));
            }
        };
        let file: File = toml::from_str(&text).map_err(|error| {
            Failure::notebook(format!("\"{}\" has errors: {}", path.display(), error.message()))
                .hint("mend it, or delete it")
        })?;
        Ok(Mappings { path: Some(path), sheets: file.sheet, is_changed: false })
    }

    /// What a sheet with these columns was the last time, as `--map` takes it.
    pub fn of(&self, columns: &[String]) -> Option<&str> {
        self.sheets.iter().find(|sheet| sheet.columns == columns).map(|sheet| sheet.map.as_str())
    }

    /// Forgets a sheet with these columns.
    pub fn forget(&mut self, columns: &[String]) {
        let before = self.sheets.len();
        self.sheets.retain(|sheet| sheet.columns != columns);
        self.is_changed |= self.sheets.len() != before;
    }

    /// Keeps what a sheet with these columns is.
    pub fn remember(&mut self, columns: &[String], map: &str) {
        if self.of(columns) == Some(map) {
            return;
        }
        self.forget(columns);
        self.sheets.push(Sheet { columns: columns.to_vec(), map: map.to_owned() });
        self.sheets.drain(..self.sheets.len().saturating_sub(MOST));
        self.is_changed = true;
        if self.path.is_some() {
            anstream::eprintln!("kept for the next sheet with the same columns");
        }
    }

    /// Writes what changed. What was imported is imported, so a failure is told and nothing more.
    pub fn save(&self) {
        let Some(path) = self.path.as_ref().filter(|_| self.is_changed) else { return };
        let written = toml::to_string(&File { sheet: self.sheets.clone() })
            .map_err(|error| error.to_string())
            .and_then(|text| {
                replace(path, &format!("{HEAD}{text}")).map_err(|error| disk_says(&error).to_string())
            });
        if let Err(error) = written {
            anstream::eprintln!("cannot write \"{}\": {error}", path.display());
        }
    }
}

/// Writes it aside and renames it, so that nobody sees half of it.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let aside = path.with_extension("toml.new");
    std::fs::write(&aside, text)?;
    std::fs::rename(&aside, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<String> {
        text.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn what_is_kept_comes_back() {
        let folder = std::env::temp_dir().join(format!("tickler-mappings-{}", std::process::id()));
        let settings = folder.join("deep/config.toml");
        let mut mappings = Mappings::load(Some(&settings)).unwrap();
        mappings.remember(&names("a,b \"c\""), "name=a,note=\"b \\\"c\\\"\"");
        mappings.remember(&names("x"), "name=x");
        mappings.save();
        let mut again = Mappings::load(Some(&settings)).unwrap();
        assert_eq!(again.of(&names("a,b \"c\"")), Some("name=a,note=\"b \\\"c\\\"\""));
        assert_eq!(again.of(&names("a")), None);
        again.remember(&names("x"), "note=x");
        again.forget(&names("a,b \"c\""));
        again.save();
        let last = Mappings::load(Some(&settings)).unwrap();
        assert_eq!((last.sheets.len(), last.of(&names("x"))), (1, Some("note=x")));
        std::fs::write(settings.with_file_name(FILE), "sheet = 3").unwrap();
        assert!(Mappings::load(Some(&settings)).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn the_oldest_goes_first() {
        let mut mappings = Mappings::default();
        for number in 0..=MOST {
            mappings.remember(&names(&number.to_string()), "name=#1");
        }
        assert_eq!(mappings.sheets.len(), MOST);
        assert_eq!((mappings.of(&names("0")), mappings.of(&names("1"))), (None, Some("name=#1")));
    }
}
