//! `set`, `tag`, `assign`, `stage`, `cadence`: edits of the front matter, of one contact or of all that a query fits.

use tickler_core::answer::search;
use tickler_core::english::Lean;
use tickler_core::notebook::{Notebook, Parts, Survey};
use tickler_core::verbs::{Alteration, Desk, Draft, Refusal, RefusalKind};

use crate::args::{unmark, unmark_query};
use crate::commands::log::moment;
use crate::context::Context;
use crate::deed::{ManyArgs, carry_out, refused, rehearse};
use crate::failure::{Answer, Failure};
use crate::{ask, complete, naming, words};

/// Of whom.
#[derive(Debug, Clone, clap::Args)]
pub struct WhomArgs {
    /// All contacts that the query fits, in place of one
    #[arg(long, value_name = "QUERY", add = complete::query())]
    query: Option<String>,
    #[command(flatten)]
    many: ManyArgs,
}

/// Set keys of the front matter
///
/// KEY=VALUE sets a key, KEY= takes it away, KEY+=ITEM and KEY-=ITEM add to a list and take from it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler set jane hot_button=\"fewer maintenance stops\" value=25k
  tickler set jane doe prefers.every=\"3 months\" phone+=\"+1 555 0100\"
  tickler set jane away.until=\"5 jan\"
  tickler set --query \"source:fair stage:new\" stage=contacted --dry-run")]
pub struct SetArgs {
    /// The contact, and what to set
    #[arg(required = true, num_args = 1.., value_names = ["ID", "KEY=VALUE"], add = complete::contacts())]
    words: Vec<String>,
    #[command(flatten)]
    whom: WhomArgs,
}

pub fn set(context: &Context, args: &SetArgs) -> Result<Answer, Failure> {
    let first = args.words.iter().position(|word| word.contains('=')).unwrap_or(args.words.len());
    let (contact, typed) = args.words.split_at(first);
    alter(context, contact, &args.whom, |desk| Alteration::set(typed, desk))
}

/// Add and remove tags
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler tag jane +vip -cold
  tickler tag --query \"company:acme\" +hotel")]
pub struct TagArgs {
    /// The contact, then +TAG to add and -TAG to take away
    #[arg(required = true, num_args = 1.., value_names = ["ID", "+TAG"], add = complete::contacts())]
    words: Vec<String>,
    #[command(flatten)]
    whom: WhomArgs,
}

pub fn tag(context: &Context, args: &TagArgs) -> Result<Answer, Failure> {
    let words: Vec<String> = args.words.iter().map(|word| unmark(word).to_owned()).collect();
    let first = words.iter().position(|word| word.starts_with(['+', '-'])).unwrap_or(words.len());
    let (contact, typed) = words.split_at(first);
    alter(context, contact, &args.whom, |_| Alteration::tag(typed))
}

/// Say to whom a contact belongs
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler assign jane sam
  tickler assign jane doe --nobody
  tickler assign --query \"owner: tag:hotel\" sam")]
pub struct AssignArgs {
    /// The contact, and the handle of its owner
    #[arg(required_unless_present = "nobody", num_args = 1.., value_names = ["ID", "HANDLE"], add = complete::contacts())]
    words: Vec<String>,
    /// Let nobody own it
    #[arg(long)]
    nobody: bool,
    #[command(flatten)]
    whom: WhomArgs,
}

pub fn assign(context: &Context, args: &AssignArgs) -> Result<Answer, Failure> {
    if args.nobody {
        return alter(context, &args.words, &args.whom, |desk| Alteration::assign(None, desk));
    }
    let (handle, contact) = last(&args.words);
    alter(context, contact, &args.whom, |desk| Alteration::assign(Some(handle), desk))
}

/// Set the stage
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler stage jane proposal
  tickler stage --query \"stage:proposal last>180d\" lost --dry-run")]
pub struct StageArgs {
    /// The contact, and the stage
    #[arg(required = true, num_args = 1.., value_names = ["ID", "STAGE"], add = complete::contacts())]
    words: Vec<String>,
    #[command(flatten)]
    whom: WhomArgs,
}

pub fn stage(context: &Context, args: &StageArgs) -> Result<Answer, Failure> {
    let (stage, contact) = last(&args.words);
    alter(context, contact, &args.whom, |desk| Alteration::stage(stage, desk))
}

/// Begin or end a cadence
///
/// A cadence is a row of steps that tickler.toml names. It begins today, and ends by itself when they answer.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler cadence jane new-lead
  tickler cadence jane doe new-lead --start monday
  tickler cadence jane --end")]
