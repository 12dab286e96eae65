//! `mv` and `rm` end to end: the file moves, the links follow, one commit has it all.

use std::process::Command;

use tickler_tests::{Ran, Scratch, Tickler};

fn notebook(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    scratch.write("contacts/jane-doe.md", "+++\nname = \"Jane Doe\"\n+++\n\n[specs](../files/spec.pdf)\n");
    scratch.write(
        "contacts/bob.md",
        "+++\nreferred_by = \"jane-doe\"\n+++\n\nKnows [[jane-doe|Jane]] and [her](jane-doe.md).\n",
    );
    scratch.write("contacts/torn.md", "+++\nname = \"Torn\"\n[[jane-doe]]\n");
    scratch.write("files/spec.pdf", "x");
    scratch
}

fn run(scratch: &Scratch, line: &str) -> Ran {
    Tickler::new(line).notebook(scratch.path()).run()
}

fn read(scratch: &Scratch, path: &str) -> String {
    std::fs::read_to_string(scratch.path().join(path)).unwrap_or_default()
}

fn git(scratch: &Scratch, line: &str) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Pat", "-c", "user.email=pat@acme.example"])
        .args(line.split(' '))
        .current_dir(scratch.path())
        .output()
        .unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn links_follow() {
    let scratch = notebook("mv-follow");
    let ran = run(&scratch, "mv jane-doe acme/jane-lee");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(ran.out, "Jane Doe is contacts/acme/jane-lee.md; 1 contact that mentions them follows\n");
    assert!(ran.err.contains("\"contacts/torn.md\" is broken and left as it is"), "{}", ran.err);
    assert!(!scratch.path().join("contacts/jane-doe.md").exists());
    assert_eq!(
        read(&scratch, "contacts/acme/jane-lee.md"),
        "+++\nname = \"Jane Doe\"\naliases = [\"jane-doe\"]\n+++\n\n[specs](../../files/spec.pdf)\n"
    );
    assert_eq!(
        read(&scratch, "contacts/bob.md"),
        "+++\nreferred_by = \"jane-lee\"\n+++\n\nKnows [[jane-lee|Jane]] and [her](acme/jane-lee.md).\n"
    );
}

#[test]
fn a_rehearsal_changes_nothing() {
    let scratch = notebook("mv-dry");
    let before = read(&scratch, "contacts/bob.md");
    let ran = run(&scratch, "mv jane-doe jane-lee --dry-run");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("+Knows [[jane-lee|Jane]]"), "{}", ran.out);
    assert_eq!(read(&scratch, "contacts/bob.md"), before);
    assert!(scratch.path().join("contacts/jane-doe.md").exists());
}

#[test]
fn one_commit_has_it_all() {
    let scratch = notebook("mv-git");
    git(&scratch, "init -q");
    git(&scratch, "config user.name Pat");
    git(&scratch, "config user.email pat@acme.example");
    git(&scratch, "add .");
    git(&scratch, "commit -qm start");
    assert_eq!(run(&scratch, "mv jane-doe jane-lee").code, 0);
    assert_eq!(git(&scratch, "log -1 --format=%s"), "mv Jane Doe: jane-doe to jane-lee\n");
    assert_eq!(git(&scratch, "rev-list --count HEAD"), "2\n");
    assert_eq!(run(&scratch, "rm jane-lee").code, 0);
    assert_eq!(git(&scratch, "log -1 --format=%s"), "rm Jane Doe\n");
    assert_eq!(git(&scratch, "status --porcelain -- contacts"), "");
}

#[test]
fn what_is_refused() {
    let scratch = notebook("mv-no");
    for (line, code, message) in [
        ("mv jane-doe jane-doe", 1, "it is \"contacts/jane-doe.md\" already"),
        ("mv jane-doe bob", 1, "\"bob\" is the id of bob"),
        ("mv jane-doe a:b", 2, "\"a:b\" makes no file name"),
        ("mv torn whole", 3, "\"contacts/torn.md\" is broken, so it is left as it is"),
        ("mv nobody-here x", 1, "no contact is called \"nobody-here\""),
        ("rm nobody-here", 1, "no contact is called \"nobody-here\""),
        ("mv jane-doe jane-lee --format csv", 2, "`mv` has no CSV"),
    ] {
        let ran = run(&scratch, line);
        assert_eq!(ran.code, code, "{line}: {}", ran.err);
        assert!(ran.err.contains(message), "{line}: {}", ran.err);
    }
    assert!(scratch.path().join("contacts/jane-doe.md").exists());
}

#[test]
fn a_removal_says_who_mentions_them() {
    let scratch = notebook("mv-rm");
    let ran = run(&scratch, "rm jane-doe");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("who links to them: bob") && ran.err.contains("who was referred by them: bob"),
        "{}",
        ran.err
    );
    assert!(!scratch.path().join("contacts/jane-doe.md").exists());
    assert_eq!(run(&scratch, "rm torn").code, 0, "what is broken can go too");
}
