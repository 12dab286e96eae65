//! `export`: contacts and follow-ups for other programs.

mod choice;
mod csv;
mod ics;
mod json;
mod vcard;

use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Contacts and follow-ups for other programs
///
/// Whoever asked to be left alone is left out, unless you say `--all`.
#[derive(Debug, clap::Args)]
pub struct ExportArgs {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, clap::Subcommand)]
enum Kind {
    Csv(csv::CsvArgs),
    Json(json::JsonArgs),
    Vcard(vcard::VcardArgs),
    Ics(ics::IcsArgs),
}

pub fn run(context: &Context, args: &ExportArgs) -> Result<Answer, Failure> {
    match &args.kind {
        Kind::Csv(args) => csv::run(context, args),
        Kind::Json(args) => json::run(context, args),
        Kind::Vcard(args) => vcard::run(context, args),
        Kind::Ics(args) => ics::run(context, args),
    }
}
