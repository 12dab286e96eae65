//! `import ics` end to end: past meetings become touches, once.

use tickler_tests::{Ran, Scratch, Tickler};

const SETTINGS: &str = "timezone = \"Europe/Berlin\"\n\n[team.pat]\nemail = [\"pat@acme.example\"]\n\n\
                        [team.sam]\nemail = [\"sam@acme.example\"]\n";

/// As Google writes calendars, for Pat.
const CALENDAR: &str = "BEGIN:VCALENDAR
PRODID:-//Google Inc//Google Calendar 70.9054//EN
VERSION:2.0
X-WR-CALNAME:pat.private@mail.example
BEGIN:VEVENT
DTSTART:20261118T130000Z
DTEND:20261118T140000Z
ORGANIZER;CN=Pat:mailto:pat@acme.example
UID:1@google.com
ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;CN=Pat;X-NUM-GUESTS=0:mailto:pat@acme.example
ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=NEEDS-ACTION;CN=Jane Doe;X-NUM-GUESTS=
 0:mailto:Jane@bay.example
ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=DECLINED;CN=Bob:mailto:bob@bay.example
ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;CN=Carla Ruiz:mailto:carla@new.example
ATTENDEE;CUTYPE=RESOURCE;PARTSTAT=ACCEPTED;CN=Room 5:mailto:c_5@resource.calendar.google.com
X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij
SUMMARY:Kick-off with *all*
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Europe/Berlin:20261102T090000
DTEND;TZID=Europe/Berlin:20261102T093000
RRULE:FREQ=WEEKLY;COUNT=3
UID:2@google.com
ORGANIZER:mailto:pat.private@mail.example
ATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@bay.example
ATTENDEE;CN=Carla Ruiz:mailto:carla@new.example
SUMMARY:Weekly
END:VEVENT
BEGIN:VEVENT
DTSTART;TZID=Europe/Berlin:20261111T150000
RECURRENCE-ID;TZID=Europe/Berlin:20261109T090000
UID:2@google.com
ATTENDEE:mailto:bob@bay.example
SUMMARY:Weekly\\, moved
END:VEVENT
BEGIN:VEVENT
DTSTART:20261119T130000Z
UID:3@google.com
ATTENDEE;PARTSTAT=DECLINED:mailto:pat@acme.example
ATTENDEE:mailto:jane@bay.example
SUMMARY:without me
END:VEVENT
BEGIN:VEVENT
DTSTART:20261120T130000Z
UID:4@google.com
STATUS:CANCELLED
ATTENDEE:mailto:jane@bay.example
END:VEVENT
BEGIN:VEVENT
DTSTART:20261203T230000Z
UID:5@google.com
ATTENDEE:mailto:jane@bay.example
SUMMARY:to come
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20241120
UID:6@google.com
ATTENDEE:mailto:jane@bay.example
SUMMARY:Fair
END:VEVENT
BEGIN:VEVENT
DTSTART:20261121T130000Z
UID:7@google.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:sam@acme.example
ATTENDEE:mailto:jane@bay.example
SUMMARY:Sam's visit
END:VEVENT
END:VCALENDAR
";

fn notebook(name: &str) -> Scratch {
    let scratch = Scratch::in_git(name);
    scratch.write("tickler.toml", SETTINGS);
    scratch.write(
        "contacts/jane-doe.md",
        "+++\nname = \"Jane Doe\"\nemail = [\"jane@bay.example\"]\nowner = \"pat\"\n+++\n\n## Log\n\n\
         - 2026-11-10 email: hello\n",
    );
    scratch.write(
        "contacts/bob.md",
        "+++\nname = \"Bob\"\nemail = [\"bob@bay.example\"]\nstage = \"stopped\"\nowner = \"pat\"\n+++\n\n## Log\n\n\
         - 2026-11-02 visit: by hand\n",
    );
    scratch.write("calendar.ics", CALENDAR.replace('\n', "\r\n"));
    scratch.git(&["add", "."]);
    scratch.git(&["commit", "--quiet", "--message=start"]);
    scratch
}

fn run(scratch: &Scratch, line: &str) -> Ran {
    Tickler::typed(line)
        .notebook(scratch.path())
        .within(scratch.path())
        .env("TICKLER_TODAY", "2026-12-03T12:00")
        .run()
}

fn read(scratch: &Scratch, id: &str) -> String {
    scratch.read(&format!("contacts/{id}.md")).unwrap_or_default()
}

