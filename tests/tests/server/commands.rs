//! The administrator's commands beside a running server, and what they refuse.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use tickler_tests::{Ran, Scratch, Serving, ran, server_binary, team};

#[test]
fn users_come_and_go_while_it_serves() {
    let mut serving = Serving::example("users");
    serving.add_user("sam", "editor");
    let may = |serving: &Serving| {
        let line = format!("ls-remote {} HEAD", serving.url("sam", "main"));
        team::git(serving.folder(), &line).status.success()
    };
    assert!(may(&serving));
    let today =
        serving.says(&["user", "list"]).lines().last().unwrap().split_whitespace().last().unwrap().to_owned();
    assert_eq!(
        serving.says(&["user", "list"]),
        format!(
            "user   roles        email  token since\nadmin  main admin   -      {today}\nsam    main editor  -      {today}\n"
        )
    );
    let old = serving.url("sam", "main");
    let said = serving.says(&["user", "reset", "sam"]);
    serving.note_token("sam", &said);
    assert!(!team::git(serving.folder(), &format!("ls-remote {old}")).status.success(), "an old token works");
    assert!(may(&serving));
    serving.says(&["user", "add", "sam", "--role", "viewer", "--email", "sam@acme.example"]);
    let listed: serde_json::Value =
        serde_json::from_str(&serving.says(&["user", "list", "--format", "json"])).unwrap();
    assert_eq!(listed[1]["roles"]["main"], "viewer");
    assert_eq!(listed[1]["email"], "sam@acme.example");
    assert!(!listed.to_string().contains("sha256"), "{listed}");
    serving.says(&["user", "remove", "sam"]);
    assert!(!may(&serving));
}

#[test]
fn a_notebook_keeps_an_admin() {
    let mut serving = Serving::example("last-admin");
    for words in [["user", "remove", "admin", ""].as_slice(), &["user", "add", "admin", "--role", "editor"]] {
        let words: Vec<&str> = words.iter().copied().filter(|word| !word.is_empty()).collect();
        let refused = serving.command(&words);
        assert_eq!(refused.code, 1, "{words:?}");
        assert!(
            refused.err.contains("error: \"admin\" is the only admin of \"main\"\n  hint: "),
            "{}",
            refused.err
        );
    }
    serving.add_user("sam", "admin");
    serving.says(&["user", "add", "admin", "--role", "editor"]);
    assert_eq!(serving.command(&["user", "remove", "sam"]).code, 1);
    serving.says(&["user", "remove", "sam", "--force"]);
}

#[test]
fn notebooks_come_with_their_history() {
    let mut serving = Serving::example("notebooks");
    let book = Scratch::in_git("notebooks-from");
    book.write("contacts/jane.md", "+++\nname = \"Jane\"\n+++\n");
    book.git(&["add", "."]);
    book.git(&["commit", "--quiet", "-m", "one"]);
    book.write("contacts/joe.md", "+++\nname = \"Joe\"\n+++\n");
    book.write("files/con.txt", "a device\n");
    book.git(&["add", "."]);
    book.git(&["commit", "--quiet", "-m", "two"]);
    book.git(&["tag", "v1"]);
    book.git(&["branch", "-M", "trunk"]);
    let from = book.path().display().to_string();
    let ran = serving.command(&["notebook", "add", "crm", "--from", &from]);
    assert_eq!(
        (ran.code, ran.err.as_str()),
        (0, "warning: files/con.txt: Windows keeps that name for a device\n")
    );
    let said = ran.out;
    assert!(said.starts_with("added the notebook crm, of the branch trunk: 2 contacts\n"), "{said}");
    assert!(said.contains("tickler-server user add NAME --notebook crm --role admin"), "{said}");
    assert_eq!(serving.tip("crm"), book.git(&["rev-parse", "HEAD"]).trim());
    assert_eq!(serving.git("data/notebooks/crm.git", "rev-list --count main").trim(), "2");
    assert_eq!(
        serving.git("data/notebooks/crm.git", "for-each-ref --format=%(refname)").trim(),
        "refs/heads/main"
    );
    // Nobody is of it yet; then somebody is.
    let listing = format!("ls-remote {} HEAD", serving.url("admin", "crm"));
    assert!(!team::git(serving.folder(), &listing).status.success());
    serving.says(&["user", "add", "admin", "--notebook", "crm", "--role", "admin"]);
    assert!(team::git(serving.folder(), &listing).status.success());
    // From a server as well, which asks for a token that is nowhere shown.
    let said =
        serving.command(&["notebook", "add", "copy", "--from", &serving.url_with("admin", "wrong", "crm")]);
    assert_eq!(said.code, 1);
    assert!(!said.err.contains("wrong"), "{}", said.err);
    let url = serving.url("admin", "crm");
    serving.says(&[
        "notebook",
        "add",
        "copy",
        "--from",
        &url,
        "--upstream",
        "https://git.example.com/a/b.git",
    ]);
    assert_eq!(serving.tip("copy"), serving.tip("crm"));
    serving.says(&["notebook", "add", "empty"]);
    let listed = serving.says(&["notebook", "list"]);
    let rows: Vec<Vec<&str>> = listed.lines().map(|line| line.split_whitespace().collect()).collect();
    let shown: Vec<(&str, &str, &str)> =
        rows[1..].iter().map(|row| (row[0], row[1], *row.last().unwrap())).collect();
    assert_eq!(
        shown,
        [
            ("copy", "2", "https://git.example.com/a/b.git"),
            ("crm", "2", "-"),
            ("empty", "0", "-"),
            ("main", "14", "-")
        ]
    );
    // What was begun and refused leaves nothing, and the server starts with what was written into its settings.
    assert_eq!(fs::read_dir(serving.data().join("notebooks")).unwrap().count(), 4);
    assert_eq!(serving.says(&["check"]), "nothing is wrong: 4 notebooks, 18 contacts\n");
    serving.kill_and_restart();
}

