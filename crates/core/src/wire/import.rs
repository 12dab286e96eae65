//! What an import of contacts came to, as JSON.

use std::collections::BTreeMap;

use serde::Serialize;

/// What `import csv` and `import vcard` answer with `--format json`.
#[derive(Debug, Default, Serialize)]
pub struct ImportReport {
    /// The command.
    pub verb: String,
    /// The file's name.
    pub file: String,
    /// What was done, in one line.
    pub subject: String,
    /// Nothing was written, since that was asked for.
    pub dry_run: bool,
    /// The commit; none outside git, or where none was asked for.
    pub commit: Option<String>,
    /// How many contacts are new.
    pub created: usize,
    /// How many rows change a contact.
    pub updated: usize,
    /// How many rows say nothing new.
    pub same: usize,
    /// How many rows cannot be taken.
    pub refused: usize,
    /// The rows that make or change a contact, in the file's order.
    pub contacts: Vec<ImportRow>,
    /// The rows that cannot be taken, in the file's order.
    pub refusals: Vec<RefusalRow>,
    /// What became of the columns.
    pub columns: Vec<ColumnRow>,
    /// What the format holds and a notebook has no place for, and in how many rows.
    pub left_aside: BTreeMap<String, usize>,
    /// The file that the refused rows were written to.
    pub refused_file: Option<String>,
}

/// A row that makes or changes a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportRow {
    /// The file, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The contact is new.
    pub is_new: bool,
    /// The contact's id.
    pub id: String,
    /// The name in the row; none where it says none.
    pub name: Option<String>,
    /// The company in the row.
    pub company: Option<String>,
    /// By what a contact that was there was known again.
    pub by: Option<String>,
    /// What changes, a few words each.
    pub changes: Vec<String>,
}

/// A row that cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusalRow {
    /// The file, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Why.
    pub why: String,
}

/// What became of a column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ColumnRow {
    /// As the file calls it.
    pub name: String,
    /// The key that it became; none where it was left out.
    pub key: Option<String>,
    /// In how many rows it says something.
    pub filled: usize,
}
