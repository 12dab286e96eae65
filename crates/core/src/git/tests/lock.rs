//! The lock of the index: waiting for others, and what is left by runs that were killed.

use super::*;

fn locked(repo: &Scratch) -> bool {
    repo.path.join(".git/index.lock").exists()
}

#[test]
fn who_is_ready_holds_the_lock_until_the_end() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    let git = repo.open();
    let ready = git.ready(Duration::ZERO, &mut || {}).unwrap();
    assert!(locked(&repo));
    let (code, _, err) = repo.try_git("add a.md", b"");
    assert!(code != Some(0) && err.contains("index.lock"), "{err}");
    let again = repo.open();
    assert!(matches!(again.ready(Duration::ZERO, &mut || {}), Err(GitError::Locked(_))));
    drop(ready);
    assert!(!locked(&repo));
    repo.stands("");
}

#[test]
fn the_lock_of_another_program_is_waited_for() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    let lock = repo.path.join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    let git = repo.open();
    let mut told = 0;
    let refused = git.ready(Duration::from_millis(50), &mut || told += 1);
    assert!(matches!(refused, Err(GitError::Locked(path)) if path == lock));
    assert_eq!(told, 1);
    git.sweep().unwrap();
    assert!(lock.exists(), "it is not ours");
    let ready = git.ready(Duration::from_secs(20), &mut || fs::remove_file(&lock).unwrap());
    assert!(ready.is_ok());
}

#[test]
fn only_what_the_dead_left_is_swept() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    let folder = repo.path.join(".git");
    let (marker, draft) = (folder.join("tickler-1-0.lock"), folder.join("tickler-1-1.index"));
    let lock = folder.join("index.lock");
    let git = repo.open();
    // Killed between taking the lock and giving it up.
    fs::write(&marker, "").unwrap();
    fs::write(&draft, "DIRC").unwrap();
    fs::hard_link(&marker, &lock).unwrap();
    git.sweep().unwrap();
    repo.stands("");
    // The same where there are no hard links.
    fs::write(&marker, "").unwrap();
    fs::write(&lock, "tickler-1-0.lock").unwrap();
    git.sweep().unwrap();
    repo.stands("");
    // Killed before it had the lock, which is another program's.
    fs::write(&marker, "").unwrap();
    fs::write(&lock, "").unwrap();
    git.sweep().unwrap();
    assert!(lock.exists() && !marker.exists());
    fs::remove_file(&lock).unwrap();
    // Somebody lives and holds it.
    let ready = git.ready(Duration::ZERO, &mut || {}).unwrap();
    repo.open().sweep().unwrap();
    assert!(lock.exists());
    drop(ready);
    repo.stands("");
}

/// Killed after the branch was moved and before the index was in place: the commit is whole after the sweep.
#[test]
fn a_commit_that_was_made_gets_its_index() {
    let rows = [
        // How much of the draft is there, whether the branch was moved, what the status is then.
        (1.0, true, ""),
        (0.5, true, "M  a.md\n"),
        (1.0, false, " M a.md\n"),
    ];
    for (part, has_moved, status) in rows {
        let repo = Scratch::with(&[("a.md", "a\n")]);
        let folder = repo.path.join(".git");
        let index = folder.join("index");
        let (before, old) = (repo.git("rev-parse HEAD"), fs::read(&index).unwrap());
        let after = repo.deed(&[("a.md", Some("b\n"))]).unwrap().id;
        let new = fs::read(&index).unwrap();
        if !has_moved {
            repo.git(&format!("update-ref refs/heads/main {}", before.trim()));
        }
        fs::write(&index, old).unwrap();
        fs::write(folder.join("tickler-1-0.index"), &new[..(new.len() as f64 * part) as usize]).unwrap();
        fs::write(folder.join("tickler-1-1.lock"), format!("refs/heads/main\n{after}\ntickler-1-0.index\n"))
            .unwrap();
        fs::hard_link(folder.join("tickler-1-1.lock"), folder.join("index.lock")).unwrap();
        fs::write(folder.join("refs/heads/main.lock"), "").unwrap();
        repo.open().sweep().unwrap();
        assert!(!folder.join("refs/heads/main.lock").exists());
        assert_eq!(repo.git("status --porcelain").replace("MM", "M "), status, "{part} {has_moved}");
        repo.deed(&[("c.md", Some("c\n"))]).unwrap();
    }
}

#[test]
fn the_lock_of_a_branch_is_swept_only_if_it_is_ours() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    let folder = repo.path.join(".git");
    let id = repo.git("rev-parse HEAD").trim().to_owned();
    let lock = folder.join("refs/heads/main.lock");
    let another = "0123456789012345678901234567890123456789".to_owned();
    // What the lock says, how many seconds it is younger than the marker, and whether it is taken away.
    let rows =
        [(id.clone(), 9, true), (another, 0, false), (String::new(), 0, true), (String::new(), 5, false)];
    for (text, younger, is_swept) in rows {
        let marker = folder.join("tickler-1-0.lock");
        fs::write(&marker, format!("refs/heads/main\n{id}\n\n")).unwrap();
        fs::write(&lock, &text).unwrap();
        let made = fs::metadata(&lock).unwrap().modified().unwrap() - Duration::from_secs(younger);
        fs::File::options().write(true).open(&marker).unwrap().set_modified(made).unwrap();
        repo.open().sweep().unwrap();
        assert_eq!(!lock.exists(), is_swept, "{text:?} {younger}");
        assert!(!marker.exists());
        let _ = fs::remove_file(&lock);
    }
}
