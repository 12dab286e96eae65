//! Several people with a notebook each and one remote between them, in one folder, in memory where the system can.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use crate::{Book, Ran, Tickler};

/// What every shared notebook leaves out of git.
const IGNORED: (&str, &str) = (".gitignore", "/.tickler/\n");

/// The name of the link by which each person reaches the remote.
const WAY: &str = "remote";

/// The people, their notebooks and the bare repository they share. All of it goes when it is dropped.
#[derive(Debug)]
pub struct Team {
    folder: PathBuf,
    books: Vec<Book>,
}

impl Team {
    /// A team whose notebooks hold these files, committed by the first of them and cloned by the others; `name` tells
    /// it from those of other tests.
    ///
    /// # Panics
    /// Where git fails.
    pub fn new(name: &str, people: &[&str], files: &[(&str, &str)]) -> Team {
        let mut team = Team { folder: fresh_folder(name), books: Vec::new() };
        let bare = team.remote();
        team.git(&format!("init --quiet --bare --template= --initial-branch=main {}", bare.display()));
        for person in people {
            let book = team.clone_for(person);
            if team.books.is_empty() {
                book.write("tickler.toml", "");
                book.write(IGNORED.0, IGNORED.1);
                files.iter().for_each(|(path, text)| book.write(path, text));
                book.commit_all("first");
                book.git_says("push --quiet --set-upstream origin HEAD:main");
            }
            team.books.push(book);
        }
        team
    }

    /// A clone of the remote for one more person.
    fn clone_for(&self, person: &str) -> Book {
        let folder = self.folder.join(person);
        assert!(fs::create_dir_all(folder.join("home")).is_ok(), "cannot make {}", folder.display());
        let way = folder.join(WAY);
        assert!(symlink(self.remote(), &way).is_ok(), "cannot make {}", way.display());
        let book = Book::at(folder);
        let to = book.path();
        self.git(&format!("clone --quiet --template= {} {}", way.display(), to.display()));
        book.belongs_to(person);
        book
    }

    /// A team like this one with the first so many of its people, all as they are now.
    ///
    /// # Panics
    /// Where it cannot be copied.
    pub fn copied(&self, name: &str, people: usize) -> Team {
        let folder = fresh_folder(name);
        copy(&self.remote(), &folder.join("remote.git"));
        let copied = |book: &Book| {
            let from = book.path().with_file_name("");
            let to = folder.join(from.file_name().unwrap_or_default());
            copy(&from, &to);
            let way = to.join(WAY);
            let relinked = fs::remove_file(&way).and_then(|()| symlink(folder.join("remote.git"), &way));
            assert!(relinked.is_ok(), "cannot make {}", way.display());
            let book = Book::at(to);
            let (old, new) = (self.folder.display().to_string(), folder.display().to_string());
            book.write(".git/config", book.read(".git/config").replace(&old, &new));
            book
        };
        let books = self.books.iter().take(people).map(copied).collect();
        Team { folder, books }
    }

    /// Has the remote merge what is sent to it, as a server does: `program` is what it runs after a push. All know it.
    ///
    /// # Panics
    /// Where the disk or git says no.
    pub fn merged_by(&self, program: &Path) {
        let hook = self.remote().join("hooks/post-receive");
        let _ = fs::remove_file(&hook);
        let made = fs::create_dir_all(hook.with_file_name("")).and_then(|()| symlink(program, &hook));
        assert!(made.is_ok(), "cannot make {}", hook.display());
        for book in &self.books {
            let folder = book.path().with_file_name("");
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            book.git_says(&format!("config remote.origin.ticklersync {name}"));
        }
    }

    /// The bare repository.
    pub fn remote(&self) -> PathBuf {
        self.folder.join("remote.git")
    }

    /// The folder that holds it all.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// How many people there are.
    pub fn size(&self) -> usize {
        self.books.len()
    }

    /// The notebook of one of them.
    pub fn book(&self, person: usize) -> &Book {
        &self.books[person]
    }

    /// All notebooks.
    pub fn books(&self) -> &[Book] {
        &self.books
    }

    /// Takes one person's way to the remote away, as a network does that is down.
    pub fn cut(&self, person: usize) {
        let _ = fs::remove_file(self.way(person));
    }

    /// Brings it back.
    pub fn heal(&self, person: usize) {
        let _ = symlink(self.remote(), self.way(person));
    }

    /// Whether one person cannot reach the remote.
    pub fn is_cut(&self, person: usize) -> bool {
        !self.way(person).exists()
    }

    /// The path of the remote as one person has it: a link of their own.
    pub fn way(&self, person: usize) -> PathBuf {
        self.book(person).path().with_file_name(WAY)
    }

