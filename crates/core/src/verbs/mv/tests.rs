//! Everybody knows everybody as before, under the new names, and nothing else is changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use proptest::prelude::*;

use super::*;
use crate::contact::{Contact, ContactId};
use crate::date::Date;
use crate::file;
use crate::notebook::Notebook;
use crate::settings::Settings;
use crate::ties::{Tie, ties};

const IDS: [&str; 5] = ["ann", "bob-smith", "zoé", "jane-doe", "x1"];

/// A notebook in a folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(files: &BTreeMap<String, String>) -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("tickler-mv-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&root);
        for (file, text) in files.iter().chain([(&"tickler.toml".to_owned(), &String::new())]) {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        Folder(root)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Moves the contact of that id; gives the files afterwards, or why not.
fn moved(files: &BTreeMap<String, String>, id: &str, new: &str) -> Result<BTreeMap<String, String>, Refusal> {
    let folder = Folder::new(files);
    let notebook = Notebook::open(&folder.0).unwrap();
    let today = Date::new(2026, 12, 3).unwrap();
    let survey = notebook.survey(today);
    let index = (0..survey.len()).find(|index| survey.id(*index) == id).unwrap();
    let desk = Desk { settings: notebook.settings(), today, time: None, me: None };
    let planned = mv(&survey, index, new, &desk)?;
    let mut after = files.clone();
    for change in planned.deed.changes {
        assert_eq!(after.remove(&change.file), change.before, "{}", change.file);
        after.extend(change.after.map(|text| (change.file, text)));
    }
    Ok(after)
}

fn contacts(files: &BTreeMap<String, String>) -> Vec<Contact> {
    let read = |(path, text): (&String, &String)| {
        let id = stem(path);
        Contact { id: ContactId::new(id), ..file::parse(text, id, &Settings::default()).contact }
    };
    files.iter().map(read).collect()
}

/// Who is tied to whom and how, with one id in place of another.
fn all_ties(files: &BTreeMap<String, String>, renamed: (&str, &str)) -> Vec<(String, String, Vec<Tie>)> {
    let all = contacts(files);
    let name = |contact: &Contact| {
        let id = contact.id.as_str();
        if id == renamed.0 { renamed.1.to_owned() } else { id.to_owned() }
    };
    let mut found: Vec<_> = all
        .iter()
        .flat_map(|one| all.iter().map(move |other| (one, other)))
        .map(|(one, other)| (name(one), name(other), ties(one, other)))
        .collect();
    found.sort();
    found
}

/// A link to somebody, in one of the ways that people write it.
fn link() -> impl Strategy<Value = String> {
    let id = prop::sample::select(IDS.to_vec());
    (id, 0..9_usize).prop_map(|(id, way)| match way {
        0 => format!("[[{id}]]"),
        1 => format!("[[{id}|somebody]]"),
        2 => format!("[[{}#part]]", id.to_uppercase()),
        3 => format!("[them]({id}.md)"),
        4 => format!("[them](<../contacts/{id}.md>)"),
        5 => format!("`[[{id}]]`"),
        6 => format!("[list](../files/{id}.pdf)"),
        7 => "[[older]]".to_owned(),
        _ => format!("{id} said so, see https://x.example/{id}.md"),
    })
}

fn contact() -> impl Strategy<Value = (String, Option<&'static str>, bool)> {
    let referrer = prop::option::of(prop::sample::select([&IDS[..], &["Ann Lee", "Jane-Doe"]].concat()));
    (prop::collection::vec(link(), 0..5), referrer, any::<bool>()).prop_map(|(links, referrer, crlf)| {
        (links.join(if crlf { "\r\n\r\n" } else { " and\n" }), referrer, crlf)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]
    #[test]
    fn ties_stay(all in prop::collection::vec(contact(), 5), who in 0..5_usize, goal in 0..4_usize) {
        let mut files = BTreeMap::new();
        for (id, (body, referrer, crlf)) in IDS.iter().zip(&all) {
            let eol = if *crlf { "\r\n" } else { "\n" };
            let referrer = referrer.map(|r| format!("referred_by = \"{r}\" # who{eol}")).unwrap_or_default();
            let alias = if *id == "ann" { format!("aliases = [\"older\"]{eol}") } else { String::new() };
            let folder = if *id == "x1" { "acme/" } else { "" };
            let text = format!("+++{eol}{alias}{referrer}city = 'Paris'{eol}+++{eol}{body}{eol}");
            files.insert(format!("contacts/{folder}{id}.md"), text);
        }
        let old = IDS[who];
        let new = ["new-name", "acme/new-name", "deep/er/new name", "contacts/"][goal];
        let id = if goal == 3 { old } else { new.rsplit('/').next().unwrap() };
        let after = match moved(&files, old, new) {
            Ok(after) => after,
            Err(refusal) => {
                prop_assert!(goal == 3, "{refusal}");
                return Ok(());
            }
        };
        prop_assert_eq!(all_ties(&files, (old, id)), all_ties(&after, ("", "")));
        // With the old names back in place of the new ones, hardly a byte is another.
        for (path, text) in &files {
            let now = after.get(path).or_else(|| after.iter().find(|(p, _)| stem(p) == id).map(|(_, t)| t));
            let now = now.unwrap();
            let rest = |text: &str| {
                let lines = text.split_inclusive('\n').filter(|line| !line.contains("](") && !line.contains("[["));
                lines.filter(|l| !l.starts_with("aliases") && !l.starts_with("referred_by")).collect::<String>()
            };
            prop_assert_eq!(rest(text), rest(now));
            prop_assert_eq!(text.matches('\r').count() > 0, now.matches('\r').count() > 0);
        }
    }
}

fn notebook(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| (format!("contacts/{path}"), (*text).to_owned())).collect()
}

#[test]
fn a_clash_is_settled() {
    let files = notebook(&[
        ("acme/jane.md", "a"),
        ("beta/jane.md", "b"),
        ("bob.md", "[[acme/jane]] [[beta/jane]] [[jane]]"),
    ]);
    let after = moved(&files, "acme/jane", "jane-acme").unwrap();
    assert_eq!(after["contacts/acme/jane-acme.md"], "+++\naliases = [\"acme/jane\"]\n+++\n\na");
    assert_eq!(after["contacts/bob.md"], "[[jane-acme]] [[jane]] [[jane]]");
}

#[test]
fn where_the_file_goes() {
    for (from, new, to) in [
        ("jane.md", "eve", "contacts/eve.md"),
        ("j/jane.md", "eve", "contacts/e/eve.md"),
        ("acme/jane.md", "eve", "contacts/acme/eve.md"),
        ("acme/jane.md", "contacts/eve.md", "contacts/eve.md"),
        ("jane.md", "acme/", "contacts/acme/jane.md"),
        ("jane.md", "Jane", "contacts/Jane.md"),
    ] {
        let id = stem(from);
        let after = moved(&notebook(&[(from, "")]), id, new).unwrap();
        assert_eq!(after.keys().collect::<Vec<_>>(), [to]);
    }
}

#[test]
fn an_older_name_comes_back() {
    let files = notebook(&[("jane-lee.md", "+++\naliases = [\"jane-doe\", \"j\"]\n+++\n")]);
    let after = moved(&files, "jane-lee", "jane-doe").unwrap();
    assert_eq!(after["contacts/jane-doe.md"], "+++\naliases = [\"j\", \"jane-lee\"]\n+++\n");
}

#[test]
fn what_is_refused() {
    let files = notebook(&[
        ("jane.md", ""),
        ("bob.md", "+++\naliases = [\"bobby\"]\n+++\n"),
        ("torn.md", "+++\nname = \"Torn\"\n"),
    ]);
    for (id, new, message) in [
        ("jane", "jane", "it is \"contacts/jane.md\" already"),
        ("jane", "bob", "\"bob\" is the id of bob"),
        ("jane", "Böb", "\"Böb\" is the id of bob"),
        ("jane", "bobby", "\"bobby\" is an earlier id of bob"),
        ("jane", "a:b", "\"a:b\" makes no file name: it has a character in it that Windows does not take"),
        ("jane", "../x", "\"..\" makes no file name: it begins with a dot, which hides a file"),
        ("jane", ".git/x", "\".git\" makes no file name: it begins with a dot, which hides a file"),
        ("jane", "", "\"\" makes no file name: it is empty"),
        ("torn", "whole", "\"contacts/torn.md\" is broken, so it is left as it is"),
    ] {
        assert_eq!(moved(&files, id, new).unwrap_err().message, message, "{new}");
    }
}
