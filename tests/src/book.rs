//! A notebook to write in: a home and a folder of its own, in git or not, and all that can be seen of it from outside.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::{Ran, Tickler, team};

/// A notebook, which goes when it is dropped. All of it lies in one folder: `book` is the notebook, `home` the user's.
#[derive(Debug)]
pub struct Book {
    folder: PathBuf,
}

impl Book {
    /// A notebook of these files, outside git; `name` tells it from those of other tests.
    ///
    /// # Panics
    /// Where it cannot be made.
    pub fn plain(name: &str, files: &[(&str, &str)]) -> Book {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("tickler-book-{name}-{}-{number}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        let book = Book { folder };
        for part in ["book/contacts", "home"] {
            assert!(fs::create_dir_all(book.folder.join(part)).is_ok(), "cannot make {part}");
        }
        book.write("tickler.toml", "");
        files.iter().for_each(|(path, text)| book.write(path, text));
        book
    }

    /// The notebook in the folder `book` of that folder, for the user whose home is `home` in it.
    pub(crate) fn at(folder: PathBuf) -> Book {
        Book { folder }
    }

    /// The same in git, all of it in a first commit of Pat's.
    ///
    /// # Panics
    /// Where git fails.
    pub fn git(name: &str, files: &[(&str, &str)]) -> Book {
        let book = Book::plain(name, files);
        book.init("");
        book.commit_all("first");
        book
    }

    /// Makes the notebook a repository of Pat's; `options` are for `git init`.
    ///
    /// # Panics
    /// Where git fails.
    pub fn init(&self, options: &str) {
        self.git_says(&format!("init --quiet --initial-branch=main --template= {options}"));
        self.belongs_to("Pat");
    }

    /// Has git know whose repository it is.
    ///
    /// # Panics
    /// Where that cannot be written.
    pub fn belongs_to(&self, name: &str) {
        self.write(".git/info/exclude", ".tickler/\n");
        let email = format!("{}@acme.example", name.to_lowercase());
        let settings = format!("[user]\n\tname = {name}\n\temail = {email}\n[gc]\n\tauto = 0\n");
        self.write(".git/config", self.read(".git/config") + &settings);
    }

    /// Lets the files be long settled, as though some time had passed since they were written.
    pub fn settle(&self) {
        team::age(&self.path());
    }

    /// Every file that is shared, by its path, with its mode and its bytes.
    pub fn texts(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let root = self.path();
        gather(&root, &root, &mut found);
        // git knows no folders.
        found.retain(|path, _| !root.join(path).is_dir());
        found
    }

    /// Commits all that is there.
    ///
    /// # Panics
    /// Where git fails.
    pub fn commit_all(&self, message: &str) {
        self.git_says("add --all");
        self.git_says(&format!("commit --quiet --allow-empty --message '{message}'"));
    }

    /// The notebook's folder.
    pub fn path(&self) -> PathBuf {
        self.folder.join("book")
    }

    /// The user's home.
    pub fn home(&self) -> PathBuf {
        self.folder.join("home")
    }

    /// Writes a file of the notebook.
    ///
    /// # Panics
    /// Where it cannot be written.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        let made = path.parent().map_or(Ok(()), fs::create_dir_all);
        assert!(made.and_then(|()| fs::write(&path, text)).is_ok(), "cannot write {}", path.display());
    }

    /// Writes a program that a shell can run.
    ///
    /// # Panics
    /// Where it cannot be written.
    pub fn script(&self, path: &str, text: &str) {
        self.write(path, format!("#!/bin/sh\n{text}\n"));
        let made = fs::set_permissions(self.path().join(path), fs::Permissions::from_mode(0o755));
        assert!(made.is_ok(), "cannot make {path} a program");
    }

