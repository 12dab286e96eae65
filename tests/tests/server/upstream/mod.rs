//! Servers side by side on one upstream: a forge that may be away, be rewound, or be a tickler server itself.

mod attention;
mod exchange;
mod many;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tickler_tests::http::{Host, TOKEN, USER};
use tickler_tests::{Serving, team};

/// How long anything may take on a machine that has much else to do.
pub const PATIENCE: Duration = Duration::from_secs(90);
/// A contact of the worked example.
pub const AMARA: &str = "contacts/amara-okafor.md";

/// A forge with one empty repository, behind a login.
pub struct Forge {
    pub folder: PathBuf,
    pub host: Host,
}

impl Forge {
    pub fn new(name: &str) -> Forge {
        let folder = team::fresh_folder(name);
        says(&folder, "init --quiet --bare --initial-branch=main crm.git");
        let host = Host::of(&folder);
        Forge { folder, host }
    }

    pub fn repository(&self) -> PathBuf {
        self.folder.join("crm.git")
    }

    /// The settings of a notebook that is shared through it.
    pub fn settings(&self, every: u32) -> String {
        let url = self.host.url(USER, TOKEN, "crm.git");
        format!("[notebook.main]\nupstream = \"{url}\"\nupstream_every = {every}\n")
    }

    /// A first server, which brings its notebook.
    pub fn first(&self, name: &str) -> Serving {
        let serving = Serving::with(name, &["--example"], |data| prepare(data, &self.settings(1), None));
        until("the first push", || tip(&self.repository()).is_some());
        serving
    }

    /// One more server, with what the forge has.
    pub fn another(&self, name: &str, every: u32) -> Serving {
        Serving::with(name, &[], |data| prepare(data, &self.settings(every), Some(&self.repository())))
    }

    /// A clone of somebody who knows no server.
    pub fn clone(&self, folder: &str) -> PathBuf {
        says(&self.folder, &format!("clone --quiet crm.git {folder}"));
        named(&self.folder.join(folder), folder)
    }
}

impl Drop for Forge {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Adds an entry to a contact's log, and commits it.
#[track_caller]
pub fn note(clone: &Path, contact: &str, words: &str) {
    let path = clone.join(contact);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let Some((before, after)) = text.split_once("## Log\n\n") else { panic!("{contact} has no log") };
    let text = format!("{before}## Log\n\n- 2026-12-03 10:00 phone @sam: {words}\n{after}");
    assert!(fs::write(&path, text).is_ok());
    says(clone, &format!("commit --quiet --all --message '{words}'"));
}

/// A data folder with these settings and what a repository has; without one the server makes its own notebook.
pub fn prepare(data: &Path, settings: &str, from: Option<&Path>) {
    for folder in ["notebooks", "hooks", "record"] {
        assert!(fs::create_dir_all(data.join(folder)).is_ok());
    }
    assert!(fs::set_permissions(data, fs::Permissions::from_mode(0o700)).is_ok());
    secret(&data.join("server.toml"), settings);
    if let Some(from) = from {
        says(data, &format!("clone --quiet --bare {} notebooks/main.git", from.display()));
    }
}

pub fn secret(path: &Path, text: &str) {
    assert!(fs::write(path, text).is_ok());
    assert!(fs::set_permissions(path, fs::Permissions::from_mode(0o600)).is_ok());
}

pub fn named(clone: &Path, who: &str) -> PathBuf {
    says(clone, &format!("config user.name {who}"));
    says(clone, &format!("config user.email {who}@acme.example"));
    clone.to_owned()
}

pub fn tip(repository: &Path) -> Option<String> {
    let output = team::git(repository, "rev-parse --verify --quiet refs/heads/main");
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

pub fn has(repository: &Path, words: &str) -> bool {
    team::git(repository, &format!("grep --quiet --fixed-strings -e {words} main")).status.success()
}

#[track_caller]
pub fn says(folder: &Path, line: &str) -> String {
    let output = team::git(folder, line);
    assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What git tells on a terminal; it must not fail.
#[track_caller]
pub fn told(folder: &Path, line: &str) -> String {
    let output = team::git(folder, line);
    let words = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {line}: {words}");
    words
}

#[track_caller]
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}
