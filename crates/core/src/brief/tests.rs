use super::*;
use crate::file;
use crate::follow_up::assess;

const NOON: &str = "2026-12-03T12:00:00Z";

fn briefed(head: &str, body: &str) -> Brief {
    briefed_at(NOON, head, body)
}

fn briefed_at(now: &str, head: &str, body: &str) -> Brief {
    let (settings, _) =
        file::parse_settings("timezone = \"America/New_York\"\n[team.pat]\nname = \"Pat\"").unwrap();
    let today = "2026-12-03".parse().unwrap();
    let text = format!("+++\n{head}\n+++\n{body}\n");
    let contact = file::parse(&text, "jane", &settings).contact;
    let assessment = assess(&contact, &settings, today);
    brief(Sources {
        contact: &contact,
        settings: &settings,
        today,
        now: now.parse().unwrap(),
        assessment: &assessment,
        neighbours: &[],
        reasons: &[],
    })
}

#[test]
fn whether_now_is_a_good_time() {
    for (now, head, verdict, there) in [
        (NOON, "", Verdict::OutsideWorkingHours, "07:00"),
        ("2026-12-03T15:00:00Z", "", Verdict::WorkingHours, "10:00"),
        (NOON, "timezone = \"Europe/Lisbon\"", Verdict::WorkingHours, "12:00"),
        (NOON, "timezone = \"Europe/Lisbon\"\nprefers.hours = \"Thu 12:00-13:00\"", Verdict::Good, "12:00"),
        (
            NOON,
            "timezone = \"Europe/Lisbon\"\nprefers.hours = \"Fri 12:00-13:00\"",
            Verdict::OutsideHours,
            "12:00",
        ),
        (NOON, "stage = \"stopped\"", Verdict::Stopped, "07:00"),
        (
            NOON,
            "away.until = 2026-12-05",
            Verdict::Away { until: "2026-12-05".parse().ok(), why: None },
            "07:00",
        ),
        (NOON, "away.until = 2026-12-02", Verdict::OutsideWorkingHours, "07:00"),
    ] {
        let moment = briefed_at(now, head, "").moment;
        assert_eq!((moment.verdict, moment.time.to_string().as_str()), (verdict, there), "{now} {head}");
    }
    let next = briefed_at("2026-12-04T23:00:00Z", "", "").moment.next;
    assert_eq!(next.map(|n| n.to_rfc3339()).as_deref(), Some("2026-12-07T14:00:00+00:00"));
}

#[test]
fn promises_of_both_sides_with_their_days() {
    let brief = briefed(
        "",
        "- [ ] me: some day\n\n## Log\n\n- 2026-11-20 phone: x\n  - [ ] them: read pages 3-5 by 2026-12-01\n  \
         - [ ] @sam: call by 2026-12-10\n  - [x] them: kept\n  - [ ] send it\n",
    );
    let shown = |list: &[OpenPromise]| {
        list.iter().map(|p| (p.text.clone(), p.who.clone(), p.days_late)).collect::<Vec<_>>()
    };
    assert_eq!(
        shown(&brief.ours),
        [
            ("send it".into(), None, Some(11)),
            ("call".into(), Some("sam".into()), Some(-7)),
            ("some day".into(), None, None)
        ]
    );
    assert_eq!(shown(&brief.theirs), [("read pages 3-5".to_owned(), None, Some(2))]);
    assert_eq!(brief.together, ["Shall we look at pages 3-5 together now?"]);
}

#[test]
fn material_is_told_once_with_the_last_day() {
    let brief = briefed(
        "",
        "[not sent](../files/other.pdf)\n\n## Log\n\n- 2026-11-20 email: the [list](../files/list.md) again\n\
         - 2026-11-10 email: [list](../files/list.md), [spec](../files/spec.pdf)\n",
    );
    let sent: Vec<_> = brief.sent.iter().map(|m| format!("{} {}", m.file, m.sent)).collect();
    assert_eq!(sent, ["files/list.md 2026-11-20", "files/spec.pdf 2026-11-10"]);
}

#[test]
fn what_is_missing_is_said() {
    assert_eq!(
        briefed("", "").cautions,
        [Caution::Crack, Caution::NoHotButton, Caution::NoPermission, Caution::NoReason]
    );
    let full = "hot_button = \"stops\"\nprefers.permission = \"any time\"\nnext.on = 2026-12-03\nnext.why = \"page 3\"";
    assert_eq!(briefed(full, "").cautions, []);
    assert_eq!(
        briefed(
            "hot_button = \"x\"\nprefers.permission = \"x\"\nadded = 2026-01-01\nstage = \"nurture\"",
            ""
        )
        .cautions,
        [Caution::NoReason],
        "that ninety days have passed is no reason that helps them"
    );
    assert_eq!(briefed("stage = \"stopped\"", "").cautions, [Caution::Stopped]);
}
