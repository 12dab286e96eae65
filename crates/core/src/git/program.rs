//! The user's own git, for what libgit2 does not do: hooks, signatures, filters that are programs.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use git2::{ErrorCode, Oid};

use super::commit::Wanted;
use super::lock::Own;
use super::trees::{self, Folders};
use super::{Git, GitError, Ready};

/// The hooks that a commit runs.
const HOOKS: [&str; 5] =
    ["pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "reference-transaction"];
/// Keys of people whom libgit2 does not look for.
const PEOPLE: [&str; 4] = ["author.name", "author.email", "committer.name", "committer.email"];
/// What makes a pattern a path from the work tree's root.
pub(super) const LITERAL: &str = ":(top,literal)";
/// How often git is asked again where another program holds the lock of the index, and how long to wait before.
const TRIES: usize = 40;
const PAUSE: Duration = Duration::from_millis(50);
/// Variables that would lead git to another repository than the notebook's.
pub(super) const ELSEWHERE: [&str; 8] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
    "GIT_NAMESPACE",
    "GIT_QUARANTINE_PATH",
];

/// What the user's git is needed for where attributes ask for a filter.
pub(super) const FOR_FILTERS: &str = "for the filters that its attributes ask for";

/// Why commits of this repository are made by the user's own git; none where libgit2 does.
pub(super) fn reason(git: &Git) -> Result<Option<&'static str>, GitError> {
    let config = git.repository.config()?.snapshot()?;
    if config.get_bool("commit.gpgsign").unwrap_or(false) {
        return Ok(Some("to sign the commit"));
    }
    if PEOPLE.iter().any(|key| config.get_entry(key).is_ok()) {
        return Ok(Some("because authors and committers are set apart"));
    }
    let folder = match config.get_path("core.hooksPath") {
        // A relative path counts from where hooks run, which is the work tree's root.
        Ok(path) => git.work_tree.join(path),
        Err(error) if error.code() == ErrorCode::NotFound => git.repository.commondir().join("hooks"),
        Err(error) => return Err(error.into()),
    };
    let runs = |hook: &&str| {
        let file = fs::metadata(folder.join(hook));
        file.is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    // Newer versions of git have hooks in their settings, too.
    let is_set = config.entries(Some("^hook\\..*\\.command$"))?.next().is_some();
    Ok((is_set || HOOKS.iter().any(runs)).then_some("to run the hooks"))
}

/// Sees to it that there is a git to be run.
pub(super) fn is_there(reason: &'static str) -> Result<(), GitError> {
    match Command::new("git").arg("--version").stdin(Stdio::null()).output() {
        Ok(output) if output.status.success() => Ok(()),
        _ => Err(GitError::NoProgram(reason)),
    }
}

