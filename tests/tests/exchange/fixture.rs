//! Files as other programs write them, with what they say: `tests/corpus/exchange/NAME`, and beside it `NAME.json`.
//! The people in them are made up.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tickler_tests::{Book, workspace};

/// A file, and what it says.
pub struct Fixture {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What is in it.
    pub told: Value,
}

impl Fixture {
    /// All of them, by name.
    pub fn all() -> Vec<Fixture> {
        let folder = folder();
        let mut all: Vec<Fixture> = fs::read_dir(&folder)
            .unwrap()
            .filter_map(|entry| {
                let name = entry.unwrap().file_name().into_string().unwrap();
                let told = fs::read_to_string(folder.join(format!("{name}.json"))).ok()?;
                let bytes = fs::read(folder.join(&name)).unwrap();
                let told = serde_json::from_str(&told).unwrap_or_else(|error| panic!("{name}: {error}"));
                Some(Fixture { name, bytes, told })
            })
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        assert!(all.len() >= 25, "{} files are no corpus", all.len());
        all
    }

    /// Those of one kind, `vcard` or `csv`.
    pub fn of(kind: &str) -> Vec<Fixture> {
        Fixture::all().into_iter().filter(|fixture| fixture.kind() == kind).collect()
    }

    /// The kind, as `import` calls it.
    pub fn kind(&self) -> &'static str {
        if self.name.ends_with(".vcf") { "vcard" } else { "csv" }
    }

    /// The line that imports it, once it lies in the user's home.
    pub fn line(&self, book: &Book) -> String {
        let path = super::outside(book, &self.name, &self.bytes);
        let mut words = vec!["import".to_owned(), self.kind().to_owned(), path];
        words.extend(list(&self.told["args"]));
        shlex::try_join(words.iter().map(String::as_str)).unwrap()
    }

    /// What each of its cards says.
    pub fn cards(&self) -> &[Value] {
        self.told["cards"].as_array().unwrap()
    }
}

/// Where they are.
fn folder() -> PathBuf {
    workspace().join("tests/corpus/exchange")
}

/// The texts of a list; none where there is none.
pub fn list(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
}