    /// Syncs one notebook, its files being long settled.
    ///
    /// # Panics
    /// Where tickler does not start.
    pub fn sync(&self, person: usize) -> Ran {
        self.book(person).settle();
        self.book(person).run("sync")
    }

    /// The same, where nothing may be left to be looked at.
    ///
    /// # Panics
    /// Where the exit code is not 0.
    #[track_caller]
    pub fn synced(&self, person: usize) -> Ran {
        let ran = self.sync(person);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
        ran
    }

    /// Syncs all of them until each has what the others had.
    ///
    /// # Panics
    /// Where one ends with neither 0 nor 1.
    #[track_caller]
    pub fn settle(&self) {
        for _ in 0..2 {
            for person in 0..self.size() {
                let ran = self.sync(person);
                assert!([0, 1].contains(&ran.code), "[{}] {}{}", ran.code, ran.out, ran.err);
            }
        }
    }

    /// Asserts that all hold the same bytes and commit as the remote does, in sound repositories, with nothing left
    /// over.
    ///
    /// # Panics
    /// Where it is not so.
    #[track_caller]
    pub fn agree(&self) {
        let main = self.git_says(&self.remote(), "rev-parse main");
        let first = self.book(0).texts();
        for book in self.books() {
            book.stands("");
            assert_eq!(book.git_says("rev-parse HEAD"), main, "{}", book.path().display());
            assert_eq!(book.texts(), first, "{}", book.path().display());
        }
        self.git_says(&self.remote(), "fsck --strict --no-dangling");
    }

    /// What git says in a folder; it must not fail.
    ///
    /// # Panics
    /// Where it fails.
    #[track_caller]
    pub fn git_says(&self, folder: &Path, line: &str) -> String {
        let output = git(folder, line);
        assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[track_caller]
    fn git(&self, line: &str) {
        self.git_says(&self.folder, line);
    }

    /// The same words, wherever the team's folder is.
    pub fn masked(&self, text: &str) -> String {
        text.replace(&self.folder.display().to_string(), "~~")
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// What comes of git in a folder, whatever the machine's own settings say.
///
/// # Panics
/// Where it cannot be started.
pub fn git(folder: &Path, line: &str) -> Output {
    let mut command = Command::new("git");
    command.args(shlex::split(line).unwrap_or_default()).current_dir(folder).stdin(Stdio::null());
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null").env("TZ", "UTC");
    match command.output() {
        Ok(output) => output,
        Err(error) => panic!("git does not start: {error}"),
    }
}

/// An empty folder of one's own; in memory where the system has such a place.
///
/// # Panics
/// Where it cannot be made.
pub fn fresh_folder(name: &str) -> PathBuf {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let memory = PathBuf::from("/dev/shm");
    let place = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = place.join(format!("tickler-{name}-{}-{number}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    assert!(fs::create_dir_all(&folder).is_ok(), "cannot make {}", folder.display());
    folder
}

/// Gives every file below a folder that changed lately a time ten seconds back, as though that much time had passed.
/// What git and tickler keep for themselves is left alone.
pub fn age(folder: &Path) {
    let now = SystemTime::now();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        let name = entry.file_name();
        if kind.is_dir() && name != ".git" && name != ".tickler" {
            age(&entry.path());
        } else if kind.is_file() {
            let changed = entry.metadata().and_then(|meta| meta.modified()).unwrap_or(now);
            let is_new = now.duration_since(changed).map_or(true, |ago| ago < Duration::from_secs(5));
            if is_new && let Ok(file) = File::options().append(true).open(entry.path()) {
                let _ = file.set_modified(now - Duration::from_secs(10));
            }
        }
    }
}

/// Copies a folder with all in it, links as links.
fn copy(from: &Path, to: &Path) {
    assert!(fs::create_dir_all(to).is_ok(), "cannot make {}", to.display());
    for entry in fs::read_dir(from).into_iter().flatten().flatten() {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        let copied = match entry.file_type() {
            Ok(kind) if kind.is_dir() => {
                copy(&from, &to);
                Ok(())
            }
            Ok(kind) if kind.is_symlink() => fs::read_link(&from).and_then(|target| symlink(target, &to)),
            _ => fs::copy(&from, &to).map(|_| ()),
        };
        assert!(copied.is_ok(), "cannot copy {}", from.display());
    }
}

/// Runs tickler in a notebook and has it killed at a named point of a sync or a join; whether it came there.
///
/// # Panics
/// Where it cannot be started.
pub fn killed_at(tickler: Tickler, point: &str) -> bool {
    let mut command = tickler.env("TICKLER_TEST_DIE_AT", point).command();
    match command.stdin(Stdio::null()).output() {
        Ok(output) => output.status.signal() == Some(9),
        Err(error) => panic!("tickler does not start: {error}"),
    }
}
