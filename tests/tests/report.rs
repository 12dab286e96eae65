//! `report` on the worked example, against figures that were counted by hand, and as people see it.

use serde_json::{Value, json};
use tickler_tests::{Scratch, Tickler, exhibit};

fn report(line: &str) -> Value {
    let ran = Tickler::new(&format!("report {line} --format json")).example().run();
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {} {}", ran.out, ran.err))
}

/// One row a contact: what each touch of the last weeks was, counted from the files with the format's rules at hand.
///
/// On time: Amara's and Jónas' first mails and Theo's were answered within the day, Chloé's card and Lucía's mail were
/// first replies, and Nadia was called on the 90th day. Late: Amara's mail of the 5th was answered on the 11th,
/// Inês' of the 6th one working day late, and Meridian was due in March 2025, and again the day after the visit of 21 October.
#[test]
fn follow_ups_are_as_counted_by_hand() {
    let report = report("");
    assert_eq!(
        (&report["since"], &report["every"], &report["contacts"]),
        (&json!("2026-09-07"), &json!("week"), &json!(14))
    );
    let done = &report["follow_ups"];
    assert_eq!((&done["on_time"], &done["late"], &done["unmeasured"]), (&json!(6), &json!(4), &json!(23)));
    assert_eq!((&done["on_time_rate"], &done["days_late"]), (&json!(0.6), &json!(5)));
    assert_eq!(
        done["kinds"],
        json!([
            { "kind": "reply", "on_time": 3, "late": 2 },
            { "kind": "first", "on_time": 2, "late": 1 },
            { "kind": "rhythm", "on_time": 1, "late": 1 },
        ])
    );
    // (week, on time, late, touches, came in)
    let weeks: Vec<(&str, u64, u64, u64, u64)> = report["spans"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| {
            let count = |key: &str| row[key].as_u64().unwrap_or(99);
            (
                row["from"].as_str().unwrap_or(""),
                count("on_time"),
                count("late"),
                count("touches"),
                count("added"),
            )
        })
        .collect();
    assert_eq!(
        weeks,
        [
            ("2026-09-07", 0, 0, 0, 0),
            ("2026-09-14", 0, 0, 2, 0),
            ("2026-09-21", 1, 0, 1, 1),
            ("2026-09-28", 0, 0, 1, 0),
            ("2026-10-05", 1, 0, 2, 0),
            ("2026-10-12", 0, 0, 2, 0),
            ("2026-10-19", 1, 1, 4, 2),
            ("2026-10-26", 0, 0, 3, 0),
            ("2026-11-02", 1, 0, 1, 1),
            ("2026-11-09", 2, 2, 7, 2),
            ("2026-11-16", 0, 1, 4, 0),
            ("2026-11-23", 0, 0, 4, 0),
            ("2026-11-30", 0, 0, 2, 0),
        ]
    );
    assert_eq!(report["standing"], json!({ "late": 4, "today": 4, "later": 3, "cracks": 1 }));
}

#[test]
fn reach_promises_and_the_team_are_as_counted_by_hand() {
    let report = report("");
    // (channel, touches, reached, answered, median of days, theirs)
    let channels: Vec<Value> = report["channels"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| {
            let keys = ["channel", "touches", "reached", "answered", "answer_days", "incoming"];
            keys.iter().map(|key| row[*key].clone()).collect()
        })
        .collect();
    assert_eq!(
        Value::from(channels),
        json!([
            ["phone", 9, 5, 0, null, 1],
            ["email", 8, 0, 2, 1, 8],
            ["video", 3, 2, 0, null, 0],
            ["text", 2, 1, 0, null, 0],
            ["letter", 2, 0, 0, null, 0],
            ["meeting", 2, 1, 0, null, 0],
            ["event", 2, 2, 0, null, 0],
            ["whatsapp", 1, 0, 1, 6, 1],
            ["chat", 1, 1, 0, null, 0],
            ["card", 1, 0, 0, null, 0],
            ["visit", 1, 1, 0, null, 0],
            ["social", 1, 0, 0, null, 0],
        ])
    );
    assert_eq!(
        report["promises"],
        json!({
            "ours": { "kept": 3, "open": 3, "late": 0, "undated": 1 },
            "theirs": { "kept": 0, "open": 1, "late": 2, "undated": 0 },
        })
    );
    let team: Vec<Value> = report["team"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| ["who", "touches", "on_time", "late"].iter().map(|key| row[*key].clone()).collect())
        .collect();
    assert_eq!(
        Value::from(team),
        json!([["pat", 18, 3, 1], ["sam", 14, 3, 3], ["kim", 0, 0, 0], [null, 1, 0, 0]])
    );
}

