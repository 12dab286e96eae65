//! How alike two names are: the same words, a slip of the pen, an initial, a pet name, one a part of the other.

use std::fmt;

use strsim::osa_distance;

use super::LEGAL;
use crate::fold::fold;

/// Words that stand with a name and are none.
const TITLES: [&str; 16] = [
    "dr", "prof", "mr", "mrs", "ms", "miss", "herr", "frau", "sir", "madame", "ing", "dipl", "mag", "phd",
    "mba", "md",
];
/// Pet names and the names that they stand for, the usual ones of English.
const PET_NAMES: [(&str, &str); 50] = [
    ("abby", "abigail"),
    ("al", "albert"),
    ("alex", "alexander"),
    ("andy", "andrew"),
    ("becky", "rebecca"),
    ("ben", "benjamin"),
    ("beth", "elizabeth"),
    ("betty", "elizabeth"),
    ("bill", "william"),
    ("bob", "robert"),
    ("bobby", "robert"),
    ("cathy", "catherine"),
    ("chris", "christopher"),
    ("chuck", "charles"),
    ("dan", "daniel"),
    ("dave", "david"),
    ("dick", "richard"),
    ("don", "donald"),
    ("ed", "edward"),
    ("fred", "frederick"),
    ("greg", "gregory"),
    ("jack", "john"),
    ("jeff", "jeffrey"),
    ("jenny", "jennifer"),
    ("jim", "james"),
    ("joe", "joseph"),
    ("josh", "joshua"),
    ("kate", "katherine"),
    ("kathy", "katherine"),
    ("ken", "kenneth"),
    ("larry", "lawrence"),
    ("liz", "elizabeth"),
    ("maggie", "margaret"),
    ("matt", "matthew"),
    ("meg", "margaret"),
    ("mike", "michael"),
    ("nick", "nicholas"),
    ("pam", "pamela"),
    ("pat", "patricia"),
    ("pete", "peter"),
    ("phil", "philip"),
    ("rick", "richard"),
    ("rob", "robert"),
    ("ron", "ronald"),
    ("sam", "samuel"),
    ("steve", "stephen"),
    ("sue", "susan"),
    ("tom", "thomas"),
    ("tony", "anthony"),
    ("will", "william"),
];

/// A short form has so many letters at least.
const SHORT_FORM: usize = 3;

/// How two names are alike, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameTie {
    /// The same words in any order, case, accents and titles aside.
    Same,
    /// One has a pet name or a short form: `Bob` and `Robert`, `Jon` and `Jonathan`.
    PetName,
    /// One has all words of the other, which are two at least: `Jane Q. Doe` and `Jane Doe`.
    Longer,
    /// A slip of the pen apart.
    Near,
    /// One has an initial: `J. Doe`.
    Initial,
    /// One is a single word of the other: `Jane`.
    Word,
}

impl NameTie {
    /// What it is worth by itself, where the companies are the same, different, or not both known.
    pub(super) fn score(self, is_same_company: Option<bool>) -> u8 {
        let [same, unknown, other] = match self {
            NameTie::Same => [95, 80, 65],
            NameTie::PetName => [85, 66, 45],
            NameTie::Longer => [85, 68, 50],
            NameTie::Near => [80, 60, 40],
            NameTie::Initial => [75, 50, 30],
            // There are too many of one first name to say so without more.
            NameTie::Word => [60, 0, 0],
        };
        match is_same_company {
            Some(true) => same,
            None => unknown,
            Some(false) => other,
        }
    }
}

impl fmt::Display for NameTie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NameTie::Same => "same name",
            NameTie::PetName => "a short form of the name",
            NameTie::Longer => "one name is a part of the other",
            NameTie::Near => "nearly the same name",
            NameTie::Initial => "the same initial and name",
            NameTie::Word => "one name is a word of the other",
        })
    }
}

/// A name as its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Name {
    /// Folded, in order of the alphabet.
    words: Vec<Box<str>>,
}

