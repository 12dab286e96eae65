//! A contact as the notebook's files tell it (format, sections 2 to 4): plain data, no rules.

mod channel;

pub use channel::{Channel, Word, Words};

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

use crate::date::{Date, Time, When};
use crate::period::Period;
use crate::problem::Position;

/// A contact's id: its file name without `.md`, or its path below `contacts/` where two files share a name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ContactId(String);

impl ContactId {
    /// Takes the id as it stands.
    pub fn new(id: impl Into<String>) -> ContactId {
        ContactId(id.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One contact: everything its file says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Contact {
    /// Unique in the notebook.
    pub id: ContactId,
    /// The name to show: the front matter's, else the first level-1 heading, else the file name.
    pub name: String,
    /// The front matter.
    pub head: Head,
    /// The log, oldest entry first (format, section 3); entries with an error are left out.
    pub log: Vec<Entry>,
    /// Every task-list item of the body, in the file's order (format, section 4).
    pub promises: Vec<Promise>,
    /// Links to other contacts and to files that were sent, in the file's order.
    pub links: Vec<Link>,
    /// How many versions of its text a merge left as quotes that open `> [!conflict]` (format, section 2, Conflicts).
    pub quoted: u32,
    /// The file cannot be read as a contact (format, section 8); the rest is what could be made out.
    pub broken: bool,
    /// A committed version stands in for a broken file.
    pub stale: bool,
}

/// The front matter (format, section 2).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Head {
    /// `name`.
    pub name: Option<String>,
    /// `kind`.
    pub kind: ContactKind,
    /// `uid`.
    pub uid: Option<String>,
    /// `aliases`: earlier ids.
    pub aliases: Vec<String>,
    /// `company`.
    pub company: Option<String>,
    /// `role`.
    pub role: Option<String>,
    /// `source`.
    pub source: Option<String>,
    /// `address`.
    pub address: Option<String>,
    /// `email`.
    pub email: Vec<String>,
    /// `phone`.
    pub phone: Vec<String>,
    /// `links`.
    pub links: Vec<String>,
    /// `tags`.
    pub tags: Vec<String>,
    /// `needs`.
    pub needs: Vec<String>,
    /// `owner`: a handle of the team.
    pub owner: Option<String>,
    /// `stage`; without one the contact has the first open stage (format, section 7).
    pub stage: Option<String>,
    /// `value`.
    pub value: Option<Money>,
    /// `referred_by`: a contact id, or free text.
    pub referred_by: Option<String>,
    /// `hot_button`.
    pub hot_button: Option<String>,
    /// `timezone`: an IANA name.
    pub timezone: Option<String>,
    /// `added`.
    pub added: Option<Date>,
    /// `[prefers]`.
    pub prefers: Prefers,
    /// `[next]`.
    pub next: Option<Next>,
    /// `[away]`.
    pub away: Option<Away>,
    /// `[cadence]`.
    pub cadence: Option<CadenceRun>,
    /// `[[conflict]]`.
    pub conflicts: Vec<Conflict>,
    /// `[dates]`, in the file's order.
    pub dates: Vec<(String, Date)>,
    /// Every other key, in the file's order; keys of known tables too, as `prefers.colour`.
    pub custom: Vec<(String, Value)>,
}

/// A person, or an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactKind {
    /// A human being.
    #[default]
    Person,
    /// A company, club or office.
    Org,
}

/// What a customer is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Money {
    /// How much; never NaN or infinite.
    pub amount: f64,
    /// The currency where one is written, else the notebook's.
    pub currency: Option<String>,
}

/// A whole number as one, as far as JSON's readers can tell it from its neighbours.
pub(crate) fn serialize_amount<S: Serializer>(amount: &f64, s: S) -> Result<S::Ok, S::Error> {
    const WHOLE: f64 = 9_007_199_254_740_992.0;
    if amount.fract() == 0.0 && amount.abs() < WHOLE {
        s.serialize_i64(*amount as i64)
    } else {
        s.serialize_f64(*amount)
    }
}

/// `[prefers]`: the contact's wishes.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Prefers {
    /// `channel`, best first.
    pub channel: Vec<Channel>,
    /// `hours`, as written (format, section 6).
    pub hours: Option<String>,
    /// `every`.
    pub every: Option<Period>,
    /// `permission`.
    pub permission: Option<String>,
}

/// `[next]`: the agreed or planned next step.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Next {
    /// `on`.
    pub on: Option<When>,
    /// `via`.
    pub via: Option<Channel>,
    /// `why`.
    pub why: Option<String>,
    /// `promised`: I said I would.
    pub promised: bool,
    /// `asked`: they asked for it.
    pub asked: bool,
}

