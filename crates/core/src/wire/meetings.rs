//! What an import of meetings did, as JSON.

use serde::Serialize;

use super::{DeedReport, StrangerRow};

/// `import ics --format json`.
#[derive(Debug, Serialize)]
pub struct MeetingsReport {
    /// The deed, as every verb tells it.
    #[serde(flatten)]
    pub deed: DeedReport,
    /// How many events the calendars have, a series counted once.
    pub events: usize,
    /// How many touches are new.
    pub logged: usize,
    /// How many touches stand in the logs already.
    pub known: usize,
    /// How many meetings the user declined.
    pub declined: usize,
    /// How many meetings were before the first day that was asked for.
    pub older: usize,
    /// Whom the notebook does not know, met most first.
    pub strangers: Vec<StrangerRow>,
}
