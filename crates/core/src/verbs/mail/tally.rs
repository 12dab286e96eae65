//! What an import of mail came to, in numbers and names.

use crate::date::Date;
use crate::verbs::{Addresses, Stranger};

/// What an import of mail came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// All messages that were read.
    pub read: usize,
    /// Those that were to or from a contact, and not too old.
    pub taken: usize,
    /// Those that are new in the log of at least one contact.
    pub logged: usize,
    /// Entries that the log had already.
    pub already: usize,
    /// The same message once more, in another folder.
    pub again: usize,
    /// Of those logged: they did not arrive.
    pub bounced: usize,
    /// Of those logged: a program answered.
    pub automatic: usize,
    /// Not logged: they did not arrive at somebody unknown.
    pub bounced_unknown: usize,
    /// Not logged: a program of somebody unknown answered.
    pub automatic_unknown: usize,
    /// Not logged: lists and newsletters.
    pub bulk: usize,
    /// Not logged: they say that a message was read or delivered.
    pub receipts: usize,
    /// Not logged: drafts, and what was deleted.
    pub discarded: usize,
    /// Not logged: written before the day from which on messages were wanted.
    pub earlier: usize,
    /// Not logged: neither from nor to a contact.
    pub unknown: usize,
    /// Not logged: the contact's file cannot be changed.
    pub refused: usize,
    /// The contacts whose logs have something new, by id.
    pub contacts: Vec<Logged>,
    /// The days of which automatic answers speak.
    pub announced: Vec<Announced>,
    /// Whom the notebook does not know, the most frequent first.
    pub strangers: Vec<Stranger>,
}

/// A contact whose log has something new.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Whether it is an organisation.
    pub is_org: bool,
    /// How many messages are new.
    pub messages: usize,
}

/// A day of which an automatic answer speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Announced {
    /// Whose answer it is.
    pub id: String,
    /// The day of the answer.
    pub on: Date,
    /// The day that it names.
    pub speaks_of: Date,
}

/// Addresses of programs.
const PROGRAMS: [&str; 12] = [
    "noreply",
    "no-reply",
    "no_reply",
    "donotreply",
    "do-not-reply",
    "mailer-daemon",
    "postmaster",
    "bounce",
    "bounces",
    "notification",
    "notifications",
    "automailer",
];
/// Addresses of offices; those of our own house are nobody to follow up with.
const OFFICES: [&str; 16] = [
    "info",
    "office",
    "sales",
    "contact",
    "support",
    "team",
    "hello",
    "admin",
    "billing",
    "invoices",
    "accounting",
    "help",
    "jobs",
    "hr",
    "service",
    "webmaster",
];

/// Whether nobody is to be met there: a program, or an office of our own house.
pub(super) fn is_nobody(address: &str, addresses: &Addresses) -> bool {
    let address = address.to_lowercase();
    let Some((local, domain)) = address.rsplit_once('@') else { return true };
    let local = local.split('+').next().unwrap_or(local);
    let is_program = PROGRAMS.contains(&local)
        || PROGRAMS[..5].iter().any(|name| local.starts_with(name) || local.ends_with(name));
    is_program || OFFICES.contains(&local) && addresses.has_domain(domain)
}
