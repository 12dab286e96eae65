//! Whose an email address is: a contact's, or a team member's.

use std::collections::{HashMap, HashSet};

use crate::identity;
use crate::notebook::{Parts, Survey};

/// Every email address of a notebook.
#[derive(Debug)]
pub struct Addresses {
    contacts: HashMap<String, Vec<usize>>,
    members: HashMap<String, String>,
    /// The domains of our own addresses, but for those of the large providers.
    domains: HashSet<String>,
}

/// Many people have an address there who have nothing to do with each other.
const PROVIDERS: [&str; 14] = [
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "yahoo.com",
    "icloud.com",
    "me.com",
    "gmx.de",
    "gmx.net",
    "web.de",
    "aol.com",
    "proton.me",
    "protonmail.com",
];

impl Addresses {
    /// Those of the contacts, and those of the team in the settings; `mine` are further ones of the user `me`.
    pub fn of(survey: &Survey<'_>, me: Option<&str>, mine: &[String]) -> Addresses {
        let mut contacts: HashMap<String, Vec<usize>> = HashMap::new();
        let found = survey.search(Parts::HEAD, |row, contact| {
            let keys: Vec<String> =
                contact.head.email.iter().filter_map(|text| identity::email(text)).collect();
            (!keys.is_empty()).then_some((row.index, keys))
        });
        for (index, keys) in found {
            for key in keys {
                let owners = contacts.entry(key).or_default();
                if !owners.contains(&index) {
                    owners.push(index);
                }
            }
        }
        let team = survey.notebook().settings().team.iter();
        let mut members: HashMap<String, String> = team
            .flat_map(|member| member.email.iter().map(|email| (email, member.handle.clone())))
            .filter_map(|(email, handle)| Some((identity::email(email)?, handle)))
            .collect();
        for address in mine.iter().filter_map(|address| identity::email(address)) {
            members.entry(address).or_insert_with(|| me.unwrap_or_default().to_owned());
        }
        let domains =
            members.keys().filter_map(|key| key.rsplit_once('@')).map(|(_, domain)| domain.to_owned());
        let domains = domains.filter(|domain| !PROVIDERS.contains(&domain.as_str())).collect();
        Addresses { contacts, members, domains }
    }

    /// The numbers in the survey of the contacts that have the address.
    pub fn contacts(&self, address: &str) -> &[usize] {
        identity::email(address).and_then(|key| self.contacts.get(&key)).map_or(&[], Vec::as_slice)
    }

    /// The handle of the team member that has the address; empty for a user who is in no team.
    pub fn member(&self, address: &str) -> Option<&str> {
        self.members.get(&identity::email(address)?).map(String::as_str)
    }

    /// Whether any address of ours is known.
    pub fn knows_us(&self) -> bool {
        !self.members.is_empty()
    }

    /// Whether one of us has an address in that domain, and it is not one of those where everybody has one.
    pub fn has_domain(&self, domain: &str) -> bool {
        self.domains.contains(domain)
    }
}
