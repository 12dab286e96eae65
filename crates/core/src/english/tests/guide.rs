//! The tables of the guide's page of dates are true.

use super::*;

const PAGE: &str = include_str!("../../../../../docs/guide/dates.md");

/// The days and times in a cell, as they are shown: `Thu 2026-12-03 14:30`.
fn moments(cell: &str) -> Vec<&str> {
    let days = cell.match_indices(" 20").filter_map(|(at, _)| {
        let start = at.checked_sub(3)?;
        cell.get(start + 4..start + 14)?.parse::<Date>().ok()?;
        let has_time = cell.get(start + 14..start + 20).is_some_and(|rest| Time::scan(rest.trim()).is_some());
        cell.get(start..start + if has_time { 20 } else { 14 })
    });
    days.collect()
}

#[test]
fn what_the_guide_says_of_dates_is_so() {
    let mut seen = 0;
    for row in PAGE.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        let forms: Vec<&str> = cells[0].split('`').skip(1).step_by(2).collect();
        for (cell, lean) in cells[1..].iter().zip([Lean::Future, Lean::Past]) {
            let moments = moments(cell);
            for (at, form) in forms.iter().enumerate() {
                let moment = match moments.len() {
                    1 => moments[0],
                    n if n == forms.len() => moments[at],
                    _ => continue,
                };
                assert_eq!(said(form, lean), moment, "{row}");
                seen += 1;
            }
        }
    }
    assert!(seen > 60, "did this test read the tables? {seen}");
}

#[test]
fn what_the_guide_names_can_be_read() {
    let unsure = PAGE.split("\n## ").find(|part| part.starts_with("Where English is unsure")).unwrap();
    let mut seen = 0;
    for row in unsure.lines().filter(|line| line.starts_with("| `")) {
        for form in row.split('`').skip(1).step_by(2) {
            assert!(at_ten(form, Lean::Future).is_ok(), "{form}");
            seen += 1;
        }
    }
    assert!(seen > 15, "did this test read the table? {seen}");
}
