//! `edit`, with editors of every temper: small shell scripts.

use tickler_tests::{Ran, Scratch, Tickler};

const JANE: &str = "+++\nname = \"Jane Doe\"\nstage = \"new\"\n+++\n\n## Log\n\n- 2026-11-20 phone: hello\n";
const FILE: &str = "contacts/jane-doe.md";

fn notebook(name: &str) -> Scratch {
    let scratch = Scratch::in_git(name);
    scratch.write(FILE, JANE);
    scratch.git(&["add", "--all"]);
    scratch.git(&["commit", "--quiet", "--message", "first"]);
    scratch
}

/// Runs `tickler edit jane` with an editor that does `script`, the file being `$1`.
fn edit(scratch: &Scratch, script: &str, options: &str) -> Ran {
    let path = scratch.path().join(".git/editor");
    let path = if path.parent().unwrap().exists() { path } else { scratch.path().join("editor") };
    std::fs::write(&path, format!("{script}\n")).unwrap();
    Tickler::new(&format!("edit jane {options}"))
        .notebook(scratch.path())
        .env("EDITOR", format!("sh {}", path.display()))
        .run()
}

const TO_WON: &str = "sed 's/\"new\"/\"won\"/' \"$1\" > \"$1.x\"; cat \"$1.x\" > \"$1\"; rm \"$1.x\"";
const NONSENSE: &str = "printf '+++\\nname = \\n+++\\n' > \"$1\"";

fn subjects(scratch: &Scratch) -> Vec<String> {
    scratch.git(&["log", "--format=%s"]).lines().map(str::to_owned).collect()
}

/// The texts that are kept aside.
fn aside(scratch: &Scratch) -> Vec<String> {
    let entries = std::fs::read_dir(scratch.path().join(".tickler/edit")).into_iter().flatten().flatten();
    let mut texts: Vec<String> =
        entries.map(|entry| std::fs::read_to_string(entry.path()).unwrap()).collect();
    texts.sort();
    texts
}

#[test]
fn an_edit_is_one_commit_with_a_name() {
    let scratch = notebook("edit");
    let ran = edit(&scratch, TO_WON, "");
    assert_eq!((ran.code, ran.out.lines().next().unwrap()), (0, "edited Jane Doe: stage"), "{}", ran.err);
    assert_eq!(scratch.read(FILE).unwrap(), JANE.replace("new", "won"));
    assert_eq!(subjects(&scratch), ["edit Jane Doe: stage", "first"]);
    assert!(scratch.git(&["log", "-1", "--format=%B"]).contains("Tickler-Verb: edit\n"));
    assert_eq!(scratch.git(&["status", "--porcelain"]), "");
    assert!(aside(&scratch).is_empty());
    let undone = Tickler::new("undo").notebook(scratch.path()).run();
    assert_eq!((undone.code, scratch.read(FILE).as_deref()), (0, Some(JANE)), "{}", undone.err);
}

#[test]
fn an_editor_that_renames_into_place_is_no_different() {
    let scratch = notebook("edit-rename");
    let ran = edit(
        &scratch,
        "sed 's/hello/hi/' \"$1\" > \"$1~\"; mv \"$1~\" \"$1\"; echo x > \"$(dirname \"$1\")/other.md\"",
        "",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(subjects(&scratch)[0], "edit Jane Doe: 1 log entry changed");
    assert_eq!(
        scratch.git(&["status", "--porcelain"]),
        "?? contacts/other.md\n",
        "other files are left alone"
    );
}

#[test]
fn what_was_by_hand_before_has_its_own_commit() {
    let scratch = notebook("edit-by-hand");
    scratch.write(FILE, JANE.replace("hello", "hello there"));
    assert_eq!(edit(&scratch, TO_WON, "").code, 0);
    assert_eq!(
        subjects(&scratch),
        ["edit Jane Doe: stage", "Jane Doe: log 2026-11-20 phone edited", "first"]
    );
}

#[test]
fn nothing_done_is_nothing_changed() {
    let scratch = notebook("edit-nothing");
    let ran = edit(&scratch, "touch \"$1\"", "");
    assert_eq!(
        (ran.code, ran.out.as_str()),
        (0, "nothing to change: \"contacts/jane-doe.md\" is as it was\n")
    );
    let ran = edit(&scratch, ":", "--format json");
    assert!(ran.code == 0 && ran.out.contains("\"commit\": null"), "{}", ran.out);
    assert_eq!((subjects(&scratch).len(), aside(&scratch).len()), (1, 0));
    let ran = edit(&scratch, ":", "--format csv");
    assert_eq!(ran.code, 2, "{}", ran.err);
}

#[test]
fn an_editor_that_fails_loses_nothing() {
    let scratch = notebook("edit-fails");
    let ran = edit(&scratch, "exit 1", "");
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (1, "tickler: the editor ended with 1; nothing was committed\n")
    );
    assert!(aside(&scratch).is_empty());
    let ran = edit(&scratch, &format!("{TO_WON}; exit 3"), "");
    assert_eq!(ran.code, 1);
    assert!(
        ran.err.contains("is as the editor left it; what it was is in \".tickler/edit/jane-doe.md\""),
        "{}",
        ran.err
    );
    assert!(scratch.read(FILE).unwrap().contains("won"));
    assert_eq!((aside(&scratch), subjects(&scratch).len()), (vec![JANE.to_owned()], 1));
    let ran = Tickler::new("edit jane").notebook(scratch.path()).env("EDITOR", "no-such-editor").run();
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("was not found"), "{}", ran.err);
}

