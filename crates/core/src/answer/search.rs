//! Whom a query fits.

use std::borrow::Cow;

use crate::contact::Contact;
use crate::fold::fold;
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
    let query = &*by_all_names(survey, query);
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

/// The query that finds who mentions a contact by any of its names, present and earlier.
fn by_all_names<'q>(survey: &Survey<'_>, query: &'q Query) -> Cow<'q, Query> {
    let asked = query.names();
    if asked.is_empty() {
        return Cow::Borrowed(query);
    }
    let found: Vec<Vec<String>> = survey.search(Parts::HEAD, |row, contact| {
        let aliases = &contact.head.aliases;
        let names = || std::iter::once(&*row.id).chain(aliases.iter().map(String::as_str));
        let is_meant = !aliases.is_empty() && names().any(|name| asked.contains(&*fold(name.trim())));
        is_meant.then(|| names().map(str::to_owned).collect())
    });
    if found.is_empty() {
        return Cow::Borrowed(query);
    }
    Cow::Owned(query.with_names(&|name| {
        let is_it = |names: &&Vec<String>| names.iter().any(|one| *fold(one.trim()) == *name);
        found.iter().filter(is_it).flatten().cloned().collect()
    }))
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
