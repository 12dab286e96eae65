//! Why a contact is due, or is not: the same rules as [`assess`](super::assess), run with a recorder.

use crate::contact::{Contact, Entry};
use crate::date::Date;
use crate::settings::Settings;

use super::{Assessment, Kind, judge};

/// How the rules came to their answer, for `due --explain`.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The answer itself, as [`assess`](super::assess) gives it.
    pub assessment: Assessment,
    /// The follow-up first, then the others in the order of `also`, then undated promises, then what was dropped.
    pub obligations: Vec<Explained>,
    /// What made no obligation, and why nothing is due where nothing is. In sentences without a full stop.
    pub notes: Vec<String>,
}

/// One obligation's story.
#[derive(Debug, Clone, PartialEq)]
pub struct Explained {
    /// What made it.
    pub kind: Kind,
    /// How its first date came about: `keep in touch every 3 months: last touch Fri 2026-11-20 + 3 months =
    /// Sat 2027-02-20`.
    pub made: String,
    /// Each rule that moved, marked or dropped it, in order: `moved to Mon 2027-02-22: the next working day`.
    pub changes: Vec<String>,
    /// What became of it.
    pub outcome: Outcome,
    /// The day to act; none where it was dropped or nothing dates it.
    pub date: Option<Date>,
}

/// What became of an obligation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is what to do first.
    FollowUp,
    /// It is to be done as well.
    Also,
    /// A promise that nothing dates: it makes nobody due.
    Undated,
    /// A rule dropped it.
    Dropped,
}

/// Assesses and tells how (format, section 5).
pub fn explain(contact: &Contact, settings: &Settings, today: Date) -> Explanation {
    let mut record = Record::default();
    let assessment = judge(contact, settings, today, &mut record);
    let Record { mut explained, notes, .. } = record;
    explained.sort_by_key(|(place, explained)| (explained.outcome as u8, *place));
    let obligations = explained.into_iter().map(|(_, explained)| explained).collect();
    Explanation { assessment, obligations, notes }
}

/// Somebody who listens to the rules at work. The words are made only where somebody does.
pub(super) trait Trail {
    /// An obligation exists; gives the number that it goes by from here on.
    fn made(&mut self, kind: Kind, words: impl FnOnce() -> String) -> usize;
    /// A rule changed the obligation of that number.
    fn changed(&mut self, number: usize, words: impl FnOnce() -> String);
    /// The obligation of that number came through the rules. Called in the order of the answer.
    fn settled(&mut self, number: usize, outcome: Outcome, date: Option<Date>);
    /// Something that concerns no obligation.
    fn note(&mut self, words: impl FnOnce() -> String);
}

/// Nobody listens; compiles to nothing.
pub(super) struct Silent;

impl Trail for Silent {
    fn made(&mut self, _: Kind, _: impl FnOnce() -> String) -> usize {
        0
    }
    fn changed(&mut self, _: usize, _: impl FnOnce() -> String) {}
    fn settled(&mut self, _: usize, _: Outcome, _: Option<Date>) {}
    fn note(&mut self, _: impl FnOnce() -> String) {}
}

/// Writes everything down.
#[derive(Default)]
struct Record {
    /// By number, each with its place in the answer.
    explained: Vec<(usize, Explained)>,
    notes: Vec<String>,
    settled: usize,
}

impl Trail for Record {
    fn made(&mut self, kind: Kind, words: impl FnOnce() -> String) -> usize {
        let made = words();
        // Dropped, until the rules are through and it still stands.
        let (changes, outcome, date) = (Vec::new(), Outcome::Dropped, None);
        self.explained.push((0, Explained { kind, made, changes, outcome, date }));
        self.explained.len() - 1
    }

    fn changed(&mut self, number: usize, words: impl FnOnce() -> String) {
        self.explained[number].1.changes.push(words());
    }

    fn settled(&mut self, number: usize, outcome: Outcome, date: Option<Date>) {
        self.settled += 1;
        let (place, explained) = &mut self.explained[number];
        *place = self.settled;
        explained.outcome = outcome;
        explained.date = date;
    }

    fn note(&mut self, words: impl FnOnce() -> String) {
        self.notes.push(words());
    }
}

