//! Beside today's list: what comes up, who would be forgotten, what was promised, what needs a look, who is away.

use maud::{Markup, html};
use tickler_core::date::Date;
use tickler_core::follow_up::Kind;
use tickler_core::wire::DueRow;

use super::markdown::plain;
use super::today::mine;
use super::{encoded, words};
use crate::seat::Seat;

/// How many of each are named.
const FEW: usize = 5;

/// All of it, for what is `me`'s, or everybody's.
pub fn aside(seat: &Seat, me: Option<&str>) -> Markup {
    html! {
        (trouble(seat))
        (absences(seat))
        (coming(seat, me))
        (promises(seat, me))
        (cracks(seat, me))
    }
}

fn is_mine(assignee: Option<&str>, me: Option<&str>) -> bool {
    me.is_none() || assignee.is_none() || assignee == me
}

fn name(seat: &Seat, id: &str, name: &str) -> Markup {
    html! { a href=(format!("/{}/contacts/{}", seat.notebook, encoded(id))) { (name) } }
}

/// What is wrong in the files, and what a merge left to settle.
fn trouble(seat: &Seat) -> Markup {
    let survey = seat.view.tip.survey();
    let broken = survey.broken().count();
    let settings = usize::from(!survey.notebook().settings_problems().is_empty());
    let others = survey.with_problems().count() + survey.unread().len() + settings - broken;
    let address = format!("/{}/problems", seat.notebook);
    html! {
        @if broken + others > 0 {
            div.note.caution {
                p {
                    @if broken > 0 { (words::count(broken, "file cannot be read", "files cannot be read")) }
                    @if broken > 0 && others > 0 { ", " }
                    @if others > 0 { (words::count(others, "file needs a look", "files need a look")) }
                    ". " a href=(address) { "Show them" }
                }
            }
        }
    }
}

/// Who of the team is away, and who covers.
fn absences(seat: &Seat) -> Markup {
    let (settings, today) = (seat.settings(), seat.view.tip.today());
    let called = |handle: &str| {
        let member = settings.member(handle);
        member.and_then(|member| member.name.clone()).unwrap_or_else(|| format!("@{handle}"))
    };
    let away: Vec<String> = settings
        .team
        .iter()
        .filter_map(|member| Some((member, member.absence(today)?)))
        .map(|(member, absence)| {
            let until = absence.until.map(|until| format!(" until {}", words::day(until, today)));
            let cover = match &absence.cover {
                Some(cover) => format!("; {} covers", called(cover)),
                None => "; nobody covers".to_owned(),
            };
            format!("{} is away{}{cover}", called(&member.handle), until.unwrap_or_default())
        })
        .collect();
    html! {
        @for said in away { p.note { (said) "." } }
    }
}

fn coming(seat: &Seat, me: Option<&str>) -> Markup {
    let today = seat.view.tip.today();
    let rows = seat.view.lists().coming.iter().map(|row| &**row);
    let rows: Vec<&DueRow> = rows.filter(|row| is_mine(row.assignee.as_deref(), me)).collect();
    html! {
        @if !rows.is_empty() {
            section {
                h2 { "This week" }
                ul.plain.small {
                    @for row in rows.iter().take(FEW) {
                        li {
                            span.dim { (words::day(row.date, today)) " " } (name(seat, &row.id, &row.name))
                            @let (lead, why) = words::reason(row, today);
                            span.dim { " " (lead) " " (why) }
                        }
                    }
                }
                (rest(rows.len(), &format!("/{}/contacts?q=due%3C%3D7d", seat.notebook)))
            }
        }
    }
}

/// What we promised and have not done, as far as it has a day.
fn promises(seat: &Seat, me: Option<&str>) -> Markup {
    let today = seat.view.tip.today();
    let lists = seat.view.lists();
    let week = today.plus_days(7);
    let (due, coming) = (mine(seat, &lists.due, me, week), mine(seat, &lists.coming, me, week));
    let mut open: Vec<(Date, &DueRow, &Option<String>)> = Vec::new();
    for row in due.iter().chain(&coming) {
        let own = (row.kind == Kind::Promise).then_some((row.date, &row.why));
        let also =
            row.also.iter().filter(|also| also.kind == Kind::Promise).map(|also| (also.date, &also.why));
        open.extend(own.into_iter().chain(also).map(|(date, why)| (date, &**row, why)));
    }
    open.sort_by_key(|(date, ..)| *date);
    html! {
        @if !open.is_empty() {
            section {
                h2 { @if me.is_some() { "What I promised" } @else { "What we promised" } }
                ul.plain.small {
                    @for (date, row, why) in open.iter().take(FEW) {
                        li {
                            (why.as_deref().map(plain).unwrap_or_default()) span.dim { ", " (name(seat, &row.id, &row.name)) ", "
                            @if *date < today { span.late { "since " (words::day(*date, today)) } } @else { (words::day(*date, today)) } }
                        }
                    }
                }
                @if open.len() > FEW { p.dim { "and " (words::number(open.len() - FEW)) " more" } }
            }
        }
    }
}

/// Open contacts that nothing will bring back.
fn cracks(seat: &Seat, me: Option<&str>) -> Markup {
    let today = seat.view.tip.today();
    let rows: Vec<_> =
        seat.view.lists().cracks.iter().filter(|row| is_mine(row.owner.as_deref(), me)).collect();
    html! {
        @if !rows.is_empty() {
            section {
                h2 { "No next step" }
                p.hint { (words::count(rows.len(), "contact would be forgotten", "contacts would be forgotten")) "." }
                ul.plain.small {
                    @for row in rows.iter().take(FEW) {
                        li { (name(seat, &row.id, &row.name)) span.dim { " " (words::last(row.last_touch.as_ref(), today)) } }
                    }
                }
                (rest(rows.len(), &format!("/{}/contacts?q=crack%3A", seat.notebook)))
            }
        }
    }
}

fn rest(all: usize, address: &str) -> Markup {
    html! {
        @if all > FEW { p { a href=(address) { "All " (words::number(all)) } } }
    }
}
