//! The figures as a page of text: short tables with small bars in plain characters.

use std::io::Write;

use tickler_core::date::Date;
use tickler_core::report::Every;
use tickler_core::wire::{FiguresReport, PromiseRow};

use crate::failure::Failure;
use crate::page::Page;
use crate::plain::clean;
use crate::style::Role;
use crate::width::{fit, pad, pad_left, width, wrap};
use crate::words;

/// The longest bar, where there is room.
const LONGEST: usize = 30;
/// How many sources are named.
const SOURCES: usize = 8;

/// A line of a table: a name, figures, parts of a bar, and what stands behind it.
struct Line {
    name: String,
    cells: Vec<String>,
    /// How many of each part, drawn one after the other.
    bar: [usize; 3],
    after: String,
}

/// What the parts of a bar look like: what is well, what is late, what is open or nothing yet.
const PARTS: [(char, Role); 3] = [('#', Role::Good), ('!', Role::Late), ('.', Role::Dim)];

/// Writes the whole page.
pub fn write(page: &mut Page, report: &FiguresReport) -> Result<(), Failure> {
    let contacts = words::count(report.contacts, "contact", "contacts");
    let days = format!("{} to {}", day(report.since), day(report.today));
    for line in wrap(&format!("{contacts}, {days}"), page.width.unwrap_or(usize::MAX)) {
        writeln!(page, "{}", page.paint(Role::Strong, line))?;
    }
    follow_ups(page, report)?;
    reach(page, report)?;
    promises(page, report)?;
    pipeline(page, report)?;
    added(page, report)?;
    team(page, report)
}

fn follow_ups(page: &mut Page, report: &FiguresReport) -> Result<(), Failure> {
    let done = &report.follow_ups;
    title(page, "Follow-ups done")?;
    match done.on_time_rate {
        None => said(page, Role::Dim, "none that the files tell of")?,
        Some(rate) => {
            let late = match (done.late, done.days_late) {
                (1, Some(days)) => format!(", by {}", days_of(days)),
                (_, Some(days)) => format!(", half of them by {} or less", days_of(days)),
                (_, None) => String::new(),
            };
            let all = done.on_time + done.late;
            said(
                page,
                Role::Plain,
                &format!("{} of {all} on time ({}); {} late{late}", done.on_time, percent(rate), done.late),
            )?;
            let lines = report.spans.iter().map(|span| Line {
                name: span_name(report.every, span.from),
                cells: [span.on_time, span.late].map(words::number).to_vec(),
                bar: [span.on_time, span.late, 0],
                after: String::new(),
            });
            table(page, [report.every.as_str(), "# on time", "! late"], &lines.collect::<Vec<_>>())?;
        }
    }
    if done.unmeasured > 0 {
        let touches = words::count(done.unmeasured, "touch", "touches");
        said(
            page,
            Role::Dim,
            &format!("and {touches} for which nothing was due by then, as far as the files tell"),
        )?;
    }
    let now = report.standing;
    let mut standing =
        format!("today: {} late, {} for today, {} still to come", now.late, now.today, now.later);
    if now.cracks > 0 {
        standing.push_str(&format!(", {} with no next step", now.cracks));
    }
    said(page, if now.late > 0 { Role::Late } else { Role::Plain }, &standing)
}

fn reach(page: &mut Page, report: &FiguresReport) -> Result<(), Failure> {
    title(page, "Reach by channel")?;
    if report.channels.is_empty() {
        return said(page, Role::Dim, "no touches in this time");
    }
    let lines = report.channels.iter().map(|row| {
        let came = row.reached + row.answered;
        let answers = row.answer_days.map(|days| match days {
            0 => "answers the same day".to_owned(),
            days => format!("answers after {}", days_of(days)),
        });
        let theirs = (row.incoming > 0).then(|| format!("{} from them", row.incoming));
        Line {
            name: clean(row.channel.as_str()).into_owned(),
            cells: vec![
                words::number(row.touches),
                words::number(came),
                row.reach_rate.map(percent).unwrap_or_default(),
            ],
            bar: [came, 0, row.touches - came.min(row.touches)],
            after: answers.into_iter().chain(theirs).collect::<Vec<_>>().join(", "),
        }
    });
    table(page, ["channel", "touches", "# reached", "rate"], &lines.collect::<Vec<_>>())
}

