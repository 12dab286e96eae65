//! Open contacts that nothing will ever bring back (CLI contract, `cracks`).

use super::search;
use crate::follow_up::assess;
use crate::notebook::{Parts, Survey};
use crate::query::Query;
use crate::wire::CrackRow;

/// The cracks that the query fits, by id.
pub fn crack_rows(survey: &Survey<'_>, query: &Query) -> Vec<CrackRow> {
    let settings = survey.notebook().settings();
    let mut rows = if query.is_empty() {
        let cracks = (0..survey.len()).filter(|index| survey.outlook(*index).crack);
        cracks
            .map(|index| {
                let contact = survey.contact(index, Parts::ALL);
                CrackRow::new(&contact, &assess(&contact, settings, survey.today()), settings)
            })
            .collect()
    } else {
        search(survey, query, Parts::ALL, |_, subject| {
            let assessment = subject.assessment();
            assessment.crack.then(|| CrackRow::new(subject.contact(), assessment, settings))
        })
    };
    rows.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    rows
}
