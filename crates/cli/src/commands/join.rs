//! `join`: gets a notebook that others share, and shares one's own for the first time.

use std::io::Write;
use std::path::PathBuf;

use tickler_core::git;
use tickler_core::notebook::Notebook;
use tickler_core::sync::{self, JoinError, Joined, Report};

use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::commands::sync::watched;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::plain::clean;
use crate::style::Role;
use crate::words;

/// Get a notebook that others share, to work in it with them
///
/// All of it comes, with its history, into a folder of its own; a copy that was interrupted goes on where it was. From
/// then on `tickler sync` in that folder shares what you do. git's own merges there follow tickler's rules too.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler join https://git.example.com/people.git
  tickler join git@git.example.com:people.git      by ssh, with the keys that git uses
  tickler join /mnt/office/people.git crm          from a shared folder, into the folder `crm`")]
pub struct JoinArgs {
    /// The address, as git takes it
    #[arg(value_name = "URL")]
    address: String,
    /// The folder; where none is named, that of the address
    #[arg(value_hint = clap::ValueHint::DirPath)]
    dir: Option<PathBuf>,
}

pub fn run(context: &Context, args: &JoinArgs) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv("join"));
    }
    let (here, program) = (context.here()?, context.program()?);
    let joined = watched(context, |watch| {
        sync::join(&args.address, args.dir.as_deref(), &here, &program, watch).map_err(|error| failed(&error))
    })?;
    let mut page = context.page();
    let Joined { root, contacts, branch } = &joined;
    // Without a slash at its end.
    let root: PathBuf = root.components().collect();
    let shown = root.strip_prefix(&here).unwrap_or(&root).display().to_string();
    if context.format == Format::Json {
        let root = root.display().to_string();
        let report = serde_json::json!({ "notebook": root, "contacts": contacts, "branch": branch });
        serde_json::to_writer_pretty(&mut page, &report)?;
        writeln!(page)?;
        return page.finish(Answer::Done);
    }
    let contacts = words::count(*contacts, "contact", "contacts");
    writeln!(page, "Joined, in {}: {contacts}.", page.paint(Role::Strong, clean(&shown)))?;
    writeln!(page, "\nNext:")?;
    writeln!(page, "  {}", page.paint(Role::Command, format!("cd {} && tickler", clean(&shown))))?;
    writeln!(page, "  {}", page.paint(Role::Command, "tickler sync"))?;
    page.finish(Answer::Done)
}

/// Shares a notebook with a remote that is still empty.
pub fn share(context: &Context, notebook: &Notebook, address: &str) -> Result<Report, Failure> {
    let (here, program) = (context.here()?, context.program()?);
    watched(context, |watch| {
        sync::share(notebook, address, &here, &program, watch).map_err(|error| failed(&error))
    })
}

/// Refuses a remote that has something already, or cannot be reached, before anything is made for it.
pub fn is_empty(context: &Context, address: &str) -> Result<(), Failure> {
    match git::is_empty(&context.here()?, address, context.may_ask()) {
        Ok(true) => Ok(()),
        Ok(false) => Err(failed(&JoinError::NotEmpty(address.to_owned()))),
        Err(error) => Err(failed(&error.into())),
    }
}

fn failed(error: &JoinError) -> Failure {
    let message = error.to_string();
    let failure = match error {
        JoinError::Exists(_)
        | JoinError::Joined(_)
        | JoinError::Empty(_)
        | JoinError::NotEmpty(_)
        | JoinError::NotANotebook { .. } => Failure::no(message),
        JoinError::NoName(_) => Failure::usage(message),
        JoinError::Busy(_)
        | JoinError::Open(_)
        | JoinError::Network(_)
        | JoinError::Git(_)
        | JoinError::Sync(_)
        | JoinError::Disk { .. } => Failure::notebook(message),
    };
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
