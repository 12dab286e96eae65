//! Whether a follow-up was done on its day: each touch of ours against what the rules asked for just before it.
//!
//! Only what a file truly keeps is judged. The log keeps every deadline that counts from a touch: answers, first
//! replies, steps of a cadence, the rhythm. A plan is known while it stands in the file. That a promise was kept is
//! known, but not when, and an occasion's touch may have been about anything, so neither is judged.

use crate::contact::{Channel, Contact, Entry, Head, Prefers};
use crate::date::Date;
use crate::follow_up::{Kind, assess};
use crate::settings::Settings;

use super::Stretch;

/// What a touch of ours was, measured by the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Judged {
    /// A follow-up, done by its day.
    OnTime(Kind),
    /// A follow-up, done that many days after its day; at least one.
    Late(Kind, i64),
    /// The files do not tell of anything that was due by then.
    Unmeasured,
}

/// Judges each touch of ours that lies in the stretch, the oldest first.
pub(super) fn judge(
    contact: &Contact,
    settings: &Settings,
    stretch: &Stretch,
    mut judged: impl FnMut(&Entry, Judged),
) {
    let in_sight = |entry: &&Entry| (stretch.first()..=stretch.last()).contains(&entry.date);
    let is_ours = |entry: &Entry| entry.is_out_touch() || entry.is_touch() && entry.is_conversation();
    if !contact.log.iter().filter(in_sight).any(is_ours) {
        return;
    }
    let mut then = Contact { log: Vec::with_capacity(contact.log.len()), ..Contact::default() };
    for entry in contact.log.iter().take_while(|entry| entry.date <= stretch.last()) {
        if in_sight(&entry) && is_ours(entry) {
            then.head = head_before(&contact.head, entry);
            if let Some(found) = of(&then, settings, entry) {
                judged(entry, found);
            }
        }
        // No rule that is asked here reads a text.
        then.log.push(Entry {
            date: entry.date,
            time: entry.time,
            channel: entry.channel.clone(),
            words: entry.words,
            who: None,
            text: String::new(),
            at: entry.at,
        });
    }
}

/// What a touch was, for a contact as it stood before.
fn of(then: &Contact, settings: &Settings, touch: &Entry) -> Option<Judged> {
    let assessment = assess(then, settings, touch.date);
    let due = assessment.follow_up().and_then(|follow_up| Some((follow_up.kind, follow_up.date?)));
    match due {
        // They called, so what we would have done was not done by us; only a plan is settled by it.
        _ if touch.is_in() && due.is_none_or(|(kind, _)| kind != Kind::Next) => None,
        Some((kind, day)) if touch.date > day => Some(Judged::Late(kind, touch.date.days_since(day))),
        // An answer has a day by which it is due; all else has a day on which it is.
        Some((kind, day)) if touch.date == day || matches!(kind, Kind::Reply | Kind::First) => {
            Some(Judged::OnTime(kind))
        }
        _ => Some(Judged::Unmeasured),
    }
}

