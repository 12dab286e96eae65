//! `due --explain`: each obligation, the rule that made it, and each rule that moved or dropped it.

use std::io::Write;

use tickler_core::answer::{Lens, search};
use tickler_core::contact::Contact;
use tickler_core::follow_up::{Explanation, Outcome, Urgency, explain};
use tickler_core::notebook::{Parts, Survey};
use tickler_core::query::Query;
use tickler_core::wire::{ExplainReport, ExplainRow, outcome_name};

use super::due::DueArgs;
use crate::args::Format;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::page::Page;
use crate::plain::{clean, plain};
use crate::style::Role;
use crate::width::wrap;
use crate::words;

pub fn run(
    context: &Context,
    survey: &Survey<'_>,
    query: &Query,
    lens: &Lens<'_>,
    args: &DueArgs,
) -> Result<Answer, Failure> {
    let everyone = args.options.all || !query.is_empty();
    let mut found = search(survey, query, Parts::ALL, |_, subject| {
        let contact = subject.contact();
        let explanation = explain(contact, lens.settings, lens.today);
        let urgency = Urgency::of(&contact.head, &explanation.assessment);
        let listed = urgency.is_some_and(|urgency| lens.lists(urgency.date));
        let seen = !lens.is_partial() || !lens.obligations(contact, &explanation.assessment).is_empty();
        ((everyone || listed) && seen).then(|| (urgency, contact.clone(), explanation))
    });
    found.sort_by(|(a, a_contact, _), (b, b_contact, _)| {
        let by_urgency = match (a, b) {
            (Some(a), Some(b)) => a.cmp(b, lens.today),
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        by_urgency.then_with(|| a_contact.id.cmp(&b_contact.id))
    });
    found.truncate(args.options.limit.unwrap_or(usize::MAX));
    if found.is_empty() && !query.is_empty() && context.format == Format::Text {
        return Err(Failure::no("nobody fits that query").hint("see all with `tickler list`"));
    }
    let answer = if found.is_empty() && !query.is_empty() { Answer::No } else { Answer::Done };
    let mut page = context.page();
    match context.format {
        Format::Text if found.is_empty() => writeln!(page, "Nobody is due, so there is nothing to explain.")?,
        Format::Text => {
            for (at, (_, contact, explanation)) in found.iter().enumerate() {
                if at > 0 {
                    writeln!(page)?;
                }
                one(&mut page, contact, explanation, context)?;
            }
        }
        Format::Json => {
            let explain = found.into_iter().map(|(_, contact, e)| ExplainRow::new(&contact, e)).collect();
            serde_json::to_writer_pretty(&mut page, &ExplainReport { today: context.today, explain })?;
            writeln!(page)?;
        }
        Format::Csv => {
            let mut out = csv::Writer::from_writer(&mut page);
            out.write_record(["id", "kind", "outcome", "date", "made", "changes"])?;
            for (_, contact, explanation) in &found {
                for o in &explanation.obligations {
                    let date = o.date.map(|date| date.to_string()).unwrap_or_default();
                    let (kind, changes) = (o.kind.as_str(), o.changes.join("; "));
                    out.write_record([
                        contact.id.as_str(),
                        kind,
                        outcome_name(o.outcome),
                        &date,
                        &o.made,
                        &changes,
                    ])?;
                }
            }
            out.flush()?;
        }
    }
    page.finish(answer)
}

/// The story of one contact.
fn one(
    page: &mut Page,
    contact: &Contact,
    explanation: &Explanation,
    context: &Context,
) -> Result<(), Failure> {
    let name = page.paint(Role::Strong, clean(&contact.name));
    writeln!(page, "{name} {}", page.paint(Role::Dim, format!("({})", clean(contact.id.as_str()))))?;
    for obligation in &explanation.obligations {
        let (role, verdict) = match (obligation.outcome, obligation.date) {
            (Outcome::FollowUp, Some(date)) if date <= context.today => {
                (Role::Today, format!("due {}", when(date, context)))
            }
            (Outcome::FollowUp | Outcome::Also, Some(date)) => (
                Role::Plain,
                format!(
                    "{} {}",
                    match obligation.outcome {
                        Outcome::FollowUp => "due",
                        _ => "also",
                    },
                    when(date, context)
                ),
            ),
            (Outcome::Undated, _) => (Role::Caution, "no day: reminds nobody".to_owned()),
            (_, _) => (Role::Dim, "dropped".to_owned()),
        };
        writeln!(
            page,
            "  {} {}",
            page.paint(Role::Way, format!("{:<9}", obligation.kind)),
            page.paint(role, verdict)
        )?;
        paragraph(page, &obligation.made)?;
        for change in &obligation.changes {
            paragraph(page, change)?;
        }
    }
    for note in &explanation.notes {
        let indent = 2;
        for line in lines(page, note, indent) {
            writeln!(page, "  {}", page.paint(Role::Dim, line))?;
        }
    }
    Ok(())
}

fn when(date: tickler_core::date::Date, context: &Context) -> String {
    let (day, distance) = (words::day(date, context.today), words::distance(date, context.today));
    if date == context.today { distance } else { format!("{day}, {distance}") }
}

fn paragraph(page: &mut Page, text: &str) -> Result<(), Failure> {
    for (at, line) in lines(page, text, 14).into_iter().enumerate() {
        writeln!(page, "            {}{line}", if at == 0 { "- " } else { "  " })?;
    }
    Ok(())
}

fn lines(page: &Page, text: &str, indent: usize) -> Vec<String> {
    let text = plain(text);
    match page.width {
        Some(columns) => wrap(&text, columns.saturating_sub(indent).max(20)),
        None => vec![text],
    }
}
