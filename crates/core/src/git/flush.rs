//! What was written has to be on the disk before anything names it: libgit2 leaves that to the system.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;

use git2::{Oid, Repository};

use super::GitError;

/// Flushes these objects, as far as they are files of their own. What is packed was flushed when it was packed. All at
/// once, so that the disk may write them in one go.
pub(super) fn loose(store: &Path, objects: &BTreeSet<Oid>) -> Result<(), GitError> {
    let files: Vec<PathBuf> = objects
        .iter()
        .map(|id| {
            let name = id.to_string();
            store.join(&name[..2]).join(&name[2..])
        })
        .collect();
    let mut folders: BTreeSet<&Path> = BTreeSet::from([store]);
    for (file, is_there) in files.iter().zip(at_once(&files)) {
        if is_there? {
            folders.extend(file.parent());
        }
    }
    // What they hold went to the disk with the files, so there is little left to wait for.
    folders.into_iter().try_for_each(|folder| sync(folder).map(drop))
}

/// Flushes files, each in a thread of its own.
fn at_once<P: AsRef<Path> + Sync>(paths: &[P]) -> Vec<Result<bool, GitError>> {
    thread::scope(|scope| {
        let syncs: Vec<_> = paths.iter().map(|path| scope.spawn(|| sync(path.as_ref()))).collect();
        let ended = syncs.into_iter().zip(paths);
        // A thread that cannot tell is as good as a disk that cannot.
        let lost = |path: &P| GitError::at(path.as_ref())(io::ErrorKind::Other.into());
        ended.map(|(sync, path)| sync.join().unwrap_or_else(|_| Err(lost(path)))).collect()
    })
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
    path.parent().map_or(Ok(()), |folder| sync(folder).map(drop))
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
