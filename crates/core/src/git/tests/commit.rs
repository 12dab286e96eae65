//! Commits, and what is left as it was.

use super::*;
use crate::git::Person;
use crate::merge::files::Content;

#[test]
fn a_deed_is_a_commit_of_its_files_alone() {
    let repo =
        Scratch::with(&[("contacts/ada.md", "old\n"), ("contacts/bob.md", "old\n"), ("notes.md", "old\n")]);
    repo.write("contacts/bob.md", "staged\n");
    repo.git("add contacts/bob.md");
    repo.write("notes.md", "changed\n");
    let committed =
        repo.deed(&[("contacts/ada.md", Some("new\n")), ("contacts/cy.md", Some("cy\n"))]).unwrap();
    assert_eq!(repo.git("rev-parse HEAD").trim(), committed.id);
    assert!(committed.id.starts_with(&committed.short) && committed.short.len() >= 7);
    assert_eq!(
        repo.git("show --format=%s --name-status HEAD"),
        "log: call\n\nM\tcontacts/ada.md\nA\tcontacts/cy.md\n"
    );
    assert_eq!(repo.git("log -1 --format=%an:%ae:%cn HEAD").trim(), "Pat:pat@acme.example:Pat");
    repo.stands("M  contacts/bob.md\n M notes.md\n");
}

#[test]
fn the_first_commit_is_a_root() {
    let repo = Scratch::new();
    repo.deed(&[("contacts/ada.md", Some("ada\n"))]).unwrap();
    assert_eq!(repo.git("rev-list --parents HEAD").split_whitespace().count(), 1);
    repo.stands("");
}

#[test]
fn a_file_that_is_gone_is_gone_from_the_commit() {
    let repo = Scratch::with(&[("contacts/ada.md", "ada\n"), ("tickler.toml", "")]);
    repo.deed(&[("contacts/ada.md", None)]).unwrap();
    assert_eq!(repo.git("ls-tree -r --name-only HEAD"), "tickler.toml\n");
    repo.stands("");
}

#[test]
fn a_notebook_in_a_folder_of_the_work_tree_counts_from_there() {
    let repo = Scratch::with(&[("people/contacts/ada.md", "ada\n"), ("contacts/ada.md", "another\n")]);
    let git = Git::open(&repo.path.join("people")).unwrap().unwrap();
    repo.write("people/contacts/ada.md", "new\n");
    let files = [("contacts/ada.md", Some("new\n"))];
    let ready = git.ready(Duration::ZERO, &mut || {}).unwrap();
    let committed = ready.commit(&[new_commit("log: call", &files)]).unwrap().unwrap();
    assert_eq!(repo.git("show --format= --name-only"), "people/contacts/ada.md\n");
    assert_eq!(git.is_committed("contacts/ada.md", b"new\n").unwrap(), Some(true));
    assert_eq!(git.head_content("contacts/ada.md").unwrap().as_deref(), Some(&b"new\n"[..]));
    assert_eq!(git.changes_of(&committed.id).unwrap().files[0].path, "contacts/ada.md");
    repo.stands("");
}

#[test]
fn several_commits_stand_one_upon_the_other() {
    let repo = Scratch::with(&[("a.md", "0\n")]);
    let git = repo.open();
    let ready = git.ready(Duration::ZERO, &mut || {}).unwrap();
    repo.write("a.md", "2\n");
    repo.write("b.md", "b\n");
    let (one, two) =
        ([("a.md", Some("1\n")), ("c.md", Some("c\n"))], [("a.md", Some("2\n")), ("c.md", None)]);
    let three = [("b.md", Some("b\n"))];
    let commits = [new_commit("one", &one), new_commit("two", &two), new_commit("three", &three)];
    ready.commit(&commits).unwrap().unwrap();
    assert_eq!(
        repo.git("log --format=%s --name-status"),
        "three\n\nA\tb.md\ntwo\n\nM\ta.md\nD\tc.md\none\n\nM\ta.md\nA\tc.md\nfirst\n\nA\ta.md\n"
    );
    assert_eq!(repo.git("reflog --format=%gs -2"), "commit: three\ncommit (initial): first\n");
    repo.stands("");
}

#[test]
fn new_files_that_git_is_to_ignore_are_left_out() {
    let repo = Scratch::with(&[(".gitignore", "private/\n*.key.md\n"), ("old.key.md", "old\n")]);
    repo.git("add --force old.key.md");
    repo.git("commit --quiet --message key");
    assert_eq!(repo.deed(&[("private/a.md", Some("a\n"))]), None);
    repo.deed(&[("private/a.md", Some("a\n")), ("old.key.md", Some("new\n")), ("b.md", Some("b\n"))])
        .unwrap();
    assert_eq!(repo.git("show --format= --name-only"), "b.md\nold.key.md\n");
    repo.stands("");
}

#[test]
fn a_files_mode_stays() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    repo.git("update-index --chmod=+x a.md");
    repo.git("commit --quiet --message executable");
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(repo.path.join("a.md"), fs::Permissions::from_mode(0o755)).unwrap();
    repo.deed(&[("a.md", Some("b\n")), ("n.md", Some("n\n"))]).unwrap();
    assert_eq!(repo.git("ls-tree --format=%(objectmode) HEAD"), "100755\n100644\n");
    repo.stands("");
}

