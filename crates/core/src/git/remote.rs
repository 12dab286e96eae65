//! The remote that a branch follows: asking it for what is new, and sending what it lacks.

use std::fs;
use std::path::{Path, PathBuf};

use git2::ErrorCode;

use super::network::{self, NetworkError, Said, without_password};
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
    /// The remote does not take it.
    Refused(Refusal),
}

/// Why a remote does not take what was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// As git names it: `pre-receive hook declined`.
    pub why: String,
    /// What the remote says itself, line by line.
    pub said: Vec<String>,
}

impl Refusal {
    /// Whether somebody else's push came between.
    pub(super) fn is_race(&self) -> bool {
        const RACES: [&str; 7] = [
            "fetch first",
            "non-fast-forward",
            "cannot lock ref",
            "failed to update ref",
            "incorrect old value",
            "reference already exists",
            "stale info",
        ];
        RACES.iter().any(|race| self.why.contains(race))
    }

    /// Whether the remote looked at what was sent and found fault with that.
    pub fn is_by_hook(&self) -> bool {
        // A server of ours also declines what is too large while it still comes in.
        ["hook declined", "push declined"].iter().any(|word| self.why.contains(word))
    }

    /// Whether it says where the fault is: `contacts/jane.md:3:9: …`.
    pub fn names_a_place(&self) -> bool {
        let is_number = |part: Option<&str>| {
            part.is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        };
        self.said.iter().any(|line| {
            let mut parts = line.split(':').skip(1);
            is_number(parts.next()) && is_number(parts.next()) && parts.next().is_some()
        })
    }

    /// All of it in one line.
    pub fn in_a_line(&self) -> String {
        [std::slice::from_ref(&self.why), self.said.as_slice()].concat().join("; ")
    }
}

impl Pushed {
    /// What `git push --porcelain` of one branch came to.
    ///
    /// # Errors
    /// Where the remote cannot be reached, or does not let us in.
    pub fn of(said: &Said) -> Result<Pushed, NetworkError> {
        Ok(match refusal(said)? {
            None => Pushed::Done,
            Some(refusal) if refusal.is_race() => Pushed::Late,
            Some(refusal) => Pushed::Refused(refusal),
        })
    }
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
    /// `is_known` says that the remote is a server that merges.
    pub fn fetching(&self, remote: &Remote, is_known: bool) -> Fetching {
        let branch = format!("+refs/heads/{}:{}", remote.branch, remote.tracking());
        Fetching { folder: self.work_tree.clone(), remote: remote.name.clone(), branch, is_known }
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
        Pushed::of(&send(&self.work_tree, remote, &branch, &[], may_ask, progress)?)
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

/// How git is to talk to a server that merges, to need fewer requests. It shows hardly a reference but the branch, so the
/// older protocol has them all in the first answer; and it always asks who we are, so that is told at once. The latter
/// is for git 2.46 and newer, and others take no notice.
pub(super) const SPARING: [&str; 4] = ["-c", "protocol.version=0", "-c", "http.proactiveAuth=basic"];

/// How often a fetch that met another one is tried again, and after how long.
const MEETINGS: u32 = 10;
const MEETING: std::time::Duration = std::time::Duration::from_millis(50);

/// A fetch of one branch.
pub struct Fetching {
    folder: PathBuf,
    remote: String,
    branch: String,
    is_known: bool,
}

/// Sends what `what` says, `FROM:TO`, with these settings of git's. Never by force.
pub(super) fn send(
    folder: &Path,
    remote: &Remote,
    what: &str,
    ways: &[&str],
    may_ask: bool,
    progress: &(dyn Fn(u64, u64) + Sync),
) -> Result<Said, NetworkError> {
    let words = ["push", "--porcelain", "--progress", "--no-recurse-submodules", "--", &remote.name, what];
    network::run(folder, &[ways, &words].concat(), may_ask, progress)
}

/// Why what was sent was not taken; none where it was.
///
/// # Errors
/// Where it did not come to that.
pub(super) fn refusal(said: &Said) -> Result<Option<Refusal>, NetworkError> {
    if said.ok {
        return Ok(None);
    }
    // `!<tab>from:to<tab>[remote rejected] (why)`
    let Some(line) = said.out.lines().find(|line| line.starts_with('!')) else {
        return Err(NetworkError::of(&said.words));
    };
    let why = line.rsplit('\t').next().unwrap_or(line);
    let why = why.rsplit_once('(').map_or(why, |(_, why)| why.trim_end_matches(')'));
    let remarks = said.words.lines().filter_map(|line| line.strip_prefix("remote: ")).map(str::trim);
    let remarks = remarks.filter(|line| !line.is_empty()).map(without_password).collect();
    Ok(Some(Refusal { why: without_password(why), said: remarks }))
}

impl Fetching {
    /// Fetches. False where the remote has no such branch; else [`Remote::tracking`] is where it is there.
    ///
    /// # Errors
    /// Where the remote cannot be reached, or says no.
    pub fn run(&self, may_ask: bool, progress: &(dyn Fn(u64, u64) + Sync)) -> Result<bool, NetworkError> {
        let ways: &[&str] = if self.is_known { &SPARING } else { &[] };
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
        let words = [ways, &words].concat();
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

#[cfg(test)]
mod tests {
    use super::*;

    fn of(out: &str, words: &str) -> Refusal {
        let said = Said { ok: false, out: out.to_owned(), words: words.to_owned() };
        refusal(&said).unwrap().unwrap()
    }

    #[test]
    fn refusals_are_told_apart() {
        let line = |why: &str| format!("To http://h/x\n!\t1:refs/heads/main\t{why}\nDone\n");
        let place =
            "remote: contacts/x.md:3:9: this is no date        \nremote:  and one more\nTo http://h/x\n";
        for (why, words, race, hook, place) in [
            ("[rejected] (fetch first)", "", true, false, false),
            ("[rejected] (non-fast-forward)", "", true, false, false),
            ("[remote rejected] (reference already exists)", "", true, false, false),
            ("[remote rejected] (failed to update ref)", "", true, false, false),
            ("[remote rejected] (pre-receive hook declined)", "remote: closed: today\n", false, true, false),
            ("[remote rejected] (pre-receive hook declined)", place, false, true, true),
            ("[remote rejected] (push declined: too large)", "remote: a file of 1 GiB\n", false, true, false),
            ("[remote rejected] (deny updating a hidden ref)", "", false, false, false),
        ] {
            let refusal = of(&line(why), words);
            let told = (refusal.is_race(), refusal.is_by_hook(), refusal.names_a_place());
            assert_eq!(told, (race, hook, place), "{why} {words}");
        }
        let refusal = of(&line("[remote rejected] (pre-receive hook declined)"), place);
        assert_eq!(refusal.said, ["contacts/x.md:3:9: this is no date", "and one more"]);
        assert_eq!(
            refusal.in_a_line(),
            "pre-receive hook declined; contacts/x.md:3:9: this is no date; and one more"
        );
    }

    #[test]
    fn what_was_never_answered_is_no_refusal() {
        let said = Said { ok: false, out: String::new(), words: "fatal: Authentication failed\n".to_owned() };
        assert_eq!(refusal(&said), Err(NetworkError::Denied("Authentication failed".to_owned())));
        assert_eq!(refusal(&Said { ok: true, ..said }), Ok(None));
    }
}
