//! `due`, `cracks` and `list` as people and scripts meet them, on the worked example.

use std::process::Stdio;

use serde_json::Value;
use tickler_tests::{Scratch, Tickler, exhibit};

fn json(ran: tickler_tests::Ran) -> Value {
    serde_json::from_str(&ran.out).unwrap_or_else(|e| panic!("{e}: {} {}", ran.out, ran.err))
}

fn ids(rows: &Value) -> Vec<&str> {
    rows.as_array().into_iter().flatten().filter_map(|row| row["id"].as_str()).collect()
}

#[test]
fn looks_as_it_did() {
    for columns in [40, 80, 140] {
        for (name, line) in [
            ("due", "due"),
            ("due-week", "due --within 7d"),
            ("due-explain", "due --explain --all"),
            ("cracks", "cracks"),
            ("list", "list"),
        ] {
            let ran = Tickler::new(line).example().columns(columns).run();
            assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}");
            exhibit(&format!("{name}-{columns}.txt"), &ran.out);
        }
    }
    for (name, line) in [
        ("due-pipe.txt", "due --all"),
        ("due.csv", "due --all --format csv"),
        ("list.csv", "list --format csv"),
    ] {
        exhibit(name, &Tickler::new(line).example().run().out);
    }
    exhibit("due.json", &Tickler::new("due --all --format json").example().run().out);
    exhibit("list.json", &Tickler::new("list --format json").example().run().out);
    exhibit("help.txt", &Tickler::new("--help").columns(80).run().out);
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for columns in [40, 59, 60, 80, 129, 130, 190] {
        let ran = Tickler::new("due --all").example().columns(columns).run();
        let rows = ran
            .out
            .lines()
            .take_while(|line| !line.contains("tickler "))
            .filter(|line| !line.is_ascii() || line.len() > columns);
        for line in rows {
            // Nobody in the example takes two columns a character but Sato-san.
            assert!(line.chars().count() <= columns, "{columns}: {line}");
        }
    }
}

#[test]
fn alone_it_is_due() {
    let due = Tickler::new("due --within 7d").example().run();
    assert_eq!(Tickler::new("--within 7d").example().run(), due);
    assert_eq!(Tickler::new("--within=7d due").example().run(), due);
    assert_eq!(Tickler::new("--all list").example().run().code, 2);
}

#[test]
fn whose_it_is() {
    let mine = |me: &str| json(Tickler::new("due --mine --format json --me").word(me).example().run());
    // Sam covers for Kim; Bruno is nobody's, so everybody's.
    assert_eq!(
        ids(&mine("sam")["due"]),
        [
            "maeve-obrien",
            "chloe-dubois",
            "amara-okafor",
            "jonas-thorsson",
            "theo-van-der-meer",
            "bruno-keller"
        ]
    );
    assert_eq!(ids(&mine("kim")["due"]), ["bruno-keller"]);
    assert_eq!(ids(&mine("pat")["due"]), ["ines-carvalho", "nadia-benali", "bruno-keller"]);
    let unknown = Tickler::new("due --mine --me sma").example().run();
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean `sam`?"), "{}", unknown.err);
}

#[test]
fn a_limit_takes_the_most_urgent() {
    let two = json(Tickler::new("due --all --limit 2 --format json").example().run());
    assert_eq!(ids(&two["due"]), ["maeve-obrien", "chloe-dubois"]);
    assert_eq!(Tickler::new("due --limit 0").example().run().code, 0);
}

#[test]
fn queries_and_their_mistakes() {
    let hotels =
        json(Tickler::new("list stage:proposal -owner:sam --sort -value --format json").example().run());
    assert_eq!(ids(&hotels), ["theo-van-der-meer", "ines-carvalho"]);
    for (line, code, says) in [
        ("due stage:propsal", 2, "did you mean `proposal`?"),
        ("list nobody-at-all", 1, "nobody fits that query"),
        ("due nobody-at-all", 1, "nobody fits that query"),
        ("cracks nobody-at-all", 1, "nobody fits that query"),
        ("list --columns name,ballroom_fet", 2, "did you mean `ballroom_feet`?"),
        ("list --sort vlaue", 2, "did you mean `value`?"),
        ("due --within 3q", 2, "is not a period"),
        ("due --limt 3", 2, "--limit"),
        ("--today 2026-13-40", 2, "--today"),
        ("--today tomorow", 2, "did you mean `tomorrow`?"),
        ("--today 3/4/2026", 2, "write `2026-04-03` or `2026-03-04`"),
        ("list due<=end-of-mnoth", 2, "did you mean `end-of-month`?"),
    ] {
        let ran = Tickler::new(line).example().run();
        assert_eq!(ran.code, code, "{line}: {}", ran.err);
        assert!(ran.err.contains(says) && ran.out.is_empty(), "{line}: {}", ran.err);
    }
    let nobody = Tickler::new("list nobody-at-all --format json").example().run();
    assert_eq!((nobody.out.as_str(), nobody.code), ("[]\n", 1));
}

