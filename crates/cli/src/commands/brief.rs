//! `brief`: the page to have before a call.

use std::io::Write;

use tickler_core::answer::{Asked, briefs};
use tickler_core::brief::Brief;
use tickler_core::contact::Contact;
use tickler_core::notebook::{Parts, Survey};

use crate::args::Format;
use crate::commands::{brief_text, reasons};
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::{ask, complete, naming};

/// One screen to read before a call
///
/// Who they are, what time it is there and whether that is a good time, what they care about, how the last touches
/// went, what was promised on both sides, what they were sent, who knows them, what to do next, and good reasons to
/// get in touch.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler brief jane               any part of a name that fits one contact alone
  tickler brief jane doe acme      or several")]
pub struct BriefArgs {
    /// The contact: its id, or any part of id, name, company or email that fits it alone
    #[arg(required = true, value_name = "ID", add = complete::contacts())]
    contact: Vec<String>,
}

pub fn run(context: &Context, args: &BriefArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    let index = naming::contact(context, &survey, &args.contact)?;
    let contact = survey.contact(index, Parts::ALL);
    let briefs = gather(context, &survey, std::slice::from_ref(&contact), &[index]);
    let Some(brief) = briefs.into_iter().next() else { return Ok(Answer::No) };
    let mut page = context.page();
    match context.format {
        Format::Text => brief_text::write(&mut page, &brief, context.today)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut page, &brief)?;
            writeln!(page)?;
        }
        Format::Csv => return Err(no_csv("brief")),
    }
    page.finish(Answer::Done)
}

/// A page about one contact is no table.
pub fn no_csv(verb: &str) -> Failure {
    Failure::usage(format!("`{verb}` has no CSV")).hint("`--format json` has all of it")
}

/// Asks the whole notebook about these contacts, which have those numbers.
pub fn gather(context: &Context, survey: &Survey<'_>, contacts: &[Contact], indexes: &[usize]) -> Vec<Brief> {
    let me = context.me(survey.notebook());
    let asked = Asked { survey, me: me.as_deref(), now: context.now };
    let (briefs, broken) = briefs(&asked, contacts, indexes);
    reasons::report(context, survey.notebook(), &broken);
    briefs
}
