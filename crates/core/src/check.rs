//! All that is wrong in a notebook: the problems of each file, and those that only show between files (format,
//! sections 1, 5 and 8).

mod contact;
mod names;
mod overlooked;
mod queries;

use crate::follow_up::assess;
use crate::notebook::{CONTACTS_DIR, FileProblem, MOST_FLAT, Notebook, Parts, SETTINGS_FILE, Survey};
use crate::problem::{Position, Problem, Severity};
use crate::query::Context;
use crate::settings::StageGroup;

use names::Names;

pub use queries::place_in_reason;

/// What a check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Every problem, the settings' first, then by file and place.
    pub problems: Vec<FileProblem>,
    /// How many contacts were checked.
    pub contacts: usize,
    /// How many of them lie in one folder, where they are too many for it.
    pub crowded: Option<usize>,
}

impl Report {
    /// How many problems there are of that kind.
    pub fn count(&self, severity: Severity) -> usize {
        self.problems.iter().filter(|problem| problem.problem.severity == severity).count()
    }
}

/// Checks every file of the survey, and what they say of each other. With `coverage`, an open contact that nobody
/// owns or that is a crack is an error too. `progress` is told how many more contacts were checked, from whatever
/// thread did so.
pub fn check(
    survey: &Survey<'_>,
    context: &Context<'_>,
    coverage: bool,
    progress: &(dyn Fn(usize) + Sync),
) -> Report {
    let notebook = survey.notebook();
    let mut problems = survey.problems();
    problems.extend(settings_problems(notebook, survey, context));
    let names = Names::of(survey);
    let checker = contact::Checker { survey, names: &names, today: context.today };
    let found = survey.search(Parts::ALL, |row, contact| {
        let mut found = checker.check(row.index, contact);
        if coverage {
            found.extend(uncovered(contact, context));
        }
        progress(1);
        (!found.is_empty()).then_some((row.index, found))
    });
    for (index, found) in found {
        let file = survey.path(index);
        problems.extend(found.into_iter().map(|problem| FileProblem { file: file.clone(), problem }));
    }
    problems.sort_by(|a, b| {
        let key = |p: &FileProblem| (p.file != SETTINGS_FILE, p.file.clone(), p.problem.at);
        key(a).cmp(&key(b))
    });
    Report { problems, contacts: survey.len(), crowded: crowded(survey) }
}

/// What nobody will ever get to (CLI contract, `check --coverage`).
fn uncovered(contact: &crate::contact::Contact, context: &Context<'_>) -> Vec<Problem> {
    let assessment = assess(contact, context.settings, context.today);
    if assessment.group != StageGroup::Open {
        return Vec::new();
    }
    let whole_file = Position::default();
    let mut found = Vec::new();
    if contact.head.owner.is_none() {
        let hint = match context.settings.team.first() {
            Some(member) => format!("write `owner = \"{}\"`, or who else looks after them", member.handle),
            None => "write `owner = \"…\"`: who looks after them".to_owned(),
        };
        found.push(Problem::error(whole_file, "nobody owns this open contact").hint(hint));
    }
    if assessment.crack {
        let hint = "plan a next step: `[next]` with `on`, or `every` below `[prefers]`";
        found.push(Problem::error(whole_file, "nothing will ever bring this open contact back").hint(hint));
    }
    found
}

fn settings_problems(notebook: &Notebook, survey: &Survey<'_>, context: &Context<'_>) -> Vec<FileProblem> {
    let mut problems = queries::problems(notebook, survey, context);
    for cadence in &notebook.settings().cadences {
        for (index, step) in cadence.steps.iter().enumerate() {
            let Some(template) = &step.template else { continue };
            let file = format!("templates/{template}.md");
            if !notebook.has_file(&file) {
                use crate::file::locate::{Step, in_settings};
                let problem = Problem::warning(Position::default(), format!("there is no template {file}"))
                    .hint("write it, or name one that is there");
                let path = [
                    Step::Key("cadence"),
                    Step::Key(&cadence.name),
                    Step::Key("steps"),
                    Step::At(index),
                    Step::Key("template"),
                ];
                problems.push(match in_settings(notebook.settings_text(), &path) {
                    Some(spot) => spot.place(problem),
                    None => problem,
                });
            }
        }
    }
    problems.into_iter().map(|problem| FileProblem { file: SETTINGS_FILE.to_owned(), problem }).collect()
}

/// How many contacts lie right below `contacts/`, where they are too many.
fn crowded(survey: &Survey<'_>) -> Option<usize> {
    let slashes = CONTACTS_DIR.matches('/').count() + 1;
    let flat = (0..survey.len()).filter(|index| survey.path(*index).matches('/').count() == slashes).count();
    (flat > MOST_FLAT).then_some(flat)
}
