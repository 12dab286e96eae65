//! The sections of the report: each a plot, and the same figures as a table.

use maud::{Markup, html};
use tickler_core::date::Date;
use tickler_core::report::Every;
use tickler_core::wire::{ChannelRow, FiguresReport, MemberRow, PromiseRow, SpanRow, StageRow};

use super::{count, number};
use crate::pages::plots::{Bar, Caption, Column, Ink, bars, columns, legend, spark};
use crate::pages::words;

/// How many sources are named.
const SOURCES: usize = 12;
/// How many letters a figure beside the name of a bar may have.
const FIGURE: usize = 32;

/// Follow-ups done on time and late.
pub fn follow_ups(report: &FiguresReport) -> Markup {
    let done = &report.follow_ups;
    let every = report.every.as_str();
    let column = |span: &SpanRow| Column {
        label: span_name(report.every, span.from),
        parts: vec![(Ink::Good, span.on_time), (Ink::Late, span.late)],
    };
    let drawn: Vec<Column> = report.spans.iter().map(column).collect();
    let title = format!("Follow-ups done each {every}");
    let said = format!("{} on time and {} late.", done.on_time, done.late);
    let kinds = done
        .kinds
        .iter()
        .map(|row| (html! { (kind(row.kind.as_str())) }, vec![number(row.on_time), number(row.late)]));
    section(
        "done",
        "Follow-ups done",
        &html! {
            @if done.on_time_rate.is_none() {
                p.empty { "None that the files tell of. They tell of answers, of first replies, of the steps of a cadence, and of the usual rhythm." }
            } @else {
                div.figures {
                    figure {
                        (columns(Caption { id: "done-plot", title: &title, said: &said }, &drawn))
                        figcaption { (legend(&[(Ink::Good, "on time"), (Ink::Late, "late")])) }
                    }
                    div {
                        p {
                            strong { (number(done.on_time)) } " on time, " strong { (number(done.late)) } " late"
                            (how_late(done.late, done.days_late)) "."
                        }
                        (table(&["What was due", "On time", "Late"], kinds))
                    }
                }
                (all_spans(report))
            }
            @if done.unmeasured > 0 {
                p.hint {
                    (count(done.unmeasured, "more touch", "more touches"))
                    ": nothing was due by then, as far as the files tell. A plan that was replaced, and the day on which a promise was kept, are not in them."
                }
            }
        },
    )
}

fn how_late(late: usize, days: Option<i64>) -> String {
    let Some(days) = days.and_then(|days| usize::try_from(days).ok()) else { return String::new() };
    let days = count(days, "day", "days");
    if late == 1 { format!(", by {days}") } else { format!(", half of these by {days} or less") }
}

/// All spans, the last first, for those who want each figure.
fn all_spans(report: &FiguresReport) -> Markup {
    let heading = match report.every {
        Every::Week => "Week of",
        Every::Month => "Month",
        Every::Year => "Year",
    };
    let title = format!("Each {} in figures", report.every.as_str());
    let rows = report.spans.iter().rev().map(|span| {
        let figures = [span.on_time, span.late, span.touches, span.added];
        (html! { (span_name(report.every, span.from)) }, figures.map(number).to_vec())
    });
    html! {
        details {
            summary { (title) }
            (scroll(&title, &table(&[heading, "On time", "Late", "Touches", "Came in"], rows)))
        }
    }
}

