//! What a sync did, in words: what came, what went, what needs a look.

use std::io::{self, Write};

use tickler_core::sync::{Outcome, Report, Told};

use crate::page::Page;
use crate::spans::{self, Span, span};
use crate::style::Role;
use crate::width::pad;
use crate::{notes, words};

/// How many lines a list has; the rest is counted.
const MOST: usize = 20;
/// The columns of a label, with the gap behind it.
const LABEL: usize = 7;
/// Longer lines are hard to read, however wide the terminal.
const WIDEST: usize = 100;

/// Writes it all, but for why it ended where it is not shared.
pub fn write(report: &Report, dry_run: bool, page: &mut Page) -> io::Result<()> {
    let most = page.width.map(|columns| columns.min(WIDEST));
    for line in lines(report, dry_run) {
        let room = most.map(|most| most.saturating_sub(line.indent()).max(10));
        for (at, wrapped) in spans::wrap(&line.spans, room).iter().enumerate() {
            let before = match at {
                0 => pad(line.label, line.indent()),
                _ => " ".repeat(line.hang()),
            };
            let role = if line.label.is_empty() { Role::Plain } else { Role::Dim };
            let before = page.paint(role, before).to_string();
            writeln!(page, "{before}{}", spans::paint(wrapped, page.paint).trim_end())?;
        }
    }
    Ok(())
}

/// One line of the report.
struct Line {
    /// Empty where it belongs to the line above.
    label: &'static str,
    kind: LineKind,
    spans: Vec<Span>,
}

#[derive(Clone, Copy, PartialEq)]
enum LineKind {
    /// Behind a label, or below one that has it.
    Labelled,
    /// What a commit changed.
    Item,
    /// From the left edge.
    Sentence,
}

impl Line {
    /// Where its text begins.
    fn indent(&self) -> usize {
        match self.kind {
            LineKind::Labelled => LABEL,
            LineKind::Item => 2,
            LineKind::Sentence => 0,
        }
    }

    /// Where it goes on after a break.
    fn hang(&self) -> usize {
        match self.kind {
            LineKind::Item => 4,
            _ => self.indent(),
        }
    }
}

fn lines(report: &Report, dry_run: bool) -> Vec<Line> {
    let mut lines = Vec::new();
    let is_shared = report.outcome == Outcome::Shared;
    // What was shared stands among what went.
    if (dry_run || !is_shared) && !report.gathered.is_empty() {
        let count = words::count(report.gathered.len(), "commit", "commits");
        let what = if dry_run { "to be made of" } else { "of" };
        lines.push(labelled("hand", format!("{count} {what} what was written by hand")));
        let items = report.gathered.iter().map(|subject| vec![span(Role::Plain, subject)]);
        lines.extend(folded(items, 0, LineKind::Item, ""));
    }
    let [came, went] = if dry_run { ["come", "go"] } else { ["came", "went"] };
    lines.extend(way(came, report.commits.0, &report.came, report.more.0));
    // Who did it is whoever reads this, or somebody whose work passes through.
    let ours: Vec<Told> = report.went.iter().map(|told| Told { who: None, ..told.clone() }).collect();
    lines.extend(way(went, report.commits.1, &ours, report.more.1));
    let notes =
        report.notes.iter().map(|(file, note)| vec![span(Role::Caution, notes::line(file, note, None))]);
    lines.extend(folded(notes, 0, LineKind::Labelled, "look"));
    if !report.notes.is_empty() {
        let way = "keep what is right, delete the rest, and sync again";
        lines.push(Line { label: "", kind: LineKind::Labelled, spans: vec![span(Role::Dim, way)] });
    }
    let faults = report.faults.iter().map(|fault| vec![span(Role::Caution, fault)]);
    lines.extend(folded(faults, 0, LineKind::Labelled, "mend"));
    if report.given_back > 0 {
        let count = words::count(report.given_back, "commit", "commits");
        lines.push(labelled("back", format!("{count} that the remote had lost, and has again from here")));
    }
    let waiting = report.waiting.iter().map(|file| {
        let why = " is still being written; the next sync takes it";
        vec![span(Role::Strong, file), span(Role::Dim, why)]
    });
    lines.extend(folded(waiting, 0, LineKind::Labelled, "wait"));
    if is_shared && lines.is_empty() {
        let name = report.remote.as_ref().map_or("the other side", |(name, _)| name.as_str());
        lines.push(sentence(format!("nothing to do: {name} has the same")));
    } else if dry_run {
        lines.push(sentence("nothing was changed".to_owned()));
    }
    lines
}

