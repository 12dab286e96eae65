//! The front matter of a contact: TOML to [`Head`] (format, section 2).

use std::ops::Range;

use super::keys::Keys;
use super::toml_value::{self, Item, Table};
use super::{layout::Layout, toml_scan};
use crate::contact::{Away, CadenceRun, Channel, Conflict, ContactKind, Head, Next, Prefers, Value};
use crate::date::{Date, spoken};
use crate::problem::{Position, Problem};
use crate::settings::Settings;

/// The keys that the format knows, at the top of the front matter.
pub const KEYS: [&str; 26] = [
    "name",
    "kind",
    "uid",
    "aliases",
    "company",
    "role",
    "source",
    "address",
    "email",
    "phone",
    "links",
    "tags",
    "needs",
    "owner",
    "stage",
    "value",
    "referred_by",
    "hot_button",
    "timezone",
    "added",
    "prefers",
    "next",
    "away",
    "cadence",
    "conflict",
    "dates",
];
/// Those that may be lists.
pub(super) const LISTS: [&str; 7] = ["aliases", "email", "phone", "links", "tags", "needs", "channel"];
const PREFERS: [&str; 4] = ["channel", "hours", "every", "permission"];
const NEXT: [&str; 5] = ["on", "via", "why", "promised", "asked"];
const AWAY: [&str; 3] = ["from", "until", "why"];
const CADENCE: [&str; 2] = ["name", "start"];
const CONFLICT: [&str; 2] = ["key", "other"];

/// Reads the front matter of the file `text`. The second answer is whether the file is broken (format,
/// section 8).
pub(super) fn read(
    text: &str,
    layout: &Layout,
    settings: &Settings,
    problems: &mut Vec<Problem>,
) -> (Head, bool) {
    if layout.is_unclosed() {
        problems.push(
            Problem::error(Position { line: 1, column: 1 }, "the front matter that begins here never ends")
                .width(3)
                .hint("end it with a line `+++`"),
        );
        return (Head::default(), true);
    }
    let toml = &text[layout.front_matter.clone()];
    let base = layout.front_matter.start;
    let table = match toml_scan::scan(toml) {
        Some(table) => table,
        None => match toml_value::parse(toml) {
            Ok(table) => table,
            Err(not_toml) => {
                let mut keys = Keys::new(text, base, problems);
                let hint = hint_for(toml, &not_toml.span, &not_toml.message);
                keys.error(&not_toml.span, format!("not TOML: {}", not_toml.message), hint);
                return (Head::default(), true);
            }
        },
    };
    let mut keys = Keys::new(text, base, problems);
    let head = head_of(&table, settings, &mut keys);
    (head, keys.wrong_type)
}

/// What most likely went wrong, for the commonest slips.
pub(super) fn hint_for(toml: &str, span: &Range<usize>, message: &str) -> Option<String> {
    let start = toml[..span.start.min(toml.len())].rfind('\n').map_or(0, |at| at + 1);
    let line = toml[start..].lines().next().unwrap_or_default().trim();
    let (key, value) = match line.split_once('=') {
        Some((key, value)) => (key.trim(), value.trim()),
        None => {
            let (key, value) = line.split_once(':')?;
            let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-');
            return is_key.then(|| format!("write `{key} = \"{}\"`", value.trim()));
        }
    };
    if message.contains("duplicate key") {
        return Some(format!("keep one of the two `{key}`"));
    }
    if Date::scan(value.as_bytes()) == Some(None) {
        return Some("write a day that the calendar has".to_owned());
    }
    if let Some(date) = spoken(value, None).filter(|said| said.len == value.len()).and_then(|said| said.date)
    {
        return Some(format!("write `{key} = {date}`"));
    }
    if value.contains(['“', '”', '„']) && value.starts_with(['“', '”', '„', '"', '[']) {
        let straight = value.replace(['“', '”', '„'], "\"");
        return Some(format!("use straight quotes: `{key} = {straight}`"));
    }
    if value.contains(',') && LISTS.contains(&key) && !value.contains(['"', '[', '\'']) {
        let texts: Vec<String> = value.split(',').map(|text| format!("\"{}\"", text.trim())).collect();
        return Some(format!("put texts in quotes: `{key} = [{}]`", texts.join(", ")));
    }
    if value.starts_with(|c: char| c.is_alphabetic()) && !value.contains('"') {
        return Some(format!("put a text in quotes: `{key} = \"{value}\"`"));
    }
    if (value.starts_with('"') || value.starts_with('“')) && value.matches('"').count() == 1 {
        return Some("a text needs a quote at both ends".to_owned());
    }
    None
}

