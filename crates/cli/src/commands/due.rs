//! `due`: who to follow up with, most urgent first.

use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Who to follow up with, most urgent first: overdue and today
#[derive(Debug, Default, clap::Args)]
pub struct DueArgs {
    /// Only those that this query fits
    query: Vec<String>,
}

pub fn run(context: &Context, args: &DueArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let survey = notebook.survey(context.today);
    anstream::println!("{} {} {:?}", survey.len(), args.query.join(" "), context.format);
    Ok(Answer::Done)
}
