//! Texts kept aside, `.tickler/edit`, so that an editor that went wrong costs nobody what was written before.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Notebook;
use super::index::{CACHE_DIR, cache_dir};

const FOLDER: &str = "edit";
/// Nobody has as many texts of one contact lying about.
const MOST: u32 = 10_000;

/// A text that is kept aside until it is forgotten.
#[derive(Debug)]
pub struct Aside {
    path: PathBuf,
    /// The file, from the notebook's root.
    pub file: String,
}

impl Aside {
    /// Removes it, because nobody needs it any more.
    pub fn forget(self) {
        let _ = fs::remove_file(&self.path);
        // Only a folder that is empty can go.
        let _ = self.path.parent().map(fs::remove_dir);
    }
}

impl Notebook {
    /// The bytes of a file, given by its path from the notebook's root; none where there is none.
    ///
    /// # Errors
    /// What the system says, also where something that is no file has the name.
    pub fn bytes(&self, file: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.root().join(file)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Keeps a text of that file aside, beside those that were kept of it before.
    ///
    /// # Errors
    /// What the system says.
    pub fn keep_aside(&self, file: &str, bytes: &[u8]) -> io::Result<Aside> {
        let folder = cache_dir(self.root())?.join(FOLDER);
        fs::create_dir_all(&folder)?;
        let name = file.rsplit('/').next().unwrap_or(file);
        let stem = name.strip_suffix(".md").unwrap_or(name);
        for number in 1..MOST {
            let name = if number == 1 { format!("{stem}.md") } else { format!("{stem}~{number}.md") };
            let path = folder.join(&name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(mut kept) => {
                    kept.write_all(bytes)?;
                    kept.sync_all()?;
                    return Ok(Aside { path, file: format!("{CACHE_DIR}/{FOLDER}/{name}") });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Makes a file what it was, in one step. What it is now is to be kept aside before.
    ///
    /// # Errors
    /// What the system says; the file is as it is then.
    pub fn put_back(&self, file: &str, bytes: &[u8]) -> io::Result<()> {
        let path = self.root().join(file);
        let aside = path.with_file_name(format!(".tickler-{}-back.tmp", std::process::id()));
        let written = write(&aside, &path, bytes).and_then(|()| fs::rename(&aside, &path));
        if written.is_err() {
            let _ = fs::remove_file(&aside);
        }
        written
    }
}

/// Writes the bytes aside, with the mode of the file that they are for where it is there.
fn write(aside: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(aside)?;
    file.write_all(bytes)?;
    if let Ok(found) = fs::metadata(path) {
        file.set_permissions(found.permissions())?;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notebook::tests::Folder;

    #[test]
    fn texts_are_kept_beside_each_other_and_put_back() {
        let folder = Folder::new("aside");
        fs::write(folder.path().join("tickler.toml"), "").unwrap();
        fs::create_dir(folder.path().join("contacts")).unwrap();
        let notebook = Notebook::open(folder.path()).unwrap();
        let first = notebook.keep_aside("contacts/ann.md", b"one\xff").unwrap();
        let second = notebook.keep_aside("contacts/ann.md", b"two").unwrap();
        assert_eq!(
            (first.file.as_str(), second.file.as_str()),
            (".tickler/edit/ann.md", ".tickler/edit/ann~2.md")
        );
        assert_eq!(notebook.bytes(&first.file).unwrap().as_deref(), Some(b"one\xff" as &[u8]));
        first.forget();
        assert_eq!(notebook.bytes(&second.file).unwrap().as_deref(), Some(b"two" as &[u8]));
        second.forget();
        assert_eq!(notebook.bytes("contacts/ann.md").unwrap(), None);
        notebook.put_back("contacts/ann.md", b"ann").unwrap();
        assert_eq!(notebook.bytes("contacts/ann.md").unwrap().as_deref(), Some(b"ann" as &[u8]));
        assert_eq!(fs::read_dir(folder.path().join("contacts")).unwrap().count(), 1, "nothing lies about");
        assert!(notebook.bytes("contacts").is_err());
    }
}
