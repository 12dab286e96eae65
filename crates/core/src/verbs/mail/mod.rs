//! `import mail`: messages become touches of the log of those contacts who wrote them, or to whom we did. All of it is
//! one deed, and the log is all that is remembered: a message that stands in it does not come in twice.

mod entry;
mod of_contact;
mod tally;
#[cfg(test)]
mod tests;

pub use tally::{Announced, Logged, Tally};

use std::collections::{BTreeMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem::discriminant;

use chrono_tz::Tz;

use super::{Addresses, Caution, Desk, Draft, Planned, Strangers};
use crate::contact::ContactKind;
use crate::date::{Date, Time};
use crate::exchange::mail::{Correspondent, Kind, Letter};
use crate::hours;
use crate::identity;
use crate::notebook::{Deed, Parts, Survey};
use of_contact::{Came, Outcome};

/// A message as one contact's log will have it.
#[derive(Debug, Clone, PartialEq)]
struct Post {
    /// Which message of the import it is.
    number: usize,
    date: Date,
    time: Time,
    is_out: bool,
    id: String,
    follows: Vec<String>,
    subject: String,
    who: Option<String>,
    what: What,
}

/// What happened by a message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum What {
    Touch,
    /// It was sent, and did not arrive.
    Bounce,
    /// A program answered; it speaks of these days.
    Automatic(Vec<Date>),
}

/// Why a message is not taken that somebody should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// Nobody knows when it was written.
    Undated,
    /// It says that it was written on a day to come.
    ToCome,
}

impl Refused {
    /// In lower case, without a full stop.
    pub fn why(self) -> &'static str {
        match self {
            Refused::Undated => "it has no date",
            Refused::ToCome => "its date has not come yet",
        }
    }
}

/// Takes messages in, one after the other, in any order.
pub struct Mail<'s, 'n> {
    survey: &'s Survey<'n>,
    desk: &'s Desk<'s>,
    addresses: &'s Addresses,
    since: Option<Date>,
    zone: Tz,
    /// The messages of each contact, by its number in the survey.
    posts: BTreeMap<usize, Vec<Post>>,
    /// Messages that came already: the same one may lie in several folders.
    seen: HashSet<u64>,
    strangers: Strangers,
    /// Addresses that several contacts have.
    shared: BTreeMap<String, Vec<usize>>,
    tally: Tally,
}

impl<'s, 'n> Mail<'s, 'n> {
    /// Begins; what was written before `since` is left out.
    pub fn new(
        survey: &'s Survey<'n>,
        desk: &'s Desk<'s>,
        addresses: &'s Addresses,
        since: Option<Date>,
    ) -> Mail<'s, 'n> {
        Mail {
            survey,
            desk,
            addresses,
            since,
            zone: desk.settings.timezone.parse().unwrap_or(Tz::UTC),
            posts: BTreeMap::new(),
            seen: HashSet::new(),
            strangers: Strangers::default(),
            shared: BTreeMap::new(),
            tally: Tally::default(),
        }
    }

    /// Takes one message in.
    ///
    /// # Errors
    /// Where it is to or from a contact, but nobody knows on which day.
    pub fn take(&mut self, letter: Letter) -> Result<(), Refused> {
        self.tally.read += 1;
        let mut hash = DefaultHasher::new();
        let from = letter.from.first().map(|from| &from.address);
        let to: Vec<&String> = letter.to.iter().map(|to| &to.address).collect();
        (&letter.id, discriminant(&letter.kind), from, to).hash(&mut hash);
        if !self.seen.insert(hash.finish()) {
            self.tally.again += 1;
            return Ok(());
        }
        match letter.kind {
            Kind::Discarded => self.tally.discarded += 1,
            Kind::Bulk => self.tally.bulk += 1,
            Kind::Receipt => self.tally.receipts += 1,
            Kind::Personal => return self.personal(&letter),
            Kind::Automatic { ref speaks_of } => return self.automatic(&letter, speaks_of.clone()),
            Kind::Bounce { ref failed, ref original } => {
                return self.bounce(&letter, failed, original.as_deref());
            }
        }
        Ok(())
    }

