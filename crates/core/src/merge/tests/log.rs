//! The log: base, both sides, result.

use super::*;

/// A log of entries on their own lines.
fn log(entries: &str) -> String {
    if entries.is_empty() {
        return "## Log\n".to_owned();
    }
    let entries = [
        ("1)", "- 2026-11-01 phone: one"),
        ("2)", "- 2026-11-02 email: two"),
        ("3)", "- 2026-11-03 visit: three"),
        ("4)", "- 2026-11-04 card: four"),
    ]
    .iter()
    .fold(entries.replace('/', "\n"), |text, (short, long)| text.replace(short, long));
    format!("## Log\n\n{entries}\n")
}

fn check(rows: &[[&str; 4]]) {
    for [base, a, b, expected] in rows {
        let joined = joined(Kind::Contact, &log(base), &log(a), &log(b));
        assert_eq!(joined, log(expected), "{base} | {a} | {b}");
    }
}

#[test]
fn entries_are_a_multiset() {
    check(&[
        ["1)", "2)/1)", "3)/1)", "3)/2)/1)"],
        ["1)", "2)/1)", "2)/1)", "2)/1)"],
        ["2)/1)", "1)", "3)/2)/1)", "3)/1)"],
        // The same typed on both sides stays one; typed twice stays two.
        ["1)", "2)/2)/1)", "2)/1)", "2)/2)/1)"],
        ["2)/2)/1)", "2)/1)", "2)/2)/1)/1)", "2)/1)/1)"],
        // More often on one side, gone on the other.
        ["2)/1)", "2)/1)/1)", "2)", "2)/1)/1)"],
        ["", "1)", "2)", "2)/1)"],
        // All of the log taken out on one side, an entry added on the other.
        ["1)", "", "2)/1)", "2)"],
    ]);
}

#[test]
fn edited_and_deleted() {
    check(&[
        ["2)/1)", "2) x/1)", "2)/1) y", "2) x/1) y"],
        ["2)/1)", "1)", "2) x/1)", "2) x/1)"],
        ["2)/1)", "2) x/1)", "3)/2)/1)", "3)/2) x/1)"],
        // Edited the same way.
        ["2)/1)", "2) x/1)", "2) x/1)/4)", "2) x/1)/4)"],
        // Edited differently: both stay, the lesser first.
        ["2)/1)", "2) x/1)", "2) y/1)", "2) x/2) y/1)"],
        // In different lines of one entry.
        ["2)/  a/  b/  c/1)", "2) x/  a/  b/  c/1)", "2)/  a/  b/  y/1)", "2) x/  a/  b/  y/1)"],
        ["2)/1)", "2)/  - [ ] me: a/1)", "2)/  - [ ] me: b/1)", "2)/  - [ ] me: a/  - [ ] me: b/1)"],
        // The same one added on both sides stands for none of those that only one side took out.
        ["3)/2) p/2) q/2) r", "3)/2) z/2) q/2) r", "3)/2) p/2) r/2) z", "3)/2) z/2) r"],
        // Of two that could be meant none is taken for edited.
        ["2)/1)", "1)", "2) x/2) y/1)", "2) x/2) y/1)"],
    ]);
}

#[test]
fn boxes_stay_ticked() {
    check(&[
        [
            "1)/  - [ ] a/  - [ ] b",
            "1)/  - [x] a/  - [ ] b",
            "1)/  - [ ] a/  - [x] b",
            "1)/  - [x] a/  - [x] b",
        ],
        ["1)/  - [ ] a", "1)/  - [x] a", "1)/  - [X] a", "1)/  - [x] a"],
        ["1)/  - [ ] a", "1)/  - [x] a", "1)/  - [ ] a by 2026-12-01", "1)/  - [x] a by 2026-12-01"],
        ["1)/  - [ ] a", "1)/  - [x] a", "2)", "2)/1)/  - [x] a"],
        ["1)/  - [x] a/  more", "1)/  - [ ] a/  more", "1) x/  - [x] a/  more", "1) x/  - [ ] a/  more"],
    ]);
}

#[test]
fn new_entries_go_to_their_day() {
    check(&[
        ["3)/1)", "4)/3)/1)", "3)/2)/1)", "4)/3)/2)/1)"],
        ["1)/3)", "1)/3)/4)", "1)/2)/3)", "1)/2)/3)/4)"],
        // Without two days to tell, as both sides have it, else newest first.
        ["1)", "1)/3)", "1)/2)", "1)/2)/3)"],
        ["1)", "1)/3)", "2)/1)", "3)/2)/1)"],
        // At the newer end of those of the same day, and those of one day by content.
        ["2)/1)", "2) b/2)/1)", "2) a/2)/1)", "2) a/2) b/2)/1)"],
        ["1)/2)", "1)/2)/2) b", "1)/2)/2) a", "1)/2)/2) a/2) b"],
        // Who wrote all of a day knows their order.
        ["1)", "2) b/2) a/1)", "3)/1)", "3)/2) b/2) a/1)"],
        // What stands in no order stays so.
        ["1)/3)/2)", "1)/3)/2)/2) x", "4)/1)/3)/2)", "1)/3)/2)/2) x/4)"],
        // Who has every entry leads, whatever the order on the other side.
        ["3)/2)/1)", "2)/3)/1)", "4)/3)/2)/1)", "4)/3)/2)/1)"],
        ["3)/2)/1)", "2)/3)/1)", "3)/2) x/1)", "3)/2) x/1)"],
        ["3)/2)/1)", "3)/1)/2)", "3)/2) x/1)", "3)/2) x/1)"],
    ]);
}

#[test]
fn gaps_and_what_stands_between() {
    check(&[
        ["2)//1)", "3)//2)//1)", "2)//1)//1) x", "3)//2)//1) x//1)"],
        ["3)/2)/1)", "3)//2)/1)", "3)/2)///1)", "3)//2)///1)"],
        ["2)/- no day/1)", "3)/2)/- no day/1)", "2)/- no day/1) x", "3)/2)/- no day/1) x"],
        ["2)//### 2025//1)", "3)/2)//### 2025//1)", "2)//### 2025//1) x", "3)/2)//### 2025//1) x"],
    ]);
}
