//! Follow-ups as a calendar: the same text for `tickler export ics` and for the server's feed.

use chrono::{DateTime, Utc};

use super::{Lens, search};
use crate::brief::{Sources, brief};
use crate::date::Date;
use crate::exchange::{Reader, events, ics};
use crate::follow_up::{Obligation, assess};
use crate::notebook::{Parts, Survey};
use crate::query::Query;

/// How many months ahead a calendar looks.
const AHEAD: u32 = 12;
/// How many contacts a calendar holds on one day each at most; more than that no calendar shows, and few take in.
const MOST: usize = 5_000;

/// A calendar that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Feed<'a> {
    /// What the notebook is called.
    pub notebook: &'a str,
    /// Whose it is: what is theirs to do, or nobody's. None for everybody's.
    pub me: Option<&'a str>,
    /// The address of the notebook's pages, such as `https://example.com/main`.
    pub link: Option<&'a str>,
    /// When the notebook was last changed.
    pub stamp: DateTime<Utc>,
}

/// The follow-ups of the contacts that the query fits, from those that are overdue, each on its own day, to a year
/// ahead. Where they are too many, those count that are nearest to today, and what is to come before what has passed.
pub fn calendar(survey: &Survey<'_>, query: &Query, feed: &Feed<'_>) -> String {
    let (settings, today) = (survey.notebook().settings(), survey.today());
    let until = Some(today.plus_months(AHEAD));
    let lens = Lens { me: feed.me.map(str::to_owned), now: None, today, until, settings };
    let dates = |obligations: &[&Obligation]| -> Vec<Date> {
        let mut dates: Vec<Date> = obligations.iter().filter_map(|obligation| obligation.date).collect();
        dates.dedup();
        dates.retain(|date| lens.lists(*date));
        dates
    };
    let found = search(survey, query, Parts::RULES, |row, subject| {
        let dates = dates(&lens.obligations(subject.contact(), subject.assessment()));
        (!dates.is_empty()).then_some((row.index, dates))
    });
    let mut all: Vec<(Date, usize)> = found
        .into_iter()
        .flat_map(|(index, dates)| dates.into_iter().map(move |date| (date, index)))
        .collect();
    if all.len() > MOST {
        all.sort_unstable_by_key(|(date, index)| (*date < today, date.days_since(today).abs(), *index));
        all.truncate(MOST);
    }
    all.sort_unstable_by_key(|(date, index)| (*index, *date));
    let wanted: Vec<&[(Date, usize)]> = all.chunk_by(|a, b| a.1 == b.1).collect();

    let reader = Reader { me: feed.me, link: feed.link, settings };
    let of = |wanted: &&[(Date, usize)]| {
        let contact = survey.contact(wanted[0].1, Parts::ALL);
        let assessment = assess(&contact, settings, today);
        let brief = brief(Sources {
            contact: &contact,
            settings,
            today,
            now: feed.stamp,
            assessment: &assessment,
            neighbours: &[],
            reasons: &[],
        });
        let mut obligations = lens.obligations(&contact, &assessment);
        obligations.retain(|one| one.date.is_some_and(|date| wanted.iter().any(|(day, _)| *day == date)));
        events(&contact, &obligations, &brief, &reader)
    };
    let events = survey.each(&wanted, of).into_iter().flatten().collect();
    let whose = feed.me.map(|me| format!(" ({me})")).unwrap_or_default();
    let name = format!("tickler {}{whose}", feed.notebook);
    ics::text(&ics::Calendar { name, stamp: feed.stamp }, events)
}
