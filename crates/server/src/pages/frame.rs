//! What all pages have around them.

use maud::{DOCTYPE, Markup, html};

use super::form::TOKEN;
use crate::people::Action;
use crate::seat::Seat;
use crate::sessions::Session;

/// The places of a notebook, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Who is due.
    Today,
    /// Somebody, or something else that stands below the list of all.
    Contacts,
    /// The list of all itself, which has its own box for queries.
    List,
    /// By stage.
    Pipeline,
    /// Who covers what.
    Team,
    /// The figures.
    Report,
    /// What is the user's own, and what no tab leads to.
    Other,
}

/// A tab: where it leads, its name, its address, the key that goes there after `g`, and its picture.
type Tab = (Place, &'static str, &'static str, &'static str, &'static str);

const TABS: [Tab; 5] = [
    (Place::Today, "Today", "", "t", "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18M8 12.2l2.8 2.8 5-5.4"),
    (
        Place::List,
        "Contacts",
        "contacts",
        "c",
        "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6",
    ),
    (Place::Pipeline, "Pipeline", "pipeline", "p", "M4 4h4v16H4zM10 4h4v11h-4zM16 4h4v7h-4z"),
    (
        Place::Team,
        "Team",
        "team",
        "m",
        "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 19.5c.5-3.3 3-5 6.5-5s6 1.7 6.5 5M16 5.3a3.5 \
         3.5 0 0 1 0 6.4M18.5 15c1.7.8 2.7 2.3 3 4.5",
    ),
    (Place::Report, "Report", "report", "r", "M4 20h16M6.5 16v-5M12 16V5M17.5 16V8.5"),
];

/// What the keys do, by the keys.
const KEYS: [(&str, &str); 8] = [
    ("/", "find somebody"),
    ("j k", "down and up the list"),
    ("o", "open who is marked; so does Enter"),
    ("l", "log a touch"),
    ("n", "new contact"),
    ("g and t c p m r s", "go to today, contacts, pipeline, team, report, settings"),
    ("Esc", "leave a field, close a menu"),
    ("?", "this list"),
];

/// A page of a notebook.
pub fn frame(seat: &Seat, place: Place, title: &str, main: &Markup) -> Markup {
    let root = format!("/{}", seat.notebook);
    let body = html! {
        a.skip href="#main" { "To the content" }
        header.top {
            div.bar {
                a.brand href=(format!("{root}/")) aria-label="tickler, today" { (mark()) span.word { "tickler" } }
                span.notebook { (seat.notebook) }
                @if place != Place::List { (find(&root)) }
                (menu(seat, &root))
            }
            nav.tabs aria-label="Notebook" {
                @for (tab, name, path, key, picture) in TABS {
                    a href=(format!("{root}/{path}")) data-key=(key) aria-current=[current(place, tab)] {
                        svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" { path d=(picture) {} }
                        span { (name) }
                    }
                }
            }
        }
        main #main tabindex="-1" { (main) }
        footer.foot { (keys(seat, &root)) }
        div #news .news role="status" aria-live="polite" {}
    };
    document(title, &format!("{title} · {}", seat.notebook), Some(&format!("{root}/events")), &body)
}

/// The box in which somebody is looked for, on every page.
fn find(root: &str) -> Markup {
    html! {
        form.find role="search" aria-label="Contacts" action=(format!("{root}/contacts")) method="get" {
            label.hidden for="find" { "Find contacts" }
            input #find type="search" name="q" placeholder="Find contacts" autocomplete="off" spellcheck="false"
                autocapitalize="off" enterkeyhint="search";
            // One that fits alone is opened at once.
            input type="hidden" name="go" value="1";
            button.hidden type="submit" { "Find" }
        }
    }
}

/// What is the user's own.
fn menu(seat: &Seat, root: &str) -> Markup {
    let broken = seat.view.tip.survey().broken().count();
    html! {
        @if broken > 0 {
            a.alarm.chip.late href=(format!("{root}/problems")) { (broken) " broken" }
        }
        details.menu {
            summary { span.hidden { "Menu of " } span.user { (seat.visitor.user) } }
            div.panel {
                @if seat.may(Action::Write) { a href=(format!("{root}/new")) data-key="n" { "New contact" } }
                a href=(format!("{root}/problems")) { "Problems" }
                a href=(format!("{root}/settings")) data-key="s" { "Settings" }
                @if seat.visitor.roles.len() > 1 { a href="/" { "Other notebooks" } }
                form method="post" action="/logout" {
                    (own(seat.session.as_ref()))
                    button.plain type="submit" { "Log out" }
                }
            }
        }
    }
}

/// The keys, for whoever asks.
fn keys(seat: &Seat, root: &str) -> Markup {
    html! {
        details #keys {
            summary { "Keys" }
            dl.keys {
                @for (keys, what) in KEYS {
                    dt { @for key in keys.split(' ') { @if key == "and" { "then " } @else { kbd { (key) } " " } } }
                    dd { (what) }
                }
            }
            p.hint { "Tab and Enter reach everything too. " button.plain #keys-off type="button" hidden { "Turn the keys off" } }
        }
        p.dim { (seat.notebook) " · " a href=(format!("{root}/problems")) { "Is anything wrong?" } }
    }
}

/// Whether the tab is where one is, or above it.
fn current(place: Place, tab: Place) -> Option<&'static str> {
    match (place, tab) {
        (Place::Contacts, Place::List) => Some("true"),
        (here, tab) => (here == tab).then_some("page"),
    }
}

/// A whole document. `events` is where its news come from.
pub fn document(_title: &str, title: &str, events: Option<&str>, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                meta name="color-scheme" content="light dark";
                meta name="theme-color" media="(prefers-color-scheme: light)" content="#ffffff";
                meta name="theme-color" media="(prefers-color-scheme: dark)" content="#1e1d1a";
                meta name="robots" content="noindex, nofollow";
                title { (title) " · tickler" }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/style.css";
                script src="/assets/script.js" defer {}
            }
            body data-events=[events] { (body) }
        }
    }
}

/// The field by which a form is known as the session's own.
pub fn own(session: Option<&Session>) -> Markup {
    html! {
        @if let Some(session) = session {
            input type="hidden" name=(TOKEN) value=(session.form);
        }
    }
}

/// The mark of the program.
fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 24 24" width="26" height="26" aria-hidden="true" {
            rect x="2" y="3" width="20" height="18" rx="5" {}
            path d="M7.5 12.3l3 3 6-6.3" {}
        }
    }
}
