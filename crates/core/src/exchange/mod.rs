//! Contacts and follow-ups in other people's formats: pure, texts in and cards out, or the other way round.

mod card;
pub mod csv;
mod follow_ups;
pub mod ics;
pub mod mail;
pub mod meetings;
pub(crate) mod plain;
pub mod vcard;

pub use card::{Card, Field, Item, Touch};
pub use follow_ups::{Reader, events};
pub use plain::{as_markdown, plain as plain_text};
