//! `import vcard`: contacts of address books.

use std::path::PathBuf;

use tickler_core::exchange::{Item, vcard};

use super::cards::{self, CardArgs, Source};
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::intake;

/// Contacts of address books (vCard 2.1, 3.0 and 4.0): from a phone, Google, Apple, Outlook, Thunderbird, ...
///
/// Photos and other data are left aside. What tickler has no key for is kept, and `tickler export vcard` gives it back.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler import vcard contacts.vcf --dry-run     what would it do?
  tickler import vcard ~/contacts/*.vcf           a folder of cards, as one step of `undo`
  tickler import vcard contacts.vcf --tag phone   with a tag for all that are new")]
pub struct VcardArgs {
    /// The files; `-` reads standard input
    #[arg(value_name = "FILE", required = true, value_hint = clap::ValueHint::FilePath)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    cards: CardArgs,
}

pub fn run(context: &Context, args: &VcardArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let sheaf = Sheaf::read(&args.files)?;
    let source = Source {
        kind: "vcard",
        file: &args.files[0],
        more: args.files.len() - 1,
        origin: None,
        items: &|| Box::new(vcard::read(&sheaf.text)),
        place: &|item| sheaf.place(item),
        fields: &Vec::new,
        unnamed: &|| 0,
        only: &|items| sheaf.only(items),
    };
    cards::run(context, &notebook, &args.cards, source)
}

/// All files as one text.
struct Sheaf {
    text: String,
    /// Each file, where it begins in the text, and how many lines are before it.
    files: Vec<(String, usize, usize)>,
}

impl Sheaf {
    fn read(files: &[PathBuf]) -> Result<Sheaf, Failure> {
        let mut sheaf = Sheaf { text: String::new(), files: Vec::with_capacity(files.len()) };
        let mut lines = 0;
        for file in files {
            let bytes = intake::read(file)?;
            let begin = sheaf.text.len();
            sheaf.files.push((file.display().to_string(), begin, lines));
            sheaf.text.push_str(&vcard::decode(&bytes));
            if !sheaf.text.is_empty() && !sheaf.text.ends_with(['\n', '\r']) {
                sheaf.text.push('\n');
            }
            lines += vcard::lines(&sheaf.text[begin..]);
        }
        Ok(sheaf)
    }

    /// The file that an item is of, where there are several, and its line there.
    fn place(&self, item: &Item) -> (Option<String>, usize) {
        let at = self.files.partition_point(|(_, begin, _)| *begin <= item.raw.start).saturating_sub(1);
        let (file, _, before) = &self.files[at];
        ((self.files.len() > 1).then(|| file.clone()), item.line.saturating_sub(*before))
    }

    /// The text of a file with these cards alone.
    fn only(&self, items: &[Item]) -> String {
        let mut out = String::new();
        for item in items {
            out.push_str(self.text[item.raw.clone()].trim_end());
            out.push('\n');
        }
        out
    }
}
