//! What a column may become: a key of the front matter, a part of one, a note or a touch, in the words that `--map`
//! takes and reports use.

use std::fmt;

use crate::contact::Channel;
use crate::fold::fold;

/// What a column becomes, and how that is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// As `--map` has it: `email`, `phone.work`, `dates.birthday`.
    written: String,
    /// What it means.
    pub target: Target,
}

/// Where the cells of a column go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Nowhere, on purpose.
    Nothing,
    /// The name, or a part of it.
    Name(Part),
    /// A key of one text.
    Text(Text),
    /// A key of several texts.
    List(List),
    /// `email`, with what the address is for: `work`.
    Email(Option<String>),
    /// `phone`, with what the number is for: `cell`.
    Phone(Option<String>),
    /// A part of an address. Columns of one address have the same text first: what it is for, `home`, or a number.
    Address(String, AddressPart),
    /// `kind`.
    Kind,
    /// `value`.
    Value,
    /// The currency of `value`.
    Currency,
    /// `owner`: a handle, or a name or email of the team.
    Owner,
    /// `stage`.
    Stage,
    /// `added`.
    Added,
    /// The id, in our own sheets.
    Id,
    /// `[dates]`, by name.
    Day(String),
    /// `[prefers]`, by key.
    Prefers(Prefers),
    /// `[next]`, by key.
    Next(Next),
    /// `[away]`, by key.
    Away(Away),
    /// `[cadence]`: its name, or its start.
    Cadence(bool),
    /// Prose.
    Note,
    /// The day of an entry of the log, by its channel.
    Touch(Channel),
    /// The day on which both connected on a network.
    Connected,
    /// People who belong to them, `spouse` where the column says so.
    Related(Option<String>),
    /// Any other key.
    Custom(String),
    /// Any other key, whose value is a day.
    CustomDay(String),
    /// Nowhere, since a notebook has no place for it: `photo`.
    Aside(&'static str),
}

/// A part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Full,
    Prefix,
    First,
    Middle,
    Last,
    Suffix,
    Nickname,
    /// Under what an address book files them: a name where there is no other.
    FiledAs,
}

/// A key of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text {
    Company,
    Role,
    Source,
    Uid,
    ReferredBy,
    HotButton,
    Timezone,
}

/// A key of several texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    Links,
    Tags,
    Needs,
    Aliases,
}

/// A part of an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressPart {
    Whole,
    PoBox,
    Extended,
    Street,
    City,
    Region,
    Postcode,
    Country,
}

/// A key of `[prefers]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Prefers {
    Channel,
    Hours,
    Every,
    Permission,
}

/// A key of `[next]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    On,
    Via,
    Why,
    Promised,
    Asked,
}

/// A key of `[away]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Away {
    From,
    Until,
    Why,
}

/// The keys that are one word each, and what they mean. Those that stand for the same have their own name first.
const WORDS: &[(&str, Target)] = &[
    ("-", Target::Nothing),
    ("name", Target::Name(Part::Full)),
    ("prefix", Target::Name(Part::Prefix)),
    ("first", Target::Name(Part::First)),
    ("middle", Target::Name(Part::Middle)),
    ("last", Target::Name(Part::Last)),
    ("suffix", Target::Name(Part::Suffix)),
    ("nickname", Target::Name(Part::Nickname)),
    ("filed_as", Target::Name(Part::FiledAs)),
    ("kind", Target::Kind),
    ("uid", Target::Text(Text::Uid)),
    ("company", Target::Text(Text::Company)),
    ("role", Target::Text(Text::Role)),
    ("source", Target::Text(Text::Source)),
    ("referred_by", Target::Text(Text::ReferredBy)),
    ("hot_button", Target::Text(Text::HotButton)),
    ("timezone", Target::Text(Text::Timezone)),
    ("email", Target::Email(None)),
    ("phone", Target::Phone(None)),
    ("links", Target::List(List::Links)),
    ("link", Target::List(List::Links)),
    ("tags", Target::List(List::Tags)),
    ("tag", Target::List(List::Tags)),
    ("needs", Target::List(List::Needs)),
    ("need", Target::List(List::Needs)),
    ("aliases", Target::List(List::Aliases)),
    ("value", Target::Value),
    ("value.currency", Target::Currency),
    ("owner", Target::Owner),
    ("stage", Target::Stage),
    ("added", Target::Added),
    ("note", Target::Note),
    ("notes", Target::Note),
    ("touch", Target::Touch(Channel::Email)),
    ("related", Target::Related(None)),
    ("prefers.channel", Target::Prefers(Prefers::Channel)),
    ("prefers.hours", Target::Prefers(Prefers::Hours)),
    ("prefers.every", Target::Prefers(Prefers::Every)),
    ("prefers.permission", Target::Prefers(Prefers::Permission)),
    ("next.on", Target::Next(Next::On)),
    ("next.via", Target::Next(Next::Via)),
    ("next.why", Target::Next(Next::Why)),
    ("next.promised", Target::Next(Next::Promised)),
    ("next.asked", Target::Next(Next::Asked)),
    ("away.from", Target::Away(Away::From)),
    ("away.until", Target::Away(Away::Until)),
    ("away.why", Target::Away(Away::Why)),
    ("cadence.name", Target::Cadence(false)),
    ("cadence.start", Target::Cadence(true)),
    ("connected", Target::Connected),
];

