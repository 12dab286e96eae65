//! `import csv` end to end: sheets that are known, sheets that are explained, and sheets that are asked about.

use std::io::{Read, Write};
use std::process::Stdio;

use tickler_tests::{Ran, Scratch, Tickler};

const UNKNOWN: &str =
    "Kunde;Kontakt;Bemerkung\nErika Muster;erika@werk.example;mag Uhren\nJan Ruh;jan@ruh.example;\n";
const GUESS: &str = "--map name=Kunde,email=Kontakt,bemerkung=Bemerkung";

fn notebook(name: &str) -> Scratch {
    let scratch = Scratch::in_git(name);
    scratch.write("in/people.csv", UNKNOWN);
    scratch.git(&["add", "--all"]);
    scratch.git(&["commit", "--quiet", "--message=first"]);
    scratch
}

fn import(scratch: &Scratch, words: &str) -> Tickler {
    let file = scratch.path().join("in/people.csv");
    Tickler::typed(&format!("import csv {} {words}", file.display()))
        .notebook(scratch.path())
        .env("XDG_CONFIG_HOME", scratch.path().join(".git/config-home"))
}

fn run(scratch: &Scratch, words: &str) -> Ran {
    import(scratch, words).run()
}

fn kept(scratch: &Scratch) -> Option<String> {
    scratch.read(".git/config-home/tickler/mappings.toml")
}

#[test]
fn a_sheet_that_nobody_knows_is_explained_once() {
    let scratch = notebook("csv-unknown");
    let asked = run(&scratch, "");
    assert_eq!((asked.code, asked.out.as_str()), (2, ""));
    assert!(
        asked.err.contains("people.csv\" are is not known") && asked.err.contains(GUESS),
        "{}",
        asked.err
    );
    let line = asked.err.lines().find(|line| line.contains("--map")).unwrap();
    let words = line.split_once("people.csv ").unwrap().1;
    assert_eq!(run(&scratch, &format!("{words} --dry-run")).code, 0);
    assert_eq!((kept(&scratch), scratch.read("contacts/erika-muster.md")), (None, None));
    let done = run(&scratch, words);
    assert_eq!(done.code, 0, "{}", done.err);
    assert!(done.err.contains("kept for the next sheet with the same columns"), "{}", done.err);
    let erika = scratch.read("contacts/erika-muster.md").unwrap();
    assert!(erika.contains("name = \"Erika Muster\"") && erika.contains("erika@werk.example"), "{erika}");
    scratch.write("in/people.csv", UNKNOWN.replace("Jan Ruh;jan@ruh", "Ina Neu;ina@neu"));
    let again = run(&scratch, "");
    assert!(again.err.contains("read as the last time"), "{}", again.err);
    assert!(scratch.read("contacts/ina-neu.md").is_some(), "{}", again.err);
    assert!(kept(&scratch).unwrap().contains("bemerkung=Bemerkung"));
    assert_eq!(run(&scratch, "--forget").code, 2);
}

#[test]
fn mistakes_are_named() {
    let scratch = notebook("csv-mistakes");
    for (words, says) in [
        ("--map name=Kunden", "there is no column \"Kunden\"; did you mean \"Kunde\"?"),
        ("--map name", "\"name\" is no pair such as name=\"Full Name\""),
        ("--map next=Kunde", "\"next\" cannot be taken from a column"),
        ("--map name=#4", "there is no column #4, only 3"),
        ("--encoding klingon", "no encoding is called \"klingon\""),
    ] {
        let ran = run(&scratch, words);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{words}");
        assert!(ran.err.contains(says), "{words}: {}", ran.err);
    }
    scratch.write("in/people.csv", "");
    let ran = run(&scratch, "");
    assert!(ran.code == 2 && ran.err.contains("nothing is in it"), "{}", ran.err);
    assert_eq!(kept(&scratch), None);
}

