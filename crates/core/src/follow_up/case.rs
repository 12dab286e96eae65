//! One contact on one day before the rules: what every obligation and rule may ask.

use crate::contact::{Channel, Contact, Entry};
use crate::date::Date;
use crate::period::{Period, Unit};
use crate::settings::{RhythmOf, Settings, StageGroup};

use super::explain::{Trail, day};
use super::facts::Facts;

/// A contact, the settings and a day, with what follows from them at once.
#[derive(Debug)]
pub(super) struct Case<'a> {
    pub contact: &'a Contact,
    pub settings: &'a Settings,
    pub today: Date,
    pub facts: Facts<'a>,
    /// The contact's stage, its own or the default one.
    pub stage: &'a str,
    pub group: StageGroup,
    /// How often they want, or are meant, to hear from us.
    pub rhythm: Option<&'a Period>,
    /// By what, where an obligation names no channel of its own.
    default_via: Option<&'a Channel>,
}

impl<'a> Case<'a> {
    pub fn open(contact: &'a Contact, settings: &'a Settings, today: Date) -> Case<'a> {
        let facts = Facts::read(&contact.log, today);
        let stage = settings.stage_of(contact.head.stage.as_deref());
        Case {
            contact,
            settings,
            today,
            stage,
            group: settings.stages.group(stage),
            rhythm: rhythm(contact, settings, stage),
            default_via: default_via(&contact.head.prefers.channel, facts.last_unanswered),
            facts,
        }
    }

    /// By what to act: the obligation's own channel, else the preferred one that did not just fail.
    pub fn via(&self, own: Option<&Channel>) -> Option<Channel> {
        own.or(self.default_via).cloned()
    }

    /// Whose an obligation is today: `promiser`, else the contact's owner, and their cover while they are away.
    ///
    /// A cover who is away too passes it on. Where the covers only lead to people who are away, it stays with
    /// the last of them, or, where they cover each other in a circle, with the one whose it is anyhow.
    pub fn assignee(&self, promiser: Option<&'a str>) -> Option<&'a str> {
        let owner = promiser.or(self.contact.head.owner.as_deref())?;
        let mut whose = owner;
        for _ in 0..=self.settings.team.len() {
            let absence = self.settings.member(whose).and_then(|member| member.absence(self.today));
            match absence.and_then(|absence| absence.cover.as_deref()) {
                Some(cover) => whose = cover,
                None => return Some(whose),
            }
        }
        Some(owner)
    }

    /// The day that lies `period` after a touch. Hours count from its time of day where that is known; where it
    /// is not, they round up to whole days (format, section 7).
    pub fn after(&self, touch: &Entry, period: &Period) -> Date {
        match (period.unit(), touch.time) {
            (Unit::Hour, Some(time)) => {
                let minutes = i64::from(time.minutes()) + i64::from(period.count()) * 60;
                touch.date.plus_days(minutes / (24 * 60))
            }
            _ => period.after(touch.date, &self.settings.calendar),
        }
    }

    /// Notes what no single obligation tells: who else is involved, and why nothing is due.
    pub fn conclude<T: Trail>(&self, nothing_due: bool, trail: &mut T) {
        let later = self.contact.log.len() - self.facts.seen.len();
        if later > 0 {
            let (what, are) = if later == 1 { ("entry", "is") } else { ("entries", "are") };
            trail.note(|| format!("{later} log {what} dated after today {are} left out"));
        }
        if self.group != StageGroup::Stopped
            && let Some(owner) = self.contact.head.owner.as_deref()
            && let Some(standing_in) = self.assignee(None).filter(|a| *a != owner)
        {
            trail.note(|| format!("{owner} is away on {}: {standing_in} stands in", day(self.today)));
        }
        if nothing_due && self.group != StageGroup::Stopped {
            trail.note(|| self.why_nothing());
        }
    }

    fn why_nothing(&self) -> String {
        if self.group != StageGroup::Open {
            return format!("not due: nothing planned or promised, and stage \"{}\" is closed", self.stage);
        }
        let rhythm = match self.rhythm {
            Some(period) => format!("the rhythm of {period} has neither a touch nor \"added\" to count from"),
            None => format!("stage \"{}\" has no rhythm", self.stage),
        };
        format!(
            "a crack: nothing will ever remind you of this contact; no plan, no dated promise, and {rhythm}"
        )
    }
}

/// `prefers.every`, else the first rhythm of a tag they carry, else the rhythm of the stage.
fn rhythm<'a>(contact: &'a Contact, settings: &'a Settings, stage: &str) -> Option<&'a Period> {
    let of_tag = |(of, _): &&(RhythmOf, Period)| match of {
        RhythmOf::Tag(tag) => contact.head.tags.contains(tag),
        RhythmOf::Stage(_) => false,
    };
    let of_stage = |(of, _): &&(RhythmOf, Period)| matches!(of, RhythmOf::Stage(name) if name == stage);
    let configured = || settings.rhythm.iter().find(of_tag).or_else(|| settings.rhythm.iter().find(of_stage));
    contact.head.prefers.every.as_ref().or_else(|| configured().map(|(_, period)| period))
}

/// The first preferred channel other than that of the last unanswered out touch, else the first preferred.
fn default_via<'a>(preferred: &'a [Channel], failed: Option<&Entry>) -> Option<&'a Channel> {
    let failed = failed.map(|touch| &touch.channel);
    preferred.iter().find(|channel| Some(*channel) != failed).or(preferred.first())
}
