//! What two people did to the same file, and what both have afterwards: a table, played through the real program.

use std::fmt::Write;

use tickler_tests::Team;

use super::says;

/// What a file was, what each of two made of it, and what both have in the end. No text: no file.
struct Row {
    name: &'static str,
    base: &'static str,
    ours: &'static str,
    theirs: &'static str,
    merged: &'static str,
}

const HEAD: &str = "+++\ncity = \"Leeds\"\n+++\n";

const ROWS: [Row; 15] = [
    Row {
        name: "other keys",
        base: HEAD,
        ours: "+++\nphone = \"1\"\ncity = \"Leeds\"\n+++\n",
        theirs: "+++\ncity = \"Leeds\"\nrole = \"buyer\"\n+++\n",
        merged: "+++\nphone = \"1\"\ncity = \"Leeds\"\nrole = \"buyer\"\n+++\n",
    },
    Row {
        name: "one key to the same",
        base: HEAD,
        ours: "+++\ncity = \"Rome\"\n+++\n",
        theirs: "+++\ncity = \"Rome\"\n+++\n",
        merged: "+++\ncity = \"Rome\"\n+++\n",
    },
    Row {
        name: "one key to two values",
        base: HEAD,
        ours: "+++\ncity = \"Paris\"\n+++\n",
        theirs: "+++\ncity = \"Rome\"\n+++\n",
        merged: "+++\ncity = \"Rome\"\n\n[[conflict]]\nkey = \"city\"\nother = \"Paris\"\n+++\n",
    },
    Row {
        name: "removed and changed",
        base: HEAD,
        ours: "+++\n+++\n",
        theirs: "+++\ncity = \"Rome\"\n+++\n",
        merged: "+++\ncity = \"Rome\"\n+++\n",
    },
    Row {
        name: "items of a list",
        base: "+++\ntags = [\"a\", \"b\"]\n+++\n",
        ours: "+++\ntags = [\"a\", \"b\", \"c\"]\n+++\n",
        theirs: "+++\ntags = [\"b\"]\n+++\n",
        merged: "+++\ntags = [\"b\", \"c\"]\n+++\n",
    },
    Row {
        name: "stopped beats won",
        base: "+++\nstage = \"nurture\"\n+++\n",
        ours: "+++\nstage = \"won\"\n+++\n",
        theirs: "+++\nstage = \"stopped\"\n+++\n",
        merged: "+++\nstage = \"stopped\"\n\n[[conflict]]\nkey = \"stage\"\nother = \"won\"\n+++\n",
    },
    Row {
        name: "both added an entry",
        base: "## Log\n\n- 2026-11-02 event: the fair\n",
        ours: "## Log\n\n- 2026-11-12 phone: ours\n- 2026-11-02 event: the fair\n",
        theirs: "## Log\n\n- 2026-11-14 phone: theirs\n- 2026-11-02 event: the fair\n",
        merged: "## Log\n\n- 2026-11-14 phone: theirs\n- 2026-11-12 phone: ours\n- 2026-11-02 event: the fair\n",
    },
    Row {
        name: "the same entry typed twice",
        base: "## Log\n\n- 2026-11-02 event: the fair\n",
        ours: "## Log\n\n- 2026-11-12 phone: same\n- 2026-11-02 event: the fair\n",
        theirs: "## Log\n\n- 2026-11-12 phone: same\n- 2026-11-02 event: the fair\n",
        merged: "## Log\n\n- 2026-11-12 phone: same\n- 2026-11-02 event: the fair\n",
    },
    Row {
        name: "an entry edited and deleted",
        base: "## Log\n\n- 2026-11-12 phone: one\n- 2026-11-02 event: the fair\n",
        ours: "## Log\n\n- 2026-11-02 event: the fair\n",
        theirs: "## Log\n\n- 2026-11-12 phone: one and more\n- 2026-11-02 event: the fair\n",
        merged: "## Log\n\n- 2026-11-12 phone: one and more\n- 2026-11-02 event: the fair\n",
    },
    Row {
        name: "an entry edited differently",
        base: "## Log\n\n- 2026-11-12 phone: one\n",
        ours: "## Log\n\n- 2026-11-12 phone: one, ours\n",
        theirs: "## Log\n\n- 2026-11-12 phone: one, theirs\n",
        merged: "## Log\n\n- 2026-11-12 phone: one, ours\n- 2026-11-12 phone: one, theirs\n",
    },
    Row {
        name: "a box ticked and another promise",
        base: "## Log\n\n- 2026-11-12 phone: one\n  - [ ] send the list\n",
        ours: "## Log\n\n- 2026-11-12 phone: one\n  - [x] send the list\n",
        theirs: "## Log\n\n- 2026-11-12 phone: one\n  - [ ] send the list\n  - [ ] call again\n",
        merged: "## Log\n\n- 2026-11-12 phone: one\n  - [x] send the list\n  - [ ] call again\n",
    },
    Row {
        name: "prose at two places",
        base: "Likes tea.\n\nHas two dogs.\n",
        ours: "Likes green tea.\n\nHas two dogs.\n",
        theirs: "Likes tea.\n\nHas three dogs.\n",
        merged: "Likes green tea.\n\nHas three dogs.\n",
    },
    Row {
        name: "the same line of prose",
        base: "Likes tea.\n",
        ours: "Likes green tea.\n",
        theirs: "Likes black tea.\n",
        merged: "Likes green tea.\n> [!conflict]\n> Likes black tea.\n",
    },
    Row {
        name: "line ends and a key",
        base: "+++\ncity = \"Leeds\"\n+++\n",
        ours: "+++\r\ncity = \"Leeds\"\r\n+++\r\n",
        theirs: "+++\ncity = \"Leeds\"\nrole = \"buyer\"\n+++\n",
        merged: "+++\r\ncity = \"Leeds\"\r\nrole = \"buyer\"\r\n+++\r\n",
    },
    Row {
        name: "changed and deleted",
        base: HEAD,
        ours: "",
        theirs: "+++\ncity = \"Rome\"\n+++\n",
        merged: "+++\ncity = \"Rome\"\n+++\n",
    },
];

