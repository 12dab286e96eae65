//! Clients that share one edit after the other: with `tickler sync`, or with plain git that tries again.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tickler_tests::team::git;
use tickler_tests::{Dice, binary};

use crate::team::Desk;

/// How a client shares an edit; whether it came through, and after how many tries.
pub type Share = fn(&Path, &mut Dice, &AtomicBool) -> (bool, u32);

/// What the clients did.
#[derive(Default)]
pub struct Done {
    /// The words of edits that were acknowledged.
    pub tokens: Vec<String>,
    /// How long each of them took, in seconds.
    pub seconds: Vec<f64>,
    /// The most tries of one.
    pub tries: u32,
    /// Edits that were not acknowledged.
    pub failed: usize,
    /// How long all of it took.
    pub elapsed: f64,
}

/// All desks share edits until `stop` is set by `until`.
pub fn run(desks: Vec<Desk>, share: Share, until: impl FnOnce()) -> Done {
    let stop = AtomicBool::new(false);
    let begun = Instant::now();
    let mut all = Done::default();
    thread::scope(|scope| {
        let stop = &stop;
        let running: Vec<_> = desks
            .into_iter()
            .enumerate()
            .map(|(number, desk)| scope.spawn(move || one(desk, number as u64, share, stop)))
            .collect();
        until();
        stop.store(true, Ordering::Relaxed);
        for done in running {
            let done = done.join().unwrap();
            all.tokens.extend(done.tokens);
            all.seconds.extend(done.seconds);
            all.tries = all.tries.max(done.tries);
            all.failed += done.failed;
        }
    });
    all.elapsed = begun.elapsed().as_secs_f64();
    all
}

fn one(mut desk: Desk, seed: u64, share: Share, stop: &AtomicBool) -> Done {
    let mut dice = Dice::of(seed);
    let mut done = Done::default();
    while !stop.load(Ordering::Relaxed) {
        let token = desk.edit();
        let begun = Instant::now();
        let (ok, tries) = share(&desk.notebook, &mut dice, stop);
        done.tries = done.tries.max(tries);
        if ok {
            done.tokens.push(token);
            done.seconds.push(begun.elapsed().as_secs_f64());
        } else {
            done.failed += 1;
        }
    }
    done
}

/// One `tickler sync`.
pub fn tickler(notebook: &Path, _: &mut Dice, _: &AtomicBool) -> (bool, u32) {
    let mut command = Command::new(binary());
    command.arg("sync").current_dir(notebook).env_clear().env("HOME", "/nonexistent").env("TZ", "UTC");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("GIT_CONFIG_NOSYSTEM", "1");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    (command.status().is_ok_and(|status| status.success()), 1)
}

/// A commit, and pushes until one is taken; between them a fetch, a rebase, and a wait of some length.
pub fn plain_git(notebook: &Path, dice: &mut Dice, stop: &AtomicBool) -> (bool, u32) {
    let ok = |line: &str| git(notebook, line).status.success();
    if !ok("commit --quiet --all -m touch") {
        return (false, 0);
    }
    for tries in 1.. {
        if ok("push --quiet origin HEAD:main") {
            return (true, tries);
        }
        // A push that is never taken must not keep the bench from its end.
        if stop.load(Ordering::Relaxed) && tries > 5 {
            return (false, tries);
        }
        thread::sleep(Duration::from_millis(dice.below(100) as u64));
        if !ok("pull --quiet --rebase origin main") {
            ok("rebase --abort");
        }
    }
    (false, 0)
}
