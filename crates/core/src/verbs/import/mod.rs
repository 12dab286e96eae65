//! `import`: cards of other programs become contacts, or changes of the contacts that they are of. The whole file is
//! one deed.

mod differ;
mod known;
mod one_of;
mod prepare;
mod said;
#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::new::taken;
use super::{Desk, Planned, Refusal, log, name, value};
use crate::contact::Contact;
use crate::exchange::Card;
use crate::file::{self, MOST_BYTES};
use crate::fold::fold;
use crate::identity;
use crate::notebook::{Change, Deed, Parts, Survey};
use differ::Differences;
use known::{Keys, Known};
use one_of::{Found, Rival};
use prepare::Prepared;

/// How cards are taken in.
pub struct Manner<'a> {
    /// What the deed is called: `csv`, `vcard`.
    pub kind: &'a str,
    /// The file's name, for the words of the deed.
    pub file: &'a str,
    /// The country (ISO 3166, two letters) of phone numbers that do not say theirs.
    pub country: Option<&'a str>,
    /// Tags for all that are new.
    pub tags: &'a [String],
    /// The stage of all that are new and say none.
    pub stage: Option<&'a str>,
    /// The owner of all that are new and say none: a handle.
    pub owner: Option<&'a str>,
    /// Where all that are new came from, where their card does not say.
    pub source: Option<&'a str>,
    /// What is there stays; only what is absent is filled in.
    pub only_fill: bool,
}

/// What became of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// A new contact.
    Created {
        /// Its id.
        id: String,
    },
    /// A contact that is changed.
    Updated {
        /// Its id.
        id: String,
        /// By what it was known again: `email jane@acme.example`.
        by: String,
        /// What changes, a few words each: `phone +1 555 0100`.
        what: Vec<String>,
    },
    /// A contact that says all of it already.
    Same {
        /// Its id.
        id: String,
    },
    /// It cannot be taken; why, in lower case without a full stop.
    Refused(String),
}

/// Takes cards in, one after the other, and all of them once more as long as [`Importer::again`] says so.
pub struct Importer<'s, 'n> {
    survey: &'s Survey<'n>,
    desk: &'s Desk<'s>,
    rules: Rules<'s>,
    new_uid: &'s mut dyn FnMut() -> String,
    known: Known,
    /// The ids that are somebody's, folded.
    is_taken: Box<dyn Fn(&str) -> bool + 's>,
    /// Those that were given to new contacts, folded, each with the number that its next namesake tries first.
    given: HashMap<String, u32>,
    made: Vec<Made>,
    /// What cards of this file did to contacts of the survey, and in later readings to all.
    met: HashMap<u32, Met>,
    /// The contact that was looked at last.
    last: RefCell<Option<(u32, Rc<Contact>)>>,
    /// The keys that any card has a say in, each with its number in [`Met::claimed`].
    names: HashMap<String, u16>,
    /// Which reading of the file it is, from 1 on, and how many contacts were made by those before.
    reading: u32,
    made_before: usize,
    /// Whether another reading may find more.
    is_unsettled: bool,
}

/// The manner, with its words looked up.
struct Rules<'a> {
    manner: Manner<'a>,
    country: Option<String>,
    stage: Option<String>,
    owner: Option<String>,
}

/// A contact that this file made. Kept as text, since a file may make a hundred thousand.
struct Made {
    id: String,
    text: String,
    /// The `uid` that a card said, which need not be the one that it got.
    own_uid: Option<String>,
}

/// What cards of this file did to a contact.
#[derive(Default)]
struct Met {
    /// The text as it was and as it is so far; none where nothing changed, or where it was made.
    texts: Option<(String, String)>,
    /// The `uid` that a card of this reading gave it.
    uid: Option<String>,
    /// The keys that cards of this reading had a say in: a later card of the same file does not contradict an earlier
    /// one, so that the file can be taken in twice.
    claimed: Vec<u16>,
    /// Whether a card of this reading was of it.
    is_met: bool,
}

/// So many times a file is read at most, so that two rows that undo each other end.
const MOST_READINGS: u32 = 5;

