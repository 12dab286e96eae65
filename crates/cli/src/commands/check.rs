//! `check`: every problem of the notebook, where it is, and what to do about it.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use tickler_core::check::{Report, check};
use tickler_core::notebook::{FileProblem, Notebook, OpenError, Recorded, SETTINGS_FILE, Saved};
use tickler_core::problem::{Problem, Severity};
use tickler_core::query;
use tickler_core::verbs::{self, Mended};
use tickler_core::wire::ProblemRow;

use crate::args::Format;
use crate::commands::git_setup;
use crate::context::Context;
use crate::deed::{ManyArgs, carry_through, rehearse};
use crate::failure::{Answer, Failure};
use crate::page::Page;
use crate::plain::clean;
use crate::progress::Progress;
use crate::style::Role;
use crate::{problems, words};

/// Every problem: the file, the line, the column, and what to do about it
///
/// Errors are what cannot be used as it is written; with one of them the exit code is 1. Warnings change no answer:
/// links that lead nowhere, promises without a day, two contacts of one alias.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler check                    what did I mistype?
  tickler check --coverage         and is there somebody whom nobody will ever get to?
  tickler check --fix --dry-run    what of it can tickler mend?
  tickler check --format json      for editors and scripts")]
pub struct CheckArgs {
    /// Fail too where an open contact has no owner, or nothing will ever bring it back
    #[arg(long)]
    coverage: bool,
    /// Mend what has one safe mending, and list the rest
    #[arg(long)]
    fix: bool,
    #[command(flatten)]
    many: ManyArgs,
}

pub fn run(context: &Context, args: &CheckArgs) -> Result<Answer, Failure> {
    let root = context.root()?;
    if let Err(OpenError::Settings { text, problems, .. }) = Notebook::open(&root) {
        return settings(context, &root, &text, problems);
    }
    let notebook = context.notebook()?;
    let dry_run = args.many.dry_run;
    let mended = if args.fix { Some(fix(context, &notebook, args)?) } else { None };
    if dry_run || (args.many.deed.no_commit && !args.fix) {
        return match mended {
            Some((mended, _)) => rehearse(context, &notebook, &mended.planned),
            None => Err(Failure::usage(
                "without `--fix`, `check` changes nothing that could be shown or committed",
            )),
        };
    }
    let survey = context.survey(&notebook);
    let me = context.me(&notebook);
    let asked = query::Context { settings: notebook.settings(), today: context.today, me: me.as_deref() };
    let progress = Progress::new("checking contacts", Some(survey.len() as u64));
    let mut report = check(&survey, &asked, args.coverage, &|more| progress.add(more as u64));
    drop(progress);
    report.problems.extend(git_setup::problem(&notebook));
    let answer = if report.count(Severity::Error) > 0 { Answer::No } else { Answer::Done };
    let mut page = context.page();
    if let Some((mended, saved)) = mended {
        match context.format {
            Format::Text => told(&mended, &mut page)?,
            _ => return fixed(&mended, saved.as_ref(), report.problems, page, answer),
        }
    }
    match context.format {
        Format::Text => text(context, &notebook, &report, &mut page)?,
        Format::Json | Format::Csv => data(context, report.problems, &mut page)?,
    }
    page.finish(answer)
}

/// Mends what can be, unless it is only to be shown.
fn fix(context: &Context, notebook: &Notebook, args: &CheckArgs) -> Result<(Mended, Option<Saved>), Failure> {
    let survey = context.survey(notebook);
    let mended = verbs::mend(&survey, &context.desk(notebook, None));
    let saved = if args.many.dry_run {
        None
    } else {
        carry_through(context, notebook, &mended.planned, &args.many.deed)?
    };
    Ok((mended, saved))
}

/// What was mended, a line each.
fn told(mended: &Mended, page: &mut Page) -> Result<(), Failure> {
    for mending in &mended.mendings {
        let place = format!("{}:{}:", clean(&mending.file), mending.line);
        writeln!(page, "{} {}", page.paint(Role::Strong, place), clean(&mending.what))?;
    }
    writeln!(page, "{}\n", clean(&mended.planned.said))?;
    Ok(())
}

