//! Files whose names are the same but for case and Unicode normalisation (format, section 1).

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use unicode_normalization::{UnicodeNormalization, is_nfc};

/// What two names that count as one have in common.
pub(super) fn fold(stem: &str) -> Cow<'_, str> {
    if stem.is_ascii() {
        if stem.bytes().any(|b| b.is_ascii_uppercase()) {
            return Cow::Owned(stem.to_ascii_lowercase());
        }
        return Cow::Borrowed(stem);
    }
    let lower = stem.to_lowercase();
    if is_nfc(&lower) { Cow::Owned(lower) } else { Cow::Owned(lower.nfc().collect()) }
}

/// For each of `count` stems whether another is the same.
pub(super) fn find<'s>(count: usize, stem: impl Fn(usize) -> &'s str) -> Vec<bool> {
    let mut hashes: Vec<(u64, usize)> = (0..count)
        .map(|at| {
            let mut hasher = DefaultHasher::new();
            fold(stem(at)).hash(&mut hasher);
            (hasher.finish(), at)
        })
        .collect();
    hashes.sort_unstable();
    let mut clashes = vec![false; count];
    for group in hashes.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        for (at, &(_, one)) in group.iter().enumerate() {
            let same = |other: usize| fold(stem(one)) == fold(stem(other));
            clashes[one] = group.iter().enumerate().any(|(n, (_, other))| n != at && same(*other));
        }
    }
    clashes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_normalisation_make_no_difference() {
        let stems = ["jane", "bob", "Jane", "ren\u{e9}", "rene\u{301}", "rene", "STRASSE", "straße"];
        assert_eq!(find(stems.len(), |at| stems[at]), [true, false, true, true, true, false, false, false]);
    }
}
