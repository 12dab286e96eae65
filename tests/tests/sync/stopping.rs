//! States in which a sync does nothing, or stops before it merges, and says what to do about it.

use std::fs;

use tickler_tests::{Book, Team};

use super::{BOBS, FILES, JANES, does, says, team};

/// Asserts that a sync says these words and ends with that code, and that files and commits are as before, whatever
/// was fetched.
#[track_caller]
fn stops(book: &Book, line: &str, code: i32, words: &[&str]) {
    book.settle();
    let looked =
        || (book.texts(), book.git_output("rev-parse HEAD").stdout, book.git_output("status --short").stdout);
    let before = looked();
    let ran = book.run(line);
    says(&ran, code, words);
    assert_eq!(looked(), before, "{line}: {}{}", ran.out, ran.err);
    assert_eq!(book.litter(), [""; 0]);
}

#[test]
fn a_remote_that_was_rewound_or_written_anew() {
    let team = team("rewound");
    let (pat, sam) = (team.book(0), team.book(1));
    does(pat, "log jane phone -m 'first'");
    team.synced(0);
    team.synced(1);
    // Somebody puts an old backup in its place, and goes on from there.
    pat.git_says("reset --quiet --hard HEAD~1");
    does(pat, "log bob phone -m 'after the backup'");
    pat.git_says("push --quiet --force");
    let head = sam.git_says("rev-parse HEAD");
    let ran = team.sync(1);
    says(&ran, 1, &["--adopt"]);
    assert_eq!(sam.git_says("rev-parse HEAD"), head, "nothing is merged");
    assert!(!sam.read(BOBS).contains("after the backup"));
    // And again: the stop is not forgotten.
    says(&team.sync(1), 1, &["--adopt"]);
    says(&sam.run("sync --adopt"), 0, &["Bob Smith"]);
    team.settle();
    team.agree();
    assert!(pat.read(JANES).contains(": first\n") && pat.read(BOBS).contains("after the backup"));
}

#[test]
fn a_remote_of_another_notebook() {
    let (ours, theirs) = (team("related"), team("unrelated"));
    let pat = ours.book(0);
    pat.git_says(&format!("remote set-url origin {}", theirs.remote().display()));
    theirs.book(0).write("contacts/gus-hill.md", "+++\nname = \"Gus Hill\"\n+++\n");
    theirs.book(0).git_says("checkout --quiet --orphan other");
    theirs.book(0).commit_all("another beginning");
    theirs.book(0).git_says("push --quiet --force origin other:main");
    let head = pat.git_says("rev-parse HEAD");
    says(&ours.sync(0), 1, &["--adopt"]);
    assert_eq!(pat.git_says("rev-parse HEAD"), head);
    let ran = pat.run("sync --adopt");
    assert!([0, 1].contains(&ran.code), "{}{}", ran.out, ran.err);
    assert!(pat.read("contacts/gus-hill.md").contains("Gus Hill"));
    assert!(pat.read(JANES).contains("Jane Doe"));
    pat.stands("");
}

#[test]
fn very_many_removals_are_asked_about() {
    let names: Vec<String> = (0..60).map(|number| format!("contacts/guest-{number}.md")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "# A guest\n")).collect();
    let team = Team::new("sync-brake", &["pat", "sam"], &files);
    let (pat, sam) = (team.book(0), team.book(1));
    let remove = |book: &Book, names: &[String]| {
        names.iter().for_each(|name| fs::remove_file(book.path().join(name)).unwrap());
    };
    // Twenty are no reason to ask.
    remove(pat, &names[..20]);
    team.synced(0);
    team.synced(1);
    assert!(!sam.path().join(&names[0]).exists());
    // A folder that was emptied by accident is not shared, and one that came is not followed.
    remove(pat, &names[20..45]);
    says(&team.sync(0), 1, &["25", "--remove"]);
    pat.settle();
    says(&pat.run("sync --remove"), 0, &[]);
    let head = sam.git_says("rev-parse HEAD");
    says(&team.sync(1), 1, &["25", "--remove"]);
    assert_eq!(sam.git_says("rev-parse HEAD"), head);
    assert!(sam.path().join(&names[30]).exists());
    says(&sam.run("sync --remove"), 0, &[]);
    assert!(!sam.path().join(&names[30]).exists());
    team.agree();
}

