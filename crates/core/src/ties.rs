//! Who knows whom: referrals, links of the bodies both ways, the same company (CLI contract, `who`).

use serde::{Deserialize, Serialize};

use crate::contact::{Channel, Contact, ContactKind, Entry, LinkTarget};
use crate::date::{Date, Time};
use crate::fold::fold;
use crate::settings::{Settings, StageGroup};

/// How another contact is connected to the one that is asked about, strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tie {
    /// The other sent them to us: their `referred_by`.
    Referrer,
    /// They sent the other to us: the other's `referred_by`.
    Referred,
    /// Their file links to the other.
    LinksTo,
    /// The other's file links to them.
    LinkedFrom,
    /// They work for the same company, or one is the company.
    SameCompany,
}

/// Every tie from `contact` to `other`, strongest first; empty where there is none, or both are the same.
pub fn ties(contact: &Contact, other: &Contact) -> Vec<Tie> {
    if contact.id == other.id {
        return Vec::new();
    }
    let refers =
        |to: &Contact, from: &Contact| from.head.referred_by.as_deref().is_some_and(|id| is_named(to, id));
    let links = |from: &Contact, to: &Contact| {
        from.links.iter().any(|link| matches!(&link.target, LinkTarget::Contact(id) if is_named(to, id)))
    };
    [
        (Tie::Referrer, refers(other, contact)),
        (Tie::Referred, refers(contact, other)),
        (Tie::LinksTo, links(contact, other)),
        (Tie::LinkedFrom, links(other, contact)),
        (Tie::SameCompany, is_same_company(contact, other)),
    ]
    .into_iter()
    .filter_map(|(tie, holds)| holds.then_some(tie))
    .collect()
}

/// Whether `written`, in a link or a `referred_by`, is the contact: its id, an earlier one, or its file name where
/// two share it.
pub fn is_named(contact: &Contact, written: &str) -> bool {
    let written = written.trim();
    let id = contact.id.as_str();
    if id == written || contact.head.aliases.iter().any(|alias| alias == written) {
        return true;
    }
    if id.is_ascii() && written.is_ascii() && !id.contains('/') && contact.head.aliases.is_empty() {
        return id.eq_ignore_ascii_case(written);
    }
    let written = fold(written);
    let id = fold(id);
    *id == *written
        || contact.head.aliases.iter().any(|alias| *fold(alias) == *written)
        || id.rsplit('/').next().is_some_and(|name| name == &*written)
}

fn is_same_company(contact: &Contact, other: &Contact) -> bool {
    match (company(contact), company(other)) {
        (Some(one), Some(two)) => fold(one.trim()) == fold(two.trim()),
        _ => false,
    }
}

/// The company that a person works for, or that an organisation is.
pub(crate) fn company(contact: &Contact) -> Option<&str> {
    let own = contact.head.company.as_deref();
    let company = if contact.head.kind == ContactKind::Org { own.or(Some(&contact.name)) } else { own };
    company.filter(|company| !company.trim().is_empty())
}

/// Somebody who knows the one that is asked about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Neighbour {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// `role`.
    pub role: Option<String>,
    /// `company`.
    pub company: Option<String>,
    /// How they know each other, strongest first.
    pub ties: Vec<Tie>,
    /// How we were last in touch with them.
    pub last_touch: Option<Touch>,
    /// They asked us to stop, so they are not to be asked for anything.
    pub stopped: bool,
}

impl Neighbour {
    /// `other` as a neighbour of whom it has these ties to, seen on `today`.
    pub fn new(other: &Contact, ties: Vec<Tie>, settings: &Settings, today: Date) -> Neighbour {
        let stage = settings.stage_of(other.head.stage.as_deref());
        let last = other.log.iter().rev().find(|entry| entry.is_touch() && entry.date <= today);
        Neighbour {
            id: other.id.as_str().to_owned(),
            name: other.name.clone(),
            role: other.head.role.clone(),
            company: other.head.company.clone(),
            ties,
            last_touch: last.map(Touch::of),
            stopped: settings.stages.group(stage) == StageGroup::Stopped,
        }
    }
}

/// One touch of the log.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Touch {
    /// The day.
    pub date: Date,
    /// The time, where one is written.
    pub time: Option<Time>,
    /// By what.
    pub channel: Channel,
    /// `in`: they came to us; `out`: we went to them.
    pub direction: &'static str,
    /// It came through to them.
    pub reached: bool,
    /// The words of how it went, without `in` and `out`.
    pub words: Vec<&'static str>,
    /// Who of the team it was.
    pub who: Option<String>,
    /// What was said, Markdown as written.
    pub text: String,
}

impl Touch {
    /// As the log has it.
    pub fn of(entry: &Entry) -> Touch {
        Touch {
            date: entry.date,
            time: entry.time,
            channel: entry.channel.clone(),
            direction: if entry.is_in() { "in" } else { "out" },
            reached: entry.is_reached(),
            words: entry.words.names().filter(|word| !matches!(*word, "in" | "out")).collect(),
            who: entry.who.clone(),
            text: entry.text.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;
    use crate::settings::Settings;

    fn contact(id: &str, head: &str, body: &str) -> Contact {
        file::parse(&format!("+++\n{head}\n+++\n{body}\n"), id, &Settings::default()).contact
    }

    #[test]
    fn every_tie_both_ways() {
        let jane = contact("jane", "referred_by = \"bob-smith\"\ncompany = \"Acme\"", "Knows [[eve]].");
        let bob = contact("bob", "aliases = [\"bob-smith\"]", "Sent us [[jane]].");
        let eve = contact("eve", "company = \" ACME \"", "");
        let acme = contact("acme", "kind = \"org\"\nname = \"Acmé\"", "");
        assert_eq!(ties(&jane, &bob), [Tie::Referrer, Tie::LinkedFrom]);
        assert_eq!(ties(&bob, &jane), [Tie::Referred, Tie::LinksTo]);
        assert_eq!(ties(&jane, &eve), [Tie::LinksTo, Tie::SameCompany]);
        assert_eq!(ties(&acme, &jane), [Tie::SameCompany]);
        assert_eq!(ties(&bob, &eve), []);
        assert_eq!(ties(&jane, &jane), []);
    }

    #[test]
    fn a_name_is_an_id_in_any_case() {
        let jane = contact("acme/Jané-Doe", "", "");
        for (written, is) in [
            ("acme/Jané-Doe", true),
            ("jane-doe", true),
            ("JANÉ-DOE", true),
            ("doe", false),
            ("other/jane-doe", false),
        ] {
            assert_eq!(is_named(&jane, written), is, "{written}");
        }
    }
}