fn promises(page: &mut Page, report: &FiguresReport) -> Result<(), Failure> {
    title(page, "Promises")?;
    let line = |name: &str, row: PromiseRow| Line {
        name: name.to_owned(),
        cells: [row.kept, row.late, row.open].map(words::number).to_vec(),
        bar: [row.kept, row.late, row.open],
        after: if row.undated > 0 {
            format!("and {} open without a day", row.undated)
        } else {
            String::new()
        },
    };
    let (ours, theirs) = (report.promises.ours, report.promises.theirs);
    if [ours, theirs].iter().all(|row| row.kept + row.open + row.late + row.undated == 0) {
        return said(page, Role::Dim, "none");
    }
    table(page, ["whose", "# kept", "! late", ". open"], &[line("ours", ours), line("theirs", theirs)])
}

fn pipeline(page: &mut Page, report: &FiguresReport) -> Result<(), Failure> {
    title(page, "Pipeline")?;
    let lines = report.pipeline.iter().map(|row| Line {
        name: clean(&row.stage).into_owned(),
        cells: vec![words::number(row.contacts)],
        bar: match row.group {
            "open" | "won" => [row.contacts, 0, 0],
            _ => [0, 0, row.contacts],
        },
        after: clean(&row.values.iter().map(words::money).collect::<Vec<_>>().join(", ")).into_owned(),
    });
    table(page, ["stage", "contacts"], &lines.collect::<Vec<_>>())
}

fn added(page: &mut Page, report: &FiguresReport) -> Result<(), Failure> {
    title(page, "Came in")?;
    if report.added == 0 {
        return said(page, Role::Dim, "nobody in this time");
    }
    let lines = report.sources.iter().take(SOURCES).map(|row| Line {
        name: row
            .source
            .as_deref()
            .map_or_else(|| "not said".to_owned(), |source| clean(source).into_owned()),
        cells: vec![words::number(row.contacts)],
        bar: [row.contacts, 0, 0],
        after: String::new(),
    });
    table(page, ["from", "contacts"], &lines.collect::<Vec<_>>())?;
    match report.sources.len().saturating_sub(SOURCES) {
        0 => Ok(()),
        more => said(page, Role::Dim, &format!("and {}", words::count(more, "more source", "more sources"))),
    }
}

fn team(page: &mut Page, report: &FiguresReport) -> Result<(), Failure> {
    title(page, "Team")?;
    if report.team.is_empty() {
        return said(page, Role::Dim, "no touches in this time");
    }
    let spans = report.spans.len();
    let every = report.every.as_str();
    let lines = report.team.iter().map(|row| Line {
        name: clean(row.who.as_deref().unwrap_or("nobody named")).into_owned(),
        cells: vec![
            words::number(row.touches),
            format!("{:.1}", row.touches as f64 / spans.max(1) as f64),
            format!("{}/{spans}", row.active),
        ],
        bar: [row.touches, 0, 0],
        after: String::new(),
    });
    let (a, active) = (format!("a {every}"), format!("{every}s"));
    table(page, ["who", "touches", &a, &active], &lines.collect::<Vec<_>>())
}

fn title(page: &mut Page, text: &str) -> Result<(), Failure> {
    writeln!(page, "\n{}", page.paint(Role::Strong, text))?;
    Ok(())
}

/// A sentence below a title.
fn said(page: &mut Page, role: Role, text: &str) -> Result<(), Failure> {
    let most = page.width.map_or(usize::MAX, |columns| columns.saturating_sub(2));
    for line in wrap(text, most) {
        writeln!(page, "  {}", page.paint(role, line))?;
    }
    Ok(())
}

