//! What an import of mail came to, as JSON.

use serde::Serialize;

use super::{DeedReport, StrangerRow};
use crate::verbs::Tally;

/// What `import mail --format json` answers.
#[derive(Debug, Serialize)]
pub struct MailReport {
    /// What was done.
    #[serde(flatten)]
    pub deed: DeedReport,
    /// Whether it was only shown.
    pub dry_run: bool,
    /// How many messages came to what.
    pub messages: MailCounts,
    /// The contacts whose logs have something new.
    pub contacts: Vec<MailContact>,
    /// Days of which automatic answers speak.
    pub announced: Vec<AnnouncedDay>,
    /// Whom the notebook does not know, the most frequent first.
    pub strangers: Vec<StrangerRow>,
    /// What could not be taken: where it is, and why.
    pub refused: Vec<RefusedMessage>,
}

/// How many messages came to what.
#[derive(Debug, Clone, Copy, Serialize)]
#[expect(missing_docs, reason = "each is what `Tally` says it is")]
pub struct MailCounts {
    pub read: usize,
    pub logged: usize,
    pub already: usize,
    pub bounced: usize,
    pub automatic: usize,
    pub bulk: usize,
    pub receipts: usize,
    pub discarded: usize,
    pub earlier: usize,
    pub unknown: usize,
}

/// A contact whose log has something new.
#[derive(Debug, Clone, Serialize)]
pub struct MailContact {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// How many messages are new.
    pub messages: usize,
}

/// A day of which an automatic answer speaks.
#[derive(Debug, Clone, Serialize)]
pub struct AnnouncedDay {
    /// Whose answer it is.
    pub id: String,
    /// The day of the answer.
    pub on: String,
    /// The day that it names.
    pub speaks_of: String,
}

/// A message that could not be taken.
#[derive(Debug, Clone, Serialize)]
pub struct RefusedMessage {
    /// Where it is.
    pub place: String,
    /// Why.
    pub why: String,
}

impl MailReport {
    /// Of an import. `set_aside` were not even read: their files say that they are drafts, or deleted.
    pub fn new(
        deed: DeedReport,
        dry_run: bool,
        tally: &Tally,
        set_aside: usize,
        refused: Vec<RefusedMessage>,
    ) -> MailReport {
        let contact = |one: &crate::verbs::Logged| MailContact {
            id: one.id.clone(),
            name: one.name.clone(),
            messages: one.messages,
        };
        let day = |one: &crate::verbs::Announced| AnnouncedDay {
            id: one.id.clone(),
            on: one.on.to_string(),
            speaks_of: one.speaks_of.to_string(),
        };
        MailReport {
            deed,
            dry_run,
            messages: MailCounts {
                read: tally.read + set_aside,
                logged: tally.logged,
                already: tally.already + tally.again,
                bounced: tally.bounced,
                automatic: tally.automatic,
                bulk: tally.bulk,
                receipts: tally.receipts,
                discarded: tally.discarded + set_aside,
                earlier: tally.earlier,
                unknown: tally.unknown + tally.bounced_unknown + tally.automatic_unknown,
            },
            contacts: tally.contacts.iter().map(contact).collect(),
            announced: tally.announced.iter().map(day).collect(),
            strangers: tally.strangers.iter().map(StrangerRow::from).collect(),
            refused,
        }
    }
}
