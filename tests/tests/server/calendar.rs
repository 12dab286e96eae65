//! The calendar feed: what two readers that are not ours find in it, that its address is a secret, and that it stays
//! the same while nothing changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tickler_tests::talk::{Answer, ask};
use tickler_tests::{Serving, Tickler, ran, workspace};

use crate::clients::commit;

/// The secrets of two calendars, and what `users.toml` has of them.
const PAT: (&str, &str) = (
    "calendarsecretofpatwhichnobodyelseknowsabcdefghijklm",
    "c1d9f0e00bd941805f8e8589356dc5814c8a8593a78092d3f91098fc0325e72f",
);
const SAM: (&str, &str) = (
    "calendarsecretofsamwhichnobodyelseknowsabcdefghijklm",
    "28cebd8aeb8061053b192cb4df3a99b53cd5e55254efe9c2fdf2044423f102de",
);

/// A contact with everything that calendars write in another way.
const ODD: &str = r#"+++
name = "Odd; One, \\n \"quoted\" 🙂"
uid = "odd:one"
company = "A,B;C\\D & <b>Söhne</b>"
role = "BEGIN:VEVENT"
phone = "+1 555,0199;ext=1"
owner = "pat"
hot_button = "a\tb\u0007c\u2028d\u202ee END:VCALENDAR"
[next]
on = 2026-12-05T23:55:00
via = "phone"
why = "one\ntwo: *three*, \\; 漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字"
+++

- [ ] send it,
  all of it; by 2026-12-05
- [ ] them: say yes by 2026-12-20

## Log

- 2026-12-01 email: "a, b; c\d"
"#;

/// A server on the day of the example's story, with the calendars of `pat` and `sam`, two of its team.
fn serving(name: &str, settings: &str) -> Serving {
    let mut serving = Serving::set(name, &["--today", "2026-12-03"], settings);
    for (user, (secret, hash)) in [("pat", PAT), ("sam", SAM)] {
        serving.add_user(user, "editor");
        serving.note_secret(user, secret);
        has_calendar(&serving, user, hash);
    }
    serving
}

/// Writes into `users.toml` what the server itself does where somebody asks for a calendar.
fn has_calendar(serving: &Serving, user: &str, hash: &str) {
    let path = serving.data().join("users.toml");
    let mut users: toml::Table = fs::read_to_string(&path).unwrap().parse().unwrap();
    let all = users["user"].as_array_mut().unwrap();
    let one = all.iter_mut().find(|one| one["name"].as_str() == Some(user)).unwrap();
    let calendar =
        format!("calendar = [{{ notebook = \"main\", sha256 = \"{hash}\", created = \"2026-12-03\" }}]");
    one.as_table_mut().unwrap().extend(calendar.parse::<toml::Table>().unwrap());
    fs::write(path, toml::to_string(&users).unwrap()).unwrap();
}

fn get(serving: &Serving, secret: &str, headers: &[(&str, &str)]) -> Answer {
    ask(serving.address(), &format!("GET /main/calendar/{secret}.ics"), headers, b"")
}

