//! The page that a seller opens: today, of a large notebook, by many at once; alone, and while somebody writes.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crate::hosts::{Seed, ours};
use crate::options::Options;
use crate::web::{Caller, contacts, read};
use crate::{percentile, verdict};

/// The most that 95 of 100 readings may take, in milliseconds.
const MOST: f64 = 50.0;
const PAGE: &str = "/main/";

pub fn measure(options: &Options) -> bool {
    let options = &options.with_large();
    let seed = Seed::new(options);
    let mut serving = ours("load-pages", options, &seed);
    serving.kill_and_restart();
    let caller = Caller::on_pages(&serving, "user0");
    let begun = Instant::now();
    let page = caller.again().get(PAGE);
    assert_eq!(page.status, 200, "{}", page.text());
    let first = begun.elapsed().as_secs_f64();
    println!(
        "{} contacts; the page has {:.1} kB; it was there {first:.1} s after a start of the server.\n",
        options.contacts,
        page.body.len() as f64 / 1e3
    );
    println!("| page, {} readers | a second | p50 | p95 | p99 | at most | |", options.readers);
    println!("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
    let row = |what: &str, (times, elapsed): (Vec<f64>, f64), most: Option<f64>| {
        let at = |percent| percentile(&times, percent);
        let most_words = most.map_or_else(|| "—".to_owned(), |most| format!("{most:.0} ms"));
        let good = most.is_none_or(|most| at(95) <= most);
        println!(
            "| {what} | {:.0} | {:.1} ms | {:.1} ms | {:.1} ms | {most_words} | {} |",
            times.len() as f64 / elapsed,
            at(50),
            at(95),
            at(99),
            if most.is_some() { verdict(good) } else { "" }
        );
        good
    };
    let reading = |path| read(&caller, path, options.readers, options.seconds);
    let mut good = row("today", reading(PAGE), Some(MOST));
    let ids = contacts(&serving);
    let stop = AtomicBool::new(false);
    let times = thread::scope(|scope| {
        scope.spawn(|| {
            let mut writer = Caller::of_api(&serving, "user1");
            for (number, id) in ids.iter().enumerate() {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                writer.log(id, &format!("spoke of {number}"), &format!("pages-{number}"), false);
                sleep(Duration::from_secs(1));
            }
        });
        let times = reading(PAGE);
        stop.store(true, Ordering::Relaxed);
        times
    });
    good &= row("today, while somebody writes once a second", times, Some(MOST));
    row("`GET /healthz` of the same server", reading("/healthz"), None);
    let one = |path: &str| read(&caller, path, 1, 3);
    println!("\n| page, one reader | a second | p50 | p95 | p99 | at most | |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | --- |");
    row("a contact", one(&format!("/main/contacts/{}", crate::web::encoded(&ids[0]))), None);
    row("contacts with a word", one("/main/contacts?q=acme"), None);
    good
}
