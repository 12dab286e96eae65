//! `export json`: contacts with all that their files hold, a line each.

use std::io::Write;

use tickler_core::file::prose;
use tickler_core::follow_up::assess;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::wire::{ContactRow, Exported};

use super::choice::ChoiceArgs;
use crate::args::Format;
use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Contacts with all that their files hold, a line of JSON each
///
/// Beside the keys of the file, each has its `log`, its `promises`, where its links lead, its `prose`, and the whole
/// `text` of the file.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler export json --output people.jsonl            everybody
  tickler export json tag:hotel | jq -r .name          of some, for another program
  tickler export json --array --output people.json     one array instead of lines")]
pub struct JsonArgs {
    #[command(flatten)]
    choice: ChoiceArgs,
    /// One array instead of a line each
    #[arg(long)]
    array: bool,
}

pub fn run(context: &Context, args: &JsonArgs) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(Failure::usage("`export json` writes JSON").hint("for CSV there is `tickler export csv`"));
    }
    let notebook = context.notebook()?;
    args.choice.export(context, &notebook, |choice| {
        let (survey, count) = (choice.survey, choice.contacts.len());
        let line = |index| told(survey, index);
        if !args.array {
            return choice.each(b"", |index| [line(index), b"\n".to_vec()].concat());
        }
        choice.out.write_all(if count == 0 { b"[" } else { b"[\n" })?;
        choice.each(b",\n", line)?;
        choice.out.write_all(if count == 0 { b"]\n" } else { b"\n]\n" })?;
        Ok(())
    })
}

/// All of one contact, on one line.
fn told(survey: &Survey<'_>, index: usize) -> Vec<u8> {
    let settings = survey.notebook().settings();
    let contact = survey.contact(index, Parts::ALL);
    let assessment = assess(&contact, settings, survey.today());
    let row = ContactRow::new(&contact, &assessment, settings, survey.path(index));
    let text = survey.text(index);
    let prose = text.as_deref().map(prose).unwrap_or_default();
    let told = serde_json::to_vec(&Exported::new(&contact, row, prose, text));
    debug_assert!(told.is_ok(), "every key of this shape is a text");
    told.unwrap_or_default()
}