/// What came, or went; of `more` files nothing is told.
fn way(label: &'static str, commits: usize, told: &[Told], more: usize) -> Vec<Line> {
    if commits == 0 && told.is_empty() {
        return Vec::new();
    }
    // Of a notebook that is shared for the first time, nobody counts the commits.
    let count = match commits {
        0 => words::count(told.len() + more, "file", "files"),
        _ => words::count(commits, "commit", "commits"),
    };
    let mut lines = vec![labelled(label, count)];
    let items = told.iter().map(|told| {
        let mut spans = vec![span(Role::Plain, &told.what)];
        spans.extend(told.who.as_ref().map(|who| span(Role::Dim, format!(" ({who})"))));
        spans
    });
    lines.extend(folded(items, more, LineKind::Item, ""));
    lines
}

/// As many of the lines as one reads, and how many more there are, with the `untold`. The label stands before the
/// first.
fn folded(
    items: impl ExactSizeIterator<Item = Vec<Span>>,
    untold: usize,
    kind: LineKind,
    label: &'static str,
) -> Vec<Line> {
    let more = items.len().saturating_sub(MOST) + untold;
    let mut lines: Vec<Line> = items.take(MOST).map(|spans| Line { label: "", kind, spans }).collect();
    if more > 0 {
        let spans = vec![span(Role::Dim, format!("and {} more", words::number(more)))];
        lines.push(Line { label: "", kind, spans });
    }
    if let Some(first) = lines.first_mut() {
        first.label = label;
    }
    lines
}

fn labelled(label: &'static str, text: String) -> Line {
    Line { label, kind: LineKind::Labelled, spans: vec![span(Role::Plain, text)] }
}

fn sentence(text: String) -> Line {
    Line { label: "", kind: LineKind::Sentence, spans: vec![span(Role::Plain, text)] }
}

#[cfg(test)]
mod tests {
    use tickler_core::merge::Note;

    use super::*;

    fn report() -> Report {
        Report {
            more: (0, 0),
            remote: Some(("origin".into(), "/srv/team.git".into())),
            gathered: vec![],
            came: vec![],
            went: vec![],
            commits: (0, 0),
            waiting: vec![],
            notes: vec![],
            faults: vec![],
            given_back: 0,
            outcome: Outcome::Shared,
        }
    }

    fn told(what: &str, who: Option<&str>) -> Told {
        Told { file: "contacts/x.md".into(), what: what.into(), who: who.map(str::to_owned) }
    }

    fn note() -> (String, Note) {
        let note = Note::Value { key: "city".into(), kept: "Rome".into(), other: "Paris".into() };
        ("contacts/jane-doe.md".into(), note)
    }

    /// As on a page without end.
    fn text(report: &Report, dry_run: bool) -> String {
        let line = |line: Line| {
            let said: String = line.spans.iter().map(|span| span.text.as_str()).collect();
            format!("{}{said}\n", pad(line.label, line.indent()))
        };
        lines(report, dry_run).into_iter().map(line).collect()
    }

