//! After a push: work that was put aside for merging lands on the branch.

use std::io::stdin;

use tickler_core::merge::Note;

use super::Push;
use super::complaints::plain;
use super::landing::{land_one, note_landed};
use super::pushed::{self, Place};
use crate::upstream;

/// So many files are named that somebody should look at.
const MOST: usize = 10;

/// Lets what was pushed land, and says on the pusher's terminal what became of it.
///
/// # Errors
/// Where git's words cannot be read. What was pushed is kept in any case.
#[expect(clippy::print_stderr, reason = "what a hook says to people goes there")]
pub fn run(push: &Push) -> Result<(), String> {
    let all = pushed::read(stdin().lock()).map_err(|error| error.to_string())?;
    for pushed in all {
        let Some(new) = &pushed.new else { continue };
        match pushed.place() {
            Place::Branch => {
                note_landed(
                    &push.data,
                    &push.notebook,
                    (&push.user, Some(&push.token)),
                    pushed.old.as_deref(),
                    new,
                );
            }
            Place::Sync(..) => {
                match land_one(&push.data, &push.notebook, &pushed.name, new, Some(&push.token)) {
                    Ok(landed) => {
                        if let Some(from) = &landed.from {
                            eprintln!("main was {from}");
                        }
                        eprintln!("main is now {}", landed.to);
                        words(&landed.notes).iter().for_each(|line| eprintln!("{line}"));
                    }
                    Err(_) => eprintln!("kept; it will be merged in a moment"),
                }
            }
            Place::Other => {}
        }
    }
    if let Some(remark) = upstream::remark(&push.data.repository(&push.notebook)) {
        eprintln!("{remark}");
    }
    Ok(())
}

/// What a merge could not decide, a line each.
fn words(notes: &[(String, Note)]) -> Vec<String> {
    let mut lines: Vec<String> = notes.iter().take(MOST).map(|(file, note)| line(file, note)).collect();
    if notes.len() > MOST {
        lines.push(format!("… and {} more", notes.len() - MOST));
    }
    lines
}

fn line(file: &str, note: &Note) -> String {
    let said = match note {
        Note::Value { key, kept, other } => {
            format!("both changed {key}: \"{}\" stands, \"{}\" is kept beside it", short(kept), short(other))
        }
        Note::Prose { line } => {
            format!("both changed the same lines, one version stands as a quote: \"{}\"", short(line))
        }
        Note::Entry { line } => format!("both changed this entry, and both stand: \"{}\"", short(line)),
        Note::Apart { why } => format!("{why}; one version stands, the other is in conflicts/"),
    };
    plain(&format!("{file}: {said}"))
}

fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    match text.chars().count() > LONGEST {
        true => text.chars().take(LONGEST - 1).chain(['…']).collect(),
        false => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_note_is_a_line() {
        let value =
            |kept: &str| Note::Value { key: "city".into(), kept: kept.into(), other: "Pa\x1bris".into() };
        for (note, said) in [
            (value("Rome"), "c.md: both changed city: \"Rome\" stands, \"Pa\\u{1b}ris\" is kept beside it"),
            (
                Note::Entry { line: "- 2026-11-20 phone: hello".into() },
                "c.md: both changed this entry, and both stand: \"- 2026-11-20 phone: hello\"",
            ),
            (
                Note::Prose { line: "Likes tea.".into() },
                "c.md: both changed the same lines, one version stands as a quote: \"Likes tea.\"",
            ),
            (
                Note::Apart { why: "one of the versions is not UTF-8".into() },
                "c.md: one of the versions is not UTF-8; one version stands, the other is in conflicts/",
            ),
        ] {
            assert_eq!(line("c.md", &note), said);
        }
        let many: Vec<(String, Note)> = (0..12).map(|n| (format!("{n}.md"), value("x"))).collect();
        assert_eq!(words(&many).len(), 11);
        assert_eq!(words(&many)[10], "… and 2 more");
        assert!(line("c.md", &value(&"x".repeat(300))).len() < 150);
    }
}
