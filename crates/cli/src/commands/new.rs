//! `new`: a contact.

use tickler_core::english::Lean;
use tickler_core::verbs::{self, New};

use crate::commands::log::{PlanArgs, moment};
use crate::complete;
use crate::context::Context;
use crate::deed::{DeedArgs, carry_out, refused};
use crate::failure::{Answer, Failure};

/// Add a contact
///
/// The file is called after the name. What is not said here can be added in any text editor, or with `set`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler new \"Jane Doe\" --company \"Acme Hotels\" --email jane@acme.example --met \"lunch of the association\"
  tickler new Bob Smith --tag hotel --tag vip --referred-by jane-doe --next tomorrow --via phone")]
pub struct NewArgs {
    /// The name
    #[arg(required = true, num_args = 1.., value_name = "NAME")]
    name: Vec<String>,
    /// The company
    #[arg(long, value_name = "TEXT")]
    company: Option<String>,
    /// An email address; may be given again
    #[arg(long, value_name = "ADDRESS")]
    email: Vec<String>,
    /// A phone number; may be given again
    #[arg(long, value_name = "NUMBER")]
    phone: Vec<String>,
    /// A tag; may be given again
    #[arg(long, value_name = "TAG")]
    tag: Vec<String>,
    /// Whose contact it is; yours if not said
    #[arg(long, value_name = "HANDLE", add = complete::handles())]
    owner: Option<String>,
    /// The stage
    #[arg(long, value_name = "STAGE")]
    stage: Option<String>,
    /// Where the contact came from
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// Who sent them: a contact's id, or a name
    #[arg(long, value_name = "WHO", add = complete::contacts())]
    referred_by: Option<String>,
    /// How you met: the first entry of the log
    #[arg(long, value_name = "TEXT")]
    met: Option<String>,
    #[command(flatten)]
    plan: PlanArgs,
    /// What to call the file, in place of the name
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// Though there is a contact of that name or address
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    deed: DeedArgs,
}

pub fn run(context: &Context, args: &NewArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let survey = context.survey(&notebook);
    let me = context.me(&notebook);
    let desk = context.desk(&notebook, me.as_deref());
    let refuse = |refusal| refused(context, &notebook, refusal);
    let plan = |text: &String| Ok(args.plan.how.plan(moment(text, Lean::Future, &desk, "--next")?));
    let new = New {
        name: args.name.join(" "),
        id: args.id.clone(),
        company: args.company.clone(),
        email: args.email.clone(),
        phone: args.phone.clone(),
        tags: args.tag.clone(),
        owner: args.owner.clone(),
        stage: args.stage.clone(),
        source: args.source.clone(),
        referred_by: args.referred_by.clone(),
        met: args.met.clone(),
        next: args.plan.next.as_ref().map(plan).transpose().map_err(refuse)?,
        uid: uuid::Uuid::new_v4().to_string(),
        force: args.force,
    };
    let planned = verbs::new(&survey, &new, &desk).map_err(refuse)?;
    carry_out(context, &notebook, &planned, &args.deed)
}
