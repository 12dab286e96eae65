//! Programs that are not ours, reading cards: vobject and khard in Python, and the crate calcard. Each gives what it
//! reads in one shape, and that is compared with what a fixture is said to hold.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use calcard::vcard::{VCard, VCardEntry, VCardProperty, VCardValue};
use calcard::{Entry, Parser};
use serde_json::{Map, Value, json};
use tickler_tests::{ran, workspace};

use super::fixture::list;

/// Installs the readers in Python, once, and gives the folder that they are in.
fn installed() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let mut install = Command::new(workspace().join("tests/clients/install"));
        install.arg("cards");
        let ran = ran(install);
        assert_eq!(ran.code, 0, "{}", ran.err);
        PathBuf::from(ran.out.trim())
    })
}

/// What a reader in Python makes of a file of cards.
fn by_python(reader: &str, file: &Path) -> Vec<Value> {
    let mut python = Command::new("python3");
    python.arg(installed().join("cards.py")).arg(reader).arg(file);
    let ran = ran(python);
    assert_eq!(ran.code, 0, "{reader} cannot read {}:\n{}", file.display(), ran.err);
    let cards: Value = serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{error}: {}", ran.out));
    cards.as_array().unwrap().clone()
}

/// What vobject reads.
pub fn by_vobject(file: &Path) -> Vec<Value> {
    by_python("vobject", file)
}

/// What khard shows, in the shape of the others as far as it shows it.
pub fn by_khard(file: &Path) -> Vec<Value> {
    by_python("khard", file).iter().map(of_khard).collect()
}

/// A card of khard's own words in the shape of the others.
fn of_khard(card: &Value) -> Value {
    assert!(card["error"].is_null(), "khard refuses a card: {}", card["error"]);
    let yaml = &card["yaml"];
    let addresses = leaves_of(&yaml["Address"], &|one| one.get("Street").is_some());
    let adrs: Vec<Value> = addresses
        .iter()
        .map(|adr| {
            let parts = ["Box", "Extended", "Street", "City", "Region", "Code", "Country"];
            parts.iter().map(|part| Value::String(texts(&adr[*part]).join(","))).collect()
        })
        .collect();
    let name: Vec<Value> = ["Last name", "First name", "Additional", "Prefix", "Suffix"]
        .iter()
        .map(|part| Value::String(texts(&yaml[*part]).join(",")))
        .collect();
    json!({
        "name": yaml["Formatted name"], "n": name, "emails": card["emails"], "phones": card["phones"],
        "orgs": texts(&yaml["Organisation"]), "titles": texts(&yaml["Title"]), "roles": texts(&yaml["Role"]),
        "adrs": adrs, "notes": texts(&yaml["Note"]), "urls": texts(&yaml["Webpage"]),
        "bday": texts(&yaml["Birthday"]).first(), "categories": texts(&yaml["Categories"]),
    })
}

/// All texts in a value, in order.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(all) => all.iter().flat_map(texts).collect(),
        Value::Object(all) => all.values().flat_map(texts).collect(),
        Value::String(text) => vec![text.clone()],
        other => vec![other.to_string()],
    }
}

/// All objects in a value that are of some kind.
fn leaves_of<'v>(value: &'v Value, is_leaf: &dyn Fn(&Map<String, Value>) -> bool) -> Vec<&'v Value> {
    match value {
        Value::Object(map) if is_leaf(map) => vec![value],
        Value::Object(map) => map.values().flat_map(|one| leaves_of(one, is_leaf)).collect(),
        Value::Array(all) => all.iter().flat_map(|one| leaves_of(one, is_leaf)).collect(),
        _ => Vec::new(),
    }
}

/// What calcard reads.
pub fn by_calcard(text: &str) -> Vec<Value> {
    let mut parser = Parser::new(text);
    let mut cards = Vec::new();
    loop {
        match parser.entry() {
            Entry::VCard(card) => cards.push(of_calcard(&card)),
            Entry::Eof => return cards,
            other => panic!("calcard cannot read it: {other:?}\n{text}"),
        }
    }
}

