//! The rules that drop and move obligations, in the format's order (format, section 5, rules 1 to 6).

use crate::contact::Entry;
use crate::date::Date;
use crate::period::Period;

use super::Kind;
use super::case::Case;
use super::explain::{Trail, day};
use super::obligations::Draft;

/// Applies all rules. Rule 2 is in the making of a cadence's obligation already.
pub(super) fn apply<'a, T: Trail>(case: &Case<'a>, drafts: &mut Vec<Draft<'a>>, trail: &mut T) {
    plan_beats_rule(drafts, trail);
    away(case, drafts, trail);
    patience(case, drafts, trail);
    gap(case, drafts, trail);
    working_days(case, drafts, trail);
}

/// Rule 1: while `next` exists, nothing else proposes a step; where they asked for it, it is the answer too.
fn plan_beats_rule<T: Trail>(drafts: &mut Vec<Draft<'_>>, trail: &mut T) {
    let Some(plan) = drafts.iter().find(|draft| draft.kind == Kind::Next) else { return };
    let (on, asked) = (plan.date, plan.asked);
    drafts.retain(|draft| {
        let beaten = match draft.kind {
            Kind::First | Kind::Cadence | Kind::Rhythm => true,
            Kind::Reply => asked,
            _ => false,
        };
        if beaten {
            trail.changed(draft.number, || format!("dropped: a plan beats a rule (next on {})", day(on)));
        }
        !beaten
    });
}

/// Rule 3: nothing but what was promised or is owed falls on a day on which they are away, or just back.
///
/// An absence without an `until` moves nothing: there is no day to move to, and a contact must not be lost.
fn away<T: Trail>(case: &Case<'_>, drafts: &mut [Draft<'_>], trail: &mut T) {
    let Some(away) = &case.contact.head.away else { return };
    let Some(until) = away.until else {
        trail.note(|| "away without \"until\": no day to wait for".to_owned());
        return;
    };
    let after_away = &case.settings.after_away;
    let last = after_away.after(until, &case.settings.calendar);
    let back = last.plus_days(1);
    for draft in drafts {
        let exempt = matches!(draft.kind, Kind::Promise | Kind::Reply | Kind::Occasion) || draft.asked;
        if exempt || draft.date > last || away.from.is_some_and(|from| draft.date < from) {
            continue;
        }
        draft.date = back;
        draft.time = None;
        draft.explicit = false;
        draft.moved_away = true;
        trail.changed(draft.number, || {
            let settle = if after_away.count() == 0 { String::new() } else { format!(", and {after_away}") };
            format!("moved to {}: away until {}{settle}", day(back), day(until))
        });
    }
}

/// Rule 4: who does not answer is left in peace for a while.
fn patience<T: Trail>(case: &Case<'_>, drafts: &mut [Draft<'_>], trail: &mut T) {
    let unanswered = case.facts.unanswered;
    if unanswered < case.settings.patience_unanswered {
        return;
    }
    let wait = &case.settings.patience_wait;
    let earliest = case.facts.last_out.map(|last| (last, case.after(last, wait)));
    for draft in drafts {
        if matches!(draft.kind, Kind::Promise | Kind::Reply | Kind::Occasion) {
            continue;
        }
        draft.patience = true;
        match earliest {
            Some((last, earliest)) if is_pressing(draft.kind) && draft.date < earliest => {
                draft.date = earliest;
                trail.changed(draft.number, || {
                    let since = since(last, wait);
                    format!("moved to {}: {unanswered} touches went unanswered, {since}", day(earliest))
                });
            }
            _ => trail.changed(draft.number, || format!("patience: {unanswered} touches went unanswered")),
        }
    }
}

/// Rule 5: some days lie between two touches of ours.
fn gap<T: Trail>(case: &Case<'_>, drafts: &mut [Draft<'_>], trail: &mut T) {
    let Some(last) = case.facts.last_out else { return };
    let gap = &case.settings.patience_gap;
    let earliest = case.after(last, gap);
    for draft in drafts.iter_mut().filter(|draft| is_pressing(draft.kind) && draft.date < earliest) {
        draft.date = earliest;
        trail.changed(draft.number, || format!("moved to {}: {}", day(earliest), since(last, gap)));
    }
}

/// Rule 6: work is done on working days; a day that somebody named stays.
fn working_days<T: Trail>(case: &Case<'_>, drafts: &mut [Draft<'_>], trail: &mut T) {
    for draft in drafts.iter_mut().filter(|draft| !draft.explicit && draft.kind != Kind::Occasion) {
        let worked: Date = case.settings.calendar.on_or_after(draft.date);
        if worked != draft.date {
            draft.date = worked;
            trail.changed(draft.number, || format!("moved to {}: the next working day", day(worked)));
        }
    }
}

/// What we do of our own accord, and can do later as well.
fn is_pressing(kind: Kind) -> bool {
    matches!(kind, Kind::Cadence | Kind::Rhythm | Kind::Waiting)
}

