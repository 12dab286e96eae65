//! How alike two contacts are, as far as they may be one person (the question `dupes`).

mod names;
mod pairs;
#[cfg(test)]
mod tests;

pub use names::NameTie;
pub use pairs::{Pair, pairs};

use std::fmt;

use crate::contact::{Contact, ContactKind, Value};
use crate::date::{Date, YEARLESS};
use crate::fold::fold;
use crate::identity;
use names::Name;

/// The custom key that names contacts which are somebody else, though they look alike.
pub const NOT_SAME: &str = "not_same_as";
/// What scores less is hardly ever one person.
pub const LEAST: u8 = 60;
/// Names in front of an `@` behind which there is rarely one person.
const ROLES: [&str; 20] = [
    "info",
    "office",
    "sales",
    "contact",
    "hello",
    "mail",
    "admin",
    "support",
    "team",
    "service",
    "kontakt",
    "buero",
    "post",
    "reception",
    "events",
    "booking",
    "bookings",
    "reservations",
    "help",
    "billing",
];
/// Words behind a company's name that only say of what kind it is.
const LEGAL: [&str; 20] = [
    "inc", "ltd", "llc", "gmbh", "ag", "kg", "corp", "co", "company", "limited", "plc", "sa", "sas", "srl",
    "bv", "nv", "oy", "ab", "as", "the",
];

/// What of a contact is compared, in the form in which it can be.
#[derive(Debug, Clone)]
pub struct Face {
    /// Its number for whoever asks, such as that in a survey.
    pub index: usize,
    /// Its id and earlier ones, folded.
    ids: Vec<String>,
    not_same: Vec<String>,
    name: Name,
    is_org: bool,
    company: Option<String>,
    uid: Option<String>,
    email: Vec<String>,
    phone: Vec<String>,
    links: Vec<String>,
    birthday: Option<Date>,
}

/// Why two contacts may be one, or may not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The same `uid`.
    Uid,
    /// The id of one is an earlier one of the other: they were joined once, and somebody still wrote to the one.
    Id,
    /// The same address.
    Email(String),
    /// The same number.
    Phone(String),
    /// The same profile or page.
    Link(String),
    /// How their names are alike.
    Name(NameTie),
    /// They work for the same company.
    Company,
    /// They work for different ones.
    OtherCompany,
    /// Their birthdays differ.
    Birthday,
    /// Each has a profile of its own on this host.
    Profile(String),
    /// One is a person and one an organisation.
    Kind,
}

impl Reason {
    /// A word for it, which stays the same.
    pub fn kind(&self) -> &'static str {
        match self {
            Reason::Uid => "uid",
            Reason::Id => "id",
            Reason::Email(_) => "email",
            Reason::Phone(_) => "phone",
            Reason::Link(_) => "link",
            Reason::Name(_) => "name",
            Reason::Company => "company",
            Reason::OtherCompany => "other-company",
            Reason::Birthday => "other-birthday",
            Reason::Profile(_) => "other-profile",
            Reason::Kind => "other-kind",
        }
    }

    /// Whether it speaks against their being one.
    pub fn is_against(&self) -> bool {
        matches!(self, Reason::OtherCompany | Reason::Birthday | Reason::Profile(_) | Reason::Kind)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::Uid => f.write_str("same uid"),
            Reason::Id => f.write_str("an earlier id of the other"),
            Reason::Email(email) => write!(f, "same email {email}"),
            Reason::Phone(phone) => write!(f, "same phone {phone}"),
            Reason::Link(link) => write!(f, "same link {link}"),
            Reason::Name(tie) => tie.fmt(f),
            Reason::Company => f.write_str("same company"),
            Reason::OtherCompany => f.write_str("but another company"),
            Reason::Birthday => f.write_str("but another birthday"),
            Reason::Profile(host) => write!(f, "but another profile on {host}"),
            Reason::Kind => f.write_str("but a person and an organisation"),
        }
    }
}

/// How alike two contacts are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Likeness {
    /// From 0, nobody would think so, to 100, certain.
    pub score: u8,
    /// Why, the weightiest first; what speaks against it last.
    pub reasons: Vec<Reason>,
}

impl Face {
    /// Of a contact; `country` is that of phone numbers that do not say theirs (ISO 3166, two letters).
    pub fn of(index: usize, contact: &Contact, country: Option<&str>) -> Face {
        let head = &contact.head;
        let folded = |text: &String| fold(text.trim()).into_owned();
        let ids = std::iter::once(contact.id.as_str().to_owned()).chain(head.aliases.iter().cloned());
        let birthday = head.dates.iter().find(|(name, _)| name == "birthday").map(|(_, date)| *date);
        Face {
            index,
            ids: ids.map(|id| folded(&id)).collect(),
            not_same: not_same(contact).iter().map(folded).collect(),
            name: Name::of(&contact.name, head.kind == ContactKind::Org),
            is_org: head.kind == ContactKind::Org,
            company: head.company.as_deref().map(plain_company).filter(|company| !company.is_empty()),
            uid: head.uid.clone().filter(|uid| !uid.trim().is_empty()),
            email: head.email.iter().filter_map(|email| identity::email(email)).collect(),
            phone: head.phone.iter().filter_map(|phone| identity::phone(phone, country)).collect(),
            links: head.links.iter().filter_map(|link| identity::url(link)).collect(),
            birthday,
        }
    }

