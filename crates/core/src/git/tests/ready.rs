//! What speaks against a commit.

use super::*;

#[track_caller]
fn refusal(repo: &Scratch) -> (String, Option<String>) {
    let git = repo.open();
    let refused = git.ready(Duration::ZERO, &mut || {}).err().expect("a refusal");
    assert!(!repo.path.join(".git/index.lock").exists());
    (refused.to_string(), refused.hint())
}

#[test]
fn what_a_user_is_in_the_middle_of_comes_first() {
    // What is in the git folder, and what it means.
    let rows = [
        ("MERGE_HEAD", "a merge is not finished"),
        ("REVERT_HEAD", "a revert is not finished"),
        ("CHERRY_PICK_HEAD", "a cherry-pick is not finished"),
        ("rebase-merge/interactive", "a rebase is not finished"),
        ("rebase-apply/applying", "a series of patches is not finished"),
    ];
    for (name, words) in rows {
        let repo = Scratch::with(&[("a.md", "a\n")]);
        let head = repo.git("rev-parse HEAD");
        repo.write(&format!(".git/{name}"), head);
        let (message, hint) = refusal(&repo);
        assert_eq!(message, words);
        assert!(hint.unwrap().contains("--abort"), "{name}");
    }
}

#[test]
fn a_real_merge_in_conflict_is_unfinished() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    repo.git("switch --quiet --create other");
    repo.deed(&[("a.md", Some("theirs\n"))]);
    repo.git("switch --quiet main");
    repo.deed(&[("a.md", Some("ours\n"))]);
    assert_eq!(repo.try_git("merge other", b"").0, Some(1));
    assert_eq!(refusal(&repo).0, "a merge is not finished");
    let status = repo.open().status().unwrap();
    assert_eq!((status.unfinished, status.conflicted), (Some(Unfinished::Merge), vec!["a.md".to_owned()]));
}

#[test]
fn a_commit_needs_a_branch() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    repo.git("checkout --quiet --detach");
    let (message, hint) = refusal(&repo);
    assert!(message.starts_with("no branch is checked out"), "{message}");
    assert!(hint.unwrap().starts_with("git switch"));
    assert!(matches!(repo.open().head().unwrap(), Head::Detached(id) if id.len() == 40));
}

#[test]
fn a_commit_needs_somebody() {
    for key in ["user.name", "user.email"] {
        let repo = Scratch::with(&[("a.md", "a\n")]);
        fs::write(repo.path.join(".git/more"), "").unwrap();
        let config = repo.path.join(".git/config");
        let text = fs::read_to_string(&config).unwrap();
        let name = key.trim_start_matches("user.");
        let text: String =
            text.lines().filter(|l| !l.trim().starts_with(name)).map(|l| format!("{l}\n")).collect();
        fs::write(&config, format!("{text}[user]\n\t{name} = \"\"\n")).unwrap();
        let (message, hint) = refusal(&repo);
        assert_eq!(message, "git does not know who you are, so there can be no commit", "{key}");
        assert!(hint.unwrap().contains("git config --global user.name"));
    }
}

#[test]
fn what_is_no_work_tree_is_none() {
    let repo = Scratch::new();
    let bare = repo.path.join("bare");
    repo.git("init --quiet --bare bare");
    assert!(Git::open(&bare).unwrap().is_none());
    let outside = Scratch::new();
    fs::remove_dir_all(outside.path.join(".git")).unwrap();
    assert!(Git::open(&outside.path).unwrap().is_none());
}

#[test]
fn a_repository_of_another_kind_is_an_error_with_a_hint() {
    for kind in ["--object-format=sha256", "--ref-format=reftable"] {
        let repo = Scratch::new();
        fs::remove_dir_all(repo.path.join(".git")).unwrap();
        repo.git(&format!("init --quiet {kind}"));
        let refused = Git::open(&repo.path).err().expect("a refusal");
        assert!(matches!(refused, GitError::Unreadable { .. }), "{refused}");
        assert!(refused.hint().unwrap().contains("SHA-1"));
    }
}
