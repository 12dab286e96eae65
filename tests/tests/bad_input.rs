//! Bad input, each kind through the real program: what is wrong, where, what to do; the others are always answered,
//! and no file is ever rewritten.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use tickler_tests::{Ran, Scratch, Tickler, binary};

/// Somebody who is well, and due.
const JANE: &str = "+++\nnext.on = 2026-12-03\n+++\n# Jane Doe\n";

fn notebook(name: &str) -> Scratch {
    let notebook = Scratch::new(&format!("bad-{name}"));
    notebook.write("contacts/jane-doe.md", JANE);
    notebook
}

fn run(notebook: &Scratch, line: &str) -> Ran {
    Tickler::new(line).within(notebook.path()).env("TICKLER_TODAY", "2026-12-03").run()
}

/// What `check` says, and that it ends with `code`.
#[track_caller]
fn checks(notebook: &Scratch, code: i32, expected: &str) {
    let ran = run(notebook, "check");
    let said = ran.out.rsplit_once("\n\n").map_or("", |(problems, _)| problems);
    assert_eq!((said, ran.code), (expected, code), "{}{}", ran.out, ran.err);
}

/// `due` answers, Jane among it.
#[track_caller]
fn lists_jane(ran: &Ran) {
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("Jane Doe"), "{}{}", ran.out, ran.err);
}

/// The bytes and the times of every file below a folder, but for our own.
fn state(folder: &Path) -> Vec<(String, Vec<u8>, SystemTime)> {
    let mut state = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap).filter(|e| e.file_name() != ".tickler") {
        let path = entry.path();
        let meta = fs::symlink_metadata(&path).unwrap();
        if meta.is_dir() {
            state.extend(self::state(&path));
        } else {
            let bytes = if meta.len() < 1 << 20 { fs::read(&path).unwrap_or_default() } else { Vec::new() };
            state.push((path.display().to_string(), bytes, meta.modified().unwrap()));
        }
    }
    state.sort();
    state
}

#[test]
fn one_broken_file_of_each_kind() {
    for (text, expected) in [
        (
            b"+++\nname = Jane\n+++\n".as_slice(),
            "2:8: error: not TOML: string values must be quoted, expected literal string\n  \
               2 | name = Jane\n    |        ^^^^\n  hint: put a text in quotes: `name = \"Jane\"`",
        ),
        (
            b"+++\nname: Jane\n+++\n",
            "2:7: error: not TOML: key with no value, expected `=`\n  \
               2 | name: Jane\n    |       ^\n  hint: write `name = \"Jane\"`",
        ),
        (
            b"+++\nname = \"Jane\"\n# Jane\n",
            "1:1: error: the front matter that begins here never ends\n  \
               1 | +++\n    | ^^^\n  hint: end it with a line `+++`",
        ),
        (
            b"+++\nname = 3\n+++\n",
            "2:8: error: `name` must be a text, but this is a number\n  \
               2 | name = 3\n    |        ^\n  hint: put it in quotes",
        ),
        (
            b"+++\nadded = 3 Dec 2026\n+++\n",
            "2:9: error: not TOML: string values must be quoted, expected literal string\n  \
               2 | added = 3 Dec 2026\n    |         ^^^^^^^^^^\n  hint: write `added = 2026-12-03`",
        ),
        (
            b"+++\nadded = 2026-02-30\n+++\n",
            "2:9: error: not TOML: invalid date, expected day between 01 and 28\n  \
               2 | added = 2026-02-30\n    |         ^^^^^^^^^^\n  hint: write a day that the calendar has",
        ),
        (
            b"+++\nname = \"A\"\nname = \"B\"\n+++\n",
            "3:1: error: not TOML: duplicate key\n  \
               3 | name = \"B\"\n    | ^^^^\n  hint: keep one of the two `name`",
        ),
        (
            "+++\nname = “Jane”\n+++\n".as_bytes(),
            "2:8: error: not TOML: string values must be quoted, expected literal string\n  \
               2 | name = “Jane”\n    |        ^^^^^^\n  hint: use straight quotes: `name = \"Jane\"`",
        ),
        (
            b"# Ren\xe9\n",
            "1:6: error: not UTF-8: byte 0xe9 begins no character\n  \
               1 | # Ren\u{fffd}\n    |      ^\n  hint: save the file as UTF-8 in your editor",
        ),
    ] {
        let notebook = notebook("broken");
        notebook.write("contacts/broken.md", text);
        let before = state(notebook.path());
        checks(&notebook, 1, &format!("contacts/broken.md:{expected}"));
        let due = run(&notebook, "due");
        lists_jane(&due);
        let (place, _) = expected.split_once('\n').unwrap();
        assert_eq!(due.err, format!("contacts/broken.md:{}\n", place.replace(" error:", "")));
        assert!(due.out.contains("1 file cannot be read: tickler check"), "{}", due.out);
        for line in ["list", "list text:doe", "cracks", "show jane", "brief jane", "who jane", "show broken"]
        {
            assert!(run(&notebook, line).code < 2, "{line}");
        }
        assert_eq!(state(notebook.path()), before);
    }
}

