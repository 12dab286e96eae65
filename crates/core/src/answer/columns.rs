//! The columns of `list`: any key of a query or of a contact's file, for showing, for sorting and for CSV (CLI
//! contract, `list`).

use std::cmp::Ordering;

use crate::contact::{Contact, ContactKind, Value as Own};
use crate::date::Date;
use crate::follow_up::Assessment;
use crate::notebook::{Parts, Survey};
use crate::problem::nearest;
use crate::query;
use crate::settings::Settings;
use crate::verbs::Refusal;
use crate::wire::Value;

/// What stands in one column of one contact.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    None,
    /// A text that is not empty.
    Text(String),
    /// A number.
    Number(f64),
    /// An amount with its currency.
    Money(Value),
    /// A day.
    Day(Date),
    /// Whether something is so.
    Yes(bool),
}

/// A contact and the answers about it.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The contact, with all its parts.
    pub contact: &'a Contact,
    /// What the rules say of it.
    pub assessment: &'a Assessment,
    /// The notebook's.
    pub settings: &'a Settings,
    /// Its file, from the notebook's root.
    pub file: &'a str,
}

/// Columns beside the keys of a query.
const MORE: [&str; 7] = ["via", "why", "assignee", "currency", "file", "next.date", "stale"];

/// Every column that there is, but for keys of the user's own.
pub fn names() -> impl Iterator<Item = &'static str> {
    // `text` is the whole file.
    query::keys().filter(|key| *key != "text").chain(MORE)
}

/// What stands in `column` of a contact.
pub fn cell(column: &str, facts: Facts<'_>) -> Cell {
    let Facts { contact, assessment, settings, file } = facts;
    let head = &contact.head;
    let text = |text: &Option<String>| text.clone().map_or(Cell::None, said);
    let list = |items: &[String]| said(items.join(", "));
    let names = |items: Vec<&str>| said(items.join(", "));
    let next = head.next.as_ref();
    let away = head.away.as_ref();
    let cadence = head.cadence.as_ref();
    let follow_up = assessment.follow_up();
    let entry = |at: Option<usize>| at.and_then(|at| contact.log.get(at)).map(|entry| entry.date);
    match column {
        "id" => said(contact.id.as_str().to_owned()),
        "name" => said(contact.name.clone()),
        "company" => text(&head.company),
        "stage" => said(settings.stage_of(head.stage.as_deref()).to_owned()),
        "owner" => text(&head.owner),
        "tag" | "tags" => list(&head.tags),
        "value" => Value::of(contact, settings).map_or(Cell::None, Cell::Money),
        "currency" => Value::of(contact, settings).map_or(Cell::None, |value| said(value.currency)),
        "due" => day(follow_up.and_then(|o| o.date)),
        "overdue" => Cell::None,
        "last" => day(entry(assessment.last_touch)),
        "reached" => day(entry(assessment.last_reached)),
        "unanswered" => Cell::Number(f64::from(assessment.unanswered)),
        "kind" => said(match (follow_up, head.kind) {
            (Some(follow_up), _) => follow_up.kind.to_string(),
            (None, ContactKind::Person) => "person".to_owned(),
            (None, ContactKind::Org) => "org".to_owned(),
        }),
        "channel" | "via" => {
            follow_up.and_then(|o| o.via.as_ref()).map_or(Cell::None, |via| said(via.to_string()))
        }
        "why" => text(&follow_up.and_then(|o| o.why.clone())),
        "assignee" => text(&follow_up.and_then(|o| o.assignee.clone())),
        "promise" => names(contact.promises.iter().filter(|p| !p.kept).map(|p| p.text.as_str()).collect()),
        "crack" => Cell::Yes(assessment.crack),
        "broken" => Cell::Yes(contact.broken),
        "stale" => Cell::Yes(contact.stale),
        "knows" => {
            let links = contact.links.iter().filter_map(|link| match &link.target {
                crate::contact::LinkTarget::Contact(id) => Some(id.as_str()),
                crate::contact::LinkTarget::File(_) => None,
            });
            names(links.collect())
        }
        "uid" => text(&head.uid),
        "aliases" => list(&head.aliases),
        "role" => text(&head.role),
        "source" => text(&head.source),
        "address" => text(&head.address),
        "email" => list(&head.email),
        "phone" => list(&head.phone),
        "links" => list(&head.links),
        "needs" => list(&head.needs),
        "referred_by" => text(&head.referred_by),
        "hot_button" => text(&head.hot_button),
        "timezone" => text(&head.timezone),
        "added" => day(head.added),
        "prefers" | "prefers.channel" => names(head.prefers.channel.iter().map(|c| c.as_str()).collect()),
        "prefers.hours" => text(&head.prefers.hours),
        "prefers.every" => head.prefers.every.as_ref().map_or(Cell::None, |every| said(every.to_string())),
        "prefers.permission" => text(&head.prefers.permission),
        "next" | "next.on" | "next.date" => day(next.and_then(|next| next.on).map(|on| on.date)),
        "next.via" => next.and_then(|next| next.via.as_ref()).map_or(Cell::None, |via| said(via.to_string())),
        "next.why" => text(&next.and_then(|next| next.why.clone())),
        "next.promised" => next.map_or(Cell::None, |next| Cell::Yes(next.promised)),
        "next.asked" => next.map_or(Cell::None, |next| Cell::Yes(next.asked)),
        "away.from" => day(away.and_then(|away| away.from)),
        "away" | "away.until" => day(away.and_then(|away| away.until)),
        "away.why" => text(&away.and_then(|away| away.why.clone())),
        "cadence" | "cadence.name" => text(&cadence.and_then(|cadence| cadence.name.clone())),
        "cadence.start" => day(cadence.and_then(|cadence| cadence.start)),
        "conflict" => names(head.conflicts.iter().map(|conflict| conflict.key.as_str()).collect()),
        "dates" => said(
            head.dates
                .iter()
                .map(|(name, date)| format!("{name} {}", recurring(*date)))
                .collect::<Vec<_>>()
                .join(", "),
        ),
        "file" => said(file.to_owned()),
        own => match own.strip_prefix("dates.") {
            Some(name) => {
                day(head.dates.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, on)| *on))
            }
            None => custom(contact, own),
        },
    }
}

