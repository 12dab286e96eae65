//! The user's own commands around each change: asked before anything is written, told afterwards.

mod run;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::sync::Arc;

use serde::{Serialize, Serializer};
use tickler_core::date::Date;

use crate::config::{Hooks, variable};
use crate::failure::Failure;
use crate::plain::clean;
use crate::shell;
use crate::style::{Paint, Role};
use run::{Ended, run};

/// Tells a hook its own name; where it is set already, a hook has run this program.
pub const VARIABLE: &str = "TICKLER_HOOK";

const PRE_WRITE: &str = "pre-write";
const POST_WRITE: &str = "post-write";

/// What a hook is given on standard input, as one object of JSON in one line.
#[derive(Debug, Clone, Serialize)]
pub struct Notice<'a> {
    /// What was typed: `log`, `next`.
    pub verb: &'a str,
    /// The deed in one sentence, as the commit says it.
    pub subject: &'a str,
    /// The notebook's folder; hooks run in it.
    #[serde(serialize_with = "absolute")]
    pub notebook: &'a Path,
    /// The day that the deed is done on.
    pub today: Date,
    /// Who does it: a handle of the team.
    pub me: Option<&'a str>,
    /// The commit that holds it; none before it is made, or where none is.
    pub commit: Option<&'a str>,
    /// The files, in the order in which they change.
    pub changes: &'a [Change<'a>],
}

/// One file that changes. A file that is renamed is two: one that goes, and one that comes.
#[derive(Debug, Clone, Serialize)]
pub struct Change<'a> {
    /// Its path from the notebook's root, with `/`.
    pub file: &'a str,
    /// The contact's id.
    pub id: &'a str,
    /// The contact's name.
    pub name: Option<&'a str>,
    /// The text before; none where the file is made.
    pub before: Option<&'a str>,
    /// The text after; none where the file is removed.
    pub after: Option<&'a str>,
}

/// Asks every hook `pre-write`, in order, whether the change may be. Nothing may be written before, and no lock be
/// held: a hook may take its time, and may ask git or this program about the notebook.
///
/// # Errors
/// The first hook that ends with anything but 0 says no; the failure has its own words.
pub fn ask(hooks: &Hooks, notice: &Notice<'_>) -> Result<(), Failure> {
    if is_within_hook() {
        return Ok(());
    }
    for said in ask_each(hooks, notice)? {
        anstream::eprintln!("{said}");
    }
    Ok(())
}

/// Tells every hook `post-write`, in order, what was written. What goes wrong is a warning on standard error, since
/// the change is made.
pub fn tell(hooks: &Hooks, notice: &Notice<'_>, paint: Paint) {
    if is_within_hook() {
        return;
    }
    for said in tell_each(hooks, notice, paint) {
        anstream::eprintln!("{said}");
    }
}

/// Whether a hook has run this program. Hooks do not run for what hooks do, or there would be no end to it.
pub fn is_within_hook() -> bool {
    variable(VARIABLE).is_some()
}

/// What the hooks had to say, none of which said no.
fn ask_each(hooks: &Hooks, notice: &Notice<'_>) -> Result<Vec<String>, Failure> {
    let mut said = Vec::new();
    if hooks.pre_write.is_empty() {
        return Ok(said);
    }
    let input = input(PRE_WRITE, notice)?;
    for command in &hooks.pre_write {
        let ended = run(command, PRE_WRITE, notice.notebook, &input).map_err(|error| {
            let message = format!("cannot run the {PRE_WRITE} hook \"{}\": {error}", clean(command));
            Failure::notebook(message).hint("nothing was written")
        })?;
        if !ended.status.success() {
            return Err(veto(command, &ended));
        }
        said.extend(words(&ended.err));
    }
    Ok(said)
}

/// Why nothing is written.
fn veto(command: &str, ended: &Ended) -> Failure {
    let command = clean(command);
    let mut lines = ended.words();
    if shell::signal(ended.status).is_some() {
        let message = format!("the {PRE_WRITE} hook \"{command}\" {}", shell::ended(ended.status));
        return Failure::no(message).details(lines.join("\n")).hint("nothing was written");
    }
    let hint = match ended.status.code() {
        Some(shell::NOT_FOUND) => format!(
            "the {PRE_WRITE} hook \"{command}\" of your own settings was not found; nothing was written"
        ),
        _ => format!("the {PRE_WRITE} hook \"{command}\" of your own settings said no; nothing was written"),
    };
    if lines.is_empty() {
        lines.push(format!("the {PRE_WRITE} hook \"{command}\" {}", shell::ended(ended.status)));
    }
    let first = lines.remove(0);
    Failure::no(first).details(lines.join("\n")).hint(hint)
}

/// What the hooks had to say, and what went wrong with them.
fn tell_each(hooks: &Hooks, notice: &Notice<'_>, paint: Paint) -> Vec<String> {
    let mut said = Vec::new();
    if hooks.post_write.is_empty() {
        return said;
    }
    let warning = |what: String| format!("{} {what}", paint.as_role(Role::Caution, "warning:"));
    let input = match input(POST_WRITE, notice) {
        Ok(input) => input,
        Err(error) => return vec![warning(format!("no {POST_WRITE} hook was run: {error}"))],
    };
    for command in &hooks.post_write {
        let name = format!("the {POST_WRITE} hook \"{}\"", clean(command));
        match run(command, POST_WRITE, notice.notebook, &input) {
            Ok(ended) if ended.status.success() => said.extend(words(&ended.err)),
            Ok(ended) => {
                let lines = ended.words();
                let colon = if lines.is_empty() { "" } else { ":" };
                said.push(warning(format!("{name} {}{colon}", shell::ended(ended.status))));
                said.extend(lines.iter().map(|line| format!("  {line}")));
            }
            Err(error) => said.push(warning(format!("{name} cannot be run: {error}"))),
        }
    }
    said
}

/// The notice as a hook of that name is given it.
fn input(hook: &str, notice: &Notice<'_>) -> Result<Arc<[u8]>, serde_json::Error> {
    #[derive(Serialize)]
    struct Input<'a> {
        hook: &'a str,
        #[serde(flatten)]
        notice: &'a Notice<'a>,
    }
    let mut json = serde_json::to_vec(&Input { hook, notice })?;
    json.push(b'\n');
    Ok(json.into())
}

/// The path from the root of all folders; JSON has no way to say one that is not UTF-8.
fn absolute<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    serializer.serialize_str(&path.to_string_lossy())
}

impl Ended {
    /// Its own words: what it said on standard error, else on standard output.
    fn words(&self) -> Vec<String> {
        let words_of_error = words(&self.err);
        if words_of_error.is_empty() { words(&self.out) } else { words_of_error }
    }
}

/// What was said as lines that are safe to show, and not more of it than anybody reads.
fn words(bytes: &[u8]) -> Vec<String> {
    const MOST_LINES: usize = 20;
    const WIDEST: usize = 400;
    let text = String::from_utf8_lossy(bytes);
    let line = |line: &str| {
        // A line that was written over itself, as progress is, shows what was written last.
        let line = line.trim_end();
        let line = line.rsplit('\r').next().unwrap_or_default();
        crate::width::fit(clean(line).trim_end(), WIDEST).into_owned()
    };
    let mut lines: Vec<String> = text.lines().map(line).skip_while(String::is_empty).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        lines.push("…".to_owned());
    }
    lines
}
