//! The obligations that exist for a contact, before the rules drop and move them (format, section 5, the table).

use crate::contact::{Channel, Entry, Promiser, Word};
use crate::date::{Date, Time};
use crate::period::Period;
use crate::settings::StageGroup;

use super::case::Case;
use super::explain::{Outcome, Trail, day, touch};
use super::occasion::occasions;
use super::{Kind, Obligation};

/// An obligation on its way through the rules: borrowed, so that what a rule drops has cost next to nothing.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    /// What the trail knows it by.
    pub number: usize,
    pub kind: Kind,
    pub date: Date,
    pub time: Option<Time>,
    /// An `on` or a `by` that no rule has moved: it stays even on a day that is not worked.
    pub explicit: bool,
    pub asked: bool,
    pub promised: bool,
    pub patience: bool,
    pub moved_away: bool,
    own_channel: Option<&'a Channel>,
    why: Why<'a>,
    promiser: Option<&'a str>,
}

/// An obligation's own reason, not yet put into words.
#[derive(Debug, Clone, Copy)]
pub(super) enum Why<'a> {
    Text(&'a str),
    Rhythm(&'a Period),
    Occasion(&'a str, Date),
    Nothing,
}

impl Why<'_> {
    fn from_option(text: Option<&str>) -> Why<'_> {
        text.map_or(Why::Nothing, Why::Text)
    }

    fn words(self) -> Option<String> {
        match self {
            Why::Text("") | Why::Nothing => None,
            Why::Text(text) => Some(text.to_owned()),
            Why::Rhythm(period) => Some(["keep in touch every ", period.written()].concat()),
            Why::Occasion(name, on) => Some(format!("{name} on {on}")),
        }
    }
}

impl<'a> Draft<'a> {
    pub fn new(number: usize, kind: Kind, date: Date, why: Why<'a>) -> Draft<'a> {
        Draft {
            number,
            kind,
            date,
            time: None,
            explicit: false,
            asked: false,
            promised: false,
            patience: false,
            moved_away: false,
            own_channel: None,
            why,
            promiser: None,
        }
    }

    fn via(self, channel: Option<&'a Channel>) -> Draft<'a> {
        Draft { own_channel: channel, ..self }
    }

    /// The place among the obligations of one day: the kind's, but a `next` that they asked for or that I
    /// promised stands ahead of all.
    pub fn rank(&self) -> u8 {
        if self.kind == Kind::Next && (self.asked || self.promised) { 0 } else { 1 + self.kind as u8 }
    }

    /// In the notebook's words, with a channel and an assignee.
    pub fn finish(&self, case: &Case<'a>) -> Obligation {
        Obligation {
            kind: self.kind,
            date: Some(self.date),
            time: self.time,
            via: case.via(self.own_channel),
            why: self.why.words(),
            assignee: case.assignee(self.promiser).map(str::to_owned),
            asked: self.asked,
            promised: self.promised,
            patience: self.patience,
            moved_away: self.moved_away,
        }
    }

    /// The same for an open promise that nothing dates.
    fn finish_undated(self, case: &Case<'a>) -> Obligation {
        Obligation { date: None, ..self.finish(case) }
    }
}

/// Collects all that exists, in the order of the kinds.
pub(super) fn collect<'a, T: Trail>(
    case: &Case<'a>,
    drafts: &mut Vec<Draft<'a>>,
    undated: &mut Vec<Obligation>,
    trail: &mut T,
) {
    promises(case, drafts, undated, trail);
    drafts.extend(reply(case, trail));
    drafts.extend(next(case, trail));
    drafts.extend(first(case, trail));
    drafts.extend(cadence(case, trail));
    drafts.extend(rhythm(case, trail));
    occasions(case, drafts, trail);
}

/// `promise` and `waiting`: open promises, ours and theirs.
///
/// One that is nested in a log entry dated after today counts: only the entry is left out of the rules, and a
/// promise is kept or broken whatever day was written above it.
fn promises<'a, T: Trail>(
    case: &Case<'a>,
    drafts: &mut Vec<Draft<'a>>,
    undated: &mut Vec<Obligation>,
    trail: &mut T,
) {
    let settings = case.settings;
    let calendar = &settings.calendar;
    for promise in case.contact.promises.iter().filter(|promise| !promise.kept) {
        let (kind, promiser) = match &promise.who {
            Promiser::Me => (Kind::Promise, None),
            Promiser::Member(handle) => (Kind::Promise, Some(handle.as_str())),
            Promiser::Them => (Kind::Waiting, None),
        };
        let theirs = kind == Kind::Waiting;
        let within = if theirs { &settings.waiting_within } else { &settings.promise_within };
        let whose = || match promiser {
            Some(handle) => format!("{handle} promised"),
            None if theirs => "they promised".to_owned(),
            None => "promised".to_owned(),
        };
        let (date, number) = match (promise.by, promise.made) {
            (Some(by), _) if theirs => {
                let grace = &settings.waiting_grace;
                let date = grace.after(by, calendar);
                let words =
                    || format!("{} \"{}\" by {} + {grace} = {}", whose(), promise.text, day(by), day(date));
                (Some(date), trail.made(kind, words))
            }
            (Some(by), _) => {
                let words = || format!("{} \"{}\" by {}", whose(), promise.text, day(by));
                (Some(by), trail.made(kind, words))
            }
            (None, Some(made)) => {
                let date = within.after(made, calendar);
                let words = || {
                    format!("{} \"{}\" on {} + {within} = {}", whose(), promise.text, day(made), day(date))
                };
                (Some(date), trail.made(kind, words))
            }
            (None, None) => {
                let words = || format!("{} \"{}\": nothing says by when", whose(), promise.text);
                (None, trail.made(kind, words))
            }
        };
        let draft = Draft {
            promiser,
            explicit: promise.by.is_some() && !theirs,
            ..Draft::new(number, kind, date.unwrap_or(case.today), Why::Text(&promise.text))
        };
        if date.is_some() {
            drafts.push(draft);
        } else {
            trail.settled(number, Outcome::Undated, None);
            undated.push(draft.finish_undated(case));
        }
    }
}

