//! git processes that an earlier server left: they are known by a word in their environment, and by where they work.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::git_http::MARK;

/// Whether this system tells of other processes.
pub const IS_KNOWN: bool = cfg!(target_os = "linux");
/// How long they may take to end by themselves.
const GRACE: Duration = Duration::from_millis(200);
const PAUSE: Duration = Duration::from_millis(5);

/// Ends the git processes of an earlier server that work below this folder. Gives how many there were, and the
/// folders in which somebody else's git works.
pub fn end_all(root: &Path) -> (usize, BTreeSet<PathBuf>) {
    let root = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let (ours, strangers) = at_work(&root);
    let count = ours.len();
    signal(&ours, Signal::TERM);
    let begun = Instant::now();
    let mut left = ours;
    while !left.is_empty() {
        sleep(PAUSE);
        left = at_work(&root).0;
        if begun.elapsed() > GRACE {
            signal(&left, Signal::KILL);
        }
        // A process that even so does not end waits for its disk.
        if begun.elapsed() > 10 * GRACE {
            tracing::error!(count = left.len(), "git processes of an earlier server do not end");
            break;
        }
    }
    (count, strangers)
}

fn signal(processes: &[Pid], signal: Signal) {
    for process in processes {
        let _ = kill_process(*process, signal);
    }
}

/// Which processes of ours work below the folder, and in which folders others do.
fn at_work(root: &Path) -> (Vec<Pid>, BTreeSet<PathBuf>) {
    let (mut ours, mut strangers) = (Vec::new(), BTreeSet::new());
    let me = std::process::id();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(id) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else { continue };
        let Some(process) = Pid::from_raw(id).filter(|_| id.cast_unsigned() != me) else { continue };
        let Ok(place) = fs::read_link(entry.path().join("cwd")) else { continue };
        if !place.starts_with(root) || place == root {
            continue;
        }
        let environment = fs::read(entry.path().join("environ")).unwrap_or_default();
        let mark = format!("{MARK}=");
        if environment.split(|byte| *byte == 0).any(|word| word.starts_with(mark.as_bytes())) {
            ours.push(process);
        } else {
            let repository =
                place.ancestors().find(|folder| folder.extension().is_some_and(|kind| kind == "git"));
            strangers.extend(repository.map(Path::to_owned));
        }
    }
    (ours, strangers)
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn ours_are_ended_and_others_are_not() {
        let folder = std::env::temp_dir().join(format!("tickler-leftover-{}", std::process::id()));
        let repository = folder.join("notebooks/main.git");
        fs::create_dir_all(&repository).unwrap();
        let mut sleeper = Command::new("sleep");
        sleeper.arg("100").current_dir(&repository);
        let mut stranger = sleeper.spawn().unwrap();
        let mut ours = sleeper.env(MARK, "1").spawn().unwrap();
        // They have what is looked for once they are what they are to be.
        let begun = Instant::now();
        while at_work(&folder).0.len() != 1 && begun.elapsed() < 50 * GRACE {
            sleep(PAUSE);
        }
        let reaper = std::thread::spawn(move || ours.wait().unwrap());
        let (ended, strangers) = end_all(&folder);
        assert_eq!((ended, strangers), (1, BTreeSet::from([repository])));
        assert!(!reaper.join().unwrap().success());
        assert!(stranger.try_wait().unwrap().is_none());
        stranger.kill().unwrap();
        stranger.wait().unwrap();
        fs::remove_dir_all(&folder).unwrap();
    }
}
