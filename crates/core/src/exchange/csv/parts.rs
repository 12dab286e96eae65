//! What a row says of a contact in several cells: the parts of a name and of addresses, numbers with what they are
//! for, and keys of the user's own.

use super::key::{AddressPart, Part};
use super::write::OPEN_TABLES;
use crate::contact::Value;
use crate::date::Date;
use crate::exchange::Card;
use crate::exchange::vcard::kept;

/// Parts that are put together once the row was read.
#[derive(Debug, Default)]
pub struct Parts {
    names: [String; 8],
    emails: Vec<Labelled>,
    phones: Vec<Labelled>,
    addresses: Vec<Address>,
    days: Vec<(String, Date)>,
    kept: Vec<String>,
    custom: Vec<(String, Value)>,
}

/// A number or an address, and what it is for.
#[derive(Debug)]
struct Labelled {
    value: String,
    label: String,
    is_first: bool,
}

#[derive(Debug, Default)]
struct Address {
    group: String,
    label: String,
    whole: String,
    /// As vCard orders them: box, extended, street, town, region, code, country.
    parts: [String; 7],
}

impl Parts {
    /// A part of the name; what stands there already comes before it.
    pub fn name(&mut self, part: Part, value: String) {
        join(&mut self.names[part as usize], &value, " ");
    }

    pub fn email(&mut self, value: &str, label: &str) {
        push(&mut self.emails, value, label);
    }

    pub fn phone(&mut self, value: &str, label: &str) {
        push(&mut self.phones, value, label);
    }

    /// A part of the address of that group.
    pub fn address(&mut self, group: &str, label: &str, part: AddressPart, value: String) {
        let at = self.addresses.iter().position(|address| address.group == group).unwrap_or_else(|| {
            let label = if group.bytes().all(|byte| byte.is_ascii_digit()) { label } else { group };
            let (label, group) = (label.to_owned(), group.to_owned());
            self.addresses.push(Address { group, label, ..Address::default() });
            self.addresses.len() - 1
        });
        let address = &mut self.addresses[at];
        let place = match part {
            AddressPart::Whole => &mut address.whole,
            part => &mut address.parts[part as usize - 1],
        };
        join(place, &value, ", ");
    }

    /// A day of the year; a second one of a name gets a number.
    pub fn day(&mut self, name: &str, date: Date) {
        let is_free = |name: &str| self.days.iter().all(|(other, _)| other != name);
        if self.days.iter().any(|(other, there)| other == name && *there == date) {
            return;
        }
        let names = std::iter::once(name.to_owned()).chain((2..100).map(|number| format!("{name}_{number}")));
        if let Some(name) = names.into_iter().find(|name| is_free(name)) {
            self.days.push((name, date));
        }
    }

    /// A key of the user's own; a second value makes a list of it.
    pub fn custom(&mut self, key: &str, value: Value) {
        match self.custom.iter_mut().find(|(name, _)| name == key) {
            None => self.custom.push((key.to_owned(), value)),
            Some((_, Value::List(values))) => {
                if !values.contains(&value) {
                    values.push(value);
                }
            }
            Some((_, there)) if *there == value => {}
            Some((_, there)) => *there = Value::List(vec![std::mem::take(there), value]),
        }
    }

    /// A key of the user's own, `car.seats` in a table `car`, unless it is in quotes. Keys that the format's tables have
    /// beside ours keep their table's name: `prefers.colour`.
    pub fn nested(&mut self, key: &str, value: Value) {
        if let Some(whole) = key.strip_prefix('"').and_then(|key| key.strip_suffix('"')) {
            return self.custom(whole, value);
        }
        match key.split_once('.') {
            Some((table, rest)) if !OPEN_TABLES.contains(&table) => {
                if self.custom.iter().all(|(name, _)| name != table) {
                    self.custom.push((table.to_owned(), Value::Table(Vec::new())));
                }
                if let Some((_, Value::Table(items))) = self.custom.iter_mut().find(|(name, _)| name == table)
                {
                    put(items, rest, value);
                }
            }
            _ => self.custom(key, value),
        }
    }

    /// One more value of a list of the user's own.
    pub fn one_of_list(&mut self, key: &str, value: &str) {
        if self.custom.iter().all(|(name, _)| name != key) {
            self.custom.push((key.to_owned(), Value::List(Vec::new())));
        }
        self.custom(key, Value::Text(value.to_owned()));
    }

    /// Puts all of it into the card.
    pub fn into_card(mut self, card: &mut Card) {
        self.put_addresses(card);
        self.put_name(card);
        let labelled = [
            (&mut self.emails, &mut card.head.email, kept::email as fn(&str, &[&str]) -> Option<String>),
            (&mut self.phones, &mut card.head.phone, kept::tel),
        ];
        for (values, list, line) in labelled {
            values.sort_by_key(|one| !one.is_first);
            for one in values {
                if !list.contains(&one.value) {
                    let types = types(&one.label);
                    let types: Vec<&str> = types.iter().map(String::as_str).collect();
                    self.kept.extend(line(&one.value, &types));
                    list.push(std::mem::take(&mut one.value));
                }
            }
        }
        card.head.dates = self.days;
        card.head.custom = self.custom;
        if !self.kept.is_empty() {
            let lines = self.kept.into_iter().map(Value::Text).collect();
            card.head.custom.push(("vcard".to_owned(), Value::List(lines)));
        }
    }

