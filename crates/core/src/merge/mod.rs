//! Three-way merge by structure: two versions of one file and what they came from, to one text that both agree on
//! (`docs/merge.md`). Pure, total, and symmetric in its two sides: no clock, no author, no "ours".

mod ends;
pub mod files;
mod front;
mod inserts;
mod join;
mod lines;
mod log;
mod order;
mod pairing;
mod parts;
mod promises;
mod prose;
mod settings;
mod ticks;
mod versions;

#[cfg(test)]
mod tests;

use crate::file;
use crate::settings::Settings;
use join::{Sort, Task};

/// What a file is to the merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A contact: front matter, prose, log.
    Contact,
    /// Other Markdown, such as a template: by line.
    Markdown,
    /// `tickler.toml`: by key.
    Settings,
    /// Anything else: text by line, and bytes as a whole.
    Other,
}

impl Kind {
    /// Of the file at that path, which counts from the notebook's root.
    pub fn of(path: &str) -> Kind {
        let is_markdown = path.ends_with(".md");
        match path {
            "tickler.toml" => Kind::Settings,
            _ if is_markdown && path.starts_with("contacts/") => Kind::Contact,
            _ if is_markdown => Kind::Markdown,
            _ => Kind::Other,
        }
    }
}

/// What came of a merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The file as it is to be.
    pub content: Vec<u8>,
    /// Whole versions that could not be joined to it, to be kept in `conflicts/`; mostly none. Sorted.
    pub aside: Vec<Vec<u8>>,
    /// What somebody should look at. Sorted.
    pub notes: Vec<Note>,
}

/// Something that a merge could not decide so that nobody has to look.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// Both sides gave a key another value: one stands, the other is under `[[conflict]]`.
    Value {
        /// The key, with dots: `prefers.hours`.
        key: String,
        /// The value that stands, as text.
        kept: String,
        /// The one that was set aside.
        other: String,
    },
    /// Both sides changed the same lines of prose: one version stands, the other follows as a quote.
    Prose {
        /// The first line of what was quoted.
        line: String,
    },
    /// Both sides changed one log entry differently: both stand.
    Entry {
        /// The first line of the one that sorts last.
        line: String,
    },
    /// The versions could not be joined: one stands, the other is kept whole (rule F).
    Apart {
        /// Why.
        why: String,
    },
}

/// Merges two versions of one file. `base` is what both came from; none where both are new.
pub fn merge(kind: Kind, base: Option<&[u8]>, a: &[u8], b: &[u8], settings: &Settings) -> Merged {
    if a == b || base == Some(b) {
        return whole(a);
    }
    if base == Some(a) {
        return whole(b);
    }
    // Both orders of the sides are one from here on.
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let base = base.and_then(|bytes| text_of(bytes).ok());
    let (a_text, b_text) = match (text_of(a), text_of(b)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(why), _) | (_, Err(why)) => return apart(kind, a, b, why, settings),
    };
    let sort = match kind {
        Kind::Contact => Sort::Contact,
        Kind::Markdown => Sort::Prose,
        Kind::Other => Sort::Lines,
        Kind::Settings => {
            return settings::merge(base, a_text, b_text, settings)
                .unwrap_or_else(|| apart(kind, a, b, "the settings cannot be joined", settings));
        }
    };
    if !parses(kind, a, settings) || !parses(kind, b, settings) {
        return apart(kind, a, b, "one of the versions cannot be read", settings);
    }
    match promises::merge(&Task { sort, base, a: a_text, b: b_text, lead: Lead::Bytes, settings }) {
        Some((_, attempt)) => {
            Merged { content: attempt.text.into_bytes(), aside: Vec::new(), notes: attempt.notes }
        }
        None => apart(kind, a, b, "both changed the same in ways that cannot be joined", settings),
    }
}

/// Joins the text of one contact to that of another who is the same person: as [`merge`] of two new versions, but what
/// `first` says stands and comes first. A stopped stage stands whoever has it, since they asked for that. None where
/// the two cannot be joined, or are more than a file may be.
pub fn onto(first: &str, other: &str, settings: &Settings) -> Option<Joined> {
    if first == other {
        return Some(Joined { text: first.to_owned(), notes: Vec::new() });
    }
    if [first, other].iter().any(|text| !parses(Kind::Contact, text.as_bytes(), settings)) {
        return None;
    }
    let (a, b, lead) = if first <= other { (first, other, Lead::A) } else { (other, first, Lead::B) };
    let task = Task { sort: Sort::Contact, base: None, a, b, lead, settings };
    let (_, attempt) = promises::merge(&task)?;
    Some(Joined { text: attempt.text, notes: attempt.notes })
}

/// Two contacts' texts that became one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// The text.
    pub text: String,
    /// What somebody should look at. Sorted.
    pub notes: Vec<Note>,
}

/// Whose values stand, and whose words come first, where nothing else tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lead {
    /// Nobody's: what they say decides, by its bytes, so that both orders of the sides are one.
    Bytes,
    A,
    B,
}

impl Lead {
    /// Whether `a` does; by its bytes as `by_bytes` says.
    fn takes_first(self, by_bytes: impl FnOnce() -> bool) -> bool {
        match self {
            Lead::Bytes => by_bytes(),
            Lead::A => true,
            Lead::B => false,
        }
    }

    /// Where the result of a merge is merged again, as `a` or as `b`, it leads if anybody does.
    fn of(self, result_is_a: bool) -> Lead {
        match self {
            Lead::Bytes => Lead::Bytes,
            _ if result_is_a => Lead::A,
            _ => Lead::B,
        }
    }
}

fn whole(content: &[u8]) -> Merged {
    Merged { content: content.to_vec(), aside: Vec::new(), notes: Vec::new() }
}

/// The bytes as text, or why they are none.
fn text_of(bytes: &[u8]) -> Result<&str, &'static str> {
    if bytes.len() as u64 > file::MOST_BYTES {
        return Err("one of the versions is larger than 4 MiB");
    }
    file::decode(bytes).map_err(|_| "one of the versions is not UTF-8")
}

/// Whether a version can be read as what it is.
fn parses(kind: Kind, bytes: &[u8], settings: &Settings) -> bool {
    match (kind, text_of(bytes)) {
        (Kind::Other, _) => true,
        (_, Err(_)) => false,
        (Kind::Contact, Ok(text)) => !file::parse(text, "x", settings).contact.broken,
        (Kind::Settings, Ok(text)) => settings::is_toml(text),
        (Kind::Markdown, Ok(_)) => true,
    }
}

/// Rule F: the version that can be read stays, else the one that sorts last; the other is kept whole.
fn apart(kind: Kind, a: &[u8], b: &[u8], why: &str, settings: &Settings) -> Merged {
    let rank = |side: &[u8]| parses(kind, side, settings);
    let (stays, other) = if (rank(a), a) >= (rank(b), b) { (a, b) } else { (b, a) };
    Merged {
        content: stays.to_vec(),
        aside: vec![other.to_vec()],
        notes: vec![Note::Apart { why: why.to_owned() }],
    }
}

/// Ten thousand cases for a property, or as many as `PROPTEST_CASES` says.
#[cfg(test)]
fn config() -> proptest::test_runner::Config {
    let config = proptest::test_runner::Config::default();
    let cases = if config.cases == 256 { 10_000 } else { config.cases };
    proptest::test_runner::Config { cases, failure_persistence: None, ..config }
}
