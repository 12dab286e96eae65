//! A key and its value as they are typed: `stage=nurture`, `tags+=vip`, `prefers.every="3 months"` (format, section 2).

use std::str::FromStr;

use super::log::{known_channel, known_handle};
use super::{Desk, Refusal, next};
use crate::contact::{Channel, Value};
use crate::date::When;
use crate::english::{self, Lean};
use crate::file::{KEYS, known_subkeys, one_slip_from};
use crate::period::Period;
use crate::problem::nearest;

/// What becomes of one key.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The way to the key: `next`, `on`.
    pub key: Vec<String>,
    /// What is done to it.
    pub change: ValueChange,
}

/// What is done to a value.
#[derive(Debug, Clone, PartialEq)]
pub enum ValueChange {
    /// It becomes this.
    Set(Value),
    /// It goes.
    Unset,
    /// These come into the list.
    Add(Vec<String>),
    /// These go from the list.
    Remove(Vec<String>),
}

impl Assignment {
    /// Reads `KEY=VALUE`, `KEY=` (the key goes), `KEY+=ITEM` or `KEY-=ITEM` (of a list).
    ///
    /// # Errors
    /// Where it has another shape, the key is nearly a known one, or the value does not fit the key.
    pub fn read(text: &str, desk: &Desk<'_>) -> Result<Assignment, Refusal> {
        let example = "such as `stage=nurture`, `tags+=vip`, or `hot_button=` to take it away";
        let Some((name, value)) = text.split_once('=') else {
            return Err(Refusal::usage(format!("\"{text}\" is no KEY=VALUE")).hint(example));
        };
        let (name, sign) = match name.strip_suffix(['+', '-']) {
            Some(bare) => (bare, name.chars().last()),
            None => (name, None),
        };
        let key: Vec<String> = name.trim().split('.').map(|part| part.trim().to_owned()).collect();
        if key.iter().any(String::is_empty) {
            return Err(Refusal::usage(format!("\"{text}\" names no key")).hint(example));
        }
        is_known_or_new(&key)?;
        let value = value.trim();
        let kind = kind(&key);
        let change = match sign {
            None if value.is_empty() => ValueChange::Unset,
            None => ValueChange::Set(read_value(&key, kind, value, desk)?),
            Some(sign) => {
                if kind != Kind::List && kind != Kind::Channels && kind != Kind::Custom {
                    let message =
                        format!("`{name}` is no list, so nothing can be added to it or taken from it");
                    return Err(Refusal::usage(message).hint(format!("write `{name}={value}`")));
                }
                let items = items(value);
                if items.is_empty() {
                    return Err(Refusal::usage(format!("\"{text}\" names nothing to add or take")));
                }
                if sign == '+' { ValueChange::Add(items) } else { ValueChange::Remove(items) }
            }
        };
        Ok(Assignment { key, change })
    }

    /// The key as one text.
    pub fn name(&self) -> String {
        self.key.join(".")
    }

    /// `stage nurture`, `tags with vip`, `hot_button removed`.
    pub fn said(&self) -> String {
        let name = self.name();
        match &self.change {
            ValueChange::Set(value) => format!("{name} {value}"),
            ValueChange::Unset => format!("{name} removed"),
            ValueChange::Add(items) => format!("{name} with {}", items.join(" and ")),
            ValueChange::Remove(items) => format!("{name} without {}", items.join(" and ")),
        }
    }
}

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    List,
    Channels,
    Date(Lean),
    When,
    Boolean,
    Period,
    Money,
    Stage,
    Handle,
    Channel,
    OfContact,
    Zone,
    Cadence,
    Custom,
    /// A table cannot be set as a whole.
    Table,
}