/// What the rules are to read of the front matter, as far as it can be of the time before that touch.
fn head_before(head: &Head, touch: &Entry) -> Head {
    let by_then = |day: &Date| *day <= touch.date;
    // A meeting of the day on which a cadence starts is what began it.
    let began = matches!(touch.channel, Channel::Event | Channel::Meeting | Channel::Visit | Channel::Video);
    let started = |start: Date| start < touch.date || start == touch.date && !began;
    Head {
        tags: head.tags.clone(),
        stage: head.stage.clone(),
        added: head.added.filter(by_then),
        prefers: Prefers { every: head.prefers.every.clone(), ..Prefers::default() },
        next: head.next.clone().filter(|next| next.on.is_some_and(|on| by_then(&on.date))),
        // An absence without a first day would reach back for ever.
        away: head.away.clone().filter(|away| away.from.as_ref().is_some_and(by_then)),
        cadence: head.cadence.clone().filter(|run| run.start.is_some_and(started)),
        ..Head::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow_up::samples::{Sample, date, settings};

    fn judged(sample: &Sample) -> String {
        let stretch = Stretch::new(None, date("2026-12-03"));
        let mut found = Vec::new();
        judge(&sample.contact, &settings(), &stretch, |entry, judged| {
            let said = match judged {
                Judged::OnTime(kind) => format!("{kind} on time"),
                Judged::Late(kind, days) => format!("{kind} {days} late"),
                Judged::Unmeasured => "-".to_owned(),
            };
            found.push(format!("{}: {said}", &entry.date.to_string()[5..]));
        });
        found.join(", ")
    }

    #[test]
    fn touches_are_judged_by_what_was_due_before_them() {
        for (log, expected) in [
            // The first touch ever has nothing before it.
            (&["2026-11-02 email"][..], "11-02: -"),
            // First replies: within 24 hours, by the day.
            (&["2026-11-02 email in", "2026-11-03 phone"], "11-03: reply on time"),
            (&["2026-11-02 email in", "2026-11-02 phone"], "11-02: reply on time"),
            (&["2026-11-02 email in", "2026-11-05 phone"], "11-05: reply 2 late"),
            (&["2026-11-02 event", "2026-11-04 card"], "11-02: -, 11-04: first 1 late"),
            // A Friday's mail is due on Monday.
            (&["2026-11-06 email in", "2026-11-09 phone"], "11-09: reply on time"),
            (&["2026-11-02 email in no-reply", "2026-11-20 phone"], "11-20: first 17 late"),
            // What they do is not our doing, and a note is no touch.
            (&["2026-11-02 email in", "2026-11-03 phone in", "2026-11-04 note"], ""),
            // Outside of the stretch, and after today.
            (&["2026-08-02 email in", "2026-08-03 phone", "2026-12-09 email"], ""),
        ] {
            assert_eq!(judged(&Sample::log(log)), expected, "{log:?}");
        }
    }

    #[test]
    fn a_rhythm_is_kept_on_its_day_and_late_after_it() {
        for (touch, expected) in [
            ("2026-11-13 phone", "11-13: -"),
            ("2026-11-16 phone", "11-16: rhythm on time"),
            ("2026-11-18 phone no-answer", "11-18: rhythm 2 late"),
            ("2026-11-18 phone in", ""),
        ] {
            let sample = Sample::log(&["2026-08-18 phone", touch]).stage("nurture");
            assert_eq!(judged(&sample), expected, "{touch}");
        }
        let added = |day: &str| {
            let sample = Sample::log(&["2026-11-18 phone"]).stage("nurture");
            sample.head(|head| head.added = Some(date(day)))
        };
        assert_eq!(judged(&added("2026-08-19")), "11-18: rhythm 1 late");
        assert_eq!(judged(&added("2026-11-19")), "11-18: -", "they came in after that touch");
    }

    #[test]
    fn a_cadence_is_judged_from_its_start() {
        let log = &["2026-11-02 event", "2026-11-02 card", "2026-11-10 email", "2026-11-25 phone"];
        assert_eq!(
            judged(&Sample::log(log).cadence("drip", "2026-11-02")),
            "11-02: -, 11-02: first on time, 11-10: cadence 1 late, 11-25: -"
        );
        assert_eq!(
            judged(&Sample::log(log).cadence("drip", "2026-11-20")),
            "11-02: -, 11-02: first on time, 11-10: -, 11-25: cadence 5 late"
        );
    }

    #[test]
    fn a_plan_that_stands_in_the_file_is_judged_once() {
        let sample =
            |on: &str| Sample::log(&["2026-11-10 email", "2026-11-16 phone", "2026-11-20 phone"]).next(on);
        assert_eq!(judged(&sample("2026-11-16")), "11-10: -, 11-16: next on time, 11-20: -");
        assert_eq!(judged(&sample("2026-11-13")), "11-10: -, 11-16: next 3 late, 11-20: -");
        assert_eq!(judged(&sample("2026-12-24")), "11-10: -, 11-16: -, 11-20: -");
        let called = Sample::log(&["2026-11-10 email", "2026-11-16 phone in"]).next("2026-11-16");
        assert_eq!(judged(&called), "11-10: -, 11-16: next on time", "they called on that day");
    }

    #[test]
    fn an_absence_counts_from_its_first_day() {
        let sample = || Sample::log(&["2026-08-18 phone", "2026-11-18 phone"]).stage("nurture");
        assert_eq!(judged(&sample().away(Some("2026-11-10"), "2026-11-16")), "11-18: rhythm on time");
        assert_eq!(judged(&sample().away(None, "2026-11-16")), "11-18: rhythm 2 late");
        assert_eq!(judged(&sample().stage("stopped")), "11-18: -");
    }
}
