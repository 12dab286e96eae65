//! The figures of a notebook: follow-ups done on time and late, reach by channel, promises kept on both sides, the
//! pipeline, who came in, and how steadily the team is in touch.
//!
//! [`Figures`] are a fold: a contact is added to them at a time, and parts that were made side by side are joined.

mod done;
mod reach;
mod stretch;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::contact::{Channel, Contact, Promise, Promiser};
use crate::date::Date;
use crate::follow_up::{Assessment, Kind};
use crate::settings::{Settings, StageGroup};

use done::Judged;
pub use reach::Reach;
pub use stretch::{Every, Stretch};

/// All figures of some contacts over some days.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    stretch: Stretch,
    /// How many contacts were added up.
    pub contacts: usize,
    /// One for each span of the stretch.
    pub spans: Vec<Span>,
    /// Follow-ups done, by what made them.
    pub kinds: BTreeMap<Kind, Done>,
    /// How many follow-ups were done that many days after their day.
    pub days_late: BTreeMap<i64, usize>,
    /// What is to be done, as it stands today.
    pub standing: Standing,
    /// Touches by their channel.
    pub channels: BTreeMap<Channel, Reach>,
    /// What the team promised.
    pub ours: Promises,
    /// What contacts promised.
    pub theirs: Promises,
    /// By the name of the stage.
    pub stages: BTreeMap<String, Stage>,
    /// How many contacts came in over the stretch, by where they came from; none is where nothing says so.
    pub sources: BTreeMap<Option<String>, usize>,
    /// By handle; none is where nobody is named, and nobody owns the contact.
    pub team: BTreeMap<Option<String>, Member>,
}

/// Follow-ups that were done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Done {
    /// By their day.
    pub on_time: usize,
    /// After it.
    pub late: usize,
}

/// One span of the stretch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// Follow-ups done in it.
    pub done: Done,
    /// Touches of ours for which the files do not tell of anything that was due by then.
    pub unmeasured: usize,
    /// Touches of ours in it.
    pub touches: usize,
    /// Contacts that came in.
    pub added: usize,
}

/// What is to be done, as it stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Standing {
    /// Contacts whose follow-up is overdue.
    pub late: usize,
    /// Contacts whose follow-up is for today.
    pub today: usize,
    /// Contacts whose follow-up is still to come.
    pub later: usize,
    /// Open contacts that nothing will ever bring back.
    pub cracks: usize,
}

/// The promises of one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Promises {
    /// Kept ones that were made in the stretch, or, where nothing says when they were made, were due in it.
    pub kept: usize,
    /// Open ones whose day has not passed, whenever they were made.
    pub open: usize,
    /// Open ones whose day has passed, whenever they were made.
    pub late: usize,
    /// Open ones that nothing dates.
    pub undated: usize,
}

/// The contacts of one stage.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stage {
    /// How many there are.
    pub contacts: usize,
    /// What they are worth, by currency, in thousandths: whole numbers, so that the sum is the same in any order.
    values: BTreeMap<String, i128>,
}

impl Stage {
    /// What they are worth together, by currency.
    pub fn values(&self) -> impl Iterator<Item = (&str, f64)> {
        self.values.iter().map(|(currency, sum)| (currency.as_str(), *sum as f64 / 1000.0))
    }
}

/// What one member of the team did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Member {
    /// Touches in each span; may be shorter than the stretch, the rest is none.
    pub touches: Vec<usize>,
    /// Follow-ups done.
    pub done: Done,
}

impl Figures {
    /// Those of nobody.
    pub fn new(stretch: Stretch) -> Figures {
        Figures {
            contacts: 0,
            spans: vec![Span::default(); stretch.len()],
            kinds: BTreeMap::new(),
            days_late: BTreeMap::new(),
            standing: Standing::default(),
            channels: BTreeMap::new(),
            ours: Promises::default(),
            theirs: Promises::default(),
            stages: BTreeMap::new(),
            sources: BTreeMap::new(),
            team: BTreeMap::new(),
            stretch,
        }
    }

    /// The days that are looked at.
    pub fn stretch(&self) -> &Stretch {
        &self.stretch
    }

    /// Adds a contact. `assessment` is what the rules say of it on the last day of the stretch.
    pub fn add(&mut self, contact: &Contact, assessment: &Assessment, settings: &Settings) {
        self.contacts += 1;
        self.add_standing(assessment);
        self.add_touches(contact);
        self.add_done(contact, settings);
        self.add_promises(contact, assessment, settings);
        self.add_stage(contact, settings);
        let came = contact.head.added.and_then(|added| self.stretch.span_of(added));
        if let Some(span) = came {
            self.spans[span].added += 1;
            let source = contact.head.source.as_deref().map(str::trim).filter(|source| !source.is_empty());
            *self.sources.entry(source.map(str::to_owned)).or_default() += 1;
        }
        reach::add(&mut self.channels, &contact.log, &self.stretch);
    }

    /// Adds what was added up elsewhere, over the same days.
    pub fn join(&mut self, other: Figures) {
        self.contacts += other.contacts;
        for (span, more) in self.spans.iter_mut().zip(other.spans) {
            span.done.join(more.done);
            span.unmeasured += more.unmeasured;
            span.touches += more.touches;
            span.added += more.added;
        }
        merge(&mut self.kinds, other.kinds, Done::join);
        merge(&mut self.days_late, other.days_late, |count, more| *count += more);
        self.standing.late += other.standing.late;
        self.standing.today += other.standing.today;
        self.standing.later += other.standing.later;
        self.standing.cracks += other.standing.cracks;
        merge(&mut self.channels, other.channels, Reach::join);
        self.ours.join(other.ours);
        self.theirs.join(other.theirs);
        merge(&mut self.stages, other.stages, |stage, more| {
            stage.contacts += more.contacts;
            merge(&mut stage.values, more.values, |sum, more| *sum = sum.saturating_add(more));
        });
        merge(&mut self.sources, other.sources, |count, more| *count += more);
        merge(&mut self.team, other.team, |member, more| {
            member.done.join(more.done);
            for (at, count) in more.touches.into_iter().enumerate() {
                *member.span(at) += count;
            }
        });
    }

