//! `history`, `undo` and `status`: what was done, taking it back, and where the notebook stands.

use tickler_tests::{Ran, Scratch, Tickler};

const JANE: &str = "+++\nname = \"Jane Doe\"\nstage = \"new\"\n+++\n\n## Log\n\n- 2026-11-20 phone: hello\n";
const BOB: &str = "+++\nname = \"Bob Roe\"\n+++\n\n## Log\n";

/// Two contacts, committed.
fn notebook(name: &str) -> Scratch {
    let scratch = Scratch::in_git(name);
    scratch.write("contacts/jane-doe.md", JANE);
    scratch.write("contacts/bob-roe.md", BOB);
    scratch.git(&["add", "--all"]);
    scratch.git(&["commit", "--quiet", "--message", "first"]);
    scratch
}

fn run(scratch: &Scratch, line: &str) -> Ran {
    Tickler::new(line).notebook(scratch.path()).run()
}

/// Runs it, and it must be done.
#[track_caller]
fn done(scratch: &Scratch, line: &str) -> String {
    let ran = run(scratch, line);
    assert_eq!(ran.code, 0, "{line}: {}{}", ran.out, ran.err);
    ran.out
}

/// Runs it, and it must be refused with this message and, where it has one, a hint that begins so.
#[track_caller]
fn refused(scratch: &Scratch, line: &str, code: i32, message: &str, hint: &str) -> String {
    let ran = run(scratch, line);
    assert_eq!(ran.code, code, "{line}: {}{}", ran.out, ran.err);
    assert!(ran.err.starts_with(&format!("tickler: {message}\n")), "{line}: {}", ran.err);
    assert!(hint.is_empty() || ran.err.contains(&format!("\nhint: {hint}")), "{line}: {}", ran.err);
    ran.err
}

fn subjects(scratch: &Scratch) -> Vec<String> {
    scratch.git(&["log", "--format=%s"]).lines().map(str::to_owned).collect()
}

fn head(scratch: &Scratch) -> String {
    scratch.git(&["rev-parse", "HEAD"]).trim().to_owned()
}

fn jane(scratch: &Scratch) -> String {
    scratch.read("contacts/jane-doe.md").unwrap()
}

#[test]
fn undo_goes_back_deed_by_deed_and_forth_again() {
    let scratch = notebook("undo");
    done(&scratch, "stage jane contacted");
    done(&scratch, "stage jane nurture");
    let both = jane(&scratch);
    assert_eq!(done(&scratch, "undo").lines().next().unwrap(), "took back: stage Jane Doe: stage nurture");
    assert_eq!(jane(&scratch), JANE.replace("new", "contacted"));
    done(&scratch, "undo");
    assert_eq!(jane(&scratch), JANE);
    assert_eq!(
        subjects(&scratch),
        [
            "undo: stage Jane Doe: stage contacted",
            "undo: stage Jane Doe: stage nurture",
            "stage Jane Doe: stage nurture",
            "stage Jane Doe: stage contacted",
            "first"
        ]
    );
    refused(&scratch, "undo", 1, "there is nothing of yours to take back", "`tickler history` shows");
    // An undo is taken back by its id: the deed is done again, and can be undone again.
    let undo = head(&scratch);
    assert!(
        done(&scratch, &format!("undo {}", &undo[..10]))
            .starts_with("did again: stage Jane Doe: stage contacted")
    );
    let redo = head(&scratch);
    assert_eq!(subjects(&scratch)[0], "redo: stage Jane Doe: stage contacted");
    let message = scratch.git(&["log", "-1", "--format=%B"]);
    assert!(
        message.contains("Tickler-Verb: undo\n") && message.contains(&format!("Tickler-Undoes: {undo}\n"))
    );
    done(&scratch, "undo");
    assert_eq!(jane(&scratch), JANE);
    refused(
        &scratch,
        &format!("undo {undo}"),
        1,
        &format!(
            "{} \"undo: stage Jane Doe: stage contacted\" is taken back already, by {}",
            &undo[..7],
            &redo[..7]
        ),
        &format!("`tickler undo {}` does it again", &redo[..7]),
    );
    assert!(!both.is_empty() && scratch.git(&["status", "--porcelain"]).is_empty());
}

