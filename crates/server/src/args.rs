//! The words of the command line.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use tickler_core::date::Date;

use crate::logs;
use crate::names::{NotebookName, UserName};
use crate::people::Role;

/// Shares notebooks with a team.
///
/// Each notebook is a git repository that `tickler join` and `tickler sync` use over HTTP, as does any git client.
#[derive(Debug, Parser)]
#[command(name = "tickler-server", version, max_term_width = 100)]
pub struct Line {
    #[command(subcommand)]
    pub command: Command,
}

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// In columns, for people
    #[default]
    Text,
    /// As JSON, for programs
    Json,
}

/// The folder that holds everything.
#[derive(Debug, Clone, Args)]
pub struct Where {
    /// The data folder
    #[arg(long, value_name = "DIR", env = "TICKLER_SERVER_DATA")]
    pub data: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Serve(ServeArgs),
    /// Print the server's addresses
    #[command(hide = true)]
    Routes,
    /// The users: who they are, and what they may do
    User {
        #[command(subcommand)]
        deed: UserDeed,
    },
    /// The notebooks
    Notebook {
        #[command(subcommand)]
        deed: NotebookDeed,
    },
    /// Look for what is wrong: every object, every contact, the users, the settings, the folder's rights
    ///
    /// One line a fault, and exit code 1 where there is one. Nothing is changed.
    Check {
        #[command(flatten)]
        place: Where,
    },
    /// Write all notebooks, users and settings into one file
    ///
    /// Each notebook's bundle is cloned and checked before the file gets its name. Pushes go on meanwhile.
    Backup {
        #[command(flatten)]
        place: Where,
        /// The file; one that is there is replaced once the new one is whole
        file: PathBuf,
    },
    /// Make a data folder of a backup
    Restore {
        #[command(flatten)]
        place: Where,
        /// The file that `backup` wrote
        file: PathBuf,
    },
}

/// Serve the notebooks of a data folder
///
/// A folder that is empty or not there yet becomes one, with a first notebook and a first user; its token is shown
/// once.
#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub place: Where,
    /// Where to listen; port 0 takes one that is free
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7420")]
    pub listen: SocketAddr,
    /// The certificate chain, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Its key, in PEM
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// A proxy with TLS stands before the server, at this address
    #[arg(long, value_name = "IP", num_args = 0..=1, default_missing_value = "127.0.0.1")]
    pub behind_proxy: Vec<std::net::IpAddr>,
    /// How the log is written: text on a terminal, JSON elsewhere
    #[arg(long, value_name = "FORMAT")]
    pub log: Option<logs::Format>,
    /// Fill the first notebook with the worked example
    #[arg(long)]
    pub example: bool,
    /// Take this to be today, for tests
    #[arg(long, value_name = "DATE", env = "TICKLER_TODAY", hide = true)]
    pub today: Option<Date>,
}

#[derive(Debug, Subcommand)]
pub enum UserDeed {
    /// Add a user, or give one a role in another notebook
    Add {
        #[command(flatten)]
        place: Where,
        /// Small letters, digits and hyphens
        name: UserName,
        /// What the user may do
        #[arg(long)]
        role: Role,
        /// In which notebook
        #[arg(long, default_value = "main")]
        notebook: NotebookName,
        /// The address in commits that the server makes for the user
        #[arg(long)]
        email: Option<String>,
        /// Even where the notebook is left without an admin
        #[arg(long)]
        force: bool,
    },
    /// List the users
    List {
        #[command(flatten)]
        place: Where,
        /// How to print them
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Give a user a new token; the old ones stop working
    Reset {
        #[command(flatten)]
        place: Where,
        name: UserName,
    },
    /// Remove a user; what they wrote stays
    Remove {
        #[command(flatten)]
        place: Where,
        name: UserName,
        /// Even where a notebook is left without an admin
        #[arg(long)]
        force: bool,
    },
}

#[derive(Debug, Subcommand)]
pub enum NotebookDeed {
    /// Add a notebook
    Add {
        #[command(flatten)]
        place: Where,
        /// Small letters, digits and hyphens
        name: NotebookName,
        /// Begin with the branch `main` of that repository, and its history
        #[arg(long, value_name = "PATH|URL")]
        from: Option<String>,
        /// Share it through that git repository
        #[arg(long, value_name = "URL")]
        upstream: Option<String>,
    },
    /// Merge an upstream that was rewound, or whose history is another one
    Adopt {
        #[command(flatten)]
        place: Where,
        name: NotebookName,
    },
    /// List the notebooks
    List {
        #[command(flatten)]
        place: Where,
        /// How to print them
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}
