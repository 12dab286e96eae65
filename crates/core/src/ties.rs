//! Who knows whom: referrals, links of the bodies both ways, the same company (CLI contract, `who`).

use serde::{Deserialize, Serialize};

use crate::contact::{Contact, ContactKind, LinkTarget};
use crate::fold::fold;

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
    if id.is_ascii() && written.is_ascii() && !id.contains('/') {
        return id.eq_ignore_ascii_case(written);
    }
    let written = fold(written);
    let id = fold(id);
    *id == *written || id.rsplit('/').next().is_some_and(|name| name == &*written)
}

fn is_same_company(contact: &Contact, other: &Contact) -> bool {
    match (company(contact), company(other)) {
        (Some(one), Some(two)) => fold(one.trim()) == fold(two.trim()),
        _ => false,
    }
}

/// The company that a person works for, or that an organisation is.
fn company(contact: &Contact) -> Option<&str> {
    let own = contact.head.company.as_deref();
    let company = if contact.head.kind == ContactKind::Org { own.or(Some(&contact.name)) } else { own };
    company.filter(|company| !company.trim().is_empty())
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
