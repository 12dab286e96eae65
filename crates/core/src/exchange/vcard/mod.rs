//! Cards of address books: vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) to contacts, and contacts to 3.0 and 4.0.
//!
//! What a notebook has a key for becomes that key. All else is kept as a line of vCard 4.0 under the key `vcard`, so
//! that the card that is written again says what the one said that was read. Lines are unfolded, told apart and put into
//! one form here (`cut`, `line`, `normal`, `modern`); what one of them says stands in `said`, in both directions. The
//! crate `calcard` gives values instead of lines, which would change what nothing here knows; the tests ask it to judge.

mod charset;
mod cut;
mod day;
pub mod kept;
mod line;
mod modern;
mod name;
mod normal;
mod read;
mod said;
#[cfg(test)]
mod tests;
mod three;
mod write;

pub use charset::decode;
pub use cut::line_count as lines;
pub use write::{Version, uid_of, write};

use super::Item;
use cut::Cutter;
use read::Tags;

/// The key of the front matter that holds lines of cards which no other key says.
pub const KEPT: &str = "vcard";

/// Each card of a text, one after the other; groups become tags of their members. A text without any card is one item
/// that cannot be taken.
pub fn read(text: &str) -> impl Iterator<Item = Item> + '_ {
    let tags = tags(text);
    let items = Cutter::new(text).filter_map(move |piece| {
        let card = read::card(&piece, &tags)?;
        Some(Item { line: piece.line, raw: piece.raw, card })
    });
    let is_no_card = !text.trim().is_empty() && Cutter::new(text).next().is_none();
    let nothing = is_no_card.then(|| Item {
        line: 1,
        raw: 0..text.len(),
        card: Err("there is no card in it (\"BEGIN:VCARD\")".to_owned()),
    });
    nothing.into_iter().chain(items)
}

/// What the groups of a text are called, by their members.
fn tags(text: &str) -> Tags {
    let mut tags = Tags::new();
    // Most files have no group, and need not be read twice.
    if memchr::memmem::find(text.to_ascii_lowercase().as_bytes(), b":group").is_none() {
        return tags;
    }
    for (name, members) in Cutter::new(text).filter_map(|piece| read::group_of(&piece)) {
        for member in members.iter().filter(|_| !name.is_empty()) {
            tags.entry(member.to_lowercase()).or_default().push(name.clone());
        }
    }
    tags
}
