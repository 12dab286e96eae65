//! The due list as people read it: in groups, the old ones folded, and a closing line of what else there is.

use std::io::Write;

use tickler_core::answer::{Candidate, Lens, backlog_before, candidates, load, order, sort};
use tickler_core::date::Date;
use tickler_core::notebook::{FileProblem, Survey};
use tickler_core::period::{Period, Unit};
use tickler_core::problem::Severity;
use tickler_core::query::Query;

use super::due::{self, DueArgs};
use crate::context::Context;
use crate::failure::{Answer, Failure};
use crate::layout::Layout;
use crate::page::Page;
use crate::rows::{Group, Row};
use crate::style::Role;
use crate::words;

/// The groups in their order.
const GROUPS: [Group; 3] = [Group::Overdue, Group::Today, Group::Coming];
/// How far ahead the closing line looks, in days.
const SOON: u32 = 7;

pub fn run(
    context: &Context,
    survey: &Survey<'_>,
    query: &Query,
    lens: &Lens<'_>,
    args: &DueArgs,
) -> Result<Answer, Failure> {
    let (candidates, cracks) = candidates(survey, query, lens);
    let (mut listed, later): (Vec<Candidate>, Vec<Candidate>) =
        candidates.into_iter().partition(|candidate| lens.lists(candidate.urgency.date));
    let backlog = if may_fold(args) { fold(&mut listed, context.today) } else { Backlog::default() };
    let total = |group| {
        let of = |candidate: &&Candidate| Group::of(candidate.urgency.date, context.today) == group;
        listed.iter().chain(&backlog.old).filter(of).count()
    };
    let totals = GROUPS.map(|group| (group, total(group)));
    sort(&mut listed, survey, context.today);
    listed.truncate(args.options.limit.unwrap_or(usize::MAX));

    let mut page = context.page();
    let is_empty = listed.is_empty() && backlog.old.is_empty();
    if survey.is_empty() && survey.unread().is_empty() {
        empty_notebook(&mut page)?;
        return page.finish(Answer::Done);
    }
    let answer = due::answer(survey, query, is_empty);
    if answer == Answer::No {
        return Err(Failure::no("nobody fits that query").hint("see all with `tickler list`"));
    }
    writeln!(page, "{}", page.paint(Role::Dim, words::long_day(context.today)))?;
    let with_assignee = lens.me.is_none() && lens.settings.team.len() > 1;
    let rows = survey.each(&listed, |candidate| {
        let (contact, assessment, row) = load(survey, lens, candidate.index)?;
        let last = assessment.last_touch.and_then(|at| contact.log.get(at));
        Some(Row::new(&row, &contact, last, context.today, with_assignee))
    });
    let rows: Vec<Row> = rows.into_iter().flatten().collect();
    groups(&mut page, &rows, totals, &backlog, context)?;
    if is_empty {
        nothing_due(&mut page, survey, lens, &later, context)?;
    }
    closing(&mut page, survey, lens, args, cracks, &later, is_empty)?;
    page.finish(answer)
}

/// Somebody who asks for the old ones, or for a number of them, gets them.
fn may_fold(args: &DueArgs) -> bool {
    let asks_for_days = args.query.iter().flat_map(|words| words.split_whitespace()).any(|term| {
        let term = term.trim_start_matches(['-', '(']).to_lowercase();
        ["due", "overdue"]
            .iter()
            .any(|key| term.strip_prefix(key).is_some_and(|rest| rest.starts_with([':', '=', '<', '>'])))
    });
    !args.options.backlog && !args.options.all && args.options.limit.is_none() && !asks_for_days
}

/// The old ones, which are not shown one by one.
#[derive(Default)]
struct Backlog {
    old: Vec<Candidate>,
    /// All of them come before this day.
    before: Option<Date>,
}

/// Takes the old ones out of the list, where they are many.
fn fold(listed: &mut Vec<Candidate>, today: Date) -> Backlog {
    let days: Vec<Date> = listed.iter().map(|candidate| candidate.urgency.date).collect();
    let Some(before) = backlog_before(&days, today) else { return Backlog::default() };
    let (old, rest) = listed.drain(..).partition(|candidate| candidate.urgency.date < before);
    *listed = rest;
    Backlog { old, before: Some(before) }
}

fn groups(
    page: &mut Page,
    rows: &[Row],
    totals: [(Group, usize); 3],
    backlog: &Backlog,
    context: &Context,
) -> Result<(), Failure> {
    let layout = Layout::new(rows, page.width, page.paint);
    for (group, total) in totals {
        let rows: Vec<&Row> = rows.iter().filter(|row| row.group == group).collect();
        let folded = if group == Group::Overdue { backlog.old.len() } else { 0 };
        if rows.is_empty() && folded == 0 {
            continue;
        }
        let title = page.paint(Role::Strong, page.paint(heading(group), group.title()));
        let count = match rows.len() + folded {
            shown if shown < total => format!("{} of {}", words::number(shown), words::number(total)),
            shown => words::number(shown),
        };
        writeln!(page, "\n{title} {}", page.paint(Role::Dim, count))?;
        for row in rows {
            page.write_all(layout.lines(row).as_bytes())?;
        }
        if let Some(before) = backlog.before.filter(|_| folded > 0) {
            let before = words::day(before, context.today);
            let count = words::count(folded, "older one", "older ones");
            let line = format!("  and {count}, since before {before}: ");
            writeln!(
                page,
                "{}{}",
                page.paint(Role::Dim, line),
                page.paint(Role::Command, "tickler due --backlog")
            )?;
        }
    }
    Ok(())
}

