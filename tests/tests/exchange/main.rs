//! Other people's files in and out, with the real program: nothing is lost, nothing comes twice, nothing does harm.

mod fixture;
mod harm;
mod hostile;
mod readers;
mod safe;
mod story;
mod wild;

use std::path::Path;

use tickler_tests::{Book, Ran};

/// The team of all notebooks here.
const SETTINGS: &str = "[team.pat]\nname = \"Pat Doe\"\nemail = [\"pat@acme.example\"]\n\
                        [team.sam]\nname = \"Sam Roe\"\nemail = [\"sam@acme.example\"]\n";

/// A notebook in git with these contacts, as ids and texts.
fn book(name: &str, contacts: &[(&str, &str)]) -> Book {
    let book = Book::git(&format!("exchange-{name}"), &[("tickler.toml", SETTINGS)]);
    for (id, text) in contacts {
        book.write(&format!("contacts/{id}.md"), text);
    }
    book.write("contacts/.keep", "");
    book.commit_all("the contacts");
    book
}

/// Writes a file into the user's home, outside the notebook, and gives its path.
fn outside(book: &Book, name: &str, bytes: impl AsRef<[u8]>) -> String {
    let path = book.home().join(name);
    let made = path.parent().map_or(Ok(()), std::fs::create_dir_all);
    made.and_then(|()| std::fs::write(&path, bytes)).unwrap();
    path.display().to_string()
}

/// What an import says that must go well.
#[track_caller]
fn taken(book: &Book, line: &str) -> Ran {
    let ran = book.run(line);
    assert_eq!(ran.code, 0, "{line}\n{}{}", ran.out, ran.err);
    ran
}

/// The ids of all contacts.
fn ids(book: &Book) -> Vec<String> {
    let mut ids: Vec<String> = book
        .texts()
        .into_keys()
        .filter(|path| path.starts_with("contacts/") && path.ends_with(".md"))
        .filter_map(|path| Some(Path::new(&path).file_stem()?.to_str()?.to_owned()))
        .collect();
    ids.sort();
    ids
}

/// Every command's name of what comes to a terminal that is no text: it may steer it.
#[track_caller]
fn is_clean(text: &str) {
    let odd = text.chars().find(|c| {
        c.is_control() && *c != '\n' && *c != '\t'
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    });
    assert_eq!(odd, None, "{text:?}");
}