    fn is_called(&self, ids: &[String]) -> bool {
        ids.iter().any(|id| self.ids.contains(id))
    }
}

/// What `not_same_as` of a contact names.
pub fn not_same(contact: &Contact) -> Vec<String> {
    let value = contact.head.custom.iter().find(|(key, _)| key == NOT_SAME).map(|(_, value)| value);
    match value {
        Some(Value::Text(text)) => vec![text.clone()],
        Some(Value::List(items)) => items
            .iter()
            .filter_map(|item| match item {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// How alike the two are; nothing where they are marked as not the same, or have nothing in common.
pub fn likeness(a: &Face, b: &Face) -> Option<Likeness> {
    if a.is_called(&b.not_same) || b.is_called(&a.not_same) {
        return None;
    }
    if a.uid.is_some() && a.uid == b.uid {
        return Some(Likeness { score: 100, reasons: vec![Reason::Uid] });
    }
    if a.is_called(&b.ids) {
        return Some(Likeness { score: 99, reasons: vec![Reason::Id] });
    }
    let tie = a.name.tie(&b.name);
    let is_same_company = match (&a.company, &b.company) {
        (Some(one), Some(other)) => Some(one == other),
        _ => None,
    };
    let by_key = shared_key(a, b);
    let by_name = tie.map_or(0, |tie| tie.score(is_same_company));
    let mut score = match &by_key {
        Some(key) => key_score(key, tie, a.name.is_empty() || b.name.is_empty(), by_name),
        None => by_name,
    };
    if score == 0 {
        return None;
    }
    let mut reasons: Vec<Reason> = by_key.into_iter().chain(tie.map(Reason::Name)).collect();
    match is_same_company {
        Some(true) => reasons.push(Reason::Company),
        Some(false) => reasons.push(Reason::OtherCompany),
        None => {}
    }
    for (reason, less) in against(a, b) {
        score = score.saturating_sub(less);
        reasons.push(reason);
    }
    Some(Likeness { score, reasons })
}

/// The weightiest thing that both have and hardly anybody else does.
fn shared_key(a: &Face, b: &Face) -> Option<Reason> {
    let shared = |of_a: &[String], of_b: &[String]| -> Vec<String> {
        of_a.iter().filter(|one| of_b.contains(one)).cloned().collect()
    };
    let emails = shared(&a.email, &b.email);
    let own = emails.iter().find(|email| !is_role(email)).cloned();
    own.map(Reason::Email)
        .or_else(|| shared(&a.links, &b.links).into_iter().find(|link| link.contains('/')).map(Reason::Link))
        .or_else(|| shared(&a.phone, &b.phone).into_iter().next().map(Reason::Phone))
        .or_else(|| emails.into_iter().next().map(Reason::Email))
}

fn is_role(email: &str) -> bool {
    email.split('@').next().is_some_and(|name| ROLES.contains(&name))
}

/// Couples share an address, and colleagues a number and a page: it counts fully where the names agree.
fn key_score(key: &Reason, tie: Option<NameTie>, is_nameless: bool, by_name: u8) -> u8 {
    let (agreeing, nameless, apart) = match key {
        Reason::Email(email) if is_role(email) => (by_name.saturating_add(10).min(95), 40, 30),
        Reason::Email(_) => (98, 95, 70),
        Reason::Link(_) => (98, 90, 50),
        _ => (95, 80, 45),
    };
    match tie {
        Some(_) => agreeing.max(by_name),
        None if is_nameless => nameless,
        None => apart,
    }
}

/// What speaks against it, and by how much.
fn against(a: &Face, b: &Face) -> Vec<(Reason, u8)> {
    let mut found = Vec::new();
    if let (Some(one), Some(other)) = (a.birthday, b.birthday) {
        let same_day = (one.month(), one.day()) == (other.month(), other.day());
        let years = [one.year(), other.year()];
        let same_year = years[0] == years[1] || years.contains(&YEARLESS);
        if !(same_day && same_year) {
            found.push((Reason::Birthday, 35));
        }
    }
    if !a.links.iter().any(|link| b.links.contains(link)) {
        let profiles =
            |face: &Face| -> Vec<String> { face.links.iter().filter_map(|link| host(link)).collect() };
        let of_b = profiles(b);
        if let Some(host) = profiles(a).into_iter().find(|host| of_b.contains(host)) {
            found.push((Reason::Profile(host), 30));
        }
    }
    if a.is_org != b.is_org {
        found.push((Reason::Kind, 40));
    }
    found
}

/// The host of a profile: of an address that has more than a host.
fn host(link: &str) -> Option<String> {
    link.split_once('/').filter(|(_, path)| !path.is_empty()).map(|(host, _)| host.to_owned())
}

/// A company's name without case, accents, and words such as `Ltd.`
fn plain_company(name: &str) -> String {
    let folded = fold(name);
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let plain: Vec<&str> = words.iter().copied().filter(|word| !LEGAL.contains(word)).collect();
    if plain.is_empty() { words.join(" ") } else { plain.join(" ") }
}
