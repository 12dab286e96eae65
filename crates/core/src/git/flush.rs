//! What was written has to be on the disk before anything names it: libgit2 leaves that to the system.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use git2::{Oid, Repository};

use super::GitError;

/// Flushes these objects, as far as they are files of their own. What is packed was flushed when it was packed.
pub(super) fn loose(repository: &Repository, objects: &BTreeSet<Oid>) -> Result<(), GitError> {
    let store = repository.commondir().join("objects");
    let mut folders = BTreeSet::new();
    for id in objects {
        let name = id.to_string();
        let folder = store.join(&name[..2]);
        if sync(&folder.join(&name[2..]))? {
            folders.insert(folder);
        }
    }
    folders.insert(store);
    for folder in &folders {
        sync(folder)?;
    }
    Ok(())
}

/// Lets `write` write into a repository that keeps its objects in memory, then stores them as one pack.
pub(super) fn as_pack<T>(
    repository: &Repository,
    write: impl FnOnce(&Repository) -> Result<T, GitError>,
) -> Result<T, GitError> {
    let aside = Repository::open(repository.path())?;
    let store = aside.odb()?;
    let memory = store.add_new_mempack_backend(1_000)?;
    let result = write(&aside)?;
    let mut pack = git2::Buf::new();
    memory.dump(&aside, &mut pack)?;
    let folder = repository.commondir().join("objects").join("pack");
    let before = names(&folder);
    let target = repository.odb()?;
    let mut writer = target.packwriter()?;
    writer.write_all(&pack).map_err(GitError::at(&folder))?;
    writer.commit()?;
    drop(writer);
    for path in names(&folder).difference(&before) {
        sync(path)?;
    }
    sync(&folder)?;
    target.refresh()?;
    Ok(result)
}

/// Flushes where a branch stands.
pub(super) fn reference(repository: &Repository, name: &str) -> Result<(), GitError> {
    let path = repository.commondir().join(name);
    sync(&path)?;
    if let Some(folder) = path.parent() {
        sync(folder)?;
    }
    Ok(())
}

/// Flushes a file or a folder; false where there is none.
fn sync(path: &Path) -> Result<bool, GitError> {
    match File::open(path) {
        Ok(file) => file.sync_all().map(|()| true).map_err(GitError::at(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(GitError::Disk { path: path.to_owned(), error }),
    }
}

fn names(folder: &Path) -> BTreeSet<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect()
}
