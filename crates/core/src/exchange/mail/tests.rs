//! Messages as programs write them, and what is read of them.

use proptest::prelude::*;

use super::*;

fn letter(text: &str) -> Letter {
    match read(text.replace('\n', "\r\n").as_bytes(), true) {
        Reading::Letter(letter) => *letter,
        other => panic!("{other:?}: {text}"),
    }
}

/// Everybody, each as `name <address>`.
fn told(all: &[Correspondent]) -> String {
    let one = |one: &Correspondent| {
        if one.name.is_empty() { one.address.clone() } else { format!("{} <{}>", one.name, one.address) }
    };
    all.iter().map(one).collect::<Vec<_>>().join(", ")
}

#[test]
fn who_wrote_to_whom() {
    for (header, expected) in [
        ("To: jane@acme.example", "jane@acme.example"),
        ("To: Jane Doe <jane@acme.example>, bob@b.example", "Jane Doe <jane@acme.example>, bob@b.example"),
        ("To: \"Doe, Jane\" <jane@acme.example>", "Doe, Jane <jane@acme.example>"),
        ("To: =?utf-8?Q?J=C3=BCrgen_M=C3=BCller?= <jm@acme.example>", "Jürgen Müller <jm@acme.example>"),
        ("To: =?iso-8859-1?B?SvxyZ2Vu?= <j@a.example>", "Jürgen <j@a.example>"),
        ("To: jane@acme.example (Jane Doe)", "Jane Doe <jane@acme.example>"),
        ("To: Jane <@relay.example:jane@acme.example>", "Jane <jane@acme.example>"),
        ("To: \"jane doe\"@acme.example", "\"jane doe\"@acme.example"),
        ("To: <\"jane doe\"@acme.example>", "\"jane doe\"@acme.example"),
        ("To: Friends: jane@acme.example, Bob <bob@b.example>;", "jane@acme.example, Bob <bob@b.example>"),
        ("To: undisclosed-recipients:;", ""),
        (
            "To: jane@acme.example\nTo: bob@b.example\nCc: carl@c.example\nBcc: dora@d.example",
            "jane@acme.example, bob@b.example, carl@c.example, dora@d.example",
        ),
        ("To: Jane\n  Doe\n <jane@acme.example>", "Jane Doe <jane@acme.example>"),
        ("To: jané@münchen.example", "jané@münchen.example"),
        ("To: 'Jane' <JANE@Acme.Example>", "'Jane' <JANE@Acme.Example>"),
        ("To: <jane(the one)@acme.example>", "the one <jane@acme.example>"),
        ("To: \u{1b}[31mJane <jane@acme.example>", "[31mJane <jane@acme.example>"),
        ("Cc: ", ""),
    ] {
        assert_eq!(told(&letter(&format!("From: a@a.example\n{header}\n\nx")).to), expected, "{header}");
    }
}

#[test]
fn when_and_about_what() {
    let told = |headers: &str| {
        let letter = letter(&format!("From: a@a.example\n{headers}\n\nDate: no header\n"));
        let at = letter.at.map(|at| at.to_rfc3339()).unwrap_or_default();
        format!("{at}|{}|{}|{}", letter.id, letter.follows.join(" "), letter.subject)
    };
    for (headers, expected) in [
        (
            "Date: Wed, 18 Nov 2026 09:12:05 +0100 (CET)\nMessage-ID: <a+b@x>\nReferences: <1@x>\n <2@x>\nIn-Reply-To: <2@x>\nSubject: Re:\n  Specs",
            "2026-11-18T09:12:05+01:00|a+b@x|1@x 2@x|Re: Specs",
        ),
        (
            "Date: 18 Nov 26 09:12 EST\nMessage-Id: <a@x>\nSubject: =?utf-8?B?UsOkdW1l?=",
            "2026-11-18T09:12:00-05:00|a@x||Räume",
        ),
        (
            "Received: from a by b; Wed, 18 Nov 2026 10:00:00 +0000\nReceived: from c by d; Wed, 18 Nov 2026 09:59:00 +0000\nMessage-ID: a@x",
            "2026-11-18T09:59:00+00:00|a@x||",
        ),
        ("Date: soon\nMessage-ID: <a@x>", "|a@x||"),
        ("Date: Wed, 18 Nov 2026 99:99:99 +0000\nMessage-ID: <a@x>", "|a@x||"),
    ] {
        assert_eq!(told(headers), expected, "{headers}");
    }
    let without = "Date: Wed, 18 Nov 2026 09:12:05 +0000\nSubject: x";
    let first = told(without);
    assert!(first.contains("@no-id.invalid"), "{first}");
    assert_eq!(first, told(without), "the same each time");
    assert_ne!(first, told(&without.replace("Subject: x", "Subject: y")));
    let endless = format!("Message-ID: <{}@x>\nDate: Wed, 18 Nov 2026 09:12:05 +0000", "x".repeat(300));
    assert!(told(&endless).contains("@no-id.invalid"));
}

