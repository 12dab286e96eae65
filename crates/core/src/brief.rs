//! The page to have before a call: everything that helps to talk with one contact now (CLI contract, `brief`).

mod moment;
mod promises;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::contact::{Channel, Contact, ContactKind, LinkTarget, Value};
use crate::date::{Date, Time};
use crate::follow_up::{Assessment, Kind, Obligation};
use crate::settings::{Settings, StageGroup};
use crate::ties::{Neighbour, Tie, Touch};

pub use moment::{Moment, Verdict};
pub use promises::{OpenPromise, together};

/// How many touches are told.
const TOUCHES: usize = 3;

/// All that a brief is gathered from.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// Who it is about.
    pub contact: &'a Contact,
    /// The notebook's settings.
    pub settings: &'a Settings,
    /// The user's local date.
    pub today: Date,
    /// This moment.
    pub now: DateTime<Utc>,
    /// What the rules say of the contact today.
    pub assessment: &'a Assessment,
    /// Who knows them, those that help most first.
    pub neighbours: &'a [Neighbour],
    /// The reasons that hold today and were not used with them yet.
    pub reasons: &'a [String],
}

/// What to know before getting in touch.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Brief {
    /// The contact's id.
    pub id: String,
    /// Their name.
    pub name: String,
    /// A person or an organisation.
    pub kind: ContactKind,
    /// `role`.
    pub role: Option<String>,
    /// `company`.
    pub company: Option<String>,
    /// `email`.
    pub email: Vec<String>,
    /// `phone`.
    pub phone: Vec<String>,
    /// `address`.
    pub address: Option<String>,
    /// Where they are, what time it is there, and whether that is a good time.
    pub moment: Moment,
    /// The stage; without one of their own, the first open one.
    pub stage: String,
    /// What they are worth.
    pub value: Option<Worth>,
    /// Whose they are.
    pub owner: Option<String>,
    /// The owner's name, where the team has one.
    pub owner_name: Option<String>,
    /// Their primary interest.
    pub hot_button: Option<String>,
    /// What they need.
    pub needs: Vec<String>,
    /// The channels they like, best first.
    pub channels: Vec<Channel>,
    /// How often they like to hear from us, as written.
    pub every: Option<String>,
    /// What they said about being contacted.
    pub permission: Option<String>,
    /// The last touches, newest first; three at most.
    pub touches: Vec<Touch>,
    /// The last day on which we reached them.
    pub reached: Option<Date>,
    /// How many out touches since then went unanswered.
    pub unanswered: u32,
    /// What we promised and have not done, longest overdue first.
    pub ours: Vec<OpenPromise>,
    /// What they promised and have not done, longest overdue first.
    pub theirs: Vec<OpenPromise>,
    /// The material that they were sent, newest first.
    pub sent: Vec<Material>,
    /// `referred_by`, where it is no contact of the notebook.
    pub referred_by: Option<String>,
    /// Who knows them, those that help most first.
    pub neighbours: Vec<Neighbour>,
    /// What is to be done first.
    pub follow_up: Option<Todo>,
    /// What else is to be done.
    pub also: Vec<Todo>,
    /// Reasons that hold today and were not used with them yet.
    pub reasons: Vec<String>,
    /// Where they have not done what they promised: the question to do it together now.
    pub together: Vec<String>,
    /// What to be careful about, and what is missing.
    pub cautions: Vec<Caution>,
}

/// What a contact is worth, with its currency.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Worth {
    /// How much; a whole number is written as one.
    #[serde(serialize_with = "crate::contact::serialize_amount")]
    pub amount: f64,
    /// The currency, the notebook's where none is written.
    pub currency: String,
}

/// Something that was sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Material {
    /// What it was called.
    pub text: String,
    /// Its path from the notebook's root.
    pub file: String,
    /// The last day on which it was sent.
    pub sent: Date,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Todo {
    /// What made it.
    pub kind: Kind,
    /// The day; none for a promise that nothing dates.
    pub date: Option<Date>,
    /// The time of that day.
    pub time: Option<Time>,
    /// Days from that day to today; negative for what is still to come.
    pub days_overdue: Option<i64>,
    /// By what.
    pub via: Option<Channel>,
    /// Why, Markdown as written.
    pub why: Option<String>,
    /// Whose it is.
    pub assignee: Option<String>,
    /// What to know before acting on it: `asked`, `moved-away`, `patience`, `promised`.
    pub flags: Vec<&'static str>,
}

impl Todo {
    fn of(obligation: &Obligation, today: Date) -> Todo {
        Todo {
            kind: obligation.kind,
            date: obligation.date,
            time: obligation.time,
            days_overdue: obligation.date.map(|date| today.days_since(date)),
            via: obligation.via.clone(),
            why: obligation.why.clone(),
            assignee: obligation.assignee.clone(),
            flags: [
                ("asked", obligation.asked),
                ("moved-away", obligation.moved_away),
                ("patience", obligation.patience),
                ("promised", obligation.promised),
            ]
            .into_iter()
            .filter_map(|(flag, there)| there.then_some(flag))
            .collect(),
        }
    }

    /// Whether it carries that flag.
    pub fn has(&self, flag: &str) -> bool {
        self.flags.contains(&flag)
    }
}