/// What was mended and what remains, for scripts.
fn fixed(
    mended: &Mended,
    saved: Option<&Saved>,
    problems: Vec<FileProblem>,
    mut page: Page,
    answer: Answer,
) -> Result<Answer, Failure> {
    let commit = match saved.map(|saved| &saved.recorded) {
        Some(Recorded::Commit { id, .. }) => Some(id.as_str()),
        _ => None,
    };
    let rows: Vec<ProblemRow> = problems.into_iter().map(Into::into).collect();
    let mended: Vec<_> = mended
        .mendings
        .iter()
        .map(
            |mending| serde_json::json!({ "file": mending.file, "line": mending.line, "what": mending.what }),
        )
        .collect();
    let report = serde_json::json!({ "mended": mended, "commit": commit, "problems": rows });
    serde_json::to_writer_pretty(&mut page, &report)?;
    writeln!(page)?;
    page.finish(answer)
}

/// Settings with errors: no rule can be trusted until they are mended, so nothing else is checked.
fn settings(context: &Context, root: &Path, text: &str, problems: Vec<Problem>) -> Result<Answer, Failure> {
    let mut page = context.page();
    match context.format {
        Format::Text => {
            let file = context.shown_path(root, SETTINGS_FILE);
            for problem in &problems {
                let shown = problems::listed(&file, problem, text, page.paint);
                write!(page, "{shown}")?;
            }
            writeln!(page, "\nThe contacts are checked once the settings are mended.")?;
        }
        Format::Json | Format::Csv => {
            let problems = problems
                .into_iter()
                .map(|problem| FileProblem { file: SETTINGS_FILE.to_owned(), problem })
                .collect();
            data(context, problems, &mut page)?;
        }
    }
    page.finish(Answer::No)
}

/// The problems for editors and scripts.
fn data(context: &Context, problems: Vec<FileProblem>, page: &mut Page) -> Result<(), Failure> {
    if context.format == Format::Csv {
        return csv(problems, page);
    }
    let rows: Vec<ProblemRow> = problems.into_iter().map(Into::into).collect();
    serde_json::to_writer_pretty(&mut *page, &rows)?;
    writeln!(page)?;
    Ok(())
}

fn text(context: &Context, notebook: &Notebook, report: &Report, page: &mut Page) -> Result<(), Failure> {
    for problem in &report.problems {
        let shown = context.problem(notebook, &problem.file, &problem.problem, page.paint);
        write!(page, "{shown}")?;
    }
    if !report.problems.is_empty() {
        writeln!(page)?;
    }
    let (errors, warnings) = (report.count(Severity::Error), report.count(Severity::Warning));
    let contacts = words::count(report.contacts, "contact", "contacts");
    if errors + warnings == 0 {
        writeln!(page, "{} {contacts}, nothing to mend.", page.paint(Role::Good, "All is well:"))?;
    } else {
        let files =
            report.problems.iter().map(|problem| problem.file.as_str()).collect::<BTreeSet<_>>().len();
        let counted =
            [(errors, "error", "errors", Role::Error), (warnings, "warning", "warnings", Role::Caution)];
        let counted: Vec<String> = counted
            .into_iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, many, role)| page.paint(role, words::count(count, one, many)).to_string())
            .collect();
        let files = words::count(files, "file", "files");
        writeln!(page, "{} in {files}; {contacts} in all.", words::list(&counted))?;
    }
    if let Some(crowded) = report.crowded {
        writeln!(
            page,
            "{} contacts lie in one folder: `{}` moves them into letter folders, which makes git faster.",
            words::number(crowded),
            page.paint(Role::Command, "tickler tidy"),
        )?;
    }
    Ok(())
}

fn csv(problems: Vec<FileProblem>, page: &mut Page) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(page);
    out.write_record(["file", "line", "column", "severity", "message", "hint"])?;
    for found in problems {
        let problem = found.problem;
        out.write_record([
            found.file,
            problem.at.line.to_string(),
            problem.at.column.to_string(),
            problem.severity.to_string(),
            problem.message,
            problem.hint.unwrap_or_default(),
        ])?;
    }
    out.flush()?;
    Ok(())
}
