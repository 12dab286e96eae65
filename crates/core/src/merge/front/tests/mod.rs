//! What the merge of a front matter gives, as data, and what it promises.

mod cells;
mod properties;
mod samples;
mod texts;

use super::*;
use crate::date::Date;
use crate::merge::Lead;
use crate::settings::Settings;

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
    let settings = Settings::default();
    let rules = Rules { sheet, lead: Lead::Bytes, settings: &settings, is_fulfilled: &is_fulfilled };
    merge(&rules, Some(base), a, b, ending).unwrap_or_else(|| panic!("no merge of\n{base}---\n{a}---\n{b}"))
}

/// A merge of what may not be TOML, in a contact whose log has fulfilled nothing.
fn tried(base: &str, a: &str, b: &str) -> Option<MergedFront> {
    let settings = Settings::default();
    let rules =
        Rules { sheet: Sheet::Contact, lead: Lead::Bytes, settings: &settings, is_fulfilled: &|_| false };
    merge(&rules, Some(base), a, b, "\n")
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
