//! What a user can do to a notebook, one function a deed (CLI contract, Verbs): each takes what is there and gives a
//! [`Deed`], which [`Notebook::save`](crate::notebook::Notebook::save) then does. Nothing here writes.

mod addresses;
mod alter;
mod caution;
mod draft;
mod edit;
mod follow;
mod import;
mod join;
mod log;
mod mail;
mod meetings;
mod mend;
mod mv;
mod name;
mod new;
mod next;
mod promise;
mod put;
mod refusal;
mod rm;
mod snooze;
mod stop;
mod strangers;
#[cfg(test)]
mod tests;
mod tidy;
mod undo;
mod value;

pub use addresses::Addresses;
pub use alter::Alteration;
pub use caution::{Caution, colleagues};
pub use draft::Draft;
pub use edit::{Edited, edited};
pub use import::{Importer, Manner, Taken};
pub use join::{join, not_same};
pub use log::{Log, log};
pub use mail::{Announced, Logged, Mail, Refused, Tally};
pub use meetings::{Account, Meetings, meetings};
pub use mend::{Mended, Mending, mend};
pub use mv::mv;
pub use new::{Alike, New, alike, new};
pub use next::{Plan, clear_next, next};
pub use promise::{Promised, kept, open_promises, promise, promised};
pub use put::{Put, in_line_ends_of, put};
pub use refusal::{Refusal, RefusalKind};
pub use rm::rm;
pub use snooze::{Until, snooze};
pub use stop::stop;
pub use strangers::{Stranger, Strangers};
pub use tidy::tidy;
pub use undo::{Which, undo};

use crate::contact::Contact;
use crate::date::{Date, Time};
use crate::english::Now;
use crate::notebook::Deed;
use crate::settings::Settings;

/// Who is at work, and when.
#[derive(Debug, Clone, Copy)]
pub struct Desk<'a> {
    /// The notebook's settings.
    pub settings: &'a Settings,
    /// The user's local date.
    pub today: Date,
    /// The user's time of day, where it is known.
    pub time: Option<Time>,
    /// The user's handle in the team.
    pub me: Option<&'a str>,
}

impl Desk<'_> {
    /// This moment, for reading dates.
    pub fn now(&self) -> Now<'_> {
        Now { today: self.today, time: self.time, calendar: &self.settings.calendar }
    }
}

/// A deed that can be done, and what is to be said of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// What is done.
    pub deed: Deed,
    /// One line that says it, in the user's words.
    pub said: String,
    /// What speaks against it, though not so much that it is refused.
    pub cautions: Vec<Caution>,
    /// The contact as it will be; none where it goes, or there are several.
    pub contact: Option<Contact>,
}

impl Planned {
    /// A deed on one contact.
    fn of(draft: Draft, verb: &str, subject: String, said: String) -> Planned {
        let contact = draft.contact().clone();
        let deed =
            Deed { verb: verb.to_owned(), subject, undoes: Vec::new(), changes: vec![draft.into_change()] };
        Planned { deed, said, cautions: Vec::new(), contact: Some(contact) }
    }
}
