//! A clone from our server beside one from git's own, in turn.

use std::fs;
use std::time::Instant;

use tickler_tests::team::fresh_folder;

use crate::hosts::{Backend, Seed, ours};
use crate::options::Options;
use crate::team::says;
use crate::{median, verdict};

pub fn measure(options: &Options) -> bool {
    let seed = Seed::new(options);
    let serving = ours("load-clone", options, &seed);
    let backend = Backend::new("clone", options, &seed);
    let folder = fresh_folder("load-clones");
    let (mut of_ours, mut of_git) = (Vec::new(), Vec::new());
    let time = |url: &str| {
        let begun = Instant::now();
        says(&folder, &format!("clone --quiet {url} copy"));
        let seconds = begun.elapsed().as_secs_f64();
        fs::remove_dir_all(folder.join("copy")).unwrap();
        seconds * 1e3
    };
    // The first of each warms up.
    for round in 0..=options.rounds.unwrap_or(9) {
        let (one, other) = (time(&serving.url("admin", "main")), time(&backend.url("admin")));
        if round > 0 {
            of_ours.push(one);
            of_git.push(other);
        }
    }
    fs::remove_dir_all(&folder).unwrap();
    let (one, other) = (median(&of_ours), median(&of_git));
    let good = one / other <= 1.1;
    println!("| clone | tickler-server | http-backend, nginx | ratio | at most | |");
    println!("| --- | ---: | ---: | ---: | ---: | --- |");
    println!(
        "| with its files | {one:.0} ms | {other:.0} ms | {:.2} | 1.1 | {} |",
        one / other,
        verdict(good)
    );
    good
}
