//! What the log says, read once (format, section 3): the last touch, the last that reached, how many went
//! unanswered.

use crate::contact::{Channel, Entry};
use crate::date::Date;

/// The facts that the rules ask the log for, as seen on one day. Entries dated later are left out.
#[derive(Debug, Default)]
pub(super) struct Facts<'a> {
    /// The entries dated today or before, oldest first.
    pub seen: &'a [Entry],
    /// The first touch ever.
    pub first_touch: Option<&'a Entry>,
    /// The last touch, as an index into the log.
    pub last_touch: Option<usize>,
    /// The last touch that reached, as an index into the log.
    pub last_reached: Option<usize>,
    /// The last out touch.
    pub last_out: Option<&'a Entry>,
    /// The last out touch, where none that reached follows it or is it.
    pub last_unanswered: Option<&'a Entry>,
    /// The last out touch or conversation: what settles a `next` of its day or before.
    pub last_settling: Option<&'a Entry>,
    /// An out touch follows the first touch.
    pub answered_first: bool,
    /// How many out touches follow the last that reached.
    pub unanswered: u32,
}

impl<'a> Facts<'a> {
    /// Reads a log that stands oldest first.
    pub fn read(log: &'a [Entry], today: Date) -> Facts<'a> {
        let mut facts = Facts::default();
        let mut end = 0;
        for (at, entry) in log.iter().enumerate() {
            if entry.date > today {
                break;
            }
            end = at + 1;
            if !entry.is_touch() {
                continue;
            }
            let out = !entry.is_in();
            if out {
                facts.last_out = Some(entry);
                facts.answered_first |= facts.first_touch.is_some();
            }
            if out || entry.is_conversation() {
                facts.last_settling = Some(entry);
            }
            if entry.is_reached() {
                facts.last_reached = Some(at);
                facts.unanswered = 0;
                facts.last_unanswered = None;
            } else {
                facts.unanswered += 1;
                facts.last_unanswered = Some(entry);
            }
            facts.first_touch = facts.first_touch.or(Some(entry));
            facts.last_touch = Some(at);
        }
        facts.seen = &log[..end];
        facts
    }

    /// The last touch itself.
    pub fn last(&self) -> Option<&'a Entry> {
        self.last_touch.map(|at| &self.seen[at])
    }

    /// The last touch that reached, itself.
    pub fn reached(&self) -> Option<&'a Entry> {
        self.last_reached.map(|at| &self.seen[at])
    }

    /// How many steps of a cadence that began on `start` are done, and the last of them (format, section 5,
    /// rule 2).
    pub fn steps_since(&self, start: Date) -> (usize, Option<&'a Entry>) {
        let mut done = self.seen.iter().rev().take_while(|e| e.date >= start).filter(|e| is_step(e, start));
        match done.next() {
            Some(last) => (1 + done.count(), Some(last)),
            None => (0, None),
        }
    }
}

/// An out touch or a skip is a step; a meeting of the first day is what began the cadence.
fn is_step(entry: &Entry, start: Date) -> bool {
    let began_it = entry.date == start
        && matches!(entry.channel, Channel::Event | Channel::Meeting | Channel::Visit | Channel::Video);
    (entry.is_out_touch() || entry.channel == Channel::Skip) && !began_it
}
