//! `export ics`: follow-ups as a calendar.

use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use tickler_core::answer::{Feed, calendar};
use tickler_core::git::Git;
use tickler_core::notebook::{Notebook, Survey};

use crate::ask;
use crate::commands::due;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::outlet::Outlet;

/// Follow-ups as a calendar: an event for each contact and day, up to a year ahead
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler export ics --mine --output follow-ups.ics    what is mine to do, or nobody's
  tickler export ics tag:hotel                         of these contacts, to standard output
  tickler export ics --link https://example.com/main   with links to the pages of a server")]
pub struct IcsArgs {
    /// Only those that this query fits, such as `tag:hotel value>10k`
    #[arg(add = crate::complete::query())]
    query: Vec<String>,
    /// Only what is mine to do, or nobody's
    #[arg(long)]
    mine: bool,
    /// The file to write, instead of standard output
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
    /// The address of the notebook's pages on a server: each event leads to its contact there
    #[arg(long, value_name = "URL")]
    link: Option<String>,
}

pub fn run(context: &Context, args: &IcsArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let query = ask::query(context, &notebook, &args.query)?;
    let me = if args.mine { Some(context.me_or_ask(&notebook)?) } else { None };
    if let Some(link) = args.link.as_ref().filter(|link| !is_address(link)) {
        return Err(Failure::usage(format!("\"{link}\" is no address of pages"))
            .hint("give it as https://example.com/main"));
    }
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    let feed = Feed {
        notebook: &name(&notebook),
        me: me.as_deref(),
        link: args.link.as_deref(),
        stamp: changed(&notebook, &survey)?,
    };
    let text = calendar(&survey, &query, &feed);
    let answer = due::answer(&survey, &query, !text.contains("BEGIN:VEVENT"));
    let mut out = Outlet::open(context, args.output.as_deref())?;
    out.write_all(text.as_bytes())?;
    out.finish(answer)
}

fn is_address(link: &str) -> bool {
    ["https://", "http://"]
        .iter()
        .any(|scheme| link.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty()))
}

/// What the notebook is called: its folder's name.
fn name(notebook: &Notebook) -> String {
    let root = notebook.root().canonicalize().unwrap_or_else(|_| notebook.root().to_owned());
    root.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// When the notebook was last changed: its last commit, so that the same commit gives the same bytes; outside git the
/// newest of its contacts.
fn changed(notebook: &Notebook, survey: &Survey<'_>) -> Result<DateTime<Utc>, Failure> {
    let committed = || {
        let Some(git) = Git::open(notebook.root())? else { return Ok(None) };
        git.tip()?.map(|commit| git.committed(&commit)).transpose()
    };
    let committed =
        committed().map_err(|error: tickler_core::git::GitError| Failure::notebook(error.to_string()))?;
    Ok(committed.unwrap_or_else(|| survey.written()))
}
