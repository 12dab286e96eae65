//! The brief as a page: the eye goes from who, over now and next, to what to say.

use std::io;

use chrono::{Local, TimeZone};
use tickler_core::brief::{Brief, Caution, Moment, OpenPromise, Todo, Verdict};
use tickler_core::contact::ContactKind;
use tickler_core::date::{Date, Time};
use tickler_core::follow_up::Kind;
use tickler_core::ties::{Neighbour, Tie, Touch};
use tickler_core::wire;

use crate::page::Page;
use crate::plain::plain;
use crate::sheet::Sheet;
use crate::spans::{Span, span};
use crate::style::Role;
use crate::words;

/// The lines of a terminal that one touch may take.
const TOUCH_LINES: usize = 2;
/// How many of a kind are told; the others are counted.
const MOST: usize = 3;

pub fn write(page: &mut Page, brief: &Brief, today: Date) -> io::Result<()> {
    let mut sheet = Sheet::new(page);
    who(&mut sheet, brief)?;
    cautions(&mut sheet, brief, is_first)?;
    sheet.gap()?;
    now_and_next(&mut sheet, brief, today)?;
    sheet.gap()?;
    wishes(&mut sheet, brief)?;
    lately(&mut sheet, brief, today)?;
    promises(&mut sheet, brief, today)?;
    surroundings(&mut sheet, brief, today)?;
    cautions(&mut sheet, brief, |caution| !is_first(caution))
}

/// What to know before all else.
fn is_first(caution: &Caution) -> bool {
    matches!(caution, Caution::Stopped | Caution::Broken { .. })
}

fn text(text: impl AsRef<str>) -> Span {
    span(Role::Plain, text)
}

fn dim(text: impl AsRef<str>) -> Span {
    span(Role::Dim, text)
}

fn who(sheet: &mut Sheet<'_>, brief: &Brief) -> io::Result<()> {
    let mut name = vec![span(Role::Strong, &brief.name)];
    if brief.kind == ContactKind::Org {
        name.push(dim(" (organisation)"));
    }
    sheet.text(&name)?;
    let place: Vec<&str> = [&brief.role, &brief.company].into_iter().flatten().map(String::as_str).collect();
    if !place.is_empty() {
        sheet.text(&[text(place.join(", "))])?;
    }
    let mut standing = vec![span(Role::Accent, &brief.stage)];
    if let Some(value) = &brief.value {
        let value = wire::Value { amount: value.amount, currency: value.currency.clone() };
        standing.push(text(format!(" · {}", words::money(&value))));
    }
    standing.push(dim(match (&brief.owner, &brief.owner_name) {
        (Some(owner), Some(name)) => format!(" · @{owner}, {name}"),
        (Some(owner), None) => format!(" · @{owner}"),
        (None, _) => " · nobody's yet".to_owned(),
    }));
    sheet.text(&standing)?;
    let ways = [brief.phone.join(", "), brief.email.join(", ")];
    let ways: Vec<&str> = ways.iter().map(String::as_str).filter(|way| !way.is_empty()).collect();
    if !ways.is_empty() {
        sheet.text(&[span(Role::Way, ways.join(" · "))])?;
    }
    Ok(())
}

fn now_and_next(sheet: &mut Sheet<'_>, brief: &Brief, today: Date) -> io::Result<()> {
    if let Some(address) = &brief.address {
        let lines: Vec<&str> = address.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        sheet.plain("Where", &lines.join(", "))?;
    }
    sheet.row("Now", &moment(&brief.moment, today))?;
    match &brief.follow_up {
        Some(todo) => sheet.row("Next", &next(todo, brief, today))?,
        None => sheet.row("Next", &[dim("nothing is planned")])?,
    }
    // What was promised has its own lines below.
    for todo in brief.also.iter().filter(|todo| !matches!(todo.kind, Kind::Promise | Kind::Waiting)) {
        sheet.row("Also", &next(todo, brief, today))?;
    }
    Ok(())
}

