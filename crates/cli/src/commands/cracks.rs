//! `cracks`: open contacts that nothing will ever bring back, and what to do about them.

use std::io::Write;

use tickler_core::answer::crack_rows;
use tickler_core::follow_up::Kind;
use tickler_core::wire::{CrackRow, CracksReport};

use super::due;
use crate::args::Format;
use crate::ask;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::page::Page;
use crate::plain::{clean, plain};
use crate::style::Role;
use crate::table::{self, Column};
use crate::width::fit;
use crate::words;

/// Open contacts that nothing will ever bring back
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler cracks                  everyone who would be forgotten
  tickler cracks owner:me         only mine
  tickler cracks --format csv     for a spreadsheet")]
pub struct CracksArgs {
    /// Only those that this query fits, such as `owner:me`
    #[arg(add = crate::complete::query())]
    pub query: Vec<String>,
}

pub fn run(context: &Context, args: &CracksArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let query = ask::query(context, &notebook, &args.query)?;
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    let cracks = crack_rows(&survey, &query);
    let answer = due::answer(&survey, &query, cracks.is_empty());
    let mut page = context.page();
    match context.format {
        Format::Text if answer == Answer::No => {
            return Err(Failure::no("nobody fits that query").hint("see all with `tickler list`"));
        }
        Format::Text => text(&mut page, context, &cracks, survey.is_empty())?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut page, &CracksReport { today: context.today, cracks })?;
            writeln!(page)?;
        }
        Format::Csv => csv(&mut page, &cracks)?,
    }
    page.finish(answer)
}

fn text(page: &mut Page, context: &Context, cracks: &[CrackRow], is_empty: bool) -> Result<(), Failure> {
    if cracks.is_empty() {
        let words = if is_empty {
            "Nobody is in this notebook yet."
        } else {
            "No cracks: everyone will come back to you."
        };
        writeln!(page, "{}", page.paint(Role::Good, words))?;
        return Ok(());
    }
    let what = words::count(cracks.len(), "open contact that nothing", "open contacts that nothing");
    writeln!(page, "{}\n", page.paint(Role::Strong, format!("{what} will bring back")))?;
    let has = |there: fn(&CrackRow) -> bool| cracks.iter().any(there);
    let narrow = page.width.is_some_and(|columns| columns < 60);
    let (company, owner, value) = (
        has(|row| row.company.is_some()) && !narrow,
        has(|row| row.owner.is_some()) && !narrow,
        has(|row| row.value.is_some()) && !narrow,
    );
    let mut columns = vec![Column::new("name", Role::Strong)];
    columns.extend(company.then(|| Column::new("company", Role::Plain)));
    columns.extend((!narrow).then(|| Column::new("stage", Role::Plain)));
    columns.extend(owner.then(|| Column::new("owner", Role::Plain)));
    columns.extend(value.then(|| Column::new("value", Role::Plain).right()));
    columns.push(Column::new("last touch", Role::Dim));
    let text = |text: &Option<String>| clean(text.as_deref().unwrap_or_default()).into_owned();
    let rows: Vec<Vec<String>> = cracks
        .iter()
        .map(|row| {
            let mut cells = vec![clean(&row.name).into_owned()];
            cells.extend(company.then(|| text(&row.company)));
            cells.extend((!narrow).then(|| clean(&row.stage).into_owned()));
            cells.extend(owner.then(|| text(&row.owner)));
            cells.extend(value.then(|| row.value.as_ref().map(words::money).unwrap_or_default()));
            cells.push(last(row, context));
            cells
        })
        .collect();
    let room = page.width.map(|columns| columns.saturating_sub(2));
    let mut lines = table::lines(&columns, &rows, room, page.paint).into_iter();
    writeln!(page, "  {}", lines.next().unwrap_or_default())?;
    for (line, row) in lines.zip(cracks) {
        writeln!(page, "  {line}")?;
        for promise in &row.undated {
            let whose = if promise.kind == Kind::Waiting { "they promised" } else { "promised" };
            let what = plain(promise.why.as_deref().unwrap_or_default());
            let said = format!("{whose}, but not by when: {what}");
            let said =
                page.width.map_or(said.clone(), |columns| fit(&said, columns.saturating_sub(4)).into_owned());
            writeln!(page, "    {}", page.paint(Role::Accent, said))?;
        }
    }
    let id = &cracks[0].id;
    writeln!(page, "\nMend one with whatever is true, at the top of its file:")?;
    for (key, meaning) in [
        ("next.on = 2026-12-10", "a plan"),
        ("prefers.every = \"3 months\"", "a rhythm"),
        ("stage = \"nurture\"", "a stage that has a rhythm"),
        ("stage = \"lost\"", "over, and that is fine"),
    ] {
        let key = key.replace("2026-12-10", &context.today.plus_days(7).to_string());
        writeln!(
            page,
            "  {}{}",
            page.paint(Role::Command, format!("{key:<28}")),
            page.paint(Role::Dim, meaning)
        )?;
    }
    writeln!(page, "{}", page.paint(Role::Dim, format!("Read up first: tickler brief {}", clean(id))))?;
    Ok(())
}

/// `phone 7 weeks ago`.
fn last(row: &CrackRow, context: &Context) -> String {
    match &row.last_touch {
        None => "never".to_owned(),
        Some(last) => {
            let whose = if last.direction == "in" { "their " } else { "" };
            format!("{whose}{} {}", clean(last.channel.as_str()), words::distance(last.date, context.today))
        }
    }
}

fn csv(page: &mut Page, cracks: &[CrackRow]) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(page);
    out.write_record([
        "id",
        "name",
        "company",
        "owner",
        "stage",
        "value",
        "currency",
        "last_touch",
        "last_channel",
        "unanswered",
        "undated",
    ])?;
    for row in cracks {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let undated: Vec<String> = row.undated.iter().filter_map(|promise| promise.why.clone()).collect();
        out.write_record([
            row.id.clone(),
            row.name.clone(),
            text(&row.company),
            text(&row.owner),
            row.stage.clone(),
            row.value.as_ref().map(|value| value.amount.to_string()).unwrap_or_default(),
            row.value.as_ref().map(|value| value.currency.clone()).unwrap_or_default(),
            row.last_touch.as_ref().map(|last| last.date.to_string()).unwrap_or_default(),
            row.last_touch.as_ref().map(|last| last.channel.to_string()).unwrap_or_default(),
            row.unanswered.to_string(),
            undated.join("; "),
        ])?;
    }
    out.flush()?;
    Ok(())
}
