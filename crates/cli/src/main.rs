//! The command line: arguments in, one question, one print.

mod args;
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
    let args = args::Args::parse();
    let paint = style::Paint { on: args.global.color != Some(args::Color::Never) };
    match commands::run(args) {
        Ok(answer) => answer.exit_code(),
        Err(failure) => failure.report(paint),
    }
}
