//! The due list: who is to be followed up with, most urgent first (CLI contract, `due`).

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::search;
use crate::contact::Contact;
use crate::date::Date;
use crate::follow_up::{Assessment, Obligation, Outlook, Urgency, assess};
use crate::hours::{self, Hours};
use crate::notebook::{Parts, Survey};
use crate::query::Query;
use crate::settings::Settings;
use crate::wire::DueRow;

/// Through what the list is looked at: whose, when, until when.
pub struct Lens<'a> {
    /// Only what is theirs to do, or nobody's.
    pub me: Option<String>,
    /// Only whose hours are open then.
    pub now: Option<DateTime<Utc>>,
    /// The day.
    pub today: Date,
    /// The last day that is listed; none lists all.
    pub until: Option<Date>,
    /// The notebook's.
    pub settings: &'a Settings,
}

impl Lens<'_> {
    /// The obligations of a contact that are seen, the first of them being what it is listed for. None where the
    /// contact is not to be seen.
    pub fn obligations<'a>(&self, contact: &Contact, assessment: &'a Assessment) -> Vec<&'a Obligation> {
        let is_mine = |obligation: &&Obligation| match (&self.me, &obligation.assignee) {
            (Some(me), Some(assignee)) => me == assignee,
            _ => true,
        };
        let seen: Vec<&Obligation> = assessment.obligations.iter().filter(is_mine).collect();
        if seen.is_empty() || self.now.is_some_and(|now| !self.is_open(contact, now)) {
            Vec::new()
        } else {
            seen
        }
    }

    /// Whether the contact is a crack, and one to tell of.
    fn sees_crack(&self, contact: &Contact, assessment: &Assessment) -> bool {
        let is_mine = match (&self.me, &contact.head.owner) {
            (Some(me), Some(owner)) => me == owner,
            _ => true,
        };
        assessment.crack && is_mine
    }

    /// Whether the day is listed.
    pub fn lists(&self, date: Date) -> bool {
        self.until.is_none_or(|until| date <= until)
    }

    /// Whether it sees less than the whole list.
    pub fn is_partial(&self) -> bool {
        self.me.is_some() || self.now.is_some()
    }

    /// Whether the contact likes to hear from us at that moment (format, section 6).
    fn is_open(&self, contact: &Contact, at: DateTime<Utc>) -> bool {
        let zone = |name: &str| name.parse::<Tz>().ok();
        let tz = contact.head.timezone.as_deref().and_then(zone).or_else(|| zone(&self.settings.timezone));
        // Hours that cannot be read are a problem of the file, and `check` tells of it.
        let hours: Option<Hours> = contact.head.prefers.hours.as_deref().and_then(|hours| hours.parse().ok());
        hours::is_open(hours.as_ref(), tz.unwrap_or(Tz::UTC), at, &self.settings.calendar)
    }
}

/// A contact that has something to be done, with its place in the list.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// Its number in the survey.
    pub index: usize,
    /// What places it.
    pub urgency: Urgency,
}

/// Everything that is due on any day, in no order, and how many cracks there are among what the query fits.
pub fn candidates(survey: &Survey<'_>, query: &Query, lens: &Lens<'_>) -> (Vec<Candidate>, usize) {
    if query.is_empty() && !lens.is_partial() {
        // The survey knows this much of everyone without opening a contact.
        let candidate =
            |index, outlook: &Outlook| outlook.urgency().map(|urgency| Candidate { index, urgency });
        let cracks = survey.outlooks(|_, outlook| outlook.crack.then_some(())).len();
        return (survey.outlooks(candidate), cracks);
    }
    let found = search(survey, query, Parts::RULES, |row, subject| {
        let (contact, assessment) = (subject.contact(), subject.assessment());
        match urgency(contact, assessment, &lens.obligations(contact, assessment)) {
            Some(urgency) => Some(Some(Candidate { index: row.index, urgency })),
            None => lens.sees_crack(contact, assessment).then_some(None),
        }
    });
    let cracks = found.iter().filter(|candidate| candidate.is_none()).count();
    (found.into_iter().flatten().collect(), cracks)
}

/// What places a contact in the list that is listed for the first of `obligations`.
fn urgency(contact: &Contact, assessment: &Assessment, obligations: &[&Obligation]) -> Option<Urgency> {
    let date = obligations.first()?.date?;
    Urgency::of(&contact.head, assessment).map(|urgency| Urgency { date, ..urgency })
}

/// Puts the most urgent first, what is equally urgent by id (format, section 5).
pub fn sort(candidates: &mut [Candidate], survey: &Survey<'_>, today: Date) {
    candidates.sort_unstable_by(|a, b| order(a, b, survey, today));
}

/// Overdue for longer than this, a follow-up is of the backlog, in days; the shorter ones hold where more than
/// [`MANY`] would still be shown.
const OLD: [i64; 5] = [30, 14, 7, 3, 1];
/// As many overdue follow-ups as one can look through.
const MANY: usize = 40;
/// A backlog of no more than this is shown.
const FEW: usize = 5;

/// The day before which what is due is of the backlog, and is not shown one by one; none where all of it is shown.
pub fn backlog_before(due: &[Date], today: Date) -> Option<Date> {
    let older_than = |day: Date| due.iter().filter(|date| **date < day).count();
    let overdue = older_than(today);
    let days = OLD.map(|days| today.plus_days(-days));
    let found = days.into_iter().find(|day| overdue - older_than(*day) <= MANY);
    let before = found.unwrap_or(days[OLD.len() - 1]);
    (older_than(before) > FEW).then_some(before)
}

/// Whether `a` stands before `b` in the list.
pub fn order(a: &Candidate, b: &Candidate, survey: &Survey<'_>, today: Date) -> Ordering {
    a.urgency.cmp(&b.urgency, today).then_with(|| survey.id(a.index).cmp(&survey.id(b.index)))
}

/// The rows of the list in full, and the number of cracks.
pub fn due_rows(
    survey: &Survey<'_>,
    query: &Query,
    lens: &Lens<'_>,
    limit: Option<usize>,
) -> (Vec<DueRow>, usize) {
    let found = search(survey, query, Parts::ALL, |_, subject| {
        let (contact, assessment) = (subject.contact(), subject.assessment());
        let obligations = lens.obligations(contact, assessment);
        match urgency(contact, assessment, &obligations) {
            Some(urgency) if lens.lists(urgency.date) => {
                let row = DueRow::new(contact, assessment, &obligations, lens.settings, lens.today)?;
                Some(Some((urgency, row)))
            }
            Some(_) => None,
            None => lens.sees_crack(contact, assessment).then_some(None),
        }
    });
    let cracks = found.iter().filter(|row| row.is_none()).count();
    let mut rows: Vec<(Urgency, DueRow)> = found.into_iter().flatten().collect();
    rows.sort_unstable_by(|(a, a_row), (b, b_row)| {
        a.cmp(b, lens.today).then_with(|| a_row.id.cmp(&b_row.id))
    });
    rows.truncate(limit.unwrap_or(usize::MAX));
    (rows.into_iter().map(|(_, row)| row).collect(), cracks)
}

/// The contact of that number, what the rules say of it, and its row in the list.
pub fn load(survey: &Survey<'_>, lens: &Lens<'_>, index: usize) -> Option<(Contact, Assessment, DueRow)> {
    let contact = survey.contact(index, Parts::ALL);
    let assessment = assess(&contact, lens.settings, lens.today);
    let row = DueRow::new(
        &contact,
        &assessment,
        &lens.obligations(&contact, &assessment),
        lens.settings,
        lens.today,
    )?;
    Some((contact, assessment, row))
}