impl Name {
    /// Takes a name apart, without the words that are no part of it; `is_org` says whose it is.
    pub fn of(name: &str, is_org: bool) -> Name {
        let folded = fold(name);
        let apart = |c: char| !c.is_alphanumeric() && c != '\'' && c != '’';
        let all =
            || folded.split(apart).map(|word| word.replace(['\'', '’'], "")).filter(|word| !word.is_empty());
        let drop: &[&str] = if is_org { &LEGAL } else { &TITLES };
        let mut words: Vec<Box<str>> =
            all().filter(|word| !drop.contains(&word.as_str())).map(String::into_boxed_str).collect();
        if words.is_empty() {
            words = all().map(String::into_boxed_str).collect();
        }
        words.sort_unstable();
        Name { words }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// The words in order of the alphabet.
    pub fn words(&self) -> &[Box<str>] {
        &self.words
    }

    /// How the two are alike, if they are.
    pub fn tie(&self, other: &Name) -> Option<NameTie> {
        let (few, many) = if self.words.len() <= other.words.len() { (self, other) } else { (other, self) };
        if few.is_empty() {
            return None;
        }
        if few.words == many.words {
            return Some(NameTie::Same);
        }
        let mut left: Vec<&str> = many.words.iter().map(|word| &**word).collect();
        let rest: Vec<&str> =
            few.words.iter().map(|word| &**word).filter(|word| !taken(&mut left, word)).collect();
        if rest.is_empty() {
            return Some(if few.words.len() > 1 { NameTie::Longer } else { NameTie::Word });
        }
        // One word may differ, where another one is the same.
        let ([odd], true) = (rest.as_slice(), few.words.len() > 1 || left.len() == 1) else { return None };
        let is_alone = few.words.len() == 1;
        let how = left.iter().filter_map(|word| word_tie(odd, word, is_alone)).min()?;
        // With a further word that only one of them has, a guess would be added to a guess.
        (left.len() == 1 || how == NameTie::PetName || how == NameTie::Initial).then_some(how)
    }
}

/// Takes the word out of the list, if it is there.
fn taken(list: &mut Vec<&str>, word: &str) -> bool {
    let at = list.iter().position(|one| *one == word);
    at.map(|at| list.remove(at)).is_some()
}

/// How two different words are alike. A word that is the whole name has to be long to be nearly the same.
fn word_tie(a: &str, b: &str, is_alone: bool) -> Option<NameTie> {
    if !is_alone && full(a) == full(b) {
        return Some(NameTie::PetName);
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let mut letters = short.chars();
    if let (Some(initial), None) = (letters.next(), letters.next()) {
        return (!is_alone && long.starts_with(initial)).then_some(NameTie::Initial);
    }
    if !is_alone && short.chars().count() >= SHORT_FORM && long.starts_with(short) {
        return Some(NameTie::PetName);
    }
    is_slip(a, b, is_alone).then_some(NameTie::Near)
}

/// The name that a pet name stands for.
pub(super) fn full(word: &str) -> &str {
    PET_NAMES.binary_search_by_key(&word, |(pet, _)| pet).map_or(word, |at| PET_NAMES[at].1)
}

/// Whether one word may be the other, mistyped. Short names that differ in a letter are two names: `Mark`, `Mary`.
fn is_slip(a: &str, b: &str, is_alone: bool) -> bool {
    let [of_a, of_b] = [a, b].map(|word| word.chars().count());
    let (short, long) = (of_a.min(of_b), of_a.max(of_b));
    if long - short > 2 || long < if is_alone { 6 } else { 3 } || a.chars().any(|c| c.is_ascii_digit()) {
        return false;
    }
    let is_replaced = short == long && !is_turned(a, b);
    match osa_distance(a, b) {
        1 if is_replaced => long > 4,
        1 => short == long || long > 3,
        2 => short >= 8,
        _ => false,
    }
}

/// Whether the words have the same letters.
fn is_turned(a: &str, b: &str) -> bool {
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    letters(a) == letters(b)
}