/// By which channel we reach people.
pub fn reach(report: &FiguresReport) -> Markup {
    let bar = |row: &ChannelRow| {
        let came = row.reached + row.answered;
        Bar {
            label: row.channel.to_string(),
            figure: format!("{} of {}", number(came), number(row.touches)),
            parts: vec![(Ink::Good, came), (Ink::Rest, row.touches - came.min(row.touches))],
        }
    };
    let drawn: Vec<Bar> = report.channels.iter().filter(|row| row.touches > 0).map(bar).collect();
    let rows = report.channels.iter().map(|row| {
        let days = row.answer_days.map_or("–".to_owned(), |days| days.to_string());
        let [touches, reached, answered, theirs] =
            [row.touches, row.reached, row.answered, row.incoming].map(number);
        (html! { (row.channel) }, vec![touches, reached, answered, days, theirs])
    });
    let headings = ["Channel", "Touches", "At once", "Later", "Days", "Theirs"];
    section(
        "reach",
        "Reach by channel",
        &html! {
            @if report.channels.is_empty() {
                p.empty { "Nobody was in touch in this time." }
            } @else {
                div.figures {
                    @if !drawn.is_empty() {
                        figure {
                            (bars(Caption { id: "reach-plot", title: "Touches that reached, by channel", said: &told(&drawn) }, &drawn))
                            figcaption { (legend(&[(Ink::Good, "reached, or answered later"), (Ink::Rest, "not yet")])) }
                        }
                    }
                    div {
                        (scroll("Reach by channel in figures", &table(&headings, rows)))
                        p.hint { "At once: reached, as by a call that was taken. Later: they answered, half of them within that many days. Theirs: their touches." }
                    }
                }
            }
        },
    )
}

/// Promises of both sides.
pub fn promises(report: &FiguresReport) -> Markup {
    let sides = [("Ours", report.promises.ours), ("Theirs", report.promises.theirs)];
    let all = |row: &PromiseRow| row.kept + row.late + row.open + row.undated;
    let bar = |(whose, row): &(&str, PromiseRow)| Bar {
        label: (*whose).to_owned(),
        figure: format!("{} of {} kept", number(row.kept), number(all(row))),
        parts: vec![(Ink::Good, row.kept), (Ink::Late, row.late), (Ink::Rest, row.open + row.undated)],
    };
    let drawn: Vec<Bar> = sides.iter().map(bar).collect();
    let said = |(whose, row): &(&str, PromiseRow)| {
        format!("{whose}: {} kept, {} late, {} open.", row.kept, row.late, row.open + row.undated)
    };
    let said = sides.iter().map(said).collect::<Vec<_>>().join(" ");
    let rows = sides.iter().map(|(whose, row)| {
        (html! { (whose) }, [row.kept, row.late, row.open, row.undated].map(number).to_vec())
    });
    section(
        "promises",
        "Promises",
        &html! {
            @if sides.iter().all(|(_, row)| all(row) == 0) {
                p.empty { "None yet. A promise is a box in a contact's text, such as " code { "- [ ] send the price list by 2026-12-31" } }
            } @else {
                div.figures {
                    figure {
                        (bars(Caption { id: "promises-plot", title: "Promises of both sides", said: &said }, &drawn))
                        figcaption { (legend(&[(Ink::Good, "kept"), (Ink::Late, "late"), (Ink::Rest, "open")])) }
                    }
                    div {
                        (table(&["Whose", "Kept", "Late", "Open", "No day"], rows))
                        p.hint { "Kept: those made in this time. Late and open: all of today." }
                    }
                }
            }
        },
    )
}

/// Contacts and their value by stage.
pub fn pipeline(report: &FiguresReport) -> Markup {
    let ink = |row: &StageRow| if matches!(row.group, "open" | "won") { Ink::Good } else { Ink::Rest };
    let bar = |row: &StageRow| Bar {
        label: row.stage.clone(),
        figure: figure(row),
        parts: vec![(ink(row), row.contacts)],
    };
    let drawn: Vec<Bar> = report.pipeline.iter().map(bar).collect();
    section(
        "pipeline",
        "Pipeline today",
        &html! {
            div.figures {
                figure {
                    (bars(Caption { id: "pipeline-plot", title: "Contacts in each stage", said: &told(&drawn) }, &drawn))
                    figcaption { (legend(&[(Ink::Good, "open or won"), (Ink::Rest, "lost or stopped")])) }
                }
                table {
                    thead { tr { th scope="col" { "Stage" } th.number scope="col" { "Contacts" } th.number scope="col" { "Value" } } }
                    tbody {
                        @for row in &report.pipeline {
                            tr {
                                th scope="row" {
                                    (row.stage)
                                    @if row.group != "open" && row.group != row.stage { " " span.dim { (row.group) } }
                                }
                                td.number { (number(row.contacts)) }
                                td.number {
                                    @for value in &row.values { div { (words::money(value)) } }
                                    @if row.values.is_empty() { "–" }
                                }
                            }
                        }
                    }
                }
            }
        },
    )
}

