//! What can be typed (CLI contract, Habits and Verbs). The help is the doc comments.

use std::path::PathBuf;

use clap::{Parser, Subcommand, ValueEnum};

use crate::commands;

/// Who to follow up with today, and why: from a folder of plain-text contacts.
#[derive(Debug, Parser)]
#[command(name = "tickler", version, infer_subcommands = false)]
pub struct Args {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub verb: Option<Verb>,
    #[command(flatten, next_help_heading = "Options of `tickler` alone, as of `tickler due`")]
    pub due: commands::due::DueOptions,
}

/// Options of every verb.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// The notebook's folder, instead of the nearest one upward
    #[arg(long, global = true, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// Your handle in the team
    #[arg(long, global = true, value_name = "HANDLE")]
    pub me: Option<String>,
    /// The day to answer for, instead of today
    #[arg(long, global = true, value_name = "DATE")]
    pub today: Option<String>,
    /// How to print the answer
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// When to use colour
    #[arg(long, global = true, value_enum)]
    pub color: Option<Color>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Verb {
    Due(commands::due::DueArgs),
}

/// Every long option of every verb, as it is typed, for suggestions.
pub fn options() -> impl Iterator<Item = &'static str> {
    ["--dir", "--me", "--today", "--format", "--color", "--within", "--all", "--mine", "--now", "--limit"]
        .into_iter()
        .chain(["--explain", "--backlog", "--sort", "--columns", "--help"])
}
