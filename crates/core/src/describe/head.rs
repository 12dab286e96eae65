//! What changed in a contact's front matter.

use std::fmt::Display;

use super::words;
use crate::contact::{Away, CadenceRun, ContactKind, Head, Money, Next, Prefers};

/// How a key's value is taken out of the front matter.
type TextOf = fn(&Head) -> Option<&String>;
/// The same of a text list.
type TextsOf = fn(&Head) -> &[String];

/// `stage nurture -> proposal`, `city Rome`, `city removed`.
pub(super) fn value<T: Display + PartialEq>(
    key: &str,
    before: Option<&T>,
    after: Option<&T>,
) -> Option<String> {
    if before == after {
        return None;
    }
    let shown = |value: &T| words::value(&value.to_string());
    Some(match (before, after) {
        (Some(before), Some(after)) => {
            let (before, after) = (shown(before), shown(after));
            // Where they differ only beyond what is shown, or in the kind of value, the key alone says it.
            if before == after { format!("{key} edited") } else { format!("{key} {before} -> {after}") }
        }
        (_, Some(after)) => format!("{key} {}", shown(after)),
        _ => format!("{key} removed"),
    })
}

/// `next 2026-12-03 by phone`.
pub(super) fn next(before: Option<&Next>, after: Option<&Next>) -> Option<String> {
    let Some(after) = after else { return before.map(|_| "next cleared".to_owned()) };
    let is_same = |same: fn(&Next, &Next) -> bool| before.is_some_and(|before| same(before, after));
    if is_same(|before, after| before == after) {
        return None;
    }
    if is_same(|before, after| before.on == after.on && before.via == after.via) {
        return Some(match &after.why {
            Some(why) if is_same(|before, after| before.why != after.why) => {
                format!("next: {}", words::quoted(why))
            }
            _ => "next edited".to_owned(),
        });
    }
    let on = after.on.map(|on| match on.time {
        Some(time) => format!(" {} {time}", on.date),
        None => format!(" {}", on.date),
    });
    let via = after.via.as_ref().map(|via| format!(" by {}", words::value(via.as_str())));
    match (on, via) {
        (None, None) => Some("next edited".to_owned()),
        (on, via) => Some(format!("next{}{}", on.unwrap_or_default(), via.unwrap_or_default())),
    }
}

/// All keys but `name`, `stage` and `[next]`.
pub(super) fn others(before: &Head, after: &Head) -> Vec<String> {
    let mut parts = Vec::new();
    parts.extend(away(before.away.as_ref(), after.away.as_ref()));
    parts.extend(cadence(before.cadence.as_ref(), after.cadence.as_ref()));
    let lists: [(&str, TextsOf); 6] = [
        ("tags", |head| &head.tags),
        ("email", |head| &head.email),
        ("phone", |head| &head.phone),
        ("needs", |head| &head.needs),
        ("links", |head| &head.links),
        ("aliases", |head| &head.aliases),
    ];
    let texts: [(&str, TextOf); 9] = [
        ("owner", |head| head.owner.as_ref()),
        ("company", |head| head.company.as_ref()),
        ("role", |head| head.role.as_ref()),
        ("hot_button", |head| head.hot_button.as_ref()),
        ("referred_by", |head| head.referred_by.as_ref()),
        ("source", |head| head.source.as_ref()),
        ("address", |head| head.address.as_ref()),
        ("timezone", |head| head.timezone.as_ref()),
        ("uid", |head| head.uid.as_ref()),
    ];
    parts.extend(texts.iter().take(1).filter_map(|(key, of)| value(key, of(before), of(after))));
    parts.extend(lists.iter().filter_map(|(key, of)| list(key, of(before), of(after))));
    let (old, new) = (before.value.as_ref().map(money), after.value.as_ref().map(money));
    parts.extend(value("value", old.as_ref(), new.as_ref()));
    parts.extend(texts.iter().skip(1).filter_map(|(key, of)| value(key, of(before), of(after))));
    if before.kind != after.kind {
        let kind = if after.kind == ContactKind::Org { "org" } else { "person" };
        parts.push(format!("kind {kind}"));
    }
    parts.extend(value("added", before.added.as_ref(), after.added.as_ref()));
    parts.extend(prefers(&before.prefers, &after.prefers));
    parts.extend(by_key("dates.", &before.dates, &after.dates));
    parts.extend(by_key("", &before.custom, &after.custom));
    parts.extend(conflicts(before, after));
    parts
}

