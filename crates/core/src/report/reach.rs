//! By which channel we reach people, and how soon they answer.

use std::collections::BTreeMap;

use crate::contact::{Channel, Entry};

use super::{Stretch, merge};

/// What became of the touches by one channel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reach {
    /// Touches of ours.
    pub out: usize,
    /// Of these, how many reached at once, such as a call that was taken.
    pub reached: usize,
    /// Of the others, how many they answered: the next touch of all was theirs.
    pub answered: usize,
    /// How many answers came after that many days.
    pub answer_days: BTreeMap<i64, usize>,
    /// Touches of theirs.
    pub incoming: usize,
}

impl Reach {
    pub(super) fn join(&mut self, other: Reach) {
        self.out += other.out;
        self.reached += other.reached;
        self.answered += other.answered;
        merge(&mut self.answer_days, other.answer_days, |count, more| *count += more);
        self.incoming += other.incoming;
    }
}

/// Adds the touches of one log, which stands oldest first.
pub(super) fn add(channels: &mut BTreeMap<Channel, Reach>, log: &[Entry], stretch: &Stretch) {
    let mut of = |entry: &Entry, change: &dyn Fn(&mut Reach)| {
        if stretch.span_of(entry.date).is_some() {
            change(channels.entry(entry.channel.clone()).or_default());
        }
    };
    // Our last touch, while it waits for an answer.
    let mut waits: Option<&Entry> = None;
    for entry in log.iter().take_while(|entry| entry.date <= stretch.last()).filter(|entry| entry.is_touch())
    {
        if entry.is_in() {
            of(entry, &|reach| reach.incoming += 1);
            if let Some(asked) = waits.take() {
                let days = entry.date.days_since(asked.date);
                of(asked, &|reach| {
                    reach.answered += 1;
                    *reach.answer_days.entry(days).or_default() += 1;
                });
            }
        } else {
            let reached = entry.is_reached();
            of(entry, &|reach| {
                reach.out += 1;
                reach.reached += usize::from(reached);
            });
            waits = (!reached).then_some(entry);
        }
    }
}
