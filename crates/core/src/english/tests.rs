//! The grammar as a table: what each form means, what cannot be read, and what holds of all.

mod forms;
mod guide;
mod misreadings;
mod properties;

use super::*;
use crate::date::Weekday;

/// What `text` means on that day, at no known time.
fn on(today: &str, text: &str, lean: Lean) -> Result<When, Misread> {
    read(text, lean, &Now { today: today.parse().unwrap(), time: None, calendar: &Calendar::default() })
}

/// What `text` means on Thursday 2026-12-03 at 10:15.
fn at_ten(text: &str, lean: Lean) -> Result<When, Misread> {
    let calendar = Calendar::default();
    read(
        text,
        lean,
        &Now { today: Date::new(2026, 12, 3).unwrap(), time: Time::new(10, 15), calendar: &calendar },
    )
}

/// The same as it is shown; it must be a day.
#[track_caller]
fn said(text: &str, lean: Lean) -> String {
    at_ten(text, lean)
        .map(|when| shown(&when))
        .unwrap_or_else(|misread| panic!("{text}: {}", misread.message))
}