/// `[away]`: when the contact cannot be reached.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Away {
    /// `from`; absent: always so far.
    pub from: Option<Date>,
    /// `until`, inclusive.
    pub until: Option<Date>,
    /// `why`.
    pub why: Option<String>,
}

/// `[cadence]`: the cadence that the contact is in.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CadenceRun {
    /// `name`: one of the configured cadences.
    pub name: Option<String>,
    /// `start`.
    pub start: Option<Date>,
}

/// `[[conflict]]`: what a merge set aside.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Conflict {
    /// The key that both sides changed.
    pub key: String,
    /// The value that lost.
    pub other: Value,
}

/// A value of a key that the format does not know.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, or `inf` or `nan`.
    Float(f64),
    /// `true` or `false`.
    Boolean(bool),
    /// A date alone.
    Date(Date),
    /// Any other date or time, as written.
    DateTime(String),
    /// An array.
    List(Vec<Value>),
    /// A table, in the file's order.
    Table(Vec<(String, Value)>),
}

impl Default for Value {
    fn default() -> Self {
        Value::Text(String::new())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Text(text) | Value::DateTime(text) => f.write_str(text),
            Value::Integer(n) => n.fmt(f),
            Value::Float(n) => n.fmt(f),
            Value::Boolean(b) => b.fmt(f),
            Value::Date(d) => d.fmt(f),
            Value::List(items) => {
                for (i, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if i == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            Value::Table(items) => {
                for (i, (key, item)) in items.iter().enumerate() {
                    write!(f, "{}{key}: {item}", if i == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
        }
    }
}

/// One interaction of the log (format, section 3).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The day.
    pub date: Date,
    /// The time of day, where one is written.
    pub time: Option<Time>,
    /// By what.
    pub channel: Channel,
    /// How it went.
    pub words: Words,
    /// `@handle` of the team member, without the `@`.
    pub who: Option<String>,
    /// The text after the colon, Markdown as written, line breaks as single spaces; empty where there is none.
    pub text: String,
    /// Where the entry's date stands in the file.
    pub at: Position,
}

impl Entry {
    /// They came to us.
    pub fn is_in(&self) -> bool {
        self.words.has(Word::In)
    }

    /// A touch, if its day has come: anything but `note` and `skip` (format, section 3).
    pub fn is_touch(&self) -> bool {
        self.channel.is_touch()
    }

    /// A touch that we made.
    pub fn is_out_touch(&self) -> bool {
        self.is_touch() && !self.is_in()
    }

    /// A touch in which both sides spoke (format, section 3).
    pub fn is_conversation(&self) -> bool {
        self.channel.is_talk()
            && ![Word::Voicemail, Word::NoAnswer, Word::Busy, Word::NoShow, Word::Cancelled]
                .into_iter()
                .any(|w| self.words.has(w))
    }

    /// A touch that came through to them (format, section 3).
    pub fn is_reached(&self) -> bool {
        self.is_touch()
            && (self.is_in()
                || self.words.has(Word::Reached)
                || self.is_conversation()
                || (self.channel == Channel::Chat
                    && !self.words.has(Word::NoAnswer)
                    && !self.words.has(Word::Busy)))
    }
}

/// Who made a promise (format, section 4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Promiser {
    /// The contact's owner.
    Me,
    /// The contact.
    Them,
    /// A team member, by handle.
    Member(String),
}

/// A task-list item of the body (format, section 4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Promise {
    /// The box is ticked.
    pub kept: bool,
    /// Whose it is.
    pub who: Promiser,
    /// What was promised, Markdown as written, without `WHO:` and `by DATE`.
    pub text: String,
    /// `by DATE`.
    pub by: Option<Date>,
    /// The day of the log entry that it is nested in.
    pub made: Option<Date>,
    /// Where its box stands in the file.
    pub at: Position,
}

/// A link of the body to something in the notebook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Link {
    /// What it leads to.
    pub target: LinkTarget,
    /// The text shown.
    pub text: String,
    /// The day of the log entry that it stands in.
    pub sent: Option<Date>,
    /// Where it stands in the file.
    pub at: Position,
}

/// What a [`Link`] leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkTarget {
    /// A contact, by id: `[[bob-smith]]`, or a Markdown link to its file.
    Contact(String),
    /// A file of the notebook that is no contact, by its path from the notebook's root: `files/spec.pdf`.
    File(String),
}
