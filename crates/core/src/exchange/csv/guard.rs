//! A guard against cells that a spreadsheet would run: whoever writes `=HYPERLINK(…)` into a form must not have it
//! carried out where the sheet is opened.

use std::borrow::Cow;

/// What stands before a cell that would else be taken for a formula.
const GUARD: char = '\'';
/// With these a formula begins, in one spreadsheet or another; behind a tab or the end of a line it may begin too. The
/// guard itself is among them, so that it can be taken away again from any cell.
const BEGINS: [char; 12] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠', GUARD];

/// The cell as it is safe in a spreadsheet: with an apostrophe before it where it begins as a formula does. A number
/// below zero is as it was; a phone number's `+` is guarded, or it would be added up.
pub fn guard(cell: &str) -> Cow<'_, str> {
    if is_guarded(cell) { Cow::Owned(format!("{GUARD}{cell}")) } else { Cow::Borrowed(cell) }
}

/// The cell as it was before [`guard`]; a cell that was never guarded stays, but for an apostrophe before what begins
/// as a formula does.
pub fn undo(cell: &str) -> &str {
    cell.strip_prefix(GUARD).filter(|rest| rest.starts_with(BEGINS)).unwrap_or(cell)
}

fn is_guarded(cell: &str) -> bool {
    cell.starts_with(BEGINS) && !is_below_zero(cell)
}

/// `-5` and `-2.50`, which no spreadsheet takes for more than that.
fn is_below_zero(cell: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    cell.strip_prefix('-').is_some_and(|number| match number.split_once('.') {
        Some((whole, part)) => digits(whole) && digits(part),
        None => digits(number),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_a_spreadsheet_would_run() {
        for (cell, guarded) in [
            ("", ""),
            ("Jane", "Jane"),
            ("Jane = Doe", "Jane = Doe"),
            ("=1+1", "'=1+1"),
            (
                "=HYPERLINK(\"http://evil.example\",\"click\")",
                "'=HYPERLINK(\"http://evil.example\",\"click\")",
            ),
            ("+1 555 0100", "'+1 555 0100"),
            ("+15550100", "'+15550100"),
            ("@SUM(A1:A9)", "'@SUM(A1:A9)"),
            ("@pat", "'@pat"),
            ("-5", "-5"),
            ("-2.50", "-2.50"),
            ("-2.", "'-2."),
            ("-", "'-"),
            ("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0"),
            ("- a list", "'- a list"),
            ("\t=1+1", "'\t=1+1"),
            ("\r=1+1", "'\r=1+1"),
            ("\n=1+1", "'\n=1+1"),
            ("＝1+1", "'＝1+1"),
            ("'quoted'", "''quoted'"),
            ("''", "'''"),
            ("2026-12-03", "2026-12-03"),
            ("25000", "25000"),
        ] {
            assert_eq!(guard(cell), guarded, "{cell:?}");
            assert_eq!(undo(guarded), cell, "{cell:?}");
        }
    }

    #[test]
    fn what_was_never_guarded_stays() {
        for cell in ["'tis the season", "'", "O'Brien", "plain"] {
            assert_eq!(undo(cell), cell);
        }
    }

    proptest! {
        #[test]
        fn every_cell_comes_back(cell in "['=+@\t\r\n＝a1. -]{0,6}|\\PC*") {
            let guarded = guard(&cell);
            prop_assert_eq!(undo(&guarded), cell.as_str());
            prop_assert!(!guarded.starts_with(['=', '+', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']));
        }
    }
}
