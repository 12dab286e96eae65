//! The queries of the settings: views, and for whom a reason is.

use crate::file::locate::{Spot, Step, in_settings};
use crate::notebook::{Notebook, Parts, Survey};
use crate::problem::{Position, Problem};
use crate::query::{Context, Query, has_key};
use crate::reasons::BrokenReason;

/// What is wrong with them, at their places in `tickler.toml`.
pub(super) fn problems(notebook: &Notebook, survey: &Survey<'_>, context: &Context<'_>) -> Vec<Problem> {
    let text = notebook.settings_text();
    let settings = notebook.settings();
    let mut found = Vec::new();
    for (name, query) in &settings.views {
        let spot = in_settings(text, &[Step::Key("view"), Step::Key(name)]);
        found.extend(problems_of(query, &format!("view \"{name}\""), Some(name), spot, survey, context));
    }
    for (index, reason) in settings.reasons.iter().enumerate() {
        let Some(query) = &reason.query else { continue };
        let spot = in_settings(text, &[Step::Key("reason"), Step::At(index), Step::Key("for")]);
        found.extend(problems_of(query, "this reason", None, spot, survey, context));
    }
    found
}

/// The mistake in the `for` of a reason, as a warning at its place in the settings' text.
pub fn place_in_reason(text: &str, broken: &BrokenReason) -> Problem {
    let BrokenReason { index, error } = broken;
    let mut problem =
        Problem::warning(Position::default(), format!("this reason fits nobody: {}", error.message));
    problem.hint = error.hint.clone();
    match (&error.view, in_settings(text, &[Step::Key("reason"), Step::At(*index), Step::Key("for")])) {
        (None, Some(spot)) => spot.place_within(error.span.clone(), problem),
        (Some(view), Some(spot)) => {
            problem.message = format!("this reason fits nobody: view \"{view}\": {}", error.message);
            spot.place(problem)
        }
        (_, None) => problem,
    }
}

fn problems_of(
    text: &str,
    whose: &str,
    view: Option<&str>,
    spot: Option<Spot<'_>>,
    survey: &Survey<'_>,
    context: &Context<'_>,
) -> Vec<Problem> {
    let anywhere = Position::default();
    match Query::parse(text, context) {
        // What is wrong in a view is told where the view stands, once.
        Err(error) if error.view.is_some() && error.view.as_deref() != view => Vec::new(),
        Err(error) => {
            let mut problem = Problem::error(anywhere, format!("the query of {whose}: {}", error.message));
            problem.hint = error.hint.clone();
            vec![match spot {
                Some(spot) => spot.place_within(error.span, problem),
                None => problem,
            }]
        }
        Ok(query) => {
            let head = Parts { head: true, ..Parts::default() };
            let nobody_has =
                |key: &&str| survey.search(head, |_, contact| has_key(contact, key).then_some(())).is_empty();
            let unknown = query.unknown_keys().into_iter().filter(nobody_has);
            unknown
                .map(|key| {
                    let problem = Problem::warning(
                        anywhere,
                        format!("the query of {whose}: no contact has a key `{key}`"),
                    );
                    match (&spot, text.find(key)) {
                        (Some(spot), Some(at)) => spot.place_within(at..at + key.len(), problem),
                        (Some(spot), None) => spot.place(problem),
                        (None, _) => problem,
                    }
                })
                .collect()
        }
    }
}
