//! The text of a contact that is new.

use super::entry::{NewEntry, add_entry};
use super::{EditError, head, wording};
use crate::contact::Value;
use crate::file::parse;
use crate::settings::Settings;

/// The text of a new contact file: these keys in the format's order, a paragraph of text, and a log, with an entry
/// or empty. What the text would begin (a heading, a list) is escaped, so that it stays text.
///
/// # Errors
/// Where a value, the text or the entry cannot be written so that it reads back.
pub fn new_contact(
    keys: &[(&[&str], Value)],
    words: Option<&str>,
    entry: Option<&NewEntry>,
    settings: &Settings,
) -> Result<String, EditError> {
    let mut text = head::fresh(keys)?;
    let paragraph = wording::paragraph(words.unwrap_or_default())?;
    if !paragraph.is_empty() {
        text.push_str(&format!("\n{paragraph}\n"));
    }
    text.push_str("\n## Log\n");
    let contact = parse(&text, "x", settings).contact;
    if !contact.promises.is_empty() || !contact.log.is_empty() {
        return Err(EditError::Unwritable("such a text would be read as more than text".to_owned()));
    }
    match entry {
        Some(entry) => add_entry(&text, entry, settings),
        None => Ok(text),
    }
}
