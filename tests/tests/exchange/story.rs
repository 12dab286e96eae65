//! Somebody's first hour: an empty notebook, three address books that overlap, a mailbox and a calendar, and at the end
//! a list of whom to follow up with, and everything out again.

use std::fs;

use serde_json::Value;
use tickler_tests::{Book, Ran};

use super::{ids, is_clean, outside};

const LINKEDIN: &str = "Notes:\n\"When exporting your connection data, you may notice that some of the email addresses are missing.\"\n\n\
    First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
    Amir,Haddad,https://www.linkedin.com/in/amir-haddad-014,amir@oasis.example,Oasis Centre,Director,12 Mar 2024\n\
    Dana,Whitfield,https://www.linkedin.com/in/dana-whitfield-9,,Harbor Hall,Events Lead,01 Feb 2022\n\
    Jon,Smyth,https://www.linkedin.com/in/jon-smyth-7,,North Fair,Buyer,03 Jan 2020\n\
    ,,,,,,\n";

const GOOGLE: &str = "First Name,Middle Name,Last Name,Organization Name,Organization Title,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\n\
    Amir,,Haddad,Oasis Centre,,Likes walls that fold.,* myContacts ::: Customers,Work,amir@oasis.example ::: amir@home.example,Mobile,+1 202 555 0142\n\
    Dana,,Whitfield,Harbor Hall,,,* myContacts,Work,dana@harbor.example,,\n\
    Mum,,,,,,* myContacts,,,Home,+1 202 555 0100\n";

const PHONE: &str = "BEGIN:VCARD\r\nVERSION:2.1\r\nN:Haddad;Amir;;;\r\nFN:Amir Haddad\r\nTEL;CELL;PREF:202-555-0142\r\nBDAY:--0512\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:2.1\r\nN:Smyth;Jonathan;;;\r\nFN:Jonathan Smyth\r\nTEL;CELL:+1 202 555 0177\r\nEMAIL;WORK:jon@north.example\r\nORG:North Fair\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:2.1\r\nN:;Mum;;;\r\nFN:Mum\r\nTEL;HOME:+12025550100\r\nEND:VCARD\r\n";

/// The messages of a mailbox, by the file that each is in.
const MAIL: [(&str, &str); 7] = [
    (
        "cur/1.a:2,S",
        "From: Amir Haddad <amir@oasis.example>\nTo: pat@acme.example\nDate: Wed, 2 Dec 2026 09:12:00 +0000\nMessage-ID: <m1@oasis.example>\nSubject: Specs\n\nPlease send the specs.\n",
    ),
    (
        ".Sent/cur/2.a:2,S",
        "From: Pat <pat@acme.example>\nTo: Dana Whitfield <DANA@harbor.example>, jon@north.example\nDate: Mon, 30 Nov 2026 15:00:00 +0100\nMessage-ID: <m2@acme.example>\nSubject: =?utf-8?q?Spring_fair_=E2=80=93_walls?=\n\nHello.\n",
    ),
    (
        "new/3.a",
        "From: Dana Whitfield <dana@harbor.example>\nTo: pat@acme.example\nDate: Mon, 30 Nov 2026 16:00:00 +0000\nMessage-ID: <m3@harbor.example>\nIn-Reply-To: <m2@acme.example>\nReferences: <m2@acme.example>\nSubject: Re: Spring fair\n\nYes.\n",
    ),
    (
        "cur/4.a:2,S",
        "From: News <news@list.example>\nTo: pat@acme.example\nDate: Tue, 1 Dec 2026 08:00:00 +0000\nMessage-ID: <m4@list.example>\nList-Id: <news.list.example>\nList-Unsubscribe: <https://list.example/u>\nSubject: Offers\n\nBuy.\n",
    ),
    (
        "cur/5.a:2,S",
        "From: Ruth Keane <ruth@keane.example>\nTo: pat@acme.example\nDate: Tue, 1 Dec 2026 10:00:00 +0000\nMessage-ID: <m5@keane.example>\nSubject: A question\n\nWho are you?\n",
    ),
    (
        "cur/6.a:2,S",
        "From: Ruth Keane <ruth@keane.example>\nTo: pat@acme.example\nDate: Tue, 1 Dec 2026 11:00:00 +0000\nMessage-ID: <m6@keane.example>\nSubject: Another\n\nWell?\n",
    ),
    (
        "cur/7.a:2,DS",
        "From: pat@acme.example\nTo: amir@oasis.example\nDate: Wed, 2 Dec 2026 12:00:00 +0000\nMessage-ID: <m7@acme.example>\nSubject: never sent\n\nDraft.\n",
    ),
];

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n\
    BEGIN:VEVENT\r\nUID:e1\r\nDTSTART:20261118T140000Z\r\nDTEND:20261118T150000Z\r\nSUMMARY:Kick-off\r\nLOCATION:https://zoom.us/j/5550142\r\n\
    ORGANIZER:mailto:pat@acme.example\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:amir@oasis.example\r\nATTENDEE;PARTSTAT=DECLINED:mailto:dana@harbor.example\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:e2\r\nDTSTART:20261210T140000Z\r\nDTEND:20261210T150000Z\r\nSUMMARY:To come\r\nATTENDEE:mailto:amir@oasis.example\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:e3\r\nDTSTART:20261119T100000Z\r\nDTEND:20261119T110000Z\r\nSUMMARY:Called off\r\nSTATUS:CANCELLED\r\nATTENDEE:mailto:amir@oasis.example\r\nEND:VEVENT\r\n\
    END:VCALENDAR\r\n";

