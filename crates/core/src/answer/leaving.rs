//! Who leaves the notebook in an export: whom the query fits, but for those who asked to be left alone.

use super::search;
use crate::notebook::{Parts, Survey};
use crate::query::Query;

/// Who leaves, and who does not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leaving {
    /// The numbers of those that leave, in the survey's order.
    pub contacts: Vec<usize>,
    /// How many whom the query fits are stopped, and stay for that.
    pub stopped: usize,
    /// How many files of those whom the query fits cannot be read, and stay for that: nobody knows whether they are
    /// of somebody who asked us to stop.
    pub broken: usize,
}

/// Whom an export is of (format, section 5, Stopped). With `all`, everybody whom the query fits.
pub fn leaving(survey: &Survey<'_>, query: &Query, all: bool) -> Leaving {
    let mut leaving = Leaving::default();
    for index in search(survey, query, Parts::NONE, |row, _| Some(row.index)) {
        let row = survey.row(index);
        if all {
            leaving.contacts.push(index);
        } else if survey.outlook(index).stopped {
            leaving.stopped += 1;
        } else if row.broken && !survey.contact(index, Parts::NONE).stale {
            leaving.broken += 1;
        } else {
            leaving.contacts.push(index);
        }
    }
    leaving
}
