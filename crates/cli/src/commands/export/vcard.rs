//! `export vcard`: contacts as cards, for address books.

use tickler_core::exchange::vcard::{Version, write};
use tickler_core::file::{note_of, prose};
use tickler_core::notebook::{Parts, Survey};

use super::choice::ChoiceArgs;
use crate::args::Format;
use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Contacts as cards (vCard), for address books
///
/// A card has what an address book knows: names, addresses, numbers, the company, days, tags, and the prose as its note.
/// The log, promises and plans stay here.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler export vcard --output people.vcf               everybody
  tickler export vcard tag:hotel --output hotels.vcf     some
  tickler export vcard --version 3 --output people.vcf      for programs that do not read version 4.0")]
pub struct VcardArgs {
    #[command(flatten)]
    choice: ChoiceArgs,
    /// The version of the cards: 4 for 4.0, 3 for 3.0
    #[arg(long, value_name = "VERSION", default_value = "4", value_parser = version)]
    version: Version,
}

/// The version that is meant.
fn version(text: &str) -> Result<Version, String> {
    match text.trim() {
        "4" | "4.0" => Ok(Version::V4),
        "3" | "3.0" => Ok(Version::V3),
        _ => Err("cards are written in version 3 or 4".to_owned()),
    }
}

pub fn run(context: &Context, args: &VcardArgs) -> Result<Answer, Failure> {
    if context.format != Format::Text {
        return Err(Failure::usage("`export vcard` writes cards")
            .hint("for JSON there is `tickler export json`, for CSV `tickler export csv`"));
    }
    let notebook = context.notebook()?;
    args.choice.export(context, &notebook, |choice| {
        let survey = choice.survey;
        choice.each(b"", |index| card(survey, index, args.version).into_bytes())
    })
}

/// The card of one contact.
fn card(survey: &Survey<'_>, index: usize, version: Version) -> String {
    let contact = survey.contact(index, Parts::HEAD);
    let text = survey.text(index).unwrap_or_default();
    write(&contact, &note_of(&prose(&text), &contact.name), version)
}
