//! Files that are damaged, absurd or bombs: they are taken in or refused within a bearable time, and the notebook is sound.

use std::time::{Duration, Instant};

use tickler_tests::Book;

use super::hostile::is_sound;
use super::{book, is_clean, outside};

/// Takes a file in, within a bearable time, whatever comes of it.
#[track_caller]
fn bears(book: &Book, kind: &str, name: &str, bytes: impl AsRef<[u8]>) {
    let path = outside(book, name, bytes);
    let began = Instant::now();
    let ran = book.run(&format!("import {kind} {path}"));
    let took = began.elapsed();
    assert!(took < Duration::from_secs(30), "{name} takes {took:?}");
    assert!((0..=3).contains(&ran.code), "{name} ends with {}: {}", ran.code, ran.err);
    assert!(!ran.err.contains("panicked"), "{name}: {}", ran.err);
    is_clean(&ran.out);
    is_clean(&ran.err);
    assert!(ran.err.len() < 100_000, "{name} says {} bytes", ran.err.len());
}

#[test]
fn cards_that_mean_harm_are_borne() {
    let book = book("harm-cards", &[]);
    let card =
        |inside: &str| format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Some One\r\n{inside}\r\nEND:VCARD\r\n");
    let nested = "BEGIN:VCARD\r\n".repeat(20_000);
    for (name, text) in [
        ("nested.vcf", nested.clone()),
        ("nested-ends.vcf", nested + &"END:VCARD\r\n".repeat(20_000)),
        ("no-end.vcf", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:No End\r\nNOTE:a".to_owned()),
        ("params.vcf", card(&format!("TEL{}:1", ";TYPE=x".repeat(50_000)))),
        ("list.vcf", card(&format!("CATEGORIES:{}", "a,".repeat(100_000)))),
        ("folds.vcf", card(&format!("NOTE:x{}", "\r\n y".repeat(200_000)))),
        ("soft.vcf", card(&format!("NOTE;ENCODING=QUOTED-PRINTABLE:{}", "=41=\r\n".repeat(100_000)))),
        ("base64.vcf", card(&format!("PHOTO;ENCODING=b:{}", "A".repeat(4 << 20)))),
        ("backslash.vcf", card(&format!("NOTE:{}", "\\".repeat(1 << 20)))),
        ("colons.vcf", card(&":".repeat(1 << 20))),
        ("quotes.vcf", card(&format!("TEL;X=\"{}", "\"a".repeat(1 << 18)))),
        ("numbers.vcf", card(&"TEL:+1 202 555 0142\r\n".repeat(20_000))),
        ("charset.vcf", card("NOTE;CHARSET=NO-SUCH;ENCODING=QUOTED-PRINTABLE:=FF=FE=00")),
        ("bday.vcf", card("BDAY:9999999999-99-99T99:99:99Z\r\nBDAY:-0001-02-30\r\nANNIVERSARY:--13-45")),
        ("nul.vcf", card("NOTE:a\0b\r\nEMAIL:\0@\0.example")),
    ] {
        bears(&book, "vcard", name, text);
    }
    bears(
        &book,
        "vcard",
        "noise.vcf",
        (0u32..200_000).flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_be_bytes()).collect::<Vec<u8>>(),
    );
    is_sound(&book);
}

#[test]
fn sheets_that_mean_harm_are_borne() {
    let book = book("harm-sheets", &[]);
    let header = "First Name,Last Name,Email Address,Company,Position,Connected On\n";
    for (name, text) in [
        ("commas.csv", ",".repeat(1 << 20)),
        ("quotes.csv", "\"".repeat(1 << 20)),
        ("lines.csv", "\n".repeat(1 << 20)),
        ("header.csv", "Name,".repeat(20_000) + "\n" + &"x,".repeat(20_000)),
        ("same.csv", "Name,Name,Email,Email\na,b,c@d.example,e@f.example\n".to_owned()),
        (
            "dates.csv",
            header.to_owned()
                + "A,B,a@b.example,,,99/99/9999\nC,D,c@d.example,,,31 Feb 2024\nE,F,e@f.example,,,0000-00-00\n",
        ),
        ("open.csv", header.to_owned() + &"\"a,b\n".repeat(2_000)),
        ("utf8.csv", header.to_owned() + "\u{feff}\u{fffe},\u{10ffff},x@y.example,,,\n"),
    ] {
        bears(&book, "csv", name, text);
    }
    bears(&book, "csv", "utf-16-odd.csv", b"\xff\xfeN\0a\0m\0e\0,\0\x00\xd8");
    bears(&book, "csv", "nuls.csv", vec![0u8; 1 << 16]);
    is_sound(&book);
}

const KNOWN: &str =
    "+++\nname = \"Jane Doe\"\nemail = \"jane@acme.example\"\nowner = \"pat\"\n+++\n\n## Log\n";

