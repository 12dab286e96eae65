//! Real clients, each as its own users run it: clone, fetch, push, and what each says when it is refused.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use git2::{Cred, FetchOptions, PushOptions, RemoteCallbacks, Repository};
use tickler_tests::{Dice, Ran, Serving, ran, workspace};

/// A client of git's.
#[derive(Debug, Clone, Copy)]
enum Client {
    /// git itself, by its program.
    Git(&'static str),
    /// libgit2, in this process.
    Libgit2,
    /// dulwich, in Python.
    Dulwich,
    /// isomorphic-git, in JavaScript.
    Isomorphic,
}

/// Somebody with a client.
#[derive(Debug, Clone, Copy)]
struct Caller<'a> {
    client: Client,
    serving: &'a Serving,
    token: &'a str,
}

#[test]
fn git_on_the_path() {
    works("client-git", Client::Git("git"));
}

#[test]
fn git_of_the_system() {
    const SYSTEM: &str = "/usr/bin/git";
    assert!(Path::new(SYSTEM).is_file(), "{SYSTEM} is missing: install the system's package \"git\"");
    works("client-git-of-the-system", Client::Git(SYSTEM));
}

#[test]
fn libgit2() {
    works("client-libgit2", Client::Libgit2);
}

#[test]
fn dulwich() {
    works("client-dulwich", Client::Dulwich);
}

#[test]
fn isomorphic_git() {
    works("client-isomorphic-git", Client::Isomorphic);
}

fn works(name: &str, client: Client) {
    let mut serving = Serving::example(name);
    serving.add_user("pat", "editor");
    let pat = Caller { client, serving: &serving, token: serving.token("pat") };
    pat.does("clone", "mine", "");
    serving.git("mine", "config user.name pat");
    serving.git("mine", "config user.email pat@acme.example");
    assert_eq!(head(&serving, "mine"), serving.tip("main"), "{client:?} clones");
    assert!(serving.folder().join("mine/tickler.toml").is_file(), "{client:?} checks out");

    commit(&serving, "mine", "contacts/zoe.md", b"+++\nname = \"Zoe\"\n+++\n");
    pat.does("push", "mine", "refs/heads/main");
    assert_eq!(head(&serving, "mine"), serving.tip("main"), "{client:?} pushes");

    serving.clone_by("admin", "theirs");
    commit(&serving, "theirs", "contacts/yan.md", b"+++\nname = \"Yan\"\n+++\n");
    serving.git("theirs", "push --quiet origin HEAD:main");
    pat.does("fetch", "mine", "");
    assert_eq!(serving.git("mine", "rev-parse refs/remotes/origin/main").trim(), serving.tip("main"));
    serving.git("mine", "reset --quiet --hard refs/remotes/origin/main");

    // More than clients send in one piece.
    commit(&serving, "mine", "files/plan.bin", &noise(3 << 20));
    pat.does("push", "mine", "refs/heads/main");
    assert_eq!(head(&serving, "mine"), serving.tip("main"), "{client:?} pushes 3 MiB");

    pat.does("clone", "shallow", "1");
    assert_eq!(serving.git("shallow", "rev-list --count HEAD").trim(), "1", "{client:?} clones shallow");
    assert!(serving.folder().join("shallow/tickler.toml").is_file());

    let refused = pat.tries("push", "mine", "refs/heads/other");
    assert_ne!(refused.code, 0, "{client:?} says that it is refused: {}{}", refused.out, refused.err);
    let line = "refs/heads/other: ";
    assert!(refused.err.contains(line), "{client:?} shows why: {}{}", refused.out, refused.err);
    let refs = serving.git("data/notebooks/main.git", "for-each-ref --format=%(refname) refs/heads");
    assert_eq!(refs, "refs/heads/main\n");

    let begun = Instant::now();
    let stranger = Caller { token: "tickler_wrong", ..pat };
    let refused = stranger.tries("clone", "never", "");
    assert_ne!(refused.code, 0, "{client:?} with a wrong token");
    assert!(begun.elapsed() < Duration::from_secs(30), "{client:?} tries again and again");
    serving.git("data/notebooks/main.git", "fsck --strict");
}

