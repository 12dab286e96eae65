//! What must be in the notebooks in the end: each word that was ever written is unlike any other, and it is known
//! whether it must be there once, at least once, or may be gone.

use std::collections::BTreeMap;

use super::edits::begins_entry;

/// What a token was written as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// In the first line of a log entry.
    Entry,
    /// An item of a list.
    Tag,
    /// Any other text of a contact; a merge may show it twice, as the version that stands and as a quote.
    Text,
    /// A line of a file that is no contact.
    Other,
}

/// What must become of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is in the contacts exactly once.
    Once,
    /// It is there: what it stands in was changed or copied by somebody, and both versions may stay.
    Kept,
    /// Somebody took it away.
    Free,
}

/// All tokens that were acknowledged: those in a file when the write of it had returned, or the program had ended well.
#[derive(Debug, Default, Clone)]
pub struct Ledger {
    tokens: BTreeMap<String, (Kind, Fate)>,
}

/// A folder's files, by their paths.
pub type Texts = BTreeMap<String, String>;

/// The token of that number. None is a part of another.
pub fn token(number: usize) -> String {
    format!("tok{number}x")
}

impl Ledger {
    /// Takes note of what somebody did in a folder: what they wrote, what they changed, and what they took away.
    pub fn observe(&mut self, before: &Texts, after: &Texts, written: Option<(&str, Kind)>) {
        let changed = |path: &&String| before.get(*path) != after.get(*path);
        let (mut units_before, mut units_after) = (Units::default(), Units::default());
        for path in before.keys().chain(after.keys()).filter(changed) {
            for (texts, units) in [(before, &mut units_before), (after, &mut units_after)] {
                if let Some(text) = texts.get(path) {
                    units.add(path, text);
                }
            }
        }
        for (token, before) in &units_before.0 {
            let Some((kind, fate)) = self.tokens.get_mut(token) else { continue };
            let after = units_after.0.get(token).map(Vec::as_slice).unwrap_or_default();
            if after.is_empty() {
                *fate = Fate::Free;
            } else if *fate == Fate::Once && !same(*kind, before, after) {
                *fate = Fate::Kept;
            }
        }
        let Some((token, kind)) = written.filter(|(token, _)| units_after.0.contains_key(*token)) else {
            return;
        };
        let fate = if matches!(kind, Kind::Entry | Kind::Tag) { Fate::Once } else { Fate::Kept };
        self.tokens.insert(token.to_owned(), (kind, fate));
    }

    /// What is not as it must be in these files. Where `wild`, somebody broke front matters, so that whole versions
    /// may have been set aside.
    pub fn wrongs(&self, files: &Texts, wild: bool) -> Vec<String> {
        let mut units = Units::default();
        files.iter().for_each(|(path, text)| units.add(path, text));
        let mut wrongs = Vec::new();
        for (token, (kind, fate)) in &self.tokens {
            let places = units.0.get(token).map(Vec::as_slice).unwrap_or_default();
            let aside = |place: &&Place| place.path.starts_with("conflicts/");
            let good = places.iter().filter(|place| *kind == Kind::Other || wild || !aside(place)).count();
            let wrong = match (fate, good) {
                (Fate::Free, _) | (Fate::Kept, 1..) | (Fate::Once, 1) => None,
                (_, 0) if places.is_empty() => Some("is lost"),
                (_, 0) => Some("was set aside"),
                (Fate::Once, _) => (!wild).then_some("is there more than once"),
            };
            if let Some(wrong) = wrong {
                wrongs.push(format!("{token} ({kind:?}, {fate:?}) {wrong}: {}", paths(places)));
            } else if *kind == Kind::Entry && *fate == Fate::Once && !wild && !places[0].is_entry {
                wrongs.push(format!("{token} is no log entry any more: {}", paths(places)));
            }
        }
        wrongs
    }

    /// The tokens of this folder that everybody must have, and that nobody may lose.
    pub fn held(&self, files: &Texts) -> Vec<String> {
        let mut units = Units::default();
        files.iter().for_each(|(path, text)| units.add(path, text));
        let is_held = |token: &&String| self.tokens.get(*token).is_some_and(|(_, fate)| *fate != Fate::Free);
        units.0.keys().filter(is_held).cloned().collect()
    }

    /// How many tokens must be in the end.
    pub fn expected(&self) -> usize {
        self.tokens.values().filter(|(_, fate)| *fate != Fate::Free).count()
    }
}

fn paths(places: &[Place]) -> String {
    let shown: Vec<String> = places.iter().map(|place| format!("{}: {:?}", place.path, place.unit)).collect();
    if shown.is_empty() { "nowhere".to_owned() } else { shown.join("; ") }
}

/// Where a token stands.
#[derive(Debug, Clone)]
struct Place {
    path: String,
    /// The whole entry, or the line.
    unit: String,
    is_entry: bool,
}

/// Every token's places.
#[derive(Debug, Default)]
struct Units(BTreeMap<String, Vec<Place>>);

impl Units {
    fn add(&mut self, path: &str, text: &str) {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let mut at = 0;
        while at < lines.len() {
            let mut end = at + 1;
            let is_entry = begins_entry(lines[at]);
            // An entry is one unit with all that is indented below it.
            while is_entry && lines.get(end).is_some_and(|line| line.starts_with("  ")) {
                end += 1;
            }
            let unit = lines[at..end].join("\n");
            for token in tokens_in(&unit) {
                let is_entry = is_entry && lines[at].contains(token);
                let place = Place { path: path.to_owned(), unit: unit.clone(), is_entry };
                self.0.entry(token.to_owned()).or_default().push(place);
            }
            at = end;
        }
    }
}

fn tokens_in(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("tok").filter_map(|(at, _)| {
        let rest = &text[at..];
        let end = rest[3..].find(|c: char| !c.is_ascii_digit())? + 3;
        (end > 3 && rest[end..].starts_with('x')).then(|| &rest[..=end])
    })
}

/// Whether it stands in the same words as often, wherever that is. An item of a list stands for itself.
fn same(kind: Kind, before: &[Place], after: &[Place]) -> bool {
    let sorted = |places: &[Place]| {
        let mut units: Vec<String> = places.iter().map(|place| place.unit.clone()).collect();
        units.sort();
        units
    };
    match kind {
        Kind::Tag => before.len() == after.len(),
        _ => sorted(before) == sorted(after),
    }
}
