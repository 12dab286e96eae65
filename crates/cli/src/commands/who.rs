//! `who`: who could help with a contact.

use std::io::Write;

use serde::Serialize;
use tickler_core::answer::search;
use tickler_core::contact::Contact;
use tickler_core::notebook::{Parts, Pick, Survey};
use tickler_core::ties::{Neighbour, Tie};

use crate::args::{Format, unmark_query};
use crate::commands::brief::no_csv;
use crate::commands::brief_text::known;
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::page::Page;
use crate::sheet::Sheet;
use crate::spans::span;
use crate::style::Role;
use crate::{ask, complete, naming};

/// Who could help with them: who sent them, who knows them, who works there
///
/// For each contact that fits: who sent them to us, whose file links to them and to whom theirs links, who came to
/// us through them, and who works for the same company.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  tickler who jane                 who could help me with Jane
  tickler who stage:proposal       with each of those that a query fits")]
pub struct WhoArgs {
    /// A contact, by any part of its name that fits it alone, or a query
    #[arg(required = true, value_name = "QUERY", add = complete::contacts())]
    query: Vec<String>,
}

/// One contact and who knows them, as JSON.
#[derive(Debug, Serialize)]
struct Circle {
    id: String,
    name: String,
    company: Option<String>,
    /// `referred_by`, where it is no contact of the notebook.
    referred_by: Option<String>,
    people: Vec<Neighbour>,
}

pub fn run(context: &Context, args: &WhoArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    let subjects = subjects(context, &survey, args)?;
    let contacts: Vec<Contact> =
        subjects.into_iter().map(|index| survey.contact(index, Parts::ALL)).collect();
    let people = survey.circles(&contacts);
    let circles: Vec<Circle> =
        contacts.into_iter().zip(people).map(|(c, people)| circle(c, people)).collect();
    let found = circles.iter().any(|circle| !circle.people.is_empty() || circle.referred_by.is_some());
    let mut page = context.page();
    match context.format {
        Format::Text => {
            for (at, circle) in circles.iter().enumerate() {
                if at > 0 {
                    writeln!(page)?;
                }
                write_circle(&mut page, circle, context)?;
            }
        }
        Format::Json => {
            serde_json::to_writer_pretty(&mut page, &circles)?;
            writeln!(page)?;
        }
        Format::Csv => return Err(no_csv("who")),
    }
    page.finish(if found { Answer::Done } else { Answer::No })
}

/// The one contact that the words name, else all that they fit as a query.
fn subjects(context: &Context, survey: &Survey<'_>, args: &WhoArgs) -> Result<Vec<usize>, Failure> {
    if let Pick::One(index) = survey.pick(&unmark_query(&args.query)) {
        return Ok(vec![index]);
    }
    let query = ask::query(context, survey.notebook(), &args.query)?;
    let found = search(survey, &query, Parts::default(), |row, _| Some(row.index));
    // Nothing fits: say who was nearly named.
    if found.is_empty() {
        naming::contact(context, survey, &args.query).map(|index| vec![index])
    } else {
        Ok(found)
    }
}

fn circle(contact: Contact, people: Vec<Neighbour>) -> Circle {
    let is_here = people.iter().any(|neighbour| neighbour.ties.contains(&Tie::Referrer));
    Circle {
        id: contact.id.as_str().to_owned(),
        name: contact.name,
        company: contact.head.company,
        referred_by: contact.head.referred_by.filter(|_| !is_here),
        people,
    }
}

fn write_circle(page: &mut Page, circle: &Circle, context: &Context) -> Result<(), Failure> {
    let mut title = vec![span(Role::Strong, &circle.name)];
    if let Some(company) = &circle.company {
        title.push(span(Role::Plain, format!(", {company}")));
    }
    let mut sheet = Sheet::new(page);
    sheet.text(&title)?;
    if let Some(referrer) = &circle.referred_by {
        sheet.hanging(
            "  -",
            &[
                span(Role::Plain, referrer),
                span(Role::Plain, ": sent them to us"),
                span(Role::Dim, "; no contact here"),
            ],
        )?;
    }
    for neighbour in &circle.people {
        sheet.hanging("  -", &known(neighbour, context.today))?;
    }
    if circle.people.is_empty() && circle.referred_by.is_none() {
        sheet.hanging(
            "  -",
            &[span(
                Role::Dim,
                "nobody yet: a link such as [[bob-smith]] in either file, `referred_by`, or the same `company` would tell",
            )],
        )?;
    }
    Ok(())
}