#[test]
fn the_pipeline_and_who_came_in_are_as_counted_by_hand() {
    let report = report("");
    let usd = |amount: u64| json!({ "amount": amount, "currency": "USD" });
    let rows = [
        ("new", "open", 1, json!([])),
        ("contacted", "open", 2, json!([usd(15_600)])),
        ("nurture", "open", 4, json!([{ "amount": 4_200_000, "currency": "JPY" }, usd(9000)])),
        ("qualified", "open", 1, json!([usd(7200)])),
        ("proposal", "open", 3, json!([{ "amount": 25_000, "currency": "EUR" }, usd(79_500)])),
        ("on-hold", "open", 0, json!([])),
        ("won", "won", 1, json!([usd(48_000)])),
        ("lost", "lost", 1, json!([usd(33_000)])),
        ("stopped", "stopped", 1, json!([])),
    ];
    let expected: Vec<Value> = rows
        .into_iter()
        .map(|(stage, group, contacts, values)| {
            json!({ "stage": stage, "group": group, "contacts": contacts, "values": values })
        })
        .collect();
    assert_eq!(report["pipeline"], Value::from(expected));
    assert_eq!(report["added"], 6);
    assert_eq!(
        report["sources"],
        json!([
            { "source": "RoomTech fair 2026", "contacts": 1 },
            { "source": "telephone, out of the blue", "contacts": 1 },
            { "source": "web form", "contacts": 1 },
            { "source": null, "contacts": 3 },
        ])
    );
}

#[test]
fn a_query_and_a_first_day_narrow_it() {
    let narrow = report("owner:sam stage:proposal --since november");
    assert_eq!((&narrow["contacts"], &narrow["since"]), (&json!(1), &json!("2026-11-01")));
    assert_eq!((&narrow["follow_ups"]["on_time"], &narrow["follow_ups"]["late"]), (&json!(1), &json!(1)));
    let wide = report("--since 2024-04-01");
    assert_eq!((&wide["every"], &wide["spans"][0]["from"]), (&json!("month"), &json!("2024-04-01")));
    let not = report("-tag:hotel");
    assert_eq!(not["contacts"], 3, "a word that begins with a stroke is of the query");
}

#[test]
fn looks_as_it_did() {
    for columns in [40, 80, 140] {
        let ran = Tickler::new("report").example().columns(columns).run();
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out.lines().all(|line| line.chars().count() <= columns), "{columns}: {}", ran.out);
        exhibit(&format!("report-{columns}.txt"), &ran.out);
    }
    exhibit("report-year-80.txt", &Tickler::new("report --since 2024-04-01").example().columns(80).run().out);
    exhibit("report-pipe.txt", &Tickler::new("report tag:partner").example().run().out);
    exhibit("report.csv", &Tickler::new("report --format csv").example().run().out);
    exhibit("report.json", &Tickler::new("report --format json").example().run().out);
}

#[test]
fn what_cannot_be_asked_is_said() {
    for (line, code, said) in [
        ("report --since 2027-01-01", 2, "tickler: --since: \"2027-01-01\" is still to come"),
        ("report --since soonish", 2, "tickler: --since: \"soonish\" is no day that can be read"),
        ("report stage:wno", 2, "tickler: query, column 7"),
        ("report nobody-at-all", 1, "nobody fits that query"),
    ] {
        let ran = Tickler::new(line).example().run();
        assert_eq!(ran.code, code, "{line}: {}", ran.err);
        assert!(ran.err.contains(said), "{line}: {}", ran.err);
    }
}

#[test]
fn an_empty_notebook_has_no_figures() {
    let scratch = Scratch::new("report-empty");
    scratch.write("tickler.toml", "");
    let ran = Tickler::new("report").notebook(scratch.path()).run();
    assert_eq!(ran.code, 1, "{}", ran.out);
    let ran = Tickler::new("report --format json").notebook(scratch.path()).run();
    assert_eq!(ran.code, 1);
    assert!(ran.out.contains("\"contacts\": 0"), "{}", ran.out);
}

/// Nothing that a file may hold brings it down: days of all ages, huge sums, no touch, no text.
#[test]
fn bad_data_is_counted_as_far_as_it_goes() {
    let scratch = Scratch::new("report-bad");
    scratch.write("tickler.toml", "");
    scratch.write("contacts/empty.md", "");
    scratch.write("contacts/broken.md", "+++\nname = \n");
    scratch.write(
        "contacts/far.md",
        "+++\nvalue = 1e308\nstage = \"nowhere\"\nadded = 9999-12-31\n[next]\non = 0001-01-01\n+++\n\n## Log\n\n\
         - 9999-12-31 phone\n- 2026-12-01 phone\n- 0001-01-01 email in\n",
    );
    scratch.write("contacts/far-too.md", "+++\nvalue = 1e308\nstage = \"nowhere\"\n+++\n");
    for line in ["report", "report --since 0001-01-01", "report --format csv", "report --since today"] {
        let ran = Tickler::new(line).notebook(scratch.path()).columns(80).run();
        assert_eq!(ran.code, 0, "{line}: {}", ran.err);
    }
    let ran = Tickler::new("report --format json").notebook(scratch.path()).run();
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(report["contacts"], 4);
    assert_eq!(report["channels"][0]["touches"], 1, "what lies ahead is no touch yet");
    let nowhere = report["pipeline"].as_array().and_then(|rows| rows.last()).unwrap();
    assert_eq!((&nowhere["stage"], &nowhere["contacts"]), (&json!("nowhere"), &json!(2)));
    assert!(nowhere["values"][0]["amount"].as_f64().is_some_and(f64::is_finite));
}
