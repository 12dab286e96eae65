//! Days, amounts and reasons in words, the same that the command line has for them.

use maud::{Markup, html};
use tickler_core::date::Date;
use tickler_core::follow_up::Kind;
use tickler_core::ties::Tie;
use tickler_core::wire::{DueRow, Flag, LastTouch, Value};

use super::markdown::plain;

/// `today`, `yesterday`, `in 3 days`, `5 weeks ago`.
pub fn distance(date: Date, today: Date) -> String {
    let days = date.days_since(today);
    match days {
        0 => "today".to_owned(),
        -1 => "yesterday".to_owned(),
        1 => "tomorrow".to_owned(),
        n if n < 0 => format!("{} ago", span(n.unsigned_abs())),
        n => format!("in {}", span(n.unsigned_abs())),
    }
}

/// `13 days`, `6 weeks`, `5 months`, `2 years`: to the nearest, as one would say it.
fn span(days: u64) -> String {
    let (length, unit) = match days {
        0..=13 => (days, "day"),
        14..=59 => ((days + 3) / 7, "week"),
        60..=700 => ((days as f64 / 30.44).round() as u64, "month"),
        _ => ((days + 182) / 365, "year"),
    };
    count(length as usize, unit, &format!("{unit}s"))
}

/// `Thu 3 Dec`, with the year where it is not the nearest one of that name.
pub fn day(date: Date, today: Date) -> String {
    let near = date.days_since(today).abs() < 180 || date.year() == today.year();
    let form = match (near, date.is_yearless()) {
        (true, _) => "%a %-d %b",
        (_, true) => "%-d %b",
        _ => "%-d %b %Y",
    };
    date.to_chrono().format(form).to_string()
}

/// `Thursday 3 December`.
pub fn long_day(date: Date) -> String {
    date.to_chrono().format("%A %-d %B").to_string()
}

/// `2 days ago`, `today at 10:00`, `Thu 10 Dec`. It says since when, never how late: nobody is to be blamed.
pub fn when(row: &DueRow, today: Date) -> String {
    let at = row.time.map(|time| format!(" at {time}")).unwrap_or_default();
    match row.days_overdue {
        0 => format!("today{at}"),
        late if late > 0 => distance(row.date, today),
        -1 => format!("tomorrow{at}"),
        _ => format!("{}{at}", day(row.date, today)),
    }
}

/// How a reason is to be read, and the reason: `they asked:` and `call about the plans`.
pub fn reason(row: &DueRow, today: Date) -> (&'static str, String) {
    let why = row.why.as_deref().map(plain).unwrap_or_default();
    let has = |flag| row.flags.contains(&flag);
    let (lead, otherwise) = match row.kind {
        Kind::Next => match (has(Flag::Asked), has(Flag::Promised)) {
            (true, true) => ("asked for and promised:", "get in touch"),
            (true, false) => ("they asked:", "get in touch"),
            (false, true) => ("promised:", "get in touch"),
            (false, false) => ("", "as planned"),
        },
        kind => of_kind(kind),
    };
    let why = if row.kind == Kind::Occasion { occasion(&why, today) } else { why };
    (lead, if why.is_empty() { otherwise.to_owned() } else { why })
}

/// How the reason of an obligation is to be read that is no planned step, and what it is where none is written.
pub fn of_kind(kind: Kind) -> (&'static str, &'static str) {
    match kind {
        Kind::Next => ("", "as planned"),
        Kind::Promise => ("promised:", "see the notes"),
        Kind::Reply => ("answer:", "they got in touch"),
        Kind::First => ("newly met:", "say hello"),
        Kind::Waiting => ("waiting for:", "what they promised"),
        Kind::Cadence => ("", "the next step of the cadence"),
        Kind::Rhythm => ("", "keep in touch"),
        Kind::Occasion => ("", "a day to remember"),
    }
}

/// `birthday on 2026-12-06` as `birthday on Sun 6 Dec`.
pub fn occasion(why: &str, today: Date) -> String {
    let parts = why.rsplit_once(" on ").and_then(|(name, date)| Some((name, date.parse().ok()?)));
    match parts {
        Some((name, date)) => format!("{} on {}", name.replace('_', " "), day(date, today)),
        None => why.to_owned(),
    }
}

