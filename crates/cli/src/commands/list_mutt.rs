//! `list --format mutt`: addresses, in the words of mutt's `query_command`.
//!
//! The first line is a message, then comes a line an address: the address, a tab, the name, a tab, and what tells one
//! Jane from another.

use std::io::Write;

use tickler_core::answer::{Facts, Rank, cell, search, unknown};
use tickler_core::contact::Contact;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::query::{self, Query};

use crate::args::unmark_query;
use crate::ask;
use crate::commands::list::ListArgs;
use crate::context::Context;
use crate::deed::refused;
use crate::failure::{Answer, Failure};
use crate::plain::clean;
use crate::words;

/// What marks somebody who asked us to stop: to write to them is still the user's to decide.
const STOPPED: &str = "(stopped)";

/// A contact that was found, with what it is sorted by.
struct Found {
    sort: Rank,
    id: String,
    lines: Vec<String>,
}

pub fn run(context: &Context, args: &ListArgs) -> Result<Answer, Failure> {
    let notebook = context.notebook()?;
    let survey = context.survey(&notebook);
    ask::report_broken(context, &survey)?;
    let asked = ask::query(context, &notebook, &args.query);
    let found = match &asked {
        Ok(query) => found(&survey, query, args),
        Err(_) => Vec::new(),
    };
    // What is typed into mutt is mostly a part of a name or of an address, with whatever stands around it there.
    let found = match found.is_empty().then(|| spoken(&unmark_query(&args.query))) {
        Some(words) => found_by_words(context, &survey, &words, args)?,
        None => found,
    };
    let sort = args.sort.trim_start_matches('-').trim().to_lowercase();
    if let Some(refusal) = unknown(&sort, &survey) {
        return Err(refused(context, &notebook, refusal));
    }
    write(context, found, args.sort.starts_with('-'))
}

fn write(context: &Context, mut found: Vec<Found>, down: bool) -> Result<Answer, Failure> {
    found.sort_by(|a, b| a.sort.compare(&b.sort, down).then_with(|| a.id.cmp(&b.id)));
    let count = found.iter().map(|found| found.lines.len()).sum();
    let mut page = context.page();
    match (count, found.len()) {
        (0, 0) => writeln!(page, "nobody fits that")?,
        (0, people) => writeln!(page, "no address of {}", words::count(people, "contact", "contacts"))?,
        _ => writeln!(page, "{}", words::count(count, "address", "addresses"))?,
    }
    for line in found.iter().flat_map(|found| &found.lines) {
        writeln!(page, "{line}")?;
    }
    page.finish(if count == 0 { Answer::No } else { Answer::Done })
}

fn found(survey: &Survey<'_>, query: &Query, args: &ListArgs) -> Vec<Found> {
    let settings = survey.notebook().settings();
    let sort = args.sort.trim_start_matches('-').trim().to_lowercase();
    // The name is quicker to have than what the rules say.
    let parts = if sort == "name" { Parts { card: true, ..Parts::NONE } } else { Parts::ALL };
    search(survey, query, parts, |row, subject| {
        let contact = subject.contact();
        let file = if sort == "file" { survey.path(row.index) } else { String::new() };
        let facts = Facts { contact, assessment: subject.assessment(), settings, file: &file };
        Some(Found {
            sort: Rank::of(cell(&sort, facts)),
            id: row.id.clone().into_owned(),
            lines: lines(contact, survey.outlook(row.index).stopped),
        })
    })
}

/// All whom these words fit, as they stand.
fn found_by_words(
    context: &Context,
    survey: &Survey<'_>,
    words: &[String],
    args: &ListArgs,
) -> Result<Vec<Found>, Failure> {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    let settings = survey.notebook().settings();
    let query = Query::parse(&quoted.join(" "), &query::Context { settings, today: context.today, me: None });
    let query = query.map_err(|error| Failure::usage(error.render()))?;
    Ok(found(survey, &query, args))
}

/// The words of what was typed, without the marks around them: `"Doe, Jane" <jane@acme.example>`, `jan*`.
fn spoken(typed: &str) -> Vec<String> {
    let words = typed.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\\' | '<' | '>' | ',' | ';'));
    let words = words.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// A line for each address of a contact.
fn lines(contact: &Contact, is_stopped: bool) -> Vec<String> {
    let head = &contact.head;
    let place = head.company.as_deref().or(head.role.as_deref()).unwrap_or_default();
    let more = match (place, is_stopped) {
        (place, false) => place.to_owned(),
        ("", true) => STOPPED.to_owned(),
        (place, true) => format!("{place} {STOPPED}"),
    };
    let addresses = head.email.iter().filter_map(|email| address(email));
    addresses.map(|address| format!("{address}\t{}\t{}", field(&contact.name), field(&more))).collect()
}

/// The address alone, where somebody wrote a name beside it; none where it is none.
fn address(email: &str) -> Option<&str> {
    let inside = email.rsplit_once('<').and_then(|(_, rest)| rest.split_once('>')).map(|(inside, _)| inside);
    let address = inside.unwrap_or(email).trim();
    let is_one = address.contains('@') && !address.contains(|c: char| c.is_whitespace() || c.is_control());
    is_one.then_some(address)
}

/// A field of a line: on one line, and without what a terminal would obey.
fn field(text: &str) -> String {
    clean(text).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tickler_core::contact::Head;

    #[test]
    fn what_is_typed_into_mutt() {
        for (typed, words) in [
            ("", &[][..]),
            ("*", &[]),
            (". -", &[]),
            ("jane", &["jane"]),
            ("jan*", &["jan"]),
            ("O'Brien", &["O'Brien"]),
            ("Doe, Jane", &["Doe", "Jane"]),
            ("\"Jane Doe\" <jane@ac", &["Jane", "Doe", "jane@ac"]),
            ("foo:bar", &["foo:bar"]),
            ("(jane) \\ d'arc", &["jane", "d'arc"]),
            ("zoë--", &["zoë"]),
        ] {
            assert_eq!(spoken(typed), words, "{typed:?}");
        }
    }

    #[test]
    fn a_line_an_address() {
        let email =
            ["jane@x.example", "Jane <j.doe@y.example>", "ask her", "a b@z.example", "jd@z.example\n"];
        let head = Head {
            email: email.map(str::to_owned).to_vec(),
            company: Some("Acme\tHotels".to_owned()),
            ..Head::default()
        };
        let contact = Contact { name: "Jane\n\u{1b}[31mDoe".to_owned(), head, ..Contact::default() };
        assert_eq!(
            lines(&contact, true),
            [
                "jane@x.example\tJane Doe\tAcme Hotels (stopped)",
                "j.doe@y.example\tJane Doe\tAcme Hotels (stopped)",
                "jd@z.example\tJane Doe\tAcme Hotels (stopped)",
            ]
        );
        let nowhere = Contact { head: Head { company: None, ..contact.head.clone() }, ..contact };
        assert!(lines(&nowhere, true)[0].ends_with("\t(stopped)"));
        assert!(lines(&nowhere, false)[0].ends_with("Doe\t"));
    }
}
