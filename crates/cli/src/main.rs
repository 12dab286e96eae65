//! The command line: arguments in, one question, one print.

mod args;
mod ask;
mod columns;
mod commands;
mod config;
mod context;
mod failure;
mod layout;
mod page;
mod plain;
mod problems;
mod rows;
mod style;
mod table;
mod width;
mod words;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    commands::run(args::Args::parse_from(args::mark_query(std::env::args_os())))
}
