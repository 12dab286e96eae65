//! `next` and `snooze`: when to be in touch again.

use tickler_core::english::{self, Lean, Misread};
use tickler_core::period::Period;
use tickler_core::verbs::{self, Desk, Refusal, Until};

use crate::commands::log::HowArgs;
use crate::complete;
use crate::context::Context;
use crate::deed::{DeedArgs, on_contact, refused};
use crate::failure::{Answer, Failure};

/// Set the next step
///
/// The contact by any part of its name, then the day in plain English. What was planned before is replaced.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler next jane fri
  tickler next jane doe next wed 2pm --via phone --why \"walk through page 3\"
  tickler next jane in 3 months --asked
  tickler next jane --clear")]
pub struct NextArgs {
    /// The contact, and the day
    #[arg(required = true, num_args = 1.., value_names = ["ID", "DATE"], add = complete::contacts())]
    words: Vec<String>,
    #[command(flatten)]
    how: HowArgs,
    /// Take the next step away
    #[arg(long, conflicts_with_all = ["via", "why", "asked", "promised"])]
    clear: bool,
    #[command(flatten)]
    deed: DeedArgs,
}

pub fn next(context: &Context, args: &NextArgs) -> Result<Answer, Failure> {
    if args.clear {
        return on_contact(context, &args.words, &args.deed, verbs::clear_next);
    }
    let (contact, on) =
        parted(context, &args.words, "next", |text, desk| english::read(text, Lean::Future, &desk.now()))?;
    on_contact(context, contact, &args.deed, |draft, desk| verbs::next(draft, &args.how.plan(on), desk))
}

/// Move the follow-up to a later day
///
/// By a length of time, from its day or from today, whichever is later; or to a day. What the rules plan becomes a
/// next step with the same reason.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler snooze jane 2w           two weeks later
  tickler snooze jane doe monday")]
pub struct SnoozeArgs {
    /// The contact, and for how long or until when
    #[arg(required = true, num_args = 1.., value_names = ["ID", "PERIOD"], add = complete::contacts())]
    words: Vec<String>,
    #[command(flatten)]
    deed: DeedArgs,
}

pub fn snooze(context: &Context, args: &SnoozeArgs) -> Result<Answer, Failure> {
    let (contact, until) = parted(context, &args.words, "snooze", |text, desk| {
        if let Ok(period) = text.parse::<Period>() {
            return Ok(Until::For(period));
        }
        english::read(text, Lean::Future, &desk.now()).map(Until::When)
    })?;
    on_contact(context, contact, &args.deed, |draft, desk| verbs::snooze(draft, &until, desk))
}

/// Parts the contact's name from the words behind it that say when: as many of the last words as can be read.
fn parted<'a, T>(
    context: &Context,
    words: &'a [String],
    verb: &str,
    read: impl Fn(&str, &Desk<'_>) -> Result<T, Misread>,
) -> Result<(&'a [String], T), Failure> {
    let notebook = context.notebook()?;
    let desk = context.desk(&notebook, None);
    let mut first = None;
    for at in 1..words.len() {
        match read(&words[at..].join(" "), &desk) {
            Ok(said) => return Ok((&words[..at], said)),
            Err(misread) => first = first.or(Some(misread)),
        }
    }
    let refusal = match first {
        Some(misread) => Refusal::misread("", &misread),
        None => Refusal::usage("until when? a day must follow the contact")
            .hint(format!("such as `tickler {verb} {} fri`", words.join(" "))),
    };
    Err(refused(context, &notebook, refusal))
}
