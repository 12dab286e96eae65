//! Files, disks and hooks that are in the way.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::time::Duration;

use tickler_tests::{Book, Ran, exhibit};

use super::{JANE, JANES, JANET, LOG, all_refused, book, refused, refused_as, works};

#[test]
fn a_broken_file_is_left_alone() {
    all_refused(
        "broken",
        &["log bob-smith phone", "set bob-smith value=3", "kept bob-smith", "next bob-smith fri"],
    );
}

#[test]
fn a_link_is_no_contact() {
    let book = book("link");
    fs::rename(book.path().join(JANES), book.path().join("jane-doe.md")).unwrap();
    symlink("../jane-doe.md", book.path().join(JANES)).unwrap();
    book.commit_all("a link");
    let mut museum = refused(&book, LOG);
    // A folder that leads elsewhere is none of the notebook's either.
    symlink("/tmp", book.path().join("contacts/elsewhere")).unwrap();
    museum += &refused(&book, "set --query 'name:jane doe' value=3");
    exhibit("refused-link.txt", &museum);
    assert_eq!(book.read("jane-doe.md"), JANE);
}

#[test]
fn changed_meanwhile() {
    let book = book("meanwhile");
    // The hook stands for an editor that saves between the program's reading and writing.
    book.settings("hooks.pre-write = 'echo more >> contacts/jane-doe.md'\n");
    let ran = book.run(LOG);
    let mut museum = format!("$ tickler {LOG}\n{}[{}]\n\n", ran.err, ran.code);
    assert_eq!(book.read(JANES), format!("{JANE}more\n"), "what the editor wrote stays");
    book.stands(" M contacts/jane-doe.md\n");
    // Gone, and one of several: then none is changed.
    book.settings("hooks.pre-write = 'rm -f contacts/dan-frost.md'\n");
    let ran = book.run("set --query 'dan or janet' value=3");
    museum += &format!("$ tickler set --query …\n{}[{}]\n\n", ran.err, ran.code);
    assert_eq!(book.read("contacts/janet-roe.md"), JANET);
    book.settings("hooks.pre-write = 'echo \"# Other\" > contacts/gus-hill.md'\n");
    let ran = book.run("new Gus Hill");
    museum += &format!("$ tickler new Gus Hill\n{}[{}]\n\n", ran.err, ran.code);
    assert_eq!(book.read("contacts/gus-hill.md"), "# Other\n");
    assert_eq!((book.commits(), book.litter()), (1, vec![]));
    exhibit("refused-meanwhile.txt", &museum);
    book.settings("");
    works(&book, LOG);
}

