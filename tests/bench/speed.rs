//! How fast `tickler` is beside its peers on the same files: the table of `docs/performance.md`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a bench prints its table and tells where it is"
)]

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::bench::Bench;
use crate::fault::{Fault, Result};
use crate::floor::{read_all, rewrite_all, stat_all};
use crate::machine::{Machine, Peer};
use crate::options::{Options, Request};
use crate::table::Table;

mod bench;
mod build;
mod contender;
mod corpus;
mod fault;
mod floor;
mod group;
mod import;
mod machine;
mod options;
mod rows;
mod sandbox;
mod share;
mod table;
mod taskwarrior;
mod write;

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("speed: {fault}");
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<ExitCode> {
    match options::parse(env::args_os().skip(1))? {
        Request::Help => println!("{}", options::HELP),
        Request::NotAsked => {
            println!("speed: not run; ask with `cargo bench -p tickler-tests --bench speed`")
        }
        Request::Floor { folder } => println!("{}", stat_all(&folder, 2)?),
        Request::ReadAll { threads, folder } => println!("{}", read_all(&folder, threads)?),
        Request::Merges => println!("{}", share::merge_all()?),
        Request::Rewrite { flush, folder } => println!("{}", rewrite_all(&folder, flush)?),
        Request::Measure(options) => return measure(&options),
    }
    Ok(ExitCode::SUCCESS)
}

/// Measures the groups asked for, prints the table; failure where a row is over its target or was not measured.
fn measure(options: &Options) -> Result<ExitCode> {
    let tickler = match &options.tickler {
        Some(path) => path.canonicalize().map_err(Fault::at(path))?,
        None => build::release_binary()?,
    };
    let bench = Bench::new(options, tickler)?;
    let groups = rows::groups(&bench, options)?;
    let machine = Machine::look(&bench)?;
    println!("{machine}");
    for missing in Peer::ALL.iter().filter(|peer| !machine.has(**peer)) {
        eprintln!(
            "speed: {} IS MISSING, its rows will NOT be measured: {}",
            missing.program(),
            missing.hint()
        );
    }

    let mut table = Table::default();
    for group in groups {
        eprintln!("speed: {} ({} commands, {} rounds)", group.name, group.contenders.len(), options.rounds);
        table.add(group.measure(options.rounds, &bench.sandbox));
    }
    println!("{table}");
    for caution in options.cautions() {
        println!("{caution}");
    }
    if let Some(file) = &options.json {
        table.write_json(file, &machine, options)?;
    }
    let all_here = Peer::ALL.iter().all(|peer| machine.has(*peer));
    Ok(if table.all_good() && all_here { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The top of the workspace: where relative paths on the command line start.
fn workspace() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_owned()
}