    /// Follow-ups done over the whole stretch.
    pub fn done(&self) -> Done {
        let mut all = Done::default();
        self.spans.iter().for_each(|span| all.join(span.done));
        all
    }

    fn add_standing(&mut self, assessment: &Assessment) {
        let today = self.stretch.last();
        match assessment.follow_up().and_then(|follow_up| follow_up.date) {
            Some(date) if date < today => self.standing.late += 1,
            Some(date) if date == today => self.standing.today += 1,
            Some(_) => self.standing.later += 1,
            None => self.standing.cracks += usize::from(assessment.crack),
        }
    }

    fn add_touches(&mut self, contact: &Contact) {
        for entry in contact.log.iter().filter(|entry| entry.is_out_touch()) {
            let Some(at) = self.stretch.span_of(entry.date) else { continue };
            self.spans[at].touches += 1;
            *self.member(contact, entry.who.as_deref()).span(at) += 1;
        }
    }

    fn add_done(&mut self, contact: &Contact, settings: &Settings) {
        let stretch = self.stretch.clone();
        done::judge(contact, settings, &stretch, |entry, judged| {
            let Some(at) = stretch.span_of(entry.date) else { return };
            let (kind, done) = match judged {
                Judged::Unmeasured => return self.spans[at].unmeasured += 1,
                Judged::OnTime(kind) => (kind, Done { on_time: 1, late: 0 }),
                Judged::Late(kind, days) => {
                    *self.days_late.entry(days).or_default() += 1;
                    (kind, Done { on_time: 0, late: 1 })
                }
            };
            self.spans[at].done.join(done);
            self.kinds.entry(kind).or_default().join(done);
            self.member(contact, entry.who.as_deref()).done.join(done);
        });
    }

    fn add_promises(&mut self, contact: &Contact, assessment: &Assessment, settings: &Settings) {
        let (first, today) = (self.stretch.first(), self.stretch.last());
        for promise in &contact.promises {
            let side = if promise.who == Promiser::Them { &mut self.theirs } else { &mut self.ours };
            if promise.kept {
                side.kept += usize::from(promise.made.or(promise.by).is_some_and(|day| day >= first));
            } else if assessment.group != StageGroup::Stopped {
                match due(promise, settings) {
                    Some(day) if day < today => side.late += 1,
                    Some(_) => side.open += 1,
                    None => side.undated += 1,
                }
            }
        }
    }

    fn add_stage(&mut self, contact: &Contact, settings: &Settings) {
        let name = settings.stage_of(contact.head.stage.as_deref());
        if !self.stages.contains_key(name) {
            self.stages.insert(name.to_owned(), Stage::default());
        }
        let Some(stage) = self.stages.get_mut(name) else { return };
        stage.contacts += 1;
        if let Some(value) = &contact.head.value {
            let currency = value.currency.as_ref().unwrap_or(&settings.currency);
            // What is too much for a whole number is as much as one holds.
            let thousandths = (value.amount * 1000.0).round() as i128;
            let sum = stage.values.entry(currency.clone()).or_default();
            *sum = sum.saturating_add(thousandths);
        }
    }

    /// Who made a touch: who it names, else the contact's owner.
    fn member(&mut self, contact: &Contact, who: Option<&str>) -> &mut Member {
        self.team.entry(who.or(contact.head.owner.as_deref()).map(str::to_owned)).or_default()
    }
}

impl Member {
    /// Touches over the whole stretch.
    pub fn total(&self) -> usize {
        self.touches.iter().sum()
    }

    /// In how many spans there was a touch.
    pub fn active(&self) -> usize {
        self.touches.iter().filter(|count| **count > 0).count()
    }

    fn span(&mut self, at: usize) -> &mut usize {
        if self.touches.len() <= at {
            self.touches.resize(at + 1, 0);
        }
        &mut self.touches[at]
    }
}

impl Done {
    /// How many there are.
    pub fn all(self) -> usize {
        self.on_time + self.late
    }

    fn join(&mut self, other: Done) {
        self.on_time += other.on_time;
        self.late += other.late;
    }
}

impl Promises {
    fn join(&mut self, other: Promises) {
        self.kept += other.kept;
        self.open += other.open;
        self.late += other.late;
        self.undated += other.undated;
    }
}

/// The day by which an open promise is to be kept: as it says, else some days after it was made (format, section 5).
fn due(promise: &Promise, settings: &Settings) -> Option<Date> {
    let within = match promise.who {
        Promiser::Them => &settings.waiting_within,
        Promiser::Me | Promiser::Member(_) => &settings.promise_within,
    };
    promise.by.or_else(|| promise.made.map(|made| within.after(made, &settings.calendar)))
}

/// The middle of what was counted, by value: of two middle ones the lower. None where nothing was counted.
pub fn median(counts: &BTreeMap<i64, usize>) -> Option<i64> {
    let all: usize = counts.values().sum();
    let mut passed = 0;
    counts.iter().find_map(|(value, count)| {
        passed += count;
        (passed * 2 >= all).then_some(*value)
    })
}

/// Joins what stands under the same keys.
fn merge<K: Ord, V: Default>(all: &mut BTreeMap<K, V>, more: BTreeMap<K, V>, join: impl Fn(&mut V, V)) {
    for (key, value) in more {
        join(all.entry(key).or_default(), value);
    }
}
