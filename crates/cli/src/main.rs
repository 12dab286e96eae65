//! The command line: arguments in, one question, one print.

mod args;
mod ask;
mod commands;
mod config;
mod context;
mod failure;
mod page;
mod plain;
mod problems;
mod style;
mod width;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    commands::run(args::Args::parse())
}