/// Keys of the front matter that no column can be, since they are tables or the program's own.
const TABLES: [&str; 8] = ["dates", "prefers", "next", "away", "cadence", "conflict", "vcard", "id"];

/// The parts of an address as they are written behind `address.`.
const ADDRESS: [(&str, AddressPart); 7] = [
    ("po_box", AddressPart::PoBox),
    ("extended", AddressPart::Extended),
    ("street", AddressPart::Street),
    ("city", AddressPart::City),
    ("region", AddressPart::Region),
    ("postcode", AddressPart::Postcode),
    ("country", AddressPart::Country),
];

impl Key {
    /// The key of that name; a name that is none is a key of the user's own.
    ///
    /// # Errors
    /// Where nothing of a column's can stand there: `next`, which is a table.
    pub fn parse(name: &str) -> Result<Key, String> {
        let name = name.trim();
        let lower = name.to_lowercase();
        if let Some((_, target)) = WORDS.iter().find(|(word, _)| *word == lower) {
            return Ok(Key { written: lower, target: target.clone() });
        }
        if lower.is_empty() {
            return Err("a key is missing".to_owned());
        }
        if TABLES.contains(&lower.as_str()) {
            return Err(format!("\"{lower}\" cannot be taken from a column"));
        }
        let target = match lower.split_once('.') {
            Some(("dates", day)) if !slug(day).is_empty() => Target::Day(slug(day)),
            Some(("day", own)) if !slug(own).is_empty() => Target::CustomDay(slug(own)),
            Some(("touch", channel)) => Target::Touch(Channel::from_name(channel)),
            Some(("email", kind)) => Target::Email(Some(kind.to_owned())),
            Some(("phone", kind)) => Target::Phone(Some(kind.to_owned())),
            Some(("related", kind)) => Target::Related(Some(kind.to_owned())),
            None if lower == "address" => Target::Address(String::new(), AddressPart::Whole),
            Some(("address", part)) => address(part)?,
            Some((table, _)) if TABLES.contains(&table) => {
                return Err(format!("there is no key \"{lower}\""));
            }
            _ => {
                let custom = slug(name);
                if custom.is_empty() {
                    return Err(format!("\"{name}\" is no key"));
                }
                return Ok(Key { written: custom.clone(), target: Target::Custom(custom) });
            }
        };
        Ok(Key { written: lower, target })
    }

    /// A key of one of the program's own tables, which are without mistakes.
    pub(super) fn known(name: &str) -> Key {
        Key::parse(name).unwrap_or_else(|_| Key::nothing())
    }

    /// That key, written so.
    pub(super) fn of(written: impl Into<String>, target: Target) -> Key {
        Key { written: written.into(), target }
    }

    /// The key of the user's own that is named after a column, and is no other one.
    pub fn named_after(column: &str) -> Key {
        let slug = match slug(column) {
            slug if slug.is_empty() => "column".to_owned(),
            slug => slug,
        };
        let is_free = matches!(Key::parse(&slug), Ok(Key { target: Target::Custom(_), .. }));
        let custom = if is_free { slug } else { format!("{slug}_column") };
        Key { written: custom.clone(), target: Target::Custom(custom) }
    }