fn money(money: &Money) -> String {
    match &money.currency {
        Some(currency) => format!("{} {currency}", money.amount),
        None => money.amount.to_string(),
    }
}

fn away(before: Option<&Away>, after: Option<&Away>) -> Option<String> {
    if before == after {
        return None;
    }
    Some(match after {
        None => "no longer away".to_owned(),
        Some(Away { until: Some(until), .. }) if before.is_none_or(|before| before.until != Some(*until)) => {
            format!("away until {until}")
        }
        Some(_) => "away edited".to_owned(),
    })
}

fn cadence(before: Option<&CadenceRun>, after: Option<&CadenceRun>) -> Option<String> {
    let name = |run: &CadenceRun| words::value(run.name.as_deref().unwrap_or_default());
    match (before, after) {
        (before, after) if before == after => None,
        (Some(before), None) => Some(format!("cadence {} ended", name(before))),
        (_, None) => None,
        (_, Some(after)) => Some(match after.start {
            Some(start) => format!("cadence {} from {start}", name(after)),
            None => format!("cadence {}", name(after)),
        }),
    }
}

/// `tags +hotel -old`.
fn list<T: AsRef<str> + PartialEq>(key: &str, before: &[T], after: &[T]) -> Option<String> {
    if before == after {
        return None;
    }
    let shown = |sign: &str, item: &T| {
        let text = words::value(item.as_ref());
        if text.contains(' ') { format!(" {sign}\"{text}\"") } else { format!(" {sign}{text}") }
    };
    let came = after.iter().filter(|item| !before.contains(item)).map(|item| shown("+", item));
    let went = before.iter().filter(|item| !after.contains(item)).map(|item| shown("-", item));
    let items: String = came.chain(went).collect();
    Some(if items.is_empty() { format!("{key} reordered") } else { format!("{key}{items}") })
}

fn prefers(before: &Prefers, after: &Prefers) -> Vec<String> {
    let channels = |prefers: &Prefers| -> Vec<String> {
        prefers.channel.iter().map(|channel| channel.as_str().to_owned()).collect()
    };
    let channel = list("prefers.channel", &channels(before), &channels(after));
    let hours = value("prefers.hours", before.hours.as_ref(), after.hours.as_ref());
    let every = value("prefers.every", before.every.as_ref(), after.every.as_ref());
    let permission = value("prefers.permission", before.permission.as_ref(), after.permission.as_ref());
    [channel, hours, every, permission].into_iter().flatten().collect()
}

/// Keys that the user named, in the order of the file as it is, and then those that are gone.
fn by_key<T: Display + PartialEq>(table: &str, before: &[(String, T)], after: &[(String, T)]) -> Vec<String> {
    let of = |items: &'_ [(String, T)], key: &str| items.iter().position(|(name, _)| name == key);
    let gone = before.iter().filter(|(key, _)| of(after, key).is_none());
    after
        .iter()
        .chain(gone)
        .filter_map(|(key, _)| {
            let at = |items: &'_ [(String, T)]| of(items, key);
            let (old, new) = (at(before).map(|at| &before[at].1), at(after).map(|at| &after[at].1));
            value(&words::value(&format!("{table}{key}")), old, new)
        })
        .collect()
}

/// `conflict in city`, `conflict in city settled`.
fn conflicts(before: &Head, after: &Head) -> Vec<String> {
    let keys = |one: &Head, other: &Head| -> Vec<String> {
        let only = one.conflicts.iter().filter(|conflict| !other.conflicts.contains(conflict));
        let mut keys: Vec<String> = only.map(|conflict| words::value(&conflict.key)).collect();
        keys.sort();
        keys.dedup();
        keys
    };
    let new = keys(after, before);
    let settled = keys(before, after).into_iter().filter(|key| !new.contains(key));
    let settled: Vec<String> = settled.map(|key| format!("conflict in {key} settled")).collect();
    new.iter().map(|key| format!("conflict in {key}")).chain(settled).collect()
}
