//! What commits tell of deeds that were asked for with a key: which keys there were, and what came of one.

use std::path::Path;

use git2::{Oid, Repository, Sort};
use tickler_core::follow_up::assess;
use tickler_core::git::GitError;
use tickler_core::notebook::Parts;
use tickler_core::wire::{DeedReport, DueRow};

use super::answer::Answer;
use super::deed::{self, Done};
use super::once::Mark;
use crate::hook::{self, BRANCH};
use crate::reply::Refusal;
use crate::seat::Seat;
use crate::writing::ONCE;

/// How many of the newest commits are looked through.
const MOST: usize = 10_000;
/// How much older than the newest commit one may be, in seconds.
const DAY: i64 = 24 * 60 * 60;

/// The keys that the newest commits of a repository's branch keep, from the oldest on.
///
/// # Errors
/// Where the repository cannot be read.
pub fn marks(repository: &Path) -> Result<Vec<(Mark, [u8; 20])>, git2::Error> {
    let repository = Repository::open_bare(repository)?;
    let Ok(tip) = repository.refname_to_id(BRANCH) else { return Ok(Vec::new()) };
    let newest = repository.find_commit(tip)?.time().seconds();
    let ours = hook::server();
    let mut walk = repository.revwalk()?;
    walk.set_sorting(Sort::TIME)?;
    walk.push(tip)?;
    let mut found = Vec::new();
    for id in walk.take(MOST) {
        let commit = repository.find_commit(id?)?;
        if commit.time().seconds() < newest - DAY {
            break;
        }
        // Anybody may push a commit with such a line; only what was made here counts.
        let is_ours = commit.committer().email_bytes() == ours.email.as_bytes();
        let mark = commit.message().ok().filter(|_| is_ours).and_then(mark_in);
        if let (Some(mark), Some(id)) = (mark, self::id(&commit.id().to_string())) {
            found.push((mark, id));
        }
    }
    found.reverse();
    Ok(found)
}

/// The key that a commit's message keeps.
fn mark_in(message: &str) -> Option<Mark> {
    let line = message.lines().rev().find_map(|line| line.strip_prefix(ONCE)?.strip_prefix(':'))?;
    Mark::of_text(line)
}

/// The bytes of a commit's id.
pub fn id(hex: &str) -> Option<[u8; 20]> {
    let id = Oid::from_str(hex).ok()?;
    id.as_bytes().try_into().ok()
}

/// What was answered when that commit was made, as far as it and the notebook still tell.
///
/// # Errors
/// Where the commit cannot be read.
pub fn answer(seat: &Seat, commit: &str) -> Result<Answer, Refusal> {
    let tip = &seat.view.tip;
    let told = tip
        .with_store(|store| -> Result<_, GitError> { Ok((store.record(commit)?, store.paths_of(commit)?)) });
    let (record, files) = told.map_err(|error| {
        tracing::error!(%commit, %error, "a commit cannot be read");
        Refusal::Internal
    })?;
    let survey = tip.survey();
    let index = files.iter().find_map(|file| (0..survey.len()).find(|index| survey.path(*index) == *file));
    let contact = index.map(|index| survey.contact(index, Parts::ALL));
    let follow_up = contact.as_ref().and_then(|contact| {
        let assessment = assess(contact, seat.settings(), tip.today());
        let all: Vec<_> = assessment.obligations.iter().collect();
        DueRow::new(contact, &assessment, &all, seat.settings(), tip.today())
    });
    let is_new = record.verb.as_deref() == Some("new");
    let report = DeedReport {
        verb: record.verb.unwrap_or_default(),
        subject: record.subject,
        commit: Some(record.id),
        files,
        warnings: Vec::new(),
        follow_up,
    };
    let id = contact.map(|contact| contact.id.as_str().to_owned());
    let done = Done {
        id: id.clone(),
        report,
        said: String::new(),
        notes: Vec::new(),
        version: index.and_then(|index| survey.version(index)),
    };
    deed::answer(&seat.notebook, done, id.as_deref().filter(|_| is_new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_keeps_its_key() {
        let mark = Mark::new("pat", "/main/x", "k", b"{}");
        for (message, expected) in [
            (
                format!("log Jane: phone\n\nTickler-Verb: log\nVia: api\nIdempotency: {}\n", mark.text()),
                Some(mark),
            ),
            (format!("log Jane: phone\n\nIdempotency {}\n", mark.text()), None),
            ("log Jane: phone\n".to_owned(), None),
        ] {
            assert_eq!(mark_in(&message), expected, "{message}");
        }
    }
}
