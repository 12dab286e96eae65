//! A deed is done as a whole or not at all, in one commit, over nothing that changed meanwhile.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use std::fs;
use std::path::Path;
use std::process::Command;

use super::*;
use crate::notebook::tests::Folder;

/// A notebook in a repository of its own with two contacts, committed.
struct Desk {
    folder: Folder,
}

impl Desk {
    fn new(name: &str) -> Desk {
        let desk = Desk::outside_git(name);
        desk.git(&["init", "--quiet", "--initial-branch=main", "--template="]);
        for (key, value) in [
            ("user.name", "Pat"),
            ("user.email", "pat@acme.example"),
            ("commit.gpgsign", "false"),
            ("core.hooksPath", ".git/hooks"),
        ] {
            desk.git(&["config", key, value]);
        }
        fs::write(desk.path(".gitignore"), "/.tickler/\n").unwrap();
        desk.git(&["add", "--all"]);
        desk.git(&["commit", "--quiet", "--message", "first"]);
        desk
    }

    fn outside_git(name: &str) -> Desk {
        let desk = Desk { folder: Folder::new(name) };
        fs::create_dir(desk.path("contacts")).unwrap();
        fs::write(desk.path("tickler.toml"), "").unwrap();
        fs::write(desk.path("contacts/ann.md"), "ann\n").unwrap();
        fs::write(desk.path("contacts/bob.md"), "bob\n").unwrap();
        desk
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    #[track_caller]
    fn git(&self, words: &[&str]) -> String {
        let output = Command::new("git")
            .args(words)
            .current_dir(self.folder.path())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    fn read(&self, file: &str) -> Option<String> {
        fs::read_to_string(self.path(file)).ok()
    }

    fn notebook(&self) -> Notebook {
        Notebook::open(self.folder.path()).unwrap()
    }

    fn save(&self, changes: Vec<Change>) -> Result<Saved, SaveError> {
        self.notebook().save(&deed(changes), &Saving::default())
    }

    /// Nothing lies about: no file of ours in the contacts, no journal, no lock.
    #[track_caller]
    fn is_clean(&self) {
        let mut stray = Vec::new();
        for folder in ["contacts", ".tickler", ".git"] {
            let Ok(entries) = fs::read_dir(self.path(folder)) else { continue };
            for entry in entries.flatten() {
                let name = entry.file_name().into_string().unwrap();
                let ours = name.starts_with(".tickler-") || name.starts_with("tickler-");
                if ours || name == "journal" || name == "index.lock" || name.ends_with(".tmp") {
                    stray.push(format!("{folder}/{name}"));
                }
            }
        }
        assert_eq!(stray, [""; 0]);
    }
}

fn deed(changes: Vec<Change>) -> Deed {
    Deed { verb: "log".into(), subject: "log Ann: phone".into(), undoes: Vec::new(), changes }
}

#[test]
fn a_deed_is_one_commit_of_just_its_files() {
    let desk = Desk::new("save-one");
    fs::write(desk.path("contacts/bob.md"), "bob, by hand\n").unwrap();
    fs::write(desk.path("staged.txt"), "x").unwrap();
    desk.git(&["add", "staged.txt"]);
    let saved = desk.save(vec![Change::edit("contacts/ann.md", "ann\n", "ann called\n")]).unwrap();
    assert!(matches!(saved.recorded, Recorded::Commit { .. }));
    assert_eq!(desk.git(&["show", "--format=%an <%ae>%n%B", "--name-only", "HEAD"]).trim(), {
        "Pat <pat@acme.example>\nlog Ann: phone\n\nTickler-Verb: log\n\n\ncontacts/ann.md"
    });
    assert_eq!(desk.git(&["status", "--porcelain"]), " M contacts/bob.md\nA  staged.txt\n");
    desk.is_clean();
}

#[test]
fn what_was_written_by_hand_before_has_a_commit_of_its_own() {
    let desk = Desk::new("save-hand");
    fs::write(desk.path("contacts/ann.md"), "ann, by hand\n").unwrap();
    desk.save(vec![Change::edit("contacts/ann.md", "ann, by hand\n", "ann, by hand\ncalled\n")]).unwrap();
    assert_eq!(desk.git(&["log", "--format=%s"]), "log Ann: phone\nann: text edited\nfirst\n");
    assert_eq!(desk.git(&["show", "HEAD~1:contacts/ann.md"]), "ann, by hand\n");
    assert_eq!(desk.git(&["status", "--porcelain"]), "");
}

#[test]
fn new_and_removed_files_and_folders() {
    let desk = Desk::new("save-move");
    let changes = vec![Change::add("contacts/a/ann.md", "ann\n"), Change::remove("contacts/ann.md", "ann\n")];
    desk.save(changes).unwrap();
    assert_eq!((desk.read("contacts/ann.md"), desk.read("contacts/a/ann.md")), (None, Some("ann\n".into())));
    let shown = desk.git(&["show", "--find-renames", "--name-status", "--format="]);
    assert_eq!(shown, "R100\tcontacts/ann.md\tcontacts/a/ann.md\n");
    assert_eq!(desk.git(&["status", "--porcelain"]), "");
    desk.is_clean();
}

#[test]
fn one_file_that_changed_stops_all_of_it() {
    let desk = Desk::new("save-changed");
    fs::write(desk.path("contacts/bob.md"), "bob, by an editor\n").unwrap();
    let changes = vec![
        Change::add("contacts/c/cleo.md", "cleo\n"),
        Change::edit("contacts/ann.md", "ann\n", "ann called\n"),
        Change::edit("contacts/bob.md", "bob\n", "bob called\n"),
    ];
    assert!(matches!(desk.save(changes), Err(SaveError::Changed(file)) if file == "contacts/bob.md"));
    assert_eq!(desk.read("contacts/ann.md").as_deref(), Some("ann\n"));
    assert_eq!(desk.read("contacts/bob.md").as_deref(), Some("bob, by an editor\n"));
    assert!(!desk.path("contacts/c").exists());
    assert_eq!(desk.git(&["log", "--format=%s"]), "first\n");
    desk.is_clean();
}

#[test]
fn where_git_refuses_nothing_is_written() {
    let desk = Desk::new("save-refused");
    let change = || vec![Change::edit("contacts/ann.md", "ann\n", "ann called\n")];
    desk.git(&["checkout", "--quiet", "--detach"]);
    assert!(matches!(desk.save(change()), Err(SaveError::Git(GitError::Detached))));
    desk.git(&["checkout", "--quiet", "main"]);
    // A hook says no only when the file is written already.
    let hook = desk.path(".git/hooks/pre-commit");
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, "#!/bin/sh\necho not today >&2\nexit 1\n").unwrap();
    fs::set_permissions(&hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let error = desk.save(change()).unwrap_err();
    assert!(error.to_string().contains("not today"), "{error}");
    assert_eq!(desk.read("contacts/ann.md").as_deref(), Some("ann\n"));
    assert_eq!(desk.git(&["status", "--porcelain"]), "");
    desk.is_clean();
}

#[test]
fn outside_git_it_is_written_all_the_same() {
    let desk = Desk::outside_git("save-outside");
    let saved = desk.save(vec![Change::edit("contacts/ann.md", "ann\n", "ann called\n")]).unwrap();
    assert_eq!(saved.recorded, Recorded::Outside);
    assert_eq!(desk.read("contacts/ann.md").as_deref(), Some("ann called\n"));
    desk.is_clean();
}

#[test]
fn many_files_are_one_commit() {
    let desk = Desk::new("save-many");
    let changes: Vec<Change> = (0..200).map(|n| Change::add(format!("contacts/n/n-{n}.md"), "n\n")).collect();
    let seen = AtomicU64::new(0);
    let progress = |done: u64| {
        seen.fetch_max(done, Ordering::Relaxed);
    };
    let saving = Saving { progress: &progress, ..Saving::default() };
    desk.notebook().save(&deed(changes), &saving).unwrap();
    assert_eq!(seen.load(Ordering::Relaxed), 200);
    assert_eq!(desk.git(&["log", "--format=%s"]), "log Ann: phone\nfirst\n");
    assert_eq!(desk.git(&["status", "--porcelain"]), "");
    desk.git(&["fsck", "--strict"]);
    desk.is_clean();
}

/// As a run leaves things that is killed at each moment of a deed of an edit, a new file and one that goes.
#[test]
fn a_killed_run_is_finished_or_leaves_nothing() {
    for killed_after in 0..=5_usize {
        let desk = Desk::new("save-killed");
        let root = desk.folder.path();
        let changes = [
            Change::edit("contacts/ann.md", "ann\n", "ann called\n"),
            Change::add("contacts/cleo.md", "cleo\n"),
            Change::remove("contacts/bob.md", "bob\n"),
        ];
        let steps: Vec<Step> = changes.iter().map(|change| Step::of(root, change)).collect();
        let mut journal =
            Journal::of(&steps, "log Ann: phone", "log Ann: phone\n\nTickler-Verb: log\n", true);
        journal.begin(root).unwrap();
        steps.iter().for_each(|step| step.write_aside(true).unwrap());
        if killed_after > 0 {
            journal.commit_to(root).unwrap();
        }
        steps.iter().take(killed_after.saturating_sub(1)).for_each(|step| step.place().unwrap());
        if killed_after == 5 {
            leave_a_lock(root);
        }
        let finished = desk.notebook().recover().unwrap();
        let (expected, ann) = match killed_after {
            0 => (None, "ann\n"),
            _ => (Some("log Ann: phone".to_owned()), "ann called\n"),
        };
        assert_eq!((finished, desk.read("contacts/ann.md").as_deref()), (expected, Some(ann)));
        assert_eq!(desk.path("contacts/cleo.md").exists(), killed_after > 0);
        assert_eq!(desk.path("contacts/bob.md").exists(), killed_after == 0);
        assert_eq!(desk.git(&["status", "--porcelain"]), "", "{killed_after}");
        let commits = if killed_after == 0 { "first\n" } else { "log Ann: phone\nfirst\n" };
        assert_eq!(desk.git(&["log", "--format=%s"]), commits);
        desk.is_clean();
    }
}

/// A lock on git's index such as a killed run leaves.
fn leave_a_lock(root: &Path) {
    let marker = root.join(".git/tickler-999999999-0.lock");
    fs::write(&marker, "").unwrap();
    fs::hard_link(&marker, root.join(".git/index.lock")).unwrap();
}

#[test]
fn what_an_editor_saved_after_the_kill_stays() {
    let desk = Desk::new("save-killed-edited");
    let root = desk.folder.path();
    let change = Change::edit("contacts/ann.md", "ann\n", "ann called\n");
    let step = Step::of(root, &change);
    let mut journal = Journal::of(std::slice::from_ref(&step), "log Ann: phone", "log Ann: phone\n", true);
    journal.begin(root).unwrap();
    step.write_aside(true).unwrap();
    journal.commit_to(root).unwrap();
    fs::write(desk.path("contacts/ann.md"), "ann, by an editor\n").unwrap();
    assert_eq!(desk.notebook().recover().unwrap(), None);
    assert_eq!(desk.read("contacts/ann.md").as_deref(), Some("ann, by an editor\n"));
    desk.is_clean();
}

#[test]
fn a_read_only_folder_is_told_of() {
    let desk = Desk::outside_git("save-folder");
    let change = Change::add("contacts/ann.md/x.md", "x");
    assert!(matches!(desk.save(vec![change]), Err(SaveError::Disk { .. })));
    desk.is_clean();
}

#[test]
fn what_an_editor_wrote_is_recorded_and_not_written_again() {
    let desk = Desk::new("record");
    fs::write(desk.path("contacts/ann.md"), "ann, by hand\n").unwrap();
    let change = Change::edit("contacts/ann.md", "ann, by hand\n", "ann, edited\n");
    let deed =
        Deed { verb: "edit".into(), subject: "edit ann".into(), undoes: vec![], changes: vec![change] };
    let notebook = Notebook::open(desk.folder.path()).unwrap();
    let record = || notebook.record(&deed, &Saving::default());
    assert!(matches!(record(), Err(SaveError::Changed(file)) if file == "contacts/ann.md"));
    assert_eq!(desk.git(&["log", "--format=%s"]), "first\n");
    fs::write(desk.path("contacts/ann.md"), "ann, edited\n").unwrap();
    let before = fs::metadata(desk.path("contacts/ann.md")).unwrap().modified().unwrap();
    assert!(matches!(record().unwrap().recorded, Recorded::Commit { .. }));
    assert_eq!(fs::metadata(desk.path("contacts/ann.md")).unwrap().modified().unwrap(), before);
    assert_eq!(desk.git(&["log", "--format=%s"]), "edit ann\nann: text edited\nfirst\n");
    assert_eq!(desk.git(&["show", "HEAD~:contacts/ann.md"]), "ann, by hand\n");
    assert_eq!(desk.git(&["status", "--porcelain"]), "");
    desk.is_clean();
}

#[test]
fn what_is_recorded_outside_git_is_left_alone() {
    let desk = Desk::outside_git("record-outside");
    let change = Change::edit("contacts/ann.md", "before\n", "ann\n");
    let deed =
        Deed { verb: "edit".into(), subject: "edit ann".into(), undoes: vec![], changes: vec![change] };
    let notebook = Notebook::open(desk.folder.path()).unwrap();
    assert_eq!(notebook.record(&deed, &Saving::default()).unwrap().recorded, Recorded::Outside);
    let saving = Saving { commit: false, ..Saving::default() };
    assert_eq!(notebook.record(&deed, &saving).unwrap().recorded, Recorded::Unasked);
}
