//! What an import of mail came to, in words.

use std::io::{self, Write};

use tickler_core::verbs::{Logged, Tally};
use tickler_core::wire::RefusedMessage;

use super::strangers;
use crate::context::Context;
use crate::mailbox::Walked;
use crate::page::Page;
use crate::plain::clean;
use crate::style::Role;
use crate::words;

/// On a terminal, more contacts than these are not named one by one.
const MOST: usize = 20;

/// A line a contact.
pub fn contacts(page: &mut Page, contacts: &[Logged]) -> io::Result<()> {
    if page.width.is_some() && contacts.len() > MOST {
        return Ok(());
    }
    let widest = contacts.iter().map(|one| one.id.chars().count()).max().unwrap_or_default();
    for one in contacts {
        let messages = words::count(one.messages, "message", "messages");
        let id = clean(&one.id);
        let room = " ".repeat(widest.saturating_sub(id.chars().count()));
        writeln!(page, "  {id}{room}  {}  {}", clean(&one.name), page.paint(Role::Dim, messages))?;
    }
    Ok(())
}

/// How many messages came to what, what automatic answers say, and whom the notebook does not know.
pub fn counts(context: &Context, tally: &Tally, walked: &Walked, refused: &[RefusedMessage]) {
    let paint = context.stderr_paint();
    let read = words::count(tally.read + walked.set_aside, "message", "messages");
    let parts = parts(tally, walked, refused);
    let line = if parts.is_empty() { read } else { format!("{read}: {}", parts.join(", ")) };
    anstream::eprintln!("{}", paint.as_role(Role::Dim, line));
    if !walked.folders.is_empty() {
        let names: Vec<String> =
            walked.folders.iter().map(|path| clean(&path.display().to_string()).into_owned()).collect();
        let line = format!("left aside: {}; name one of them to have it read", names.join(", "));
        anstream::eprintln!("{}", paint.as_role(Role::Dim, line));
    }
    for one in &tally.announced {
        let (id, day) = (clean(&one.id), one.speaks_of);
        let way = paint.as_role(Role::Command, format!("tickler set {id} away.until={day}"));
        anstream::eprintln!(
            "{id}: an automatic reply of {} speaks of {day}; if they are away until then: {way}",
            one.on
        );
    }
    strangers::list(context, &tally.strangers, "messages");
}

/// `14 logged`, `3 there already`, what there is of it.
fn parts(tally: &Tally, walked: &Walked, refused: &[RefusedMessage]) -> Vec<String> {
    let of_logged: Vec<String> = [(tally.bounced, "bounced"), (tally.automatic, "automatic")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", words::number(count)))
        .collect();
    let of_logged =
        if of_logged.is_empty() { String::new() } else { format!(" (of these {})", of_logged.join(", ")) };
    let unknown = tally.unknown + tally.bounced_unknown + tally.automatic_unknown;
    [
        (tally.logged, format!("logged{of_logged}")),
        (tally.already, "there already".to_owned()),
        (tally.again, "twice".to_owned()),
        (unknown, "with nobody known".to_owned()),
        (tally.bulk, "of lists".to_owned()),
        (tally.receipts, "receipts".to_owned()),
        (tally.discarded + walked.set_aside, "drafts or deleted".to_owned()),
        (tally.earlier, "too early".to_owned()),
        (refused.len() + tally.refused, "refused".to_owned()),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{} {what}", words::number(count)))
    .collect()
}
