//! `init`: a new notebook.

use std::io::Write;
use std::path::{Path, PathBuf};

use tickler_core::git::{self, Begun, Git};
use tickler_core::notebook::{self, Beginning, CreateError, Notebook, SETTINGS_FILE};
use tickler_core::sync::Report;

use crate::args::Format;
use crate::commands::join::{is_empty, share};
use crate::commands::sync::{tell, unshared};
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::plain::clean;
use crate::style::{Paint, Role};

/// A new notebook, with a word on every setting
///
/// Makes `tickler.toml`, folders for contacts, templates and files, and a git repository with a first commit, unless
/// the folder lies in a repository already. Files that are there stay as they are.
///
/// With `--remote` the notebook is shared too, also one that is there already: the others get it by `tickler join`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler init people                a notebook in the folder `people`
  tickler init                       in this folder
  tickler init --example my-example  one to look at and to play with
  tickler init --remote git@git.example.com:people.git   share the notebook in this folder")]
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
    /// Share it with others: an empty git repository, on a host or in a folder that they reach
    #[arg(long, value_name = "URL", conflicts_with = "no_git")]
    remote: Option<String>,
}

pub fn run(context: &Context, args: &InitArgs) -> Result<Answer, Failure> {
    if let Some(address) = &args.remote
        && !args.example
        && Notebook::find(&args.dir).as_deref() == Some(&args.dir)
    {
        return share_old(context, &args.dir, address);
    }
    if let Some(address) = &args.remote {
        is_empty(context, address)?;
    }
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
        writeln!(page, "{}", repository(context, &files, args)?)?;
    }
    if let Some(address) = &args.remote {
        let notebook = context.notebook_in(&args.dir)?;
        let report = share(context, &notebook, address)?;
        match unshared(&report, false) {
            None => writeln!(page, "{}", shared(&report, page.paint))?,
            Some(failure) => {
                page.finish(Answer::No)?;
                return Err(failure);
            }
        }
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

/// Shares a notebook that is there already.
fn share_old(context: &Context, dir: &Path, address: &str) -> Result<Answer, Failure> {
    let notebook = context.notebook_in(dir)?;
    let report = share(context, &notebook, address)?;
    let answer = tell(context, &report, false)?;
    if context.format == Format::Text {
        let mut page = context.page();
        writeln!(page, "{}", shared(&report, page.paint))?;
        page.finish(answer)?;
    }
    Ok(answer)
}

/// Where it is shared, and how the others come to it.
fn shared(report: &Report, paint: Paint) -> String {
    let address = report.remote.as_ref().map_or_else(String::new, |(_, address)| clean(address).into_owned());
    let join = paint.as_role(Role::Command, format!("tickler join {address}"));
    format!("Shared. The others get it by: {join}")
}

/// Has git's own merge follow tickler's rules. Without it the notebook is one all the same, and `check` tells of it as
/// soon as there is a remote.
fn set_up_driver(context: &Context, dir: &Path) {
    if let (Ok(program), Ok(Some(git))) = (context.program(), Git::open(dir)) {
        let _ = git.set_up_driver(&program);
    }
}

/// Begins the notebook's history, and says so.
fn repository(context: &Context, files: &[String], args: &InitArgs) -> Result<String, Failure> {
    let message = if args.example { "init: the worked example" } else { "init: a new notebook" };
    let begun = git::begin(&args.dir, files, message);
    if matches!(begun, Ok(Begun::Committed | Begun::NoIdentity)) {
        set_up_driver(context, &args.dir);
    }
    match begun {
        Ok(Begun::Committed) => Ok("With a git repository, and a first commit.".to_owned()),
        Ok(Begun::NoIdentity) => {
            Ok("With a git repository. git does not know you yet, so there is no commit:
  git config --global user.name \"Your Name\"
  git config --global user.email you@example.com"
                .to_owned())
        }
        Ok(Begun::Inside) if args.remote.is_some() => {
            let message = "the notebook is made, but not shared: its folder is in a git repository already";
            let way = "to share all of that repository: git remote add origin URL, then `tickler sync`";
            Err(Failure::no(message).hint(way))
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