#[test]
fn mail_that_means_harm_is_borne() {
    let book = book("harm-mail", &[("jane-doe", KNOWN)]);
    let head = "From: jane@acme.example\r\nTo: pat@acme.example\r\nDate: Mon, 16 Nov 2026 09:00:00 +0000\r\n";
    let mut count = 0;
    for (name, text) in [
        (
            "subject.eml",
            "Message-ID: <s1@x>\r\nSubject: \u{1b}[31m](http://evil) ## Log \\ `x` [[bob]]\r\n\r\nx"
                .to_owned(),
        ),
        (
            "encoded.eml",
            "Message-ID: <s2@x>\r\nSubject: =?utf-8?q?a=0A-_2026-01-01_phone:_fake=0A=00=1B[2J?=\r\n\r\nx"
                .to_owned(),
        ),
        ("id.eml", "Message-ID: <a) b]( +++ \u{1b} \"'@x>\r\nSubject: id\r\n\r\nx".to_owned()),
        ("long.eml", format!("Message-ID: <s4@x>\r\nSubject: {}\r\n\r\nx", "long ".repeat(50_000))),
        (
            "many.eml",
            format!(
                "Message-ID: <s5@x>\r\nCc: {}\r\nSubject: many\r\n\r\nx",
                "\"a\" <a@b.example>,".repeat(20_000)
            ),
        ),
        (
            "refs.eml",
            format!("Message-ID: <s6@x>\r\nReferences: {}\r\nSubject: refs\r\n\r\nx", "<a@b>".repeat(50_000)),
        ),
        (
            "parts.eml",
            format!(
                "Message-ID: <s7@x>\r\nSubject: parts\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n{}",
                "--a\r\nContent-Type: multipart/mixed; boundary=a\r\n\r\n".repeat(5_000)
            ),
        ),
        (
            "comment.eml",
            format!(
                "Message-ID: <s8@x>\r\nReply-To: {}x@y.example\r\nSubject: comment\r\n\r\nx",
                "(".repeat(50_000)
            ),
        ),
    ] {
        count += 1;
        bears(&book, "mail", name, format!("{head}{text}"));
    }
    bears(&book, "mail", "empty.eml", "");
    bears(
        &book,
        "mail",
        "noise.eml",
        (0u32..50_000).flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_be_bytes()).collect::<Vec<u8>>(),
    );
    is_sound(&book);
    let text = book.read("contacts/jane-doe.md");
    let entries = text.lines().filter(|line| line.starts_with("- ")).count();
    // Threads of a day are one entry: each of these is a thread of its own.
    assert_eq!(entries, count, "{text}");
    assert!(!text.contains("\n- 2026-01-01"), "{text}");
    let linked = book.run("show jane-doe --format json");
    assert!(!linked.out.contains("\"bob\""), "{}", linked.out);
    // A stranger's name is a text in a command that can be copied without harm.
    let stranger = "From: \"$(touch pwned); \\\"x\\\" 'y' \u{1b}[31m`touch pwned`\" <stranger@evil.example>\r\nTo: pat@acme.example\r\n\
                    Date: Mon, 16 Nov 2026 10:00:00 +0000\r\nMessage-ID: <s9@x>\r\nSubject: hi\r\n\r\nx";
    let path = outside(&book, "stranger.eml", stranger);
    let ran = book.run(&format!("import mail {path}"));
    is_clean(&(ran.out.clone() + &ran.err));
    let said = ran.out + &ran.err;
    let command = said.lines().find_map(|line| line.find("tickler new").map(|at| line[at..].to_owned()));
    let command = command.unwrap_or_else(|| panic!("no command that adds them: {said}"));
    let words = shlex::split(&command).unwrap();
    assert_eq!((words[0].as_str(), words[1].as_str()), ("tickler", "new"), "{command}");
    let mut shell = std::process::Command::new("sh");
    shell.arg("-c").arg(format!("tickler() {{ :; }}\n{command}")).current_dir(book.path());
    assert!(shell.status().unwrap().success());
    assert!(!book.path().join("pwned").exists(), "{command}");
}

#[test]
fn calendars_that_mean_harm_are_borne() {
    let book = book("harm-calendars", &[("jane-doe", KNOWN)]);
    let event = |inside: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:{}\r\n{inside}\r\n\
             ATTENDEE:mailto:jane@acme.example\r\nATTENDEE:mailto:pat@acme.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            inside.len()
        )
    };
    for (name, text) in [
        ("secondly.ics", event("DTSTART:20200101T000000Z\r\nSUMMARY:s\r\nRRULE:FREQ=SECONDLY")),
        (
            "never.ics",
            event("DTSTART:20200101T000000Z\r\nSUMMARY:n\r\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31"),
        ),
        ("count.ics", event("DTSTART:20200101T000000Z\r\nSUMMARY:c\r\nRRULE:FREQ=MINUTELY;COUNT=4294967295")),
        (
            "by.ics",
            event(&format!(
                "DTSTART:20200101T000000Z\r\nSUMMARY:b\r\nRRULE:FREQ=DAILY;BYSECOND={}",
                "1,".repeat(50_000)
            )),
        ),
        ("far.ics", event("DTSTART:99991231T235959Z\r\nDTEND:00000101T000000Z\r\nSUMMARY:f")),
        ("zone.ics", event("DTSTART;TZID=\"No/Such \u{1b}[31m\":20261101T090000\r\nSUMMARY:z")),
        (
            "summary.ics",
            event(
                "DTSTART:20261102T090000Z\r\nDTEND:20261102T100000Z\r\nSUMMARY:a\\n## Log\\n- 2026-01-01 phone: fake \u{1b}[31m [[bob]] +++",
            ),
        ),
        ("nested.ics", "BEGIN:VCALENDAR\r\n".repeat(20_000)),
        (
            "exdates.ics",
            event(&format!(
                "DTSTART:20200101T000000Z\r\nSUMMARY:x\r\nRRULE:FREQ=DAILY\r\n{}",
                "EXDATE:20200102T000000Z\r\n".repeat(20_000)
            )),
        ),
        (
            "attendees.ics",
            event(&format!(
                "DTSTART:20261103T000000Z\r\nSUMMARY:a\r\n{}",
                "ATTENDEE:mailto:x@y.example\r\n".repeat(50_000)
            )),
        ),
        ("empty.ics", String::new()),
    ] {
        bears(&book, "ics", name, text);
    }
    is_sound(&book);
    let text = book.read("contacts/jane-doe.md");
    assert!(!text.contains("\n- 2026-01-01 phone"), "{text}");
    assert!(text.matches("\n- ").count() < 5_000, "{} entries", text.matches("\n- ").count());
}
