//! What a repository that stands on a server keeps for itself: settings of its own, references that nobody else sees.

use chrono::{DateTime, Utc};
use git2::{ConfigLevel, ErrorCode, Oid};

use super::joint::Person;
use super::{GitError, Store};

impl Store {
    /// A setting of this repository itself, not of its user or system; none where it is not set.
    ///
    /// # Errors
    /// Where the settings cannot be read.
    pub fn own_setting(&self, key: &str) -> Result<Option<String>, GitError> {
        let own = self.repository.config()?.open_level(ConfigLevel::Local)?;
        match own.get_string(key) {
            Ok(value) => Ok(Some(value)),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Sets it.
    ///
    /// # Errors
    /// Where the settings cannot be written.
    pub fn set_own_setting(&self, key: &str, value: &str) -> Result<(), GitError> {
        Ok(self.repository.config()?.open_level(ConfigLevel::Local)?.set_str(key, value)?)
    }

    /// Takes a reference away, wherever it leads. It may be gone already.
    ///
    /// # Errors
    /// [`GitError::Moved`] where somebody is at it; what the disk says.
    pub fn drop_reference(&self, reference: &str) -> Result<(), GitError> {
        match self.commit_at(reference)? {
            Some(commit) => self.forget(reference, &commit),
            None => Ok(()),
        }
    }

    /// Who committed a commit, as far as it says so.
    ///
    /// # Errors
    /// Where there is no such commit.
    pub fn committer(&self, commit: &str) -> Result<Person, GitError> {
        let commit = self.repository.find_commit(Oid::from_str(commit)?)?;
        let committer = commit.committer();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Person { name: text(committer.name_bytes()), email: text(committer.email_bytes()) })
    }

    /// When a commit was made. What no calendar has is the beginning of 1970.
    ///
    /// # Errors
    /// Where there is no such commit.
    pub fn committed(&self, commit: &str) -> Result<DateTime<Utc>, GitError> {
        let commit = self.repository.find_commit(Oid::from_str(commit)?)?;
        Ok(DateTime::from_timestamp(commit.committer().when().seconds(), 0).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_keeps_things_for_itself() {
        let folder = std::env::temp_dir().join(format!("tickler-own-{}.git", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let store = Store::create(&folder).unwrap();
        assert_eq!(store.own_setting("tickler.device").unwrap(), None);
        store.set_own_setting("tickler.device", "server-1").unwrap();
        assert_eq!(store.own_setting("tickler.device").unwrap().as_deref(), Some("server-1"));

        let tree = store.write_tree(None, &std::collections::BTreeMap::new()).unwrap();
        let person = |name: &str| Person { name: name.to_owned(), email: format!("{name}@h.example") };
        let commit = store.write_commit_as(&tree, &[], (&person("a"), &person("c")), "one\n").unwrap();
        assert_eq!(store.committer(&commit).unwrap(), person("c"));
        let age = Utc::now() - store.committed(&commit).unwrap();
        assert!((-1..60).contains(&age.num_seconds()), "{age}");
        store.drop_reference("refs/own/x").unwrap();
        store.point("refs/own/x", &commit).unwrap();
        store.drop_reference("refs/own/x").unwrap();
        assert_eq!(store.commit_at("refs/own/x").unwrap(), None);
        let _ = std::fs::remove_dir_all(&folder);
    }
}
