//! A first copy of a remote: into a folder of our own, from which it is moved when it is whole.

use std::fs;
use std::path::Path;

use super::network::{self, NetworkError};
use super::{GitError, hand_in};

/// A copy that is under way.
pub struct Cloning<'a> {
    /// Where it is made. It may hold what an earlier try came to.
    pub folder: &'a Path,
    /// The remote's address.
    pub address: &'a str,
    /// The user is at a terminal.
    pub may_ask: bool,
}

/// What a remote has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The branch that a copy checks out, by its short name; none where there is no commit at all.
    pub branch: Option<String>,
    /// The name by which the remote merges our work, where it does.
    pub merged_as: Option<String>,
}

impl Cloning<'_> {
    fn run(&self, words: &[&str], progress: &(dyn Fn(u64, u64) + Sync)) -> Result<String, NetworkError> {
        let said = network::run(self.folder, words, self.may_ask, progress)?;
        if said.ok { Ok(said.out) } else { Err(NetworkError::of(&said.words)) }
    }

    /// Makes the repository, with ids and refs that libgit2 can read. What is there already stays.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn begin(&self) -> Result<(), NetworkError> {
        self.run(&["init", "--quiet", "--template=", "."], &|_, _| {})?;
        let of_remote = |key: &str, value: &str| -> Result<(), NetworkError> {
            self.run(&["config", &format!("remote.origin.{key}"), value], &|_, _| {}).map(drop)
        };
        of_remote("url", self.address)?;
        of_remote("fetch", "+refs/heads/*:refs/remotes/origin/*")
    }

    /// Asks the remote what it has.
    ///
    /// # Errors
    /// Where it cannot be reached, does not let us in, or has no such repository.
    pub fn look(&self) -> Result<Found, NetworkError> {
        let words = ["ls-remote", "--symref", "--", "origin", "HEAD", "refs/heads/*", hand_in::ALL];
        let said = self.run(&words, &|_, _| {})?;
        let head = said.lines().find_map(|line| line.strip_prefix("ref: refs/heads/")?.split_once('\t'));
        let names: Vec<&str> =
            said.lines().filter_map(|line| line.split_once("\trefs/heads/")).map(|(_, name)| name).collect();
        let named = head.map(|(name, _)| name).filter(|name| names.contains(name));
        let usual = || ["main", "master"].into_iter().find(|name| names.contains(name));
        let branch = named.or_else(usual).or(names.first().copied()).map(str::to_owned);
        Ok(Found { branch, merged_as: hand_in::name_in(&said) })
    }

    /// Gets all that the remote has. What an earlier try got is not asked for again.
    ///
    /// # Errors
    /// Where the remote cannot be reached.
    pub fn fetch(&self, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<(), NetworkError> {
        let words =
            ["fetch", "--progress", "--no-tags", "--no-recurse-submodules", "--no-auto-gc", "--", "origin"];
        self.run(&words, progress).map(drop)
    }

    /// Writes the files of the branch.
    ///
    /// # Errors
    /// Where the disk says no.
    pub fn check_out(&self, branch: &str, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<(), NetworkError> {
        // A try that was killed may have left its lock.
        let _ = fs::remove_file(self.folder.join(".git/index.lock"));
        let from = format!("refs/remotes/origin/{branch}");
        self.run(&["checkout", "--progress", "--force", "-B", branch, "--track", &from], progress).map(drop)
    }
}

/// Whether the remote at that address has no commit yet.
///
/// # Errors
/// Where it cannot be reached, does not let us in, or has no such repository.
pub fn is_empty(folder: &Path, address: &str, may_ask: bool) -> Result<bool, NetworkError> {
    let said = network::run(folder, &["ls-remote", "--heads", "--", address], may_ask, &|_, _| {})?;
    if said.ok { Ok(said.out.trim().is_empty()) } else { Err(NetworkError::of(&said.words)) }
}

/// Sees to it that git leaves tickler's own folder alone in this clone, whatever the tree says.
///
/// # Errors
/// What the disk says.
pub fn ignore_cache(work_tree: &Path) -> Result<(), GitError> {
    let folder = work_tree.join(".git/info");
    fs::create_dir_all(&folder).map_err(GitError::at(&folder))?;
    let path = folder.join("exclude");
    let text = fs::read_to_string(&path).unwrap_or_default();
    if text.lines().any(|line| line == ".tickler/") {
        return Ok(());
    }
    fs::write(&path, format!("{text}.tickler/\n")).map_err(GitError::at(&path))
}