/// What to be careful about.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Caution {
    /// They asked us to stop.
    Stopped,
    /// The file is broken; what is told is what could be made out, or a committed version.
    Broken {
        /// A committed version stands in.
        stale: bool,
    },
    /// A merge set something aside.
    Conflict {
        /// The key that both sides changed.
        key: String,
        /// The value that lost.
        other: String,
    },
    /// Several tries went unanswered.
    Patience {
        /// How many.
        unanswered: u32,
    },
    /// Of an open stage, and nothing will ever bring them back.
    Crack,
    /// Nobody knows what matters most to them.
    NoHotButton,
    /// Nobody knows how welcome a call is.
    NoPermission,
    /// Neither a plan nor a reason to get in touch now.
    NoReason,
}

/// Gathers the brief.
pub fn brief(sources: Sources<'_>) -> Brief {
    let Sources { contact, settings, today, assessment, .. } = sources;
    let head = &contact.head;
    let (mut ours, mut theirs) = promises::open(contact, settings, today);
    for list in [&mut ours, &mut theirs] {
        list.sort_by_key(|promise| (promise.days_late.is_none(), promise.due));
    }
    let together = theirs
        .iter()
        .filter(|promise| promise.is_late() && !promise.text.trim().is_empty())
        .map(|promise| together(&promise.text))
        .collect();
    let touch = |index: usize| contact.log.get(index);
    let is_known = sources.neighbours.iter().any(|neighbour| neighbour.ties.contains(&Tie::Referrer));
    Brief {
        id: contact.id.as_str().to_owned(),
        name: contact.name.clone(),
        kind: head.kind,
        role: head.role.clone(),
        company: head.company.clone(),
        email: head.email.clone(),
        phone: head.phone.clone(),
        address: head.address.clone(),
        moment: moment::moment(contact, settings, today, sources.now, assessment.group),
        stage: settings.stage_of(head.stage.as_deref()).to_owned(),
        value: head.value.as_ref().map(|value| Worth {
            amount: value.amount,
            currency: value.currency.clone().unwrap_or_else(|| settings.currency.clone()),
        }),
        owner: head.owner.clone(),
        owner_name: head.owner.as_ref().and_then(|owner| settings.member(owner)?.name.clone()),
        hot_button: head.hot_button.clone().filter(|text| !text.trim().is_empty()),
        needs: head.needs.clone(),
        channels: head.prefers.channel.clone(),
        every: head.prefers.every.as_ref().map(|every| every.written().to_owned()),
        permission: head.prefers.permission.clone().filter(|text| !text.trim().is_empty()),
        touches: contact
            .log
            .iter()
            .rev()
            .filter(|entry| entry.is_touch() && entry.date <= today)
            .take(TOUCHES)
            .map(Touch::of)
            .collect(),
        reached: assessment.last_reached.and_then(touch).map(|entry| entry.date),
        unanswered: assessment.unanswered,
        together,
        ours,
        theirs,
        sent: sent(contact, today),
        referred_by: head.referred_by.clone().filter(|_| !is_known),
        neighbours: sources.neighbours.to_vec(),
        follow_up: assessment.follow_up().map(|obligation| Todo::of(obligation, today)),
        also: assessment.obligations.iter().skip(1).map(|obligation| Todo::of(obligation, today)).collect(),
        reasons: sources.reasons.to_vec(),
        cautions: cautions(&sources),
    }
}

/// What the log says was sent to them, newest first; each file once.
fn sent(contact: &Contact, today: Date) -> Vec<Material> {
    let mut sent: Vec<Material> = Vec::new();
    for link in &contact.links {
        let (LinkTarget::File(file), Some(day)) = (&link.target, link.sent.filter(|day| *day <= today))
        else {
            continue;
        };
        let material = Material { text: link.text.clone(), file: file.clone(), sent: day };
        match sent.iter_mut().find(|other| other.file == *file) {
            Some(other) if other.sent < day => *other = material,
            Some(_) => {}
            None => sent.push(material),
        }
    }
    sent.sort_by_key(|material| std::cmp::Reverse(material.sent));
    sent
}

fn cautions(sources: &Sources<'_>) -> Vec<Caution> {
    let Sources { contact, settings, assessment, .. } = *sources;
    let head = &contact.head;
    let mut cautions = Vec::new();
    if assessment.group == StageGroup::Stopped {
        // Whatever else is missing, nobody is going to call.
        cautions.push(Caution::Stopped);
    }
    if contact.broken || contact.stale {
        cautions.push(Caution::Broken { stale: contact.stale });
    }
    cautions.extend(
        head.conflicts
            .iter()
            .map(|conflict| Caution::Conflict { key: conflict.key.clone(), other: shown(&conflict.other) }),
    );
    if assessment.group == StageGroup::Stopped {
        return cautions;
    }
    if assessment.unanswered >= settings.patience_unanswered {
        cautions.push(Caution::Patience { unanswered: assessment.unanswered });
    }
    if assessment.crack {
        cautions.push(Caution::Crack);
    }
    let is_blank = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    if is_blank(&head.hot_button) {
        cautions.push(Caution::NoHotButton);
    }
    if is_blank(&head.prefers.permission) {
        cautions.push(Caution::NoPermission);
    }
    // That time has passed is no reason that helps them.
    let has_own = assessment.obligations.iter().any(|o| o.kind != Kind::Rhythm && o.why.is_some());
    if !has_own && sources.reasons.is_empty() {
        cautions.push(Caution::NoReason);
    }
    cautions
}

fn shown(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("\"{text}\""),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
