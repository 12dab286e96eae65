//! What every edit promises, over files in every style and over damaged ones.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::samples::{contact, mutilated};
use super::*;
use crate::contact::{Contact, Entry, Link, LinkTarget, Promiser};
use crate::file::layout::Layout;
use crate::file::toml_value::{self, Node};
use crate::file::{Reading, parse};
use crate::problem::Position;

/// Two thousand cases, or as many as `PROPTEST_CASES` says.
fn config() -> ProptestConfig {
    let config = ProptestConfig::default();
    let cases = if config.cases == 256 { 2_000 } else { config.cases };
    ProptestConfig { cases, failure_persistence: None, ..config }
}

fn read(text: &str) -> Reading {
    parse(text, "x", &settings())
}

fn tree(text: &str) -> Vec<(String, Value)> {
    let toml = &text[Layout::of(text).front_matter];
    match toml_value::parse(toml).map(|table| Node::Table(table).to_value()) {
        Ok(Value::Table(items)) => items,
        _ => panic!("no TOML: {toml:?}"),
    }
}

fn at(text: &str, path: &[&str]) -> Option<Value> {
    let mut value = Value::Table(tree(text));
    for name in path {
        let Value::Table(items) = value else { return None };
        value = items.into_iter().find(|(key, _)| key == name)?.1;
    }
    Some(value)
}

/// Whether `new` is `old` with bytes put in, none taken out.
fn is_within(old: &str, new: &str) -> bool {
    let mut new = new.bytes();
    old.bytes().all(|wanted| new.any(|byte| byte == wanted))
}

/// Whether `new` is `old` with bytes put in at one place.
fn is_one_insertion(old: &str, new: &str) -> bool {
    let (old, new) = (old.as_bytes(), new.as_bytes());
    let head = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let tail = old.iter().rev().zip(new.iter().rev()).take_while(|(a, b)| a == b).count();
    new.len() >= old.len() && head + tail >= old.len()
}

/// Every line of `old` that `new` does not have; each counts.
fn lost_lines(old: &str, new: &str) -> usize {
    let mut left: Vec<&str> = new.split_inclusive('\n').collect();
    old.split_inclusive('\n')
        .filter(|line| match left.iter().position(|other| other == line) {
            Some(at) => {
                left.remove(at);
                false
            }
            None => true,
        })
        .count()
}

fn has_only_crlf(text: &str) -> bool {
    text.contains('\n') && text.matches('\n').count() == text.matches("\r\n").count()
}

/// What every edit keeps: line ends, the byte order mark, whether the last line ends.
fn keeps_the_manners(old: &str, new: &str) -> Result<(), TestCaseError> {
    prop_assert_eq!(old.starts_with('\u{feff}'), new.starts_with('\u{feff}'));
    if has_only_crlf(old) {
        prop_assert!(has_only_crlf(new), "{:?}", new);
    }
    prop_assert_eq!(read(old).contact.broken, read(new).contact.broken);
    Ok(())
}

/// The log, promises and links without their places.
fn body(contact: &Contact) -> (Vec<Entry>, Vec<crate::contact::Promise>, Vec<Link>) {
    let mut contact = contact.clone();
    contact.log.iter_mut().for_each(|e| e.at = Position::default());
    contact.promises.iter_mut().for_each(|p| p.at = Position::default());
    contact.links.iter_mut().for_each(|l| l.at = Position::default());
    (contact.log, contact.promises, contact.links)
}

