//! Which contact a text names (CLI contract, Habits): by id, or by any part of id, name, company or email that fits
//! one contact alone.

use strsim::osa_distance;

use super::{Parts, Survey};
use crate::contact::Contact;
use crate::fold::{Needle, fold};

/// How many contacts of a similar name are offered.
const OFFERED: usize = 3;
/// Nothing is like a text longer than any name, and to measure how unlike would take long.
const LONGEST: usize = 60;
const HEAD: Parts = Parts::HEAD;

/// What came of looking for the contact that a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// This one: its number in the survey.
    One(usize),
    /// Any of these, in the order of the survey.
    Several(Vec<Choice>),
    /// None fits.
    None {
        /// Those of a similar name, most similar first.
        nearest: Vec<Choice>,
    },
}

/// A contact that may have been meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Its number in the survey.
    pub index: usize,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its company.
    pub company: Option<String>,
}

/// How well a text fits a contact, best first. A better fit of one contact beats a lesser one of others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// An earlier id, or the id in another case.
    Alias,
    /// The whole name, or a whole email address.
    Whole,
    /// A part of id, name, company or email.
    Part,
    /// Every word is a part of one of them.
    Words,
}

impl Survey<'_> {
    /// The contact that `text` names. Case and accents do not count, but for an id that is exact.
    pub fn pick(&self, text: &str) -> Pick {
        let text = stem(text.trim());
        if text.is_empty() {
            return Pick::None { nearest: Vec::new() };
        }
        if let Some(index) = self.find(text) {
            return Pick::One(index);
        }
        let wanted = Wanted::new(text);
        let mut fits = self.search(HEAD, |row, contact| {
            wanted.fit(contact).map(|fit| (fit, Choice::of(row.index, contact)))
        });
        let Some(best) = fits.iter().map(|(fit, _)| *fit).min() else {
            return Pick::None { nearest: self.nearest(text) };
        };
        fits.retain(|(fit, _)| *fit == best);
        match fits.as_slice() {
            [(_, only)] => Pick::One(only.index),
            _ => Pick::Several(fits.into_iter().map(|(_, choice)| choice).collect()),
        }
    }

    fn nearest(&self, text: &str) -> Vec<Choice> {
        if text.len() > LONGEST {
            return Vec::new();
        }
        let typed = fold(text);
        let mut near = self.search(HEAD, |row, contact| {
            distance(&typed, contact).map(|distance| (distance, Choice::of(row.index, contact)))
        });
        near.sort_by_key(|(distance, choice)| (*distance, choice.index));
        // Beside a name one slip away, one two slips away was not meant.
        let best = near.first().map_or(0, |(distance, _)| *distance);
        near.retain(|(distance, _)| *distance == best || best > 1);
        near.truncate(OFFERED);
        near.into_iter().map(|(_, choice)| choice).collect()
    }
}

impl Choice {
    fn of(index: usize, contact: &Contact) -> Choice {
        Choice {
            index,
            id: contact.id.as_str().to_owned(),
            name: contact.name.clone(),
            company: contact.head.company.clone(),
        }
    }
}

/// `contacts/j/jane-doe.md`, as a shell completes it, names `jane-doe`.
fn stem(text: &str) -> &str {
    match text.strip_suffix(".md") {
        Some(path) => path.rsplit('/').next().unwrap_or(path),
        None => text,
    }
}

/// The text that names a contact, folded once.
struct Wanted {
    whole: Needle,
    words: Vec<Needle>,
}

impl Wanted {
    fn new(text: &str) -> Wanted {
        let words: Vec<Needle> = text.split_whitespace().map(Needle::new).collect();
        Wanted { whole: Needle::new(text), words: if words.len() > 1 { words } else { Vec::new() } }
    }

    fn fit(&self, contact: &Contact) -> Option<Fit> {
        let head = &contact.head;
        let id = contact.id.as_str();
        if self.whole.is(id) || head.aliases.iter().any(|alias| self.whole.is(alias)) {
            return Some(Fit::Alias);
        }
        if self.whole.is(&contact.name) || head.email.iter().any(|email| self.whole.is(email)) {
            return Some(Fit::Whole);
        }
        let fields = || {
            [id, &contact.name]
                .into_iter()
                .chain(head.company.as_deref())
                .chain(head.email.iter().map(String::as_str))
        };
        if fields().any(|field| self.whole.is_in(field)) {
            return Some(Fit::Part);
        }
        let each_word = || self.words.iter().all(|word| fields().any(|field| word.is_in(field)));
        (!self.words.is_empty() && each_word()).then_some(Fit::Words)
    }
}