fn kind(key: &[String]) -> Kind {
    let parts: Vec<&str> = key.iter().map(String::as_str).collect();
    match parts.as_slice() {
        ["aliases" | "email" | "phone" | "links" | "tags" | "needs"] => Kind::List,
        ["prefers", "channel"] => Kind::Channels,
        ["added"] | ["dates", _] | ["cadence", "start"] => Kind::Date(Lean::Past),
        ["away", "from" | "until"] => Kind::Date(Lean::Future),
        ["next", "on"] => Kind::When,
        ["next", "promised" | "asked"] => Kind::Boolean,
        ["prefers", "every"] => Kind::Period,
        ["value"] => Kind::Money,
        ["stage"] => Kind::Stage,
        ["owner"] => Kind::Handle,
        ["next", "via"] => Kind::Channel,
        ["kind"] => Kind::OfContact,
        ["timezone"] => Kind::Zone,
        ["cadence", "name"] => Kind::Cadence,
        ["prefers" | "next" | "away" | "cadence" | "dates" | "conflict"] => Kind::Table,
        [key] if KEYS.contains(key) => Kind::Text,
        ["prefers", "hours" | "permission"] | ["next" | "away", "why"] => Kind::Text,
        _ => Kind::Custom,
    }
}

/// A key that the format does not know may be anybody's own, but not a slip of the pen for one that it does.
fn is_known_or_new(key: &[String]) -> Result<(), Refusal> {
    let (name, known): (&str, Vec<&str>) = match key {
        [name] => (name, KEYS.to_vec()),
        [table, name] => match known_subkeys(table) {
            [] => (table, KEYS.to_vec()),
            known => (name, known.to_vec()),
        },
        _ => return Ok(()),
    };
    if known.contains(&name) {
        return Ok(());
    }
    match one_slip_from(name, &known) {
        Some(meant) => {
            let refusal = Refusal::usage(format!("there is no key `{name}`"));
            Err(refusal.hint(format!(
                "did you mean `{meant}`? a key of your own is best called something less like it"
            )))
        }
        None => Ok(()),
    }
}

/// The items of a list, by commas.
fn items(text: &str) -> Vec<String> {
    text.split(',').map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

fn read_value(key: &[String], kind: Kind, text: &str, desk: &Desk<'_>) -> Result<Value, Refusal> {
    let name = key.join(".");
    let wrong = |wanted: &str| Refusal::usage(format!("`{name}` must be {wanted}, but this is \"{text}\""));
    let texts = |items: Vec<String>| Value::List(items.into_iter().map(Value::Text).collect());
    match kind {
        Kind::Text => Ok(Value::Text(text.to_owned())),
        Kind::List => Ok(texts(items(text))),
        Kind::Channels => {
            let channels = items(text);
            channels.iter().try_for_each(|name| known_channel(&Channel::from_name(name), desk))?;
            Ok(texts(channels))
        }
        Kind::Channel => {
            let channel = Channel::from_name(text);
            known_channel(&channel, desk).map(|()| Value::Text(channel.to_string()))
        }
        Kind::Date(lean) => read_day(&name, text, lean, desk).map(|when| Value::Date(when.date)),
        Kind::When => read_day(&name, text, Lean::Future, desk).map(next::on),
        Kind::Boolean => match text.to_lowercase().as_str() {
            "true" | "yes" => Ok(Value::Boolean(true)),
            "false" | "no" => Ok(Value::Boolean(false)),
            _ => Err(wrong("true or false")),
        },
        Kind::Period => match Period::from_str(text) {
            Ok(period) => Ok(Value::Text(period.written().to_owned())),
            Err(error) => Err(Refusal::usage(format!("`{name}`: {error}"))
                .hint("a period is a number and a unit, such as \"3 months\" or 10d")),
        },
        Kind::Money => money(text)
            .ok_or_else(|| wrong("an amount").hint("such as `value=25000` or `value=\"25000 EUR\"`")),
        Kind::Stage => stage(text, desk).map(Value::Text),
        Kind::Handle => {
            let handle = text.trim_start_matches('@');
            known_handle(handle, desk).map(|()| Value::Text(handle.to_owned()))
        }
        Kind::OfContact => match text {
            "person" | "org" => Ok(Value::Text(text.to_owned())),
            _ => Err(wrong("`person` or `org`")),
        },
        Kind::Zone => match text.parse::<chrono_tz::Tz>() {
            Ok(zone) => Ok(Value::Text(zone.name().to_owned())),
            Err(_) => Err(wrong("the name of a time zone").hint(zone_hint(text))),
        },
        Kind::Cadence => cadence(text, desk).map(Value::Text),
        Kind::Custom => Ok(custom(text)),
        Kind::Table => Err(Refusal::usage(format!("`{name}` is a table"))
            .hint(format!("set what is in it, such as `{}`", example_of(&name)))),
    }
}

fn zone_hint(text: &str) -> String {
    let wanted = text.replace(' ', "_");
    let last = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
    let zones = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
    let same = zones().find(|name| last(name).eq_ignore_ascii_case(&wanted));
    match same.or_else(|| nearest(&wanted, zones())).or_else(|| {
        let near = nearest(&wanted, zones().map(last))?;
        zones().find(|name| last(name) == near)
    }) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "such as Europe/Berlin or America/New_York".to_owned(),
    }
}

