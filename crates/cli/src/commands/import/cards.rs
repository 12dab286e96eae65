//! What every import of contacts has in common, whatever the format: its options, taking cards in, the report.

use std::collections::BTreeMap;
use std::io::Write;
use std::ops::Range;
use std::path::Path;

use tickler_core::exchange::{Field, Item};
use tickler_core::notebook::{Notebook, Recorded};
use tickler_core::verbs::{Importer, Manner, Planned, Taken};
use tickler_core::wire::{ColumnRow, ImportReport, ImportRow, RefusalRow};

use super::cards_text;
use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::context::Context;
use crate::deed::{ManyArgs, carry_through, recover, refused};
use crate::failure::{Answer, Failure};
use crate::intake;
use crate::plain::clean;
use crate::progress::Progress;

/// So many rows are taken in at once, on all cores.
const AT_ONCE: usize = 512;
/// So many are listed where nobody asked for all.
pub const MOST_SHOWN: usize = 20;
/// What rows of nobody are told as.
const UNNAMED: &str = "rows without a name";

/// Options of every import of contacts.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct CardArgs {
    /// A tag for all that are new; may be given again
    #[arg(long, value_name = "TAG")]
    pub tag: Vec<String>,
    /// The stage of all that are new
    #[arg(long, value_name = "STAGE")]
    pub stage: Option<String>,
    /// Whose contacts the new ones are, where the file does not say
    #[arg(long, value_name = "HANDLE", add = crate::complete::handles())]
    pub owner: Option<String>,
    /// Where the new ones came from
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
    /// The country of phone numbers that do not say theirs, two letters: US, DE
    #[arg(long, value_name = "COUNTRY")]
    pub country: Option<String>,
    /// What the notebook has stays; only what is absent there is filled in
    #[arg(long)]
    pub only_fill: bool,
    #[command(flatten)]
    pub many: ManyArgs,
}

/// A file whose format has been made out.
pub struct Source<'a> {
    /// `csv`, `vcard`.
    pub kind: &'a str,
    /// Where it is; the first of several.
    pub file: &'a Path,
    /// How many more there are.
    pub more: usize,
    /// Where its contacts come from, where it says nothing of it: `LinkedIn`.
    pub origin: Option<&'a str>,
    /// Its rows or cards, one after the other, from the first on each time.
    pub items: &'a dyn Fn() -> Box<dyn Iterator<Item = Item> + 'a>,
    /// In which file an item stands, where they are several, and on which of its lines.
    pub place: &'a dyn Fn(&Item) -> (Option<String>, usize),
    /// What became of its columns; asked once all items were taken once.
    pub fields: &'a dyn Fn() -> Vec<Field>,
    /// How many items were passed over since they are of nobody; asked once all items were taken once.
    pub unnamed: &'a dyn Fn() -> usize,
    /// The text of a file of that kind with only these items in it.
    pub only: &'a dyn Fn(&[Item]) -> String,
}

