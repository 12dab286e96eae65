//! What to read before a call, in the order of one: who, whether now is a good time, why, and what to say.

use maud::{Markup, html};
use tickler_core::brief::{Caution, Moment, OpenPromise, Todo, Verdict};
use tickler_core::contact::ContactKind;
use tickler_core::date::Date;
use tickler_core::follow_up::Kind;
use tickler_core::hours::local;
use tickler_core::ties::{Neighbour, Touch};
use tickler_core::verbs::open_promises;
use tickler_core::wire;

use super::contact::{Sheet, address};
use super::markdown::{inline, plain};
use super::{ways, words};

/// How many of a kind are told; the others are counted.
const MOST: usize = 3;

/// Who they are, and the ways to them.
pub fn head(sheet: &Sheet<'_>) -> Markup {
    let brief = &sheet.brief;
    let place: Vec<&str> = [&brief.role, &brief.company].into_iter().flatten().map(String::as_str).collect();
    html! {
        h1 { (brief.name) @if brief.kind == ContactKind::Org { " " span.chip.dim { "organisation" } } }
        @if !place.is_empty() { p.lead { (place.join(", ")) } }
        p.flags {
            span.chip { (brief.stage) } " "
            @if let Some(value) = &brief.value {
                span.chip.dim { (words::money(&wire::Value { amount: value.amount, currency: value.currency.clone() })) } " "
            }
            span.chip.dim {
                @match (&brief.owner, &brief.owner_name) {
                    (Some(_), Some(name)) => (name),
                    (Some(owner), None) => { "@" (owner) },
                    (None, _) => "nobody’s yet",
                }
            }
        }
        p.ways {
            @for phone in &brief.phone {
                @match ways::dialled(phone) {
                    Some(number) => a.button.second.small href=(format!("tel:{number}")) { (phone) },
                    None => span { (phone) },
                }
                " "
            }
            @for email in &brief.email { a.button.second.small href=(ways::mail(email)) { (email) } " " }
            @if sheet.may_write() { a.button.small href="#log" { "Log a touch" } }
        }
    }
}

/// What to know before all else, and what is missing.
pub fn warnings(sheet: &Sheet<'_>) -> Markup {
    html! {
        @for caution in &sheet.brief.cautions {
            @match caution {
                Caution::Stopped => p.note.late { strong { "They asked us to stop." } " Please leave it so, and do not call." },
                Caution::Broken { stale: true } => p.note.late { strong { "The file is broken." } " This is its last version that could be read." },
                Caution::Broken { stale: false } => p.note.late { strong { "The file is broken." } " This is what could be read of it." },
                _ => {}
            }
        }
    }
}

/// The brief.
pub fn brief(sheet: &Sheet<'_>) -> Markup {
    let (brief, today) = (&sheet.brief, sheet.seat.view.tip.today());
    let notebook = sheet.seat.notebook.as_str();
    html! {
        dl.facts {
            (row("Now", &moment(&brief.moment, sheet, today)))
            @match &brief.follow_up {
                Some(todo) => (row("Next", &next(todo, sheet, today))),
                None => (row("Next", &html! { span.dim { "nothing is planned" } })),
            }
            // What was promised has its own lines below.
            @for todo in brief.also.iter().filter(|todo| !matches!(todo.kind, Kind::Promise | Kind::Waiting)) {
                (row("Also", &next(todo, sheet, today)))
            }
            @if let Some(hot) = &brief.hot_button { (row("Hot button", &html! { strong { (hot) } })) }
            @if !brief.needs.is_empty() { (row("Needs", &html! { (brief.needs.join(", ")) })) }
            @let likes = likes(sheet);
            @if !likes.is_empty() { (row("Likes", &html! { (likes) })) }
            @if let Some(permission) = &brief.permission { (row("Permission", &html! { (permission) })) }
            (promises(sheet, "We owe", &brief.ours, today))
            (promises(sheet, "They owe", &brief.theirs, today))
            @if !brief.together.is_empty() {
                (row("Ask them", &html! { @for question in brief.together.iter().take(MOST) { p { "“" (plain(question)) "”" } } }))
            }
            (row("Lately", &lately(sheet, today)))
            @if !brief.reasons.is_empty() {
                (row("Reasons", &html! { @for reason in brief.reasons.iter().take(MOST) { p { (inline(reason, notebook)) } } (more(brief.reasons.len())) }))
            }
            @if !brief.neighbours.is_empty() || brief.referred_by.is_some() { (row("Knows them", &known(sheet, today))) }
            @if !brief.sent.is_empty() {
                (row("Sent", &html! {
                    @for material in brief.sent.iter().take(MOST) {
                        p {
                            @if material.text.is_empty() { (material.file) } @else { (plain(&material.text)) }
                            span.dim { ", " (words::day(material.sent, today)) }
                        }
                    }
                    (more(brief.sent.len()))
                }))
            }
            @if let Some(address) = &brief.address { (row("Where", &html! { (address) })) }
        }
        (missing(sheet))
    }
}

