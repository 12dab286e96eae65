//! What a sync says of what came and went, and of what somebody should look at.

use super::meet::meet;
use super::round::Run;
use super::{SyncError, told};
use crate::git::{GitError, Remote};
use crate::merge::files::Delta;

impl Run<'_> {
    /// Tells what others did. Of their commits, so many merged what they did with what we had sent.
    pub(super) fn tell_came(
        &mut self,
        ours: Option<&str>,
        theirs: &str,
        deltas: &[Delta],
        landings: usize,
    ) -> Result<(), SyncError> {
        let (came, more) = told::deltas(self.notebook, self.git, deltas, ours, theirs)?;
        self.report.came.extend(came);
        self.report.more.0 += more;
        self.report.commits.0 += self.more(theirs, ours)?.saturating_sub(landings);
        Ok(())
    }

    /// Tells what was sent, since the remote was where it is known to have been.
    pub(super) fn tell_went(&mut self, theirs: Option<&str>, tip: &str) -> Result<(), SyncError> {
        let base = match theirs {
            Some(theirs) => {
                self.git.merge_bases(theirs, tip)?.first().map(|base| self.git.tree_of(base)).transpose()?
            }
            None => None,
        };
        let deltas = self.git.deltas(base.as_deref(), &self.git.tree_of(tip)?)?;
        let (went, more) = told::deltas(self.notebook, self.git, &deltas, theirs, tip)?;
        self.report.went.extend(went);
        self.report.more.1 += more;
        self.report.commits.1 += self.more(tip, theirs)?;
        Ok(())
    }

    /// What the server merged our work with, among what came: where its branch was before.
    pub(super) fn landings(&self, ours: Option<&str>, theirs: &str) -> Result<Vec<String>, GitError> {
        match &self.server.handed {
            Some(handed) => self.git.merges_of(handed, theirs, ours),
            None => Ok(Vec::new()),
        }
    }

    /// Tells of merges that the server made of our work what we would tell of our own.
    pub(super) fn tell_landings(&mut self, remote: &Remote, befores: &[String]) -> Result<(), SyncError> {
        let Some(handed) = self.server.handed.clone() else { return Ok(()) };
        for before in befores {
            let bases = self.git.merge_bases(before, &handed)?;
            let notes = meet(self.git, &bases, before, &handed)?.notes;
            self.report.notes.extend(notes);
            self.tell_given_back(remote, before)?;
        }
        Ok(())
    }

    /// Tells how much the remote had lost of what was last shared with it, where its branch was at `before` when our
    /// work came.
    pub(super) fn tell_given_back(&mut self, remote: &Remote, before: &str) -> Result<(), SyncError> {
        if let Some(shared) = self.git.commit_at(&remote.shared())?
            && !self.git.holds(before, &shared)?
        {
            self.report.given_back += self.git.apart(&shared, before)?.0;
        }
        Ok(())
    }

    /// How many commits one tip has that another lacks.
    pub(super) fn more(&self, tip: &str, other: Option<&str>) -> Result<usize, GitError> {
        match other {
            Some(other) => Ok(self.git.apart(tip, other)?.0),
            None => self.git.count(tip),
        }
    }

    /// Says what would come and go.
    pub(super) fn foretell(&mut self, ours: Option<&str>, theirs: Option<&str>) -> Result<(), SyncError> {
        let git = self.git;
        let bases = match (ours, theirs) {
            (Some(ours), Some(theirs)) => git.merge_bases(ours, theirs)?,
            _ => Vec::new(),
        };
        let base = bases.first().map(|base| git.tree_of(base)).transpose()?;
        let tell = |side: Option<&str>, other: Option<&str>| -> Result<_, SyncError> {
            let Some(side) = side else { return Ok((Vec::new(), 0, 0)) };
            let deltas = git.deltas(base.as_deref(), &git.tree_of(side)?)?;
            let (told, more) = told::deltas(self.notebook, git, &deltas, other, side)?;
            let commits = self.more(side, other)?;
            Ok((told, more, commits))
        };
        let (came, went) = (tell(theirs, ours)?, tell(ours, theirs)?);
        if let (Some(ours), Some(theirs)) = (ours, theirs)
            && !git.holds(ours, theirs)?
            && !git.holds(theirs, ours)?
        {
            self.report.notes = meet(git, &bases, ours, theirs)?.notes;
        }
        self.report.more = (came.1, went.1);
        self.report.commits = (came.2, went.2);
        (self.report.came, self.report.went) = (came.0, went.0);
        Ok(())
    }
}
