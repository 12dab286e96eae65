//! The command line: arguments in, one question, one print.

mod args;
mod ask;
mod columns;
mod commands;
mod complete;
mod config;
mod context;
mod deed;
mod diff;
mod editor;
mod failure;
mod hooks;
mod intake;
mod layout;
mod mailbox;
mod mappings;
mod markdown;
mod naming;
mod notes;
mod outlet;
mod page;
mod plain;
mod problems;
mod progress;
mod rows;
mod sheet;
mod shell;
mod spans;
mod style;
mod table;
mod width;
mod words;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

fn main() -> ExitCode {
    clap_complete::CompleteEnv::with_factory(args::Args::command)
        .var(commands::completions::VARIABLE)
        .complete();
    commands::run(args::Args::parse_from(args::mark_query(std::env::args_os())))
}
