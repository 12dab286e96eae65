//! The front: connections in, requests to the routes, and a quiet end.

mod accept;
mod connections;
mod listen;
mod peer;
mod protection;
mod requests;
mod signals;
mod tls;
mod wire;

pub use accept::{Door, serve};
pub use listen::{Listen, bind};
pub use peer::Peer;
pub use tls::Tls;
