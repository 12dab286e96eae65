//! What the commands print: all of it goes through here.

use std::io::{IsTerminal, Write};

/// Prints to standard output, at once. A reader that has gone is no failure.
pub fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Prints to standard error.
pub fn complain(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

/// Tells a terminal how far long work is: one line, which the next one replaces. Elsewhere nothing is said.
pub fn progress(text: &str) {
    let mut err = std::io::stderr().lock();
    if err.is_terminal() {
        let _ = write!(err, "\r\x1b[K{text}").and_then(|()| err.flush());
    }
}

/// Prints rows in columns, under their names.
pub fn print_table(names: &[&str], rows: &[Vec<String>]) {
    let mut all = vec![names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()];
    all.extend_from_slice(rows);
    let width =
        |column: usize| all.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..names.len()).map(|column| width(column).unwrap_or(0)).collect();
    for row in &all {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        print(&format!("{}\n", cells.collect::<Vec<_>>().join("  ").trim_end()));
    }
}

/// Prints what programs are to read.
pub fn print_json(value: &serde_json::Value) {
    print(&format!("{value:#}\n"));
}
