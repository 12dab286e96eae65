//! The team server: HTTP in, one question or deed, one reply.

mod api;
mod args;
mod asked;
mod backup;
mod calendar;
mod clock;
mod commands;
mod data;
mod failure;
mod figures;
mod front;
mod git;
mod git_http;
mod hook;
mod integrity;
mod logs;
mod names;
mod news;
mod notebooks;
mod page;
mod pages;
mod people;
mod record;
mod reply;
mod routes;
mod seat;
mod server;
mod sessions;
mod settings;
mod tips;
mod upkeep;
mod upstream;
mod writing;

use std::path::Path;
use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // git runs its hooks by their names.
    let called = std::env::args_os().next().unwrap_or_default();
    let called = Path::new(&called).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if let Some(name) = hook::NAMES.iter().find(|name| **name == called) {
        return hook::run(name);
    }
    commands::run(args::Line::parse())
}
