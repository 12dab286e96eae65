//! Versions of the same lines: the one that stands, and those that follow it as quotes.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::lines::{Kind, OPENER, Token, bare};
use super::parts::is_blank;

/// Merged prose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Prose {
    pub text: String,
    /// The first line of each version that became a quote.
    pub quoted: Vec<String>,
}

/// What came of two sets of versions.
#[derive(Debug)]
pub(super) enum Settled<'m, 't> {
    /// One side has all of them as they are.
    Side(&'m [Token<'t>]),
    /// All that are to be there; the greatest stands.
    Union(BTreeSet<String>),
}

/// Merges the versions of some lines as a set.
pub(super) fn settle<'m, 't>(base: &[Token<'t>], a: &'m [Token<'t>], b: &'m [Token<'t>]) -> Settled<'m, 't> {
    let [in_base, in_a, in_b] = [base, a, b].map(set_of);
    let stays = |version: &&String| {
        let (is_old, on_a, on_b) =
            (in_base.contains(*version), in_a.contains(*version), in_b.contains(*version));
        if is_old { on_a && on_b } else { on_a || on_b }
    };
    let mut all: BTreeSet<String> = in_a.union(&in_b).filter(stays).cloned().collect();
    if all.is_empty() {
        all = in_a.union(&in_b).cloned().collect();
    }
    let text = |tokens: &[Token<'_>]| tokens.iter().map(|token| &*token.text).collect::<String>();
    match (all == in_a, all == in_b) {
        (true, true) => Settled::Side(if text(a) >= text(b) { a } else { b }),
        (true, false) => Settled::Side(a),
        (false, true) => Settled::Side(b),
        (false, false) => Settled::Union(all),
    }
}

/// The version that stands and those in quotes, each without line ends around it; an empty one is none.
fn set_of(tokens: &[Token<'_>]) -> BTreeSet<String> {
    let mut set: BTreeSet<String> =
        tokens.iter().filter(|token| token.kind == Kind::Quote).map(|token| quoted(&token.text)).collect();
    set.insert(main_of(tokens));
    set.remove("");
    set
}

fn main_of(tokens: &[Token<'_>]) -> String {
    let lines: Vec<&str> =
        tokens.iter().filter(|token| token.kind != Kind::Quote).map(|token| bare(&token.text)).collect();
    trimmed(&lines)
}

/// The version that a quote holds.
pub(super) fn quoted(quote: &str) -> String {
    let lines: Vec<&str> = quote.lines().skip(1).map(unquoted).collect();
    trimmed(&lines)
}

/// A line of a quote without its mark.
pub(super) fn unquoted(line: &str) -> &str {
    let said = line.strip_prefix('>').unwrap_or(line);
    said.strip_prefix(' ').unwrap_or(said)
}

/// Lines as one text, without the blank ones around them.
fn trimmed(lines: &[&str]) -> String {
    let is_said = |line: &&str| !is_blank(line);
    let first = lines.iter().position(is_said).unwrap_or(lines.len());
    let last = lines.iter().rposition(is_said).map_or(first, |at| at + 1);
    lines[first..last].join("\n")
}

/// Tokens on their way to a text.
#[derive(Debug)]
pub(super) struct Output<'e> {
    text: String,
    /// A line end.
    ending: &'e str,
    /// What stands last is a quote that was made here.
    is_after_quote: bool,
    quoted: Vec<String>,
}

impl<'e> Output<'e> {
    /// Nothing yet.
    pub fn new(ending: &'e str) -> Output<'e> {
        Output { text: String::new(), ending, is_after_quote: false, quoted: Vec::new() }
    }

    /// Adds a token. A line right after a quote would go on with it, but for a blank line between them.
    pub fn push(&mut self, token: &Token<'_>) {
        if std::mem::take(&mut self.is_after_quote) && token.kind != Kind::Blank {
            self.blank();
        }
        self.text.push_str(&token.text);
    }

    /// Adds tokens.
    pub fn extend(&mut self, tokens: &[Token<'_>]) {
        tokens.iter().for_each(|token| self.push(token));
    }

    /// Adds a blank line.
    pub fn blank(&mut self) {
        self.text.push_str(self.ending);
    }

    /// Adds what came of the versions `a` and `b`.
    pub fn settled(&mut self, settled: Settled<'_, '_>, a: &[Token<'_>], b: &[Token<'_>]) {
        let set = match settled {
            Settled::Side(tokens) => return self.extend(tokens),
            Settled::Union(set) => set,
        };
        let Some(main) = set.last() else { return };
        let source = [a, b].into_iter().find(|tokens| main_of(tokens) == *main);
        let tokens: Vec<&Token<'_>> =
            source.unwrap_or_default().iter().filter(|token| token.kind != Kind::Quote).collect();
        let said = tokens.iter().rposition(|token| token.kind != Kind::Blank).map_or(0, |at| at + 1);
        tokens[..said].iter().for_each(|token| self.push(token));
        if source.is_none() {
            self.lines(main.split('\n').map(Cow::Borrowed));
        }
        let known: BTreeSet<String> = [a, b]
            .into_iter()
            .flatten()
            .filter(|token| token.kind == Kind::Quote)
            .map(|token| quoted(&token.text))
            .collect();
        for version in set.iter().filter(|version| *version != main) {
            self.quote(version);
            if !known.contains(version) {
                self.quoted.push(version.lines().next().unwrap_or_default().to_owned());
            }
        }
        tokens[said..].iter().for_each(|token| self.push(token));
    }

    fn quote(&mut self, version: &str) {
        let last = self.text.lines().next_back().unwrap_or_default();
        // Two quotes without a blank line between them would be one.
        if std::mem::take(&mut self.is_after_quote) || last.trim_start().starts_with('>') {
            self.blank();
        }
        let mark = |line: &str| if line.is_empty() { ">".to_owned() } else { format!("> {line}") };
        let lines = version.split('\n').map(|line| Cow::Owned(mark(line)));
        self.lines([Cow::Borrowed(OPENER)].into_iter().chain(lines));
        self.is_after_quote = true;
    }

    fn lines<'l>(&mut self, lines: impl Iterator<Item = Cow<'l, str>>) {
        if std::mem::take(&mut self.is_after_quote) {
            self.blank();
        }
        for line in lines {
            self.text.push_str(&line);
            self.text.push_str(self.ending);
        }
    }

    /// The prose.
    pub fn finish(self) -> Prose {
        Prose { text: self.text, quoted: self.quoted }
    }
}