fn path(row: &Row) -> String {
    format!("contacts/{}.md", row.name.replace(' ', "-"))
}

/// Plays the rows; `is_swapped` has each of the two do what the other does otherwise.
fn play(is_swapped: bool) -> Team {
    let paths: Vec<String> = ROWS.iter().map(path).collect();
    let files: Vec<(&str, &str)> =
        ROWS.iter().zip(&paths).map(|(row, path)| (path.as_str(), row.base)).collect();
    let team = Team::new("sync-rows", &["pat", "sam"], &files);
    for row in &ROWS {
        let sides = if is_swapped { [row.theirs, row.ours] } else { [row.ours, row.theirs] };
        for (book, text) in team.books().iter().zip(sides) {
            match text {
                "" => std::fs::remove_file(book.path().join(path(row))).unwrap(),
                text => book.write(&path(row), text),
            }
        }
    }
    team.synced(0);
    // Somebody has to look at what was set aside.
    let look = team.sync(1);
    says(&look, 1, &["one-key-to-two-values", "city", "Paris", "Rome", "the-same-line-of-prose"]);
    team.synced(0);
    team.agree();
    team
}

#[test]
fn both_have_what_the_rules_say_whoever_is_first() {
    for is_swapped in [false, true] {
        let team = play(is_swapped);
        let mut wrong = String::new();
        for row in &ROWS {
            let found = team.book(0).texts().get(&path(row)).cloned();
            let wanted = format!("100644 {}", row.merged.escape_default());
            if found.as_ref() != Some(&wanted) {
                writeln!(wrong, "{}:\n  found  {found:?}\n  wanted {wanted:?}", row.name).unwrap();
            }
        }
        assert!(wrong.is_empty(), "{}\n{wrong}", if is_swapped { "swapped" } else { "as they stand" });
    }
}

#[test]
fn renamed_and_changed_both_apply() {
    let team = super::team("renamed");
    let (pat, sam) = (team.book(0), team.book(1));
    super::does(pat, "mv jane-doe jane-lee");
    sam.edit(super::JANES, "Acme Hotels", "Acme");
    super::does(sam, "log jane-doe phone -m 'said hello'");
    team.settle();
    team.agree();
    let text = pat.read("contacts/jane-lee.md");
    assert!(text.contains("company = \"Acme\"\n") && text.contains("said hello\n"), "{text}");
    assert!(!pat.path().join(super::JANES).exists());
}

