//! `tidy` and `reassign` end to end.

use tickler_tests::{Ran, Scratch, Tickler};

fn run(scratch: &Scratch, line: &str) -> Ran {
    Tickler::new(line).notebook(scratch.path()).run()
}

fn read(scratch: &Scratch, path: &str) -> String {
    std::fs::read_to_string(scratch.path().join(path)).unwrap_or_default()
}

fn notebook(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.write("tickler.toml", "[team.pat]\n[team.sam]\n");
    scratch.write("contacts/jane.md", "+++\nowner = \"kim\"\n+++\n\n[Bob](bob.md) [p](../files/p.pdf)\n\n- [ ] @kim: call her by 2026-12-09\n");
    scratch.write("contacts/bob.md", "+++\nowner = \"kim\"\ntags = [\"hotel\"]\n+++\n");
    scratch.write("contacts/torn.md", "+++\nname = [\n");
    scratch.write("contacts/odd.md", b"\xff\xfe");
    scratch.write("contacts/acme/ann.md", "[[jane]] [Jane](../jane.md)\n");
    scratch.write("contacts/acme/eve.md", "");
    scratch.write("contacts/eve.md", "");
    scratch
}

#[test]
fn a_small_notebook_stays_flat() {
    let scratch = notebook("tidy-small");
    let ran = run(&scratch, "tidy");
    assert_eq!(
        (ran.code, ran.out.contains("nothing to change: one folder is right")),
        (0, true),
        "{}",
        ran.out
    );
    assert!(scratch.path().join("contacts/jane.md").exists());
}

#[test]
fn files_go_to_their_letters_and_links_follow() {
    let scratch = notebook("tidy-force");
    let ran = run(&scratch, "tidy --force");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out, "3 contacts moved into letter folders\n");
    assert!(read(&scratch, "contacts/j/jane.md").contains("[Bob](../b/bob.md) [p](../../files/p.pdf)"));
    assert_eq!(read(&scratch, "contacts/t/torn.md"), "+++\nname = [\n");
    assert_eq!(read(&scratch, "contacts/acme/ann.md"), "[[jane]] [Jane](../j/jane.md)\n");
    for stays in ["contacts/odd.md", "contacts/eve.md", "contacts/acme/eve.md"] {
        assert!(scratch.path().join(stays).exists(), "{stays}");
    }
    assert!(ran.err.contains("\"contacts/odd.md\" stays: not readable as text"), "{}", ran.err);
    assert!(ran.err.contains("\"contacts/eve.md\" stays: another file has the same name"), "{}", ran.err);
}

#[test]
fn a_colleague_takes_over() {
    let scratch = notebook("tidy-reassign");
    let ran = run(&scratch, "reassign --from kim --to sam -tag:hotel --format json");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.starts_with('[') && ran.out.contains("\"jane\""), "{}", ran.out);
    assert!(ran.err.contains("it stays theirs") && ran.err.contains("call her"), "{}", ran.err);
    assert!(read(&scratch, "contacts/jane.md").contains("owner = \"sam\""));
    assert!(read(&scratch, "contacts/bob.md").contains("owner = \"kim\""));
    let ran = run(&scratch, "reassign --from kim --to pat --dry-run");
    assert!(ran.out.contains("+owner = \"pat\""), "{}", ran.out);
    assert!(read(&scratch, "contacts/bob.md").contains("owner = \"kim\""));
}

#[test]
fn what_is_refused() {
    let scratch = notebook("tidy-no");
    for (line, code, message) in [
        ("reassign --from kim --to lee", 2, "nobody in the team has the handle \"lee\""),
        ("reassign --from sam --to sam", 2, "would hand over to themselves"),
        ("reassign --from lee --to sam", 1, "nothing is owned by \"lee\""),
        ("reassign --from kim --to sam tag:none", 1, "no contact of \"kim\" fits \"tag:none\""),
        ("reassign --from kim --to sam --format csv", 2, "`reassign` has no CSV"),
    ] {
        let ran = run(&scratch, line);
        assert_eq!(ran.code, code, "{line}: {}", ran.err);
        assert!(ran.err.contains(message), "{line}: {}", ran.err);
    }
}