#[test]
fn several_deeds_are_one_commit() {
    let scratch = notebook("undo-many");
    done(&scratch, "stage jane contacted");
    done(&scratch, "stage bob contacted");
    done(&scratch, "stage jane nurture");
    refused(&scratch, "undo 4", 1, "only 3 of your deeds can be taken back", "`tickler undo 3` takes");
    let shown = done(&scratch, "undo 3 --dry-run");
    assert!(shown.contains("-stage = \"nurture\"\n+stage = \"new\"\n"), "{shown}");
    assert_eq!(subjects(&scratch).len(), 4, "nothing was done");
    done(&scratch, "undo 3");
    assert_eq!((jane(&scratch), scratch.read("contacts/bob-roe.md").unwrap()), (JANE.into(), BOB.into()));
    assert_eq!(
        subjects(&scratch)[0],
        "undo 3 deeds: stage Jane Doe: stage nurture; stage Bob Roe: stage contacted; stage Jane Doe: stage contacted"
    );
    assert_eq!(scratch.git(&["log", "-1", "--format=%B"]).matches("Tickler-Undoes: ").count(), 3);
    let id = head(&scratch);
    done(&scratch, &format!("undo {id}"));
    assert!(jane(&scratch).contains("nurture"));
}

#[test]
fn what_stands_on_a_deed_keeps_it() {
    let scratch = notebook("undo-refused");
    done(&scratch, "stage jane contacted");
    let first = head(&scratch);
    done(&scratch, "stage jane nurture");
    let second = head(&scratch);
    let message = "\"stage Jane Doe: stage contacted\" cannot be taken back: later work on \"contacts/jane-doe.md\" stands on it";
    let undo_first = format!("undo {}", &first[..8]);
    let said = refused(&scratch, &undo_first, 1, message, "take back what came later first");
    assert!(said.contains(&format!("  {}  stage Jane Doe: stage nurture, by Pat\n", &second[..7])), "{said}");
    assert!(!said.contains("by hand"), "{said}");
    // By hand, and in no commit.
    scratch.write("contacts/jane-doe.md", jane(&scratch).replace("nurture", "won"));
    let message = message.replace("stage contacted", "stage nurture");
    let said = refused(&scratch, "undo", 1, &message, "nothing was changed; mend it in an editor");
    assert!(said.contains("  changed by hand since, in no commit yet\n"), "{said}");
    assert!(jane(&scratch).contains("won"));
    // Taken back by hand.
    scratch.write("contacts/jane-doe.md", JANE.replace("new", "contacted"));
    let message = "nothing of \"stage Jane Doe: stage nurture\" is left to take back: later work on \"contacts/jane-doe.md\" changed it";
    refused(&scratch, "undo", 1, message, "nothing was changed; mend it in an editor");
    // Gone, and in no commit.
    std::fs::remove_file(scratch.path().join("contacts/jane-doe.md")).unwrap();
    let message = "\"stage Jane Doe: stage nurture\" cannot be taken back: later work on \"contacts/jane-doe.md\" stands on it";
    let said = refused(&scratch, "undo", 1, message, "nothing was changed");
    assert!(said.contains("changed by hand"), "{said}");
}

