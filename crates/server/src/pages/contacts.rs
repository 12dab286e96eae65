//! The list of contacts: everybody, or whom a query fits, a page at a time.

use std::sync::Arc;

use maud::{Markup, html as markup};
use tickler_core::answer::search;
use tickler_core::contact::Contact;
use tickler_core::follow_up::assess;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::query::{self, Query, QueryError};
use tickler_core::settings::StageGroup;
use tickler_core::wire::{LastTouch, Value};
use warp::http::StatusCode;

use super::frame::{Place, frame};
use super::listing::{COLUMNS, Order, listed};
use super::problem::sentence;
use super::{encoded, html, moved, words};
use crate::asked::Asked;
use crate::people::Action;
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;

/// How many stand on a page.
const PAGE: usize = 50;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Default)]
struct Wish {
    query: String,
    order: Option<Order>,
    /// From 1.
    page: usize,
    /// Whoever fits alone is opened.
    go: bool,
}

/// The list.
pub async fn contacts(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let seat = Seat::of_page(&server, &asked, words.get(0)).await?;
    let wish = Wish::read(&asked.query);
    seat.answer(move |seat| answer(seat, &wish)).await
}

fn answer(seat: &Seat, wish: &Wish) -> Result<Reply, Refusal> {
    let survey = seat.view.tip.survey();
    let context = query::Context { settings: seat.settings(), today: survey.today(), me: seat.me.as_deref() };
    let main = match Query::parse(&wish.query, &context) {
        Err(error) => {
            let meant = meant(&error, &wish.query, &context);
            markup! {
                (top(seat, wish, None, true))
                (mistake(seat, wish, &error, meant.as_deref()))
                (ideas(seat, true))
            }
        }
        Ok(query) => {
            let (found, order) = listed(&survey, &query, wish.order);
            let exact = || survey.called(wish.query.trim());
            if wish.go
                && let Some(only) = exact().or_else(|| (found.len() == 1).then(|| found[0]))
            {
                return Ok(moved(&address_of(seat, &survey.id(only))));
            }
            let wish = &Wish { order, ..wish.clone() };
            markup! {
                (top(seat, wish, Some((found.len(), survey.len())), false))
                @if found.is_empty() {
                    (nobody(seat, &survey, &query, &wish.query))
                } @else {
                    (table(seat, &survey, wish, &found))
                    (pages(seat, wish, found.len()))
                }
                @if !survey.is_empty() { (ideas(seat, false)) }
            }
        }
    };
    Ok(html(StatusCode::OK, frame(seat, Place::List, "Contacts", &main)))
}

impl Wish {
    fn read(query: &str) -> Wish {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let get =
            |name: &str| pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
        Wish {
            query: get("q").to_owned(),
            order: Order::read(get("sort")),
            page: get("page").parse().unwrap_or(1).max(1),
            go: !get("go").is_empty(),
        }
    }

    /// Its address.
    fn address(&self, seat: &Seat) -> String {
        let mut parts = Vec::new();
        if !self.query.is_empty() {
            parts.push(format!("q={}", encoded(&self.query)));
        }
        if let Some(order) = self.order {
            parts.push(format!("sort={}", order.written()));
        }
        if self.page > 1 {
            parts.push(format!("page={}", self.page));
        }
        let start = format!("/{}/contacts", seat.notebook);
        if parts.is_empty() { start } else { format!("{start}?{}", parts.join("&")) }
    }
}

/// The address of a query.
pub fn asking(seat: &Seat, query: &str) -> String {
    Wish { query: query.to_owned(), page: 1, ..Wish::default() }.address(seat)
}

/// The address of a contact.
pub fn address_of(seat: &Seat, id: &str) -> String {
    format!("/{}/contacts/{}", seat.notebook, encoded(id))
}

