//! `import csv`: contacts of a sheet.

use std::path::PathBuf;

use tickler_core::exchange::csv::{Manner, Mapping, Order, Sheet, decode};
use tickler_core::settings::Settings;

use super::cards::{self, CardArgs, Source};
use super::csv_guide;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::intake;
use crate::mappings::Mappings;
use crate::plain::clean;

/// Contacts of a sheet (CSV): from LinkedIn, Google, Outlook, HubSpot, Salesforce, or any other
///
/// Sheets of these programs, and tickler's own, are known by their header. For any other say what its columns are with
/// --map, or on a terminal let yourself be asked; that is kept for the next sheet with the same columns. Encoding,
/// delimiter and the place of the header are found out.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler import csv Connections.csv --dry-run
  tickler import csv people.csv --map 'name=\"Full Name\",company=Org,email=Mail,tag=Group,dates.birthday=Born'
  tickler import csv people.csv --map 'first=#1,last=#2,note=#7' --dates dmy --tag fair

Keys: every key of the front matter, first, middle, last, prefix, suffix, note, touch (the day of the last contact),
dates.X, prefers.X, phone.work, address.city and so on; any other name becomes a key of your own.")]
pub struct CsvArgs {
    /// The file; `-` reads standard input
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
    /// What its columns are: key=column pairs with commas between; `#3` is the third column
    #[arg(long, value_name = "PAIRS")]
    map: Option<String>,
    /// Take the columns that nothing is known of too, as keys of their names
    #[arg(long)]
    rest: bool,
    /// What stands first in dates such as 03/04/2024, where their column does not show it
    #[arg(long, value_name = "ORDER", value_enum)]
    dates: Option<Dates>,
    /// How its letters are written, where that is not found out: latin1, utf-16, shift_jis
    #[arg(long, value_name = "NAME")]
    encoding: Option<String>,
    /// Forget what such columns were the last time
    #[arg(long, conflicts_with = "map")]
    forget: bool,
    #[command(flatten)]
    cards: CardArgs,
}

/// The order of the numbers of a date.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Dates {
    /// Month, day, year
    Mdy,
    /// Day, month, year
    Dmy,
    /// Year, month, day
    Ymd,
}

impl From<Dates> for Order {
    fn from(dates: Dates) -> Order {
        match dates {
            Dates::Mdy => Order::Mdy,
            Dates::Dmy => Order::Dmy,
            Dates::Ymd => Order::Ymd,
        }
    }
}

pub fn run(context: &Context, args: &CsvArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let decoded = decode(&intake::read(&args.file)?, args.encoding.as_deref())
        .map_err(|error| Failure::usage(error).hint("such as utf-8, utf-16, latin1 or windows-1252"))?;
    let file = args.file.display().to_string();
    let mut sheet = Sheet::open(&decoded.text)
        .map_err(|error| Failure::usage(format!("cannot read \"{}\": {error}", clean(&file))))?;
    let said = args.map.as_deref().map(said).transpose()?;
    if let Some(mapping) = &said {
        sheet = sheet.as_named_by(mapping);
    }
    let mut mappings = Mappings::load(context.user.path.as_deref())?;
    if args.forget {
        mappings.forget(sheet.columns());
    }
    let desk = Desk { context, settings: notebook.settings(), args, sheet: &sheet };
    let chosen = desk.choose(said, &mappings)?;
    let manner = desk.manner(chosen.mapping());
    let reading = sheet.reading(&manner).map_err(|error| unknown_column(&sheet, error))?;
    let Some(reading) = reading else { return Err(desk.not_understood()) };
    for remark in reading.remarks() {
        anstream::eprintln!("{}; --dates dmy reads them day first", clean(remark));
    }
    let origin = sheet.format().filter(|_| chosen.mapping().is_none()).and_then(|format| format.origin());
    let source = Source {
        kind: "csv",
        file: &args.file,
        origin,
        items: &|| Box::new(reading.items()),
        more: 0,
        place: &|row| (None, row.line),
        fields: &|| reading.fields(),
        unnamed: &|| reading.unnamed(),
        only: &|rows| sheet.only(rows),
    };
    let answer = cards::run(context, &notebook, &args.cards, source)?;
    if !args.cards.many.dry_run {
        if let Chosen::Said(mapping) = &chosen {
            mappings.remember(sheet.columns(), &mapping.to_string());
        }
        mappings.save();
    }
    Ok(answer)
}

