//! Gives a promise another day.

use super::EditError;
use super::entry::read;
use super::lines::{Splice, content_end, line_end, splice};
use super::outline::Lines;
use crate::contact::Promise;
use crate::date::Date;
use crate::file::parse;
use crate::problem::Position;
use crate::settings::Settings;

/// A promise of more lines than this is not looked through.
const MOST_LINES: usize = 40;

/// Writes the day by which the promise at `promise` is to be kept: in the place of the one that stands there, else at
/// the end of its text.
///
/// # Errors
/// Where the file is broken, no promise stands there, or its day cannot be written without changing something else.
pub fn reschedule(text: &str, promise: Position, by: Date, settings: &Settings) -> Result<String, EditError> {
    let old = read(text, settings)?.contact;
    let missing = || EditError::Missing(format!("no promise stands on line {}", promise.line));
    let number = old.promises.iter().position(|p| p.at == promise).ok_or_else(missing)?;
    let there = &old.promises[number];
    if there.by == Some(by) {
        return Ok(text.to_owned());
    }
    let start = Lines::of(text).offset(promise).ok_or_else(missing)?;
    let wanted = Promise { by: Some(by), ..there.clone() };
    for change in changes(text, start, there, by) {
        let new_text = splice(text, vec![change]);
        let new = parse(&new_text, "x", settings).contact;
        let others = old.promises.iter().zip(&new.promises).enumerate();
        let same = new.promises.len() == old.promises.len()
            && others.into_iter().all(|(at, (a, b))| if at == number { *b == wanted } else { a == b });
        if same && new.log == old.log && new.links == old.links && new.head == old.head {
            return Ok(new_text);
        }
    }
    Err(EditError::Unsafe("the promise's day cannot be written alone".to_owned()))
}

/// What may do it, the likeliest first.
fn changes<'t>(
    text: &'t str,
    start: usize,
    promise: &Promise,
    by: Date,
) -> impl Iterator<Item = Splice> + 't {
    let mut lines = Vec::new();
    let mut at = start;
    while at < text.len() && lines.len() < MOST_LINES {
        lines.push(content_end(text, at));
        at = line_end(text, at);
    }
    let last = lines.last().copied().unwrap_or(start);
    let written = promise.by.map(|day| day.to_string());
    let in_place = written.into_iter().flat_map(move |day| {
        let found: Vec<usize> = text[start..last].match_indices(&day).map(|(at, _)| start + at).collect();
        found.into_iter().map(move |at| Splice { range: at..at + day.len(), new: by.to_string() })
    });
    let has_day = promise.by.is_some();
    let behind = lines.into_iter().filter(move |_| !has_day);
    in_place.chain(behind.map(move |end| {
        let end = start + text[start..end].trim_end().len();
        Splice::insert(end, format!(" by {by}"))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(text: &str) -> String {
        let settings = Settings::default();
        let at = parse(text, "x", &settings).contact.promises.last().unwrap().at;
        let new = reschedule(text, at, "2026-12-20".parse().unwrap(), &settings).unwrap();
        assert_eq!(reschedule(&new, at, "2026-12-20".parse().unwrap(), &settings).unwrap(), new);
        new
    }

    #[test]
    fn only_the_day_changes() {
        for (text, expected) in [
            ("- [ ] send it by 2026-12-01\n", "- [ ] send it by 2026-12-20\n"),
            ("- [ ] send it by 2026-12-01.\r\n", "- [ ] send it by 2026-12-20.\r\n"),
            ("- [ ] them: read it\n", "- [ ] them: read it by 2026-12-20\n"),
            ("- [ ] read it", "- [ ] read it by 2026-12-20"),
            ("- [ ] a letter\n  of two lines\n\nx\n", "- [ ] a letter\n  of two lines by 2026-12-20\n\nx\n"),
            ("- [ ] the one of 2026-12-01 by 2026-12-01\n", "- [ ] the one of 2026-12-01 by 2026-12-20\n"),
            (
                "## Log\n- 2026-11-01 phone: x\n  - [ ] me: one by 2026-12-01\n  - [ ] me: two by 2026-12-01\n",
                "## Log\n- 2026-11-01 phone: x\n  - [ ] me: one by 2026-12-01\n  - [ ] me: two by 2026-12-20\n",
            ),
        ] {
            assert_eq!(moved(text), expected);
        }
    }
}
