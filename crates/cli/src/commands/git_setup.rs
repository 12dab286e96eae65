//! `git-setup`: has git's own merges follow tickler's rules, and sees whether they do.

use std::io::Write;

use tickler_core::git::{DriverState, Git};
use tickler_core::notebook::{FileProblem, Notebook};
use tickler_core::problem::{Position, Problem};

use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::commands::history::failed;
use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Have git merge as tickler does, in this clone
///
/// `git pull`, `git merge` and `git rebase` merge by lines, which can break a contact. From then on they ask tickler,
/// which merges key by key and entry by entry, as `tickler sync` does. It is said once in each clone: git keeps no such
/// settings in what it shares. Where tickler is not there, git merges as ever.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler git-setup")]
pub struct GitSetupArgs {}

pub fn run(context: &Context, _args: &GitSetupArgs) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv("git-setup"));
    }
    let notebook = context.notebook()?;
    let git = Git::open(notebook.root()).map_err(|error| failed(&error))?;
    let git = git.ok_or_else(|| {
        Failure::notebook("the notebook is not in git, so there is nothing to set up")
            .hint(format!("git init {}", notebook.root().display()))
    })?;
    let has_changed = git.set_up_driver(&context.program()?).map_err(|error| failed(&error))?;
    let mut page = context.page();
    match (context.format, has_changed) {
        (Format::Json, _) => {
            serde_json::to_writer_pretty(&mut page, &serde_json::json!({ "changed": has_changed }))?;
            writeln!(page)?;
        }
        (_, true) => writeln!(page, "git merges by tickler's rules in this clone from now on")?,
        (_, false) => writeln!(page, "nothing to do: git merges by tickler's rules already")?,
    }
    page.finish(Answer::Done)
}

/// What is wrong with git's own merge, of a notebook that is shared. One in a folder of a larger repository may be there
/// to be read alone, as an example is; it counts as shared once it was synced.
pub fn problem(notebook: &Notebook) -> Option<FileProblem> {
    let git = Git::open(notebook.root()).ok().flatten()?;
    let remote = git.remote().ok().flatten()?;
    if !git.prefix().is_empty() && git.commit_at(&remote.shared()).ok().flatten().is_none() {
        return None;
    }
    let problem = |message: String| {
        let problem = Problem::warning(Position::default(), message)
            .hint("`tickler git-setup` has git pull and git merge follow them");
        Some(FileProblem { file: ".git".to_owned(), problem })
    };
    match git.driver().ok()? {
        DriverState::Set => None,
        DriverState::Unset => problem("git's own merge does not know tickler's rules".to_owned()),
        DriverState::Gone(program) => problem(format!(
            "git's own merge does not know tickler's rules: \"{}\" is gone",
            program.display()
        )),
    }
}
