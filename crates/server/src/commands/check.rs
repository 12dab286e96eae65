//! `check`: is everything in the data folder as it should be?

use std::path::Path;

use crate::data::Data;
use crate::failure::Failure;
use crate::page::{print, progress};
use crate::{git, integrity};

/// Prints a line a fault.
pub fn run(root: &Path) -> Result<(), Failure> {
    let git = git::find()?;
    let data = Data::open(root)?;
    let names = data.notebooks()?;
    let mut faults = integrity::folder(&data, &names);
    let mut contacts = 0;
    for (at, name) in names.iter().enumerate() {
        progress(&format!("{name}, {} of {} notebooks", at + 1, names.len()));
        let report = integrity::notebook(&data, &git, name);
        faults.extend(report.faults);
        contacts += report.contacts;
    }
    progress("");
    faults.iter().for_each(|fault| print(&format!("{fault}\n")));
    let (count, s) = (names.len(), if names.len() == 1 { "" } else { "s" });
    if faults.is_empty() {
        print(&format!("nothing is wrong: {count} notebook{s}, {contacts} contacts\n"));
        return Ok(());
    }
    Err(Failure::no(format!(
        "{} found in {count} notebook{s}",
        match faults.len() {
            1 => "one fault was".to_owned(),
            many => format!("{many} faults were"),
        }
    )))
}
