//! What history says, compared with what was done.

use super::*;

#[test]
fn the_history_of_a_file_follows_its_names() {
    let repo = Scratch::with(&[("contacts/ada.md", "one\ntwo\nthree\n"), ("contacts/bob.md", "bob\n")]);
    repo.deed(&[("contacts/bob.md", Some("bob again\n"))]);
    repo.deed(&[("contacts/ada.md", Some("one\ntwo\nthree\nfour\n"))]);
    let moved = [("contacts/ada.md", None), ("contacts/a/ada.md", Some("one\ntwo\nthree\nfour\n"))];
    repo.deed(&moved);
    let git = repo.open();
    let records = git.history(Some("contacts/a/ada.md"), None).unwrap();
    let paths: Vec<_> = records.iter().map(|record| record.path.as_deref().unwrap()).collect();
    assert_eq!(paths, ["contacts/a/ada.md", "contacts/ada.md", "contacts/ada.md"]);
    let words: Vec<_> = records.iter().map(|r| (r.subject.as_str(), r.verb.as_deref())).collect();
    assert_eq!(words, [("log: call", Some("log")), ("log: call", Some("log")), ("first", None)]);
    assert_eq!(git.history(None, None).unwrap().len(), 4);
    assert_eq!(git.history(None, Some(2)).unwrap().len(), 2);
    assert_eq!(git.record(&records[0].id[..8]).unwrap().id, records[0].id);
    let changes = git.changes_of(&records[1].id).unwrap();
    assert_eq!(
        changes,
        Changes {
            files: vec![Change {
                path: "contacts/ada.md".to_owned(),
                before: Some(b"one\ntwo\nthree\n".to_vec()),
                after: Some(b"one\ntwo\nthree\nfour\n".to_vec()),
            }],
            others: 0,
        }
    );
}

#[test]
fn of_merges_only_those_are_told_that_are_like_no_side() {
    let repo = Scratch::with(&[("a.md", "1\n2\n3\n4\n5\n"), ("b.md", "b\n")]);
    repo.git("switch --quiet --create other");
    repo.deed(&[("a.md", Some("1\n2\n3\n4\nfive\n"))]);
    repo.git("switch --quiet main");
    repo.deed(&[("b.md", Some("bb\n"))]);
    repo.git("merge --quiet --no-edit -m merge-one other");
    let ids = |path| -> Vec<String> {
        repo.open().history(path, None).unwrap().into_iter().map(|record| record.id).collect()
    };
    let listed = |words: &str| -> Vec<String> { repo.git(words).lines().map(str::to_owned).collect() };
    assert_eq!(ids(Some("a.md")), listed("rev-list HEAD -- a.md"));
    assert_eq!(ids(Some("a.md")).len(), 2);
    // Both sides change the file now, and the merge is like neither.
    repo.deed(&[("a.md", Some("one\n2\n3\n4\nfive\n"))]);
    repo.git("switch --quiet other");
    repo.deed(&[("a.md", Some("1\n2\n3\n4\n5!\n"))]);
    repo.git("merge --quiet --no-edit -m merge-two -X ours main");
    assert_eq!(ids(Some("a.md")).len(), 5);
    assert_eq!(sorted(ids(Some("a.md"))), sorted(listed("rev-list HEAD -- a.md")));
    assert_eq!(sorted(ids(None)), sorted(listed("rev-list HEAD -- .")));
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids
}

#[test]
fn a_file_that_was_gone_and_came_back_has_all_of_its_history() {
    let repo = Scratch::with(&[("a.md", "1\n"), ("b.md", "b\n")]);
    repo.deed(&[("a.md", None)]);
    repo.deed(&[("b.md", Some("bb\n"))]);
    let git = repo.open();
    assert_eq!(git.history(Some("a.md"), None).unwrap().len(), 2, "also while it is gone");
    repo.deed(&[("a.md", Some("back\n"))]);
    let ids: Vec<_> = git.history(Some("a.md"), None).unwrap().into_iter().map(|record| record.id).collect();
    assert_eq!(ids, repo.git("rev-list HEAD -- a.md").lines().collect::<Vec<_>>());
    assert_eq!(git.history(Some("never.md"), None).unwrap(), []);
    assert_eq!(Scratch::new().open().history(None, None).unwrap(), []);
}

