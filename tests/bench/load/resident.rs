//! What the server holds in memory of a large notebook: after its pages were read and much was written.

use std::thread::sleep;
use std::time::Duration;

use crate::hosts::{Seed, ours};
use crate::memory::megabytes;
use crate::options::Options;
use crate::verdict;
use crate::web::{Caller, contacts, encoded, read};

/// The most in the end, in megabytes.
const MOST: f64 = 250.0;
/// How many touches are logged.
const WRITES: usize = 1_000;

pub fn measure(options: &Options) -> bool {
    let options = &options.with_large();
    let seed = Seed::new(options);
    let mut serving = ours("load-resident", options, &seed);
    serving.kill_and_restart();
    let caller = Caller::on_pages(&serving, "user0");
    assert_eq!(caller.again().get("/main/").status, 200);
    let mut figures = vec![("once it is read", megabytes(serving.id(), "VmRSS"))];
    let ids = contacts(&serving);
    let contact = format!("/main/contacts/{}", encoded(&ids[0]));
    for path in ["/main/", &contact, "/main/contacts?q=acme"] {
        read(&caller, path, options.readers, 3);
    }
    figures.push(("once its pages were read", megabytes(serving.id(), "VmRSS")));
    let (mut writer, mut reader) = (Caller::of_api(&serving, "user1"), caller.again());
    for (number, id) in ids.iter().enumerate().take(WRITES) {
        writer.log(id, &format!("spoke of {number}"), &format!("resident-{number}"), false);
        if number % 10 == 0 {
            reader.get("/main/");
        }
    }
    sleep(Duration::from_secs(2));
    let last = megabytes(serving.id(), "VmRSS");
    figures.push(("after 1,000 writes", last));
    println!("| memory of the server, {} contacts | | at most | |", options.contacts);
    println!("| --- | ---: | ---: | --- |");
    for (what, figure) in figures {
        println!("| {what} | {figure:.0} MB | {MOST:.0} MB | {} |", verdict(figure <= MOST));
    }
    println!("| its peak | {:.0} MB | — | |", megabytes(serving.id(), "VmHWM"));
    last <= MOST
}
