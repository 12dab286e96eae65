//! Two contacts brought to one way of saying what both say, so that joining them doubles nothing.

use crate::contact::{Contact, Head, Value};
use crate::date::Date;
use crate::file::edit;
use crate::fold::fold;
use crate::identity;
use crate::likeness::{NOT_SAME, not_same};
use crate::ties::is_named;
use crate::verbs::{Desk, Draft, Refusal};

use super::is_stopped;

/// What is to be done to a front matter: a key, and its new value or none.
type Step = (Vec<String>, Option<Value>);

/// The two with what is the same in both written as `stays` has it, and without what only one of them can have.
pub(super) fn level(mut stays: Draft, mut goes: Draft, desk: &Desk<'_>) -> Result<(Draft, Draft), Refusal> {
    let (one, other) = (stays.contact().clone(), goes.contact().clone());
    let mut steps = [Vec::new(), Vec::new()];
    only_once(&one, &other, &mut steps);
    let [one_stopped, other_stopped] = [&stays, &goes].map(|draft| is_stopped(draft, desk.settings));
    if one_stopped != other_stopped {
        steps[usize::from(one_stopped)].push((path("stage"), None));
    }
    texts(&one.head, &other.head, &mut steps);
    days(&one.head, &other.head, &mut steps);
    lists(&one.head, &other.head, desk.settings.country.as_deref(), &mut steps[1]);
    let [for_one, for_other] = steps;
    apply(&mut stays, for_one, desk)?;
    apply(&mut goes, for_other, desk)?;
    for (draft, not) in [(&mut stays, &other), (&mut goes, &one)] {
        let gone: Vec<String> =
            not_same(draft.contact()).into_iter().filter(|id| is_named(not, id)).collect();
        if !gone.is_empty() {
            draft.edit(desk.settings, |text| edit::remove_items(text, &[NOT_SAME], &gone))?;
        }
    }
    Ok((stays, goes))
}

fn apply(draft: &mut Draft, steps: Vec<Step>, desk: &Desk<'_>) -> Result<(), Refusal> {
    for (key, value) in steps {
        let key: Vec<&str> = key.iter().map(String::as_str).collect();
        draft.edit(desk.settings, |text| match &value {
            Some(value) => edit::set(text, &key, value),
            None => edit::unset(text, &key),
        })?;
    }
    Ok(())
}

fn path(key: &str) -> Vec<String> {
    vec![key.to_owned()]
}

/// What a contact has once: who it is, since when it is known, what kind it is. That one sent us the other says
/// nothing where both are one.
fn only_once(one: &Contact, other: &Contact, steps: &mut [Vec<Step>; 2]) {
    let (head, of_other) = (&one.head, &other.head);
    if head.uid.is_some() && of_other.uid.is_some() {
        steps[1].push((path("uid"), None));
    }
    if head.kind != of_other.kind {
        steps[1].push((path("kind"), None));
    }
    if let (Some(a), Some(b)) = (head.added, of_other.added)
        && a != b
    {
        for (steps, added) in steps.iter_mut().zip([a, b]) {
            let earlier = a.min(b);
            if added != earlier {
                steps.push((path("added"), Some(Value::Date(earlier))));
            }
        }
    }
    for (steps, (head, not)) in steps.iter_mut().zip([(head, other), (of_other, one)]) {
        if head.referred_by.as_deref().is_some_and(|name| is_named(not, name)) {
            steps.push((path("referred_by"), None));
        }
    }
}

/// Texts that differ in case and blanks alone are as `one` writes them; a blank one is none.
fn texts(one: &Head, other: &Head, steps: &mut [Vec<Step>; 2]) {
    let of_other = texts_of(other);
    for (key, text) in texts_of(one) {
        if text.trim().is_empty() {
            steps[0].push((key.clone(), None));
            continue;
        }
        let Some((_, theirs)) = of_other.iter().find(|(name, _)| *name == key) else { continue };
        let is_name = key == ["name"];
        let same =
            squeezed(text) == squeezed(theirs) || is_name && identity::name(text) == identity::name(theirs);
        if text != *theirs && same {
            steps[1].push((key, Some(Value::Text(text.to_owned()))));
        }
    }
    steps[1]
        .extend(of_other.into_iter().filter(|(_, text)| text.trim().is_empty()).map(|(key, _)| (key, None)));
}

