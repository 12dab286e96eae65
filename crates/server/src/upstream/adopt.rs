//! An upstream that was rewound or has another history is taken all the same, once somebody looked.

use tickler_core::git::Store;

use super::take::{Untaken, take_anyway};
use super::{INCOMING, SEEN};
use crate::data::Data;
use crate::failure::Failure;
use crate::hook::BRANCH;
use crate::names::NotebookName;

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Adopted {
    /// So many commits came, and the notebook's own were kept: the upstream gets them with the next run.
    Merged(usize),
    /// The upstream has no such branch any more: the next run makes it anew.
    Forgotten,
    /// There was nothing to decide.
    Nothing,
}

/// Merges what the upstream has, as it was last fetched. Nothing of either side is lost.
///
/// # Errors
/// Where there is no such notebook, or the upstream has what no notebook may have.
pub fn adopt(data: &Data, notebook: &NotebookName) -> Result<Adopted, Failure> {
    if !data.has(notebook) {
        return Err(Failure::no(format!("there is no notebook \"{notebook}\""))
            .hint("to see those there are: tickler-server notebook list"));
    }
    let store = Store::bare(&data.repository(notebook))?;
    let (ours, seen) = (store.commit_at(BRANCH)?, store.commit_at(SEEN)?);
    let Some(incoming) = store.commit_at(INCOMING)? else {
        store.drop_reference(SEEN)?;
        return Ok(if seen.is_some() { Adopted::Forgotten } else { Adopted::Nothing });
    };
    let holds =
        |one: &Option<String>, other: &str| one.as_ref().map_or(Ok(false), |one| store.holds(one, other));
    if holds(&ours, &incoming)? && seen.as_ref().map_or(Ok(true), |seen| store.holds(&incoming, seen))? {
        return Ok(Adopted::Nothing);
    }
    match take_anyway(&store, ours.as_deref(), &incoming) {
        Ok(came) => Ok(Adopted::Merged(came)),
        Err(Untaken::Attention(why)) => {
            Err(Failure::no(why).hint("mend that in the upstream first, with any git"))
        }
        Err(Untaken::Git(error)) => Err(error.into()),
    }
}
