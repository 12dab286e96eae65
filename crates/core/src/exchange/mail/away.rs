//! The days to come of which an automatic answer speaks. Where it is not sure which day is meant, it is none.

use crate::date::Date;

/// So much of a text is looked at, in bytes: what comes later is the message that was answered.
const MOST: usize = 4_000;
/// No absence is announced for longer, in days.
const FURTHEST: i64 = 366;

/// The days after `written` that the text names, the first first.
pub(super) fn days(text: &str, written: Date) -> Vec<Date> {
    let mut end = text.len().min(MOST);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let own = text[..end].lines().filter(|line| !line.trim_start().starts_with('>'));
    let text = own.collect::<Vec<_>>().join(" ");
    let words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || ",;()<>*\"".contains(c))
        .map(|word| word.trim_end_matches(['!', '?', ':']))
        .filter(|word| !word.is_empty())
        .collect();
    let mut found: Vec<Date> = (0..words.len())
        .filter_map(|at| numbers(words[at], written).or_else(|| named(&words[at..], written)))
        .filter(|day| *day > written && day.days_since(written) <= FURTHEST)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// `2026-12-05`, `5.12.2026`, `5.12.`; not `5/12/2026`, which is another day here and there.
fn numbers(word: &str, written: Date) -> Option<Date> {
    if let Some(Some(date)) = Date::scan(word.as_bytes()) {
        return word[10..].trim_end_matches('.').is_empty().then_some(date);
    }
    let mut parts = word.split('.');
    let (day, month, year) = (number(parts.next()?)?, number(parts.next()?)?, parts.next()?);
    if year.is_empty() {
        return in_time(day, month, written);
    }
    let year = number(year)?;
    Date::new(if year < 100 { 2000 + year as i32 } else { year as i32 }, month, day)
}

/// `5 December 2026`, `5th of December`, `5. Dezember`, `December 5 2026`.
fn named(words: &[&str], written: Date) -> Option<Date> {
    let day = |word: &str| {
        let digits = word.trim_end_matches(['.', 's', 't', 'n', 'd', 'r', 'h', 'e']);
        number(digits).filter(|day| (1..=31).contains(day))
    };
    let year =
        |at: usize| words.get(at).and_then(|word| number(word.trim_end_matches('.'))).filter(|n| *n > 1900);
    let (day, month, behind) = match (day(words[0]), month(words[0])) {
        (Some(day), _) => {
            let of = usize::from(words.get(1).is_some_and(|word| matches!(*word, "of" | "de")));
            (day, month(words.get(1 + of)?)?, 2 + of)
        }
        (None, Some(month)) => (day(words.get(1)?)?, month, 2),
        (None, None) => return None,
    };
    let behind = behind + usize::from(words.get(behind).is_some_and(|word| *word == "de"));
    match year(behind) {
        Some(year) => Date::new(year as i32, month, day),
        None => in_time(day, month, written),
    }
}

/// The next day of that name.
fn in_time(day: u32, month: u32, written: Date) -> Option<Date> {
    let this = Date::new(written.year(), month, day);
    this.filter(|date| *date > written).or_else(|| Date::new(written.year() + 1, month, day))
}

/// The months in English, German, French and Spanish; an abbreviation of three letters or more will do.
const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "janvier", "enero", "jänner"],
    &["february", "februar", "février", "febrero"],
    &["march", "märz", "mars", "marzo"],
    &["april", "avril", "abril"],
    &["may", "mai", "mayo"],
    &["june", "juni", "juin", "junio"],
    &["july", "juli", "juillet", "julio"],
    &["august", "août", "agosto"],
    &["september", "septembre", "septiembre"],
    &["october", "oktober", "octobre", "octubre"],
    &["november", "novembre", "noviembre"],
    &["december", "dezember", "décembre", "diciembre"],
];

fn month(word: &str) -> Option<u32> {
    // What may be.
    if word == "may" {
        return None;
    }
    let word = word.trim_end_matches('.').to_lowercase();
    let fits =
        |name: &&str| **name == word || word.chars().count() >= 3 && word != "mar" && name.starts_with(&word);
    let mut months = MONTHS.iter().zip(1..).filter(|(names, _)| names.iter().any(fits));
    let (_, month) = months.next()?;
    // `jui` may be June and July.
    months.next().is_none().then_some(month)
}

fn number(word: &str) -> Option<u32> {
    (!word.is_empty() && word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit()))
        .then(|| word.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_days_of_an_answer() {
        let written: Date = "2026-11-20".parse().unwrap();
        for (text, expected) in [
            ("I am away until 2026-12-05.", "2026-12-05"),
            ("I will be back on December 5th, 2026!", "2026-12-05"),
            ("I am out of the office from 23 November to 5 Dec.", "2026-11-23 2026-12-05"),
            ("Ich bin bis zum 5.12.2026 nicht im Haus.", "2026-12-05"),
            ("Ich bin ab dem 5. Januar wieder da, vom 23.12. an verreist", "2026-12-23 2027-01-05"),
            ("Je serai de retour le 5 décembre 2026.", "2026-12-05"),
            ("Vuelvo el 5 de diciembre de 2026.", "2026-12-05"),
            ("Back on the 5th of December", "2026-12-05"),
            // Not sure, not to come, not theirs.
            ("Back on 5/12/2026", ""),
            ("Since 2026-11-01 I have been elsewhere", ""),
            ("> On 2026-12-24 you wrote", ""),
            ("Version 2.10.5 may 2 of us know, call 10.20.30.40", ""),
            ("", ""),
        ] {
            let found: Vec<String> = days(text, written).iter().map(ToString::to_string).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
