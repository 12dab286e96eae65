//! Whom a card is of: by uid, id, email, phone, profile, then name and company.

use std::collections::HashSet;

use super::known::{Keys, Known, Sort, name_at};
use super::prepare::Prepared;
use crate::fold::fold;
use crate::identity;

/// An address that more than these share, such as that of a switchboard or one made up to fill a cell, tells nobody from
/// anybody who is not called the same.
const MOST_SHARED: usize = 16;

/// Whom a card is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It is of one, known again by this.
    One { who: u32, by: String },
    /// It fits several alike.
    Several { who: Vec<u32>, by: String },
}

/// Somebody whom a card may be of.
pub struct Rival {
    /// Without a name, where an address or a firm's name stands in for one.
    pub keys: Keys,
    /// The name that is shown, as it is compared.
    pub shown: String,
    /// Names that cards gave beside it, as they are compared.
    pub others: Vec<String>,
    /// The uid that a card of the same file said.
    pub own_uid: Option<String>,
    /// An earlier card of the same file was of them.
    pub is_of_file: bool,
}

impl Rival {
    /// Whether they may be called so.
    fn agrees(&self, name: &str) -> bool {
        identity::names_agree(&self.keys.name, name) || self.is_also(name)
    }

    fn is_also(&self, name: &str) -> bool {
        self.others.iter().any(|other| identity::names_agree(other, name))
    }
}

/// Finds whom the card is of, by the first key that somebody has; where `all` is asked for, also by those after it.
/// Nobody has any where nothing is found. `rival` tells of somebody who is known.
pub fn find(card: &Prepared, known: &Known, rival: &dyn Fn(u32) -> Rival, all: bool) -> Vec<Found> {
    let mut every = Vec::new();
    let keys = &card.keys;
    // What stands in for a name is the name of whoever was made of the same row before.
    let name = if keys.name.is_empty() { identity::name(&card.name) } else { keys.name.clone() };
    let fitting = |sort: Sort, key: &str, fits: &dyn Fn(&Rival) -> bool| -> Vec<(u32, Rival)> {
        let with = known.with(sort, key);
        let is_address = matches!(sort, Sort::Email | Sort::PhoneEnd | Sort::Url);
        let is_crowd = is_address && with.len() > MOST_SHARED;
        let with = if is_crowd { known.with(Sort::Name, &name) } else { with };
        let all = with.iter().map(|who| (*who, rival(*who)));
        // Two cards of one file that say different uids are of two.
        let is_apart = |rival: &Rival| sort != Sort::Uid && is_other(&rival.own_uid, &keys.uid);
        let is_called = |rival: &Rival| !is_crowd || rival.shown == name;
        all.filter(|(_, rival)| is_called(rival) && fits(rival) && !is_apart(rival)).collect()
    };
    let agrees = |rival: &Rival| rival.agrees(&keys.name);
    let picked = |rivals: Vec<(u32, Rival)>, by: String| pick(rivals, keys, by);

    if let Some(uid) = &keys.uid {
        let found =
            fitting(Sort::Uid, uid, &|rival| rival.keys.has_uid(uid) || rival.own_uid.as_ref() == Some(uid));
        if let Some(found) = picked(found, "uid".to_owned()) {
            every.push(found);
        }
    }
    // A uid is nobody else's.
    if !every.is_empty() {
        return every;
    }
    // An id of another notebook may be somebody else's here.
    for id in &keys.ids {
        let found = fitting(Sort::Id, &fold(id), &|rival| {
            rival.keys.has_id(id) && agrees(rival) && !is_other(&rival.keys.uid, &keys.uid)
        });
        every.extend(picked(found, "id".to_owned()));
    }
    if !every.is_empty() {
        return every;
    }
    for email in &keys.emails {
        let is_shared = identity::is_of_office(email);
        let found = fitting(Sort::Email, email, &|rival| {
            // Two cards of one file whose names have nothing in common are of two who share the address.
            let is_shared = is_shared || rival.is_of_file;
            rival.keys.emails.contains(email) && (!is_shared || agrees(rival))
        });
        if let Some(found) = picked(found, format!("email {email}")) {
            every.push(found);
        }
    }
    if !all && !every.is_empty() {
        return every;
    }
    for phone in &keys.phones {
        let found = fitting(Sort::PhoneEnd, identity::phone_end(phone), &|rival| {
            rival.keys.phones.iter().any(|other| identity::same_phone(phone, other)) && agrees(rival)
        });
        if let Some(found) = picked(found, format!("phone {phone}")) {
            every.push(found);
        }
    }
    if !all && !every.is_empty() {
        return every;
    }
    for url in &keys.urls {
        let is_profile = identity::is_profile(url);
        let found =
            fitting(Sort::Url, url, &|rival| rival.keys.urls.contains(url) && (is_profile || agrees(rival)));
        if let Some(found) = picked(found, format!("profile {url}")) {
            every.push(found);
        }
    }
    if !all && !every.is_empty() {
        return every;
    }
    let is = |rival: &Rival| rival.shown == name && is_namesake(keys, rival);
    let found = if keys.company.is_empty() {
        fitting(Sort::Name, &name, &is)
    } else {
        let mut found = fitting(Sort::NameAt, &name_at(&name, &keys.company), &is);
        found.extend(fitting(Sort::NameAt, &name_at(&name, ""), &is));
        found
    };
    let by = if keys.company.is_empty() { "name" } else { "name and company" };
    every.extend(picked(found, by.to_owned()));
    every
}

