//! Where a work tree stands.

use super::*;

#[test]
fn each_kind_of_change_has_its_list() {
    // The second is an index that only git itself reads.
    for prepare in ["status", "update-index --split-index"] {
        lists(prepare);
    }
}

fn lists(prepare: &str) {
    let repo =
        Scratch::with(&[("n/a.md", "a\n"), ("n/b.md", "b\n"), ("n/c.md", "c\n"), ("outside.md", "o\n")]);
    repo.write("n/a.md", "changed\n");
    repo.remove("n/b.md");
    repo.write("n/c.md", "staged\n");
    repo.git("add n/c.md");
    repo.write("n/sub/new.md", "new\n");
    repo.write("outside.md", "changed\n");
    repo.write("n/d.md", "staged\n");
    repo.git("add n/d.md");
    repo.write("n/d.md", "and changed\n");
    repo.git(prepare);
    let git = Git::open(&repo.path.join("n")).unwrap().unwrap();
    let expected = Status {
        head: Head::Branch("main".to_owned()),
        unfinished: None,
        changed: vec!["a.md".to_owned(), "d.md".to_owned()],
        new: vec!["sub/new.md".to_owned()],
        removed: vec!["b.md".to_owned()],
        staged: vec!["c.md".to_owned(), "d.md".to_owned()],
        conflicted: vec![],
        upstream: None,
    };
    assert_eq!(git.status().unwrap(), expected);
}

#[test]
fn the_branch_that_is_followed_is_told() {
    let repo = Scratch::with(&[("a.md", "a\n")]);
    repo.git("branch base");
    repo.git("update-ref refs/remotes/origin/main HEAD");
    repo.git("config remote.origin.url elsewhere");
    repo.git("config remote.origin.fetch +refs/heads/*:refs/remotes/origin/*");
    repo.git("config branch.main.remote origin");
    repo.git("config branch.main.merge refs/heads/main");
    repo.deed(&[("a.md", Some("b\n"))]);
    repo.deed(&[("a.md", Some("c\n"))]);
    let upstream = Upstream { name: "origin/main".to_owned(), ahead: 2, behind: 0 };
    assert_eq!(repo.open().status().unwrap().upstream, Some(upstream));
    assert_eq!(Scratch::new().open().status().unwrap().head, Head::Unborn("main".to_owned()));
}
