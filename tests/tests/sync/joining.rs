//! The ways into a shared notebook: `join`, and `init --remote`.

use std::fs;

use tickler_tests::team::killed_at;
use tickler_tests::{Book, Ran, Tickler};

use super::{FILES, JANES, does, says};

/// Somebody without a notebook, in an empty folder.
struct Newcomer {
    book: Book,
}

impl Newcomer {
    fn new(name: &str) -> Newcomer {
        let book = Book::plain(name, &[]);
        fs::remove_dir_all(book.path()).unwrap();
        fs::create_dir_all(book.path()).unwrap();
        // Who it is, as git knows it.
        let config = "[user]\n\tname = Kim\n\temail = kim@acme.example\n";
        fs::write(book.home().join(".gitconfig"), config).unwrap();
        Newcomer { book }
    }

    fn tickler(&self, line: &str) -> Tickler {
        self.book.tickler(line)
    }

    fn run(&self, line: &str) -> Ran {
        self.tickler(line).run()
    }

    /// What lies in the folder.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.book.path()).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}

#[test]
fn join_and_share() {
    let team = super::team("join");
    let kim = Newcomer::new("join");
    let ran = kim.run(&format!("join {} people", team.remote().display()));
    says(&ran, 0, &["people", "2"]);
    assert_eq!(kim.names(), ["people"]);
    let mut people = kim.book.texts();
    people.retain(|name, _| name.starts_with("people/contacts/"));
    assert_eq!(people.len(), 2, "{people:?}");
    let log = kim.tickler("log jane-doe phone -m 'from Kim'").within(kim.book.path().join("people")).run();
    says(&log, 0, &[]);
    let sync = kim.tickler("sync").within(kim.book.path().join("people")).run();
    says(&sync, 0, &["went"]);
    team.synced(0);
    assert!(team.book(0).read(JANES).contains("from Kim\n"));
    // git's own merge knows the rules here from the beginning.
    let check = kim.tickler("check").within(kim.book.path().join("people")).run();
    assert!(!check.out.contains("git-setup"), "{}", check.out);
}

#[test]
fn join_without_a_folder_takes_the_name_of_the_remote() {
    let team = super::team("join-name");
    let kim = Newcomer::new("join-name");
    says(&kim.run(&format!("join {}", team.remote().display())), 0, &["remote"]);
    assert_eq!(kim.names(), ["remote"]);
}

#[test]
fn join_is_refused() {
    let team = super::team("join-no");
    let kim = Newcomer::new("join-no");
    let nowhere = team.folder().join("nowhere.git");
    says(&kim.run(&format!("join {} people", nowhere.display())), 3, &["nowhere.git"]);
    // Empty.
    let empty = team.folder().join("empty.git");
    team.git_says(team.folder(), "init --quiet --bare empty.git");
    says(&kim.run(&format!("join {} people", empty.display())), 1, &["init --remote"]);
    // Not a notebook.
    let other = Book::git("join-other", &[]);
    fs::remove_file(other.path().join("tickler.toml")).unwrap();
    other.write("readme.txt", "no notebook\n");
    other.commit_all("no notebook");
    says(&kim.run(&format!("join {} people", other.path().display())), 1, &["tickler.toml", "readme.txt"]);
    assert_eq!(kim.names(), [""; 0], "nothing is left of them");
    // There is something of that name.
    fs::create_dir(kim.book.path().join("people")).unwrap();
    fs::write(kim.book.path().join("people/mine.txt"), "mine\n").unwrap();
    let ran = kim.run(&format!("join {} people", team.remote().display()));
    says(&ran, 1, &["people\" is there already", "another folder"]);
    assert_eq!(kim.book.read("people/mine.txt"), "mine\n");
    assert_eq!(fs::read_dir(kim.book.path().join("people")).unwrap().count(), 1);
}

#[test]
fn join_killed_in_the_middle_and_again() {
    let team = super::team("join-killed");
    let line = format!("join {} people", team.remote().display());
    for point in ["begun", "copied", "checked-out", "moving"] {
        let kim = Newcomer::new("join-killed");
        assert!(killed_at(kim.tickler(&line), point), "a join never comes to {point}");
        assert!(!kim.book.path().join("people").exists(), "{point}: it is not there by halves");
        says(&kim.run(&line), 0, &[]);
        assert!(kim.book.read("people/contacts/jane-doe.md").contains("Jane Doe"), "{point}");
        says(&kim.tickler("sync").within(kim.book.path().join("people")).run(), 0, &[]);
        assert_eq!(kim.names(), ["people"], "{point}");
    }
}

#[test]
fn init_with_a_remote() {
    let team = super::team("init");
    team.git_says(team.folder(), "init --quiet --bare --initial-branch=main fresh.git");
    let fresh = team.folder().join("fresh.git");
    let kim = Newcomer::new("init");
    says(&kim.run(&format!("init people --remote {}", fresh.display())), 0, &[]);
    let lee = Newcomer::new("init-lee");
    says(&lee.run(&format!("join {} people", fresh.display())), 0, &[]);
    let at = |one: &Newcomer, line: &str| one.tickler(line).within(one.book.path().join("people")).run();
    says(&at(&lee, "new 'Gus Hill'"), 0, &[]);
    says(&at(&lee, "sync"), 0, &["went"]);
    says(&at(&kim, "sync"), 0, &["came", "Gus Hill"]);
}

#[test]
fn a_notebook_that_was_alone_gets_a_remote() {
    let book = Book::git("init-alone", &FILES);
    let team = super::team("init-alone");
    team.git_says(team.folder(), "init --quiet --bare --initial-branch=main fresh.git");
    let fresh = team.folder().join("fresh.git");
    says(&book.run(&format!("init --remote {}", fresh.display())), 0, &[]);
    assert_eq!(team.git_says(&fresh, "rev-parse main"), book.git_says("rev-parse HEAD"));
    does(&book, "log jane-doe phone -m 'shared now'");
    says(&book.run("sync"), 0, &["went"]);
    assert_eq!(team.git_says(&fresh, "rev-parse main"), book.git_says("rev-parse HEAD"));
}
