//! What was written has to be on the disk before anything names it: libgit2 leaves that to the system.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::thread;

use git2::{Oid, Repository};

use super::GitError;

/// How many threads wait for the disk at once. More than this do not make it any quicker.
const THREADS: usize = 16;

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
    let folders: Vec<&Path> = folders.into_iter().collect();
    at_once(&folders).into_iter().try_for_each(|flushed| flushed.map(drop))
}

/// Flushes files or folders on a few threads, which wait for the disk together. The answers are in the order of the
/// paths.
fn at_once<P: AsRef<Path> + Sync>(paths: &[P]) -> Vec<Result<bool, GitError>> {
    let share = paths.len().div_ceil(THREADS).max(1);
    // A thread that cannot tell is as good as a disk that cannot.
    let lost = |path: &P| Err(GitError::at(path.as_ref())(io::ErrorKind::Other.into()));
    let all = |paths: &[P]| paths.iter().map(|path| sync(path.as_ref())).collect::<Vec<_>>();
    thread::scope(|scope| {
        let syncs: Vec<_> =
            paths.chunks(share).map(|paths| (paths, scope.spawn(move || all(paths)))).collect();
        syncs
            .into_iter()
            .flat_map(|(paths, sync)| sync.join().unwrap_or_else(|_| paths.iter().map(lost).collect()))
            .collect()
    })
}

/// Lets `write` write commits into a repository that keeps its objects in memory, then stores them, and all that they
/// lead to, as one pack.
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
    keep(repository, &pack)?;
    Ok(result)
}

/// The same for objects that no commit leads to yet, of which libgit2 would forget all: `write` says which they are.
pub(super) fn tree_as_pack(
    repository: &Repository,
    write: impl FnOnce(&Repository) -> Result<(Oid, BTreeSet<Oid>), GitError>,
) -> Result<Oid, GitError> {
    let aside = Repository::open(repository.path())?;
    let store = aside.odb()?;
    let _memory = store.add_new_mempack_backend(1_000)?;
    let (tree, objects) = write(&aside)?;
    let mut builder = aside.packbuilder()?;
    // A submodule's commit is named by a tree, and not there.
    for id in objects.iter().filter(|id| store.exists(**id)) {
        builder.insert_object(*id, None)?;
    }
    let mut pack = git2::Buf::new();
    builder.write_buf(&mut pack)?;
    keep(repository, &pack)?;
    Ok(tree)
}

/// Puts a pack into the repository, and flushes it.
fn keep(repository: &Repository, pack: &[u8]) -> Result<(), GitError> {
    let folder = repository.commondir().join("objects").join("pack");
    let before = names(&folder);
    let target = repository.odb()?;
    let mut writer = target.packwriter()?;
    writer.write_all(pack).map_err(GitError::at(&folder))?;
    writer.commit()?;
    drop(writer);
    for path in names(&folder).difference(&before) {
        sync(path)?;
    }
    sync(&folder)?;
    target.refresh()?;
    Ok(())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_paths_is_flushed_and_answered_for_in_order() {
        let folder = std::env::temp_dir().join(format!("tickler-flush-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for count in [0, 1, THREADS, THREADS + 1, 3 * THREADS + 5] {
            let paths: Vec<PathBuf> = (0..count).map(|n| folder.join(n.to_string())).collect();
            // Every third is not there.
            paths.iter().step_by(3).for_each(|path| drop(fs::remove_file(path)));
            let there: Vec<bool> = (0..count).map(|n| n % 3 != 0).collect();
            for (path, _) in paths.iter().zip(&there).filter(|(_, there)| **there) {
                fs::write(path, "x").unwrap();
            }
            let answers: Vec<bool> = at_once(&paths).into_iter().map(Result::unwrap).collect();
            assert_eq!(answers, there, "{count}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
