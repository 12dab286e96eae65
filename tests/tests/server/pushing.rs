//! Pushes of real git to a real server, and what may not be seen of those that are refused.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use tickler_tests::{Ran, Serving, ran, team};

/// A server with the worked example, an admin, the editors Ann and Bob, and a clone of each in a folder of that name.
pub struct Pushing {
    pub serving: Serving,
}

impl Pushing {
    pub fn new(name: &str) -> Pushing {
        let mut serving = Serving::example(name);
        serving.add_user("ann", "editor");
        serving.add_user("bob", "editor");
        for user in ["admin", "ann", "bob"] {
            serving.clone_by(user, user);
        }
        Pushing { serving }
    }

    /// What comes of a push by a user from the folder of that name.
    pub fn push(&self, user: &str, words: &str) -> Ran {
        let url = self.serving.url(user, "main");
        let mut command = Command::new("git");
        command
            .args(["push", &url])
            .args(words.split_whitespace())
            .current_dir(self.serving.folder().join(user));
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").stdin(Stdio::null());
        ran(command)
    }

    /// A push that has to go through; what git shows.
    #[track_caller]
    pub fn goes(&self, user: &str, words: &str) -> String {
        let ran = self.push(user, words);
        assert_eq!(ran.code, 0, "push {words} by {user}: {}", ran.err);
        ran.err
    }

    /// A push that has to be refused with these words, so that nothing of it is left and the branch is where it was.
    /// Gives what git shows.
    #[track_caller]
    pub fn refused(&self, user: &str, words: &str, said: &str) -> String {
        let before = self.seen();
        let ran = self.push(user, words);
        assert!(ran.code != 0, "push {words} by {user} went through: {}", ran.err);
        assert!(ran.err.contains(said), "push {words} by {user}: no \"{said}\" in\n{}", ran.err);
        assert!(!ran.err.contains("error: error:"), "{}", ran.err);
        let raw = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        // git itself ends each line of the server's with a sequence that wipes the rest of it.
        assert!(
            !ran.err.replace("\x1b[K", "").contains(raw),
            "control characters reach the terminal: {:?}",
            ran.err
        );
        assert_eq!(self.seen(), before, "push {words} by {user} left something");
        ran.err
    }

    /// What must not change when a push is refused: the refs, and which files and folders the repository has.
    pub fn seen(&self) -> (String, Vec<String>) {
        let repository = "data/notebooks/main.git";
        let refs = self.serving.git(repository, "for-each-ref --format='%(refname) %(objectname)'");
        let mut paths = Vec::new();
        list(&self.serving.repository("main"), "", &mut paths);
        // The place of each user's work is made when they first ask.
        (
            refs,
            paths
                .into_iter()
                .filter(|path| !path.ends_with("/here") && !path.starts_with("refs/sync"))
                .collect(),
        )
    }

    /// Runs git in a user's clone.
    #[track_caller]
    pub fn git(&self, user: &str, line: &str) -> String {
        self.serving.git(user, line)
    }

    /// Lets the server's branch be a commit of a user's clone, past the hooks: as a notebook that was taken over has it.
    #[track_caller]
    pub fn takes_over(&self, user: &str, commit: &str) {
        let from = self.serving.folder().join(user);
        // git gives out what a branch leads to.
        self.git(user, &format!("branch --force taken {commit}"));
        let fetch = format!("fetch --quiet {} taken:refs/heads/main", from.display());
        self.serving.git("data/notebooks/main.git", &fetch);
    }