/// Takes in all contacts of a file.
pub fn run(
    context: &Context,
    notebook: &Notebook,
    args: &CardArgs,
    source: Source<'_>,
) -> Result<Answer, Failure> {
    if context.format == Format::Csv {
        return Err(no_csv("import"));
    }
    // Else what a killed run had written would look as if it were there already.
    if !args.many.dry_run {
        recover(context, notebook)?;
    }
    let survey = context.survey(notebook);
    let me = context.me(notebook);
    let desk = context.desk(notebook, me.as_deref());
    let file = match source.more {
        0 => shown_name(source.file),
        more => format!("{} and {more} more", shown_name(source.file)),
    };
    let manner = Manner {
        kind: source.kind,
        file: &file,
        country: args.country.as_deref(),
        tags: &args.tag,
        stage: args.stage.as_deref(),
        owner: args.owner.as_deref(),
        source: args.source.as_deref().or(source.origin),
        only_fill: args.only_fill,
    };
    let mut new_uid = || uuid::Uuid::new_v4().to_string();
    let mut importer = Importer::new(&survey, &desk, manner, &mut new_uid)
        .map_err(|refusal| refused(context, notebook, refusal))?;
    // What is new is listed where it is few, and where that is what was asked for.
    let lists_new = args.many.dry_run || context.format == Format::Json;
    let mut tally = Tally { lists_new, ..Tally::default() };
    read(&mut importer, &source, &mut tally);
    let columns = (source.fields)().into_iter().map(column).collect();
    tally.left_aside.extend(Some((UNNAMED.to_owned(), (source.unnamed)())).filter(|(_, count)| *count > 0));
    while importer.again() {
        read(&mut importer, &source, &mut tally);
    }
    let planned = importer.finish();
    let (refused_items, report) = tally.report();
    let report = ImportReport {
        verb: planned.deed.verb.clone(),
        file,
        subject: planned.deed.subject.clone(),
        dry_run: args.many.dry_run,
        columns,
        ..report
    };
    let answer = if refused_items.is_empty() { Answer::Done } else { Answer::No };
    if args.many.dry_run {
        return told(context, &report, &planned, answer);
    }
    let saved = carry_through(context, notebook, &planned, &args.many.deed)?;
    let commit = match saved.map(|saved| saved.recorded) {
        Some(Recorded::Commit { id, .. }) => Some(id),
        _ => None,
    };
    let aside = match refused_items.is_empty() {
        true => None,
        false => Some(intake::put_aside(source.file, &(source.only)(&refused_items))?),
    };
    let refused_file = aside.map(|aside| aside.display().to_string());
    told(context, &ImportReport { commit, refused_file, ..report }, &planned, answer)
}

/// The file's name as it is told of.
fn shown_name(file: &Path) -> String {
    if file.as_os_str() == intake::STDIN {
        return "standard input".to_owned();
    }
    file.file_name().map(|name| clean(&name.to_string_lossy()).into_owned()).unwrap_or_default()
}

/// What became of a row; what there is to say of it is kept only where it is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Created,
    Updated,
    Same,
    Refused,
}

/// What became of the rows so far.
#[derive(Default)]
struct Tally {
    lists_new: bool,
    /// Row by row.
    outcomes: Vec<Outcome>,
    created: usize,
    /// Rows that did something, and rows that were refused, by their number.
    contacts: BTreeMap<usize, ImportRow>,
    refused: BTreeMap<usize, (RefusalRow, Item)>,
    left_aside: BTreeMap<String, usize>,
}

/// A row that is taken in.
struct Row {
    /// In which file, and on which of its lines.
    place: (Option<String>, usize),
    line: usize,
    raw: Range<usize>,
    name: Option<String>,
    company: Option<String>,
    /// Why it could not be read.
    fault: Option<String>,
}

/// Reads all rows, and takes them in.
fn read(importer: &mut Importer<'_, '_>, source: &Source<'_>, tally: &mut Tally) {
    let progress = Progress::new("reading rows", None);
    let (mut items, mut number) = ((source.items)(), 0);
    loop {
        let items: Vec<Item> = items.by_ref().take(AT_ONCE).collect();
        if items.is_empty() {
            return;
        }
        progress.add(items.len() as u64);
        number = take_in(importer, items, source.place, tally, number);
    }
}

/// Takes in some rows, of which the first has that number. Gives the number of the next.
fn take_in(
    importer: &mut Importer<'_, '_>,
    items: Vec<Item>,
    place: &dyn Fn(&Item) -> (Option<String>, usize),
    tally: &mut Tally,
    mut number: usize,
) -> usize {
    let is_first = number == tally.outcomes.len();
    let mut cards = Vec::with_capacity(items.len());
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        let place = place(&item);
        let Item { line, raw, card } = item;
        let row = Row { place, line, raw, name: None, company: None, fault: None };
        match card {
            Ok(card) => {
                for what in card.left_aside.iter().filter(|_| is_first) {
                    *tally.left_aside.entry(what.clone()).or_default() += 1;
                }
                let (name, company) = (card.head.name.clone(), card.head.company.clone());
                rows.push(Row { name, company, ..row });
                cards.push(*card);
            }
            Err(fault) => rows.push(Row { fault: Some(fault), ..row }),
        }
    }
    let mut taken = importer.take_all(cards).into_iter();
    for row in rows {
        let taken = match &row.fault {
            Some(fault) => Taken::Refused(fault.clone()),
            None => taken.next().unwrap_or_else(|| Taken::Refused("it was not read".to_owned())),
        };
        tally.note(number, row, taken);
        number += 1;
    }
    number
}

