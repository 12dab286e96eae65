//! What must be so before anything of a remote is taken: it has what it had, it is of this notebook, and we can read it.

use super::round::{Run, offline};
use super::{Outcome, SyncError};
use crate::file::{self, SettingsError};
use crate::git::Remote;
use crate::notebook::SETTINGS_FILE;

impl Run<'_> {
    /// Whether what is at the remote is not to be merged without a word.
    pub(super) fn reason_to_stop(
        &self,
        remote: &Remote,
        seen: Option<&str>,
        theirs: Option<&str>,
    ) -> Result<Option<Outcome>, SyncError> {
        let stopped = |why: String, hint: &str| Ok(Some(Outcome::Stopped { why, hint: hint.to_owned() }));
        let adopt = "nothing was changed here; look at it, then `tickler sync --adopt` merges what both have";
        let Some(theirs) = theirs else {
            if self.options.adopt {
                return Ok(None);
            }
            if seen.is_some() {
                let why = format!("the branch \"{}\" is gone from {}", remote.branch, remote.address);
                return stopped(why, "`tickler sync --adopt` puts it there again");
            }
            let branches = match self.git.branches_of(remote, self.watch.may_ask) {
                Ok(branches) => branches,
                Err(error) => return Ok(Some(offline(&error))),
            };
            if branches.is_empty() {
                return Ok(None);
            }
            let why = format!(
                "{} has no branch \"{}\", but {}",
                remote.address,
                remote.branch,
                branches.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
            );
            return stopped(
                why,
                "git branch -m, to give yours the same name; or `tickler sync --adopt`, to add it there",
            );
        };
        if let Some(found) = self.newer_format(theirs)? {
            let why = format!(
                "what is at {} is of format {found}, which is newer than this tickler",
                remote.address
            );
            return stopped(why, "install a newer tickler; what you did is committed and waits");
        }
        if self.options.adopt {
            return Ok(None);
        }
        // What a server says that it merged, it has as well.
        for had in [seen, self.server.landed.as_deref()].into_iter().flatten() {
            if !self.git.holds(theirs, had)? {
                let why = format!(
                    "{} lacks what it had: it was put back, or its history rewritten",
                    remote.address
                );
                return stopped(why, adopt);
            }
        }
        if self.is_unrelated(theirs)? {
            let why = format!("{} holds another notebook: the two have no history in common", remote.address);
            return stopped(why, adopt);
        }
        Ok(None)
    }

    /// Whether it has no commit in common with ours, or had none before our work was merged into it.
    fn is_unrelated(&self, theirs: &str) -> Result<bool, SyncError> {
        let Some(ours) = self.git.tip()? else { return Ok(false) };
        let befores = self.landings(Some(&ours), theirs)?;
        for theirs in befores.iter().map(String::as_str).chain([theirs]) {
            if self.git.merge_bases(&ours, theirs)?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The format of the settings there, where this program does not know it.
    fn newer_format(&self, theirs: &str) -> Result<Option<u32>, SyncError> {
        let path = format!("{}{SETTINGS_FILE}", self.git.prefix());
        let Some(file) = self.git.file_in(&self.git.tree_of(theirs)?, &path)? else { return Ok(None) };
        let bytes = self.git.blob(file.id)?;
        let Ok(text) = std::str::from_utf8(&bytes) else { return Ok(None) };
        Ok(match file::parse_settings(text) {
            Err(SettingsError::Newer(newer)) => Some(newer.0),
            _ => None,
        })
    }
}
