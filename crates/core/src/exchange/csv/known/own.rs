//! tickler's own sheets, as `export csv` writes them: a column a key of the front matter.

use super::Slot;
use crate::exchange::csv::key::{Key, Target};
use crate::exchange::csv::write::{KEYS, NOTE};

/// Where the file lies is no key.
const NOT_KEYS: [&str; 1] = ["file"];
/// Keys that no other program calls so, or only by chance.
const OURS: [&str; 12] = [
    "uid",
    "kind",
    "aliases",
    "referred_by",
    "hot_button",
    "added",
    "prefers.channel",
    "prefers.every",
    "prefers.permission",
    "next.on",
    "away.until",
    "cadence.start",
];

/// Whether there is a name, and at least two keys that only we call so.
pub fn is_header(columns: &[String]) -> bool {
    let has = |name: &str| columns.iter().any(|column| column == name);
    has("name") && OURS.iter().filter(|key| has(key)).count() > 1
}

pub fn slots(columns: &[String]) -> Vec<Slot> {
    columns.iter().enumerate().map(|(column, name)| Slot { column, key: key(name), label: None }).collect()
}

fn key(name: &str) -> Key {
    // Before a key of the user's own that is called as one of ours stands `custom.`.
    let custom = |name: &str| Key::of(name, Target::Custom(name.to_owned()));
    match name {
        "vcard" => custom(name),
        "currency" => Key::of(name, Target::Currency),
        "id" => Key::of(name, Target::Id),
        _ if NOT_KEYS.contains(&name) => Key::nothing(),
        _ => match (name.strip_prefix("custom."), name.strip_prefix("dates."), Key::parse(name)) {
            (Some(own), ..) => custom(own),
            // As they are written, whatever that is.
            (_, Some(day), _) => Key::of(name, Target::Day(day.to_owned())),
            (.., Ok(key)) if KEYS.contains(&name) || name == NOTE => key,
            _ => custom(name),
        },
    }
}