    pub fn write(&self, user: &str, path: &str, text: impl AsRef<[u8]>) {
        let path = self.serving.folder().join(user).join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub fn read(&self, user: &str, path: &str) -> String {
        fs::read_to_string(self.serving.folder().join(user).join(path)).expect("a file")
    }

    /// Commits all that is in a user's clone, on top of what the server has.
    #[track_caller]
    pub fn commit(&self, user: &str) {
        self.git(user, "add --all --force");
        self.git(user, "commit --quiet --allow-empty -m work");
    }

    /// Lets a user's clone be as the server has it.
    #[track_caller]
    pub fn fresh(&self, user: &str) {
        self.git(user, "fetch --quiet origin");
        self.git(user, "checkout --quiet --force -B main origin/main");
        self.git(user, "clean --quiet -d --force -x");
    }

    /// What git prints when it is fed these bytes.
    #[track_caller]
    pub fn fed(&self, user: &str, words: &[&str], bytes: &[u8]) -> String {
        let mut command = Command::new("git");
        command.args(words).current_dir(self.serving.folder().join(user)).stdin(Stdio::piped());
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").stdout(Stdio::piped());
        let mut child = command.spawn().expect("git starts");
        child.stdin.take().expect("a pipe").write_all(bytes).expect("git reads");
        let output = child.wait_with_output().expect("git ends");
        assert!(output.status.success(), "git {words:?}");
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    /// Writes a tree as it is said, whatever it holds, in git's order.
    pub fn tree(&self, user: &str, entries: &[(&str, Vec<u8>, String)]) -> String {
        let mut entries = entries.to_vec();
        entries.sort_by_key(|(mode, name, _)| {
            let end: &[u8] = if *mode == "40000" { b"/" } else { b"" };
            [name, end].concat()
        });
        let mut bytes = Vec::new();
        for (mode, name, id) in entries {
            bytes.extend_from_slice(mode.as_bytes());
            bytes.push(b' ');
            bytes.extend_from_slice(&name);
            bytes.push(0);
            bytes.extend((0..20).map(|at| u8::from_str_radix(&id[2 * at..2 * at + 2], 16).expect("hex")));
        }
        self.fed(user, &["hash-object", "-t", "tree", "-w", "--literally", "--stdin"], &bytes)
    }

    /// What the folder of the branch at that path holds, for [`Pushing::tree`]; the root for none.
    pub fn entries(&self, user: &str, folder: &str) -> Vec<(&'static str, Vec<u8>, String)> {
        let list = self.git(user, &format!("ls-tree -z origin/main:{folder}"));
        let entry = |line: &str| {
            let (head, name) = line.split_once('\t').expect("a tab");
            let words: Vec<&str> = head.split(' ').collect();
            let mode = if words[0] == "040000" { "40000" } else { "100644" };
            (mode, name.as_bytes().to_vec(), words[2].to_owned())
        };
        list.split_terminator('\0').map(entry).collect()
    }

    /// A commit on top of the branch that has these entries besides in `contacts`; its id.
    pub fn commit_with(&self, user: &str, more: &[(&str, Vec<u8>, String)]) -> String {
        let mut contacts = self.entries(user, "contacts");
        let more: Vec<_> = more.to_vec();
        let names: Vec<&Vec<u8>> = more.iter().map(|(_, name, _)| name).collect();
        contacts.retain(|(_, name, _)| !names.contains(&name));
        let contacts: Vec<(&str, Vec<u8>, String)> = contacts.into_iter().chain(more.clone()).collect();
        let contacts = self.tree(user, &contacts);
        let mut root = self.entries(user, "");
        root.iter_mut()
            .filter(|(_, name, _)| name == b"contacts")
            .for_each(|entry| entry.2.clone_from(&contacts));
        let root = self.tree(user, &root);
        self.commit_tree(user, &root)
    }

    /// A commit of a tree on top of the branch.
    pub fn commit_tree(&self, user: &str, tree: &str) -> String {
        self.git(user, &format!("commit-tree {tree} -p origin/main -m x")).trim().to_owned()
    }

    /// The id of a file with this text.
    pub fn blob(&self, user: &str, text: &str) -> String {
        self.fed(user, &["hash-object", "-w", "--stdin"], text.as_bytes())
    }

    /// That git finds nothing wrong with the repository.
    #[track_caller]
    pub fn is_sound(&self) {
        let output = team::git(&self.serving.repository("main"), "fsck --strict --full");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success() && !said.contains("error"), "{said}");
    }
}

fn list(folder: &Path, below: &str, paths: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(folder).expect("a folder").flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            list(&entry.path(), &format!("{path}/"), paths);
        }
        paths.push(path);
    }
}
