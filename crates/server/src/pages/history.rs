//! What happened to a contact: when, who did it, what, and by which way it came.

use std::collections::HashSet;
use std::sync::Arc;

use maud::{Markup, html};
use tickler_core::date::{Date, Time};
use tickler_core::git::{Record, Store, taken_back};
use tickler_core::notebook::Parts;
use tickler_core::settings::Settings;

use super::contact::address;
use super::frame::{Place, frame};
use super::{page, words};
use crate::asked::Asked;
use crate::clock::zone;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;

/// How much is shown where nothing else is asked for.
const SHOWN: usize = 50;
/// How much is shown at most.
const MOST: usize = 1000;

/// The history of a contact.
pub async fn history(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    page(&server, &asked, &words, show).await
}

/// Who changed the contact last, as the visitor would say it.
pub fn last(seat: &Seat, id: &str) -> String {
    let records = records(seat, id, 1).unwrap_or_default();
    let own = seat.server.person(&seat.visitor.user).email;
    match records.first() {
        Some(record) if record.email.eq_ignore_ascii_case(&own) => "You".to_owned(),
        Some(record) => who(record, seat.settings()),
        None => "Somebody".to_owned(),
    }
}

fn show(seat: &Seat, words: &Words) -> Result<Markup, Refusal> {
    let id = words.get(1);
    let wished: Vec<(String, usize)> = serde_urlencoded::from_str(&seat.asked.query).unwrap_or_default();
    let wished = wished.iter().find(|(name, _)| name == "limit").map_or(SHOWN, |(_, limit)| *limit);
    let limit = wished.clamp(1, MOST);
    // One more than is shown tells whether there are more.
    let mut records = records(seat, id, limit + 1)?;
    let undone = taken_back(&records);
    let has_more = records.len() > limit && limit < MOST;
    records.truncate(limit);
    let survey = seat.view.tip.survey();
    let index = survey.find(id).ok_or(Refusal::NotFound)?;
    let name = survey.contact(index, Parts::HEAD).name;
    let back = address(seat, id);
    let main = html! {
        p { a href=(back) { "← " (name) } }
        h1 { "What happened to " (name) }
        @if records.is_empty() { p.empty { "Nothing was recorded yet." } }
        ol.history { @for record in &records { (item(seat, record, &name, &undone)) } }
        @if has_more { p { a.button.second href=(format!("{back}/history?limit={}", (limit * 4).min(MOST))) { "Show older ones" } } }
    };
    Ok(frame(seat, Place::Contacts, &format!("History of {name}"), &main))
}

/// The last commits that changed the contact's file, the newest first. A store of its own reads them, so that nobody
/// who asks for a contact waits for a long walk.
fn records(seat: &Seat, id: &str, limit: usize) -> Result<Vec<Record>, Refusal> {
    let survey = seat.view.tip.survey();
    let path = survey.path(survey.find(id).ok_or(Refusal::NotFound)?);
    let store = Store::bare(&seat.server.data.repository(&seat.notebook));
    store.and_then(|store| store.history(Some(&path), Some(limit))).map_err(|error| {
        tracing::error!(notebook = %seat.notebook, %error, "the history cannot be read");
        Refusal::Internal
    })
}

fn item(seat: &Seat, record: &Record, name: &str, undone: &HashSet<String>) -> Markup {
    let here = record.when.with_timezone(&zone(seat.settings()));
    let (date, time) = (Date::from_chrono(here.date_naive()), Time::from_chrono(here.time()));
    html! {
        li {
            div.line {
                strong { (what(record, name)) }
                @if undone.contains(&record.id) { span.chip.dim { "taken back" } }
            }
            p.dim {
                time datetime=(here.to_rfc3339()) { (words::day(date, seat.view.tip.today())) " " (time) }
                " · " (who(record, seat.settings())) " · " (way(record))
            }
        }
    }
}

/// `log: phone, voicemail`: the subject without the name, which stands above.
fn what(record: &Record, name: &str) -> String {
    let subject = record.subject.as_str();
    let (verb, rest) = subject.split_once(' ').unwrap_or((subject, ""));
    let rest = rest.strip_prefix(name).map(|rest| rest.trim_start_matches(':').trim());
    match (&record.verb, rest) {
        (Some(of), Some("")) if of == verb => verb.to_owned(),
        (Some(of), Some(rest)) if of == verb => format!("{verb}: {rest}"),
        _ => subject.to_owned(),
    }
}

/// Who did it: a member of the team by name, else whoever the history says.
fn who(record: &Record, settings: &Settings) -> String {
    let is_theirs = |email: &String| email.eq_ignore_ascii_case(&record.email);
    let member = settings.team.iter().find(|member| member.email.iter().any(is_theirs));
    member.map(|member| member.name.as_ref().unwrap_or(&member.handle)).unwrap_or(&record.author).clone()
}

/// By which way it came.
fn way(record: &Record) -> &'static str {
    match (record.via.as_deref(), &record.verb) {
        (Some("web"), _) => "on these pages",
        (Some("api"), _) => "by a program",
        (_, Some(_)) => "with tickler",
        (_, None) => "with git",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_done_is_said_without_the_name() {
        for (verb, subject, said) in [
            (Some("log"), "log Jane Doe: phone", "log: phone"),
            (Some("rm"), "rm Jane Doe", "rm"),
            (None, "log Jane Doe: phone", "log Jane Doe: phone"),
            (Some("tag"), "tag 3 contacts (x): +vip", "tag 3 contacts (x): +vip"),
        ] {
            let record = Record {
                id: String::new(),
                short: String::new(),
                when: Default::default(),
                author: String::new(),
                email: String::new(),
                subject: subject.to_owned(),
                verb: verb.map(str::to_owned),
                via: None,
                undoes: Vec::new(),
                path: None,
            };
            assert_eq!(what(&record, "Jane Doe"), said);
        }
    }
}