    fn personal(&mut self, letter: &Letter) -> Result<(), Refused> {
        if let Some(sent) = &letter.resent
            && let Some(who) = self.one_of_us(&sent.from)
            && sent.to.iter().any(|one| self.is_contact(&one.address))
        {
            let again = Letter { at: sent.at.or(letter.at), ..letter.clone() };
            return self.sent(&again, &sent.to, who);
        }
        for from in [&letter.from, &letter.aside] {
            if let Some(who) = self.one_of_us(from) {
                return self.sent(letter, &letter.to, who);
            }
            if from.iter().any(|one| self.is_contact(&one.address)) {
                let who = self.one_of_us(&letter.to).filter(|who| !who.is_empty());
                let theirs: HashSet<usize> = from.iter().filter_map(|one| self.contact_of(one)).collect();
                return self.put(letter, theirs, false, who, What::Touch);
            }
        }
        self.tally.unknown += 1;
        if self.is_in_time(letter) {
            letter.from.iter().take(1).for_each(|from| self.meet(from));
        }
        Ok(())
    }

    /// A message that one of us wrote.
    fn sent(&mut self, letter: &Letter, to: &[Correspondent], who: String) -> Result<(), Refused> {
        let theirs: HashSet<usize> = to.iter().filter_map(|one| self.contact_of(one)).collect();
        if self.is_in_time(letter) {
            let strangers = to.iter().filter(|one| !self.is_contact(&one.address));
            strangers.cloned().collect::<Vec<_>>().iter().for_each(|one| self.meet(one));
        }
        if theirs.is_empty() {
            self.tally.unknown += 1;
            return Ok(());
        }
        self.put(letter, theirs, true, Some(who).filter(|who| !who.is_empty()), What::Touch)
    }

    fn automatic(&mut self, letter: &Letter, speaks_of: Vec<Date>) -> Result<(), Refused> {
        let theirs: HashSet<usize> = match self.one_of_us(&letter.from) {
            Some(_) => HashSet::new(),
            None => letter.from.iter().filter_map(|one| self.contact_of(one)).collect(),
        };
        if theirs.is_empty() {
            self.tally.automatic_unknown += 1;
            return Ok(());
        }
        self.put(letter, theirs, false, None, What::Automatic(speaks_of))
    }

    fn bounce(
        &mut self,
        report: &Letter,
        failed: &[String],
        original: Option<&Letter>,
    ) -> Result<(), Refused> {
        let who = original.and_then(|original| self.one_of_us(&original.from));
        // Whoever sends in our name lets others' reports come to us.
        let is_ours = who.is_some() || original.is_none_or(|original| original.from.is_empty());
        let theirs: HashSet<usize> = failed
            .iter()
            .filter(|_| is_ours)
            .filter_map(|address| {
                let named = original.and_then(|letter| letter.to.iter().find(|one| one.address == *address));
                let plain = Correspondent { name: String::new(), address: address.clone() };
                self.contact_of(named.unwrap_or(&plain))
            })
            .collect();
        if theirs.is_empty() {
            self.tally.bounced_unknown += 1;
            return Ok(());
        }
        let letter = match original {
            Some(original) => Letter { at: original.at.or(report.at), ..original.clone() },
            None => Letter { follows: Vec::new(), ..report.clone() },
        };
        self.put(&letter, theirs, true, who.filter(|who| !who.is_empty()), What::Bounce)
    }

    /// Keeps a message for these contacts' logs.
    fn put(
        &mut self,
        letter: &Letter,
        theirs: HashSet<usize>,
        is_out: bool,
        who: Option<String>,
        what: What,
    ) -> Result<(), Refused> {
        let at = letter.at.ok_or(Refused::Undated)?;
        let (date, time) = hours::local(self.zone, at.to_utc());
        if self.since.is_some_and(|since| date < since) {
            self.tally.earlier += 1;
            return Ok(());
        }
        // It may be tomorrow already where they are, or where the notebook is.
        if date > self.desk.today.plus_days(1) {
            return Err(Refused::ToCome);
        }
        self.tally.taken += 1;
        let post = Post {
            number: self.tally.taken,
            date,
            time,
            is_out,
            id: letter.id.clone(),
            follows: letter.follows.clone(),
            subject: letter.subject.clone(),
            who,
            what,
        };
        for index in theirs {
            self.posts.entry(index).or_default().push(post.clone());
        }
        Ok(())
    }

    fn is_in_time(&self, letter: &Letter) -> bool {
        let day = letter.at.map(|at| hours::local(self.zone, at.to_utc()).0);
        self.since.is_none_or(|since| day.is_some_and(|day| day >= since))
    }

    /// The handle of the first of these who is one of us; empty for a user who is in no team.
    fn one_of_us(&self, all: &[Correspondent]) -> Option<String> {
        all.iter().find_map(|one| self.addresses.member(&one.address)).map(str::to_owned)
    }

