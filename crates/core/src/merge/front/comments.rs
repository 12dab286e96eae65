//! Comments and blank lines of a front matter, merged three ways; no comment that either side added or kept is lost.

use std::collections::{BTreeMap, BTreeSet};

use toml_parser::Source;
use toml_parser::lexer::{Token, TokenKind};

use super::page::Unit;
use super::values::stays;
use crate::merge::order::merge_order;

/// How often each comment stands somewhere.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Counts<'t>(BTreeMap<&'t str, usize>);

impl<'t> Counts<'t> {
    pub fn of(toml: &'t str) -> Counts<'t> {
        let mut counts = Counts::default();
        for comment in comments(toml) {
            *counts.0.entry(comment).or_default() += 1;
        }
        counts
    }

    fn get(&self, comment: &str) -> usize {
        self.0.get(comment).copied().unwrap_or_default()
    }

    /// How often each has to stand in the merge: as often as the side has it that added some, else as the side
    /// that took some away.
    pub fn due(base: &Counts<'t>, a: &Counts<'t>, b: &Counts<'t>) -> Counts<'t> {
        let count = |comment: &str| {
            let [base, a, b] = [base, a, b].map(|counts| counts.get(comment));
            if a <= base && b <= base { a.min(b) } else { a.max(b) }
        };
        Counts(a.0.keys().chain(b.0.keys()).map(|comment| (*comment, count(comment))).collect())
    }

    /// The comments that are here more often than there, one each time.
    pub fn beyond(&self, there: &Counts<'_>) -> Vec<&'t str> {
        let missing = |(comment, count): (&&'t str, &usize)| {
            std::iter::repeat_n(*comment, count.saturating_sub(there.get(comment)))
        };
        self.0.iter().flat_map(missing).collect()
    }
}

/// The statement `body` with what the sides have above it, and with the comments that stand beside other values of
/// the two.
pub(super) fn weave(
    base: Option<&Unit<'_>>,
    a: Option<&Unit<'_>>,
    b: Option<&Unit<'_>>,
    body: &str,
    ending: &str,
) -> String {
    let (a, b) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (Some(only), None) | (None, Some(only)) => return [only.lead, body].concat(),
        (None, None) => return body.to_owned(),
    };
    // Where one of the two is as it was, the other one is what is wanted.
    let is_as_it_was =
        |unit: &Unit<'_>| base.is_some_and(|base| base.lead == unit.lead && base.body == unit.body);
    for (one, other) in [(a, b), (b, a)] {
        if other.body == body && (is_as_it_was(one) || one.lead == other.lead && one.body == other.body) {
            return [other.lead, body].concat();
        }
    }
    let mut text = merge_lines(base.map_or("", |unit| unit.lead), a.lead, b.lead);
    let has_comments = |unit: &Unit<'_>| unit.body.contains('#') || unit.lead.contains('#');
    if has_comments(a) || has_comments(b) {
        let [base, a, b] = [base.map(Unit::text).unwrap_or_default(), a.text(), b.text()];
        let due = Counts::due(&Counts::of(&base), &Counts::of(&a), &Counts::of(&b));
        let whole = [&text, body].concat();
        for comment in due.beyond(&Counts::of(&whole)) {
            text.push_str(comment);
            text.push_str(ending);
        }
    }
    text + body
}

/// The comments of a text, each from its `#` on.
pub(super) fn comments(toml: &str) -> Vec<&str> {
    if !toml.contains('#') {
        return Vec::new();
    }
    let is_comment = |token: &Token| token.kind() == TokenKind::Comment;
    let tokens = Source::new(toml).lex().filter(is_comment);
    tokens.map(|token| toml[token.span().start()..token.span().end()].trim_end()).collect()
}

/// Comment lines and blank lines: base without what either removed, with what either added.
pub(super) fn merge_lines(base: &str, a: &str, b: &str) -> String {
    if a == b || base == b {
        return a.to_owned();
    }
    if base == a {
        return b.to_owned();
    }
    let [base, a, b] = [base, a, b].map(numbered);
    let [set, set_a, set_b] = [&base, &a, &b].map(|lines| lines.iter().collect::<BTreeSet<_>>());
    let keep = |line: &(&str, usize)| stays(set.contains(line), set_a.contains(line), set_b.contains(line));
    merge_order(&base, &a, &b, keep).into_iter().map(|(line, _)| line).collect()
}

/// Each line, with how many of its kind stand before it, so that no two are the same.
fn numbered(text: &str) -> Vec<(&str, usize)> {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    text.split_inclusive('\n')
        .map(|line| {
            let count = seen.entry(line).or_default();
            *count += 1;
            (line, *count)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_three_ways() {
        for (base, a, b, expected) in [
            ("", "#1\n", "#2\n", "#1\n#2\n"),
            ("#1\n", "", "#1\n#2\n", "#2\n"),
            ("#1\n#2\n", "#2\n", "#1\n", ""),
            ("\n", "\n#1\n", "\n\n", "\n\n#1\n"),
            ("#\n#1\n#\n", "#\n#1\n#\n#2\n", "#\n#1b\n#\n", "#\n#1b\n#\n#2\n"),
        ] {
            assert_eq!(merge_lines(base, a, b), expected, "{base:?} {a:?} {b:?}");
            assert_eq!(merge_lines(base, b, a), expected, "{base:?} {a:?} {b:?}");
        }
    }

    #[test]
    fn how_often_a_comment_is_due() {
        for (base, a, b, due) in
            [(0, 0, 1, 1), (1, 1, 1, 1), (1, 0, 1, 0), (1, 2, 0, 2), (2, 1, 0, 0), (1, 2, 3, 3)]
        {
            let text = |count: usize| "# x\n".repeat(count) + "a = '# y'\n";
            let [base, a, b] = [text(base), text(a), text(b)];
            let due_text = text(due);
            let counts = Counts::due(&Counts::of(&base), &Counts::of(&a), &Counts::of(&b));
            assert_eq!(counts.beyond(&Counts::default()).len(), due);
            assert_eq!(counts.beyond(&Counts::of(&due_text)), Vec::<&str>::new());
        }
    }
}