#[test]
fn what_a_commit_says_of_itself_is_read() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    let git = repo.open();
    let first = git.history(None, None).unwrap().remove(0);
    let message =
        format!("undo: log: call\n\nTwo words.\n\nTickler-Verb: undo\nTickler-Undoes: {}\n", first.id);
    let ready = git.ready(Duration::ZERO, &mut || {}).unwrap();
    repo.write("a.md", "b\n");
    let files = [("a.md", Some("b\n"))];
    let committed = ready.commit(&[new_commit(&message, &files)]).unwrap().unwrap();
    let record = git.record(&committed.short).unwrap();
    assert_eq!(record.subject, "undo: log: call");
    assert_eq!((record.verb.as_deref(), record.undoes), (Some("undo"), vec![first.id]));
    assert_eq!((record.author.as_str(), record.email.as_str()), ("Pat", "pat@acme.example"));
    assert_eq!(record.when.to_rfc3339(), repo.git("log -1 --format=%aI").trim().replace('Z', "+00:00"));
}

#[test]
fn only_digits_name_a_commit() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    let git = repo.open();
    let tree = repo.git("rev-parse HEAD^{tree}");
    for name in ["HEAD", "main", ":/first", "HEAD~0", "", "abc", "0000000", tree.trim(), "main@{0}"] {
        assert!(matches!(git.record(name), Err(GitError::NoSuchCommit(_))), "{name}");
    }
    assert!(matches!(git.changes_of("HEAD"), Err(GitError::NoSuchCommit(_))));
}

#[test]
fn a_prefix_of_a_blob_and_a_commit_names_the_commit() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    let git = repo.open();
    let head = repo.git("rev-parse HEAD").trim().to_owned();
    // Sixteen bits are soon met.
    let blob = (0..2_000_000).map(|n: u32| n.to_string()).find(|text| {
        let id = git2::Oid::hash_object(git2::ObjectType::Blob, text.as_bytes()).unwrap();
        id.to_string()[..4] == head[..4]
    });
    repo.write("twin", blob.expect("a blob whose id begins so"));
    repo.git("hash-object -w twin");
    assert_eq!(git.record(&head[..4]).unwrap().id, head);
}

#[test]
fn changes_say_what_lies_elsewhere() {
    let repo = Scratch::with(&[("n/a.md", "a\n"), ("n/gone.md", "gone\n"), ("outside.md", "o\n")]);
    std::os::unix::fs::symlink("a.md", repo.path.join("n/link")).unwrap();
    repo.write("n/a.md", "b\n");
    repo.remove("n/gone.md");
    repo.write("n/new.md", "new\n");
    repo.write("outside.md", "oo\n");
    repo.git("add --all");
    repo.git("commit --quiet --message second");
    let git = Git::open(&repo.path.join("n")).unwrap().unwrap();
    let id = repo.git("rev-parse HEAD").trim().to_owned();
    let changes = git.changes_of(&id).unwrap();
    let bytes = |text: &str| Some(text.as_bytes().to_vec());
    let rows: Vec<_> = changes.files.into_iter().map(|file| (file.path, file.before, file.after)).collect();
    assert_eq!(
        rows,
        [
            ("a.md".to_owned(), bytes("a\n"), bytes("b\n")),
            ("gone.md".to_owned(), bytes("gone\n"), None),
            ("new.md".to_owned(), None, bytes("new\n")),
        ]
    );
    assert_eq!(changes.others, 2);
    assert_eq!(git.paths_of(&id).unwrap(), ["a.md", "gone.md", "link", "new.md"]);
}
