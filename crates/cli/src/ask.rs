//! Questions: the words of a command line as a query, and what cannot be asked.

use tickler_core::notebook::{CONTACTS_DIR, Notebook, Survey};
use tickler_core::problem::Severity;
use tickler_core::query::{self, Query};

use crate::args::unmark_query;
use crate::context::Context;
use crate::failure::Failure;
use crate::problems;

/// Reads the words of a command line as one query (CLI contract, Query).
pub fn query(context: &Context, notebook: &Notebook, words: &[String]) -> Result<Query, Failure> {
    let text = unmark_query(words);
    // Who asks is only looked up where the query says "me", since that may have to ask git.
    let me = if text.contains("me") || text.contains('@') { context.me(notebook) } else { None };
    let settings = notebook.settings();
    Query::parse(&text, &query::Context { settings, today: context.today, me: me.as_deref() }).map_err(
        |error| {
            let rendered = error.render();
            let (message, details) = rendered.split_once('\n').unwrap_or((&rendered, ""));
            Failure::usage(message).details(details)
        },
    )
}

/// Names each broken file, and each folder that hides its contacts, on standard error (format, section 8).
pub fn report_broken(context: &Context, survey: &Survey<'_>) -> Result<(), Failure> {
    let root = survey.notebook().root();
    let paint = context.stderr_paint();
    for unread in survey.unread().iter().filter(|unread| unread.problem.severity == Severity::Error) {
        if unread.file == CONTACTS_DIR && survey.is_empty() {
            // Nothing can be answered, which is not the same as that nobody is due.
            let file = context.shown_path(root, &unread.file);
            return Err(Failure::notebook(format!("{file}: {}", unread.problem.message)));
        }
        let line = problems::line(&context.shown_path(root, &unread.file), &unread.problem, paint);
        anstream::eprintln!("{line}");
    }
    for index in survey.broken() {
        let file = survey.path(index);
        let problems = survey.problems_of(index);
        let first = problems.iter().find(|problem| problem.severity == Severity::Error);
        if let Some(first) = first {
            let line = problems::line(&context.shown_path(root, &file), first, paint);
            anstream::eprintln!("{line}");
        }
    }
    Ok(())
}
