//! Problems of files as people and editors read them: `file:line:column: message`, the source line, the hint.

use std::fmt::Write;

use tickler_core::problem::{Problem, Severity};

use crate::plain::clean;
use crate::style::{Paint, Role};
use crate::width::width;

/// How much of a long source line is shown, in characters.
const MOST_SHOWN: usize = 100;

/// `contacts/bob.md:3:8: message`, in one line; a warning says that it is one.
pub fn line(file: &str, problem: &Problem, paint: Paint) -> String {
    let severity = match problem.severity {
        Severity::Error => String::new(),
        Severity::Warning => format!("{} ", paint.as_role(Role::Caution, "warning:")),
    };
    said(file, problem, &severity, paint)
}

fn said(file: &str, problem: &Problem, severity: &str, paint: Paint) -> String {
    let place = match problem.at.line {
        0 => format!("{}:", clean(file)),
        line => format!("{}:{line}:{}:", clean(file), problem.at.column.max(1)),
    };
    format!("{} {severity}{}", paint.as_role(Role::Strong, place), clean(&problem.message))
}

/// The same, with the source line, a caret under the place, and what to do about it; ends with a line break.
/// `text` is the file's text, empty where it cannot be had.
pub fn full(file: &str, problem: &Problem, text: &str, paint: Paint) -> String {
    format!("{}\n{}", line(file, problem, paint), below(problem, text, paint))
}

/// [`full`] for a list of errors and warnings among each other, where an error says that it is one too.
pub fn listed(file: &str, problem: &Problem, text: &str, paint: Paint) -> String {
    let first = match problem.severity {
        Severity::Error => said(file, problem, &format!("{} ", paint.as_role(Role::Error, "error:")), paint),
        Severity::Warning => line(file, problem, paint),
    };
    format!("{first}\n{}", below(problem, text, paint))
}

/// The source line and the hint, as far as there are any.
fn below(problem: &Problem, text: &str, paint: Paint) -> String {
    let mut out = String::new();
    let source = problem.at.line.checked_sub(1).and_then(|n| text.lines().nth(n as usize));
    if let Some(source) = source {
        let number = problem.at.line.to_string();
        let indent = " ".repeat(number.len());
        let (shown, caret) = excerpt(source, problem.at.column, problem.width);
        let bar = paint.as_role(Role::Dim, "|");
        let role = if problem.severity == Severity::Error { Role::Error } else { Role::Caution };
        let _ = writeln!(out, "  {} {bar} {shown}", paint.as_role(Role::Dim, &number));
        let _ = writeln!(
            out,
            "  {indent} {bar} {}{}",
            " ".repeat(caret.0),
            paint.as_role(role, "^".repeat(caret.1))
        );
    }
    if let Some(hint) = &problem.hint {
        let _ = writeln!(out, "  {} {}", paint.as_role(Role::Good, "hint:"), clean(hint));
    }
    out
}

/// The part of the line around `column`, safe to show, with where the carets begin and how many there are.
fn excerpt(line: &str, column: u32, count: u32) -> (String, (usize, usize)) {
    let line = line.strip_prefix('\u{feff}').unwrap_or(line);
    // Each character becomes one that is safe, so that columns still count.
    let chars: Vec<char> = line
        .chars()
        .map(|c| match c {
            '\t' => ' ',
            c if clean(c.encode_utf8(&mut [0; 4])).is_empty() => '\u{fffd}',
            c => c,
        })
        .collect();
    let at = (column.max(1) as usize - 1).min(chars.len());
    let start = if at > MOST_SHOWN * 2 / 3 { at - MOST_SHOWN / 3 } else { 0 };
    let end = chars.len().min(start + MOST_SHOWN);
    let text = |range: std::ops::Range<usize>| chars[range].iter().collect::<String>();
    let carets_end = (at + count.max(1) as usize).min(end.max(at));
    let before = format!("{}{}", if start > 0 { "…" } else { "" }, text(start..at));
    let marked = text(at..carets_end);
    let rest = format!("{}{}", text(carets_end.min(end)..end), if end < chars.len() { "…" } else { "" });
    let caret = (width(&before), width(&marked).max(1));
    (format!("{before}{marked}{rest}"), caret)
}

#[cfg(test)]
mod tests {
    use tickler_core::problem::Position;

    use super::*;

    fn shown(text: &str, problem: &Problem) -> String {
        full("contacts/bob.md", problem, text, Paint::default())
    }

    #[test]
    fn points_at_the_place() {
        let problem = Problem::error(Position { line: 2, column: 9 }, "no stage \"nuture\"").width(6);
        assert_eq!(
            shown("+++\nstage = nuture # 佐\n", &problem.hint("did you mean `nurture`?")),
            "contacts/bob.md:2:9: no stage \"nuture\"\n  \
             2 | stage = nuture # 佐\n    |         ^^^^^^\n  \
             hint: did you mean `nurture`?\n"
        );
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        let problem = Problem::warning(Position { line: 1, column: 4 }, "odd").width(1);
        assert_eq!(
            shown("佐藤 遥 x", &problem),
            "contacts/bob.md:1:4: warning: odd\n  1 | 佐藤 遥 x\n    |      ^^\n"
        );
    }

    #[test]
    fn long_and_unsafe_lines_are_shown_around_the_place() {
        let line = format!("{}\u{1b}[31mbad{}", "a".repeat(500), "b".repeat(500));
        let shown = shown(&line, &Problem::error(Position { line: 1, column: 501 }, "no"));
        assert!(!shown.contains('\u{1b}') && shown.lines().all(|l| l.chars().count() < 120), "{shown}");
        let file = Problem::error(Position::default(), "permission denied");
        assert_eq!(full("contacts/x.md", &file, "", Paint::default()), "contacts/x.md: permission denied\n");
    }
}
