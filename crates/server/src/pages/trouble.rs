//! Problems: all that is wrong in a file, with the line and what to do, and all that waits to be settled.

use maud::{Markup, html};
use tickler_core::notebook::{FileProblem, Parts, Survey};
use tickler_core::problem::{Problem, Severity};

use super::contacts::address_of;
use super::frame::{Place, frame};
use super::problem::sentence;
use super::words;
use crate::people::Action;
use crate::reply::Refusal;
use crate::routes::Words;
use crate::seat::Seat;

/// How many files are shown at once.
const FILES: usize = 100;
/// How many characters of a line are shown before and after the place.
const AROUND: usize = 36;
/// How much of a version set aside is shown.
const VERSION: usize = 16 << 10;

pub fn page(seat: &Seat, _: &Words) -> Result<Markup, Refusal> {
    let survey = seat.view.tip.survey();
    let trouble = seat.view.boards.trouble(&seat.view.tip);
    let mut files: Vec<(&str, Vec<&Problem>)> = Vec::new();
    for FileProblem { file, problem } in &trouble.problems {
        match files.iter_mut().find(|(known, _)| known == file) {
            Some((_, problems)) => problems.push(problem),
            None => files.push((file, vec![problem])),
        }
    }
    let is_error = |problem: &&&Problem| problem.severity == Severity::Error;
    // What makes a file unreadable comes before what only warns; a stable sort, so files stay in their order.
    files.sort_by_key(|(_, problems)| problems.iter().filter(is_error).count() == 0);
    let errors = trouble.problems.iter().filter(|found| found.problem.severity == Severity::Error).count();
    let warnings = trouble.problems.len() - errors;
    let unsettled = &trouble.unsettled;
    let is_settled = unsettled.contacts.is_empty() && unsettled.versions.is_empty();
    let main = html! {
        div.head { div {
            h1 { "Problems" }
            p.dim { (summary(errors, warnings, unsettled.contacts.len() + unsettled.versions.len())) }
        } }
        @if trouble.problems.is_empty() && is_settled {
            div.empty { p { strong { "All is well." } } p { (words::count(survey.len(), "contact", "contacts")) ", nothing to mend." } }
        }
        @if !is_settled { (to_settle(seat, &survey)) }
        @if !files.is_empty() && !is_settled { h2 { "To mend" } }
        @for (file, problems) in files.iter().take(FILES) { (in_file(seat, &survey, file, problems)) }
        @if files.len() > FILES { p.dim { "And " (words::count(files.len() - FILES, "more file", "more files")) ". " code { "tickler check" } " lists them all." } }
        @if !trouble.is_whole { p.hint { "This notebook is so large that its files are not compared with each other here: " code { "tickler check" } " does that too." } }
    };
    Ok(frame(seat, Place::Other, "Problems", &main))
}

fn summary(errors: usize, warnings: usize, unsettled: usize) -> String {
    let parts = [
        (errors, words::count(errors, "error", "errors")),
        (warnings, words::count(warnings, "warning", "warnings")),
        (unsettled, format!("{} to settle", words::number(unsettled))),
    ];
    parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect::<Vec<_>>().join(" · ")
}

/// Where two versions stand side by side, since two people changed the same at once.
fn to_settle(seat: &Seat, survey: &Survey<'_>) -> Markup {
    let unsettled = &seat.view.boards.trouble(&seat.view.tip).unsettled;
    html! {
        h2 { "To settle" }
        p.hint { "Two people changed the same thing at once. Both versions were kept; somebody has to say which one holds." }
        @for row in unsettled.contacts.iter().take(FILES) {
            @let id = id_of(survey, &row.file);
            div.card {
                div.line {
                    @if let Some(id) = &id { a.name href=(address_of(seat, id)) { (name_of(survey, id)) } }
                    @else { span.name { (row.file) } }
                    @if let Some(id) = id.filter(|_| seat.may(Action::Write)) { a.when href=(format!("{}/edit", address_of(seat, &id))) { "Settle it" } }
                }
                p.why {
                    @for (at, key) in row.keys.iter().enumerate() { @if at > 0 { ", " } code { (key) } }
                    @if !row.keys.is_empty() { " has two values. " }
                    @match row.quoted {
                        0 => {},
                        1 => "A second version of its text stands in it as a quote.",
                        n => { (n) " more versions of its text stand in it as quotes." },
                    }
                }
            }
        }
        @for file in unsettled.versions.iter().take(FILES) {
            details.card {
                summary { (file) }
                @match version(seat, file) {
                    Some(text) => pre tabindex="0" { (text) },
                    None => p.dim { "It cannot be shown as text." },
                }
                p.hint { "Take from it what is right, and remove the file from the folder " code { "conflicts" } "." }
            }
        }
    }
}

