//! A name and its parts.

use super::line::{self, Line};
use crate::fold::fold;

/// The parts of a name (RFC 6350, section 6.2.2), each as the words that stand in it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Name {
    /// Family name, given name, further names, what stands before, what stands behind; RFC 9554 adds two.
    parts: Vec<Vec<String>>,
}

/// The parameter by which a kept name says for which shown name it stands, where it does not show.
const SHOWN: &str = "X-FN";

impl Name {
    /// The parts as given.
    pub fn new(family: &str, given: &str, additional: &str, prefix: &str, suffix: &str) -> Name {
        let part =
            |text: &str| Some(line::spaced(text)).filter(|text| !text.is_empty()).into_iter().collect();
        Name { parts: [family, given, additional, prefix, suffix].map(part).to_vec() }
    }

    /// As a card has them.
    pub fn of(line: &Line) -> Name {
        let mut parts = line.components();
        for part in parts.iter_mut().flatten() {
            *part = line::spaced(part);
        }
        parts.resize(parts.len().max(5), Vec::new());
        Name { parts }
    }

    /// As names mostly are: a given name, others, and the family's name last.
    pub fn split(shown: &str) -> Name {
        let words: Vec<&str> = shown.split_whitespace().collect();
        match words.as_slice() {
            [] => Name::default(),
            [only] => Name::new("", only, "", "", ""),
            [first, middle @ .., last] => Name::new(last, first, &middle.join(" "), "", ""),
        }
    }

    /// The parts in the order in which they are said; empty where there are none.
    pub fn shown(&self) -> String {
        let said = [3, 1, 2, 0, 4].iter().filter_map(|at| self.parts.get(*at));
        let words: Vec<&str> = said.flatten().map(String::as_str).collect();
        words.join(" ")
    }

    /// As a card has it.
    pub fn line(&self) -> Line {
        let part =
            |values: &Vec<String>| values.iter().map(|one| line::escape(one)).collect::<Vec<_>>().join(",");
        let mut parts: Vec<String> = self.parts.iter().map(part).collect();
        parts.resize(parts.len().max(5), String::new());
        Line::raw("N", parts.join(";"))
    }

    /// Whether family name and given name are among the words of the name that is shown.
    fn is_in(&self, shown: &str) -> bool {
        let shown = words(shown);
        self.parts.iter().take(2).flatten().flat_map(|part| words(part)).all(|word| shown.contains(&word))
    }
}

/// The line to keep for these parts of the name that is shown; none where [`Name::split`] gives the same.
pub fn keep(mut line: Line, shown: &str) -> Option<Line> {
    let name = Name::of(&line);
    line.value = name.line().value;
    line.take(SHOWN);
    if line == Name::split(shown).line() || name == Name::new("", "", "", "", "") {
        return None;
    }
    Some(if name.is_in(shown) { line } else { line.with(SHOWN, &[shown]) })
}

/// The kept line, where it still stands for the name that is shown.
pub fn still(mut line: Line, shown: &str) -> Option<Line> {
    let of = line.take(SHOWN);
    let holds = if of.is_empty() { Name::of(&line).is_in(shown) } else { of.iter().any(|one| one == shown) };
    holds.then_some(line)
}

fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_and_are_shown() {
        for (shown, line) in [
            ("Jane Doe", "N:Doe;Jane;;;"),
            ("Jane Q. M. Doe", "N:Doe;Jane;Q. M.;;"),
            ("Plato", "N:;Plato;;;"),
            ("", "N:;;;;"),
        ] {
            assert_eq!(Name::split(shown).line().to_string(), line);
            assert_eq!(Name::split(shown).shown(), shown);
        }
        let name = Name::of(&Line::raw("N", "Stevenson;John;Philip,Paul;Dr.;Jr.,M.D."));
        assert_eq!(name.shown(), "Dr. John Philip Paul Stevenson Jr. M.D.");
    }

    #[test]
    fn parts_are_kept_where_the_name_does_not_say_them() {
        for (value, shown, kept) in [
            ("Doe;Jane;;;", "Jane Doe", None),
            ("Doe;Jane", "Jane Doe", None),
            (";;;;", "Acme", None),
            ("Doe;Jane;Q.;Dr.;", "Dr. Jane Q. Doe", Some("N:Doe;Jane;Q.;Dr.;")),
            ("de la Cruz;Ana;;;", "Ana de la Cruz", Some("N:de la Cruz;Ana;;;")),
            ("Doe;John;;;", "Johnny", Some("N;X-FN=Johnny:Doe;John;;;")),
        ] {
            let line = keep(Line::raw("N", value), shown);
            assert_eq!(line.as_ref().map(Line::to_string).as_deref(), kept, "{value}");
            if let Some(line) = line {
                let bare = still(line.clone(), shown).map(|line| line.params.len());
                assert_eq!(bare, Some(0));
                assert_eq!(still(line, "Jane Smith"), None);
            }
        }
    }
}