    /// The text of a file of the notebook.
    ///
    /// # Panics
    /// Where it is not there.
    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        match fs::read_to_string(self.path().join(path)) {
            Ok(text) => text,
            Err(error) => panic!("cannot read {path}: {error}"),
        }
    }

    /// Changes a text in a file, as somebody would in an editor.
    ///
    /// # Panics
    /// Where the file does not have the text once.
    #[track_caller]
    pub fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(from).count(), 1, "{from:?} in:\n{text}");
        self.write(path, text.replacen(from, to, 1));
    }

    /// Writes the user's own settings.
    ///
    /// # Panics
    /// Where they cannot be written.
    pub fn settings(&self, text: &str) {
        let folder = self.home().join(".config/tickler");
        let made = fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join("config.toml"), text));
        assert!(made.is_ok(), "cannot write the settings");
    }

    /// `tickler` with a line as typed in the notebook's folder, on the day of the worked example's story.
    ///
    /// # Panics
    /// Where a quote of it does not end.
    pub fn tickler(&self, line: &str) -> Tickler {
        self.at_home(Tickler::typed(line)).within(self.path())
    }

    /// In this home, on the day of the worked example's story.
    fn at_home(&self, tickler: Tickler) -> Tickler {
        let config = self.home().join(".config");
        tickler.env("HOME", self.home()).env("XDG_CONFIG_HOME", config).env("TICKLER_TODAY", "2026-12-03")
    }

    /// Runs that.
    ///
    /// # Panics
    /// Where it cannot be started.
    pub fn run(&self, line: &str) -> Ran {
        self.tickler(line).run()
    }

    /// What git says to a line; it must not fail.
    ///
    /// # Panics
    /// Where it fails.
    #[track_caller]
    pub fn git_says(&self, line: &str) -> String {
        let output = self.git_output(line);
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {line}: {err}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// What comes of git with a line as typed.
    ///
    /// # Panics
    /// Where it cannot be started.
    pub fn git_output(&self, line: &str) -> Output {
        let words = shlex::split(line).unwrap_or_default();
        let mut command = Command::new("git");
        command.args(words).current_dir(self.path()).stdin(Stdio::null());
        // What the machine's own settings say must not matter.
        command.env("HOME", self.home()).env_remove("XDG_CONFIG_HOME");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env_remove("GIT_CONFIG_GLOBAL");
        match command.output() {
            Ok(output) => output,
            Err(error) => panic!("git does not start: {error}"),
        }
    }

    /// The last commit: subject, author, files, and what stands below the subject.
    pub fn last_commit(&self) -> String {
        let said = self.git_says("log -1 --name-status --format='%s%nby %an <%ae>%n%b'");
        said.lines().filter(|line| !line.is_empty()).map(|line| format!("{line}\n")).collect()
    }

    /// How many commits there are.
    pub fn commits(&self) -> usize {
        self.git_says("log --format=%H").lines().count()
    }

    /// Every file and folder of the notebook with its mode and its bytes, but for git's and the cache; and what git
    /// says of its state and its history, where there is git.
    pub fn snapshot(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        let root = self.path();
        gather(&root, &root, &mut found);
        if root.join(".git").exists() {
            for line in ["status --porcelain --branch", "log --format=%H --all", "diff --cached"] {
                let output = self.git_output(line);
                found.insert(format!("git {line}"), format!("{:?}", output));
            }
        }
        found
    }

    /// What lies about that a program would clear away: drafts, locks, journals.
    pub fn litter(&self) -> Vec<String> {
        let mut found = BTreeMap::new();
        let root = self.path();
        gather(&root, &root, &mut found);
        let mut litter: Vec<String> = found.into_keys().filter(|path| path.contains(".tickler-")).collect();
        for (folder, is_litter) in [
            (
                ".git",
                (|name: &str| name.starts_with("tickler-") || name.ends_with(".lock")) as fn(&str) -> bool,
            ),
            (".tickler", |name: &str| name.starts_with("journal")),
        ] {
            let entries = fs::read_dir(root.join(folder)).into_iter().flatten().flatten();
            let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
            litter.extend(names.filter(|name| is_litter(name)).map(|name| format!("{folder}/{name}")));
        }
        litter
    }

    /// Asserts that the repository is sound, that `git status` says just this, and that nothing lies about.
    ///
    /// # Panics
    /// Where it is not so.
    #[track_caller]
    pub fn stands(&self, status: &str) {
        let fsck = self.git_output("fsck --strict --no-dangling");
        let said = [fsck.stdout, fsck.stderr].concat();
        assert!(fsck.status.success() && said.is_empty(), "fsck: {}", String::from_utf8_lossy(&said));
        assert_eq!(self.git_says("status --porcelain"), status);
        assert_eq!(self.litter(), [""; 0], "nothing is left behind");
    }

    /// The same words, whatever this notebook's folder and the contacts' `uid` are.
    pub fn masked(&self, text: &str) -> String {
        let text = text.replace(&self.folder.display().to_string(), "~~");
        let mut parts = text.split("uid = \"");
        let mut masked = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let rest = part.find('"').map_or("", |end| &part[end..]);
            masked.push_str(&format!("uid = \"…{rest}"));
        }
        masked
    }
}

impl Drop for Book {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

fn gather(folder: &Path, root: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if folder == root && [".git", ".tickler"].iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let Ok(meta) = fs::symlink_metadata(&path) else { continue };
        let content = if meta.is_dir() {
            gather(&path, root, found);
            String::new()
        } else if meta.is_symlink() {
            format!("to {:?}", fs::read_link(&path).ok())
        } else {
            fs::read(&path).map(|bytes| bytes.escape_ascii().to_string()).unwrap_or_default()
        };
        let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
        found.insert(name, format!("{:o} {content}", meta.permissions().mode()));
    }
}