impl Caller<'_> {
    /// Does something that must work.
    #[track_caller]
    fn does(&self, verb: &str, folder: &str, last: &str) {
        let ran = self.tries(verb, folder, last);
        assert_eq!(ran.code, 0, "{:?} {verb}: {}{}", self.client, ran.out, ran.err);
    }

    /// Clones (`last` is the depth), fetches, or pushes `main` to the ref `last`.
    fn tries(&self, verb: &str, folder: &str, last: &str) -> Ran {
        let url = format!("http://{}/main.git", self.serving.address());
        let at = self.serving.folder().join(folder);
        match self.client {
            Client::Git(program) => ran(self.git(program, verb, &at, last)),
            Client::Libgit2 => match self.libgit2(verb, &url, &at, last) {
                Ok(said) => Ran { out: String::new(), err: said, code: 0 },
                Err(said) => Ran { out: String::new(), err: said, code: 1 },
            },
            Client::Dulwich => {
                let mut python = Command::new("python3");
                python.arg(workspace().join("tests/clients/dulwich_client.py"));
                python.env("PYTHONPATH", installed().join("python")).env("PYTHONDONTWRITEBYTECODE", "1");
                self.script(python, &[verb, &url, &at.to_string_lossy(), last])
            }
            Client::Isomorphic => {
                let mut node = Command::new("node");
                node.arg(installed().join("isomorphic.mjs"));
                self.script(node, &[verb, &url, &at.to_string_lossy(), last])
            }
        }
    }

    fn git(&self, program: &str, verb: &str, folder: &Path, last: &str) -> Command {
        let mut git = Command::new(program);
        let depth = format!("--depth={last}");
        let push = format!("refs/heads/main:{last}");
        let url = self.serving.url_with("pat", self.token, "main");
        let folder = folder.to_string_lossy();
        let words: Vec<&str> = match verb {
            "clone" if last.is_empty() => vec!["clone", "--quiet", &url, &folder],
            "clone" => vec!["clone", "--quiet", &depth, &url, &folder],
            "fetch" => vec!["-C", &folder, "fetch", "--quiet", "origin"],
            _ => vec!["-C", &folder, "push", "--quiet", &url, &push],
        };
        git.args(words).stdin(Stdio::null()).env("GIT_TERMINAL_PROMPT", "0");
        git.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        git
    }

    fn script(&self, mut program: Command, words: &[&str]) -> Ran {
        program.args(words.iter().filter(|word| !word.is_empty())).stdin(Stdio::null());
        ran_with(program, self.token)
    }

    fn libgit2(&self, verb: &str, url: &str, folder: &Path, last: &str) -> Result<String, String> {
        let said = std::cell::RefCell::new(String::new());
        let refused = std::cell::RefCell::new(None);
        let done = {
            let callbacks = || {
                let mut callbacks = RemoteCallbacks::new();
                callbacks.credentials(|_, _, _| Cred::userpass_plaintext("pat", self.token));
                callbacks.sideband_progress(|bytes| {
                    said.borrow_mut().push_str(&String::from_utf8_lossy(bytes));
                    true
                });
                callbacks.push_update_reference(|name, status| {
                    if let Some(status) = status {
                        *refused.borrow_mut() = Some(format!("{name}: {status}"));
                    }
                    Ok(())
                });
                callbacks
            };
            let mut fetch = FetchOptions::new();
            fetch.remote_callbacks(callbacks());
            let mut push = PushOptions::new();
            push.remote_callbacks(callbacks());
            match verb {
                "clone" => {
                    last.parse().into_iter().for_each(|depth| {
                        fetch.depth(depth);
                    });
                    git2::build::RepoBuilder::new().fetch_options(fetch).clone(url, folder).map(drop)
                }
                "fetch" => Repository::open(folder)
                    .and_then(|it| it.find_remote("origin")?.fetch::<&str>(&[], Some(&mut fetch), None)),
                _ => Repository::open(folder).and_then(|it| {
                    it.find_remote("origin")?.push(&[format!("refs/heads/main:{last}")], Some(&mut push))
                }),
            }
        };
        let said = said.into_inner();
        match (done, refused.into_inner()) {
            (Ok(()), None) => Ok(said),
            (Ok(()), Some(status)) => Err(format!("{said}{status}")),
            (Err(error), _) => Err(format!("{said}{error}")),
        }
    }
}

fn ran_with(mut program: Command, token: &str) -> Ran {
    program.env("USER", "pat").env("TOKEN", token);
    ran(program)
}

/// The folder of the clients that are not git itself.
fn installed() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let ran = ran(Command::new(workspace().join("tests/clients/install")));
        assert_eq!(ran.code, 0, "dulwich and isomorphic-git are needed here:\n{}{}", ran.out, ran.err);
        PathBuf::from(ran.out.trim())
    })
}

/// The commit that a clone is at.
pub fn head(serving: &Serving, folder: &str) -> String {
    serving.git(folder, "rev-parse HEAD").trim().to_owned()
}

/// Commits a file in a clone.
pub fn commit(serving: &Serving, folder: &str, path: &str, bytes: &[u8]) {
    let file = serving.folder().join(folder).join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
    serving.git(folder, &format!("add {path}"));
    serving.git(folder, &format!("commit --quiet -m {path}"));
}

/// Bytes that no packing makes fewer.
pub fn noise(count: usize) -> Vec<u8> {
    let mut dice = Dice::of(7);
    (0..count / 8).flat_map(|_| dice.roll().to_ne_bytes()).collect()
}