/// Names on the left, figures on the right, then a bar. A narrow page has shorter bars and names, and then no bars.
fn table<const N: usize>(page: &mut Page, titles: [&str; N], lines: &[Line]) -> Result<(), Failure> {
    let names = lines.iter().map(|line| width(&line.name)).max().unwrap_or(0).max(width(titles[0]));
    let wide = |at: usize| {
        let cells = lines.iter().filter_map(|line| line.cells.get(at)).map(|cell| width(cell));
        cells.max().unwrap_or(0).max(width(titles[at + 1]))
    };
    let columns: Vec<usize> = (0..N - 1).map(wide).collect();
    let figures: usize = columns.iter().map(|columns| columns + 2).sum();
    let room = page.width.unwrap_or(80).saturating_sub(2);
    let names = names.min(room.saturating_sub(figures)).max(6);
    let left = room.saturating_sub(names + figures + 2);
    let most = lines.iter().map(|line| line.bar.iter().sum::<usize>()).max().unwrap_or(0);
    let after = lines.iter().map(|line| width(&line.after)).max().unwrap_or(0);
    // What stands behind a bar is cut before the bar is gone.
    let longest =
        left.saturating_sub(if after > 0 { after + 2 } else { 0 }).max(left / 3).min(LONGEST).min(most);
    let mut heading = pad(&fit(titles[0], names), names);
    for (title, columns) in titles[1..].iter().zip(&columns) {
        heading.push_str(&format!("  {}", pad_left(title, *columns)));
    }
    writeln!(page, "  {}", page.paint(Role::Dim, heading.trim_end()))?;
    for line in lines {
        write!(page, "  {}", pad(&fit(&line.name, names), names))?;
        for (cell, columns) in line.cells.iter().zip(&columns) {
            write!(page, "  {}", pad_left(cell, *columns))?;
        }
        let drawn = scaled(line.bar, longest, most);
        let length: usize = drawn.iter().sum();
        if length > 0 {
            write!(page, "  ")?;
        }
        for ((sign, role), count) in PARTS.iter().zip(drawn).filter(|(_, count)| *count > 0) {
            write!(page, "{}", page.paint(*role, sign.to_string().repeat(count)))?;
        }
        let behind = page.width.map_or(usize::MAX, |_| left.saturating_sub(longest + 2));
        if !line.after.is_empty() && behind > 3 {
            let space = " ".repeat(longest - length + if length > 0 { 2 } else { 4 });
            write!(page, "{space}{}", page.paint(Role::Dim, fit(&line.after, behind)))?;
        }
        writeln!(page)?;
    }
    Ok(())
}

/// The lengths of a bar's parts where `most` are `longest` characters. What is there is never drawn as nothing.
fn scaled(parts: [usize; 3], longest: usize, most: usize) -> [usize; 3] {
    if longest == 0 {
        return [0; 3];
    }
    let mut drawn = parts.map(|count| (count * longest).div_ceil(most.max(1)).min(longest));
    while drawn.iter().sum::<usize>() > longest {
        let Some(widest) = drawn.iter_mut().max() else { break };
        *widest -= 1;
    }
    drawn
}

/// `Mon 7 Sep 2026`.
fn day(date: Date) -> String {
    date.to_chrono().format("%a %-d %b %Y").to_string()
}

/// A span by its first day: `7 Sep`, `Sep 2026`, `2026`.
fn span_name(every: Every, from: Date) -> String {
    let form = match every {
        Every::Week => "%-d %b",
        Every::Month => "%b %Y",
        Every::Year => "%Y",
    };
    from.to_chrono().format(form).to_string()
}

fn days_of(days: i64) -> String {
    words::count(usize::try_from(days).unwrap_or(0), "day", "days")
}

/// `71%`.
fn percent(rate: f64) -> String {
    format!("{:.0}%", rate * 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_keep_their_length_and_lose_no_part() {
        for (parts, longest, most, drawn) in [
            ([3, 2, 0], 5, 5, [3, 2, 0]),
            ([3, 2, 0], 10, 5, [6, 4, 0]),
            ([1000, 1, 0], 10, 1001, [9, 1, 0]),
            ([1, 1, 1000], 10, 1002, [1, 1, 8]),
            ([0, 0, 0], 10, 5, [0, 0, 0]),
            ([0, 0, 0], 10, 0, [0, 0, 0]),
            ([5, 5, 5], 0, 15, [0, 0, 0]),
            ([50, 0, 0], 30, 100, [15, 0, 0]),
        ] {
            assert_eq!(scaled(parts, longest, most), drawn, "{parts:?} {longest} {most}");
        }
    }
}
