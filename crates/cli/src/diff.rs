//! What a change would do, or did, to files: the lines that differ, or for many files a line each.

use std::borrow::Cow;
use std::fmt::Write;

use similar::{Algorithm, DiffOp, capture_diff_slices, group_diff_ops};

use crate::plain::is_unsafe;
use crate::style::{Paint, Role};
use crate::width::{fit, pad, pad_left, width};
use crate::words;

/// Lines of context around each change.
const CONTEXT: usize = 3;

/// One file that changes.
#[derive(Debug, Clone, Copy)]
pub struct Changed<'a> {
    /// Its path, with `/`; that afterwards, where it is renamed.
    pub file: &'a str,
    /// Its path before, where it is renamed.
    pub from: Option<&'a str>,
    /// Its text before; none where it is made.
    pub before: Option<&'a str>,
    /// Its text afterwards; none where it is removed.
    pub after: Option<&'a str>,
}

/// The unified difference of a file's two texts, three lines of context around each change, each line ended. Empty
/// where nothing differs. That the file is renamed is said first. What a terminal would obey is shown as `^[` or
/// `<U+202E>`.
pub fn difference(changed: Changed<'_>, paint: Paint) -> String {
    let Changed { file, from, before, after } = changed;
    let mut out = String::new();
    let mut head = |mark: &str, path: &str| {
        let _ = writeln!(out, "{}", paint.as_role(Role::Strong, format!("{mark} {}", visible(path))));
    };
    if let Some(from) = from {
        head("rename from", from);
        head("rename to", file);
    }
    if before == after {
        return out;
    }
    head("---", before.map_or("/dev/null", |_| from.unwrap_or(file)));
    head("+++", after.map_or("/dev/null", |_| file));
    let sides = Sides::new(before, after);
    for hunk in group_diff_ops(sides.ops(), CONTEXT) {
        sides.hunk(&hunk, paint, &mut out);
    }
    out
}

/// The lines of both texts.
struct Sides<'a> {
    before: Vec<&'a str>,
    after: Vec<&'a str>,
    /// Some lines end as on Windows and some do not, so that the ends may be all that differs.
    mixed: bool,
}

impl<'a> Sides<'a> {
    fn new(before: Option<&'a str>, after: Option<&'a str>) -> Sides<'a> {
        let lines =
            |text: Option<&'a str>| text.unwrap_or_default().split_inclusive('\n').collect::<Vec<_>>();
        let (before, after) = (lines(before), lines(after));
        let ended = || before.iter().chain(&after).filter(|line| line.ends_with('\n'));
        let windows = ended().filter(|line| line.ends_with("\r\n")).count();
        let mixed = windows > 0 && windows < ended().count();
        Sides { before, after, mixed }
    }

    fn ops(&self) -> Vec<DiffOp> {
        capture_diff_slices(Algorithm::Myers, &self.before, &self.after)
    }

    fn hunk(&self, ops: &[DiffOp], paint: Paint, out: &mut String) {
        let (Some(first), Some(last)) = (ops.first(), ops.last()) else { return };
        let place = format!(
            "@@ -{} +{} @@",
            range(first.old_range().start, last.old_range().end),
            range(first.new_range().start, last.new_range().end)
        );
        let _ = writeln!(out, "{}", paint.as_role(Role::Way, place));
        for op in ops {
            let (old, new) = (&self.before[op.old_range()], &self.after[op.new_range()]);
            if let DiffOp::Equal { .. } = op {
                old.iter().for_each(|line| self.line(' ', Role::Plain, line, paint, out));
                continue;
            }
            old.iter().for_each(|line| self.line('-', Role::Late, line, paint, out));
            new.iter().for_each(|line| self.line('+', Role::Good, line, paint, out));
        }
    }

    fn line(&self, mark: char, role: Role, line: &str, paint: Paint, out: &mut String) {
        let (text, is_ended) = match line.strip_suffix('\n') {
            Some(text) => (text, true),
            None => (line, false),
        };
        let is_end_news = self.mixed && mark != ' ';
        let text = if is_ended && !is_end_news { text.strip_suffix('\r').unwrap_or(text) } else { text };
        let _ = writeln!(out, "{}", paint.as_role(role, format!("{mark}{}", visible(text))));
        if !is_ended {
            let _ = writeln!(out, "{}", paint.as_role(Role::Dim, "\\ No newline at end of file"));
        }
    }
}

