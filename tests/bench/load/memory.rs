//! What the server holds in memory: at rest, and at its peak while clients clone and share.

use std::fs;
use std::thread::{self, sleep};
use std::time::Duration;

use tickler_tests::team::fresh_folder;

use crate::clients;
use crate::hosts::{Seed, ours};
use crate::options::Options;
use crate::team::{Desk, says};
use crate::verdict;

/// The most at rest, in megabytes; and how much more is a fault under load.
const AT_REST: f64 = 60.0;
const UNDER_LOAD: f64 = 150.0;

pub fn measure(options: &Options) -> bool {
    let seed = Seed::new(options);
    let serving = ours("load-memory", options, &seed);
    sleep(Duration::from_secs(2));
    let idle = megabytes(serving.id(), "VmRSS");
    let folder = fresh_folder("load-memory-desks");
    let desks: Vec<Desk> = (0..options.clients)
        .map(|n| Desk::new(&folder, &serving.url(&format!("user{n}"), "main"), n, options.clients))
        .collect();
    thread::scope(|scope| {
        let (folder, serving) = (&folder, &serving);
        scope.spawn(move || {
            for number in 0..options.seconds {
                says(folder, &format!("clone --quiet --bare {} copy{number}", serving.url("admin", "main")));
            }
        });
        clients::run(desks, clients::tickler, || sleep(Duration::from_secs(options.seconds)));
    });
    let peak = megabytes(serving.id(), "VmHWM");
    let _ = fs::remove_dir_all(&folder);
    println!("| memory of the server | | at most | |");
    println!("| --- | ---: | ---: | --- |");
    println!("| at rest | {idle:.1} MB | {AT_REST} MB | {} |", verdict(idle <= AT_REST));
    println!(
        "| peak, {} clients | {peak:.1} MB | {UNDER_LOAD} MB | {} |",
        options.clients,
        verdict(peak <= UNDER_LOAD)
    );
    idle <= AT_REST && peak <= UNDER_LOAD
}

/// What the system says of a process's memory.
pub fn megabytes(process: u32, field: &str) -> f64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)?.strip_prefix(':'));
    let kibibytes = line.and_then(|value| value.split_whitespace().next()?.parse::<f64>().ok());
    kibibytes.map_or(f64::NAN, |kibibytes| kibibytes * 1024.0 / 1e6)
}
