//! What somebody wrote in a deed's files since their last commit: it gets a commit of its own, so that `undo` of the
//! deed leaves it alone.

use super::super::CONTACTS_DIR;
use super::place::Step;
use crate::contact::Contact;
use crate::describe::describe;
use crate::file;
use crate::git::{FileState, Git, GitError, NewCommit};
use crate::settings::Settings;

/// The files that are as they were read, and in no commit like that.
pub(super) struct ByHand<'s> {
    steps: Vec<&'s Step<'s>>,
    message: String,
}

impl<'s> ByHand<'s> {
    /// Looks which of the files are so.
    pub fn of(git: &Git, steps: &'s [Step], settings: &Settings) -> Result<ByHand<'s>, GitError> {
        let there: Vec<(&Step, &[u8])> = steps.iter().filter_map(|step| Some((step, step.before?))).collect();
        let files: Vec<(&str, &[u8])> = there.iter().map(|(step, before)| (step.file, *before)).collect();
        let committed = git.are_committed(&files)?;
        let edited = there.into_iter().zip(committed).filter(|(_, committed)| *committed != Some(true));
        let steps: Vec<&Step> = edited.map(|((step, _), _)| step).collect();
        let message = match steps.as_slice() {
            [one] => described(git, one, settings)?,
            many => counted(many),
        };
        Ok(ByHand { steps, message })
    }

    /// The commit that they become, if there are any.
    pub fn commit(&self) -> Option<NewCommit<'s>> {
        let files =
            self.steps.iter().map(|step| FileState { path: step.file, content: step.before }).collect();
        (!self.steps.is_empty()).then(|| NewCommit { message: format!("{}\n", self.message), files })
    }
}

/// `Ann Lee: next 2026-12-03 by phone`.
fn described(git: &Git, step: &Step, settings: &Settings) -> Result<String, GitError> {
    let is_contact = step
        .file
        .strip_prefix(CONTACTS_DIR)
        .is_some_and(|rest| rest.starts_with('/') && rest.ends_with(".md"));
    if !is_contact {
        return Ok(format!("{}: edited by hand", stem(step)));
    }
    let read = |bytes: &[u8]| -> Contact {
        let stem = stem(step);
        match file::decode(bytes) {
            Ok(text) => file::parse(text, stem, settings).contact,
            Err(problem) => file::unreadable(stem, problem).contact,
        }
    };
    let before = git.head_content(step.file)?.as_deref().map(read);
    let after = step.before.map(read);
    Ok(describe(before.as_ref(), after.as_ref()))
}

fn counted(steps: &[&Step]) -> String {
    match steps {
        [one, other] => format!("{} and {}: edited by hand", stem(one), stem(other)),
        _ => format!("{} contacts: edited by hand", steps.len()),
    }
}

/// The file's name without `.md`.
fn stem<'s>(step: &Step<'s>) -> &'s str {
    let name = step.file.rsplit('/').next().unwrap_or(step.file);
    name.strip_suffix(".md").unwrap_or(name)
}