#[test]
fn a_deed_goes_and_later_work_on_the_same_contact_stays() {
    let scratch = notebook("undo-merged");
    done(&scratch, "log jane phone --next 2026-12-09 -m Asked-price");
    let log = head(&scratch);
    let logged = jane(&scratch);
    done(&scratch, "tag jane +hotel");
    done(&scratch, "log jane email -m Sent-it");
    // By hand: first what a later deed commits, then what is in no commit.
    scratch.write("contacts/jane-doe.md", jane(&scratch).replace("## Log", "Met at a fair.\n\n## Log"));
    done(&scratch, "set jane role=Director");
    scratch.write(
        "contacts/jane-doe.md",
        jane(&scratch).replace("Met at a fair.", "Met at a fair.\n\nLikes orchids."),
    );
    let all = jane(&scratch);
    let id = &log[..8];
    let shown = done(&scratch, &format!("undo {id} --dry-run"));
    assert!(shown.contains("Asked-price") && !shown.contains("-tags"), "{shown}");
    assert_eq!(jane(&scratch), all);

    let said = done(&scratch, &format!("undo {id}"));
    assert!(said.starts_with("took back: log Jane Doe: phone\n"), "{said}");
    let without = jane(&scratch);
    assert!(!without.contains("Asked-price") && !without.contains("2026-12-09"), "{without}");
    for kept in [
        "tags = [\"hotel\"]",
        "role = \"Director\"",
        "Met at a fair.\n\nLikes orchids.",
        "Sent-it",
        "phone: hello",
    ] {
        assert!(without.contains(kept) && all.contains(kept), "{kept}: {without}");
    }
    assert_eq!(subjects(&scratch)[..2], ["undo: log Jane Doe: phone", "Jane Doe: text edited"]);
    let message = scratch.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains(&format!("Tickler-Undoes: {log}\n")), "{message}");

    // The undo is a deed like any other: it is taken back, also after more was done.
    let undo = head(&scratch);
    done(&scratch, "stage jane nurture");
    done(&scratch, &format!("undo {}", &undo[..8]));
    assert_eq!(subjects(&scratch)[0], "redo: log Jane Doe: phone");
    let lines = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&jane(&scratch)), lines(&all.replace("\"new\"", "\"nurture\"")));
    assert!(logged.contains("Asked-price") && scratch.git(&["status", "--porcelain"]).is_empty());
}

#[test]
fn what_was_written_by_hand_before_a_deed_survives_its_undo() {
    let scratch = notebook("undo-by-hand");
    let mine = format!("{JANE}- 2026-11-21 note: mine\n");
    scratch.write("contacts/jane-doe.md", &mine);
    done(&scratch, "stage jane contacted");
    assert_eq!(subjects(&scratch)[..2], ["stage Jane Doe: stage contacted", "Jane Doe: log 2026-11-21 note"]);
    done(&scratch, "undo");
    assert_eq!(jane(&scratch), mine);
}

#[test]
fn only_ones_own_are_counted_and_any_has_an_id() {
    let scratch = notebook("undo-own");
    done(&scratch, "stage jane contacted");
    let sam = |line: &str| {
        let ran = Tickler::new(line)
            .notebook(scratch.path())
            .env("GIT_AUTHOR_NAME", "Sam")
            .env("GIT_AUTHOR_EMAIL", "sam@acme.example")
            .run();
        assert_eq!(ran.code, 0, "{}", ran.err);
    };
    sam("stage bob contacted");
    let sams = head(&scratch);
    done(&scratch, "undo");
    assert_eq!(jane(&scratch), JANE, "mine, and not the last");
    assert!(scratch.read("contacts/bob-roe.md").unwrap().contains("contacted"));
    refused(&scratch, "undo", 1, "there is nothing of yours to take back", "");
    done(&scratch, &format!("undo {sams}"));
    assert_eq!(scratch.read("contacts/bob-roe.md").as_deref(), Some(BOB));
}

#[test]
fn what_cannot_be_taken_back_is_said() {
    let scratch = notebook("undo-wrong");
    let first = head(&scratch);
    let neither = |text: &str| format!("\"{text}\" is neither a number of deeds nor the id of a commit");
    refused(&scratch, "undo jane", 2, &neither("jane"), "ids have at least four digits");
    refused(&scratch, "undo 0", 2, "0 deeds are none", "`tickler undo`");
    refused(
        &scratch,
        "undo 9999999",
        1,
        "no commit has the id \"9999999\"",
        "a number of deeds has at most three",
    );
    refused(
        &scratch,
        "undo abcdef0123",
        1,
        "no commit has the id \"abcdef0123\"",
        "`tickler history` shows the ids",
    );
    let by_hand = format!("{} \"first\" was not done by tickler", &first[..7]);
    refused(&scratch, &format!("undo {first}"), 1, &by_hand, "`git revert ");
    scratch.git(&["checkout", "--quiet", "-b", "other"]);
    done(&scratch, "stage jane contacted");
    let elsewhere = head(&scratch);
    scratch.git(&["checkout", "--quiet", "main"]);
    let said = format!("{} is not in the history of this branch", &elsewhere[..7]);
    refused(&scratch, &format!("undo {elsewhere}"), 1, &said, "`tickler history` shows what is");
}

