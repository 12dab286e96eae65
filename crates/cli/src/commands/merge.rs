//! `merge`: two contacts that are one person become one.

use tickler_core::verbs;

use crate::commands::set::finish;
use crate::complete;
use crate::context::Context;
use crate::deed::{ManyArgs, refused};
use crate::failure::{Answer, Failure};
use crate::naming;

/// Join two contacts that are one person
///
/// The first one's file stays, with all that both say: lists and logs become one. Where they say different things the
/// first one's word stands, and the other's is kept under `[[conflict]]`. The second one's file goes, its id becomes
/// an alias, and all links follow. `tickler undo` brings both back.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler merge jane-doe j-doe              j-doe becomes a part of jane-doe
  tickler merge jane-doe \"j. doe\" -n       show what would change
  tickler dupes                             who may be there twice")]
pub struct MergeArgs {
    /// The contact that stays, and the one that goes; by id, or any part of id, name, company or email
    #[arg(required = true, num_args = 2, value_names = ["ID", "OTHER"], add = complete::contacts())]
    contacts: Vec<String>,
    #[command(flatten)]
    many: ManyArgs,
}

pub fn run(context: &Context, args: &MergeArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let survey = context.survey(&notebook);
    let [into, from] = naming::two(context, &survey, &args.contacts)?;
    let me = context.me(&notebook);
    let desk = context.desk(&notebook, me.as_deref());
    let planned = verbs::join(&survey, into, from, &desk);
    let planned = planned.map_err(|refusal| refused(context, &notebook, refusal))?;
    finish(context, &notebook, &planned, &args.many)
}
