//! A server that merges: what is sent to a reference of one's own there, it brings into the branch itself.
//!
//! Such a server shows us one reference, `refs/sync/USER/here`, and takes work at `refs/sync/USER/DEVICE`. The user's
//! name and the device's stand in this clone's own settings, which git never copies.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};

use super::network::{self, NetworkError};
use super::{Git, GitError, Refusal, Remote, remote};

/// What a remote shows to those whose work it merges.
pub(super) const ALL: &str = "refs/sync/*";
/// The only branch that such a server has.
const BRANCH: &str = "main";
/// The device that is the server's own.
const HERE: &str = "/here";

/// What became of work that was sent to be merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandedIn {
    /// The branch there holds it.
    Landed {
        /// Where the branch was before, where the server says so.
        was: Option<String>,
        /// Where it is now.
        now: String,
    },
    /// The server has it, and will merge it later.
    Kept,
    /// The remote has it and says nothing of merging.
    Silent,
    /// Other work is there by the same name.
    Taken,
    /// The remote does not take it.
    Refused(Refusal),
}

impl Git {
    /// The name by which the remote merges our work, as this clone remembers it.
    ///
    /// # Errors
    /// Where the settings cannot be read.
    pub fn merged_as(&self, remote: &Remote) -> Result<Option<String>, GitError> {
        let config = self.repository.config()?.snapshot()?;
        // Another address may be that of another notebook.
        let is_moved = config.get_str(&key(remote, "syncat")).is_ok_and(|at| at != remote.address);
        let name = config.get_str(&key(remote, "sync")).ok().and_then(name);
        Ok(name.filter(|_| remote.branch == BRANCH && !is_moved))
    }

    /// Asks the remote for that name, and remembers what it says.
    ///
    /// # Errors
    /// Where it cannot be reached, or says no.
    pub fn ask_merged_as(&self, remote: &Remote, may_ask: bool) -> Result<Option<String>, NetworkError> {
        let words = ["ls-remote", "--", &remote.name, ALL];
        let said = network::run(&self.work_tree, &words, may_ask, &|_, _| {})?;
        if !said.ok {
            return Err(NetworkError::of(&said.words));
        }
        let name = name_in(&said.out).filter(|_| remote.branch == BRANCH);
        self.note_merged_as(remote, name.as_deref());
        Ok(name)
    }

    /// Remembers that name, or that there is none, for the address that the remote has now.
    pub fn note_merged_as(&self, remote: &Remote, name: Option<&str>) {
        self.remember(&key(remote, "syncat"), &remote.address);
        self.remember(&key(remote, "sync"), name.unwrap_or_default());
    }

    /// Has the server merge a commit into its branch, in that user's name.
    ///
    /// # Errors
    /// Where the remote cannot be reached, or does not let us in.
    pub fn hand_in(
        &self,
        remote: &Remote,
        user: &str,
        commit: &str,
        may_ask: bool,
        progress: &(dyn Fn(u64, u64) + Sync),
    ) -> Result<HandedIn, NetworkError> {
        let place = format!("{commit}:refs/sync/{user}/{}", self.device(remote));
        let said = remote::send(&self.work_tree, remote, &place, &remote::SPARING, may_ask, progress)?;
        match remote::refusal(&said)? {
            None => Ok(answer(&said.words)),
            Some(refusal) if refusal.is_race() => Ok(HandedIn::Taken),
            Some(refusal) => Ok(HandedIn::Refused(refusal)),
        }
    }

    /// Gives this clone another name as a device: a copy of its folder has the one it had.
    pub fn rename_device(&self, remote: &Remote) {
        self.remember(&key(remote, "device"), &random());
    }

    /// This clone's name as a device.
    fn device(&self, remote: &Remote) -> String {
        let config = self.repository.config().and_then(|mut config| config.snapshot());
        let known = config.and_then(|config| config.get_str(&key(remote, "device")).map(str::to_owned));
        let is_name = |name: &String| {
            !name.is_empty() && name.len() <= 40 && name.bytes().all(|b| b.is_ascii_hexdigit())
        };
        known.ok().filter(is_name).unwrap_or_else(|| {
            let fresh = random();
            self.remember(&key(remote, "device"), &fresh);
            fresh
        })
    }

