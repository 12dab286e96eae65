//! What goes out comes in again: sheets and cards of a notebook, taken into the same one and into one that is empty.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use tickler_core::contact::{Contact, Head, Value};
use tickler_core::file::{note_of, parse, parse_settings, prose};
use tickler_core::settings::Settings;
use tickler_tests::{Scratch, Tickler, workspace};

const SOURCES: [&str; 2] = ["docs/example", "tests/vectors/due-1"];
const CARDS: [&str; 2] = ["3", "4"];

/// All files below a folder, with the way to each.
fn files(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// A notebook in git: all of the source, or only what it says of itself.
fn notebook(name: &str, source: &str, with_contacts: bool) -> Scratch {
    let scratch = Scratch::in_git(name);
    let root = workspace().join(source);
    for file in files(&root) {
        let path = file.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        if path == "tickler.toml" || with_contacts && path.starts_with("contacts/") {
            scratch.write(&path, fs::read(&file).unwrap());
        }
    }
    scratch.git(&["add", "--all"]);
    scratch.git(&["commit", "--quiet", "--message=begin"]);
    scratch
}

fn run(scratch: &Scratch, line: &str) -> String {
    let ran = Tickler::typed(line).notebook(scratch.path()).run();
    assert_eq!(ran.code, 0, "{line}: {}{}", ran.out, ran.err);
    ran.out
}

/// Writes all contacts to a file beside the notebook's folders, and gives its path.
fn export(scratch: &Scratch, kind: &str, file: &str) -> String {
    let out = scratch.path().join(".git").join(file).display().to_string();
    run(scratch, &format!("export {kind} --all --output {out}"));
    out
}

/// The contacts of a notebook, by id, each with the text of its file.
fn contacts(scratch: &Scratch) -> BTreeMap<String, (Contact, String)> {
    let settings = settings(scratch);
    let all = files(&scratch.path().join("contacts")).into_iter();
    all.map(|file| {
        let id = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(file).unwrap();
        (id.clone(), (parse(&text, &id, &settings).contact, text))
    })
    .collect()
}

fn settings(scratch: &Scratch) -> Settings {
    parse_settings(&scratch.read("tickler.toml").unwrap()).unwrap().0
}

#[test]
fn a_notebook_takes_in_what_it_gave_out_and_nothing_changes() {
    for (at, source) in SOURCES.into_iter().enumerate() {
        let scratch = notebook(&format!("roundtrip-same-{at}"), source, true);
        let count = contacts(&scratch).len();
        let head = scratch.git(&["rev-parse", "HEAD"]);
        let kinds = [("csv".to_owned(), "csv"), ("csv --raw --bom".to_owned(), "csv")]
            .into_iter()
            .chain(CARDS.map(|version| (format!("vcard --version {version}"), "vcard")));
        for (kind, import) in kinds {
            let file = export(&scratch, &kind, "out");
            let told = run(&scratch, &format!("import {import} {file}"));
            let first = told.lines().next().unwrap_or_default();
            assert_eq!(
                first,
                format!("created 0, updated 0, same {count}, refused 0"),
                "{source} {kind}: {told}"
            );
            assert_eq!(scratch.git(&["status", "--porcelain"]), "", "{source} {kind}");
            assert_eq!(scratch.git(&["rev-parse", "HEAD"]), head, "{source} {kind}");
        }
    }
}

#[test]
fn a_sheet_makes_the_same_contacts_in_an_empty_notebook() {
    for (at, source) in SOURCES.into_iter().enumerate() {
        let old = notebook(&format!("roundtrip-sheet-{at}"), source, true);
        let new = notebook(&format!("roundtrip-sheet-new-{at}"), source, false);
        let sheet = export(&old, "csv", "out.csv");
        run(&new, &format!("import csv {sheet}"));
        let (before, after) = (contacts(&old), contacts(&new));
        assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>(), "{source}");
        for (id, (contact, text)) in &before {
            let (there, written) = &after[id];
            assert_eq!(&there.name, &contact.name, "{source} {id}");
            assert_eq!(head(there), head(contact), "{source} {id}");
            assert_eq!(prose(written), prose(text).replace("\r\n", "\n"), "{source} {id}");
            assert_eq!(there.log, [], "a sheet has no log");
        }
        // What came out of the sheet gives the same sheet again.
        assert_eq!(rows(&export(&new, "csv", "out.csv")), rows(&sheet), "{source}");
    }
}

/// The rows of a sheet in the order of the alphabet.
fn rows(sheet: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(sheet).unwrap();
    let mut rows: Vec<Vec<String>> =
        reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    rows.sort();
    rows
}

/// What a front matter says, without the order of the user's own keys and what a merge set aside.
fn head(contact: &Contact) -> Head {
    let custom = sorted(&Value::Table(contact.head.custom.clone()));
    let Value::Table(custom) = custom else { unreachable!() };
    Head { name: None, custom, conflicts: Vec::new(), ..contact.head.clone() }
}

/// A value with its keys in the order of the alphabet.
fn sorted(value: &Value) -> Value {
    let Value::Table(items) = value else { return value.clone() };
    let mut items: Vec<(String, Value)> =
        items.iter().map(|(key, item)| (key.clone(), sorted(item))).collect();
    items.sort_by(|one, other| one.0.cmp(&other.0));
    Value::Table(items)
}

