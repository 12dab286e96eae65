//! Whether a contact is one that a query asks for (CLI contract, Query).

use std::borrow::Cow;
use std::cell::OnceCell;

use unicode_normalization::UnicodeNormalization;

use crate::contact::{Contact, Entry, Head, LinkTarget, Promise, Value};
use crate::date::Date;
use crate::follow_up::{Assessment, Obligation};

use super::keys::{CUSTOM, DayKey, FlagKey, Key, NameKey, NumberKey, TableKey, TextKey};
use super::term::{CustomTest, Days, NameTest, Test, TextTest, digits, read_number};
use super::token::Op;
use crate::fold::Needle;

/// A contact and the two answers about it that cost something; each is worked out once, and only where a query
/// asks for it.
pub struct Subject<'a> {
    contact: &'a Contact,
    assess: &'a dyn Fn(&Contact) -> Assessment,
    read: &'a dyn Fn(&Contact) -> Option<String>,
    assessment: OnceCell<Cow<'a, Assessment>>,
    text: OnceCell<Option<String>>,
}

impl<'a> Subject<'a> {
    /// `assess` gives what the rules say of the contact (format, section 5) on the day that the query was parsed
    /// for; `read` gives the whole text of its file, or nothing where it cannot be had.
    pub fn new(
        contact: &'a Contact,
        assess: &'a dyn Fn(&Contact) -> Assessment,
        read: &'a dyn Fn(&Contact) -> Option<String>,
    ) -> Subject<'a> {
        Subject { contact, assess, read, assessment: OnceCell::new(), text: OnceCell::new() }
    }

    /// The same, with an assessment that is at hand already.
    #[must_use]
    pub fn assessed(self, assessment: &'a Assessment) -> Subject<'a> {
        Subject { assessment: OnceCell::from(Cow::Borrowed(assessment)), ..self }
    }

    /// The contact.
    pub fn contact(&self) -> &'a Contact {
        self.contact
    }

    /// What the rules say of it, worked out at the first call.
    pub fn assessment(&self) -> &Assessment {
        self.assessment.get_or_init(|| Cow::Owned((self.assess)(self.contact)))
    }

    fn follow_up(&self) -> Option<&Obligation> {
        self.assessment().follow_up()
    }

    fn text(&self) -> Option<&str> {
        self.text.get_or_init(|| (self.read)(self.contact)).as_deref()
    }
}

impl Test {
    pub fn matches(&self, subject: &Subject<'_>, today: Date) -> bool {
        let contact = subject.contact;
        match self {
            Test::Word(needle) => is_word_in(needle, contact),
            Test::Has(key) => has(key, subject, today),
            Test::Text(TextKey::File, TextTest::Contains(needle)) => {
                subject.text().is_some_and(|text| needle.is_in(text))
            }
            Test::Text(key, test) => any_text(*key, contact, &mut |text| test.fits(text)),
            Test::Phone(wanted) => contact.head.phone.iter().any(|number| digits(number).contains(wanted)),
            Test::Name(key, test) => name_fits(*key, test, subject),
            Test::Number(key, op, wanted) => {
                number(*key, contact, today).is_some_and(|n| op.holds(n, *wanted))
            }
            Test::Day(key, days) => match day(key, subject, today) {
                Some(date) if days.relative && matches!(key, DayKey::Dates(_)) => {
                    days.hold(next_return(date, today))
                }
                Some(date) => days.hold(date),
                None => days.or_never,
            },
            Test::Away(days) => contact.head.away.as_ref().is_some_and(|away| {
                away.from.is_none_or(|from| from.number() <= days.last)
                    && away.until.is_none_or(|until| days.first <= until.number())
            }),
            Test::Flag(key, wanted) => flag(*key, subject, today) == *wanted,
            Test::PromiseBy(who) => open_promises(contact).any(|p| p.who == *who),
            Test::ContactKind(kind) => contact.head.kind == *kind,
            Test::DueKind(kind) => subject.follow_up().is_some_and(|o| o.kind == *kind),
            Test::Custom(key, test) => custom(&contact.head, key).is_some_and(|value| test.fits(value)),
        }
    }
}

