//! The remote that a branch follows: asking it for what is new, and sending what it lacks.

use std::fs;
use std::path::PathBuf;

use git2::ErrorCode;

use super::network::{self, NetworkError, without_password};
use super::{Git, GitError, ready};

/// A remote, and the branch there that ours follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remote {
    /// Its name, such as `origin`.
    pub name: String,
    /// Its address, without a password.
    pub address: String,
    /// The short name of the branch there.
    pub branch: String,
    /// Whether our branch is told to follow it.
    pub is_followed: bool,
}

impl Remote {
    /// Where the branch there was when it was last looked at.
    pub fn tracking(&self) -> String {
        format!("refs/remotes/{}/{}", self.name, self.branch)
    }

    /// Where the branch there was when all was last shared with it.
    pub fn shared(&self) -> String {
        format!("refs/tickler/{}/{}", self.name, self.branch)
    }
}

/// What became of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pushed {
    /// The branch there is where ours is.
    Done,
    /// Somebody was quicker.
    Late,
    /// The remote does not take it. These are its words.
    Refused(String),
}

impl Git {
    /// The remote that the branch follows; else `origin`, else the only one.
    ///
    /// # Errors
    /// Where there are several and none is followed; where no branch is checked out.
    pub fn remote(&self) -> Result<Option<Remote>, GitError> {
        let repository = &self.repository;
        let ours = ready::branch(repository)?;
        let ours = ours.strip_prefix("refs/heads/").unwrap_or(&ours);
        let config = repository.config()?.snapshot()?;
        let followed = config.get_str(&format!("branch.{ours}.remote")).ok().filter(|name| *name != ".");
        let names = repository.remotes()?;
        let names: Vec<&str> = names.iter().filter_map(|name| name.ok().flatten()).collect();
        let name = match (followed, names.as_slice()) {
            (Some(followed), _) => followed,
            (None, []) => return Ok(None),
            (None, [one]) => one,
            (None, several) => match several.iter().find(|name| **name == "origin") {
                Some(origin) => origin,
                None => return Err(GitError::Remotes(several.join(", "))),
            },
        };
        let address = match repository.find_remote(name) {
            Ok(remote) => String::from_utf8_lossy(remote.url_bytes()).into_owned(),
            // The setting may be an address itself.
            Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => {
                return Ok(None);
            }
            Err(error) => return Err(error.into()),
        };
        let branch = config.get_str(&format!("branch.{ours}.merge")).ok();
        let branch = branch.filter(|_| followed.is_some()).and_then(|name| name.strip_prefix("refs/heads/"));
        Ok(Some(Remote {
            name: name.to_owned(),
            address: without_password(&address),
            is_followed: branch.is_some(),
            branch: branch.unwrap_or(ours).to_owned(),
        }))
    }

    /// Asking the remote where its branch is and getting what is new there, which may go on while other things do.
    pub fn fetching(&self, remote: &Remote) -> Fetching {
        let branch = format!("+refs/heads/{}:{}", remote.branch, remote.tracking());
        Fetching { folder: self.work_tree.clone(), remote: remote.name.clone(), branch }
    }

    /// The short names of the branches that the remote has.
    ///
    /// # Errors
    /// Where it cannot be reached, or says no.
    pub fn branches_of(&self, remote: &Remote, may_ask: bool) -> Result<Vec<String>, NetworkError> {
        let words = ["ls-remote", "--heads", "--", &remote.name];
        let said = network::run(&self.work_tree, &words, may_ask, &|_, _| {})?;
        if !said.ok {
            return Err(NetworkError::of(&said.words));
        }
        let name = |line: &str| line.split_once("refs/heads/").map(|(_, name)| name.to_owned());
        Ok(said.out.lines().filter_map(name).collect())
    }