#[test]
fn texts_are_restored_and_other_bytes_are_not() {
    let scratch = notebook("undo-bytes");
    scratch.write("contacts/odd.md", b"odd \xff\n");
    scratch.git(&["add", "--all"]);
    scratch.git(&["commit", "--quiet", "--message", "odd\n\nTickler-Verb: import"]);
    let odd = head(&scratch);
    refused(
        &scratch,
        &format!("undo {odd}"),
        3,
        "\"contacts/odd.md\" is not UTF-8, so it is left as it is",
        "`git revert` restores",
    );
    scratch.write("contacts/new.md", "# New\n");
    scratch.git(&["add", "--all"]);
    scratch.git(&["commit", "--quiet", "--message", "new New\n\nTickler-Verb: new"]);
    done(&scratch, "undo");
    assert_eq!(scratch.read("contacts/new.md"), None, "what was made is gone");
    let undo = head(&scratch);
    done(&scratch, &format!("undo {undo}"));
    assert_eq!(scratch.read("contacts/new.md").as_deref(), Some("# New\n"));
    scratch.git(&["config", "core.autocrlf", "true"]);
    scratch.write("contacts/new.md", "# New\r\nmore\r\n");
    scratch.git(&["commit", "--quiet", "--all", "--message", "more\n\nTickler-Verb: set"]);
    done(&scratch, "undo");
    assert_eq!(scratch.read("contacts/new.md").as_deref(), Some("# New\r\n"), "with the ends of lines there");
}

#[test]
fn what_lies_outside_the_notebook_stays() {
    let scratch = notebook("undo-outside");
    let inner = scratch.path().join("inner");
    scratch.write("inner/tickler.toml", "");
    scratch.write("inner/contacts/ann.md", "# Ann\n");
    scratch.write("other.txt", "other\n");
    scratch.git(&["add", "--all"]);
    scratch.git(&["commit", "--quiet", "--message", "new Ann\n\nTickler-Verb: new"]);
    let ran = Tickler::new("undo --dry-run").notebook(&inner).run();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("warning: \"new Ann\" also changed what is no file of this notebook"),
        "{}",
        ran.err
    );
    assert!(ran.out.contains("--- contacts/ann.md") && !ran.out.contains("other.txt"), "{}", ran.out);
}

