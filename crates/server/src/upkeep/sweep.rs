//! What was left half done is swept: locks that nobody holds any more, and objects that no push will name.

use std::fs;
use std::path::Path;
use std::time::{Duration, SystemTime};

use rustix::process::{Pid, test_kill_process};
use walkdir::WalkDir;

use crate::data::Data;
use crate::notebooks::ASIDE;

/// Sweeps a repository of what is at least that old. Gives how much there was.
pub fn repository(repository: &Path, age: Duration) -> usize {
    let mut swept = 0;
    let mut sweep = |path: &Path| {
        if is_older(path, age) {
            let gone = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
            match gone {
                Ok(()) => swept += 1,
                Err(error) => tracing::warn!(path = %path.display(), %error, "cannot be swept"),
            }
        }
    };
    for name in names(repository) {
        if name.ends_with(".lock") || name == "gc.pid" || name == "packed-refs.new" {
            sweep(&repository.join(name));
        }
    }
    for entry in WalkDir::new(repository.join("refs")).into_iter().flatten() {
        if entry.file_type().is_file() && entry.path().extension().is_some_and(|kind| kind == "lock") {
            sweep(entry.path());
        }
    }
    let objects = repository.join("objects");
    for name in names(&objects) {
        let path = objects.join(&name);
        if is_draft(&name) {
            sweep(&path);
        } else if name.len() == 2 || name == "pack" || name == "info" {
            names(&path).iter().filter(|name| is_draft(name)).for_each(|name| sweep(&path.join(name)));
        }
    }
    swept
}

/// What git and libgit2 call objects, packs and folders of objects that are not whole yet.
fn is_draft(name: &str) -> bool {
    name.starts_with("tmp_") || name.starts_with("pack_git2_") || name.ends_with(".lock")
}

/// Sweeps what processes that are gone were about to put into the data folder.
pub fn asides(data: &Data) {
    for (folder, mark) in [(data.root().to_owned(), ".new-"), (data.notebooks_folder(), ASIDE)] {
        for name in names(&folder) {
            let number = name.split_once(mark).map(|(_, rest)| rest.split('-').next().unwrap_or_default());
            let Some(process) = number.and_then(|number| number.parse().ok()).and_then(Pid::from_raw) else {
                continue;
            };
            let is_alive = process == rustix::process::getpid() || test_kill_process(process).is_ok();
            if !is_alive {
                let path = folder.join(&name);
                let gone = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
                tracing::info!(name, is_gone = gone.is_ok(), "swept what was left half done");
            }
        }
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().into_string().ok()).collect()
}

fn is_older(path: &Path, age: Duration) -> bool {
    let changed = fs::symlink_metadata(path).and_then(|file| file.modified());
    // A clock that was put back makes nothing old.
    age.is_zero()
        || changed
            .is_ok_and(|changed| SystemTime::now().duration_since(changed).is_ok_and(|since| since >= age))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_half_done_is_swept() {
        let folder = std::env::temp_dir().join(format!("tickler-sweep-{}", std::process::id()));
        let half = [
            "HEAD.lock",
            "config.lock",
            "packed-refs.lock",
            "gc.pid",
            "refs/heads/main.lock",
            "refs/sync/pat/laptop.lock",
            "objects/ab/tmp_obj_x1",
            "objects/tmp_objdir-incoming-x/pack/pack-1.pack",
            "objects/tmp_object_git2_x",
            "objects/pack/tmp_pack_x",
            "objects/pack/pack_git2_x",
            "objects/pack/multi-pack-index.lock",
        ];
        let whole = [
            "HEAD",
            "packed-refs",
            "refs/heads/main",
            "objects/ab/cdef",
            "objects/pack/pack-1.pack",
            "objects/info/packs",
        ];
        for path in half.iter().chain(&whole) {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        assert_eq!(repository(&folder, Duration::from_secs(3600)), 0);
        assert_eq!(repository(&folder, Duration::ZERO), half.len());
        for path in half {
            assert!(!folder.join(path).exists(), "{path}");
        }
        for path in whole {
            assert!(folder.join(path).exists(), "{path}");
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}
