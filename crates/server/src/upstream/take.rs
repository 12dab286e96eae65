//! What an upstream has is taken in: judged, and landed on the branch by compare-and-swap, merged by structure where
//! both sides went on. An upstream that was rewound, or has another history, is never taken by itself.

use std::path::Path;

use tickler_core::git::{GitError, Person, Store};
use tickler_core::sync::{Landing, land};

use super::judge::objection;
use super::{INCOMING, SEEN};
use crate::hook::{self, BRANCH};

/// Why what is there was not taken.
#[derive(Debug, thiserror::Error)]
pub enum Untaken {
    /// Somebody has to decide.
    #[error("{0}")]
    Attention(String),
    /// git says no.
    #[error(transparent)]
    Git(#[from] GitError),
}

/// Where the two sides are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sides {
    /// Our branch; none without a commit.
    pub ours: Option<String>,
    /// The upstream's, when it was last taken in or sent.
    pub seen: Option<String>,
    /// Whether ours holds that. It does not where the notebook was put back from an older backup.
    pub is_held: bool,
}

impl Sides {
    /// Where they are now.
    ///
    /// # Errors
    /// What git says.
    pub fn of(repository: &Path) -> Result<Sides, GitError> {
        let store = Store::bare(repository)?;
        let (ours, seen) = (store.commit_at(BRANCH)?, store.commit_at(SEEN)?);
        let is_held = match (&ours, &seen) {
            (Some(ours), Some(seen)) => store.holds(ours, seen)?,
            _ => false,
        };
        Ok(Sides { ours, seen, is_held })
    }
}

/// Takes in what was fetched. Gives how many commits that were new here.
///
/// # Errors
/// [`Untaken::Attention`] where it lacks what it had, shares no history with ours, or has what no notebook may have.
pub fn take(repository: &Path) -> Result<usize, Untaken> {
    let store = Store::bare(repository)?;
    let Some(incoming) = store.commit_at(INCOMING)? else { return Ok(0) };
    let (ours, seen) = (store.commit_at(BRANCH)?, store.commit_at(SEEN)?);
    if let Some(seen) = &seen
        && !store.holds(&incoming, seen)?
    {
        let lost = store.apart(seen, &incoming)?.0;
        return Err(Untaken::Attention(format!(
            "it was rewound: it lacks {lost} of the commits that it had, up to {}",
            short(seen)
        )));
    }
    if let Some(ours) = &ours
        && store.merge_bases(ours, &incoming)?.is_empty()
    {
        return Err(Untaken::Attention("its history has nothing in common with the notebook's".to_owned()));
    }
    take_anyway(&store, ours.as_deref(), &incoming)
}

/// The same whatever its history is.
///
/// # Errors
/// As [`take`], but for its history.
pub fn take_anyway(store: &Store, ours: Option<&str>, incoming: &str) -> Result<usize, Untaken> {
    if let Some(why) = objection(store, ours, incoming)? {
        return Err(Untaken::Attention(format!("it has what no notebook may have: {why}")));
    }
    let came = match ours {
        Some(ours) => store.apart(incoming, ours)?.0,
        None => store.count(incoming)?,
    };
    let author = named(store.committer(incoming)?);
    let landing = Landing {
        branch: BRANCH,
        commit: incoming,
        author: &author,
        committer: &hook::server(),
        message: "sync: merge the work of the upstream\n\nVia: upstream\n",
    };
    let landed = land(store, &landing)?;
    for (file, note) in &landed.notes {
        tracing::info!(file, ?note, "both sides changed a file");
    }
    store.point(SEEN, incoming)?;
    Ok(came)
}

/// Somebody that a commit can be written for.
fn named(person: Person) -> Person {
    let is_empty =
        |text: &str| !text.chars().any(|c| !c.is_control() && !c.is_whitespace() && !"<>.,;\"'".contains(c));
    match is_empty(&person.name) || is_empty(&person.email) {
        true => Person { name: "upstream".to_owned(), email: hook::server().email },
        false => person,
    }
}

/// The first digits of an id.
fn short(id: &str) -> &str {
    id.get(..8).unwrap_or(id)
}
