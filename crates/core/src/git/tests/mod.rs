//! Real repositories in temporary folders, made and judged by the program `git`.

mod changed;
mod commit;
mod history;
mod index;
mod lock;
mod program;
mod ready;
mod status;

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::*;

/// A repository that goes when it is dropped.
pub(super) struct Scratch {
    pub path: PathBuf,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

impl Scratch {
    /// An empty repository of Pat's.
    pub fn new() -> Scratch {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("tickler-git-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).unwrap();
        let scratch = Scratch { path: path.canonicalize().unwrap() };
        scratch.git("init --quiet --initial-branch=main --template=");
        // What the machine's own settings say must not matter.
        for setting in [
            "user.name Pat",
            "user.email pat@acme.example",
            "commit.gpgsign false",
            "core.hooksPath .git/hooks",
            "core.autocrlf false",
            "core.excludesFile /dev/null",
            "core.attributesFile /dev/null",
            "core.fsmonitor false",
            "gc.auto 0",
            "advice.sparseIndexExpanded false",
        ] {
            scratch.git(&format!("config {setting}"));
        }
        scratch
    }

    /// With these files in a first commit.
    pub fn with(files: &[(&str, &str)]) -> Scratch {
        let scratch = Scratch::new();
        for (path, text) in files {
            scratch.write(path, text);
        }
        scratch.git("add --all");
        scratch.git("commit --quiet --message first");
        scratch
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path.join(path)).unwrap();
    }

    /// What git says to words that are split at spaces; it must not fail.
    #[track_caller]
    pub fn git(&self, line: &str) -> String {
        let (code, out, err) = self.try_git(line, b"");
        assert_eq!(code, Some(0), "git {line}: {err}");
        out
    }

    /// Runs git and gives its code, what it prints and what it complains of.
    pub fn try_git(&self, line: &str, input: &[u8]) -> (Option<i32>, String, String) {
        use std::io::Write;
        let mut command = Command::new("git");
        command.args(line.split_whitespace()).current_dir(&self.path);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    }

    pub fn open(&self) -> Git {
        Git::open(&self.path).unwrap().expect("a work tree")
    }

    /// Writes files and commits them; a file without text is removed.
    #[track_caller]
    pub fn deed(&self, files: &[(&str, Option<&str>)]) -> Option<Committed> {
        self.try_deed(files).unwrap()
    }

    pub fn try_deed(&self, files: &[(&str, Option<&str>)]) -> Result<Option<Committed>, GitError> {
        let git = self.open();
        let ready = git.ready(Duration::ZERO, &mut || {})?;
        for (path, text) in files {
            match text {
                Some(text) => self.write(path, text),
                None => self.remove(path),
            }
        }
        ready.commit(&[new_commit("log: call\n\nTickler-Verb: log\n", files)])
    }

    /// Asserts that the repository is sound and that `git status` says just this.
    #[track_caller]
    pub fn stands(&self, status: &str) {
        let (code, out, err) = self.try_git("fsck --strict --no-dangling", b"");
        assert_eq!((code, out.trim(), err.trim()), (Some(0), "", ""), "fsck");
        assert_eq!(self.git("status --porcelain"), status);
        let left: Vec<String> = fs::read_dir(self.path.join(".git"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.starts_with("tickler-") || name == "index.lock")
            .collect();
        assert_eq!(left, [""; 0], "nothing is left behind");
    }
}

pub(super) fn new_commit<'a>(message: &str, files: &'a [(&str, Option<&str>)]) -> NewCommit<'a> {
    let files = files.iter().map(|(path, text)| FileState { path, content: text.map(str::as_bytes) });
    NewCommit { message: message.to_owned(), files: files.collect() }
}

#[test]
fn it_may_go_to_another_thread() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    let git = repo.open();
    let head = std::thread::spawn(move || git.head().unwrap()).join().unwrap();
    assert_eq!(head, Head::Branch("main".to_owned()));
}