fn head_of(table: &Table<'_>, settings: &Settings, keys: &mut Keys<'_>) -> Head {
    let mut head = Head::default();
    for item in table {
        match &*item.key {
            "name" => head.name = keys.text(item).filter(|name| !name.trim().is_empty()),
            "kind" => head.kind = kind(item, keys),
            "uid" => head.uid = keys.text(item),
            "aliases" => head.aliases = keys.text_list(item),
            "company" => head.company = keys.text(item),
            "role" => head.role = keys.text(item),
            "source" => head.source = keys.text(item),
            "address" => head.address = keys.text(item),
            "email" => head.email = keys.text_list(item),
            "phone" => head.phone = keys.text_list(item),
            "links" => head.links = keys.text_list(item),
            "tags" => head.tags = keys.text_list(item),
            "needs" => head.needs = keys.text_list(item),
            "owner" => head.owner = owner(item, settings, keys),
            "stage" => head.stage = stage(item, settings, keys),
            "value" => head.value = keys.money(item),
            "referred_by" => head.referred_by = keys.text(item),
            "hot_button" => head.hot_button = keys.text(item),
            "timezone" => head.timezone = timezone(item, keys),
            "added" => head.added = keys.date(item),
            "prefers" => {
                if let Some(table) = keys.table(item) {
                    head.prefers = prefers(table, settings, keys, &mut head.custom);
                }
            }
            "next" => {
                if let Some(table) = keys.table(item) {
                    head.next = Some(next(item, table, settings, keys, &mut head.custom));
                }
            }
            "away" => {
                if let Some(table) = keys.table(item) {
                    head.away = Some(away(item, table, keys, &mut head.custom));
                }
            }
            "cadence" => {
                if let Some(table) = keys.table(item) {
                    head.cadence = Some(cadence(item, table, settings, keys, &mut head.custom));
                }
            }
            "conflict" => {
                head.conflicts = keys.tables(item).into_iter().map(|table| conflict(table, keys)).collect();
            }
            "dates" => {
                for item in keys.table(item).into_iter().flatten() {
                    if let Some(date) = keys.date(item) {
                        head.dates.push((item.key.clone().into_owned(), date));
                    }
                }
            }
            _ => custom("", item, &KEYS, keys, &mut head.custom),
        }
    }
    head
}

fn custom(
    prefix: &str,
    item: &Item<'_>,
    known: &[&str],
    keys: &mut Keys<'_>,
    custom: &mut Vec<(String, Value)>,
) {
    keys.unknown(item, known);
    custom.push((format!("{prefix}{}", item.key), item.value.to_value()));
}

fn kind(item: &Item<'_>, keys: &mut Keys<'_>) -> ContactKind {
    match keys.text(item).as_deref() {
        Some("org") => ContactKind::Org,
        Some("person") | None => ContactKind::Person,
        Some(other) => {
            let hint = "write \"person\" or \"org\"; read as a person until then".to_owned();
            keys.error(&item.span, format!("unknown kind `{other}`"), Some(hint));
            ContactKind::Person
        }
    }
}

fn owner(item: &Item<'_>, settings: &Settings, keys: &mut Keys<'_>) -> Option<String> {
    let owner = keys.text(item)?;
    // `@pat` is how the log and promises name people; it means the same here.
    let owner = owner.strip_prefix('@').unwrap_or(&owner).trim().to_owned();
    if owner.is_empty() {
        return None;
    }
    if !settings.team.is_empty() && settings.member(&owner).is_none() {
        keys.not_among(false, &item.span, "owner", &owner, settings.team.iter().map(|m| m.handle.as_str()));
    }
    Some(owner)
}

fn stage(item: &Item<'_>, settings: &Settings, keys: &mut Keys<'_>) -> Option<String> {
    let stage = keys.text(item).filter(|s| !s.is_empty())?;
    if !settings.stages.all().any(|s| s == stage) {
        let all: Vec<&str> = settings.stages.all().collect();
        keys.not_among(true, &item.span, "stage", &stage, all.into_iter());
    }
    Some(stage)
}

fn timezone(item: &Item<'_>, keys: &mut Keys<'_>) -> Option<String> {
    let name = keys.text(item)?;
    check_timezone(&name, &item.span, keys);
    Some(name)
}

pub(super) fn check_timezone(name: &str, span: &Range<usize>, keys: &mut Keys<'_>) {
    if name.parse::<chrono_tz::Tz>().is_err() {
        let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
        let hint = match crate::problem::nearest(name, zones) {
            Some(zone) => format!("did you mean `{zone}`?"),
            None => "write a name such as \"America/Chicago\" or \"Europe/Berlin\"".to_owned(),
        };
        keys.warning(span, format!("unknown time zone `{name}`"), Some(hint));
    }
}

