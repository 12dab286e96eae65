//! Sharing with the real program and real git: what comes, what goes, what a merge makes of both, and what is said.

mod joining;
mod landing;
mod merging;
mod server;
mod stopping;

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tickler_tests::{Book, Ran, Team};

const JANE: &str = "+++\nname = \"Jane Doe\"\nuid = \"11\"\ncompany = \"Acme Hotels\"\nowner = \"pat\"\nstage = \"nurture\"\n\
                    +++\n\nMet at the fair.\n\n## Log\n\n- 2026-11-10 email: sent the spec sheet\n";
const BOB: &str = "+++\nname = \"Bob Smith\"\nuid = \"12\"\n+++\n\n## Log\n\n- 2026-11-02 event: the fair\n";
const JANES: &str = "contacts/jane-doe.md";
const BOBS: &str = "contacts/bob-smith.md";
const FILES: [(&str, &str); 4] = [
    (
        "tickler.toml",
        "[team.pat]\nemail = [\"pat@acme.example\"]\n[team.sam]\nemail = [\"sam@acme.example\"]\n",
    ),
    (JANES, JANE),
    (BOBS, BOB),
    ("files/prices.txt", "one 1\ntwo 2\n"),
];

/// Pat and Sam, who share a notebook.
fn team(name: &str) -> Team {
    Team::new(&format!("sync-{name}"), &["pat", "sam"], &FILES)
}

/// Asserts that a run ended with that code, having said all of these on one stream or the other.
#[track_caller]
fn says(ran: &Ran, code: i32, words: &[&str]) {
    let said = format!("{}{}", ran.out, ran.err);
    assert_eq!(ran.code, code, "{said}");
    for word in words {
        assert!(said.contains(word), "{word:?} is not in:\n{said}");
    }
}

/// Runs a deed that must succeed.
#[track_caller]
fn does(book: &Book, line: &str) -> Ran {
    let ran = book.run(line);
    assert_eq!(ran.code, 0, "{line}: {}{}", ran.out, ran.err);
    ran
}

#[test]
fn two_exchange_what_they_did() {
    let team = team("exchange");
    let (pat, sam) = (team.book(0), team.book(1));
    does(pat, "log jane phone -m 'wants a quote' --on 2026-12-02");
    sam.edit(BOBS, "name = \"Bob Smith\"\n", "name = \"Bob Smith\"\ncity = \"Leeds\"\n");
    says(&team.synced(0), 0, &["went", "Jane Doe"]);
    // What Sam wrote by hand goes, and what Pat did comes.
    says(&team.synced(1), 0, &["came", "Jane Doe", "went", "Bob Smith"]);
    says(&team.synced(0), 0, &["came", "Bob Smith", "Leeds"]);
    team.agree();
    assert!(sam.read(JANES).contains("- 2026-12-02 phone: wants a quote\n"));
    assert!(pat.read(BOBS).contains("city = \"Leeds\"\n"));
}

#[test]
fn with_nothing_to_do_nothing_is_done() {
    let team = team("nothing");
    let before = team.book(0).snapshot();
    let ran = team.synced(0);
    assert_eq!(format!("{}{}", ran.out, ran.err).lines().count(), 1, "{}{}", ran.out, ran.err);
    assert_eq!(team.book(0).snapshot(), before);
    team.agree();
}

#[test]
fn what_was_written_by_hand_is_one_commit_a_contact() {
    let team = team("by-hand");
    let pat = team.book(0);
    pat.edit(JANES, "stage = \"nurture\"", "stage = \"proposal\"");
    pat.edit(BOBS, "## Log\n\n", "## Log\n\n- 2026-12-01 phone: will call\n");
    pat.write("contacts/gus-hill.md", "+++\nname = \"Gus Hill\"\n+++\n");
    pat.write("files/prices.txt", "one 1\ntwo 3\n");
    team.synced(0);
    let subjects = pat.git_says("log --format=%s HEAD~4..HEAD");
    let mut subjects: Vec<&str> = subjects.lines().collect();
    subjects.sort_unstable();
    assert_eq!(subjects.len(), 4, "{subjects:?}");
    assert!(
        subjects.iter().any(|said| said.starts_with("Bob Smith") && said.contains("phone")),
        "{subjects:?}"
    );
    assert!(subjects.iter().any(|said| said.starts_with("Gus Hill") && said.contains("new")), "{subjects:?}");
    let jane = subjects.iter().find(|said| said.starts_with("Jane Doe"));
    assert!(jane.is_some_and(|said| said.contains("nurture") && said.contains("proposal")), "{subjects:?}");
    assert_eq!(pat.git_says("log -1 --format='%an <%ae>'"), "pat <pat@acme.example>\n");
    team.settle();
    team.agree();
}