/// A key of the user's own.
fn custom(contact: &Contact, key: &str) -> Cell {
    match query::own_key(contact, key) {
        None => Cell::None,
        Some(Own::Integer(number)) => Cell::Number(*number as f64),
        Some(Own::Float(number)) => Cell::Number(*number),
        Some(Own::Date(date)) => Cell::Day(*date),
        Some(Own::Boolean(yes)) => Cell::Yes(*yes),
        Some(other) => said(other.to_string()),
    }
}

/// Why there is no such column: no contact has a key of that name, which is most likely a slip. None where one has.
pub fn unknown(name: &str, survey: &Survey<'_>) -> Option<Refusal> {
    if names().any(|known| known == name) || name.starts_with("dates.") {
        return None;
    }
    let head = Parts::HEAD;
    if !survey.search(head, |_, contact| query::has_key(contact, name).then_some(())).is_empty() {
        return None;
    }
    let own = survey.search(head, |_, contact| {
        let names: Vec<String> = contact.head.custom.iter().map(|(name, _)| name.clone()).collect();
        (!names.is_empty()).then_some(names)
    });
    let own: Vec<&str> = own.iter().flatten().map(String::as_str).collect();
    let candidates = names().map(|name| -> &str { name }).chain(own);
    let refusal = Refusal::usage(format!("no contact has a key \"{name}\""));
    Some(match nearest(name, candidates) {
        Some(meant) => refusal.hint(format!("did you mean `{meant}`?")),
        None => {
            refusal.hint("a column is a key of a query, such as name, company, stage, value, last or due")
        }
    })
}

