//! What the user says that columns are: `name="Full Name",company=Org,email=#3`.

use std::fmt;

use super::key::Key;
use super::known::Slot;
use crate::fold::fold;
use crate::problem::nearest;

/// Keys and the columns that they come from, in the order in which they were said.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Mapping {
    pairs: Vec<(Key, Column)>,
}

/// A column, as it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Column {
    Named(String),
    /// By its number, from 1.
    Number(usize),
}

impl Mapping {
    /// Reads `key=column` pairs with commas between them. Quotes hold what has commas, a backslash one character.
    ///
    /// # Errors
    /// Where a pair is none, or a key is none.
    pub fn parse(text: &str) -> Result<Mapping, String> {
        let mut pairs = Vec::new();
        for (key, column) in split(text)? {
            let column = match column.number() {
                Some(number) => Column::Number(number),
                None if column.text.is_empty() => return Err(format!("\"{}\" has no column", key.text)),
                None => Column::Named(column.text),
            };
            pairs.push((Key::parse(&key.text)?, column));
        }
        if pairs.is_empty() { Err("it maps nothing".to_owned()) } else { Ok(Mapping { pairs }) }
    }

    /// The mapping of these columns to these keys, one each; those that are left out are not in it.
    pub fn of(columns: &[String], keys: &[Key]) -> Mapping {
        let is_once =
            |name: &String| !name.is_empty() && columns.iter().filter(|other| *other == name).count() == 1;
        let column = |at: usize, name: &String| match is_once(name) {
            true => Column::Named(name.clone()),
            false => Column::Number(at + 1),
        };
        let pairs = columns.iter().zip(keys).enumerate();
        let taken = pairs.filter(|(_, (_, key))| **key != Key::nothing());
        Mapping { pairs: taken.map(|(at, (name, key))| (key.clone(), column(at, name))).collect() }
    }

    /// The columns of a sheet that the pairs name, in the same order.
    ///
    /// # Errors
    /// Where a column is not there.
    pub(super) fn slots(&self, columns: &[String]) -> Result<Vec<Slot>, String> {
        let slot = |(key, column): &(Key, Column)| {
            let column = match column {
                Column::Number(number) if *number <= columns.len() && *number > 0 => number - 1,
                Column::Number(number) => {
                    return Err(format!("there is no column #{number}, only {}", columns.len()));
                }
                Column::Named(name) => find(columns, name)?,
            };
            Ok(Slot { column, key: key.clone(), label: None })
        };
        self.pairs.iter().map(slot).collect()
    }
}

impl fmt::Display for Mapping {
    /// As `--map` takes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (key, column)) in self.pairs.iter().enumerate() {
            write!(f, "{}{key}=", if at == 0 { "" } else { "," })?;
            match column {
                Column::Number(number) => write!(f, "#{number}")?,
                Column::Named(name) => f.write_str(&quoted(name))?,
            }
        }
        Ok(())
    }
}

