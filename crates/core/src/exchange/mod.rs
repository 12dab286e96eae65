//! Contacts and follow-ups in other people's formats.

mod follow_ups;
pub mod ics;
mod plain;

pub use follow_ups::{Reader, events};