fn said(text: String) -> Cell {
    if text.is_empty() { Cell::None } else { Cell::Text(text) }
}

fn day(date: Option<Date>) -> Cell {
    date.map_or(Cell::None, Cell::Day)
}

impl Cell {
    /// For programs.
    pub fn raw(&self) -> String {
        match self {
            Cell::None => String::new(),
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => number.to_string(),
            Cell::Money(value) => value.amount.to_string(),
            Cell::Day(date) => date.to_string(),
            Cell::Yes(yes) => yes.to_string(),
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Cell::Number(number) => Some(*number),
            Cell::Money(value) => Some(value.amount),
            _ => None,
        }
    }
}

/// A cell and what places it in the order of its column, worked out once.
#[derive(Debug, Clone)]
pub struct Rank {
    cell: Cell,
    /// A text as it is compared.
    folded: String,
}

impl Rank {
    /// The place of that cell.
    pub fn of(cell: Cell) -> Rank {
        let folded = match &cell {
            Cell::Text(text) => query::folded(text).into_owned(),
            _ => String::new(),
        };
        Rank { cell, folded }
    }

    /// The order of a column; what is absent comes last whichever way it runs.
    pub fn compare(&self, other: &Rank, down: bool) -> Ordering {
        let order = match (&self.cell, &other.cell) {
            (Cell::None, Cell::None) => return Ordering::Equal,
            (Cell::None, _) => return Ordering::Greater,
            (_, Cell::None) => return Ordering::Less,
            (Cell::Day(a), Cell::Day(b)) => a.cmp(b),
            (Cell::Yes(a), Cell::Yes(b)) => a.cmp(b),
            (Cell::Text(a), Cell::Text(b)) => self.folded.cmp(&other.folded).then_with(|| a.cmp(b)),
            (a, b) => match (a.number(), b.number()) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                // A key of the user's own may be a number here and a text there: numbers first.
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => a.raw().cmp(&b.raw()),
            },
        };
        if down { order.reverse() } else { order }
    }
}

/// A yearly day, without the year where nobody knows it.
fn recurring(date: Date) -> String {
    let day = date.to_string();
    if date.is_yearless() { format!("-{}", &day[4..]) } else { day }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{file, follow_up::assess};

    #[test]
    fn every_name_is_a_column() {
        let settings = Settings::default();
        let text = "+++\nname = \"Jane\"\ndog = \"Rex\"\nvalue = 5\n[dates]\nbirthday = 1980-05-12\n+++\n## Log\n- 2026-11-20 phone\n";
        let contact = file::parse(text, "jane-doe", &settings).contact;
        let assessment = assess(&contact, &settings, "2026-12-03".parse().unwrap());
        let facts = Facts {
            contact: &contact,
            assessment: &assessment,
            settings: &settings,
            file: "contacts/jane-doe.md",
        };
        for (column, raw) in [
            ("name", "Jane"),
            ("dog", "Rex"),
            ("custom.Dog", "Rex"),
            ("dates.birthday", "1980-05-12"),
            ("last", "2026-11-20"),
            ("stage", "new"),
            ("value", "5"),
            ("crack", "true"),
        ] {
            assert_eq!(cell(column, facts).raw(), raw, "{column}");
        }
        // None of them falls through to the user's own keys.
        for name in names() {
            cell(name, facts);
        }
    }

    #[test]
    fn absent_comes_last_both_ways() {
        let rank = |number: f64| Rank::of(Cell::Number(number));
        let none = Rank::of(Cell::None);
        assert_eq!(rank(1.0).compare(&rank(2.0), false), Ordering::Less);
        assert_eq!(rank(1.0).compare(&rank(2.0), true), Ordering::Greater);
        for down in [false, true] {
            assert_eq!(none.compare(&rank(1.0), down), Ordering::Greater);
        }
        let text = |text: &str| Rank::of(Cell::Text(text.into()));
        assert_eq!(text("Émile").compare(&text("Frank"), false), Ordering::Less);
    }
}
