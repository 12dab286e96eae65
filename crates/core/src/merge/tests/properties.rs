//! What every merge promises, over contacts in every style, sane and damaged.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};

use super::edits::{Edit, apply, contact, edits};
use super::people;
use super::*;
use crate::contact::Value;
use crate::file::edit::tests::samples;
use crate::file::edit::tree::{get, same, try_tree_of};
use crate::merge::join::{Plan, Sort, Task};
use crate::merge::parts::{Front, Joint, Parts, is_blank};
use crate::merge::{pairing::counted, promises, prose};

fn merge_texts(kind: Kind, base: &str, a: &str, b: &str) -> Merged {
    merge(kind, Some(base.as_bytes()), a.as_bytes(), b.as_bytes(), &Settings::default())
}

/// Symmetric; and merging again with either side changes nothing.
fn agrees(kind: Kind, base: &str, a: &str, b: &str) -> Result<Merged, TestCaseError> {
    let merged = merge_texts(kind, base, a, b);
    prop_assert_eq!(&merged, &merge_texts(kind, base, b, a), "commutative");
    prop_assert_eq!(merge_texts(kind, base, a, a).content, a.as_bytes(), "idempotent: twice the same");
    prop_assert_eq!(merge_texts(kind, base, base, b).content, b.as_bytes(), "idempotent: with the base");
    for side in [a, b] {
        let again = merge_texts(kind, base, text(&merged), side);
        prop_assert_eq!(&again.content, &merged.content, "idempotent: once more with a side");
    }
    Ok(merged)
}

/// Entries and how often each is there; and lines, with how often each is in front of the log, below its heading, and
/// behind it.
type Said = (BTreeMap<String, usize>, BTreeMap<String, [usize; 3]>);

/// How often that line stands in an entry.
fn times_in(entry: &str, line: &str) -> usize {
    entry.lines().filter(|other| other.replace("[x]", "[ ]") == line).count()
}

/// Each dated entry, and each other line of the body that says something, with its box open and outside of quotes.
fn said(text: &str) -> Said {
    let plain = text.trim_start_matches('\u{feff}').replace("\r\n", "\n") + "\n";
    let parts = Parts::of(&plain, true);
    let entries = counted(parts.entries.iter().map(|chunk| chunk.text));
    let mut lines: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for (place, block) in [parts.prose.text, parts.intro.text, parts.rest.text].iter().enumerate() {
        let mut is_aside = false;
        for line in block.lines() {
            let is_opener = line == "> [!conflict]";
            is_aside = is_opener || is_aside && line.starts_with('>');
            let said = line.strip_prefix("> ").filter(|_| is_aside).unwrap_or(line);
            let line = if is_opener { String::new() } else { said.replace("[x]", "[ ]") };
            if !is_blank(&line) && (line != ">" || !is_aside) {
                lines.entry(line).or_default()[place] += 1;
            }
        }
    }
    (entries.into_iter().map(|(text, n)| (text.to_owned(), n)).collect(), lines)
}