fn check_channel(channel: &Channel, span: &Range<usize>, settings: &Settings, keys: &mut Keys<'_>) {
    if !settings.knows_channel(channel) {
        let all: Vec<&str> = settings.channel_names().collect();
        keys.not_among(false, span, "channel", channel.as_str(), all.into_iter());
    }
}

fn prefers(
    table: &Table<'_>,
    settings: &Settings,
    keys: &mut Keys<'_>,
    other: &mut Vec<(String, Value)>,
) -> Prefers {
    let mut prefers = Prefers::default();
    for item in table {
        match &*item.key {
            "channel" => {
                for (name, span) in keys.texts(item) {
                    let channel = Channel::from_name(&name);
                    check_channel(&channel, &span, settings, keys);
                    prefers.channel.push(channel);
                }
            }
            "hours" => prefers.hours = keys.text(item),
            "every" => prefers.every = keys.period(item),
            "permission" => prefers.permission = keys.text(item),
            _ => custom("prefers.", item, &PREFERS, keys, other),
        }
    }
    prefers
}

fn next(
    whole: &Item<'_>,
    table: &Table<'_>,
    settings: &Settings,
    keys: &mut Keys<'_>,
    other: &mut Vec<(String, Value)>,
) -> Next {
    let mut next = Next::default();
    for item in table {
        match &*item.key {
            "on" => next.on = keys.when(item),
            "via" => {
                next.via = keys.channel(item);
                if let Some(channel) = &next.via {
                    check_channel(channel, &item.span, settings, keys);
                }
            }
            "why" => next.why = keys.text(item),
            "promised" => next.promised = keys.boolean(item),
            "asked" => next.asked = keys.boolean(item),
            _ => custom("next.", item, &NEXT, keys, other),
        }
    }
    needs_key(whole, table, "on", "it will never be due", keys);
    next
}

fn away(whole: &Item<'_>, table: &Table<'_>, keys: &mut Keys<'_>, other: &mut Vec<(String, Value)>) -> Away {
    let mut away = Away::default();
    for item in table {
        match &*item.key {
            "from" => away.from = keys.date(item),
            "until" => away.until = keys.date(item),
            "why" => away.why = keys.text(item),
            _ => custom("away.", item, &AWAY, keys, other),
        }
    }
    needs_key(whole, table, "until", "it changes nothing without its last day", keys);
    if let (Some(from), Some(until)) = (away.from, away.until)
        && until < from
    {
        let message = format!("`away` ends on {until}, before it begins on {from}");
        keys.warning(&whole.key_span, message, None);
    }
    away
}

fn cadence(
    whole: &Item<'_>,
    table: &Table<'_>,
    settings: &Settings,
    keys: &mut Keys<'_>,
    other: &mut Vec<(String, Value)>,
) -> CadenceRun {
    let mut cadence = CadenceRun::default();
    for item in table {
        match &*item.key {
            "name" => {
                cadence.name = keys.text(item);
                if let Some(name) = &cadence.name
                    && settings.cadence(name).is_none()
                {
                    let all = settings.cadences.iter().map(|c| c.name.as_str());
                    keys.not_among(true, &item.span, "cadence", name, all);
                }
            }
            "start" => cadence.start = keys.date(item),
            _ => custom("cadence.", item, &CADENCE, keys, other),
        }
    }
    needs_key(whole, table, "name", "no cadence runs", keys);
    needs_key(whole, table, "start", "no cadence runs", keys);
    cadence
}

fn conflict(table: &Table<'_>, keys: &mut Keys<'_>) -> Conflict {
    let mut conflict = Conflict::default();
    for item in table {
        match &*item.key {
            "key" => conflict.key = keys.text(item).unwrap_or_default(),
            "other" => conflict.other = item.value.to_value(),
            _ => keys.unknown(item, &CONFLICT),
        }
    }
    conflict
}

fn needs_key(whole: &Item<'_>, table: &Table<'_>, key: &str, so: &str, keys: &mut Keys<'_>) {
    if !table.iter().any(|item| item.key == key) {
        let message = format!("`[{}]` has no `{key}`: {so}", whole.key);
        keys.warning(&whole.key_span, message, None);
    }
}

/// Whether a key of a known table would be taken as it stands; for the query language's near misses.
pub fn known_subkeys(table: &str) -> &'static [&'static str] {
    match table {
        "prefers" => &PREFERS,
        "next" => &NEXT,
        "away" => &AWAY,
        "cadence" => &CADENCE,
        _ => &[],
    }
}
