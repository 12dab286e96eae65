//! The team: who covers what, who is away, and what is nobody's.

use maud::{Markup, html};
use tickler_core::date::Date;
use tickler_core::settings::{Absence, Member};

use super::contacts::asking;
use super::frame::{Place, frame};
use super::pipeline::quoted;
use super::words;
use crate::reply::Refusal;
use crate::routes::Words;
use crate::seat::Seat;
use crate::tips::Duties;

/// How somebody says who is in the team.
const EXAMPLE: &str = "[team.pat]\nname = \"Pat Moreau\"\nemail = [\"pat@example.com\"]\n\n[team.kim]\nname = \"Kim \
                       Lindqvist\"\nemail = [\"kim@example.com\"]\naway = [{ from = 2027-07-05, until = 2027-07-16, \
                       cover = \"pat\" }]";

pub fn page(seat: &Seat, _: &Words) -> Result<Markup, Refusal> {
    let settings = seat.settings();
    let team = seat.view.boards.team(&seat.view.tip);
    let duties = |handle: &str| team.members.get(handle).copied().unwrap_or_default();
    let strangers = team.members.iter().filter(|(handle, _)| settings.member(handle).is_none());
    let main = html! {
        div.head { div {
            h1 { "Team" }
            @if !settings.team.is_empty() { p.dim { (words::count(settings.team.len(), "person", "people")) } }
        } }
        @if settings.team.is_empty() { (set_up()) }
        div.people {
            @for member in &settings.team { (person(seat, member, duties(&member.handle))) }
            @for (handle, duties) in strangers { (stranger(seat, handle, *duties)) }
            @if team.nobody.open > 0 { (nobody(seat, team.nobody)) }
        }
    };
    Ok(frame(seat, Place::Team, "Team", &main))
}

fn person(seat: &Seat, member: &Member, duties: Duties) -> Markup {
    let today = seat.view.tip.today();
    let handle = &member.handle;
    let covered = |other: &&Member| {
        other.absence(today).is_some_and(|absence| absence.cover.as_ref() == Some(handle))
            && other.handle != *handle
    };
    html! {
        section.card aria-labelledby=(format!("team-{handle}")) {
            div.line {
                h2 id=(format!("team-{handle}")) { (member.name.as_deref().unwrap_or(handle)) }
                span.dim { "@" (handle) }
                @if seat.me.as_deref() == Some(handle) { span.chip { "you" } }
            }
            @if let Some(absence) = member.absence(today) { p.note.caution { (away(seat, absence, today)) } }
            @for other in seat.settings().team.iter().filter(covered) {
                p.note {
                    "Covers for " (other.name.as_deref().unwrap_or(&other.handle)) ": "
                    a href=(asking(seat, &format!("owner:{} due<=today", quoted(&other.handle)))) { "who is due" }
                }
            }
            @if let Some(next) = coming(member, today) { p.hint { "Away " (next) } }
            (facts(seat, &format!("owner:{}", quoted(handle)), Some(handle), duties))
        }
    }
}

/// A handle that contacts name, and the settings do not.
fn stranger(seat: &Seat, handle: &str, duties: Duties) -> Markup {
    html! {
        section.card aria-labelledby=(format!("team-{handle}")) {
            div.line { h2 id=(format!("team-{handle}")) { "@" (handle) } span.chip.caution { "not in the team" } }
            p.hint { "Contacts name this person, and " code { "tickler.toml" } " does not." }
            (facts(seat, &format!("owner={}", quoted(handle)), None, duties))
        }
    }
}

fn nobody(seat: &Seat, duties: Duties) -> Markup {
    html! {
        section.card aria-labelledby="team-nobody" {
            div.line { h2 #team-nobody { "Nobody's" } }
            p.hint { "Open contacts without an owner. Give each to somebody, so that none is forgotten." }
            (facts(seat, "-owner:", None, duties))
        }
    }
}

/// What somebody looks after. Promises can only be asked for by the handle of a member.
fn facts(seat: &Seat, owner: &str, handle: Option<&str>, duties: Duties) -> Markup {
    let today = seat.view.tip.today();
    let linked = |count: usize, query: String| html! { @if count == 0 { "0" } @else { a href=(asking(seat, &query)) { (words::number(count)) } } };
    html! {
        dl.facts {
            dt { "To follow up" }
            dd {
                (linked(duties.due, format!("{owner} due<=today")))
                @if duties.late > 0 { " " span.is-late { @if duties.late == duties.due { "all" } @else { (words::number(duties.late)) } " late" } }
            }
            dt { "Open" } dd { (linked(duties.open, format!("{owner} stage:open"))) }
            dt { "Customers" } dd { (linked(duties.won, format!("{owner} stage:won"))) }
            @if duties.promises > 0 {
                dt { "Promises to keep" }
                dd {
                    @match handle {
                        Some(handle) => (linked(duties.promises, format!("(promise:me owner:{0}) or promise:@{0}", quoted(handle)))),
                        None => (words::number(duties.promises)),
                    }
                }
            }
            dt { "Last touch" } dd { @match duties.last { Some(last) => (words::distance(last, today)), None => "none yet" } }
        }
    }
}

/// `Away until Fri 11 Dec. Samira Haddad covers.`
fn away(seat: &Seat, absence: &Absence, today: Date) -> String {
    let until = absence
        .until
        .map_or("until further notice".to_owned(), |until| format!("until {}", words::day(until, today)));
    let name = |handle: &String| {
        seat.settings()
            .member(handle)
            .and_then(|member| member.name.clone())
            .unwrap_or_else(|| format!("@{handle}"))
    };
    match &absence.cover {
        Some(cover) => format!("Away {until}. {} covers.", name(cover)),
        None => format!("Away {until}. Nobody covers."),
    }
}

/// The next absence that is still to come: `from Mon 5 Jul to Fri 16 Jul`.
fn coming(member: &Member, today: Date) -> Option<String> {
    let next = member
        .away
        .iter()
        .filter_map(|absence| Some((absence.from.filter(|from| *from > today)?, absence.until)));
    let (from, until) = next.min_by_key(|(from, _)| *from)?;
    let until = until.map(|until| format!(" to {}", words::day(until, today))).unwrap_or_default();
    Some(format!("from {}{until}", words::day(from, today)))
}

/// How to say who is in the team.
fn set_up() -> Markup {
    html! {
        div.note {
            p { strong { "Nobody is in the team yet." } " Say who is in it, and every contact can have an owner, absences have a cover, and this page shows who looks after what." }
            p { "An admin writes it into " code { "tickler.toml" } " of a clone, and shares it with " code { "tickler sync" } ":" }
            pre tabindex="0" { (EXAMPLE) }
        }
    }
}