/// What is said in a folder of its own, in which `prepare` may put something.
#[track_caller]
fn refuses(words: &str, prepare: &str, code: i32, message: &str, hint: &str) {
    let folder = team::fresh_folder("refused");
    let shell = |line: &str| Command::new("sh").args(["-ec", line]).current_dir(&folder).status().unwrap();
    assert!(shell(prepare).success(), "{prepare}");
    let mut command = Command::new(server_binary());
    command.args(words.split(' ')).current_dir(&folder).stdin(Stdio::null());
    if prepare.contains("bin/git") {
        command.env("PATH", folder.join("bin"));
    }
    let Ran { out, err, code: is } = ran(command);
    let err = err.replace(&folder.display().to_string(), "~");
    assert!(err.contains(message) && err.contains(hint) && is == code, "{words}: {is}: {out}{err}");
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn what_cannot_be_is_said_with_a_way_out() {
    let serve = "serve --data d --listen 127.0.0.1:0";
    for (words, prepare, code, message, hint) in [
        (
            serve,
            "mkdir d; touch d/x",
            1,
            "\"~/d\" is not empty, and no data folder",
            "hint: name an empty folder",
        ),
        (serve, "touch d", 2, "cannot use \"~/d\": ", ""),
        (serve, "mkdir bin d; : > bin/git.not", 2, "the program \"git\" is not there", "hint: install git"),
        (
            serve,
            "mkdir bin; printf '#!/bin/sh\\necho git version 2.30.2\\n' > bin/git; chmod +x bin/git",
            2,
            "is too old: git version 2.30.2",
            "hint: git 2.34 or newer is needed",
        ),
        (
            serve,
            "mkdir d; printf '[limits]\\n\\npushs = 4\\n' > d/server.toml",
            2,
            "~/d/server.toml:3: unknown field `pushs`",
            "hint: every key",
        ),
        (
            "serve --data d --listen 0.0.0.0:0",
            ":",
            1,
            "would cross the network in the clear",
            "hint: give --tls-cert",
        ),
        (
            "user list --data d",
            ":",
            2,
            "\"d\" is no data folder of a server",
            "tickler-server serve --data d",
        ),
        (
            "usr list --data d",
            ":",
            2,
            "unrecognized subcommand 'usr'",
            "tip: a similar subcommand exists: 'user'",
        ),
        ("user add Pat --role editor --data d", ":", 2, "\"Pat\" cannot be the name of a user", ""),
        ("user add pat --role writer --data d", ":", 2, "invalid value 'writer'", "viewer, editor, admin"),
        ("user list", ":", 2, "--data <DIR>", ""),
    ] {
        refuses(words, prepare, code, message, hint);
    }
}

#[test]
fn what_is_not_there_is_said_beside_a_running_server() {
    let serving = Serving::example("nothing-there");
    let plain = Scratch::in_git("no-notebook");
    plain.git(&["rm", "--quiet", "--cached", "--ignore-unmatch", "tickler.toml"]);
    plain.git(&["add", ".gitignore"]);
    plain.git(&["commit", "--quiet", "-m", "one"]);
    let plain = plain.path().display().to_string();
    for (words, message) in [
        (["user", "remove", "kim", "", ""], "there is no user \"kim\""),
        (["user", "reset", "kim", "", ""], "there is no user \"kim\""),
        (["notebook", "add", "main", "", ""], "there is a notebook \"main\" already"),
        (["notebook", "add", "api", "", ""], "\"api\" cannot be the name of a notebook"),
        (["notebook", "add", "x", "--from", "/nowhere"], "'/nowhere' does not appear to be a git repository"),
        (
            ["notebook", "add", "x", "--from", &plain],
            "there is no tickler.toml at the root of its branch \"main\"",
        ),
        (["notebook", "add", "x", "--from", "ext::sh -c true"], "transport 'ext' not allowed"),
        (["notebook", "add", "x", "--from=--upload-pack=true", ""], "'--upload-pack=true' blocked"),
    ] {
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        let refused = serving.command(&words);
        assert!(
            refused.code > 0 && refused.err.contains(message),
            "{words:?}: {}{}",
            refused.out,
            refused.err
        );
    }
    let add = serving.command(&["user", "add", "kim", "--role", "editor", "--notebook", "nope"]);
    assert!(add.err.contains("there is no notebook \"nope\""), "{}", add.err);
    assert_eq!(fs::read_dir(serving.data().join("notebooks")).unwrap().count(), 1);
}

#[test]
fn a_second_server_finds_the_first() {
    let serving = Serving::example("second");
    let refused = serving.command(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("another server is at work on"), "{}", refused.err);
    let other = serving.folder().join("other");
    let mut command = Command::new(server_binary());
    command
        .args(["serve", "--listen", &serving.address().to_string(), "--data"])
        .arg(&other)
        .stdin(Stdio::null());
    let refused = ran(command);
    assert!(refused.code == 1 && refused.err.contains("another program listens on"), "{}", refused.err);
    // Its first minute is still to come.
    assert!(!other.join("users.toml").exists());
}

#[test]
fn check_finds_what_is_wrong() {
    let mut serving = Serving::example("check");
    serving.clone_by("admin", "mine");
    fs::write(serving.folder().join("mine/contacts/broken.md"), "+++\nname = \"B\n+++\n").unwrap();
    serving.git("mine", "add .");
    serving.git("mine", "commit --quiet -m broken");
    // Past the server, whose hooks would refuse it.
    let repository = serving.repository("main").display().to_string();
    serving.kill();
    serving.git("mine", &format!("-c core.hooksPath=/dev/null push --quiet --receive-pack 'git -c core.hooksPath=/dev/null receive-pack' {repository} HEAD:main"));
    fs::set_permissions(serving.data().join("users.toml"), fs::Permissions::from_mode(0o644)).unwrap();
    fs::remove_file(serving.data().join("hooks/pre-receive")).unwrap();
    let settings = serving.data().join("server.toml");
    let text = fs::read_to_string(&settings).unwrap() + "\n[notebook.gone]\nupstream = \"x\"\n";
    fs::write(&settings, text).unwrap();
    fs::write(serving.data().join("record/pushes.jsonl"), "{}\nnot a line\n").unwrap();
    let objects = serving.git("data/notebooks/main.git", "rev-parse main^{tree}");
    let tree = serving.repository("main").join("objects").join(&objects[..2]).join(objects[2..].trim());
    let checked = serving.command(&["check"]);
    assert_eq!(checked.code, 1, "{}", checked.out);
    for line in [
        "users.toml: others may use it: its mode is 644, and 600 is enough",
        "hooks/pre-receive: it leads to no program; the next start of the server mends that",
        "server.toml: there is no notebook \"gone\"",
        "record/pushes.jsonl:2: no record of a push",
        "main: contacts/broken.md:2:",
    ] {
        assert!(checked.out.contains(line), "{line} is not in:\n{}", checked.out);
    }
    assert!(checked.err.contains("5 faults were found in 1 notebook"), "{}", checked.err);
    // And an object that is gone.
    fs::remove_file(tree).unwrap();
    let checked = serving.command(&["check"]);
    assert!(checked.code == 1 && checked.out.contains("main: git: "), "{}{}", checked.out, checked.err);
}
