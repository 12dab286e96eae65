//! A contact as JSON: every key of its file, and what the rules say of it (CLI contract, JSON, `list`).

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::{Flag, LastTouch, Value, flags};
use crate::contact::{self, Channel, Contact, ContactKind, Head};
use crate::date::{Date, Time};
use crate::follow_up::{Assessment, Kind, Obligation};
use crate::period::Period;
use crate::settings::Settings;

/// One contact of `list --format json`. Keys of the user's own stand beside the known ones, under their own names;
/// one that is called as a key of this shape is left out.
#[derive(Debug, Serialize)]
#[expect(missing_docs, reason = "the names are the contract's")]
pub struct ContactRow<'a> {
    pub id: &'a str,
    pub name: &'a str,
    pub kind: ContactKind,
    pub uid: Option<&'a str>,
    pub aliases: &'a [String],
    pub company: Option<&'a str>,
    pub role: Option<&'a str>,
    pub source: Option<&'a str>,
    pub address: Option<&'a str>,
    pub email: &'a [String],
    pub phone: &'a [String],
    pub links: &'a [String],
    pub tags: &'a [String],
    pub needs: &'a [String],
    pub owner: Option<&'a str>,
    pub stage: &'a str,
    pub value: Option<Value>,
    pub referred_by: Option<&'a str>,
    pub hot_button: Option<&'a str>,
    pub timezone: Option<&'a str>,
    pub added: Option<Date>,
    pub prefers: Prefers<'a>,
    pub next: Option<Next<'a>>,
    pub away: Option<Away<'a>>,
    pub cadence: Option<Cadence<'a>>,
    pub conflict: Vec<Conflict<'a>>,
    pub dates: BTreeMap<&'a str, Date>,
    pub last_touch: Option<LastTouch>,
    /// The day of the last touch that reached them.
    pub reached: Option<Date>,
    pub unanswered: u32,
    /// The day of the follow-up.
    pub due: Option<Date>,
    pub follow_up: Option<FollowUp<'a>>,
    pub crack: bool,
    pub broken: bool,
    pub stale: bool,
    pub file: String,
    #[serde(flatten)]
    own: BTreeMap<&'a str, Own<'a>>,
}

/// `[prefers]`.
#[derive(Debug, Serialize)]
pub struct Prefers<'a> {
    pub channel: &'a [Channel],
    pub hours: Option<&'a str>,
    pub every: Option<&'a Period>,
    pub permission: Option<&'a str>,
    #[serde(flatten)]
    own: BTreeMap<&'a str, Own<'a>>,
}

/// `[next]`.
#[derive(Debug, Serialize)]
pub struct Next<'a> {
    pub on: Option<String>,
    pub via: Option<&'a Channel>,
    pub why: Option<&'a str>,
    pub promised: bool,
    pub asked: bool,
    #[serde(flatten)]
    own: BTreeMap<&'a str, Own<'a>>,
}

/// `[away]`.
#[derive(Debug, Serialize)]
pub struct Away<'a> {
    pub from: Option<Date>,
    pub until: Option<Date>,
    pub why: Option<&'a str>,
    #[serde(flatten)]
    own: BTreeMap<&'a str, Own<'a>>,
}

/// `[cadence]`.
#[derive(Debug, Serialize)]
pub struct Cadence<'a> {
    pub name: Option<&'a str>,
    pub start: Option<Date>,
    #[serde(flatten)]
    own: BTreeMap<&'a str, Own<'a>>,
}

/// `[[conflict]]`.
#[derive(Debug, Serialize)]
pub struct Conflict<'a> {
    pub key: &'a str,
    other: Own<'a>,
}

/// The follow-up in short; `due` has all of it.
#[derive(Debug, Serialize)]
pub struct FollowUp<'a> {
    pub kind: Kind,
    pub date: Option<Date>,
    pub time: Option<Time>,
    pub via: Option<&'a Channel>,
    pub why: Option<&'a str>,
    pub assignee: Option<&'a str>,
    pub flags: Vec<Flag>,
}

