//! Whom a query fits.

use crate::contact::Contact;
use crate::follow_up::assess;
use crate::notebook::{Parts, RowView, Survey};
use crate::query::{Needs, Query, Subject};

/// Goes over all contacts that the query fits; `parts` are those that `found` reads. The answers come in the order
/// of the contacts.
pub fn search<T: Send>(
    survey: &Survey<'_>,
    query: &Query,
    parts: Parts,
    found: impl Fn(&RowView<'_>, &Subject<'_>) -> Option<T> + Sync,
) -> Vec<T> {
    let needs = query.needs();
    // The front matter settles most contacts, and is quick to have.
    let first = Needs { card: needs.card, plan: needs.plan, ..Needs::default() };
    let (settings, today) = (survey.notebook().settings(), survey.today());
    let assess = |contact: &Contact| assess(contact, settings, today);
    survey.search_by(needs.text, |row, fetch| {
        let read = |_: &Contact| survey.text(row.index);
        if !query.is_empty() {
            let early = (first != Needs::default())
                .then(|| query.settled(&Subject::new(&fetch(parts_of(first)), &assess, &read), first));
            let settled = match early.flatten() {
                Some(settled) => settled,
                None => query.matches(&Subject::new(&fetch(parts_of(needs)), &assess, &read)),
            };
            if !settled {
                return None;
            }
        }
        found(row, &Subject::new(&fetch(parts), &assess, &read))
    })
}

/// What has to be fetched of a contact to meet these needs.
fn parts_of(needs: Needs) -> Parts {
    let asked = Parts {
        card: needs.card,
        plan: needs.plan,
        log: needs.log,
        promises: needs.promises,
        links: needs.links,
    };
    if needs.assessment { asked.and(Parts::RULES) } else { asked }
}
