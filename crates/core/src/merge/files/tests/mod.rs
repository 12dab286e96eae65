//! Trees in one line each, and what a merge makes of them.

mod properties;
mod rules;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::super::{Kind, Merged, Note};
use super::*;

/// Path to bytes and mode.
type Tree = BTreeMap<String, (Vec<u8>, u32)>;

/// How the tests join two versions: lines are a set, so that what belongs into the result is plain, and
/// of a key the greater value stands. Two versions of
/// a `.bin` cannot be joined.
fn by_lines(kind: Kind, base: Option<&[u8]>, a: &[u8], b: &[u8], _settings: &Settings) -> Merged {
    if kind == Kind::Other && a.starts_with(b"bin") {
        let notes = vec![Note::Apart { why: "bytes".to_owned() }];
        return Merged { content: a.max(b).to_vec(), aside: vec![a.min(b).to_vec()], notes };
    }
    let part = |text: &[u8]| -> (BTreeSet<String>, BTreeSet<String>) {
        let text = String::from_utf8(text.to_vec()).unwrap();
        let (head, body) = text
            .strip_prefix("+++\n")
            .and_then(|text| text.split_once("+++\n"))
            .map_or(("", text.as_str()), |parts| parts);
        let lines = |part: &str| part.lines().map(str::to_owned).collect();
        (lines(head), lines(body))
    };
    let (o, a, b) = (part(base.unwrap_or_default()), part(a), part(b));
    let merged = |o: &BTreeSet<String>, a: &BTreeSet<String>, b: &BTreeSet<String>| -> Vec<String> {
        let stays =
            |line: &&String| if o.contains(*line) { a.contains(*line) && b.contains(*line) } else { true };
        a.union(b).filter(stays).map(|line| format!("{line}\n")).collect()
    };
    let values =
        merged(&o.0, &a.0, &b.0).into_iter().map(|line| (line.split('=').next().unwrap().to_owned(), line));
    let head: String = values.collect::<BTreeMap<String, String>>().into_values().collect();
    let body = merged(&o.1, &a.1, &b.1).concat();
    let head = if head.is_empty() { head } else { format!("+++\n{head}+++\n") };
    Merged { content: format!("{head}{body}").into_bytes(), aside: Vec::new(), notes: Vec::new() }
}

/// What two sides made of a base, to one tree.
fn merged_by(join: Join<'_>, prefix: &str, o: &Tree, a: &Tree, b: &Tree) -> (Tree, Vec<(String, Note)>) {
    let blobs: HashMap<BlobId, &[u8]> = [o, a, b]
        .into_iter()
        .flat_map(BTreeMap::values)
        .map(|(bytes, _)| (BlobId::of(bytes), &bytes[..]))
        .collect();
    let touched = |path: &str| o.get(path) != a.get(path) || o.get(path) != b.get(path);
    let settings = format!("{prefix}tickler.toml");
    let source = Source::<()> {
        read: &|id| Ok(blobs[&id].to_vec()),
        is_taken: &|path| {
            assert!(!touched(path), "asked for {path}, which is touched");
            Ok(o.contains_key(path))
        },
        settings: o.get(&settings).map(|(bytes, _)| &bytes[..]),
        prefix,
    };
    let (of_a, of_b) = (deltas(o, a), deltas(o, b));
    let merged = merge_by(join, &source, &of_a, &of_b).unwrap();
    assert_eq!(merged, merge_by(join, &source, &of_b, &of_a).unwrap(), "not symmetric");
    for delta in of_a.iter().chain(&of_b) {
        assert!(merged.files.contains_key(&delta.path), "{} is not told of", delta.path);
    }
    let mut tree = o.clone();
    for (path, content) in merged.files {
        match content {
            None => drop(tree.remove(&path)),
            Some(Content::Known(file)) => drop(tree.insert(path, (blobs[&file.id].to_vec(), file.mode))),
            Some(Content::New { bytes, mode }) => drop(tree.insert(path, (bytes, mode))),
        }
    }
    (tree, merged.notes)
}