#[test]
fn two_readers_find_what_the_due_list_says() {
    let serving = serving("calendar-readers", "");
    let main = serving.clone_by("pat", "main");
    commit(&serving, "main", "contacts/ödd.md", ODD.as_bytes());
    serving.git("main", "push --quiet origin HEAD:main");
    let answer = get(&serving, PAT.0, &[]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
    let text = answer.text();
    assert!(text.split("\r\n").all(|line| line.len() <= 75 && !line.contains('\n')), "{text}");

    let file = serving.folder().join("pat.ics");
    fs::write(&file, &answer.body).unwrap();
    let (python, javascript) = (read_by_icalendar(&file), read_by_ical_js(&file));
    assert_eq!(python, javascript);
    assert_eq!(python["errors"], json!([]));
    assert_eq!(python["name"], "tickler main (pat)");

    // The same contacts on the same days as `due --all`.
    let due = Tickler::new("due --all --mine --me pat --format json").notebook(&main).run();
    let due: Value = serde_json::from_str(&due.out).unwrap();
    let mut expected = Vec::new();
    for row in due["due"].as_array().unwrap() {
        let link = format!("http://{}/main/contacts/{}", serving.address(), row["id"].as_str().unwrap());
        let link = link.replace('ö', "%C3%B6");
        let also = row["also"].as_array().unwrap().iter();
        let days = std::iter::once(row).chain(also).map(|one| one["date"].as_str().unwrap().to_owned());
        expected.extend(days.filter(|day| day.as_str() <= "2027-12-03").map(|day| (link.clone(), day)));
    }
    expected.sort();
    expected.dedup();
    let events = python["events"].as_array().unwrap();
    let of = |event: &Value| {
        // All of these contacts' times are of the afternoon at most, but for the odd one's.
        let start = event["start"].as_str().unwrap();
        let day = if start == "2026-12-06T04:55:00Z" { "2026-12-05" } else { &start[..10] };
        (event["url"].as_str().unwrap().to_owned(), day.to_owned())
    };
    let mut found: Vec<(String, String)> = events.iter().map(of).collect();
    found.sort();
    assert_eq!(found, expected);
    assert!(found.len() > 6, "{found:?}");

    let event =
        |name: &str| events.iter().find(|one| one["summary"].as_str().unwrap().contains(name)).unwrap();
    let ines = event("Inês Carvalho");
    let summary = "phone: Inês Carvalho (Hotel Miradouro): walk through page 3 of the spec sheet together";
    assert_eq!(ines["summary"], summary);
    assert_eq!(
        (&ines["start"], &ines["end"]),
        (&json!("2026-12-03T15:00:00Z"), &json!("2026-12-03T15:15:00Z"))
    );
    assert_eq!(ines["alarms"], json!([{ "action": "DISPLAY", "seconds": -600, "description": summary }]));
    assert_eq!(ines["categories"], json!(["next", "waiting"]));
    let described = ines["description"].as_str().unwrap();
    assert!(
        described.contains("\nMatters most: a front desk that is not called about rooms\n"),
        "{described}"
    );
    let theo = event("Theo van der Meer");
    assert_eq!((&theo["start"], &theo["alarms"]), (&json!("2026-12-04"), &json!([])));
    assert_eq!(theo["end"], "2026-12-05");
    let odd = event("Odd; One");
    let why = format!("one two: three, ; {}", "漢字".repeat(21));
    let company = "A,B;C\\D & <b>Söhne</b>";
    assert_eq!(odd["summary"], format!("phone: Odd; One, \\n \"quoted\" 🙂 ({company}): {why}"));
    let described = odd["description"].as_str().unwrap();
    for part in [
        "BEGIN:VEVENT, A,B;C\\D & <b>Söhne</b>\n+1 555,0199;ext=1\n",
        "Matters most: a b c d e END:VCALENDAR\n",
        "- send it, all of it; (by 2026-12-05)\n",
        "- 2026-12-01 email: \"a, b; c\\d\"\n",
    ] {
        assert!(described.contains(part), "{part}\n---\n{described}");
    }

    // The command line says the same of the same commit.
    let link = format!("http://{}/main", serving.address());
    let file = serving.folder().join("exported.ics");
    let export = Tickler::new("export ics --mine --me pat --link").word(&link).word("--output").word(&file);
    let ran = export.notebook(&main).run();
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    assert_eq!(String::from_utf8(fs::read(&file).unwrap()).unwrap(), text);
    let others = get(&serving, SAM.0, &[]).text();
    assert!(others.contains("tickler main (sam)") && !others.contains("Odd"), "{others}");
}

#[test]
fn it_stays_the_same_while_nothing_changes() {
    let serving = serving("calendar-same", "public_url = \"https://crm.example.com/\"\n");
    let first = get(&serving, PAT.0, &[]);
    let tag = first.header("etag").unwrap().to_owned();
    assert!(first.text().contains("URL:https://crm.example.com/main/contacts/"));
    assert_eq!(first.header("cache-control"), Some("private, max-age=300"));
    assert!(first.header("last-modified").unwrap().ends_with(" GMT"));
    assert_eq!(get(&serving, PAT.0, &[]).body, first.body);
    for (shown, status) in [
        (tag.clone(), 304),
        (format!("W/{tag}"), 304),
        (format!("\"other\", {tag}"), 304),
        ("\"other\"".to_owned(), 200),
    ] {
        let answer = get(&serving, PAT.0, &[("If-None-Match", &shown)]);
        assert_eq!((answer.status, answer.header("etag")), (status, Some(&*tag)), "{shown}");
        assert_eq!(answer.body.is_empty(), status == 304, "{shown}");
    }
    let head = ask(serving.address(), &format!("HEAD /main/calendar/{}.ics", PAT.0), &[], b"");
    assert_eq!((head.status, head.header("etag"), head.body.len()), (200, Some(&*tag), 0));
    assert_eq!(head.header("content-type"), first.header("content-type"));

    serving.clone_by("pat", "mine");
    commit(&serving, "mine", "contacts/zoe.md", b"+++\nname = \"Zoe\"\nnext.on = 2026-12-09\n+++\n");
    serving.git("mine", "push --quiet origin HEAD:main");
    let changed = get(&serving, PAT.0, &[("If-None-Match", &tag)]);
    assert_eq!(changed.status, 200);
    assert!(changed.text().contains("SUMMARY:Zoe: as planned"), "{}", changed.text());
    let uids = |text: &str| -> Vec<String> {
        text.lines().filter(|line| line.starts_with("UID:")).map(str::to_owned).collect()
    };
    let (before, after) = (uids(&first.text()), uids(&changed.text()));
    assert!(before.iter().all(|uid| after.contains(uid)), "an event keeps its UID");
}

#[test]
fn the_address_is_a_secret() {
    let serving = serving("calendar-secret", "[limits]\nfailed_logins = 3\n");
    let wrong = |last: char| format!("{}{last}", &PAT.0[..51]);
    let begun = Instant::now();
    for secret in ["x", "x.ics", "%2e%2e", &PAT.0[..51], PAT.1] {
        assert_eq!(get(&serving, secret, &[]).status, 404, "{secret}");
    }
    assert!(begun.elapsed() > Duration::from_millis(5 * 200), "each takes as long as a wrong login");
    for (address, status) in [("second", 404), ("Main", 404), ("main", 200)] {
        let line = format!("GET /{address}/calendar/{}.ics", PAT.0);
        assert_eq!(ask(serving.address(), &line, &[], b"").status, status, "{address}");
    }
    // One of the two above was a guess already.
    let answers: Vec<u16> =
        ['a', 'b', 'c', 'd'].iter().map(|last| get(&serving, &wrong(*last), &[]).status).collect();
    assert!(answers.starts_with(&[404]) && answers.ends_with(&[429]), "{answers:?}");
    assert_eq!(get(&serving, PAT.0, &[]).status, 200, "a right one is taken however many were wrong");
    let post = ask(serving.address(), &format!("POST /main/calendar/{}.ics", PAT.0), &[], b"");
    assert_eq!((post.status, post.header("allow")), (405, Some("GET, HEAD")));
    // It opens nothing else.
    for line in ["GET /main/api/v1/due", "GET /main.git/info/refs?service=git-upload-pack"] {
        let shown = format!("Bearer {}", PAT.0);
        assert_eq!(ask(serving.address(), line, &[("Authorization", &shown)], b"").status / 100, 4, "{line}");
    }
    serving.wait_for_log("\"route\":\"/NOTEBOOK/calendar/SECRET.ics\"");
    assert!(serving.log().contains("\"user\":\"pat\""), "the log says whose it was");

    // With the user, or a new token, the address ends.
    serving.says(&["user", "reset", "pat"]);
    assert_ne!(get(&serving, PAT.0, &[]).status, 200);
    assert_eq!(get(&serving, SAM.0, &[]).status, 200);
    serving.says(&["user", "remove", "sam"]);
    assert_ne!(get(&serving, SAM.0, &[]).status, 200);
}

fn read_by_icalendar(file: &Path) -> Value {
    let mut python = Command::new("python3");
    python.arg(workspace().join("tests/clients/calendar_reader.py")).arg(file);
    python.env("PYTHONPATH", installed().join("python")).env("PYTHONDONTWRITEBYTECODE", "1");
    read(python)
}

fn read_by_ical_js(file: &Path) -> Value {
    let mut node = Command::new("node");
    node.arg(installed().join("calendar.mjs")).arg(file);
    read(node)
}

fn read(command: Command) -> Value {
    let ran = ran(command);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

/// The folder of the readers.
fn installed() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let mut install = Command::new(workspace().join("tests/clients/install"));
        install.arg("calendar");
        let ran = ran(install);
        assert_eq!(ran.code, 0, "icalendar and ical.js are needed here:\n{}{}", ran.out, ran.err);
        PathBuf::from(ran.out.trim())
    })
}
