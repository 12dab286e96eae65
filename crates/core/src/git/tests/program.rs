//! Commits that the user's own git makes: hooks, signatures, filters.

use std::os::unix::fs::PermissionsExt;

use super::*;

impl Scratch {
    fn script(&self, path: &str, text: &str) {
        self.write(path, format!("#!/bin/sh\n{text}\n"));
        fs::set_permissions(self.path.join(path), fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn prepared() -> Scratch {
    let repo = Scratch::with(&[("a.md", "a\n"), ("b.md", "b\n"), ("gone.md", "gone\n")]);
    repo.write("b.md", "staged\n");
    repo.git("add b.md");
    repo
}

const DEED: [(&str, Option<&str>); 3] =
    [("a.md", Some("new\n")), ("gone.md", None), ("new.md", Some("new\n"))];

#[test]
fn hooks_see_the_commit_and_may_change_its_message() {
    for folder in [".git/hooks", "own-hooks"] {
        let repo = prepared();
        repo.git(&format!("config core.hooksPath {folder}"));
        repo.script(&format!("{folder}/pre-commit"), "git diff --cached --name-only > .git/seen");
        repo.script(&format!("{folder}/commit-msg"), "echo 'Reviewed-by: Sam' >> \"$1\"");
        let committed = repo.deed(&DEED).unwrap();
        assert_eq!(repo.git("rev-parse HEAD").trim(), committed.id);
        assert_eq!(fs::read_to_string(repo.path.join(".git/seen")).unwrap(), "a.md\ngone.md\nnew.md\n");
        assert_eq!(repo.git("log -1 --format=%B").trim(), "log: call\n\nTickler-Verb: log\nReviewed-by: Sam");
        fs::remove_dir_all(repo.path.join("own-hooks")).ok();
        repo.stands("M  b.md\n");
    }
}

#[test]
fn a_hook_that_refuses_leaves_the_index_as_it_was() {
    let repo = prepared();
    let before = (repo.git("rev-parse HEAD"), repo.git("ls-files --stage"));
    repo.script(".git/hooks/pre-commit", "echo 'no commits on Sundays' >&2; exit 1");
    let refused = repo.try_deed(&DEED).unwrap_err();
    assert_eq!(refused.to_string(), "git refused the commit: no commits on Sundays");
    assert_eq!((repo.git("rev-parse HEAD"), repo.git("ls-files --stage")), before);
    repo.stands(" M a.md\nM  b.md\n D gone.md\n?? new.md\n");
}

#[test]
fn a_hook_that_may_not_run_is_none() {
    let repo = prepared();
    repo.script(".git/hooks/pre-commit", "exit 1");
    let hook = repo.path.join(".git/hooks/pre-commit");
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o644)).unwrap();
    repo.deed(&DEED).unwrap();
    repo.stands("M  b.md\n");
}

#[test]
fn the_first_commit_may_go_through_hooks_too() {
    let repo = Scratch::new();
    repo.script(".git/hooks/post-commit", "touch .git/done");
    repo.deed(&[("new.md", Some("new\n"))]).unwrap();
    assert!(repo.path.join(".git/done").exists());
    repo.stands("");
    let refusing = Scratch::new();
    refusing.script(".git/hooks/pre-commit", "exit 1");
    assert!(matches!(refusing.try_deed(&[("new.md", Some("new\n"))]), Err(GitError::Refused(_))));
    assert_eq!(refusing.git("status --porcelain"), "?? new.md\n");
    assert_eq!(refusing.git("ls-files"), "");
}

#[test]
fn several_commits_become_one_where_git_makes_them() {
    let repo = prepared();
    repo.script(".git/hooks/post-commit", "true");
    let git = repo.open();
    let ready = git.ready(Duration::ZERO, &mut || {}).unwrap();
    repo.write("a.md", "two\n");
    repo.write("new.md", "new\n");
    let (first, second) = ([("a.md", Some("one\n"))], [("a.md", Some("two\n")), ("new.md", Some("new\n"))]);
    ready.commit(&[new_commit("one", &first), new_commit("two", &second)]).unwrap().unwrap();
    assert_eq!(repo.git("log --format=%s").trim(), "two\nfirst");
    repo.stands("M  b.md\n");
}

#[test]
fn a_deed_that_changes_nothing_is_no_commit() {
    for hooks in [false, true] {
        let repo = prepared();
        if hooks {
            repo.script(".git/hooks/post-commit", "true");
        }
        assert_eq!(repo.deed(&[("a.md", Some("a\n"))]), None);
        assert_eq!(repo.git("rev-list --count HEAD").trim(), "1");
        repo.stands("M  b.md\n");
    }
}

#[test]
fn commits_are_signed_where_the_user_signs() {
    let repo = prepared();
    repo.git("config commit.gpgsign true");
    repo.git("config user.signingKey pat");
    repo.git(&format!("config gpg.program {}/sign", repo.path.display()));
    repo.script(
        "sign",
        "cat > /dev/null; echo '[GNUPG:] SIG_CREATED ' >&2; printf 'begin\\nsigned by Pat\\nend\\n'",
    );
    repo.git("config core.excludesFile .git/ignored");
    repo.write(".git/ignored", "/sign\n");
    repo.deed(&DEED).unwrap();
    let commit = repo.git("cat-file commit HEAD");
    assert!(commit.contains("\ngpgsig begin\n signed by Pat\n end\n"), "{commit}");
    repo.stands("M  b.md\n");
    repo.script("sign", "echo 'the card is missing' >&2; exit 2");
    let refused = repo.try_deed(&[("a.md", Some("newer\n"))]).unwrap_err();
    assert!(refused.to_string().contains("the card is missing"), "{refused}");
    repo.stands(" M a.md\nM  b.md\n");
}

#[test]
fn what_the_users_filters_encrypt_is_committed_encrypted() {
    let repo = Scratch::with(&[(".gitattributes", "*.md filter=rot\n"), ("tickler.toml", "")]);
    repo.git("config filter.rot.clean rev");
    repo.git("config filter.rot.smudge rev");
    repo.deed(&[("a.md", Some("hello\n")), ("tickler.toml", Some("x = 1\n"))]).unwrap();
    assert_eq!(repo.git("show HEAD:a.md"), "olleh\n");
    repo.stands("");
    let git = repo.open();
    assert_eq!(git.is_committed("a.md", b"hello\n").unwrap(), Some(true));
    assert_eq!(git.is_committed("a.md", b"hallo\n").unwrap(), Some(false));
}

#[test]
fn filters_of_other_files_do_not_matter() {
    let repo = Scratch::with(&[(".gitattributes", "*.pdf filter=no-such-program\n"), ("a.md", "a\n")]);
    repo.git("config filter.no-such-program.clean false");
    repo.git("config filter.no-such-program.required true");
    let (one, two) = ([("a.md", Some("b\n"))], [("b.md", Some("b\n"))]);
    let git = repo.open();
    let ready = git.ready(Duration::ZERO, &mut || {}).unwrap();
    repo.write("a.md", "b\n");
    repo.write("b.md", "b\n");
    ready.commit(&[new_commit("one", &one), new_commit("two", &two)]).unwrap().unwrap();
    // git itself would have made one of them.
    assert_eq!(repo.git("log --format=%s").trim(), "two\none\nfirst");
    repo.stands("");
    let refused = repo.try_deed(&[("a.pdf", Some("x\n"))]).unwrap_err();
    assert!(matches!(refused, GitError::Program(_) | GitError::Refused(_)), "{refused}");
}

#[test]
fn names_that_look_like_patterns_are_names() {
    let repo = prepared();
    repo.write("axc.md", "not this one\n");
    repo.git("add --intent-to-add axc.md");
    repo.script(".git/hooks/pre-commit", "git diff --cached --name-only -- '*.md' > .git/seen");
    repo.deed(&[("a[x]c.md", Some("new\n")), ("a?c.md", Some("new\n")), (":(glob)*", Some("new\n"))])
        .unwrap();
    assert_eq!(fs::read_to_string(repo.path.join(".git/seen")).unwrap(), "a?c.md\na[x]c.md\n");
    assert_eq!(repo.git("show --format= --name-only"), ":(glob)*\na?c.md\na[x]c.md\n");
}

#[test]
fn git_too_waits_for_another_program() {
    let repo = prepared();
    repo.script(".git/hooks/post-commit", "true");
    let git = repo.open();
    let ready = git.ready(Duration::ZERO, &mut || {}).unwrap();
    repo.write("a.md", "new\n");
    let lock = repo.path.join(".git/index.lock");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // As soon as ours is given up, somebody else takes it for a while.
            while fs::File::options().write(true).create_new(true).open(&lock).is_err() {}
            std::thread::sleep(Duration::from_millis(200));
            fs::remove_file(&lock).unwrap();
        });
        let files = [("a.md", Some("new\n"))];
        ready.commit(&[new_commit("log: call", &files)]).unwrap().unwrap();
    });
}