#[test]
fn an_old_backlog_folds() {
    let book = Scratch::new("backlog");
    for n in 0..9 {
        let text = format!("+++\nnext.on = 2026-09-{:02}\n+++\n# Old {n}\n", n + 1);
        book.write(&format!("contacts/old-{n}.md"), text);
    }
    book.write("contacts/new.md", "+++\nnext.on = 2026-12-01\n+++\n# New\n");
    let due = |line: &str| Tickler::new(line).notebook(book.path()).run().out;
    let folded = due("due");
    assert!(folded.contains("and 9 older ones, since before Tue 3 Nov: tickler due --backlog"), "{folded}");
    assert!(folded.contains("Overdue 10") && folded.contains("New") && !folded.contains("Old"), "{folded}");
    for line in ["due --backlog", "due --all", "due --limit 20", "due overdue:yes", "due due<2026-10-01"] {
        assert!(due(line).contains("Old 3"), "{line}");
    }
    assert_eq!(
        json(Tickler::new("due --format json").notebook(book.path()).run())["due"].as_array().unwrap().len(),
        10
    );
}

#[test]
fn a_quiet_day_and_an_empty_notebook() {
    let book = Scratch::new("quiet");
    exhibit("empty.txt", &Tickler::new("due").notebook(book.path()).columns(80).run().out);
    book.write("contacts/jane-doe.md", "+++\ncompany = \"Acme\"\nnext = { on = 2026-12-08T10:00:00, via = \"phone\", why = \"page 3\", promised = true }\n+++\n# Jane Doe\n");
    exhibit("quiet.txt", &Tickler::new("due").notebook(book.path()).columns(80).run().out);
}

#[test]
fn broken_files_are_named_and_hide_nobody() {
    let book = Scratch::new("broken");
    book.write("contacts/bad.md", "+++\nname = Bob\n+++\n");
    book.write("contacts/odd.md", b"\xff\xfe");
    book.write("contacts/jane.md", "+++\nnext.on = 2026-12-03\n+++\n# Jane\n");
    let ran = Tickler::new("due").notebook(book.path()).within(book.path()).run();
    assert_eq!(ran.code, 0);
    assert!(
        ran.out.contains("Jane") && ran.out.contains("2 files cannot be read: tickler check"),
        "{}",
        ran.out
    );
    assert!(
        ran.err.contains("contacts/bad.md:2:8: ") && ran.err.contains("contacts/odd.md:1:1: "),
        "{}",
        ran.err
    );
    let problems = json(Tickler::new("due --format json").notebook(book.path()).run());
    assert_eq!(problems["problems"][0]["file"], "contacts/bad.md");
}

#[test]
fn a_file_cannot_speak_to_the_terminal() {
    let book = Scratch::new("escape");
    book.write("contacts/evil.md", "+++\nname = \"E\\u001b[31mvil\\u0007\"\nnext = { on = 2026-12-03, why = \"a \\u009b2J\\u202e [link](x)\" }\n+++\n## Log\n- 2026-11-01 email\n");
    for line in ["due", "list", "cracks", "due --explain"] {
        let out = Tickler::new(line).notebook(book.path()).run().out;
        assert!(!out.contains(['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}']), "{line}: {out:?}");
    }
}

#[test]
fn colour_is_asked_for() {
    let plain = Tickler::new("due").example().run().out;
    let always = Tickler::new("due --color always").example().run().out;
    assert!(!plain.contains('\u{1b}') && always.contains("\u{1b}["));
    let json = Tickler::new("due --color always --format json").example().run().out;
    assert!(!json.contains('\u{1b}'));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let mut child = Tickler::new("list --format json").example().command();
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
}
