//! A card made ready: its values cleaned and looked up, what it is known by, and the text that it has as a new contact.

use super::known::{Keys, Known};
use super::said::{Path, said};
use super::{Desk, Rules, value};
use crate::contact::{ContactKind, Head, Value};
use crate::exchange::{Card, Touch};
use crate::file::edit::{self, NewEntry};
use crate::file::{MOST_BYTES, one_line, parse};
use crate::identity;
use crate::settings::Settings;

/// The longest value that is taken, in bytes: 64 KiB, of which no name or number comes near.
const LONGEST: usize = 64 << 10;

/// A card made ready.
pub struct Prepared {
    pub head: Head,
    pub notes: Vec<String>,
    pub touches: Vec<Touch>,
    /// What a new contact is called.
    pub name: String,
    pub keys: Keys,
    /// The id that it has in another notebook.
    pub id: Option<String>,
    /// The ids that it had there before.
    pub aliases: Vec<String>,
    /// What it says beside the log, Markdown.
    pub prose: Option<String>,
    /// What this notebook does not know, and why the card cannot be taken where that is news.
    pub doubts: Vec<(Path, String)>,
    /// What it says, key by key.
    pub said: Vec<(Path, Value)>,
    /// The `uid` that it has as a new contact.
    pub uid: String,
    /// Its text as a new contact; none where that was not worth making.
    pub text: Option<String>,
}

impl Prepared {
    /// Of a card.
    ///
    /// # Errors
    /// Why it cannot be taken.
    pub fn of(
        card: &Card,
        uid: &str,
        rules: &Rules<'_>,
        desk: &Desk<'_>,
        known: &Known,
    ) -> Result<Box<Prepared>, String> {
        let id = card.id.as_ref().map(|id| id.trim().to_owned()).filter(|id| !id.is_empty());
        // A notebook's own sheet says what its files say, to the line.
        let mut head = if id.is_some() { card.head.clone() } else { cleaned(&card.head, rules.country()) };
        let doubts = look_up(&mut head, desk);
        let is_stand_in = head.name.as_deref().is_none_or(|name| stands_in(name, &head));
        let Some(name) = name_of(&head) else { return Err("it does not say who it is".to_owned()) };
        let mut keys = Keys::of(&head, if is_stand_in { "" } else { &name }, rules.country());
        keys.ids.extend(id.clone());
        let said = said(&head);
        for (path, value) in &said {
            if longest(value) > LONGEST {
                return Err(format!("its `{}` is longer than 64 KiB", path.join(".")));
            }
        }
        let texts = card.notes.iter().chain(card.touches.iter().map(|touch| &touch.text));
        if texts.clone().any(|text| text.len() > LONGEST) {
            return Err("a note of it is longer than 64 KiB".to_owned());
        }
        let touches =
            card.touches.iter().map(|touch| Touch { text: one_line(&plain(&touch.text)), ..touch.clone() });
        let head_aliases = head.aliases.clone();
        let mut prepared = Prepared {
            head,
            notes: card.notes.clone(),
            touches: touches.collect(),
            name,
            keys,
            said,
            aliases: if id.is_some() { head_aliases } else { Vec::new() },
            id,
            prose: card.prose.clone(),
            doubts,
            uid: uid.to_owned(),
            text: None,
        };
        if !known.may_be_there(&prepared.keys) && prepared.doubts.is_empty() {
            let id = prepared.id.clone().unwrap_or_default();
            prepared.text = Some(text(&prepared, &id, rules, desk)?);
        }
        Ok(Box::new(prepared))
    }
}

