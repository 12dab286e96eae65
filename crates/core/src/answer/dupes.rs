//! Which contacts may be one person.

use crate::contact::Contact;
use crate::date::Date;
use crate::likeness::{Face, Pair, likeness, pairs};
use crate::notebook::{Parts, Survey};
use crate::query::Query;
use crate::wire::{DupeRow, DupesReport};

use super::search;

/// The likely pairs of whom one at least fits the query, best first: those that score at least so much, and so many at
/// most. Broken files are left out.
pub fn dupes(survey: &Survey<'_>, query: &Query, least: u8, limit: Option<usize>) -> DupesReport {
    let country = survey.notebook().settings().country.as_deref();
    let faces = survey
        .search(Parts::HEAD, |row, contact| (!contact.broken).then(|| Face::of(row.index, contact, country)));
    let mut asked = vec![query.is_empty(); survey.len()];
    if !query.is_empty() {
        for index in search(survey, query, Parts::NONE, |row, _| Some(row.index)) {
            asked[index] = true;
        }
    }
    let found = pairs(&faces, least, |at| asked[faces[at].index]);
    let row = |pair: &Pair| {
        let [a, b] = [pair.a, pair.b].map(|at| survey.contact(faces[at].index, Parts::HEAD));
        let reasons = likeness(&faces[pair.a], &faces[pair.b]).map(|alike| alike.reasons).unwrap_or_default();
        let (first, other) = if rank(&a, &b) <= rank(&b, &a) { (&a, &b) } else { (&b, &a) };
        DupeRow::new(pair.score, first, other, &reasons)
    };
    let shown = &found[..found.len().min(limit.unwrap_or(usize::MAX))];
    DupesReport { found: found.len(), pairs: shown.iter().map(row).collect() }
}

/// Whose file is to stay: who was joined with the other before, else who was there first, else who has the plainer id.
fn rank<'c>(contact: &'c Contact, other: &Contact) -> (bool, bool, Option<Date>, usize, &'c str) {
    let (id, added) = (contact.id.as_str(), contact.head.added);
    let has_other = contact.head.aliases.iter().any(|alias| alias == other.id.as_str());
    (!has_other, added.is_none(), added, id.len(), id)
}