#[test]
fn a_known_sheet_needs_no_words() {
    let scratch = notebook("csv-known");
    let text = "Notes:\n\"Some addresses are missing\"\n\nFirst Name,Last Name,URL,Email Address,Company,Position,\
        Connected On\nRenée,Dupont,,renee@x.example,,,01/02/2024\n";
    let (bytes, mark): (Vec<u8>, [u8; 2]) =
        (text.encode_utf16().flat_map(u16::to_le_bytes).collect(), [0xff, 0xfe]);
    scratch.write("in/people.csv", [&mark[..], &bytes].concat());
    let ran = run(&scratch, "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("a sheet of LinkedIn") && ran.err.contains("--dates dmy"), "{}", ran.err);
    assert!(scratch.read("contacts/renee-dupont.md").unwrap().contains("Renée Dupont"));
    assert_eq!(kept(&scratch), None);
}

/// The import on a terminal where `typed` is typed, and what the terminal shows.
fn on_a_terminal(scratch: &Scratch, typed: &str) -> (String, i32) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let theirs = std::fs::OpenOptions::new().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    let mut terminal = std::fs::File::from(ours);
    terminal.write_all(typed.as_bytes()).unwrap();
    let mut command = import(scratch, "").command();
    command.stdin(theirs.try_clone().unwrap()).stderr(theirs).stdout(Stdio::null());
    let status = command.spawn().unwrap().wait().unwrap();
    drop(command);
    // All of the other side is closed: what it wrote can be read to the end, which some systems call an error.
    let mut shown = Vec::new();
    let _ = terminal.read_to_end(&mut shown);
    (String::from_utf8_lossy(&shown).replace("\r\n", "\n"), status.code().unwrap_or(-1))
}

#[test]
fn a_terminal_is_asked_what_columns_are() {
    let scratch = notebook("csv-asked");
    let (shown, code) = on_a_terminal(&scratch, "\n?\n\n-\nn\n");
    assert_eq!(code, 1, "{shown}");
    assert!(shown.contains("  1  Kunde      Erika Muster · Jan Ruh\n     [name]: "), "{shown}");
    assert!(shown.contains("Keys: name first last"), "{shown}");
    assert!(shown.contains("  Erika Muster\n    email: erika@werk.example\n"), "{shown}");
    assert!(shown.contains("nothing was imported") && shown.contains("name=Kunde,email=Kontakt"), "{shown}");
    assert_eq!((kept(&scratch), scratch.read("contacts/erika-muster.md")), (None, None));
    let (shown, code) = on_a_terminal(&scratch, "\n\nnext\nnote\nmaybe\ny\n");
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("\"next\" cannot be taken from a column"), "{shown}");
    assert!(shown.contains("    note: mag Uhren\n"), "{shown}");
    assert!(kept(&scratch).unwrap().contains("name=Kunde,email=Kontakt,note=Bemerkung"));
    assert!(scratch.read("contacts/erika-muster.md").is_some());
}

/// A later row was of somebody whom only a further one made known; the next import did what this one left.
#[test]
fn rows_of_one_person_are_done_in_one_import() {
    let scratch = Scratch::in_git("csv-one-person");
    scratch.write(
        "in/people.csv",
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
         Ann,Lee,,,,Buyer,01 Jan 2024\n,,,,,,02 Jan 2020\nAnn,Lee,,ann@x.example,Acme,Seller,01 Feb 2024\n\
         Ann,Lee,,ann@x.example,Bolt,Partner,01 Feb 2024\nZo,Else,,ann@x.example,,,01 Feb 2024\n",
    );
    scratch.git(&["add", "--all"]);
    scratch.git(&["commit", "--quiet", "--message=first"]);
    let ran = run(&scratch, "");
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("left aside: rows without a name (1)"), "{}", ran.out);
    let all = scratch.git(&["show", "HEAD"]);
    for said in ["Buyer", "Seller", "Partner", "Acme", "Bolt", "other_roles", "other_companies"] {
        assert!(all.contains(said), "{said}: {all}");
    }
    let again = run(&scratch, "");
    assert_eq!((again.code, scratch.git(&["status", "--porcelain"]).as_str()), (0, ""), "{}", again.out);
    assert!(again.out.contains("created 0, updated 0, same 4, refused 0"), "{}", again.out);
}
