//! The team server itself: people join, sync over HTTP, and never stand in each other's way.

use std::fs;
use std::path::PathBuf;

use tickler_tests::{Ran, Serving, Tickler, team};

use super::says;

const CONTACT: &str = "contacts/jane-doe.md";
const JANE: &str = "+++\nname = \"Jane Doe\"\nuid = \"11\"\ncompany = \"Acme Hotels\"\n+++\n\n## Log\n\n\
                    - 2026-11-10 email: sent the spec sheet\n";

/// Somebody's notebook, joined from the server.
struct Person {
    folder: PathBuf,
    home: PathBuf,
}

impl Person {
    /// Joins as that user, who is known to the server.
    fn join(serving: &Serving, user: &str, folder: &str) -> Person {
        let home = serving.folder().join("home");
        fs::create_dir_all(&home).unwrap();
        let person = Person { folder: serving.folder().join(folder), home };
        let joined = person.at_home(Tickler::new("join").word(serving.url(user, "main")).word(folder));
        says(&joined.within(serving.folder()).run(), 0, &["Joined"]);
        person.git(&format!("config user.name {user}"));
        person.git(&format!("config user.email {user}@acme.example"));
        person
    }

    fn at_home(&self, tickler: Tickler) -> Tickler {
        tickler.env("HOME", &self.home).env("TICKLER_TODAY", "2026-12-03")
    }

    fn run(&self, line: &str) -> Ran {
        team::age(&self.folder);
        self.at_home(Tickler::typed(line)).within(&self.folder).run()
    }

    #[track_caller]
    fn does(&self, line: &str) -> Ran {
        let ran = self.run(line);
        assert_eq!(ran.code, 0, "{line}: {}{}", ran.out, ran.err);
        ran
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.folder.join(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.join(path)).unwrap()
    }

    #[track_caller]
    fn git(&self, line: &str) -> String {
        let output = team::git(&self.folder, line);
        assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }
}

/// Pat and Sam, both of whom have the notebook of a new server with Jane in it.
fn two(name: &str) -> (Serving, Person, Person) {
    let mut serving = Serving::with(&format!("sync-{name}"), &[], |_| {});
    serving.add_user("pat", "editor");
    serving.add_user("sam", "editor");
    let pat = Person::join(&serving, "pat", "pat");
    fs::create_dir_all(pat.folder.join("contacts")).unwrap();
    pat.write(CONTACT, JANE);
    pat.does("sync");
    let sam = Person::join(&serving, "sam", "sam");
    (serving, pat, sam)
}

#[track_caller]
fn agree(serving: &Serving, people: &[&Person]) {
    for _ in 0..2 {
        people.iter().for_each(|person| drop(person.does("sync")));
    }
    for person in people {
        assert_eq!(person.git("rev-parse HEAD"), serving.tip("main"));
        assert_eq!(person.git("status --porcelain"), "");
    }
    serving.git("data/notebooks/main.git", "fsck --strict --no-dangling");
}

#[test]
fn both_ways() {
    let (serving, pat, sam) = two("both");
    assert_eq!(pat.git("config remote.origin.ticklersync"), "pat");
    assert_eq!(sam.git("config remote.origin.ticklersync"), "sam");
    pat.does("log jane phone -m 'wants a quote'");
    says(&pat.run("sync"), 0, &["went   1 commit"]);
    assert_eq!(pat.git("rev-parse origin/main"), serving.tip("main"));
    sam.does("new 'Bob Smith'");
    says(
        &sam.run("sync"),
        0,
        &["came   1 commit", "log 2026-12-03 phone (pat)", "went   1 commit", "Bob Smith"],
    );
    // That, and the merge.
    says(&pat.run("sync"), 0, &["came   2 commits", "Bob Smith"]);
    agree(&serving, &[&pat, &sam]);
    says(&pat.run("sync"), 0, &["nothing to do"]);
}

#[test]
fn what_a_merge_could_not_decide_is_told_to_who_pushed() {
    let (serving, pat, sam) = two("notes");
    sam.does("set jane role='Banquet Manager'");
    sam.does("sync");
    pat.does("set jane role='Director of Events'");
    let look = "look   contacts/jane-doe.md: role \"Director of Events\" stands";
    says(&pat.run("sync"), 1, &["came   1 commit", "(sam)", "went   1 commit", look]);
    assert!(pat.git("log -1 --format=%cn").contains("tickler-server"));
    agree(&serving, &[&pat, &sam]);
    assert!(sam.read(CONTACT).contains("other = \"Banquet Manager\""));
}