    /// Sends a commit, which becomes the branch's last there. Never by force.
    ///
    /// # Errors
    /// Where the remote cannot be reached, or does not let us in.
    pub fn push(
        &self,
        remote: &Remote,
        commit: &str,
        may_ask: bool,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<Pushed, NetworkError> {
        let branch = format!("{commit}:refs/heads/{}", remote.branch);
        let words =
            ["push", "--porcelain", "--progress", "--no-recurse-submodules", "--", &remote.name, &branch];
        let said = network::run(&self.work_tree, &words, may_ask, progress)?;
        if said.ok {
            return Ok(Pushed::Done);
        }
        // `!<tab>from:to<tab>[remote rejected] (why)`
        let Some(line) = said.out.lines().find(|line| line.starts_with('!')) else {
            return Err(NetworkError::of(&said.words));
        };
        const RACES: [&str; 6] = [
            "fetch first",
            "non-fast-forward",
            "cannot lock ref",
            "failed to update ref",
            "incorrect old value",
            "stale info",
        ];
        if RACES.iter().any(|race| line.contains(race)) {
            return Ok(Pushed::Late);
        }
        let why = line.rsplit('\t').next().unwrap_or(line);
        let why = why.rsplit_once('(').map_or(why, |(_, why)| why.trim_end_matches(')'));
        let remarks: Vec<&str> =
            said.words.lines().filter_map(|line| line.strip_prefix("remote: ")).map(str::trim).collect();
        let why = [&[why], remarks.as_slice()].concat().join("; ");
        Ok(Pushed::Refused(without_password(&why)))
    }

    /// Tells the branch to follow the remote's, so that plain `git pull` and `git push` know.
    ///
    /// # Errors
    /// Where the settings cannot be written.
    pub fn follow(&self, remote: &Remote) -> Result<(), GitError> {
        let ours = ready::branch(&self.repository)?;
        let ours = ours.strip_prefix("refs/heads/").unwrap_or(&ours);
        let mut config = self.repository.config()?.open_level(git2::ConfigLevel::Local)?;
        config.set_str(&format!("branch.{ours}.remote"), &remote.name)?;
        config.set_str(&format!("branch.{ours}.merge"), &format!("refs/heads/{}", remote.branch))?;
        Ok(())
    }

    /// Gives the repository its remote `origin`.
    ///
    /// # Errors
    /// Where it has one of that name with another address, or the settings cannot be written.
    pub fn add_remote(&self, address: &str) -> Result<(), GitError> {
        match self.repository.find_remote("origin") {
            Ok(remote) if remote.url_bytes() == address.as_bytes() => Ok(()),
            Ok(remote) => {
                let there = String::from_utf8_lossy(remote.url_bytes()).into_owned();
                Err(GitError::OtherRemote(without_password(&there)))
            }
            Err(_) => Ok(self.repository.remote("origin", address).map(drop)?),
        }
    }

    /// Lets the user's git tidy up if there is need: many small files become few.
    pub fn maintain(&self) {
        // git does so at 6,700 loose objects, and guesses how many there are by those in one of 256 folders.
        const ENOUGH: usize = 27;
        let folder = self.repository.commondir().join("objects/17");
        if fs::read_dir(folder).map_or(0, Iterator::count) < ENOUGH {
            return;
        }
        let _ = network::run(&self.work_tree, &["gc", "--auto", "--quiet"], false, &|_, _| {});
    }
}

/// How often a fetch that met another one is tried again, and after how long.
const MEETINGS: u32 = 10;
const MEETING: std::time::Duration = std::time::Duration::from_millis(50);

/// A fetch of one branch.
pub struct Fetching {
    folder: PathBuf,
    remote: String,
    branch: String,
}

impl Fetching {
    /// Fetches. False where the remote has no such branch; else [`Remote::tracking`] is where it is there.
    ///
    /// # Errors
    /// Where the remote cannot be reached, or says no.
    pub fn run(&self, may_ask: bool, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<bool, NetworkError> {
        let words = [
            "fetch",
            "--progress",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-auto-gc",
            "--no-write-fetch-head",
            "--",
            &self.remote,
            &self.branch,
        ];
        let mut said = network::run(&self.folder, &words, may_ask, progress)?;
        // A fetch that a killed sync began may still be at work, and move the same branch.
        for _ in 0..MEETINGS {
            if said.ok || !said.words.contains("cannot lock ref") {
                break;
            }
            std::thread::sleep(MEETING);
            said = network::run(&self.folder, &words, may_ask, progress)?;
        }
        match said.ok {
            false if said.words.contains("couldn't find remote ref") => Ok(false),
            false => Err(NetworkError::of(&said.words)),
            true => Ok(true),
        }
    }
}
