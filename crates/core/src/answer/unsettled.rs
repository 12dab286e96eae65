//! What merges left for people to settle.

use crate::notebook::{Parts, Survey};
use crate::wire::{UnsettledReport, UnsettledRow};

/// The contacts in whose files two versions stand, in the order of the files, and the versions set aside.
pub fn unsettled(survey: &Survey<'_>) -> UnsettledReport {
    let card = Parts { card: true, ..Parts::NONE };
    let contacts = survey.search(card, |row, contact| {
        let mut keys: Vec<String> =
            contact.head.conflicts.iter().map(|conflict| conflict.key.clone()).collect();
        keys.dedup();
        let is_settled = keys.is_empty() && contact.quoted == 0;
        (!is_settled).then(|| UnsettledRow { file: survey.path(row.index), keys, quoted: contact.quoted })
    });
    // A folder that cannot be read has nothing that could be settled.
    let versions = survey.notebook().versions_aside().unwrap_or_default();
    UnsettledReport { contacts, versions }
}
