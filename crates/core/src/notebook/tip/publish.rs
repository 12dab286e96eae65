//! A deed on a repository that has no files: one commit on top of the tip, and the branch moves to it.

use std::collections::BTreeMap;

use super::{Tip, TipError};
use crate::git::{GitError, Person, Unflushed};
use crate::merge::files::Content;
use crate::notebook::Deed;

/// The mode of a plain file.
const PLAIN: u32 = 0o100_644;

/// In whose name a deed is done, and what its commit says of how it came.
#[derive(Debug, Clone, Copy)]
pub struct Publishing<'a> {
    /// Whose deed it is.
    pub author: &'a Person,
    /// Who does it for them.
    pub committer: &'a Person,
    /// Trailers of the commit, by name and value.
    pub trailers: &'a [(&'a str, &'a str)],
}

/// Deeds that were done on a tip one upon the other, and that nobody else can see yet.
#[derive(Debug)]
pub struct Unpublished {
    /// Where the branch has to be when they are published.
    from: String,
    /// The subject of the last of them, and how many there are.
    last: (String, usize),
    written: Unflushed,
}

impl Unpublished {
    /// Nothing yet, on top of where that tip is.
    pub fn on(tip: &Tip) -> Unpublished {
        Unpublished { from: tip.commit.clone(), last: (String::new(), 0), written: Unflushed::default() }
    }

    /// Whether there is nothing to publish.
    pub fn is_empty(&self) -> bool {
        self.last.1 == 0
    }
}

impl Tip {
    /// Does a deed that was planned on this tip: writes its commit, and goes there. No branch leads there yet, and it
    /// is not safe on the disk. Gives the commit's id; nothing where the deed changes nothing.
    ///
    /// # Errors
    /// What the disk says. This tip is where it was then.
    pub fn add(
        &mut self,
        deed: &Deed,
        how: &Publishing<'_>,
        unpublished: &mut Unpublished,
    ) -> Result<Option<String>, TipError> {
        let files: BTreeMap<String, Option<Content>> = deed
            .changes
            .iter()
            .filter(|change| change.is_change())
            .map(|change| {
                let after = change.after.as_ref();
                let content =
                    after.map(|text| Content::New { bytes: text.clone().into_bytes(), mode: PLAIN });
                (change.file.clone(), content)
            })
            .collect();
        if files.is_empty() {
            return Ok(None);
        }
        let mut message = deed.message();
        for (name, value) in how.trailers {
            let plain: String = value.chars().filter(|c| !c.is_control()).collect();
            message.push_str(&format!("{name}: {plain}\n"));
        }
        let written = &mut unpublished.written;
        let commit = self.with_store(|store| -> Result<String, GitError> {
            let tree = store.write_tree_unflushed(&self.tree, &files, written)?;
            let names = (how.author, how.committer);
            store.write_commit_unflushed(&tree, &[&self.commit], names, &message, written)
        })?;
        self.follow(&commit)?;
        unpublished.last = (deed.subject.clone(), unpublished.last.1 + 1);
        Ok(Some(commit))
    }

    /// Flushes what was done, and moves the branch to where this tip is, by compare-and-swap.
    ///
    /// # Errors
    /// [`GitError::Moved`] where the branch is elsewhere meanwhile; what the disk says. The branch is where it was
    /// then, and all that was done has to be done anew.
    pub fn publish(&self, branch: &str, unpublished: &Unpublished) -> Result<(), TipError> {
        let Unpublished { from, last: (subject, count), written } = unpublished;
        let words = match count {
            0 => return Ok(()),
            1 => subject.clone(),
            more => format!("{subject}, and {} before it", more - 1),
        };
        // Whoever reads need not wait for the disk.
        written.flush(&self.repository)?;
        Ok(self.with_store(|store| store.swing(branch, Some(from), &self.commit, &words))?)
    }
}
