//! Somebody who works with a clone and the command line, beside the pages.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tickler_tests::{Serving, Tickler};

/// A clone of the notebook by a user, in a folder of their name.
pub fn cloned(serving: &Serving, user: &str) -> PathBuf {
    serving.clone_by(user, user)
}

/// Writes files in a user's clone, commits them and pushes, after fetching what others did.
pub fn push(serving: &Serving, user: &str, files: &[(&str, &str)], subject: &str) {
    serving.git(user, "pull --quiet --ff-only");
    for (path, text) in files {
        let file = serving.folder().join(user).join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    serving.git(user, "add --all");
    let message = serving.folder().join("message");
    fs::write(&message, subject).unwrap();
    serving.git(user, &format!("commit --quiet --file {}", message.display()));
    serving.git(user, "push --quiet origin HEAD:main");
}

/// What a contact's file says on the branch.
pub fn on_branch(serving: &Serving, id: &str) -> String {
    serving.git("data/notebooks/main.git", &format!("show main:contacts/{id}.md"))
}

/// What `tickler` says in a user's clone, brought up to date.
pub fn says(serving: &Serving, user: &str, line: &str) -> String {
    serving.git(user, "pull --quiet --ff-only");
    let ran = Tickler::typed(line).notebook(serving.folder().join(user)).env("TICKLER_ME", user).run();
    assert_eq!(ran.code, 0, "{line}: {}{}", ran.out, ran.err);
    ran.out
}

/// The same as JSON.
pub fn answer(serving: &Serving, user: &str, line: &str) -> Value {
    serde_json::from_str(&says(serving, user, line)).unwrap()
}
