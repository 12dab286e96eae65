//! `import ics`: meetings of a calendar become touches of those whom the notebook knows. All of it is one deed.

mod matching;

use std::collections::{BTreeMap, BTreeSet};

use super::{Addresses, Caution, Desk, Draft, Planned, Refusal, Stranger, Strangers};
use crate::contact::{Contact, Words};
use crate::exchange::as_markdown;
use crate::exchange::meetings::{Attendee, Meeting};
use crate::file::edit::{self, NewEntry};
use crate::identity;
use crate::notebook::{Deed, Parts, Survey};
use matching::unlogged;

/// What is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Meetings<'a> {
    /// The calendar's name, for the words of the deed.
    pub file: &'a str,
    /// The meetings.
    pub meetings: &'a [Meeting],
    /// Email addresses of the user, besides those of the team.
    pub mine: &'a [String],
}

/// What comes of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// The deed; where every touch is in the logs already, it changes nothing.
    pub planned: Planned,
    /// How many touches are new.
    pub logged: usize,
    /// How many contacts have one.
    pub contacts: usize,
    /// How many stand in the logs already.
    pub known: usize,
    /// How many meetings the user declined.
    pub declined: usize,
    /// Who was there and is in the notebook under no address.
    pub strangers: Vec<Stranger>,
}

/// Logs each meeting with everybody who was there, but for what the logs say already.
pub fn meetings(survey: &Survey<'_>, asked: &Meetings<'_>, desk: &Desk<'_>) -> Account {
    let addresses = Addresses::of(survey, desk.me, asked.mine);
    let mut gathered = Gathered::default();
    for meeting in asked.meetings {
        gathered.take(meeting, survey, &addresses, desk);
    }
    let mut logged = Logged::default();
    let mut cautions = gathered.cautions();
    for (index, met) in &gathered.met {
        if let Err(refusal) = logged.add(survey, *index, met, desk) {
            cautions.push(Caution::Other(refusal.message));
        }
    }
    let Logged { drafts, touches, known } = logged;
    let contacts = drafts.len();
    let deed = Deed {
        verb: "import ics".to_owned(),
        subject: format!("import {}: {}", asked.file, with(touches, contacts)),
        undoes: Vec::new(),
        changes: drafts.into_iter().map(Draft::into_change).collect(),
    };
    let said = match (touches, known) {
        (0, 0) => "no past meeting with anybody in the notebook".to_owned(),
        (0, known) => format!("{} in the logs already", is_are(known, "touch is", "touches are")),
        (_, 0) => format!("logged {}", with(touches, contacts)),
        (_, known) => format!(
            "logged {}; {} there already",
            with(touches, contacts),
            is_are(known, "touch was", "touches were")
        ),
    };
    Account {
        planned: Planned { deed, said, cautions, contact: None },
        logged: touches,
        contacts,
        known,
        declined: gathered.declined,
        strangers: gathered.strangers.most_first(),
    }
}

fn with(touches: usize, contacts: usize) -> String {
    format!("{} with {}", is_are(touches, "touch", "touches"), is_are(contacts, "contact", "contacts"))
}

fn is_are(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A meeting with a contact.
#[derive(Debug, Clone, Copy)]
struct Met<'m> {
    meeting: &'m Meeting,
    /// Who of the team was there, where that is another than the user.
    who: Option<&'m str>,
}

/// Who met whom.
#[derive(Default)]
struct Gathered<'m> {
    met: BTreeMap<usize, Vec<Met<'m>>>,
    strangers: Strangers,
    declined: usize,
    /// Addresses that several contacts have, none of which is named as the attendee is.
    shared: BTreeSet<&'m str>,
}

