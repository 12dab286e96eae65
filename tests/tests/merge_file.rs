//! `merge-file`: three files, one result, and every way in which there is none.

use tickler_tests::{Book, Ran, exhibit};

const BASE: &str = "+++\nname = \"Jane Doe\"\ncity = \"Bonn\"\ntags = [\"hotel\"]\n+++\n\n## Log\n\n- 2026-11-20 phone: hello\n";
const OURS: &str = "+++\nname = \"Jane Doe\"\ncity = \"Paris\"\ntags = [\"hotel\", \"new\"]\n+++\n\n## Log\n\n- 2026-12-01 email: asks\n- 2026-11-20 phone: hello\n";
const THEIRS: &str = "+++\nname = \"Jane Doe\"\ncity = \"Rome\"\ntags = [\"hotel\", \"hot\"]\nphone = \"1\"\n+++\n\n## Log\n\n- 2026-12-02 phone: answers\n- 2026-11-20 phone: hello\n";
/// What no merge can join to anything: it is no text.
const BYTES: &[u8] = b"\xff\xfe one\n";

/// A notebook, and three versions of a contact beside it.
fn book(name: &str) -> Book {
    let book = Book::plain(name, &[("contacts/jane-doe.md", OURS), ("base", BASE), ("ours", OURS)]);
    book.write("theirs", THEIRS);
    book
}

#[track_caller]
fn ended(book: &Book, line: &str, code: i32) -> Ran {
    let ran = book.run(line);
    assert_eq!(ran.code, code, "{line}: {}{}", ran.out, ran.err);
    ran
}

#[test]
fn both_changes_stay_and_what_needs_a_look_is_told() {
    let book = book("merge-file");
    let line = "merge-file base ours theirs --path contacts/jane-doe.md";
    let ran = ended(&book, line, 0);
    assert_eq!(ran.out, "");
    let merged = book.read("ours");
    exhibit("merge-file.txt", &format!("$ tickler {line}\n{}--- ours\n{merged}", ran.err));
    for (path, text) in [("base", BASE), ("theirs", THEIRS), ("contacts/jane-doe.md", OURS)] {
        assert_eq!(book.read(path), text, "{path}");
    }
    // The other way round it is the same, and so it is as git's driver, and as JSON.
    book.write("ours", OURS);
    ended(&book, "merge-file base theirs ours --path contacts/jane-doe.md", 0);
    assert_eq!(book.read("theirs"), merged);
    book.write("theirs", THEIRS);
    let json = ended(&book, &format!("{line} --driver --format json"), 0);
    assert_eq!((book.read("ours"), json.err), (merged.clone(), ran.err));
    let report: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(report["notes"][0]["key"], "city");
    assert_eq!(report["aside"], serde_json::json!([]));
    // Merged again, nothing changes.
    let again = ended(&book, line, 0);
    assert_eq!((book.read("ours"), again.err), (merged, String::new()));
}

#[test]
fn a_version_that_cannot_be_joined_is_kept_in_conflicts() {
    let book = book("merge-file-apart");
    book.write("theirs", BYTES);
    let line = "merge-file base ours theirs --path contacts/jane-doe.md";
    let ran = ended(&book, line, 0);
    exhibit("merge-file-apart.txt", &format!("$ tickler {line}\n{}", ran.err));
    assert_eq!(book.read("ours"), OURS);
    let names = |folder: &str| {
        let entries = std::fs::read_dir(book.path().join(folder)).unwrap();
        let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let kept = names("conflicts");
    let [kept] = kept.as_slice() else { panic!("{kept:?}") };
    assert_eq!(std::fs::read(book.path().join("conflicts").join(kept)).unwrap(), BYTES);
    let id = book.run("status --format json").out;
    assert!(id.contains(&format!("\"conflicts/{kept}\"")), "{id}");
    // Once more makes no second one.
    ended(&book, line, 0);
    assert_eq!(names("conflicts").len(), 1);
    assert_eq!(book.litter(), [""; 0]);
}

#[test]
fn outside_a_notebook_it_is_kept_beside_the_result() {
    let book = book("merge-file-outside");
    let folder = book.home();
    for (name, bytes) in [("base.md", b"" as &[u8]), ("ours.md", OURS.as_bytes()), ("theirs.md", BYTES)] {
        std::fs::write(folder.join(name), bytes).unwrap();
    }
    let ran = book.tickler("merge-file base.md ours.md theirs.md").within(&folder).run();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("; one version stands, the other is in ours.md.other\n"), "{}", ran.err);
    assert_eq!(std::fs::read(folder.join("ours.md.other")).unwrap(), BYTES);
    // As git's driver, what is called ours is a file that goes again.
    std::fs::rename(folder.join("ours.md"), folder.join(".merge_file_x")).unwrap();
    let ran = book.tickler("merge-file base.md .merge_file_x theirs.md --driver --path jane.md");
    let ran = ran.within(&folder).run();
    assert!(ran.code == 0 && ran.err.contains("jane.md.other\n"), "{}", ran.err);
    assert_eq!(std::fs::read(folder.join("jane.md.other")).unwrap(), BYTES);
}

#[test]
fn no_base_is_an_empty_one_or_none() {
    for base in ["empty", "/dev/null", "missing"] {
        let book = book("merge-file-base");
        book.write("empty", "");
        ended(&book, &format!("merge-file {base} ours theirs --path contacts/jane-doe.md"), 0);
        let merged = book.read("ours");
        for part in ["Paris", "Rome", "\"new\"", "\"hot\"", "email: asks", "phone: answers", "phone = \"1\""]
        {
            assert!(merged.contains(part), "{base}: {part} is not in:\n{merged}");
        }
    }
}

#[test]
fn what_cannot_be_merged_leaves_ours_as_it_was() {
    let newer = "format = 99\n";
    let mut told = String::new();
    for (files, line) in [
        (&[][..], "merge-file base nowhere theirs"),
        (&[], "merge-file base ours nowhere"),
        (&[], "merge-file contacts ours theirs"),
        (&[("tickler.toml", newer)], "merge-file base ours theirs --path contacts/jane-doe.md"),
        (&[("theirs", newer)], "merge-file base ours theirs --path tickler.toml"),
    ] {
        let book = book("merge-file-not");
        files.iter().for_each(|(path, text)| book.write(path, text));
        let before = book.snapshot();
        let ran = ended(&book, line, 3);
        told.push_str(&format!("$ tickler {line}\n{}{}\n", ran.out, book.masked(&ran.err)));
        assert_eq!(book.snapshot(), before, "{line}");
    }
    let book = book("merge-file-not");
    ended(&book, "merge-file base ours theirs --driver", 2);
    ended(&book, "merge-file base ours theirs --format csv", 2);
    exhibit("merge-file-not.txt", &told);
}

#[test]
fn a_link_and_a_mode_stay() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let book = book("merge-file-link");
    let path = |name: &str| book.path().join(name);
    std::fs::set_permissions(path("ours"), std::fs::Permissions::from_mode(0o640)).unwrap();
    symlink("ours", path("link")).unwrap();
    ended(&book, "merge-file base link theirs --path contacts/jane-doe.md", 0);
    assert!(std::fs::symlink_metadata(path("link")).unwrap().is_symlink());
    assert_ne!(book.read("ours"), OURS);
    assert_eq!(std::fs::metadata(path("ours")).unwrap().permissions().mode() & 0o777, 0o640);
}
