//! The merge driver: how plain `git merge`, `git pull` and `git rebase` come to use tickler's rules.
//!
//! A driver whose program is missing makes git drop a side without a word, so ours is a line of shell that falls back
//! to git's own merge whenever tickler is not there or has no answer.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Git, GitError};

const NAME: &str = "merge.tickler.name";
const DRIVER: &str = "merge.tickler.driver";
/// What attributes say of a file that the driver merges.
const ATTRIBUTE: &str = "merge=tickler";

/// Whether git's own merge knows tickler's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DriverState {
    /// It does.
    Set,
    /// It does not: the driver was never set up, or not wholly.
    Unset,
    /// It was told of a program that is there no more.
    Gone(PathBuf),
}

impl Git {
    /// Whether the driver is set up in this repository.
    ///
    /// # Errors
    /// What libgit2 says of the settings.
    pub fn driver(&self) -> Result<DriverState, GitError> {
        let config = self.repository.config()?.snapshot()?;
        let Ok(line) = config.get_str(DRIVER) else { return Ok(DriverState::Unset) };
        if !self.attributes().iter().any(|file| has_attribute(file)) {
            return Ok(DriverState::Unset);
        }
        let program = program_of(line);
        let is_there = |program: &PathBuf| program.is_file() || is_on_path();
        Ok(match program {
            Some(program) if !is_there(&program) => DriverState::Gone(program),
            _ => DriverState::Set,
        })
    }

    /// Sets the driver up in this repository, with that program. Says whether anything changed.
    ///
    /// # Errors
    /// Where the settings or the attributes cannot be written.
    pub fn set_up_driver(&self, program: &Path) -> Result<bool, GitError> {
        let line = line(program);
        let mut config = self.repository.config()?.open_level(git2::ConfigLevel::Local)?;
        let mut changed = false;
        for (key, value) in [(NAME, "tickler: contacts by their structure"), (DRIVER, line.as_str())] {
            if config.get_string(key).ok().as_deref() != Some(value) {
                config.set_str(key, value)?;
                changed = true;
            }
        }
        Ok(self.add_attributes()? || changed)
    }

    /// The attributes of this clone win over those in the tree, and are there whatever branch is merged into.
    fn add_attributes(&self) -> Result<bool, GitError> {
        let path = self.repository.commondir().join("info/attributes");
        let mut text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(GitError::at(&path)(error)),
        };
        let mut changed = false;
        for file in ["contacts/**/*.md", "tickler.toml"] {
            let line = format!("{} {ATTRIBUTE}", pattern(&self.prefix, file));
            if !text.lines().any(|there| there == line) {
                if !text.is_empty() && !text.ends_with('\n') {
                    text.push('\n');
                }
                text.push_str(&line);
                text.push('\n');
                changed = true;
            }
        }
        if changed {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder).map_err(GitError::at(folder))?;
            }
            let aside = path.with_extension("tickler");
            fs::write(&aside, text).and_then(|()| fs::rename(&aside, &path)).map_err(GitError::at(&path))?;
        }
        Ok(changed)
    }

    /// The files that may name the driver.
    fn attributes(&self) -> [PathBuf; 3] {
        [
            self.repository.commondir().join("info/attributes"),
            self.work_tree.join(".gitattributes"),
            self.work_tree.join(&self.prefix).join(".gitattributes"),
        ]
    }
}

/// What git is to run.
fn line(program: &Path) -> String {
    let program = quoted(&program.to_string_lossy());
    format!(
        "t={program}; command -v \"$t\" >/dev/null 2>&1 || t=tickler; \
         command -v \"$t\" >/dev/null 2>&1 && \"$t\" merge-file --driver --path %P %O %A %B && exit 0; \
         exec git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B"
    )
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

/// The program in a line of ours.
fn program_of(line: &str) -> Option<PathBuf> {
    let rest = line.strip_prefix("t='")?;
    let (program, _) = rest.split_once("'; ")?;
    Some(PathBuf::from(program.replace("'\\''", "'")))
}

fn is_on_path() -> bool {
    let Some(path) = std::env::var_os("PATH") else { return false };
    std::env::split_paths(&path).any(|folder| folder.join("tickler").is_file())
}

fn has_attribute(file: &Path) -> bool {
    fs::read_to_string(file).is_ok_and(|text| text.lines().any(|line| line.trim_end().ends_with(ATTRIBUTE)))
}

/// A pattern of attributes: from the work tree's root, the notebook's folder by its letters.
fn pattern(prefix: &str, file: &str) -> String {
    let mut escaped = String::new();
    for c in prefix.chars() {
        if "*?[]\\".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    let pattern = format!("/{escaped}{file}");
    if pattern.contains(|c: char| c.is_whitespace() || c == '"') {
        return format!("\"{}\"", pattern.replace('\\', "\\\\").replace('"', "\\\""));
    }
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_found_in_the_line() {
        for program in ["/usr/bin/tickler", "/with space/tickler", "/it's/tickler"] {
            assert_eq!(program_of(&line(Path::new(program))), Some(PathBuf::from(program)));
        }
        assert_eq!(program_of("tickler merge-file %O %A %B"), None);
    }

    #[test]
    fn patterns_hold_for_any_folder() {
        for (prefix, written) in [
            ("", "/contacts/**/*.md"),
            ("crm/", "/crm/contacts/**/*.md"),
            ("my notes/", "\"/my notes/contacts/**/*.md\""),
            ("a[1]/", "/a\\[1\\]/contacts/**/*.md"),
        ] {
            assert_eq!(pattern(prefix, "contacts/**/*.md"), written);
        }
    }
}
