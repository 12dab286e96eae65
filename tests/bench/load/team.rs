//! The clients' notebooks: a clone for each, and the edits that they make.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use tickler_tests::team::git;

/// A clone of the notebook, and which contacts are this client's to edit.
pub struct Desk {
    pub notebook: PathBuf,
    contacts: Vec<String>,
    next: usize,
    number: usize,
}

impl Desk {
    /// A clone by that client, one of so many.
    pub fn new(folder: &Path, url: &str, number: usize, of: usize) -> Desk {
        let notebook = folder.join(format!("desk{number}"));
        says(folder, &format!("clone --quiet {url} {}", notebook.display()));
        says(&notebook, &format!("config user.name user{number}"));
        says(&notebook, &format!("config user.email user{number}@acme.example"));
        fs::write(notebook.join(".git/info/exclude"), ".tickler/\n").unwrap();
        let contacts = says(&notebook, "ls-files contacts");
        let contacts = contacts.lines().filter(|path| path.ends_with(".md")).skip(number).step_by(of);
        Desk { contacts: contacts.map(str::to_owned).collect(), notebook, next: 0, number }
    }

    /// Logs a touch with one of its contacts; gives the word by which it is known again.
    pub fn edit(&mut self) -> String {
        let token = format!("token-{}-{}-", self.number, self.next);
        let path = self.notebook.join(&self.contacts[self.next % self.contacts.len()]);
        self.next += 1;
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        file.write_all(format!("- 2026-12-01 phone: spoke of {token}\n").as_bytes()).unwrap();
        token
    }
}

/// How many of these words are not in the branch of a repository, or are there more than once.
pub fn lost_or_doubled(repository: &Path, tokens: &[String]) -> (usize, usize) {
    let found = says(repository, "grep -h -o token-[0-9]*-[0-9]*- main -- contacts");
    let mut counts = std::collections::HashMap::new();
    found.lines().for_each(|token| *counts.entry(token).or_insert(0) += 1);
    let count = |token: &String| counts.get(token.as_str()).copied().unwrap_or(0);
    (
        tokens.iter().filter(|token| count(token) == 0).count(),
        tokens.iter().filter(|token| count(token) > 1).count(),
    )
}

/// What git says; it must not fail.
pub fn says(folder: &Path, line: &str) -> String {
    let output = git(folder, line);
    assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
