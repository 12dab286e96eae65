//! The columns of `list` for people.

use tickler_core::answer::Cell;
use tickler_core::date::Date;

use crate::plain::plain;
use crate::words;

/// Whether a column's cells stand on the right.
pub fn is_number(column: &str) -> bool {
    matches!(column, "value" | "unanswered")
}

/// What a cell says: the last touch as it is long ago, other days by their name.
pub fn shown(cell: &Cell, column: &str, today: Date) -> String {
    match cell {
        Cell::None => String::new(),
        Cell::Text(text) => plain(text),
        Cell::Money(value) => words::money(value),
        Cell::Day(date) if matches!(column, "last" | "reached") => words::distance(*date, today),
        Cell::Day(date)
            if matches!(column, "due" | "next" | "next.on" | "next.date" | "away" | "away.until") =>
        {
            words::day(*date, today)
        }
        Cell::Yes(yes) => if *yes { "yes" } else { "" }.to_owned(),
        other => other.raw(),
    }
}
