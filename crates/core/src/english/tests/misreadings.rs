//! What cannot be read, what is said about it, and what is offered instead.

use super::*;

/// Read on Thursday 2026-12-03 at 10:15, ahead: the text, the message, the hint; an empty hint where nothing better is
/// known than what days look like.
const MISREADINGS: &[(&str, &str, &str)] = &[
    ("", "no day is said", ""),
    (" , . ", "no day is said", ""),
    ("tomorow", r#""tomorow" is no day that can be read"#, "did you mean `tomorrow`?"),
    ("wendesday", r#""wendesday" is no day that can be read"#, "did you mean `wednesday`?"),
    ("febuary", r#""febuary" is no day that can be read"#, "did you mean `february`?"),
    ("in 3 moths", r#""in 3 moths" is no day that can be read"#, "did you mean `in 3 months`?"),
    ("next mondya 2pm", r#""next mondya 2pm" is no day that can be read"#, "did you mean `next monday 2pm`?"),
    (
        "tomorow mornign",
        r#""tomorow mornign" is no day that can be read"#,
        "did you mean `tomorrow morning`?",
    ),
    ("in 2 yeers", r#""in 2 yeers" is no day that can be read"#, "did you mean `in 2 years`?"),
    ("30 feb", "there is no day 30 February", "the last of that month is `29 feb`"),
    ("30 feb 2027", "there is no day 30 February 2027", "the last of that month is `28 feb 2027`"),
    ("feb 29 2027", "there is no day 29 February 2027", "the last of that month is `28 feb 2027`"),
    ("2026-02-30", "there is no day 2026-02-30", "the last of that month is `2026-02-28`"),
    ("2026-13-40", "there is no day 2026-13-40", "months are 1 to 12, years 1 to 9999"),
    ("0 jan", "there is no day 0 January", "the first of that month is `1 jan`"),
    ("the 32nd", "no month has a day 32", "the last of one is `end of month`"),
    ("31st of february", "there is no day 31 February", "the last of that month is `29 feb`"),
    ("32 jan", "there is no day 32 January", "the last of that month is `31 jan`"),
    ("5m", r#""5m" could be minutes or months"#, "write `5mo` for months, `5min` for minutes"),
    ("in 15m", r#""15m" could be minutes or months"#, "write `15mo` for months, `15min` for minutes"),
    ("soon", r#""soon" is no day that can be read"#, ""),
    ("maybe", r#""maybe" is no day that can be read"#, ""),
    ("3/4/2026", r#""3/4/2026" could be 3 April or 4 March 2026"#, "write `2026-04-03` or `2026-03-04`"),
    ("03/04/2026", r#""03/04/2026" could be 3 April or 4 March 2026"#, "write `2026-04-03` or `2026-03-04`"),
    ("5-1", r#""5-1" could be 5 January or 1 May"#, "write `5 jan` or `1 may`"),
    ("24/12/26", r#"the year of "24/12/26" has two digits"#, "write all four: `24/12/2026`"),
    ("3.12.26", r#"the year of "3.12.26" has two digits"#, "write all four: `3.12.2026`"),
    ("13/13", "there is no day 13 of month 13", "months are 1 to 12"),
    ("2/30/2026", "there is no day 2026-02-30", "the last of that month is `2026-02-28`"),
    (
        "9",
        r#""9" could be a time, a day or a length of time"#,
        "a time is `9am` or `9pm`, a day `the 9th`, a length of time `9 days`",
    ),
    (
        "at 9",
        r#""9" in "at 9" could be a time, a day or a length of time"#,
        "a time is `9am` or `9pm`, a day `the 9th`, a length of time `9 days`",
    ),
    (
        "friday at 9",
        r#""9" in "friday at 9" could be a time, a day or a length of time"#,
        "a time is `9am` or `9pm`, a day `the 9th`, a length of time `9 days`",
    ),
    (
        "half past nine",
        r#""9" in "half past nine" could be a time, a day or a length of time"#,
        "a time is `9am` or `9pm`, a day `the 9th`, a length of time `9 days`",
    ),
    (
        "dec 5 9",
        r#""9" in "dec 5 9" could be a time, a day or a length of time"#,
        "a time is `9am` or `9pm`, a day `the 9th`, a length of time `9 days`",
    ),
    (
        "14",
        r#""14" could be a time, a day or a length of time"#,
        "a time is `14:00`, a day `the 14th`, a length of time `14 days`",
    ),
    (
        "25",
        r#""25" could be a time, a day or a length of time"#,
        "a day `the 25th`, a length of time `25 days`",
    ),
    ("90", r#""90" could be a length of time"#, "a length of time `90 days`"),
    ("1430", r#""1430" is no day by itself"#, "a day of that year is `jan 5 1430`, the time is `14:30`"),
    ("2027", r#""2027" is no day by itself"#, "a day of that year is `jan 5 2027`, the time is `20:27`"),
    ("14.30", r#"there is no day "14.30""#, "the time is `14:30`"),
    ("9.30", r#"there is no day "9.30""#, "the time is `9:30`"),
    ("25:00", r#"there is no time "25:00""#, "a time is `9:05` or `14:30`, from `00:00` to `23:59`"),
    ("24:00", r#"there is no time "24:00""#, "a time is `9:05` or `14:30`, from `00:00` to `23:59`"),
    ("13pm", r#"there is no time "13pm""#, "a time is `9am`, `9:30pm` or `14:30`"),
    ("0am", r#"there is no time "0am""#, "a time is `9am`, `9:30pm` or `14:30`"),
    ("9:75am", r#"there is no time "9:75am""#, "a time is `9am`, `9:30pm` or `14:30`"),
    ("9:5", r#"there is no time "9:5""#, "a time is `9:05` or `14:30`, from `00:00` to `23:59`"),
    ("noon 14:30", "two times of day are said", "a day has one, as in `fri 14:30`"),
    ("9am 2pm", "two times of day are said", "a day has one, as in `fri 14:30`"),
    ("in 2 hours at 9am", "two times of day are said", "a day has one, as in `fri 14:30`"),
    (
        "mon 4 dec",
        "2026-12-04 is a Friday, not a Monday",
        "write `2026-12-04` for the Friday, `2026-12-07` for the Monday after it",
    ),
    ("wed 2 dec", "2027-12-02 is a Thursday, not a Wednesday", "in 2026 it is a Wednesday: `2026-12-02`"),
    (
        "fri 2026-12-03",
        "2026-12-03 is a Thursday, not a Friday",
        "write `2026-12-03` for the Thursday, `2026-12-04` for the Friday after it",
    ),
    (
        "Friday, 3 January 2027",
        "2027-01-03 is a Sunday, not a Friday",
        "write `2027-01-03` for the Sunday, `2027-01-08` for the Friday after it",
    ),
    (
        "monday tomorrow",
        "2026-12-04 is a Friday, not a Monday",
        "write `2026-12-04` for the Friday, `2026-12-07` for the Monday after it",
    ),
    ("w54", "there is no week 54", "a year has weeks 1 to 52, and sometimes a week 53"),
    ("week 0", "there is no week 0", "a year has weeks 1 to 52, and sometimes a week 53"),
    ("week 53 2027", "there is no week 53", "a year has weeks 1 to 52, and sometimes a week 53"),
    ("q5", "there is no quarter 5", "quarters are `Q1` to `Q4`"),
    ("fifth monday of february 2027", "that month has no 5th Monday", "its last one is `last monday of …`"),
    ("fifth monday of the month", "that month has no 5th Monday", "its last one is `last monday of …`"),
    ("in 300 years", "300 years are longer than 100 years", ""),
    ("in 200 years", "200 years are longer than 100 years", ""),
    ("99999999999 days", r#""99999999999" is too large a number"#, ""),
    ("4294967296 days", r#""4294967296" is too large a number"#, ""),
    ("in 5000000 days", "5000000 days are longer than 100 years", ""),
    ("next", r#""next" is no day that can be read"#, ""),
    ("month", r#""month" is no day that can be read"#, ""),
    ("3 days of monday", r#""3 days of monday" is no day that can be read"#, ""),
    ("midnight", r#""midnight" could begin the day or end it"#, "it begins at `00:00` and ends at `23:59`"),
    ("easter", r#""easter" is no day that can be read"#, ""),
    ("2026-00-10", "there is no day 2026-00-10", "months are 1 to 12, years 1 to 9999"),
    ("0000-01-01", "there is no day 0000-01-01", "months are 1 to 12, years 1 to 9999"),
    ("10000-01-01", r#""10000-01-01" is too far away"#, "years are 1 to 9999, in four digits"),
    ("2026-13", "there is no month 2026-13", "months are 1 to 12"),
    ("1/2/3/4", r#""1/2/3/4" is no day that can be read"#, ""),
    ("1:2:3:4", r#"there is no time "1:2:3:4""#, "a time is `9:05` or `14:30`, from `00:00` to `23:59`"),
    ("2026-12/03", r#""2026-12/03" is no day that can be read"#, ""),
    (
        "fri sat",
        "2026-12-05 is a Saturday, not a Friday",
        "write `2026-12-05` for the Saturday, `2026-12-11` for the Friday after it",
    ),
    ("tomorrow and friday", r#""tomorrow and friday" is no day that can be read"#, ""),
    (
        "2026-12-03T25:00",
        r#"there is no time "25:00""#,
        "a time is `9:05` or `14:30`, from `00:00` to `23:59`",
    ),
    ("2026-12-03T14:30Z", r#""2026-12-03T14:30Z" is no day that can be read"#, ""),
    ("2026-12-03 14:30 +01:00", "two times of day are said", "a day has one, as in `fri 14:30`"),
    ("３ days", r#""３ days" is no day that can be read"#, ""),
    ("завтра", r#""завтра" is no day that can be read"#, ""),
    ("5 januar", r#""5 januar" is no day that can be read"#, "did you mean `5 january`?"),
    ("1.5 weeks", r#""1.5 weeks" is no day that can be read"#, ""),
    ("a few days", r#""a few days" is no day that can be read"#, ""),
    ("later this week", r#""later this week" is no day that can be read"#, ""),
];

#[test]
fn misreadings() {
    assert!(MISREADINGS.len() > 30);
    for (text, message, hint) in MISREADINGS {
        match at_ten(text, Lean::Future) {
            Ok(when) => panic!("{text} is read as {}", shown(&when)),
            Err(misread) => {
                let said = (misread.message.as_str(), misread.hint.as_deref().unwrap_or_default());
                assert_eq!(said, (*message, *hint), "{text}");
                assert!(misread.advice().len() > 10, "{text}");
            }
        }
    }
}

#[test]
fn what_a_hint_offers_can_be_read() {
    for (text, _, hint) in MISREADINGS {
        for offered in hint.split('`').skip(1).step_by(2).filter(|offered| !offered.contains('…')) {
            assert!(at_ten(offered, Lean::Future).is_ok(), "{text}: {offered}");
        }
    }
}

#[test]
fn only_what_is_no_day_at_all_is_unknown() {
    for (text, unknown) in
        [("soon", true), ("tomorow", true), ("days friday", true), ("30 feb", false), ("3/4", false)]
    {
        assert_eq!(at_ten(text, Lean::Future).unwrap_err().unknown, unknown, "{text}");
    }
}

#[test]
fn junk_ends_soon() {
    let start = std::time::Instant::now();
    for part in [
        "x",
        "1",
        "-",
        "/",
        "mon ",
        "monday after ",
        "a ",
        "in 3 ",
        "é",
        " ",
        ",",
        "1/",
        "12:",
        "2w",
        "+",
        "'",
        "the ",
    ] {
        let long = part.repeat(100_000 / part.len());
        if let Err(misread) = at_ten(&long, Lean::Future) {
            assert!(misread.message.chars().count() < 120, "{part}");
        }
    }
    assert!(start.elapsed().as_secs() < 30);
}