#[test]
fn an_error_in_an_entry_spoils_that_entry_alone() {
    let notebook = notebook("entries");
    notebook.write(
        "contacts/bob.md",
        "# Bob\n\n## Log\n\n- 2026-02-30 phone: a\n- 2026-12-01 phon: b\n- 2026-12-01 phone voicmail: c\n\
         - 2026-12-01 25:00 phone: d\n- 2026-12-01 email in: e\n",
    );
    checks(
        &notebook,
        1,
        "contacts/bob.md:5:3: error: there is no day 2026-02-30\n  5 | - 2026-02-30 phone: a\n    |   ^^^^^^^^^^\n\
         contacts/bob.md:6:14: error: unknown channel `phon`\n  6 | - 2026-12-01 phon: b\n    |              ^^^^\n  \
         hint: did you mean `phone`?\n\
         contacts/bob.md:7:20: error: unknown word `voicmail`\n  7 | - 2026-12-01 phone voicmail: c\n    \
         |                    ^^^^^^^^\n  hint: did you mean `voicemail`? Text goes after a colon\n\
         contacts/bob.md:8:14: error: there is no time 25:00\n  8 | - 2026-12-01 25:00 phone: d\n    \
         |              ^^^^^",
    );
    let due = run(&notebook, "due");
    assert!(due.out.contains("answer: e") && due.err.is_empty(), "{}{}", due.out, due.err);
}

#[test]
fn a_file_of_100_megabytes_is_not_read() {
    let notebook = notebook("huge");
    let huge = File::create(notebook.path().join("contacts/huge.md")).unwrap();
    huge.set_len(100 << 20).unwrap();
    let due = run(&notebook, "due");
    lists_jane(&due);
    assert_eq!(due.err, "contacts/huge.md: too large for a contact: 100 MiB, and 4 at most\n");
    checks(
        &notebook,
        1,
        "contacts/huge.md: error: too large for a contact: 100 MiB, and 4 at most\n  \
         hint: keep long material below files/ and link to it",
    );
}

#[test]
fn two_files_of_one_name() {
    let notebook = notebook("twins");
    notebook.write("contacts/old/Jane-Doe.md", "# Old Jane\n");
    checks(
        &notebook,
        1,
        "contacts/jane-doe.md: error: \"jane-doe\" is also the name of contacts/old/Jane-Doe.md\n  \
         hint: rename one of them; until then their ids are their paths\n\
         contacts/old/Jane-Doe.md: error: \"Jane-Doe\" is also the name of contacts/jane-doe.md\n  \
         hint: rename one of them; until then their ids are their paths",
    );
    lists_jane(&run(&notebook, "due"));
    let several = run(&notebook, "show jane");
    assert_eq!(several.code, 1);
    assert!(several.err.starts_with("tickler: \"jane\" fits 2 contacts\n"), "{}", several.err);
}

