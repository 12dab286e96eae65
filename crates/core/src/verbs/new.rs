//! `new`: a contact.

use super::{Caution, Desk, Draft, Plan, Planned, Refusal, log, name, next, value};
use crate::contact::{Channel, Contact, Value, Words};
use crate::file::edit::{self, NewEntry};
use crate::fold::fold;
use crate::identity;
use crate::notebook::{Parts, Survey};

/// A contact to be.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct New {
    /// The name.
    pub name: String,
    /// The id, where it is not to be made of the name.
    pub id: Option<String>,
    /// `company`.
    pub company: Option<String>,
    /// `email`.
    pub email: Vec<String>,
    /// `phone`.
    pub phone: Vec<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `owner`; whoever is at work where it is not said.
    pub owner: Option<String>,
    /// `stage`.
    pub stage: Option<String>,
    /// `source`.
    pub source: Option<String>,
    /// `referred_by`: a contact's id, or free text.
    pub referred_by: Option<String>,
    /// How we met; the first entry of the log.
    pub met: Option<String>,
    /// The next step.
    pub next: Option<Plan>,
    /// `uid`: what tells this contact from all others, for ever.
    pub uid: String,
    /// Though there is somebody of that name or address already.
    pub force: bool,
}

/// Adds a contact.
///
/// # Errors
/// Where the name makes no file name, somebody has the name or an address already, or an option does not fit.
pub fn new(survey: &Survey<'_>, new: &New, desk: &Desk<'_>) -> Result<Planned, Refusal> {
    let typed = new.name.trim();
    let mut cautions = Vec::new();
    let alike = alike(survey, new);
    if let Some(other) = alike.first() {
        let what = format!("{}, {}", other.name, other.why);
        if !new.force {
            return Err(Refusal::no(format!("there is a contact like that already: {}", other.id))
                .details(
                    alike
                        .iter()
                        .map(|other| format!("  {}  {}, {}", other.id, other.name, other.why))
                        .collect(),
                )
                .hint(
                    "if it is somebody else, say so with `--force`; `tickler edit` opens the one there is",
                ));
        }
        cautions.push(Caution::Other(format!("there is also {} ({what})", other.id)));
    }
    let id = id(survey, new)?;
    let file = survey.home(&id);
    let mut draft = Draft::new(file, start(new, desk)?, id, desk.settings)?;
    if let Some(met) = &new.met {
        let entry = NewEntry {
            date: desk.today,
            time: None,
            channel: Channel::Event,
            words: Words::default(),
            who: None,
            text: met.clone(),
            promises: Vec::new(),
        };
        draft.edit(desk.settings, |text| edit::add_entry(text, &entry, desk.settings))?;
    }
    if let Some(plan) = &new.next {
        cautions.extend(next::apply(&mut draft, plan, desk)?);
    }
    let said = format!("{typed} is {}", draft.file());
    Ok(Planned { cautions, ..Planned::of(draft, "new", format!("new {typed}"), said) })
}

/// The text of the file without its log's entries.
fn start(new: &New, desk: &Desk<'_>) -> Result<String, Refusal> {
    let text = |text: &String| Value::Text(text.trim().to_owned());
    let list = |items: &[String]| (!items.is_empty()).then(|| Value::List(items.iter().map(text).collect()));
    let owner = match &new.owner {
        Some(owner) => {
            let handle = owner.trim_start_matches('@');
            log::known_handle(handle, desk)?;
            Some(handle.to_owned())
        }
        None => desk.me.filter(|me| desk.settings.member(me).is_some()).map(str::to_owned),
    };
    let stage = new.stage.as_ref().map(|stage| value::stage(stage, desk)).transpose()?;
    let keys = [
        ("name", Some(text(&new.name))),
        ("uid", (!new.uid.is_empty()).then(|| text(&new.uid))),
        ("company", new.company.as_ref().map(text)),
        ("source", new.source.as_ref().map(text)),
        ("email", list(&new.email)),
        ("phone", list(&new.phone)),
        ("tags", list(&new.tags)),
        ("owner", owner.as_ref().map(text)),
        ("stage", stage.as_ref().map(text)),
        ("referred_by", new.referred_by.as_ref().map(text)),
        ("added", Some(Value::Date(desk.today))),
    ];
    let mut source = "+++\n+++\n\n## Log\n".to_owned();
    for (key, value) in keys {
        if let Some(value) = value {
            source = edit::set(&source, &[key], &value).map_err(|error| Refusal::edit(&new.name, error))?;
        }
    }
    Ok(source)
}

