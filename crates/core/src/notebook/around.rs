//! What the rest of the notebook says of some contacts: who knows them (CLI contract, `who`).

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use super::{Parts, Survey};
use crate::contact::{Contact, LinkTarget};
use crate::fold::fold;
use crate::ties::{Neighbour, Tie, company, ties};

impl Survey<'_> {
    /// Everybody with a tie to the contact: the strongest ties first, then who was in touch last.
    pub fn neighbours(&self, contact: &Contact) -> Vec<Neighbour> {
        self.circles(std::slice::from_ref(contact)).pop().unwrap_or_default()
    }

    /// The same for each of many contacts, in one walk over the notebook.
    pub fn circles(&self, contacts: &[Contact]) -> Vec<Vec<Neighbour>> {
        let signs = Signs::of(contacts);
        let parts = Parts { head: true, links: true, ..Parts::default() };
        let found = self.search(parts, |row, other| {
            let tied: Vec<(usize, Vec<Tie>)> = signs
                .maybe_tied(other)
                .into_iter()
                .map(|at| (at, ties(&contacts[at], other)))
                .filter(|(_, ties)| !ties.is_empty())
                .collect();
            (!tied.is_empty()).then_some((row.index, tied))
        });
        let settings = self.notebook().settings();
        let mut circles: Vec<Vec<Neighbour>> = vec![Vec::new(); contacts.len()];
        for (index, tied) in found {
            let neighbour =
                Neighbour::new(&self.contact(index, Parts::ALL), Vec::new(), settings, self.today());
            for (at, ties) in tied {
                circles[at].push(Neighbour { ties, ..neighbour.clone() });
            }
        }
        let when = |neighbour: &Neighbour| Reverse(neighbour.last_touch.as_ref().map(|touch| touch.date));
        for circle in &mut circles {
            circle.sort_by(|a, b| {
                (a.stopped, a.ties.first(), when(a), &a.id).cmp(&(b.stopped, b.ties.first(), when(b), &b.id))
            });
        }
        circles
    }
}

/// By what a contact may be tied to one of those that are asked about; each leads to their numbers.
#[derive(Default)]
struct Signs {
    /// The names that they go by.
    names: HashMap<String, Vec<usize>>,
    /// The names that their files mention.
    mentions: HashMap<String, Vec<usize>>,
    /// Their companies.
    companies: HashMap<String, Vec<usize>>,
}

impl Signs {
    fn of(contacts: &[Contact]) -> Signs {
        let mut signs = Signs::default();
        let add = |map: &mut HashMap<String, Vec<usize>>, name: &str, at: usize| {
            map.entry(fold(name.trim()).into_owned()).or_default().push(at);
        };
        for (at, contact) in contacts.iter().enumerate() {
            names(contact).for_each(|name| add(&mut signs.names, name, at));
            mentioned(contact).for_each(|name| add(&mut signs.mentions, name, at));
            company(contact).into_iter().for_each(|name| add(&mut signs.companies, name, at));
        }
        signs
    }

    /// The numbers of those to whom `other` may have a tie; [`ties`] tells whether it has.
    fn maybe_tied(&self, other: &Contact) -> BTreeSet<usize> {
        let look = |map: &HashMap<String, Vec<usize>>, name: &str| {
            if map.is_empty() {
                Vec::new()
            } else {
                map.get(&*fold(name.trim())).cloned().unwrap_or_default()
            }
        };
        mentioned(other)
            .flat_map(|name| look(&self.names, name))
            .chain(names(other).flat_map(|name| look(&self.mentions, name)))
            .chain(company(other).into_iter().flat_map(|name| look(&self.companies, name)))
            .collect()
    }
}

/// What a contact can be called in a link.
fn names(contact: &Contact) -> impl Iterator<Item = &str> {
    let id = contact.id.as_str();
    let file = id.rsplit_once('/').map(|(_, file)| file);
    [id].into_iter().chain(file).chain(contact.head.aliases.iter().map(String::as_str))
}

/// Whom a contact's file names.
fn mentioned(contact: &Contact) -> impl Iterator<Item = &str> {
    let links = contact.links.iter().filter_map(|link| match &link.target {
        LinkTarget::Contact(id) => Some(id.as_str()),
        LinkTarget::File(_) => None,
    });
    links.chain(contact.head.referred_by.as_deref())
}
