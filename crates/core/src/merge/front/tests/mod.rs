//! What the merge of a front matter gives, as data, and what it promises.

mod cells;
mod properties;
mod samples;
mod texts;

use super::*;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

/// The merged front matter of a contact whose log has fulfilled what was planned up to 2026-06-30.
fn merged(base: &str, a: &str, b: &str) -> MergedFront {
    merged_of(Sheet::Contact, base, a, b)
}

fn merged_of(sheet: Sheet, base: &str, a: &str, b: &str) -> MergedFront {
    let ending = if [base, a, b].iter().any(|text| text.contains("\r\n")) { "\r\n" } else { "\n" };
    let is_fulfilled = |day: Date| day <= date("2026-06-30");
    merge(sheet, Some(base), a, b, &Settings::default(), &is_fulfilled, ending)
        .unwrap_or_else(|| panic!("no merge of\n{base}---\n{a}---\n{b}"))
}

/// The merge both ways round, and again with either side.
fn told(base: &str, a: &str, b: &str) -> String {
    let once = merged(base, a, b).toml;
    assert_eq!(merged(base, b, a).toml, once, "the other way round");
    for side in [a, b] {
        assert_eq!(merged(base, &once, side).toml, once, "again with {side:?}");
    }
    once
}