#[test]
fn history_says_what_was_done() {
    let scratch = notebook("history");
    scratch.write("tickler.toml", "[team.pat]\nname = \"Pat Doe\"\nemail = [\"PAT@acme.example\"]\n");
    done(&scratch, "stage jane contacted");
    done(&scratch, "stage bob contacted");
    done(&scratch, "undo");
    let text = done(&scratch, "history");
    let whats: Vec<&str> = text.lines().skip(1).map(|line| line.split_once("Pat Doe  ").unwrap().1).collect();
    assert_eq!(
        whats,
        [
            "undo: stage Bob Roe: stage contacted",
            "[taken back] stage Bob Roe: stage contacted",
            "stage Jane Doe: stage contacted",
            "first"
        ]
    );
    let text = done(&scratch, "history jane");
    assert!(text.lines().count() == 3 && !text.contains("Bob"), "{text}");
    let text = done(&scratch, "history --limit 2");
    assert!(text.ends_with("\nOlder ones are there too: --limit 10\n") && !text.contains("first"), "{text}");
    assert!(text.contains("[taken back]"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&done(&scratch, "history --format json")).unwrap();
    let newest = &json[0];
    assert_eq!(newest["undoes"][0], json[1]["id"]);
    assert_eq!((&newest["verb"], &newest["email"]), (&"undo".into(), &"pat@acme.example".into()));
    assert_eq!((&json[1]["undone"], &json[1]["files"][0]), (&true.into(), &"contacts/bob-roe.md".into()));
    assert_eq!(json[3]["verb"], serde_json::Value::Null);
    assert!(
        done(&scratch, "history --format csv")
            .starts_with("id,date,author,email,subject,verb,undoes,undone,files\n")
    );
    let screen = Tickler::new("history").notebook(scratch.path()).columns(40).run();
    assert!(screen.out.lines().all(|line| line.chars().count() <= 40), "{}", screen.out);
}

#[test]
fn history_knows_who_is_gone() {
    let scratch = notebook("history-gone");
    scratch.git(&["rm", "--quiet", "contacts/bob-roe.md"]);
    scratch.git(&["commit", "--quiet", "--message", "rm Bob Roe"]);
    let text = done(&scratch, "history bob-roe");
    assert!(text.contains("rm Bob Roe") && text.contains("first"), "{text}");
    refused(&scratch, "history bob", 1, "no contact is called \"bob\"", "");
    assert_eq!(run(&scratch, "history --limit 0").code, 2);
}

#[test]
fn without_git_there_is_no_history() {
    let scratch = Scratch::new("history-outside");
    scratch.write("contacts/jane-doe.md", JANE);
    for line in ["history", "history jane", "undo"] {
        refused(&scratch, line, 3, "this notebook is not in git, so there is no history", "git init ");
    }
    let text = done(&scratch, "status");
    assert!(text.contains("not in git"), "{text}");
    let empty = Scratch::in_git("history-empty");
    refused(
        &empty,
        "history",
        1,
        "there is no history yet: nothing of this notebook is in a commit",
        "`git add`",
    );
    refused(&empty, "undo", 1, "there is nothing of yours to take back", "");
    assert!(done(&empty, "status").contains("main, no commit yet"));
}

#[test]
fn status_is_one_screen() {
    let scratch = notebook("status");
    done(&scratch, "stage jane contacted");
    let text = done(&scratch, "status");
    assert!(
        text.contains("2 contacts\n") && text.contains("nothing changed since the last commit"),
        "{text}"
    );
    assert!(text.contains("stage Jane Doe: stage contacted, by Pat on "), "{text}");
    scratch.write("contacts/bob-roe.md", "+++\nname = \n+++\n");
    for n in 0..25 {
        scratch.write(&format!("contacts/n-{n:02}.md"), "# N\n");
    }
    std::fs::remove_file(scratch.path().join("contacts/jane-doe.md")).unwrap();
    scratch.git(&["add", "contacts/n-00.md"]);
    let text = done(&scratch, "status");
    for said in [
        "26 contacts, 1 broken: `tickler check`",
        "contacts/bob-roe.md",
        "contacts/jane-doe.md",
        "contacts/n-20.md",
        "and 4 more",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!text.contains("n-21"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&done(&scratch, "status --format json")).unwrap();
    assert_eq!((&json["contacts"], &json["broken"][0]), (&26.into(), &"contacts/bob-roe.md".into()));
    let git = &json["git"];
    assert_eq!((&git["branch"], &git["upstream"]), (&"main".into(), &serde_json::Value::Null));
    assert_eq!(git["new"].as_array().unwrap().len(), 24);
    assert_eq!(
        (&git["staged"][0], &git["removed"][0]),
        (&"contacts/n-00.md".into(), &"contacts/jane-doe.md".into())
    );
    assert_eq!(git["last"]["verb"], "stage");
    scratch.write(".git/MERGE_HEAD", head(&scratch));
    assert!(done(&scratch, "status").contains("unfinished  a merge: "));
    std::fs::remove_file(scratch.path().join(".git/MERGE_HEAD")).unwrap();
    scratch.git(&["checkout", "--quiet", "--detach"]);
    assert!(done(&scratch, "status").contains("is checked out, where no commit can be made"));
}

#[test]
fn status_knows_how_far_the_branches_are_apart() {
    let scratch = notebook("status-upstream");
    scratch.git(&["branch", "theirs"]);
    scratch.git(&["branch", "--quiet", "--set-upstream-to=theirs"]);
    done(&scratch, "stage jane contacted");
    let text = done(&scratch, "status");
    assert!(text.contains("main, 1 ahead of theirs"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&done(&scratch, "status --format json")).unwrap();
    assert_eq!(
        (&json["git"]["upstream"]["ahead"], &json["git"]["upstream"]["behind"]),
        (&1.into(), &0.into())
    );
    let ran = run(&scratch, "status --format csv");
    assert_eq!(ran.code, 2, "{}", ran.err);
}