#[test]
fn meetings_are_logged_once_and_taken_back_at_once() {
    let scratch = notebook("meetings");
    let before = (read(&scratch, "jane-doe"), read(&scratch, "bob"));
    let ran = run(&scratch, "import ics calendar.ics --dry-run");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!((read(&scratch, "jane-doe"), read(&scratch, "bob")), before);

    let ran = run(&scratch, "import ics calendar.ics");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out, "logged 4 touches with 2 contacts; 1 touch was there already\n");
    assert_eq!(
        ran.err,
        "1 meeting that you declined is left out\n\
         1 meeting before 2025-12-03 left out; `--since` takes in more\n\n\
         1 address that no contact has, by meetings:\n  \
           3  tickler new 'Carla Ruiz' --email=carla@new.example\n"
    );
    let log = |id: &str| read(&scratch, id).split_once("## Log\n\n").unwrap().1.to_owned();
    assert_eq!(
        log("jane-doe"),
        "- 2026-11-21 14:00 meeting @sam: Sam's visit\n- 2026-11-18 14:00 video: Kick-off with \\*all\\*\n\
         - 2026-11-10 email: hello\n"
    );
    assert_eq!(
        log("bob"),
        "- 2026-11-16 09:00 meeting: Weekly\n- 2026-11-11 15:00 meeting: Weekly, moved\n- 2026-11-02 visit: by hand\n"
    );
    assert_eq!(
        scratch.git(&["log", "-1", "--format=%s"]),
        "import calendar.ics: 4 touches with 2 contacts\n"
    );
    assert!(!run(&scratch, "due --all").out.contains("Bob"), "who wants to be left alone is left alone");
    assert_eq!(run(&scratch, "check").code, 0);

    let head = scratch.git(&["rev-parse", "HEAD"]);
    let again = run(&scratch, "import ics calendar.ics");
    assert_eq!(
        (again.code, again.out.as_str()),
        (0, "nothing to change: 5 touches are in the logs already\n")
    );
    assert_eq!(scratch.git(&["rev-parse", "HEAD"]), head);
    assert_eq!(scratch.git(&["status", "--porcelain"]), "");

    assert_eq!(run(&scratch, "undo").code, 0);
    assert_eq!((read(&scratch, "jane-doe"), read(&scratch, "bob")), before);
}

#[test]
fn the_first_day_and_whose_calendar_it_is_can_be_said() {
    let scratch = notebook("meetings-since");
    let ran = run(&scratch, "import ics calendar.ics --since 2024-01-01 --mine carla@new.example");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        read(&scratch, "jane-doe").contains("\n- 2024-11-20 meeting: Fair\n"),
        "{}",
        read(&scratch, "jane-doe")
    );
    assert!(!ran.err.contains("tickler new"), "{}", ran.err);
}

#[test]
fn json_says_it_all() {
    let scratch = notebook("meetings-json");
    for (dry, commit) in [(" --dry-run", false), ("", true)] {
        let ran = run(&scratch, &format!("import ics calendar.ics --format json{dry}"));
        let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
        let counts =
            ["events", "logged", "known", "declined", "older"].map(|key| report[key].as_u64().unwrap());
        assert_eq!(counts, [8, 4, 1, 1, 1], "{}", ran.out);
        assert_eq!(report["commit"].is_string(), commit);
        assert_eq!(report["strangers"][0]["name"], "Carla Ruiz");
        assert_eq!(report["verb"], "import ics");
    }
}

#[test]
fn what_is_refused_or_left_alone() {
    let scratch = notebook("meetings-no");
    scratch.write("contacts/jane-too.md", "+++\nname = \"Jane Roe\"\nemail = \"jane@bay.example\"\n+++\n");
    scratch.write("contacts/jane-three.md", "+++\nname = \"Jim\"\nemail = \"jane@bay.example\"\n+++\n");
    scratch.write("other.ics", "hello\n");
    for (line, code, message) in [
        ("import ics other.ics", 2, "\"other.ics\": it is no calendar"),
        ("import ics none.ics", 3, "cannot read \"none.ics\""),
        ("import ics calendar.ics --format csv", 2, "`import ics` has no CSV"),
        ("import ics calendar.ics --since someday", 2, "--since:"),
        ("import ics", 2, "required"),
    ] {
        let ran = run(&scratch, line);
        assert_eq!(ran.code, code, "{line}: {}", ran.err);
        assert!(ran.err.contains(message), "{line}: {}", ran.err);
    }
    // Of several who share an address, the one who is called so; where none is, nobody.
    let ran = run(&scratch, "import ics calendar.ics");
    assert!(ran.err.contains("several contacts have jane@bay.example"), "{}", ran.err);
    assert!(read(&scratch, "jane-doe").contains("2026-11-18 14:00 video"));
    assert!(!read(&scratch, "jane-doe").contains("2026-11-21"));
    assert!(!read(&scratch, "jane-too").contains("2026-11"));
}

#[test]
fn our_own_feed_changes_nothing() {
    let scratch = notebook("meetings-feed");
    assert_eq!(run(&scratch, "next jane-doe 2026-12-01 --why call").code, 0);
    assert_eq!(run(&scratch, "export ics --output feed.ics").code, 0);
    let ran = run(&scratch, "import ics feed.ics");
    assert_eq!(ran.out, "nothing to change: no past meeting with anybody in the notebook\n");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}