#[test]
fn read_only() {
    let book = book("read-only");
    let mode = |mode: u32| {
        fs::set_permissions(book.path().join(JANES), fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(0o444);
    let museum = refused(&book, LOG);
    exhibit("refused-read-only.txt", &museum);
    mode(0o644);
    works(&book, LOG);
}

/// A file system of its own for what comes next, mounted where only that sees it.
fn in_a_mount(book: &Book, mount: &str, line: &str) -> Ran {
    let typed = book.tickler(line).command();
    let mut command = Command::new("unshare");
    // As root in a name space of its own; whoever is not root becomes it there.
    command.args(["--mount", "--map-root-user", "sh", "-c"]);
    command
        .arg(format!("set -e; {mount}\nexec \"$0\" \"$@\""))
        .arg(typed.get_program())
        .args(typed.get_args());
    command.env_clear().current_dir(book.path()).stdin(Stdio::null());
    command.envs(typed.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let output = command.output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !err.contains("unshare:") && !err.contains("mount:"),
        "this test mounts file systems of its own: it needs `unshare` and `mount` of util-linux, and either root \
         or user name spaces that are allowed: {err}"
    );
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    Ran { out, err, code: output.status.code().unwrap_or(-1) }
}

#[test]
fn a_disk_that_is_read_only() {
    // Even root cannot write to these.
    let book = book("read-only-disk");
    let mut museum = String::new();
    for (folder, mount) in [
        ("the notebook", "mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\""),
        ("contacts", "mount --bind contacts contacts && mount -o remount,bind,ro contacts"),
        (".git", "mount --bind .git .git && mount -o remount,bind,ro .git"),
    ] {
        museum += &format!("{folder} is read-only\n");
        museum += &refused_as(&book, LOG, |book, line| in_a_mount(book, mount, line));
    }
    exhibit("refused-read-only-disk.txt", &museum);
    works(&book, LOG);
}

#[test]
fn a_disk_that_is_full() {
    let book = book("full");
    let mut museum = String::new();
    // A small file system with the contacts on it, and on another turn with git, filled up.
    for (folder, line) in [("contacts", LOG), ("contacts", "new Gus Hill"), (".tickler", LOG), (".git", LOG)]
    {
        let fill = format!(
            "mkdir -p {folder} ../copy; cp -a {folder}/. ../copy; mount -t tmpfs -o size=1m tmpfs {folder}; \
             cp -a ../copy/. {folder}; rm -rf ../copy; cat /dev/zero > {folder}/filler 2> /dev/null || true\n\
             find {folder} -type f ! -name filler | sort | xargs sha256sum > ../before"
        );
        let look = format!(
            "{fill}\n\"$0\" \"$@\" || code=$?; find {folder} -type f ! -name filler | sort | xargs sha256sum > ../after; \
             exit $code; :"
        );
        let files =
            || ["before", "after"].map(|name| fs::read_to_string(book.path().join("..").join(name)).unwrap());
        museum += &format!("{folder} is full\n");
        museum += &refused_as(&book, line, |book, line| in_a_mount(book, &look, line));
        let [before, after] = files();
        // What git made ready for its commit is nobody's business, and what the index of the contacts is neither.
        let kept = |list: &str| {
            list.lines().filter(|l| !l.contains("/objects/") && !l.contains(".tickler/")).count()
        };
        assert!(!after.contains("journal") && !after.contains(".tickler-"), "{folder}: litter\n{after}");
        assert!(kept(&before) > 0 || folder == ".tickler", "{before}");
        assert_eq!(
            before.lines().filter(|line| !after.contains(*line)).count(),
            0,
            "{folder}: all stays\n{after}"
        );
        assert_eq!(kept(&before), kept(&after), "{folder}: nothing is left behind\n{after}");
    }
    exhibit("refused-full.txt", &museum);
    works(&book, LOG);
}

#[test]
fn another_tickler_is_writing() {
    let book = book("busy");
    works(&book, "list");
    fs::create_dir_all(book.path().join(".tickler")).unwrap();
    let lock = File::create(book.path().join(".tickler/lock")).unwrap();
    lock.lock().unwrap();
    exhibit("refused-busy.txt", &refused(&book, LOG));
    std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(Duration::from_millis(500));
            drop(lock);
        });
        works(&book, LOG);
    });
    book.stands("");
}

#[test]
fn two_at_once_both_get_their_way() {
    let book = book("at-once");
    std::thread::scope(|scope| {
        for number in 0..8 {
            let book = &book;
            scope.spawn(move || {
                loop {
                    let ran = book.run(&format!("log jane-doe note -m 'number {number}'"));
                    match ran.code {
                        0 => break,
                        // Read before the other wrote: said so, and run again, as the hint says.
                        _ => assert!(ran.err.contains("changed meanwhile"), "{}", ran.err),
                    }
                }
            });
        }
    });
    let text = book.read(JANES);
    assert!((0..8).all(|number| text.matches(&format!("number {number}\n")).count() == 1), "{text}");
    assert_eq!(book.commits(), 9);
    book.stands("");
}

#[test]
fn hooks_of_the_user() {
    let book = book("hooks");
    let museum = {
        book.settings("hooks.pre-write = 'echo \"not after eight\" >&2; exit 1'\n");
        refused(&book, LOG) + &refused(&book, "tag --query dan +x")
    };
    exhibit("refused-hook.txt", &museum);
    // Told afterwards: it cannot undo anything.
    book.settings("hooks.post-write = 'echo \"the chat is down\" >&2; exit 7'\n");
    let ran = works(&book, LOG);
    assert!(
        ran.err.starts_with("warning: the post-write hook ") && ran.err.contains("the chat is down"),
        "{}",
        ran.err
    );
    book.stands("");
    // A hook may write, too, and does not run for what it writes.
    let line =
        format!("\"{}\" tag dan +seen >> ../told; echo ran >> ../ran", tickler_tests::binary().display());
    book.settings(&format!("hooks.pre-write = '{line}'\nhooks.post-write = '{line}'\n"));
    works(&book, "log jane-doe note -m again");
    let beside = |name: &str| fs::read_to_string(book.path().join("..").join(name)).unwrap();
    assert_eq!(beside("ran"), "ran\nran\n");
    assert!(beside("told").starts_with("Dan Frost: +seen\n") && beside("told").contains("nothing to change"));
    assert_eq!(book.git_says("log --format=%s -2"), "log Jane Doe: note\ntag Dan Frost: +seen\n");
    book.stands("");
}
