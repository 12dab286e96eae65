//! `stop`: they asked us to stop.

use tickler_core::contact::Channel;
use tickler_core::verbs;

use crate::complete;
use crate::context::Context;
use crate::deed::{DeedArgs, on_contact};
use crate::failure::{Answer, Failure};

/// They asked us to stop: log it and never be reminded of them again
///
/// The stage becomes the first one of the group `stopped`. Such a contact is never due, and `log` asks for --force.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler stop jane -m \"asked by email to be left alone\" --via email")]
pub struct StopArgs {
    /// The contact: its id, or any part of id, name, company or email that fits it alone
    #[arg(required = true, value_name = "ID", add = complete::contacts())]
    contact: Vec<String>,
    /// Why, in their words
    #[arg(short = 'm', long = "message", value_name = "WHY")]
    why: Option<String>,
    /// By what they told us
    #[arg(long, value_name = "CHANNEL", add = complete::channels())]
    via: Option<String>,
    #[command(flatten)]
    deed: DeedArgs,
}

pub fn run(context: &Context, args: &StopArgs) -> Result<Answer, Failure> {
    let via = args.via.as_deref().map(Channel::from_name);
    on_contact(context, &args.contact, &args.deed, |draft, desk| {
        verbs::stop(draft, args.why.as_deref().unwrap_or_default(), via.as_ref(), desk)
    })
}
