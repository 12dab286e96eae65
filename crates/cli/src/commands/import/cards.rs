//! What every import of contacts has in common, whatever the format: its options, taking cards in, the report.

use std::io::Write;
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
    /// Its rows or cards, one after the other.
    pub items: &'a mut dyn Iterator<Item = Item>,
    /// In which file an item stands, where they are several, and on which of its lines.
    pub place: &'a dyn Fn(&Item) -> (Option<String>, usize),
    /// What became of its columns; asked once all items were taken.
    pub fields: &'a dyn Fn() -> Vec<Field>,
    /// The text of a file of that kind with only these items in it.
    pub only: &'a dyn Fn(&[Item]) -> String,
}

/// Takes in all contacts of a file.
pub fn run(
    context: &Context,
    notebook: &Notebook,
    args: &CardArgs,
    mut source: Source<'_>,
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
    let progress = Progress::new("reading rows", None);
    loop {
        let items: Vec<Item> = (&mut source.items).take(AT_ONCE).collect();
        if items.is_empty() {
            break;
        }
        progress.add(items.len() as u64);
        take_in(&mut importer, items, source.place, &mut tally);
    }
    drop(progress);
    let planned = importer.finish();
    let report = ImportReport {
        verb: planned.deed.verb.clone(),
        file,
        subject: planned.deed.subject.clone(),
        dry_run: args.many.dry_run,
        columns: (source.fields)().into_iter().map(column).collect(),
        ..tally.report
    };
    let answer = if tally.refused.is_empty() { Answer::Done } else { Answer::No };
    if args.many.dry_run {
        return told(context, &report, &planned, answer);
    }
    let saved = carry_through(context, notebook, &planned, &args.many.deed)?;
    let commit = match saved.map(|saved| saved.recorded) {
        Some(Recorded::Commit { id, .. }) => Some(id),
        _ => None,
    };
    let aside = match tally.refused.is_empty() {
        true => None,
        false => Some(intake::put_aside(source.file, &(source.only)(&tally.refused))?),
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

/// What became of the rows so far.
#[derive(Default)]
struct Tally {
    report: ImportReport,
    refused: Vec<Item>,
    lists_new: bool,
}

/// Takes in some rows.
fn take_in(
    importer: &mut Importer<'_, '_>,
    items: Vec<Item>,
    place: &dyn Fn(&Item) -> (Option<String>, usize),
    tally: &mut Tally,
) {
    let mut cards = Vec::with_capacity(items.len());
    let mut rows = Vec::with_capacity(items.len());
    for item in items {
        let place = place(&item);
        let Item { line, raw, card } = item;
        match card {
            Ok(card) => {
                for what in &card.left_aside {
                    *tally.report.left_aside.entry(what.clone()).or_default() += 1;
                }
                rows.push((place, line, raw, Ok((card.head.name.clone(), card.head.company.clone()))));
                cards.push(*card);
            }
            Err(why) => rows.push((place, line, raw, Err(why))),
        }
    }
    let mut taken = importer.take_all(cards).into_iter();
    let report = &mut tally.report;
    for ((file, at), line, raw, card) in rows {
        let (who, taken) = match card {
            Ok(who) => (who, taken.next().unwrap_or_else(|| Taken::Refused("it was not read".to_owned()))),
            Err(why) => ((None, None), Taken::Refused(why)),
        };
        let row = |is_new, id, by, changes| {
            let (name, company) = who;
            ImportRow { file: file.clone(), line: at, is_new, id, name, company, by, changes }
        };
        match taken {
            Taken::Created { id } => {
                report.created += 1;
                if tally.lists_new || report.created <= MOST_SHOWN {
                    report.contacts.push(row(true, id, None, Vec::new()));
                }
            }
            Taken::Updated { id, by, what } => {
                report.updated += 1;
                report.contacts.push(row(false, id, Some(by), what));
            }
            Taken::Same { .. } => report.same += 1,
            Taken::Refused(why) => {
                report.refused += 1;
                report.refusals.push(RefusalRow { file, line: at, why: why.clone() });
                tally.refused.push(Item { line, raw, card: Err(why) });
            }
        }
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
