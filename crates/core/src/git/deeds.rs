//! What may be taken back: the deeds of history that still stand, and what was built on a file since.

use std::collections::HashSet;

use git2::Oid;

use super::{Git, GitError, Record, trees};

/// How many commits are looked at first; where that is not enough, four times as many, and so on.
const FIRST_LOOK: usize = 64;

/// The full ids of those commits that a later one of `records` takes back, and that nothing brought back since.
/// `records` are in the order of [`Git::history`], the newest first.
pub fn taken_back(records: &[Record]) -> HashSet<String> {
    let mut gone = HashSet::new();
    for record in records {
        // What a commit took back stands again where that commit is itself taken back.
        if !gone.contains(&record.id) {
            gone.extend(record.undoes.iter().cloned());
        }
    }
    gone
}

impl Git {
    /// The address that a commit made now would have as its author's.
    ///
    /// # Errors
    /// Where git does not know who the user is.
    pub fn author_email(&self) -> Result<String, GitError> {
        let author = self.repository.author_from_env().map_err(|_| GitError::NoIdentity)?;
        Ok(String::from_utf8_lossy(author.email_bytes()).into_owned())
    }

    /// The newest `most` deeds of the notebook that `wanted` says yes to. Undone ones and those that undo are none.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn standing(&self, most: usize, wanted: impl Fn(&Record) -> bool) -> Result<Vec<Record>, GitError> {
        let mut look = FIRST_LOOK;
        loop {
            let records = self.history(None, Some(look))?;
            let is_all = records.len() < look;
            let gone = taken_back(&records);
            let stands = |record: &Record| {
                record.verb.is_some()
                    && record.undoes.is_empty()
                    && !gone.contains(&record.id)
                    && wanted(record)
            };
            let found: Vec<Record> = records.into_iter().filter(stands).take(most).collect();
            if found.len() == most || is_all {
                return Ok(found);
            }
            look = look.saturating_mul(4);
        }
    }

    /// The commit that took this one back, where it is taken back.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn taken_back_by(&self, id: &str) -> Result<Option<Record>, GitError> {
        let mut later = self.until(None, id)?;
        let gone = taken_back(&later);
        later.retain(|record| !gone.contains(&record.id) && record.undoes.iter().any(|undone| undone == id));
        Ok(later.into_iter().next())
    }

    /// The commits that changed the file, or the notebook, after the commit of that full id; the newest first.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn until(&self, path: Option<&str>, id: &str) -> Result<Vec<Record>, GitError> {
        let mut look = FIRST_LOOK;
        loop {
            let mut records = self.history(path, Some(look))?;
            let is_all = records.len() < look;
            if let Some(at) = records.iter().position(|record| record.id == id) {
                records.truncate(at);
                return Ok(records);
            }
            if is_all {
                return Ok(records);
            }
            look = look.saturating_mul(4);
        }
    }

    /// Whether the commit of that full id is one of those that led to what is checked out.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn is_reached(&self, id: &str) -> Result<bool, GitError> {
        let Some(head) = trees::head(&self.repository)? else { return Ok(false) };
        let id = Oid::from_str(id)?;
        Ok(head.id() == id || self.repository.graph_descendant_of(head.id(), id)?)
    }

    /// The path, from the notebook's root, that the newest commit has for a file of that name which may be gone;
    /// `fits` is asked of each path.
    ///
    /// # Errors
    /// What libgit2 says.
    pub fn last_path(&self, fits: impl Fn(&str) -> bool) -> Result<Option<String>, GitError> {
        for record in self.history(None, None)? {
            if let Some(path) = self.paths_of(&record.id)?.into_iter().find(|path| fits(path)) {
                return Ok(Some(path));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: &str, undoes: &[&str]) -> Record {
        Record {
            id: id.to_owned(),
            short: id.to_owned(),
            when: Default::default(),
            author: String::new(),
            email: String::new(),
            subject: String::new(),
            verb: Some("log".to_owned()),
            via: None,
            undoes: undoes.iter().map(|id| (*id).to_owned()).collect(),
            path: None,
        }
    }

    #[test]
    fn what_took_back_may_be_taken_back() {
        for (newest_first, gone) in [
            (&[("a", &[] as &[&str])] as &[(&str, &[&str])], &[] as &[&str]),
            (&[("u", &["a"]), ("a", &[])], &["a"]),
            (&[("u", &["b", "a"]), ("b", &[]), ("a", &[])], &["a", "b"]),
            (&[("r", &["u"]), ("u", &["a"]), ("a", &[])], &["u"]),
            (&[("v", &["r"]), ("r", &["u"]), ("u", &["a"]), ("a", &[])], &["a", "r"]),
            (&[("v", &["a"]), ("r", &["u"]), ("u", &["a"]), ("a", &[])], &["a", "u"]),
        ] {
            let records: Vec<Record> = newest_first.iter().map(|(id, undoes)| record(id, undoes)).collect();
            let mut found: Vec<String> = taken_back(&records).into_iter().collect();
            found.sort();
            assert_eq!(found, gone, "{newest_first:?}");
        }
    }
}