/// Nothing that a side added or kept is lost.
fn keeps_all(base: &str, a: &str, b: &str, merged: &str) -> Result<(), TestCaseError> {
    let merged_text = merged;
    let [in_base, in_a, in_b, in_merged] = [base, a, b, merged].map(said);
    let times =
        |counts: &BTreeMap<String, usize>, text: &String| counts.get(text).copied().unwrap_or_default();
    for line in in_a.1.keys().chain(in_b.1.keys()) {
        let versions = [&in_base, &in_a, &in_b, &in_merged];
        let places = versions.map(|said| said.1.get(line).copied().unwrap_or_default());
        let prose = places.map(|places| places.iter().sum::<usize>());
        // A line may also have become part of the log, or come out of it.
        let all =
            versions.map(|said| said.0.iter().map(|(entry, n)| n * times_in(entry, line)).sum::<usize>());
        let all: Vec<usize> = all.iter().zip(prose).map(|(in_log, in_prose)| in_log + in_prose).collect();
        let in_places = (0..3).map(|at| prose::count(places[0][at], places[1][at], places[2][at])).sum();
        let due = prose::count(prose[0], prose[1], prose[2]).min(in_places);
        prop_assert!(
            all[3] >= due.min(prose::count(all[0], all[1], all[2])),
            "each line as often as it should be: {:?} is lost in {:?}",
            line,
            merged_text
        );
    }
    for entry in in_a.0.keys().chain(in_b.0.keys()) {
        let [base, a, b, merged] = [&in_base, &in_a, &in_b, &in_merged].map(|counts| times(&counts.0, entry));
        if merged < prose::count(base, a, b) {
            // It was joined with what the other side made of the same entry: of its lines, those that no entry of
            // the base has are still in one.
            let is_old = |line: &str| in_base.0.keys().any(|entry| times_in(entry, line) > 0);
            let new: Vec<String> = entry.lines().map(|line| line.replace("[x]", "[ ]")).collect();
            let new: Vec<&String> = new.iter().filter(|line| !is_blank(line) && !is_old(line)).collect();
            let has_new = |other: &String| new.iter().all(|line| times_in(other, line) > 0);
            prop_assert!(
                in_merged.0.keys().any(has_new),
                "each entry as often as it should be: {:?} is lost in {:?}",
                entry,
                merged_text
            );
        }
    }
    keeps_values(base, a, b, merged_text)
}

fn front(text: &str) -> Vec<(String, Value)> {
    let plain = text.trim_start_matches('\u{feff}');
    let layout = file::layout::Layout::of(plain);
    try_tree_of(&plain[layout.front_matter]).unwrap_or_default()
}

/// Each value that a side gave a key is that key's value, or in its list, or under `[[conflict]]`.
fn keeps_values(base: &str, a: &str, b: &str, merged: &str) -> Result<(), TestCaseError> {
    let (base, result) = (front(base), front(merged));
    let conflicts = match get(&result, &["conflict"]) {
        Some(Value::List(items)) => items.clone(),
        _ => Vec::new(),
    };
    let is_aside = |key: &str| {
        let names = |item: &Value| matches!(item, Value::Table(t) if matches!(get(t, &["key"]), Some(Value::Text(k)) if k == key || key.starts_with(&format!("{k}."))));
        conflicts.iter().any(names)
    };
    for (key, value) in [a, b].into_iter().flat_map(front) {
        let leaves = match value {
            Value::Table(items) => {
                items.into_iter().map(|(name, value)| (vec![key.clone(), name], value)).collect()
            }
            value => vec![(vec![key], value)],
        };
        for (path, value) in leaves {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let has = |tree: &[(String, Value)]| match (get(tree, &path), &value) {
                // Each text of a list stands for itself, and one of the base may be gone.
                (Some(Value::List(there)), Value::List(items)) => items.iter().all(|item| {
                    let is_old = matches!(get(&base, &path), Some(Value::List(old)) if old.contains(item));
                    is_old || there.contains(item)
                }),
                (Some(there), value) => same(there, value),
                (None, _) => false,
            };
            prop_assert!(
                has(&base) || has(&result) || is_aside(&path.join(".")),
                "{:?} is lost in {}",
                path,
                merged
            );
        }
    }
    Ok(())
}

/// Edits of a contact of few words, or two that have nothing in common.
fn versions() -> impl Strategy<Value = [String; 3]> {
    let edited = |base: String, a: &[Edit], b: &[Edit]| {
        let (a, b) = (apply(&base, a), apply(&base, b));
        [base, a, b]
    };
    prop_oneof![
        6 => (contact(), edits(), edits()).prop_map(move |(base, a, b)| edited(base, &a, &b)),
        1 => (contact(), contact()).prop_map(|(a, b)| [String::new(), a, b]),
    ]
}

