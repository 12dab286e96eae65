//! What kind of message it is: from one to another, or one that no human being wrote to us.

use chrono::{DateTime, FixedOffset};
use mail_parser::{HeaderName, HeaderValue, Message, MimeHeaders};

use super::{Letter, away, report};
use crate::date::Date;

/// What kind of message it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// Somebody wrote it to somebody.
    Personal,
    /// It says that a message did not arrive (RFC 3464, and older ways).
    Bounce {
        /// To whom it did not.
        failed: Vec<String>,
        /// The message, as far as it is told.
        original: Option<Box<Letter>>,
    },
    /// It says that a message was read, or delivered, or is late.
    Receipt,
    /// A program answered for somebody (RFC 3834).
    Automatic {
        /// The days to come of which its text speaks.
        speaks_of: Vec<Date>,
    },
    /// It went to many: a list, a newsletter.
    Bulk,
    /// A draft, or deleted: the program that keeps the mailbox says so.
    Discarded,
}

/// What the headers alone tell of the kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Personal,
    Receipt,
    Bulk,
    Discarded,
    /// By its text: how long they are away.
    Automatic,
    /// By its text: whom it did not reach.
    Report,
}

impl Sort {
    pub fn needs_body(self) -> bool {
        matches!(self, Sort::Automatic | Sort::Report)
    }
}

pub(super) fn sort(message: &Message<'_>) -> Sort {
    let text = |name: &'static str| text(message, name);
    let has = |name: &'static str| message.header(HeaderName::from(name)).is_some();
    if is_discarded(&text) {
        return Sort::Discarded;
    }
    if let Some(sort) = of_type(message) {
        return sort;
    }
    let sender = message.from().and_then(|from| from.first()).and_then(|one| one.address());
    let local = sender.and_then(|sender| sender.split('@').next()).unwrap_or_default().to_ascii_lowercase();
    let is_postman =
        matches!(local.as_str(), "mailer-daemon" | "postmaster" | "mail-daemon" | "mailerdaemon");
    if is_postman || has("X-Failed-Recipients") {
        return Sort::Report;
    }
    let submitted = text("Auto-Submitted");
    let submitted = submitted.split([';', ' ']).next().unwrap_or_default();
    let precedence = text("Precedence");
    if !matches!(submitted, "" | "no")
        || !matches!(text("X-Autoreply").as_str(), "" | "no")
        || has("X-Autorespond")
        || precedence == "auto_reply"
    {
        return Sort::Automatic;
    }
    let is_bulk = ["List-Id", "List-Unsubscribe"].into_iter().any(has);
    if is_bulk || matches!(precedence.as_str(), "bulk" | "list" | "junk") {
        return Sort::Bulk;
    }
    if is_automatic_subject(message.subject().unwrap_or_default()) { Sort::Automatic } else { Sort::Personal }
}

/// What a report says of itself.
fn of_type(message: &Message<'_>) -> Option<Sort> {
    let kind = message.content_type()?;
    if kind.ctype() != "multipart" || kind.subtype() != Some("report") {
        return None;
    }
    match kind.attribute("report-type").map(str::to_ascii_lowercase).as_deref() {
        Some("disposition-notification") => Some(Sort::Receipt),
        Some("delivery-status") | None => Some(Sort::Report),
        // Of abuse, of a domain's checks.
        Some(_) => Some(Sort::Bulk),
    }
}

pub(super) fn of_head(sort: Sort) -> Kind {
    match sort {
        Sort::Personal => Kind::Personal,
        Sort::Receipt => Kind::Receipt,
        Sort::Bulk | Sort::Report => Kind::Bulk,
        Sort::Discarded => Kind::Discarded,
        Sort::Automatic => Kind::Automatic { speaks_of: Vec::new() },
    }
}

pub(super) fn of_body(sort: Sort, message: &Message<'_>, at: Option<DateTime<FixedOffset>>) -> Kind {
    match sort {
        Sort::Report => report::read(message, &text(message, "X-Failed-Recipients")),
        Sort::Automatic => {
            let text = message.body_text(0).unwrap_or_default();
            let day = at.map(|at| Date::from_chrono(at.date_naive()));
            Kind::Automatic { speaks_of: day.map(|day| away::days(&text, day)).unwrap_or_default() }
        }
        other => of_head(other),
    }
}

/// A header of no structure, in lower case.
fn text(message: &Message<'_>, name: &'static str) -> String {
    match message.header(HeaderName::from(name)) {
        Some(HeaderValue::Text(text)) => text.trim().to_ascii_lowercase(),
        _ => String::new(),
    }
}

/// Whether the program that keeps the mailbox marks it as deleted, as a draft or as its own.
fn is_discarded(text: &impl Fn(&'static str) -> String) -> bool {
    /// Deleted, and to go when the file is tidied (Thunderbird).
    const EXPUNGED: u32 = 0x8;
    let status = u32::from_str_radix(&text("X-Mozilla-Status"), 16).unwrap_or_default();
    let flags = text("X-Status");
    status & EXPUNGED != 0
        || flags.contains('d')
        || flags.contains('t')
        || !text("X-IMAPbase").is_empty() && { text("Subject").starts_with("don't delete this message") }
}

/// How the subjects of automatic answers begin.
const AUTOMATIC: [&str; 16] = [
    "automatic reply",
    "automatic response",
    "auto-reply",
    "auto reply",
    "autoreply",
    "auto response",
    "autoresponse",
    "out of office",
    "out of the office",
    "automatische antwort",
    "abwesenheitsnotiz",
    "abwesenheitsnachricht",
    "réponse automatique",
    "absence du bureau",
    "respuesta automática",
    "fuera de la oficina",
];

fn is_automatic_subject(subject: &str) -> bool {
    let subject = subject.trim().to_lowercase();
    AUTOMATIC.iter().any(|beginning| {
        subject.strip_prefix(beginning).is_some_and(|rest| {
            // `Out of office: Specs`, and not `Out of office space`.
            let rest =
                rest.strip_prefix(" reply").or(rest.strip_prefix(" autoreply")).unwrap_or(rest).trim_start();
            rest.is_empty() || rest.starts_with([':', '-', '(', '['])
        })
    })
}
