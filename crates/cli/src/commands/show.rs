//! `show`: all that is known of a contact.

use std::io::Write;

use tickler_core::contact::{Contact, ContactKind, Next};
use tickler_core::date::Date;
use tickler_core::file::layout::Layout;
use tickler_core::follow_up::assess;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::settings::Settings;
use tickler_core::wire::{ContactRow, Shown, Value};

use crate::args::Format;
use crate::commands::brief::no_csv;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::page::Page;
use crate::plain::plain;
use crate::sheet::Sheet;
use crate::spans::span;
use crate::style::Role;
use crate::{ask, complete, markdown, naming, words};

/// All that is known of a contact
///
/// What its front matter says, its notes and its log, and what is wrong in its file.
#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// The contact: its id, or any part of id, name, company or email that fits it alone
    #[arg(required = true, value_name = "ID", add = complete::contacts())]
    contact: Vec<String>,
}

pub fn run(context: &Context, args: &ShowArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let settings = notebook.settings();
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    let index = naming::contact(context, &survey, &args.contact)?;
    let contact = survey.contact(index, Parts::ALL);
    let mut page = context.page();
    match context.format {
        Format::Text => text(context, &survey, index, &contact, &mut page)?,
        Format::Json => {
            let assessment = assess(&contact, settings, context.today);
            let row = ContactRow::new(&contact, &assessment, settings, survey.path(index));
            serde_json::to_writer_pretty(&mut page, &Shown { contact: row, text: survey.text(index) })?;
            writeln!(page)?;
        }
        Format::Csv => return Err(no_csv("show")),
    }
    page.finish(Answer::Done)
}

fn text(
    context: &Context,
    survey: &Survey<'_>,
    index: usize,
    contact: &Contact,
    page: &mut Page,
) -> Result<(), Failure> {
    let notebook = survey.notebook();
    let file = survey.path(index);
    let mut sheet = Sheet::new(page);
    sheet.text(&[span(Role::Strong, &contact.name)])?;
    let place: Vec<&str> =
        [&contact.head.role, &contact.head.company].into_iter().flatten().map(String::as_str).collect();
    if !place.is_empty() {
        sheet.text(&[span(Role::Plain, place.join(", "))])?;
    }
    let shown = context.shown_path(notebook.root(), &file);
    sheet.text(&[span(Role::Dim, format!("{} · ", contact.id)), span(Role::Dim, shown)])?;
    sheet.gap()?;
    head(&mut sheet, contact, notebook.settings(), context.today)?;
    if let Some(text) = survey.text(index) {
        let body = &text[Layout::of(&text).body];
        // Of a broken file all can be read but by us.
        let body = if contact.broken && body.trim().is_empty() { &text } else { body };
        if !body.trim().is_empty() {
            sheet.gap()?;
            markdown::write(&mut sheet, body, &contact.name)?;
        }
    }
    let problems = survey.problems_of(index);
    if !problems.is_empty() {
        writeln!(page)?;
    }
    for problem in &problems {
        let shown = context.problem(notebook, &file, problem, page.paint);
        write!(page, "{shown}")?;
    }
    Ok(())
}

/// The front matter, for people.
fn head(sheet: &mut Sheet<'_>, contact: &Contact, settings: &Settings, today: Date) -> std::io::Result<()> {
    let head = &contact.head;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let day = |date: Option<Date>| date.map(|date| words::day(date, today)).unwrap_or_default();
    if head.kind == ContactKind::Org {
        sheet.plain("Kind", "organisation")?;
    }
    sheet.plain("Phone", &head.phone.join(", "))?;
    sheet.plain("Email", &head.email.join(", "))?;
    sheet.plain("Links", &head.links.join(", "))?;
    sheet.plain("Address", &text(&head.address).lines().map(str::trim).collect::<Vec<_>>().join(", "))?;
    sheet.plain("Time zone", &text(&head.timezone))?;
    sheet.row("Stage", &[span(Role::Accent, settings.stage_of(head.stage.as_deref()))])?;
    if let Some(value) = Value::of(contact, settings) {
        sheet.plain("Value", &words::money(&value))?;
    }
    sheet.plain("Owner", &head.owner.as_ref().map(|owner| format!("@{owner}")).unwrap_or_default())?;
    sheet.plain("Hot button", &text(&head.hot_button))?;
    sheet.plain("Needs", &head.needs.join(", "))?;
    sheet.plain("Tags", &head.tags.join(", "))?;
    sheet.plain("Source", &text(&head.source))?;
    sheet.plain("Referred by", &text(&head.referred_by))?;
    sheet.plain("Added", &day(head.added))?;
    let channels: Vec<&str> = head.prefers.channel.iter().map(|channel| channel.as_str()).collect();
    sheet.plain("Likes", &channels.join(", then "))?;
    sheet.plain("Hours", &text(&head.prefers.hours))?;
    let every = head.prefers.every.as_ref().map(|every| every.written().to_owned()).unwrap_or_default();
    sheet.plain("Every", &every)?;
    sheet.plain("Permission", &text(&head.prefers.permission))?;
    if let Some(next) = &head.next {
        sheet.plain("Next", &planned(next, today))?;
    }
    if let Some(away) = &head.away {
        let mut said = match (away.from, away.until) {
            (Some(from), Some(until)) => {
                format!("{} to {}", words::day(from, today), words::day(until, today))
            }
            (None, Some(until)) => format!("until {}", words::day(until, today)),
            (Some(from), None) => format!("from {}", words::day(from, today)),
            (None, None) => String::new(),
        };
        if let Some(why) = &away.why {
            said.push_str(&format!("{}{why}", if said.is_empty() { "" } else { ": " }));
        }
        sheet.plain("Away", &said)?;
    }
    if let Some(cadence) = &head.cadence {
        let since =
            cadence.start.map(|start| format!(", since {}", words::day(start, today))).unwrap_or_default();
        sheet.plain("Cadence", &format!("{}{since}", text(&cadence.name)))?;
    }
    for (name, date) in &head.dates {
        let form = if date.is_yearless() { "%-d %B" } else { "%-d %B %Y" };
        let date = date.to_chrono().format(form);
        sheet.plain("Dates", &format!("{}: {date}", name.replace('_', " ")))?;
    }
    for (key, value) in &head.custom {
        sheet.plain("Own keys", &format!("{key}: {value}"))?;
    }
    sheet.plain("Aliases", &head.aliases.join(", "))?;
    sheet.plain("Uid", &text(&head.uid))?;
    for conflict in &head.conflicts {
        let set_aside = format!("the other {}: {}", conflict.key, conflict.other);
        sheet.row("To settle", &[span(Role::Caution, set_aside)])?;
    }
    Ok(())
}

fn planned(next: &Next, today: Date) -> String {
    let mut said = Vec::new();
    if let Some(on) = next.on {
        let time = on.time.map(|time| format!(" at {time}")).unwrap_or_default();
        said.push(format!("{}{time}", words::day(on.date, today)));
    }
    said.extend(next.via.as_ref().map(|via| format!("by {via}")));
    let mut said = said.join(" ");
    if let Some(why) = &next.why {
        said.push_str(&format!("{}{}", if said.is_empty() { "" } else { ": " }, plain(why)));
    }
    for (is, word) in [(next.promised, "promised"), (next.asked, "they asked for it")] {
        if is {
            said.push_str(&format!(" ({word})"));
        }
    }
    said
}
