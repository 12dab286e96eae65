//! `import ics`: meetings with people that the notebook knows, as touches of the log.

use std::io::Write;
use std::path::PathBuf;

use tickler_core::answer;
use tickler_core::exchange::meetings::{Calendars, Reader, Span};
use tickler_core::git;
use tickler_core::notebook::{Notebook, Saved};
use tickler_core::verbs::{self, Account, Desk, Meetings};
use tickler_core::wire::{DeedReport, MeetingsReport, StrangerRow};

use super::strangers;
use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::context::Context;
use crate::deed::{ManyArgs, carry_out, carry_through, recover, rehearse};
use crate::failure::{Answer, Failure};
use crate::intake;
use crate::words;

/// Past meetings of a calendar, as touches of the log
///
/// Each event that is over is logged with every contact who was asked to it, or asked, and did not decline: as `meeting`,
/// or as `video` or `phone` where the event says so. What stands in a log already is left alone, also what was written by hand.
/// Events that were cancelled, or that you declined, are left out.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler import ics calendar.ics --dry-run          what would be logged?
  tickler import ics calendar.ics --since 'jan 1'
  tickler import ics work.ics home.ics --mine me@home.example")]
pub struct IcsArgs {
    /// The files; `-` reads standard input
    #[arg(value_name = "FILE", required = true, value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,
    /// The first day that is looked at, such as `jan 1` or `6 months`; a year ago if not said
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// An email address of yours, besides those of the team and git's; may be given again
    #[arg(long, value_name = "ADDRESS")]
    mine: Vec<String>,
    #[command(flatten)]
    many: ManyArgs,
}

pub fn run(context: &Context, args: &IcsArgs) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv("import ics"));
    }
    let notebook = context.notebook()?;
    let me = context.me(&notebook);
    let desk = context.desk(&notebook, me.as_deref());
    let span = span(context, args, &desk)?;
    let calendars = read(args, span)?;
    if !args.many.dry_run {
        recover(context, &notebook)?;
    }
    let survey = context.survey(&notebook);
    let asked = Meetings {
        file: &named(&args.files),
        meetings: &calendars.meetings,
        mine: &mine(args, &notebook, &calendars),
    };
    let account = verbs::meetings(&survey, &asked, &desk);
    if context.format == Format::Json {
        return json(context, &notebook, args, &calendars, &account);
    }
    let answer = if args.many.dry_run {
        rehearse(context, &notebook, &account.planned)?
    } else {
        carry_out(context, &notebook, &account.planned, &args.many.deed)?
    };
    tell(context, &span, &calendars, &account);
    Ok(answer)
}

/// From which day until now, in the notebook's time.
fn span(context: &Context, args: &IcsArgs, desk: &Desk<'_>) -> Result<Span, Failure> {
    let since = match &args.since {
        Some(text) => answer::since(text, &desk.now()).map_err(|misread| {
            Failure::usage(format!("--since: {}", misread.message)).hint(misread.advice().to_owned())
        })?,
        None => desk.today.minus_months(12),
    };
    let zone = desk.settings.timezone.parse().unwrap_or(chrono_tz::Tz::UTC);
    Ok(Span { since, now: context.now, zone })
}

fn read(args: &IcsArgs, span: Span) -> Result<Calendars, Failure> {
    let mut reader = Reader::new(span);
    for file in &args.files {
        let bytes = intake::read(file)?;
        reader.take(&String::from_utf8_lossy(&bytes)).map_err(|why| {
            Failure::usage(format!("\"{}\": {why}", file.display()))
                .hint("a calendar begins with `BEGIN:VCALENDAR`; unpack it first where it came as a .zip")
        })?;
    }
    Ok(reader.finish())
}

/// What the files are called in the words of the deed.
fn named(files: &[PathBuf]) -> String {
    let name = |file: &PathBuf| file.file_name().map(|name| name.to_string_lossy().into_owned());
    match files {
        [only] if only.as_os_str() == intake::STDIN => "a calendar".to_owned(),
        [only] => name(only).unwrap_or_default(),
        several => words::count(several.len(), "calendar", "calendars"),
    }
}

/// The user's own addresses: what is said, git's, and those whose calendars these are.
fn mine(args: &IcsArgs, notebook: &Notebook, calendars: &Calendars) -> Vec<String> {
    let mut mine = args.mine.clone();
    mine.extend(git::user_email(notebook.root()));
    mine.extend(calendars.owners.iter().cloned());
    mine
}

/// What else there is to say, on standard error.
fn tell(context: &Context, span: &Span, calendars: &Calendars, account: &Account) {
    if account.declined > 0 {
        let declined =
            words::count(account.declined, "meeting that you declined is", "meetings that you declined are");
        anstream::eprintln!("{declined} left out");
    }
    if calendars.older > 0 {
        let older = words::count(calendars.older, "meeting", "meetings");
        anstream::eprintln!("{older} before {} left out; `--since` takes in more", span.since);
    }
    strangers::list(context, &account.strangers, "meetings");
}

fn json(
    context: &Context,
    notebook: &Notebook,
    args: &IcsArgs,
    calendars: &Calendars,
    account: &Account,
) -> Result<Answer, Failure> {
    let planned = &account.planned;
    let saved: Option<Saved> = match args.many.dry_run {
        true => None,
        false => carry_through(context, notebook, planned, &args.many.deed)?,
    };
    let report = MeetingsReport {
        deed: DeedReport::new(planned, saved.as_ref(), notebook.settings(), context.today),
        events: calendars.events,
        logged: account.logged,
        known: account.known,
        declined: account.declined,
        older: calendars.older,
        strangers: account.strangers.iter().map(StrangerRow::from).collect(),
    };
    let mut page = context.page();
    serde_json::to_writer_pretty(&mut page, &report)?;
    writeln!(page)?;
    page.finish(Answer::Done)
}
