//! A card: what another program says of one contact, whatever its format. The formats give cards; the deed `import`
//! makes contacts of them, and changes of those that there are.

use std::ops::Range;

use crate::contact::{Channel, Head, Words};
use crate::date::{Date, Time};

/// What another program says of one contact.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Card {
    /// The keys of the front matter that it says something of. What it is silent on is absent or empty.
    pub head: Head,
    /// The id that a notebook gave it, where a sheet of tickler's own says so: a new contact is then what the one in that
    /// notebook is, with nothing added.
    pub id: Option<String>,
    /// What the contact's file says beside the log, Markdown, where a sheet of tickler's own says so.
    pub prose: Option<String>,
    /// Texts about the contact, plain, lines with `\n` between them: they become prose.
    pub notes: Vec<String>,
    /// What happened between them and us, such as the day on which both connected.
    pub touches: Vec<Touch>,
    /// What the format holds and a notebook has no place for, a word or two each: `photo`.
    pub left_aside: Vec<String>,
}

/// Something that happened, as an entry of the log will have it (format, section 3).
#[derive(Debug, Clone, PartialEq)]
pub struct Touch {
    /// The day.
    pub date: Date,
    /// The time of day, in the notebook's time zone.
    pub time: Option<Time>,
    /// By what.
    pub channel: Channel,
    /// How it went.
    pub words: Words,
    /// `@handle` of the team member, without the `@`.
    pub who: Option<String>,
    /// The text after the colon, Markdown.
    pub text: String,
}

/// One row of a sheet, or one card of a file of cards.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Where it stands in the text that was read, so that it can be given back as it was.
    pub raw: Range<usize>,
    /// What it says; else why it cannot be taken, in lower case without a full stop.
    pub card: Result<Box<Card>, String>,
}

/// What became of one column, or one property, of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// As the file calls it.
    pub name: String,
    /// The key that it became, such as `email`; none where it was left out.
    pub key: Option<String>,
    /// In how many rows or cards it says something.
    pub filled: usize,
}