fn heading(group: Group) -> Role {
    match group {
        Group::Coming => Role::Plain,
        group => group.role(),
    }
}

fn empty_notebook(page: &mut Page) -> Result<(), Failure> {
    writeln!(page, "{}", page.paint(Role::Strong, "A fresh notebook: nobody is in it yet."))?;
    writeln!(page, "Begin with one file, contacts/jane-doe.md, in your own editor:\n")?;
    writeln!(
        page,
        "  # Jane Doe\n\n  ## Log\n\n  - 2026-12-02 event: association lunch, wants fewer stops\n"
    )?;
    writeln!(page, "Then {} says when to get in touch.", page.paint(Role::Command, "tickler"))?;
    Ok(())
}

fn nothing_due(
    page: &mut Page,
    survey: &Survey<'_>,
    lens: &Lens<'_>,
    later: &[Candidate],
    context: &Context,
) -> Result<(), Failure> {
    let what = if lens.is_partial() {
        "Nothing of that is due."
    } else {
        "Nobody is waiting for you. Enjoy the quiet."
    };
    writeln!(page, "\n{}", page.paint(Role::Good, what))?;
    let next = later.iter().copied().min_by(|a, b| order(a, b, survey, context.today));
    let Some((contact, assessment, row)) = next.and_then(|next| load(survey, lens, next.index)) else {
        return Ok(());
    };
    let last = assessment.last_touch.and_then(|at| contact.log.get(at));
    let row = Row::new(&row, &contact, last, context.today, false);
    let layout = Layout::new(std::slice::from_ref(&row), page.width, page.paint);
    write!(page, "\n{}\n{}", page.paint(Role::Strong, "Next up"), layout.lines(&row))?;
    Ok(())
}

/// What else there is to know, each with what to type.
fn closing(
    page: &mut Page,
    survey: &Survey<'_>,
    lens: &Lens<'_>,
    args: &DueArgs,
    cracks: usize,
    later: &[Candidate],
    is_empty: bool,
) -> Result<(), Failure> {
    let mut lines: Vec<(Role, String, String)> = Vec::new();
    let soon = Period::new(SOON, Unit::Day).after(lens.today, &lens.settings.calendar);
    let coming = later.iter().filter(|candidate| candidate.urgency.date <= soon).count();
    // Where nothing is due, the first of them is shown already.
    if coming > usize::from(is_empty) && args.options.within.is_none() {
        let what = if is_empty {
            words::count(coming, "comes within a week", "come within a week")
        } else {
            words::count(coming, "more comes within a week", "more come within a week")
        };
        lines.push((Role::Dim, what, "tickler due --within 7d".to_owned()));
    }
    if cracks > 0 {
        let what = words::count(cracks, "contact has no next step", "contacts have no next step");
        lines.push((Role::Caution, what, "tickler cracks".to_owned()));
    }
    let broken = survey.broken().count();
    let is_error = |unread: &&FileProblem| unread.problem.severity == Severity::Error;
    let hidden = survey.unread().iter().filter(is_error).count();
    if hidden > 0 {
        let what = words::count(hidden, "folder cannot be read", "folders cannot be read");
        lines.push((Role::Error, what, "tickler check".to_owned()));
    }
    if broken > 0 {
        let what = words::count(broken, "file cannot be read", "files cannot be read");
        lines.push((Role::Error, what, "tickler check".to_owned()));
    }
    let settings = usize::from(!survey.notebook().settings_problems().is_empty());
    let others = survey.with_problems().count() + settings - broken + (survey.unread().len() - hidden);
    if others > 0 {
        let what = words::count(others, "file needs a look", "files need a look");
        lines.push((Role::Caution, what, "tickler check".to_owned()));
    }
    if !lines.is_empty() {
        writeln!(page)?;
    }
    for (role, what, command) in lines {
        writeln!(page, "{}: {}", page.paint(role, what), page.paint(Role::Command, command))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use tickler_core::follow_up::Urgency;

    use super::*;

    /// What is left of the list, what is folded, and the days before which it lies.
    fn folded(days_ago: &[i64]) -> (usize, usize, Option<i64>) {
        let today = Date::new(2026, 12, 3).unwrap();
        let mut listed: Vec<Candidate> = days_ago
            .iter()
            .map(|days| today.plus_days(-days))
            .map(|date| Candidate { index: 0, urgency: Urgency { date, rhythm_days: 0, value: 0.0 } })
            .collect();
        let backlog = fold(&mut listed, today);
        (listed.len(), backlog.old.len(), backlog.before.map(|day| today.days_since(day)))
    }

    #[test]
    fn what_folds() {
        assert_eq!(folded(&[0, 1, 2, 40, 41]), (5, 0, None), "few old ones are shown");
        assert_eq!(folded(&[0, 1, 31, 32, 33, 34, 35, 36]), (2, 6, Some(30)));
        let month: Vec<i64> = (0..60).collect();
        assert_eq!(folded(&month), (31, 29, Some(30)));
        let week: Vec<i64> = (0..60).map(|n| n / 4).collect();
        assert_eq!(folded(&week), (32, 28, Some(7)), "more than one can look through");
        let crowd = vec![1; 100];
        assert_eq!(folded(&crowd), (100, 0, None), "yesterday's are always shown");
        assert_eq!(folded(&[0; 100]), (100, 0, None), "today's too");
    }
}