/// The title, how many there are, and the box.
fn top(seat: &Seat, wish: &Wish, counts: Option<(usize, usize)>, wrong: bool) -> Markup {
    let count = match counts {
        Some((_, 0)) | None => String::new(),
        Some((found, all)) if wish.query.is_empty() || found == all => {
            words::count(found, "contact", "contacts")
        }
        Some((found, all)) => {
            format!("{} of {}", words::number(found), words::count(all, "contact", "contacts"))
        }
    };
    let sort = wish.order.map(Order::written);
    markup! {
        div.head {
            div { h1 { "Contacts" } p.dim { (count) } }
            @if seat.may(Action::Write) { a.button href=(format!("/{}/new", seat.notebook)) { "New contact" } }
        }
        @if counts.is_none_or(|(_, all)| all > 0) {
        form.ask role="search" aria-label="Query" method="get" action=(format!("/{}/contacts", seat.notebook)) {
            label.hidden for="q" { "Query" }
            input #q type="search" name="q" value=(wish.query) placeholder="Name, tag:hotel, last>60d"
                autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="search"
                aria-invalid=[wrong.then_some("true")] aria-describedby=[wrong.then_some("mistake")];
            label.hidden for="sort" { "Sorted by" }
            select #sort name="sort" {
                option value="" { "Sort" }
                @for (by, name, heading) in COLUMNS {
                    @for (written, mark) in [(name.to_owned(), "↑"), (format!("-{name}"), "↓")] {
                        option value=(written) selected[sort.as_ref() == Some(&written) && Order::read(&written).is_some_and(|o| o.by == by)] {
                            (heading) " " (mark)
                        }
                    }
                }
            }
            button type="submit" { "Find" }
        }
        }
        @if !seat.settings().views.is_empty() {
            ul.chips aria-label="Views" {
                @for (name, _) in &seat.settings().views {
                    @let query = format!("@{name}");
                    li { a.chip href=(asking(seat, &query)) aria-current=[(wish.query == query).then_some("true")] { (query) } }
                }
            }
        }
    }
}

/// A query that cannot be read: what is wrong, where, and what was probably meant.
fn mistake(seat: &Seat, wish: &Wish, error: &QueryError, meant: Option<&str>) -> Markup {
    let rendered = error.render();
    // The first line says it, the last what to do; between them is the place.
    let place: Vec<&str> =
        rendered.lines().filter(|line| line.starts_with("  ")).map(|line| &line[2..]).collect();
    markup! {
        div #mistake .note.caution role="alert" {
            p {
                @if let Some(view) = &error.view { "In the view @" (view) ": " }
                (sentence(&error.message))
            }
            pre tabindex="0" { (place.join("\n")) }
            @if let Some(meant) = meant {
                p { "Did you mean " a href=(Wish { query: meant.to_owned(), page: 1, ..wish.clone() }.address(seat)) { code { (meant) } } "?" }
            } @else if let Some(hint) = &error.hint {
                p { (words::coded(&sentence(hint))) }
            }
        }
    }
}

/// The query that was probably meant, where the mistake says so and it can be read.
fn meant(error: &QueryError, query: &str, context: &query::Context<'_>) -> Option<String> {
    let hint = error.hint.as_deref().filter(|hint| hint.starts_with("did you mean"))?;
    let word = hint.split('`').nth(1)?;
    if error.view.is_some() || error.text != query {
        return None;
    }
    let text = format!("{}{word}{}", &query[..error.span.start], &query[error.span.end..]);
    Query::parse(&text, context).is_ok().then_some(text)
}

/// Nobody is on the list: because nobody is in the notebook yet, or the query fits nobody.
fn nobody(seat: &Seat, survey: &Survey<'_>, query: &Query, asked: &str) -> Markup {
    if survey.is_empty() {
        return begin(seat);
    }
    let has = |key: &str| {
        let heads = search(survey, &Query::everybody(survey.today()), Parts::HEAD, |_, subject| {
            query::has_key(subject.contact(), key).then_some(())
        });
        !heads.is_empty()
    };
    let strange: Vec<&str> = query.unknown_keys().into_iter().filter(|key| !has(key)).collect();
    markup! {
        div.empty {
            p { "Nobody fits that." }
            @for key in strange { p { "No contact has a key " code { (key) } "." } }
            @if seat.may(Action::Write) && is_name(asked) {
                p { a.button href=(format!("/{}/new?name={}", seat.notebook, encoded(asked))) { "Add " (asked) } }
            }
            p { a href=(asking(seat, "")) { "Show everybody" } }
        }
    }
}

