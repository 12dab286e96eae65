//! A card as what it says of a contact.

use std::collections::HashMap;

use super::cut::{self, Piece};
use super::line::{Line, spaced, unescape};
use super::modern::{bare, group, modern};
use super::name::{self, Name};
use super::normal::{Normal, Version, normal};
use super::said::{self, Said, says};
use crate::contact::{ContactKind, Head, Value};
use crate::exchange::Card;

/// Tags by the identity or the address of whom they are of, in lower case: what groups of the same file name.
pub type Tags = HashMap<String, Vec<String>>;

/// Lines that say nothing of anybody.
const FORMAL: [&str; 6] = ["VERSION", "PRODID", "REV", "PROFILE", "BEGIN", "END"];
/// Categories that programs give to everybody.
const EVERYBODY: [&str; 2] = ["mycontacts", "my contacts"];
/// What a preference is that is not written.
const LAST: u32 = 101;

/// What a card says; none where it is of a group, and no contact.
pub fn card(piece: &Piece, tags: &Tags) -> Option<Result<Box<Card>, String>> {
    if !piece.whole {
        return Some(Err("it has no end (\"END:VCARD\")".to_owned()));
    }
    let (lines, left_aside) = lines(piece);
    if group(&lines).is_some() {
        return None;
    }
    let mut reading = Reading::default();
    reading.card.left_aside = left_aside;
    reading.take(lines);
    reading.tag(tags);
    Some(reading.finish())
}

/// The name of a group and its members.
pub fn group_of(piece: &Piece) -> Option<(String, Vec<String>)> {
    group(&lines(piece).0)
}

/// The lines in the form of vCard 4.0, and what was left aside.
fn lines(piece: &Piece) -> (Vec<Line>, Vec<String>) {
    let parsed: Vec<Line> = piece
        .lines
        .iter()
        // A quote that never ends hides all behind it.
        .filter_map(|text| Line::parse(text).or_else(|| Line::parse(&text.replace('"', ""))))
        .collect();
    let said = parsed.iter().find(|line| line.name == "VERSION").map(|line| line.value.trim());
    let version = match said {
        Some(said) if said.starts_with("2.") => Version::V21,
        Some(said) if said.starts_with("4.") => Version::V4,
        _ => Version::V3,
    };
    let (mut lines, mut aside) = (Vec::with_capacity(parsed.len()), Vec::new());
    let agents = parsed
        .iter()
        .filter(|line| line.name == "AGENT")
        .filter_map(|line| cut::lines(&unescape(&line.value)));
    let agents: Vec<Piece> = agents.chain(piece.inner.iter().cloned()).collect();
    for line in parsed {
        let is_card = line.name == "AGENT" && line.value.to_uppercase().contains("BEGIN:VCARD");
        match normal(line, version) {
            Normal::Line(_) if is_card => {}
            Normal::Line(line) => lines.push(line),
            Normal::Aside(what) if !aside.contains(&what) => aside.push(what),
            Normal::Aside(_) | Normal::Nothing => {}
        }
    }
    let mut lines = modern(lines, version);
    for agent in agents {
        let (inner, _) = self::lines(&Piece { inner: Vec::new(), ..agent });
        if let Some(name) = shown(&inner) {
            lines.push(Line::text("RELATED", &name).with("TYPE", &["agent"]).with("VALUE", &["text"]));
        }
        aside.push("the card of an agent".to_owned());
    }
    (lines, aside)
}

/// The name to show that the lines give: as it is written, else its parts.
fn shown(lines: &[Line]) -> Option<String> {
    let all = |name: &'static str| lines.iter().filter(move |line| line.name == name);
    let whole = all("FN").map(|line| spaced(&line.plain()));
    whole.chain(all("N").map(|line| Name::of(line).shown())).find(|name| !name.is_empty())
}

/// Kept lines in the order in which a card is written, so that it gives the same contact.
fn in_order(mut lines: Vec<String>) -> Vec<String> {
    const ORDER: [&str; 13] = [
        "FN",
        "N",
        "NICKNAME",
        "ORG",
        "TITLE",
        "EMAIL",
        "TEL",
        "ADR",
        "URL",
        "BDAY",
        "ANNIVERSARY",
        "RELATED",
        "CATEGORIES",
    ];
    let rank = |line: &String| {
        let name = line.split([';', ':']).next().unwrap_or_default();
        ORDER.iter().position(|known| known.eq_ignore_ascii_case(name)).unwrap_or(ORDER.len())
    };
    lines.sort_by_cached_key(|line| {
        let rank = rank(line);
        (rank, (rank == ORDER.len()).then(|| line.clone()))
    });
    lines
}

#[derive(Default)]
struct Reading {
    card: Card,
    kept: Vec<String>,
    nicknames: Vec<String>,
    department: String,
    related: Vec<String>,
    names: Vec<String>,
    companies: Vec<String>,
    roles: Vec<String>,
    addresses: Vec<String>,
}

impl Reading {
    fn take(&mut self, mut lines: Vec<Line>) {
        self.card.head.name = shown(&lines);
        // What is preferred comes first, whatever property it is; titles come before roles.
        lines.sort_by_key(|line| (line.name == "ROLE", rank(line)));
        for mut line in lines {
            line.take("PREF");
            if !FORMAL.contains(&line.name.as_str()) {
                self.line(line);
            }
        }
    }

