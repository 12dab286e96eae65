//! What holds of every text and every day.

use proptest::prelude::*;

use super::*;

/// Any day that there is.
fn any_date() -> impl Strategy<Value = Date> {
    (Date::MIN.number()..=Date::MAX.number()).prop_map(|number| Date::from_number(number).unwrap())
}

fn any_time() -> impl Strategy<Value = Option<Time>> {
    proptest::option::of((0..24u32, 0..60u32).prop_map(|(hour, minute)| Time::new(hour, minute).unwrap()))
}

fn any_lean() -> impl Strategy<Value = Lean> {
    prop::sample::select(vec![Lean::Past, Lean::Future])
}

/// Words of the grammar in any order, which is seldom English.
const WORDS: &str = "((today|tomorrow|mon|friday|next|last|this|coming|in|a|the|of|on|and|half|couple|ago|from|after|\
    before|end|start|mid|christmas|new year|eve|week|weekend|month|quarter|days|years|h|bd|mo|q1|w53|5th|31st|first|\
    three|9am|14:30|noon|night|midnight|jan|february|2026|2028|3|12|31|99|4000000000|feb 29|2026-12-03|3/4|24.12.|\
    0001-01-01|9999-12-31|[+@-]|eom|eod|time|now)( |, |-|)){0,9}";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_text_is_too_strange(text in "(?s).{0,60}", today in any_date(), time in any_time(), lean in any_lean()) {
        let calendar = Calendar::default();
        let _ = read(&text, lean, &Now { today, time, calendar: &calendar });
    }

    #[test]
    fn what_is_read_is_shown_and_read_again(text in WORDS, today in any_date(), time in any_time(), lean in any_lean()) {
        let calendar = Calendar::default();
        let now = Now { today, time, calendar: &calendar };
        match read(&text, lean, &now) {
            Ok(when) => prop_assert_eq!(read(&shown(&when), lean, &now), Ok(when)),
            Err(misread) => prop_assert!(!misread.message.is_empty() && !misread.message.ends_with('.')),
        }
    }

    #[test]
    fn days_with_their_year_mean_themselves(
        date in any_date(), time in any_time(), today in any_date(), clock in any_time(), lean in any_lean()
    ) {
        let calendar = Calendar::default();
        let now = Now { today, time: clock, calendar: &calendar };
        let when = When { date, time };
        let (year, month, day) = (date.year(), date.month(), date.day());
        let name = &crate::date::MONTHS[month as usize - 1];
        let mut forms = vec![
            shown(&when),
            date.to_string(),
            format!("{year:04}{month:02}{day:02}"),
            format!("{year:04}/{month}/{day}"),
            format!("{day}.{month}.{year:04}"),
            format!("{name} {day}, {year:04}"),
            format!("the {} of {name} {year:04}", ordinal(day)),
            format!("{}, {day} {} {year:04}", date.weekday(), &name[..3]),
        ];
        forms.extend(time.map(|time| format!("{date}T{time}")));
        forms.extend(time.map(|time| format!("{time} {date}")));
        for form in forms {
            let found = read(&form, lean, &now);
            prop_assert_eq!(found.as_ref().map(|w| w.date), Ok(date), "{}", form);
            let has_time = form.contains(':');
            prop_assert_eq!(found.map(|w| w.time), Ok(time.filter(|_| has_time)), "{}", form);
        }
    }

    #[test]
    fn what_leans_never_falls_on_the_other_side(
        number in Date::MIN.number() + 3660..Date::MAX.number() - 3660, clock in any_time(),
        form in "(mon|tue|wed|thu|fri|sat|sun|jan [1-9]|[12][0-9] february|29 feb|31 dec|the 31st|the [1-9]th|5/5|24\\.12\\.|\
            january|march|december|q[1-4]|week [1-9]|w53|end of (week|month|quarter|year|june)|christmas|3 (days|months)|\
            last friday of the month|mid (may|month)|weekend|9:30|noon|fri 9am)"
    ) {
        let calendar = Calendar::default();
        let now = Now { today: Date::from_number(number).unwrap(), time: clock, calendar: &calendar };
        if form.contains("1th") || form.contains("2th") || form.contains("3th") {
            return Ok(());
        }
        let ahead = read(&form, Lean::Future, &now).unwrap();
        let back = read(&form, Lean::Past, &now).unwrap();
        prop_assert!(ahead.date >= now.today, "{} on {} is {}", form, now.today, shown(&ahead));
        prop_assert!(back.date <= now.today, "{} on {} was {}", form, now.today, shown(&back));
        if let (Some(clock), Some(time), true) = (clock, ahead.time, ahead.date == now.today) {
            prop_assert!(time >= clock, "{} at {}", form, clock);
        }
    }

    #[test]
    fn case_and_blanks_say_nothing(text in WORDS, today in any_date(), time in any_time(), lean in any_lean()) {
        let calendar = Calendar::default();
        let now = Now { today, time, calendar: &calendar };
        let plain = read(&text, lean, &now).ok();
        prop_assert_eq!(read(&text.to_uppercase(), lean, &now).ok(), plain);
        prop_assert_eq!(read(&format!("  {}\t", text.replace(' ', "   ")), lean, &now).ok(), plain);
        prop_assert_eq!(read(&text.replace(", ", " ,"), lean, &now).ok(), plain);
    }
}