/// `reply`: they wrote last, and that wants an answer.
fn reply<'a, T: Trail>(case: &Case<'a>, trail: &mut T) -> Option<Draft<'a>> {
    let last = case.facts.last().filter(|touch| touch.is_in() && !touch.is_conversation())?;
    if last.words.has(Word::NoReply) {
        trail.note(|| format!("no answer is owed: the {} says no-reply", touch(last)));
        return None;
    }
    let within = &case.settings.reply_within;
    let date = case.after(last, within);
    let number =
        trail.made(Kind::Reply, || format!("not answered yet: {} + {within} = {}", touch(last), day(date)));
    Some(Draft::new(number, Kind::Reply, date, Why::Text(&last.text)).via(Some(&last.channel)))
}

/// `next`: the planned step, until a touch of its day or later settles it.
fn next<'a, T: Trail>(case: &Case<'a>, trail: &mut T) -> Option<Draft<'a>> {
    let next = case.contact.head.next.as_ref()?;
    let on = next.on?;
    if let Some(settling) = case.facts.last_settling.filter(|touch| touch.date >= on.date) {
        trail.note(|| format!("the plan for {} is settled: {}", day(on.date), touch(settling)));
        return None;
    }
    let number = trail.made(Kind::Next, || {
        let how = match (next.asked, next.promised) {
            (true, true) => "asked for and promised",
            (true, false) => "they asked for it",
            (false, true) => "promised",
            (false, false) => "planned",
        };
        format!("{how}: on {}", day(on.date))
    });
    Some(Draft {
        time: on.time,
        explicit: true,
        asked: next.asked,
        promised: next.promised,
        own_channel: next.via.as_ref(),
        ..Draft::new(number, Kind::Next, on.date, Why::from_option(next.why.as_deref()))
    })
}

/// `first`: they came to us, or we met, and nothing of ours has followed.
fn first<'a, T: Trail>(case: &Case<'a>, trail: &mut T) -> Option<Draft<'a>> {
    let opened = |touch: &&Entry| {
        touch.is_in() || matches!(touch.channel, Channel::Event | Channel::Meeting | Channel::Visit)
    };
    let first = case.facts.first_touch.filter(opened)?;
    if case.facts.answered_first || case.group != StageGroup::Open {
        return None;
    }
    let within = &case.settings.first_within;
    let date = case.after(first, within);
    let number = trail.made(Kind::First, || {
        format!("first met, nothing of ours since: {} + {within} = {}", touch(first), day(date))
    });
    Some(Draft::new(number, Kind::First, date, Why::Text(&first.text)))
}

