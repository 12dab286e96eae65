//! The promises of the merge, over front matters in every style.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::sample::Index;

use super::super::rules::plain;
use super::samples::versions;
use super::*;
use crate::file::edit;
use crate::file::edit::tests::samples::{contact, mutilated};
use crate::file::layout::Layout;
use crate::merge::config;

/// A value of a key or a text of a list: the key with dots, the value as TOML and as it is told.
type Fact = (String, String, String);

/// What a front matter says, in parts that stand or fall one by one.
fn facts(tree: &Tree) -> BTreeSet<Fact> {
    fn add(path: &str, value: &Value, facts: &mut BTreeSet<Fact>) {
        let is_texts = |items: &[Value]| items.iter().all(|item| matches!(item, Value::Text(_)));
        match value {
            Value::Table(tree) if !matches!(path, "next" | "away" | "cadence") => {
                for (key, value) in tree {
                    let name = rules::dotted(&[key]);
                    add(&if path.is_empty() { name } else { format!("{path}.{name}") }, value, facts);
                }
            }
            Value::List(items) if is_texts(items) => items.iter().for_each(|item| add(path, item, facts)),
            value => {
                facts.insert((path.to_owned(), plain(value), rules::told(value)));
            }
        }
    }
    let mut all = BTreeSet::new();
    tree.iter().filter(|(key, _)| key != "conflict").for_each(|(key, value)| {
        add(&rules::dotted(&[key]), value, &mut all);
    });
    all
}

/// What is under `[[conflict]]`, each as its TOML, its key and what was set aside.
fn set_aside(tree: &Tree) -> BTreeSet<Fact> {
    let Some((_, Value::List(items))) = tree.iter().find(|(key, _)| key == "conflict") else {
        return BTreeSet::new();
    };
    let at = |item: &Value, name: &str| match item {
        Value::Table(tree) => tree.iter().find(|(key, _)| key == name).map(|(_, value)| rules::told(value)),
        _ => None,
    };
    let fact =
        |item| (plain(item), at(item, "key").unwrap_or_default(), at(item, "other").unwrap_or_default());
    items.iter().map(fact).collect()
}

/// Whether that was set aside, maybe as a part of a table.
fn is_aside(aside: &BTreeSet<Fact>, (path, plain, told): &Fact) -> bool {
    let is_it = |key: &str, other: &str| {
        let is_above = path.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        is_above && (other == told || other.contains(plain))
    };
    aside.iter().any(|(_, key, other)| is_it(key, other))
}

fn tree(toml: &str) -> Tree {
    try_tree_of(toml).unwrap_or_else(|| panic!("no TOML: {toml}"))
}

fn keeps_everything(base: &str, a: &str, b: &str, merged: &str) -> Result<(), TestCaseError> {
    let trees = [base, a, b, merged].map(tree);
    let [said, in_a, in_b, now] = [0, 1, 2, 3].map(|at: usize| facts(&trees[at]));
    let [aside, aside_a, aside_b, aside_now] = [0, 1, 2, 3].map(|at: usize| set_aside(&trees[at]));
    for (one, other, one_aside, other_aside) in
        [(&in_a, &in_b, &aside_a, &aside_b), (&in_b, &in_a, &aside_b, &aside_a)]
    {
        for fact in one.iter().filter(|fact| !said.contains(fact) || other.contains(fact)) {
            prop_assert!(
                now.contains(fact) || is_aside(&aside_now, fact),
                "{:?} is lost in\n{}",
                fact,
                merged
            );
        }
        for fact in one_aside.iter().filter(|fact| !aside.contains(fact) || other_aside.contains(fact)) {
            prop_assert!(aside_now.contains(fact), "{:?} is lost in\n{}", fact, merged);
        }
    }
    for fact in &now {
        prop_assert!(in_a.contains(fact) || in_b.contains(fact), "{:?} is new", fact);
    }
    let [of_base, of_a, of_b, of_merged] = [base, a, b, merged].map(Counts::of);
    prop_assert_eq!(Counts::due(&of_base, &of_a, &of_b).beyond(&of_merged), Vec::<&str>::new());
    Ok(())
}

