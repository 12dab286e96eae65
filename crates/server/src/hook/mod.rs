//! What git runs around a push: this same program, by the names of git's hooks.

mod arrived;
mod commits;
mod complaints;
mod contacts;
mod difference;
mod landing;
mod net;
mod post_receive;
mod pre_receive;
mod pushed;
mod refs;
mod rights;
mod tree_names;

use std::path::PathBuf;
use std::process::ExitCode;

pub use arrived::{COMMIT, TREE, bytes};
pub use complaints::shown;
pub use landing::{BRANCH, land_waiting, named, server};
pub use tree_names::{danger, fault};

use crate::data::Data;
use crate::figures::{self, Told};
use crate::names::{NotebookName, UserName};
use crate::people::Role;

/// The names under which git runs this program.
pub const NAMES: [&str; 2] = ["pre-receive", "post-receive"];

/// Who pushes, and where: what the server tells its hooks in the environment.
#[derive(Debug)]
pub struct Push {
    /// The data folder.
    pub data: Data,
    /// The notebook.
    pub notebook: NotebookName,
    /// The user.
    pub user: UserName,
    /// What the user is in the notebook.
    pub role: Role,
    /// The public part of the token.
    pub token: String,
}

impl Push {
    fn of_environment() -> Option<Push> {
        let word = |name: &str| std::env::var(name).ok();
        let role = word("TICKLER_ROLE")?;
        Some(Push {
            data: Data::open(&PathBuf::from(std::env::var_os("TICKLER_DATA")?)).ok()?,
            notebook: NotebookName::new(&word("TICKLER_NOTEBOOK")?).ok()?,
            user: UserName::new(&word("TICKLER_USER")?).ok()?,
            role: <Role as clap::ValueEnum>::from_str(&role, false).ok()?,
            token: word("TICKLER_TOKEN_ID")?,
        })
    }
}

/// Runs as the hook of that name.
pub fn run(name: &str) -> ExitCode {
    let Some(push) = Push::of_environment() else {
        return refuse("this repository takes pushes through its tickler server only");
    };
    // Where git keeps what came until the hook has said yes.
    let quarantine = std::env::var_os("GIT_QUARANTINE_PATH").map(PathBuf::from);
    let done = match name {
        "pre-receive" => pre_receive::run(&push, quarantine.as_deref()),
        _ => post_receive::run(&push),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(words) => {
            if name == "pre-receive" {
                figures::tell(&push.data, Told::Refused);
            }
            refuse(&words)
        }
    }
}

/// Says why not; git shows it on the pusher's terminal.
#[expect(clippy::print_stderr, reason = "what a hook says to people goes there")]
fn refuse(words: &str) -> ExitCode {
    eprintln!("{words}");
    ExitCode::FAILURE
}
