//! `import csv` end to end: once, again, undone, and what was refused mended and taken in.

use std::fs;

use tickler_tests::{Ran, Scratch, Tickler};

const PEOPLE: &str = "Name,Email,Phone,Company\n\
    Jane Doe,jane@acme.example,+1 201 555 0123,Acme Hotels\n\
    Bob Smith,bob@acme.example,,Acme\n\
    ,,+,\n\
    \"Zoë, Lee\",zoe@x.example,,\"+++ \"\"quoted\"\"\"\n";

fn notebook(name: &str) -> Scratch {
    let scratch = Scratch::in_git(name);
    scratch.write("contacts/jane.md", "+++\nname = 'Jane Doe' # friend\nemail = 'JANE@acme.example'\n+++\n");
    scratch.git(&["add", "."]);
    scratch.git(&["commit", "--quiet", "-m", "start"]);
    scratch
}

/// Runs it on a file that lies beside the notebook's own.
fn run(scratch: &Scratch, line: &str) -> Ran {
    Tickler::new(line).notebook(scratch.path()).within(scratch.path().join("in")).run()
}

fn with_people(name: &str) -> Scratch {
    let scratch = notebook(name);
    scratch.write(".git/info/exclude", "/in/\n");
    scratch.write("in/people.csv", PEOPLE);
    scratch
}

fn status(scratch: &Scratch) -> String {
    scratch.git(&["status", "--porcelain"])
}

#[test]
fn a_rehearsal_tells_all_and_changes_nothing() {
    let scratch = with_people("import-dry");
    let ran = run(&scratch, "import csv people.csv --dry-run");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        lines[..5],
        [
            "created 2, updated 1, same 0, refused 1",
            "line 2  update   jane  by email jane@acme.example: company Acme Hotels, phone +1 201 555 0123",
            "line 3  new      bob-smith  Bob Smith (Acme)",
            "line 4  refused  it does not say who it is",
            "line 5  new      zoe-lee  Zoë, Lee (+++ \"quoted\")",
        ]
    );
    assert_eq!(
        lines.last().copied(),
        Some("would be done: import people.csv: 2 new, 1 changed; nothing was changed")
    );
    assert_eq!((status(&scratch), ran.err.as_str()), (String::new(), ""));
    assert_eq!(fs::read_dir(scratch.path().join("in")).unwrap().count(), 1, "nothing lies beside it");
}

#[test]
fn once_again_and_undone() {
    let scratch = with_people("import-again");
    let ran = run(&scratch, "import csv people.csv");
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert_eq!(
        ran.err,
        "people.csv:4: it does not say who it is\nwhat was refused is in \"people.refused.csv\"\n\
         hint: mend it there, and run `tickler import csv \"people.refused.csv\"`\n"
    );
    assert_eq!(scratch.git(&["log", "-1", "--format=%s"]), "import people.csv: 2 new, 1 changed\n");
    assert_eq!(status(&scratch), "");
    assert_eq!(
        scratch.read("contacts/jane.md").unwrap_or_default(),
        "+++\nname = 'Jane Doe' # friend\ncompany = \"Acme Hotels\"\nemail = 'JANE@acme.example'\n\
         phone = [\"+1 201 555 0123\"]\n+++\n"
    );
    let tree = scratch.git(&["rev-parse", "HEAD^{tree}"]);

    let again = run(&scratch, "import csv people.csv");
    assert!(again.out.starts_with("created 0, updated 0, same 3, refused 1\n"), "{}", again.out);
    assert!(again.out.ends_with("nothing to change: people.csv\n"), "{}", again.out);
    assert_eq!((scratch.git(&["rev-parse", "HEAD^{tree}"]), status(&scratch)), (tree, String::new()));
    assert_eq!(scratch.git(&["rev-list", "--count", "HEAD"]), "2\n");
    assert!(!scratch.path().join("in/people.refused-2.csv").exists(), "the same refusals are one file");

    assert_eq!(run(&scratch, "undo").code, 0);
    assert_eq!(scratch.git(&["rev-parse", "HEAD^{tree}"]), scratch.git(&["rev-parse", "HEAD~2^{tree}"]));
    assert_eq!(status(&scratch), "");
}

#[test]
fn what_was_refused_is_mended_and_taken_in() {
    let scratch = with_people("import-mended");
    run(&scratch, "import csv people.csv");
    let refused = scratch.read("in/people.refused.csv").unwrap_or_default();
    assert_eq!(refused, "Name,Email,Phone,Company\n,,+,\n");
    scratch.write("in/people.refused.csv", refused.replace(",,+,", "Kim Roe,,+1 201 555 0199,"));
    let ran = run(&scratch, "import csv people.refused.csv");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{}", ran.out);
    assert!(ran.out.contains("new      kim-roe  Kim Roe\n"), "{}", ran.out);
    assert_eq!(status(&scratch), "");
}

#[test]
fn options_that_fit_nothing_stop_all_of_it() {
    let scratch = with_people("import-options");
    for (options, said) in [
        ("--stage hot", "there is no stage \"hot\""),
        ("--owner kim", "nobody in the team has the handle \"kim\""),
        ("--country Narnia", "\"Narnia\" is no country"),
        ("--format csv", "`import` has no CSV"),
    ] {
        let ran = run(&scratch, &format!("import csv people.csv {options}"));
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{options}");
        assert!(ran.err.contains(said), "{options}: {}", ran.err);
    }
    assert_eq!(status(&scratch), "");
}

#[test]
fn as_json() {
    let scratch = with_people("import-json");
    let ran = run(&scratch, "import csv people.csv --tag fair --stage nurture --format json");
    assert_eq!(ran.code, 1, "{}", ran.err);
    let report: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(
        ["created", "updated", "same", "refused"].map(|key| report[key].as_u64().unwrap_or(99)),
        [2, 1, 0, 1]
    );
    assert_eq!(report["contacts"][1]["id"], "bob-smith");
    assert_eq!(report["contacts"][0]["by"], "email jane@acme.example");
    assert_eq!(report["refusals"][0]["line"], 4);
    assert_eq!(report["refused_file"], "people.refused.csv");
    assert_eq!(report["commit"].as_str().map(str::len), Some(40));
    let bob = scratch.read("contacts/bob-smith.md").unwrap_or_default();
    assert!(bob.contains("tags = [\"fair\"]\n") && bob.contains("stage = \"nurture\"\n"), "{bob}");
}
