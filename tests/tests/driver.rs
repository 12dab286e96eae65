//! git's own merges through the driver: merge, pull, rebase, cherry-pick and stash give what `sync` and `merge-file`
//! give, and without the program no side is dropped.

use std::collections::BTreeMap;
use std::fs;
use std::process::Output;

use tickler_tests::{Book, Team};

/// A contact, what each of two made of it, and words that must stand in what they have in the end.
const ROWS: [(&str, [&str; 3], &[&str]); 5] = [
    (
        "keys",
        [
            "+++\nname = \"Ann Lee\"\ncity = \"Leeds\"\n+++\n",
            "+++\nname = \"Ann Lee\"\nphone = \"1\"\ncity = \"Rome\"\n+++\n",
            "+++\nname = \"Ann Lee\"\ncity = \"Paris\"\nphone = \"1\"\n+++\n",
        ],
        &["\ncity = \"Rome\"\n", "\n[[conflict]]\nkey = \"city\"\nother = \"Paris\"\n"],
    ),
    (
        "log",
        [
            "# Bob\n\n## Log\n\n- 2026-11-02 event: the fair\n",
            "# Bob\n\n## Log\n\n- 2026-11-12 phone: ours\n- 2026-11-02 event: the fair\n",
            "# Bob\n\n## Log\n\n- 2026-11-14 phone: theirs\n- 2026-11-02 event: the fair\n",
        ],
        &["- 2026-11-14 phone: theirs\n- 2026-11-12 phone: ours\n- 2026-11-02 event: the fair\n"],
    ),
    (
        "prose",
        ["# Cleo\n\nLikes tea.\n", "# Cleo\n\nLikes green tea.\n", "# Cleo\n\nLikes black tea.\n"],
        &["\nLikes green tea.\n", "> [!conflict]\n> Likes black tea.\n"],
    ),
    (
        "a name with spaces, it's hers",
        ["# Dan\n\nOne.\n\nTwo.\n", "# Dan\n\nOne, ours.\n\nTwo.\n", "# Dan\n\nOne.\n\nTwo, theirs.\n"],
        &["One, ours.\n\nTwo, theirs.\n"],
    ),
    (
        "far/line-ends",
        [
            "+++\ncity = \"Leeds\"\n+++\n# Eve\n",
            "+++\r\ncity = \"Leeds\"\r\n+++\r\n# Eve\r\n",
            "+++\ncity = \"Leeds\"\nrole = \"buyer\"\n+++\n# Eve\n",
        ],
        &["city = \"Leeds\"\r\nrole = \"buyer\"\r\n"],
    ),
];

const SETTINGS: [&str; 3] = [
    "currency = \"EUR\"\n\n[team.sam]\nname = \"Sam\"\n",
    "currency = \"EUR\"\n\n[team.sam]\nname = \"Sam\"\n\n[team.pat]\n",
    "timezone = \"Europe/Rome\"\ncurrency = \"EUR\"\n\n[team.sam]\nname = \"Sam\"\n",
];

fn path(name: &str) -> String {
    format!("contacts/{name}.md")
}

/// Each file's three versions, by its path.
fn versions() -> BTreeMap<String, [&'static str; 3]> {
    let contacts = ROWS.iter().map(|(name, versions, _)| (path(name), *versions));
    contacts.chain([("tickler.toml".to_owned(), SETTINGS)]).collect()
}

/// Pat committed one version of everything, and Sam pushed another; git knows tickler's rules at both.
fn parted(name: &str) -> Team {
    let versions = versions();
    let base: Vec<(&str, &str)> = versions.iter().map(|(path, three)| (path.as_str(), three[0])).collect();
    let team = Team::new(&format!("driver-{name}"), &["pat", "sam"], &base);
    for (who, book) in team.books().iter().enumerate() {
        let ran = book.run("git-setup");
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        versions.iter().for_each(|(path, three)| book.write(path, three[who + 1]));
        book.commit_all("both changed everything");
    }
    team.book(1).git_says("push --quiet");
    team.book(0).git_says("fetch --quiet");
    team
}

/// The shared files of a notebook.
fn texts(book: &Book) -> BTreeMap<String, String> {
    versions().into_keys().map(|path| (path.clone(), book.read(&path))).collect()
}

/// What `merge-file` makes of each file.
fn by_merge_file() -> BTreeMap<String, String> {
    let book = Book::plain("driver-by-file", &[("tickler.toml", SETTINGS[0])]);
    let merged = versions().into_iter().map(|(path, three)| {
        for (name, text) in ["base", "ours", "theirs"].iter().zip(three) {
            book.write(name, text);
        }
        let ran = book.tickler("merge-file base ours theirs --path").word(&path).run();
        assert_eq!(ran.code, 0, "{path}: {}", ran.err);
        (path, book.read("ours"))
    });
    merged.collect()
}

#[track_caller]
fn succeeds(output: &Output) {
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&[&*output.stdout, &output.stderr].concat())
    );
}