#[test]
fn work_of_gits_that_is_not_finished() {
    for (state, is_folder) in [("MERGE_HEAD", false), ("CHERRY_PICK_HEAD", false), ("rebase-merge", true)] {
        let team = team("unfinished");
        let (pat, sam) = (team.book(0), team.book(1));
        does(sam, "log bob phone -m 'is away'");
        team.synced(1);
        pat.edit(JANES, "Acme Hotels", "Acme");
        let head = pat.git_says("rev-parse HEAD");
        let left = pat.path().join(".git").join(state);
        if is_folder {
            fs::create_dir(&left).unwrap()
        } else {
            fs::write(&left, head).unwrap()
        }
        stops(pat, "sync", 3, &[state.split(['_', '-']).next().unwrap().to_lowercase().as_str()]);
        if is_folder {
            fs::remove_dir(left).unwrap()
        } else {
            fs::remove_file(left).unwrap()
        }
        team.settle();
        team.agree();
        assert!(pat.read(BOBS).contains("is away") && sam.read(JANES).contains("company = \"Acme\"\n"));
    }
}

#[test]
fn no_branch() {
    let team = team("detached");
    let pat = team.book(0);
    pat.git_says("checkout --quiet --detach");
    stops(pat, "sync", 3, &["branch"]);
    pat.git_says("checkout --quiet main");
    team.synced(0);
}

#[test]
fn what_is_staged_stays_staged_or_is_shared_as_a_whole() {
    let team = team("staged");
    let (pat, sam) = (team.book(0), team.book(1));
    pat.edit(JANES, "Acme Hotels", "Acme");
    pat.git_says("add contacts/jane-doe.md");
    pat.edit(JANES, "company = \"Acme\"", "company = \"Acme Ltd\"");
    pat.write("files/new.txt", "staged\n");
    pat.git_says("add files/new.txt");
    team.settle();
    team.agree();
    assert!(sam.read(JANES).contains("company = \"Acme Ltd\"\n"));
    assert_eq!(sam.read("files/new.txt"), "staged\n");
}

#[test]
fn kinds_of_repositories_that_are_not_understood() {
    for options in ["--object-format=sha256", "--ref-format=reftable"] {
        let book = Book::plain("kind", &FILES);
        let made = book.git_output(&format!("init --quiet --initial-branch=main --template= {options}"));
        if !made.status.success() {
            // This git knows no such kind, so nobody has one.
            continue;
        }
        book.belongs_to("pat");
        book.commit_all("first");
        stops(&book, "sync", 3, &["cannot be read", "SHA-1 ids and refs in files"]);
    }
}

#[test]
fn a_notebook_in_a_folder_of_something_larger() {
    let team = Team::new("sync-larger", &["pat", "sam"], &[("docs/readme.txt", "larger\n")]);
    let (pat, sam) = (team.book(0), team.book(1));
    for (path, text) in FILES {
        pat.write(&format!("people/{path}"), text);
    }
    // The outer folder is no notebook.
    fs::remove_file(pat.path().join("tickler.toml")).unwrap();
    pat.commit_all("people");
    pat.git_says("push --quiet");
    sam.git_says("pull --quiet");
    let sync = |book: &Book| {
        book.settle();
        book.tickler("sync").within(book.path().join("people")).run()
    };
    pat.edit("people/contacts/jane-doe.md", "Acme Hotels", "Acme");
    sam.edit("people/contacts/jane-doe.md", "stage = \"nurture\"", "stage = \"won\"");
    // What is outside is not the notebook's business.
    pat.write("docs/readme.txt", "under way\n");
    for book in [pat, sam, pat] {
        says(&sync(book), 0, &[]);
    }
    let text = pat.read("people/contacts/jane-doe.md");
    assert!(text.contains("company = \"Acme\"\n") && text.contains("stage = \"won\"\n"), "{text}");
    assert_eq!(pat.git_says("status --porcelain"), " M docs/readme.txt\n");
    assert_eq!(sam.git_says("status --porcelain"), "");
    assert_eq!(sam.read("docs/readme.txt"), "larger\n");
}
