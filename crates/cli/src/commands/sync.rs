//! `sync`: shares the notebook with the others.

use std::io::Write;

use tickler_core::notebook::Notebook;
use tickler_core::sync::{self, Options, Outcome, Report, Stage, SyncError, Watch};
use tickler_core::wire::SyncReport;

use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::commands::sync_text;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::progress::Progress;

/// Share the notebook: what others did comes in, what you did goes out
///
/// What you wrote by hand becomes a commit first. Then comes what others did since, both are merged contact by contact,
/// and the result goes to the remote of your branch. Where two changed the same thing, both versions are kept, and you
/// are told where to look.
///
/// It ends with 0 where all is shared, with 1 where something needs a look, and with 3 where the others cannot be
/// reached: the work is committed and waits for the next sync.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler sync                     what did the others do? here is what I did
  tickler sync --dry-run           what would come, and what would go?")]
pub struct SyncArgs {
    /// Ask the remote and say what would be done, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
    /// Share even where the remote lacks what it had, or begins with another first commit
    #[arg(long)]
    adopt: bool,
    /// Share even where very many contacts would be removed
    #[arg(long)]
    remove: bool,
}

pub fn run(context: &Context, args: &SyncArgs) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv("sync"));
    }
    let notebook = context.notebook()?;
    let options = Options { dry_run: args.dry_run, adopt: args.adopt, remove: args.remove };
    let report = watched(context, |watch| share(&notebook, options, watch))?;
    tell(context, &report, args.dry_run)
}

fn share(notebook: &Notebook, options: Options, watch: &Watch<'_>) -> Result<Report, Failure> {
    sync::sync(notebook, options, watch).map_err(|error| failed(&error))
}

/// Does long work of sharing; a terminal sees how far it is.
pub fn watched<T>(
    context: &Context,
    work: impl FnOnce(&Watch<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let may_ask = context.may_ask();
    let progress = Progress::new("", None);
    let told = |stage: Stage, count: Option<(u64, u64)>| {
        progress.next(stage_name(stage, may_ask && count.is_none()));
        if let Some((done, total)) = count {
            progress.set(done, total);
        }
    };
    let point = |name: &'static str| context.pass(name);
    work(&Watch { progress: &told, point: &point, may_ask })
}

/// What is said of a stage. While git may be asking for a password, nothing is drawn over its question.
fn stage_name(stage: Stage, may_ask: bool) -> &'static str {
    match stage {
        Stage::Looking => "looking at the files",
        Stage::Settling => "waiting for files that are being written",
        Stage::Gathering => "committing what was written by hand",
        Stage::Fetching | Stage::Pushing if may_ask => "",
        Stage::Fetching => "fetching what others did",
        Stage::Merging => "merging",
        Stage::Writing => "writing",
        Stage::Pushing => "sending what you did",
    }
}

/// Says what came of it.
pub fn tell(context: &Context, report: &Report, dry_run: bool) -> Result<Answer, Failure> {
    let mut page = context.page();
    match context.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut page, &SyncReport::new(report, dry_run))?;
            writeln!(page)?;
        }
        _ => sync_text::write(report, dry_run, &mut page)?,
    }
    let answer = if report.notes.is_empty() { Answer::Done } else { Answer::No };
    page.finish(answer)?;
    match unshared(report, dry_run) {
        Some(failure) => Err(failure),
        None => Ok(answer),
    }
}

/// Why it is not shared, if it is not.
pub fn unshared(report: &Report, dry_run: bool) -> Option<Failure> {
    match &report.outcome {
        Outcome::Shared => None,
        Outcome::NoRemote => Some(
            Failure::no("the notebook has no remote, so there is nobody to share it with")
                .hint("`tickler init --remote URL` shares it, with an empty repository of a host or in a shared folder"),
        ),
        Outcome::Offline { why, hint } => {
            let said = if dry_run { why.clone() } else { format!("{why}; the work is committed and waits") };
            let failure = Failure::notebook(said);
            Some(match hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            })
        }
        Outcome::Stopped { why, hint } => Some(Failure::no(why).hint(hint)),
    }
}

/// Why it could not be done at all.
pub fn failed(error: &SyncError) -> Failure {
    let failure = Failure::notebook(error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_it_ends() {
        let report = |outcome| Report {
            more: (0, 0),
            remote: None,
            gathered: vec![],
            came: vec![],
            went: vec![],
            commits: (0, 0),
            waiting: vec![],
            notes: vec![],
            faults: vec![],
            given_back: 0,
            outcome,
        };
        let offline = |hint: Option<&str>| Outcome::Offline {
            why: "\"origin\" cannot be reached".into(),
            hint: hint.map(str::to_owned),
        };
        assert!(unshared(&report(Outcome::Shared), false).is_none());
        for (outcome, dry_run, code, message, hint) in [
            (
                Outcome::NoRemote,
                false,
                1,
                "the notebook has no remote, so there is nobody to share it with",
                "`tickler init --remote URL` shares it, with an empty repository of a host or in a shared folder",
            ),
            (offline(None), false, 3, "\"origin\" cannot be reached; the work is committed and waits", ""),
            (
                offline(Some("look at the cable")),
                true,
                3,
                "\"origin\" cannot be reached",
                "look at the cable",
            ),
            (Outcome::Stopped { why: "gone".into(), hint: "--adopt".into() }, false, 1, "gone", "--adopt"),
        ] {
            let failure = unshared(&report(outcome), dry_run).unwrap();
            assert_eq!(failure.parts(), (code, message, "", hint));
        }
    }

    #[test]
    fn nothing_is_drawn_over_a_question() {
        assert_eq!(stage_name(Stage::Fetching, true), "");
        assert_eq!(stage_name(Stage::Pushing, true), "");
        assert_eq!(stage_name(Stage::Merging, true), "merging");
        assert_eq!(stage_name(Stage::Fetching, false), "fetching what others did");
    }
}