/// `cadence`: the next step of the series, unless it has ended (format, section 5, rule 2).
fn cadence<'a, T: Trail>(case: &Case<'a>, trail: &mut T) -> Option<Draft<'a>> {
    let run = case.contact.head.cadence.as_ref()?;
    let name = run.name.as_deref()?;
    let Some(cadence) = case.settings.cadence(name) else {
        trail.note(|| format!("no cadence \"{name}\" is configured"));
        return None;
    };
    let Some(start) = run.start else {
        trail.note(|| format!("cadence \"{name}\" has no start to count from"));
        return None;
    };
    if case.group != StageGroup::Open {
        trail.note(|| format!("cadence \"{name}\" has ended: stage \"{}\" is closed", case.stage));
        return None;
    }
    if let Some(reply) = case.facts.reached().filter(|touch| cadence.until_reply && touch.date > start) {
        trail.note(|| format!("cadence \"{name}\" has ended: {} reached them", touch(reply)));
        return None;
    }
    let (done, previous) = case.facts.steps_since(start);
    let Some(step) = cadence.steps.get(done) else {
        trail.note(|| format!("cadence \"{name}\" has ended: its {} steps are done", cadence.steps.len()));
        return None;
    };
    let date = step.after.after(previous.map_or(start, |entry| entry.date), &case.settings.calendar);
    let number = trail.made(Kind::Cadence, || {
        let from = match previous {
            Some(entry) => format!("the step before, {}", touch(entry)),
            None => format!("start {}", day(start)),
        };
        let of = cadence.steps.len();
        format!("cadence \"{name}\", step {} of {of}: {from} + {} = {}", done + 1, step.after, day(date))
    });
    let draft = Draft::new(number, Kind::Cadence, date, Why::from_option(step.why.as_deref()));
    Some(draft.via(step.via.as_ref()))
}

