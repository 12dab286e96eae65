//! Who is to be followed up with, when, by what and why (format, section 5): pure functions of a contact, the
//! settings and a day.

use serde::{Deserialize, Serialize};

use crate::contact::Channel;
use crate::date::{Date, Time};
use crate::period::Period;
use crate::settings::StageGroup;

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
