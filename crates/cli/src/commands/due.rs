//! `due`: who to follow up with, most urgent first.

use std::io::Write;

use tickler_core::answer::{Lens, due_rows, search};
use tickler_core::notebook::{Parts, Survey};
use tickler_core::period::Period;
use tickler_core::query::Query;
use tickler_core::wire::DueReport;

use crate::args::Format;
use crate::ask;
use crate::commands::{due_text, explain};
use crate::context::Context;
use crate::failure::{Answer, Failure};

/// Who to follow up with, most urgent first: overdue and today
#[derive(Debug, Default, clap::Args)]
#[command(after_help = "Examples:
  tickler                         who to follow up with today
  tickler due --within 7d         and in the week to come
  tickler due --mine --now        mine, where this is a good moment to call
  tickler due stage:proposal      only those that a query fits
  tickler due jane --explain      why Jane is due, or is not
  tickler due --format json       for scripts")]
pub struct DueArgs {
    /// Only those that this query fits, such as `tag:hotel value>10k`
    #[arg(add = crate::complete::query())]
    pub query: Vec<String>,
    #[command(flatten)]
    pub options: DueOptions,
}

/// What `due` may be told; `tickler` alone takes it too.
#[derive(Debug, Clone, Default, PartialEq, clap::Args)]
pub struct DueOptions {
    /// Also what is to come within this time, such as `7d`, `2w` or `1mo`
    #[arg(long, value_name = "PERIOD")]
    pub within: Option<Period>,
    /// Also everything that is to come
    #[arg(long)]
    pub all: bool,
    /// Only what is mine to do today, or nobody's; each contact by what is mine of it
    #[arg(long)]
    pub mine: bool,
    /// Only those whose hours are open at this moment
    #[arg(long)]
    pub now: bool,
    /// At most this many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Tell how the rules came to it: of all that the query fits; without a query of all on the list; with --all of
    /// every contact
    #[arg(long)]
    pub explain: bool,
    /// Show the old ones too, which fold into one line where they are many
    #[arg(long)]
    pub backlog: bool,
}

pub fn run(context: &Context, args: &DueArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let query = ask::query(context, &notebook, &args.query)?;
    let lens = Lens {
        me: if args.options.mine { Some(context.me_or_ask(&notebook)?) } else { None },
        now: args.options.now.then_some(context.now),
        today: context.today,
        until: match &args.options.within {
            _ if args.options.all => None,
            Some(period) => Some(period.after(context.today, &notebook.settings().calendar)),
            None => Some(context.today),
        },
        settings: notebook.settings(),
    };
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    if args.options.explain {
        return explain::run(context, &survey, &query, &lens, args);
    }
    match context.format {
        Format::Text => due_text::run(context, &survey, &query, &lens, args),
        Format::Json => json(context, &survey, &query, &lens, args),
        Format::Csv => csv(context, &survey, &query, &lens, args),
    }
}

fn json(
    context: &Context,
    survey: &Survey<'_>,
    query: &Query,
    lens: &Lens<'_>,
    args: &DueArgs,
) -> Result<Answer, Failure> {
    let (due, cracks) = due_rows(survey, query, lens, args.options.limit);
    let answer = answer(survey, query, due.is_empty());
    let problems = survey.problems().into_iter().map(Into::into).collect();
    let mut page = context.page();
    serde_json::to_writer_pretty(&mut page, &DueReport { today: context.today, due, cracks, problems })?;
    writeln!(page)?;
    page.finish(answer)
}

fn csv(
    context: &Context,
    survey: &Survey<'_>,
    query: &Query,
    lens: &Lens<'_>,
    args: &DueArgs,
) -> Result<Answer, Failure> {
    let (due, _) = due_rows(survey, query, lens, args.options.limit);
    let answer = answer(survey, query, due.is_empty());
    let mut page = context.page();
    let mut out = csv::Writer::from_writer(&mut page);
    out.write_record([
        "id",
        "name",
        "company",
        "owner",
        "assignee",
        "stage",
        "value",
        "currency",
        "kind",
        "date",
        "time",
        "days_overdue",
        "via",
        "why",
        "flags",
        "last_touch",
        "last_channel",
        "last_direction",
        "last_reached",
        "unanswered",
    ])?;
    for row in &due {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let last = row.last_touch.as_ref();
        let flags: Vec<&str> = row.flags.iter().map(|flag| flag.as_str()).collect();
        out.write_record([
            row.id.clone(),
            row.name.clone(),
            text(&row.company),
            text(&row.owner),
            text(&row.assignee),
            row.stage.clone(),
            row.value.as_ref().map(|value| value.amount.to_string()).unwrap_or_default(),
            row.value.as_ref().map(|value| value.currency.clone()).unwrap_or_default(),
            row.kind.to_string(),
            row.date.to_string(),
            row.time.map(|time| time.to_string()).unwrap_or_default(),
            row.days_overdue.to_string(),
            row.via.as_ref().map(ToString::to_string).unwrap_or_default(),
            text(&row.why),
            flags.join(" "),
            last.map(|last| last.date.to_string()).unwrap_or_default(),
            last.map(|last| last.channel.to_string()).unwrap_or_default(),
            last.map(|last| last.direction.to_owned()).unwrap_or_default(),
            last.map(|last| last.reached.to_string()).unwrap_or_default(),
            row.unanswered.to_string(),
        ])?;
    }
    out.flush()?;
    drop(out);
    page.finish(answer)
}

/// Nobody due is good news; a query that fits nobody at all is most likely a slip.
pub fn answer(survey: &Survey<'_>, query: &Query, is_empty: bool) -> Answer {
    let fits_nobody =
        || search(survey, query, Parts::default(), |_, _| Some(())).is_empty() && !survey.is_empty();
    if is_empty && !query.is_empty() && fits_nobody() { Answer::No } else { Answer::Done }
}
