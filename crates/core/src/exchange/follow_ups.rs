//! What is to be done for a contact, as events of a calendar: one for each day, which says all that is to be done
//! then, and what to know before.

use std::fmt::Write as _;

use chrono_tz::Tz;

use super::ics::{Event, uid};
use super::plain::{cut, line, plain};
use crate::brief::{Brief, OpenPromise};
use crate::contact::Contact;
use crate::follow_up::{Kind, Obligation};
use crate::hours;
use crate::settings::Settings;
use crate::ties::Touch;

/// The most characters of a line of text that somebody wrote, and of a description without its link.
const LINE: usize = 240;
const DESCRIPTION: usize = 1_900;

/// Whose calendar it is.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a> {
    /// Their handle; none where it is everybody's.
    pub me: Option<&'a str>,
    /// The address of the notebook's pages, such as `https://example.com/main`.
    pub link: Option<&'a str>,
    /// The notebook's settings.
    pub settings: &'a Settings,
}

/// The events of a contact for these obligations, which stand in the order of their days. Those of one day are one
/// event. The brief is the contact's; only what is the same at any moment of any day is taken from it.
pub fn events(
    contact: &Contact,
    obligations: &[&Obligation],
    brief: &Brief,
    reader: &Reader<'_>,
) -> Vec<Event> {
    let url = reader.link.map(|link| page(link, contact.id.as_str()));
    let description = describe(obligations, brief, reader, url.as_deref());
    let days = obligations.chunk_by(|a, b| a.date == b.date);
    let event = |day: &[&Obligation]| {
        // What has a time decides when it is; else what is first.
        let lead = day.iter().find(|obligation| obligation.time.is_some()).or(day.first())?;
        let date = lead.date?;
        let at = lead.time.and_then(|time| hours::moment(zone(lead, reader.settings), date, time));
        let mut categories: Vec<String> = Vec::new();
        for obligation in std::iter::once(lead).chain(day) {
            let kind = obligation.kind.as_str();
            if !categories.iter().any(|known| known == kind) {
                categories.push(kind.to_owned());
            }
        }
        Some(Event {
            uid: match contact.head.uid.as_deref().map(str::trim).filter(|uid| !uid.is_empty()) {
                Some(own) => uid("uid", own, date),
                None => uid("id", contact.id.as_str(), date),
            },
            id: contact.id.as_str().to_owned(),
            date,
            at,
            summary: summary(lead, brief),
            description: description.clone(),
            url: url.clone(),
            categories,
        })
    };
    days.filter_map(event).collect()
}

/// The zone in which the time of a follow-up is meant: that of whose it is, else the notebook's.
fn zone(obligation: &Obligation, settings: &Settings) -> Tz {
    let member = obligation.assignee.as_deref().and_then(|handle| settings.member(handle));
    let own = member.and_then(|member| member.timezone.as_deref()?.parse().ok());
    own.or_else(|| settings.timezone.parse().ok()).unwrap_or(Tz::UTC)
}

/// `phone: Jane Doe (Acme): the offer`.
fn summary(lead: &Obligation, brief: &Brief) -> String {
    let via = lead.via.as_ref().map(|via| format!("{}: ", line(via.as_str()))).unwrap_or_default();
    let company = brief.company.as_deref().map(line).filter(|company| !company.is_empty());
    let company = company.map(|company| format!(" ({})", cut(&company, LINE / 2))).unwrap_or_default();
    // What was written of these days is no word of what to do.
    let sense = match lead.kind {
        Kind::Reply => "answer: ",
        Kind::First => "newly met: ",
        Kind::Waiting => "waiting for: ",
        _ => "",
    };
    format!("{via}{}{company}: {sense}{}", cut(&line(&brief.name), LINE / 2), why(lead))
}

/// The reason in words.
fn why(obligation: &Obligation) -> String {
    let why = obligation.why.as_deref().map(plain).filter(|why| !why.is_empty());
    let otherwise = match obligation.kind {
        Kind::Next if obligation.asked || obligation.promised => "get in touch",
        Kind::Next => "as planned",
        Kind::Promise => "as promised",
        Kind::Reply => "they got in touch",
        Kind::First => "say hello",
        Kind::Waiting => "what they promised",
        Kind::Cadence => "the next step of the cadence",
        Kind::Rhythm => "keep in touch",
        Kind::Occasion => "a day to remember",
    };
    cut(&why.unwrap_or_else(|| otherwise.to_owned()), LINE)
}