fn row(label: &str, what: &Markup) -> Markup {
    html! { dt { (label) } dd { (what) } }
}

fn more(all: usize) -> Markup {
    html! { @if all > MOST { p.dim { "and " (words::number(all - MOST)) " more" } } }
}

/// What time it is there, and whether that is a good one.
fn moment(moment: &Moment, sheet: &Sheet<'_>, today: Date) -> Markup {
    let day = moment.date.to_chrono().format("%A").to_string();
    let city = moment.timezone.rsplit('/').next().unwrap_or_default().replace('_', " ");
    let hours = moment.hours.as_deref().unwrap_or_default();
    html! {
        @match &moment.verdict {
            Verdict::Good => { span.good { "A good time" } ", they like " (hours) },
            Verdict::WorkingHours => span.good { "Working hours there" },
            Verdict::OutsideHours => { span.care { "Not now" } ", they like " (hours) },
            Verdict::OutsideWorkingHours => span.care { "Outside working hours there" },
            Verdict::Away { until, why } => {
                span.care { "Away" @if let Some(until) = until { " until " (words::day(*until, today)) } }
                @if let Some(why) = why { ", " (why) }
            },
            Verdict::Stopped => span.care { "They asked to be left alone" },
        }
        @if let Some((date, time)) = opening(moment) {
            "; next " @if date != moment.date { (words::day(date, today)) " " } "at " (time)
        }
        span.dim {
            br; "It is " (moment.time) " on " (day) " in " (city)
            @if !moment.own_timezone && sheet.brief.moment.hours.is_some() { ", if they are where we are" }
        }
    }
}

/// The next good moment, by the clocks there.
fn opening(moment: &Moment) -> Option<(Date, tickler_core::date::Time)> {
    Some(local(moment.timezone.parse().ok()?, moment.next?))
}

fn next(todo: &Todo, sheet: &Sheet<'_>, today: Date) -> Markup {
    let (lead, otherwise) = match todo.kind {
        Kind::Next if todo.has("asked") => ("they asked", "get in touch"),
        Kind::Next if todo.has("promised") => ("as promised", "get in touch"),
        Kind::Promise => ("as promised", "see the notes"),
        Kind::Waiting => ("they promised", "see the notes"),
        kind => (words::of_kind(kind).0.trim_end_matches(':'), words::of_kind(kind).1),
    };
    let why = todo.why.as_deref().map(plain).filter(|why| !why.is_empty());
    let why = why.unwrap_or_else(|| otherwise.to_owned());
    let why = if todo.kind == Kind::Occasion { words::occasion(&why, today) } else { why };
    let is_others = |who: &&String| Some(*who) != sheet.brief.owner.as_ref();
    html! {
        @if let Some(date) = todo.date {
            strong.late[date < today] {
                @if date < today { "since " } @if date == today { "today" } @else { (words::day(date, today)) }
                @if let Some(time) = todo.time { " at " (time) }
            }
            @if date != today { span.dim { ", " (words::distance(date, today)) } }
            " "
        }
        @if let Some(via) = &todo.via { (ways::chip(Some(via), &sheet.contact)) " " }
        @if !lead.is_empty() { span.lead-in { (lead) ":" } " " }
        (why)
        @if let Some(who) = todo.assignee.as_ref().filter(is_others) { span.dim { " @" (who) } }
        @if todo.has("moved-away") { span.dim { " (waited until they are back)" } }
    }
}