/// An id that nobody has.
fn id(survey: &Survey<'_>, new: &New) -> Result<String, Refusal> {
    let taken = taken(survey);
    if let Some(id) = &new.id {
        if let Some(why) = name::unfit(id) {
            return Err(Refusal::usage(format!("\"{id}\" makes no file name: {why}")));
        }
        if taken(id) {
            return Err(Refusal::no(format!("there is a \"{id}\" already")).hint("take another id"));
        }
        return Ok(id.clone());
    }
    let Some(id) = name::id_of(&new.name) else {
        let refusal = Refusal::usage(format!("\"{}\" has no letter that could name a file", new.name));
        return Err(refusal.hint("say what to call the file: `--id jane-doe`"));
    };
    let numbered = (2..).map(|n| format!("{id}-{n}"));
    std::iter::once(id.clone())
        .chain(numbered)
        .find(|id| !taken(id))
        .ok_or_else(|| Refusal::no("no id is left"))
}

/// Whether an id is somebody's, case and accents aside, or was.
pub(super) fn taken(survey: &Survey<'_>) -> impl Fn(&str) -> bool {
    let ids: std::collections::HashSet<String> = survey
        .search(Parts::HEAD, |row, contact| {
            let aliases = contact.head.aliases.iter().map(|alias| fold(alias).into_owned());
            let stem = row.id.rsplit('/').next().unwrap_or(&row.id);
            Some(aliases.chain([fold(stem).into_owned()]).collect::<Vec<_>>())
        })
        .into_iter()
        .flatten()
        .collect();
    move |id: &str| ids.contains(&*fold(id))
}

/// Somebody who may be the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// What both have: an address, or where they work.
    pub why: String,
}

/// Those who have the name at the same company, or an address.
pub fn alike(survey: &Survey<'_>, new: &New) -> Vec<Alike> {
    let name = fold(new.name.trim()).into_owned();
    let country = survey.notebook().settings().country.as_deref();
    let phones: Vec<String> = new.phone.iter().filter_map(|typed| identity::phone(typed, country)).collect();
    let emails: Vec<String> = new.email.iter().filter_map(|typed| identity::email(typed)).collect();
    let why = |contact: &Contact| -> Option<String> {
        let head = &contact.head;
        let is_email = |email: &&String| identity::email(email).is_some_and(|key| emails.contains(&key));
        if let Some(same) = head.email.iter().find(is_email) {
            return Some(format!("email {same}"));
        }
        let is_phone = |phone: &&String| {
            let key = identity::phone(phone, country);
            key.is_some_and(|key| phones.iter().any(|typed| identity::same_phone(typed, &key)))
        };
        if let Some(same) = head.phone.iter().find(is_phone) {
            return Some(format!("phone {same}"));
        }
        let company = |company: &Option<String>| company.as_deref().map(|c| fold(c.trim()).into_owned());
        let apart = matches!((company(&head.company), company(&new.company)), (Some(a), Some(b)) if a != b);
        (*fold(contact.name.trim()) == name && !apart)
            .then(|| head.company.clone().unwrap_or_else(|| "of the same name".to_owned()))
    };
    survey.search(Parts::HEAD, |row, contact| {
        why(contact).map(|why| Alike { id: row.id.to_string(), name: contact.name.clone(), why })
    })
}