/// A contact with the whole text of its file: `show --format json`.
#[derive(Debug, Serialize)]
pub struct Shown<'a> {
    /// What its keys and the rules say.
    #[serde(flatten)]
    pub contact: ContactRow<'a>,
    /// The file as it is; none where it is no text.
    pub text: Option<String>,
}

impl<'a> ContactRow<'a> {
    /// The row of a contact whose file is `file`, from the notebook's root.
    pub fn new(
        contact: &'a Contact,
        assessment: &'a Assessment,
        settings: &'a Settings,
        file: String,
    ) -> ContactRow<'a> {
        let head = &contact.head;
        let follow_up = assessment.follow_up();
        ContactRow {
            id: contact.id.as_str(),
            name: &contact.name,
            kind: head.kind,
            uid: text(&head.uid),
            aliases: &head.aliases,
            company: text(&head.company),
            role: text(&head.role),
            source: text(&head.source),
            address: text(&head.address),
            email: &head.email,
            phone: &head.phone,
            links: &head.links,
            tags: &head.tags,
            needs: &head.needs,
            owner: text(&head.owner),
            stage: settings.stage_of(head.stage.as_deref()),
            value: Value::of(contact, settings),
            referred_by: text(&head.referred_by),
            hot_button: text(&head.hot_button),
            timezone: text(&head.timezone),
            added: head.added,
            prefers: prefers(head),
            next: head.next.as_ref().map(|next| self::next(head, next)),
            away: head.away.as_ref().map(|away| Away {
                from: away.from,
                until: away.until,
                why: text(&away.why),
                own: own(head, "away."),
            }),
            cadence: head.cadence.as_ref().map(|cadence| Cadence {
                name: text(&cadence.name),
                start: cadence.start,
                own: own(head, "cadence."),
            }),
            conflict: head
                .conflicts
                .iter()
                .map(|conflict| Conflict { key: &conflict.key, other: Own(&conflict.other) })
                .collect(),
            dates: head.dates.iter().map(|(name, date)| (name.as_str(), *date)).collect(),
            last_touch: LastTouch::of(contact, assessment),
            reached: assessment.last_reached.and_then(|at| contact.log.get(at)).map(|entry| entry.date),
            unanswered: assessment.unanswered,
            due: follow_up.and_then(|obligation| obligation.date),
            follow_up: follow_up.map(|obligation| self::follow_up(contact, obligation)),
            crack: assessment.crack,
            broken: contact.broken,
            stale: contact.stale,
            file,
            own: own(head, ""),
        }
    }

    /// The same without keys of the user's own that a larger shape has names for.
    pub(super) fn without(mut self, names: &[&str]) -> ContactRow<'a> {
        self.own.retain(|name, _| !names.contains(name));
        self
    }
}

fn prefers(head: &Head) -> Prefers<'_> {
    Prefers {
        channel: &head.prefers.channel,
        hours: text(&head.prefers.hours),
        every: head.prefers.every.as_ref(),
        permission: text(&head.prefers.permission),
        own: own(head, "prefers."),
    }
}

fn next<'a>(head: &'a Head, next: &'a contact::Next) -> Next<'a> {
    let on = |on: crate::date::When| match on.time {
        Some(time) => format!("{}T{time}", on.date),
        None => on.date.to_string(),
    };
    Next {
        on: next.on.map(on),
        via: next.via.as_ref(),
        why: text(&next.why),
        promised: next.promised,
        asked: next.asked,
        own: own(head, "next."),
    }
}

fn follow_up<'a>(contact: &'a Contact, obligation: &'a Obligation) -> FollowUp<'a> {
    FollowUp {
        kind: obligation.kind,
        date: obligation.date,
        time: obligation.time,
        via: obligation.via.as_ref(),
        why: text(&obligation.why),
        assignee: text(&obligation.assignee),
        flags: flags(contact, obligation),
    }
}

/// The keys of [`ContactRow`], of which a JSON object can hold only one each.
const TAKEN: [&str; 36] = [
    "id",
    "name",
    "kind",
    "uid",
    "aliases",
    "company",
    "role",
    "source",
    "address",
    "email",
    "phone",
    "links",
    "tags",
    "needs",
    "owner",
    "stage",
    "value",
    "referred_by",
    "hot_button",
    "timezone",
    "added",
    "prefers",
    "next",
    "away",
    "cadence",
    "conflict",
    "dates",
    "last_touch",
    "reached",
    "unanswered",
    "due",
    "follow_up",
    "crack",
    "broken",
    "stale",
    "file",
];

