//! Patterns of addresses: words in capitals stand for what differs.

use warp::Filter;
use warp::filters::BoxedFilter;
use warp::path::FullPath;

use crate::names::NotebookName;

/// What stands in an address in place of a pattern's words in capitals, in their order, decoded once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words(Vec<String>);

impl Words {
    /// The word of that number, from 0; empty where the pattern has fewer.
    pub fn get(&self, number: usize) -> &str {
        self.0.get(number).map_or("", String::as_str)
    }
}

/// Lets addresses of a pattern in, and no others.
pub fn at(pattern: &'static str) -> BoxedFilter<(Words,)> {
    warp::path::full()
        .and_then(move |path: FullPath| async move {
            words(pattern, path.as_str()).ok_or_else(warp::reject::not_found)
        })
        .boxed()
}

/// What stands in the path for the words of the pattern; nothing where it is not of that pattern.
pub fn words(pattern: &str, path: &str) -> Option<Words> {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    let mut found = Vec::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(Words(found)),
            (Some(wanted), Some(given)) => {
                let (name, end) =
                    wanted.split_at(wanted.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(wanted.len()));
                if name.is_empty() {
                    if wanted != given {
                        return None;
                    }
                } else {
                    let word = decoded(given.strip_suffix(end)?)?;
                    // What is no notebook's name is for another route, or for none.
                    if name == "NOTEBOOK" && NotebookName::new(&word).is_err() {
                        return None;
                    }
                    found.push(word);
                }
            }
            _ => return None,
        }
    }
}

/// A part of an address without its percent signs; nothing where that is empty or no plain text.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            bytes.push((digit()? * 16 + digit()?) as u8);
        } else {
            bytes.push(byte);
        }
    }
    let text = String::from_utf8(bytes).ok()?;
    (!text.is_empty() && !text.chars().any(char::is_control)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_stands_for_capitals() {
        for (pattern, path, expected) in [
            ("/healthz", "/healthz", Some(vec![])),
            ("/healthz", "/healthz/", None),
            ("/NOTEBOOK/", "/main/", Some(vec!["main"])),
            ("/NOTEBOOK/", "/main", None),
            ("/NOTEBOOK/", "//", None),
            ("/NOTEBOOK", "/main.git", None),
            ("/NOTEBOOK", "/login", None),
            ("/NOTEBOOK", "/m%61in", Some(vec!["main"])),
            ("/NOTEBOOK/contacts/ID", "/main/contacts/jane-doe", Some(vec!["main", "jane-doe"])),
            ("/NOTEBOOK/contacts/ID", "/main/contacts/acme%2Fjane", Some(vec!["main", "acme/jane"])),
            ("/NOTEBOOK/contacts/ID", "/main/contacts/ren%C3%A9", Some(vec!["main", "rené"])),
            ("/NOTEBOOK/contacts/ID", "/main/contacts/%00", None),
            ("/NOTEBOOK/contacts/ID", "/main/contacts/%c3", None),
            ("/NOTEBOOK/contacts/ID", "/main/contacts/%2", None),
            ("/NOTEBOOK.git/info/refs", "/main.git/info/refs", Some(vec!["main"])),
            ("/NOTEBOOK.git/info/refs", "/.git/info/refs", None),
            ("/NOTEBOOK/calendar/SECRET.ics", "/main/calendar/abc.ics", Some(vec!["main", "abc"])),
        ] {
            let found = words(pattern, path).map(|words| words.0);
            assert_eq!(found, expected.map(|words| words.into_iter().map(str::to_owned).collect()), "{path}");
        }
    }
}
