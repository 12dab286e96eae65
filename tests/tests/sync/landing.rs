//! A server that merges what is sent to it: nobody waits for somebody else, whatever the server loses or says.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tickler_core::sync::POINTS;
use tickler_tests::team::killed_at;
use tickler_tests::{Book, Team};

use super::{BOBS, FILES, JANES, does, says};

const PEOPLE: [&str; 2] = ["pat", "sam"];

/// People who share a notebook by way of a server that merges, and know it.
fn team(name: &str, people: &[&str]) -> Team {
    let team = Team::new(&format!("server-{name}"), people, &FILES);
    team.merged_by(Path::new(env!("CARGO_BIN_EXE_land")));
    team
}

/// Has the remote run a line of shell at some moment of a push.
fn hook(team: &Team, name: &str, line: &str) {
    let path = team.remote().join("hooks").join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, format!("#!/bin/sh\n{line}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn main_of(team: &Team) -> String {
    team.git_says(&team.remote(), "rev-parse main").trim().to_owned()
}

/// What waits at the server to be merged.
fn waiting(team: &Team) -> String {
    team.git_says(&team.remote(), "for-each-ref --format=%(refname) refs/sync")
}

/// From here on it can only be sent to.
fn no_fetch(book: &Book) {
    book.git_says("config remote.origin.uploadpack /bin/false");
}

fn setting(book: &Book, key: &str) -> String {
    String::from_utf8(book.git_output(&format!("config remote.origin.tickler{key}")).stdout).unwrap()
}

#[test]
fn what_is_sent_needs_no_fetch_where_nobody_else_did_anything() {
    let team = team("alone", &PEOPLE);
    let (pat, sam) = (team.book(0), team.book(1));
    does(pat, "log jane phone -m 'wants a quote'");
    pat.edit(BOBS, "Bob Smith\"\n", "Bob Smith\"\ncity = \"Leeds\"\n");
    no_fetch(pat);
    says(&team.synced(0), 0, &["went   2 commits", "Jane Doe", "Bob Smith"]);
    assert_eq!(pat.git_says("rev-parse HEAD").trim(), main_of(&team));
    assert_eq!(pat.git_says("rev-parse origin/main").trim(), main_of(&team));
    assert!(!pat.run("status").out.contains("to share"));
    assert_eq!(waiting(&team), "");
    says(&team.synced(1), 0, &["came   2 commits", "(pat)"]);
    assert!(sam.read(BOBS).contains("Leeds"));
    pat.git_says("config --unset remote.origin.uploadpack");
    says(&team.synced(0), 0, &["nothing to do"]);
    team.agree();
}

#[test]
fn what_others_did_meanwhile_is_merged_there_and_told_here() {
    let team = team("both", &PEOPLE);
    let (pat, sam) = (team.book(0), team.book(1));
    does(sam, "set jane role='Banquet Manager'");
    does(sam, "log bob phone -m 'is away'");
    team.synced(1);
    does(pat, "set jane role='Director of Events'");
    does(pat, "log bob email in -m 'asks for prices'");
    let ran = team.sync(0);
    says(
        &ran,
        1,
        &[
            "came   2 commits",
            "Jane Doe: conflict in role (sam)",
            "(sam)",
            "went   2 commits",
            "look   contacts/jane-doe.md",
        ],
    );
    let (came, went) = ran.out.split_once("went ").unwrap();
    assert!(came.contains("is away") || came.contains("phone"), "{came}");
    assert!(
        !came.contains("asks for prices") && !came.contains("email in"),
        "what we did did not come:\n{came}"
    );
    assert!(went.contains("email in"), "{went}");
    // The merge is the server's, in our name.
    assert_eq!(pat.git_says("log -1 --format=%an/%cn"), "pat/tickler-server\n");
    // It is told once.
    says(&team.sync(0), 0, &["nothing to do"]);
    team.settle();
    team.agree();
    assert_eq!(waiting(&team), "");
    let jane = sam.read(JANES);
    assert!(jane.contains("Banquet Manager") && jane.contains("Director of Events"), "{jane}");
}

#[test]
fn hand_edits_that_are_found_go_too() {
    let team = team("hand", &PEOPLE);
    let (pat, sam) = (team.book(0), team.book(1));
    sam.edit(JANES, "Acme Hotels", "Acme");
    team.synced(1);
    pat.edit(BOBS, "## Log\n\n", "## Log\n\n- 2026-12-01 phone: by hand\n");
    says(&team.synced(0), 0, &["came   1 commit", "went   ", "Bob Smith"]);
    team.settle();
    team.agree();
    assert_eq!(waiting(&team), "");
}

#[test]
fn eight_at_once_all_get_through() {
    let people = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let team = team("race", &people);
    const EDITS: usize = 6;
    std::thread::scope(|scope| {
        for (who, book) in team.books().iter().enumerate() {
            scope.spawn(move || {
                for edit in 0..EDITS {
                    does(book, &format!("log jane-doe note -m 'edit {edit} of {who}'"));
                    let ran = book.run("sync");
                    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
                }
            });
        }
    });
    team.settle();
    team.agree();
    let text = team.book(0).read(JANES);
    for (who, edit) in (0..people.len()).flat_map(|who| (0..EDITS).map(move |edit| (who, edit))) {
        let said = format!(": edit {edit} of {who}\n");
        assert_eq!(text.matches(&said).count(), 1, "{said} in\n{text}");
    }
    assert_eq!(waiting(&team), "");
}

#[test]
fn a_server_is_known_when_it_is_joined_or_first_needed() {
    let team = team("known", &PEOPLE);
    let (pat, sam) = (team.book(0), team.book(1));
    let remote = team.remote();
    team.git_says(&remote, "update-ref refs/sync/sam/here main");
    // Who joins it asks anyway.
    let home = team.folder().join("joined");
    fs::create_dir(&home).unwrap();
    does(sam, &format!("join {} {}", remote.display(), home.join("sam").display()));
    let joined = team.git_says(&home.join("sam"), "config remote.origin.ticklersync");
    assert_eq!(joined, "sam\n");
    // Who has it already asks when somebody was quicker.
    sam.git_says("config --unset remote.origin.ticklersync");
    does(sam, "log bob phone -m 'first'");
    team.synced(1);
    assert_eq!(setting(sam, "sync"), "", "nobody was in the way");
    let slow = "test -e raced || { touch raced; git update-ref refs/heads/main \"$(cat other)\"; }";
    does(pat, "log jane phone -m 'between'");
    pat.git_says("fetch --quiet");
    pat.git_says("merge --quiet --no-edit origin/main");
    let other = pat.git_says("rev-parse HEAD");
    pat.git_says(&format!("push --quiet {} HEAD:refs/heads/side", remote.display()));
    fs::write(remote.join("other"), other).unwrap();
    hook(&team, "pre-receive", &format!("unset GIT_QUARANTINE_PATH; {slow}"));
    does(sam, "log bob phone -m 'second'");
    says(&team.synced(1), 0, &["came   2 commits", "went   "]);
    assert_eq!(setting(sam, "sync"), "sam\n");
    assert_eq!(setting(sam, "device").trim().len(), 12);
    team.settle();
    team.agree();
}

#[test]
fn a_plain_host_stays_one() {
    let team = team("plain", &PEOPLE);
    fs::remove_file(team.remote().join("hooks/post-receive")).unwrap();
    // It merges no more: what it has and says nothing of goes the usual way, and the next time at once.
    does(team.book(0), "log jane phone -m 'wants a quote'");
    team.synced(0);
    assert_eq!(setting(team.book(0), "sync"), "\n");
    assert_eq!(main_of(&team), team.book(0).git_says("rev-parse HEAD").trim());
    team.book(1).git_says("config remote.origin.ticklersync ''");
    team.settle();
    team.agree();
}

#[test]
fn what_the_server_finds_fault_with_is_told_line_by_line() {
    let team = team("faults", &PEOPLE);
    let (pat, sam) = (team.book(0), team.book(1));
    does(sam, "log bob phone -m 'is away'");
    team.synced(1);
    let before = main_of(&team);
    let check = "while read old new ref; do git show \"$new:contacts/jane-doe.md\" | grep -q 'stage = \"wom\"' && \
                 { echo 'contacts/jane-doe.md:6:9: no such stage: \"wom\"' >&2; echo 'and one more' >&2; exit 1; }; \
                 done; exit 0";
    hook(&team, "pre-receive", check);
    pat.edit(JANES, "stage = \"nurture\"", "stage = \"wom\"");
    for _ in 0..2 {
        let ran = team.sync(0);
        let lines = "mend   contacts/jane-doe.md:6:9: no such stage: \"wom\"\n       and one more\n";
        says(&ran, 1, &[lines, "it is committed and waits", "then `tickler sync`"]);
        assert_eq!(main_of(&team), before);
        pat.stands("");
    }
    // It came all the same.
    assert!(pat.read(BOBS).contains("is away"));
    pat.edit(JANES, "stage = \"wom\"", "stage = \"won\"");
    says(&team.synced(0), 0, &["went", "Jane Doe"]);
    team.settle();
    team.agree();
    assert_eq!(waiting(&team), "");
}

#[test]
fn another_s_name_is_asked_for_again() {
    let team = team("renamed", &PEOPLE);
    let pat = team.book(0);
    team.git_says(&team.remote(), "update-ref refs/sync/patricia/here main");
    hook(&team, "pre-receive", "! grep -q refs/sync/pat/ || { echo 'this is not yours' >&2; exit 1; }");
    does(pat, "log jane phone -m 'wants a quote'");
    team.synced(0);
    assert_eq!(setting(pat, "sync"), "patricia\n");
    // Nobody's any more.
    team.git_says(&team.remote(), "update-ref -d refs/sync/patricia/here");
    hook(&team, "pre-receive", "! grep -q refs/sync/ || { echo 'this is not yours' >&2; exit 1; }");
    does(pat, "log jane phone -m 'wants two'");
    team.synced(0);
    assert_eq!(setting(pat, "sync"), "\n");
    team.book(1).git_says("config remote.origin.ticklersync ''");
    team.settle();
    team.agree();
}

#[test]
fn a_copied_folder_becomes_a_device_of_its_own() {
    let team = team("copied", &PEOPLE);
    let pat = team.book(0);
    does(pat, "log jane phone -m 'one'");
    team.synced(0);
    let device = setting(pat, "device");
    // Work of a copy waits at the server.
    let who = "-c user.name=pat -c user.email=pat@acme.example";
    let theirs =
        team.git_says(&team.remote(), &format!("{who} commit-tree -m other main^{{tree}} -p main~1"));
    let place = format!("refs/sync/pat/{}", device.trim());
    team.git_says(&team.remote(), &format!("update-ref {place} {}", theirs.trim()));
    does(pat, "log jane phone -m 'two'");
    no_fetch(pat);
    team.synced(0);
    assert_ne!(setting(pat, "device"), device);
    assert_eq!(main_of(&team), pat.git_says("rev-parse HEAD").trim());
    assert_eq!(waiting(&team).trim(), place);
}

#[test]
fn an_answer_that_never_comes_changes_nothing() {
    for silence in ["keep", "mute"] {
        let team = team(silence, &PEOPLE);
        let (pat, sam) = (team.book(0), team.book(1));
        does(sam, "log bob phone -m 'is away'");
        team.synced(1);
        fs::write(team.remote().join(silence), "").unwrap();
        team.git_says(&team.remote(), "update-ref refs/sync/pat/here main");
        does(pat, "log jane phone -m 'wants a quote'");
        says(&team.synced(0), 0, &["came   1 commit", "went   "]);
        assert_eq!(main_of(&team), pat.git_says("rev-parse HEAD").trim(), "{silence}");
        assert_eq!(setting(pat, "sync"), "pat\n");
        // Once more, on top of what may still wait there.
        does(pat, "log jane phone -m 'wants two'");
        team.synced(0);
        fs::remove_file(team.remote().join(silence)).unwrap();
        does(pat, "log jane phone -m 'wants three'");
        team.synced(0);
        team.settle();
        team.agree();
        assert_eq!(sam.read(JANES).matches("phone: wants").count(), 3, "{silence}");
    }
}

/// A team whose server was put back to before Sam's last commit, which Pat has.
fn put_back(name: &str) -> Team {
    let team = team(name, &PEOPLE);
    does(team.book(1), "log bob phone -m 'is away'");
    team.synced(1);
    team.synced(0);
    team.git_says(&team.remote(), "update-ref refs/heads/main main~1");
    team
}

#[test]
fn a_server_that_was_put_back() {
    // With nothing to send nothing is taken and nothing given, however often.
    let team = put_back("back");
    let before = main_of(&team);
    for _ in 0..2 {
        says(&team.sync(0), 1, &["lacks what it had", "--adopt"]);
        assert_eq!(main_of(&team), before);
    }
    does(team.book(0), "log jane phone -m 'meanwhile'");
    says(&team.sync(0), 1, &["lacks what it had", "--adopt"]);
    assert_eq!(main_of(&team), before);
    says(&team.book(0).run("sync --adopt"), 0, &["went"]);
    team.settle();
    team.agree();
    // What is sent brings back what was lost, and it is said.
    let team = put_back("given-back");
    does(team.book(0), "log jane phone -m 'meanwhile'");
    says(&team.synced(0), 0, &["went   1 commit\n", "back   1 commit that the remote had lost"]);
    team.settle();
    team.agree();
    // The same where somebody has gone on from there.
    let team = put_back("gone-on");
    let (pat, sam) = (team.book(0), team.book(1));
    sam.git_says("reset --quiet --hard HEAD~1");
    does(sam, "log bob note -m 'from the backup'");
    sam.git_says("push --quiet origin HEAD:main");
    does(pat, "log jane phone -m 'meanwhile'");
    says(&team.synced(0), 0, &["came   1 commit\n", "back   1 commit that the remote had lost"]);
    team.settle();
    team.agree();
    for text in ["is away", "from the backup"] {
        assert!(sam.read(BOBS).contains(text), "{text}");
    }
}

#[test]
fn another_address_may_be_another_notebook() {
    let (ours, theirs) = (team("ours", &PEOPLE), team("theirs", &PEOPLE));
    let pat = ours.book(0);
    ours.git_says(&ours.remote(), "update-ref refs/sync/pat/here main");
    pat.git_says("config remote.origin.ticklersync old");
    hook(&ours, "pre-receive", "! grep -q refs/sync/old/ || { echo 'this is not yours' >&2; exit 1; }");
    does(pat, "log jane phone -m 'one'");
    ours.synced(0);
    assert_eq!(setting(pat, "sync"), "pat\n");
    theirs.book(0).git_says("checkout --quiet --orphan other");
    theirs.book(0).write("contacts/gus-hill.md", "+++\nname = \"Gus Hill\"\n+++\n");
    theirs.book(0).commit_all("another beginning");
    theirs.book(0).git_says("push --quiet --force origin other:main");
    let before = main_of(&theirs);
    pat.git_says(&format!("remote set-url origin {}", theirs.remote().display()));
    does(pat, "log jane phone -m 'two'");
    says(&ours.sync(0), 1, &["--adopt"]);
    assert_eq!((main_of(&theirs), waiting(&theirs)), (before, String::new()));
}

#[test]
fn a_dry_run_sends_nothing() {
    let team = team("dry", &PEOPLE);
    does(team.book(0), "log jane phone -m 'wants a quote'");
    let before = main_of(&team);
    says(&team.book(0).run("sync -n"), 0, &["go     1 commit"]);
    assert_eq!((main_of(&team), waiting(&team)), (before, String::new()));
    says(&team.synced(0), 0, &["went   1 commit"]);
}

#[test]
fn killed_at_every_point_in_turn() {
    let mut missed = BTreeSet::from(POINTS);
    for point in POINTS {
        for others in [true, false] {
            let team = team("killed", &PEOPLE);
            let (pat, sam) = (team.book(0), team.book(1));
            if others {
                sam.edit(JANES, "Acme Hotels", "Acme");
                does(sam, "log bob phone -m token-sam");
                team.synced(1);
            }
            does(pat, "log bob phone -m token-pat");
            pat.edit(JANES, "## Log\n\n", "## Log\n\n- 2026-12-01 note: token-hand\n");
            pat.settle();
            if killed_at(pat.tickler("sync"), point) {
                missed.remove(point);
            }
            let ran = team.synced(0);
            assert!(!ran.out.contains("had lost"), "after {point}: {}", ran.out);
            team.settle();
            team.agree();
            let texts = sam.texts();
            for token in ["token-sam", "token-pat", "token-hand"] {
                let times: usize = texts.values().map(|text| text.matches(token).count()).sum();
                assert_eq!(times, usize::from(others || token != "token-sam"), "after {point}: {token}");
            }
        }
    }
    assert_eq!(missed, BTreeSet::new(), "a sync with both sides at work never came to these");
}

#[test]
fn copies_of_one_folder_at_once() {
    let team = team("twins", &PEOPLE);
    let pat = team.book(0);
    does(pat, "log jane phone -m 'so that it has a device'");
    team.synced(0);
    let twin = team.folder().join("pat/twin");
    let copied = std::process::Command::new("cp").arg("-a").args([&pat.path(), &twin]).status().unwrap();
    assert!(copied.success());
    for round in 0..4 {
        std::thread::scope(|scope| {
            for (name, place) in [("one", pat.path()), ("two", twin.clone())] {
                let run = move |line: &str, place: &Path| {
                    let ran = pat.tickler(line).within(place).run();
                    assert_eq!(ran.code, 0, "{line}: {}{}", ran.out, ran.err);
                };
                scope.spawn(move || {
                    run(&format!("log jane note -m 'token {name} {round}'"), &place);
                    run("sync", &place);
                });
            }
        });
    }
    team.settle();
    team.agree();
    for token in (0..4).flat_map(|round| ["one", "two"].map(|name| format!("token {name} {round}\n"))) {
        assert_eq!(team.book(1).read(JANES).matches(&token).count(), 1, "{token}");
    }
}