    fn is_contact(&self, address: &str) -> bool {
        self.addresses.member(address).is_none() && !self.addresses.contacts(address).is_empty()
    }

    /// Whose address it is: of several contacts, the one whose name agrees, else the first by id.
    fn contact_of(&mut self, one: &Correspondent) -> Option<usize> {
        if self.addresses.member(&one.address).is_some() {
            return None;
        }
        match self.addresses.contacts(&one.address) {
            [] => None,
            [index] => Some(*index),
            several => {
                let mut several = several.to_vec();
                several.sort_by_key(|index| self.survey.id(*index).into_owned());
                let wanted = identity::name(&one.name);
                let name = |index: usize| identity::name(&self.survey.contact(index, Parts::HEAD).name);
                let agrees = |index: &usize| !wanted.is_empty() && name(*index) == wanted;
                if let Some(index) = several.clone().iter().find(|index| agrees(index)) {
                    return Some(*index);
                }
                self.shared.insert(one.address.to_lowercase(), several.clone());
                several.first().copied()
            }
        }
    }

    /// Somebody whom the notebook does not know.
    fn meet(&mut self, one: &Correspondent) {
        if self.addresses.member(&one.address).is_some() || tally::is_nobody(&one.address, self.addresses) {
            return;
        }
        self.strangers.meet(&one.name, &one.address);
    }

    /// All of it as one deed, and what it came to.
    pub fn finish(mut self) -> (Planned, Tally) {
        let mut cautions = Vec::new();
        for (address, owners) in &self.shared {
            let ids: Vec<_> = owners.iter().map(|index| self.survey.id(*index).into_owned()).collect();
            let first = ids.first().cloned().unwrap_or_default();
            let ids = ids.join(", ");
            cautions.push(Caution::Other(format!(
                "{address} is the address of {ids}; where no name told whose messages they are, they went to {first}"
            )));
        }
        let mut changes = Vec::new();
        let mut logged = HashSet::new();
        for (index, posts) in std::mem::take(&mut self.posts) {
            let id = self.survey.id(index).into_owned();
            let taken = Draft::read(self.survey, index)
                .and_then(|draft| of_contact::log(draft, posts.clone(), self.desk));
            match taken {
                Ok(Outcome { draft, came, cautions: own }) => {
                    cautions.extend(own);
                    self.count(&draft, &came, &posts, &mut logged);
                    if draft.is_changed() {
                        changes.push(draft.into_change());
                    }
                }
                Err(refusal) => {
                    self.tally.refused += posts.len();
                    let message = format!("no message of {id} was taken: {}", refusal.message);
                    cautions.push(Caution::Other(message));
                }
            }
        }
        self.tally.logged = logged.len();
        self.tally.strangers = std::mem::take(&mut self.strangers).most_first();
        let (messages, people) = (self.tally.logged, self.tally.contacts.len());
        let plural = |n: usize, one: &str| if n == 1 { format!("1 {one}") } else { format!("{n} {one}s") };
        let what = format!("{} with {}", plural(messages, "message"), plural(people, "contact"));
        let said = if messages == 0 { "no message is new".to_owned() } else { format!("logged {what}") };
        let deed = Deed {
            verb: "import mail".to_owned(),
            subject: format!("import mail: {what}"),
            undoes: Vec::new(),
            changes,
        };
        (Planned { said, deed, cautions, contact: None }, self.tally)
    }

    /// Counts what became of one contact's messages.
    fn count(&mut self, draft: &Draft, came: &[(usize, Came)], posts: &[Post], logged: &mut HashSet<usize>) {
        let contact = draft.contact();
        let mut own = Logged {
            id: contact.id.as_str().to_owned(),
            name: contact.name.clone(),
            is_org: contact.head.kind == ContactKind::Org,
            messages: 0,
        };
        for (number, came) in came {
            match came {
                Came::Already => {
                    self.tally.already += 1;
                    continue;
                }
                Came::Bounced => self.tally.bounced += 1,
                Came::Automatic => self.tally.automatic += 1,
                Came::Logged => {}
            }
            logged.insert(*number);
            own.messages += 1;
            let post = posts.iter().find(|post| post.number == *number);
            if let (Came::Automatic, Some(Post { what: What::Automatic(days), date, .. })) = (came, post) {
                let announced =
                    days.iter().map(|day| Announced { id: own.id.clone(), on: *date, speaks_of: *day });
                self.tally.announced.extend(announced.take(3));
            }
        }
        if own.messages > 0 {
            self.tally.contacts.push(own);
        }
    }
}