#[test]
fn what_is_no_message() {
    for (text, is_whole, expected) in [
        ("", true, Reading::Unreadable("it is empty")),
        ("\r\n\r\n", true, Reading::Unreadable("it is empty")),
        ("", false, Reading::More),
        ("From: a@a.example\r\nTo: b", false, Reading::More),
        ("just a text\nof two lines\n\nand more", true, Reading::Unreadable("it has no header of a message")),
        ("\0\0\0\0", true, Reading::Unreadable("it has no header of a message")),
        ("Auto-Submitted: auto-replied\r\nFrom: a@a.example\r\n\r\nI am", false, Reading::More),
    ] {
        assert_eq!(read(text.as_bytes(), is_whole), expected, "{text:?}");
    }
    for text in
        ["From: a@a.example", "From a@a Thu\nFrom: a@a.example\n\nx", "\u{feff}From: a@a.example\r\n\r\n"]
    {
        let Reading::Letter(letter) = read(text.as_bytes(), true) else { panic!("{text:?}") };
        assert_eq!(letter.from[0].address, "a@a.example");
    }
}

#[test]
fn kinds() {
    for (headers, expected) in [
        ("Subject: Specs", Kind::Personal),
        ("Auto-Submitted: no", Kind::Personal),
        ("Subject: Re: Out of office", Kind::Personal),
        ("Subject: Out of office space in Dallas", Kind::Personal),
        ("Precedence: first-class", Kind::Personal),
        ("List-Id: Hotels <hotels.example>", Kind::Bulk),
        ("List-Unsubscribe: <https://x.example>", Kind::Bulk),
        ("Precedence: bulk", Kind::Bulk),
        ("Subject: Out of office: Specs\nList-Id: <x.example>", Kind::Bulk),
        ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", Kind::Receipt),
        ("Content-Type: multipart/report; report-type=feedback-report; boundary=x", Kind::Bulk),
        ("X-Mozilla-Status: 0009", Kind::Discarded),
        ("X-Mozilla-Status: 0001", Kind::Personal),
        ("X-Status: D", Kind::Discarded),
        ("Auto-Submitted: auto-replied (vacation)", Kind::Automatic { speaks_of: vec![] }),
        ("X-Autoreply: yes", Kind::Automatic { speaks_of: vec![] }),
        ("X-Autorespond: Away", Kind::Automatic { speaks_of: vec![] }),
        ("Precedence: auto_reply", Kind::Automatic { speaks_of: vec![] }),
        ("Subject: Automatic reply: Specs", Kind::Automatic { speaks_of: vec![] }),
        ("Subject: Abwesenheitsnotiz", Kind::Automatic { speaks_of: vec![] }),
        (
            "Subject: =?utf-8?Q?R=C3=A9ponse_automatique=C2=A0=3A_Specs?=",
            Kind::Automatic { speaks_of: vec![] },
        ),
        ("Subject: Respuesta autom\u{e1}tica: Specs", Kind::Automatic { speaks_of: vec![] }),
    ] {
        let read = letter(&format!("From: jane@acme.example\n{headers}\n\nhello\n"));
        assert_eq!(read.kind, expected, "{headers}");
    }
    let away = letter(
        "From: j@a.example\nDate: Fri, 20 Nov 2026 09:00:00 +0000\nAuto-Submitted: auto-replied\n\nBack on 5 December.\n",
    );
    assert_eq!(away.kind, Kind::Automatic { speaks_of: vec!["2026-12-05".parse().unwrap()] });
}

const RETURNED: &str = "From: pat@acme.example\nTo: Jane <jane@b.example>\nSubject: Specs\nMessage-ID: <orig@acme.example>\nDate: Fri, 20 Nov 2026 09:00:00 +0000\n";

fn report(status: &str, copy: &str) -> String {
    format!(
        "From: Mail Delivery <MAILER-DAEMON@mx.example>\nReturn-Path: <>\nMessage-ID: <r@mx.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\n\n--b\nContent-Type: text/plain\n\nSorry.\n\n\
         --b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{status}\n\n--b\nContent-Type: {copy}\n\n--b--\n"
    )
}

