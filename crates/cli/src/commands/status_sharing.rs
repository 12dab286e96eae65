//! What `status` says of sharing: what merges left to settle, and what the others do not have yet.

use std::io;

use chrono::{DateTime, SecondsFormat, Utc};
use tickler_core::contact::Contact;
use tickler_core::describe::describe;
use tickler_core::file;
use tickler_core::git::{Git, Status};
use tickler_core::notebook::{CONTACTS_DIR, Notebook};
use tickler_core::sync;
use tickler_core::wire::{EditRow, SharingReport, UnsettledReport, UnsettledRow};

use crate::context::Context;
use crate::plain::clean;
use crate::sheet::Sheet;
use crate::spans::{Span, span};
use crate::style::Role;
use crate::words;

/// How many lines are shown of what is to be settled.
const MOST: usize = 20;

/// One row for each; nothing where all is settled.
pub fn to_settle(unsettled: &UnsettledReport, sheet: &mut Sheet<'_>) -> io::Result<()> {
    let rows = lines(unsettled);
    for row in rows.iter().take(MOST) {
        sheet.row("to settle", row)?;
    }
    if let Some(more) = rows.len().checked_sub(MOST).filter(|more| *more > 0) {
        sheet.row("to settle", &[span(Role::Dim, format!("and {} more", words::number(more)))])?;
    }
    Ok(())
}

fn lines(unsettled: &UnsettledReport) -> Vec<Vec<Span>> {
    let of_contact = |row: &UnsettledRow| {
        let mut what = row.keys.clone();
        match row.quoted {
            0 => {}
            1 => what.push("a version of its text".to_owned()),
            n => what.push(format!("{n} versions of its text")),
        }
        vec![span(Role::Caution, &row.file), span(Role::Plain, format!(": {}", words::list(&what)))]
    };
    let of_version = |file: &String| {
        vec![span(Role::Caution, file), span(Role::Plain, ": a version that could not be joined")]
    };
    unsettled.contacts.iter().map(of_contact).chain(unsettled.versions.iter().map(of_version)).collect()
}

/// What the first `most` files of a kind that changed by hand say now; of contacts alone.
pub fn edits(notebook: &Notebook, git: &Git, status: &Status, most: usize) -> Vec<EditRow> {
    let kinds = [&status.changed, &status.new, &status.removed];
    let files = kinds.into_iter().flat_map(|files| files.iter().take(most));
    let contacts = files.filter_map(|file| {
        let stem = file.strip_prefix(CONTACTS_DIR)?.strip_prefix('/')?.strip_suffix(".md")?;
        Some((file, stem.rsplit('/').next().unwrap_or(stem)))
    });
    let described = contacts.filter_map(|(file, stem)| {
        let read = |bytes: Vec<u8>| contact(&bytes, stem, notebook);
        // What cannot be had is no reason to say nothing of the rest.
        let before = git.head_content(file).ok()?.map(read);
        let after = notebook.bytes(file).ok()?.map(read);
        Some(EditRow { file: file.clone(), what: describe(before.as_ref(), after.as_ref()) })
    });
    described.collect()
}

fn contact(bytes: &[u8], stem: &str, notebook: &Notebook) -> Contact {
    match file::decode(bytes) {
        Ok(text) => file::parse(text, stem, notebook.settings()).contact,
        Err(problem) => file::unreadable(stem, problem).contact,
    }
}

/// With whom the notebook is shared, and since when.
pub fn sharing(notebook: &Notebook, git: &Git, status: &Status) -> Option<SharingReport> {
    // With several remotes of which none is followed, nobody knows.
    let remote = git.remote().ok().flatten()?;
    let last = sync::last_good(notebook).map(DateTime::<Utc>::from);
    Some(SharingReport {
        remote: remote.name,
        url: remote.address,
        last: last.map(|last| last.to_rfc3339_opts(SecondsFormat::Secs, true)),
        ahead: status.upstream.as_ref().map(|upstream| upstream.ahead),
    })
}

/// When all was shared last, and what is not shared yet.
pub fn shared(
    context: &Context,
    sharing: &SharingReport,
    status: &Status,
    sheet: &mut Sheet<'_>,
) -> io::Result<()> {
    let last = sharing.last.as_deref().and_then(|last| DateTime::parse_from_rfc3339(last).ok());
    let with = clean(&sharing.remote);
    let said = match last.map(|last| context.local(last)) {
        Some((date, time)) if date == context.today => format!("today {time}, with {with}"),
        Some((date, time)) => {
            let (day, distance) = (words::day(date, context.today), words::distance(date, context.today));
            format!("{day} {time}, {distance}, with {with}")
        }
        None => format!("never yet with {with}"),
    };
    sheet.row("shared", &[span(Role::Plain, said)])?;
    let by_hand = status.changed.len() + status.new.len() + status.removed.len();
    match waiting(sharing.ahead, by_hand) {
        Some(waiting) => {
            let way = span(Role::Command, "tickler sync");
            sheet.row("to share", &[span(Role::Plain, format!("{waiting}: ")), way])
        }
        None => Ok(()),
    }
}

/// What the others do not have yet.
fn waiting(ahead: Option<usize>, by_hand: usize) -> Option<String> {
    let mut waiting = Vec::new();
    match ahead {
        None => waiting.push("all of it".to_owned()),
        Some(0) => {}
        Some(ahead) => waiting.push(words::count(ahead, "commit", "commits")),
    }
    if by_hand > 0 && ahead.is_some() {
        waiting.push(format!("{} changed by hand", words::count(by_hand, "file", "files")));
    }
    (!waiting.is_empty()).then(|| words::list(&waiting))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_to_be_shared_in_words() {
        for (ahead, by_hand, said) in [
            (Some(0), 0, None),
            (Some(1), 0, Some("1 commit")),
            (Some(0), 3, Some("3 files changed by hand")),
            (Some(2), 1, Some("2 commits and 1 file changed by hand")),
            (None, 0, Some("all of it")),
            (None, 5, Some("all of it")),
        ] {
            assert_eq!(waiting(ahead, by_hand).as_deref(), said);
        }
    }

    #[test]
    fn what_is_to_be_settled_in_words() {
        let row = |file: &str, keys: &[&str], quoted| UnsettledRow {
            file: file.into(),
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            quoted,
        };
        let unsettled = UnsettledReport {
            contacts: vec![
                row("contacts/a.md", &["city"], 0),
                row("contacts/b.md", &["city", "prefers.hours"], 1),
                row("contacts/c.md", &[], 3),
            ],
            versions: vec!["conflicts/d-0a1b2c3d.md".into()],
        };
        let said: Vec<String> = lines(&unsettled)
            .iter()
            .map(|line| line.iter().map(|span| span.text.as_str()).collect())
            .collect();
        assert_eq!(
            said,
            [
                "contacts/a.md: city",
                "contacts/b.md: city, prefers.hours and a version of its text",
                "contacts/c.md: 3 versions of its text",
                "conflicts/d-0a1b2c3d.md: a version that could not be joined",
            ]
        );
    }
}