/// `rhythm`: the usual interval since the last touch, or since they entered the notebook.
fn rhythm<'a, T: Trail>(case: &Case<'a>, trail: &mut T) -> Option<Draft<'a>> {
    let every = case.rhythm?;
    let date = match (case.facts.last(), case.contact.head.added) {
        (Some(last), _) => case.after(last, every),
        (None, Some(added)) => every.after(added, &case.settings.calendar),
        (None, None) => return None,
    };
    let number = trail.made(Kind::Rhythm, || {
        let from = match (case.facts.last(), case.contact.head.added) {
            (None, Some(added)) => format!("added {}", day(added)),
            (last, _) => format!("last touch {}", last.map_or_else(String::new, |last| day(last.date))),
        };
        format!("keep in touch every {every}: {from} + {every} = {}", day(date))
    });
    Some(Draft::new(number, Kind::Rhythm, date, Why::Rhythm(every)))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Sample, date, period, settings};
    use super::*;
    use crate::settings::{RhythmOf, Settings};

    #[test]
    fn promises_of_ours_and_of_theirs() {
        for (who, by, made, expected) in [
            ("me", Some("2026-12-05"), None, "promise 2026-12-05"), // a Saturday that somebody named
            ("pat", Some("2026-12-08"), Some("2026-11-30"), "promise 2026-12-08"),
            ("me", None, Some("2026-11-30"), "promise 2026-12-02"),
            ("me", None, Some("2026-12-03"), "promise 2026-12-07"), // + 2 days is a Saturday
            ("me", None, None, ""),
            ("them", Some("2026-12-08"), None, "waiting 2026-12-09"),
            ("them", Some("2026-12-04"), None, "waiting 2026-12-07"), // `by` + grace is no explicit `by`
            ("them", None, Some("2026-11-30"), "waiting 2026-12-07"),
            ("them", None, None, ""),
            // Nested in an entry that is left out because it is dated after today: the promise still counts.
            ("me", None, Some("2026-12-07"), "promise 2026-12-09"),
        ] {
            let sample = Sample::default().promise(who, "send it", by, made);
            assert_eq!(sample.due("2026-12-03"), expected, "{who} {by:?} {made:?}");
        }
    }

    #[test]
    fn undated_promises_do_not_keep_a_contact_from_being_a_crack() {
        let assessment = Sample::default().promise("them", "send it", None, None).assess("2026-12-03");
        assert!(assessment.crack);
        assert_eq!(assessment.undated[0].kind, Kind::Waiting);
        assert_eq!(assessment.undated[0].date, None);
        assert_eq!(assessment.undated[0].why.as_deref(), Some("send it"));
    }

    #[test]
    fn a_reply_is_owed_to_the_last_touch() {
        for (log, expected) in [
            (vec!["2026-12-01 email in"], "reply 2026-12-02"),
            (vec!["2026-12-01 email in no-reply"], ""),
            (vec!["2026-12-01 phone in"], ""),
            (vec!["2026-12-01 phone in voicemail"], "reply 2026-12-02"),
            (vec!["2026-12-01 email in", "2026-12-01 note"], "reply 2026-12-02"),
            (vec!["2026-12-01 email in", "2026-12-01 skip"], "reply 2026-12-02"),
            (vec!["2026-12-01 email in", "2026-12-01 10:00 email"], ""),
            (vec!["2026-12-01 email in", "2026-12-04 email"], "reply 2026-12-02"),
            (vec!["2026-12-04 email in"], ""),
        ] {
            let due = Sample::log(&log).stage("lost").due("2026-12-03");
            assert_eq!(due, expected, "{log:?}");
        }
        let reply = &Sample::log(&["2026-12-01 text in: hello"]).prefers(&["phone"]).assess("2026-12-03");
        assert_eq!(reply.obligations[0].via, Some(Channel::Text), "they chose the channel");
        assert_eq!(reply.obligations[0].why.as_deref(), Some("hello"));
    }

    #[test]
    fn hours_count_from_a_known_time_and_round_up_without() {
        let with = |within: &str| Settings { reply_within: period(within), ..settings() };
        for (touch, within, expected) in [
            ("2026-11-30 email in", "36h", "reply 2026-12-02"),
            ("2026-11-30 08:00 email in", "36h", "reply 2026-12-01"),
            ("2026-11-30 12:00 email in", "36h", "reply 2026-12-02"),
            ("2026-11-30 08:00 email in", "2 hours", "reply 2026-11-30"),
            ("2026-11-30 08:00 email in", "2d", "reply 2026-12-02"),
            ("2026-11-30 email in", "0h", "reply 2026-11-30"),
        ] {
            let due = Sample::log(&[touch]).stage("lost").due_with(&with(within), "2026-12-03");
            assert_eq!(due, expected, "{touch} + {within}");
        }
    }

    #[test]
    fn next_stands_until_a_touch_of_its_day() {
        for (log, expected) in [
            (vec![], "next 2026-12-01"),
            (vec!["2026-11-30 phone"], "next 2026-12-01"),
            (vec!["2026-12-01 phone voicemail"], ""),
            (vec!["2026-12-02 card"], ""),
            (vec!["2026-12-01 phone in"], ""),
            (vec!["2026-12-01 email in no-reply"], "next 2026-12-01"),
            (vec!["2026-12-01 note", "2026-12-01 skip"], "next 2026-12-01"),
            (vec!["2026-12-04 phone"], "next 2026-12-01"), // dated after today
        ] {
            let due = Sample::log(&log).stage("lost").next("2026-12-01").due("2026-12-03");
            assert_eq!(due, expected, "{log:?}");
        }
        let saturday = Sample::default().next("2026-12-05");
        assert_eq!(saturday.due("2026-12-03"), "next 2026-12-05", "a day that somebody named stays");
    }

    #[test]
    fn first_contact_of_an_open_stage() {
        for (log, stage, expected) in [
            (vec!["2026-11-30 phone in"], "new", "first 2026-12-01"),
            (vec!["2026-11-30 event"], "new", "first 2026-12-01"),
            (vec!["2026-11-30 meeting no-show"], "new", "first 2026-12-01"),
            (vec!["2026-11-30 visit"], "unheard-of", "first 2026-12-01"),
            (vec!["2026-11-30 visit"], "won", "rhythm 2027-05-31"),
            (vec!["2026-11-30 video"], "new", ""),
            (vec!["2026-11-30 phone"], "new", ""),
            (vec!["2026-11-30 event", "2026-12-01 email"], "new", ""),
            (vec!["2026-11-30 event", "2026-12-01 phone in"], "new", "first 2026-12-01"),
            (vec!["2026-11-29 note", "2026-11-30 event"], "new", "first 2026-12-01"),
            (vec!["2026-11-30 phone", "2026-12-01 phone in"], "new", ""),
        ] {
            assert_eq!(Sample::log(&log).stage(stage).due("2026-12-03"), expected, "{log:?} {stage}");
        }
    }

    #[test]
    fn steps_of_a_cadence() {
        for (log, name, expected) in [
            (vec![], "new-lead", "cadence 2026-11-02"),
            (vec!["2026-11-04 card"], "new-lead", "cadence 2026-11-11"),
            (vec!["2026-11-04 skip"], "new-lead", "cadence 2026-11-11"),
            (vec!["2026-11-04 note"], "new-lead", "cadence 2026-11-02"),
            (vec!["2026-10-30 card"], "new-lead", "cadence 2026-11-02"),
            // A meeting of the first day is what began it; a call of that day is a step.
            (vec!["2026-11-02 meeting"], "drip", "cadence 2026-11-04"),
            (vec!["2026-11-02 phone no-answer"], "new-lead", "cadence 2026-11-09"),
            (vec!["2026-11-03 meeting"], "drip", "cadence 2026-11-10"),
            (vec!["2026-11-03 card", "2026-11-10 email"], "new-lead", "cadence 2026-12-10"),
            (vec!["2026-11-03 card", "2026-11-10 email", "2026-12-01 email"], "new-lead", ""),
            // A reply ends it, unless it runs to its end; one of the first day is no reply to it.
            (vec!["2026-11-04 card", "2026-11-05 email in no-reply"], "new-lead", ""),
            (vec!["2026-11-04 card", "2026-11-05 email in no-reply"], "drip", "cadence 2026-11-11"),
            (vec!["2026-11-02 email in no-reply", "2026-11-04 card"], "new-lead", "cadence 2026-11-11"),
            (vec!["2026-11-04 phone"], "new-lead", ""),
            (vec![], "unheard-of", ""),
        ] {
            let due = Sample::log(&log).cadence(name, "2026-11-02").due("2026-12-03");
            let due = due.split(", ").filter(|o| !o.starts_with("first")).collect::<Vec<_>>().join(", ");
            assert_eq!(due, expected, "{log:?} {name}");
        }
        assert_eq!(Sample::default().stage("won").cadence("drip", "2026-11-02").due("2026-12-03"), "");
        let no_start = Sample::default().cadence("drip", "2026-11-02");
        let no_start = no_start.head(|head| head.cadence.as_mut().unwrap().start = None);
        assert!(no_start.assess("2026-12-03").crack, "without a day to count from it will never come up");
    }

    #[test]
    fn rhythm_of_the_contact_then_of_a_tag_then_of_the_stage() {
        let mut settings = settings();
        settings.rhythm.push((RhythmOf::Tag("vip".into()), period("30 days")));
        settings.rhythm.push((RhythmOf::Tag("hotel".into()), period("5 weeks")));
        let tagged =
            || Sample::log(&["2026-11-02 phone"]).head(|h| h.tags = vec!["hotel".into(), "vip".into()]);
        assert_eq!(
            tagged().stage("nurture").every("6w").due_with(&settings, "2026-12-03"),
            "rhythm 2026-12-14"
        );
        assert_eq!(tagged().stage("nurture").due_with(&settings, "2026-12-03"), "rhythm 2026-12-02");
        assert_eq!(tagged().stage("lost").due_with(&settings, "2026-12-03"), "rhythm 2026-12-02");
        assert_eq!(
            Sample::log(&["2026-11-02 phone"]).stage("nurture").due_with(&settings, "2026-12-03"),
            "rhythm 2027-02-01"
        );
        let added = Sample::default().every("1mo").head(|head| head.added = Some(date("2026-11-02")));
        assert_eq!(added.due("2026-12-03"), "rhythm 2026-12-02");
        assert!(Sample::default().every("1mo").assess("2026-12-03").crack, "nothing to count from");
        let why = added.assess("2026-12-03").obligations[0].why.clone();
        assert_eq!(why.as_deref(), Some("keep in touch every 1mo"), "as written");
    }
}
