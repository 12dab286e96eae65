//! Contacts as a sheet: a row a contact, a column a key of the front matter, so that it can be worked on in a
//! spreadsheet and taken in again.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::guard::guard;
use super::typed::cell_of;
use crate::contact::{Contact, ContactKind, Head, Value};
use crate::date::When;

/// What stands between the items of a list in one cell, as in the sheets of other address books.
pub const BETWEEN: &str = " ::: ";

/// The columns that every sheet has, in order; the days, the user's own keys and [`NOTE`] follow.
pub const KEYS: [&str; 36] = [
    "id",
    "uid",
    "name",
    "kind",
    "company",
    "role",
    "email",
    "phone",
    "tags",
    "stage",
    "owner",
    "value",
    "currency",
    "address",
    "links",
    "source",
    "referred_by",
    "needs",
    "hot_button",
    "timezone",
    "added",
    "aliases",
    "prefers.channel",
    "prefers.hours",
    "prefers.every",
    "prefers.permission",
    "next.on",
    "next.via",
    "next.why",
    "next.promised",
    "next.asked",
    "away.from",
    "away.until",
    "away.why",
    "cadence.name",
    "cadence.start",
];
/// The last column: what the contact's file says below its front matter, but for the log.
pub const NOTE: &str = "note";
/// What stands before a day of `[dates]`.
const DATES: &str = "dates.";
/// What stands before a key of the user's own that is called as one of the columns above.
pub const CUSTOM: &str = "custom.";

/// Tables of the format that may have further keys, which are called by their path.
pub const OPEN_TABLES: [&str; 4] = ["prefers", "next", "away", "cadence"];

/// The columns of one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    own: Vec<String>,
}

impl Columns {
    /// With these beside those that every sheet has: see [`own_columns`].
    pub fn new(own: BTreeSet<String>) -> Columns {
        // Days first, then the user's own keys.
        let (dates, keys): (Vec<String>, Vec<String>) =
            own.into_iter().partition(|name| name.starts_with(DATES));
        Columns { own: [dates, keys].concat() }
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let own = self.own.iter().map(String::as_str);
        KEYS.into_iter().chain(own).chain([NOTE])
    }

    /// The first row.
    pub fn header(&self) -> Vec<u8> {
        record(self.names())
    }

    /// The row of a contact, of which `note` is what its file says below the front matter. Cells that a spreadsheet
    /// would run are guarded, unless they are to be `raw`.
    pub fn row(&self, contact: &Contact, note: &str, raw: bool) -> Vec<u8> {
        let cells = self.cells(contact, note).into_iter();
        if raw {
            return record(cells);
        }
        record(cells.map(|cell| guard(&cell).into_owned()))
    }

    fn cells(&self, contact: &Contact, note: &str) -> Vec<String> {
        let own = own_cells(&contact.head);
        let own = |name: &str| own.iter().find(|(key, _)| key == name).map(|(_, cell)| cell.clone());
        let cell = |name: &str| match name {
            NOTE => note.trim().to_owned(),
            name => known(contact, name).or_else(|| own(name)).unwrap_or_default(),
        };
        self.names().map(cell).collect()
    }
}

/// The columns that a contact needs beside those that every sheet has: its days, and its own keys.
pub fn own_columns(head: &Head) -> impl Iterator<Item = String> {
    own_cells(head).into_iter().map(|(name, _)| name)
}

/// What a column holds that every sheet has; none where it is no such column.
fn known(contact: &Contact, column: &str) -> Option<String> {
    let head = &contact.head;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let list = |items: &[String]| items.join(BETWEEN);
    let (prefers, next, away, cadence) = (&head.prefers, &head.next, &head.away, &head.cadence);
    Some(match column {
        "id" => contact.id.as_str().to_owned(),
        "uid" => text(&head.uid),
        "name" => contact.name.clone(),
        "kind" => match head.kind {
            ContactKind::Person => "person".to_owned(),
            ContactKind::Org => "org".to_owned(),
        },
        "company" => text(&head.company),
        "role" => text(&head.role),
        "email" => list(&head.email),
        "phone" => list(&head.phone),
        "tags" => list(&head.tags),
        "stage" => text(&head.stage),
        "owner" => text(&head.owner),
        "value" => said(head.value.as_ref().map(|value| value.amount)),
        "currency" => said(head.value.as_ref().and_then(|value| value.currency.as_ref())),
        "address" => text(&head.address),
        "links" => list(&head.links),
        "source" => text(&head.source),
        "referred_by" => text(&head.referred_by),
        "needs" => list(&head.needs),
        "hot_button" => text(&head.hot_button),
        "timezone" => text(&head.timezone),
        "added" => said(head.added),
        "aliases" => list(&head.aliases),
        "prefers.channel" => {
            prefers.channel.iter().map(|channel| channel.as_str()).collect::<Vec<_>>().join(BETWEEN)
        }
        "prefers.hours" => text(&prefers.hours),
        "prefers.every" => said(prefers.every.as_ref().map(|every| every.written())),
        "prefers.permission" => text(&prefers.permission),
        "next.on" => next.as_ref().and_then(|next| next.on).map(moment).unwrap_or_default(),
        "next.via" => said(next.as_ref().and_then(|next| next.via.as_ref())),
        "next.why" => said(next.as_ref().and_then(|next| next.why.as_ref())),
        "next.promised" => yes(next.as_ref().is_some_and(|next| next.promised)),
        "next.asked" => yes(next.as_ref().is_some_and(|next| next.asked)),
        "away.from" => said(away.as_ref().and_then(|away| away.from)),
        "away.until" => said(away.as_ref().and_then(|away| away.until)),
        "away.why" => said(away.as_ref().and_then(|away| away.why.as_ref())),
        "cadence.name" => said(cadence.as_ref().and_then(|cadence| cadence.name.as_ref())),
        "cadence.start" => said(cadence.as_ref().and_then(|cadence| cadence.start)),
        _ => return None,
    })
}

