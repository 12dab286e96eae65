//! Whom a link means that gives an earlier id, or the id in another case: mended where it can be one contact only.

use std::collections::HashMap;

use crate::contact::{Contact, LinkTarget};
use crate::fold::fold;
use crate::notebook::{Parts, Survey};

/// What of a contact tells whether a link of it can be mended.
pub(super) const PARTS: Parts = Parts { card: true, plan: true, log: false, promises: true, links: true };

/// Every name of every contact.
pub(super) struct Names {
    /// Folded ids, earlier ids and names of files, each to the ids of those who go by it.
    called: HashMap<String, Vec<String>>,
}

impl Names {
    /// Of all contacts.
    pub fn of(survey: &Survey<'_>) -> Names {
        let all = survey.search(Parts::HEAD, |row, contact| {
            let id = row.id.to_string();
            let file = id.rsplit('/').next().unwrap_or(&id).to_owned();
            let names = contact.head.aliases.iter().cloned().chain([file, id.clone()]);
            let mut names: Vec<String> = names.map(|name| fold(&name).into_owned()).collect();
            names.sort();
            names.dedup();
            Some((id, names))
        });
        Names::collect(all)
    }

    /// Of these ids and their earlier ids, for tests.
    #[cfg(test)]
    pub fn these(all: &[(&str, &[&str])]) -> Names {
        let folded = |name: &&str| fold(name).into_owned();
        Names::collect(
            all.iter()
                .map(|(id, aliases)| (id.to_string(), aliases.iter().chain([id]).map(folded).collect()))
                .collect(),
        )
    }

    fn collect(all: Vec<(String, Vec<String>)>) -> Names {
        let mut called: HashMap<String, Vec<String>> = HashMap::new();
        for (id, names) in all {
            for name in names {
                called.entry(name).or_default().push(id.clone());
            }
        }
        Names { called }
    }

    /// The id of the one contact that is meant, where something else is written.
    pub fn id(&self, written: &str) -> Option<&str> {
        match self.called.get(&*fold(written.trim()))?.as_slice() {
            [only] if only != written => Some(only),
            _ => None,
        }
    }

    /// The same for a `referred_by`: with a blank or a capital letter it is a person's name, and stays.
    pub fn referrer(&self, written: &str) -> Option<&str> {
        let is_name = written.contains(|c: char| c.is_whitespace() || c.is_uppercase());
        if is_name { None } else { self.id(written) }
    }

    /// Whether something of it may be mended here.
    pub fn may_mend(&self, contact: &Contact) -> bool {
        let link = |link: &crate::contact::Link| matches!(&link.target, LinkTarget::Contact(id) if self.id(id).is_some());
        contact.links.iter().any(link)
            || contact.head.referred_by.as_deref().is_some_and(|r| self.referrer(r).is_some())
    }
}
