//! What a card says that a contact does not, and the edits that bring it there.

use super::prepare::{Prepared, entry, stands_in};
use super::said::{Path, said, texts};
use super::{Desk, Rules};
use crate::contact::{Contact, Head, Value};
use crate::date::Date;
use crate::exchange::Touch;
use crate::exchange::vcard::{self, uid_of};
use crate::file::edit::{self, EditError};
use crate::file::one_line;
use crate::identity;
use crate::settings::{Settings, StageGroup};

/// The key of names that cards gave beside the name.
const OTHER_NAMES: &str = "other_names";

/// The names that cards gave beside the name, as they are compared.
pub fn other_names(head: &Head) -> impl Iterator<Item = String> {
    let value = head.custom.iter().find(|(key, _)| key == OTHER_NAMES).map(|(_, value)| value);
    let names = value.and_then(texts).unwrap_or_default();
    names.into_iter().map(identity::name).filter(|name| !name.is_empty())
}

/// A value is told of by so many of its characters.
const TOLD: usize = 40;

/// What a card says that a contact does not.
pub struct Differences {
    sets: Vec<(Path, Value)>,
    adds: Vec<(Path, Vec<String>)>,
    prose: Option<String>,
    notes: Vec<String>,
    touches: Vec<Touch>,
    /// A few words for each.
    pub said: Vec<String>,
}

impl Differences {
    /// What `card` says and `contact` does not. `text` is the contact's file, where the card has notes; `claimed` says
    /// whether an earlier card of the same file had a say in a key.
    pub fn between(
        contact: &Contact,
        text: Option<&str>,
        card: &Prepared,
        rules: &Rules<'_>,
        desk: &Desk<'_>,
        claimed: &dyn Fn(&str) -> bool,
    ) -> Differences {
        let there = said(&contact.head);
        let stage = desk.settings.stage_of(contact.head.stage.as_deref());
        let is_stopped = desk.settings.stages.group(stage) == StageGroup::Stopped;
        // What only stands in for a name gives way to one.
        let has_no_name = stands_in(&contact.name, &contact.head);
        let mut found = Differences {
            sets: vec![],
            adds: vec![],
            prose: None,
            notes: vec![],
            touches: vec![],
            said: vec![],
        };
        for (path, value) in &card.said {
            let old = there.iter().find(|(other, _)| other == path).map(|(_, value)| value);
            let name = path.join(".");
            if old.is_some_and(|old| says_same(&name, old, value))
                || is_left_alone(path, value, old, contact, card, is_stopped)
            {
                continue;
            }
            if name == "name" && is_other_name(value, contact) {
                found.keep_beside(path, value, &there, rules);
                continue;
            }
            if let Value::List(items) = value
                && let Some(items) = texts(value).filter(|_| !items.is_empty())
            {
                found.unite(path, &items, old, rules);
            } else if old.is_none()
                || !rules.manner.only_fill
                    && (!claimed(&name) || name == "name" && (has_no_name || is_fuller_name(value, contact)))
            {
                found.said.push(format!("{name} {}", told(&value.to_string())));
                found.sets.push((path.clone(), value.clone()));
            } else if !rules.manner.only_fill {
                found.keep_beside(path, value, &there, rules);
            }
        }
        let new = |words: &String| match text {
            Some(text) => edit::new_prose(text, &contact.name, words),
            None => Some(words.clone()),
        };
        found.prose = card.prose.as_ref().and_then(new);
        found.notes = card.notes.iter().filter_map(new).collect();
        found.said.extend(found.prose.iter().chain(&found.notes).map(|_| "a note".to_owned()));
        for touch in &card.touches {
            let is_there = contact.log.iter().any(|entry| {
                entry.date == touch.date
                    && entry.channel == touch.channel
                    && one_line(&entry.text) == touch.text
            });
            if !is_there && !found.touches.contains(touch) {
                found.said.push(format!("{} on {}", touch.channel, touch.date));
                found.touches.push(touch.clone());
            }
        }
        found
    }

    /// What an earlier card of the file said otherwise goes beside it, so that none of them is lost.
    fn keep_beside(&mut self, path: &Path, value: &Value, there: &[(Path, Value)], rules: &Rules<'_>) {
        let beside = match path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
            ["name"] => OTHER_NAMES,
            ["company"] => "other_companies",
            ["role"] => "other_roles",
            ["address"] => "other_addresses",
            _ => return,
        };
        let beside = vec![beside.to_owned()];
        if let Value::Text(text) = value {
            let old = there.iter().find(|(path, _)| *path == beside).map(|(_, value)| value);
            self.unite(&beside, &[text], old, rules);
        }
    }

    /// The items of a list that are not there.
    fn unite(&mut self, path: &Path, items: &[&str], old: Option<&Value>, rules: &Rules<'_>) {
        let name = path.join(".");
        let Some(there) = old.map_or(Some(Vec::new()), texts) else { return };
        let is_there = |item: &str| there.iter().any(|other| is_same(&name, item, other, rules.country()));
        let new: Vec<String> =
            items.iter().filter(|item| !is_there(item)).map(|item| (*item).to_owned()).collect();
        if !new.is_empty() {
            self.said.extend(new.iter().map(|item| format!("{name} {}", told(item))));
            self.adds.push((path.clone(), new));
        }
    }

    /// Whether the contact says all of it.
    pub fn is_empty(&self) -> bool {
        self.sets.is_empty()
            && self.adds.is_empty()
            && self.prose.is_none()
            && self.notes.is_empty()
            && self.touches.is_empty()
    }

    /// Whether the key gets a value, or more of them.
    pub fn sets(&self, path: &Path) -> bool {
        self.sets
            .iter()
            .map(|(path, _)| path)
            .chain(self.adds.iter().map(|(path, _)| path))
            .any(|one| one == path)
    }

    /// The contact's text with all of it.
    ///
    /// # Errors
    /// Why it cannot be written there.
    pub fn apply(&self, text: &str, settings: &Settings) -> Result<String, String> {
        self.applied(text, settings).map_err(|error| error.to_string())
    }

    fn applied(&self, text: &str, settings: &Settings) -> Result<String, EditError> {
        let mut text = text.to_owned();
        fn names(path: &Path) -> Vec<&str> {
            path.iter().map(String::as_str).collect()
        }
        for (path, value) in &self.sets {
            text = edit::set(&text, &names(path), value)?;
        }
        for (path, items) in &self.adds {
            text = edit::add_items(&text, &names(path), items)?;
        }
        if let Some(prose) = &self.prose {
            text = edit::add_markdown(&text, prose, settings)?;
        }
        for note in &self.notes {
            text = edit::add_prose(&text, note, settings)?;
        }
        for touch in &self.touches {
            text = edit::add_entry(&text, &entry(touch), settings)?;
        }
        Ok(text)
    }
}

