//! What speaks against a touch, though it may be right all the same: an absence, the patience rule, a colleague who
//! was in touch with the same company.

use std::fmt;

use super::Desk;
use crate::contact::{Contact, Entry};
use crate::date::Date;
use crate::english;
use crate::fold::fold;
use crate::follow_up::assess;
use crate::notebook::{Parts, Survey};
use crate::ties::company;

/// One thing that speaks against what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Caution {
    /// They asked us to stop, and the touch is logged by force.
    Stopped,
    /// They are away.
    Away {
        /// The last day of it, where that is known.
        until: Option<Date>,
        /// Why.
        why: Option<String>,
    },
    /// So many touches in a row went unanswered (format, section 5, rule 4).
    Patience {
        /// How many before this one.
        unanswered: u32,
        /// The first day to try again.
        wait_until: Date,
    },
    /// A colleague was in touch with somebody of the same company.
    Colleague {
        /// Their handle.
        who: String,
        /// Whom they were in touch with.
        name: String,
        /// The company.
        company: String,
        /// When.
        date: Date,
    },
    /// An entry that says the same stands in the log already.
    Twice,
    /// The day is no working day of the notebook's calendar.
    DayOff(Date),
    /// Anything else, in words.
    Other(String),
}

impl fmt::Display for Caution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Caution::Stopped => f.write_str("they asked us to stop"),
            Caution::Away { until, why } => {
                f.write_str("they are away")?;
                if let Some(until) = until {
                    write!(f, " until {}", day(*until))?;
                }
                why.as_ref().map_or(Ok(()), |why| write!(f, " ({why})"))
            }
            Caution::Patience { unanswered, wait_until } => write!(
                f,
                "{unanswered} touches before this one went unanswered; the patience rule would wait until {}",
                day(*wait_until)
            ),
            Caution::Colleague { who, name, company, date } => {
                write!(f, "@{who} was in touch with {name} of {company} on {}", day(*date))
            }
            Caution::Twice => f.write_str("the log has an entry that says the same already"),
            Caution::DayOff(date) => write!(f, "{} is no working day", day(*date)),
            Caution::Other(text) => f.write_str(text),
        }
    }
}

fn day(date: Date) -> String {
    english::shown(&crate::date::When { date, time: None })
}

/// What speaks against an out touch on that day, from the contact's own file. The touch is not in it yet.
pub(super) fn own(contact: &Contact, date: Date, desk: &Desk<'_>) -> Vec<Caution> {
    let mut cautions = Vec::new();
    if let Some(away) = &contact.head.away
        && away.until.is_some_and(|until| date <= until)
        && away.from.is_none_or(|from| from <= date)
    {
        cautions.push(Caution::Away { until: away.until, why: away.why.clone() });
    }
    let settings = desk.settings;
    let before = assess(contact, settings, date);
    let last_out = contact.log.iter().rev().find(|entry| entry.is_out_touch() && entry.date <= date);
    if before.unanswered >= settings.patience_unanswered
        && let Some(last) = last_out
    {
        let wait_until = settings.patience_wait.after(last.date, &settings.calendar);
        if date < wait_until {
            cautions.push(Caution::Patience { unanswered: before.unanswered, wait_until });
        }
    }
    cautions
}

/// The last touch that a colleague had with each other contact of the same company, within the time that one waits
/// for an answer (`waiting.within`) before `date`.
///
/// `whose` is whoever the touch is by, where that is not the one at work.
pub fn colleagues(
    survey: &Survey<'_>,
    contact: &Contact,
    date: Date,
    whose: Option<&str>,
    desk: &Desk<'_>,
) -> Vec<Caution> {
    let (Some(company_name), Some(me)) = (company(contact), whose.or(desk.me)) else { return Vec::new() };
    if desk.settings.team.len() < 2 {
        return Vec::new();
    }
    let since = desk.settings.waiting_within.before(date);
    let wanted = fold(company_name.trim()).into_owned();
    let mut found = Vec::new();
    for index in survey.of_company(company_name) {
        let other = survey.contact(index, Parts { log: true, ..Parts::HEAD });
        let same = company(&other).is_some_and(|company| *fold(company.trim()) == wanted);
        if !same || other.id == contact.id {
            continue;
        }
        let theirs = |entry: &&Entry| {
            let who = entry.who.as_deref().or(other.head.owner.as_deref());
            entry.is_out_touch()
                && (since..=date).contains(&entry.date)
                && who.is_some_and(|who| who != me && desk.settings.member(who).is_some())
        };
        if let Some(entry) = other.log.iter().rev().find(theirs) {
            found.push(Caution::Colleague {
                who: entry.who.clone().or(other.head.owner.clone()).unwrap_or_default(),
                name: other.name.clone(),
                company: company_name.to_owned(),
                date: entry.date,
            });
        }
    }
    found
}