/// What time it is there, and whether that is a good one.
fn moment(moment: &Moment, today: Date) -> Vec<Span> {
    let place = city(&moment.timezone);
    let day = moment.date.to_chrono().format("%A");
    let mut spans = vec![
        span(Role::Strong, moment.time.to_string()),
        text(match moment.own_timezone {
            true => format!(" on {day} in {place}: "),
            false => format!(" on {day}, if they are where we are ({place}): "),
        }),
    ];
    let hours = moment.hours.as_deref().unwrap_or_default();
    match &moment.verdict {
        Verdict::Good => {
            spans.push(span(Role::Good, "a good time"));
            spans.push(text(format!(", they like {hours}")));
        }
        Verdict::WorkingHours => spans.push(span(Role::Good, "working hours there")),
        Verdict::OutsideHours => {
            spans.push(span(Role::Caution, "not now"));
            spans.push(text(format!(", they like {hours}")));
        }
        Verdict::OutsideWorkingHours => spans.push(span(Role::Caution, "outside working hours there")),
        Verdict::Away { until, why } => {
            let until = until.map(|until| format!(" until {}", words::day(until, today))).unwrap_or_default();
            spans.push(span(Role::Caution, format!("away{until}")));
            spans.extend(why.as_ref().map(|why| text(format!(", {why}"))));
        }
        Verdict::Stopped => spans.push(span(Role::Error, "they asked to be left alone")),
    }
    if let Some(next) = moment.next
        && let Ok(tz) = moment.timezone.parse::<chrono_tz::Tz>()
    {
        let (date, time) = tickler_core::hours::local(tz, next);
        let mine = next.with_timezone(&Local);
        let mine = (Date::from_chrono(mine.date_naive()), Time::from_chrono(mine.time()));
        let there = if date == moment.date { String::new() } else { format!("{} ", words::day(date, today)) };
        spans.push(text(format!("; next {there}at {time}")));
        if mine != (date, time) {
            let day = if mine.0 == date { String::new() } else { format!("{} ", words::day(mine.0, today)) };
            spans.push(dim(format!(" ({day}{} here)", mine.1)));
        }
    }
    spans
}

/// `America/New_York` as `New York`.
fn city(timezone: &str) -> String {
    timezone.rsplit('/').next().unwrap_or(timezone).replace('_', " ")
}

fn next(todo: &Todo, brief: &Brief, today: Date) -> Vec<Span> {
    let mut spans = Vec::new();
    if let Some(date) = todo.date {
        let late = date < today;
        let role = match date.cmp(&today) {
            std::cmp::Ordering::Less => Role::Late,
            std::cmp::Ordering::Equal => Role::Today,
            std::cmp::Ordering::Greater => Role::Strong,
        };
        let day = words::day(date, today);
        let mut when = match date == today {
            true => "today".to_owned(),
            false if late => format!("since {day}"),
            false => day,
        };
        if let Some(time) = todo.time {
            when.push_str(&format!(" at {time}"));
        }
        if date != today {
            when.push_str(&format!(", {}", words::distance(date, today)));
        }
        spans.push(span(role, when));
        spans.extend(theirs(todo, &brief.moment).map(|time| dim(format!(" ({time} there)"))));
    }
    if let Some(via) = &todo.via {
        spans.push(text(if spans.is_empty() { "by " } else { ", by " }));
        spans.push(span(Role::Way, via.as_str()));
    }
    let why = todo.why.as_deref().map(plain).filter(|why| !why.is_empty());
    let (lead, otherwise) = match todo.kind {
        Kind::Next if todo.has("asked") => ("they asked", "get in touch"),
        Kind::Next if todo.has("promised") => ("as promised", "get in touch"),
        Kind::Next => ("", "as planned"),
        Kind::Promise => ("as promised", "see the file"),
        Kind::Reply => ("answer", "they got in touch"),
        Kind::First => ("newly met", "say hello"),
        Kind::Waiting => ("they promised", "see the file"),
        Kind::Cadence => ("", "the next step of the cadence"),
        Kind::Rhythm => ("", "keep in touch"),
        Kind::Occasion => ("", "a day to remember"),
    };
    if !lead.is_empty() {
        spans.push(text(", "));
        spans.push(span(Role::Accent, lead));
    }
    spans.push(text(": "));
    spans.push(text(why.unwrap_or_else(|| otherwise.to_owned())));
    if let Some(assignee) = todo.assignee.as_ref().filter(|assignee| Some(*assignee) != brief.owner.as_ref())
    {
        spans.push(dim(format!(" @{assignee}")));
    }
    if todo.has("moved-away") {
        spans.push(dim(" (waited until they are back)"));
    }
    spans
}

/// What their clock shows at the time of day that our plan names, where theirs is another.
fn theirs(todo: &Todo, moment: &Moment) -> Option<Time> {
    let (date, time) = (todo.date?, todo.time?);
    let midnight = date.to_chrono().and_time(chrono::NaiveTime::MIN);
    let shown = midnight + chrono::TimeDelta::minutes(i64::from(time.minutes()));
    let at = Local.from_local_datetime(&shown).earliest()?.to_utc();
    let (_, there) = tickler_core::hours::local(moment.timezone.parse().ok()?, at);
    (moment.own_timezone && there != time).then_some(there)
}

