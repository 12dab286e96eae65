//! `edit`: what the user's editor made of a contact's file, as a deed with a name.

use std::collections::BTreeMap;

use super::{Desk, Planned};
use crate::contact::{Contact, ContactId, Entry, Promise};
use crate::file::layout::Layout;
use crate::file::{self, Reading};
use crate::notebook::{Change, Deed};
use crate::problem::{Position, Problem, Severity};

/// How many keys are named one by one.
const MOST_KEYS: usize = 4;

/// A contact's file before and after the editor.
#[derive(Debug, Clone)]
pub struct Edited {
    /// The deed that it comes to.
    pub planned: Planned,
    /// What is wrong in the file now, in its order.
    pub problems: Vec<Problem>,
    /// Whether there is an error that was not there before.
    pub has_new_errors: bool,
}

/// What the editor made of `file`. `before` is none where it was no text.
pub fn edited(file: &str, id: &str, before: Option<&str>, after: &str, desk: &Desk<'_>) -> Edited {
    let stem = stem(file);
    let old = before.map(|before| file::parse(before, stem, desk.settings));
    let new = file::parse(after, stem, desk.settings);
    let old_errors = old.as_ref().map(|old| errors(&old.problems)).unwrap_or_default();
    let has_new_errors = errors(&new.problems)
        .iter()
        .any(|(message, count)| old_errors.get(message).copied().unwrap_or_default() < *count);
    let what = match (before, &old) {
        (Some(before), Some(old)) => what_changed((before, old), (after, &new)),
        _ => "the text".to_owned(),
    };
    let name = new.contact.name.clone();
    let deed = Deed {
        verb: "edit".to_owned(),
        subject: format!("edit {name}: {what}"),
        undoes: Vec::new(),
        changes: vec![Change {
            file: file.to_owned(),
            before: before.map(str::to_owned),
            after: Some(after.to_owned()),
        }],
    };
    let contact = Contact { id: ContactId::new(id), ..new.contact };
    let said = format!("edited {name}: {what}");
    let planned = Planned { deed, said, cautions: Vec::new(), contact: Some(contact) };
    Edited { planned, problems: new.problems, has_new_errors }
}

/// How often each error is there. Where it stands does not count: lines move.
fn errors(problems: &[Problem]) -> BTreeMap<&str, usize> {
    let mut found = BTreeMap::new();
    for problem in problems.iter().filter(|problem| problem.severity == Severity::Error) {
        *found.entry(problem.message.as_str()).or_default() += 1;
    }
    found
}

/// `stage, next.on; 1 log entry added; notes`.
fn what_changed((before, old): (&str, &Reading), (after, new): (&str, &Reading)) -> String {
    let mut said = Vec::new();
    match (keys(before), keys(after)) {
        (Some(old), Some(new)) => said.extend(changed_keys(&old, &new)),
        _ => said.push("front matter".to_owned()),
    }
    let entries = |reading: &Reading| reading.contact.log.iter().map(bare_entry).collect::<Vec<_>>();
    let (old_log, new_log) = (entries(old), entries(new));
    let promises = |reading: &Reading| reading.contact.promises.iter().map(bare_promise).collect::<Vec<_>>();
    let (old_promises, new_promises) = (promises(old), promises(new));
    said.extend(comings(&old_log, &new_log, "log entry", "log entries"));
    said.extend(comings(&old_promises, &new_promises, "promise", "promises"));
    let same_lists = said.iter().all(|said| !said.ends_with("ed"));
    if same_lists && before[Layout::of(before).body] != after[Layout::of(after).body] {
        said.push("text".to_owned());
    }
    if said.is_empty() { "as it is written".to_owned() } else { said.join("; ") }
}

/// The keys of the front matter, one level deep, with their values; none where it is not TOML.
fn keys(text: &str) -> Option<BTreeMap<String, toml::Value>> {
    let table: toml::Table = text[Layout::of(text).front_matter].parse().ok()?;
    let mut keys = BTreeMap::new();
    for (key, value) in table {
        match value {
            toml::Value::Table(table) => {
                keys.extend(table.into_iter().map(|(inner, value)| (format!("{key}.{inner}"), value)));
            }
            value => drop(keys.insert(key, value)),
        }
    }
    Some(keys)
}