#[test]
fn cards_make_the_same_contacts_in_an_empty_notebook() {
    for (at, source) in SOURCES.into_iter().enumerate() {
        let old = notebook(&format!("roundtrip-cards-{at}"), source, true);
        let before = contacts(&old);
        for version in CARDS {
            let new = notebook(&format!("roundtrip-cards-new-{at}-{version}"), source, false);
            let cards = export(&old, &format!("vcard --version {version}"), "out.vcf");
            run(&new, &format!("import vcard {cards}"));
            let after = contacts(&new);
            assert_eq!(before.len(), after.len(), "{source} {version}");
            let by_name = |name: &str| after.values().find(|(contact, _)| contact.name == name);
            for (id, (contact, text)) in &before {
                let (there, written) = by_name(&contact.name).unwrap_or_else(|| panic!("{id} is not there"));
                assert_eq!(card(there), card(contact), "{source} {version} {id}");
                assert_eq!(
                    note_of(&prose(written), &there.name),
                    note_of(&prose(text), &contact.name),
                    "{source} {version} {id}"
                );
            }
            let again = run(&new, &format!("import vcard {cards}"));
            assert!(again.starts_with(&format!("created 0, updated 0, same {}", before.len())), "{again}");
        }
    }
}

/// What a card can say of a contact.
fn card(contact: &Contact) -> Vec<(String, String)> {
    let head = &contact.head;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let address = text(&head.address).lines().collect::<Vec<_>>().join(", ");
    let mut said = vec![
        ("company".to_owned(), text(&head.company)),
        ("role".to_owned(), text(&head.role)),
        ("address".to_owned(), address),
        ("timezone".to_owned(), text(&head.timezone)),
        ("kind".to_owned(), format!("{:?}", head.kind)),
        ("email".to_owned(), head.email.join(" | ")),
        ("phone".to_owned(), head.phone.join(" | ")),
        ("links".to_owned(), head.links.join(" | ")),
        ("tags".to_owned(), head.tags.join(" | ")),
    ];
    said.extend(head.dates.iter().map(|(name, day)| (format!("dates.{name}"), day.to_string())));
    let kept = head.custom.iter().find(|(key, _)| key == "vcard");
    said.extend(kept.map(|(key, lines)| (key.clone(), Value::to_string(lines))));
    said
}

/// A notebook that has some of everything that goes wrong on such a way.
fn odd() -> Scratch {
    let scratch = Scratch::in_git("roundtrip-odd");
    scratch.write("tickler.toml", "[team.pat]\nname = \"Pat\"\n");
    scratch.write(
        "contacts/odd.md",
        "+++\nname = \"Odd One\"\nemail = [\"odd@x.example\"]\nroom = \"74\"\nsize = 74\nratio = 2.0\ntrue_text = \"true\"\n\
         seen = 2026-02-03T10:00:00Z\nlone = [\"a\"]\nmixed = [1, \"b\", 2.5]\n\"a.b\" = \"dotted\"\n\
         quoted = '\"q\"'\nformula = \"=1+1\"\nvisits = [{ at = 2026-01-02, n = 1 }]\n\
         [car]\nseats = 4\n[car.engine]\nfuel = \"gas\"\n+++\n\nBefore, with [[bob]] and *stars*.\n\n- a\n  - b\n\n\
         ```\ncode\n\n# no heading\n```\n\n## Log\n\n- 2026-01-02 phone: hi\n\n## After\n\n1. one\n2. two\n\n- [ ] me: call\n",
    );
    scratch.write("contacts/names/head.md", "# Headed\n\nText below.\n");
    scratch.write("contacts/names/just-a-file.md", "");
    scratch.write("contacts/twin.md", "+++\nname = \"Same Name\"\n+++\n");
    scratch.write("contacts/twin-2.md", "+++\nname = \"Same Name\"\nowner = \"nobody\"\n+++\n");
    scratch.git(&["add", "--all"]);
    scratch.git(&["commit", "--quiet", "--message=begin"]);
    scratch
}

#[test]
fn what_is_odd_comes_back_too() {
    let scratch = odd();
    for kind in ["csv", "vcard --version 3", "vcard"] {
        let file = export(&scratch, kind, "out");
        let import = kind.split(' ').next().unwrap();
        let told = run(&scratch, &format!("import {import} {file}"));
        assert!(told.starts_with("created 0, updated 0, same 5, refused 0"), "{kind}: {told}");
        assert_eq!(scratch.git(&["status", "--porcelain"]), "", "{kind}");
    }
    let new = Scratch::in_git("roundtrip-odd-new");
    new.write("tickler.toml", "[team.pat]\nname = \"Pat\"\n");
    new.git(&["add", "--all"]);
    new.git(&["commit", "--quiet", "--message=begin"]);
    let sheet = export(&scratch, "csv", "out");
    // Nobody in that team is called so.
    let ran = Tickler::typed(&format!("import csv {sheet}")).notebook(new.path()).run();
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    assert!(ran.err.contains("its owner \"nobody\" is nobody in the team"), "{}", ran.err);
    let (mut before, after) = (contacts(&scratch), contacts(&new));
    before.remove("twin-2");
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    for (id, (contact, text)) in &before {
        let (there, written) = &after[id];
        assert_eq!(&there.name, &contact.name, "{id}");
        assert_eq!(head(there), head(contact), "{id}");
        assert_eq!(prose(written), prose(text), "{id}");
    }
}
