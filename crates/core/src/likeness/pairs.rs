//! The pairs of many contacts that are worth comparing, and how alike these are.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::names::full;
use super::{Face, likeness};

/// So many contacts of one key are compared each with each. Of more, which hardly means anything, each is compared
/// with the next few.
const MOST_ALIKE: usize = 400;
/// How many.
const NEXT: usize = 20;

/// Two contacts that may be one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pair {
    /// How alike they are, to 100.
    pub score: u8,
    /// Where the one stands in the list.
    pub a: usize,
    /// Where the other stands, behind it.
    pub b: usize,
}

/// All pairs that score at least so much, best first, then in the order of the list; `is_asked` says which places of
/// the list one of the two has to have.
pub fn pairs(faces: &[Face], least: u8, is_asked: impl Fn(usize) -> bool) -> Vec<Pair> {
    let mut keyed: Vec<(u64, u32)> = Vec::with_capacity(faces.len() * 6);
    for (at, face) in faces.iter().enumerate() {
        for_each_key(face, |key| keyed.push((key, at as u32)));
    }
    keyed.sort_unstable();
    keyed.dedup();
    let mut found = Vec::new();
    let mut seen: HashSet<(u32, u32)> = HashSet::new();
    for block in keyed.chunk_by(|one, other| one.0 == other.0) {
        let reach = if block.len() > MOST_ALIKE { NEXT } else { block.len() };
        for (at, (_, a)) in block.iter().enumerate() {
            for (_, b) in block[at + 1..].iter().take(reach) {
                let (a, b) = (*a as usize, *b as usize);
                if !is_asked(a) && !is_asked(b) {
                    continue;
                }
                let alike = likeness(&faces[a], &faces[b]).filter(|alike| alike.score >= least);
                if let Some(alike) = alike
                    && seen.insert((a as u32, b as u32))
                {
                    found.push(Pair { score: alike.score, a, b });
                }
            }
        }
    }
    found.sort_unstable_by_key(|pair| (std::cmp::Reverse(pair.score), pair.a, pair.b));
    found
}

/// Numbers of which two contacts that are alike have at least one in common.
fn for_each_key(face: &Face, mut add: impl FnMut(u64)) {
    face.ids.iter().for_each(|id| add(key("id", id, "")));
    face.uid.iter().for_each(|uid| add(key("uid", uid, "")));
    face.email.iter().for_each(|email| add(key("email", email, "")));
    face.phone.iter().for_each(|phone| add(key("phone", phone, "")));
    face.links.iter().for_each(|link| add(key("link", link, "")));
    let words = face.name.words();
    if let [only] = words {
        // A slip is rarely in the first letters of a name.
        add(key("alone", &only.chars().take(3).collect::<String>(), ""));
    }
    for (at, word) in words.iter().enumerate() {
        if let Some(company) = &face.company {
            add(key("company", full(word), company));
        }
        for (_, other) in words.iter().enumerate().filter(|(place, _)| *place != at) {
            for word in [word, full(word)] {
                for other in [other, full(other)] {
                    add(key("name", word, other.get(..first_len(other)).unwrap_or_default()));
                }
            }
        }
    }
}

/// How long the first letter is, in bytes.
fn first_len(word: &str) -> usize {
    word.chars().next().map_or(0, char::len_utf8)
}

fn key(what: &str, one: &str, other: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (what, one, other).hash(&mut hasher);
    hasher.finish()
}
