//! The report: the figures of the notebook, or of those whom a query fits, as plots and as tables.

mod sections;

use maud::{Markup, html};
use tickler_core::answer;
use tickler_core::date::Date;
use tickler_core::query::{self, Query};
use tickler_core::wire::FiguresReport;

use super::frame::{Place, frame};
use super::plots::stripes;
use super::problem::sentence;
use crate::reply::Refusal;
use crate::seat::Seat;

/// What was asked for, as it was typed.
struct Wish {
    query: String,
    since: String,
}

/// What cannot be understood of it.
#[derive(Default)]
struct Mistakes {
    query: Option<String>,
    since: Option<String>,
}

/// The page.
pub fn page(seat: &Seat) -> Result<Markup, Refusal> {
    let wish = Wish::read(&seat.asked.query);
    let main = match wish.ask(seat) {
        Ok(report) => html! {
            (top(seat, &wish, &Mistakes::default(), Some(&report)))
            @if report.contacts == 0 {
                p.empty { (if wish.query.is_empty() { "Nobody is in this notebook yet, so there is nothing to count." }
                    else { "Nobody fits that query, so there is nothing to count." }) }
            } @else {
                (figures(&report))
            }
        },
        Err(mistakes) => top(seat, &wish, &mistakes, None),
    };
    Ok(frame(seat, Place::Report, "Report", &main))
}

impl Wish {
    fn read(query: &str) -> Wish {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let get = |name: &str| {
            let found = pairs.iter().find(|(key, _)| key == name);
            found.map_or_else(String::new, |(_, value)| value.trim().to_owned())
        };
        Wish { query: get("q"), since: get("since") }
    }

    fn ask(&self, seat: &Seat) -> Result<FiguresReport, Mistakes> {
        if self.query.is_empty() && self.since.is_empty() {
            return Ok(seat.view.boards.report(&seat.view.tip).clone());
        }
        let desk = seat.desk();
        let context = query::Context { settings: desk.settings, today: desk.today, me: desk.me };
        let query = Query::parse(&self.query, &context);
        let since = match self.since.as_str() {
            "" => Ok(None),
            text => answer::since(text, &desk.now()).map(Some),
        };
        match (query, since) {
            (Ok(query), Ok(since)) => Ok(answer::report(&seat.view.tip.survey(), &query, since)),
            (query, since) => Err(Mistakes {
                query: query.err().map(|error| match &error.hint {
                    Some(hint) => format!("{error}; {hint}"),
                    None => error.to_string(),
                }),
                since: since.err().map(|misread| format!("{}; {}", misread.message, misread.advice())),
            }),
        }
    }
}

/// The title, what is looked at, and the boxes.
fn top(seat: &Seat, wish: &Wish, mistakes: &Mistakes, report: Option<&FiguresReport>) -> Markup {
    let wrong = |mistake: &Option<String>| mistake.is_some().then_some("true");
    html! {
        h1 { "Report" }
        @if let Some(report) = report {
            p.dim {
                (count(report.contacts, "contact", "contacts")) " · " (from_to(report))
            }
        }
        form method="get" action=(format!("/{}/report", seat.notebook)) {
            div.fields.asked {
                div {
                    label for="q" { "Which contacts" }
                    input #q type="search" name="q" value=(wish.query) placeholder="tag:hotel"
                        autocomplete="off" autocapitalize="off" spellcheck="false"
                        aria-invalid=[wrong(&mistakes.query)] aria-describedby=[mistakes.query.as_ref().map(|_| "q-wrong")];
                    @if let Some(mistake) = &mistakes.query { p #q-wrong .wrong { (coded(&sentence(mistake))) } }
                }
                div {
                    label for="since" { "Since" }
                    input #since type="text" name="since" value=(wish.since) placeholder="3 months, jan 1"
                        autocomplete="off" autocapitalize="off" spellcheck="false"
                        aria-invalid=[wrong(&mistakes.since)]
                        aria-describedby=[mistakes.since.as_ref().map(|_| "since-wrong")];
                    @if let Some(mistake) = &mistakes.since { p #since-wrong .wrong { (coded(&sentence(mistake))) } }
                    @if let Some(report) = report && !wish.since.is_empty() {
                        p.said { "Since " (long(report.since)) }
                    }
                }
                div.go {
                    button type="submit" { "Show" }
                    @if !wish.query.is_empty() || !wish.since.is_empty() {
                        " " a.button.second href=(format!("/{}/report", seat.notebook)) { "All" }
                    }
                }
            }
        }
    }
}

fn figures(report: &FiguresReport) -> Markup {
    html! {
        (stripes())
        (tiles(report))
        (sections::follow_ups(report))
        (sections::reach(report))
        (sections::promises(report))
        (sections::pipeline(report))
        (sections::came_in(report))
        (sections::team(report))
    }
}

/// The four figures that one looks at first.
fn tiles(report: &FiguresReport) -> Markup {
    let done = &report.follow_ups;
    let touches: usize = report.channels.iter().map(|row| row.touches).sum();
    let reached: usize = report.channels.iter().map(|row| row.reached + row.answered).sum();
    let now = report.standing;
    let tile = |figure: String, meaning: &str, more: String, late: bool| {
        html! {
            li class=[late.then_some("late")] {
                span.figure { (figure) }
                span { (meaning) }
                span.dim { (more) }
            }
        }
    };
    html! {
        ul.tiles {
            (tile(
                done.on_time_rate.map_or("–".to_owned(), percent),
                "done on time",
                format!("{} of {}", done.on_time, count(done.on_time + done.late, "follow-up", "follow-ups")),
                false,
            ))
            (tile(
                number(now.late),
                "late today",
                format!("{} for today, {} to come{}", number(now.today), number(now.later), forgotten(now.cracks)),
                now.late > 0,
            ))
            (tile(
                share(reached, touches).map_or("–".to_owned(), percent),
                "reached",
                format!("{} of {}", number(reached), count(touches, "touch", "touches")),
                false,
            ))
            (tile(
                number(report.added),
                "came in",
                format!("since {}", long(report.since)),
                false,
            ))
        }
    }
}

/// Who has no next step, as the end of a list.
fn forgotten(cracks: usize) -> String {
    if cracks == 0 { String::new() } else { format!(", {} without a next step", number(cracks)) }
}

/// The days that are looked at: `Mon 7 Sep to Thu 3 Dec 2026`.
fn from_to(report: &FiguresReport) -> String {
    if report.since == report.today {
        return long(report.today);
    }
    let form = if report.since.year() == report.today.year() { "%a %-d %b" } else { "%a %-d %b %Y" };
    format!("{} to {}", report.since.to_chrono().format(form), long(report.today))
}

/// What stands between backticks as code.
fn coded(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 0 { (part) } @else { code { (part) } }
        }
    }
}

/// `Mon 7 Sep 2026`.
fn long(date: Date) -> String {
    date.to_chrono().format("%a %-d %b %Y").to_string()
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// `71%`.
fn percent(rate: f64) -> String {
    format!("{:.0}%", rate * 100.0)
}

/// `37,214`.
fn number(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}