impl<'s, 'n> Importer<'s, 'n> {
    /// Begins. `new_uid` gives a `uid` that nobody has.
    ///
    /// # Errors
    /// Where stage, owner or country are not known.
    pub fn new(
        survey: &'s Survey<'n>,
        desk: &'s Desk<'s>,
        manner: Manner<'s>,
        new_uid: &'s mut dyn FnMut() -> String,
    ) -> Result<Importer<'s, 'n>, Refusal> {
        let country = match manner.country {
            Some(code) => Some(identity::country(code).ok_or_else(|| {
                Refusal::usage(format!("\"{code}\" is no country")).hint("write its two letters: US, DE")
            })?),
            None => desk.settings.country.clone(),
        };
        let stage = manner.stage.map(|stage| value::stage(stage, desk)).transpose()?;
        let owner = manner.owner.map(|owner| owner.trim_start_matches('@').to_owned());
        owner.as_deref().map_or(Ok(()), |owner| log::known_handle(owner, desk))?;
        let known = Known::of(survey, country.as_deref());
        Ok(Importer {
            survey,
            desk,
            rules: Rules { manner, country, stage, owner },
            new_uid,
            known,
            is_taken: Box::new(taken(survey)),
            given: HashMap::new(),
            made: Vec::new(),
            met: HashMap::new(),
            last: RefCell::default(),
            names: HashMap::new(),
            reading: 1,
            made_before: 0,
            is_unsettled: false,
        })
    }

    /// Whether all cards should be taken once more. Rows that tell of one contact, or that fitted several, may find
    /// more to do once the later ones were there; without that the next import of the same file would do it.
    pub fn again(&mut self) -> bool {
        if !self.is_unsettled || self.reading == MOST_READINGS {
            return false;
        }
        self.reading += 1;
        self.made_before = self.made.len();
        self.is_unsettled = false;
        for met in self.met.values_mut() {
            *met = Met { texts: met.texts.take(), ..Met::default() };
        }
        true
    }

    /// Takes one card in.
    pub fn take(&mut self, card: Card) -> Taken {
        let mut taken = self.take_all(vec![card]);
        taken.pop().unwrap_or_else(|| Taken::Refused("it says nothing".to_owned()))
    }

    /// Takes cards in, in their order. Some hundred at once are quicker than one by one: what can be made ready of
    /// each without the others is made on all cores.
    pub fn take_all(&mut self, cards: Vec<Card>) -> Vec<Taken> {
        let cards: Vec<(Card, String)> = cards
            .into_iter()
            .map(|card| {
                let uid = card.head.uid.clone().filter(|uid| !uid.trim().is_empty());
                let uid = uid.unwrap_or_else(|| (self.new_uid)());
                (card, uid)
            })
            .collect();
        let (rules, desk, known) = (&self.rules, self.desk, &self.known);
        let prepared = self.survey.each(&cards, |(card, uid)| Prepared::of(card, uid, rules, desk, known));
        drop(cards);
        prepared
            .into_iter()
            .map(|card| card.and_then(|card| self.settle(*card)))
            .map(taken_or_refused)
            .collect()
    }

    fn settle(&mut self, card: Prepared) -> Result<Taken, String> {
        let Some(first) = self.find(&card, false).into_iter().next() else { return self.make(card) };
        let said = match &first {
            Found::One { who, .. } => Some(self.differences(*who, &card)),
            Found::Several { .. } => None,
        };
        if let (Found::One { who, by }, Some(Ok(said))) = (&first, &said)
            && said.is_empty()
        {
            return self.update(*who, by.clone(), &card, said);
        }
        // Whoever says all of it already is whom it is of, though others might do too.
        let fitting = self.find(&card, true).into_iter().flat_map(|found| match found {
            Found::One { who, by } => vec![(who, by)],
            Found::Several { who, by } => who.into_iter().map(|who| (who, by.clone())).collect(),
        });
        let differences = |(who, by)| Some((who, by, self.differences(who, &card).ok()?));
        let same = fitting.take(MOST_COMPARED).filter_map(differences).find(|(.., said)| said.is_empty());
        match (same, first, said) {
            (Some((who, by, said)), ..) => self.update(who, by, &card, &said),
            (None, Found::One { who, by }, said) => {
                let said = said.unwrap_or_else(|| self.differences(who, &card))?;
                self.update(who, by, &card, &said)
            }
            (None, Found::Several { who, by }, _) => {
                self.is_unsettled |= self.reading == 1;
                Err(self.fits_several(&who, &by))
            }
        }
    }

    fn fits_several(&self, who: &[u32], by: &str) -> String {
        let ids: Vec<_> = who.iter().take(3).map(|who| format!("\"{}\"", self.id(*who))).collect();
        let more = if who.len() > ids.len() { " and others" } else { "" };
        format!("it fits {}{more} by {by}; merge them, or give it the email of one", ids.join(" and "))
    }

    /// Whom the card is of.
    fn find(&self, card: &Prepared, all: bool) -> Vec<Found> {
        let rival = |who: u32| {
            let contact = self.contact(who);
            let (new, met) = (self.new_of(who), self.met.get(&who).filter(|met| met.is_met));
            let is_of_file = new.is_some() || met.is_some();
            let own_uid =
                new.map_or_else(|| met.and_then(|met| met.uid.clone()), |made| made.own_uid.clone());
            let name = if prepare::stands_in(&contact.name, &contact.head) { "" } else { &contact.name };
            let keys = Keys::of_contact(&contact, name, self.rules.country());
            let others = differ::other_names(&contact.head).collect();
            Rival { keys, shown: identity::name(&contact.name), others, own_uid, is_of_file }
        };
        one_of::find(card, &self.known, &rival, all)
    }

