//! Several clients that share edits at once: how many a second, how long each takes, and that none is lost.

use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use tickler_tests::team::fresh_folder;

use crate::clients::{self, Done, Share};
use crate::hosts::{Backend, Seed, ours};
use crate::options::Options;
use crate::team::{Desk, lost_or_doubled, says};
use crate::{percentile, verdict};

pub fn measure(options: &Options) -> bool {
    let seed = Seed::new(options);
    let with_git = {
        let backend = Backend::new("sync", options, &seed);
        let url = |client| backend.url(&format!("user{client}"));
        share_all(options, url, clients::plain_git, &backend.repository())
    };
    let with_tickler = {
        let serving = ours("load-sync", options, &seed);
        let url = |client| serving.url(&format!("user{client}"), "main");
        share_all(options, url, clients::tickler, &serving.repository("main"))
    };
    println!(
        "| {} clients, {} s | shared a second | median | 95th percentile | most tries | failed | lost | twice |",
        options.clients, options.seconds
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    with_tickler.print("tickler-server, `tickler sync`");
    with_git.print("http-backend behind nginx, push and rebase");
    let ratio = with_tickler.rate / with_git.rate;
    let is_sound = with_tickler.lost == 0 && with_tickler.doubled == 0;
    println!("\nshared a second: {ratio:.2} times (at least 2) {}", verdict(ratio >= 2.0));
    println!("95th percentile: {:.2} s (at most 3) {}", with_tickler.p95, verdict(with_tickler.p95 < 3.0));
    println!("nothing lost, nothing twice, git fsck clean: {}", if is_sound { "ok" } else { "**not so**" });
    ratio >= 2.0 && with_tickler.p95 < 3.0 && is_sound
}

/// The figures of a run.
struct Figures {
    rate: f64,
    median: f64,
    p95: f64,
    tries: u32,
    failed: usize,
    lost: usize,
    doubled: usize,
}

impl Figures {
    fn print(&self, name: &str) {
        let Figures { rate, median, p95, tries, failed, lost, doubled } = self;
        println!(
            "| {name} | {rate:.1} | {median:.2} s | {p95:.2} s | {tries} | {failed} | {lost} | {doubled} |"
        );
    }
}

fn share_all(options: &Options, url: impl Fn(usize) -> String, share: Share, repository: &Path) -> Figures {
    let folder = fresh_folder("load-desks");
    let desks = (0..options.clients).map(|n| Desk::new(&folder, &url(n), n, options.clients)).collect();
    let Done { tokens, seconds, tries, failed, elapsed } =
        clients::run(desks, share, || sleep(Duration::from_secs(options.seconds)));
    let (lost, doubled) = lost_or_doubled(repository, &tokens);
    says(repository, "fsck --strict --no-dangling");
    let _ = std::fs::remove_dir_all(&folder);
    Figures {
        rate: tokens.len() as f64 / elapsed,
        median: percentile(&seconds, 50),
        p95: percentile(&seconds, 95),
        tries,
        failed,
        lost,
        doubled,
    }
}
