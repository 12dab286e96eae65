//! `history`: git's record of the notebook, in the user's words.

use std::collections::HashSet;
use std::io::Write;

use tickler_core::git::{Git, GitError, Record, taken_back};
use tickler_core::notebook::{CONTACTS_DIR, Notebook, Pick};
use tickler_core::settings::Settings;
use tickler_core::wire::HistoryRow;

use crate::args::Format;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::page::Page;
use crate::plain::clean;
use crate::style::Role;
use crate::table::{self, Column};
use crate::{complete, naming, words};

/// What a terminal shows where nothing else is said; a pipe gets all.
const ON_A_TERMINAL: usize = 20;

/// What was done, when and by whom: of the notebook, or of one contact
///
/// The newest first, with the id by which `tickler undo` takes it back. What is taken back already is marked.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler history                  what was done lately
  tickler history jane             all that happened to one contact
  tickler history --limit 100      further back")]
pub struct HistoryArgs {
    /// The contact: its id, or any part of id, name, company or email that fits it alone; also the id of one that is
    /// gone
    #[arg(value_name = "ID", add = complete::contacts())]
    contact: Vec<String>,
    /// How many at most; 20 on a terminal where nothing is said, else all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
}

pub fn run(context: &Context, args: &HistoryArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let git = repository(&notebook)?;
    let path = match args.contact.as_slice() {
        [] => None,
        words => Some(path(context, &notebook, &git, words)?),
    };
    let on_screen = (context.format == Format::Text && context.width().is_some()).then_some(ON_A_TERMINAL);
    let limit = args.limit.map(|limit| limit as usize).or(on_screen);
    // One more than is shown tells whether there are more.
    let mut records =
        git.history(path.as_deref(), limit.map(|limit| limit + 1)).map_err(|error| failed(&error))?;
    let undone = taken_back(&records);
    let more = limit.is_some_and(|limit| records.len() > limit);
    records.truncate(limit.unwrap_or(usize::MAX));
    let mut page = context.page();
    match context.format {
        Format::Text if records.is_empty() => {
            return Err(Failure::no("there is no history yet: nothing of this notebook is in a commit")
                .hint("`git add` and `git commit` begin it, and so does the first change by tickler"));
        }
        Format::Text => text(context, notebook.settings(), (&records, &undone), more, &mut page)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut page, &rows(&git, &records, &undone)?)?;
            writeln!(page)?;
        }
        Format::Csv => csv(rows(&git, &records, &undone)?, &mut page)?,
    }
    page.finish(Answer::Done)
}

/// The repository around the notebook.
pub fn repository(notebook: &Notebook) -> Result<Git, Failure> {
    let folder = notebook.root().display();
    Git::open(notebook.root()).map_err(|error| failed(&error))?.ok_or_else(|| {
        Failure::notebook("this notebook is not in git, so there is no history")
            .hint(format!("git init {folder}; git -C {folder} add --all; git -C {folder} commit -m first"))
    })
}

/// Why git has no answer.
pub fn failed(error: &GitError) -> Failure {
    let failure = Failure::notebook(error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

/// The file of the contact that the words name; of one that is gone, the file that it last had.
fn path(context: &Context, notebook: &Notebook, git: &Git, words: &[String]) -> Result<String, Failure> {
    let survey = context.survey(notebook);
    let id = words.join(" ");
    let pick = survey.pick(&id);
    let is_its = |path: &str| {
        let stem = path.strip_suffix(".md").and_then(|path| path.rsplit('/').next());
        path.starts_with(CONTACTS_DIR) && stem == Some(id.as_str())
    };
    if let Pick::One(index) = pick {
        let is_earlier = survey.find(&id).is_none() && survey.called(&id) == Some(index);
        let joined = if is_earlier { joined(git, is_its).map_err(|error| failed(&error))? } else { None };
        return Ok(joined.unwrap_or_else(|| survey.path(index)));
    }
    match git.last_path(is_its).map_err(|error| failed(&error))? {
        Some(path) => Ok(path),
        None => naming::contact(context, &survey, words).map(|index| survey.path(index)),
    }
}

/// The file of a contact that became a part of another: its own history ends there, and is asked for by its own id.
fn joined(git: &Git, is_its: impl Fn(&str) -> bool) -> Result<Option<String>, GitError> {
    let Some(path) = git.last_path(is_its)? else { return Ok(None) };
    let last = git.history(Some(&path), Some(1))?;
    Ok(last.first().is_some_and(|record| record.verb.as_deref() == Some("merge")).then_some(path))
}

/// Who did it: a member of the team by name, else whoever git says.
pub fn who(record: &Record, settings: &Settings) -> String {
    let is_theirs = |email: &String| email.eq_ignore_ascii_case(&record.email);
    let member = settings.team.iter().find(|member| member.email.iter().any(is_theirs));
    let name = member.map(|member| member.name.as_ref().unwrap_or(&member.handle)).unwrap_or(&record.author);
    clean(name).into_owned()
}

fn text(
    context: &Context,
    settings: &Settings,
    (records, undone): (&[Record], &HashSet<String>),
    more: bool,
    page: &mut Page,
) -> Result<(), Failure> {
    let columns = [
        Column::new("id", Role::Command),
        Column::new("when", Role::Dim),
        Column::new("who", Role::Plain),
        Column::new("what", Role::Strong),
    ];
    let cells = |record: &Record| {
        let (date, time) = context.local(record.when);
        let mark = if undone.contains(&record.id) { "[taken back] " } else { "" };
        vec![
            record.short.clone(),
            format!("{} {time}", words::day(date, context.today)),
            who(record, settings),
            format!("{mark}{}", clean(&record.subject)),
        ]
    };
    let rows: Vec<Vec<String>> = records.iter().map(cells).collect();
    for line in table::lines(&columns, &rows, page.width, page.paint) {
        writeln!(page, "{line}")?;
    }
    if more {
        let way = page.paint(Role::Command, format!("--limit {}", records.len() * 5));
        writeln!(page, "\nOlder ones are there too: {way}")?;
    }
    Ok(())
}

fn rows(git: &Git, records: &[Record], undone: &HashSet<String>) -> Result<Vec<HistoryRow>, Failure> {
    let row = |record: &Record| {
        let files = git.paths_of(&record.id).map_err(|error| failed(&error))?;
        Ok(HistoryRow::new(record, undone.contains(&record.id), files))
    };
    records.iter().map(row).collect()
}

fn csv(rows: Vec<HistoryRow>, page: &mut Page) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(page);
    out.write_record(["id", "date", "author", "email", "subject", "verb", "undoes", "undone", "files"])?;
    for row in rows {
        out.write_record([
            row.id,
            row.date,
            row.author,
            row.email,
            row.subject,
            row.verb.unwrap_or_default(),
            row.undoes.join(" "),
            row.undone.to_string(),
            row.files.join("; "),
        ])?;
    }
    out.flush()?;
    Ok(())
}