/// What neither side touched keeps its bytes.
fn keeps_bytes(base: &str, a: &str, b: &str, merged: &str) -> Result<(), TestCaseError> {
    let trees = [base, a, b].map(tree);
    let pages = [Page::of(base, &trees[0]), Page::of(a, &trees[1]), Page::of(b, &trees[2])];
    let [base, a, b] = [&pages[0], &pages[1], &pages[2]].map(Page::units);
    for (key, (place, unit)) in base {
        let is_same = |units: &std::collections::BTreeMap<&str, (&page::Place, &page::Unit<'_>)>| {
            units.get(key).is_some_and(|(_, other)| other.body == unit.body)
        };
        if key != "conflict" && is_same(&a) && is_same(&b) {
            // An array of tables may stand in several places.
            let is_there = match place {
                page::Place::Array(_) => unit.body.lines().all(|line| merged.contains(line)),
                _ => merged.contains(&*unit.body),
            };
            prop_assert!(is_there, "{:?} is not in\n{}", unit.body, merged);
        }
    }
    Ok(())
}

fn promises(base: &str, a: &str, b: &str) -> Result<(), TestCaseError> {
    let once = merged(base, a, b);
    prop_assert_eq!(&merged(base, b, a), &once, "the other way round");
    for side in [a, b] {
        prop_assert_eq!(&merged(base, &once.toml, side).toml, &once.toml, "again with a side");
        prop_assert_eq!(&merged(base, side, side).toml, side);
        prop_assert_eq!(&merged(base, base, side).toml, side);
    }
    keeps_everything(base, a, b, &once.toml)?;
    keeps_bytes(base, a, b, &once.toml)?;
    let is_crlf = |text: &str| text.matches('\n').count() == text.matches("\r\n").count();
    if [base, a, b].into_iter().all(is_crlf) {
        prop_assert!(is_crlf(&once.toml), "{:?}", once.toml);
    }
    Ok(())
}

/// Lines of a text deleted and moved, as long as it is TOML.
fn moved(text: &str, moves: &[(Index, Option<Index>)]) -> String {
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (from, to) in moves {
        if lines.is_empty() {
            break;
        }
        let before = lines.clone();
        let line = lines.remove(from.index(lines.len()));
        if let Some(to) = to {
            lines.insert(to.index(lines.len() + 1), line);
        }
        if try_tree_of(&lines.concat()).is_none() {
            lines = before;
        }
    }
    lines.concat()
}

fn moves() -> impl Strategy<Value = Vec<(Index, Option<Index>)>> {
    prop::collection::vec((any::<Index>(), any::<Option<Index>>()), 0..4)
}

/// Three versions; or two new files; or versions of which lines came and went.
fn three() -> impl Strategy<Value = [String; 3]> {
    (versions(), moves(), moves(), 0..10usize).prop_map(|([base, a, b], of_a, of_b, way)| match way {
        0..4 => [base, a, b],
        4..6 => [String::new(), a, b],
        6..8 => {
            let (a, b) = (moved(&a, &of_a), moved(&b, &of_b));
            [base, a, b]
        }
        _ => {
            let (a, b) = (moved(&base, &of_a), moved(&base, &of_b));
            [base, a, b]
        }
    })
}

/// What `set`, `unset`, `add_items` and `remove_items` do.
#[derive(Debug, Clone)]
enum Edit {
    Set(&'static [&'static str], Value),
    Unset(&'static [&'static str]),
    Add(&'static str, &'static str),
    Remove(&'static str, &'static str),
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    const KEYS: [&[&str]; 13] = [
        &["name"],
        &["stage"],
        &["badge"],
        &["crm", "id"],
        &["crm", "sub", "x"],
        &["crm"],
        &["next"],
        &["next", "via"],
        &["prefers", "every"],
        &["extra", "x"],
        &["extra", "deep", "x"],
        &["team", "size"],
        &["note"],
    ];
    let text = |text: &str| Value::Text(text.to_owned());
    let table = |value: Value| Value::Table(vec![("x".to_owned(), value)]);
    let values = vec![
        text("won"),
        text("new"),
        Value::Integer(1),
        text("2 weeks"),
        table(text("y")),
        table(text("z")),
    ];
    let key = || prop::sample::select(&KEYS[..]);
    let item = || prop::sample::select(&["a", "b", "c", "a@x.example"][..]);
    let list = || prop::sample::select(&["tags", "email", "needs"][..]);
    let edit = prop_oneof![
        3 => (key(), prop::sample::select(values)).prop_map(|(key, value)| Edit::Set(key, value)),
        2 => key().prop_map(Edit::Unset),
        2 => (list(), item()).prop_map(|(list, item)| Edit::Add(list, item)),
        1 => (list(), item()).prop_map(|(list, item)| Edit::Remove(list, item)),
    ];
    prop::collection::vec(edit, 0..5)
}

