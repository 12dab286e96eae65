//! Invariant 4: deleting the index changes no answer.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tickler_tests::{Ran, Scratch, Tickler};

use super::{program, tree};

/// How to ask each command that reads contacts.
const QUESTIONS: [&[&str]; 17] = [
    &["due"],
    &["due", "--all"],
    &["due", "--within", "7d", "--mine"],
    &["due", "--all", "--format", "json"],
    &["due", "--all", "--format", "csv"],
    &["due", "--explain"],
    &["due", "--all", "last>30d or tag:vip"],
    &["cracks"],
    &["cracks", "--format", "json"],
    &["list"],
    &["list", "--format", "json"],
    &["list", "text:sent"],
    &["show", CONTACT],
    &["brief", CONTACT],
    &["reasons"],
    &["who", CONTACT],
    &["check"],
];
/// Stands for a contact of the notebook.
const CONTACT: &str = "CONTACT";
/// Commands that read no contact.
const NO_QUESTION: [&str; 3] = ["completions", "init", "man"];

/// A copy of a notebook.
fn copy(notebook: &str) -> Scratch {
    let copy = Scratch::new(&format!("house-{}", notebook.replace('/', "-")));
    for file in tree::files(&[notebook]) {
        copy.write(&file.path[notebook.len() + 1..], file.text);
    }
    // A stamp is believed once a file system's clock has ticked since.
    std::thread::sleep(Duration::from_millis(100));
    copy
}

fn said(copy: &Scratch, question: &[&str], today: &str) -> Ran {
    let asked = question.iter().fold(Tickler::new(""), |asked, word| asked.word(word));
    asked.notebook(copy.path()).env("TICKLER_TODAY", today).env("TICKLER_ME", "pat").columns(100).run()
}

#[test]
fn deleting_the_index_changes_no_answer() {
    let verbs = program::verbs();
    for verb in verbs.iter().filter(|verb| !NO_QUESTION.contains(&verb.as_str())) {
        assert!(
            QUESTIONS.iter().any(|question| question[0] == verb),
            "`{verb}` has no question in this test"
        );
    }
    for (notebook, contact) in
        [("docs/example", "amara-okafor"), ("tests/vectors/due-1", "p0002"), ("tests/vectors/due-3", "")]
    {
        let copy = copy(notebook);
        let contact = if contact.is_empty() { first_contact(copy.path()) } else { contact.to_owned() };
        let index = copy.path().join(".tickler/index");
        for question in QUESTIONS.iter().filter(|question| verbs.iter().any(|verb| verb == question[0])) {
            let question: Vec<&str> =
                question.iter().map(|word| if *word == CONTACT { &contact } else { *word }).collect();
            // The index of one day is asked about others too.
            said(&copy, &["due"], "2026-12-03");
            assert!(index.is_file(), "{notebook}: no index was written");
            for today in ["2026-12-03", "2026-12-20", "2026-06-01"] {
                let what = format!("{notebook}: {} on {today}", question.join(" "));
                let with = said(&copy, &question, today);
                let again = said(&copy, &question, today);
                fs::remove_dir_all(copy.path().join(".tickler")).unwrap();
                let without = said(&copy, &question, today);
                assert_eq!(with, without, "{what}");
                assert_eq!(again, without, "{what}, the second time");
                assert!(matches!(without.code, 0 | 1), "{what}: {}", without.err);
                said(&copy, &["due"], "2026-12-03");
            }
        }
    }
}

fn first_contact(notebook: &Path) -> String {
    let entries = fs::read_dir(notebook.join("contacts")).unwrap().map(|entry| entry.unwrap().path());
    let mut stems: Vec<String> = entries
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    stems.sort();
    stems.into_iter().next().expect("the notebook has a contact")
}
