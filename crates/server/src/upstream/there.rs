//! What an upstream says: which branch it has and where that is, what is new there, and what became of a push.

use std::path::Path;
use std::time::Duration;

use tickler_core::git::{NetworkError, Pushed, Refusal, Said};

use super::child;
use super::{INCOMING, Upstream, address};

/// How long a look may take.
const LOOK: Duration = Duration::from_secs(60);
/// How long a fetch or a push may take.
const MOVE: Duration = Duration::from_secs(15 * 60);

/// What an upstream has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct There {
    /// The short name of the branch that is shared.
    pub branch: String,
    /// Where it is; none where there is no such branch yet.
    pub tip: Option<String>,
    /// Where a tickler server takes work to be merged: `refs/sync/USER`. None on any other host.
    pub place: Option<String>,
}

/// The way to an upstream.
pub struct Way<'a> {
    git: &'a Path,
    upstream: &'a Upstream,
    header: Option<(String, String)>,
}

impl Way<'_> {
    /// The way, with the secret as its file has it now.
    ///
    /// # Errors
    /// Where that file cannot be read.
    pub fn new<'a>(git: &'a Path, upstream: &'a Upstream) -> Result<Way<'a>, String> {
        let token = upstream.token_file.as_deref().map(address::secret_in).transpose();
        let token = token
            .map_err(|failure| failure.to_string().trim_start_matches("error: ").replace("\n  hint:", ":"))?;
        Ok(Way { git, upstream, header: upstream.address.header(token.as_deref()) })
    }

    async fn run(&self, words: &[&str], patience: Duration) -> Said {
        child::run(self.git, &self.upstream.repository, self.header.as_ref(), words, patience).await
    }

    /// Looks at what it has.
    ///
    /// # Errors
    /// Where it cannot be reached, does not let us in, or has no such repository.
    pub async fn look(&self) -> Result<There, NetworkError> {
        let branch = self.upstream.branch.as_deref();
        let heads = branch.map_or("refs/heads/*".to_owned(), |branch| format!("refs/heads/{branch}"));
        let words =
            ["ls-remote", "--symref", "--", self.upstream.address.plain(), "HEAD", &heads, "refs/sync/*"];
        let said = self.run(&words, LOOK).await;
        if said.ok { Ok(There::of(&said.out, branch)) } else { Err(NetworkError::of(&said.words)) }
    }

    /// Fetches the branch into [`INCOMING`].
    ///
    /// # Errors
    /// As [`Way::look`].
    pub async fn fetch(&self, there: &There) -> Result<(), NetworkError> {
        let branch = format!("+refs/heads/{}:{INCOMING}", there.branch);
        let words = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-recurse-submodules",
            "--no-auto-gc",
            "--no-write-fetch-head",
            "--",
            self.upstream.address.plain(),
            &branch,
        ];
        let said = self.run(&words, MOVE).await;
        if said.ok { Ok(()) } else { Err(NetworkError::of(&said.words)) }
    }

    /// Sends a commit to a ref there, never by force. Where a tickler server merged it, says where its branch is now.
    ///
    /// # Errors
    /// As [`Way::look`].
    pub async fn push(&self, commit: &str, to: &str) -> Result<(Pushed, Option<String>), NetworkError> {
        let refs = format!("{commit}:{to}");
        let words =
            ["push", "--porcelain", "--no-recurse-submodules", "--", self.upstream.address.plain(), &refs];
        let said = self.run(&words, MOVE).await;
        let is_cut = |refusal: &Refusal| {
            ["failed to report status", "hung up"].iter().any(|words| refusal.why.contains(words))
        };
        match Pushed::of(&said)? {
            // Whether it arrived shows at the next look.
            Pushed::Refused(refusal) if is_cut(&refusal) => Err(NetworkError::Unreachable(refusal.why)),
            pushed => Ok((pushed, is_now(&said.words))),
        }
    }
}

impl There {
    /// Reads what `git ls-remote --symref` prints. `branch` is the one that the settings name.
    fn of(out: &str, branch: Option<&str>) -> There {
        let head = out.lines().find_map(|line| line.strip_prefix("ref: refs/heads/")?.strip_suffix("\tHEAD"));
        let branch = branch.or(head).unwrap_or("main").to_owned();
        let name = format!("refs/heads/{branch}");
        let refs = || out.lines().filter_map(|line| line.split_once('\t'));
        let tip = refs().find(|(_, reference)| *reference == name).map(|(commit, _)| commit.to_owned());
        // A tickler server shows each of its users one such ref, and no other server has any.
        let place = refs().find_map(|(_, reference)| {
            let user = reference.strip_prefix("refs/sync/")?.strip_suffix("/here")?;
            (!user.contains('/')).then(|| format!("refs/sync/{user}"))
        });
        // Its branch has one name only.
        let place = place.filter(|_| branch == "main");
        There { branch, tip, place }
    }
}

/// The commit of `remote: main is now 0123…`.
fn is_now(words: &str) -> Option<String> {
    let id = words.lines().find_map(|line| line.trim().strip_prefix("remote: main is now "))?.trim();
    (id.len() == 40 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_upstream_has_is_read() {
        let of = |out: &str, branch| {
            let There { branch, tip, place } = There::of(out, branch);
            (branch, tip.unwrap_or_default(), place.unwrap_or_default())
        };
        let row =
            |branch: &str, tip: &str, place: &str| (branch.to_owned(), tip.to_owned(), place.to_owned());
        let forge = "ref: refs/heads/trunk\tHEAD\n22\tHEAD\n11\trefs/heads/main\n22\trefs/heads/trunk\n";
        let tickler = "ref: refs/heads/main\tHEAD\n11\tHEAD\n11\trefs/heads/main\n10\trefs/sync/pat/here\n";
        let other = "11\trefs/heads/main\n10\trefs/sync/pat/phone\n10\trefs/sync/a/b/here\n";
        for (out, branch, read) in [
            (forge, None, row("trunk", "22", "")),
            (forge, Some("main"), row("main", "11", "")),
            (forge, Some("new"), row("new", "", "")),
            (tickler, None, row("main", "11", "refs/sync/pat")),
            (other, None, row("main", "11", "")),
            ("", None, row("main", "", "")),
        ] {
            assert_eq!(of(out, branch), read, "{out}");
        }
    }

    #[test]
    fn a_server_says_where_its_branch_is() {
        let id = "0123456789abcdef0123456789abcdef01234567";
        for (words, read) in [
            (format!("remote: main is now {id}        \nTo http://h/x\n"), Some(id)),
            ("remote: main is now here\n".to_owned(), None),
            ("remote: kept; it will be merged in a moment\n".to_owned(), None),
        ] {
            assert_eq!(is_now(&words).as_deref(), read, "{words}");
        }
    }
}
