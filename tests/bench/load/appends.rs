//! Touches logged by the API: by many at once, each safe on the disk when it is answered, some answers being lost; and
//! beside it libgit2 alone, which makes the same commits one after the other.

use std::path::Path;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use git2::build::TreeUpdateBuilder;
use git2::{FileMode, Repository, Signature};
use tickler_tests::team::fresh_folder;

use crate::hosts::{Seed, ours};
use crate::options::Options;
use crate::team::{lost_or_doubled, says};
use crate::web::{Caller, contacts};
use crate::{percentile, verdict};

/// The least a second.
const LEAST: f64 = 200.0;
/// One answer in so many is lost.
const LOST: usize = 10;

pub fn measure(options: &Options) -> bool {
    let seed = Seed::new(options);
    let serving = ours("load-append", options, &seed);
    let ids = contacts(&serving);
    let warm = Caller::of_api(&serving, "user0").get("/main/api/v1/due?limit=1");
    assert_eq!(warm.status, 200, "{}", warm.text());
    let all = Mutex::new((Vec::new(), Vec::new()));
    let begun = Instant::now();
    let until = begun + Duration::from_secs(options.seconds);
    thread::scope(|scope| {
        for client in 0..options.clients {
            let (all, ids, serving) = (&all, &ids, &serving);
            scope.spawn(move || {
                let mut caller = Caller::of_api(serving, &format!("user{client}"));
                let (mut tokens, mut times) = (Vec::new(), Vec::new());
                let mine = ids.iter().skip(client).step_by(options.clients).cycle();
                for (number, id) in mine.enumerate().take_while(|_| Instant::now() < until) {
                    let token = format!("token-{client}-{number}-");
                    let begun = Instant::now();
                    caller.log(id, &token, &format!("append-{client}-{number}"), number % LOST == 0);
                    times.push(begun.elapsed().as_secs_f64() * 1e3);
                    tokens.push(token);
                }
                let mut all = all.lock().unwrap();
                all.0.extend(tokens);
                all.1.extend(times);
            });
        }
    });
    let elapsed = begun.elapsed().as_secs_f64();
    let (tokens, times) = all.into_inner().unwrap();
    let (lost, doubled) = lost_or_doubled(&serving.repository("main"), &tokens);
    says(&serving.repository("main"), "fsck --connectivity-only");
    let bare = alone(&seed.bare(), options.seconds.min(10));
    let rate = tokens.len() as f64 / elapsed;
    let good = rate >= LEAST && lost == 0 && doubled == 0;
    println!(
        "| touches, {} contacts | a second | p50 | p95 | lost | doubled | at least | |",
        options.contacts
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |");
    println!(
        "| by the API, {} clients, one answer in {LOST} lost | {rate:.0} | {:.1} ms | {:.1} ms | {lost} | {doubled} | \
         {LEAST:.0} | {} |",
        options.clients,
        percentile(&times, 50),
        percentile(&times, 95),
        verdict(good)
    );
    println!("| libgit2 alone, one commit after the other, flushed | {bare:.0} | | | | | | |");
    good
}

/// How many commits a second libgit2 makes of the same touches.
fn alone(seed: &Path, seconds: u64) -> f64 {
    let folder = fresh_folder("load-append-alone");
    says(&folder, &format!("clone --quiet --bare --no-local {} alone.git", seed.display()));
    let bare = folder.join("alone.git");
    says(&bare, "config core.fsyncObjectFiles true");
    let repository = Repository::open_bare(&bare).unwrap();
    let listed = says(&bare, "-c core.quotePath=false ls-tree -r --name-only main contacts");
    let paths: Vec<&str> = listed.lines().collect();
    let who = Signature::now("bench", "bench@example.com").unwrap();
    let mut tip = repository.refname_to_id("refs/heads/main").unwrap();
    let begun = Instant::now();
    let mut count = 0;
    while begun.elapsed() < Duration::from_secs(seconds) {
        // A step that shares no factor with the number of contacts: folder after folder.
        let path = paths[count * 7919 % paths.len()];
        let parent = repository.find_commit(tip).unwrap();
        let tree = parent.tree().unwrap();
        let entry = tree.get_path(Path::new(path)).unwrap();
        let mut text = repository.find_blob(entry.id()).unwrap().content().to_vec();
        text.extend(format!("- 2026-12-01 phone: spoke of {count}\n").bytes());
        let mut update = TreeUpdateBuilder::new();
        update.upsert(path, repository.blob(&text).unwrap(), FileMode::Blob);
        let tree = repository.find_tree(update.create_updated(&repository, &tree).unwrap()).unwrap();
        let id = repository.commit(None, &who, &who, "a touch\n", &tree, &[&parent]).unwrap();
        repository.reference_matching("refs/heads/main", id, true, tip, "a touch").unwrap();
        tip = id;
        count += 1;
    }
    let rate = count as f64 / begun.elapsed().as_secs_f64();
    let _ = std::fs::remove_dir_all(&folder);
    rate
}
