//! `report`: the figures: follow-ups on time and late, reach, promises, the pipeline, the team.

use std::io::Write;

use tickler_core::answer;
use tickler_core::date::Date;
use tickler_core::notebook::Notebook;
use tickler_core::wire::{FiguresReport, PromiseRow};

use super::report_text;
use crate::args::Format;
use crate::ask;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::page::Page;

/// The figures: follow-ups on time and late, reach, promises, stages
///
/// Over the last twelve full weeks and the current one, unless `--since` says otherwise. What stands open, late or in
/// the pipeline is as of today. Only what the files truly tell is counted; the guide says what that is.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler report                      the last twelve weeks, all contacts
  tickler report tag:hotel            only hotels
  tickler report --since 'jan 1'      this year
  tickler report --format csv         for a spreadsheet")]
pub struct ReportArgs {
    /// Only those that this query fits, such as `owner:me`
    #[arg(add = crate::complete::query())]
    pub query: Vec<String>,
    /// The first day that is looked at, such as `jan 1` or `6 months`
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,
}

pub fn run(context: &Context, args: &ReportArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let query = ask::query(context, &notebook, &args.query)?;
    let since = args.since.as_deref().map(|text| day(context, &notebook, text)).transpose()?;
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    let report = answer::report(&survey, &query, since);
    if report.contacts == 0 && context.format == Format::Text {
        return Err(match survey.is_empty() {
            true => Failure::no("nobody is in this notebook yet").hint("begin with `tickler new`"),
            false => Failure::no("nobody fits that query").hint("see all with `tickler list`"),
        });
    }
    let mut page = context.page();
    match context.format {
        Format::Text => report_text::write(&mut page, &report)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut page, &report)?;
            writeln!(page)?;
        }
        Format::Csv => csv(&mut page, &report)?,
    }
    page.finish(if report.contacts == 0 { Answer::No } else { Answer::Done })
}

/// The day that `--since` says.
fn day(context: &Context, notebook: &Notebook, text: &str) -> Result<Date, Failure> {
    answer::since(text, &context.desk(notebook, None).now()).map_err(|misread| {
        Failure::usage(format!("--since: {}", misread.message)).hint(misread.advice().to_owned())
    })
}

/// One figure a line: what it is of, of which of these, what it counts, and how many.
fn csv(page: &mut Page, report: &FiguresReport) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(page);
    let mut line =
        |of: &str, which: &str, figure: &str, value: String| out.write_record([of, which, figure, &value]);
    line("of", "which", "figure", "value".to_owned())?;
    let standing = report.standing;
    for (figure, count) in [
        ("late", standing.late),
        ("today", standing.today),
        ("later", standing.later),
        ("cracks", standing.cracks),
    ] {
        line("standing", "", figure, count.to_string())?;
    }
    for span in &report.spans {
        let from = span.from.to_string();
        for (figure, count) in [
            ("on_time", span.on_time),
            ("late", span.late),
            ("unmeasured", span.unmeasured),
            ("touches", span.touches),
            ("added", span.added),
        ] {
            line(report.every.as_str(), &from, figure, count.to_string())?;
        }
    }
    for kind in &report.follow_ups.kinds {
        line("kind", kind.kind.as_str(), "on_time", kind.on_time.to_string())?;
        line("kind", kind.kind.as_str(), "late", kind.late.to_string())?;
    }
    for row in &report.channels {
        let channel = row.channel.as_str();
        for (figure, count) in [
            ("touches", row.touches),
            ("reached", row.reached),
            ("answered", row.answered),
            ("incoming", row.incoming),
        ] {
            line("channel", channel, figure, count.to_string())?;
        }
        if let Some(days) = row.answer_days {
            line("channel", channel, "answer_days", days.to_string())?;
        }
    }
    for (whose, PromiseRow { kept, open, late, undated }) in
        [("ours", report.promises.ours), ("theirs", report.promises.theirs)]
    {
        for (figure, count) in [("kept", kept), ("open", open), ("late", late), ("undated", undated)] {
            line("promises", whose, figure, count.to_string())?;
        }
    }
    for row in &report.pipeline {
        line("stage", &row.stage, "contacts", row.contacts.to_string())?;
        for value in &row.values {
            line("stage", &row.stage, &value.currency, value.amount.to_string())?;
        }
    }
    for row in &report.sources {
        line("source", row.source.as_deref().unwrap_or_default(), "added", row.contacts.to_string())?;
    }
    for row in &report.team {
        let who = row.who.as_deref().unwrap_or_default();
        for (figure, count) in
            [("touches", row.touches), ("active", row.active), ("on_time", row.on_time), ("late", row.late)]
        {
            line("team", who, figure, count.to_string())?;
        }
    }
    out.flush()?;
    Ok(())
}