impl Tally {
    /// What became of a row, of which the file may be read once more.
    fn note(&mut self, number: usize, row: Row, taken: Taken) {
        match self.outcomes.get(number) {
            Some(Outcome::Created) => return,
            Some(Outcome::Updated) => {
                if let (Taken::Updated { what, .. }, Some(row)) = (taken, self.contacts.get_mut(&number)) {
                    row.changes.extend(what);
                }
                return;
            }
            Some(Outcome::Refused) => drop(self.refused.remove(&number)),
            Some(Outcome::Same) => {}
            None => self.outcomes.push(Outcome::Same),
        }
        let Row { place: (file, at), line, raw, name, company, .. } = row;
        let told = |is_new, id, by, changes| ImportRow {
            file: file.clone(),
            line: at,
            is_new,
            id,
            name,
            company,
            by,
            changes,
        };
        self.outcomes[number] = match taken {
            Taken::Created { id } => {
                self.created += 1;
                if self.lists_new || self.created <= MOST_SHOWN {
                    self.contacts.insert(number, told(true, id, None, Vec::new()));
                }
                Outcome::Created
            }
            Taken::Updated { id, by, what } => {
                self.contacts.insert(number, told(false, id, Some(by), what));
                Outcome::Updated
            }
            Taken::Same { .. } => Outcome::Same,
            Taken::Refused(why) => {
                let refusal = RefusalRow { file, line: at, why: why.clone() };
                self.refused.insert(number, (refusal, Item { line, raw, card: Err(why) }));
                Outcome::Refused
            }
        };
    }

    /// The rows that were refused, and what there is to say of all.
    fn report(self) -> (Vec<Item>, ImportReport) {
        let count = |of: Outcome| self.outcomes.iter().filter(|outcome| **outcome == of).count();
        let (refusals, items): (Vec<RefusalRow>, Vec<Item>) = self.refused.into_values().unzip();
        let report = ImportReport {
            created: self.created,
            updated: count(Outcome::Updated),
            same: count(Outcome::Same),
            refused: refusals.len(),
            contacts: self.contacts.into_values().collect(),
            refusals,
            left_aside: self.left_aside,
            ..ImportReport::default()
        };
        (items, report)
    }
}

fn column(field: Field) -> ColumnRow {
    ColumnRow { name: field.name, key: field.key, filled: field.filled }
}

/// Says what came of it.
fn told(
    context: &Context,
    report: &ImportReport,
    planned: &Planned,
    answer: Answer,
) -> Result<Answer, Failure> {
    let mut page = context.page();
    if context.format == Format::Json {
        serde_json::to_writer_pretty(&mut page, report)?;
        writeln!(page)?;
        return page.finish(answer);
    }
    write!(page, "{}", cards_text::summary(report, page.width.is_some(), page.paint))?;
    let end = match (report.dry_run, report.created + report.updated) {
        (true, _) => format!("would be done: {}; nothing was changed", planned.deed.subject),
        (false, 0) => format!("nothing to change: {}", report.file),
        (false, _) => planned.deed.subject.clone(),
    };
    writeln!(page, "{}", clean(&end))?;
    let answer = page.finish(answer)?;
    if !report.dry_run {
        let lines = cards_text::refusals(report, context.stderr_is_terminal());
        anstream::eprint!("{lines}");
    }
    Ok(answer)
}
