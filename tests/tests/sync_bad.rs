//! What stands in the way of a sync: a clear sentence, and the next plain `sync` carries on with nothing lost.

use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use tickler_core::sync::POINTS;
use tickler_tests::http::{Host, TOKEN, USER};
use tickler_tests::team::killed_at;
use tickler_tests::{Book, Ran, Team};

const JANES: &str = "contacts/jane-doe.md";
const BOBS: &str = "contacts/bob-smith.md";
const FILES: [(&str, &str); 3] = [
    (
        JANES,
        "+++\nname = \"Jane Doe\"\nuid = \"11\"\ncompany = \"Acme Hotels\"\n+++\n\nMet at the fair.\n\n## Log\n\n- 2026-11-10 email: specs\n",
    ),
    (BOBS, "+++\nname = \"Bob Smith\"\nuid = \"12\"\n+++\n\n## Log\n\n- 2026-11-02 event: the fair\n"),
    ("contacts/gus-hill.md", "+++\nname = \"Gus Hill\"\nuid = \"13\"\n+++\n"),
];

/// Pat and Sam, both of whom did something that the other does not have: to the same contacts and to others, by hand
/// and not, a file that came, one that went and one that has another name.
fn under_way(name: &str) -> Team {
    let team = Team::new(&format!("bad-{name}"), &["pat", "sam"], &FILES);
    let (pat, sam) = (team.book(0), team.book(1));
    sam.edit(JANES, "Acme Hotels", "Acme");
    sam.edit(BOBS, "## Log\n\n", "## Log\n\n- 2026-12-01 phone: token-sam-bob\n");
    sam.write("contacts/zoe-kane.md", "+++\nname = \"Zoe Kane\"\nuid = \"14\"\n+++\n\ntoken-sam-zoe\n");
    fs::rename(sam.path().join("contacts/gus-hill.md"), sam.path().join("contacts/gus-lane.md")).unwrap();
    team.synced(1);
    assert_eq!(pat.run("log jane-doe phone -m token-pat-jane").code, 0);
    pat.edit(BOBS, "## Log\n\n", "## Log\n\n- 2026-12-02 phone: token-pat-bob\n");
    pat.write("contacts/kim-moss.md", "+++\nname = \"Kim Moss\"\nuid = \"15\"\n+++\n\ntoken-pat-kim\n");
    pat.settle();
    team
}

const TOKENS: [&str; 5] =
    ["token-sam-bob", "token-sam-zoe", "token-pat-jane", "token-pat-bob", "token-pat-kim"];

/// The next plain sync carries on, and in the end everything is everywhere, once.
#[track_caller]
fn carries_on(team: &Team, after: &str) {
    team.book(0).settle();
    let ran = team.book(0).run("sync");
    assert_eq!(ran.code, 0, "after {after}: {}{}", ran.out, ran.err);
    team.settle();
    team.agree();
    let texts = team.book(1).texts();
    for token in TOKENS {
        let times: usize = texts.values().map(|text| text.matches(token).count()).sum();
        assert_eq!(times, 1, "after {after}: {token}");
    }
    assert!(
        texts.contains_key("contacts/gus-lane.md") && !texts.contains_key("contacts/gus-hill.md"),
        "after {after}"
    );
}

/// Refused with that code and a sentence that has these words; and nothing is torn: each file is one of the two.
#[track_caller]
fn fails(ran: &Ran, words: &[&str]) {
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    for word in words {
        assert!(ran.err.contains(word), "{word:?} is not in {}", ran.err);
    }
    let first = ran.err.lines().next().unwrap_or_default();
    assert!(!first.ends_with('.') && !ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn killed_at_every_point_in_turn() {
    let mut missed = Vec::new();
    for point in POINTS {
        let team = under_way("killed");
        if !killed_at(team.book(0).tickler("sync"), point) {
            missed.push(point);
        }
        carries_on(&team, point);
        // Somebody writes on between the two, in a file that was half way.
        let team = under_way("killed-edited");
        let pat = team.book(0);
        killed_at(pat.tickler("sync"), point);
        pat.write(JANES, format!("{}- 2026-12-03 note: token-between\n", pat.read(JANES)));
        carries_on(&team, point);
        assert_eq!(team.book(1).read(JANES).matches("token-between").count(), 1, "{point}");
    }
    assert_eq!(missed, [""; 0], "a sync of all kinds of changes never came to these");
}

#[test]
fn killed_twice() {
    for (at, first) in POINTS.iter().enumerate().step_by(2) {
        let team = under_way("killed-twice");
        for point in [first, POINTS[(at * 7 + 3) % POINTS.len()]] {
            killed_at(team.book(0).tickler("sync"), point);
        }
        carries_on(&team, first);
    }
}

/// The same line in a name space of its own, after a shell has mounted something there.
fn in_a_mount(book: &Book, mount: &str, line: &str) -> Ran {
    let typed = book.tickler(line).command();
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "sh", "-c"]);
    command
        .arg(format!("set -e; {mount}\nexec \"$0\" \"$@\""))
        .arg(typed.get_program())
        .args(typed.get_args());
    command.env_clear().current_dir(book.path()).stdin(Stdio::null());
    command.envs(typed.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!err.contains("unshare:") && !err.contains("mount:"), "this test mounts file systems: {err}");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    Ran { out, err, code: output.status.code().unwrap_or(-1) }
}