/// How many contacts a stage has and, where that is short enough to stand beside its name, what they are worth.
fn figure(row: &StageRow) -> String {
    let values: Vec<String> = row.values.iter().map(words::money).collect();
    let both = format!("{} · {}", number(row.contacts), values.join(" + "));
    if values.is_empty() || both.chars().count() > FIGURE { number(row.contacts) } else { both }
}

/// Where those came from who are new.
pub fn came_in(report: &FiguresReport) -> Markup {
    let more = report.sources.len().saturating_sub(SOURCES);
    let rows = report.sources.iter().take(SOURCES).map(|row| {
        (html! { (row.source.as_deref().unwrap_or("not written down")) }, vec![number(row.contacts)])
    });
    section(
        "added",
        "Came in",
        &html! {
            @if report.added == 0 {
                p.empty { "Nobody came in during this time." }
            } @else {
                div.short { (table(&["From", "Contacts"], rows)) }
                @if more > 0 { p.hint { "And " (count(more, "more source", "more sources")) "." } }
            }
        },
    )
}

/// Who was in touch how often.
pub fn team(report: &FiguresReport) -> Markup {
    let every = report.every.as_str();
    let spans = report.spans.len();
    let row = |(at, row): (usize, &MemberRow)| {
        let name = row.name.as_deref().or(row.who.as_deref()).unwrap_or("nobody named");
        let each: Vec<String> = row.spans.iter().map(usize::to_string).collect();
        let title = format!("Touches of {name} each {every}");
        let said = format!("From the first {every} to this one: {}.", each.join(", "));
        let head = html! {
            (name)
            (spark(Caption { id: &format!("team-{at}"), title: &title, said: &said }, &row.spans))
        };
        let active = format!("{} of {spans}", row.active);
        (head, vec![number(row.touches), active, number(row.on_time), number(row.late)])
    };
    let active = format!("Active {every}s");
    let headings = ["Who", "Touches", &active, "On time", "Late"];
    section(
        "team",
        "Team",
        &html! {
            @if report.team.is_empty() {
                p.empty { "Nobody was in touch in this time." }
            } @else {
                (scroll("Team in figures", &table(&headings, report.team.iter().enumerate().map(row))))
            }
        },
    )
}

fn section(id: &str, title: &str, inner: &Markup) -> Markup {
    html! {
        section.measure aria-labelledby=(id) {
            h2 id=(id) { (title) }
            (inner)
        }
    }
}

/// A table whose first column names what the figures of the others are of.
fn table(headings: &[&str], rows: impl Iterator<Item = (Markup, Vec<String>)>) -> Markup {
    html! {
        table {
            thead {
                tr {
                    @for (at, heading) in headings.iter().enumerate() {
                        th class=[(at > 0).then_some("number")] scope="col" { (heading) }
                    }
                }
            }
            tbody {
                @for (head, figures) in rows {
                    tr {
                        th scope="row" { (head) }
                        @for figure in figures { td.number { (figure) } }
                    }
                }
            }
        }
    }
}

/// What may be wider than a phone, and is moved by keys too.
fn scroll(label: &str, inner: &Markup) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label=(label) { (inner) } }
}

/// What bars say, in a sentence.
fn told(bars: &[Bar]) -> String {
    let said: Vec<String> = bars.iter().map(|bar| format!("{} {}", bar.label, bar.figure)).collect();
    format!("{}.", said.join(", "))
}

/// What was due, in words.
fn kind(name: &str) -> &str {
    match name {
        "reply" => "An answer",
        "first" => "A first reply",
        "next" => "A planned step",
        "cadence" => "A step of a cadence",
        "rhythm" => "The usual rhythm",
        other => other,
    }
}

/// A span by its first day: `7 Sep`, `Sep 26`, `2026`.
fn span_name(every: Every, from: Date) -> String {
    let form = match every {
        Every::Week => "%-d %b",
        Every::Month => "%b %y",
        Every::Year => "%Y",
    };
    from.to_chrono().format(form).to_string()
}
