//! `import mail` end to end: messages from wherever they lie become touches, once, in one commit that can be undone.

use std::io::Write;
use std::process::Stdio;

use tickler_tests::{Ran, Scratch, Tickler};

/// A notebook of Jane, Bob and Gus, who asked us to stop; git's user is Pat.
fn notebook(name: &str) -> Scratch {
    let scratch = Scratch::in_git(name);
    let contact = |name: &str, email: &str, more: &str| {
        format!("+++\nname = \"{name}\"\nemail = [\"{email}\"]\n{more}+++\n")
    };
    scratch.write("contacts/jane-doe.md", contact("Jane Doe", "Jane@Hotel.example", "") + "\nMet.\n");
    scratch.write("contacts/bob.md", contact("Bob Smith", "bob@b.example", "owner = \"pat\"\n"));
    scratch.write("contacts/gus.md", contact("Gus", "gus@g.example", "stage = \"stopped\"\n"));
    scratch.git(&["add", "."]);
    scratch.git(&["commit", "--quiet", "--message=start"]);
    scratch
}

fn run(scratch: &Scratch, line: &str) -> Ran {
    Tickler::new(line).notebook(scratch.path()).run()
}

fn piped(scratch: &Scratch, line: &str, input: &[u8]) -> Ran {
    let mut command = Tickler::new(line).notebook(scratch.path()).command();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// A message; `more` are further headers.
fn message(from: &str, to: &str, day: &str, id: &str, subject: &str, more: &str) -> String {
    format!(
        "From: {from}\nTo: {to}\nDate: {day} Nov 2026 09:12:00 +0000\nMessage-ID: <{id}>\nSubject: {subject}\n{more}\nHello.\n\nFrom here on it rains.\n"
    )
}

const PAT: &str = "Pat <pat@acme.example>";
const JANE: &str = "Jane Doe <jane@hotel.example>";

/// A Maildir with an answered question, one to Bob and Jane, a list, a draft, something deleted and a stranger.
fn maildir(scratch: &Scratch) {
    for (file, text) in [
        ("cur/1:2,S", message(JANE, PAT, "18", "a+1@mail.example", "Specs", "")),
        ("new/2", message("Ann O'Neill <ann@n.example>", PAT, "18", "b@mail.example", "Hello", "")),
        ("new/3", message("ann@n.example", PAT, "19", "c@mail.example", "Hello", "")),
        (
            "cur/4:2,S",
            message(
                "News <n@hotel.example>",
                PAT,
                "18",
                "d@mail.example",
                "News",
                "List-Id: <n.hotel.example>\n",
            ),
        ),
        ("cur/5:2,DS", message(PAT, JANE, "18", "e@mail.example", "Draft", "")),
        ("cur/6:2,ST", message(JANE, PAT, "18", "f@mail.example", "Deleted", "")),
        (
            ".Sent/cur/7:2,S",
            message(
                PAT,
                "jane@hotel.example, bob@b.example",
                "18",
                "g@mail.example",
                "Re: Specs",
                "References: <a+1@mail.example>\n",
            )
            .replace("09:12", "10:30"),
        ),
        (".Sent/cur/8:2,S", message(PAT, "new@n.example", "20", "h@mail.example", "Hello", "")),
        (".Trash/cur/9:2,S", message(JANE, PAT, "18", "i@mail.example", "Thrown away", "")),
        ("dovecot.index", "no message".to_owned()),
    ] {
        scratch.write(&format!("mail/{file}"), text);
    }
}

#[test]
fn a_maildir_becomes_touches_once() {
    let scratch = notebook("mail-maildir");
    maildir(&scratch);
    scratch.write(".git/info/exclude", "mail\n");
    let mail = scratch.path().join("mail");
    let line = format!("import mail {}", mail.display());
    let before = scratch.read("contacts/jane-doe.md");
    let rehearsed = run(&scratch, &format!("{line} --dry-run"));
    assert_eq!(rehearsed.code, 0, "{}", rehearsed.err);
    assert!(rehearsed.out.contains("+- 2026-11-18 10:30 email reached: [Re: Specs]"), "{}", rehearsed.out);
    assert_eq!(scratch.read("contacts/jane-doe.md"), before);

    let ran = run(&scratch, &line);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(
        ran.out,
        "logged 2 messages with 2 contacts\n  bob       Bob Smith  1 message\n  jane-doe  Jane Doe  2 messages\n"
    );
    for said in [
        "8 messages: 2 logged, 3 with nobody known, 1 of lists, 2 drafts or deleted\n",
        "left aside: ",
        "mail/.Trash; name one of them to have it read",
        "  2  tickler new \"Ann O'Neill\" --email=ann@n.example\n",
        "  1  tickler new New --email=new@n.example\n",
    ] {
        assert!(ran.err.contains(said), "{said:?} is not in {}", ran.err);
    }
    assert_eq!(
        scratch.read("contacts/jane-doe.md").unwrap(),
        before.clone().unwrap()
            + "\n## Log\n\n- 2026-11-18 10:30 email reached: [Re: Specs](mid:g@mail.example) [09:12](mid:a%2B1@mail.example)\n"
    );
    assert!(
        scratch
            .read("contacts/bob.md")
            .unwrap()
            .ends_with("- 2026-11-18 10:30 email: [Re: Specs](mid:g@mail.example)\n")
    );
    assert_eq!(scratch.git(&["log", "-1", "--format=%s"]), "import mail: 2 messages with 2 contacts\n");

    let again = run(&scratch, &line);
    assert_eq!(
        (again.code, again.out.as_str()),
        (0, "nothing to change: no message is new\n"),
        "{}",
        again.err
    );
    assert_eq!(scratch.git(&["status", "--porcelain"]), "");
    assert_eq!(scratch.git(&["rev-list", "--count", "HEAD"]), "2\n");
    assert_eq!(run(&scratch, "check").code, 0);

    assert_eq!(run(&scratch, "undo").code, 0);
    assert_eq!(scratch.read("contacts/jane-doe.md"), before);
    // A folder that is itself named is read.
    let ran = run(&scratch, &format!("import mail {}/.Trash", mail.display()));
    assert!(ran.out.starts_with("logged 1 message with 1 contact\n"), "{}", ran.out);
}

#[test]
fn an_mbox_a_file_and_a_pipe_are_the_same() {
    let one = message(JANE, PAT, "18", "a@mail.example", "Specs", "");
    let two = message(PAT, JANE, "19", "b@mail.example", "Re: Specs", "");
    let mbox = format!(
        "From jane@hotel.example Wed Nov 18 09:12:00 2026\n{}\nFrom pat@acme.example Thu Nov 19 09:12:00 2026\n{two}",
        one.replace("\nFrom here", "\n>From here")
    );
    let expected = "- 2026-11-19 09:12 email: [Re: Specs](mid:b@mail.example)\n- 2026-11-18 09:12 email in: [Specs](mid:a@mail.example)\n";
    let of = |name: &str, fill: &dyn Fn(&Scratch) -> Vec<Ran>| {
        let scratch = notebook(name);
        for ran in fill(&scratch) {
            assert_eq!(ran.code, 0, "{name}: {}", ran.err);
        }
        let text = scratch.read("contacts/jane-doe.md").unwrap();
        assert!(text.ends_with(expected), "{name}: {text}");
    };
    let named = |scratch: &Scratch, files: &[&str]| {
        let paths: Vec<String> =
            files.iter().map(|file| scratch.path().join(file).display().to_string()).collect();
        run(scratch, &format!("import mail {}", paths.join(" ")))
    };
    of("mail-mbox", &|scratch| {
        scratch.write("in.mbox", &mbox);
        vec![named(scratch, &["in.mbox"])]
    });
    of("mail-crlf", &|scratch| {
        scratch.write("in", mbox.replace('\n', "\r\n"));
        vec![named(scratch, &["in"])]
    });
    of("mail-eml", &|scratch| {
        scratch.write("1.eml", &one);
        scratch.write("2.eml", &two);
        vec![named(scratch, &["1.eml", "2.eml"])]
    });
    of("mail-mh", &|scratch| {
        scratch.write("mh/inbox/12", &one);
        scratch.write("mh/inbox/13", &two);
        scratch.write("mh/inbox/,14", message(JANE, PAT, "20", "c@mail.example", "Gone", ""));
        scratch.write("mh/drafts/1", message(PAT, JANE, "20", "d@mail.example", "Draft", ""));
        scratch.write("mh/.mh_profile", "Path: mh\n");
        vec![named(scratch, &["mh"])]
    });
    of("mail-pipe", &|scratch| {
        let second = piped(scratch, "import mail -", two.as_bytes());
        vec![
            second,
            piped(scratch, "import mail", one.as_bytes()),
            piped(scratch, "import mail -", one.as_bytes()),
        ]
    });
    of("mail-pipe-mbox", &|scratch| vec![piped(scratch, "import mail -", mbox.as_bytes())]);
}

#[test]
fn bounces_and_automatic_answers_say_so() {
    let scratch = notebook("mail-odd");
    let sent = message(PAT, JANE, "18", "a@mail.example", "Specs", "");
    let away = message(
        JANE,
        PAT,
        "19",
        "b@mail.example",
        "Automatic reply: Specs",
        "Auto-Submitted: auto-replied\n",
    )
    .replace("Hello.", "I am away until 5 December 2026.");
    let bounce = format!(
        "From: MAILER-DAEMON@mx.example\nTo: {PAT}\nDate: Wed, 18 Nov 2026 09:15:00 +0000\nMessage-ID: <r@mx.example>\nMIME-Version: 1.0\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nSorry.\n\n--b\nContent-Type: message/delivery-status\n\n\
         Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; jane@hotel.example\nAction: failed\n\n--b\nContent-Type: message/rfc822\n\n{sent}\n--b--\n"
    );
    let due = run(&scratch, "due --all").out;
    let ran = piped(&scratch, "import mail -", bounce.as_bytes());
    assert!(ran.err.contains("1 message: 1 logged (of these 1 bounced)"), "{}", ran.err);
    assert!(
        scratch
            .read("contacts/jane-doe.md")
            .unwrap()
            .ends_with("- 2026-11-18 09:12 email bounced: [Specs](mid:a@mail.example)\n")
    );
    assert!(piped(&scratch, "import mail -", sent.as_bytes()).out.starts_with("nothing to change"));
    // A search that found nothing is no fault, and cron has nothing to send.
    let nothing = piped(&scratch, "import mail -", b"");
    assert_eq!(
        (nothing.code, nothing.out.as_str()),
        (0, "nothing to change: no message is new\n"),
        "{}",
        nothing.err
    );
    let ran = piped(&scratch, "import mail -", away.as_bytes());
    let said = "jane-doe: an automatic reply of 2026-11-19 speaks of 2026-12-05; if they are away until then: tickler set jane-doe away.until=2026-12-05";
    assert!(ran.err.contains(said), "{}", ran.err);
    let text = scratch.read("contacts/jane-doe.md").unwrap();
    assert!(
        text.contains(
            "- 2026-11-19 09:12 note: automatic reply: [Automatic reply: Specs](mid:b@mail.example)\n"
        ),
        "{text}"
    );
    assert!(!text.contains("away"), "{text}");
    // It happened, so it is logged; and nothing makes them due.
    let ran = piped(
        &scratch,
        "import mail -",
        message(PAT, "gus@g.example", "20", "g@mail.example", "Sorry", "").as_bytes(),
    );
    assert!(ran.err.contains("Gus asked us to stop, and 1 message went to them"), "{}", ran.err);
    assert!(scratch.read("contacts/gus.md").unwrap().contains("2026-11-20 09:12 email: [Sorry]"));
    assert!(!run(&scratch, "due --all").out.contains("Gus"), "{due}");
}

#[test]
fn whose_message_it_is() {
    let scratch = notebook("mail-team");
    scratch.write(
        "tickler.toml",
        "timezone = \"Asia/Tokyo\"\n[team.pat]\nemail = [\"pat@acme.example\"]\n[team.sam]\nemail = [\"sam@acme.example\"]\n",
    );
    let all = [
        message("sam@acme.example", "jane@hotel.example, bob@b.example", "18", "a@x", "Specs", ""),
        message(JANE, "pat@acme.example", "18", "b@x", "Rooms", "").replace("09:12", "20:00"),
        message(
            "Form <noreply@acme.example>",
            PAT,
            "20",
            "c@x",
            "From the page",
            "Reply-To: bob@b.example\n",
        ),
        message("sam@acme.example", PAT, "20", "d@x", "Among us", ""),
    ];
    for text in all {
        assert_eq!(piped(&scratch, "import mail -", text.as_bytes()).code, 0);
    }
    let jane = scratch.read("contacts/jane-doe.md").unwrap();
    assert!(jane.ends_with("- 2026-11-19 05:00 email in @pat: [Rooms](mid:b@x)\n- 2026-11-18 18:12 email @sam: [Specs](mid:a@x)\n"), "{jane}");
    // Bob is Pat's, so that goes without saying.
    let bob = scratch.read("contacts/bob.md").unwrap();
    assert!(bob.ends_with("- 2026-11-20 18:12 email in: [From the page](mid:c@x)\n- 2026-11-18 18:12 email @sam: [Specs](mid:a@x)\n"), "{bob}");
    let ran = piped(
        &scratch,
        "import mail - --mine me@home.example",
        message("me@home.example", JANE, "21", "e@x", "Private", "").as_bytes(),
    );
    assert!(ran.out.starts_with("logged 1 message"), "{}", ran.out);
}

#[test]
fn what_is_refused_is_named() {
    let scratch = notebook("mail-bad");
    scratch.write("m/1.eml", "no message at all\n");
    scratch.write("m/2.eml", format!("From: {JANE}\nTo: {PAT}\nMessage-ID: <a@x>\n\nno date\n"));
    scratch.write("m/3.eml", message(JANE, PAT, "18", "b@x", "Specs \u{1b}[31m", ""));
    scratch.write("m/4.eml", "");
    let folder = scratch.path().join("m").display().to_string();
    let ran = run(&scratch, &format!("import mail {folder}"));
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.starts_with("logged 1 message with 1 contact\n"), "{}", ran.out);
    for said in [
        "1.eml: it has no header of a message\n",
        "2.eml: it has no date\n",
        "4.eml: it is empty\n",
        "3 refused",
    ] {
        assert!(ran.err.contains(said), "{said:?} is not in {}", ran.err);
    }
    assert!(!ran.err.contains('\u{1b}') && !scratch.read("contacts/jane-doe.md").unwrap().contains('\u{1b}'));
    for (line, code, said) in [
        ("import mail /nowhere/at/all", 3, "cannot read \"/nowhere/at/all\""),
        ("import mail - --since never", 2, "--since: "),
        ("import mail - --mine pat", 2, "\"pat\" is no email address"),
        ("import mail - --format csv", 2, "`import mail` has no CSV"),
    ] {
        let ran = run(&scratch, line);
        assert_eq!(ran.code, code, "{line}: {}", ran.err);
        assert!(ran.err.contains(said), "{line}: {}", ran.err);
    }
    let nobody = Scratch::new("mail-nobody");
    let ran =
        Tickler::new("import mail -").notebook(nobody.path()).env("GIT_CONFIG_GLOBAL", "/dev/null").run();
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("--mine you@example.com"), "{}", ran.err);
}

#[test]
fn json_has_all_of_it() {
    let scratch = notebook("mail-json");
    maildir(&scratch);
    let mail = scratch.path().join("mail").display().to_string();
    let ran = run(&scratch, &format!("import mail {mail} --format json --since 2026-11-19"));
    assert_eq!(ran.code, 0, "{}", ran.err);
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(said["messages"]["earlier"], 2, "{}", ran.out);
    assert_eq!(said["messages"]["discarded"], 2);
    assert_eq!(said["commit"], serde_json::Value::Null);
    assert_eq!(said["strangers"][0]["address"], "ann@n.example");
    let ran = run(&scratch, &format!("import mail {mail} --format json"));
    let said: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        said["contacts"][1],
        serde_json::json!({ "id": "jane-doe", "name": "Jane Doe", "messages": 2 })
    );
    assert_eq!(said["files"], serde_json::json!(["contacts/bob.md", "contacts/jane-doe.md"]));
    assert!(said["commit"].is_string());
}
