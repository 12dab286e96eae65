//! `backup` and `restore`: all of a data folder in one file, and back.

use std::path::Path;

use super::notebook::size;
use crate::backup::{self, Manifest};
use crate::data::Data;
use crate::failure::Failure;
use crate::page::{print, progress};
use crate::{git, notebooks};

/// Writes a backup.
pub fn back_up(root: &Path, file: &Path) -> Result<(), Failure> {
    let git = git::find()?;
    let written = backup::write(&Data::open(root)?, &git, file, &progress);
    progress("");
    let manifest = written?;
    let bytes = manifest.files.iter().map(|file| file.size).sum();
    print(&format!(
        "{}backed up to {}, {}; each was cloned from it and checked\n",
        lines(&manifest),
        file.display(),
        size(bytes)
    ));
    Ok(())
}

/// Makes a data folder of a backup.
pub fn restore(root: &Path, file: &Path) -> Result<(), Failure> {
    let git = git::find()?;
    let restored = backup::restore(file, &git, root, &progress);
    progress("");
    let manifest = restored?;
    notebooks::set_hooks(&Data::open(root)?, &super::program()?)?;
    print(&format!(
        "{}restored to {}, as of {}\n\nto serve it: tickler-server serve --data {}\nwho has newer work on their machine sends it with their next tickler sync\n",
        lines(&manifest),
        root.display(),
        manifest.time,
        root.display()
    ));
    Ok(())
}

/// A line a notebook.
fn lines(manifest: &Manifest) -> String {
    let line = |notebook: &backup::Saved| {
        let tip = notebook.tip.get(..10).unwrap_or_default();
        format!("{}: {} contacts, at {tip}\n", notebook.name, notebook.contacts)
    };
    manifest.notebooks.iter().map(line).collect()
}