#[test]
fn what_did_not_arrive() {
    let gone = "Final-Recipient: rfc822; jane@b.example\nAction: failed\nStatus: 5.1.1";
    let late = "Final-Recipient: rfc822; jane@b.example\nAction: delayed\nStatus: 4.4.1";
    let moved = "Original-Recipient: rfc822;jane@b.example\nFinal-Recipient: rfc822;jane.doe@c.example\nAction: failed";
    let two = format!("{gone}\n\nFinal-Recipient: rfc822; <bob@b.example>\nAction: delivered");
    let whole = format!("message/rfc822\n\n{RETURNED}\nHello\n");
    let head = format!("text/rfc822-headers\n\n{RETURNED}");
    let exim = format!(
        "From: Mail Delivery System <Mailer-Daemon@mx.example>\nX-Failed-Recipients: jane@b.example\nAuto-Submitted: auto-replied\n\n\
         This message was created automatically.\n\n------ This is a copy of the message ------\n\n{RETURNED}\nHello\n"
    );
    let plain = format!(
        "From: postmaster@mx.example\n\nFinal-Recipient: RFC822; jane@b.example\nAction: failed\n\n{RETURNED}\n"
    );
    for (text, expected) in [
        (report(gone, &whole), "jane@b.example of orig@acme.example"),
        (report(gone, &head), "jane@b.example of orig@acme.example"),
        (report(gone, "text/plain\n\nno copy"), "jane@b.example of nothing"),
        (report(moved, &whole), "jane@b.example jane.doe@c.example of orig@acme.example"),
        (report(&two, &whole), "jane@b.example of orig@acme.example"),
        (report(late, &whole), "Receipt"),
        (exim, "jane@b.example of orig@acme.example"),
        (plain, "jane@b.example of orig@acme.example"),
        ("From: postmaster@mx.example\nSubject: Welcome\n\nHello\n".to_owned(), "Bulk"),
    ] {
        let told = match letter(&text).kind {
            Kind::Bounce { failed, original } => {
                let original = original.map_or("nothing".to_owned(), |original| {
                    assert_eq!(told(&original.to), "Jane <jane@b.example>");
                    original.id
                });
                format!("{} of {original}", failed.join(" "))
            }
            other => format!("{other:?}"),
        };
        assert_eq!(told, expected, "{text}");
    }
}

/// A local part as the rules allow it: the words of an atom, or in quotes nearly anything.
fn local() -> impl Strategy<Value = (String, String)> {
    prop_oneof![
        3 => "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,8}(\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]{1,5}){0,2}".prop_map(|atom| (atom.clone(), atom)),
        1 => "[a-z][a-z ,;:@\\.]{0,8}[a-z]".prop_map(|text| {
            let is_plain = !text.contains([' ', ',', ';', ':', '@']);
            let quoted = format!("\"{text}\"");
            (quoted.clone(), if is_plain { text } else { quoted })
        }),
        1 => "[é-ü]{1,4}".prop_map(|atom| (atom.clone(), atom)),
    ]
}

fn domain() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[a-z0-9-]{1,6}(\\.[a-z]{2,4}){1,2}", 1 => Just("[192.0.2.1]".to_owned()), 1 => "[a-zü]{2,6}\\.example"]
}

/// A display name, as it is written.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Z][a-z]{1,6}( [A-Z][a-z]{1,6}){0,2}",
        "\"[A-Za-z ,.;:@<>()]{1,12}\"",
        Just("=?utf-8?Q?J=C3=BCrgen?=".to_owned()),
        Just("J. Random".to_owned()),
        Just(String::new()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn addresses_survive(all in prop::collection::vec((name(), local(), domain(), 0..6usize), 1..5), fold in "(\r\n)?") {
        let written = |(name, (local, _), domain, way): &(String, (String, String), String, usize)| match way {
            0 => format!("{name} <{local}@{domain}>"),
            1 => format!("{name}{fold} <{local}@{domain}> (a (nested) comment)"),
            2 => format!("{name} <@relay.example,@b.example:{local}@{domain}>"),
            3 if !local.starts_with('"') => format!("{local}@{domain}"),
            4 if !local.starts_with('"') => format!("{local}@{domain} (Jane)"),
            _ => format!("<{local}@{domain}>"),
        };
        let line = all.iter().map(written).collect::<Vec<_>>().join(&format!(",{fold} "));
        let expected: Vec<String> = all.iter().map(|(_, (_, plain), domain, _)| format!("{plain}@{domain}")).collect();
        for header in [line.clone(), format!("Group: {line};")] {
            let text = format!("From: a@a.example\r\nTo: {header}\r\n\r\n");
            let Reading::Letter(letter) = read(text.as_bytes(), true) else { panic!("{text}") };
            let read: Vec<&String> = letter.to.iter().map(|one| &one.address).collect();
            prop_assert_eq!(&read, &expected.iter().collect::<Vec<_>>(), "{}", header);
        }
    }

    #[test]
    fn anything_is_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), lines in prop::collection::vec(
        prop::sample::select(&["From: \"a\\", "To: <", "Cc: (((", "Bcc: =?utf-8?Q?=", "Date: Mon,", "Content-Type: multipart/report; boundary=b",
            "--b", "Content-Type: message/rfc822", "Content-Type: message/delivery-status", "Final-Recipient: ;", "", "", "Message-ID: <",
            "From: mailer-daemon@x", "References: <a> b <", "Received: from a; b", "Subject: =?x?y?z?=", "Auto-Submitted: x"][..]), 0..20)) {
        for text in [bytes.clone(), [lines.join("\r\n").into_bytes(), bytes].concat()] {
            for is_whole in [true, false] {
                if let Reading::Letter(letter) = read(&text, is_whole) {
                    prop_assert!(!letter.id.is_empty());
                    let mut everybody = letter.from.iter().chain(&letter.to);
                    let is_clean = everybody.all(|one| !one.name.chars().chain(one.address.chars()).any(char::is_control));
                    prop_assert!(is_clean);
                }
            }
        }
    }
}
