//! A server that is killed at any moment loses nothing that it said yes to, and the next start needs nobody's help.
//!
//! `KILLED_ROUNDS` says how often it is killed.

use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use tickler_tests::{Dice, Serving, Tickler, team};

/// How long a start may take; more than anybody would notice.
const START: Duration = Duration::from_secs(2);
/// Within which nothing of a dead one is left.
const SWEPT: Duration = Duration::from_secs(60);

#[test]
fn what_was_taken_is_kept() {
    let rounds = std::env::var("KILLED_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    let mut serving = Serving::example("killed");
    for name in ["ann", "ben", "kim", "sam"] {
        serving.add_user(name, "editor");
        serving.clone_by(name, name);
    }
    let (folder, repository) = (serving.folder().to_owned(), serving.repository("main"));
    let is_over = AtomicBool::new(false);
    let taken: Mutex<Vec<String>> = Mutex::default();
    thread::scope(|scope| {
        for (name, by_git) in [("ann", true), ("ben", true), ("kim", false), ("sam", false)] {
            let (folder, taken, is_over) = (folder.join(name), &taken, &is_over);
            scope.spawn(move || {
                for number in 0.. {
                    let mark = format!("{name}-{number}");
                    let text = format!("+++\nname = \"{mark}\"\n+++\n");
                    fs::write(folder.join(format!("contacts/{mark}.md")), text).unwrap();
                    let is_taken = if by_git { pushed(&folder, name, &mark) } else { synced(&folder) };
                    if is_taken {
                        taken.lock().unwrap().push(mark);
                    }
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                }
            });
        }
        let mut dice = Dice::of(u64::from(std::process::id()));
        let mut slowest = Duration::ZERO;
        for _ in 0..rounds {
            sleep(Duration::from_millis(300 + dice.below(900) as u64));
            serving.kill();
            let begun = Instant::now();
            serving.restart();
            slowest = slowest.max(begun.elapsed());
        }
        sleep(Duration::from_millis(300));
        is_over.store(true, Ordering::Relaxed);
        println!("the slowest start took {slowest:?}");
        assert!(slowest < START, "a start took {slowest:?}");
    });
    // The last start lands what waits, and sweeps.
    serving.kill_and_restart();
    let taken = taken.into_inner().unwrap();
    println!("{} taken", taken.len());
    assert!(taken.len() > rounds, "hardly anything was taken: {taken:?}");
    let names = serving.git("data/notebooks/main.git", "ls-tree -r --name-only main:contacts");
    let lost: Vec<&String> = taken.iter().filter(|mark| !names.contains(&format!("{mark}.md"))).collect();
    assert!(lost.is_empty(), "lost: {lost:?}");
    // What the server's own upkeep makes comes and goes; what a dead one left does not come again.
    let find = format!("find {} -name '*.lock' -o -name 'tmp_*'", repository.display());
    let begun = Instant::now();
    loop {
        let left = std::process::Command::new("sh").args(["-c", &find]).output().unwrap();
        let left = String::from_utf8_lossy(&left.stdout).into_owned();
        if left.is_empty() {
            break;
        }
        assert!(begun.elapsed() < SWEPT, "left: {left}");
        sleep(Duration::from_millis(50));
    }
    // git's check takes a pack that upkeep replaces meanwhile for lost: it looks once nobody is at work.
    serving.stop();
    serving.git("data/notebooks/main.git", "fsck --no-dangling");
}

/// By git, to the place for work that is to be merged.
fn pushed(folder: &std::path::Path, name: &str, mark: &str) -> bool {
    let did = |line: &str| team::git(folder, line).status.success();
    assert!(did("add .") && did(&format!("commit --quiet -m {mark}")), "{mark}: no commit");
    let is_taken = did(&format!("push --quiet origin HEAD:refs/sync/{name}/laptop"));
    // Where this fails, the next one builds on what is here, and brings it along.
    if did("fetch --quiet origin") {
        did("merge --quiet --ff-only origin/main");
    }
    is_taken
}

/// By `tickler sync`, which says whether the others have it now.
fn synced(folder: &std::path::Path) -> bool {
    team::age(folder);
    let ran = Tickler::new("sync").within(folder).run();
    ran.code == 0
}