/// Every text of the front matter that has one value.
fn texts_of(head: &Head) -> Vec<(Vec<String>, &str)> {
    let known = [
        ("name", &head.name),
        ("company", &head.company),
        ("role", &head.role),
        ("source", &head.source),
        ("address", &head.address),
        ("owner", &head.owner),
        ("stage", &head.stage),
        ("referred_by", &head.referred_by),
        ("hot_button", &head.hot_button),
        ("timezone", &head.timezone),
    ];
    let known = known.into_iter().filter_map(|(key, text)| Some((path(key), text.as_deref()?)));
    let wishes = [("hours", &head.prefers.hours), ("permission", &head.prefers.permission)];
    let wishes = wishes
        .into_iter()
        .filter_map(|(key, text)| Some((vec!["prefers".to_owned(), key.to_owned()], text.as_deref()?)));
    let custom = head.custom.iter().filter_map(|(key, value)| match value {
        // A key of a table is told with a dot; one with a dot in it is left to the merge.
        Value::Text(text) if !key.contains('.') => Some((path(key), text.as_str())),
        _ => None,
    });
    known.chain(wishes).chain(custom).collect()
}

/// Of two birthdays on one day the one with a year is known better.
fn days(one: &Head, other: &Head, steps: &mut [Vec<Step>; 2]) {
    for (name, day) in &one.dates {
        let Some((_, theirs)) = other.dates.iter().find(|(of_other, _)| of_other == name) else { continue };
        if day == theirs || (day.month(), day.day()) != (theirs.month(), theirs.day()) {
            continue;
        }
        let key = || vec!["dates".to_owned(), name.clone()];
        let has_year = |date: &Date| !date.is_yearless();
        match (has_year(day), has_year(theirs)) {
            (true, false) => steps[1].push((key(), Some(Value::Date(*day)))),
            (false, true) => steps[0].push((key(), Some(Value::Date(*theirs)))),
            _ => {}
        }
    }
}

/// Items of lists that `one` has in another form are as it has them.
/// `country` is that of phone numbers that do not say theirs.
fn lists(one: &Head, other: &Head, country: Option<&str>, steps: &mut Vec<Step>) {
    let of_other = lists_of(other);
    for (key, items) in lists_of(one) {
        let Some((_, theirs)) = of_other.iter().find(|(name, _)| *name == key) else { continue };
        let mut level: Vec<String> = Vec::new();
        for item in theirs {
            let wanted = identified(key, item, country);
            let is_it = |known: &&String| identified(key, known, country) == wanted;
            let form = items.iter().find(is_it).unwrap_or(item);
            if !level.contains(form) {
                level.push(form.clone());
            }
        }
        if level != *theirs {
            steps.push((path(key), Some(Value::List(level.into_iter().map(Value::Text).collect()))));
        }
    }
}

/// Every list of texts of the front matter.
fn lists_of(head: &Head) -> Vec<(&str, Vec<String>)> {
    let known = [
        ("email", &head.email),
        ("phone", &head.phone),
        ("links", &head.links),
        ("tags", &head.tags),
        ("needs", &head.needs),
        ("aliases", &head.aliases),
    ];
    let known = known.into_iter().map(|(key, items)| (key, items.clone()));
    let custom = head.custom.iter().filter_map(|(key, value)| match value {
        Value::List(_) if !key.contains('.') => Some((key.as_str(), texts_in(value)?)),
        _ => None,
    });
    known.chain(custom).filter(|(_, items)| !items.is_empty()).collect()
}

/// The texts of a list; none where there is anything else in it.
fn texts_in(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Text(text) => Some(vec![text.clone()]),
        Value::List(items) => items
            .iter()
            .map(|item| match item {
                Value::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// An item of a list as it is compared.
fn identified(key: &str, item: &str, country: Option<&str>) -> String {
    let known = match key {
        "email" => identity::email(item),
        "phone" => identity::phone(item, country),
        "links" => identity::url(item),
        // An id is compared as files are.
        "aliases" => Some(item.to_owned()),
        _ => None,
    };
    known.unwrap_or_else(|| squeezed(item))
}

/// Without case, accents and needless blanks.
fn squeezed(text: &str) -> String {
    fold(text).split_whitespace().collect::<Vec<_>>().join(" ")
}
