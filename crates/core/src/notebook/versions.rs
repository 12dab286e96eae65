//! Whole versions that a merge could not join, in `conflicts/` (format, section 1).

use std::io;

use walkdir::WalkDir;

use super::Notebook;

/// The folder that holds them.
pub const CONFLICTS_DIR: &str = "conflicts";

impl Notebook {
    /// The files that hold versions set aside, from the notebook's root; hidden ones are left out.
    ///
    /// # Errors
    /// What the system says; that there is no such folder is no error.
    pub fn versions_aside(&self) -> io::Result<Vec<String>> {
        if let Some(others) = &self.others {
            let is_version = |path: &&String| {
                path.strip_prefix(CONFLICTS_DIR)
                    .is_some_and(|rest| rest.starts_with('/') && !rest.contains("/."))
            };
            return Ok(others.iter().filter(is_version).cloned().collect());
        }
        let folder = self.root().join(CONFLICTS_DIR);
        let is_hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
        let mut found = Vec::new();
        for entry in WalkDir::new(&folder).into_iter().filter_entry(|entry| !is_hidden(entry.file_name())) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) if error.depth() == 0 => match error.into_io_error() {
                    Some(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    _ => return Ok(Vec::new()),
                },
                Err(error) => return Err(error.into()),
            };
            let path = entry.path().strip_prefix(self.root()).unwrap_or(entry.path());
            if entry.file_type().is_file() {
                found.push(path.to_string_lossy().into_owned());
            }
        }
        found.sort();
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::notebook::tests::Folder;

    #[test]
    fn versions_are_found_at_any_depth() {
        let folder = Folder::new("versions");
        fs::write(folder.path().join("tickler.toml"), "").unwrap();
        let notebook = Notebook::open(folder.path()).unwrap();
        assert_eq!(notebook.versions_aside().unwrap(), [""; 0]);
        fs::create_dir_all(folder.path().join("conflicts/old")).unwrap();
        for name in ["b-1.md", "a-2.md", "old/c-3.md", ".gitkeep"] {
            fs::write(folder.path().join("conflicts").join(name), "x").unwrap();
        }
        assert_eq!(
            notebook.versions_aside().unwrap(),
            ["conflicts/a-2.md", "conflicts/b-1.md", "conflicts/old/c-3.md"]
        );
    }
}
