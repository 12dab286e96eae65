//! Tests of the figures: by hand, and that parts joined are the whole.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::follow_up::assess;
use crate::follow_up::samples::{Sample, any_contact, any_date, any_settings, date, settings};

fn of(contacts: &[Contact], settings: &Settings, stretch: &Stretch) -> Figures {
    let mut figures = Figures::new(stretch.clone());
    for contact in contacts {
        figures.add(contact, &assess(contact, settings, stretch.last()), settings);
    }
    figures
}

fn of_one(sample: Sample) -> Figures {
    of(&[sample.contact], &settings(), &Stretch::new(None, date("2026-12-03")))
}

#[test]
fn channels_tell_who_was_reached_and_how_soon_they_answered() {
    for (log, channel, expected) in [
        (&["2026-11-02 phone"][..], "phone", (1, 1, 0, None)),
        (&["2026-11-02 phone voicemail"], "phone", (1, 0, 0, None)),
        (&["2026-11-02 email", "2026-11-05 email in"], "email", (1, 0, 1, Some(3))),
        // The answer is to the last of two.
        (&["2026-11-02 email", "2026-11-04 text", "2026-11-05 email in"], "email", (1, 0, 0, None)),
        (&["2026-11-02 email", "2026-11-04 text", "2026-11-05 email in"], "text", (1, 0, 1, Some(1))),
        // Once they were reached, what they write answers nothing.
        (&["2026-11-02 email", "2026-11-04 phone", "2026-11-05 email in"], "email", (1, 0, 0, None)),
        (&["2026-11-02 email", "2026-11-05 email in", "2026-11-06 email in"], "email", (1, 0, 1, Some(3))),
        // An answer to what was asked before the stretch is not one of the stretch.
        (&["2026-09-04 email", "2026-09-08 email in"], "email", (0, 0, 0, None)),
        (&["2026-11-02 text reached", "2026-12-09 text"], "text", (1, 1, 0, None)),
    ] {
        let figures = of_one(Sample::log(log));
        let reach = figures.channels.get(&Channel::from_name(channel)).cloned().unwrap_or_default();
        let found = (reach.out, reach.reached, reach.answered, median(&reach.answer_days));
        assert_eq!(found, expected, "{log:?} {channel}");
    }
    let figures = of_one(Sample::log(&["2026-11-02 email in", "2026-11-03 note"]));
    assert_eq!(figures.channels[&Channel::Email].incoming, 1);
    assert_eq!(figures.channels.len(), 1, "a note is no touch");
}

#[test]
fn promises_of_both_sides() {
    // (who, by, made, kept) to (kept, open, late, undated)
    for (who, by, made, kept, expected) in [
        ("me", Some("2026-12-03"), None, false, (0, 1, 0, 0)),
        ("me", Some("2026-12-02"), None, false, (0, 0, 1, 0)),
        ("pat", None, Some("2026-12-01"), false, (0, 1, 0, 0)),
        ("them", None, Some("2026-11-25"), false, (0, 0, 1, 0)),
        ("them", None, Some("2026-11-26"), false, (0, 1, 0, 0)),
        ("me", None, None, false, (0, 0, 0, 1)),
        ("me", Some("2020-01-01"), None, false, (0, 0, 1, 0)),
        ("me", None, Some("2026-09-07"), true, (1, 0, 0, 0)),
        ("me", Some("2027-01-01"), None, true, (1, 0, 0, 0)),
        ("me", Some("2026-12-01"), Some("2026-09-06"), true, (0, 0, 0, 0)),
        ("them", None, None, true, (0, 0, 0, 0)),
    ] {
        let mut sample = Sample::default().promise(who, "send it", by, made);
        sample.contact.promises[0].kept = kept;
        let stopped = Sample { contact: sample.contact.clone() }.stage("stopped");
        let figures = of_one(sample);
        let (side, other) =
            if who == "them" { (figures.theirs, figures.ours) } else { (figures.ours, figures.theirs) };
        assert_eq!((side.kept, side.open, side.late, side.undated), expected, "{who} {by:?} {made:?} {kept}");
        assert_eq!(other, Promises::default(), "{who} {by:?} {made:?}");
        let figures = of_one(stopped);
        assert_eq!(figures.ours.open + figures.ours.late + figures.theirs.late + figures.theirs.open, 0);
    }
}

#[test]
fn values_add_up_by_stage_and_currency() {
    let worth = |amount: f64, currency: Option<&str>| {
        let money = crate::contact::Money { amount, currency: currency.map(str::to_owned) };
        Sample::default().stage("won").head(|head| head.value = Some(money)).contact
    };
    let contacts =
        [worth(0.1, None), worth(0.2, Some("USD")), worth(7.0, Some("EUR")), worth(-1e300, Some("ZZZ"))];
    let figures = of(&contacts, &settings(), &Stretch::new(None, date("2026-12-03")));
    let values: Vec<(&str, f64)> = figures.stages["won"].values().collect();
    assert_eq!(values[..2], [("EUR", 7.0), ("USD", 0.3)]);
    assert!(values[2].1 < -1e30 && values[2].1.is_finite());
}

#[test]
fn the_median_of_two_middles_is_the_lower() {
    let of = |values: &[i64]| {
        let mut counts = BTreeMap::new();
        values.iter().for_each(|value| *counts.entry(*value).or_default() += 1);
        median(&counts)
    };
    for (values, expected) in [
        (&[][..], None),
        (&[4], Some(4)),
        (&[1, 9], Some(1)),
        (&[9, 1, 3], Some(3)),
        (&[1, 1, 1, 9], Some(1)),
    ] {
        assert_eq!(of(values), expected, "{values:?}");
    }
}

proptest! {
    /// However the contacts are parted, and in whatever order they come, the figures are the same; and what is
    /// counted twice agrees.
    #[test]
    fn joined_parts_are_the_whole(
        contacts in vec(any_contact(), 0..12),
        cut in 0usize..12,
        settings in any_settings(),
        since in proptest::option::of(any_date()),
        today in any_date(),
    ) {
        let stretch = Stretch::new(since, today);
        let whole = of(&contacts, &settings, &stretch);
        let (first, second) = contacts.split_at(cut.min(contacts.len()));
        let mut joined = of(second, &settings, &stretch);
        joined.join(of(first, &settings, &stretch));
        prop_assert_eq!(&joined, &whole);
        let mut turned = contacts.clone();
        turned.reverse();
        prop_assert_eq!(&of(&turned, &settings, &stretch), &whole);

        let done = whole.done();
        prop_assert_eq!(whole.kinds.values().map(|done| done.all()).sum::<usize>(), done.all());
        prop_assert_eq!(whole.team.values().map(|member| member.done.all()).sum::<usize>(), done.all());
        prop_assert_eq!(whole.days_late.values().sum::<usize>(), done.late);
        let touches: usize = whole.spans.iter().map(|span| span.touches).sum();
        prop_assert_eq!(whole.team.values().map(Member::total).sum::<usize>(), touches);
        prop_assert_eq!(whole.channels.values().map(|reach| reach.out).sum::<usize>(), touches);
        prop_assert_eq!(whole.stages.values().map(|stage| stage.contacts).sum::<usize>(), contacts.len());
        prop_assert!(whole.channels.values().all(|reach| reach.reached + reach.answered <= reach.out));
        let added: usize = whole.spans.iter().map(|span| span.added).sum();
        prop_assert_eq!(whole.sources.values().sum::<usize>(), added);
    }
}