/// A bare word is looked for where one would look for a person: name, company, tags, id, email.
fn is_word_in(needle: &Needle, contact: &Contact) -> bool {
    let head = &contact.head;
    needle.is_in(&contact.name)
        || head.company.as_ref().is_some_and(|company| needle.is_in(company))
        || head.tags.iter().any(|tag| needle.is_in(tag))
        || needle.is_in(contact.id.as_str())
        || head.email.iter().any(|email| needle.is_in(email))
}

/// Whether what `key` asks for is there at all.
fn has(key: &Key, subject: &Subject<'_>, today: Date) -> bool {
    let contact = subject.contact;
    let head = &contact.head;
    match key {
        // The name to show is always there; the question is whether the file gives one.
        Key::Text(TextKey::Name) => head.name.is_some(),
        Key::Text(key) => any_text(*key, contact, &mut |_| true),
        Key::Name(NameKey::Cadence) => head.cadence.is_some(),
        Key::Name(key) => any_name(*key, subject, &mut |_| true),
        Key::Number(NumberKey::Unanswered) => unanswered(contact, today) > 0,
        Key::Number(key) => number(*key, contact, today).is_some(),
        Key::Day(key) => day(key, subject, today).is_some(),
        Key::Table(TableKey::Next) => head.next.is_some(),
        Key::Table(TableKey::Prefers) => {
            let prefers = &head.prefers;
            !prefers.channel.is_empty()
                || prefers.hours.is_some()
                || prefers.every.is_some()
                || prefers.permission.is_some()
        }
        Key::Away => head.away.is_some(),
        // Of these `key:` alone is read as another test, or refused.
        Key::Flag(_) | Key::Overdue | Key::Kind => true,
        Key::Custom(name) => custom(head, name).is_some(),
    }
}

/// Whether `fits` is true of any of the texts that `key` leads to.
fn any_text(key: TextKey, contact: &Contact, fits: &mut dyn FnMut(&str) -> bool) -> bool {
    let head = &contact.head;
    let mut one = |text: &Option<String>| text.as_deref().is_some_and(&mut *fits);
    match key {
        TextKey::Name => fits(&contact.name),
        TextKey::Uid => one(&head.uid),
        TextKey::Company => one(&head.company),
        TextKey::Role => one(&head.role),
        TextKey::Source => one(&head.source),
        TextKey::Address => one(&head.address),
        TextKey::ReferredBy => one(&head.referred_by),
        TextKey::HotButton => one(&head.hot_button),
        TextKey::Timezone => one(&head.timezone),
        TextKey::Hours => one(&head.prefers.hours),
        TextKey::Permission => one(&head.prefers.permission),
        TextKey::NextWhy => head.next.as_ref().is_some_and(|next| one(&next.why)),
        TextKey::AwayWhy => head.away.as_ref().is_some_and(|away| one(&away.why)),
        TextKey::Aliases => head.aliases.iter().any(|t| fits(t)),
        TextKey::Email => head.email.iter().any(|t| fits(t)),
        TextKey::Phone => head.phone.iter().any(|t| fits(t)),
        TextKey::Links => head.links.iter().any(|t| fits(t)),
        TextKey::Needs => head.needs.iter().any(|t| fits(t)),
        TextKey::Conflict => head.conflicts.iter().any(|c| fits(&c.key)),
        TextKey::Dates => head.dates.iter().any(|(name, _)| fits(name)),
        TextKey::Promise => open_promises(contact).any(|p| fits(&p.text)),
        TextKey::Knows => {
            let linked = contact.links.iter().any(|link| match &link.target {
                LinkTarget::Contact(id) => fits(id),
                LinkTarget::File(_) => false,
            });
            linked || head.referred_by.as_deref().is_some_and(fits)
        }
        // Only ever looked into as a whole.
        TextKey::File => false,
    }
}

