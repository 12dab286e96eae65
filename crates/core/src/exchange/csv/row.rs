//! A row as a card: cells gathered by what their columns become, then put together.

use super::cells::{self, address, clean, colon_parts, parts, truth};
use super::day::{Day, Order, day};
use super::guard;
use super::key::{Away, List, Next, Part, Prefers, Target, Text, slug};
use super::known::{Format, Slot};
use super::parts::Parts;
use super::typed;
use crate::contact::{Channel, ContactKind, Money, Value, Word, Words};
use crate::date::{Date, When};
use crate::exchange::plain::line;
use crate::exchange::{Card, Touch};
use crate::fold::fold;
use crate::settings::Settings;

/// How cells are read.
#[derive(Debug, Clone, Copy)]
pub struct Hand<'a> {
    /// The program that wrote the sheet; none where the user said what its columns are.
    pub format: Option<Format>,
    /// Stages, team and channels of the notebook.
    pub settings: &'a Settings,
    /// The year now.
    pub year: i32,
}

/// Gathers one row.
pub struct Row<'a> {
    hand: Hand<'a>,
    card: Card,
    parts: Parts,
    currency: Option<String>,
}

impl<'a> Row<'a> {
    pub fn new(hand: Hand<'a>) -> Row<'a> {
        Row { hand, card: Card::default(), parts: Parts::default(), currency: None }
    }

    /// All of it as a card.
    pub fn finish(self) -> Box<Card> {
        let mut card = self.card;
        self.parts.into_card(&mut card);
        if let (Some(value), Some(currency)) = (&mut card.head.value, self.currency) {
            value.currency.get_or_insert(currency);
        }
        Box::new(card)
    }

    /// Takes one cell. `name` is its column, `label` what the column beside it says that it is for.
    ///
    /// # Errors
    /// Where it is not what the user said that it is.
    pub fn take(
        &mut self,
        slot: &Slot,
        order: Order,
        name: &str,
        cell: &str,
        label: &str,
    ) -> Result<(), String> {
        let cell = clean(if self.is_own() { guard::undo(cell) } else { cell });
        if cell.is_empty() {
            return Ok(());
        }
        let fits = match &slot.key.target {
            Target::Nothing => true,
            Target::Aside(what) => {
                self.card.left_aside.push((*what).to_owned());
                true
            }
            Target::Name(part) => self.name(*part, &cell),
            Target::Text(text) => self.text(*text, &cell),
            Target::List(list) => self.list(*list, &cell),
            Target::Email(kind) => self.emails(&cell, kind.as_deref().unwrap_or(label)),
            Target::Phone(kind) => self.phones(&cell, kind.as_deref().unwrap_or(label)),
            Target::Address(group, part) => {
                let said = self.line(&cell);
                self.parts.address(group, label, *part, said);
                true
            }
            Target::Related(kind) => self.labelled("related", kind.as_deref().unwrap_or(label), &cell),
            Target::Note if self.is_own() => {
                self.card.prose = Some(cell.clone());
                true
            }
            Target::Note => {
                self.card.notes.push(cell.clone());
                true
            }
            Target::Id => {
                self.card.id = Some(cell.clone());
                true
            }
            Target::Custom(key) => self.custom(key, name, &cell, label),
            Target::Kind => self.kind(&cell),
            Target::Value => self.value(&cell),
            Target::Currency => {
                self.currency = Some(line(&cell));
                true
            }
            Target::Owner => self.owner(&cell),
            Target::Stage => self.stage(&cell),
            Target::Prefers(key) => self.prefers(*key, &cell),
            Target::Next(key) => self.next(*key, &cell, order),
            Target::Away(key) => self.away(*key, &cell, order),
            Target::Added
            | Target::Cadence(_)
            | Target::Day(_)
            | Target::CustomDay(_)
            | Target::Touch(_)
            | Target::Connected => self.dated(slot, &cell, label, order),
        };
        if fits || is_blank_in_words(&cell) {
            return Ok(());
        }
        let may_be_anything = matches!(slot.key.target, Target::Email(_) | Target::Phone(_));
        if self.hand.format.is_none() && !may_be_anything {
            return Err(format!(
                "\"{name}\" says \"{}\", which is no {}",
                line(&cell),
                what(&slot.key.target)
            ));
        }
        // What a program wrote is kept as it is, under its column's name.
        let key = super::Key::named_after(name).to_string();
        self.parts.custom(&key, Value::Text(line(&cell)));
        Ok(())
    }

    /// Whether it is a row of one of our own sheets, which say what a file says, to the space. Whether this notebook
    /// has such a stage, owner or channel is then for whoever takes the card in to say.
    fn is_own(&self) -> bool {
        self.hand.format == Some(Format::Tickler)
    }

    /// A text of one line, but for our own sheets.
    fn line(&self, cell: &str) -> String {
        if self.is_own() { cell.to_owned() } else { line(cell) }
    }

    fn name(&mut self, part: Part, cell: &str) -> bool {
        let said = self.line(cell);
        self.parts.name(part, said);
        true
    }

    fn text(&mut self, text: Text, cell: &str) -> bool {
        let (value, is_own) = (self.line(cell), self.is_own());
        let head = &mut self.card.head;
        let (place, key) = match text {
            Text::Company => (&mut head.company, "other_companies"),
            Text::Role => (&mut head.role, "other_roles"),
            Text::Source => (&mut head.source, "other_sources"),
            Text::Uid => (&mut head.uid, "other_uids"),
            Text::ReferredBy => (&mut head.referred_by, "also_referred_by"),
            Text::HotButton => (&mut head.hot_button, "other_hot_buttons"),
            Text::Timezone if !is_own && cell.parse::<chrono_tz::Tz>().is_err() => return false,
            Text::Timezone => (&mut head.timezone, "other_timezones"),
        };
        let joined = self.hand.format == Some(Format::Google);
        let mut values =
            if joined { colon_parts(&value).collect() } else { vec![value.as_str()] }.into_iter();
        if place.is_none() {
            *place = values.next().map(str::to_owned);
        }
        for other in values.filter(|other| place.as_deref() != Some(other)) {
            self.parts.one_of_list(key, other);
        }
        true
    }

    /// The values of a cell that lists things.
    fn listed<'c>(&self, cell: &'c str) -> Vec<&'c str> {
        match self.hand.format {
            Some(format) if format.joins_with_colons() => colon_parts(cell).collect(),
            Some(_) => parts(cell, &[';', '\n']).collect(),
            None => parts(cell, &[';', ',', '\n']).collect(),
        }
    }

    fn list(&mut self, list: List, cell: &str) -> bool {
        let is_joined = self.hand.format.is_some_and(Format::joins_with_colons);
        let values: Vec<&str> = match list {
            List::Links if !is_joined => parts(cell, &[' ', '\n', '\t']).collect(),
            _ => self.listed(cell),
        };
        let (is_google, is_own) = (self.hand.format == Some(Format::Google), self.is_own());
        let head = &mut self.card.head;
        let place = match list {
            List::Links => &mut head.links,
            List::Tags => &mut head.tags,
            List::Needs => &mut head.needs,
            List::Aliases => &mut head.aliases,
        };
        for value in values {
            // Groups that Google has in every address book begin so.
            let value =
                if is_google && list == List::Tags { value.trim_start_matches('*').trim() } else { value };
            if !(is_google && value.eq_ignore_ascii_case("myContacts")) {
                add(place, if is_own { value.to_owned() } else { line(value) });
            }
        }
        true
    }

    fn emails(&mut self, cell: &str, label: &str) -> bool {
        if self.is_own() && !cell.contains([';', ',', '\n']) {
            colon_parts(cell).for_each(|part| self.parts.email(part, label));
            return true;
        }
        let mut found = false;
        for part in parts(cell, &[';', ',', '\n']) {
            let inside = address(part);
            for word in inside.split_whitespace().filter(|word| word.contains('@')) {
                found = true;
                self.parts.email(word, label);
            }
        }
        found
    }

    fn phones(&mut self, cell: &str, label: &str) -> bool {
        if !self.is_own() && !cell.chars().any(char::is_numeric) {
            return false;
        }
        let is_joined = self.hand.format.is_some_and(Format::joins_with_colons);
        for part in parts(cell, if is_joined { &[] } else { &[';', '\n'] }) {
            let said = self.line(part);
            self.parts.phone(&said, label);
        }
        true
    }

    fn labelled(&mut self, key: &str, label: &str, cell: &str) -> bool {
        let label = label.trim_start_matches('*').trim();
        let values: Vec<String> = match self.hand.format {
            Some(Format::Google) => colon_parts(cell).map(line).collect(),
            _ => vec![line(cell)],
        };
        for value in values {
            let is_said =
                label.is_empty() || value.to_lowercase().starts_with(&format!("{}:", label.to_lowercase()));
            let said = if is_said { value } else { format!("{}: {value}", label.to_lowercase()) };
            self.parts.one_of_list(key, &said);
        }
        true
    }

    fn custom(&mut self, key: &str, name: &str, cell: &str, label: &str) -> bool {
        if self.hand.format.is_some() && says_nothing(key, cell) {
            return true;
        }
        match (self.hand.format, key) {
            (Some(Format::Google), "im") => return self.labelled("im", label, cell),
            (Some(Format::Google), "custom_field") if !slug(label).is_empty() => {
                let key = super::Key::named_after(label).to_string();
                self.parts.custom(&key, value_of(cell));
            }
            (Some(Format::Tickler), _) => self.parts.nested(key, typed::value_of(cell)),
            // Text of several lines is prose.
            _ if cell.contains('\n') => self.card.notes.push(format!("{name}: {cell}")),
            _ => self.parts.custom(key, value_of(cell)),
        }
        true
    }

    fn kind(&mut self, cell: &str) -> bool {
        self.card.head.kind = match cell.to_lowercase().as_str() {
            "org" | "organisation" | "organization" | "company" => ContactKind::Org,
            "person" | "individual" => ContactKind::Person,
            _ => return false,
        };
        true
    }

    fn value(&mut self, cell: &str) -> bool {
        let exact = || Some(Money { amount: cell.parse().ok()?, currency: None });
        let own = if self.is_own() { exact() } else { None };
        self.card.head.value = self.card.head.value.take().or(own).or_else(|| cells::money(cell));
        self.card.head.value.is_some()
    }

    /// The handle of whom the cell names: by handle, name or address.
    fn owner(&mut self, cell: &str) -> bool {
        let said = line(cell);
        let is_meant = |text: &str| fold(text) == fold(&said);
        let inside = address(&said).to_lowercase();
        let team = self.hand.settings.team.iter();
        let member = team.clone().find(|member| is_meant(&member.handle)).or_else(|| {
            team.clone().find(|member| {
                member.name.as_deref().is_some_and(is_meant)
                    || member.email.iter().any(|email| email.to_lowercase() == inside)
            })
        });
        match member {
            Some(member) => self.card.head.owner = Some(member.handle.clone()),
            None if self.is_own() => self.card.head.owner = Some(said),
            None => self.parts.custom("owner_name", Value::Text(said)),
        }
        true
    }

    fn stage(&mut self, cell: &str) -> bool {
        let wanted = slug(cell);
        let found = self.hand.settings.stages.all().find(|stage| slug(stage) == wanted);
        if self.is_own() {
            self.card.head.stage = Some(found.unwrap_or(cell).to_owned());
            return true;
        }
        match (found, &self.card.head.stage) {
            (Some(stage), None) => self.card.head.stage = Some(stage.to_owned()),
            (Some(stage), Some(there)) if stage == there => {}
            _ => return false,
        }
        true
    }

    fn prefers(&mut self, key: Prefers, cell: &str) -> bool {
        let (said, is_own) = (self.line(cell), self.is_own());
        let prefers = &mut self.card.head.prefers;
        match key {
            Prefers::Hours => prefers.hours = Some(said),
            Prefers::Permission => prefers.permission = Some(said),
            Prefers::Every => match cell.parse() {
                Ok(every) => prefers.every = Some(every),
                Err(_) => return false,
            },
            Prefers::Channel => {
                let named =
                    parts(cell, &[';', ',', '\n']).map(|name| Channel::from_name(&name.to_lowercase()));
                let channels: Vec<Channel> = named.collect();
                if !is_own && !channels.iter().all(|channel| self.hand.settings.knows_channel(channel)) {
                    return false;
                }
                prefers.channel.extend(channels);
            }
        }
        true
    }

    fn next(&mut self, key: Next, cell: &str, order: Order) -> bool {
        let (said, is_own) = (self.line(cell), self.is_own());
        let next = self.card.head.next.get_or_insert_default();
        match key {
            Next::On => match day(cell, order, self.hand.year + 10) {
                Day::At(date, time) => next.on = Some(When { date, time }),
                Day::None => {}
                Day::Unclear => return false,
            },
            Next::Why => next.why = Some(said),
            Next::Via => {
                let channel = Channel::from_name(&cell.to_lowercase());
                if !is_own && !self.hand.settings.knows_channel(&channel) {
                    return false;
                }
                next.via = Some(channel);
            }
            Next::Promised | Next::Asked => {
                let Some(truth) = truth(cell) else { return false };
                *(if key == Next::Asked { &mut next.asked } else { &mut next.promised }) = truth;
            }
        }
        true
    }

    fn away(&mut self, key: Away, cell: &str, order: Order) -> bool {
        let said = self.line(cell);
        let away = self.card.head.away.get_or_insert_default();
        if key == Away::Why {
            away.why = Some(said);
            return true;
        }
        let place = if key == Away::From { &mut away.from } else { &mut away.until };
        match day(cell, order, self.hand.year + 10) {
            Day::At(date, _) => *place = Some(date),
            Day::None => {}
            Day::Unclear => return false,
        }
        true
    }

    fn dated(&mut self, slot: &Slot, cell: &str, label: &str, order: Order) -> bool {
        let cells: Vec<&str> = match &slot.key.target {
            Target::Cadence(false) => {
                self.card.head.cadence.get_or_insert_default().name = Some(self.line(cell));
                return true;
            }
            Target::Day(_) if self.hand.format == Some(Format::Google) => colon_parts(cell).collect(),
            _ => vec![cell],
        };
        for cell in cells {
            match day(cell, order, self.latest(&slot.key.target)) {
                Day::None => {}
                Day::Unclear => return false,
                Day::At(date, _) => self.on(&slot.key.target, date, label),
            }
        }
        true
    }

    /// The last year that a day of that kind can lie in, where only two digits of it are written.
    fn latest(&self, target: &Target) -> i32 {
        const AHEAD: i32 = 20;
        let may_come = match target {
            Target::Day(name) => name != "birthday" && name != "anniversary",
            target => matches!(target, Target::CustomDay(_) | Target::Cadence(_)),
        };
        self.hand.year + if may_come { AHEAD } else { 0 }
    }

    fn on(&mut self, target: &Target, date: Date, label: &str) {
        match target {
            Target::Added => self.card.head.added = Some(date),
            Target::Cadence(_) => self.card.head.cadence.get_or_insert_default().start = Some(date),
            Target::Day(name) => {
                let label = slug(label);
                self.parts.day(if label.is_empty() { name } else { &label }, date);
            }
            Target::Connected => {
                let mut words = Words::default();
                words.insert(Word::Reached);
                self.touch(date, Channel::Social, words, "connected on LinkedIn");
            }
            Target::CustomDay(key) => self.parts.custom(key, Value::Date(date)),
            Target::Touch(channel) => self.touch(date, channel.clone(), Words::default(), ""),
            _ => {}
        }
    }

    fn touch(&mut self, date: Date, channel: Channel, words: Words, text: &str) {
        self.card.touches.push(Touch { date, time: None, channel, words, who: None, text: text.to_owned() });
    }
}

