//! `reasons`: valid business reasons that hold today and were not used yet.

use std::io::Write;

use serde::Serialize;
use tickler_core::check::place_in_reason;
use tickler_core::contact::Contact;
use tickler_core::date::Date;
use tickler_core::follow_up::assess;
use tickler_core::notebook::{Notebook, Parts, SETTINGS_FILE, Survey};
use tickler_core::query::{self, Subject};
use tickler_core::reasons::{BrokenReason, Reasons};
use tickler_core::settings::Reason;

use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::plain::{clean, plain};
use crate::sheet::Sheet;
use crate::spans::span;
use crate::style::Role;
use crate::{ask, complete, naming, words};

/// Good reasons to get in touch: those that hold today and were not used yet
///
/// Reasons stand in `tickler.toml`, as `[[reason]]`. One counts as used with a contact once a touch of ours says it,
/// on or after its first day: the log's text has the reason's, or what stands before its colon.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler reasons                  every reason of today, and how many contacts it fits
  tickler reasons jane             those that were not used with Jane yet")]
pub struct ReasonsArgs {
    /// The contact: its id, or any part of id, name, company or email that fits it alone; else all reasons
    #[arg(value_name = "ID", add = complete::contacts())]
    contact: Vec<String>,
}

/// A reason as JSON.
#[derive(Debug, Serialize)]
struct ReasonRow<'a> {
    text: &'a str,
    from: Option<Date>,
    until: Option<Date>,
    r#for: Option<&'a str>,
    /// How many contacts it fits that it was not used with yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    contacts: Option<usize>,
}

impl<'a> ReasonRow<'a> {
    fn new(reason: &'a Reason, contacts: Option<usize>) -> ReasonRow<'a> {
        let Reason { text, from, until, query } = reason;
        ReasonRow { text, from: *from, until: *until, r#for: query.as_deref(), contacts }
    }
}

pub fn run(context: &Context, args: &ReasonsArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let settings = notebook.settings();
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    let index = match args.contact.is_empty() {
        true => None,
        false => Some(naming::contact(context, &survey, &args.contact)?),
    };
    let me = context.me(&notebook);
    let (reasons, broken) =
        Reasons::holding(settings, &query::Context { settings, today: context.today, me: me.as_deref() });
    report(context, &notebook, &broken);
    let (rows, whose) = match index {
        Some(index) => {
            let contact = survey.contact(index, Parts::ALL);
            let assess = |contact: &Contact| assess(contact, settings, context.today);
            let read = |_: &Contact| survey.text(index);
            let unused = reasons.unused(&Subject::new(&contact, &assess, &read));
            let rows = unused.into_iter().filter_map(|at| reasons.get(at)).map(|r| ReasonRow::new(r, None));
            (rows.collect(), Some(contact.name))
        }
        None => (counted(&survey, &reasons), None),
    };
    print(context, &rows, whose.as_deref(), settings.reasons.len())
}

/// Every reason with the number of contacts that it fits and was not used with.
fn counted<'a>(survey: &Survey<'_>, reasons: &Reasons<'a>) -> Vec<ReasonRow<'a>> {
    let mut counts = vec![0; reasons.len()];
    for unused in all(survey, reasons) {
        unused.into_iter().for_each(|at| counts[at] += 1);
    }
    reasons.all().zip(counts).map(|(reason, count)| ReasonRow::new(reason, Some(count))).collect()
}

/// For each contact the reasons that fit it and were not used with it.
fn all(survey: &Survey<'_>, reasons: &Reasons<'_>) -> Vec<Vec<usize>> {
    let (settings, today) = (survey.notebook().settings(), survey.today());
    survey.search(Parts::ALL, |row, contact| {
        let assess = |contact: &Contact| assess(contact, settings, today);
        let read = |_: &Contact| survey.text(row.index);
        Some(reasons.unused(&Subject::new(contact, &assess, &read)))
    })
}

fn print(
    context: &Context,
    rows: &Vec<ReasonRow<'_>>,
    whose: Option<&str>,
    configured: usize,
) -> Result<Answer, Failure> {
    let answer = if rows.is_empty() { Answer::No } else { Answer::Done };
    let mut page = context.page();
    match context.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut page, rows)?;
            writeln!(page)?;
        }
        Format::Csv => return Err(no_csv("reasons")),
        Format::Text => {
            for row in rows {
                let mut spans = vec![span(Role::Plain, plain(row.text))];
                if let Some(until) = row.until {
                    spans.push(span(Role::Dim, format!(" (until {})", words::day(until, context.today))));
                }
                if let Some(contacts) = row.contacts {
                    let fits = match contacts {
                        0 => ": fits nobody any more".to_owned(),
                        n => format!(": fits {}", words::count(n, "contact", "contacts")),
                    };
                    spans.push(span(Role::Way, fits));
                }
                Sheet::new(&mut page).hanging("-", &spans)?;
            }
            if rows.is_empty() {
                anstream::eprintln!("{}", nothing(whose, configured));
            }
        }
    }
    page.finish(answer)
}

fn nothing(whose: Option<&str>, configured: usize) -> String {
    match (whose, configured) {
        (_, 0) => "There are no reasons yet: write them as [[reason]] in tickler.toml, with `text`, `until` and `for`.".to_owned(),
        (Some(name), _) => format!("No reason of today fits {} that was not used already.", clean(name)),
        (None, _) => "None of the reasons in tickler.toml holds today.".to_owned(),
    }
}

/// Says on standard error which reasons fit nobody because their `for` is no query.
pub fn report(context: &Context, notebook: &Notebook, broken: &[BrokenReason]) {
    for broken in broken {
        let problem = place_in_reason(notebook.settings_text(), broken);
        let paint = context.stderr_paint();
        anstream::eprint!("{}", context.problem(notebook, SETTINGS_FILE, &problem, paint));
    }
}