fn name_fits(key: NameKey, test: &NameTest, subject: &Subject<'_>) -> bool {
    match test {
        NameTest::Exact(exact) => any_name(key, subject, &mut |name| same(name, exact)),
        NameTest::Among { or_none: true, .. } if subject.contact.head.stage.is_none() => true,
        NameTest::Among { names, .. } => any_name(key, subject, &mut |name| names.iter().any(|n| n.is(name))),
    }
}

/// Whether `fits` is true of any of the names that `key` leads to; what is in the file comes before what must be
/// worked out.
fn any_name(key: NameKey, subject: &Subject<'_>, fits: &mut dyn FnMut(&str) -> bool) -> bool {
    let contact = subject.contact;
    let head = &contact.head;
    match key {
        // An earlier id is honoured wherever an id is (format, section 2).
        NameKey::Id => fits(contact.id.as_str()) || head.aliases.iter().any(|alias| fits(alias)),
        NameKey::Tags => head.tags.iter().any(|tag| fits(tag)),
        NameKey::Owner => head.owner.as_deref().is_some_and(fits),
        NameKey::Stage => head.stage.as_deref().is_some_and(fits),
        NameKey::PrefersChannel => head.prefers.channel.iter().any(|c| fits(c.as_str())),
        NameKey::NextVia => {
            head.next.as_ref().and_then(|next| next.via.as_ref()).is_some_and(|c| fits(c.as_str()))
        }
        NameKey::Channel => {
            head.prefers.channel.iter().any(|c| fits(c.as_str()))
                || subject.follow_up().and_then(|o| o.via.as_ref()).is_some_and(|c| fits(c.as_str()))
        }
        NameKey::Cadence => head.cadence.as_ref().and_then(|c| c.name.as_deref()).is_some_and(fits),
    }
}

fn number(key: NumberKey, contact: &Contact, today: Date) -> Option<f64> {
    match key {
        NumberKey::Value => contact.head.value.as_ref().map(|money| money.amount),
        NumberKey::Unanswered => Some(unanswered(contact, today) as f64),
        NumberKey::Every => contact.head.prefers.every.as_ref().map(|period| f64::from(period.days())),
    }
}

fn day(key: &DayKey, subject: &Subject<'_>, today: Date) -> Option<Date> {
    let head = &subject.contact.head;
    match key {
        DayKey::Last => touches(subject.contact, today).next().map(|e| e.date),
        DayKey::Reached => touches(subject.contact, today).find(|e| e.is_reached()).map(|e| e.date),
        DayKey::Due => subject.follow_up()?.date,
        DayKey::Added => head.added,
        DayKey::NextOn => Some(head.next.as_ref()?.on?.date),
        DayKey::AwayFrom => head.away.as_ref()?.from,
        DayKey::AwayUntil => head.away.as_ref()?.until,
        DayKey::CadenceStart => head.cadence.as_ref()?.start,
        DayKey::Dates(name) => {
            head.dates.iter().find(|(n, _)| n.to_lowercase() == *name).map(|(_, date)| *date)
        }
    }
}

fn flag(key: FlagKey, subject: &Subject<'_>, today: Date) -> bool {
    let contact = subject.contact;
    match key {
        FlagKey::Promised => contact.head.next.as_ref().is_some_and(|next| next.promised),
        FlagKey::Asked => contact.head.next.as_ref().is_some_and(|next| next.asked),
        FlagKey::Crack => subject.assessment().crack,
        // A committed version that stands in does not mend the file.
        FlagKey::Broken => contact.broken || contact.stale,
        FlagKey::Overdue => subject.follow_up().and_then(|o| o.date).is_some_and(|date| date < today),
    }
}

