//! Whom the notebook does not know, as JSON.

use serde::Serialize;

use crate::verbs::Stranger;

/// Somebody with whom there was mail or a meeting, and whom the notebook does not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StrangerRow {
    /// The name, where one was given.
    pub name: Option<String>,
    /// The email address.
    pub address: String,
    /// How many messages or meetings.
    pub count: usize,
}

impl From<&Stranger> for StrangerRow {
    fn from(stranger: &Stranger) -> StrangerRow {
        StrangerRow { name: stranger.name.clone(), address: stranger.address.clone(), count: stranger.count }
    }
}
