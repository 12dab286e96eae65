//! The command line: arguments in, one question, one print.

mod args;
mod commands;
mod context;
mod failure;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = args::Args::parse();
    match commands::run(args) {
        Ok(answer) => answer.exit_code(),
        Err(failure) => failure.report(),
    }
}
