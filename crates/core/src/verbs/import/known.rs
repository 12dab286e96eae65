//! By what contacts are known again, found at once however many there are.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use crate::contact::{Contact, ContactKind, Head};
use crate::exchange::vcard;
use crate::fold::fold;
use crate::identity;
use crate::notebook::{Parts, Survey};

/// What one contact or card is known by, as it is compared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Keys {
    /// Its id and earlier ones; of a card the one that it has in another notebook.
    pub ids: Vec<String>,
    /// Without what says that it is one.
    pub uid: Option<String>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    pub urls: Vec<String>,
    /// Empty where nothing says how they are called.
    pub name: String,
    /// Empty where nothing says where they work.
    pub company: String,
    pub kind: ContactKind,
}

impl Keys {
    /// Of a front matter, and the name that is shown.
    pub fn of(head: &Head, name: &str, country: Option<&str>) -> Keys {
        Keys {
            ids: Vec::new(),
            uid: head.uid.as_deref().map(identity::uid),
            emails: head.email.iter().filter_map(|text| identity::email(text)).collect(),
            phones: head.phone.iter().filter_map(|text| identity::phone(text, country)).collect(),
            urls: head.links.iter().filter_map(|text| identity::url(text)).collect(),
            name: identity::name(name),
            company: head.company.as_deref().map(identity::company).unwrap_or_default(),
            kind: head.kind,
        }
    }

    /// Of a contact.
    pub fn of_contact(contact: &Contact, name: &str, country: Option<&str>) -> Keys {
        let ids = std::iter::once(contact.id.as_str()).chain(contact.head.aliases.iter().map(String::as_str));
        Keys { ids: ids.map(str::to_owned).collect(), ..Keys::of(&contact.head, name, country) }
    }

    /// Whether that is the uid; one that says none has in cards the one of its id.
    pub fn has_uid(&self, uid: &str) -> bool {
        match &self.uid {
            Some(own) => own == uid,
            None => self.ids.iter().any(|id| vcard::uid_of(id) == uid),
        }
    }

    /// Whether that was ever the id.
    pub fn has_id(&self, id: &str) -> bool {
        self.ids.iter().any(|own| fold(own) == fold(id))
    }

    /// Whether there is nothing but names.
    pub fn is_bare(&self) -> bool {
        self.uid.is_none()
            && self.emails.is_empty()
            && self.phones.is_empty()
            && self.profiles().next().is_none()
    }

    pub fn profiles(&self) -> impl Iterator<Item = &str> {
        self.urls.iter().map(String::as_str).filter(|url| identity::is_profile(url))
    }

    /// Whether a profile of each is on the same host, and they are two.
    pub fn has_other_profile(&self, other: &Keys) -> bool {
        self.profiles().any(|one| {
            let there: Vec<&str> =
                other.profiles().filter(|two| identity::host(one) == identity::host(two)).collect();
            !there.is_empty() && !there.contains(&one)
        })
    }
}

/// What a key is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    Id,
    Uid,
    Email,
    PhoneEnd,
    Url,
    /// The name alone.
    Name,
    /// The name and the company, which may be none, as [`name_at`] writes both.
    NameAt,
}

/// So many that share a key are looked at, and kept.
pub const MOST_LOOKED_AT: usize = 64;

/// A name and a company as one key.
pub fn name_at(name: &str, company: &str) -> String {
    format!("{name}\n{company}")
}

/// All contacts by all of their keys. Only marks of the keys are kept: whoever is found must be looked at.
pub struct Known {
    marks: RandomState,
    by_mark: HashMap<u64, Few>,
}

/// Nearly always one.
enum Few {
    One(u32),
    Many(Vec<u32>),
}

impl Known {
    /// All contacts of a survey.
    pub fn of(survey: &Survey<'_>, country: Option<&str>) -> Known {
        let mut known = Known { marks: RandomState::new(), by_mark: HashMap::new() };
        let found = survey.search(Parts::HEAD, |row, contact| {
            let who = u32::try_from(row.index).ok()?;
            let keys = Keys::of_contact(contact, &contact.name, country);
            let mut marks = known.marks_of(&keys);
            if keys.uid.is_none() {
                marks.extend(keys.ids.iter().map(|id| known.mark(Sort::Uid, &vcard::uid_of(id))));
            }
            Some((who, marks))
        });
        for (who, marks) in found {
            marks.into_iter().for_each(|mark| known.put(mark, who));
        }
        known
    }

    /// One more contact, or one more way to know one.
    pub fn add(&mut self, who: u32, keys: &Keys) {
        self.marks_of(keys).into_iter().for_each(|mark| self.put(mark, who));
    }

    /// Who may have the key.
    pub fn with(&self, sort: Sort, key: &str) -> &[u32] {
        match self.by_mark.get(&self.mark(sort, key)) {
            Some(Few::One(who)) => std::slice::from_ref(who),
            Some(Few::Many(many)) => many,
            None => &[],
        }
    }

    /// Whether somebody may have the uid or an address: then it is most likely not new.
    pub fn may_be_there(&self, keys: &Keys) -> bool {
        keys.ids.iter().any(|id| !self.with(Sort::Id, &fold(id)).is_empty())
            || keys.uid.iter().any(|uid| !self.with(Sort::Uid, uid).is_empty())
            || keys.emails.iter().any(|email| !self.with(Sort::Email, email).is_empty())
    }

    fn put(&mut self, mark: u64, who: u32) {
        match self.by_mark.entry(mark) {
            std::collections::hash_map::Entry::Vacant(entry) => drop(entry.insert(Few::One(who))),
            std::collections::hash_map::Entry::Occupied(mut entry) => match entry.get_mut() {
                Few::One(first) if *first == who => {}
                Few::One(first) => {
                    let many = vec![*first, who];
                    entry.insert(Few::Many(many));
                }
                Few::Many(many) if many.len() == MOST_LOOKED_AT || many.contains(&who) => {}
                Few::Many(many) => many.push(who),
            },
        }
    }

    fn mark(&self, sort: Sort, key: &str) -> u64 {
        self.marks.hash_one((sort, key))
    }

    fn marks_of(&self, keys: &Keys) -> Vec<u64> {
        let all = |sort: Sort, keys: &[String]| -> Vec<u64> {
            keys.iter().map(|key| self.mark(sort, key)).collect()
        };
        let mut marks = all(Sort::Email, &keys.emails);
        marks.extend(all(Sort::Url, &keys.urls));
        marks.extend(keys.phones.iter().map(|key| self.mark(Sort::PhoneEnd, identity::phone_end(key))));
        marks.extend(keys.uid.iter().map(|uid| self.mark(Sort::Uid, uid)));
        marks.extend(keys.ids.iter().map(|id| self.mark(Sort::Id, &fold(id))));
        if !keys.name.is_empty() {
            marks.push(self.mark(Sort::Name, &keys.name));
            marks.push(self.mark(Sort::NameAt, &name_at(&keys.name, &keys.company)));
        }
        marks
    }
}