/// The beginning of a version that was set aside.
fn version(seat: &Seat, file: &str) -> Option<String> {
    let tip = &seat.view.tip;
    let bytes = tip.with_store(|store| {
        let found = store.file_in(tip.tree(), file).ok().flatten()?;
        store.blob(found.id).ok()
    })?;
    let mut text = String::from_utf8(bytes).ok()?;
    let end = (0..=VERSION.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    text.truncate(end);
    Some(text)
}

fn in_file(seat: &Seat, survey: &Survey<'_>, file: &str, problems: &[&Problem]) -> Markup {
    let index = index_of(survey, file);
    let id = index.map(|index| survey.id(index).into_owned());
    let text = match index {
        Some(index) => survey.text(index),
        None if file == "tickler.toml" => Some(survey.notebook().settings_text().to_owned()),
        None => None,
    };
    let is_broken = index.is_some_and(|index| survey.row(index).broken);
    html! {
        section.card.trouble {
            div.line {
                @match &id {
                    Some(id) => a.name href=(address_of(seat, id)) { (name_of(survey, id)) },
                    None => span.name { (file) },
                }
                @if is_broken { span.chip.late { "broken" } }
                @if id.is_some() { span.dim { (file) } }
                @if let Some(id) = id.as_ref().filter(|_| seat.may(Action::Write)) { a.when href=(format!("{}/edit", address_of(seat, id))) { "Mend it" } }
            }
            @if is_broken { p.hint { "Until it is mended, its last good version stands in for it where there is one." } }
            ul.plain { @for problem in problems.iter().take(FILES) { (one(problem, text.as_deref())) } }
        }
    }
}

fn one(problem: &Problem, text: Option<&str>) -> Markup {
    let is_error = problem.severity == Severity::Error;
    html! {
        li {
            p.why {
                span.chip .late[is_error] .caution[!is_error] { (problem.severity) } " "
                (words::coded(&sentence(&problem.message)))
                @if problem.at.line > 0 { " " span.dim { "Line " (problem.at.line) ", column " (problem.at.column) "." } }
            }
            @if let Some(place) = text.and_then(|text| place(text, problem)) { pre tabindex="0" { (place) } }
            @if let Some(hint) = &problem.hint { p.hint { (words::coded(&sentence(hint))) } }
        }
    }
}

/// The line, cut where it is long, with carets under the place.
fn place(text: &str, problem: &Problem) -> Option<String> {
    let line = text.lines().nth((problem.at.line as usize).checked_sub(1)?)?;
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let all: Vec<char> = line.trim_start_matches('\u{feff}').chars().map(plain).collect();
    let at = (problem.at.column as usize).saturating_sub(1).min(all.len());
    let width = (problem.width as usize).clamp(1, AROUND);
    let from = at.saturating_sub(AROUND);
    let to = all.len().min(at + width + AROUND);
    let before = if from > 0 { "…" } else { "" };
    let after = if to < all.len() { "…" } else { "" };
    let shown: String = all[from..to].iter().collect();
    let indent = " ".repeat(at - from + before.chars().count());
    Some(format!("{before}{}{after}\n{indent}{}", shown.trim_end(), "^".repeat(width)))
}

/// The number of the contact whose file that is.
fn index_of(survey: &Survey<'_>, file: &str) -> Option<usize> {
    let below = file.strip_prefix("contacts/")?.strip_suffix(".md")?;
    let stem = below.rsplit('/').next()?;
    let is_it = |index: &usize| survey.path(*index) == file;
    survey.find(stem).filter(is_it).or_else(|| survey.find(below).filter(is_it))
}

fn id_of(survey: &Survey<'_>, file: &str) -> Option<String> {
    index_of(survey, file).map(|index| survey.id(index).into_owned())
}

fn name_of(survey: &Survey<'_>, id: &str) -> String {
    let card = Parts { card: true, ..Parts::NONE };
    let name = survey.find(id).map(|index| survey.contact(index, card).name);
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use tickler_core::problem::Position;

    use super::*;

    #[test]
    fn the_place_is_marked_also_in_long_lines() {
        let long = format!("{}x{}", "a".repeat(60), "b".repeat(60));
        for (text, line, column, width, expected) in [
            ("+++\nnaem = 1\n", 2, 1, 4, Some("naem = 1\n^^^^".to_owned())),
            ("\u{feff}żé\tx", 1, 4, 0, Some("żé x\n   ^".to_owned())),
            ("one line", 2, 1, 1, None),
            ("whole file", 0, 0, 0, None),
            ("ab", 1, 9, 2, Some("ab\n  ^^".to_owned())),
            (&*long, 1, 61, 1, Some(format!("…{}x{}…\n{}^", "a".repeat(36), "b".repeat(36), " ".repeat(37)))),
        ] {
            let problem = Problem::error(Position { line, column }, "x").width(width);
            assert_eq!(place(text, &problem), expected, "{text}");
        }
    }
}
