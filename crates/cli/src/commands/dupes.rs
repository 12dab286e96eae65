//! `dupes`: who may be in the notebook twice, and why.

use std::io::Write;

use tickler_core::answer;
use tickler_core::likeness::LEAST;
use tickler_core::verbs;
use tickler_core::wire::{DupeRow, DupeSide, DupesReport};

use crate::args::Format;
use crate::context::Context;
use crate::deed::{DeedArgs, carry_out, refused};
use crate::failure::{Answer, Failure};
use crate::page::Page;
use crate::plain::clean;
use crate::sheet::Sheet;
use crate::spans::span;
use crate::style::Role;
use crate::{ask, complete, naming, words};

/// What a terminal shows where nothing else is said; a pipe gets all.
const ON_A_TERMINAL: usize = 20;

/// Who may be in the notebook twice, and why
///
/// The likeliest first, with a score to 100 and the command that joins the two: the same address, number or profile,
/// the same name or nearly so, by a slip, an initial or a pet name.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler dupes                       who may be there twice
  tickler dupes added:today           of those that came today, with anybody
  tickler dupes --least 90            only the sure ones
  tickler dupes --not jane-doe j-doe  these are two people; do not name them again")]
pub struct DupesArgs {
    /// Only pairs of whom one at least fits the query
    #[arg(value_name = "QUERY", add = complete::query())]
    query: Vec<String>,
    /// The lowest score that is shown
    #[arg(long, value_name = "N", default_value_t = LEAST, value_parser = clap::value_parser!(u8).range(1..=100))]
    least: u8,
    /// How many at most; 20 on a terminal where nothing is said, else all
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    limit: Option<u32>,
    /// Mark two contacts as not the same, by `not_same_as` in the first one's file
    #[arg(long, num_args = 2, value_names = ["ID", "OTHER"], conflicts_with_all = ["query", "limit"], add = complete::contacts())]
    not: Vec<String>,
    #[command(flatten)]
    deed: DeedArgs,
}

pub fn run(context: &Context, args: &DupesArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    if !args.not.is_empty() {
        let survey = context.survey(&notebook);
        let [one, other] = naming::two(context, &survey, &args.not)?;
        let me = context.me(&notebook);
        let desk = context.desk(&notebook, me.as_deref());
        let planned = verbs::not_same(&survey, one, other, &desk);
        let planned = planned.map_err(|refusal| refused(context, &notebook, refusal))?;
        return carry_out(context, &notebook, &planned, &args.deed);
    }
    let query = ask::query(context, &notebook, &args.query)?;
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    let on_screen = (context.format == Format::Text && context.width().is_some()).then_some(ON_A_TERMINAL);
    let limit = args.limit.map(|limit| limit as usize).or(on_screen);
    let report = answer::dupes(&survey, &query, args.least, limit);
    let mut page = context.page();
    match context.format {
        Format::Text if report.pairs.is_empty() => {
            let failure = Failure::no("nobody seems to be there twice");
            return Err(match args.least {
                LEAST => failure.hint("`--least 40` shows pairs that are less likely too"),
                _ => failure,
            });
        }
        Format::Text => text(&mut page, &report)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut page, &report)?;
            writeln!(page)?;
        }
        Format::Csv => csv(&mut page, &report)?,
    }
    page.finish(if report.pairs.is_empty() { Answer::No } else { Answer::Done })
}

fn text(page: &mut Page, report: &DupesReport) -> Result<(), Failure> {
    for row in &report.pairs {
        let mark = format!("{:>4}", row.score);
        let way = format!("tickler merge {} {}", word(&row.a.id), word(&row.b.id));
        let mut sheet = Sheet::new(page);
        sheet.hanging(&mark, &side(&row.a))?;
        sheet.hanging("    ", &side(&row.b))?;
        sheet.hanging("    ", &[span(Role::Dim, row.why())])?;
        // Whole, so that it can be copied.
        writeln!(page, "     {}\n", page.paint(Role::Command, way))?;
    }
    let more = report.found - report.pairs.len();
    if more > 0 {
        let way = page.paint(Role::Command, format!("--limit {}", report.found));
        writeln!(page, "{} are less likely: {way}", words::count(more, "more pair", "more pairs"))?;
    }
    if let Some(DupeRow { a, b, .. }) = report.pairs.last() {
        let way = format!("tickler dupes --not {} {}", word(&a.id), word(&b.id));
        writeln!(page, "Two people? Say so, as in {}", page.paint(Role::Command, way))?;
    }
    Ok(())
}

/// `Jane Doe (jane-doe), Acme Hotels`.
fn side(side: &DupeSide) -> Vec<crate::spans::Span> {
    let company = side.company.as_ref().map(|company| format!(", {company}")).unwrap_or_default();
    vec![
        span(Role::Strong, &side.name),
        span(Role::Dim, format!(" ({})", side.id)),
        span(Role::Plain, company),
    ]
}

/// An id as a shell takes it for one word.
fn word(id: &str) -> String {
    let id = clean(id);
    shlex::try_quote(&id).map(|word| word.into_owned()).unwrap_or_else(|_| id.clone().into_owned())
}

fn csv(page: &mut Page, report: &DupesReport) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(page);
    out.write_record(["score", "id", "name", "company", "other_id", "other_name", "other_company", "why"])?;
    for row in &report.pairs {
        let company = |side: &DupeSide| side.company.clone().unwrap_or_default();
        out.write_record([
            row.score.to_string(),
            row.a.id.clone(),
            row.a.name.clone(),
            company(&row.a),
            row.b.id.clone(),
            row.b.name.clone(),
            company(&row.b),
            row.why(),
        ])?;
    }
    out.flush()?;
    Ok(())
}