pub struct CadenceArgs {
    /// The contact, and the cadence
    #[arg(required_unless_present = "end", num_args = 1.., value_names = ["ID", "NAME"], add = complete::contacts())]
    words: Vec<String>,
    /// End it
    #[arg(long, conflicts_with = "start")]
    end: bool,
    /// The day that it begins
    #[arg(long, value_name = "DATE")]
    start: Option<String>,
    #[command(flatten)]
    whom: WhomArgs,
}

pub fn cadence(context: &Context, args: &CadenceArgs) -> Result<Answer, Failure> {
    if args.end {
        return alter(context, &args.words, &args.whom, |_| Ok(Alteration::end_cadence()));
    }
    let (name, contact) = last(&args.words);
    alter(context, contact, &args.whom, |desk| {
        let start = args.start.as_deref().map(|text| moment(text, Lean::Future, desk, "--start"));
        let start = start.transpose()?.map_or(desk.today, |when| when.date);
        Alteration::cadence(name, start, desk)
    })
}

/// The last word, and those before it.
fn last(words: &[String]) -> (&str, &[String]) {
    words.split_last().map_or(("", words), |(last, others)| (last.as_str(), others))
}

/// Alters the contact that the words name, or all that the query fits.
fn alter(
    context: &Context,
    contact: &[String],
    whom: &WhomArgs,
    read: impl FnOnce(&Desk<'_>) -> Result<Alteration, Refusal>,
) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let me = context.me(&notebook);
    let desk = context.desk(&notebook, me.as_deref());
    let refuse = |refusal| refused(context, &notebook, refusal);
    let alteration = read(&desk).map_err(refuse)?;
    let planned = match &whom.query {
        None if contact.is_empty() => {
            return Err(Failure::usage("whose? no contact is named")
                .hint("name one by any part of its name, or several with `--query QUERY`"));
        }
        None => {
            let (survey, index) = naming::one(context, &notebook, contact)?;
            Draft::read(&survey, index).and_then(|draft| alteration.one(draft, &desk)).map_err(refuse)?
        }
        Some(_) if !contact.is_empty() => {
            return Err(Failure::usage(format!("\"{}\" and --query both say whose", contact.join(" "))));
        }
        Some(query) => {
            let survey = context.survey(&notebook);
            let indexes = found(context, &notebook, &survey, query)?;
            let (planned, refusals) = alteration.many(&survey, &indexes, query, &desk);
            report(context, &notebook, &refusals);
            planned
        }
    };
    finish(context, &notebook, &planned, &whom.many)
}

/// Does it, or shows what would be done.
pub fn finish(
    context: &Context,
    notebook: &Notebook,
    planned: &tickler_core::verbs::Planned,
    args: &ManyArgs,
) -> Result<Answer, Failure> {
    if args.dry_run {
        return rehearse(context, notebook, planned);
    }
    carry_out(context, notebook, planned, &args.deed)
}

/// The contacts that the query fits; that none does is a no.
pub fn found(
    context: &Context,
    notebook: &Notebook,
    survey: &Survey<'_>,
    query: &str,
) -> Result<Vec<usize>, Failure> {
    if query.trim().is_empty() {
        return Err(Failure::usage("an empty query would change every contact")
            .hint("to mean all of them, write `--query \"not broken:\"`"));
    }
    let parsed = ask::query(context, notebook, &[query.to_owned()])?;
    ask::report_broken(context, survey)?;
    let indexes = search(survey, &parsed, Parts::NONE, |row, _| (!row.broken).then_some(row.index));
    if indexes.is_empty() {
        return Err(Failure::no(format!("no contact fits \"{}\"", unmark_query(&[query.to_owned()]))));
    }
    Ok(indexes)
}

/// Says which contacts are left as they are, and why.
pub fn report(context: &Context, notebook: &Notebook, refusals: &[Refusal]) {
    const MOST: usize = 20;
    for refusal in refusals.iter().take(MOST) {
        refused(context, notebook, refusal.clone()).report();
    }
    if let Some(more) = refusals.len().checked_sub(MOST).filter(|more| *more > 0) {
        let usage = refusals.iter().any(|refusal| refusal.kind == RefusalKind::Usage);
        let what = if usage { "could not be changed" } else { "are left as they are" };
        anstream::eprintln!("and {} {what}", words::count(more, "more contact", "more contacts"));
    }
}