/// What to know before acting, and whether it is a matter of care.
pub fn flag(flag: Flag, unanswered: u32) -> Option<(String, bool)> {
    match flag {
        // The reason begins with it.
        Flag::Asked | Flag::Promised => None,
        Flag::Patience => Some((format!("{unanswered} tries unanswered"), true)),
        Flag::MovedAway => Some(("moved: they were away".to_owned(), false)),
        Flag::Conflict => Some(("two versions to settle".to_owned(), true)),
        Flag::Stale => Some(("an older version stands in".to_owned(), true)),
    }
}

/// How they are tied, in words, seen from the one that is asked about.
pub fn tied(ties: &[Tie]) -> String {
    let both_ways = ties.contains(&Tie::LinksTo) && ties.contains(&Tie::LinkedFrom);
    // Where one sent the other, that their files say so is no news.
    let is_referral = ties.iter().any(|tie| matches!(tie, Tie::Referrer | Tie::Referred));
    let said = ties.iter().filter_map(|tie| match tie {
        Tie::Referrer => Some("sent them to us"),
        Tie::Referred => Some("came to us through them"),
        Tie::LinksTo | Tie::LinkedFrom if is_referral => None,
        Tie::LinksTo if both_ways => Some("each mentions the other"),
        Tie::LinksTo => Some("mentioned in their file"),
        Tie::LinkedFrom if both_ways => None,
        Tie::LinkedFrom => Some("mentions them"),
        Tie::SameCompany => Some("same company"),
    });
    list(&said.map(str::to_owned).collect::<Vec<_>>())
}

/// A list as one says it: `a`, `a and b`, `a, b and c`.
pub fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `1 contact`, `37,214 contacts`.
pub fn count(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(n), if n == 1 { one } else { many })
}

/// `37,214`.
pub fn number(n: usize) -> String {
    grouped(n as f64)
}

/// `25,000 USD`.
pub fn money(value: &Value) -> String {
    format!("{} {}", grouped(value.amount), value.currency)
}

fn grouped(amount: f64) -> String {
    let whole = format!("{:.0}", amount.abs().trunc());
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if amount.fract() != 0.0 {
        out.push_str(&format!("{:.2}", amount.abs().fract())[1..]);
    }
    if amount < 0.0 { format!("-{out}") } else { out }
}

/// `phone 2 weeks ago, not reached`.
pub fn last(touch: Option<&LastTouch>, today: Date) -> String {
    match touch {
        None => "not in touch yet".to_owned(),
        Some(touch) => {
            let whose = if touch.direction == "in" { "their " } else { "" };
            let reached = if touch.reached || touch.direction == "in" { "" } else { ", not reached" };
            format!("{whose}{} {}{reached}", touch.channel, distance(touch.date, today))
        }
    }
}

/// `3 days late`, `today`, `Thu 10 Dec`.
pub fn due(date: Date, today: Date) -> String {
    match today.days_since(date) {
        1 => "1 day late".to_owned(),
        late if late > 1 => format!("{} days late", number(late as usize)),
        0 => "today".to_owned(),
        _ => day(date, today),
    }
}

/// Words of the program, in which what is to be typed stands between backticks.
pub fn coded(words: &str) -> Markup {
    html! {
        @for (at, part) in words.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_as_one_says_them() {
        let today: Date = "2026-12-03".parse().unwrap();
        for (date, name, said) in [
            ("2026-12-03", "Thu 3 Dec", "today"),
            ("2026-12-02", "Wed 2 Dec", "yesterday"),
            ("2026-11-20", "Fri 20 Nov", "13 days ago"),
            ("2026-10-22", "Thu 22 Oct", "6 weeks ago"),
            ("2026-12-04", "Fri 4 Dec", "tomorrow"),
            ("2025-12-03", "3 Dec 2025", "12 months ago"),
            ("2020-12-03", "3 Dec 2020", "6 years ago"),
            ("2027-01-12", "Tue 12 Jan", "in 6 weeks"),
        ] {
            let date: Date = date.parse().unwrap();
            assert_eq!((day(date, today).as_str(), distance(date, today).as_str()), (name, said));
        }
    }

    #[test]
    fn ties_are_said_once() {
        for (ties, said) in [
            (vec![Tie::LinksTo, Tie::LinkedFrom], "each mentions the other"),
            (vec![Tie::Referrer, Tie::LinksTo, Tie::SameCompany], "sent them to us and same company"),
            (vec![Tie::LinkedFrom], "mentions them"),
        ] {
            assert_eq!(tied(&ties), said);
        }
    }
}
