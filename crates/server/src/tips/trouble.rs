//! All that is wrong in a notebook, or waits for somebody to settle it.

use tickler_core::answer::unsettled;
use tickler_core::check::check;
use tickler_core::notebook::{FileProblem, Survey};
use tickler_core::query::Context;
use tickler_core::wire::UnsettledReport;

/// In a notebook of more contacts the files are not compared with each other: that takes seconds.
const COMPARED: usize = 10_000;

/// What is wrong.
pub struct Trouble {
    /// The problems of all files, by file and place.
    pub problems: Vec<FileProblem>,
    /// Whether they hold what only shows between files, too.
    pub is_whole: bool,
    /// Where two versions stand side by side.
    pub unsettled: UnsettledReport,
}

impl Trouble {
    /// Of all files of that survey.
    pub fn of(survey: &Survey<'_>) -> Trouble {
        let is_whole = survey.len() <= COMPARED;
        let problems = if is_whole {
            let context = Context { settings: survey.notebook().settings(), today: survey.today(), me: None };
            check(survey, &context, false, &|_| {}).problems
        } else {
            survey.problems()
        };
        Trouble { problems, is_whole, unsettled: unsettled(survey) }
    }
}