#[test]
fn a_stage_and_a_cadence_that_are_not_configured() {
    let notebook = notebook("unknown");
    notebook.write("tickler.toml", "[cadence.new-lead]\nsteps = [{ after = \"1d\" }]\n");
    notebook.write(
        "contacts/bob.md",
        "+++\nstage = \"propsal\"\n[cadence]\nname = \"newlead\"\nstart = 2026-12-01\n+++\n# Bob\n",
    );
    checks(
        &notebook,
        1,
        "contacts/bob.md:2:9: error: unknown stage `propsal`\n  2 | stage = \"propsal\"\n    \
         |         ^^^^^^^^^\n  hint: did you mean `proposal`?\n\
         contacts/bob.md:4:8: error: unknown cadence `newlead`\n  4 | name = \"newlead\"\n    \
         |        ^^^^^^^^^\n  hint: did you mean `new-lead`?",
    );
    lists_jane(&run(&notebook, "due"));
}

#[test]
fn settings_that_cannot_be_used() {
    let notebook = notebook("settings");
    for (text, expected) in [
        (
            "timezone = UTC\n",
            "tickler.toml:1:12: not TOML: string values must be quoted, expected literal string\n  \
               1 | timezone = UTC\n    |            ^^^\n  hint: put a text in quotes: `timezone = \"UTC\"`\n",
        ),
        (
            "[reply]\nwithin = \"1 fortnight\"\n",
            "tickler.toml:2:10: `within`: \"1 fortnight\" is not a period such as \"3 months\", \"2w\" or \"5 business days\"\n  \
               2 | within = \"1 fortnight\"\n    |          ^^^^^^^^^^^^^\n",
        ),
    ] {
        notebook.write("tickler.toml", text);
        let before = state(notebook.path());
        let due = run(&notebook, "due");
        assert_eq!((due.code, due.out.as_str()), (3, ""));
        let (first, rest) = due.err.split_once('\n').unwrap();
        assert!(
            first.starts_with("tickler: the settings in \"") && first.ends_with("tickler.toml\" have errors")
        );
        assert_eq!(rest, expected);
        assert_eq!(state(notebook.path()), before);
    }
    notebook.write("tickler.toml", "format = 2\n");
    let due = run(&notebook, "due");
    assert_eq!((due.code, due.out.as_str()), (3, ""));
    assert_eq!(
        due.err,
        "tickler: the notebook has format 2, and this tickler knows format 1 only\n\
         hint: a newer tickler wrote it: update this one; nothing was read or changed\n"
    );
}

#[test]
fn a_query_with_a_mistake() {
    let notebook = notebook("query");
    for (query, expected) in [
        (
            "stage:nuture",
            "tickler: query, column 7: no stage \"nuture\"\n  stage:nuture\n        ^^^^^^\n\
             hint: did you mean `nurture`?\n",
        ),
        (
            "(tag:hotel",
            "tickler: query, column 1: this \"(\" is never closed\n  (tag:hotel\n  ^\n\
             hint: close it with `)`, or put quotes around it to look for it\n",
        ),
        (
            "last>soon",
            "tickler: query, column 6: \"soon\" is neither a day nor a length of time\n  last>soon\n       ^^^^\n\
             hint: a day is `2026-12-31`, `today` or `fri`, a length of time `10d`, `2w` or `3mo`\n",
        ),
        (
            "stag:new",
            "tickler: query, column 1: no key \"stag\"\n  stag:new\n  ^^^^\n\
             hint: did you mean `stage`? A key of your own is `custom.stag`\n",
        ),
    ] {
        for verb in ["list", "due", "cracks"] {
            let ran = Tickler::new(verb).word(query).notebook(notebook.path()).run();
            assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{query}");
            assert_eq!(ran.err, expected, "{query}");
        }
    }
}