/// What to know before, with nothing in it that another day or another hour would say in another way.
fn describe(obligations: &[&Obligation], brief: &Brief, reader: &Reader<'_>, url: Option<&str>) -> String {
    let mut lines: Vec<String> = Vec::new();
    let who = [Some(&brief.name), brief.role.as_ref(), brief.company.as_ref()];
    lines.push(joined(who.into_iter().flatten()));
    lines.push(joined(brief.phone.iter().chain(&brief.email)));
    let facts = [
        ("Hours", brief.moment.hours.as_ref().map(|hours| format!("{hours} ({})", brief.moment.timezone))),
        ("They said", brief.permission.clone()),
        ("Matters most", brief.hot_button.clone()),
    ];
    lines.extend(facts.into_iter().filter_map(|(name, fact)| Some(format!("{name}: {}", short(&fact?)))));
    section(&mut lines, "To do", obligations.iter().map(|obligation| todo(obligation, reader)));
    section(&mut lines, "We promised", brief.ours.iter().map(promise));
    section(&mut lines, "They promised", brief.theirs.iter().map(promise));
    section(&mut lines, "Last touches", brief.touches.iter().map(touch));
    lines.retain(|line| !line.is_empty());
    let mut text = cut(&lines.join("\n"), DESCRIPTION);
    if let Some(url) = url {
        let _ = write!(text, "\n{url}");
    }
    text
}

fn section(lines: &mut Vec<String>, name: &str, items: impl Iterator<Item = String>) {
    let mut items = items.peekable();
    if items.peek().is_some() {
        lines.push(format!("{name}:"));
        lines.extend(items.map(|item| format!("- {item}")));
    }
}

/// `2026-12-03 14:30 phone: the offer (promise, for pat)`.
fn todo(obligation: &Obligation, reader: &Reader<'_>) -> String {
    let when = obligation.date.map(|date| date.to_string()).into_iter();
    let time = obligation.time.map(|time| time.to_string());
    let via = obligation.via.as_ref().map(|via| line(via.as_str()));
    let when: Vec<String> = when.chain(time).chain(via).collect();
    let whose = obligation.assignee.as_deref().filter(|assignee| Some(*assignee) != reader.me);
    let whose = whose.map(|handle| format!(", for {}", line(handle))).unwrap_or_default();
    format!("{}: {} ({}{whose})", when.join(" "), why(obligation), obligation.kind)
}

/// `send the offer (by 2026-12-03)`.
fn promise(promise: &OpenPromise) -> String {
    let by = promise.due.map(|due| format!(" (by {due})")).unwrap_or_default();
    format!("{}{by}", short(&promise.text))
}

/// `2026-11-30 phone, no-answer: rang twice`.
fn touch(touch: &Touch) -> String {
    let mut out = format!("{} {}", touch.date, line(touch.channel.as_str()));
    if touch.direction == "in" {
        out.push_str(", from them");
    }
    for word in &touch.words {
        let _ = write!(out, ", {word}");
    }
    let text = short(&touch.text);
    if text.is_empty() { out } else { format!("{out}: {text}") }
}

fn short(text: &str) -> String {
    cut(&plain(text), LINE)
}

fn joined<'t>(texts: impl Iterator<Item = &'t String>) -> String {
    let texts = texts.map(|text| cut(&line(text), LINE)).filter(|text| !text.is_empty());
    texts.collect::<Vec<_>>().join(", ")
}

/// The address of a contact's page. Only what every address may hold stays as it is.
fn page(link: &str, id: &str) -> String {
    let encode = |text: &str, stays: &dyn Fn(u8) -> bool| -> String {
        let each = |byte: u8| {
            if byte.is_ascii_alphanumeric() || stays(byte) {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        };
        text.bytes().map(each).collect()
    };
    let base = encode(link.trim_end_matches('/'), &|byte| b"-._~:/?#[]@!$&'()*+=%".contains(&byte));
    format!("{base}/contacts/{}", encode(id, &|byte| b"-._~".contains(&byte)))
}

#[cfg(test)]
mod tests;