/// Whether somebody may be called that.
fn is_name(asked: &str) -> bool {
    let is_part = |c: char| c.is_alphabetic() || " -'.’".contains(c);
    asked.starts_with(char::is_alphabetic) && asked.chars().all(is_part)
}

/// How to begin, in a notebook with nobody in it.
pub fn begin(seat: &Seat) -> Markup {
    markup! {
        div.empty {
            p { strong { "Nobody is in this notebook yet." } }
            @if seat.may(Action::Write) {
                p { "Begin with whomever you spoke to last: a name is enough." }
                p { a.button href=(format!("/{}/new", seat.notebook)) { "New contact" } }
                p.hint { "To bring in a folder of contacts, join the notebook with "
                    code { "tickler join" } " and share with " code { "tickler sync" } "." }
            } @else {
                p { "As soon as somebody adds a contact, you will see it here." }
            }
        }
    }
}

fn table(seat: &Seat, survey: &Survey<'_>, wish: &Wish, found: &[usize]) -> Markup {
    let first = (wish.page - 1).min(found.len().saturating_sub(1) / PAGE) * PAGE;
    let shown = &found[first..found.len().min(first + PAGE)];
    // ARIA's roles stay where the narrow screen shows rows as cards.
    markup! {
        table.list role="table" {
            thead { tr role="row" { @for (by, name, heading) in COLUMNS {
                @let here = wish.order.filter(|order| order.by == by);
                @let down = here.map_or(matches!(name, "value" | "last"), |order| !order.down);
                @let sort = here.map(|order| if order.down { "descending" } else { "ascending" });
                th role="columnheader" scope="col" .number[name == "value"] aria-sort=[sort] {
                    a href=(Wish { order: Some(Order { by, down }), page: 1, ..wish.clone() }.address(seat)) { (heading) }
                }
            } } }
            tbody { @for index in shown { (row(seat, survey, *index)) } }
        }
    }
}

fn row(seat: &Seat, survey: &Survey<'_>, index: usize) -> Markup {
    let (settings, today) = (seat.settings(), survey.today());
    let contact = survey.contact(index, Parts::ALL);
    let assessment = assess(&contact, settings, today);
    let stage = settings.stage_of(contact.head.stage.as_deref());
    let last = LastTouch::of(&contact, &assessment);
    let due = assessment.follow_up().and_then(|follow_up| follow_up.date);
    let cell = |label: &str, class: &str, text: Option<String>| {
        markup! {
            td.(class) role="cell" .nothing[text.is_none()] {
                @if let Some(text) = text { span.label aria-hidden="true" { (label) } (text) }
            }
        }
    };
    markup! {
        tr role="row" {
            td.who role="cell" {
                a.name href=(address_of(seat, contact.id.as_str())) { (contact.name) }
                (marks(&contact, assessment.group))
            }
            (cell("", "company", contact.head.company.clone().filter(|company| !company.is_empty())))
            td.stage role="cell" { span.chip.dim { (stage) } }
            (cell("", "owner", contact.head.owner.as_ref().map(|owner| format!("@{owner}"))))
            (cell("", "number", Value::of(&contact, settings).map(|value| words::money(&value))))
            (cell("last ", "last", last.map(|last| words::distance(last.date, today))))
            @if let Some(due) = due {
                td.due role="cell" .is-late[due < today] {
                    @if due > today { span.label aria-hidden="true" { "due " } }
                    (words::due(due, today))
                }
            } @else {
                td.due.nothing role="cell" {}
            }
        }
    }
}