#[test]
fn no_notebook_and_no_home() {
    let due = Tickler::new("due").within("/").run();
    assert_eq!((due.code, due.out.as_str()), (3, ""));
    assert_eq!(
        due.err,
        "tickler: there is no notebook here, nor in any folder above\n\
         hint: make one with `tickler init`, say where yours is with --dir or TICKLER_DIR, \
         or set `notebook` in /nonexistent/.config/tickler/config.toml\n"
    );
    let mut homeless = Tickler::new("due").within("/").command();
    let output = homeless.env_remove("HOME").output().unwrap();
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "tickler: there is no notebook here, nor in any folder above\n\
         hint: make one with `tickler init`, say where yours is with --dir or TICKLER_DIR\n"
    );
}

#[test]
fn a_contact_name_that_fits_several_or_none() {
    let notebook = notebook("names");
    notebook.write("contacts/jane-roe.md", "# Jane Roe\n");
    for (name, expected) in [
        (
            "jane",
            "tickler: \"jane\" fits 2 contacts\n  jane-doe  Jane Doe\n  jane-roe  Jane Roe\n\
             hint: name one by its id, which stands first, or by more of its name\n",
        ),
        (
            "jnae-doe",
            "tickler: no contact is called \"jnae-doe\"\nhint: did you mean `jane-doe`, Jane Doe?\n",
        ),
        ("nobody", "tickler: no contact is called \"nobody\"\nhint: `tickler list` shows all of them\n"),
    ] {
        let ran = Tickler::new("brief").word(name).notebook(notebook.path()).run();
        assert_eq!((ran.code, ran.out.as_str()), (1, ""), "{name}");
        assert_eq!(ran.err, expected, "{name}");
    }
}

#[test]
fn links_are_no_contacts_and_a_loop_of_them_ends() {
    let notebook = notebook("loop");
    symlink("..", notebook.path().join("contacts/loop")).unwrap();
    symlink("self.md", notebook.path().join("contacts/self.md")).unwrap();
    lists_jane(&run(&notebook, "due"));
    checks(
        &notebook,
        0,
        "contacts/loop: warning: a symbolic link is never read as a contact\n  \
         hint: put the file itself here, or delete the link\n\
         contacts/self.md: warning: a symbolic link is never read as a contact\n  \
         hint: put the file itself here, or delete the link",
    );
}

#[test]
fn files_that_come_and_go_while_they_are_read() {
    let notebook = notebook("ghosts");
    for n in 0..50 {
        notebook.write(&format!("contacts/ghosts/steady-{n}.md"), "# Steady\n");
    }
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut n = 0;
            while !done.load(Ordering::Relaxed) {
                n = (n + 1) % 40;
                notebook.write(&format!("contacts/ghosts/ghost-{n}.md"), "# Ghost\n");
                notebook.write(&format!("contacts/ghosts/{}/ghost.md", n % 3), "# Ghost\n");
                let ghosts = notebook.path().join("contacts/ghosts");
                fs::remove_file(ghosts.join(format!("ghost-{n}.md"))).unwrap();
                fs::remove_dir_all(ghosts.join((n % 3).to_string())).unwrap();
            }
        });
        let ran: Vec<Ran> = (0..50).map(|_| run(&notebook, "due")).collect();
        let lists: Vec<Ran> = (0..10).map(|_| run(&notebook, "list --format csv")).collect();
        done.store(true, Ordering::Relaxed);
        for ran in ran {
            lists_jane(&ran);
            assert_eq!(ran.err, "");
        }
        for ran in lists {
            assert_eq!((ran.code, ran.err.as_str()), (0, ""));
            assert_eq!(ran.out.matches("Steady").count(), 50);
        }
    });
}