/// The tables that keys of the user's own may stand in.
const TABLES: [&str; 4] = ["prefers.", "next.", "away.", "cadence."];

/// The keys of the user's own that stand in `table`, or in none.
fn own<'a>(head: &'a Head, table: &str) -> BTreeMap<&'a str, Own<'a>> {
    let inside = |key: &'a str| match table {
        "" => (!TAKEN.contains(&key) && !TABLES.iter().any(|table| key.starts_with(table))).then_some(key),
        table => key.strip_prefix(table),
    };
    head.custom.iter().filter_map(|(key, value)| Some((inside(key)?, Own(value)))).collect()
}

/// A value of the user's own.
#[derive(Debug)]
struct Own<'a>(&'a contact::Value);

impl Serialize for Own<'_> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            contact::Value::Text(text) | contact::Value::DateTime(text) => s.serialize_str(text),
            contact::Value::Integer(number) => s.serialize_i64(*number),
            // JSON knows no infinity.
            contact::Value::Float(number) if number.is_finite() => s.serialize_f64(*number),
            contact::Value::Float(number) => s.collect_str(number),
            contact::Value::Boolean(yes) => s.serialize_bool(*yes),
            contact::Value::Date(date) => date.serialize(s),
            contact::Value::List(items) => s.collect_seq(items.iter().map(Own)),
            contact::Value::Table(items) => s.collect_map(items.iter().map(|(key, item)| (key, Own(item)))),
        }
    }
}

/// Text that is there, or nothing.
fn text(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;
    use crate::follow_up::assess;

    #[test]
    fn every_key_of_the_file() {
        let settings = Settings::default();
        let text = "+++\nname = \"Jane\"\nvalue = \"12 EUR\"\ndog = \"Rex\"\nsizes = [1, 2.5]\ndue = \"mine\"\n\
                    [prefers]\nchannel = \"phone\"\ncolour = \"red\"\n[next]\non = 2026-12-09T10:00:00\n\
                    [dates]\nbirthday = 1980-05-12\n[car]\nseats = 4\n+++\n## Log\n- 2026-11-20 phone\n";
        let contact = file::parse(text, "jane-doe", &settings).contact;
        let assessment = assess(&contact, &settings, "2026-12-03".parse().unwrap());
        let row = ContactRow::new(&contact, &assessment, &settings, "contacts/jane-doe.md".into());
        let row = serde_json::to_value(row).unwrap();
        for (key, value) in [
            ("/id", serde_json::json!("jane-doe")),
            ("/kind", serde_json::json!("person")),
            ("/company", serde_json::json!(null)),
            ("/tags", serde_json::json!([])),
            ("/stage", serde_json::json!("new")),
            ("/value", serde_json::json!({"amount": 12, "currency": "EUR"})),
            ("/dog", serde_json::json!("Rex")),
            ("/sizes", serde_json::json!([1, 2.5])),
            ("/car/seats", serde_json::json!(4)),
            ("/prefers/channel", serde_json::json!(["phone"])),
            ("/prefers/colour", serde_json::json!("red")),
            ("/next/on", serde_json::json!("2026-12-09T10:00")),
            ("/dates", serde_json::json!({"birthday": "1980-05-12"})),
            ("/away", serde_json::json!(null)),
            ("/reached", serde_json::json!("2026-11-20")),
            ("/due", serde_json::json!("2026-12-09")),
            ("/follow_up/kind", serde_json::json!("next")),
            ("/file", serde_json::json!("contacts/jane-doe.md")),
        ] {
            assert_eq!(row.pointer(key), Some(&value), "{key}");
        }
        let keys: Vec<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert!(TAKEN.iter().all(|key| keys.contains(key)), "a key of the shape is missing in TAKEN");
        assert_eq!(keys.len(), TAKEN.len() + 3, "{keys:?}");
    }
}