fn key_and_value() -> impl Strategy<Value = (Vec<&'static str>, Value)> {
    let words = prop_oneof!["[a-z ]{0,6}", "[a-z\"'\\\\\n\t#=é\\]]{0,6}", "\\PC{0,6}"];
    let text = words.prop_map(Value::Text).boxed();
    let date = (1..28u32).prop_map(|day| Value::Date(Date::new(2026, 12, day).unwrap())).boxed();
    let key = |path: &'static [&'static str], value: BoxedStrategy<Value>| (Just(path.to_vec()), value);
    let any_value = prop_oneof![
        text.clone(),
        date.clone(),
        any::<i64>().prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Float),
        any::<bool>().prop_map(Value::Boolean),
        Just(Value::DateTime("2026-12-03T09:05".into())),
        prop::collection::vec(text.clone(), 0..3).prop_map(Value::List),
    ]
    .boxed();
    prop_oneof![
        key(&["name"], text.clone()),
        key(&["company"], text.clone()),
        key(&["role"], text.clone()),
        key(&["hot_button"], text.clone()),
        key(&["added"], date.clone()),
        key(&["tags"], prop::collection::vec(text.clone(), 0..4).prop_map(Value::List).boxed()),
        key(&["next", "on"], date.clone()),
        key(&["next", "on"], Just(Value::DateTime("2026-12-03T09:05".into())).boxed()),
        key(&["next", "via"], Just(Value::Text("email".into())).boxed()),
        key(&["next", "why"], text.clone()),
        key(&["next", "promised"], any::<bool>().prop_map(Value::Boolean).boxed()),
        key(&["prefers", "hours"], text.clone()),
        key(&["away", "from"], date.clone()),
        key(&["away", "until"], date.clone()),
        key(&["dates", "birthday"], date.clone()),
        key(&["dates", "name day"], date.clone()),
        key(&["badge"], any_value.clone()),
        key(&["odd key"], any_value.clone()),
        key(&["zoo"], any_value.clone()),
        key(&["crm", "new"], any_value.clone()),
        key(&["crm", "id"], any_value.clone()),
        key(&["crm", "sub", "y"], any_value.clone()),
        key(&["extra", "y", "w"], any_value.clone()),
        key(&["extra", "q"], any_value.clone()),
        key(&["team", "size"], any_value),
    ]
}

fn reads_as(there: Option<&Value>, wanted: &Value) -> bool {
    match (there, wanted) {
        (Some(Value::DateTime(there)), Value::DateTime(wanted)) => {
            there.replace([' ', 't'], "T").starts_with(wanted.as_str())
        }
        (Some(Value::Float(a)), Value::Float(b)) => a == b || a.is_nan() && b.is_nan(),
        (there, wanted) => there == Some(wanted),
    }
}

fn sets(old: &str, key: &[&str], value: &Value, must: bool) -> Result<(), TestCaseError> {
    let new = match set(old, key, value) {
        Ok(new) => new,
        Err(error) => {
            prop_assert!(!must, "{:?}", error);
            return Ok(());
        }
    };
    prop_assert!(reads_as(at(&new, key).as_ref(), value), "{:?}", new);
    prop_assert_eq!(&set(&new, key, value).unwrap(), &new);
    prop_assert_eq!(body(&read(old).contact), body(&read(&new).contact));
    keeps_the_manners(old, &new)?;
    let had = at(old, key);
    match had {
        None => {
            prop_assert!(is_within(old, &new), "{:?}", new);
            let unset = unset(&new, key).unwrap();
            prop_assert_eq!(at(&unset, key), None);
            // An empty table that was there goes with its last key like any other.
            let was_empty = (1..key.len()).any(|len| at(old, &key[..len]) == Some(Value::Table(Vec::new())));
            if Layout::of(old).has_front_matter() && must && !was_empty {
                prop_assert_eq!(&unset, old);
            }
        }
        Some(Value::List(_) | Value::Table(_)) => {}
        // One value on one line, or one of several.
        Some(_) => prop_assert!(lost_lines(old, &new) <= 2, "{:?}", new),
    }
    Ok(())
}

fn unsets(old: &str, key: &[&str]) -> Result<(), TestCaseError> {
    let Ok(new) = unset(old, key) else { return Ok(()) };
    prop_assert_eq!(at(&new, key), None);
    prop_assert_eq!(&unset(&new, key).unwrap(), &new);
    prop_assert!(is_within(&new, old), "{:?}", new);
    prop_assert_eq!(body(&read(old).contact), body(&read(&new).contact));
    keeps_the_manners(old, &new)
}

fn lists(old: &str, items: &[String], must: bool) -> Result<(), TestCaseError> {
    for key in ["tags", "email", "aliases"] {
        let texts = |text: &str| match at(text, &[key]) {
            None => Vec::new(),
            Some(Value::Text(text)) => vec![text],
            Some(Value::List(items)) => items.iter().map(ToString::to_string).collect(),
            Some(other) => panic!("{other:?}"),
        };
        match add_items(old, &[key], items) {
            Ok(new) => {
                let mut seen: BTreeSet<String> = texts(old).into_iter().collect();
                let mut expected = texts(old);
                expected.extend(items.iter().filter(|item| seen.insert((*item).clone())).cloned());
                prop_assert_eq!(texts(&new), expected);
                prop_assert!(is_within(old, &new), "{:?}", new);
                prop_assert_eq!(&add_items(&new, &[key], items).unwrap(), &new);
                keeps_the_manners(old, &new)?;
            }
            Err(error) => prop_assert!(!must, "{:?}", error),
        }
        match remove_items(old, &[key], items) {
            Ok(new) => {
                let expected: Vec<String> =
                    texts(old).into_iter().filter(|item| !items.contains(item)).collect();
                prop_assert_eq!(texts(&new), expected);
                prop_assert!(is_within(&new, old), "{:?}", new);
                prop_assert_eq!(&remove_items(&new, &[key], items).unwrap(), &new);
                keeps_the_manners(old, &new)?;
            }
            Err(error) => prop_assert!(!must, "{:?}", error),
        }
    }
    Ok(())
}