/// Runs it as somebody who owns nothing, with the rights that the files give to all.
fn run_as_nobody(notebook: &Scratch, line: &str) -> Ran {
    const NOBODY: u32 = 65534;
    // Whoever runs the tests owns what they just made.
    let is_root = fs::metadata(notebook.path()).unwrap().uid() == 0;
    // The build's own folders may be closed to others.
    let name = notebook.path().file_name().unwrap().to_str().unwrap();
    let place = Scratch::new(&format!("nobody-{name}"));
    let program = place.path().join("tickler");
    if fs::hard_link(binary(), &program).is_err() {
        fs::copy(binary(), &program).unwrap();
    }
    let mut command = Command::new(&program);
    command.args(line.split(' ')).current_dir(notebook.path()).env_clear();
    command.envs([
        ("HOME", "/nonexistent"),
        ("TZ", "UTC"),
        ("NO_COLOR", "1"),
        ("TICKLER_TODAY", "2026-12-03"),
    ]);
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output().expect("the tests run as root, or as somebody whose files they are");
    Ran {
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// Takes the rights away while `what` runs.
fn without_rights<T>(path: &Path, mode: u32, what: impl FnOnce() -> T) -> T {
    let before = fs::metadata(path).unwrap().permissions();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    let done = what();
    fs::set_permissions(path, before).unwrap();
    done
}

#[test]
fn a_folder_and_a_file_without_rights() {
    let notebook = notebook("rights");
    notebook.write("contacts/closed/bob.md", "# Bob\n");
    notebook.write("contacts/eve.md", "# Eve\n");
    let (due, check) = without_rights(&notebook.path().join("contacts/closed"), 0o000, || {
        without_rights(&notebook.path().join("contacts/eve.md"), 0o000, || {
            (run_as_nobody(&notebook, "due"), run_as_nobody(&notebook, "check"))
        })
    });
    lists_jane(&due);
    assert_eq!(
        due.err,
        "contacts/closed: this folder may not be read: permission denied\n\
         contacts/eve.md: cannot be read: permission denied\n"
    );
    assert!(due.out.contains("1 folder cannot be read: tickler check\n"), "{}", due.out);
    assert!(due.out.contains("1 file cannot be read: tickler check\n"), "{}", due.out);
    assert_eq!(
        (check.out.as_str(), check.code),
        (
            "contacts/closed: error: this folder may not be read: permission denied\n  \
             hint: its contacts are missing from every answer; give yourself the right to read it\n\
             contacts/eve.md: error: cannot be read: permission denied\n  \
             hint: give yourself the right to read it\n\n2 errors in 2 files; 2 contacts in all.\n",
            1
        )
    );
}

#[test]
fn contacts_or_settings_without_rights() {
    let notebook = notebook("closed");
    let due = without_rights(&notebook.path().join("contacts"), 0o000, || run_as_nobody(&notebook, "due"));
    let said = "tickler: contacts: cannot be read: permission denied\n";
    assert_eq!((due.code, due.err.as_str(), due.out.as_str()), (3, said, ""));
    let due =
        without_rights(&notebook.path().join("tickler.toml"), 0o000, || run_as_nobody(&notebook, "due"));
    assert_eq!((due.code, due.out.as_str()), (3, ""));
    assert!(
        due.err.ends_with(
            "tickler.toml\": permission denied\nhint: make it a file that you may read; it may be empty\n"
        ),
        "{}",
        due.err
    );
}

#[test]
fn a_notebook_that_cannot_be_written_to() {
    let notebook = notebook("read-only");
    let before = state(notebook.path());
    without_rights(notebook.path(), 0o555, || {
        for _ in 0..2 {
            let due = run_as_nobody(&notebook, "due");
            lists_jane(&due);
            assert_eq!(due.err, "");
        }
    });
    assert!(!notebook.path().join(".tickler").exists());
    assert_eq!(state(notebook.path()), before);
}