#[test]
fn what_is_broken_is_told_and_what_others_did_comes() {
    let (serving, pat, sam) = two("broken");
    sam.does("new 'Bob Smith'");
    sam.does("sync");
    let before = serving.tip("main");
    pat.write(CONTACT, &JANE.replace("company = ", "company = = "));
    let place = format!("mend   {CONTACT}:4:");
    says(&pat.run("sync"), 1, &["came   1 commit", "Bob Smith", &place, "it is committed and waits"]);
    assert_eq!(serving.tip("main"), before);
    pat.write(CONTACT, &JANE.replace("Acme Hotels", "Acme"));
    says(&pat.run("sync"), 0, &["went"]);
    agree(&serving, &[&pat, &sam]);
    assert!(sam.read(CONTACT).contains("company = \"Acme\""));
}

#[test]
fn eight_at_once_twenty_times() {
    let (mut serving, pat, _) = two("race");
    let names: Vec<String> = (0..8).map(|number| format!("user{number}")).collect();
    names.iter().for_each(|name| serving.add_user(name, "editor"));
    let people: Vec<Person> = names.iter().map(|name| Person::join(&serving, name, name)).collect();
    std::thread::scope(|scope| {
        for (person, name) in people.iter().zip(&names) {
            scope.spawn(move || {
                for edit in 0..20 {
                    person.does(&format!("log jane-doe note -m 'edit {edit} of {name}'"));
                    person.does("sync");
                }
            });
        }
    });
    let all: Vec<&Person> = people.iter().chain([&pat]).collect();
    agree(&serving, &all);
    let text = pat.read(CONTACT);
    for (name, edit) in names.iter().flat_map(|name| (0..20).map(move |edit| (name, edit))) {
        let said = format!(": edit {edit} of {name}\n");
        assert_eq!(text.matches(&said).count(), 1, "{said} in\n{text}");
    }
}

#[test]
fn who_may_not_send_has_what_others_did() {
    let (mut serving, pat, _) = two("viewer");
    serving.add_user("vic", "viewer");
    let vic = Person::join(&serving, "vic", "vic");
    assert_eq!(vic.git("config remote.origin.ticklersync"), "");
    vic.does("log jane note -m 'to myself'");
    // With the right that once was there, and without.
    for name in ["vic", ""] {
        vic.git(&format!("config remote.origin.ticklersync '{name}'"));
        pat.does(&format!("log jane phone -m 'for {name}.'"));
        pat.does("sync");
        let before = serving.tip("main");
        says(&vic.run("sync"), 3, &["came   1 commit", "does not allow", "the work is committed and waits"]);
        assert!(vic.read(CONTACT).contains(&format!("for {name}.")));
        assert_eq!(serving.tip("main"), before);
    }
}

#[test]
fn a_token_that_is_revoked() {
    let (mut serving, pat, _) = two("revoked");
    pat.does("log jane phone -m 'wants a quote'");
    let said = serving.says(&["user", "reset", "pat"]);
    let before = serving.tip("main");
    says(&pat.run("sync"), 3, &["does not let us in", "the work is committed and waits"]);
    serving.note_token("pat", &said);
    pat.git(&format!("remote set-url origin {}", serving.url("pat", "main")));
    assert_eq!(serving.tip("main"), before);
    says(&pat.run("sync"), 0, &["went   1 commit"]);
}

#[test]
fn a_token_of_somebody_else() {
    let (serving, pat, _) = two("else");
    pat.git(&format!("remote set-url origin {}", serving.url("sam", "main")));
    pat.does("log jane phone -m 'wants a quote'");
    says(&pat.run("sync"), 0, &["went   1 commit"]);
    assert_eq!(pat.git("config remote.origin.ticklersync"), "sam");
}

#[test]
fn a_server_that_was_put_back() {
    let (serving, pat, sam) = two("back");
    sam.does("log jane phone -m 'lost'");
    sam.does("sync");
    pat.does("sync");
    serving.git("data/notebooks/main.git", "update-ref refs/heads/main main~1");
    // Who has nothing to send decides; who has gives back what was lost.
    says(&sam.run("sync"), 1, &["lacks what it had", "--adopt"]);
    pat.does("log jane phone -m 'meanwhile'");
    says(&pat.run("sync"), 0, &["went   1 commit", "back   1 commit that the remote had lost"]);
    agree(&serving, &[&pat, &sam]);
    assert!(sam.read(CONTACT).contains("lost") && sam.read(CONTACT).contains("meanwhile"));
}

#[test]
fn a_server_that_is_killed_and_comes_back() {
    let (mut serving, pat, sam) = two("killed");
    pat.does("log jane phone -m 'before'");
    serving.kill();
    says(&pat.run("sync"), 3, &["cannot be reached", "the work is committed and waits"]);
    serving.restart();
    says(&pat.run("sync"), 0, &["went   1 commit"]);
    agree(&serving, &[&pat, &sam]);
}