/// What a card has no say in, though it says something.
fn is_left_alone(
    path: &Path,
    value: &Value,
    old: Option<&Value>,
    contact: &Contact,
    card: &Prepared,
    is_stopped: bool,
) -> bool {
    let names: Vec<&str> = path.iter().map(String::as_str).collect();
    match (names.as_slice(), value, old) {
        // A stand-in says nothing, and neither does a shorter form of the name that is there.
        (["name"], Value::Text(name), _) => {
            card.keys.name.is_empty()
                || identity::says_no_more(&identity::name(name), &identity::name(&contact.name))
        }
        (["uid"], _, Some(_)) => true,
        (["uid"], Value::Text(uid), None) => {
            // Cards have one for everybody, made of the id where there is no other.
            let ids =
                std::iter::once(contact.id.as_str()).chain(contact.head.aliases.iter().map(String::as_str));
            ids.into_iter().any(|id| uid_of(id) == *uid)
        }
        // Whoever asked to be left alone is left alone.
        (["stage" | "next" | "cadence", ..] | ["prefers", "every"], ..) => is_stopped,
        // The same day, whose year is known here.
        (["dates", _], Value::Date(date), Some(Value::Date(old))) => is_yearless(*date, *old),
        _ => false,
    }
}

/// Whether the name has nothing in common with the one that is there, which is more likely another name, or somebody
/// near who shares an address, than a new name.
fn is_other_name(value: &Value, contact: &Contact) -> bool {
    let Value::Text(name) = value else { return false };
    !stands_in(&contact.name, &contact.head)
        && !identity::names_agree(&identity::name(name), &identity::name(&contact.name))
}

/// Whether the name says all of the one that is there, and more.
fn is_fuller_name(value: &Value, contact: &Contact) -> bool {
    let Value::Text(name) = value else { return false };
    identity::says_no_more(&identity::name(&contact.name), &identity::name(name))
}

/// Whether both values say the same: a number and its digits do, a text on one line and on two, an address with commas
/// and without.
fn says_same(name: &str, one: &Value, other: &Value) -> bool {
    let words = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    match (one, other) {
        (Value::Table(one), Value::Table(other)) => {
            let find = |key: &str| one.iter().find(|(other, _)| other == key);
            other.iter().all(|(key, new)| find(key).is_some_and(|(_, old)| says_same("", old, new)))
        }
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| says_same("", one, other))
        }
        _ if one == other => true,
        _ => {
            let (one, other) = (one.to_string(), other.to_string());
            one_line(&one) == one_line(&other) || name == "address" && words(&one) == words(&other)
        }
    }
}

fn is_yearless(date: Date, old: Date) -> bool {
    date.is_yearless() && (date.month(), date.day()) == (old.month(), old.day())
}

/// Whether two items of a list are one.
fn is_same(name: &str, one: &str, other: &str, country: Option<&str>) -> bool {
    let both = |key: &dyn Fn(&str) -> Option<String>| match (key(one), key(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    };
    let one_lined = one_line(one) == one_line(other);
    one_lined
        || match name {
            "email" => both(&identity::email),
            "phone" => match (identity::phone(one, country), identity::phone(other, country)) {
                (Some(one), Some(other)) => identity::same_phone(&one, &other),
                _ => false,
            },
            "links" => both(&identity::url),
            "other_names" => both(&|name| Some(identity::name(name)).filter(|name| !name.is_empty())),
            vcard::KEPT => is_same_line(one, other, country),
            "tags" => both(&|tag| Some(identity::name(tag)).filter(|tag| !tag.is_empty())),
            _ => false,
        }
}

/// Whether two kept lines are of one: a second name, or other types of the same number, are not taken.
fn is_same_line(one: &str, other: &str, country: Option<&str>) -> bool {
    let (Some((kind, one)), Some((other_kind, other))) = (vcard::kept::of(one), vcard::kept::of(other))
    else {
        return false;
    };
    kind == other_kind
        && match kind.as_str() {
            "N" => true,
            "TEL" => is_same("phone", &one, &other, country),
            "EMAIL" => is_same("email", &one, &other, country),
            "URL" => is_same("links", &one, &other, country),
            _ => one == other,
        }
}

/// A value in few words.
fn told(value: &str) -> String {
    let line = one_line(value);
    match line.char_indices().nth(TOLD) {
        Some((end, _)) => format!("{} …", line[..end].trim_end()),
        None => line,
    }
}