/// `Sat 2027-02-20`.
pub(super) fn day(date: Date) -> String {
    format!("{} {date}", date.weekday())
}

/// `email in of Wed 2026-11-18`.
pub(super) fn touch(entry: &Entry) -> String {
    let mut words = entry.channel.to_string();
    for word in entry.words.names() {
        words.push(' ');
        words.push_str(word);
    }
    format!("{words} of {}", day(entry.date))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Sample, date, settings};
    use super::*;

    /// The explanation as lines: an obligation, its changes below it, then the notes.
    fn told(sample: &Sample, today: &str) -> Vec<String> {
        let explanation = explain(&sample.contact, &settings(), date(today));
        let mut lines = Vec::new();
        for explained in explanation.obligations {
            lines.push(format!("{} {:?}: {}", explained.kind, explained.outcome, explained.made));
            lines.extend(explained.changes.into_iter().map(|change| format!("  {change}")));
        }
        lines.extend(explanation.notes);
        lines
    }

    #[test]
    fn tells_each_rule_in_plain_words() {
        let rhythm = Sample::log(&["2026-11-20 phone"]).every("3 months");
        assert_eq!(
            told(&rhythm, "2026-12-03"),
            [
                "rhythm FollowUp: keep in touch every 3 months: last touch Fri 2026-11-20 + 3 months = Sat 2027-02-20",
                "  moved to Mon 2027-02-22: the next working day",
            ]
        );
        assert_eq!(
            told(&rhythm.next("2026-12-03").promised().away(None, "2026-12-09"), "2026-12-03"),
            [
                "next FollowUp: promised: on Thu 2026-12-03",
                "  moved to Fri 2026-12-11: away until Wed 2026-12-09, and 1 day",
                "rhythm Dropped: keep in touch every 3 months: last touch Fri 2026-11-20 + 3 months = Sat 2027-02-20",
                "  dropped: a plan beats a rule (next on Thu 2026-12-03)",
            ]
        );
        let quiet =
            ["2026-11-20 email", "2026-11-23 email", "2026-11-25 phone voicemail", "2026-12-02 email"];
        let quiet =
            Sample::log(&quiet).cadence("new-lead", "2026-11-20").promise("them", "read it", None, None);
        let quiet = quiet.promise("them", "call", Some("2026-12-01"), None);
        assert_eq!(
            told(&quiet, "2026-12-03"),
            [
                "waiting FollowUp: they promised \"call\" by Tue 2026-12-01 + 1 day = Wed 2026-12-02",
                "  moved to Sun 2027-01-31: 4 touches went unanswered, at least 60 days after our last touch \
                 (Wed 2026-12-02)",
                "  moved to Mon 2027-02-01: the next working day",
                "waiting Undated: they promised \"read it\": nothing says by when",
                "cadence \"new-lead\" has ended: its 3 steps are done",
            ]
        );
    }

    #[test]
    fn tells_why_nothing_is_due() {
        for (sample, expected) in [
            (
                Sample::default().stage("proposal"),
                "a crack: nothing will ever remind you of this contact; no plan, no dated promise, and stage \
                 \"proposal\" has no rhythm",
            ),
            (
                Sample::default().every("1w"),
                "a crack: nothing will ever remind you of this contact; no plan, no dated promise, and the rhythm \
                 of 1w has neither a touch nor \"added\" to count from",
            ),
            (
                Sample::default().stage("lost"),
                "not due: nothing planned or promised, and stage \"lost\" is closed",
            ),
            (
                Sample::default().stage("stopped").next("2026-12-03"),
                "stopped: stage \"stopped\" is never due, not even by a promise",
            ),
        ] {
            assert_eq!(told(&sample, "2026-12-03"), [expected]);
        }
        let over = Sample::log(&["2026-12-02 card", "2026-12-05 email"]).stage("lost").next("2026-12-01");
        assert_eq!(
            told(&over.occasion("birthday", "1980-12-04"), "2026-12-03"),
            [
                "the plan for Tue 2026-12-01 is settled: card of Wed 2026-12-02",
                "birthday on Fri 2026-12-04 is marked: card of Wed 2026-12-02",
                "1 log entry dated after today is left out",
                "not due: nothing planned or promised, and stage \"lost\" is closed",
            ]
        );
    }
}
