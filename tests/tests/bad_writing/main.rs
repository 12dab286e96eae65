//! Deeds that are refused: a clear sentence and what to do for each, and the whole folder is byte for byte as before.
//! The museum holds the words.

mod disk;
mod repository;
mod typed;

use tickler_tests::{Book, Ran, exhibit};

const SETTINGS: &str = "[team.pat]\nemail = [\"pat@acme.example\"]\n[team.sam]\n\
                        [cadence.new-lead]\nsteps = [{ after = \"0 days\", via = \"card\" }]\n";
const JANE: &str = "+++\nname = \"Jane Doe\"\ncompany = \"Acme Hotels\"\nowner = \"pat\"\nstage = \"nurture\"\n+++\n\n\
                    ## Log\n\n- 2026-11-10 email: sent the spec sheet\n  - [ ] them: read page 3\n  - [ ] send the list\n";
const JANET: &str = "+++\nname = \"Janet Roe\"\ncompany = \"Acme Hotels\"\nnext.on = 2026-12-20\n+++\n";
const BROKEN: &str = "+++\nname = Bob Smith\n+++\n";
const STOPPED: &str = "+++\nstage = \"stopped\"\n+++\n# Carla Stone\n";

const FILES: [(&str, &str); 6] = [
    ("tickler.toml", SETTINGS),
    ("contacts/jane-doe.md", JANE),
    ("contacts/janet-roe.md", JANET),
    ("contacts/bob-smith.md", BROKEN),
    ("contacts/carla-stone.md", STOPPED),
    ("contacts/dan-frost.md", "# Dan Frost\n"),
];

const LOG: &str = "log jane-doe phone";
const JANES: &str = "contacts/jane-doe.md";

fn book(name: &str) -> Book {
    Book::git(&format!("bad-{name}"), &FILES)
}

/// What the program says when it refuses a line; nothing may have changed.
#[track_caller]
fn refused(book: &Book, line: &str) -> String {
    refused_as(book, line, Book::run)
}

#[track_caller]
fn refused_as(book: &Book, line: &str, run: impl Fn(&Book, &str) -> Ran) -> String {
    let before = book.snapshot();
    let ran = run(book, line);
    let err = book.masked(&ran.err);
    assert_eq!(book.snapshot(), before, "{line} changed something: {err}");
    assert_eq!(book.litter(), [""; 0], "{line}: {err}");
    assert_eq!(ran.out, "", "{line}");
    assert!([1, 2, 3].contains(&ran.code), "{line} ended with {}: {err}", ran.code);
    format!("$ tickler {line}\n{err}[{}]\n\n", ran.code)
}

/// The same for many lines, kept in the museum.
#[track_caller]
fn all_refused(name: &str, lines: &[&str]) {
    let book = book(name);
    let museum: String = lines.iter().map(|line| refused(&book, line)).collect();
    exhibit(&format!("refused-{name}.txt"), &museum);
}

/// The deed is done after all, once what was in its way is gone.
#[track_caller]
fn works(book: &Book, line: &str) -> Ran {
    let ran = book.run(line);
    assert_eq!(ran.code, 0, "{line}: {}", ran.err);
    ran
}
