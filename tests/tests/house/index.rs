//! Invariant 4: deleting the index changes no answer.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tickler_tests::{Ran, Scratch, Tickler};

use super::{program, tree};

/// How to ask each command that reads contacts.
const QUESTIONS: &[&[&str]] = &[
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
    &["dupes"],
    &["dupes", "--least", "20", "--format", "json"],
    &["report"],
    &["report", "--format", "json"],
    &["check"],
    &["export", "ics"],
    &["export", "csv", "--all"],
    &["export", "json"],
    &["list", "--format", "mutt"],
    &["status"],
];
/// How to do each deed on a contact; what it writes must not hang on the index either.
const DEEDS: [&[&str]; 19] = [
    &["log", CONTACT, "phone", "voicemail", "-m", "x", "--next", "in 2 weeks"],
    &["next", CONTACT, "next", "fri"],
    &["snooze", CONTACT, "2w"],
    &["promise", CONTACT, "send it by friday"],
    &["kept", CONTACT, "1"],
    &["set", CONTACT, "hot_button=quiet rooms"],
    &["set", "--query", "stage:nurture", "tags+=x"],
    &["tag", CONTACT, "+x"],
    &["stage", CONTACT, "won"],
    &["assign", CONTACT, "--nobody"],
    &["stop", CONTACT, "-m", "x"],
    &["cadence", CONTACT, "--end"],
    &["mv", CONTACT, "somebody-else"],
    &["rm", CONTACT],
    &["merge", CONTACT, "theo-van-der-meer"],
    &["dupes", "--not", CONTACT, "theo-van-der-meer"],
    &["tidy", "--force"],
    &["reassign", "--from", "pat", "--to", "sam"],
    &["check", "--fix"],
];
/// Stands for a contact of the notebook.
const CONTACT: &str = "CONTACT";
/// Commands that read no contact through the index, or ask git alone; one that opens an editor, one that writes a name
/// nobody had, and one that takes in other people's files.
const NO_QUESTION: [&str; 12] = [
    "completions",
    "edit",
    "git-setup",
    "history",
    "import",
    "init",
    "join",
    "man",
    "merge-file",
    "new",
    "sync",
    "undo",
];

/// A copy of a notebook.
fn copy(notebook: &str) -> Scratch {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let copy = Scratch::new(&format!("house-{}-{number}", notebook.replace('/', "-")));
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
            QUESTIONS.iter().chain(&DEEDS).any(|question| question[0] == verb),
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

#[test]
fn deleting_the_index_changes_no_deed() {
    for (notebook, contact) in [("docs/example", "amara-okafor"), ("docs/example", "ines-carvalho")] {
        for deed in DEEDS {
            let deed: Vec<&str> =
                deed.iter().map(|word| if *word == CONTACT { contact } else { *word }).collect();
            let copies = [copy(notebook), copy(notebook)];
            said(&copies[0], &["due"], "2026-12-03");
            assert!(copies[0].path().join(".tickler/index").is_file());
            let [with, without] = copies.each_ref().map(|copy| {
                let ran = said(copy, &deed, "2026-12-03");
                let out = ran.out.replace(&copy.path().display().to_string(), "");
                (Ran { out, ..ran }, texts(copy.path()))
            });
            assert!(matches!(with.0.code, 0 | 1), "{notebook}: {}: {}", deed.join(" "), with.0.err);
            assert_eq!(with, without, "{notebook}: {}", deed.join(" "));
        }
    }
}

/// Every contact's text.
fn texts(notebook: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    let mut folders = vec![notebook.join("contacts")];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(notebook).unwrap().display().to_string();
                texts.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    texts.sort();
    texts
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
