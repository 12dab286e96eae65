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
}

/// Options of every verb.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// The notebook's folder, instead of the nearest one upward
    #[arg(long, global = true, value_name = "DIR", env = "TICKLER_DIR")]
    pub dir: Option<PathBuf>,
    /// Your handle in the team
    #[arg(long, global = true, value_name = "HANDLE", env = "TICKLER_ME")]
    pub me: Option<String>,
    /// The day to answer for, instead of today
    #[arg(long, global = true, value_name = "DATE", env = "TICKLER_TODAY")]
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
