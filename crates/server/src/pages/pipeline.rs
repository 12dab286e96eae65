//! The pipeline: contacts by stage, what they are worth, and the ones that matter most.

use maud::{Markup, html};
use tickler_core::contact::Contact;
use tickler_core::date::Date;
use tickler_core::notebook::{Parts, Survey};
use tickler_core::settings::StageGroup;
use tickler_core::wire::Value;

use super::contacts::{address_of, asking, begin};
use super::frame::{Place, frame, own};
use super::words;
use crate::people::Action;
use crate::reply::Refusal;
use crate::routes::Words;
use crate::seat::Seat;
use crate::tips::{Stage, add};

pub fn page(seat: &Seat, _: &Words) -> Result<Markup, Refusal> {
    let survey = seat.view.tip.survey();
    let stages = &seat.view.boards.pipeline(&seat.view.tip).stages;
    let open = || stages.iter().filter(|stage| stage.group == StageGroup::Open);
    let count: usize = open().map(|stage| stage.count).sum();
    let mut sums = Vec::new();
    open().flat_map(|stage| &stage.sums).for_each(|sum| add(&mut sums, Some(sum.clone())));
    let main = html! {
        div.head { div {
            h1 { "Pipeline" }
            p.dim { (words::count(count, "open contact", "open contacts")) @if !sums.is_empty() { ", worth " (money(&sums)) } }
        } }
        @if survey.is_empty() {
            (begin(seat))
        } @else {
            (overview(seat, stages))
            div.board {
                @for (at, stage) in stages.iter().enumerate() {
                    @if stage.group == StageGroup::Open && (stage.is_known || stage.count > 0) { (column(seat, &survey, stage, at)) }
                }
            }
        }
    };
    Ok(frame(seat, Place::Pipeline, "Pipeline", &main))
}

/// All stages at a glance.
fn overview(seat: &Seat, stages: &[Stage]) -> Markup {
    let most = stages.iter().map(|stage| stage.count).max().unwrap_or(1).max(1);
    html! {
        table.overview {
            thead { tr { th scope="col" { "Stage" } th.bar aria-hidden="true" {} th.number scope="col" { "Contacts" } th.number scope="col" { "Worth" } th.number scope="col" { "Late" } } }
            tbody {
                @for stage in stages {
                    tr {
                        th scope="row" { a href=(asking(seat, &query(stage, ""))) { (stage.name) } @if !stage.is_known { " " span.chip.caution { "not in the settings" } } }
                        td.bar aria-hidden="true" { (bar(stage, most)) }
                        td.number { (words::number(stage.count)) }
                        td.number { (amounts(&stage.sums)) }
                        td.number.is-late[stage.late > 0] { @if stage.late > 0 { a href=(asking(seat, &query(stage, " overdue:"))) { (words::number(stage.late)) } } }
                    }
                }
            }
        }
    }
}

/// How many there are, next to the stage that has most.
fn bar(stage: &Stage, most: usize) -> Markup {
    let width = (stage.count * 1000).div_ceil(most);
    html! {
        svg.meter viewBox="0 0 1000 10" preserveAspectRatio="none" width="100%" height="10" {
            rect .open[stage.group == StageGroup::Open] x="0" y="0" width=(width) height="10" {}
        }
    }
}

/// A stage that is worked on.
fn column(seat: &Seat, survey: &Survey<'_>, stage: &Stage, at: usize) -> Markup {
    html! {
        section aria-labelledby=(format!("stage-{at}")) {
            details open {
                summary {
                    h2 id=(format!("stage-{at}")) { (stage.name) " " span.dim { (words::number(stage.count)) } }
                    span.dim { (amounts(&stage.sums)) }
                }
                @if stage.count == 0 { p.dim { "Nobody stands here." } }
                ul.plain { @for index in &stage.top { (card(seat, survey, stage, *index)) } }
                @if stage.count > stage.top.len() {
                    p { a href=(format!("{}&sort=-value", asking(seat, &query(stage, "")))) {
                        "All " (words::number(stage.count))
                    } }
                }
            }
        }
    }
}

fn card(seat: &Seat, survey: &Survey<'_>, stage: &Stage, index: usize) -> Markup {
    let (contact, due, today) =
        (survey.contact(index, Parts::HEAD), survey.outlook(index).due, survey.today());
    html! {
        li.card {
            div.line {
                a.name href=(address_of(seat, contact.id.as_str())) { (contact.name) }
                (when(due, today))
            }
            @if let Some(company) = &contact.head.company { p.why { (company) } }
            p.dim {
                @if let Some(value) = Value::of(&contact, seat.settings()) { (words::money(&value)) " " }
                @if let Some(owner) = &contact.head.owner { "@" (owner) }
            }
            @if seat.may(Action::Write) && !contact.broken && !contact.stale { (mover(seat, stage, &contact)) }
        }
    }
}

fn when(due: Option<Date>, today: Date) -> Markup {
    html! { @if let Some(due) = due { span.when .is-late[due < today] { (words::due(due, today)) } } }
}

/// The form that puts somebody into another stage.
fn mover(seat: &Seat, stage: &Stage, contact: &Contact) -> Markup {
    let stages = &seat.settings().stages;
    html! {
        details.move {
            summary { "Move" span.hidden { " " (contact.name) } }
            form method="post" action=(format!("{}/stage", address_of(seat, contact.id.as_str()))) {
                (own(seat.session.as_ref()))
                input type="hidden" name="back" value="pipeline";
                // A double click is one move; the same move on another day is another.
                input type="hidden" name="once" value=(seat.view.tip.commit());
                select name="stage" aria-label=(format!("Stage of {}", contact.name)) {
                    @for name in stages.all().filter(|name| stages.group(name) != StageGroup::Stopped) {
                        option value=(name) selected[name == stage.name] { (name) }
                    }
                }
                button.second type="submit" { "Move" }
            }
        }
    }
}

/// `25,000 USD, 4,000 EUR`.
fn money(sums: &[Value]) -> String {
    sums.iter().map(words::money).collect::<Vec<_>>().join(", ")
}

/// The same, an amount a line where there is no room for more.
fn amounts(sums: &[Value]) -> Markup {
    html! { @for sum in sums { span.sum { (words::money(sum)) } " " } }
}

/// The query of a stage.
fn query(stage: &Stage, more: &str) -> String {
    let sign = if stage.is_known { ':' } else { '=' };
    format!("stage{sign}{}{more}", quoted(&stage.name))
}

/// A name as a query takes it.
pub fn quoted(name: &str) -> String {
    let is_plain =
        !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if is_plain {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