    /// Where settings cannot be written it is asked or drawn anew the next time, which does no harm.
    fn remember(&self, key: &str, value: &str) {
        let config = self.repository.config().and_then(|config| config.open_level(git2::ConfigLevel::Local));
        let _ = config.and_then(|mut config| config.set_str(key, value));
    }
}

fn key(remote: &Remote, what: &str) -> String {
    format!("remote.{}.tickler{what}", remote.name)
}

/// The user whose work the remote merges, of what it shows: exactly one.
pub(super) fn name_in(shown: &str) -> Option<String> {
    let mut names = shown.lines().filter_map(|line| line.split_once("\trefs/sync/")?.1.strip_suffix(HERE));
    let first = names.next().and_then(name)?;
    names.next().is_none().then_some(first)
}

/// A name that may stand in a reference and in a command.
fn name(text: &str) -> Option<String> {
    let is_name = !text.is_empty()
        && !text.starts_with(['-', '.'])
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    is_name.then(|| text.to_owned())
}

/// Twelve digits that no other device has.
fn random() -> String {
    // The standard library seeds its tables from the system's source of chance.
    let number = RandomState::new().build_hasher().finish();
    format!("{:012x}", number >> 16)
}

/// What the server says of work that it took.
fn answer(words: &str) -> HandedIn {
    let said = |before: &str| {
        let mut lines =
            words.lines().filter_map(|line| line.strip_prefix("remote: ")?.trim().strip_prefix(before));
        lines.next_back().map(str::trim)
    };
    let id = |text: &&str| text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit());
    match said("main is now ").filter(id) {
        Some(now) => {
            let was = said("main was ").filter(id).map(str::to_owned);
            HandedIn::Landed { was, now: now.to_owned() }
        }
        None if said("kept;").is_some() => HandedIn::Kept,
        None => HandedIn::Silent,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: &str = "1111111111111111111111111111111111111111";
    const B: &str = "2222222222222222222222222222222222222222";

    #[test]
    fn a_server_is_known_by_what_it_shows() {
        for (shown, known) in [
            ("", None),
            ("1\tHEAD\n1\trefs/heads/main\n1\trefs/sync/pat/here\n", Some("pat")),
            ("1\trefs/sync/pat/here", Some("pat")),
            ("1\trefs/sync/p.at-2_x/here", Some("p.at-2_x")),
            // Not what somebody sent to a plain host.
            ("1\trefs/sync/pat/0123456789ab\n", None),
            // Whose is it?
            ("1\trefs/sync/pat/here\n1\trefs/sync/sam/here\n", None),
            ("1\trefs/sync/a/b/here\n", None),
            ("1\trefs/sync/--force/here\n", None),
            ("1\trefs/sync//here\n", None),
            ("1\trefs/heads/sync/pat/here\n", None),
        ] {
            assert_eq!(name_in(shown).as_deref(), known, "{shown:?}");
        }
    }

    #[test]
    fn the_answer_is_read_from_the_words() {
        let landed = |was: Option<&str>| HandedIn::Landed { was: was.map(str::to_owned), now: B.to_owned() };
        for (words, said) in [
            (format!("remote: main is now {B}        \nTo http://h/x\n"), landed(None)),
            (format!("remote: main was {A}\nremote: main is now {B}\n"), landed(Some(A))),
            // The last word counts.
            (format!("remote: main is now {A}\nremote: main is now {B}\n"), landed(None)),
            ("remote: kept; it will be merged in a moment\n".to_owned(), HandedIn::Kept),
            (String::new(), HandedIn::Silent),
            ("remote: main is now elsewhere\n".to_owned(), HandedIn::Silent),
            // Only the remote may say it.
            (format!("main is now {B}\n"), HandedIn::Silent),
        ] {
            assert_eq!(answer(&words), said, "{words:?}");
        }
    }

    #[test]
    fn devices_have_names_of_their_own() {
        let names: std::collections::BTreeSet<String> = (0..100).map(|_| random()).collect();
        assert_eq!(names.len(), 100);
        assert!(names.iter().all(|name| name.len() == 12 && name.bytes().all(|b| b.is_ascii_hexdigit())));
    }
}