/// A home with nothing in it but git's settings, and a notebook that `init` made.
fn newcomer(name: &str) -> Book {
    let book = Book::plain(name, &[]);
    fs::remove_dir_all(book.path()).unwrap();
    fs::write(
        book.home().join(".gitconfig"),
        "[user]\nname = Pat\nemail = pat@acme.example\n[gc]\nauto = 0\n",
    )
    .unwrap();
    let mut init = book.tickler("init").word(book.path()).within(book.home()).command();
    assert!(init.output().unwrap().status.success());
    book
}

/// A deed of the hour: it succeeds, all is committed, and nothing is to be mended. A second time, it does nothing.
#[track_caller]
fn deed(book: &Book, line: &str) -> Ran {
    let before = book.commits();
    let ran = book.run(line);
    assert_eq!(ran.code, 0, "{line}\n{}{}", ran.out, ran.err);
    is_clean(&ran.out);
    is_clean(&ran.err);
    assert_eq!(book.commits(), before + 1, "{line} is one commit: {}{}", ran.out, ran.err);
    book.stands("");
    is_well(book, line);
    ran
}

#[track_caller]
fn is_well(book: &Book, line: &str) {
    let check = book.run("check");
    assert_eq!((check.code, check.err.as_str()), (0, ""), "after {line}: {}", check.out);
    assert!(check.out.starts_with("All is well"), "after {line}: {}", check.out);
}

#[track_caller]
fn import(book: &Book, line: &str) -> Ran {
    let ran = deed(book, line);
    let done = book.snapshot();
    let again = book.run(line);
    assert_eq!((again.code, book.snapshot()), (0, done), "{line} again: {}{}", again.out, again.err);
    ran
}

