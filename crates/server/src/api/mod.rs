//! The API: the same shapes as `--format json`, by token (`docs/api.md`).

mod answer;
mod contact;
mod deed;
mod events;
mod fields;
mod once;
mod openapi;
mod past;
mod problem;
mod put;
mod read;
mod versions;
mod write;

pub use contact::{brief, create, delete, put, show};
pub use events::events;
pub use once::Once;
pub use openapi::openapi;
pub use problem::{Problem, refused};
pub use read::{contacts, cracks, due, problems, report};
pub use write::{log, next, promises, stage};
