//! Sheets of contacts, as other programs export them: comma-separated values (RFC 4180) and what passes for it.

mod cells;
mod day;
mod decode;
pub mod guard;
mod guess;
mod key;
mod known;
mod mapping;
mod parts;
mod reading;
mod records;
mod row;
mod sheet;
mod typed;
pub mod write;

pub use day::Order;
pub use decode::{Decoded, decode};
pub use key::Key;
pub use known::Format;
pub use mapping::Mapping;
pub use reading::{Manner, Reading};
pub use sheet::Sheet;

#[cfg(test)]
mod tests;
