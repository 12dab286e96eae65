//! `init`: a new notebook.

use std::io::Write;
use std::path::{Path, PathBuf};

use tickler_core::git::{self, Begun};
use tickler_core::notebook::{self, Beginning, CreateError, SETTINGS_FILE};

use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::style::Role;

/// A new notebook, with a word on every setting
///
/// Makes `tickler.toml`, folders for contacts, templates and files, and a git repository with a first commit, unless
/// the folder lies in a repository already. Files that are there stay as they are.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler init people                a notebook in the folder `people`
  tickler init                       in this folder
  tickler init --example my-example  one to look at and to play with")]
pub struct InitArgs {
    /// The folder; it is made where there is none
    #[arg(default_value = ".", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,
    /// Fill it with a small worked notebook
    #[arg(long)]
    example: bool,
    /// Make no git repository
    #[arg(long)]
    no_git: bool,
}

pub fn run(context: &Context, args: &InitArgs) -> Result<Answer, Failure> {
    let beginning = if args.example { Beginning::Example } else { Beginning::Empty };
    let files = notebook::create(&args.dir, beginning).map_err(|error| match &error {
        CreateError::Exists(dir) => Failure::no(error.to_string())
            .hint(format!("its settings are in {}; nothing was changed", dir.join(SETTINGS_FILE).display())),
        CreateError::InTheWay(_) => {
            Failure::no(error.to_string()).hint("choose another folder, or move it; nothing was changed")
        }
        CreateError::Disk { .. } => Failure::notebook(error.to_string()),
    })?;
    let mut page = context.page();
    let shown =
        if args.dir == Path::new(".") { "this folder".to_owned() } else { args.dir.display().to_string() };
    let what = if args.example { "A worked example" } else { "A new notebook" };
    writeln!(page, "{what} in {}:", page.paint(Role::Strong, &shown))?;
    let contacts = files.iter().filter(|file| file.starts_with("contacts/") && file.ends_with(".md")).count();
    let contacts = match contacts {
        0 => "your people, one file each".to_owned(),
        n => format!("{n} people, one file each"),
    };
    for (name, holds) in [
        (SETTINGS_FILE, "the settings; they may all stay as they are"),
        ("contacts/", &contacts),
        ("templates/", "messages that you write often"),
        ("files/", "what you send: price lists, spec sheets"),
    ] {
        writeln!(
            page,
            "  {}  {}",
            page.paint(Role::Command, format!("{name:12}")),
            page.paint(Role::Dim, holds)
        )?;
    }
    if !args.no_git {
        writeln!(page, "{}", repository(&args.dir, &files, args.example)?)?;
    }
    writeln!(page, "\nNext:")?;
    let go =
        if args.dir == Path::new(".") { String::new() } else { format!("cd {} && ", args.dir.display()) };
    if args.example {
        // The story of the example stands on this day.
        writeln!(page, "  {}", page.paint(Role::Command, format!("{go}tickler --today 2026-12-03")))?;
        writeln!(page, "  {}", page.paint(Role::Command, "tickler brief ines --today 2026-12-03"))?;
    } else {
        let new = format!("{go}tickler new \"Jane Doe\" --met \"at the fair\" --next friday --via phone");
        writeln!(page, "  {}", page.paint(Role::Command, new))?;
        writeln!(page, "  {}", page.paint(Role::Command, "tickler"))?;
    }
    page.finish(Answer::Done)
}

/// Begins the notebook's history, and says so.
fn repository(dir: &Path, files: &[String], is_example: bool) -> Result<String, Failure> {
    let message = if is_example { "init: the worked example" } else { "init: a new notebook" };
    match git::begin(dir, files, message) {
        Ok(Begun::Committed) => Ok("With a git repository, and a first commit.".to_owned()),
        Ok(Begun::NoIdentity) => {
            Ok("With a git repository. git does not know you yet, so there is no commit:
  git config --global user.name \"Your Name\"
  git config --global user.email you@example.com"
                .to_owned())
        }
        Ok(Begun::Inside) => {
            Ok("The folder is in a git repository already; its history is yours to write.".to_owned())
        }
        Err(error) => {
            Err(Failure::notebook(format!("the notebook is made, but git failed: {}", error.message()))
                .hint("`tickler` works without git"))
        }
    }
}
