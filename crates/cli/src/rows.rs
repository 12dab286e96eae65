//! One follow-up on the due list in words: who, when, by what, why, and what to know before acting.

use tickler_core::contact::{Contact, Entry};
use tickler_core::date::Date;
use tickler_core::follow_up::Kind;
use tickler_core::wire::{DueRow, Flag};

use crate::plain::{clean, plain};
use crate::style::Role;
use crate::words;

/// Where in the list a follow-up stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    Overdue,
    Today,
    Coming,
}

impl Group {
    pub fn of(date: Date, today: Date) -> Group {
        match date.cmp(&today) {
            std::cmp::Ordering::Less => Group::Overdue,
            std::cmp::Ordering::Equal => Group::Today,
            std::cmp::Ordering::Greater => Group::Coming,
        }
    }

    pub fn title(self) -> &'static str {
        match self {
            Group::Overdue => "Overdue",
            Group::Today => "Today",
            Group::Coming => "Coming",
        }
    }

    pub fn role(self) -> Role {
        match self {
            Group::Overdue => Role::Late,
            Group::Today => Role::Today,
            Group::Coming => Role::Dim,
        }
    }
}

/// A follow-up in words, each safe to show.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub group: Group,
    pub name: String,
    pub company: String,
    /// `yesterday`, `at 10:00`, `Wed 9 Dec`.
    pub when: String,
    pub via: String,
    /// What kind of reason it is, where the reason alone does not say so: `promised:`.
    pub lead: &'static str,
    pub why: String,
    /// What to know before acting.
    pub marks: Vec<(Role, String)>,
    /// Whose it is, `@sam`; empty where that goes without saying.
    pub assignee: String,
    /// The last touch.
    pub last: String,
}

/// What stands for a channel where nothing names one.
pub const ANY_WAY: &str = "any way";

impl Row {
    /// `with_assignee` says whose it is.
    pub fn new(
        due: &DueRow,
        contact: &Contact,
        last: Option<&Entry>,
        today: Date,
        with_assignee: bool,
    ) -> Row {
        let (lead, why) = reason(due, today);
        Row {
            group: Group::of(due.date, today),
            name: clean(&contact.name).into_owned(),
            company: clean(due.company.as_deref().unwrap_or_default()).into_owned(),
            when: when(due, today),
            via: due.via.as_ref().map_or(ANY_WAY.into(), |via| clean(via.as_str()).into_owned()),
            lead,
            why,
            marks: marks(due, today),
            assignee: match &due.assignee {
                Some(assignee) if with_assignee => format!("@{}", clean(assignee)),
                _ => String::new(),
            },
            last: last_touch(last, today),
        }
    }
}

impl Row {
    /// `last: phone 13 days ago`.
    pub fn last_said(&self) -> String {
        if self.last == NEVER { self.last.clone() } else { format!("last: {}", self.last) }
    }
}

/// How the reason is to be read, and the reason.
fn reason(due: &DueRow, today: Date) -> (&'static str, String) {
    let why = due.why.as_deref().map(plain).unwrap_or_default();
    let has = |flag| due.flags.contains(&flag);
    let (lead, otherwise) = match due.kind {
        Kind::Next => match (has(Flag::Asked), has(Flag::Promised)) {
            (true, true) => ("asked for and promised:", "get in touch"),
            (true, false) => ("they asked:", "get in touch"),
            (false, true) => ("promised:", "get in touch"),
            (false, false) => ("", "as planned"),
        },
        Kind::Promise => ("promised:", "see the file"),
        Kind::Reply => ("answer:", "they got in touch"),
        Kind::First => ("newly met:", "say hello"),
        Kind::Waiting => ("waiting for:", "what they promised"),
        Kind::Cadence => ("", "the next step of the cadence"),
        Kind::Rhythm => ("", "keep in touch"),
        Kind::Occasion => ("", "a day to remember"),
    };
    let why = match due.kind {
        Kind::Occasion => occasion(&why, today),
        _ => why,
    };
    (lead, if why.is_empty() { otherwise.to_owned() } else { why })
}

/// `birthday on 2026-12-06` as `birthday on Sun 6 Dec`.
fn occasion(why: &str, today: Date) -> String {
    match why.rsplit_once(" on ") {
        Some((name, date)) => match date.parse() {
            Ok(date) => format!("{} on {}", name.replace('_', " "), words::day(date, today)),
            Err(_) => why.to_owned(),
        },
        None => why.to_owned(),
    }
}

/// The day for the list. Never in words of blame: it says since when, not how late.
fn when(due: &DueRow, today: Date) -> String {
    let (day, distance) = (words::day(due.date, today), words::distance(due.date, today));
    let time = due.time.map(|time| time.to_string());
    match (Group::of(due.date, today), time) {
        (Group::Today, Some(time)) => format!("at {time}"),
        (Group::Today | Group::Overdue, _) => distance,
        (Group::Coming, time) => {
            let day = if distance == "tomorrow" { distance } else { day };
            time.map_or(day.clone(), |time| format!("{day} {time}"))
        }
    }
}

fn marks(due: &DueRow, today: Date) -> Vec<(Role, String)> {
    let mut marks = Vec::new();
    for flag in &due.flags {
        marks.push(match flag {
            // What the reason begins with.
            Flag::Asked | Flag::Promised => continue,
            Flag::Patience => (Role::Caution, format!("{} unanswered", due.unanswered)),
            Flag::MovedAway => (Role::Dim, "was away".to_owned()),
            Flag::Conflict => (Role::Caution, "two versions".to_owned()),
            Flag::Stale => (Role::Caution, "as last committed".to_owned()),
        });
    }
    let more = due.also.iter().filter(|also| also.date <= today).count();
    if more > 0 {
        marks.push((Role::Dim, format!("+{more} more")));
    }
    marks
}

/// Where there was no touch.
const NEVER: &str = "not in touch yet";

/// `phone 13 days ago, voicemail`, `their email yesterday`.
fn last_touch(entry: Option<&Entry>, today: Date) -> String {
    let Some(entry) = entry else { return NEVER.to_owned() };
    let whose = if entry.is_in() { "their " } else { "" };
    let mut text = format!("{whose}{} {}", clean(entry.channel.as_str()), words::distance(entry.date, today));
    for word in entry.words.names().filter(|word| !matches!(*word, "in" | "out" | "no-reply" | "reached")) {
        text.push_str(", ");
        text.push_str(&word.replace('-', " "));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn occasions_are_dated_in_words() {
        let today = "2026-12-03".parse().unwrap();
        assert_eq!(occasion("service_renewal on 2027-02-15", today), "service renewal on Mon 15 Feb");
        assert_eq!(occasion("on and on", today), "on and on");
    }
}