fn of_calcard(card: &VCard) -> Value {
    let entries = |name: VCardProperty| card.entries.iter().filter(move |entry| entry.name == name);
    let all = |name: VCardProperty| -> Vec<String> { entries(name).flat_map(values).collect() };
    let first = |name: VCardProperty| all(name).into_iter().next();
    let parts = |name: VCardProperty| -> Vec<Vec<String>> {
        entries(name).map(|entry| entry.values.iter().map(component).collect()).collect()
    };
    json!({
        "name": first(VCardProperty::Fn), "n": parts(VCardProperty::N).first(),
        "emails": all(VCardProperty::Email), "phones": all(VCardProperty::Tel), "orgs": all(VCardProperty::Org),
        "titles": all(VCardProperty::Title), "roles": all(VCardProperty::Role), "adrs": parts(VCardProperty::Adr),
        "notes": all(VCardProperty::Note), "urls": all(VCardProperty::Url), "bday": first(VCardProperty::Bday),
        "categories": all(VCardProperty::Categories), "uid": first(VCardProperty::Uid),
    })
}

fn values(entry: &VCardEntry) -> Vec<String> {
    entry.values.iter().flat_map(parts_of).filter(|part| !part.is_empty()).collect()
}

fn component(value: &VCardValue) -> String {
    parts_of(value).join(",")
}

fn parts_of(value: &VCardValue) -> Vec<String> {
    match value {
        VCardValue::Text(text) => vec![text.clone()],
        VCardValue::Component(parts) => parts.clone(),
        VCardValue::PartialDateTime(at) => {
            let year = at.year.map_or("--".to_owned(), |year| format!("{year:04}-"));
            vec![format!("{year}{:02}-{:02}", at.month.unwrap_or(0), at.day.unwrap_or(0))]
        }
        VCardValue::Integer(number) => vec![number.to_string()],
        other => vec![format!("{other:?}")],
    }
}

/// What a reader's card says otherwise than a fixture is told to, in words; nothing where both are the same card.
pub fn differences(told: &Value, read: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let mut differ = |key: &str, told: BTreeSet<String>, read: BTreeSet<String>| {
        if told != read {
            found.push(format!("{key}: {told:?} is read as {read:?}"));
        }
    };
    for (key, form) in FORMS {
        if told[key].is_null() {
            continue;
        }
        let set = |value: &Value| -> BTreeSet<String> {
            texts(value).iter().map(|text| form(text)).filter(|text| !text.is_empty()).collect()
        };
        differ(key, set(&told[key]), set(&read[key]));
    }
    if told["adrs"].is_array() {
        // Where a part of an address stands may differ: it must be there, as it was.
        let set = |value: &Value| -> BTreeSet<String> {
            let each = value.as_array().into_iter().flatten();
            each.map(|adr| {
                let lines = texts(adr);
                let mut parts: Vec<String> =
                    lines.iter().map(|part| flat(part)).filter(|part| !part.is_empty()).collect();
                parts.sort();
                parts.join(" | ")
            })
            .filter(|adr| !adr.is_empty())
            .collect()
        };
        differ("adrs", set(&told["adrs"]), set(&read["adrs"]));
    }
    if told["notes"].is_array() {
        let joined = list(&read["notes"]).join("\n");
        let lines =
            |text: &str| -> Vec<String> { text.lines().map(|line| line.trim_end().to_owned()).collect() };
        for note in list(&told["notes"]) {
            if !lines(&joined).join("\n").contains(&lines(&note).join("\n")) {
                found.push(format!("notes: {note:?} is read as {joined:?}"));
            }
        }
        if list(&told["notes"]).is_empty() && !joined.trim().is_empty() {
            found.push(format!("notes: nothing is read as {joined:?}"));
        }
    }
    found
}

/// A key of the common shape, and the form in which its values are compared.
type Form = (&'static str, fn(&str) -> String);

const FORMS: [Form; 9] = [
    ("name", flat),
    ("n", flat),
    ("emails", flat),
    ("phones", number),
    ("orgs", flat),
    ("titles", flat),
    ("roles", flat),
    ("urls", address),
    ("uid", identity),
];

/// Birthdays are compared apart: each reader has its own way with a year that is not known.
pub fn birthday(written: &str) -> String {
    let digits: String =
        written.split('T').next().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    let day = digits.strip_prefix("1604").unwrap_or(&digits);
    day.to_owned()
}

/// On one line, with single spaces.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Only what is dialled.
pub fn number(text: &str) -> String {
    let text = text.trim().trim_start_matches("tel:").to_lowercase().replace("ext", "x");
    text.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '+').collect()
}

/// Old programs write colons with a backslash.
fn address(text: &str) -> String {
    flat(text).replace('\\', "")
}

fn identity(text: &str) -> String {
    text.trim().trim_start_matches("urn:uuid:").to_lowercase()
}
