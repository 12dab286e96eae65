//! Files as other programs write them: in without a loss, a second time without a change, out again as the same card
//! for readers that are not ours.

use std::collections::BTreeMap;

use serde_json::Value;
use tickler_tests::Book;

use super::fixture::{Fixture, list};
use super::readers::{birthday, by_calcard, by_khard, by_vobject, differences, number};
use super::{book, is_clean, taken};

/// A contact's file, as far as it can be asked what it says.
struct File {
    text: String,
    head: toml::Table,
    /// All texts of the front matter, and the body without the marks of Markdown, on one line.
    all: String,
}

impl File {
    fn of(text: String) -> File {
        let (head, body) = match text.strip_prefix("+++\n").and_then(|rest| rest.split_once("\n+++\n")) {
            Some((head, body)) => (head.parse().unwrap_or_else(|error| panic!("{error}: {text}")), body),
            None => (toml::Table::new(), text.as_str()),
        };
        let mut all = String::new();
        head.values().for_each(|value| gather(value, &mut all));
        all.push_str(body);
        let all = bare(&all);
        File { text, head, all }
    }

    fn list(&self, key: &str) -> Vec<String> {
        match self.head.get(key) {
            Some(toml::Value::String(text)) => vec![text.clone()],
            Some(toml::Value::Array(all)) => {
                all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn says(&self, text: &str) -> bool {
        self.all.contains(&bare(text)) || self.text.contains(text)
    }
}

fn gather(value: &toml::Value, into: &mut String) {
    match value {
        toml::Value::String(text) => into.push_str(text),
        toml::Value::Array(all) => all.iter().for_each(|one| gather(one, into)),
        toml::Value::Table(table) => table.values().for_each(|one| gather(one, into)),
        other => into.push_str(&other.to_string()),
    }
    into.push('\n');
}

/// Without what stands for something else, on one line.
fn bare(text: &str) -> String {
    text.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Every contact's file.
fn files(book: &Book) -> Vec<File> {
    let texts =
        book.texts().into_keys().filter(|path| path.starts_with("contacts/") && path.ends_with(".md"));
    texts.map(|path| File::of(book.read(&path))).collect()
}

/// The one that a card of a fixture became.
fn file_of<'f>(files: &'f [File], card: &Value) -> Option<&'f File> {
    files.iter().find(|file| match card["name"].as_str() {
        Some(name) => file.head.get("name").and_then(toml::Value::as_str) == Some(name),
        None => list(&card["emails"]).iter().all(|email| file.list("email").contains(email)),
    })
}

/// What of a card is not in its file.
fn lost(card: &Value, file: &File) -> Vec<String> {
    let mut lost = Vec::new();
    let mut must = |is_there: bool, what: &str, value: &str| {
        if !is_there {
            lost.push(format!("{what} {value:?}"));
        }
    };
    for part in list(&card["n"]).iter().flat_map(|part| part.split(',')) {
        must(file.says(part), "name", part);
    }
    let emails = file.list("email");
    for email in list(&card["emails"]) {
        must(emails.contains(&email), "email", &email);
    }
    let phones: Vec<String> = file.list("phone").iter().map(|one| number(one)).collect();
    for phone in list(&card["phones"]) {
        must(phones.contains(&number(&phone)), "phone", &phone);
    }
    for (key, what) in [("orgs", "organisation"), ("titles", "title"), ("roles", "role"), ("urls", "url")] {
        for text in list(&card[key]) {
            must(file.says(&text), what, &text);
        }
    }
    for part in card["adrs"].as_array().into_iter().flatten().flat_map(list) {
        part.lines().for_each(|line| must(file.says(line), "address", line));
    }
    for note in list(&card["notes"]) {
        must(file.says(&note), "note", &note);
    }
    for tag in list(&card["categories"]) {
        // A comma parts tags, whatever a card says.
        must(tag.split(", ").all(|tag| file.list("tags").iter().any(|one| one == tag)), "tag", &tag);
    }
    if let Some(day) = card["bday"].as_str() {
        let written = file.head.get("dates").and_then(|dates| dates.get("birthday")).map(ToString::to_string);
        must(written.is_some_and(|written| birthday(&written) == birthday(day)), "birthday", day);
    }
    if let Some(uid) = card["uid"].as_str() {
        must(file.list("uid").iter().any(|one| one.ends_with(uid)), "uid", uid);
    }
    for text in list(&card["file"]) {
        must(file.says(&text), "text", &text);
    }
    lost
}

/// Fails with all of them.
#[track_caller]
fn none(found: Vec<String>) {
    assert!(found.is_empty(), "{} faults:\n{}", found.len(), found.join("\n"));
}

/// A notebook with all of a fixture in it; else why that failed.
fn with(fixture: &Fixture) -> Result<Book, String> {
    let book = book("wild", &[]);
    let ran = book.run(&fixture.line(&book));
    match ran.code {
        0 => Ok(book),
        code => Err(format!("{}: the import ends with {code}: {}{}", fixture.name, ran.out, ran.err)),
    }
}

#[test]
fn nothing_is_lost_on_the_way_in() {
    let mut found = Vec::new();
    for fixture in Fixture::all() {
        let name = &fixture.name;
        let book = match with(&fixture) {
            Ok(book) => book,
            Err(why) => {
                found.push(why);
                continue;
            }
        };
        let files = files(&book);
        if files.len() != fixture.cards().len() {
            found.push(format!("{name}: {} cards became {} contacts", fixture.cards().len(), files.len()));
        }
        for card in fixture.cards() {
            let who = card["name"].as_str().map_or_else(|| card["emails"].to_string(), str::to_owned);
            match file_of(&files, card) {
                None => found.push(format!("{name}: {who} is not there")),
                Some(file) => {
                    let lost = lost(card, file);
                    if !lost.is_empty() {
                        found.push(format!("{name}: {who} lost {}\n{}", lost.join(", "), file.text));
                    }
                }
            }
        }
        if book.commits() != 3 {
            found.push(format!("{name}: {} commits", book.commits()));
        }
        let check = book.run("check");
        if check.code != 0 {
            found.push(format!("{name}: check: {}{}", check.out, check.err));
        }
        is_clean(&check.out);
    }
    none(found);
}

#[test]
fn a_second_time_nothing_changes_and_undo_takes_all_back() {
    for fixture in Fixture::all() {
        let book = book("twice", &[]);
        let before = book.texts();
        let tree = book.git_says("rev-parse HEAD^{tree}");
        let line = fixture.line(&book);
        let first = book.run(&line);
        assert_eq!(first.code, 0, "{}: {}{}", fixture.name, first.out, first.err);
        is_clean(&(first.out + &first.err));
        let once = book.snapshot();
        book.stands("");
        let second = book.run(&line);
        assert_eq!(second.code, 0, "{}: {}{}", fixture.name, second.out, second.err);
        assert_eq!(book.snapshot(), once, "{}: twice is not once: {}", fixture.name, second.out);
        let undone = book.run("undo");
        assert_eq!(undone.code, 0, "{}: {}", fixture.name, undone.err);
        assert_eq!(book.texts(), before, "{}", fixture.name);
        assert_eq!(book.git_says("rev-parse HEAD^{tree}"), tree, "{}", fixture.name);
        book.stands("");
        // And what was undone can be done again.
        let third = book.run(&line);
        assert_eq!(third.code, 0, "{}: {}{}", fixture.name, third.out, third.err);
        assert_eq!(files(&book).len(), fixture.cards().len(), "{}", fixture.name);
    }
}

#[test]
fn a_dry_run_changes_nothing() {
    for fixture in Fixture::all() {
        let book = book("dry", &[]);
        let before = book.snapshot();
        let dry = taken(&book, &format!("{} --dry-run", fixture.line(&book)));
        assert_eq!(book.snapshot(), before, "{}", fixture.name);
        let count = fixture.cards().len();
        assert!(dry.out.contains(&format!("created {count}")), "{}: {}", fixture.name, dry.out);
        is_clean(&(dry.out + &dry.err));
    }
}

/// What of a fixture's cards a reader does not find as it was told, with the reader's name.
fn misread(fixture: &Fixture, reader: &str, read: &[Value]) -> Vec<String> {
    let mut found = Vec::new();
    for told in fixture.cards() {
        let one = read.iter().find(|one| match told["name"].as_str() {
            Some(name) => one["name"] == name,
            None => list(&told["emails"]).iter().all(|email| list(&one["emails"]).contains(email)),
        });
        let Some(one) = one else {
            found.push(format!("{}: {reader} does not find {}", fixture.name, told["name"]));
            continue;
        };
        let mut told = told.clone();
        if reader.starts_with("khard") {
            // It does not show it.
            told["uid"] = Value::Null;
        }
        let differ = differences(&told, one);
        found.extend(differ.into_iter().map(|what| format!("{}: {reader}: {what}", fixture.name)));
        if let (Some(told), Some(day)) = (told["bday"].as_str(), one["bday"].as_str())
            && birthday(told) != birthday(day)
        {
            found.push(format!("{}: {reader}: bday {told} is read as {day}", fixture.name));
        }
        if told["bday"].is_string() && one["bday"].is_null() {
            found.push(format!("{}: {reader}: bday is lost", fixture.name));
        }
    }
    found
}

/// What programs write that vobject itself cannot read: it has no charsets, and ends a note at a comma of vCard 2.1.
const NOT_FOR_VOBJECT: [&str; 3] = ["blackberry-2.1.vcf", "utf-16.vcf", "outlook-2.1.vcf"];

#[test]
fn the_fixtures_say_what_they_are_told_to() {
    let mut found = Vec::new();
    for mut fixture in Fixture::of("vcard") {
        if NOT_FOR_VOBJECT.contains(&fixture.name.as_str()) {
            continue;
        }
        let book = book("told", &[]);
        let path = super::outside(&book, &fixture.name, &fixture.bytes);
        for card in fixture.told["cards"].as_array_mut().unwrap() {
            // One without a name has an empty one there.
            if card["name"].is_null() {
                card["n"] = Value::Null;
            }
        }
        let read = by_vobject(path.as_ref());
        found.extend(misread(&fixture, "vobject", &read));
    }
    none(found);
}

#[test]
fn other_readers_read_the_same_cards() {
    let mut found = Vec::new();
    for fixture in Fixture::all() {
        let book = match with(&fixture) {
            Ok(book) => book,
            Err(why) => {
                found.push(why);
                continue;
            }
        };
        for version in ["3", "4"] {
            let file = book.home().join(format!("out-{version}.vcf"));
            let ran = book.run(&format!("export vcard --version {version} --output {}", file.display()));
            if ran.code != 0 {
                found.push(format!("{}: export ends with {}: {}", fixture.name, ran.code, ran.err));
                continue;
            }
            let text = std::fs::read_to_string(&file).unwrap();
            is_as_the_standard_says(&text);
            let readers: BTreeMap<&str, Vec<Value>> = BTreeMap::from([
                ("calcard", by_calcard(&text)),
                ("vobject", by_vobject(&file)),
                ("khard", by_khard(&file)),
            ]);
            for (reader, read) in readers {
                found.extend(misread(&fixture, &format!("{reader} {version}"), &read));
                if read.len() != fixture.cards().len() {
                    found.push(format!("{}: {reader} {version} finds {} cards", fixture.name, read.len()));
                }
            }
        }
    }
    none(found);
}

/// Lines end with CRLF, are folded at 75 octets, and each card has its version and name.
#[track_caller]
fn is_as_the_standard_says(text: &str) {
    assert!(text.ends_with("END:VCARD\r\n"), "{text}");
    for line in text.split("\r\n") {
        assert!(line.len() <= 75 && !line.contains(['\n', '\r']), "{line:?}");
    }
    let count = |line: &str| text.matches(line).count();
    assert_eq!(count("BEGIN:VCARD\r\nVERSION:"), count("END:VCARD\r\n"), "{text}");
    assert!(count("\r\nFN") >= count("END:VCARD\r\n"), "{text}");
}

#[test]
fn an_export_comes_in_again_without_a_change() {
    for fixture in Fixture::all() {
        for out in ["vcard", "vcard --version 3", "csv"] {
            let book = with(&fixture).unwrap();
            let kind = out.split(' ').next().unwrap();
            let file = book.home().join(format!("again.{kind}"));
            taken(&book, &format!("export {out} --output {}", file.display()));
            let before = book.snapshot();
            let again = taken(&book, &format!("import {kind} {}", file.display()));
            assert_eq!(book.snapshot(), before, "{}: {out} changed something: {}", fixture.name, again.out);
        }
    }
}

#[test]
fn an_export_makes_the_same_contacts_elsewhere() {
    for fixture in Fixture::of("vcard") {
        let first = with(&fixture).unwrap();
        let file = first.home().join("all.vcf");
        taken(&first, &format!("export vcard --output {}", file.display()));
        let second = book("elsewhere", &[]);
        taken(&second, &format!("import vcard {}", file.display()));
        let contacts = |book: &Book| {
            let mut texts = book.texts();
            texts.retain(|path, _| path.ends_with(".md"));
            texts
        };
        assert_eq!(contacts(&first), contacts(&second), "{}", fixture.name);
    }
}
