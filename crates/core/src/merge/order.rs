//! The order of things that two sides may have added, taken away and moved: keys, items of lists, log entries.

use std::collections::BTreeMap;

/// The kept items of all three in an order that both sides would know again. Who moved what the base has leads, else
/// who has all that is kept, else who is the greater; what only the others have comes after what it came after
/// there. No item may stand twice in one sequence. Symmetric in `a` and `b`; and merging the result with either side
/// again gives the result, where `keep` wants nothing of the base that a side took away.
pub(super) fn merge_order<T: Ord + Clone>(base: &[T], a: &[T], b: &[T], keep: impl Fn(&T) -> bool) -> Vec<T> {
    let kept = |items: &[T]| -> Vec<T> { items.iter().filter(|item| keep(item)).cloned().collect() };
    let [base, a, b] = [base, a, b].map(kept);
    let mut all: Vec<&T> = base.iter().chain(&a).chain(&b).collect();
    all.sort_unstable();
    all.dedup();
    let has_all = |side: &[T]| side.len() == all.len();
    let a_leads = match (is_moved(&base, &a), is_moved(&base, &b)) {
        (true, false) => true,
        (false, true) => false,
        _ => (has_all(&a), &a) >= (has_all(&b), &b),
    };
    let mut chain = Chain::default();
    for items in if a_leads { [&a, &b, &base] } else { [&b, &a, &base] } {
        chain.add(items);
    }
    chain.items()
}

/// Whether the items that both have stand in another order.
fn is_moved<T: Ord>(base: &[T], side: &[T]) -> bool {
    let places: BTreeMap<&T, usize> = base.iter().enumerate().map(|(at, item)| (item, at)).collect();
    !side.iter().filter_map(|item| places.get(item)).is_sorted()
}

/// Items in an order to which others can be added in between.
struct Chain<'i, T> {
    /// Each item and the link that follows it.
    links: Vec<(&'i T, Option<usize>)>,
    first: Option<usize>,
    places: BTreeMap<&'i T, usize>,
}

impl<T> Default for Chain<'_, T> {
    fn default() -> Self {
        Chain { links: Vec::new(), first: None, places: BTreeMap::new() }
    }
}

impl<'i, T: Ord + Clone> Chain<'i, T> {
    /// Puts in those of the items that are missing, each after the one before it, the first in front.
    fn add(&mut self, items: &'i [T]) {
        let mut before: Option<usize> = None;
        for item in items {
            if let Some(place) = self.places.get(item) {
                before = Some(*place);
                continue;
            }
            let new = self.links.len();
            let next = match before {
                Some(before) => &mut self.links[before].1,
                None => &mut self.first,
            };
            let after = next.replace(new);
            self.links.push((item, after));
            self.places.insert(item, new);
            before = Some(new);
        }
    }

    fn items(&self) -> Vec<T> {
        let mut items = Vec::with_capacity(self.links.len());
        let mut at = self.first;
        while let Some((item, next)) = at.map(|at| self.links[at]) {
            items.push(item.clone());
            at = next;
        }
        items
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Whether the item stays in a three-way set.
    fn stays(item: char, base: &[char], a: &[char], b: &[char]) -> bool {
        let has = [a, b].map(|side| side.contains(&item));
        if base.contains(&item) { has == [true, true] } else { has != [false, false] }
    }

    fn merged(base: &[char], a: &[char], b: &[char]) -> Vec<char> {
        merge_order(base, a, b, |item| stays(*item, base, a, b))
    }

    #[test]
    fn what_moved_leads() {
        for (base, a, b, expected) in [
            ("", "", "", ""),
            ("abc", "abc", "abc", "abc"),
            ("abc", "cba", "abc", "cba"),
            ("abc", "cba", "abdc", "cbda"),
            ("abc", "abxc", "ayc", "axyc"),
            ("a", "ax", "ay", "axy"),
            ("a", "xa", "ya", "xya"),
            ("ab", "ba", "bax", "bax"),
            ("abc", "bac", "acb", "bac"),
            ("ab", "a", "b", ""),
            ("abc", "ba", "ac", "a"),
            ("", "yx", "xy", "yx"),
            ("", "cx", "ac", "acx"),
            // What only seemed to have moved because of an item that goes does not lead.
            ("abc", "baz", "cabx", "bxaz"),
        ] {
            let [base, a, b] = [base, a, b].map(|text| text.chars().collect::<Vec<char>>());
            assert_eq!(merged(&base, &a, &b).iter().collect::<String>(), expected, "{base:?} {a:?} {b:?}");
            assert_eq!(merged(&base, &a, &b), merged(&base, &b, &a));
        }
    }

    #[test]
    fn what_a_side_lacks_comes_from_the_base() {
        let kept = merge_order(&['a', 'b', 'c'], &['a', 'c'], &['c', 'a'], |item| *item != 'a');
        assert_eq!(kept, ['b', 'c']);
        assert_eq!(merge_order(&['a', 'b'], &['x'], &[], |_| true), ['a', 'b', 'x']);
    }

    fn items() -> impl Strategy<Value = Vec<char>> {
        prop::sample::subsequence(('a'..='h').collect::<Vec<_>>(), 0..=8).prop_shuffle()
    }

    /// A base and a side of it that mostly keeps its order.
    fn side() -> impl Strategy<Value = Vec<char>> {
        prop_oneof![prop::sample::subsequence(('a'..='h').collect::<Vec<_>>(), 0..=8), items()]
    }

    proptest! {
        #![proptest_config(crate::merge::config())]

        #[test]
        fn holds_what_is_kept_once_and_knows_no_side(base in side(), a in side(), b in side(), kept in items()) {
            let keep = |item: &char| kept.contains(item);
            let order = merge_order(&base, &a, &b, keep);
            prop_assert_eq!(&order, &merge_order(&base, &b, &a, keep));
            let union: BTreeSet<char> = base.iter().chain(&a).chain(&b).copied().filter(keep).collect();
            prop_assert_eq!(order.iter().copied().collect::<BTreeSet<_>>(), union);
            prop_assert!(order.len() <= 8 && order.iter().collect::<BTreeSet<_>>().len() == order.len());
            // One of the two stands in it as it is.
            let of = |side: &[char]| -> bool {
                let here: Vec<char> = order.iter().copied().filter(|item| side.contains(item)).collect();
                here == side.iter().copied().filter(keep).collect::<Vec<_>>()
            };
            prop_assert!(of(&a) || of(&b));
            if !is_moved(&base, &a) && is_moved(&base, &b) && kept.len() == 8 {
                prop_assert!(of(&b));
            }
        }

        #[test]
        fn merging_again_changes_nothing(base in side(), a in side(), b in side()) {
            let once = merged(&base, &a, &b);
            prop_assert_eq!(&merged(&base, &once, &a), &once);
            prop_assert_eq!(&merged(&base, &b, &once), &once);
            prop_assert_eq!(&merged(&base, &a, &a), &a);
            prop_assert_eq!(&merged(&base, &base, &b), &b);
        }
    }
}