    fn put_name(&mut self, card: &mut Card) {
        let name = |part: Part| self.names[part as usize].as_str();
        let mut prefix = name(Part::Prefix);
        let mut salutation = None;
        if is_salutation(prefix) {
            salutation = Some(prefix.to_owned());
            prefix = "";
        }
        let (family, given) = (name(Part::Last), name(Part::First));
        let (additional, suffix) = (name(Part::Middle), name(Part::Suffix));
        let composed = match family.is_empty() && given.is_empty() && additional.is_empty() {
            true => String::new(),
            false => kept::full_name(family, given, additional, prefix, suffix),
        };
        let nickname = name(Part::Nickname).to_owned();
        let said = [name(Part::Full), &composed, &nickname, name(Part::FiledAs)];
        let said = said.into_iter().find(|said| !said.is_empty()).map(str::to_owned);
        let written = said.or_else(|| card.head.company.clone());
        card.head.name = written.or_else(|| self.emails.first().map(|email| email.value.clone()));
        if let Some(shown) = card.head.name.as_deref().filter(|_| !composed.is_empty()) {
            let before = name(Part::Prefix);
            self.kept.extend(kept::name_of(shown, family, given, additional, before, suffix));
        }
        for (key, text) in [("nickname", Some(nickname)), ("salutation", salutation)] {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                self.custom(key, Value::Text(text));
            }
        }
    }

    fn put_addresses(&mut self, card: &mut Card) {
        for address in std::mem::take(&mut self.addresses) {
            let parts = address.parts.each_ref().map(String::as_str);
            let is_in_parts = parts.iter().any(|part| !part.is_empty());
            let written = if is_in_parts { kept::address(&parts) } else { address.whole.clone() };
            if written.is_empty() {
                continue;
            }
            let types = types(&address.label);
            let types: Vec<&str> = types.iter().map(String::as_str).collect();
            let in_parts = if is_in_parts { parts } else { ["", "", &written, "", "", "", ""] };
            self.kept.extend(kept::adr(&in_parts, &types));
            match &card.head.address {
                None => card.head.address = Some(written),
                Some(there) if *there == written => {}
                Some(_) => self.one_of_list("other_addresses", &written),
            }
        }
    }
}

/// Puts a value into a table, in tables of its own where its key has dots.
fn put(items: &mut Vec<(String, Value)>, key: &str, value: Value) {
    let Some((table, rest)) = key.split_once('.') else {
        items.push((key.to_owned(), value));
        return;
    };
    if items.iter().all(|(name, _)| name != table) {
        items.push((table.to_owned(), Value::Table(Vec::new())));
    }
    if let Some((_, Value::Table(inner))) = items.iter_mut().find(|(name, _)| name == table) {
        put(inner, rest, value);
    }
}

fn push(list: &mut Vec<Labelled>, value: &str, label: &str) {
    let label = label.trim();
    // Google marks so what is to be used first.
    let is_first = label.starts_with('*');
    let label = label.trim_start_matches('*').trim().to_owned();
    list.push(Labelled { value: value.to_owned(), label, is_first });
}

fn join(place: &mut String, value: &str, between: &str) {
    if !place.is_empty() && !value.is_empty() {
        place.push_str(between);
    }
    place.push_str(value);
}

/// What a label says, as vCard's types: `Work Fax` and `work-fax` are work and fax. Words that are none stay together,
/// as one label.
fn types(label: &str) -> Vec<String> {
    const KNOWN: [&str; 10] =
        ["work", "home", "cell", "fax", "pager", "main", "car", "isdn", "textphone", "voice"];
    let label = label.trim_start_matches('*').trim();
    let words: Vec<String> = label
        .split([' ', '-'])
        .filter(|word| !word.is_empty())
        .map(|word| match word.to_lowercase().as_str() {
            "mobile" => "cell".to_owned(),
            word => word.to_owned(),
        })
        .collect();
    match label.to_lowercase().as_str() {
        "" | "other" | "internet" | "phone" | "email" => Vec::new(),
        _ if words.iter().all(|word| KNOWN.contains(&word.as_str())) => words,
        _ => vec![label.to_owned()],
    }
}

/// What people are called in letters and on envelopes, and not otherwise.
fn is_salutation(prefix: &str) -> bool {
    const SALUTATIONS: [&str; 16] = [
        "mr", "mrs", "ms", "miss", "mx", "herr", "frau", "m", "mme", "mlle", "sr", "sra", "srta", "sig",
        "mister", "madame",
    ];
    SALUTATIONS.contains(&prefix.trim_end_matches('.').to_lowercase().as_str())
}