fn example_of(table: &str) -> &'static str {
    match table {
        "prefers" => "prefers.every=\"3 months\"",
        "next" => "next.on=friday",
        "away" => "away.until=\"5 jan\"",
        "cadence" => "cadence.name=new-lead",
        "dates" => "dates.birthday=1980-05-12",
        _ => "city=Paris",
    }
}

fn read_day(name: &str, text: &str, lean: Lean, desk: &Desk<'_>) -> Result<When, Refusal> {
    english::read(text, lean, &desk.now()).map_err(|misread| Refusal::misread(&format!("`{name}`"), &misread))
}

/// `25000`, `25k`, `25000 EUR`.
fn money(text: &str) -> Option<Value> {
    let plain = text.replace(['_', ','], "");
    let (number, currency) = match plain.split_once(char::is_whitespace) {
        Some((number, currency)) => (number.to_owned(), Some(currency.trim().to_owned())),
        None => (plain, None),
    };
    let (digits, thousand) = match number.strip_suffix(['k', 'K']) {
        Some(digits) => (digits.to_owned(), 1000.0),
        None => (number, 1.0),
    };
    let amount = digits.parse::<f64>().ok().filter(|amount| amount.is_finite())? * thousand;
    let is_whole = amount.fract() == 0.0 && amount.abs() < 1e15;
    match currency {
        Some(currency) if currency.chars().all(|c| c.is_ascii_alphabetic()) => {
            Some(Value::Text(format!("{amount} {}", currency.to_ascii_uppercase())))
        }
        Some(_) => None,
        None if is_whole => Some(Value::Integer(amount as i64)),
        None => Some(Value::Float(amount)),
    }
}

/// The stage of that name.
pub(super) fn stage(text: &str, desk: &Desk<'_>) -> Result<String, Refusal> {
    let all = || desk.settings.stages.all();
    if let Some(stage) = all().find(|stage| stage.eq_ignore_ascii_case(text)) {
        return Ok(stage.to_owned());
    }
    let refusal = Refusal::usage(format!("there is no stage \"{text}\""));
    Err(match nearest(text, all()) {
        Some(meant) => refusal.hint(format!("did you mean `{meant}`?")),
        None => refusal.hint(format!("the stages are {}", all().collect::<Vec<_>>().join(", "))),
    })
}

/// The cadence of that name.
pub(super) fn cadence(text: &str, desk: &Desk<'_>) -> Result<String, Refusal> {
    let all = || desk.settings.cadences.iter().map(|cadence| cadence.name.as_str());
    if let Some(name) = all().find(|name| name.eq_ignore_ascii_case(text)) {
        return Ok(name.to_owned());
    }
    let refusal = Refusal::usage(format!("there is no cadence \"{text}\""));
    let names: Vec<&str> = all().collect();
    Err(match nearest(text, all()) {
        Some(meant) => refusal.hint(format!("did you mean `{meant}`?")),
        None if names.is_empty() => {
            refusal.hint("cadences stand in tickler.toml, such as `[cadence.new-lead]`")
        }
        None => refusal.hint(format!("the cadences are {}", names.join(", "))),
    })
}

/// A value of somebody's own key: a number, a date, yes or no where it looks like one, else a text.
fn custom(text: &str) -> Value {
    if let Ok(number) = text.parse::<i64>()
        && number.to_string() == text
    {
        return Value::Integer(number);
    }
    if let Ok(number) = text.parse::<f64>()
        && number.is_finite()
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'.' || b == b'-')
        && text.contains('.')
    {
        return Value::Float(number);
    }
    match (text, text.parse::<crate::date::Date>()) {
        ("true", _) => Value::Boolean(true),
        ("false", _) => Value::Boolean(false),
        (_, Ok(date)) => Value::Date(date),
        _ => Value::Text(text.to_owned()),
    }
}
