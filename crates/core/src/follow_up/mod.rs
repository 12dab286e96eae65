//! Who is to be followed up with, when, by what and why (format, section 5): pure functions of a contact, the
//! settings and a day.
//!
//! [`assess`] is the whole of it: `facts` reads the log once, `obligations` collects what exists, `rules` drops
//! and moves. [`explain`] runs the same code with a recorder. [`outlook`] is what a cache keeps of an assessment,
//! and [`Urgency`] the order of the due list.

mod case;
mod explain;
mod facts;
mod obligations;
mod occasion;
mod order;
mod outlook;
mod rules;
#[cfg(test)]
pub(crate) mod samples;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contact::{Channel, Contact};
use crate::date::{Date, Time};
use crate::period::Period;
use crate::settings::{Settings, StageGroup};

use case::Case;
use explain::{Silent, Trail};

pub use explain::{Explained, Explanation, Outcome, explain};
pub use order::Urgency;
pub use outlook::{Outlook, outlook};

/// What is to be done for `contact`, as seen on `today` (format, sections 3 to 5).
///
/// The log must stand oldest first, as the reader gives it.
pub fn assess(contact: &Contact, settings: &Settings, today: Date) -> Assessment {
    judge(contact, settings, today, &mut Silent)
}

/// [`assess`], telling `trail` what it does.
fn judge<T: Trail>(contact: &Contact, settings: &Settings, today: Date, trail: &mut T) -> Assessment {
    let case = Case::open(contact, settings, today);
    let mut obligations = Vec::new();
    let mut undated = Vec::new();
    if case.group == StageGroup::Stopped {
        trail.note(|| format!("stopped: stage \"{}\" is never due, not even by a promise", case.stage));
    } else {
        let mut drafts = Vec::with_capacity(4);
        obligations::collect(&case, &mut drafts, &mut undated, trail);
        rules::apply(&case, &mut drafts, trail);
        // A stable sort: two promises of one day stay in the order of the file.
        drafts.sort_by_key(|draft| (draft.date, draft.rank()));
        obligations.reserve_exact(drafts.len());
        for draft in &drafts {
            let outcome = if obligations.is_empty() { Outcome::FollowUp } else { Outcome::Also };
            trail.settled(draft.number, outcome, Some(draft.date));
            obligations.push(draft.finish(&case));
        }
    }
    let crack = case.group == StageGroup::Open && obligations.is_empty();
    case.conclude(obligations.is_empty(), trail);
    Assessment {
        group: case.group,
        obligations,
        undated,
        last_touch: case.facts.last_touch,
        last_reached: case.facts.last_reached,
        unanswered: case.facts.unanswered,
        rhythm: case.rhythm.cloned(),
        crack,
    }
}

/// What made an obligation. The order is the one that settles a tie of dates (format, section 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An open promise by me or a team member.
    Promise,
    /// They wrote, and nobody answered.
    Reply,
    /// The planned next step.
    Next,
    /// They came to us for the first time.
    First,
    /// An open promise of theirs.
    Waiting,
    /// The next step of a cadence.
    Cadence,
    /// The usual interval has passed.
    Rhythm,
    /// A birthday, a renewal.
    Occasion,
}

impl Kind {
    /// The name that the format gives it.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Promise => "promise",
            Kind::Reply => "reply",
            Kind::Next => "next",
            Kind::First => "first",
            Kind::Waiting => "waiting",
            Kind::Cadence => "cadence",
            Kind::Rhythm => "rhythm",
            Kind::Occasion => "occasion",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One thing to do for a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct Obligation {
    /// What made it.
    pub kind: Kind,
    /// The day to act; none for a promise that nothing dates.
    pub date: Option<Date>,
    /// The time of that day, for a `next` that names one and was not moved.
    pub time: Option<Time>,
    /// By what.
    pub via: Option<Channel>,
    /// Why, in the notebook's words (Markdown as written).
    pub why: Option<String>,
    /// The handle of whose it is today; none is everybody's.
    pub assignee: Option<String>,
    /// A `next` that they asked for.
    pub asked: bool,
    /// A `next` that I promised.
    pub promised: bool,
    /// The patience rule speaks (format, section 5, rule 4).
    pub patience: bool,
    /// Moved because they are away (format, section 5, rule 3).
    pub moved_away: bool,
}

/// All that the rules say about one contact on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct Assessment {
    /// The group of its stage.
    pub group: StageGroup,
    /// The dated obligations, the follow-up first, the others in the order of `also`. Empty where stopped.
    pub obligations: Vec<Obligation>,
    /// Open promises that nothing dates, ours and theirs; they never make a contact due.
    pub undated: Vec<Obligation>,
    /// The last touch, as an index into the contact's log.
    pub last_touch: Option<usize>,
    /// The last touch that reached them, as an index into the contact's log.
    pub last_reached: Option<usize>,
    /// How many out touches follow the last that reached.
    pub unanswered: u32,
    /// The contact's own rhythm (format, section 5, `rhythm`), whether or not it is what is due.
    pub rhythm: Option<Period>,
    /// Of an open stage, with no obligation: nobody will ever be reminded of it.
    pub crack: bool,
}

impl Assessment {
    /// The obligation to act on first.
    pub fn follow_up(&self) -> Option<&Obligation> {
        self.obligations.first()
    }
}
