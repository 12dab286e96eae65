//! `status`: where the notebook stands, on one screen.

use std::io::Write;

use tickler_core::answer::unsettled;
use tickler_core::git::{Git, GitError, Head, Record, Status, taken_back};
use tickler_core::notebook::{Notebook, SaveError};
use tickler_core::wire::{EditRow, GitReport, HistoryRow, SharingReport, StatusReport};

use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::commands::history::{failed, who};
use crate::commands::status_sharing::{edits, shared, sharing, to_settle};
use crate::context::Context;
use crate::deed::unsaved;
use crate::failure::{Answer, Failure};
use crate::plain::clean;
use crate::sheet::Sheet;
use crate::spans::{Span, span};
use crate::style::Role;
use crate::words;

/// How many files of a kind are named.
const MOST_FILES: usize = 20;
/// How far back the last deed is looked for, in commits.
const LOOK_BACK: usize = 200;

/// Where the notebook stands: what is in no commit yet, the branch, what was done last
#[derive(Debug, clap::Args)]
pub struct StatusArgs {}

/// What git says.
struct Standing {
    status: Status,
    last: Option<(Record, bool)>,
    edits: Vec<EditRow>,
    sharing: Option<SharingReport>,
}

pub fn run(context: &Context, _args: &StatusArgs) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv("status"));
    }
    let notebook = context.notebook()?;
    let (finished, busy) = match notebook.recover() {
        Ok(finished) => (finished, false),
        Err(SaveError::Busy) => (None, true),
        Err(error) => return Err(unsaved(&error)),
    };
    // git and the survey each go over all files; side by side they take half as long.
    let (standing, survey, unsettled) = std::thread::scope(|scope| {
        let asked = scope.spawn(|| standing(&notebook));
        let survey = context.survey(&notebook);
        let unsettled = unsettled(&survey);
        (asked.join(), survey, unsettled)
    });
    let standing =
        standing.unwrap_or_else(|panic| std::panic::resume_unwind(panic)).map_err(|error| failed(&error))?;
    let broken: Vec<String> = survey.broken().map(|index| survey.path(index)).collect();
    let mut page = context.page();
    if context.format == Format::Json {
        let report = StatusReport {
            notebook: notebook.root().display().to_string(),
            contacts: survey.len(),
            broken,
            sharing: standing.as_ref().and_then(|standing| standing.sharing.clone()),
            git: standing.map(|standing| {
                let last = standing.last.map(|(record, undone)| HistoryRow::new(&record, undone, Vec::new()));
                GitReport::new(&standing.status, standing.edits, last)
            }),
            unsettled,
            finished,
        };
        serde_json::to_writer_pretty(&mut page, &report)?;
        writeln!(page)?;
        return page.finish(Answer::Done);
    }
    let mut sheet = Sheet::new(&mut page);
    sheet.plain("notebook", &clean(&notebook.root().display().to_string()))?;
    let contacts = words::count(survey.len(), "contact", "contacts");
    let mut spans = vec![span(Role::Plain, contacts)];
    if !broken.is_empty() {
        spans.push(span(Role::Error, format!(", {} broken: `tickler check`", words::number(broken.len()))));
    }
    sheet.row("contacts", &spans)?;
    to_settle(&unsettled, &mut sheet)?;
    if busy {
        sheet.row("at work", &[span(Role::Caution, "another tickler is writing to this notebook")])?;
    }
    if let Some(finished) = &finished {
        sheet.plain("finished", &format!("an interrupted run had begun \"{}\"", clean(finished)))?;
    }
    match &standing {
        None => sheet.plain("git", "the notebook is not in git: there is no history, and no undo")?,
        Some(standing) => in_git(context, &notebook, standing, &mut sheet)?,
    }
    page.finish(Answer::Done)
}

/// Asks git; nothing outside of it.
fn standing(notebook: &Notebook) -> Result<Option<Standing>, GitError> {
    let Some(git) = Git::open(notebook.root())? else { return Ok(None) };
    let status = git.status()?;
    let records = git.history(None, Some(LOOK_BACK))?;
    let undone = taken_back(&records);
    let last = records.into_iter().find(|record| record.verb.is_some());
    let last = last.map(|record| {
        let is_undone = undone.contains(&record.id);
        (record, is_undone)
    });
    let edits = edits(notebook, &git, &status, MOST_FILES);
    let sharing = sharing(notebook, &git, &status);
    Ok(Some(Standing { status, last, edits, sharing }))
}

