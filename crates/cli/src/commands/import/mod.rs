//! `import`: what other programs know of people.

mod cards;
mod cards_text;
mod csv;
mod csv_guide;
mod ics;
mod mail;
mod mail_text;
mod strangers;
mod vcard;

use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Take in contacts, mail and meetings from other programs
///
/// Nothing comes in twice: whoever is there already is known again by uid, email, phone, profile or name and company.
/// One import is one step of `undo`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler import csv Connections.csv --dry-run
  tickler import vcard contacts.vcf
  tickler import mail ~/Mail --since 2026-01-01
  tickler import ics calendar.ics")]
pub struct ImportArgs {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, clap::Subcommand)]
enum Kind {
    Csv(csv::CsvArgs),
    Vcard(vcard::VcardArgs),
    Mail(mail::MailArgs),
    Ics(ics::IcsArgs),
}

pub fn run(context: &Context, args: &ImportArgs) -> Result<Answer, Failure> {
    match &args.kind {
        Kind::Csv(args) => csv::run(context, args),
        Kind::Vcard(args) => vcard::run(context, args),
        Kind::Mail(args) => mail::run(context, args),
        Kind::Ics(args) => ics::run(context, args),
    }
}
