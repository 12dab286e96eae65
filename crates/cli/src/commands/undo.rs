//! `undo`: takes back what was done.

use tickler_core::verbs::{self, Which};

use crate::commands::history::repository;
use crate::context::Context;
use crate::deed::{ManyArgs, carry_out, recover, refused, rehearse};
use crate::failure::{Answer, Failure};

/// Take back what you did last
///
/// Each change that tickler made is one commit, and undo makes another that takes it back. What is taken back already
/// is passed over, so a second undo goes one further back. With the id of a commit, as `tickler history` shows it, that
/// very one is taken back, whosever it is; where it is an undo, what it took back is done again. Up to three digits are
/// a number of deeds, more are an id.
///
/// Where later work stands on it, nothing is changed. What was written by hand always stays.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler undo                     the last thing I did
  tickler undo 3                   the last three
  tickler undo f3a2c1d             that one
  tickler undo 3 --dry-run         what would change?")]
pub struct UndoArgs {
    /// How many, or the id of one
    #[arg(value_name = "N", default_value = "1")]
    which: String,
    #[command(flatten)]
    many: ManyArgs,
}

pub fn run(context: &Context, args: &UndoArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let refused = |refusal| refused(context, &notebook, refusal);
    let which = Which::read(&args.which).map_err(refused)?;
    let git = repository(&notebook)?;
    if !args.many.dry_run {
        recover(context, &notebook)?;
    }
    let planned = verbs::undo(&notebook, &git, &which).map_err(refused)?;
    if args.many.dry_run {
        return rehearse(context, &notebook, &planned);
    }
    carry_out(context, &notebook, &planned, &args.many.deed)
}