fn in_git(
    context: &Context,
    notebook: &Notebook,
    standing: &Standing,
    sheet: &mut Sheet<'_>,
) -> Result<(), Failure> {
    let status = &standing.status;
    sheet.row("branch", &branch(status))?;
    if let Some(sharing) = &standing.sharing {
        shared(context, sharing, status, sheet)?;
    }
    if let Some(unfinished) = status.unfinished {
        sheet.row("unfinished", &[span(Role::Caution, format!("a {unfinished}: {}", unfinished.hint()))])?;
    }
    let lists = [
        ("in conflict", &status.conflicted, Role::Error),
        ("changed", &status.changed, Role::Plain),
        ("new", &status.new, Role::Plain),
        ("removed", &status.removed, Role::Plain),
        ("staged", &status.staged, Role::Plain),
    ];
    for (label, files, role) in lists {
        for file in files.iter().take(MOST_FILES) {
            let mut spans = vec![span(role, file)];
            if let Some(edit) = standing.edits.iter().find(|edit| edit.file == *file) {
                spans.push(span(Role::Dim, format!(" ({})", edit.what)));
            }
            sheet.row(label, &spans)?;
        }
        if let Some(more) = files.len().checked_sub(MOST_FILES).filter(|more| *more > 0) {
            sheet.row(label, &[span(Role::Dim, format!("and {} more", words::number(more)))])?;
        }
    }
    if lists.iter().all(|(_, files, _)| files.is_empty()) {
        sheet.row("by hand", &[span(Role::Dim, "nothing changed since the last commit")])?;
    }
    if let Some((record, undone)) = &standing.last {
        let (date, time) = context.local(record.when);
        let mark = if *undone { "[taken back] " } else { "" };
        let said = format!("{mark}{}", clean(&record.subject));
        let day = words::day(date, context.today);
        let by = format!(", by {} on {day} {time} ({})", who(record, notebook.settings()), record.short);
        sheet.row("last deed", &[span(Role::Strong, said), span(Role::Dim, by)])?;
    }
    Ok(())
}

fn branch(status: &Status) -> Vec<Span> {
    let mut spans = match &status.head {
        Head::Branch(name) => vec![span(Role::Plain, name)],
        Head::Unborn(name) => {
            vec![span(Role::Plain, name), span(Role::Dim, ", no commit yet")]
        }
        Head::Detached(id) => {
            let id: String = id.chars().take(7).collect();
            vec![span(Role::Caution, format!("none: {id} is checked out, where no commit can be made"))]
        }
    };
    if let Some(upstream) = &status.upstream {
        let name = clean(&upstream.name);
        let said = match (upstream.ahead, upstream.behind) {
            (0, 0) => format!(", as {name}"),
            (ahead, 0) => format!(", {ahead} ahead of {name}"),
            (0, behind) => format!(", {behind} behind {name}"),
            (ahead, behind) => format!(", {ahead} ahead of {name} and {behind} behind"),
        };
        spans.push(span(Role::Dim, said));
    }
    spans
}

#[cfg(test)]
mod tests {
    use tickler_core::git::Upstream;

    use super::*;

    #[test]
    fn branches_in_words() {
        let status = |head: Head, ahead_behind: Option<(usize, usize)>| Status {
            head,
            unfinished: None,
            changed: vec![],
            new: vec![],
            removed: vec![],
            staged: vec![],
            conflicted: vec![],
            upstream: ahead_behind.map(|(ahead, behind)| Upstream { name: "o/main".into(), ahead, behind }),
        };
        let main = || Head::Branch("main".into());
        for (head, upstream, said) in [
            (main(), None, "main"),
            (main(), Some((0, 0)), "main, as o/main"),
            (main(), Some((2, 0)), "main, 2 ahead of o/main"),
            (main(), Some((0, 1)), "main, 1 behind o/main"),
            (main(), Some((2, 1)), "main, 2 ahead of o/main and 1 behind"),
            (Head::Unborn("main".into()), None, "main, no commit yet"),
            (
                Head::Detached("0123456789".into()),
                None,
                "none: 0123456 is checked out, where no commit can be made",
            ),
        ] {
            let text: String =
                branch(&status(head, upstream)).iter().map(|span| span.text.as_str()).collect();
            assert_eq!(text, said);
        }
    }
}