#[test]
fn line_ends_are_what_git_wants_them_to_be() {
    let kinds: [(&str, &[(&str, &str)]); 3] = [
        ("config core.autocrlf true", &[("a.md", "a\n")]),
        ("status", &[(".gitattributes", "*.md text\n"), ("a.md", "a\n")]),
        ("update-index --split-index", &[(".gitattributes", "*.md text\n"), ("a.md", "a\n")]),
    ];
    for (prepare, files) in kinds {
        let repo = Scratch::with(files);
        repo.git(prepare);
        repo.deed(&[("a.md", Some("one\r\ntwo\r\n"))]).unwrap();
        assert_eq!(repo.git("show HEAD:a.md"), "one\ntwo\n", "{prepare}");
        let git = repo.open();
        for (bytes, is_so) in [("one\r\ntwo\r\n", true), ("one\ntwo\n", true), ("one\r\n", false)] {
            assert_eq!(
                git.is_committed("a.md", bytes.as_bytes()).unwrap(),
                Some(is_so),
                "{prepare} {bytes:?}"
            );
        }
        assert_eq!(git.is_committed("b.md", b"").unwrap(), None);
        repo.stands("");
    }
}

#[test]
fn many_files_become_one_pack() {
    let repo = Scratch::with(&[("contacts/0/c0.md", "old\n"), ("gone.md", "gone\n")]);
    let texts: Vec<(String, String)> =
        (0..500).map(|n| (format!("contacts/{}/c{n}.md", n % 7), format!("contact {n}\n"))).collect();
    let mut files: Vec<_> = texts.iter().map(|(path, text)| (path.as_str(), Some(text.as_str()))).collect();
    files.push(("gone.md", None));
    repo.deed(&files).unwrap();
    assert_eq!(repo.git("ls-tree -r --name-only HEAD").lines().count(), 500);
    let count = repo.git("count-objects -v");
    assert!(count.contains("packs: 1\n") && count.contains("in-pack: 510\n"), "{count}");
    repo.stands("");
    // What comes after it is no pack again.
    repo.deed(&[("contacts/0/c0.md", Some("new\n"))]).unwrap();
    assert!(repo.git("count-objects -v").contains("packs: 1\n"));
    repo.stands("");
}

#[test]
fn a_linked_work_tree_has_its_own_branch_and_index() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    let place = Scratch::new();
    fs::remove_dir_all(&place.path).unwrap();
    repo.git(&format!("worktree add --quiet -b other {}", place.path.display()));
    place.deed(&[("a.md", Some("b\n"))]).unwrap();
    assert_eq!(repo.git("log --format=%s other"), "log: call\nfirst\n");
    assert_eq!(place.git("status --porcelain"), "");
    repo.stands("");
}

#[test]
fn a_file_that_somebody_changed_again_is_seen_as_changed() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    let git = repo.open();
    let ready = git.ready(Duration::ZERO, &mut || {}).unwrap();
    repo.write("a.md", "X\n");
    let files = [("a.md", Some("b\n"))];
    ready.commit(&[new_commit("log: call", &files)]).unwrap().unwrap();
    assert_eq!(repo.git("show HEAD:a.md"), "b\n");
    repo.stands(" M a.md\n");
}

#[test]
fn two_programs_that_commit_at_once_lose_nothing() {
    let repo = Scratch::with(&[("start.md", "")]);
    std::thread::scope(|scope| {
        for name in ["a", "b", "c"] {
            let repo = &repo;
            scope.spawn(move || {
                for number in 0..5 {
                    let path = format!("{name}{number}.md");
                    let git = repo.open();
                    let ready = git.ready(Duration::from_secs(30), &mut || {}).unwrap();
                    repo.write(&path, "text\n");
                    ready.commit(&[new_commit(&path, &[(&path, Some("text\n"))])]).unwrap().unwrap();
                }
            });
        }
    });
    assert_eq!(repo.git("rev-list --count HEAD").trim(), "16");
    assert_eq!(repo.git("ls-files").lines().count(), 16);
    repo.stands("");
}

/// More new files than are kept as objects of their own: libgit2 would have stored none of them, since no commit led
/// to them yet.
#[test]
fn many_new_files_of_a_tree_are_there_before_a_commit_is() {
    let repo = Scratch::with(&[("notes.md", "0\n")]);
    let git = repo.open();
    let new = |n: u32| Some(Content::New { bytes: format!("{n}\n").into_bytes(), mode: 0o100_644 });
    let files = (0..60).map(|n| (format!("contacts/{}/n-{n}.md", n % 7), new(n))).collect();
    let tip = git.tip().unwrap().unwrap();
    let tree = git.write_tree(Some(&git.tree_of(&tip).unwrap()), &files).unwrap();
    let who = Person { name: "Pat".to_owned(), email: "pat@acme.example".to_owned() };
    let commit = git.write_commit_as(&tree, &[&tip], (&who, &who), "many\n").unwrap();
    assert_eq!(repo.git(&format!("ls-tree -r --name-only {commit}")).lines().count(), 61);
    repo.git("fsck --strict");
}
