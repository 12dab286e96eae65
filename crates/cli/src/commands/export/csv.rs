//! `export csv`: contacts as a sheet, a row each.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use tickler_core::contact::Contact;
use tickler_core::exchange::csv::write::{Columns, own_columns};
use tickler_core::file::prose;
use tickler_core::notebook::{Parts, Survey};

use super::choice::ChoiceArgs;
use crate::args::Format;
use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Contacts as a sheet: a row each, a column a key
///
/// The columns are the keys of the contacts' files, your own too, and `note` for what stands below them; `tickler
/// import csv` takes it in again. Where a cell begins as a formula does, an apostrophe stands before it, so that no
/// spreadsheet runs what somebody else has written.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler export csv --output people.csv     everybody, for a spreadsheet
  tickler export csv --bom --output x.csv    for Excel, which else takes it for another encoding
  tickler export csv tag:hotel stage:won     of some, to standard output
  tickler export csv --raw | mlr --icsv ...  for a program, which runs no formula")]
pub struct CsvArgs {
    #[command(flatten)]
    choice: ChoiceArgs,
    /// Begin with a byte order mark, by which Excel knows UTF-8
    #[arg(long)]
    bom: bool,
    /// Leave cells that begin as a formula does as they are
    #[arg(long)]
    raw: bool,
}

pub fn run(context: &Context, args: &CsvArgs) -> Result<Answer, Failure> {
    if context.format == Format::Json {
        return Err(Failure::usage("`export csv` writes CSV").hint("for JSON there is `tickler export json`"));
    }
    let notebook = context.notebook()?;
    args.choice.export(context, &notebook, |choice| {
        let survey = choice.survey;
        let columns = columns(survey, &choice.contacts);
        if args.bom {
            choice.out.write_all("\u{feff}".as_bytes())?;
        }
        choice.out.write_all(&columns.header())?;
        choice.each(b"", |index| {
            let contact = survey.contact(index, Parts::HEAD);
            columns.row(&contact, &note(survey, index, &contact), args.raw)
        })
    })
}

/// The columns that these contacts need.
fn columns(survey: &Survey<'_>, contacts: &[usize]) -> Columns {
    let own = Mutex::new(BTreeSet::new());
    survey.each(contacts, |index| {
        let contact = survey.contact(*index, Parts::HEAD);
        if !contact.head.custom.is_empty() || !contact.head.dates.is_empty() {
            own.lock().unwrap_or_else(PoisonError::into_inner).extend(own_columns(&contact.head));
        }
    });
    Columns::new(own.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// What the contact's file says below its front matter, but for the log.
fn note(survey: &Survey<'_>, index: usize, contact: &Contact) -> String {
    // Where the file is broken, nobody knows where the front matter ends.
    if contact.stale || contact.broken {
        return String::new();
    }
    survey.text(index).map(|text| prose(&text)).unwrap_or_default()
}
