//! What a front matter says, key by key, as values: of a card and of a contact alike, so that they can be compared.

use crate::contact::{Channel, ContactKind, Head, Money, Value};
use crate::file::edit;

/// The way to a key: `next`, `on`.
pub type Path = Vec<String>;

/// The tables of the format, whose further keys are known by their path, as `prefers.colour`.
const TABLES: [&str; 5] = ["prefers", "next", "away", "cadence", "dates"];

/// Every key that says something, in the format's order. Earlier ids, the day of coming and what a merge set aside are
/// the notebook's own, and left out.
pub fn said(head: &Head) -> Vec<(Path, Value)> {
    let mut said = Vec::new();
    let mut put = |path: &[&str], value: Option<Value>| {
        if let Some(value) = value.filter(|value| !is_blank(value)) {
            said.push((path.iter().map(|name| (*name).to_owned()).collect::<Path>(), value));
        }
    };
    put(&["name"], text(&head.name));
    put(&["kind"], (head.kind == ContactKind::Org).then(|| Value::Text("org".to_owned())));
    put(&["uid"], text(&head.uid));
    put(&["company"], text(&head.company));
    put(&["role"], text(&head.role));
    put(&["source"], text(&head.source));
    put(&["address"], text(&head.address));
    put(&["email"], list(&head.email));
    put(&["phone"], list(&head.phone));
    put(&["links"], list(&head.links));
    put(&["tags"], list(&head.tags));
    put(&["needs"], list(&head.needs));
    put(&["owner"], text(&head.owner));
    put(&["stage"], text(&head.stage));
    put(&["value"], head.value.as_ref().map(money));
    put(&["referred_by"], text(&head.referred_by));
    put(&["hot_button"], text(&head.hot_button));
    put(&["timezone"], text(&head.timezone));
    let channels: Vec<String> = head.prefers.channel.iter().map(Channel::to_string).collect();
    put(&["prefers", "channel"], list(&channels));
    put(&["prefers", "hours"], text(&head.prefers.hours));
    put(
        &["prefers", "every"],
        head.prefers.every.as_ref().map(|every| Value::Text(every.written().to_owned())),
    );
    put(&["prefers", "permission"], text(&head.prefers.permission));
    if let Some(next) = &head.next {
        put(&["next", "on"], next.on.map(edit::when));
        put(&["next", "via"], next.via.as_ref().map(|via| Value::Text(via.to_string())));
        put(&["next", "why"], text(&next.why));
        put(&["next", "promised"], next.promised.then_some(Value::Boolean(true)));
        put(&["next", "asked"], next.asked.then_some(Value::Boolean(true)));
    }
    if let Some(away) = &head.away {
        put(&["away", "from"], away.from.map(Value::Date));
        put(&["away", "until"], away.until.map(Value::Date));
        put(&["away", "why"], text(&away.why));
    }
    if let Some(cadence) = &head.cadence {
        put(&["cadence", "name"], text(&cadence.name));
        put(&["cadence", "start"], cadence.start.map(Value::Date));
    }
    for (name, date) in &head.dates {
        put(&["dates", name], Some(Value::Date(*date)));
    }
    for (key, value) in &head.custom {
        match key.split_once('.').filter(|(table, _)| TABLES.contains(table)) {
            Some((table, name)) => put(&[table, name], Some(value.clone())),
            None => leaves(&[key], value, &mut put),
        }
    }
    said
}

/// What stands in a table, each by itself: who says nothing of one key of it takes none away.
fn leaves(path: &[&str], value: &Value, put: &mut dyn FnMut(&[&str], Option<Value>)) {
    match value {
        Value::Table(items) => {
            for (name, item) in items {
                leaves(&[path, &[name.as_str()]].concat(), item, put);
            }
        }
        one => put(path, Some(one.clone())),
    }
}

fn text(text: &Option<String>) -> Option<Value> {
    text.clone().map(Value::Text)
}

fn list(items: &[String]) -> Option<Value> {
    Some(Value::List(items.iter().cloned().map(Value::Text).collect()))
}

/// As the format has amounts (section 2, `value`).
fn money(money: &Money) -> Value {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    let Money { amount, currency } = money;
    match currency {
        Some(currency) => Value::Text(format!("{amount} {currency}")),
        None if amount.fract() == 0.0 && amount.abs() < WHOLE => Value::Integer(*amount as i64),
        None => Value::Float(*amount),
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim().is_empty(),
        Value::List(items) => items.iter().all(is_blank),
        Value::Table(items) => items.is_empty(),
        _ => false,
    }
}

/// The texts of a list of texts, or of a single one.
pub fn texts(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::Text(text) => Some(vec![text]),
        Value::List(items) => items
            .iter()
            .map(|item| if let Value::Text(text) = item { Some(text.as_str()) } else { None })
            .collect(),
        _ => None,
    }
}
