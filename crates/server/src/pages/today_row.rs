//! One follow-up of today: who, when, by what, why, and what to know before acting.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use maud::{Markup, html};
use tickler_core::contact::{Contact, Entry};
use tickler_core::date::Date;
use tickler_core::follow_up::Kind;
use tickler_core::hours::{Hours, is_open, local};
use tickler_core::notebook::Parts;
use tickler_core::settings::Settings;
use tickler_core::wire::{Also, DueRow};

use super::markdown::plain;
use super::{encoded, ways, words};
use crate::people::Action;
use crate::seat::Seat;

/// The row of a follow-up. The contact is opened for it, so that the way to them is a link that acts.
pub fn item(seat: &Seat, row: &DueRow) -> Markup {
    let (survey, today) = (seat.view.tip.survey(), seat.view.tip.today());
    let contact = match survey.find(&row.id) {
        Some(index) => survey.contact(index, Parts { log: true, ..Parts::HEAD }),
        None => Contact::default(),
    };
    let address = format!("/{}/contacts/{}", seat.notebook, encoded(&row.id));
    let (lead, why) = words::reason(row, today);
    let last = contact.log.iter().rev().find(|entry| entry.is_touch() && entry.date <= today);
    let is_shared = seat.settings().team.len() > 1;
    let theirs = row.assignee.as_ref().filter(|who| is_shared && Some(*who) != seat.me.as_ref());
    html! {
        li.card.late[row.date < today] {
            div.line.head {
                div.whom {
                    a.name href=(address) { (row.name) }
                    @if let Some(company) = &row.company { " " span.dim { (company) } }
                }
                span.when { (words::when(row, today)) }
            }
            p.why {
                (ways::chip(row.via.as_ref(), &contact)) " "
                @if !lead.is_empty() { span.lead-in { (lead) } " " }
                (why)
            }
            @let flags: Vec<_> = row.flags.iter().filter_map(|flag| words::flag(*flag, row.unanswered)).collect();
            @if !flags.is_empty() {
                p.flags {
                    @for (said, is_care) in &flags { span.chip.caution[*is_care].dim[!*is_care] { (said) } " " }
                }
            }
            @if let Some(also) = also(&row.also, today) { p.dim { "Also " (also) } }
            div.under {
                span.dim {
                    @if let Some(who) = theirs { "@" (who) " · " }
                    (last_touch(last, today))
                    @if let Some(now) = now(&contact, seat.settings(), seat.server.clock.now()) { " · " (now) }
                }
                @if seat.may(Action::Write) {
                    a.button.second.small href=(format!("{address}#log")) { "Log" span.hidden { " a touch with " (row.name) } }
                }
            }
        }
    }
}

/// `promised: send the list (Fri 4 Dec); keep in touch`.
fn also(others: &[Also], today: Date) -> Option<String> {
    let said = others.iter().take(3).map(|other| {
        let (lead, otherwise) = words::of_kind(other.kind);
        let why = other.why.as_deref().map(plain).filter(|why| !why.is_empty());
        let why = why.unwrap_or_else(|| otherwise.to_owned());
        let why = if other.kind == Kind::Occasion { words::occasion(&why, today) } else { why };
        let day = if other.date == today { "today".to_owned() } else { words::day(other.date, today) };
        let day = if other.kind == Kind::Occasion { String::new() } else { format!(" ({day})") };
        let gap = if lead.is_empty() { "" } else { " " };
        format!("{lead}{gap}{why}{day}")
    });
    let said: Vec<String> = said.collect();
    (!said.is_empty()).then(|| said.join("; "))
}

/// `Last: phone 13 days ago, voicemail`.
pub fn last_touch(entry: Option<&Entry>, today: Date) -> String {
    let Some(entry) = entry else { return "Not in touch yet".to_owned() };
    let whose = if entry.is_in() { "their " } else { "" };
    let mut said = format!("Last: {whose}{} {}", entry.channel, words::distance(entry.date, today));
    for word in entry.words.names().filter(|word| !matches!(*word, "in" | "out" | "no-reply" | "reached")) {
        said.push_str(", ");
        said.push_str(&word.replace('-', " "));
    }
    said
}

/// What time it is there, and whether they like to hear from us now; nothing where nobody knows either.
fn now(contact: &Contact, settings: &Settings, at: DateTime<Utc>) -> Option<String> {
    let own = contact.head.timezone.as_deref().and_then(|zone| zone.parse::<Tz>().ok());
    let hours: Option<Hours> = contact.head.prefers.hours.as_deref().and_then(|hours| hours.parse().ok());
    if own.is_none() && hours.is_none() {
        return None;
    }
    let here: Tz = settings.timezone.parse().unwrap_or(Tz::UTC);
    let zone = own.unwrap_or(here);
    let (_, time) = local(zone, at);
    let is_good = is_open(hours.as_ref(), zone, at, &settings.calendar);
    let verdict = match (is_good, hours.is_some()) {
        (true, true) => "a good time",
        (true, false) => "working hours",
        (false, true) => "outside their hours",
        (false, false) => "outside working hours",
    };
    let is_elsewhere = local(here, at).1 != time;
    Some(if is_elsewhere { format!("{time} there, {verdict}") } else { verdict.to_owned() })
}