/// The text after the edits that could be made.
fn edited(text: &str, edits: &[Edit]) -> String {
    edits.iter().fold(text.to_owned(), |text, edit| {
        let new = match edit {
            Edit::Set(key, value) => edit::set(&text, key, value),
            Edit::Unset(key) => edit::unset(&text, key),
            Edit::Add(list, item) => edit::add_items(&text, &[list], &[(*item).to_owned()]),
            Edit::Remove(list, item) => edit::remove_items(&text, &[list], &[(*item).to_owned()]),
        };
        new.unwrap_or(text)
    })
}

/// The TOML between the fences.
fn front(text: &str) -> &str {
    &text[Layout::of(text).front_matter]
}

/// Whether there is a merge of texts whose lines may end in any way.
fn is_merged(base: &str, a: &str, b: &str) -> bool {
    tried(base, a, b).is_some()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_merge_keeps_its_promises([base, a, b] in three()) {
        promises(&base, &a, &b)?;
    }

    #[test]
    fn edits_of_the_programs_are_merged(
        text in contact(),
        of_a in edits(),
        of_b in edits(),
        is_new in prop::bool::weighted(0.3),
    ) {
        let [base, a, b] = [text.clone(), edited(&text, &of_a), edited(&text, &of_b)];
        promises(if is_new { "" } else { front(&base) }, front(&a), front(&b))?;
    }

    #[test]
    fn what_is_damaged_is_merged_well_or_not_at_all(base in contact(), a in mutilated(), b in mutilated()) {
        let [base, a, b] = [front(&base), front(&a), front(&b)];
        let is_toml = [base, a, b].into_iter().all(|text| try_tree_of(text).is_some() && text.ends_with('\n'));
        if is_toml && is_merged(base, a, b) {
            promises(base, a, b)?;
        }
    }

    #[test]
    fn a_side_that_is_edited_says_it_too([base, a, b] in versions()) {
        let is_fulfilled = |_: Date| false;
        let settings = Settings::default();
        let rules = Rules { sheet: Sheet::Contact, lead: Lead::Bytes, settings: &settings, is_fulfilled: &is_fulfilled };
        let [base, a, b] = [&base, &a, &b].map(|text| Version::read(text).unwrap());
        let wanted = Wanted::of(&rules, &base, &a, &b).unwrap();
        let pen = Pen { ending: if a.toml.contains('\r') { "\r\n" } else { "\n" }, mark: 'T' };
        let mended = wanted.mended(&a, &b, &pen);
        prop_assert!(mended.is_some());
        prop_assert_eq!(mended, wanted.mended(&b, &a, &pen));
    }

    #[test]
    fn settings_keep_theirs([base, a, b] in versions()) {
        let once = merged_of(Sheet::Settings, &base, &a, &b);
        prop_assert_eq!(&merged_of(Sheet::Settings, &base, &b, &a), &once);
        for side in [&a, &b] {
            prop_assert_eq!(&merged_of(Sheet::Settings, &base, &once.toml, side).toml, &once.toml);
        }
        let [of_base, of_a, of_b, of_once] = [&base, &a, &b, &once.toml].map(|text| Counts::of(text));
        prop_assert_eq!(Counts::due(&of_base, &of_a, &of_b).beyond(&of_once), Vec::<&str>::new());
    }
}
