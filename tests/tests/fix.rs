//! `check --fix` end to end: what has one safe mending is mended, the rest is listed.

use tickler_tests::{Ran, Scratch, Tickler};

const BEFORE: &str =
    "+++\nstage = \"Nurture\" # theirs\n+++\n\n## Log\n\n- 3 Dec 2026 phone: x\n- 2026-12-02 call: y\n";

fn notebook(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.write("contacts/jane.md", BEFORE);
    scratch.write("contacts/bob.md", "+++\naliases = [\"bobby\"]\n+++\n");
    scratch.write("contacts/ann.md", "Knows [[bobby]].\r\n");
    scratch.write("contacts/torn.md", "+++\nstage = \"New\"\n");
    scratch
}

fn run(scratch: &Scratch, line: &str) -> Ran {
    Tickler::new(line).notebook(scratch.path()).run()
}

fn read(scratch: &Scratch, path: &str) -> String {
    std::fs::read_to_string(scratch.path().join(path)).unwrap_or_default()
}

#[test]
fn what_is_safe_is_mended_and_the_rest_is_listed() {
    let scratch = notebook("fix");
    let ran = run(&scratch, "check --fix");
    assert_eq!(ran.code, 1, "an error remains: {}", ran.err);
    assert!(ran.out.contains("contacts/jane.md:2: `stage` is now \"nurture\""), "{}", ran.out);
    assert!(ran.out.contains("contacts/ann.md:1: [[bobby]] is now [[bob]]"), "{}", ran.out);
    assert!(ran.out.contains("3 things mended in 2 files"), "{}", ran.out);
    assert!(ran.out.contains("unknown channel `call`"), "{}", ran.out);
    assert_eq!(
        read(&scratch, "contacts/jane.md"),
        BEFORE.replace("Nurture", "nurture").replace("3 Dec 2026", "2026-12-03")
    );
    assert_eq!(read(&scratch, "contacts/ann.md"), "Knows [[bob]].\r\n");
    assert_eq!(
        read(&scratch, "contacts/torn.md"),
        "+++\nstage = \"New\"\n",
        "what is broken is never rewritten"
    );
    assert!(run(&scratch, "check --fix").out.contains("nothing has one safe mending"));
}

#[test]
fn a_rehearsal_changes_nothing() {
    let scratch = notebook("fix-dry");
    let ran = run(&scratch, "check --fix --dry-run");
    assert!(ran.out.contains("-Knows [[bobby]].") && ran.out.contains("would be done"), "{}", ran.out);
    assert_eq!(read(&scratch, "contacts/jane.md"), BEFORE);
}

#[test]
fn scripts_get_both() {
    let scratch = notebook("fix-json");
    let ran = run(&scratch, "check --fix --format json");
    assert!(ran.out.contains("\"mended\": [") && ran.out.contains("\"problems\": ["), "{}", ran.out);
}

#[test]
fn without_fix_there_is_nothing_to_rehearse() {
    let scratch = notebook("fix-no");
    let ran = run(&scratch, "check --dry-run");
    assert_eq!(ran.code, 2, "{}", ran.err);
    assert!(ran.err.contains("without `--fix`"), "{}", ran.err);
}