/// What is to be known of a contact before anything else.
fn marks(contact: &Contact, group: StageGroup) -> Markup {
    let all = [
        (contact.broken, "late", "broken"),
        (contact.stale, "late", "broken, shown as it was"),
        (!contact.head.conflicts.is_empty() || contact.quoted > 0, "caution", "to settle"),
        (group == StageGroup::Stopped, "caution", "do not contact"),
    ];
    markup! {
        @for (_, class, text) in all.into_iter().filter(|(is_so, ..)| *is_so) { " " span.chip.(class) { (text) } }
    }
}

fn pages(seat: &Seat, wish: &Wish, found: usize) -> Markup {
    let last = found.div_ceil(PAGE);
    let here = wish.page.min(last);
    let to = |page: usize| Wish { page, ..wish.clone() }.address(seat);
    markup! {
        @if last > 1 {
            nav.pages aria-label="Pages" {
                @if here > 1 { a rel="prev" href=(to(here - 1)) { "← Before" } } @else { span {} }
                span.dim { "Page " (words::number(here)) " of " (words::number(last)) }
                @if here < last { a rel="next" href=(to(here + 1)) { "After →" } } @else { span {} }
            }
        }
    }
}

/// Queries to try, for those who never asked one.
fn ideas(seat: &Seat, open: bool) -> Markup {
    let ideas = [
        ("jane acme", "both words, in the name, company, tags or address"),
        ("due<=7d", "to follow up with in the next seven days, or late"),
        ("owner:me last>60d", "mine, not touched for more than 60 days"),
        ("stage:open value>=10k", "still open, worth 10,000 or more"),
        ("tag:hotel or tag:museum", "one tag or the other"),
        ("promise:me", "we promised something that is still open"),
        ("crack:", "nothing will ever bring them back"),
        ("text:\"price list\"", "those words anywhere: notes, log, promises"),
    ];
    markup! {
        details.ideas open[open] {
            summary { "What can I ask?" }
            dl.facts { @for (query, what) in ideas { dt { a href=(asking(seat, query)) { code { (query) } } } dd { (what) } } }
            p.hint { "Put " code { "-" } " before anything to turn it round: " code { "-tag:hotel" }
                ". What a team asks often can be a view in " code { "tickler.toml" } ", and stands above." }
        }
    }
}

#[cfg(test)]
mod tests {
    use tickler_core::settings::Settings;

    use super::*;

    #[test]
    fn a_wish_is_read_from_any_address() {
        let wish = |query: &str| Wish::read(query);
        assert_eq!(wish(""), Wish { page: 1, ..Wish::default() });
        let read = wish("q=tag%3Ahotel+last%3E60d&sort=-value&page=3&go=1");
        assert_eq!(read.query, "tag:hotel last>60d");
        assert_eq!(
            (read.order.map(Order::written).as_deref(), read.page, read.go),
            (Some("-value"), 3, true)
        );
        for (query, page) in [("page=0", 1), ("page=-1", 1), ("page=x", 1), ("page=99999999999999999999", 1)]
        {
            assert_eq!(wish(query).page, page, "{query}");
        }
        assert_eq!(wish("sort=colour").order, None);
    }

    #[test]
    fn what_was_meant_is_a_query_that_can_be_asked() {
        let settings = Settings::default();
        let today = "2026-12-03".parse().unwrap();
        let context = query::Context { settings: &settings, today, me: None };
        for (query, expected) in [
            ("stage:nuture tag:hotel", Some("stage:nurture tag:hotel")),
            ("tag:hotel stag:won", Some("tag:hotel stage:won")),
            ("-stage:nuture", Some("-stage:nurture")),
            ("(tag:hotel", None),
            ("due<banana", None),
        ] {
            let error = Query::parse(query, &context).unwrap_err();
            assert_eq!(meant(&error, query, &context).as_deref(), expected, "{query}: {error:?}");
        }
    }
}