#[test]
fn a_read_only_folder() {
    for (folder, mount) in [
        ("the notebook", "mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\""),
        ("contacts", "mount --bind contacts contacts && mount -o remount,bind,ro contacts"),
        (".git", "mount --bind .git .git && mount -o remount,bind,ro .git"),
    ] {
        let team = under_way("read-only");
        let ran = in_a_mount(team.book(0), mount, "sync");
        fails(&ran, &["read-only"]);
        carries_on(&team, folder);
    }
}

#[test]
fn a_full_disk() {
    // What is on the small disk is put back afterwards, so that the next sync finds what this one left.
    for folder in ["contacts", ".git"] {
        // From no room at all to room for nearly everything.
        for room in [0, 4, 16, 48] {
            let team = under_way("full");
            let small = format!(
                "mkdir ../copy; cp -a {folder}/. ../copy; mount -t tmpfs -o size=1m tmpfs {folder}; \
                 cp -a ../copy/. {folder}; rm -rf ../copy; \
                 cat /dev/zero > {folder}/.tickler-filler 2> /dev/null || true; \
                 truncate -s -{room}K {folder}/.tickler-filler\n\
                 \"$0\" \"$@\" || code=$?; rm {folder}/.tickler-filler; mkdir ../left; cp -a {folder}/. ../left; \
                 exit ${{code:-0}}; :"
            );
            let ran = in_a_mount(team.book(0), &small, "sync");
            assert!([0, 1, 3].contains(&ran.code), "{folder} {room}: [{}] {}{}", ran.code, ran.out, ran.err);
            assert!(room > 0 || ran.code == 3, "{folder}: there is no room: {}{}", ran.out, ran.err);
            if ran.code == 3 {
                fails(&ran, &[]);
            }
            // As the disk was left.
            let (place, left) =
                (team.book(0).path().join(folder), team.book(0).path().with_file_name("left"));
            fs::remove_dir_all(&place).unwrap();
            fs::rename(left, &place).unwrap();
            carries_on(&team, &format!("{folder} with {room} KiB"));
        }
    }
}

/// A port that nobody listens at.
fn closed_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn no_network() {
    let team = under_way("network");
    let pat = team.book(0);
    pat.git_says(&format!("remote set-url origin http://127.0.0.1:{}/notebook.git", closed_port()));
    let ran = pat.run("sync");
    fails(&ran, &["the work is committed and waits"]);
    pat.stands("");
    pat.git_says(&format!("remote set-url origin {}", team.way(0).display()));
    carries_on(&team, "no network");
}

#[test]
fn a_host_that_asks_who_it_is() {
    let team = under_way("host");
    let host = Host::of(team.folder());
    team.git_says(&team.remote(), "config http.receivepack true");
    let pat = team.book(0);
    pat.git_says(&format!("remote set-url origin {}", host.url(USER, "wrong-token", "remote.git")));
    let ran = pat.run("sync");
    fails(&ran, &["the work is committed and waits"]);
    assert!(!format!("{}{}", ran.out, ran.err).contains("wrong-token"), "a token is told: {}", ran.err);
    pat.stands("");
    pat.git_says(&format!("remote set-url origin {}", host.url(USER, TOKEN, "remote.git")));
    let ran = pat.run("sync");
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(!format!("{}{}", ran.out, ran.err).contains(TOKEN), "a token is told: {}", ran.out);
    carries_on(&team, "a wrong token");
}

#[test]
fn a_remote_that_refuses() {
    let team = under_way("refuses");
    let hook = team.remote().join("hooks/pre-receive");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\necho 'closed for today' >&2\nexit 1\n").unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let ran = team.book(0).run("sync");
    fails(&ran, &["closed for today"]);
    fs::remove_file(hook).unwrap();
    carries_on(&team, "a refusal");
}

#[test]
fn a_lock_of_gits_that_stays() {
    let team = under_way("locked");
    let lock = team.book(0).path().join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    fails(&team.book(0).run("sync"), &["index.lock"]);
    fs::remove_file(lock).unwrap();
    carries_on(&team, "a lock");
}

#[test]
fn no_git_program() {
    let team = under_way("no-git");
    let nothing = team.folder().join("empty");
    fs::create_dir(&nothing).unwrap();
    let ran = team.book(0).tickler("sync").env("PATH", &nothing).run();
    fails(&ran, &["git"]);
    carries_on(&team, "no git");
}
