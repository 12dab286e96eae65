//! The team server under load, beside `git http-backend` behind nginx on the same two cores: the tables of
//! `docs/performance.md`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints its table and tells where it is"
)]

mod appends;
mod clients;
mod clones;
mod hosts;
mod kills;
mod memory;
mod options;
mod pages;
mod resident;
mod syncs;
mod team;
mod web;

use std::process::ExitCode;

use options::{Options, Part, Request};

const HELP: &str = "\
The team server under load, beside git http-backend behind nginx.

  cargo bench -p tickler-tests --bench load -- [OPTION…]

  --contacts N   size of the notebook (default 10000; the targets hold for that size)
  --large N      size of the notebook of which pages are read (default 100000)
  --clients N    how many sync, or write by the API, at once (default 8)
  --readers N    how many read pages at once (default 16)
  --seconds N    how long they do (default 20)
  --rounds N     how many clones of each are timed (default 9), and how often the server is killed (default 50)
  --only PART    only this part; may be repeated (clone, sync, memory, kill, pages, append,
                 resident)
  --data DIR     where repositories and clones lie (default: in memory, /dev/shm)

Exit code: 0 all within their targets, 1 one is over or something was lost, 2 the bench itself failed.";

fn main() -> ExitCode {
    let options = match options::parse(std::env::args().skip(1)) {
        Ok(Request::Measure(options)) => options,
        Ok(Request::Help) => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Ok(Request::NotAsked) => {
            println!("load: not run; ask with `cargo bench -p tickler-tests --bench load`");
            return ExitCode::SUCCESS;
        }
        Err(words) => {
            eprintln!("load: {words}");
            return ExitCode::from(2);
        }
    };
    // Built before the clock starts.
    let _ = (tickler_tests::binary(), tickler_tests::server_binary());
    println!("{} contacts, {} clients, in {}\n", options.contacts, options.clients, options.data.display());
    let mut all_good = true;
    for part in Part::ALL.into_iter().filter(|part| options.wants(*part)) {
        let good = run(part, &options);
        println!();
        all_good &= good;
    }
    if all_good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn run(part: Part, options: &Options) -> bool {
    match part {
        Part::Clone => clones::measure(options),
        Part::Sync => syncs::measure(options),
        Part::Memory => memory::measure(options),
        Part::Kill => kills::measure(options),
        Part::Pages => pages::measure(options),
        Part::Append => appends::measure(options),
        Part::Resident => resident::measure(options),
    }
}

/// The middle of some figures.
fn median(figures: &[f64]) -> f64 {
    percentile(figures, 50)
}

/// The figure that so many in a hundred do not exceed.
fn percentile(figures: &[f64], percent: usize) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let at = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or(f64::NAN)
}

fn verdict(good: bool) -> &'static str {
    if good { "ok" } else { "**over**" }
}
