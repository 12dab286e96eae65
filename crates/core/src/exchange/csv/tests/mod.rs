//! Sheets of each program, and of none, as the cards that they become.

mod mapped;
mod programs;

use std::fmt::Write;

use super::{Manner, Mapping, Order, Sheet};
use crate::contact::{ContactKind, Head};
use crate::exchange::{Card, Field, Item};
use crate::settings::{Member, Settings};

/// How a test reads a sheet.
#[derive(Default)]
struct How<'a> {
    map: Option<&'a str>,
    rest: bool,
    order: Option<Order>,
}

/// What came of a sheet: each row told, what became of its columns, and remarks.
struct Read {
    rows: Vec<String>,
    items: Vec<Item>,
    fields: Vec<Field>,
    unnamed: usize,
    remarks: Vec<String>,
    only_refused: String,
}

impl Read {
    /// What became of a column.
    fn key(&self, column: &str) -> Option<&str> {
        let field = self.fields.iter().find(|field| field.name == column);
        field.expect("it is a column").key.as_deref()
    }

    /// The one row of the sheet.
    fn one(&self) -> &str {
        assert_eq!(self.rows.len(), 1, "{:?}", self.rows);
        &self.rows[0]
    }
}

fn settings() -> Settings {
    let pat = Member {
        handle: "pat".to_owned(),
        name: Some("Pat Doe".to_owned()),
        email: vec!["pat@acme.example".to_owned()],
        ..Member::default()
    };
    Settings { team: vec![pat], ..Settings::default() }
}

fn read(text: &str) -> Read {
    read_so(text, &How::default()).unwrap()
}

fn mapped(text: &str, map: &str) -> Read {
    read_so(text, &How { map: Some(map), ..How::default() }).unwrap()
}

fn read_so(text: &str, how: &How<'_>) -> Result<Read, String> {
    let settings = settings();
    let mapping = how.map.map(Mapping::parse).transpose()?;
    let sheet = Sheet::open(text)?;
    let manner = Manner {
        mapping: mapping.as_ref(),
        rest: how.rest,
        order: how.order,
        settings: &settings,
        today: "2026-11-23".parse().unwrap(),
    };
    let reading = sheet.reading(&manner)?.ok_or("not known")?;
    let items: Vec<Item> = reading.items().collect();
    let rows = items.iter().map(|item| match &item.card {
        Ok(card) => told(card),
        Err(why) => format!("line {}: {why}", item.line),
    });
    let refused: Vec<Item> = items.iter().filter(|item| item.card.is_err()).cloned().collect();
    Ok(Read {
        rows: rows.collect(),
        fields: reading.fields(),
        unnamed: reading.unnamed(),
        remarks: reading.remarks().to_vec(),
        only_refused: sheet.only(&refused),
        items,
    })
}

/// All that a card says, a line a key.
fn told(card: &Card) -> String {
    let mut out = String::new();
    let Head { name, kind, uid, company, role, source, address, owner, stage, value, .. } = &card.head;
    let mut line = |key: &str, value: &str| {
        if !value.is_empty() {
            writeln!(out, "{key}: {value}").unwrap();
        }
    };
    let texts = [("name", name), ("uid", uid), ("company", company), ("role", role), ("source", source)];
    texts.iter().for_each(|(key, text)| line(key, text.as_deref().unwrap_or_default()));
    if *kind == ContactKind::Org {
        line("kind", "org");
    }
    line("address", address.as_deref().unwrap_or_default());
    let head = &card.head;
    for (key, list) in [
        ("email", &head.email),
        ("phone", &head.phone),
        ("links", &head.links),
        ("tags", &head.tags),
        ("needs", &head.needs),
    ] {
        line(key, &list.join(" | "));
    }
    for (key, text) in [
        ("owner", owner),
        ("stage", stage),
        ("referred_by", &head.referred_by),
        ("hot_button", &head.hot_button),
        ("timezone", &head.timezone),
    ] {
        line(key, text.as_deref().unwrap_or_default());
    }
    if let Some(value) = value {
        line("value", &format!("{} {}", value.amount, value.currency.as_deref().unwrap_or("-")));
    }
    if let Some(added) = head.added {
        line("added", &added.to_string());
    }
    let prefers = &head.prefers;
    let channels: Vec<&str> = prefers.channel.iter().map(|channel| channel.as_str()).collect();
    line("prefers.channel", &channels.join(" | "));
    line("prefers.every", prefers.every.as_ref().map(|every| every.written()).unwrap_or_default());
    line("prefers.permission", prefers.permission.as_deref().unwrap_or_default());
    if let Some(next) = &head.next {
        line("next", &format!("{:?} {:?} {}", next.on.map(|on| on.date), next.why, next.asked));
    }
    head.dates.iter().for_each(|(name, date)| line(&format!("dates.{name}"), &date.to_string()));
    head.custom.iter().for_each(|(key, value)| line(key, &value.to_string()));
    line("id", card.id.as_deref().unwrap_or_default());
    line("prose", &card.prose.as_ref().map(|prose| format!("{prose:?}")).unwrap_or_default());
    card.notes.iter().for_each(|note| line("note", &format!("{note:?}")));
    for touch in &card.touches {
        let words: Vec<&str> = touch.words.names().collect();
        line("log", &format!("{} {} {}: {}", touch.date, touch.channel, words.join(" "), touch.text));
    }
    line("left aside", &card.left_aside.join(", "));
    out
}
