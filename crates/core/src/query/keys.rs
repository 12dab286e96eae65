//! The keys that a query may ask for, and what each is made of (CLI contract, Query; format, section 2).

use strsim::osa_distance;

use super::error::{Mistake, shown};
use super::token::Spanned;

/// What a key leads to, by how it is asked.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Key {
    Text(TextKey),
    Name(NameKey),
    Number(NumberKey),
    Day(DayKey),
    Flag(FlagKey),
    /// A table of the front matter, which can only be there or not.
    Table(TableKey),
    /// `kind`: of the contact, or of its follow-up.
    Kind,
    /// `overdue`: a flag, and how long.
    Overdue,
    /// `away`: a table, and the days that it spans.
    Away,
    /// A key of the user's own, by the name that the file gives it.
    Custom(String),
}

/// Text: `:` looks in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextKey {
    Name,
    Uid,
    Aliases,
    Company,
    Role,
    Source,
    Address,
    Email,
    Phone,
    Links,
    Needs,
    ReferredBy,
    HotButton,
    Timezone,
    Hours,
    Permission,
    NextWhy,
    AwayWhy,
    Conflict,
    Dates,
    Promise,
    Knows,
    File,
}

/// A name out of a set: `:` is equality.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameKey {
    Id,
    Tags,
    Owner,
    Stage,
    /// The follow-up's, or one that they prefer.
    Channel,
    PrefersChannel,
    NextVia,
    Cadence,
}

/// A number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NumberKey {
    Value,
    Unanswered,
    /// `prefers.every`, in days.
    Every,
}

/// A day.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum DayKey {
    Last,
    Reached,
    Due,
    Added,
    NextOn,
    AwayFrom,
    AwayUntil,
    CadenceStart,
    /// An entry of `[dates]`.
    Dates(String),
}

impl DayKey {
    /// Whether an age counts back from today rather than forward.
    pub fn is_past(&self) -> bool {
        matches!(self, DayKey::Last | DayKey::Reached | DayKey::Added | DayKey::CadenceStart)
    }
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FlagKey {
    Promised,
    Asked,
    Crack,
    Broken,
    Overdue,
}

/// A table of the front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TableKey {
    Prefers,
    Next,
}

/// Every key by its name, in the order in which completion offers them.
const KNOWN: &[(&str, Key)] = &[
    ("name", Key::Text(TextKey::Name)),
    ("company", Key::Text(TextKey::Company)),
    ("stage", Key::Name(NameKey::Stage)),
    ("owner", Key::Name(NameKey::Owner)),
    ("tag", Key::Name(NameKey::Tags)),
    ("tags", Key::Name(NameKey::Tags)),
    ("value", Key::Number(NumberKey::Value)),
    ("due", Key::Day(DayKey::Due)),
    ("overdue", Key::Overdue),
    ("last", Key::Day(DayKey::Last)),
    ("reached", Key::Day(DayKey::Reached)),
    ("unanswered", Key::Number(NumberKey::Unanswered)),
    ("kind", Key::Kind),
    ("channel", Key::Name(NameKey::Channel)),
    ("promise", Key::Text(TextKey::Promise)),
    ("crack", Key::Flag(FlagKey::Crack)),
    ("broken", Key::Flag(FlagKey::Broken)),
    ("knows", Key::Text(TextKey::Knows)),
    ("text", Key::Text(TextKey::File)),
    ("id", Key::Name(NameKey::Id)),
    ("uid", Key::Text(TextKey::Uid)),
    ("aliases", Key::Text(TextKey::Aliases)),
    ("role", Key::Text(TextKey::Role)),
    ("source", Key::Text(TextKey::Source)),
    ("address", Key::Text(TextKey::Address)),
    ("email", Key::Text(TextKey::Email)),
    ("phone", Key::Text(TextKey::Phone)),
    ("links", Key::Text(TextKey::Links)),
    ("needs", Key::Text(TextKey::Needs)),
    ("referred_by", Key::Text(TextKey::ReferredBy)),
    ("hot_button", Key::Text(TextKey::HotButton)),
    ("timezone", Key::Text(TextKey::Timezone)),
    ("added", Key::Day(DayKey::Added)),
    ("prefers", Key::Table(TableKey::Prefers)),
    ("prefers.channel", Key::Name(NameKey::PrefersChannel)),
    ("prefers.hours", Key::Text(TextKey::Hours)),
    ("prefers.every", Key::Number(NumberKey::Every)),
    ("prefers.permission", Key::Text(TextKey::Permission)),
    ("next", Key::Table(TableKey::Next)),
    ("next.on", Key::Day(DayKey::NextOn)),
    ("next.via", Key::Name(NameKey::NextVia)),
    ("next.why", Key::Text(TextKey::NextWhy)),
    ("next.promised", Key::Flag(FlagKey::Promised)),
    ("next.asked", Key::Flag(FlagKey::Asked)),
    ("away", Key::Away),
    ("away.from", Key::Day(DayKey::AwayFrom)),
    ("away.until", Key::Day(DayKey::AwayUntil)),
    ("away.why", Key::Text(TextKey::AwayWhy)),
    ("cadence", Key::Name(NameKey::Cadence)),
    ("cadence.name", Key::Name(NameKey::Cadence)),
    ("cadence.start", Key::Day(DayKey::CadenceStart)),
    ("conflict", Key::Text(TextKey::Conflict)),
    ("dates", Key::Text(TextKey::Dates)),
];

/// The prefix that makes any name a key of the user's own.
pub(super) const CUSTOM: &str = "custom.";

/// Every key that a query knows, for completion (CLI contract, Query). Custom keys and `dates.NAME` come on top.
pub fn keys() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().map(|(name, _)| *name)
}

/// The key of that name, in any case. A name that is no key is one of the user's own, unless it is so close to
/// a known one that it must be a slip.
pub(super) fn find(written: &Spanned) -> Result<Key, Mistake> {
    let name = written.text.as_str();
    let lower = name.to_lowercase();
    if let Some((_, key)) = KNOWN.iter().find(|(known, _)| *known == lower) {
        return Ok(key.clone());
    }
    if let Some(date) = lower.strip_prefix("dates.") {
        return Ok(Key::Day(DayKey::Dates(date.to_owned())));
    }
    if !lower.starts_with(CUSTOM)
        && lower.len() < 40
        && let Some(meant) = keys().find(|k| k.len() > 2 && osa_distance(&lower, k) == 1)
    {
        let name = shown(name);
        return Err(Mistake::new(written.span.clone(), format!("no key \"{name}\""))
            .hint(format!("did you mean `{meant}`? A key of your own is `{CUSTOM}{name}`")));
    }
    Ok(Key::Custom(name.to_owned()))
}