#[test]
fn what_is_still_being_written_waits() {
    let team = team("waits");
    let (pat, sam) = (team.book(0), team.book(1));
    let head = pat.git_says("rev-parse HEAD");
    pat.write("contacts/.jane-doe.md.swp", "an editor's own");
    pat.write("contacts/jane-doe.md~", "an editor's own");
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Somebody types, and the editor saves with every stroke.
        scope.spawn(|| {
            let mut typed = "# Gus".to_owned();
            while !is_over.load(Ordering::Relaxed) {
                typed.push('s');
                pat.write("contacts/gus-hill.md", &typed);
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let ran = pat.run("sync");
        is_over.store(true, Ordering::Relaxed);
        says(&ran, 0, &["wait", "contacts/gus-hill.md"]);
    });
    assert_eq!(pat.git_says("rev-parse HEAD"), head);
    // An emptied file may be an editor's that writes in two steps: it is looked at until it has something in it.
    std::thread::scope(|scope| {
        pat.write(BOBS, "");
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(800));
            pat.write(BOBS, BOB.replace("Bob Smith", "Bobby Smith"));
        });
        let ran = pat.run("sync");
        says(&ran, 0, &["Bobby Smith"]);
    });
    assert_eq!(pat.git_says("log --format=%h HEAD -- contacts/bob-smith.md").lines().count(), 2);
    team.settle();
    assert!(sam.read("contacts/gus-hill.md").contains("# Guss"));
    assert!(sam.read(BOBS).contains("Bobby Smith"));
    let tracked = sam.git_says("ls-files");
    assert!(!tracked.contains(".swp") && !tracked.contains('~'), "{tracked}");
}

#[test]
fn a_dry_run_changes_nothing_and_tells_all() {
    let team = team("dry");
    let (pat, sam) = (team.book(0), team.book(1));
    does(sam, "log bob phone -m 'is away'");
    sam.edit(JANES, "company = \"Acme Hotels\"", "company = \"Acme\"");
    team.synced(1);
    does(pat, "stage jane proposal");
    does(pat, "set jane company=Zeta");
    pat.edit(BOBS, "## Log\n\n", "## Log\n\n- 2026-11-30 note: by hand\n");
    pat.settle();
    let without_remotes = |mut all: std::collections::BTreeMap<String, String>| {
        // What was fetched may be known to git; nothing else may differ.
        all.retain(|name, _| !name.contains("--all") && !name.contains("--branch"));
        all
    };
    let (before, head) = (without_remotes(pat.snapshot()), pat.git_says("rev-parse HEAD"));
    let remote = team.git_says(&team.remote(), "rev-parse main");
    let ran = pat.run("sync --dry-run");
    says(&ran, 1, &["Bob Smith", "Jane Doe", "company"]);
    assert_eq!(without_remotes(pat.snapshot()), before);
    assert_eq!(pat.git_says("rev-parse HEAD"), head);
    assert_eq!(team.git_says(&team.remote(), "rev-parse main"), remote);
    // It was true.
    says(&team.sync(0), 1, &["Bob Smith", "Jane Doe", "company"]);
    team.settle();
    team.agree();
}

#[test]
fn offline_the_work_waits() {
    let team = team("offline");
    let (pat, sam) = (team.book(0), team.book(1));
    team.cut(0);
    pat.edit(JANES, "Acme Hotels", "Acme");
    let ran = team.sync(0);
    says(&ran, 3, &["the work is committed and waits"]);
    pat.stands("");
    team.heal(0);
    team.synced(0);
    team.synced(1);
    assert!(sam.read(JANES).contains("company = \"Acme\"\n"));
    team.agree();
}

#[test]
fn two_at_once_both_get_through() {
    let team = Team::new("sync-race", &["a", "b", "c", "d"], &FILES);
    for round in 0..3 {
        std::thread::scope(|scope| {
            for (who, book) in team.books().iter().enumerate() {
                scope.spawn(move || {
                    does(book, &format!("log jane-doe note -m 'round {round} of {who}'"));
                    let ran = book.run("sync");
                    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
                });
            }
        });
    }
    team.settle();
    team.agree();
    let text = team.book(0).read(JANES);
    for said in (0..12).map(|number| format!(": round {} of {}\n", number / 4, number % 4)) {
        assert_eq!(text.matches(&said).count(), 1, "{said} in\n{text}");
    }
}

#[test]
fn without_a_remote_hand_edits_are_committed() {
    let book = Book::git("no-remote", &FILES);
    book.edit(JANES, "Acme Hotels", "Acme");
    book.settle();
    says(&book.run("sync"), 1, &["remote"]);
    book.stands("");
    assert_eq!(book.commits(), 2);
    let plain = Book::plain("no-git", &FILES);
    says(&plain.run("sync"), 3, &["not in git"]);
}