    /// A new contact.
    fn make(&mut self, mut card: Prepared) -> Result<Taken, String> {
        let keys = &card.keys;
        if keys.is_bare() && identity::name(&card.name).is_empty() {
            // It would come anew with each import.
            return Err(format!(
                "\"{}\" has no letter or digit, and there is nothing else to know it by",
                card.name
            ));
        }
        if let Some((_, why)) = card.doubts.first() {
            return Err(why.clone());
        }
        let id = self.free_id(&card);
        let is_whole = card.id.as_ref().is_none_or(|own| *own == id);
        let aliases = card.aliases.len();
        card.aliases.retain(|alias| self.take_id(alias));
        let text = match card.text.take() {
            Some(text) if is_whole && aliases == card.aliases.len() => text,
            _ => prepare::text(&card, &id, &self.rules, self.desk)?,
        };
        let text = text.into_boxed_str().into_string();
        let who = u32::try_from(self.survey.len() + self.made.len()).unwrap_or(u32::MAX);
        // Where somebody else has its address, the next reading may find that an earlier card was of it.
        self.is_unsettled |= self.reading > 1 || self.known.may_be_there(&card.keys);
        self.known.add(who, &Keys { name: identity::name(&card.name), ..card.keys.clone() });
        self.made.push(Made { id: id.clone(), text, own_uid: card.keys.uid.clone() });
        Ok(Taken::Created { id })
    }

    /// An id that nobody has.
    fn free_id(&mut self, card: &Prepared) -> String {
        if let Some(id) = card.id.as_ref().filter(|id| self.take_id(id)) {
            return id.clone();
        }
        let head = &card.head;
        let words = [Some(&card.name), head.company.as_ref(), head.email.first(), head.phone.first()];
        let base = words.into_iter().flatten().find_map(|text| name::id_of(text));
        let base = base.unwrap_or_else(|| "contact".to_owned());
        let folded = fold(&base).into_owned();
        let mut number = self.given.get(&folded).copied().unwrap_or(1);
        loop {
            let id = if number == 1 { base.clone() } else { format!("{base}-{number}") };
            number += 1;
            let key = fold(&id).into_owned();
            if !(self.is_taken)(&id) && (key == folded && number == 2 || !self.given.contains_key(&key)) {
                self.given.entry(key).or_insert(2);
                self.given.insert(folded, number);
                return id;
            }
        }
    }

    /// Takes an id that another notebook gave, where it is fit and nobody has it.
    fn take_id(&mut self, id: &str) -> bool {
        let key = fold(id).into_owned();
        let is_free = name::unfit(id).is_none() && !(self.is_taken)(id) && !self.given.contains_key(&key);
        if is_free {
            self.given.insert(key, 2);
        }
        is_free
    }

    /// A contact that there is, by what the card says and it does not.
    fn update(
        &mut self,
        who: u32,
        by: String,
        card: &Prepared,
        differences: &Differences,
    ) -> Result<Taken, String> {
        let id = self.id(who);
        if (who as usize) < self.survey.len() && self.survey.row(who as usize).broken {
            return Err(format!(
                "\"{}\" is broken, so it is left as it is; it fits by {by}",
                self.survey.path(who as usize)
            ));
        }
        if let Some((_, why)) = card.doubts.iter().find(|(path, _)| differences.sets(path)) {
            return Err(why.clone());
        }
        let taken = if differences.is_empty() {
            Taken::Same { id }
        } else {
            let before = self.text(who)?;
            let after = differences.apply(&before, self.desk.settings)?;
            if after.len() as u64 > MOST_BYTES {
                return Err(format!("\"{id}\" would become larger than 4 MiB"));
            }
            self.keep(who, before, after);
            Taken::Updated { id, by, what: differences.said.clone() }
        };
        // A uid of another program stands for them from here on, though they have their own.
        self.known.add(who, &card.keys);
        if self.new_of(who).is_some() {
            let made = &mut self.made[who as usize - self.survey.len()];
            made.own_uid = made.own_uid.take().or_else(|| card.keys.uid.clone());
            // Even where it says nothing new.
            self.is_unsettled = true;
            return Ok(taken);
        }
        let met = self.met.entry(who).or_default();
        self.is_unsettled |= match self.reading {
            1 => met.is_met,
            _ => !matches!(taken, Taken::Same { .. }),
        };
        met.is_met = true;
        met.uid = met.uid.take().or_else(|| card.keys.uid.clone());
        for (path, _) in &card.said {
            let next = u16::try_from(self.names.len()).unwrap_or(u16::MAX);
            let name = *self.names.entry(path.join(".")).or_insert(next);
            if !met.claimed.contains(&name) {
                met.claimed.push(name);
            }
        }
        Ok(taken)
    }