fn holds(base: &str, a: &str, b: &str) -> Result<(), TestCaseError> {
    let merged = agrees(Kind::Contact, base, a, b)?;
    let joined = text(&merged);
    let settings = Settings::default();
    prop_assert!(!file::parse(joined, "x", &settings).contact.broken, "what parsed still parses");
    prop_assert!(
        !joined.lines().any(|line| line.starts_with("<<<<<<<") || line.starts_with(">>>>>>>")),
        "no marker"
    );
    if merged.aside.is_empty() {
        keeps_all(base, a, b, joined)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn contacts_are_merged_well([base, a, b] in versions()) {
        holds(&base, &a, &b)?;
    }

    #[test]
    fn contacts_in_every_style_are_merged_well(base in samples::contact(), a in edits(), b in edits()) {
        let (a, b) = (apply(&base, &a), apply(&base, &b));
        let merged = agrees(Kind::Contact, &base, &a, &b)?;
        let is_broken = file::parse(text(&merged), "x", &Settings::default()).contact.broken;
        prop_assert!(!is_broken, "what parsed still parses");
    }

    #[test]
    fn damaged_files_are_merged_well(
        base in samples::mutilated(),
        a in samples::mutilated(),
        edits in edits(),
        kind in prop::sample::select(&[Kind::Contact, Kind::Markdown, Kind::Settings, Kind::Other][..]),
    ) {
        agrees(kind, &base, &a, &apply(&base, &edits))?;
    }

    #[test]
    fn lines_are_merged_well(texts in prop::array::uniform3("([abc]\n|\n|- \\[[ x]\\] [ab]\n|> \\[!conflict\\]\n|> a\n|> b\n|a\r\n){0,7}a?")) {
        let [base, a, b] = &texts;
        for kind in [Kind::Markdown, Kind::Other] {
            agrees(kind, base, a, b)?;
        }
    }

    #[test]
    fn parts_lose_no_byte(text in prop_oneof![samples::contact(), samples::mutilated(), contact()]) {
        let text = text.trim_start_matches('\u{feff}');
        let is_ended = text.is_empty() || text.ends_with('\n');
        let ended = if is_ended { text.to_owned() } else { format!("{text}\n") };
        let parts = Parts::of(&ended, is_ended);
        let front = parts.front.map_or(String::new(), |Front { open, toml, close }| [open, toml, close].concat());
        let blocks = [parts.prose, parts.heading, parts.intro, parts.log, parts.rest].map(|b| (b.gap, b.text));
        let joint = Joint { front: &front, lead: parts.lead, blocks, tail: parts.tail, ending: "\n" };
        prop_assert_eq!(joint.text(), text);
        let log: String = parts.entries.iter().map(|chunk| [chunk.text, chunk.gap.unwrap_or_default()].concat()).collect();
        prop_assert_eq!(log, parts.log.text);
    }

    /// What neither side touched keeps its bytes: here all but the front matter, and all but the body.
    #[test]
    fn what_nobody_touched_stays(base in contact(), a in edits(), b in edits()) {
        let body = |text: &str| text[file::layout::Layout::of(text).body].to_owned();
        let head = |text: &str| text[..file::layout::Layout::of(text).body.start].to_owned();
        let plain = |text: String| text.replace("\r\n", "\n");
        let base = plain(base);
        let (a, b) = (plain(apply(&base, &a)), plain(apply(&base, &b)));
        if !head(&base).ends_with('\n') || [&base, &a, &b].iter().any(|text| body(text).trim().is_empty()) {
            return Ok(());
        }
        let [a_front, b_front] = [&a, &b].map(|side| head(side) + &body(&base));
        let merged = merge_texts(Kind::Contact, &base, &a_front, &b_front);
        prop_assert_eq!(body(text(&merged)), body(&base));
        let [a_body, b_body] = [&a, &b].map(|side| head(&base) + &body(side));
        let merged = merge_texts(Kind::Contact, &base, &a_body, &b_body);
        prop_assert_eq!(head(text(&merged)), head(&base));
    }

    /// Where git's line merge has no doubt, ours has none either. Lines that stand once leave no choice of which is
    /// which.
    #[test]
    fn prose_is_merged_as_git_does(changes in prop::collection::vec((0..12usize, 0..4usize, any::<bool>(), any::<bool>()), 0..6)) {
        let base: Vec<String> = (0..12).map(|line| format!("line {line}\n")).collect();
        let mut sides = [base.clone(), base.clone()];
        for (number, (at, what, on_a, on_b)) in changes.iter().enumerate() {
            for (side, _) in sides.iter_mut().zip([on_a, on_b]).filter(|(_, on)| **on) {
                match what {
                    0 => side[*at] = String::new(),
                    1 => side[*at] = format!("new {number}\n"),
                    2 => side[*at].insert_str(0, &format!("before {number}\n")),
                    _ => side[*at].push_str(&format!("after {number}\n")),
                }
            }
        }
        let [base, a, b] = [base.concat(), sides[0].concat(), sides[1].concat()];
        // The library has to be begun by something else before it merges.
        let _ = git2::Repository::open("/nowhere");
        let input = |text: &'static str| { let mut input = git2::MergeFileInput::new(); input.content(text.as_bytes()); input };
        let leak = |text: &String| -> &'static str { Box::leak(text.clone().into_boxed_str()) };
        let git = git2::merge_file(&input(leak(&base)), &input(leak(&a)), &input(leak(&b)), None).unwrap();
        if git.is_automergeable() {
            let merged = merge_texts(Kind::Markdown, &base, &a, &b);
            prop_assert_eq!(text(&merged), std::str::from_utf8(git.content()).unwrap());
        }
    }
}

/// How often two versions are joined the fine way, the coarse way, and not at all.
fn ways(versions: impl Strategy<Value = [String; 3]>) -> [usize; 3] {
    let settings = Settings::default();
    let counts = std::cell::Cell::new([0; 3]);
    let result = TestRunner::new(config()).run(&versions, |[base, a, b]| {
        if a != b && base != a && base != b {
            let task = Task {
                sort: Sort::Contact,
                base: Some(&base),
                a: &a,
                b: &b,
                lead: Lead::Bytes,
                settings: &settings,
            };
            let way = match promises::merge(&task) {
                Some((Plan::Fine, _)) => 0,
                Some((Plan::Coarse, _)) => 1,
                None => 2,
            };
            let mut now = counts.get();
            now[way] += 1;
            counts.set(now);
        }
        Ok(())
    });
    result.unwrap();
    counts.get()
}

/// The fine way is the usual one, and hardly ever are two versions of a contact kept apart: even here, where most
/// lines are alike and edits hit headings and entries of the log at random.
#[test]
fn the_fine_way_is_the_usual_one() {
    let versions = (contact(), edits(), edits()).prop_map(|(base, a, b)| {
        let (a, b) = (apply(&base, &a), apply(&base, &b));
        [base, a, b]
    });
    let [fine, coarse, apart] = ways(versions);
    let all = fine + coarse + apart;
    assert!(coarse * 20 <= all && apart * 50 <= all, "of {all}: {coarse} coarse, {apart} apart");
}

/// Of what people do, one in thousands is kept apart at most.
#[test]
fn what_people_do_is_joined() {
    let versions = (people::contact(), people::deeds(), people::deeds()).prop_map(|(base, a, b)| {
        let (a, b) = (people::work(&base, &a), people::work(&base, &b));
        [base, a, b]
    });
    let [fine, coarse, apart] = ways(versions);
    let all = fine + coarse + apart;
    assert!(coarse * 1000 <= all && apart * 1000 <= all, "of {all}: {coarse} coarse, {apart} apart");
}