/// What a cell had to be.
fn what(target: &Target) -> &'static str {
    match target {
        Target::Value => "amount",
        Target::Stage => "stage of this notebook",
        Target::Kind => "kind of contact: it is \"person\" or \"org\"",
        Target::Prefers(Prefers::Every) => "period",
        Target::Prefers(_) | Target::Next(Next::Via) => "channel",
        Target::Next(Next::Promised | Next::Asked) => "\"yes\" or \"no\"",
        Target::Text(_) => "time zone, such as \"Europe/Berlin\"",
        _ => "date",
    }
}

/// What people write where there is nothing to write.
fn is_blank_in_words(cell: &str) -> bool {
    matches!(
        cell.to_lowercase().as_str(),
        "-" | "--" | "?" | "n/a" | "#n/a" | "na" | "none" | "null" | "nil" | "unknown"
    )
}

/// What programs write where nobody said anything.
fn says_nothing(key: &str, cell: &str) -> bool {
    let usual: &[&str] = match key {
        "gender" | "priority" | "sensitivity" | "private" | "geschlecht" | "prioritat"
        | "vertraulichkeit" | "privat" => &["unspecified", "normal", "false", "keine angabe", "falsch"],
        "do_not_call" | "email_opt_out" | "unsubscribed_from_all_email" => &["0", "false", "no"],
        _ => return false,
    };
    usual.contains(&cell.to_lowercase().as_str())
}

/// A day where the cell is one beyond doubt, else a text.
fn value_of(cell: &str) -> Value {
    cell.parse().map_or_else(|_| Value::Text(line(cell)), Value::Date)
}

/// Adds what is not there yet.
pub(super) fn add(list: &mut Vec<String>, value: String) {
    if !value.is_empty() && !list.contains(&value) {
        list.push(value);
    }
}
