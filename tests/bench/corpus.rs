//! The notebooks that are measured: generated once, kept, and put back as committed before each group of rows.

use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::fault::{Fault, Result};
use crate::sandbox::Sandbox;

/// The script that writes the notebooks; kept beside each as the mark of a finished one of this script's making.
const GENERATOR: &str = include_str!("gen_corpus.py");
const MARK: &str = "gen_corpus.py";

/// A generated notebook: a git work tree with its contacts in folders by first letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Corpus {
    pub contacts: u32,
    folder: PathBuf,
}

impl Corpus {
    /// The notebook of so many contacts in the data folder, which need not be there yet.
    pub fn new(data: &Path, contacts: u32) -> Corpus {
        Corpus { contacts, folder: data.join(contacts.to_string()) }
    }

    /// The notebook's top folder.
    pub fn notebook(&self) -> PathBuf {
        self.folder.join("notebook")
    }

    /// The folder of the contacts.
    pub fn contacts_folder(&self) -> PathBuf {
        self.notebook().join("contacts")
    }

    /// A place for other programs' copies of the same data; it goes when the notebook is generated anew.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// A clone of it to write to, of that name. It is not there before it is made ready by `clone_of`.
    pub fn written(&self, name: &str) -> Corpus {
        Corpus { contacts: self.contacts, folder: self.folder.join(name) }
    }