#[test]
fn a_file_that_the_editor_removes_is_put_back() {
    let scratch = notebook("edit-gone");
    let ran = edit(&scratch, "rm \"$1\"", "");
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (
            1,
            "tickler: the editor removed \"contacts/jane-doe.md\"; it is back as it was\n\
             hint: `tickler rm jane-doe` removes a contact\n"
        )
    );
    assert_eq!((scratch.read(FILE).as_deref(), subjects(&scratch).len()), (Some(JANE), 1));
    assert!(aside(&scratch).is_empty());
}

#[test]
fn nonsense_is_kept_shown_and_not_committed() {
    let scratch = notebook("edit-nonsense");
    scratch.write(FILE, JANE.replace("hello", "never committed"));
    let ran = edit(&scratch, NONSENSE, "");
    assert_eq!(ran.code, 1);
    assert!(ran.err.contains("contacts/jane-doe.md:2:") && ran.err.contains("  2 | name = "), "{}", ran.err);
    assert!(ran.err.contains("has mistakes; it is kept, and nothing was committed"), "{}", ran.err);
    assert!(
        ran.err.contains(
            "hint: `tickler edit jane-doe` mends it; what it was is in \".tickler/edit/jane-doe.md\""
        )
    );
    assert_eq!(scratch.read(FILE).as_deref(), Some("+++\nname = \n+++\n"));
    assert_eq!(
        (aside(&scratch), subjects(&scratch).len()),
        (vec![JANE.replace("hello", "never committed")], 1)
    );
    // Bytes that are no text.
    let ran = edit(&scratch, "printf 'a\\377b' > \"$1\"", "");
    assert!(ran.code == 1 && ran.err.contains("not UTF-8"), "{}", ran.err);
    // The first text is still there, and mending it makes a commit.
    let ran = edit(&scratch, "cp \"$(dirname \"$1\")/../.tickler/edit/jane-doe.md\" \"$1\"", "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(scratch.git(&["show", "HEAD:contacts/jane-doe.md"]).contains("never committed"));
}

#[test]
fn old_mistakes_and_warnings_do_not_stop_it() {
    let scratch = notebook("edit-old");
    let bad = JANE.replace("phone", "fone");
    scratch.write(FILE, &bad);
    scratch.git(&["commit", "--quiet", "--all", "--message", "bad"]);
    let ran = edit(&scratch, TO_WON, "");
    assert!(ran.code == 0 && ran.err.contains("fone"), "{}", ran.err);
    let ran = edit(&scratch, "sed -i 's/stage/hot_buton = \"x\"\\nstage/' \"$1\"", "");
    assert!(ran.code == 0 && ran.err.contains("warning") && ran.err.contains("hot_buton"), "{}", ran.err);
}

#[test]
fn the_commit_may_be_left_to_the_user() {
    let scratch = notebook("edit-no-commit");
    let ran = edit(&scratch, TO_WON, "--no-commit");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(scratch.git(&["status", "--porcelain"]), " M contacts/jane-doe.md\n");
    let outside = Scratch::new("edit-outside");
    outside.write(FILE, JANE);
    let ran = edit(&outside, TO_WON, "");
    assert_eq!((ran.code, outside.read(FILE)), (0, Some(JANE.replace("new", "won"))), "{}", ran.err);
    assert!(aside(&outside).is_empty());
}

#[test]
fn a_deed_that_came_between_is_told_of() {
    let scratch = notebook("edit-between");
    let other = format!("{} next jane-doe 2026-12-09", tickler_tests::binary().display());
    // The editor holds the old text, another tickler writes, and the editor saves over it.
    let ran = edit(
        &scratch,
        &format!("cp \"$1\" \"$1.mine\"; {other}; sed 's/hello/hi/' \"$1.mine\" > \"$1\"; rm \"$1.mine\""),
        "",
    );
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("was changed by another commit while you edited"), "{}", ran.err);
    assert_eq!(scratch.read(FILE).unwrap(), JANE.replace("hello", "hi"));
    let found = subjects(&scratch);
    assert_eq!((found.len(), found[0].as_str()), (3, "edit Jane Doe: 1 log entry changed"), "{found:?}");
    // The editor wrote nothing: what came between stays as it is.
    let ran = edit(&scratch, &other, "");
    assert!(ran.code == 0 && ran.out.contains("nothing to change"), "{}{}", ran.out, ran.err);
    assert!(scratch.read(FILE).unwrap().contains("2026-12-09"));
}