    fn differences(&self, who: u32, card: &Prepared) -> Result<Differences, String> {
        let contact = self.contact(who);
        let (is_new, met) = (self.new_of(who).is_some(), self.met.get(&who));
        let claimed = |name: &str| {
            let name = self.names.get(name);
            is_new || met.zip(name).is_some_and(|(met, name)| met.claimed.contains(name))
        };
        let text = if card.notes.is_empty() && card.prose.is_none() { None } else { Some(self.text(who)?) };
        Ok(Differences::between(&contact, text.as_deref(), card, &self.rules, self.desk, &claimed))
    }

    fn keep(&mut self, who: u32, before: String, after: String) {
        self.last.replace(None);
        match (who as usize).checked_sub(self.survey.len()).and_then(|at| self.made.get_mut(at)) {
            Some(made) => made.text = after,
            None => {
                let met = self.met.entry(who).or_default();
                let first = met.texts.take().map_or(before, |(first, _)| first);
                met.texts = Some((first, after));
            }
        }
    }

    fn made_of(&self, who: u32) -> Option<&Made> {
        (who as usize).checked_sub(self.survey.len()).and_then(|at| self.made.get(at))
    }

    /// One that a card of this reading made.
    fn new_of(&self, who: u32) -> Option<&Made> {
        self.made_of(who).filter(|_| who as usize >= self.survey.len() + self.made_before)
    }

    fn id(&self, who: u32) -> String {
        match self.made_of(who) {
            Some(made) => made.id.clone(),
            None => self.survey.id(who as usize).into_owned(),
        }
    }

    /// The text as it is so far, if this file had a say in it.
    fn text_so_far(&self, who: u32) -> Option<&str> {
        match self.made_of(who) {
            Some(made) => Some(&made.text),
            None => self.met.get(&who).and_then(|met| met.texts.as_ref()).map(|(_, text)| text.as_str()),
        }
    }

    fn text(&self, who: u32) -> Result<String, String> {
        match self.text_so_far(who) {
            Some(text) => Ok(text.to_owned()),
            None => self
                .survey
                .text(who as usize)
                .ok_or_else(|| format!("\"{}\" cannot be read any more", self.survey.path(who as usize))),
        }
    }

    /// As it is so far; the last one is kept, since whoever is found is looked at next.
    fn contact(&self, who: u32) -> Rc<Contact> {
        if let Some((_, contact)) = self.last.borrow().as_ref().filter(|(last, _)| *last == who) {
            return Rc::clone(contact);
        }
        let contact = Rc::new(match self.text_so_far(who) {
            Some(text) => file::parse(text, &self.id(who), self.desk.settings).contact,
            None => self.survey.contact(who as usize, Parts::ALL),
        });
        self.last.replace(Some((who, Rc::clone(&contact))));
        contact
    }

    /// All of it as one deed.
    pub fn finish(self) -> Planned {
        let homes = self.survey.homes(self.made.len());
        let created = self.made.len();
        let mut changes: Vec<Change> =
            self.made.into_iter().map(|made| Change::add(homes.of(&made.id), made.text)).collect();
        let is_old = |(who, _): &(u32, Met)| (*who as usize) < self.survey.len();
        let mut met: Vec<(u32, Met)> = self.met.into_iter().filter(is_old).collect();
        met.sort_unstable_by_key(|(who, _)| *who);
        let edits = met.into_iter().filter_map(|(who, met)| {
            let (before, after) = met.texts.filter(|(before, after)| before != after)?;
            Some(Change::edit(self.survey.path(who as usize), before, after))
        });
        changes.extend(edits);
        let counts = [(created, "new"), (changes.len() - created, "changed")];
        let counts: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        let counts = if counts.is_empty() { "nothing new".to_owned() } else { counts.join(", ") };
        let Manner { kind, file, .. } = self.rules.manner;
        let deed = Deed {
            verb: format!("import {kind}"),
            subject: format!("import {file}: {counts}"),
            undoes: Vec::new(),
            changes,
        };
        Planned { said: format!("{counts}, from {file}"), deed, cautions: Vec::new(), contact: None }
    }
}

/// So many contacts that fit alike are compared with a card.
const MOST_COMPARED: usize = 8;

impl Rules<'_> {
    fn country(&self) -> Option<&str> {
        self.country.as_deref()
    }
}

fn taken_or_refused(taken: Result<Taken, String>) -> Taken {
    taken.unwrap_or_else(Taken::Refused)
}