/// The days and the user's own keys, each with the name of its column and its cell.
fn own_cells(head: &Head) -> Vec<(String, String)> {
    let days = head.dates.iter().map(|(name, day)| (format!("{DATES}{name}"), day.to_string()));
    let mut cells: Vec<(String, String)> = days.collect();
    for (key, value) in &head.custom {
        let is_taken = KEYS.contains(&key.as_str()) || key == NOTE;
        let prefix = if is_taken || key.starts_with(CUSTOM) || key.starts_with(DATES) { CUSTOM } else { "" };
        let is_in_table = key.split_once('.').is_some_and(|(table, _)| OPEN_TABLES.contains(&table));
        let is_whole = key.contains(['.', '"']) && !is_in_table;
        let key = if is_whole { format!("\"{key}\"") } else { key.clone() };
        spread(format!("{prefix}{key}"), value, &mut cells);
    }
    cells
}

/// The cells of a value: one, or one for each that a table holds.
fn spread(name: String, value: &Value, cells: &mut Vec<(String, String)>) {
    match value {
        Value::Table(items) if !items.is_empty() && items.iter().all(|(key, _)| is_plain(key)) => {
            for (key, item) in items {
                spread(format!("{name}.{key}"), item, cells);
            }
        }
        one => cells.push((name, cell_of(one))),
    }
}

/// Whether a key can stand behind a dot in the name of a column.
fn is_plain(key: &str) -> bool {
    !key.is_empty() && key.trim() == key && !key.contains(['.', '"']) && !key.contains(char::is_control)
}

/// A moment as ISO 8601 has it.
fn moment(when: When) -> String {
    match when.time {
        Some(time) => format!("{}T{time}", when.date),
        None => when.date.to_string(),
    }
}