fn new_entry() -> impl Strategy<Value = NewEntry> {
    let line = (
        prop::sample::select(
            &["2026-11-21", "2026-11-20", "2026-11-18", "2026-11-10", "2026-11-09", "2020-01-01"][..],
        ),
        prop::sample::select(&["", " 09:30", " 00:00"][..]),
        prop::sample::select(&[" phone", " fax", " note", " email in no-reply", " phone @pat"][..]),
    )
        .prop_map(|(day, time, rest)| entry(&format!("{day}{time}{rest}")));
    let odd = prop::sample::select(
        &[
            "# x",
            "```",
            "- x",
            "---",
            "===",
            "[ ] x",
            "> q",
            "1. x",
            "x:",
            "@who:",
            "<div>",
            "`",
            "[[bob]]",
            "[a]: b",
            "\\",
            "*",
            "**",
            "<!--",
            "|",
            "09:30",
            ":",
            "    x",
            "x by 2026-12-01",
            "&amp;",
            "![",
            "](",
        ][..],
    )
    .prop_map(str::to_owned);
    let said = prop::collection::vec(prop_oneof![odd, "[a-z ]{0,8}", "\\PC{0,4}"], 0..4)
        .prop_flat_map(|bits| (Just(bits), prop::sample::select(&["\n", " ", "\r\n", "", "\n\n"][..])))
        .prop_map(|(bits, between)| bits.join(between));
    let by = prop::option::of((1..28u32).prop_map(|day| Date::new(2026, 12, day).unwrap()));
    let who = prop::sample::select(vec![Promiser::Me, Promiser::Them, Promiser::Member("sam".into())]);
    let promise = (any::<bool>(), who, said.clone(), by).prop_map(|(kept, who, text, by)| NewPromise {
        kept,
        who,
        text: format!("p{text}"),
        by,
    });
    (line, said, prop::collection::vec(promise, 0..3)).prop_map(|(line, text, promises)| NewEntry {
        text,
        promises,
        ..line
    })
}

fn logs(old: &str, new: &NewEntry, must: bool) -> Result<(), TestCaseError> {
    let text = match add_entry(old, new, &settings()) {
        Ok(text) => text,
        Err(EditError::Unwritable(_)) if new.promises.iter().any(|p| p.text.contains(" by ")) => {
            return Ok(());
        }
        Err(error) => {
            prop_assert!(!must, "{:?}", error);
            return Ok(());
        }
    };
    prop_assert!(is_one_insertion(old, &text), "{:?}", text);
    keeps_the_manners(old, &text)?;
    let (before, after) = (body(&read(old).contact), body(&read(&text).contact));
    prop_assert_eq!(after.0.len(), before.0.len() + 1);
    // Among those of its time it is the newest, and the others are read as they were.
    let when = (new.date, new.time);
    let place = after.0.iter().rposition(|e| (e.date, e.time) == when).unwrap();
    let mut others = after.0.clone();
    let read = others.remove(place);
    prop_assert_eq!(others, before.0);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    prop_assert_eq!(words(&read.text), words(&new.text));
    prop_assert_eq!((read.channel, read.words, read.who), (new.channel.clone(), new.words, new.who.clone()));
    prop_assert_eq!(after.1.len(), before.1.len() + new.promises.len());
    Ok(())
}

