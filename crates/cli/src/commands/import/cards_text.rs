//! What an import of contacts came to, in words.

use std::fmt::Write;

use tickler_core::wire::{ColumnRow, ImportReport, ImportRow};

use super::cards::MOST_SHOWN;
use crate::plain::clean;
use crate::style::{Paint, Role};
use crate::words;

/// Into a pipe no more rows than these are said to be refused: all of them are in the file beside.
const MOST_IN_A_PIPE: usize = 200;

/// The counts, the rows where they are asked for or few, and the columns. `is_short`: somebody reads it on a terminal.
pub fn summary(report: &ImportReport, is_short: bool, paint: Paint) -> String {
    let mut text = format!(
        "created {}, updated {}, same {}, refused {}\n",
        words::number(report.created),
        words::number(report.updated),
        words::number(report.same),
        words::number(report.refused),
    );
    let lines = rows(report);
    let shown = if is_short || !report.dry_run { MOST_SHOWN } else { usize::MAX };
    for line in lines.iter().take(shown) {
        let _ = writeln!(text, "{line}");
    }
    let more = lines.len().saturating_sub(shown);
    if more > 0 {
        let _ = writeln!(text, "{}", paint.as_role(Role::Dim, format!("… and {} more", words::number(more))));
    }
    text += &columns(&report.columns);
    if !report.left_aside.is_empty() {
        let aside = report.left_aside.iter();
        let aside: Vec<String> =
            aside.map(|(what, count)| format!("{} ({})", clean(what), words::number(*count))).collect();
        let _ = writeln!(text, "left aside: {}", aside.join(", "));
    }
    text
}

/// A line for each row that does something, in the file's order. Of what is done already, new contacts are told only
/// where they are few, and what was refused is told elsewhere.
fn rows(report: &ImportReport) -> Vec<String> {
    let tells_new = report.dry_run || report.created <= MOST_SHOWN;
    let contacts = report.contacts.iter().filter(|row| tells_new || !row.is_new);
    let at = |file: &Option<String>, line: usize| match file {
        Some(file) => format!("{}:{line}", clean(file)),
        None => format!("line {line}"),
    };
    let mut lines: Vec<(Option<&String>, usize, String, &str, String)> = contacts
        .map(|row| {
            let what = if row.is_new { "new" } else { "update" };
            (row.file.as_ref(), row.line, at(&row.file, row.line), what, contact(row))
        })
        .collect();
    if report.dry_run {
        lines.extend(report.refusals.iter().map(|row| {
            let why = clean(&row.why).into_owned();
            (row.file.as_ref(), row.line, at(&row.file, row.line), "refused", why)
        }));
    }
    if lines.iter().all(|(file, ..)| file.is_none()) {
        lines.sort_by_key(|(_, line, ..)| *line);
    }
    let width = lines.iter().map(|(_, _, at, ..)| at.len()).max().unwrap_or_default();
    lines.iter().map(|(_, _, at, what, said)| format!("{at:<width$}  {what:<7}  {said}")).collect()
}

/// `jane-doe  Jane Doe (Acme)`; `bob  by email bob@x.example: phone +1 555 0100`.
fn contact(row: &ImportRow) -> String {
    let id = clean(&row.id);
    if let Some(by) = &row.by {
        return format!("{id}  by {}: {}", clean(by), clean(&row.changes.join(", ")));
    }
    match (&row.name, &row.company) {
        (Some(name), Some(company)) if name != company => {
            format!("{id}  {} ({})", clean(name), clean(company))
        }
        (Some(name), _) | (None, Some(name)) => format!("{id}  {}", clean(name)),
        (None, None) => id.into_owned(),
    }
}

/// `First Name → name (filled in 120)`, and those that were left out.
fn columns(columns: &[ColumnRow]) -> String {
    let mut text = String::new();
    for column in columns {
        if let Some(key) = &column.key {
            let filled = words::number(column.filled);
            let _ = writeln!(text, "{} → {} (filled in {filled})", clean(&column.name), clean(key));
        }
    }
    let left = columns.iter().filter(|column| column.key.is_none());
    let left: Vec<String> = left
        .map(|column| format!("{} (filled in {})", clean(&column.name), words::number(column.filled)))
        .collect();
    if !left.is_empty() {
        let _ = writeln!(text, "not taken: {}", left.join(", "));
    }
    text
}

/// What was refused, and what to do about it. `is_short`: somebody reads it on a terminal.
pub fn refusals(report: &ImportReport, is_short: bool) -> String {
    let mut text = String::new();
    let shown = if is_short { MOST_SHOWN } else { MOST_IN_A_PIPE };
    for row in report.refusals.iter().take(shown) {
        let file = row.file.as_ref().unwrap_or(&report.file);
        let _ = writeln!(text, "{}:{}: {}", clean(file), row.line, clean(&row.why));
    }
    let more = report.refusals.len().saturating_sub(shown);
    if more > 0 {
        let _ = writeln!(text, "and {} more", words::number(more));
    }
    if let Some(file) = &report.refused_file {
        let file = clean(file);
        let _ = writeln!(text, "what was refused is in \"{file}\"");
        let _ = writeln!(text, "hint: mend it there, and run `tickler {} \"{file}\"`", report.verb);
    }
    text
}