fn wishes(sheet: &mut Sheet<'_>, brief: &Brief) -> io::Result<()> {
    if let Some(hot) = &brief.hot_button {
        sheet.row("Hot button", &[span(Role::Strong, hot)])?;
    }
    sheet.plain("Needs", &brief.needs.join(", "))?;
    let channels: Vec<&str> = brief.channels.iter().map(|channel| channel.as_str()).collect();
    let mut likes = channels.join(", then ");
    let hours = brief.moment.hours.as_ref().filter(|_| matches!(brief.moment.verdict, Verdict::Away { .. }));
    for also in
        [brief.every.as_ref().map(|every| format!("every {every}")), hours.cloned()].into_iter().flatten()
    {
        likes.push_str(if likes.is_empty() { "" } else { "; " });
        likes.push_str(&also);
    }
    sheet.plain("Likes", &likes)?;
    sheet.plain("Permission", brief.permission.as_deref().unwrap_or_default())?;
    let said = brief.hot_button.is_some() || brief.permission.is_some();
    if said || !likes.is_empty() || !brief.needs.is_empty() { sheet.gap() } else { Ok(()) }
}

fn lately(sheet: &mut Sheet<'_>, brief: &Brief, today: Date) -> io::Result<()> {
    if brief.touches.is_empty() {
        sheet.row("Lately", &[dim("never in touch yet")])?;
        return Ok(());
    }
    for touch in &brief.touches {
        let day = crate::width::pad_left(&short_day(touch.date, today), 6);
        sheet.hung("Lately", &day, &touched(touch), Some(TOUCH_LINES))?;
    }
    let reached = match brief.reached {
        Some(reached) => format!("reached {}", words::distance(reached, today)),
        None => "never reached yet".to_owned(),
    };
    let unanswered = match brief.unanswered {
        0 => dim(", nothing unanswered"),
        1 => text(", 1 try since without an answer"),
        n => text(format!(", {n} tries since without an answer")),
    };
    sheet.row("Lately", &[dim(reached), unanswered])
}

/// `27 Nov`, or `2025` where it was another year long ago.
fn short_day(date: Date, today: Date) -> String {
    let day = words::day(date, today);
    match day.split_once(' ') {
        Some((weekday, rest)) if weekday.starts_with(char::is_alphabetic) => rest.to_owned(),
        _ => date.to_chrono().format("%b %y").to_string(),
    }
}

fn touched(touch: &Touch) -> Vec<Span> {
    let mut how = touch.channel.as_str().to_owned();
    if touch.direction == "in" {
        how.push_str(" from them");
    }
    for word in touch.words.iter().filter(|word| !matches!(**word, "no-reply" | "reached")) {
        how.push_str(&format!(", {}", word.replace('-', " ")));
    }
    let mut spans = vec![span(if touch.reached { Role::Way } else { Role::Dim }, how)];
    if let Some(who) = &touch.who {
        spans.push(dim(format!(" @{who}")));
    }
    let said = plain(&touch.text);
    if !said.is_empty() {
        spans.push(text(format!(": {said}")));
    }
    spans
}

fn promises(sheet: &mut Sheet<'_>, brief: &Brief, today: Date) -> io::Result<()> {
    for (label, list) in [("We owe", &brief.ours), ("They owe", &brief.theirs)] {
        for promise in list.iter().take(MOST) {
            sheet.row(label, &promised(promise, today))?;
        }
        more(sheet, label, list.len())?;
    }
    for question in brief.together.iter().take(MOST) {
        sheet.row("Ask them", &[span(Role::Good, format!("“{}”", plain(question)))])?;
    }
    Ok(())
}

fn promised(promise: &OpenPromise, today: Date) -> Vec<Span> {
    let mut spans = vec![text(plain(&promise.text))];
    if let Some(who) = &promise.who {
        spans.push(dim(format!(" @{who}")));
    }
    let Some(due) = promise.due else {
        spans.push(dim(", no day named"));
        return spans;
    };
    let by = if promise.by.is_some() { "by" } else { "about" };
    spans.push(dim(format!(", {by} {}", words::day(due, today))));
    match promise.days_late {
        Some(0) => spans.push(span(Role::Today, ", today")),
        Some(1) => spans.push(span(Role::Late, ", 1 day late")),
        Some(days) if days > 1 => spans.push(span(Role::Late, format!(", {days} days late"))),
        _ => {}
    }
    spans
}

fn more(sheet: &mut Sheet<'_>, label: &str, all: usize) -> io::Result<()> {
    match all.checked_sub(MOST) {
        None | Some(0) => Ok(()),
        Some(more) => sheet.row(label, &[dim(format!("and {more} more"))]),
    }
}