fn quoted(name: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    match name.chars().all(is_plain) {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

fn find(columns: &[String], name: &str) -> Result<usize, String> {
    let exact = columns.iter().position(|column| column == name);
    let folded = || columns.iter().position(|column| fold(column) == fold(name.trim()));
    exact.or_else(folded).ok_or_else(|| {
        let near = nearest(name, columns.iter().map(String::as_str)).map(str::to_owned).or_else(|| {
            let part = fold(name);
            columns.iter().find(|column| fold(column).contains(&*part)).cloned()
        });
        match near {
            Some(near) => format!("there is no column \"{name}\"; did you mean \"{near}\"?"),
            None => format!("there is no column \"{name}\"; there are {}", listed(columns)),
        }
    })
}

fn listed(columns: &[String]) -> String {
    const MOST: usize = 20;
    let named: Vec<String> = columns.iter().take(MOST).map(|column| format!("\"{column}\"")).collect();
    format!("{}{}", named.join(", "), if columns.len() > MOST { ", …" } else { "" })
}

/// A word, and whether it was quoted.
#[derive(Default)]
struct Word {
    text: String,
    is_quoted: bool,
}

impl Word {
    /// `#3`, which quotes make a name.
    fn number(&self) -> Option<usize> {
        self.text.strip_prefix('#').filter(|_| !self.is_quoted)?.parse().ok()
    }

    fn trimmed(self) -> Word {
        if self.is_quoted { self } else { Word { text: self.text.trim_end().to_owned(), ..self } }
    }
}

/// The pairs of a text.
fn split(text: &str) -> Result<Vec<(Word, Word)>, String> {
    let mut pairs = Vec::new();
    let (mut key, mut word, mut in_quotes) = (None, Word::default(), false);
    let mut chars = text.chars();
    loop {
        match chars.next() {
            Some('\\') => word.text.extend(chars.next()),
            Some('"') => {
                in_quotes = !in_quotes;
                word.is_quoted = true;
            }
            None if in_quotes => return Err("a quote has no end".to_owned()),
            Some(c) if in_quotes => word.text.push(c),
            Some('=') if key.is_none() => key = Some(std::mem::take(&mut word).trimmed()),
            Some(c) if c.is_whitespace() && (word.text.is_empty() || word.is_quoted) => {}
            end @ (None | Some(',')) => {
                let column = std::mem::take(&mut word).trimmed();
                match key.take() {
                    Some(key) => pairs.push((key, column)),
                    None if column.text.is_empty() => {}
                    None => return Err(format!("\"{}\" is no pair such as name=\"Full Name\"", column.text)),
                }
                if end.is_none() {
                    return Ok(pairs);
                }
            }
            Some(c) => word.text.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn columns(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn pairs_name_columns() {
        let columns = columns(&["Full Name", "Org", "E-mail", "a,b", "say \"x\"", "#1"]);
        for (text, expected) in [
            ("name=\"Full Name\",company=Org", "name=0 company=1"),
            (" name = full name , email=#3,", "name=0 email=2"),
            ("name=\"a,b\",tag=a\\,b,note=\"say \\\"x\\\"\"", "name=3 tag=3 note=4"),
            ("name=#1,note=\"#1\"", "name=0 note=5"),
            ("shoe size=Org,dates.birthday=Org", "shoe_size=1 dates.birthday=1"),
        ] {
            let slots = Mapping::parse(text).unwrap().slots(&columns).unwrap();
            let shown: Vec<String> =
                slots.iter().map(|slot| format!("{}={}", slot.key, slot.column)).collect();
            assert_eq!(shown.join(" "), expected, "{text}");
        }
        for (text, why) in [
            ("", "it maps nothing"),
            ("name", "\"name\" is no pair such as name=\"Full Name\""),
            ("name=", "\"name\" has no column"),
            ("name=\"Org", "a quote has no end"),
            ("next=Org", "\"next\" cannot be taken from a column"),
            ("name=Ogr", "there is no column \"Ogr\"; did you mean \"Org\"?"),
            ("name=mail", "there is no column \"mail\"; did you mean \"E-mail\"?"),
            ("name=#9", "there is no column #9, only 6"),
        ] {
            let found = Mapping::parse(text).and_then(|mapping| mapping.slots(&columns)).unwrap_err();
            assert_eq!(found, why, "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_mapping_reads_back_as_it_is_shown(names in proptest::collection::vec("[a-zA-Z \",=#\\\\é]{0,6}", 1..5)) {
            let names: Vec<String> = names.iter().map(|name| name.trim().to_owned()).collect();
            let keys: Vec<Key> = names.iter().map(|_| Key::known("note")).collect();
            let mapping = Mapping::of(&names, &keys);
            let read = Mapping::parse(&mapping.to_string()).unwrap();
            prop_assert_eq!(read.slots(&names), mapping.slots(&names));
        }
    }
}
