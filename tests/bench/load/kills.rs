//! The server is killed at random moments while clients share: it is up again at once, and nothing that it
//! acknowledged is lost.

use std::net::TcpStream;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tickler_tests::Dice;
use tickler_tests::team::fresh_folder;

use crate::hosts::{Seed, ours};
use crate::options::Options;
use crate::team::{Desk, lost_or_doubled, says};
use crate::{clients, percentile, verdict};

pub fn measure(options: &Options) -> bool {
    let rounds = options.rounds.unwrap_or(50);
    let seed = Seed::new(options);
    let mut serving = ours("load-kill", options, &seed);
    let folder = fresh_folder("load-kill-desks");
    let url = |client: usize| serving.url(&format!("user{client}"), "main");
    let desks = (0..options.clients).map(|n| Desk::new(&folder, &url(n), n, options.clients)).collect();
    let repository = serving.repository("main");
    let mut dice = Dice::of(7);
    let mut up_again = Vec::new();
    let done = clients::run(desks, clients::tickler, || {
        for _ in 0..rounds {
            sleep(Duration::from_millis(200 + dice.below(1_300) as u64));
            serving.kill();
            let begun = Instant::now();
            serving.restart();
            while TcpStream::connect(serving.address()).is_err() {
                sleep(Duration::from_millis(5));
            }
            up_again.push(begun.elapsed().as_secs_f64());
        }
        // Time for what waits to come through.
        sleep(Duration::from_secs(3));
    });
    // What was acknowledged before it was merged lands by itself.
    sleep(Duration::from_secs(3));
    let (lost, doubled) = lost_or_doubled(&repository, &done.tokens);
    says(&repository, "fsck --strict --no-dangling");
    let left = leftovers(&repository);
    let _ = std::fs::remove_dir_all(&folder);
    let slowest = percentile(&up_again, 100);
    let good = lost == 0 && doubled == 0 && slowest < 2.0 && left.is_empty();
    println!("| killed | acknowledged | not acknowledged | lost | twice | up again within | |");
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | --- |");
    println!(
        "| {rounds} times | {} | {} | {lost} | {doubled} | {slowest:.2} s | {} |",
        done.tokens.len(),
        done.failed,
        verdict(good)
    );
    left.iter().for_each(|path| println!("left behind: {path}"));
    good
}

/// Locks and quarantine folders that the last start should have swept.
fn leftovers(repository: &Path) -> Vec<String> {
    let mut left = Vec::new();
    let mut folders = vec![repository.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.ends_with(".lock") || name.starts_with("tmp_objdir") {
                left.push(entry.path().display().to_string());
            } else if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                folders.push(entry.path());
            }
        }
    }
    left
}
