//! `init`: a new notebook, and the worked example.

use std::path::Path;
use std::process::Command;

use tickler_tests::{Ran, Scratch, Tickler, exhibit, workspace};

/// An empty folder that is no notebook.
fn folder(name: &str) -> Scratch {
    let scratch = Scratch::new(name);
    let _ = std::fs::remove_file(scratch.path().join("tickler.toml"));
    scratch
}

fn init(at: &Path, line: &str) -> Ran {
    Tickler::new(line)
        .within(at)
        .env("TICKLER_TODAY", "2026-12-03")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", at)
        .run()
}

fn git(at: &Path, line: &str) -> String {
    let output = Command::new("git").args(line.split(' ')).current_dir(at).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

#[test]
fn a_new_notebook_is_well_and_under_git() {
    let dir = folder("init");
    let ran = init(dir.path(), "init people --color never");
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    exhibit("init.txt", &ran.out);
    let people = dir.path().join("people");
    for path in ["tickler.toml", "contacts", "templates", "files", ".gitignore", ".git"] {
        assert!(people.join(path).exists(), "{path}");
    }
    assert_eq!(git(&people, "symbolic-ref HEAD").trim(), "refs/heads/main");
    assert!(
        git(&people, "config merge.tickler.driver").contains("merge-file"),
        "git merges by tickler's rules"
    );
    assert_eq!(git(&people, "check-attr merge contacts/a/x.md").trim(), "contacts/a/x.md: merge: tickler");
    assert_eq!(init(&people, "check").out, "All is well: 0 contacts, nothing to mend.\n");
    let again = init(dir.path(), "init people");
    assert_eq!(again.code, 1);
    exhibit("init-again.txt", &again.err);
}

#[test]
fn somebody_git_knows_gets_a_first_commit() {
    let dir = folder("init-commit");
    let home = dir.path().join("home");
    std::fs::create_dir(&home).unwrap();
    std::fs::write(home.join(".gitconfig"), "[user]\nname = Pat\nemail = pat@acme.example\n").unwrap();
    let ran = Tickler::new("init --example ex").within(dir.path()).env("HOME", &home).run();
    assert_eq!(ran.code, 0, "{}", ran.err);
    let example = dir.path().join("ex");
    assert_eq!(git(&example, "log --format=%an:%s").trim(), "Pat:init: the worked example");
    assert_eq!(git(&example, "status --short"), "");
}

#[test]
fn what_is_there_stays() {
    let dir = folder("init-there");
    dir.write("notes.txt", "mine");
    dir.write(".gitignore", "*.bak\n");
    dir.write("contacts/jane.md", "# Jane\n");
    assert_eq!(init(dir.path(), "init --no-git").code, 0);
    let read = |path: &str| std::fs::read_to_string(dir.path().join(path)).unwrap();
    assert_eq!(
        (read("notes.txt"), read(".gitignore"), read("contacts/jane.md")),
        ("mine".into(), "*.bak\n".into(), "# Jane\n".into())
    );
    assert!(!dir.path().join(".git").exists());
    assert!(!dir.path().join("contacts/.gitkeep").exists());
    assert_eq!(
        Tickler::new("list --format json").notebook(dir.path()).run().out.matches("\"id\"").count(),
        1
    );
}

#[test]
fn nothing_is_written_where_something_is_in_the_way() {
    let dir = folder("init-way");
    dir.write("contacts", "a file");
    let ran = init(dir.path(), "init");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("is in the way"), "{}", ran.err);
    dir.write("taken/templates/pertinent.md", "mine");
    assert_eq!(init(dir.path(), "init --example taken").code, 1);
    assert!(!dir.path().join("taken/tickler.toml").exists());
}

#[test]
fn a_folder_of_another_repository_is_left_to_it() {
    let dir = folder("init-inside");
    git(dir.path(), "init -q");
    let ran = Tickler::new("init people").within(dir.path()).run();
    assert_eq!(ran.code, 0);
    assert!(!dir.path().join("people/.git").exists() && ran.out.contains("already"), "{}", ran.out);
}

#[test]
fn the_example_is_the_one_of_the_docs() {
    let dir = folder("init-example");
    let ran = init(dir.path(), "init --example ex --no-git");
    assert_eq!(ran.code, 0);
    exhibit("init-example.txt", &ran.out);
    let due = |at: &Path| Tickler::new("due --all --format json").notebook(at).run().out;
    assert_eq!(due(&dir.path().join("ex")), due(&workspace().join("docs/example")));
}
