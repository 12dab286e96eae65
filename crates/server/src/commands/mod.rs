//! One file a command.

mod allocator;
mod backup;
mod check;
mod first_minute;
mod notebook;
mod serve;
mod user;

use std::path::PathBuf;
use std::process::ExitCode;

use crate::args::{Command, Line};
use crate::failure::Failure;

/// Runs what was asked for.
pub fn run(line: Line) -> ExitCode {
    let done = match line.command {
        Command::Serve(args) => serve::run(&args),
        Command::Routes => {
            let lines = crate::routes::routes()
                .into_iter()
                .map(|route| format!("{} {}\n", route.method, route.pattern));
            crate::page::print(&lines.collect::<String>());
            Ok(())
        }
        Command::User { deed } => user::run(deed),
        Command::Notebook { deed } => notebook::run(deed),
        Command::Check { place } => check::run(&place.data),
        Command::Backup { place, file } => backup::back_up(&place.data, &file),
        Command::Restore { place, file } => backup::restore(&place.data, &file),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            crate::page::complain(&failure.to_string());
            failure.code()
        }
    }
}

/// This program, which the hooks lead to.
fn program() -> Result<PathBuf, Failure> {
    std::env::current_exe()
        .map_err(|error| Failure::new(format!("the system does not say where this program is: {error}")))
}