#[test]
fn the_first_hour() {
    let book = newcomer("exchange-story");
    let empty = book.texts();
    is_well(&book, "init");

    let linkedin = outside(&book, "Connections.csv", LINKEDIN);
    import(&book, &format!("import csv {linkedin} --tag fair"));
    assert_eq!(ids(&book), ["amir-haddad", "dana-whitfield", "jon-smyth"]);
    let amir = book.read("contacts/amir-haddad.md");
    assert!(amir.contains("- 2024-03-12 social reached: connected on LinkedIn"), "{amir}");
    assert!(amir.contains("source = \"LinkedIn\""), "{amir}");

    let google = outside(&book, "contacts.csv", GOOGLE);
    import(&book, &format!("import csv {google} --country US"));
    assert_eq!(ids(&book), ["amir-haddad", "dana-whitfield", "jon-smyth", "mum"]);

    let phone = outside(&book, "phone.vcf", PHONE);
    import(&book, &format!("import vcard {phone} --country US"));
    assert_eq!(ids(&book), ["amir-haddad", "dana-whitfield", "jon-smyth", "jonathan-smyth", "mum"]);
    let amir = book.read("contacts/amir-haddad.md");
    for text in ["amir@home.example", "+1 202 555 0142", "Likes walls that fold.", "1604-05-12", "Customers"]
    {
        assert!(amir.contains(text), "{text}: {amir}");
    }
    assert!(!amir.contains("202-555-0142"), "a number that is there already: {amir}");

    // The two Smyths are one.
    let dupes = book.run("dupes");
    assert_eq!(dupes.code, 0, "{}", dupes.err);
    let pair = ["tickler merge jon-smyth jonathan-smyth", "tickler merge jonathan-smyth jon-smyth"];
    assert!(pair.iter().any(|line| dupes.out.contains(line)), "{}", dupes.out);
    assert_eq!(dupes.out.matches("tickler merge ").count(), 1, "{}", dupes.out);
    let before = book.texts();
    let rehearsed = book.run("merge jon-smyth jonathan-smyth --dry-run");
    assert_eq!((rehearsed.code, book.texts()), (0, before.clone()), "{}", rehearsed.err);
    let merged = book.run("merge jon-smyth jonathan-smyth");
    assert_eq!(merged.code, 0, "{}", merged.err);
    let jon = book.read("contacts/jon-smyth.md");
    for text in
        ["jon@north.example", "linkedin.com/in/jon-smyth-7", "connected on LinkedIn", "jonathan-smyth"]
    {
        assert!(jon.contains(text), "{text}: {jon}");
    }
    assert_eq!((book.run("undo").code, book.texts()), (0, before));
    deed_of_merge(&book);
    assert_eq!(ids(&book), ["amir-haddad", "dana-whitfield", "jon-smyth", "mum"]);
    assert_eq!(book.run("show jonathan-smyth").code, 0, "the old id is honoured");

    // Mail.
    for (path, text) in MAIL {
        outside(&book, &format!("Mail/{path}"), text);
    }
    fs::create_dir_all(book.home().join("Mail/tmp")).unwrap();
    let mail = book.home().join("Mail").display().to_string();
    let said = import(&book, &format!("import mail {mail}"));
    let said = said.out + &said.err;
    assert!(said.contains("tickler new 'Ruth Keane' --email=ruth@keane.example"), "{said}");
    assert!(!said.contains("news@list.example"), "{said}");
    let amir = book.read("contacts/amir-haddad.md");
    assert!(
        amir.contains("- 2026-12-02 09:12 email in: [Specs](mid:m1@oasis.example)")
            || amir.contains("- 2026-12-02 09:12 email in: [Specs](mid:m1%40oasis.example)"),
        "{amir}"
    );
    assert!(!amir.contains("never sent"), "a draft was not sent: {amir}");
    let dana = book.read("contacts/dana-whitfield.md");
    let threads: Vec<&str> = dana.lines().filter(|line| line.starts_with("- 2026-11-30")).collect();
    assert!(
        threads.len() == 1 && threads[0].contains(" email in: ") && threads[0].matches("](mid:").count() == 2,
        "{dana}"
    );
    let jon = book.read("contacts/jon-smyth.md");
    assert!(
        jon.lines().any(|line| line.starts_with("- 2026-11-30 14:00 email: [Spring fair – walls](mid:")),
        "{jon}"
    );
    // By a pipe, as a mail program hands over a single message.
    let mut piped = book.tickler("import mail -").command();
    piped.stdin(fs::File::open(book.home().join("Mail/cur/1.a:2,S")).unwrap());
    let done = book.snapshot();
    assert!(piped.output().unwrap().status.success());
    assert_eq!(book.snapshot(), done);

    // The calendar.
    let calendar = outside(&book, "calendar.ics", CALENDAR);
    import(&book, &format!("import ics {calendar}"));
    let amir = book.read("contacts/amir-haddad.md");
    assert!(amir.contains("- 2026-11-18 14:00 video: Kick-off\n"), "{amir}");
    assert!(!amir.contains("Called off") && !amir.contains("To come"), "{amir}");
    assert!(!book.read("contacts/dana-whitfield.md").contains("Kick-off"), "who declined was not there");

    // Whom to follow up with: Amir wrote yesterday, Dana before that.
    let due: Value = serde_json::from_str(&book.run("due --format json").out).unwrap();
    let ids_due: Vec<&str> =
        due["due"].as_array().unwrap().iter().filter_map(|row| row["id"].as_str()).collect();
    assert!(ids_due.contains(&"amir-haddad") && ids_due.contains(&"dana-whitfield"), "{due}");
    let addresses = book.run("list --format mutt dana");
    assert_eq!(addresses.code, 0, "{}", addresses.err);
    let line = addresses.out.lines().nth(1).unwrap_or_default();
    assert!(line.starts_with("dana@harbor.example\tDana Whitfield\t"), "{}", addresses.out);

    // Everything out again, and nobody's work is locked in.
    for kind in ["csv", "json", "vcard", "ics"] {
        let file = book.home().join(format!("all.{kind}"));
        let before = book.snapshot();
        let ran = book.run(&format!("export {kind} --output {}", file.display()));
        assert_eq!((ran.code, book.snapshot()), (0, before), "{kind}: {}", ran.err);
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.contains("Amir Haddad"), "{kind}: {text}");
        is_clean(&text.replace("\r\n", "\n"));
    }
    let json = fs::read_to_string(book.home().join("all.json")).unwrap();
    assert_eq!(json.lines().count(), 4, "a line a contact: {json}");
    for line in json.lines() {
        let contact: Value = serde_json::from_str(line).unwrap();
        assert!(contact["id"].is_string() && contact["name"].is_string(), "{line}");
    }
    // What came out goes in again without a change.
    let done = book.snapshot();
    for (kind, file) in [("csv", "all.csv"), ("vcard", "all.vcf")] {
        let _ = fs::rename(book.home().join("all.vcard"), book.home().join("all.vcf"));
        let ran = book.run(&format!("import {kind} {}", book.home().join(file).display()));
        assert_eq!((ran.code, book.snapshot()), (0, done.clone()), "{kind}: {}{}", ran.out, ran.err);
    }

    // Step by step, all of it can be taken back.
    let mut left = 10;
    while book.texts() != empty {
        let ran = book.run("undo");
        assert_eq!(ran.code, 0, "{}", ran.err);
        left -= 1;
        assert!(left > 0, "{:?}", ids(&book));
    }
    is_well(&book, "undo");
}

#[track_caller]
fn deed_of_merge(book: &Book) {
    let before = book.commits();
    let ran = book.run("merge jon-smyth jonathan-smyth");
    assert_eq!((ran.code, book.commits()), (0, before + 1), "{}", ran.err);
    book.stands("");
    // Which of two names is right, the user says.
    let jon = book.read("contacts/jon-smyth.md");
    if jon.contains("[[conflict]]") {
        assert!(jon.contains("name = \"Jon Smyth\""), "whom the user named first stands: {jon}");
        let check = book.run("check");
        assert_eq!(check.code, 0, "{}{}", check.out, check.err);
        let settled = book.run("set jon-smyth conflict=");
        assert_eq!(settled.code, 0, "{}", settled.err);
    }
    is_well(book, "merge");
}