impl<'m> Gathered<'m> {
    fn take(&mut self, meeting: &'m Meeting, survey: &Survey<'_>, addresses: &'m Addresses, desk: &Desk<'_>) {
        // Where the notebook's clocks are ahead of the user's, a day may not have come for them.
        if meeting.date > desk.today {
            return;
        }
        let ours: Vec<(&str, bool)> = meeting
            .people
            .iter()
            .filter_map(|one| Some((addresses.member(&one.address)?, one.declined)))
            .collect();
        let is_me = |handle: &str| handle.is_empty() || Some(handle) == desk.me;
        let mine: Vec<bool> = ours.iter().filter(|(handle, _)| is_me(handle)).map(|(_, no)| *no).collect();
        let declined = if mine.is_empty() { ours.iter().map(|(_, no)| *no).collect() } else { mine.clone() };
        if !declined.is_empty() && declined.iter().all(|no| *no) {
            self.declined += 1;
            return;
        }
        let colleague = ours.iter().find(|(_, no)| !no).map(|(handle, _)| *handle);
        let who = if mine.is_empty() { colleague } else { None };
        let mut known = BTreeSet::new();
        for one in meeting.people.iter().filter(|one| !one.declined) {
            if addresses.member(&one.address).is_some() {
                continue;
            }
            match addresses.contacts(&one.address) {
                [] if one.is_person => self.strangers.meet(&one.name, &one.address),
                [] => {}
                [only] => drop(known.insert(*only)),
                several => match named(survey, several, one) {
                    Some(index) => drop(known.insert(index)),
                    None => drop(self.shared.insert(&one.address)),
                },
            }
        }
        for index in known {
            self.met.entry(index).or_default().push(Met { meeting, who });
        }
    }

    fn cautions(&self) -> Vec<Caution> {
        let shared = self.shared.iter();
        shared
            .map(|address| {
                Caution::Other(format!("several contacts have {address}, so nothing is logged by it"))
            })
            .collect()
    }
}

/// The one of the contacts who is called as the attendee is, or shares a word of the name; none where that is none or
/// several.
fn named(survey: &Survey<'_>, several: &[usize], attendee: &Attendee) -> Option<usize> {
    let wanted = identity::name(&attendee.name);
    let names: Vec<(usize, String)> = several
        .iter()
        .map(|index| (*index, identity::name(&survey.contact(*index, Parts::HEAD).name)))
        .collect();
    let only = |fits: &dyn Fn(&str) -> bool| {
        let mut fitting = names.iter().filter(|(_, name)| fits(name));
        let first = fitting.next()?;
        fitting.next().is_none().then_some(first.0)
    };
    let shares = |name: &str| name.split(' ').any(|word| wanted.split(' ').any(|other| word == other));
    only(&|name| name == wanted).or_else(|| only(&shares))
}

/// The contacts with what is new in their logs.
#[derive(Default)]
struct Logged {
    drafts: Vec<Draft>,
    touches: usize,
    known: usize,
}

impl Logged {
    fn add(
        &mut self,
        survey: &Survey<'_>,
        index: usize,
        met: &[Met<'_>],
        desk: &Desk<'_>,
    ) -> Result<(), Refusal> {
        let mut draft = Draft::read(survey, index)?;
        let (new, known) = unlogged(draft.contact(), met);
        let entries: Vec<NewEntry> = new.iter().map(|met| entry(draft.contact(), met, desk)).collect();
        draft.edit(desk.settings, |text| edit::add_entries(text, &entries, desk.settings))?;
        self.known += known;
        self.touches += new.len();
        if draft.is_changed() {
            self.drafts.push(draft);
        }
        Ok(())
    }
}

fn entry(contact: &Contact, met: &Met<'_>, desk: &Desk<'_>) -> NewEntry {
    let is_known = |handle: &&str| desk.settings.member(handle).is_some();
    let who = met.who.or(desk.me).filter(is_known).filter(|_| desk.settings.team.len() > 1);
    NewEntry {
        date: met.meeting.date,
        time: met.meeting.time,
        channel: met.meeting.channel.clone(),
        words: Words::default(),
        who: who.filter(|who| contact.head.owner.as_deref() != Some(*who)).map(str::to_owned),
        text: as_markdown(&met.meeting.summary),
        promises: Vec::new(),
    }
}

#[cfg(test)]
mod tests;