    /// A column that is left out.
    pub fn nothing() -> Key {
        Key { written: "-".to_owned(), target: Target::Nothing }
    }

    /// Where in a contact it ends up: parts of a name in `name`, days of touches in `log`. None where it is left out.
    pub fn place(&self) -> Option<&str> {
        match &self.target {
            Target::Nothing | Target::Aside(_) => None,
            Target::Name(Part::Nickname) => Some("nickname"),
            Target::Name(_) => Some("name"),
            Target::Touch(_) | Target::Connected => Some("log"),
            Target::Email(_) => Some("email"),
            Target::Phone(_) => Some("phone"),
            Target::Address(..) => Some("address"),
            Target::Related(_) => Some("related"),
            Target::Currency => Some("value"),
            Target::CustomDay(own) => Some(own),
            Target::List(List::Tags) => Some("tags"),
            Target::List(List::Links) => Some("links"),
            Target::List(List::Needs) => Some("needs"),
            _ => Some(&self.written),
        }
    }

    /// Every key that is one of the format's, as `--map` takes it.
    pub fn words() -> impl Iterator<Item = &'static str> {
        WORDS.iter().map(|(word, _)| *word)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// `city`, `home`, `home.city`.
fn address(written: &str) -> Result<Target, String> {
    let part_of = |name: &str| ADDRESS.iter().find(|(word, _)| *word == name).map(|(_, part)| *part);
    let (kind, part) = match written.split_once('.') {
        Some((kind, part)) => (kind, part_of(part)),
        None => match part_of(written) {
            Some(part) => ("", Some(part)),
            None => (written, Some(AddressPart::Whole)),
        },
    };
    let part = part.ok_or_else(|| {
        let known: Vec<&str> = ADDRESS.iter().map(|(word, _)| *word).collect();
        format!("\"address.{written}\" is no part of an address, which has {}", known.join(", "))
    })?;
    Ok(Target::Address(kind.to_owned(), part))
}

/// The words as a key: lower case, without accents, `_` for all that is no letter or digit.
pub fn slug(words: &str) -> String {
    let folded = fold(words);
    let parts: Vec<&str> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_by_name() {
        for (name, written, target) in [
            ("name", "name", Target::Name(Part::Full)),
            (" Email ", "email", Target::Email(None)),
            ("phone.work", "phone.work", Target::Phone(Some("work".to_owned()))),
            ("dates.Wedding Day", "dates.wedding day", Target::Day("wedding_day".to_owned())),
            ("address", "address", Target::Address(String::new(), AddressPart::Whole)),
            ("address.city", "address.city", Target::Address(String::new(), AddressPart::City)),
            ("address.home", "address.home", Target::Address("home".to_owned(), AddressPart::Whole)),
            ("address.home.city", "address.home.city", Target::Address("home".to_owned(), AddressPart::City)),
            ("touch.phone", "touch.phone", Target::Touch(Channel::Phone)),
            ("tag", "tag", Target::List(List::Tags)),
            ("Shoe size", "shoe_size", Target::Custom("shoe_size".to_owned())),
            ("Größe (cm)", "grosse_cm", Target::Custom("grosse_cm".to_owned())),
        ] {
            let key = Key::parse(name).unwrap();
            assert_eq!((key.to_string().as_str(), &key.target), (written, &target), "{name}");
        }
        for (name, why) in [
            ("", "a key is missing"),
            ("next", "\"next\" cannot be taken from a column"),
            ("next.who", "there is no key \"next.who\""),
            ("dates.!", "there is no key \"dates.!\""),
            ("!", "\"!\" is no key"),
        ] {
            assert_eq!(Key::parse(name).unwrap_err(), why, "{name}");
        }
        let why = Key::parse("address.home.planet").unwrap_err();
        assert!(why.starts_with("\"address.home.planet\" is no part of an address"), "{why}");
    }

    #[test]
    fn columns_give_keys_that_are_no_others() {
        for (column, key) in
            [("Shoe size", "shoe_size"), ("Next", "next_column"), ("Last", "last_column"), ("%", "column")]
        {
            assert_eq!(Key::named_after(column).to_string(), key);
        }
    }

    #[test]
    fn every_word_is_what_it_says() {
        for word in Key::words() {
            assert_eq!(Key::parse(word).unwrap().to_string(), word);
        }
    }
}