/// What the columns of a sheet are, and who says so.
enum Chosen {
    /// Its header.
    Known,
    /// The user, now.
    Said(Mapping),
    /// The user, the last time; or the columns themselves, in our own words.
    Remembered(Mapping),
}

impl Chosen {
    fn mapping(&self) -> Option<&Mapping> {
        match self {
            Chosen::Known => None,
            Chosen::Said(mapping) | Chosen::Remembered(mapping) => Some(mapping),
        }
    }
}

/// What there is to decide by.
struct Desk<'a> {
    context: &'a Context,
    settings: &'a Settings,
    args: &'a CsvArgs,
    sheet: &'a Sheet<'a>,
}

impl<'a> Desk<'a> {
    fn manner<'m>(&'m self, mapping: Option<&'m Mapping>) -> Manner<'m> {
        Manner {
            mapping,
            rest: self.args.rest,
            order: self.args.dates.map(Order::from),
            settings: self.settings,
            today: self.context.today,
        }
    }

    /// Says what the columns are: `--map`, else what they were the last time, else their header, else who is asked.
    fn choose(&self, said: Option<Mapping>, mappings: &Mappings) -> Result<Chosen, Failure> {
        if let Some(mapping) = said {
            return Ok(Chosen::Said(mapping));
        }
        if let Some(mapping) = mappings.of(self.sheet.columns()).and_then(|map| Mapping::parse(map).ok()) {
            anstream::eprintln!(
                "its columns are read as the last time; --forget, or another --map, changes that"
            );
            return Ok(Chosen::Remembered(mapping));
        }
        if let Some(format) = self.sheet.format() {
            anstream::eprintln!("a sheet of {}", format.name());
            return Ok(Chosen::Known);
        }
        if let Some(mapping) = self.sheet.in_our_words() {
            return Ok(Chosen::Remembered(mapping));
        }
        let preview = |mapping: &Mapping| csv_guide::preview(self.sheet, &self.manner(Some(mapping)));
        match csv_guide::ask(self.sheet, preview)? {
            Some(mapping) => Ok(Chosen::Said(mapping)),
            None => Err(self.not_understood()),
        }
    }

    /// Nobody said what the columns are, and nobody can be asked.
    fn not_understood(&self) -> Failure {
        let file = self.args.file.display().to_string();
        let guessed = self.sheet.guessed().to_string();
        Failure::usage(format!("what the columns of \"{}\" are is not known", clean(&file)))
            .details(format!("  tickler import csv {} --map {}", word(&file), word(&guessed)))
            .hint("that line is a guess: mend it and run it, with --dry-run first")
    }
}

fn said(map: &str) -> Result<Mapping, Failure> {
    Mapping::parse(map).map_err(|error| {
        Failure::usage(format!("--map: {error}")).hint("such as name=\"Full Name\",email=Mail")
    })
}

fn unknown_column(sheet: &Sheet<'_>, error: String) -> Failure {
    let failure = Failure::usage(format!("--map: {error}"));
    match sheet.has_header() {
        true => failure,
        false => failure.hint("this sheet has no header; name its columns by number, such as name=#1"),
    }
}

/// A word as a shell takes it.
fn word(text: &str) -> String {
    let text = clean(text);
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '=' | ',');
    match !text.is_empty() && text.chars().all(is_plain) {
        true => text.into_owned(),
        false => format!("'{}'", text.replace('\'', "'\\''")),
    }
}