/// The touches of the log, the last first (format, section 3). Read here and not from the assessment, so that the
/// many queries on `last` and `reached` need not assess anybody.
fn touches(contact: &Contact, today: Date) -> impl Iterator<Item = &Entry> {
    contact.log.iter().rev().filter(move |entry| entry.is_touch() && entry.date <= today)
}

fn unanswered(contact: &Contact, today: Date) -> usize {
    touches(contact, today).take_while(|entry| !entry.is_reached()).count()
}

fn open_promises(contact: &Contact) -> impl Iterator<Item = &Promise> {
    contact.promises.iter().filter(|promise| !promise.kept)
}

/// The next day that a yearly date comes round, today included.
fn next_return(date: Date, today: Date) -> Date {
    let this_year = date.in_year(today.year());
    if this_year >= today { this_year } else { date.in_year(today.year() + 1) }
}

/// The value of a key of the user's own: by its whole name, or down a table, `badge.number`; and the same with
/// `custom.` before it, for a name that would mean something else without.
pub(super) fn custom<'a>(head: &'a Head, name: &str) -> Option<&'a Value> {
    find_value(&head.custom, name).or_else(|| {
        let (prefix, rest) = (name.get(..CUSTOM.len())?, name.get(CUSTOM.len()..)?);
        prefix.eq_ignore_ascii_case(CUSTOM).then(|| find_value(&head.custom, rest))?
    })
}

fn find_value<'a>(items: &'a [(String, Value)], name: &str) -> Option<&'a Value> {
    items.iter().find_map(|(key, value)| {
        if key.eq_ignore_ascii_case(name) {
            return Some(value);
        }
        match value {
            Value::Table(inner) => {
                let (table, rest) = (name.get(..key.len())?, name.get(key.len()..)?.strip_prefix('.')?);
                table.eq_ignore_ascii_case(key).then(|| find_value(inner, rest))?
            }
            _ => None,
        }
    })
}

impl TextTest {
    fn fits(&self, text: &str) -> bool {
        match self {
            TextTest::Contains(needle) => needle.is_in(text),
            TextTest::Exact(exact) => same(text, exact),
            TextTest::OrNamed(test, names) => test.fits(text) || names.iter().any(|name| name.is(text)),
        }
    }
}

impl CustomTest {
    fn fits(&self, value: &Value) -> bool {
        let number = |n: f64| self.number.is_some_and(|(op, wanted)| op.holds(n, wanted));
        let day = |date: Date| self.days.as_ref().is_some_and(|days| days.hold(date));
        match value {
            Value::Text(text) | Value::DateTime(text) => {
                if let Some(test) = &self.text {
                    return test.fits(text);
                }
                // A number or a date in quotes is meant as one where it is asked for more or less.
                read_number(text).is_some_and(number)
                    || Date::scan(text.as_bytes()).flatten().is_some_and(day)
            }
            Value::Integer(n) => number(*n as f64),
            Value::Float(n) => number(*n),
            Value::Boolean(b) => self.flag == Some(*b),
            Value::Date(date) => day(*date),
            Value::List(items) => items.iter().any(|item| self.fits(item)),
            Value::Table(items) => items.iter().any(|(_, item)| self.fits(item)),
        }
    }
}

impl Days {
    fn hold(&self, date: Date) -> bool {
        (self.first..=self.last).contains(&date.number())
    }
}

impl Op {
    fn holds(self, number: f64, wanted: f64) -> bool {
        match self {
            Op::Fits | Op::Is => number == wanted,
            Op::Less => number < wanted,
            Op::AtMost => number <= wanted,
            Op::More => number > wanted,
            Op::AtLeast => number >= wanted,
        }
    }
}

/// Whether two texts are the same letter for letter, however their accents are encoded.
fn same(a: &str, b: &str) -> bool {
    a == b || !(a.is_ascii() && b.is_ascii()) && a.nfc().eq(b.nfc())
}