/// How many slips of the pen lie between what was typed and the nearest name of the contact; none where they are
/// too many.
fn distance(typed: &str, contact: &Contact) -> Option<usize> {
    let allowed = match typed.chars().count() {
        0..=3 => 1,
        4..=7 => 2,
        _ => 3,
    };
    let head = &contact.head;
    let names = [contact.id.as_str(), contact.name.as_str()]
        .into_iter()
        .chain(head.aliases.iter().map(String::as_str))
        .chain(head.company.as_deref());
    names
        .flat_map(|name| {
            let folded = fold(name).into_owned();
            let words: Vec<String> =
                folded.split([' ', '-', '_']).filter(|word| word.len() > 2).map(str::to_owned).collect();
            std::iter::once(folded).chain(words)
        })
        .filter(|name| name.len() <= LONGEST)
        .map(|name| (osa_distance(typed, name.as_str()), name.chars().count()))
        .filter(|(distance, length)| *distance <= allowed && distance < length)
        .map(|(distance, _)| distance)
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;
    use crate::settings::Settings;

    fn contact(id: &str, head: &str) -> Contact {
        file::parse(&format!("+++\n{head}\n+++\n"), id, &Settings::default()).contact
    }

    fn best(text: &str, contacts: &[Contact]) -> Vec<String> {
        let wanted = Wanted::new(text);
        let fits: Vec<_> = contacts.iter().filter_map(|c| wanted.fit(c).map(|fit| (fit, c))).collect();
        let best = fits.iter().map(|(fit, _)| *fit).min();
        fits.iter().filter(|(fit, _)| Some(*fit) == best).map(|(_, c)| c.id.to_string()).collect()
    }

    #[test]
    fn a_better_fit_beats_a_lesser_one() {
        let contacts = [
            contact("jane-doe", "name = \"Jane Doe\"\ncompany = \"Acme Hotels\"\naliases = [\"jane-smith\"]"),
            contact("jane-doering", "name = \"Jane Doering\"\nemail = \"jd@acme.example\""),
            contact("ines", "name = \"Inês Carvalho\"\nemail = \"ines@miradouro.example\""),
            contact("sato", "name = \"佐藤 遥\""),
        ];
        for (text, expected) in [
            ("jane doe", &["jane-doe"] as &[&str]),
            ("JANE-DOE", &["jane-doe"]),
            ("jane-smith", &["jane-doe"]),
            ("jane", &["jane-doe", "jane-doering"]),
            ("doering", &["jane-doering"]),
            ("acme", &["jane-doe", "jane-doering"]),
            ("hotels", &["jane-doe"]),
            ("doe jane", &["jane-doe", "jane-doering"]),
            ("hotels jane", &["jane-doe"]),
            ("carvalho", &["ines"]),
            ("ines@miradouro.example", &["ines"]),
            ("inês", &["ines"]),
            ("遥", &["sato"]),
            ("nobody", &[]),
        ] {
            assert_eq!(best(text, &contacts), expected, "{text}");
        }
    }

    #[test]
    fn slips_are_near_and_other_names_are_not() {
        let jane = contact("jane-doe", "name = \"Jane Doe\"\ncompany = \"Acme Hotels\"");
        for (typed, expected) in [
            ("jnae", Some(1)),
            ("jane-deo", Some(1)),
            ("acmee", Some(1)),
            ("doo", Some(1)),
            ("zoltan", None),
            ("x", None),
        ] {
            assert_eq!(distance(typed, &jane), expected, "{typed}");
        }
    }

    #[test]
    fn a_path_names_its_file() {
        assert_eq!(stem("contacts/j/jane-doe.md"), "jane-doe");
        assert_eq!(stem("jane-doe.md"), "jane-doe");
        assert_eq!(stem("acme/jane-doe"), "acme/jane-doe");
    }
}