fn deltas(o: &Tree, side: &Tree) -> Vec<Delta> {
    let file = |tree: &Tree, path: &str| {
        tree.get(path).map(|(bytes, mode)| File { id: BlobId::of(bytes), mode: *mode })
    };
    let paths: BTreeSet<&String> = o.keys().chain(side.keys()).collect();
    paths
        .into_iter()
        .map(|path| Delta { path: path.clone(), before: file(o, path), after: file(side, path) })
        .filter(|delta| delta.before != delta.after)
        .collect()
}

/// The merge, after every promise about doing it again: with nothing new, and with either side once more.
fn merged(join: Join<'_>, prefix: &str, o: &Tree, a: &Tree, b: &Tree) -> (Tree, Vec<(String, Note)>) {
    let (tree, notes) = merged_by(join, prefix, o, a, b);
    for (what, side, other, expected) in [
        ("a with itself", a, a, a),
        ("b with itself", b, b, b),
        ("a with nothing", a, o, a),
        ("nothing with b", o, b, b),
        ("the result with a", &tree, a, &tree),
        ("the result with b", &tree, b, &tree),
    ] {
        let again = merged_by(join, prefix, o, side, other).0;
        assert_eq!(shown(&again), shown(expected), "{what}");
    }
    (tree, notes)
}

/// Reads `a/jane.md: name=Jane x y; run.sh*: z`: a word is a line (`_` a space), those with `=` stand in the front matter; `*` is a
/// program, `@` a link; a `#` in a path is the first 8 digits of the content's hash.
fn tree(text: &str) -> Tree {
    let mut tree = Tree::new();
    for file in text.split(';').map(str::trim).filter(|file| !file.is_empty()) {
        let (path, words) = file.split_once(':').unwrap();
        let (head, body): (Vec<&str>, Vec<&str>) =
            words.split_whitespace().partition(|word| word.contains('='));
        let mut bytes = String::new();
        if !head.is_empty() {
            let lines: Vec<String> = head
                .iter()
                .map(|word| word.split_once('=').unwrap())
                .map(|(key, value)| format!("{key} = \"{value}\"\n"))
                .collect();
            let fence = if path.ends_with(".toml") { "" } else { "+++\n" };
            bytes = format!("{fence}{}{fence}", lines.concat());
        }
        body.iter().for_each(|word| bytes += &format!("{}\n", word.replace('_', " ")));
        let mode = match path.chars().last() {
            Some('*') => PROGRAM,
            Some('@') => 0o120000,
            _ => PLAIN,
        };
        let hash = BlobId::of(bytes.as_bytes()).hex();
        let path = path.trim_end_matches(['*', '@']).replace('#', &hash[..8]);
        tree.insert(path, (bytes.into_bytes(), mode));
    }
    tree
}

fn shown(tree: &Tree) -> String {
    let files = tree
        .iter()
        .map(|(path, (bytes, mode))| format!("{path} {mode:o}\n{}", String::from_utf8_lossy(bytes)));
    files.collect::<Vec<_>>().join("---\n")
}

#[test]
fn blobs_are_named_as_git_names_them() {
    for (bytes, hex) in [
        ("", "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"),
        ("hello\n", "ce013625030ba8dba906f756967f9e9ca394464a"),
    ] {
        assert_eq!(BlobId::of(bytes.as_bytes()).hex(), hex);
    }
}

#[test]
fn failures_to_read_are_handed_on() {
    let file = |text: &str| Some(File { id: BlobId::of(text.as_bytes()), mode: PLAIN });
    let delta = |after: &str| Delta { path: "x.md".into(), before: file("o"), after: file(after) };
    let asked = Cell::new(false);
    let source = Source {
        read: &|_| {
            asked.set(true);
            Err("gone")
        },
        is_taken: &|_| Ok(false),
        settings: None,
        prefix: "",
    };
    assert_eq!(merge(&source, &[delta("a")], &[delta("b")]), Err("gone"));
    assert!(asked.get());
}

#[test]
fn very_many_removals_are_told() {
    for (removed, all, is) in [(20, 20, false), (21, 210, false), (21, 209, true), (1_000, 10_000, false)] {
        assert_eq!(is_too_much(removed, all), is, "{removed} of {all}");
    }
}
