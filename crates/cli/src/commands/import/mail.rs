//! `import mail`: who wrote to whom, as touches of the log.

use std::io::Write;
use std::path::PathBuf;

use tickler_core::english::{self, Lean};
use tickler_core::exchange::mail::Reading;
use tickler_core::git;
use tickler_core::notebook::Notebook;
use tickler_core::verbs::{Addresses, Desk, Mail};
use tickler_core::wire::{DeedReport, MailReport, RefusedMessage};

use super::mail_text;
use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::context::Context;
use crate::deed::{ManyArgs, carry_through, recover, rehearse};
use crate::failure::{Answer, Failure};
use crate::intake::STDIN;
use crate::mailbox;
use crate::plain::clean;

/// Messages as touches of the log: from a Maildir, an mbox, single messages or standard input
///
/// A message that one of us wrote is a touch with each contact that it went to, one that a contact wrote is a touch of
/// theirs. A thread is one touch a day. What was logged once is not logged again, wherever its message lies.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler import mail ~/Mail --since 2026-01-01 --dry-run
  tickler import mail sent.mbox reply.eml
  tickler import mail - < message

Your own addresses are those of the team in tickler.toml, git's user.email, and what --mine says.")]
pub struct MailArgs {
    /// Folders and files; `-`, or none, reads standard input
    #[arg(value_name = "PATH", value_hint = clap::ValueHint::AnyPath)]
    paths: Vec<PathBuf>,
    /// Leave out what was written before that day: 2026-01-01, `3 months ago`
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// An address of yours; may be given again
    #[arg(long, value_name = "ADDRESS")]
    mine: Vec<String>,
    #[command(flatten)]
    many: ManyArgs,
}

pub fn run(context: &Context, args: &MailArgs) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv("import mail"));
    }
    let notebook = context.notebook()?;
    let paths = paths(context, args)?;
    let me = context.me(&notebook);
    let desk = context.desk(&notebook, me.as_deref());
    let since = args.since.as_deref().map(|text| day(text, &desk)).transpose()?;
    if !args.many.dry_run {
        recover(context, &notebook)?;
    }
    let survey = context.survey(&notebook);
    let addresses = Addresses::of(&survey, me.as_deref(), &mine(args, &notebook)?);
    if !addresses.knows_us() {
        return Err(Failure::usage("no address of yours is known, so nobody can tell what came from what went out").hint(
            "say it with `--mine you@example.com`, as `email` of `[team.you]` in tickler.toml, or as git's user.email",
        ));
    }
    let mut mail = Mail::new(&survey, &desk, &addresses, since);
    let mut refused = Vec::new();
    let walked = mailbox::each(&paths, &mut |place, reading| {
        let why = match reading {
            Reading::Letter(letter) => match mail.take(*letter) {
                Ok(()) => return,
                Err(refused) => refused.why(),
            },
            Reading::Unreadable(why) => why,
            Reading::More => "it ends too early",
        };
        refused.push(RefusedMessage { place: place.to_owned(), why: why.to_owned() });
    })?;
    let (planned, tally) = mail.finish();
    for RefusedMessage { place, why } in &refused {
        anstream::eprintln!("{}: {why}", clean(place));
    }
    let answer = if refused.is_empty() && tally.refused == 0 { Answer::Done } else { Answer::No };
    let is_json = context.format == Format::Json;
    let saved = if args.many.dry_run {
        if !is_json {
            rehearse(context, &notebook, &planned)?;
        }
        None
    } else {
        carry_through(context, &notebook, &planned, &args.many.deed)?
    };
    let mut page = context.page();
    if is_json {
        let deed = DeedReport::new(&planned, saved.as_ref(), notebook.settings(), context.today);
        let report = MailReport::new(deed, args.many.dry_run, &tally, walked.set_aside, refused);
        serde_json::to_writer_pretty(&mut page, &report)?;
        writeln!(page)?;
        return page.finish(answer);
    }
    if !args.many.dry_run {
        let nothing = if saved.is_some() { "" } else { "nothing to change: " };
        writeln!(page, "{nothing}{}", clean(&planned.said))?;
        mail_text::contacts(&mut page, &tally.contacts)?;
    }
    page.flush()?;
    mail_text::counts(context, &tally, &walked, &refused);
    page.finish(answer)
}

/// Where the messages are: standard input where none is named, unless somebody sits at it.
fn paths(context: &Context, args: &MailArgs) -> Result<Vec<PathBuf>, Failure> {
    if !args.paths.is_empty() {
        return Ok(args.paths.clone());
    }
    if context.may_ask() {
        let hint = "such as `tickler import mail ~/Mail`; a message may be piped in too";
        return Err(Failure::usage("which messages are to be taken in?").hint(hint));
    }
    Ok(vec![PathBuf::from(STDIN)])
}

/// The addresses of the user beside those of the team.
fn mine(args: &MailArgs, notebook: &Notebook) -> Result<Vec<String>, Failure> {
    if let Some(wrong) = args.mine.iter().find(|address| !address.contains('@')) {
        let failure = Failure::usage(format!("\"{}\" is no email address", clean(wrong)));
        return Err(
            failure.hint("`--mine` takes one address, such as pat@acme.example; give it again for another")
        );
    }
    Ok(args.mine.iter().cloned().chain(git::user_email(notebook.root())).collect())
}

fn day(text: &str, desk: &Desk<'_>) -> Result<tickler_core::date::Date, Failure> {
    english::read(text, Lean::Past, &desk.now()).map(|when| when.date).map_err(|misread| {
        Failure::usage(format!("--since: {}", misread.message)).hint(misread.advice().to_owned())
    })
}
