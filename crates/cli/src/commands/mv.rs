//! `mv`, `rm`, `tidy`: where a contact's file lies and what it is called.

use tickler_core::verbs;

use crate::commands::set::finish;
use crate::context::Context;
use crate::deed::{ManyArgs, refused};
use crate::failure::{Answer, Failure};
use crate::style::Role;
use crate::{complete, naming, words};

/// Give a contact another id, or put it into another folder
///
/// All links to it follow, and the old id becomes an alias.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler mv jane-doe jane-lee           another id
  tickler mv jane-doe acme/jane-doe      another folder below contacts
  tickler mv acme/jane-doe jane-acme     one of two files of one name")]
pub struct MvArgs {
    /// The contact, and its new id: `jane-lee`, or a folder and an id
    #[arg(required = true, num_args = 2.., value_names = ["ID", "NEW"], add = complete::contacts())]
    words: Vec<String>,
    #[command(flatten)]
    many: ManyArgs,
}

pub fn mv(context: &Context, args: &MvArgs) -> Result<Answer, Failure> {
    let Some((new, contact)) = args.words.split_last() else {
        return Err(Failure::usage("which contact?"));
    };
    let notebook = context.notebook()?;
    let survey = context.survey(&notebook);
    let index = naming::contact(context, &survey, contact)?;
    let desk = context.desk(&notebook, None);
    let planned =
        verbs::mv(&survey, index, new, &desk).map_err(|refusal| refused(context, &notebook, refusal))?;
    finish(context, &notebook, &planned, &args.many)
}

/// Remove a contact
///
/// Nothing is asked, since `tickler undo` brings it back. Who mentions the contact is said.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler rm jane-doe
  tickler rm jane doe acme --dry-run")]
pub struct RmArgs {
    /// The contact: its id, or any part of id, name, company or email that fits it alone
    #[arg(required = true, value_name = "ID", add = complete::contacts())]
    contact: Vec<String>,
    #[command(flatten)]
    many: ManyArgs,
}

pub fn rm(context: &Context, args: &RmArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let survey = context.survey(&notebook);
    let index = naming::contact(context, &survey, &args.contact)?;
    let desk = context.desk(&notebook, None);
    let planned = verbs::rm(&survey, index, &desk).map_err(|refusal| refused(context, &notebook, refusal))?;
    finish(context, &notebook, &planned, &args.many)
}

/// Move the files of a large notebook into folders of letters
///
/// git is much faster with them. Files in folders of your own stay, and links follow.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler tidy --dry-run
  tickler tidy")]
pub struct TidyArgs {
    /// Though there are few contacts, for which one folder is right
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    many: ManyArgs,
}

pub fn tidy(context: &Context, args: &TidyArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let survey = context.survey(&notebook);
    let planned = verbs::tidy(&survey, args.force);
    let mendable = verbs::mend(&survey, &context.desk(&notebook, None)).mendings.len();
    let answer = finish(context, &notebook, &planned, &args.many)?;
    if mendable > 0 {
        let things = words::count(mendable, "thing", "things");
        let way = context.stderr_paint().as_role(Role::Command, "tickler check --fix").to_string();
        anstream::eprintln!("{things} could be mended too: {way}");
    }
    Ok(answer)
}