/// Makes one commit of all that is wanted, and gives its id; none where nothing changes.
pub(super) fn commit(
    ready: Ready<'_>,
    reason: &'static str,
    commits: &[Wanted<'_>],
) -> Result<Option<Oid>, GitError> {
    let git = ready.git;
    let repository = &git.repository;
    let Some(message) = commits.last().map(|commit| &commit.message) else { return Ok(None) };
    let paths = last_states(commits);
    let (mut named, mut new) = (Vec::new(), Vec::new());
    let mut head = Folders::of_head(repository)?;
    let listed = git.listed(reason)?;
    for (path, content) in &paths {
        let is_staged = listed.contains(path.as_bytes());
        if !is_staged && content.is_some() {
            new.push(*path);
        }
        if is_staged || content.is_some() || head.entry(path)?.is_some() {
            named.push(*path);
        }
    }
    let words = Own::new(repository.path(), "message")?;
    (&words.file).write_all(message.as_bytes()).map_err(GitError::at(&words.path))?;
    let before = trees::head(repository)?.map(|commit| commit.id());
    // git takes the lock itself.
    drop(ready);
    if named.is_empty() {
        return Ok(None);
    }
    if !new.is_empty() {
        ask(
            git,
            reason,
            ["add", "--intent-to-add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul"],
            &pathspecs(&new),
        )?;
    }
    let arguments = ["commit", "--only", "--quiet", "--cleanup=verbatim", "--pathspec-from-file=-"];
    let arguments = arguments.into_iter().chain(["--pathspec-file-nul", "--file"]);
    let output =
        start(git, reason, arguments.map(Into::into).chain([words.path.clone()]), &pathspecs(&named))?;
    let after = trees::head(repository)?.map(|commit| commit.id());
    if output.status.success() || after != before {
        return Ok(after.filter(|_| after != before));
    }
    if !new.is_empty() {
        ask(git, reason, ["update-index", "--force-remove", "-z", "--stdin"], &nul(&new))?;
    }
    if changes_nothing(git, &paths)? {
        return Ok(None);
    }
    Err(GitError::Refused(said(&output)))
}

/// The id that the user's git gives a file of these bytes at that path. It may write the blob, too.
pub(super) fn hash(git: &Git, path: &str, bytes: &[u8], write: bool) -> Result<Oid, GitError> {
    let words = ["hash-object", "--stdin", "--path", path].into_iter().chain(write.then_some("-w"));
    let output = ask(git, FOR_FILTERS, words, bytes)?;
    Ok(Oid::from_str(String::from_utf8_lossy(&output).trim())?)
}

/// A blob as it stands on disk at that path.
pub(super) fn on_disk(git: &Git, path: &str, blob: &str) -> Result<Vec<u8>, GitError> {
    ask(git, FOR_FILTERS, ["cat-file", "--filters", "--path", path, blob], &[])
}

/// The values of two attributes for each path, as git says them.
pub(super) fn attributes(git: &Git, paths: &[&str], names: [&str; 2]) -> Result<Vec<[String; 2]>, GitError> {
    let words = ["check-attr", "-z", "--stdin"].into_iter().chain(names);
    let output = ask(git, FOR_FILTERS, words, &nul(paths))?;
    let text = String::from_utf8_lossy(&output);
    // Path, name and value of each.
    let values: Vec<&str> = text.split('\0').skip(2).step_by(3).collect();
    Ok(values.chunks_exact(2).map(|two| [two[0].to_owned(), two[1].to_owned()]).collect())
}

/// Tells git's index of blobs, in the lines of `--index-info`.
pub(super) fn update_index(git: &Git, lines: &[u8]) -> Result<(), GitError> {
    let reason = "to write its index";
    ask(git, reason, ["update-index", "-z", "--index-info"], lines)?;
    // So that the stats are there too. It complains of files that were changed before, which is no news.
    refresh(git)
}

/// Has git look at every file, and write down the stats of those that are unchanged.
pub(super) fn refresh(git: &Git) -> Result<(), GitError> {
    start(git, "to look at files", ["update-index", "-q", "--refresh"].map(PathBuf::from), &[]).map(drop)
}

impl Git {
    /// The paths of all entries of the index.
    fn listed(&self, reason: &'static str) -> Result<HashSet<Vec<u8>>, GitError> {
        let output = ask(self, reason, ["ls-files", "-z"], &[])?;
        Ok(output.split(|byte| *byte == 0).map(<[u8]>::to_vec).collect())
    }
}

/// Each path once, with the last that the commits say of it.
fn last_states<'a>(commits: &'a [Wanted<'a>]) -> Vec<(&'a str, Option<&'a [u8]>)> {
    let states = commits.iter().flat_map(|commit| &commit.files);
    let last: BTreeMap<&str, Option<&[u8]>> =
        states.map(|(path, content)| (path.as_str(), *content)).collect();
    last.into_iter().collect()
}

/// Whether the last commit has all files as they are to be.
fn changes_nothing(git: &Git, states: &[(&str, Option<&[u8]>)]) -> Result<bool, GitError> {
    for (path, content) in states {
        let Some(path) = git.in_notebook(path) else { continue };
        let is_so = match content {
            Some(bytes) => git.is_committed(path, bytes)? == Some(true),
            None => git.head_content(path)?.is_none(),
        };
        if !is_so {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Runs git and gives what it prints; it has to end well.
pub(super) fn ask<'a>(
    git: &Git,
    reason: &'static str,
    words: impl IntoIterator<Item = &'a str>,
    input: &[u8],
) -> Result<Vec<u8>, GitError> {
    let output = start(git, reason, words.into_iter().map(PathBuf::from), input)?;
    if output.status.success() { Ok(output.stdout) } else { Err(GitError::Program(said(&output))) }
}

/// Paths where git would take patterns. Hooks must not see a setting that says so for all of git.
fn pathspecs(paths: &[&str]) -> Vec<u8> {
    paths.iter().flat_map(|path| [LITERAL.as_bytes(), path.as_bytes(), b"\0"].concat()).collect()
}

fn nul(paths: &[&str]) -> Vec<u8> {
    paths.iter().flat_map(|path| path.bytes().chain([0])).collect()
}

/// Runs git in the work tree's root, and again where another program holds the lock that it needs.
fn start(
    git: &Git,
    reason: &'static str,
    arguments: impl IntoIterator<Item = PathBuf>,
    input: &[u8],
) -> Result<Output, GitError> {
    let arguments: Vec<PathBuf> = arguments.into_iter().collect();
    for _ in 0..TRIES {
        let output = start_once(git, reason, &arguments, input)?;
        // Words differ from language to language; a name does not.
        let is_locked = || memchr::memmem::find(&output.stderr, b"index.lock'").is_some();
        if output.status.success() || !is_locked() {
            return Ok(output);
        }
        std::thread::sleep(PAUSE);
    }
    Err(GitError::Locked(git.repository.path().join("index.lock")))
}

/// Runs git once. Its streams are not the user's: no hook reads what was meant for tickler, or prints into its answer.
fn start_once(
    git: &Git,
    reason: &'static str,
    arguments: &[PathBuf],
    input: &[u8],
) -> Result<Output, GitError> {
    let mut command = Command::new("git");
    command.args(arguments).current_dir(&git.work_tree);
    for name in ELSEWHERE {
        command.env_remove(name);
    }
    command.env("GIT_EDITOR", "true").env("GIT_TERMINAL_PROMPT", "0");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::NotFound => GitError::NoProgram(reason),
        _ => GitError::Program(error.to_string()),
    };
    let mut child = command.spawn().map_err(failed)?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(input)));
        child.wait_with_output().map_err(failed)
    })
}

/// What a program said, for people to read.
fn said(output: &Output) -> String {
    let words = [&output.stderr, &output.stdout].map(|text| String::from_utf8_lossy(text).trim().to_owned());
    let words: Vec<String> = words.into_iter().filter(|text| !text.is_empty()).collect();
    if words.is_empty() { format!("it ended with {}", output.status) } else { words.join("\n") }
}