    /// Makes this notebook a new clone of another, its objects in one pack: git finds nothing to tidy up in it.
    pub fn clone_of(&self, other: &Corpus, sandbox: &Sandbox) -> Result<()> {
        other.make_ready(sandbox)?;
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(Fault::at(&self.folder))?;
        }
        fs::create_dir_all(&self.folder).map_err(Fault::at(&self.folder))?;
        let (from, to) = (other.notebook(), self.notebook());
        let clone = ["git", "clone", "--quiet", "--no-local"].map(OsString::from);
        let argv = [&clone[..], &[from.into_os_string(), to.into_os_string()]].concat();
        succeeded("git clone", &sandbox.command(&argv, &self.folder).output()?)?;
        self.exclude_index()?;
        self.refresh(sandbox)
    }

    /// Gives it a bare repository beside it as its remote, in place of what it was cloned from.
    pub fn shared(&self, sandbox: &Sandbox) -> Result<()> {
        let remote = self.beside("remote.git").to_string_lossy().into_owned();
        let bare = ["clone", "--quiet", "--bare", "--no-local", ".", &remote];
        succeeded("git clone --bare", &self.git(sandbox, &bare)?)?;
        succeeded("git remote", &self.git(sandbox, &["remote", "set-url", "origin", &remote])?)?;
        succeeded("git fetch", &self.git(sandbox, &["fetch", "--quiet"])?)
    }

    /// Brings git's index up to date with the times of the files.
    pub fn refresh(&self, sandbox: &Sandbox) -> Result<()> {
        succeeded("git update-index", &self.git(sandbox, &["update-index", "-q", "--refresh"])?)
    }

    /// Makes the notebook where it is not there yet, and undoes what an earlier row or a stopped run left in it.
    pub fn make_ready(&self, sandbox: &Sandbox) -> Result<()> {
        let mark = self.folder.join(MARK);
        if fs::read(&mark).is_ok_and(|made_by| made_by == GENERATOR.as_bytes()) {
            return self.put_back(sandbox);
        }
        if self.folder.exists() {
            fs::remove_dir_all(&self.folder).map_err(Fault::at(&self.folder))?;
        }
        fs::create_dir_all(&self.folder).map_err(Fault::at(&self.folder))?;
        eprintln!("speed: generating {} contacts", self.contacts);
        let script = self.folder.join("unfinished.py");
        fs::write(&script, GENERATOR).map_err(Fault::at(&script))?;
        let generated = Command::new("python3")
            .arg(&script)
            .args(["--git", "--contacts", &self.contacts.to_string(), "--out"])
            .arg(self.notebook())
            .env("GIT_CONFIG_GLOBAL", sandbox.gitconfig())
            .output()
            .map_err(|error| Fault::new(format!("python3: {error} (apt install python3)")))?;
        succeeded("gen_corpus.py", &generated)?;
        self.exclude_index()?;
        fs::rename(&script, &mark).map_err(Fault::at(&mark))
    }

    /// The index of tickler is of no concern to git, whether or not it ignores itself.
    fn exclude_index(&self) -> Result<()> {
        let exclude = self.notebook().join(".git/info/exclude");
        fs::write(&exclude, "/.tickler/\n").map_err(Fault::at(&exclude))
    }

    /// Puts edited files back as committed and leaves git's index fresh, for a clean and quick `git status`.
    fn put_back(&self, sandbox: &Sandbox) -> Result<()> {
        // Fails where a file is edited, which is what comes next.
        self.git(sandbox, &["update-index", "-q", "--refresh"])?;
        if !self.git(sandbox, &["diff-files", "--quiet"])?.status.success() {
            succeeded("git checkout", &self.git(sandbox, &["checkout", "--quiet", "--", "."])?)?;
        }
        Ok(())
    }

    /// Removes tickler's index, so that the next run has to read every file.
    pub fn forget_index(&self) -> Result<()> {
        let index = self.notebook().join(".tickler");
        match fs::remove_dir_all(&index) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::at(&index)(error)),
            _ => Ok(()),
        }
    }

    /// Whether tickler has written an index: without one, a row that says "cache present" would measure nothing.
    pub fn has_index(&self) -> bool {
        fs::read_dir(self.notebook().join(".tickler")).is_ok_and(|mut files| files.next().is_some())
    }

    /// Edits so many files, spread over all folders, in place: every other one grows by a line of its log, the rest
    /// keep their size. No folder's time changes, so that only a stat of the file itself can tell.
    pub fn edit_in_place(&self, count: usize, sandbox: &Sandbox) -> Result<()> {
        let files = self.files(sandbox)?;
        for (number, path) in files.iter().step_by(files.len().div_ceil(count).max(1)).enumerate() {
            let edited = if number % 2 == 0 { append_touch(path) } else { overwrite_last_byte(path) };
            edited.map_err(Fault::at(path))?;
        }
        Ok(())
    }

    /// Every contact's file, in git's order.
    pub fn files(&self, sandbox: &Sandbox) -> Result<Vec<PathBuf>> {
        let listed = self.git(sandbox, &["ls-files", "-z", "contacts"])?;
        succeeded("git ls-files", &listed)?;
        let names = listed.stdout.split(|byte| *byte == 0).filter(|name| !name.is_empty());
        let top = self.notebook();
        Ok(names.map(|name| top.join(OsStr::from_bytes(name))).collect())
    }

    fn git(&self, sandbox: &Sandbox, arguments: &[&str]) -> Result<Output> {
        let argv: Vec<_> = [&["git"], arguments].concat().into_iter().map(OsString::from).collect();
        let output = sandbox.command(&argv, &self.notebook()).output();
        output.map_err(|error| Fault::new(format!("git: {error} (apt install git)")))
    }
}

fn append_touch(path: &Path) -> io::Result<()> {
    OpenOptions::new().append(true).open(path)?.write_all(b"- 2026-12-01 email: sent the spec sheet\n")
}

/// Turns the final line feed into a space and back: other bytes of the same number, the same contact.
fn overwrite_last_byte(path: &Path) -> io::Result<()> {
    let mut bytes = fs::read(path)?;
    if let Some(last) = bytes.last_mut() {
        *last = if *last == b' ' { b'\n' } else { b' ' };
    }
    OpenOptions::new().write(true).open(path)?.write_all(&bytes)
}

/// The program's own words where it failed.
pub fn succeeded(what: &str, output: &Output) -> Result<()> {
    if output.status.success() {
        return Ok(());
    }
    let words = String::from_utf8_lossy(&output.stderr);
    let first = words.lines().next().unwrap_or_default().trim();
    Err(Fault::new(format!("{what} failed, {}: {first}", output.status)))
}
