//! What the front matter says, for reading; and where more is to be found.

use maud::{Markup, html};
use tickler_core::notebook::Parts;

use super::contact::{Sheet, address};
use super::words;
use crate::people::Action;

/// The facts.
pub fn facts(sheet: &Sheet<'_>) -> Markup {
    let (head, today) = (&sheet.contact.head, sheet.seat.view.tip.today());
    let row = |label: &str, what: &str| html! { @if !what.is_empty() { dt { (label) } dd { (what) } } };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    html! {
        section {
            h2 { "Facts" }
            dl.facts {
                @if !head.tags.is_empty() { dt { "Tags" } dd { @for tag in &head.tags { span.chip.dim { (tag) } " " } } }
                (row("Came by", &text(&head.source)))
                @if let Some(referrer) = &head.referred_by {
                    dt { "Sent by" }
                    dd {
                        @if let Some(name) = called(sheet, referrer) { a href=(address(sheet.seat, referrer)) { (name) } }
                        @else { (referrer) }
                    }
                }
                (row("Time zone", &text(&head.timezone)))
                @if !head.links.is_empty() {
                    dt { "Links" }
                    dd {
                        @for link in &head.links {
                            p { @if is_web(link) { a href=(link) rel="noopener noreferrer nofollow" { (link) } } @else { (link) } }
                        }
                    }
                }
                @for (name, date) in &head.dates { (row(&name.replace('_', " "), &words::day(*date, today))) }
                @if let Some(cadence) = &head.cadence {
                    @let since = cadence.start.map(|start| format!(" since {}", words::day(start, today))).unwrap_or_default();
                    (row("Cadence", &format!("{}{since}", text(&cadence.name))))
                }
                @if let Some(added) = head.added { (row("Added", &words::day(added, today))) }
                @for (key, value) in &head.custom { (row(&key.replace('_', " "), &value.to_string())) }
            }
            p.links {
                a href=(sheet.below("history")) { "History" }
                @if sheet.may_write() { " · " a href=(sheet.below("edit")) { "Edit the text" } }
                @if sheet.seat.may(Action::Remove) { " · " a href=(sheet.below("remove")) { "Remove" } }
            }
        }
    }
}

/// The name of the contact of that id, where there is one.
fn called(sheet: &Sheet<'_>, id: &str) -> Option<String> {
    let survey = sheet.seat.view.tip.survey();
    survey.called(id).map(|index| survey.contact(index, Parts::HEAD).name)
}

/// Whether a link leads to the web, and nowhere else.
fn is_web(link: &str) -> bool {
    let lower = link.to_ascii_lowercase();
    ["https://", "http://"].iter().any(|scheme| lower.starts_with(scheme))
}
