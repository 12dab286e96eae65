//! git smart HTTP: `info/refs` and the two services behind it, each a git process of its own.

mod answer;
mod body;
mod capabilities;
mod child;
mod declined;
mod pack_look;
mod permits;
mod push_head;
mod request;
mod services;

pub use capabilities::Capabilities;
pub use child::{MARK, harden};
pub use permits::Permits;
pub use services::{Service, info_refs, rpc};
