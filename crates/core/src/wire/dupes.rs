//! What `dupes` gives as JSON.

use serde::Serialize;

use crate::contact::Contact;
use crate::likeness::Reason;

/// `dupes --format json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DupesReport {
    /// How many pairs there are, whatever the limit.
    pub found: usize,
    /// The likeliest first.
    pub pairs: Vec<DupeRow>,
}

/// Two contacts that may be one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DupeRow {
    /// How likely, to 100.
    pub score: u8,
    /// The one whose file would stay.
    pub a: DupeSide,
    /// The other.
    pub b: DupeSide,
    /// Why, the weightiest first.
    pub reasons: Vec<DupeReason>,
}

/// One of two who may be one person.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct DupeSide {
    pub id: String,
    pub name: String,
    pub company: Option<String>,
}

/// One thing that speaks for it, or against it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DupeReason {
    /// A word that stays the same: `email`, `name`, `other-company`.
    pub kind: &'static str,
    /// In words.
    pub text: String,
    /// It speaks against it.
    pub against: bool,
}

impl DupeRow {
    /// Of two contacts.
    pub fn new(score: u8, a: &Contact, b: &Contact, reasons: &[Reason]) -> DupeRow {
        let reason = |reason: &Reason| DupeReason {
            kind: reason.kind(),
            text: reason.to_string(),
            against: reason.is_against(),
        };
        DupeRow {
            score,
            a: DupeSide::of(a),
            b: DupeSide::of(b),
            reasons: reasons.iter().map(reason).collect(),
        }
    }

    /// All reasons on one line.
    pub fn why(&self) -> String {
        let texts: Vec<&str> = self.reasons.iter().map(|reason| reason.text.as_str()).collect();
        texts.join(", ")
    }
}

impl DupeSide {
    fn of(contact: &Contact) -> DupeSide {
        DupeSide {
            id: contact.id.as_str().to_owned(),
            name: contact.name.clone(),
            company: super::text(contact.head.company.as_deref()),
        }
    }
}