fn promises(old: &str, new: &[NewPromise], must: bool) -> Result<(), TestCaseError> {
    let contact = read(old).contact;
    for entry in &contact.log {
        match add_promises(old, entry.at, new, &settings()) {
            Ok(text) => {
                prop_assert!(is_one_insertion(old, &text), "{:?}", text);
                keeps_the_manners(old, &text)?;
                let after = read(&text).contact;
                prop_assert_eq!(after.promises.len(), contact.promises.len() + new.len());
                let made = |c: &Contact| c.promises.iter().filter(|p| p.made == Some(entry.date)).count();
                prop_assert_eq!(made(&after), made(&contact) + new.len());
            }
            Err(EditError::Unwritable(_)) if new.iter().any(|p| p.text.contains(" by ")) => {}
            Err(error) => prop_assert!(!must, "{:?}", error),
        }
    }
    for promise in &contact.promises {
        for kept in [true, false] {
            match tick(old, promise.at, kept) {
                Ok(text) => {
                    let changed = old.bytes().zip(text.bytes()).filter(|(a, b)| a != b).count();
                    prop_assert_eq!((text.len(), changed), (old.len(), usize::from(promise.kept != kept)));
                    prop_assert_eq!(&tick(&text, promise.at, kept).unwrap(), &text);
                    let after = read(&text).contact;
                    let there = after.promises.iter().find(|p| p.at == promise.at).unwrap();
                    prop_assert_eq!(there.kept, kept);
                }
                Err(error) => prop_assert!(!must, "{:?}", error),
            }
        }
    }
    Ok(())
}

fn link_edits(old: &str, must: bool) -> Result<(), TestCaseError> {
    let rename = |id: &str| (id == "bob").then(|| "robert".to_owned());
    let new = relink(old, &rename);
    prop_assert_eq!(&relink(&new, &rename), &new);
    let count = |text: &str, id: &str| {
        let is_it = |l: &&Link| l.target == LinkTarget::Contact(id.to_owned());
        read(text).contact.links.iter().filter(is_it).count()
    };
    if must {
        prop_assert_eq!(count(&new, "robert"), count(old, "bob"));
        prop_assert_eq!(count(&new, "bob"), 0);
        keeps_the_manners(old, &new)?;
    }
    let deeper = |to: &str| to.strip_prefix("../files").map(|rest| format!("../../files{rest}"));
    let new = redirect(old, &deeper);
    prop_assert_eq!(&redirect(&new, &deeper), &new);
    // Of two definitions of one reference the second means nothing.
    if must && old.matches("[r]:").count() < 2 {
        prop_assert_eq!(new.matches("../../files").count(), old.matches("../files").count());
        prop_assert_eq!(body(&read(old).contact).2, body(&read(&new).contact).2);
        keeps_the_manners(old, &new)?;
    }
    Ok(())
}

fn items() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec("[a-c]|j@x\\.example|\\PC{1,3}", 0..3)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn keys_are_set((key, value) in key_and_value(), text in contact()) {
        sets(&text, &key, &value, true)?;
        unsets(&text, &key)?;
        unsets(&text, &key[..1])?;
    }

    #[test]
    fn lists_are_changed(text in contact(), items in items()) {
        lists(&text, &items, true)?;
    }

    #[test]
    fn entries_are_added(text in contact(), new in new_entry()) {
        logs(&text, &new, true)?;
    }

    #[test]
    fn promises_are_added_and_ticked(text in contact(), new in new_entry()) {
        promises(&text, &new.promises, true)?;
    }

    #[test]
    fn links_are_led_elsewhere(text in contact()) {
        link_edits(&text, true)?;
    }

    #[test]
    fn damaged_files_are_edited_well_or_not_at_all(
        text in mutilated(),
        (key, value) in key_and_value(),
        new in new_entry(),
        items in items(),
    ) {
        if !read(&text).contact.broken {
            sets(&text, &key, &value, false)?;
            unsets(&text, &key)?;
            lists(&text, &items, false)?;
        } else {
            prop_assert!(matches!(set(&text, &key, &value), Err(EditError::Broken(_))));
            prop_assert!(matches!(add_entry(&text, &new, &settings()), Err(EditError::Broken(_))));
        }
        logs(&text, &new, false)?;
        promises(&text, &new.promises, false)?;
        link_edits(&text, false)?;
    }

    #[test]
    fn nothing_is_too_odd(text in "\\PC{0,40}|[-+=\\[\\]{}\"'#.,:a \r\n\t`*>\u{feff}]{0,60}", new in new_entry()) {
        let _ = set(&text, &["a", "b"], &Value::Integer(1));
        let _ = unset(&text, &["a"]);
        logs(&text, &new, false)?;
        promises(&text, &new.promises, false)?;
        link_edits(&text, false)?;
    }
}
