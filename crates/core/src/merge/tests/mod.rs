//! The merge as data: three texts in, one out.

mod edits;
mod log;
mod onto;
mod people;
mod properties;
mod prose;
mod replicas;
mod whole;

use super::*;

/// Merges both ways round, which must give the same.
fn merged(kind: Kind, base: &str, a: &str, b: &str) -> Merged {
    let settings = Settings::default();
    let merged = merge(kind, Some(base.as_bytes()), a.as_bytes(), b.as_bytes(), &settings);
    let turned = merge(kind, Some(base.as_bytes()), b.as_bytes(), a.as_bytes(), &settings);
    assert_eq!(merged, turned, "not symmetric: {base:?} {a:?} {b:?}");
    merged
}

fn text(merged: &Merged) -> &str {
    std::str::from_utf8(&merged.content).unwrap()
}

/// What the merge gives, nothing whole set aside; merging it again with either side changes nothing.
fn joined(kind: Kind, base: &str, a: &str, b: &str) -> String {
    let first = merged(kind, base, a, b);
    assert_eq!(first.aside, Vec::<Vec<u8>>::new(), "kept apart: {base:?} {a:?} {b:?}");
    for side in [a, b] {
        let again = merged(kind, base, text(&first), side);
        assert_eq!(text(&again), text(&first), "merged again: {base:?} {a:?} {b:?}");
    }
    text(&first).to_owned()
}