fn changed_keys(old: &BTreeMap<String, toml::Value>, new: &BTreeMap<String, toml::Value>) -> Option<String> {
    let mut changed: Vec<&str> =
        new.iter().filter(|(key, value)| old.get(*key) != Some(value)).map(|(key, _)| key.as_str()).collect();
    changed.extend(old.keys().filter(|key| !new.contains_key(*key)).map(String::as_str));
    match changed.len() {
        0 => None,
        count if count > MOST_KEYS => Some(format!("{count} keys")),
        _ => Some(changed.join(", ")),
    }
}

fn bare_entry(entry: &Entry) -> Entry {
    Entry { at: Position::default(), ..entry.clone() }
}

fn bare_promise(promise: &Promise) -> Promise {
    Promise { at: Position::default(), ..promise.clone() }
}

/// `2 log entries added`, `1 promise changed`: how a list differs.
fn comings<T: PartialEq>(old: &[T], new: &[T], one: &str, many: &str) -> Option<String> {
    let lacks = |items: &[T], others: &[T]| {
        let mut others: Vec<&T> = others.iter().collect();
        let missing = items.iter().filter(|item| match others.iter().position(|other| other == item) {
            Some(at) => {
                others.swap_remove(at);
                false
            }
            None => true,
        });
        missing.count()
    };
    let (added, removed) = (lacks(new, old), lacks(old, new));
    let count = |n: usize| format!("{n} {}", if n == 1 { one } else { many });
    match (added, removed) {
        (0, 0) => None,
        (added, 0) => Some(format!("{} added", count(added))),
        (0, removed) => Some(format!("{} removed", count(removed))),
        (added, removed) => Some(format!("{} changed", count(added.max(removed)))),
    }
}

/// The file's name without `.md`.
fn stem(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.strip_suffix(".md").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    const BEFORE: &str = "+++\nname = \"Jane Doe\"\nstage = \"new\"\n\n[next]\non = 2026-12-03\n+++\n\nMet in Dallas.\n\n\
         ## Log\n\n- 2026-11-20 phone: hello\n  - [ ] me: call by 2026-12-01\n";

    fn desk(settings: &Settings) -> Desk<'_> {
        Desk { settings, today: "2026-12-03".parse().unwrap(), time: None, me: None }
    }

    #[test]
    fn what_changed_is_said() {
        let settings = Settings::default();
        for (from, to, subject) in [
            ("\"new\"", "\"won\"", "edit Jane Doe: stage"),
            ("2026-12-03", "2026-12-04", "edit Jane Doe: next.on"),
            ("stage = \"new\"\n", "", "edit Jane Doe: stage"),
            ("Jane Doe", "Jane Roe", "edit Jane Roe: name"),
            ("## Log\n\n", "## Log\n\n- 2026-11-22 note: x\n", "edit Jane Doe: 1 log entry added"),
            ("hello", "hi", "edit Jane Doe: 1 log entry changed"),
            ("[ ]", "[x]", "edit Jane Doe: 1 promise changed"),
            ("Dallas", "Austin", "edit Jane Doe: text"),
            ("stage = \"new\"", "stage   = \"new\" # yes", "edit Jane Doe: as it is written"),
            ("stage = \"new\"", "a=1\nb=1\nc=1\nd=1\ne=1", "edit Jane Doe: 6 keys"),
            ("\"new\"", "new", "edit jane doe: front matter"),
        ] {
            let after = BEFORE.replacen(from, to, 1);
            let edited = edited("contacts/jane-doe.md", "jane-doe", Some(BEFORE), &after, &desk(&settings));
            assert_eq!(edited.planned.deed.subject, subject, "{from} to {to}");
        }
    }

    #[test]
    fn errors_that_were_there_are_not_new() {
        let settings = Settings::default();
        let broken = BEFORE.replace("phone", "fone");
        for (before, after, new) in [
            (BEFORE, BEFORE.replace("phone", "fone"), true),
            (BEFORE, BEFORE.replace("\"new\"", "new"), true),
            (BEFORE, BEFORE.replace("Dallas", "Austin"), false),
            (&broken, format!("{broken}\nmore"), false),
            (&broken, broken.replace("Log\n", "Log\n\n- 2026-11-21 fone: x"), true),
            (&broken, BEFORE.to_owned(), false),
        ] {
            let edited = edited("contacts/jane-doe.md", "jane-doe", Some(before), &after, &desk(&settings));
            assert_eq!(edited.has_new_errors, new, "{after}");
        }
    }
}