#[test]
fn every_way_of_git_gives_what_a_sync_gives() {
    let expected = by_merge_file();
    for (name, _, words) in ROWS {
        for word in words {
            assert!(expected[&path(name)].contains(word), "{name}: {word:?} in {:?}", expected[&path(name)]);
        }
    }
    for word in ["timezone = \"Europe/Rome\"\n", "[team.pat]\n"] {
        assert!(expected["tickler.toml"].contains(word), "{}", expected["tickler.toml"]);
    }
    let parted = parted("ways");
    let ways: [(&str, &[&str]); 6] = [
        ("merge", &["merge --quiet --no-edit origin/main"]),
        ("pull", &["pull --quiet --no-rebase --no-edit"]),
        ("rebase", &["rebase --quiet origin/main"]),
        ("pull --rebase", &["pull --quiet --rebase"]),
        ("cherry-pick", &["cherry-pick origin/main"]),
        (
            "stash",
            &[
                "reset --quiet --soft HEAD~1",
                "stash --quiet",
                "merge --quiet --ff-only origin/main",
                "stash pop --quiet",
            ],
        ),
    ];
    for (way, lines) in ways {
        let team = parted.copied("driver-way", 2);
        let pat = team.book(0);
        lines.iter().for_each(|line| succeeds(&pat.git_output(line)));
        assert_eq!(texts(pat), expected, "{way}");
    }
    let team = parted.copied("driver-way", 2);
    let ran = team.sync(0);
    assert_eq!(ran.code, 1, "something is to be looked at: {}{}", ran.out, ran.err);
    assert_eq!(texts(team.book(0)), expected, "sync");
    // And from the other side.
    let team = parted.copied("driver-way", 2);
    team.book(0).git_says("push --quiet --force");
    succeeds(&team.book(1).git_output("pull --quiet --no-rebase --no-edit"));
    assert_eq!(texts(team.book(1)), expected, "the other side");
    team.book(1).git_says("push --quiet");
    team.settle();
    team.agree();
}

#[test]
fn a_merge_of_gits_and_a_sync_of_the_same_are_the_same() {
    let team = parted("both");
    // Pat merges with git and keeps it; Sam, meanwhile, goes on.
    succeeds(&team.book(0).git_output("pull --quiet --no-rebase --no-edit"));
    assert_eq!(team.book(1).run("log keys phone -m 'and on'").code, 0);
    team.settle();
    team.agree();
    let text = team.book(0).read(&path("keys"));
    assert_eq!((text.matches("and on").count(), text.matches("[[conflict]]").count()), (1, 1), "{text}");
}

/// The program is gone, and none is on the path.
fn without_program(team: &Team) {
    let config = team.book(0).read(".git/config");
    let program = tickler_tests::binary().display().to_string();
    assert!(config.contains(&program), "{config}");
    team.book(0).write(".git/config", config.replace(&program, "/nowhere/tickler"));
}

#[test]
fn without_the_program_git_merges_as_it_does_and_drops_no_side() {
    let team = parted("gone");
    without_program(&team);
    let pat = team.book(0);
    let output = pat.git_output("merge --no-edit origin/main");
    assert!(!output.status.success(), "git cannot merge the same line");
    let text = pat.read(&path("keys"));
    for word in ["<<<<<<<", ">>>>>>>", "Rome", "Paris"] {
        assert!(text.contains(word), "{word} in {text}");
    }
    // What git's own rules can merge is merged.
    assert_eq!(pat.read(&path(ROWS[3].0)), "# Dan\n\nOne, ours.\n\nTwo, theirs.\n");
    // A sync does nothing to it, and says what is in its way.
    let before = pat.snapshot();
    let ran = pat.run("sync");
    assert_eq!(ran.code, 3, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("merge"), "{}", ran.err);
    assert_eq!(pat.snapshot(), before);
    pat.git_says("merge --abort");
    // Given up, the merge is tickler's to make.
    assert_eq!(team.sync(0).code, 1);
    assert_eq!(texts(pat), by_merge_file());
}

#[test]
fn check_says_where_git_does_not_know() {
    let team = Team::new("driver-check", &["pat"], &[("contacts/ann-lee.md", "# Ann Lee\n")]);
    let pat = team.book(0);
    let warned = |book: &Book| {
        let ran = book.run("check");
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        format!("{}{}", ran.out, ran.err).contains("tickler git-setup")
    };
    assert!(warned(pat), "it is not set up");
    assert_eq!(pat.run("git-setup").code, 0);
    assert!(!warned(pat));
    without_program(&team);
    assert!(warned(pat), "its program is gone");
    assert_eq!(pat.run("git-setup").code, 0);
    assert!(!warned(pat));
    // Attributes that somebody took away.
    fs::remove_file(pat.path().join(".git/info/attributes")).unwrap();
    assert!(warned(pat));
    // Without a remote nobody merges.
    assert!(!warned(&Book::git("driver-alone", &[("contacts/ann-lee.md", "# Ann Lee\n")])));
}

#[test]
fn what_git_cannot_join_is_kept_by_the_driver_too() {
    let base = "+++\ncity = \"Leeds\"\n+++\n# Ann Lee\n";
    let team = Team::new("driver-apart", &["pat", "sam"], &[("contacts/ann-lee.md", base)]);
    let broken = base.replace("\"Leeds\"", "Leeds");
    let whole = base.replace("Leeds", "Rome");
    for (book, text) in team.books().iter().zip([&broken, &whole]) {
        assert_eq!(book.run("git-setup").code, 0);
        book.write("contacts/ann-lee.md", text);
        book.commit_all("changed");
    }
    team.book(1).git_says("push --quiet");
    let pat = team.book(0);
    succeeds(&pat.git_output("pull --quiet --no-rebase --no-edit"));
    assert_eq!(pat.read("contacts/ann-lee.md"), whole);
    let aside: Vec<_> = fs::read_dir(pat.path().join("conflicts")).unwrap().flatten().collect();
    assert_eq!(aside.len(), 1);
    assert_eq!(fs::read_to_string(aside[0].path()).unwrap(), broken);
    // git leaves it as a new file; the next sync shares it.
    team.settle();
    team.agree();
    assert_eq!(fs::read_dir(team.book(1).path().join("conflicts")).unwrap().count(), 1);
}