fn surroundings(sheet: &mut Sheet<'_>, brief: &Brief, today: Date) -> io::Result<()> {
    for material in brief.sent.iter().take(MOST) {
        let day = words::day(material.sent, today);
        let name = if material.text.is_empty() { &material.file } else { &material.text };
        let spans = [text(plain(name)), dim(format!(", {day}: ")), span(Role::Command, &material.file)];
        sheet.row("Sent", &spans)?;
    }
    more(sheet, "Sent", brief.sent.len())?;
    if let Some(referrer) = &brief.referred_by {
        sheet.row("Sent by", &[text(referrer), dim(" (no contact here)")])?;
    }
    for neighbour in brief.neighbours.iter().take(MOST) {
        sheet.row("Knows them", &known(neighbour, today))?;
    }
    more(sheet, "Knows them", brief.neighbours.len())?;
    for reason in brief.reasons.iter().take(MOST) {
        sheet.hung("Reasons", "", &[text(plain(reason))], Some(2))?;
    }
    more(sheet, "Reasons", brief.reasons.len())
}

/// Somebody who knows them, and how.
pub fn known(neighbour: &Neighbour, today: Date) -> Vec<Span> {
    let mut spans = vec![span(Role::Strong, &neighbour.name)];
    if let Some(company) = &neighbour.company {
        spans.push(text(format!(", {company}")));
    }
    spans.push(text(format!(": {}", tied(&neighbour.ties))));
    spans.push(match (&neighbour.last_touch, neighbour.stopped) {
        (_, true) => span(Role::Caution, "; asked to be left alone"),
        (Some(touch), _) => dim(format!("; last: {} {}", touch.channel, words::distance(touch.date, today))),
        (None, _) => dim("; never in touch yet"),
    });
    spans
}

/// How they are tied, in words, seen from the one that is asked about.
pub fn tied(ties: &[Tie]) -> String {
    let both_ways = ties.contains(&Tie::LinksTo) && ties.contains(&Tie::LinkedFrom);
    // Where one sent the other, that their files say so is no news.
    let is_referral = ties.iter().any(|tie| matches!(tie, Tie::Referrer | Tie::Referred));
    let said: Vec<String> = ties
        .iter()
        .filter(|tie| !(both_ways && **tie == Tie::LinkedFrom))
        .filter(|tie| !(is_referral && matches!(tie, Tie::LinksTo | Tie::LinkedFrom)))
        .map(|tie| match tie {
            Tie::Referrer => "sent them to us",
            Tie::Referred => "came to us through them",
            Tie::LinksTo if both_ways => "each mentions the other",
            Tie::LinksTo => "mentioned in their file",
            Tie::LinkedFrom => "mentions them",
            Tie::SameCompany => "same company",
        })
        .map(str::to_owned)
        .collect();
    words::list(&said)
}

fn cautions(sheet: &mut Sheet<'_>, brief: &Brief, which: fn(&Caution) -> bool) -> io::Result<()> {
    for (at, caution) in brief.cautions.iter().filter(|caution| which(caution)).enumerate() {
        if at == 0 {
            sheet.gap()?;
        }
        let role = if matches!(caution, Caution::Stopped) { Role::Error } else { Role::Caution };
        let (what, so) = cautioned(caution);
        sheet.hanging("  !", &[span(role, what), dim(so)])?;
    }
    Ok(())
}

/// What to be careful about, and what to do about it.
fn cautioned(caution: &Caution) -> (String, String) {
    let own = |what: &str, so: &str| (what.to_owned(), so.to_owned());
    match caution {
        Caution::Stopped => own("They asked us to stop.", " Please leave it so, and do not call."),
        Caution::Broken { stale: true } => own(
            "The file is broken; this is its last committed version.",
            " `tickler check` tells what to mend.",
        ),
        Caution::Broken { stale: false } => {
            own("The file is broken; this is what could be read.", " `tickler check` tells what to mend.")
        }
        Caution::Conflict { key, other } => (
            format!("Two versions of `{key}` met; the other is {other}."),
            " Ask, and settle it in the file.".to_owned(),
        ),
        Caution::Patience { unanswered } => (
            format!("{unanswered} tries without an answer."),
            " Another way, another reason, or a pause.".to_owned(),
        ),
        Caution::Crack => {
            own("Nothing will ever bring them back.", " Agree on a next step, and note it as `[next]`.")
        }
        Caution::NoHotButton => {
            own("No hot button yet.", " What matters most to them? Note it as `hot_button`.")
        }
        Caution::NoPermission => own(
            "No permission yet.",
            " Ask how welcome a call is; note it as `permission` below `[prefers]`.",
        ),
        Caution::NoReason => {
            own("No reason to get in touch yet.", " Find one that helps them; those who know them may tell.")
        }
    }
}