/// The text of the card as a new contact of that id.
///
/// # Errors
/// Why it cannot be written.
pub fn text(card: &Prepared, id: &str, rules: &Rules<'_>, desk: &Desk<'_>) -> Result<String, String> {
    let is_own = card.id.is_some();
    let mut keys = card.said.clone();
    let mut put = |name: &str, value: Option<Value>, replaces: bool| {
        let Some(value) = value else { return };
        match keys.iter_mut().find(|(path, _)| path.len() == 1 && path[0] == name) {
            Some((_, there)) if replaces => *there = value,
            Some(_) => {}
            None => keys.push((vec![name.to_owned()], value)),
        }
    };
    let as_text = |text: &str| Value::Text(text.to_owned());
    put("name", Some(as_text(&card.name)), false);
    if !is_own {
        put("uid", Some(as_text(card.uid.trim())).filter(|_| !card.uid.trim().is_empty()), true);
    }
    let aliases = Value::List(card.aliases.iter().map(|alias| as_text(alias)).collect());
    put("aliases", Some(aliases).filter(|_| !card.aliases.is_empty()), true);
    put("stage", rules.stage.as_deref().map(as_text), false);
    put("owner", rules.owner.as_deref().map(as_text), false);
    put("source", rules.manner.source.map(as_text), false);
    let mut tags = card.head.tags.clone();
    for tag in rules.manner.tags.iter().map(|tag| one_line(tag)) {
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let tags = Value::List(tags.into_iter().map(Value::Text).collect());
    put("tags", Some(tags).filter(|tags| *tags != Value::List(Vec::new())), true);
    let added = if is_own { card.head.added } else { Some(desk.today) };
    put("added", added.map(Value::Date), true);
    let paths: Vec<(Vec<&str>, Value)> =
        keys.iter().map(|(path, value)| (path.iter().map(String::as_str).collect(), value.clone())).collect();
    let keys: Vec<(&[&str], Value)> =
        paths.iter().map(|(path, value)| (path.as_slice(), value.clone())).collect();
    let written = || -> Result<String, edit::EditError> {
        let mut text = edit::new_contact(&keys, None, None, desk.settings)?;
        if let Some(prose) = &card.prose {
            text = edit::add_markdown(&text, prose, desk.settings)?;
        }
        for note in &card.notes {
            text = edit::add_prose(&text, note, desk.settings)?;
        }
        for touch in &card.touches {
            text = edit::add_entry(&text, &entry(touch), desk.settings)?;
        }
        Ok(text)
    };
    let mut text = written().map_err(|error| error.to_string())?;
    if is_own
        && let Ok(unnamed) = edit::unset(&text, &["name"])
        && parse(&unnamed, id, desk.settings).contact.name == card.name
    {
        // Its heading or its id says it, as it did where the sheet is from.
        text = unnamed;
    }
    if text.len() as u64 > MOST_BYTES { Err("it is larger than 4 MiB".to_owned()) } else { Ok(text) }
}

/// The entry of the log that a touch becomes.
pub fn entry(touch: &Touch) -> NewEntry {
    NewEntry {
        date: touch.date,
        time: touch.time,
        channel: touch.channel.clone(),
        words: touch.words,
        who: touch.who.clone(),
        text: touch.text.clone(),
        promises: Vec::new(),
    }
}

/// Whether the name is only there because a card must have one: it is an address, a number, a page, or what the firm is
/// called.
pub fn stands_in(name: &str, head: &Head) -> bool {
    let nickname = head.custom.iter().find(|(key, _)| key == "nickname");
    let is_nickname = nickname.is_some_and(|(_, value)| matches!(value, Value::Text(nick) if nick == name));
    let is_firm = head.kind == ContactKind::Person && head.company.as_deref() == Some(name);
    head.email.iter().any(|email| email == name)
        || head.phone.iter().any(|phone| phone == name)
        || head.links.iter().any(|link| link == name)
        || is_nickname
        || is_firm
}

/// What a new contact is called; none where nothing could tell it from others.
fn name_of(head: &Head) -> Option<String> {
    let email = || head.email.iter().find(|email| identity::email(email).is_some());
    let phone = || head.phone.iter().find(|phone| identity::phone(phone, None).is_some());
    let link = || head.links.iter().find(|link| identity::url(link).is_some());
    let named = head.name.as_ref().or(head.company.as_ref());
    named.or_else(email).or_else(phone).or_else(link).cloned()
}

/// The values as they can stand in a notebook: on one line, each once, without blank ones.
fn cleaned(head: &Head, country: Option<&str>) -> Head {
    let text = |text: &Option<String>| {
        text.as_deref().map(|text| one_line(&plain(text))).filter(|text| !text.is_empty())
    };
    let list = |items: &[String], key: &dyn Fn(&str) -> Option<String>| {
        let mut kept: Vec<String> = Vec::with_capacity(items.len());
        for item in items.iter().map(|item| one_line(&plain(item))).filter(|item| !item.is_empty()) {
            let is_there =
                |other: &String| *other == item || key(other).is_some() && key(other) == key(&item);
            if !kept.iter().any(is_there) {
                kept.push(item);
            }
        }
        kept
    };
    let custom = head.custom.iter().map(|(key, value)| (one_line(&plain(key)), value.clone()));
    Head {
        name: text(&head.name),
        uid: text(&head.uid),
        company: text(&head.company),
        role: text(&head.role),
        source: text(&head.source),
        address: text(&head.address),
        email: list(&head.email, &identity::email),
        phone: list(&head.phone, &|number| identity::phone(number, country)),
        links: list(&head.links, &identity::url),
        tags: list(&head.tags, &|tag| Some(identity::name(tag))),
        needs: list(&head.needs, &|_| None),
        owner: text(&head.owner),
        stage: text(&head.stage),
        referred_by: text(&head.referred_by),
        hot_button: text(&head.hot_button),
        timezone: text(&head.timezone),
        custom: custom.filter(|(key, _)| !key.is_empty()).collect(),
        ..head.clone()
    }
}

/// Without characters that steer a terminal.
fn plain(text: &str) -> String {
    if !text.contains(|c: char| c.is_control() && !c.is_whitespace()) {
        return text.to_owned();
    }
    text.chars().filter(|c| !c.is_control() || c.is_whitespace()).collect()
}

/// Makes the words that must be the notebook's own those that it has; gives those that it has not, and what to say of
/// them.
fn look_up(head: &mut Head, desk: &Desk<'_>) -> Vec<(Path, String)> {
    let mut doubts = Vec::new();
    let mut doubt = |path: &[&str], why: String| {
        doubts.push((path.iter().map(|name| (*name).to_owned()).collect::<Path>(), why));
    };
    if let Some(stage) = &head.stage {
        match value::stage(stage, desk) {
            Ok(stage) => head.stage = Some(stage),
            Err(refusal) => doubt(&["stage"], refusal.to_string()),
        }
    }
    if let Some(owner) = &head.owner {
        match member(owner, desk.settings) {
            Some(handle) => head.owner = Some(handle),
            None => doubt(&["owner"], format!("its owner \"{owner}\" is nobody in the team")),
        }
    }
    if let Some(zone) = &head.timezone
        && zone.parse::<chrono_tz::Tz>().is_err()
    {
        doubt(&["timezone"], format!("\"{zone}\" is no time zone"));
    }
    let via = head.next.iter().filter_map(|next| next.via.as_ref()).map(|via| (["next", "via"], via));
    let channels = head.prefers.channel.iter().map(|channel| (["prefers", "channel"], channel));
    for (path, channel) in channels.chain(via) {
        if !desk.settings.knows_channel(channel) {
            doubt(&path, format!("\"{channel}\" is no channel of this notebook"));
        }
    }
    doubts
}

/// The handle of the team member that somebody else's program calls so: by handle, name or email.
fn member(owner: &str, settings: &Settings) -> Option<String> {
    let (handle, name, email) =
        (owner.trim_start_matches('@'), identity::name(owner), identity::email(owner));
    let is = |member: &&crate::settings::Member| {
        member.handle.eq_ignore_ascii_case(handle)
            || member.name.as_deref().is_some_and(|other| identity::name(other) == name)
            || email.is_some() && member.email.iter().any(|other| identity::email(other) == email)
    };
    settings.team.iter().find(is).map(|member| member.handle.clone())
}

/// The length of the longest text in a value.
fn longest(value: &Value) -> usize {
    match value {
        Value::Text(text) | Value::DateTime(text) => text.len(),
        Value::List(items) => items.iter().map(longest).max().unwrap_or_default(),
        Value::Table(items) => items.iter().map(|(_, item)| longest(item)).max().unwrap_or_default(),
        _ => 0,
    }
}