    fn line(&mut self, line: Line) {
        let head = &mut self.card.head;
        let shown = head.name.clone().unwrap_or_default();
        match line.name.as_str() {
            "FN" if spaced(&line.plain()) == shown => {}
            "N" => self.kept.extend(name::keep(line, &shown).map(|line| line.to_string())),
            "UID" => {
                head.uid = head.uid.take().or_else(|| Some(bare(&line.plain()))).filter(|uid| !uid.is_empty())
            }
            "NOTE" => self.note(&line.plain()),
            "KIND" => match line.value.trim().to_lowercase().as_str() {
                "org" => head.kind = ContactKind::Org,
                "individual" => {}
                _ => self.keep(&line),
            },
            _ => {
                let mut all = says(&line);
                let is_everybody = |said: &Said| matches!(said, Said::Tag(tag) if EVERYBODY.contains(&tag.to_lowercase().as_str()));
                let count = all.len();
                all.retain(|said| !is_everybody(said));
                let plain = said::line(&all).filter(|_| !self.is_further(&all));
                if plain.as_ref() != Some(&line) && all.len() == count {
                    self.keep(&line);
                }
                all.into_iter().for_each(|said| self.say(said));
            }
        }
    }

    /// Whether it is a part of a company beside the one that the keys have place for.
    fn is_further(&self, all: &[Said]) -> bool {
        let is_there = self.card.head.company.is_some() || !self.department.is_empty();
        matches!(all, [Said::Company(_, unit)] if !unit.is_empty() && is_there)
    }

    fn keep(&mut self, line: &Line) {
        let line = line.to_string();
        if !self.kept.contains(&line) {
            self.kept.push(line);
        }
    }

    fn note(&mut self, text: &str) {
        let text = text.trim_matches(|c: char| c == '\n' || c == '\r').trim_end().to_owned();
        if !text.trim().is_empty() && !self.card.notes.contains(&text) {
            self.card.notes.push(text);
        }
    }

    fn say(&mut self, said: Said) {
        let head = &mut self.card.head;
        match said {
            Said::Name(text) => add(&mut self.names, text),
            Said::Email(text) => add(&mut head.email, text),
            Said::Phone(text) => add(&mut head.phone, text),
            Said::Link(text) => add(&mut head.links, text),
            Said::Tag(text) => add(&mut head.tags, text),
            Said::Nickname(text) => add(&mut self.nicknames, text),
            Said::Related(text) => add(&mut self.related, text),
            Said::Address(text) => first(&mut head.address, &mut self.addresses, text),
            Said::Role(text) => first(&mut head.role, &mut self.roles, text),
            Said::Company(company, unit) => {
                let is_first = head.company.is_none() && self.department.is_empty();
                // A further part of the same company is another place to work.
                let is_same =
                    head.company.as_ref() == Some(&company) && (unit == self.department || unit.is_empty());
                if is_first {
                    self.department = unit;
                    head.company = Some(company).filter(|company| !company.is_empty());
                } else if !company.is_empty() && !is_same {
                    add(&mut self.companies, company);
                }
            }
            Said::Day(key, day) => {
                let is_there = |key: &str, head: &Head| head.dates.iter().any(|(one, _)| one == key);
                if head.dates.iter().any(|(one, date)| *date == day && one.starts_with(&key)) {
                    return;
                }
                let numbered = (2..).map(|number| format!("{key}_{number}"));
                let mut keys = std::iter::once(key.clone()).chain(numbered);
                head.dates.extend(keys.find(|key| !is_there(key, head)).map(|key| (key, day)));
            }
            Said::Timezone(name) => {
                head.timezone.get_or_insert(name);
            }
        }
    }

    /// The names of the groups that it is in.
    fn tag(&mut self, tags: &Tags) {
        let head = &mut self.card.head;
        let keys: Vec<String> = head.uid.iter().chain(&head.email).map(|key| key.to_lowercase()).collect();
        for tag in keys.iter().filter_map(|key| tags.get(key)).flatten() {
            add(&mut head.tags, tag.clone());
        }
    }

    fn finish(mut self) -> Result<Box<Card>, String> {
        let head = &mut self.card.head;
        if head.name.is_none() {
            let called = [self.nicknames.first(), head.company.as_ref(), head.email.first()];
            let found = [head.phone.first(), head.links.first(), head.address.as_ref(), head.role.as_ref()];
            head.name = called.into_iter().chain(found).flatten().next().cloned();
        }
        if head.name.is_none() {
            return Err("it has no name, no address and no number".to_owned());
        }
        let text = |text: String| (!text.is_empty()).then_some(Value::Text(text));
        let texts = |items: Vec<String>| {
            (!items.is_empty()).then(|| Value::List(items.into_iter().map(Value::Text).collect()))
        };
        let custom = [
            ("nickname", text(self.nicknames.join(", "))),
            ("department", text(self.department)),
            ("related", texts(self.related)),
            ("other_names", texts(self.names)),
            ("other_companies", texts(self.companies)),
            ("other_roles", texts(self.roles)),
            ("other_addresses", texts(self.addresses)),
            (super::KEPT, texts(in_order(self.kept))),
        ];
        head.custom = custom.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect();
        Ok(Box::new(self.card))
    }
}

/// The place of a line among those of its property; 1 comes first.
fn rank(line: &Line) -> u32 {
    line.param("PREF").find_map(|rank| rank.parse().ok()).unwrap_or(LAST)
}

fn add(items: &mut Vec<String>, text: String) {
    if !items.contains(&text) {
        items.push(text);
    }
}

fn first(place: &mut Option<String>, others: &mut Vec<String>, text: String) {
    match place {
        None => *place = Some(text),
        Some(there) if *there == text => {}
        Some(_) => add(others, text),
    }
}
