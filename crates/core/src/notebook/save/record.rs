//! Recording: a deed that an editor wrote to the files already becomes a commit, and no byte is written.

use super::by_hand::ByHand;
use super::place::{Step, holds};
use super::{Begun, Deed, Notebook, Recorded, SaveError, Saved, Saving, lock, record};

impl Notebook {
    /// Makes a commit of a deed whose files are as it means them already. What a file had before that was in no
    /// commit yet gets one of its own first, as in [`Notebook::save`].
    ///
    /// # Errors
    /// Where a file is not as the deed means it, or git refuses. The files stay as they are.
    pub fn record(&self, deed: &Deed, saving: &Saving<'_>) -> Result<Saved, SaveError> {
        let Begun { _lock, git, finished, steps } = self.begin(deed, saving)?;
        let Some(git) = git else {
            let recorded = if saving.commit { Recorded::Outside } else { Recorded::Unasked };
            return Ok(Saved { recorded, finished });
        };
        let ready = git.ready(lock::PATIENCE, &mut || (saving.waiting)())?;
        let by_hand = ByHand::of(&git, &steps, self.settings())?.commit();
        // Looked at last: whatever is written from here on is a change of its own.
        steps.iter().try_for_each(is_in_place)?;
        let recorded = record(ready, by_hand, &steps, &deed.message())?;
        Ok(Saved { recorded, finished })
    }
}

fn is_in_place(step: &Step) -> Result<(), SaveError> {
    let is_so = match &step.after {
        Some(after) => holds(&step.path, after),
        None => std::fs::symlink_metadata(&step.path).is_err(),
    };
    if is_so { Ok(()) } else { Err(SaveError::Changed(step.file.to_owned())) }
}