/// Whether a name is enough to know them by.
fn is_namesake(keys: &Keys, rival: &Rival) -> bool {
    let other = &rival.keys;
    let same_place = match (keys.company.is_empty(), other.company.is_empty()) {
        (false, false) => keys.company == other.company,
        // Without a company on one side the name alone must do, which it does where nothing else could.
        _ => keys.is_bare() || other.is_bare_but_uid(),
    };
    let contradicts = |one: &[String], two: &[String]| {
        !one.is_empty() && !two.is_empty() && !one.iter().any(|key| two.contains(key))
    };
    let phones_differ = !keys.phones.is_empty()
        && !other.phones.is_empty()
        && !keys.phones.iter().any(|one| other.phones.iter().any(|two| identity::same_phone(one, two)));
    let is_other_row = rival.is_of_file && (contradicts(&keys.emails, &other.emails) || phones_differ);
    keys.kind == other.kind && same_place && !keys.has_other_profile(other) && !is_other_row
}

impl Keys {
    /// Whether there is nothing but names; a uid that the notebook gave is nobody else's word.
    fn is_bare_but_uid(&self) -> bool {
        self.emails.is_empty() && self.phones.is_empty() && self.profiles().next().is_none()
    }
}

/// The one of those that fit; of several those whose name is the same, else agrees.
fn pick(mut rivals: Vec<(u32, Rival)>, keys: &Keys, by: String) -> Option<Found> {
    // Somebody may have a key in two ways.
    let mut seen = HashSet::new();
    rivals.retain(|(who, _)| seen.insert(*who));
    // The next import meets the ones that this one made in another order.
    rivals.sort_by(|(_, one), (_, other)| one.keys.ids.first().cmp(&other.keys.ids.first()));
    let narrows: [&dyn Fn(&Rival) -> bool; 3] = [
        &|rival| !rival.keys.name.is_empty() && rival.agrees(&keys.name),
        &|rival| rival.keys.name == keys.name,
        &|rival| !keys.company.is_empty() && rival.keys.company == keys.company,
    ];
    let narrows = narrows.into_iter().skip(if keys.name.is_empty() { 2 } else { 0 });
    for fits in narrows {
        if rivals.len() > 1 && rivals.iter().any(|(_, rival)| fits(rival)) {
            rivals.retain(|(_, rival)| fits(rival));
        }
    }
    match rivals.as_slice() {
        [] => None,
        [(who, _)] => Some(Found::One { who: *who, by }),
        // What several of one name have in common is one person's, there twice: the first one's file takes it.
        [(first, rival), rest @ ..]
            if !by.starts_with("name")
                && !keys.name.is_empty()
                && rival.keys.name == keys.name
                && rest.iter().all(|(_, other)| other.keys.name == keys.name) =>
        {
            Some(Found::One { who: *first, by })
        }
        several => Some(Found::Several { who: several.iter().map(|(who, _)| *who).collect(), by }),
    }
}

fn is_other(one: &Option<String>, other: &Option<String>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}