    #[test]
    fn reports_in_words() {
        let offline = || Outcome::Offline { why: "no route".into(), hint: None };
        for (what, report, dry_run, said) in [
            ("nothing", report(), false, "nothing to do: origin has the same\n"),
            ("nothing, only asked", report(), true, "nothing to do: origin has the same\n"),
            (
                "both ways",
                Report {
                    came: vec![told("Jane Doe: next 2026-12-03 by phone", Some("Sam"))],
                    went: vec![told("Bob Smith: stage nurture -> proposal", Some("Pat"))],
                    gathered: vec!["Bob Smith: stage nurture -> proposal".into()],
                    commits: (3, 1),
                    notes: vec![note()],
                    waiting: vec!["contacts/new.md".into()],
                    ..report()
                },
                false,
                "came   3 commits\n  \
                   Jane Doe: next 2026-12-03 by phone (Sam)\n\
                 went   1 commit\n  \
                   Bob Smith: stage nurture -> proposal\n\
                 look   contacts/jane-doe.md: city \"Rome\" stands, \"Paris\" is under [[conflict]]\n       \
                        keep what is right, delete the rest, and sync again\n\
                 wait   contacts/new.md is still being written; the next sync takes it\n",
            ),
            (
                "refused, line by line",
                Report {
                    faults: vec!["contacts/x.md:3:9: no date".into(), "contacts/y.md:1:1: no end".into()],
                    outcome: Outcome::Stopped {
                        why: "origin does not take it".into(),
                        hint: "mend it".into(),
                    },
                    ..report()
                },
                false,
                "mend   contacts/x.md:3:9: no date\n       contacts/y.md:1:1: no end\n",
            ),
            (
                "given back",
                Report { commits: (0, 2), given_back: 1, ..report() },
                false,
                "went   2 commits\nback   1 commit that the remote had lost, and has again from here\n",
            ),
            ("a merge alone", Report { commits: (0, 1), ..report() }, false, "went   1 commit\n"),
            (
                "only asked",
                Report { came: vec![told("Jane: removed", None)], commits: (1, 2), ..report() },
                true,
                "come   1 commit\n  Jane: removed\ngo     2 commits\nnothing was changed\n",
            ),
            (
                "the first time",
                Report { went: vec![told("Jane: new contact", None)], more: (0, 1_300), ..report() },
                false,
                "went   1,301 files\n  Jane: new contact\n  and 1,300 more\n",
            ),
            (
                "by hand, only asked",
                Report { gathered: vec!["Ann: note edited".into()], ..report() },
                true,
                "hand   1 commit to be made of what was written by hand\n  Ann: note edited\nnothing was changed\n",
            ),
            (
                "waiting alone",
                Report { waiting: vec!["contacts/new.md".into()], ..report() },
                false,
                "wait   contacts/new.md is still being written; the next sync takes it\n",
            ),
            (
                "offline",
                Report { gathered: vec!["Ann: note edited".into()], outcome: offline(), ..report() },
                false,
                "hand   1 commit of what was written by hand\n  Ann: note edited\n",
            ),
            (
                "offline, only asked",
                Report { gathered: vec!["Ann: note edited".into()], outcome: offline(), ..report() },
                true,
                "hand   1 commit to be made of what was written by hand\n  Ann: note edited\nnothing was changed\n",
            ),
            ("no remote", Report { remote: None, outcome: Outcome::NoRemote, ..report() }, false, ""),
        ] {
            assert_eq!(text(&report, dry_run), said, "{what}");
        }
    }

    #[test]
    fn long_lists_are_folded() {
        let many = |count: usize| (0..count).map(|n| told(&format!("Contact {n}"), None)).collect();
        for (count, lines, last) in
            [(20, 21, "  Contact 19"), (21, 22, "  and 1 more"), (1_250, 22, "  and 1,230 more")]
        {
            let text = text(&Report { came: many(count), commits: (1, 0), ..report() }, false);
            assert_eq!((text.lines().count(), text.lines().last()), (lines, Some(last)));
        }
        let notes = text(&Report { notes: vec![note(); 150], ..report() }, false);
        assert_eq!(notes.lines().count(), 22);
        assert!(
            notes.starts_with("look   contacts/") && notes.contains("\n       and 130 more\n"),
            "{notes}"
        );
    }

    #[test]
    fn nothing_of_a_report_is_obeyed_by_a_terminal() {
        let came = vec![told("Jane\u{1b}[31m: x", Some("S\u{7}am"))];
        assert_eq!(
            text(&Report { came, commits: (1, 0), ..report() }, false),
            "came   1 commit\n  Jane: x (Sam)\n"
        );
    }
}