#[test]
fn both_added_one_path() {
    let team = super::team("added");
    let (pat, sam) = (team.book(0), team.book(1));
    // The same person, and two people of one name in another spelling of the file's.
    pat.write("contacts/gus-hill.md", "+++\nname = \"Gus Hill\"\ncity = \"Rome\"\n+++\n");
    sam.write("contacts/gus-hill.md", "+++\nname = \"Gus Hill\"\nrole = \"buyer\"\n+++\n");
    pat.write("contacts/lee.md", "+++\nname = \"Ann Lee\"\n+++\n");
    sam.write("contacts/lee.md", "+++\nname = \"Zoe Lee\"\n+++\n");
    team.settle();
    team.agree();
    let gus = pat.read("contacts/gus-hill.md");
    assert!(gus.contains("city = \"Rome\"\n") && gus.contains("role = \"buyer\"\n"), "{gus}");
    assert!(pat.read("contacts/lee.md").contains("Zoe Lee"));
    assert!(pat.read("contacts/lee-2.md").contains("Ann Lee"));
}

#[test]
fn what_cannot_be_joined_is_kept_whole() {
    let team = super::team("apart");
    let (pat, sam) = (team.book(0), team.book(1));
    let broken = super::JANE.replace("name = \"Jane Doe\"", "name = Jane Doe");
    pat.write(super::JANES, &broken);
    sam.edit(super::JANES, "Acme Hotels", "Acme");
    team.synced(1);
    let ran = team.sync(0);
    says(&ran, 1, &["conflicts/jane-doe-"]);
    team.settle();
    team.agree();
    // The side that parses stays; the other is beside it, under the first digits of its blob.
    assert!(sam.read(super::JANES).contains("company = \"Acme\"\n"));
    let blob = pat.git_says("rev-parse HEAD:conflicts/").trim().to_owned();
    let listed = pat.git_says(&format!("ls-tree {blob}"));
    let (entry, name) = listed.trim().split_once('\t').unwrap();
    let blob = entry.split(' ').nth(2).unwrap();
    assert_eq!(name, format!("jane-doe-{}.md", &blob[..8]));
    assert_eq!(sam.read(&format!("conflicts/{name}")), broken);
    // Once it is dealt with, it is gone for both.
    std::fs::remove_dir_all(sam.path().join("conflicts")).unwrap();
    team.settle();
    team.agree();
    assert!(pat.texts().keys().all(|path| !path.starts_with("conflicts")), "{:?}", pat.texts());
}

#[test]
fn a_file_that_is_no_contact() {
    let team = super::team("others");
    let (pat, sam) = (team.book(0), team.book(1));
    pat.write("files/prices.txt", "one 10\ntwo 2\n");
    sam.write("files/prices.txt", "one 1\ntwo 2\nthree 3\n");
    pat.edit("tickler.toml", "[team.sam]", "[team.kim]\n[team.sam]");
    sam.write("tickler.toml", format!("currency = \"EUR\"\n{}", sam.read("tickler.toml")));
    pat.write("files/logo.bin", [0, 255, 1]);
    team.settle();
    team.agree();
    assert_eq!(pat.read("files/prices.txt"), "one 10\ntwo 2\nthree 3\n");
    let settings = pat.read("tickler.toml");
    assert!(settings.contains("[team.kim]\n") && settings.starts_with("currency = \"EUR\"\n"), "{settings}");
    assert_eq!(std::fs::read(sam.path().join("files/logo.bin")).unwrap(), [0, 255, 1]);
}

#[test]
fn a_conflict_is_over_when_somebody_deletes_it() {
    let team = super::team("settled");
    let (pat, sam) = (team.book(0), team.book(1));
    pat.edit(super::JANES, "Acme Hotels", "Acme");
    sam.edit(super::JANES, "Acme Hotels", "Zeta");
    team.settle();
    let conflict = "\n[[conflict]]\nkey = \"company\"\nother = \"Acme\"\n";
    pat.edit(super::JANES, conflict, "");
    super::does(sam, "log jane-doe phone -m 'said hello'");
    team.settle();
    team.agree();
    let text = sam.read(super::JANES);
    assert!(text.contains("company = \"Zeta\"\n") && !text.contains("conflict"), "{text}");
    assert!(text.contains("said hello\n"), "{text}");
}
