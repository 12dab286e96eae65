//! Tables for the terminal: aligned, fitted to its width, nothing cut where there is none.

use crate::style::{Paint, Role};
use crate::width::{fit, pad, pad_left, width};

/// A column of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub title: String,
    /// How its cells look.
    pub role: Role,
    /// Numbers stand on the right.
    pub right: bool,
}

impl Column {
    pub fn new(title: impl Into<String>, role: Role) -> Column {
        Column { title: title.into(), role, right: false }
    }

    #[must_use]
    pub fn right(mut self) -> Column {
        self.right = true;
        self
    }
}

/// Between two columns.
const GAP: usize = 2;
/// No column becomes narrower than this.
const LEAST: usize = 6;

/// The lines of a table, the titles first, without line breaks. Cells are to be clean already.
pub fn lines<R: AsRef<[String]>>(
    columns: &[Column],
    rows: &[R],
    most: Option<usize>,
    paint: Paint,
) -> Vec<String> {
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| {
            rows.iter()
                .filter_map(|row| row.as_ref().get(at))
                .map(|cell| width(cell))
                .max()
                .unwrap_or(0)
                .max(width(&column.title))
        })
        .collect();
    if let Some(most) = most {
        shrink(&mut widths, most);
    }
    let line = |cells: &[&str], role: Option<Role>| {
        let mut out = String::new();
        for (at, ((column, cell), columns_wide)) in columns.iter().zip(cells).zip(&widths).enumerate() {
            let cell = fit(cell, *columns_wide);
            let is_last = at + 1 == columns.len();
            let padded = match (column.right, is_last) {
                (true, _) => pad_left(&cell, *columns_wide),
                (false, true) => cell.into_owned(),
                (false, false) => pad(&cell, *columns_wide),
            };
            if at > 0 {
                out.push_str(&" ".repeat(GAP));
            }
            out.push_str(&paint.as_role(role.unwrap_or(column.role), padded).to_string());
        }
        out.truncate(out.trim_end().len());
        out
    };
    let titles: Vec<&str> = columns.iter().map(|column| column.title.as_str()).collect();
    let mut out = vec![line(&titles, Some(Role::Dim))];
    out.extend(
        rows.iter().map(|row| line(&row.as_ref().iter().map(String::as_str).collect::<Vec<_>>(), None)),
    );
    out
}

/// Takes from the widest column until all fit, or none can give more.
fn shrink(widths: &mut [usize], most: usize) {
    let gaps = GAP * widths.len().saturating_sub(1);
    while widths.iter().sum::<usize>() + gaps > most {
        let Some(widest) = widths.iter_mut().filter(|w| **w > LEAST).max_by_key(|w| **w) else { break };
        *widest -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(most: Option<usize>) -> Vec<String> {
        let columns = [
            Column::new("name", Role::Strong),
            Column::new("value", Role::Plain).right(),
            Column::new("company", Role::Plain),
        ];
        let rows = [
            vec!["佐藤 遥".to_owned(), "4,200,000 JPY".to_owned(), "Tsubaki Hotels".to_owned()],
            vec!["Inês Carvalho".to_owned(), "25 EUR".to_owned(), String::new()],
        ];
        lines(&columns, &rows, most, Paint::default())
    }

    #[test]
    fn lines_up_whatever_the_script() {
        assert_eq!(
            table(None),
            [
                "name                   value  company",
                "佐藤 遥        4,200,000 JPY  Tsubaki Hotels",
                "Inês Carvalho         25 EUR",
            ]
        );
    }

    #[test]
    fn fits_the_terminal() {
        let narrow = table(Some(30));
        assert!(narrow.iter().all(|line| width(line) <= 30), "{narrow:?}");
        assert_eq!(narrow[1], "佐藤 遥    4,200,00…  Tsubaki…");
    }
}
