//! `list`: contacts, in the columns and the order that are asked for.

use std::io::Write;

use tickler_core::answer::{Facts, Rank, cell, search, unknown};
use tickler_core::contact::Contact;
use tickler_core::follow_up::Assessment;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::wire::ContactRow;

use crate::args::{Asked, Format};
use crate::ask;
use crate::columns;
use crate::commands::list_mutt;
use crate::context::Context;
use crate::deed::refused;
use crate::failure::{Answer, Failure};
use crate::style::Role;
use crate::table::{self, Column};
use crate::words;

/// Contacts that a query fits, in a table
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler list                                  everyone
  tickler list tag:hotel 'last>60d'             quiet hotels
  tickler list stage:proposal --sort=-value     the biggest first
  tickler list --columns name,phone,dog         any key, your own too
  tickler list 'value>=10k' --format csv        for a spreadsheet
  tickler list --format mutt -- jane            addresses, as mutt's query_command wants them

A column or KEY is any key of a query: name, company, stage, owner, value, last, due, ...")]
pub struct ListArgs {
    /// Only those that this query fits, such as `tag:hotel value>10k`
    #[arg(add = crate::complete::query())]
    pub query: Vec<String>,
    /// The order: a key, with `-` before it the other way round
    #[arg(long, value_name = "KEY", default_value = "name", allow_hyphen_values = true)]
    pub sort: String,
    /// The columns, with commas between them
    #[arg(long, value_name = "KEY,...", value_delimiter = ',')]
    pub columns: Vec<String>,
}

/// The columns of a spreadsheet.
const CSV: [&str; 18] = [
    "id",
    "name",
    "company",
    "role",
    "email",
    "phone",
    "tags",
    "stage",
    "owner",
    "value",
    "currency",
    "last",
    "reached",
    "unanswered",
    "due",
    "via",
    "why",
    "file",
];

/// A contact that the query fits, with what it is sorted by.
struct Found {
    index: usize,
    sort: Rank,
    id: String,
    /// As they are printed.
    cells: Vec<String>,
}

pub fn run(context: &Context, args: &ListArgs) -> Result<Answer, Failure> {
    if context.global.format == Asked::Mutt {
        return list_mutt::run(context, args);
    }
    let notebook = context.notebook()?;
    let query = ask::query(context, &notebook, &args.query)?;
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    let (sort, down) = match args.sort.strip_prefix('-') {
        Some(key) => (key.trim().to_lowercase(), true),
        None => (args.sort.trim().to_lowercase(), false),
    };
    let columns = columns_of(context, args, &survey);
    let settings = notebook.settings();
    let mut found = search(&survey, &query, Parts::ALL, |row, subject| {
        let file = if sort == "file" || columns.iter().any(|column| column == "file") {
            survey.path(row.index)
        } else {
            String::new()
        };
        let facts =
            Facts { contact: subject.contact(), assessment: subject.assessment(), settings, file: &file };
        let cells = columns.iter().map(|column| (column, cell(column, facts)));
        let cells = match context.format {
            Format::Text => {
                cells.map(|(column, cell)| columns::shown(&cell, column, context.today)).collect()
            }
            Format::Csv => cells.map(|(_, cell)| cell.raw()).collect(),
            Format::Json => Vec::new(),
        };
        Some(Found {
            index: row.index,
            sort: Rank::of(cell(&sort, facts)),
            id: row.id.clone().into_owned(),
            cells,
        })
    });
    if let Some(refusal) = std::iter::once(&sort).chain(&columns).find_map(|name| unknown(name, &survey)) {
        return Err(refused(context, &notebook, refusal));
    }
    found.sort_by(|a, b| a.sort.compare(&b.sort, down).then_with(|| a.id.cmp(&b.id)));
    if found.is_empty() && context.format == Format::Text {
        return Err(match survey.is_empty() {
            true => {
                Failure::no("nobody is in this notebook yet").hint("begin with a file, contacts/jane-doe.md")
            }
            false => {
                Failure::no("nobody fits that query").hint("`tickler list` without a query shows everyone")
            }
        });
    }
    let answer = if found.is_empty() { Answer::No } else { Answer::Done };
    let mut page = context.page();
    match context.format {
        Format::Text => {
            let rows: Vec<&[String]> = found.iter().map(|found| found.cells.as_slice()).collect();
            let columns: Vec<Column> = columns.iter().map(|name| column(name)).collect();
            for line in table::lines(&columns, &rows, page.width, page.paint) {
                writeln!(page, "{line}")?;
            }
            // A count is for people; a program has `wc`.
            if page.width.is_some() {
                let count = words::count(found.len(), "contact", "contacts");
                writeln!(page, "\n{}", page.paint(Role::Dim, count))?;
            }
        }
        Format::Json => json(&mut page, &survey, &found)?,
        Format::Csv => {
            let mut out = csv::Writer::from_writer(&mut page);
            out.write_record(&columns)?;
            for found in &found {
                out.write_record(&found.cells)?;
            }
            out.flush()?;
        }
    }
    page.finish(answer)
}

/// An array of contacts, written one at a time.
fn json(page: &mut crate::page::Page, survey: &Survey<'_>, found: &[Found]) -> Result<(), Failure> {
    let settings = survey.notebook().settings();
    write!(page, "[")?;
    for (at, found) in found.iter().enumerate() {
        let contact: Contact = survey.contact(found.index, Parts::ALL);
        let assessment: Assessment = tickler_core::follow_up::assess(&contact, settings, survey.today());
        write!(page, "{}", if at == 0 { "\n" } else { ",\n" })?;
        let row = ContactRow::new(&contact, &assessment, settings, survey.path(found.index));
        serde_json::to_writer(&mut *page, &row)?;
    }
    writeln!(page, "{}]", if found.is_empty() { "" } else { "\n" })?;
    Ok(())
}

/// The columns that are asked for, else those that suit the notebook and the room there is.
fn columns_of(context: &Context, args: &ListArgs, survey: &Survey<'_>) -> Vec<String> {
    if !args.columns.is_empty() {
        return args
            .columns
            .iter()
            .map(|name| name.trim().to_lowercase())
            .filter(|name| !name.is_empty())
            .collect();
    }
    let names: Vec<&str> = match (context.format, context.width()) {
        (Format::Csv, _) => CSV.to_vec(),
        (_, Some(0..60)) => vec!["name", "last", "due"],
        (_, Some(60..100)) => vec!["name", "company", "stage", "last", "due"],
        _ if survey.notebook().settings().team.len() > 1 => {
            vec!["name", "company", "stage", "owner", "value", "last", "due", "id"]
        }
        _ => vec!["name", "company", "stage", "value", "last", "due", "id"],
    };
    names.into_iter().map(str::to_owned).collect()
}

fn column(name: &str) -> Column {
    let role = match name {
        "name" => Role::Strong,
        "last" | "reached" | "id" | "file" => Role::Dim,
        "via" | "channel" => Role::Way,
        _ => Role::Plain,
    };
    let column = Column::new(name, role);
    if columns::is_number(name) { column.right() } else { column }
}
