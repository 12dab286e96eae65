//! The program git, as the commands and the upkeep run it: found, new enough, and with an environment of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::failure::Failure;
use crate::git_http::harden;

/// The oldest version that has all that is asked of it.
const OLDEST: (u32, u32) = (2, 34);

/// The program `git`.
///
/// # Errors
/// Where there is none, or an old one.
pub fn find() -> Result<PathBuf, Failure> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let program =
        std::env::split_paths(&path).map(|folder| folder.join("git")).find(|program| program.is_file());
    let Some(program) = program else {
        return Err(
            Failure::new("the program \"git\" is not there").hint("install git, or put it on the PATH")
        );
    };
    let output = Command::new(&program).arg("--version").stdin(Stdio::null()).output();
    let output =
        output.map_err(|error| Failure::new(format!("\"{}\" does not run: {error}", program.display())))?;
    let said = String::from_utf8_lossy(&output.stdout);
    match version(&said) {
        Some(version) if version < OLDEST => {
            let (major, minor) = OLDEST;
            Err(Failure::new(format!("\"{}\" is too old: {}", program.display(), said.trim()))
                .hint(format!("git {major}.{minor} or newer is needed")))
        }
        _ => Ok(program),
    }
}

/// The first two numbers of a version. What says none is taken for new enough.
fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.split_whitespace().nth(2)?.split('.').map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Runs git in a repository with nothing of the user's own around it. Gives what it prints.
///
/// # Errors
/// Where it fails, with its words.
pub fn run(program: &Path, repository: &Path, words: &[&str]) -> Result<String, Failure> {
    let mut command = tokio::process::Command::new(program);
    harden(&mut command, repository);
    let mut command = command.into_std();
    command.args(words);
    let output = end(command)?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(Failure::new(format!("git {} failed: {}", words[0], said(&output)))),
    }
}

/// What git finds wrong with the objects of a repository, a line each. Somebody may write to it meanwhile: git takes
/// for missing what came in while it looked, so only what it finds again counts.
///
/// # Errors
/// Where git does not run.
pub fn faults(program: &Path, repository: &Path) -> Result<Vec<String>, Failure> {
    let look = || -> Result<Vec<String>, Failure> {
        let mut command = tokio::process::Command::new(program);
        harden(&mut command, repository);
        let mut command = command.into_std();
        command.args(FSCK);
        let output = end(command)?;
        let words = [output.stderr, output.stdout].concat();
        let lines = String::from_utf8_lossy(&words).lines().map(str::to_owned).collect();
        Ok(if output.status.success() { Vec::new() } else { lines })
    };
    let first = look()?;
    if first.is_empty() {
        return Ok(first);
    }
    Ok(again(&first, look()?))
}

/// The words by which git checks every object.
pub const FSCK: [&str; 3] = ["fsck", "--no-dangling", "--no-progress"];

/// What stands in both.
pub fn again(first: &[String], second: Vec<String>) -> Vec<String> {
    second.into_iter().filter(|line| first.contains(line)).collect()
}

/// Runs git in a repository as the user would: with the user's settings, keys and helpers, and a terminal to ask on.
///
/// # Errors
/// Where it fails, with its words.
pub fn run_as_user(program: &Path, repository: &Path, words: &[&str]) -> Result<String, Failure> {
    let mut command = Command::new(program);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"] {
        command.env_remove(name);
    }
    command.current_dir(repository).args([
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "protocol.ext.allow=never",
    ]);
    command.args(["-c", "transfer.fsckObjects=true", "-c", "gc.auto=0"]).args(words);
    let output = end(command)?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(Failure::no(said(&output))),
    }
}

fn end(mut command: Command) -> Result<Output, Failure> {
    command.stdin(Stdio::null());
    command.output().map_err(|error| Failure::new(format!("git does not run: {error}")))
}

/// The first of git's complaints, without what could be a password.
fn said(output: &Output) -> String {
    let words = String::from_utf8_lossy(&output.stderr);
    let line = words.lines().find(|line| line.starts_with("fatal: ") || line.starts_with("error: "));
    let line = line.or_else(|| words.lines().next()).unwrap_or("it says nothing");
    let line = line.trim_start_matches("fatal: ").trim_start_matches("error: ");
    without_passwords(line.trim_end_matches('.'))
}

/// Takes what stands between `://` and `@` out of every address.
pub fn without_passwords(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        kept.push_str(before);
        kept.push_str("://");
        let end = after.find(|c: char| c == '/' || c.is_whitespace() || c == '\'').unwrap_or(after.len());
        rest = after[..end].rfind('@').map_or(after, |at| &after[at + 1..]);
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read() {
        for (said, read) in [
            ("git version 2.47.3\n", Some((2, 47))),
            ("git version 2.39.5 (Apple Git-154)", Some((2, 39))),
            ("git version 2.34.GIT", Some((2, 34))),
            ("hello", None),
        ] {
            assert_eq!(version(said), read, "{said}");
        }
    }

    #[test]
    fn passwords_are_not_shown() {
        for (text, shown) in [
            ("at 'https://pat:secret@h/x'", "at 'https://h/x'"),
            ("https://tok@h.example/a@b and ssh://git@h", "https://h.example/a@b and ssh://h"),
            ("/a/b@c", "/a/b@c"),
        ] {
            assert_eq!(without_passwords(text), shown);
        }
    }
}