fn said(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// What is not so is not said.
fn yes(is_so: bool) -> String {
    if is_so { "true".to_owned() } else { String::new() }
}

/// One row as RFC 4180 quotes it; a line feed ends it.
fn record(cells: impl Iterator<Item = impl AsRef<[u8]>>) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written = writer.write_record(cells);
    debug_assert!(written.is_ok(), "memory takes all that is written to it");
    writer.into_inner().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contact::ContactId;
    use crate::file;
    use crate::settings::Settings;
    use proptest::prelude::*;

    fn contact(text: &str) -> Contact {
        file::parse(text, "jane-doe", &Settings::default()).contact
    }

    fn columns(contacts: &[&Contact]) -> Columns {
        Columns::new(contacts.iter().flat_map(|contact| own_columns(&contact.head)).collect())
    }

    /// The cells of a row, as the crate `csv` reads it.
    fn read(rows: &[u8]) -> Vec<Vec<String>> {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(rows);
        let rows: Result<Vec<csv::StringRecord>, _> = reader.records().collect();
        rows.unwrap().iter().map(|row| row.iter().map(str::to_owned).collect()).collect()
    }

    #[test]
    fn every_key_has_its_column() {
        let jane = contact(
            "+++\nname = \"Jane \\\"JD\\\" Doe\"\nuid = \"u1\"\naliases = [\"jd\"]\ncompany = \"Acme, Inc.\"\nrole = \"Head\"\n\
             source = \"fair\"\naddress = \"1 Main St\"\nemail = [\"a@x.example\", \"b@x.example\"]\n\
             phone = \"+1 555 0100\"\nlinks = [\"https://x.example\"]\ntags = [\"hotel\", \"vip\"]\nneeds = [\"quiet\"]\n\
             owner = \"pat\"\nstage = \"nurture\"\nvalue = \"12.5 EUR\"\nreferred_by = \"bob\"\nhot_button = \"-\"\n\
             timezone = \"Europe/Rome\"\nadded = 2026-01-02\ndog = \"Rex\"\nsizes = [1, 2.5]\nnote = \"mine\"\n\
             [prefers]\nchannel = [\"phone\", \"email\"]\nhours = \"9:00-17:00\"\nevery = \"3 months\"\npermission = \"yes\"\n\
             colour = \"red\"\n[next]\non = 2026-12-09T10:00:00\nvia = \"phone\"\nwhy = \"page 3\"\npromised = true\n\
             [away]\nfrom = 2026-12-20\nuntil = 2027-01-03\nwhy = \"ski\"\n[cadence]\nname = \"new\"\nstart = 2026-11-01\n\
             [dates]\nbirthday = 1980-05-12\n[car]\nseats = 4\n[car.engine]\nfuel = \"gas\"\n+++\n",
        );
        let columns = columns(&[&jane]);
        let rows = [columns.header(), columns.row(&jane, "\nMet.\n\nTwice.\n", false)].concat();
        let [header, row] = read(&rows).try_into().unwrap();
        let found: Vec<(&str, &str)> =
            header.iter().map(String::as_str).zip(row.iter().map(String::as_str)).collect();
        assert_eq!(
            found,
            [
                ("id", "jane-doe"),
                ("uid", "u1"),
                ("name", "Jane \"JD\" Doe"),
                ("kind", "person"),
                ("company", "Acme, Inc."),
                ("role", "Head"),
                ("email", "a@x.example ::: b@x.example"),
                ("phone", "'+1 555 0100"),
                ("tags", "hotel ::: vip"),
                ("stage", "nurture"),
                ("owner", "pat"),
                ("value", "12.5"),
                ("currency", "EUR"),
                ("address", "1 Main St"),
                ("links", "https://x.example"),
                ("source", "fair"),
                ("referred_by", "bob"),
                ("needs", "quiet"),
                ("hot_button", "'-"),
                ("timezone", "Europe/Rome"),
                ("added", "2026-01-02"),
                ("aliases", "jd"),
                ("prefers.channel", "phone ::: email"),
                ("prefers.hours", "9:00-17:00"),
                ("prefers.every", "3 months"),
                ("prefers.permission", "yes"),
                ("next.on", "2026-12-09T10:00"),
                ("next.via", "phone"),
                ("next.why", "page 3"),
                ("next.promised", "true"),
                ("next.asked", ""),
                ("away.from", "2026-12-20"),
                ("away.until", "2027-01-03"),
                ("away.why", "ski"),
                ("cadence.name", "new"),
                ("cadence.start", "2026-11-01"),
                ("dates.birthday", "1980-05-12"),
                ("car.engine.fuel", "gas"),
                ("car.seats", "4"),
                ("custom.note", "mine"),
                ("dog", "Rex"),
                ("prefers.colour", "red"),
                ("sizes", "1 ::: 2.5"),
                ("note", "Met.\n\nTwice."),
            ]
        );
    }

    #[test]
    fn what_a_file_does_not_say_is_empty() {
        let bob = contact("+++\nname = \"Bob\"\n+++\n");
        let columns = columns(&[&contact("+++\ndog = \"Rex\"\n+++\n"), &bob]);
        let row = read(&columns.row(&bob, "", false)).concat();
        let said: Vec<&String> = row.iter().filter(|cell| !cell.is_empty()).collect();
        assert_eq!(said, ["jane-doe", "Bob", "person"]);
        assert_eq!(row.len(), KEYS.len() + 2);
    }

    proptest! {
        #[test]
        fn every_cell_is_read_as_it_was_written(
            name in any::<String>(), role in any::<String>(), dog in any::<String>(), note in any::<String>(),
            email in prop::collection::vec("[^:]*", 0..3), raw in any::<bool>(),
        ) {
            let custom = vec![("dog".to_owned(), Value::Text(dog))];
            let head = Head { role: Some(role), email, custom, ..Head::default() };
            let contact = Contact { id: ContactId::new("jane"), name, head, ..Contact::default() };
            let columns = columns(&[&contact]);
            let row = read(&columns.row(&contact, &note, raw)).concat();
            let row: Vec<&str> =
                row.iter().map(|cell| if raw { cell.as_str() } else { super::super::guard::undo(cell) }).collect();
            prop_assert_eq!(row, columns.cells(&contact, &note));
        }
    }
}
