//! Edits as data: a text and what is asked for in, the new text out.

mod keys;
mod links;
mod lists;
mod log;
mod promises;
mod properties;
mod prose;
mod revisions;
pub(crate) mod samples;

use super::*;
use crate::contact::{Channel, Value, Word, Words};
use crate::date::{Date, Time};
use crate::settings::Settings;

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn settings() -> Settings {
    Settings { channels: vec!["fax".into()], ..Settings::default() }
}

/// An entry from `DATE [TIME] CHANNEL [WORD…] [@WHO] [: TEXT]`.
fn entry(line: &str) -> NewEntry {
    let (head, said) = line.split_once(": ").unwrap_or((line, ""));
    let mut words = head.split(' ');
    let date = date(words.next().unwrap());
    let mut entry = NewEntry {
        date,
        time: None,
        channel: Channel::Note,
        words: Words::default(),
        who: None,
        text: said.to_owned(),
        promises: Vec::new(),
    };
    for word in words {
        if let Some(time) = Time::scan(word) {
            entry.time = time;
        } else if let Some(who) = word.strip_prefix('@') {
            entry.who = Some(who.to_owned());
        } else if let Some(word) = Word::from_name(word) {
            entry.words.insert(word);
        } else {
            entry.channel = Channel::from_name(word);
        }
    }
    entry
}
