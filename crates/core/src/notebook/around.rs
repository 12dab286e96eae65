//! What the rest of the notebook says of some contacts: who knows them (CLI contract, `who`).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Parts, Survey};
use crate::contact::{Contact, LinkTarget};
use crate::fold::fold;
use crate::ties::{Neighbour, Tie, company, ties};

/// The numbers of those that a contact is tied to, and how.
type Tied = Vec<(usize, Vec<Tie>)>;

impl Survey<'_> {
    /// Everybody with a tie to the contact: the strongest ties first, then who was in touch last.
    pub fn neighbours(&self, contact: &Contact) -> Vec<Neighbour> {
        self.circles(std::slice::from_ref(contact)).pop().unwrap_or_default()
    }

    /// The same for each of many contacts, in one walk over the notebook.
    pub fn circles(&self, contacts: &[Contact]) -> Vec<Vec<Neighbour>> {
        let parts = Parts { links: true, ..Parts::HEAD };
        let tied = |other: &Contact, maybe: BTreeSet<usize>| -> Vec<(usize, Vec<Tie>)> {
            let all = maybe.into_iter().map(|at| (at, ties(&contacts[at], other)));
            all.filter(|(_, ties)| !ties.is_empty()).collect()
        };
        let found: Vec<(usize, Tied)> = match self.signs() {
            Some(signs) => {
                let mut maybe: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
                for (at, contact) in contacts.iter().enumerate() {
                    for index in signs.maybe_tied(contact) {
                        maybe.entry(index).or_default().insert(at);
                    }
                }
                let all = maybe.into_iter();
                all.map(|(index, maybe)| (index, tied(&self.contact(index, parts), maybe))).collect()
            }
            None => {
                let asked = Asked::of(contacts);
                self.search(parts, |row, other| {
                    let tied = tied(other, asked.maybe_tied(other));
                    (!tied.is_empty()).then_some((row.index, tied))
                })
            }
        };
        let settings = self.notebook().settings();
        let mut circles: Vec<Vec<Neighbour>> = vec![Vec::new(); contacts.len()];
        for (index, tied) in found.into_iter().filter(|(_, tied)| !tied.is_empty()) {
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

impl Survey<'_> {
    /// The contact of that id, else the only one whose earlier id it is, whatever its case (format, section 2,
    /// `aliases`).
    pub fn called(&self, id: &str) -> Option<usize> {
        self.find(id).or_else(|| self.formerly(id.trim()))
    }

    fn formerly(&self, id: &str) -> Option<usize> {
        let wanted = fold(id);
        let was = |contact: &Contact| contact.head.aliases.iter().any(|alias| *fold(alias.trim()) == *wanted);
        let found: BTreeSet<usize> = match self.signs() {
            Some(signs) => {
                signs.with(mark(Sign::Name, id)).filter(|at| was(&self.contact(*at, Parts::HEAD))).collect()
            }
            None => self
                .search(Parts::HEAD, |row, contact| was(contact).then_some(row.index))
                .into_iter()
                .collect(),
        };
        found.first().filter(|_| found.len() == 1).copied()
    }
}

/// By what contacts may be tied to each other, for all contacts at once: the names that they go by, the names that
/// they mention, and their companies, as numbers that few others share. Each leads to the contacts' numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Signs {
    /// In order.
    marks: Vec<(u32, u32)>,
}

/// What a mark is of.
#[derive(Debug, Clone, Copy)]
enum Sign {
    Name,
    Mention,
    Company,
}

impl Signs {
    /// Of all contacts.
    pub fn of(survey: &Survey<'_>) -> Signs {
        let parts = Parts { links: true, ..Parts::HEAD };
        let marks = survey.search(parts, |row, contact| Some((row.index, marks_of(contact))));
        let mut marks: Vec<(u32, u32)> = marks
            .into_iter()
            .flat_map(|(index, marks)| marks.into_iter().map(move |mark| (mark, index as u32)))
            .collect();
        marks.sort_unstable();
        marks.shrink_to_fit();
        Signs { marks }
    }

    /// Of one contact.
    pub fn marks(survey: &Survey<'_>, index: usize) -> Vec<(u32, u32)> {
        let contact = survey.contact(index, Parts { links: true, ..Parts::HEAD });
        marks_of(&contact).into_iter().map(|mark| (mark, index as u32)).collect()
    }

    /// These contacts, by their new numbers, have these marks now; each other one has the number that `moved` gives
    /// for the one it had, none where it is gone.
    pub fn follow(&mut self, new: &[usize], moved: impl Fn(usize) -> Option<usize>, marks: Vec<(u32, u32)>) {
        let new: BTreeSet<usize> = new.iter().copied().collect();
        self.marks.retain_mut(|(_, index)| match moved(*index as usize) {
            Some(at) if !new.contains(&at) => {
                *index = at as u32;
                true
            }
            _ => false,
        });
        self.marks.extend(marks);
        // Quick where most is in order.
        self.marks.sort();
    }

    /// The numbers of those who may have a tie to the contact, and some more than once; [`ties`] tells who has.
    fn maybe_tied(&self, contact: &Contact) -> impl Iterator<Item = usize> {
        let last = |name: &str| name.rsplit('/').next().map(str::to_owned);
        let mentioned = mentioned(contact)
            .flat_map(|name| [Some(name.to_owned()), last(name)].into_iter().flatten())
            .map(|name| mark(Sign::Name, &name));
        let named = names(contact).map(|name| mark(Sign::Mention, name));
        let company = company(contact).map(|name| mark(Sign::Company, name));
        let wanted: BTreeSet<u32> = mentioned.chain(named).chain(company).collect();
        wanted.into_iter().flat_map(|mark| self.with(mark))
    }

    /// The numbers of those that have the mark.
    fn with(&self, mark: u32) -> impl Iterator<Item = usize> {
        let from = self.marks.partition_point(|(one, _)| *one < mark);
        let all = self.marks[from..].iter().take_while(move |(one, _)| *one == mark);
        all.map(|(_, index)| *index as usize)
    }

    /// How many bytes of memory they take.
    pub fn bytes(&self) -> usize {
        self.marks.capacity() * size_of::<(u32, u32)>()
    }
}

/// The marks of a contact. Its name is that of its file: where another has the same, its id is longer.
fn marks_of(contact: &Contact) -> Vec<u32> {
    let id = contact.id.as_str();
    let file = id.rsplit('/').next().unwrap_or(id);
    let aliases = contact.head.aliases.iter().map(String::as_str);
    let names = [file].into_iter().chain(aliases).map(|name| mark(Sign::Name, name));
    let mentions = mentioned(contact).map(|name| mark(Sign::Mention, name));
    let company = company(contact).map(|name| mark(Sign::Company, name));
    names.chain(mentions).chain(company).collect::<BTreeSet<u32>>().into_iter().collect()
}

fn mark(sign: Sign, name: &str) -> u32 {
    let mut hasher = crc32fast::Hasher::new_with_initial(sign as u32);
    hasher.update(fold(name.trim()).as_bytes());
    hasher.finalize()
}

/// By what a contact may be tied to one of those that are asked about; each leads to their numbers.
#[derive(Default)]
struct Asked {
    /// The names that they go by.
    names: HashMap<String, Vec<usize>>,
    /// The names that their files mention.
    mentions: HashMap<String, Vec<usize>>,
    /// Their companies.
    companies: HashMap<String, Vec<usize>>,
}

impl Asked {
    fn of(contacts: &[Contact]) -> Asked {
        let mut signs = Asked::default();
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