#[test]
fn where_git_refuses_the_file_stays_as_it_was_edited() {
    let scratch = notebook("edit-refused");
    scratch.git(&["checkout", "--quiet", "--detach"]);
    let ran = edit(&scratch, TO_WON, "");
    assert_eq!(ran.code, 3);
    assert!(ran.err.contains("in no commit; what it was is in \".tickler/edit/jane-doe.md\""), "{}", ran.err);
    assert!(scratch.read(FILE).unwrap().contains("won"));
    assert_eq!(aside(&scratch), [JANE]);
}

/// The same on a terminal where `typed` is typed; standard output and error are what the terminal shows.
fn edit_on_a_terminal(scratch: &Scratch, script: &str, typed: &str) -> (String, i32) {
    use std::io::{Read, Write};
    use std::process::Stdio;
    let script_file = scratch.path().join(".git/editor");
    std::fs::write(&script_file, format!("{script}\n")).unwrap();
    let ours =
        rustix::pty::openpt(rustix::pty::OpenptFlags::RDWR | rustix::pty::OpenptFlags::NOCTTY).unwrap();
    rustix::pty::grantpt(&ours).unwrap();
    rustix::pty::unlockpt(&ours).unwrap();
    let name = rustix::pty::ptsname(&ours, Vec::new()).unwrap();
    let theirs = std::fs::OpenOptions::new().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    let mut terminal = std::fs::File::from(ours);
    terminal.write_all(typed.as_bytes()).unwrap();
    let mut command = Tickler::new("edit jane")
        .notebook(scratch.path())
        .env("EDITOR", format!("sh {}", script_file.display()))
        .command();
    command.stdin(theirs.try_clone().unwrap()).stderr(theirs).stdout(Stdio::null());
    let status = command.spawn().unwrap().wait().unwrap();
    drop(command);
    // All of the other side is closed: what it wrote can be read to the end, which some systems call an error.
    let mut shown = Vec::new();
    let _ = terminal.read_to_end(&mut shown);
    (String::from_utf8_lossy(&shown).into_owned(), status.code().unwrap_or(-1))
}

#[test]
fn a_terminal_is_asked_what_to_do_with_a_mistake() {
    let scratch = notebook("edit-asked");
    let (shown, code) = edit_on_a_terminal(&scratch, NONSENSE, "x\nu\n");
    assert!(code == 1 && shown.contains("There is no x."), "{shown}");
    assert!(
        shown.contains("is back as it was")
            && shown.contains("what you wrote is in \".tickler/edit/jane-doe~2.md\""),
        "{shown}"
    );
    assert_eq!(scratch.read(FILE).as_deref(), Some(JANE));
    assert_eq!(aside(&scratch), ["+++\nname = \n+++\n"]);
    let (shown, code) = edit_on_a_terminal(&scratch, NONSENSE, "k\n");
    assert!(code == 1 && shown.contains("it is kept, and nothing was committed"), "{shown}");
    assert_eq!(scratch.read(FILE).as_deref(), Some("+++\nname = \n+++\n"));
    assert_eq!(scratch.git(&["log", "--format=%s"]), "first\n");
    scratch.write(FILE, JANE);
    // The first time it goes wrong, the second time it does not.
    let twice = format!(
        "if grep -q 'name = $' \"$1\"; then printf '+++\\nname = \"Jane\"\\n+++\\n' > \"$1\"; else {NONSENSE}; fi"
    );
    let (shown, code) = edit_on_a_terminal(&scratch, &twice, "e\n");
    assert_eq!(code, 0, "{shown}");
    assert_eq!(subjects(&scratch)[0], "edit Jane: name, stage; 1 log entry removed");
}
