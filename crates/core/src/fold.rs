//! Looking for a word whatever its case and accents: `muller` finds `Müller`, `MULLER` and `müller`.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

/// Beyond this a needle is looked for in a folded copy of the text: the quick search below is quadratic at worst.
const QUICK: usize = 64;

/// Below this there are no marks but accents, and so none whose order could matter: each character is folded by
/// itself.
const BEYOND: char = '\u{483}';

/// What is looked for, folded once.
#[derive(Debug, Clone, PartialEq)]
pub struct Needle {
    folded: String,
    ascii: bool,
}

impl Needle {
    /// Folds what is looked for.
    pub fn new(text: &str) -> Needle {
        let folded = fold(text).into_owned();
        Needle { ascii: folded.is_ascii(), folded }
    }

    /// What is looked for, folded.
    pub fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether `text` contains it. Nearly every text is ASCII, and is then searched where it stands.
    pub fn is_in(&self, text: &str) -> bool {
        if !self.ascii || self.folded.len() > QUICK {
            return self.is_in_folded(&fold(text));
        }
        // A hit among the unfolded bytes is a hit after folding too, so only a miss has to look closer, and only
        // around the characters that folding changes.
        finds_ascii(text.as_bytes(), self.folded.as_bytes())
            || around_unusual(text, self.folded.len()).any(|part| self.is_in_folded(&fold(part)))
    }

    fn is_in_folded(&self, text: &str) -> bool {
        memchr::memmem::find(text.as_bytes(), self.folded.as_bytes()).is_some()
    }

    /// Whether `text` is the same from end to end.
    pub fn is(&self, text: &str) -> bool {
        if text.is_ascii() {
            self.ascii && self.folded.eq_ignore_ascii_case(text)
        } else {
            self.folded == *fold(text)
        }
    }
}

/// The text in lower case and without accents.
pub fn fold(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return match text.bytes().any(|b| b.is_ascii_uppercase()) {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        };
    }
    let mut folded = String::with_capacity(text.len());
    let mut push = |c: char| match plain(c) {
        Some(plain) => folded.push_str(plain),
        None => folded.push(c),
    };
    if text.chars().all(|c| c < BEYOND) {
        for c in text.chars() {
            if c.is_ascii() {
                push(c.to_ascii_lowercase());
            } else {
                let unaccented = |c: char| if is_accent(c) { None } else { Some(c) };
                decompose_canonical(c, |c| {
                    unaccented(c).into_iter().flat_map(char::to_lowercase).for_each(&mut push)
                });
            }
        }
    } else {
        text.nfd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase).for_each(push);
    }
    Cow::Owned(folded)
}

/// The parts of `text` that lie within `reach` characters of one that may fold to ASCII; near ones are one part.
fn around_unusual(text: &str, reach: usize) -> impl Iterator<Item = &str> {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        // Characters from U+3000 on fold to nothing in ASCII, so what is looked for does not reach over one.
        let leads = |byte: &u8| (0xc2..=0xe2).contains(byte);
        let unusual = |from: usize| bytes[from..].iter().position(leads).map(|at| from + at);
        let first = unusual(from)?;
        let start = text.floor_char_boundary(first.saturating_sub(reach).max(from));
        let mut end = first;
        while let Some(next) = unusual(end).filter(|next| *next <= end + 2 * reach) {
            end = next + text[next..].chars().next().map_or(1, char::len_utf8);
        }
        from = text.ceil_char_boundary(end + reach);
        Some(&text[start..from])
    })
}

/// The accents of Latin, Greek and Cyrillic. Marks of other scripts are vowels, and make another word.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

/// Letters that Unicode does not take apart but a keyboard without them does.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ı' => "i",
        'ς' => "σ",
        _ => return None,
    })
}

/// `needle` is in lower case. Goes from one of its rarest letter to the next.
fn finds_ascii(text: &[u8], needle: &[u8]) -> bool {
    const FREQUENT_FIRST: &[u8] = b" etaoinsrhldcumfpgwybvkxjqz";
    let frequency = |byte: &u8| FREQUENT_FIRST.iter().position(|b| b == byte).unwrap_or(usize::MAX);
    let Some(rarest) = (0..needle.len()).max_by_key(|at| frequency(&needle[*at])) else { return true };
    let Some(last_start) = text.len().checked_sub(needle.len()) else { return false };
    let byte = needle[rarest];
    memchr::memchr2_iter(byte, byte.to_ascii_uppercase(), &text[rarest..=last_start + rarest])
        .any(|at| text[at..at + needle.len()].eq_ignore_ascii_case(needle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn one_by_one_is_as_all_at_once(text in "[a-zA-ZÀ-žΆ-ώА-я\u{300}-\u{36f}]{0,12}") {
            let all: String = text.nfd().filter(|c| !is_accent(*c)).flat_map(char::to_lowercase).collect();
            let all: String = all.chars().map(|c| plain(c).map_or(c.to_string(), str::to_owned)).collect();
            prop_assert_eq!(fold(&text), all);
        }
    }

    #[test]
    fn case_and_accents_do_not_count() {
        for (needle, text, found) in [
            ("muller", "Herr Müller", true),
            ("MÜLLER", "muller & co", true),
            ("Müller", "Mu\u{308}ller", true),
            ("strasse", "Lange Straße 5", true),
            ("lodz", "ŁÓDŹ", true),
            ("οδος", "ΟΔΌΣ", true),
            ("istanbul", "İSTANBUL", true),
            ("чехов", "Антон ЧЕХОВ", true),
            ("acme", "ACME Hotels", true),
            ("hotels", "ACME Hotels", true),
            ("acmee", "ACME", false),
            ("чехов", "Anton", false),
            ("", "", true),
            ("", "x", true),
            ("कि", "क", false),
            ("jose", "a long way behind it comes Jos\u{e9} and then a long way again", true),
            ("ee", "e plus \u{e9}, \u{e9}t\u{e9}e", true),
        ] {
            assert_eq!(Needle::new(needle).is_in(text), found, "{needle} in {text}");
        }
        assert!(
            Needle::new("José").is("JOSE") && Needle::new("jose").is("José") && !Needle::new("jo").is("Jo é")
        );
    }

    proptest! {
        #[test]
        fn the_quick_way_says_what_the_slow_way_says(needle in "[aAbBé]{0,4}", text in "[aAbBéÉ]{0,12}") {
            let slow = fold(&text).contains(&*fold(&needle));
            prop_assert_eq!(Needle::new(&needle).is_in(&text), slow);
        }

        #[test]
        fn the_parts_around_accents_hide_nothing(
            needle in "[abs]{1,3}",
            text in "([a-b]{0,9}[aébßs日ｆ]{0,2}(u\u{308})?){0,4}",
        ) {
            let slow = fold(&text).contains(&*needle);
            prop_assert_eq!(Needle::new(&needle).is_in(&text), slow);
        }
    }
}
