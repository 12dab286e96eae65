//! Edits of a contact file: its text in, the new text out, and only the bytes changed that must be (format, section 9).
//!
//! The crates that read TOML and Markdown are asked only where things stand; the bytes themselves are cut and put in
//! here, because printing a parsed document would also rewrite line ends, quotes and blank lines. Every edit reads
//! its result again before it hands it out, and refuses where that says anything but what was asked for.

mod deadline;
mod entries;
mod entry;
pub(crate) mod find;
mod fresh;
pub(crate) mod head;
pub(crate) mod lines;
mod links;
pub(crate) mod literal;
pub(crate) mod outline;
pub(crate) mod pen;
mod promise;
mod prose;
mod revise;
mod series;
pub(crate) mod sheet;
mod steps;
pub(crate) mod tree;
mod wording;

pub use deadline::reschedule;
pub use entries::add_entries;
pub use entry::{NewEntry, add_entry};
pub use fresh::new_contact;
pub use head::{add_items, remove_items, set, unset};
pub use links::{redirect, relink};
pub use literal::when;
pub use promise::{NewPromise, add_promises, tick};
pub use prose::{add_markdown, add_prose, has_prose, new_prose};
pub use revise::revise_entry;

#[cfg(test)]
pub(crate) mod tests;

use super::front_matter;
use super::layout::Layout;
use crate::problem::{Problem, Severity};
use crate::settings::Settings;

/// Why an edit was not made. The text is as it was.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EditError {
    /// The file is broken (format, section 8), and broken files are never rewritten; the first error that broke it.
    #[error("line {}: {}", .0.at.line, .0.message)]
    Broken(Problem),
    /// There is nothing of that name to edit.
    #[error("{0}")]
    Missing(String),
    /// Such a text or value cannot stand there.
    #[error("{0}")]
    Unwritable(String),
    /// The result would change something else too.
    #[error("{0}")]
    Unsafe(String),
}

impl EditError {
    /// What to do about it.
    pub fn hint(&self) -> Option<&str> {
        match self {
            EditError::Broken(problem) => {
                problem.hint.as_deref().or(Some("mend the file in your editor first"))
            }
            EditError::Missing(_) => None,
            EditError::Unwritable(_) => Some("word it another way, or write it in your editor"),
            EditError::Unsafe(_) => Some("make this change in your editor"),
        }
    }
}

/// The first problem that makes the file broken (format, section 8).
fn why_broken(text: &str, layout: &Layout) -> Option<Problem> {
    let mut problems = Vec::new();
    let (_, broken) = front_matter::read(text, layout, &Settings::default(), &mut problems);
    // A name that nothing knows is an error too, but one that breaks no file.
    let is_cause = |p: &Problem| p.severity == Severity::Error && !p.message.starts_with("unknown ");
    broken.then(|| problems.into_iter().find(is_cause)).flatten()
}