/// A hunk's lines as unified differences count them: `3`, `3,2`, and `2,0` for none behind line 2.
fn range(start: usize, end: usize) -> String {
    match end - start {
        0 => format!("{start},0"),
        1 => format!("{}", start + 1),
        count => format!("{},{count}", start + 1),
    }
}

/// The text with everything that a terminal would obey made visible. Tabs stay.
fn visible(text: &str) -> Cow<'_, str> {
    let is_hidden = |c: char| c != '\t' && is_unsafe(c);
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            c if !is_hidden(c) => out.push(c),
            '\0'..='\u{1f}' => out.extend(['^', char::from(c as u8 + b'@')]),
            '\u{7f}' => out.push_str("^?"),
            c => out.push_str(&format!("<U+{:04X}>", u32::from(c))),
        }
    }
    Cow::Owned(out)
}

/// Many files in a line each, the first `most` of them, and all of them counted: what `git diff --stat` tells.
/// `would` says that nothing was done yet. Lines are fitted into `columns`, where there is such a number.
pub fn summary(
    changes: &[Changed<'_>],
    most: usize,
    would: bool,
    columns: Option<usize>,
    paint: Paint,
) -> String {
    let counted: Vec<(usize, usize)> = changes.iter().map(Changed::count).collect();
    let shown = &changes[..changes.len().min(most)];
    let files = words::count(changes.len(), "file", "files");
    let verb = if would { "would change" } else { "changed" };
    let mut out = match shown.len() {
        0 => format!("{files} {verb}"),
        _ if shown.len() == changes.len() => format!("{files} {verb}:"),
        1 => format!("{files} {verb}; the first:"),
        count => format!("{files} {verb}; the first {}:", words::number(count)),
    };
    out.push('\n');
    let numbers: Vec<(String, String)> = counted[..shown.len()]
        .iter()
        .map(|(added, removed)| {
            (format!("+{}", words::number(*added)), format!("-{}", words::number(*removed)))
        })
        .collect();
    let wide =
        |number: fn(&(String, String)) -> &str| numbers.iter().map(|n| number(n).len()).max().unwrap_or(0);
    let (plus, minus) = (wide(|n| &n.0), wide(|n| &n.1));
    // Two spaces before the name, two before the numbers, and one between them.
    let room = columns.map_or(usize::MAX, |columns| columns.saturating_sub(plus + minus + 5).max(8));
    let names: Vec<String> = shown.iter().map(|changed| fit(&changed.name(), room).into_owned()).collect();
    let name = names.iter().map(|name| width(name)).max().unwrap_or_default();
    for (file, (added, removed)) in names.iter().zip(&numbers) {
        let added = paint.as_role(if added == "+0" { Role::Dim } else { Role::Good }, pad_left(added, plus));
        let removed =
            paint.as_role(if removed == "-0" { Role::Dim } else { Role::Late }, pad_left(removed, minus));
        let _ = writeln!(out, "  {}  {added} {removed}", pad(file, name));
    }
    if shown.len() < changes.len() && !shown.is_empty() {
        let _ = writeln!(out, "  … and {} more", words::number(changes.len() - shown.len()));
    }
    let total = counted.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    if changes.len() > 1 {
        let _ = writeln!(
            out,
            "{} added, {} removed",
            words::count(total.0, "line", "lines"),
            words::count(total.1, "line", "lines")
        );
    }
    out
}

impl Changed<'_> {
    /// How many lines are added, and how many removed.
    fn count(&self) -> (usize, usize) {
        if self.before == self.after {
            return (0, 0);
        }
        let ops = Sides::new(self.before, self.after).ops();
        let changes = ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. }));
        changes.fold((0, 0), |(added, removed), op| {
            (added + op.new_range().len(), removed + op.old_range().len())
        })
    }

    /// The file, and what becomes of it where it is more than a change.
    fn name(&self) -> String {
        let file = visible(self.file);
        match (self.from, self.before, self.after) {
            (Some(from), ..) => format!("{file}, was {}", visible(from)),
            (None, None, Some(_)) => format!("{file}, new"),
            (None, Some(_), None) => format!("{file}, removed"),
            _ => file.into_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
