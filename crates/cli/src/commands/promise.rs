//! `promise` and `kept`: what was promised, and that it was done.

use tickler_core::contact::Promiser;
use tickler_core::english::Lean;
use tickler_core::verbs::{self, Promised};

use crate::commands::log::moment;
use crate::complete;
use crate::context::Context;
use crate::deed::{DeedArgs, on_contact};
use crate::failure::{Answer, Failure};

/// Add a promise
///
/// Ours, unless `--them` says that it is theirs. A day at its end is the day by which it is to be kept.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler promise jane \"send the price list by friday\"
  tickler promise jane doe --them \"read pages 3-5\" --by \"next tuesday\"
  tickler promise jane --who sam \"call the hotel\"")]
pub struct PromiseArgs {
    /// The contact, and what is promised, in quotes
    #[arg(required = true, num_args = 2.., value_names = ["ID", "TEXT"], add = complete::contacts())]
    words: Vec<String>,
    /// They promised it
    #[arg(long, conflicts_with = "who")]
    them: bool,
    /// A colleague promised it
    #[arg(long, value_name = "HANDLE", add = complete::handles())]
    who: Option<String>,
    /// By when
    #[arg(long, value_name = "DATE")]
    by: Option<String>,
    #[command(flatten)]
    deed: DeedArgs,
}

pub fn promise(context: &Context, args: &PromiseArgs) -> Result<Answer, Failure> {
    let Some((text, contact)) = args.words.split_last() else {
        return Err(Failure::usage("what is promised?"));
    };
    on_contact(context, contact, &args.deed, |draft, desk| {
        let by = args.by.as_deref().map(|by| moment(by, Lean::Future, desk, "--by")).transpose()?;
        let who = match &args.who {
            Some(handle) => Promiser::Member(handle.trim_start_matches('@').to_owned()),
            None if args.them => Promiser::Them,
            None => Promiser::Me,
        };
        let promised = Promised { text: text.clone(), who, by: by.map(|when| when.date) };
        verbs::promise(draft, verbs::promised(&promised, desk)?, desk)
    })
}

/// Tick off a promise that was kept
///
/// The only open one, or the one of that number; without a number, several are listed with theirs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler kept jane
  tickler kept jane doe 2")]
pub struct KeptArgs {
    /// The contact, and the number of the promise where it has several
    #[arg(required = true, num_args = 1.., value_names = ["ID", "N"], add = complete::contacts())]
    words: Vec<String>,
    #[command(flatten)]
    deed: DeedArgs,
}

pub fn kept(context: &Context, args: &KeptArgs) -> Result<Answer, Failure> {
    let number = args.words.last().filter(|_| args.words.len() > 1).and_then(|word| word.parse().ok());
    let contact = &args.words[..args.words.len() - usize::from(number.is_some())];
    on_contact(context, contact, &args.deed, |draft, desk| verbs::kept(draft, number, desk))
}