fn since(last: &Entry, period: &Period) -> String {
    format!("at least {period} after our last touch ({})", day(last.date))
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Sample, date, period, settings};
    use crate::contact::Channel;
    use crate::date::Calendar;
    use crate::settings::Settings;

    #[test]
    fn a_plan_beats_a_rule() {
        let sample = || Sample::log(&["2026-12-01 email in"]).every("1w").cadence("drip", "2026-12-03");
        assert_eq!(
            sample().due("2026-12-03"),
            "reply 2026-12-02, first 2026-12-02, cadence 2026-12-03, rhythm 2026-12-08"
        );
        assert_eq!(sample().next("2026-12-10").due("2026-12-03"), "reply 2026-12-02, next 2026-12-10");
        assert_eq!(
            sample().next("2026-12-10").promised().due("2026-12-03"),
            "reply 2026-12-02, next 2026-12-10"
        );
        assert_eq!(sample().next("2026-12-10").asked().due("2026-12-03"), "next 2026-12-10");
        // A plan that a touch has settled beats nothing.
        let settled = Sample::log(&["2026-12-01 phone"]).every("1w").next("2026-12-01");
        assert_eq!(settled.due("2026-12-03"), "rhythm 2026-12-08");
    }

    #[test]
    fn away_moves_to_the_day_after_they_have_settled_in() {
        for (from, until, on, expected) in [
            (None, "2026-12-08", "2026-12-03", "next 2026-12-10 moved-away"),
            (None, "2026-12-08", "2026-12-09", "next 2026-12-10 moved-away"), // the day that follows
            (None, "2026-12-08", "2026-12-10", "next 2026-12-10"),
            (Some("2026-12-04"), "2026-12-08", "2026-12-03", "next 2026-12-03"),
            (Some("2026-12-04"), "2026-12-08", "2026-12-04", "next 2026-12-10 moved-away"),
            (None, "2026-12-10", "2026-12-05", "next 2026-12-14 moved-away"), // 12-12 is a Saturday
        ] {
            let due = Sample::default().next(on).away(from, until).due("2026-12-03");
            assert_eq!(due, expected, "{from:?} {until} {on}");
        }
        assert_eq!(
            Sample::default().next("2026-12-05").asked().away(None, "2026-12-10").due("2026-12-03"),
            "next 2026-12-05",
            "they asked for it"
        );
        let exempt = Sample::log(&["2026-12-01 email in"]).stage("lost").occasion("birthday", "1980-12-03");
        let exempt = exempt.promise("me", "x", Some("2026-12-01"), None).away(None, "2026-12-08");
        assert_eq!(exempt.due("2026-12-03"), "occasion 2026-11-30, promise 2026-12-01, reply 2026-12-02");
        let open_end = Sample::default().next("2026-12-05").away(None, "2026-12-10");
        let open_end = open_end.head(|head| head.away.as_mut().unwrap().until = None);
        assert_eq!(open_end.due("2026-12-03"), "next 2026-12-05", "no day to move to");
        let none = Settings { after_away: period("0 days"), ..settings() };
        let back = Sample::default().next("2026-12-08").away(None, "2026-12-08");
        assert_eq!(back.due_with(&none, "2026-12-03"), "next 2026-12-09 moved-away");
    }

    #[test]
    fn a_time_of_day_goes_with_the_day() {
        let sample = Sample::default().next("2026-12-08").head(|head| {
            head.next.as_mut().unwrap().on.as_mut().unwrap().time = crate::date::Time::new(14, 30);
        });
        assert!(sample.assess("2026-12-03").obligations[0].time.is_some());
        assert!(sample.away(None, "2026-12-08").assess("2026-12-03").obligations[0].time.is_none());
    }

    #[test]
    fn patience_after_four_touches_unanswered() {
        let three = ["2026-11-02 email", "2026-11-09 phone voicemail", "2026-11-16 card"];
        let four = [&three[..], &["2026-11-23 text"]].concat();
        let waiting = |log| Sample::log(log).every("2w").promise("them", "x", Some("2026-12-01"), None);
        assert_eq!(waiting(&three).due("2026-12-03"), "rhythm 2026-11-30, waiting 2026-12-02");
        assert_eq!(
            waiting(&four).due("2026-12-03"),
            "waiting 2027-01-22 patience, rhythm 2027-01-22 patience"
        );
        let plan = Sample::log(&four).next("2026-12-10").promise("me", "x", Some("2026-12-01"), None);
        assert_eq!(plan.due("2026-12-03"), "promise 2026-12-01, next 2026-12-10 patience");
        let answered = [&four[..], &["2026-11-24 email in no-reply"]].concat();
        assert_eq!(waiting(&answered).due("2026-12-03"), "waiting 2026-12-02, rhythm 2026-12-08");
    }

    #[test]
    fn a_gap_lies_between_two_touches_of_ours() {
        let sample = Sample::log(&["2026-12-02 card"]).every("0 days").cadence("drip", "2026-12-03");
        assert_eq!(sample.due("2026-12-03"), "cadence 2026-12-04, rhythm 2026-12-04");
        let next = Sample::log(&["2026-12-02 card"]).next("2026-12-03");
        assert_eq!(next.due("2026-12-03"), "next 2026-12-03", "a plan is not ours to move");
    }

    #[test]
    fn working_days_and_holidays() {
        let calendar = Calendar::new(&[], vec![date("2026-12-08")]);
        let settings = Settings { calendar, ..settings() };
        let sample = Sample::log(&["2026-12-01 phone"]).every("1w");
        assert_eq!(sample.due_with(&settings, "2026-12-03"), "rhythm 2026-12-09");
        let occasion = Sample::default().occasion("birthday", "1980-12-08");
        assert_eq!(occasion.due("2026-12-06"), "occasion 2026-12-05", "a Saturday, and it stays");
        let every = Sample::log(&["2026-11-27 phone"]).every("5 business days");
        assert_eq!(every.due_with(&settings, "2026-12-03"), "rhythm 2026-12-02", "all days are worked here");
    }

    #[test]
    fn ties_of_one_day() {
        let all = Sample::log(&["2026-12-02 email in"]).promise("me", "x", Some("2026-12-03"), None);
        let all = all.promise("them", "y", Some("2026-12-02"), None).next("2026-12-03");
        assert_eq!(
            all.due("2026-12-03"),
            "promise 2026-12-03, reply 2026-12-03, next 2026-12-03, waiting 2026-12-03"
        );
        let promised = all.promised();
        assert_eq!(
            promised.due("2026-12-03"),
            "next 2026-12-03, promise 2026-12-03, reply 2026-12-03, waiting 2026-12-03"
        );
    }

    #[test]
    fn via_turns_from_what_went_unanswered() {
        let via = |log: &[&str], prefers: &[&str]| {
            let assessment = Sample::log(log).every("1w").prefers(prefers).assess("2026-12-03");
            assessment.obligations[0].via.clone()
        };
        let (phone, email) = (Some(Channel::Phone), Some(Channel::Email));
        assert_eq!(via(&["2026-11-02 phone no-answer"], &["phone", "email"]), email);
        assert_eq!(via(&["2026-11-02 phone no-answer"], &["phone"]), phone, "there is no other");
        assert_eq!(via(&["2026-11-02 phone"], &["phone", "email"]), phone, "it was answered");
        assert_eq!(via(&["2026-11-02 email", "2026-11-02 phone busy"], &["phone", "email"]), email);
        assert_eq!(
            via(&["2026-11-02 phone busy", "2026-11-03 text in no-reply"], &["phone", "email"]),
            phone
        );
        assert_eq!(via(&["2026-11-02 phone busy"], &[]), None);
    }

    #[test]
    fn whose_it_is_today() {
        let sample = Sample::default().next("2026-12-22").promise("sam", "x", Some("2026-12-23"), None);
        let sample = sample.head(|head| head.owner = Some("pat".into()));
        let whose = |today| {
            let obligations = sample.assess(today).obligations.into_iter();
            obligations.map(|o| o.assignee.unwrap()).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(whose("2026-12-19"), "pat sam");
        assert_eq!(whose("2026-12-20"), "sam sam", "pat is away");
        assert_eq!(whose("2027-01-04"), "pat sam");
    }

    #[test]
    fn covers_pass_it_on_until_somebody_is_there() {
        let whose = |covers: &[(&str, Option<&str>)]| {
            let mut settings = settings();
            settings.team = covers
                .iter()
                .map(|(handle, cover)| crate::settings::Member {
                    handle: (*handle).into(),
                    away: vec![crate::settings::Absence {
                        cover: cover.map(str::to_owned),
                        ..Default::default()
                    }],
                    ..Default::default()
                })
                .collect();
            let sample = Sample::default().next("2026-12-22").head(|head| head.owner = Some("a".into()));
            super::super::assess(&sample.contact, &settings, date("2026-12-03")).obligations[0]
                .assignee
                .clone()
        };
        assert_eq!(whose(&[("a", Some("b")), ("b", Some("c"))]).as_deref(), Some("c"));
        assert_eq!(whose(&[("a", Some("b")), ("b", None)]).as_deref(), Some("b"));
        assert_eq!(whose(&[("a", Some("b")), ("b", Some("a"))]).as_deref(), Some("a"), "a circle");
        assert_eq!(whose(&[("a", None)]).as_deref(), Some("a"));
    }

    #[test]
    fn stopped_is_never_due_and_no_crack() {
        let sample = Sample::log(&["2026-12-01 email in"]).stage("stopped").next("2026-12-03").asked();
        let assessment = sample.promise("me", "x", Some("2026-12-01"), None).assess("2026-12-03");
        assert!(assessment.obligations.is_empty() && !assessment.crack);
        assert_eq!(assessment.last_touch, Some(0));
    }
}