/// The channels they like, how often, and when, where the line above does not say so.
fn likes(sheet: &Sheet<'_>) -> String {
    let brief = &sheet.brief;
    let channels: Vec<&str> = brief.channels.iter().map(|channel| channel.as_str()).collect();
    let hours = brief.moment.hours.clone().filter(|_| matches!(brief.moment.verdict, Verdict::Away { .. }));
    let every = brief.every.as_ref().map(|every| format!("every {every}"));
    let channels = Some(channels.join(", then ")).filter(|channels| !channels.is_empty());
    [channels, every, hours].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

/// Promises of one side, each with a button that says it was kept.
fn promises(sheet: &Sheet<'_>, label: &str, list: &[OpenPromise], today: Date) -> Markup {
    html! {
        @if !list.is_empty() {
            dt { (label) }
            dd {
                @for promise in list {
                    div.promise {
                        @if let Some(number) = number(sheet, promise).filter(|_| sheet.may_write()) {
                            form method="post" action=(sheet.below("kept")) {
                                (sheet.fields())
                                input type="hidden" name="number" value=(number);
                                input type="hidden" name="promise" value=(promise.text);
                                button.box type="submit" { span.hidden { "Kept: " (plain(&promise.text)) } }
                            }
                        }
                        div {
                            (inline(&promise.text, sheet.seat.notebook.as_str()))
                            span.dim {
                                @if let Some(who) = &promise.who { " @" (who) }
                                @match promise.due {
                                    None => ", no day named",
                                    Some(due) => { @if promise.by.is_some() { ", by " } @else { ", about " } (words::day(due, today)) },
                                }
                            }
                            @match promise.days_late {
                                Some(0) => { " " span.chip { "today" } },
                                Some(days) if days > 0 => { " " span.chip.late { (words::count(days as usize, "day late", "days late")) } },
                                _ => {}
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The number by which the promise is ticked off.
fn number(sheet: &Sheet<'_>, promise: &OpenPromise) -> Option<usize> {
    let open = open_promises(&sheet.contact.promises);
    let is_it = |other: &&tickler_core::contact::Promise| {
        (&other.text, other.by, other.made) == (&promise.text, promise.by, promise.made)
    };
    open.iter().position(is_it).map(|at| at + 1)
}

fn lately(sheet: &Sheet<'_>, today: Date) -> Markup {
    let brief = &sheet.brief;
    if brief.touches.is_empty() {
        return html! { span.dim { "never in touch yet" } };
    }
    html! {
        @for touch in &brief.touches { p { (touched(touch, sheet, today)) } }
        p.dim {
            @match brief.reached {
                Some(reached) => { "Reached " (words::distance(reached, today)) },
                None => "Never reached yet",
            }
            @match brief.unanswered {
                0 => ", nothing unanswered",
                1 => ", 1 try since without an answer",
                n => { ", " (n) " tries since without an answer" },
            }
        }
    }
}

fn touched(touch: &Touch, sheet: &Sheet<'_>, today: Date) -> Markup {
    let said = touch.words.iter().filter(|word| !matches!(**word, "no-reply" | "reached"));
    html! {
        span.dim { (words::day(touch.date, today)) } " "
        strong { (touch.channel) @if touch.direction == "in" { " from them" } @for word in said { ", " (word.replace('-', " ")) } }
        @if let Some(who) = &touch.who { span.dim { " @" (who) } }
        @if !touch.text.is_empty() { ": " (inline(&touch.text, sheet.seat.notebook.as_str())) }
    }
}

fn known(sheet: &Sheet<'_>, today: Date) -> Markup {
    let neighbour = |other: &Neighbour| {
        html! {
            p {
                a href=(address(sheet.seat, &other.id)) { (other.name) }
                @if let Some(company) = &other.company { ", " (company) }
                ": " (words::tied(&other.ties))
                @if other.stopped { "; " span.care { "asked to be left alone" } }
                @else if let Some(touch) = &other.last_touch { span.dim { "; last: " (touch.channel) " " (words::distance(touch.date, today)) } }
            }
        }
    };
    html! {
        @if let Some(referrer) = &sheet.brief.referred_by { p { (referrer) " sent them to us" span.dim { " (no contact here)" } } }
        @for other in sheet.brief.neighbours.iter().take(MOST) { (neighbour(other)) }
        (more(sheet.brief.neighbours.len()))
    }
}

/// What would help, and is not known yet.
fn missing(sheet: &Sheet<'_>) -> Markup {
    let said: Vec<(String, &str)> = sheet
        .brief
        .cautions
        .iter()
        .filter_map(|caution| {
            let own = |what: &str, so| Some((what.to_owned(), so));
            match caution {
                Caution::Stopped | Caution::Broken { .. } | Caution::Conflict { .. } => None,
                Caution::Patience { unanswered } => Some((
                    format!("{unanswered} tries without an answer."),
                    "Another way, another reason, or a pause.",
                )),
                Caution::Crack => {
                    own("Nothing will ever bring them back.", "Agree on a next step, and note it below.")
                }
                Caution::NoHotButton => own("No hot button yet.", "What matters most to them?"),
                Caution::NoPermission => own("No permission yet.", "Ask how welcome a call is."),
                Caution::NoReason => own(
                    "No reason to get in touch yet.",
                    "Find one that helps them; those who know them may tell.",
                ),
            }
        })
        .collect();
    html! {
        @if !said.is_empty() {
            ul.missing { @for (what, so) in said { li { strong { (what) } " " span.dim { (so) } } } }
        }
    }
}
