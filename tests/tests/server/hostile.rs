//! Pushes that mean harm, or would do some: each is refused with a line that says why, and leaves nothing behind.

use crate::pushing::Pushing;

const MAIN: &str = "HEAD:refs/heads/main";
const FILE: &str = "100644";

#[test]
fn entries_that_no_commit_may_have() {
    let pushing = Pushing::new("hostile-entries");
    let user = "admin";
    let blob = pushing.blob(user, "text\n");
    let own = |path: &str| pushing.blob(user, path);
    let empty = pushing.tree(user, &[]);
    let inner = pushing.tree(user, &[(FILE, b"config".to_vec(), blob.clone())]);
    let head = pushing.git(user, "rev-parse HEAD").trim().to_owned();
    let name = |name: &str| name.as_bytes().to_vec();
    let rows: [(&str, Vec<u8>, String, &str); 27] = [
        (
            "120000",
            name("passwd.md"),
            own("/etc/passwd"),
            "contacts/passwd.md: a symbolic link; put the file itself",
        ),
        ("120000", name("up"), own("../.."), "contacts/up: a symbolic link"),
        ("160000", name("other"), head, "contacts/other: another repository (a submodule)"),
        (
            FILE,
            name(".gitattributes"),
            own("* filter=x\n"),
            "contacts/.gitattributes: git acts by such a file",
        ),
        (FILE, name(".GitModules"), own("x\n"), "contacts/.GitModules: git acts by such a file"),
        ("40000", name(".tickler"), inner.clone(), "contacts/.tickler: git acts by such a file"),
        (FILE, b"ren\xe9.md".to_vec(), blob.clone(), "contacts/ren\\xe9.md: the name is not UTF-8"),
        (
            FILE,
            name("a\nremote: fine.md"),
            blob.clone(),
            "contacts/a\\u{a}remote: fine.md: the name has a control",
        ),
        (FILE, name("\x1b[31mred.md"), blob.clone(), "contacts/\\u{1b}[31mred.md: the name has a control"),
        (FILE, name("\u{202e}dm.x.md"), blob.clone(), "the name has an invisible character"),
        // From here on a further commit could mend it.
        (
            FILE,
            name("CON.md"),
            blob.clone(),
            "contacts/CON.md: Windows keeps that name for a device; rename it",
        ),
        (FILE, name("a."), blob.clone(), "contacts/a.: the name ends with a dot or a space"),
        (FILE, name("-rf"), blob.clone(), "contacts/-rf: the name begins with a hyphen"),
        (FILE, name(".env"), blob.clone(), "contacts/.env: the name begins with a dot"),
        (FILE, name("a\\b.md"), blob.clone(), "contacts/a\\b.md: the name has one of"),
        (FILE, name("a:b.md"), blob.clone(), "contacts/a:b.md: the name has one of"),
        (FILE, name("Amara-Okafor.md"), blob.clone(), "some systems take it and \"amara-okafor.md\" for one"),
        (FILE, name("rene\u{301}.md"), blob.clone(), "the name's accents are separate characters"),
        (FILE, name(&format!("{}.md", "x".repeat(190))), blob.clone(), "the path has 202 bytes"),
        // What git's own checks refuse; the words are git's.
        ("40000", name(".git"), inner.clone(), "hasDotgit"),
        ("40000", name(".GIT"), inner.clone(), "hasDotgit"),
        ("40000", name("git~1"), inner.clone(), "hasDotgit"),
        ("40000", name(".g\u{200c}it"), inner.clone(), "hasDotgit"),
        ("40000", name(".git "), inner.clone(), "hasDotgit"),
        ("40000", name(".."), inner.clone(), "hasDotdot"),
        ("40000", name("."), inner, "hasDot"),
        (FILE, name("a/b.md"), blob.clone(), "fullPathname"),
    ];
    for (mode, name, id, said) in rows {
        let commit = pushing.commit_with(user, &[(mode, name, id)]);
        let word = format!("{commit}:refs/heads/main");
        let shown = pushing.refused(user, &word, said);
        // The same by the way of a client.
        if !said.contains(':') {
            continue;
        }
        let shown_there = pushing.refused(user, &format!("{commit}:refs/sync/admin/laptop"), said);
        assert_eq!(remote(&shown), remote(&shown_there));
    }
    // A folder twice, and two new names that are one.
    let commit =
        pushing.commit_with(user, &[(FILE, name("x.md"), blob.clone()), (FILE, name("X.md"), blob.clone())]);
    let shown =
        pushing.refused(user, &format!("{commit}:refs/heads/main"), "contacts/x.md: some systems take it");
    assert!(shown.contains("contacts/X.md: some systems take it and \"x.md\" for one"), "{shown}");
    let twice = [(FILE, name("x.md"), blob.clone()), ("40000", name("x.md"), empty)];
    let commit = pushing.commit_with(user, &twice);
    pushing.refused(user, &format!("{commit}:refs/heads/main"), "duplicateEntries");
    pushing.is_sound();
}

/// What the server said.
fn remote(shown: &str) -> Vec<&str> {
    shown.lines().filter(|line| line.starts_with("remote: ")).collect()
}

#[test]
fn a_further_commit_mends_a_name_but_no_link() {
    let pushing = Pushing::new("hostile-mended");
    let user = "ann";
    let blob = pushing.blob(user, "text\n");
    let bad = |mode: &str, name: &str| {
        let commit = pushing.commit_with(user, &[(mode, name.as_bytes().to_vec(), blob.clone())]);
        let tree = pushing.git(user, "rev-parse origin/main^{tree}").trim().to_owned();
        pushing.git(user, &format!("commit-tree {tree} -p {commit} -m mended")).trim().to_owned()
    };
    let shown =
        pushing.refused(user, &format!("{}:refs/heads/main", bad("120000", "x.md")), "a symbolic link");
    assert!(shown.contains("remote: to make the commits anew: git reset --soft origin/main"), "{shown}");
    pushing.goes(user, &format!("{}:refs/heads/main", bad(FILE, "CON.md")));
    pushing.is_sound();
}

#[test]
fn a_notebook_that_has_bad_names_can_be_worked_on() {
    let pushing = Pushing::new("hostile-before");
    let user = "admin";
    let blob = pushing.blob(user, "+++\nname = \"Con\"\n+++\n");
    let bad = ["con.md", "Amara-okafor.md", "a:b.md", ".hidden.md"];
    let entries: Vec<_> = bad.iter().map(|name| (FILE, name.as_bytes().to_vec(), blob.clone())).collect();
    let commit = pushing.commit_with(user, &entries);
    pushing.takes_over(user, &commit);
    pushing.fresh("ann");
    pushing.write("ann", "contacts/con.md", "+++\nname = \"Con\"\ncity = \"Rome\"\n+++\n");
    pushing.write("ann", "contacts/new.md", "+++\nname = \"New\"\n+++\n");
    pushing.commit("ann");
    pushing.goes("ann", MAIN);
    pushing.write("ann", "contacts/aux.md", "+++\nname = \"Aux\"\n+++\n");
    pushing.commit("ann");
    pushing.refused("ann", MAIN, "contacts/aux.md: Windows keeps that name");
}

#[test]
fn refs_that_nobody_pushes_to() {
    let pushing = Pushing::new("hostile-refs");
    let user = "ann";
    let other = pushing.commit_with(user, &[(FILE, b"x.md".to_vec(), pushing.blob(user, "x\n"))]);
    let old = pushing.git(user, "commit-tree HEAD^{tree} -m apart").trim().to_owned();
    pushing.git(user, "tag -a -m v1 v1");
    for (words, said) in [
        (format!("{other}:refs/heads/other"), "refs/heads/other: a notebook has the branch \"main\" alone"),
        (
            format!("{other}:refs/heads/--upload-pack=x"),
            "refs/heads/--upload-pack=x: a notebook has the branch",
        ),
        (format!("{other}:refs/notes/commits"), "refs/notes/commits: a notebook has the branch"),
        ("v1:refs/tags/v1".to_owned(), "refs/tags/v1: a notebook has the branch"),
        (format!("{other}:refs/replace/{other}"), "a notebook has the branch"),
        (
            format!("{other}:refs/sync/bob/laptop"),
            "refs/sync/bob/laptop: that is for the work of \"bob\" alone",
        ),
        (format!("{other}:refs/sync/bob/here"), "refs/sync/bob/here: a notebook has the branch"),
        (format!("--force {other}:refs/sync/ann/here"), "refs/sync/ann/here: nobody pushes there"),
        (format!("{other}:refs/sync/ann/Lap_top"), "a notebook has the branch"),
        (format!("{other}:refs/sync/ann"), "refs/sync/ann: a notebook has the branch"),
        ("v1:refs/sync/ann/laptop".to_owned(), "refs/sync/ann/laptop: that is no commit"),
        ("HEAD^{tree}:refs/sync/ann/laptop".to_owned(), "refs/sync/ann/laptop: that is no commit"),
        (":refs/heads/main".to_owned(), "refs/heads/main: the branch cannot be deleted"),
        (":refs/sync/ann/here".to_owned(), "refs/sync/ann/here: nobody pushes there"),
        (format!("--force {old}:refs/heads/main"), "refs/heads/main: this would undo commits that are there"),
        (format!("{old}:refs/sync/ann/laptop"), "refs/sync/ann/laptop: it has no history in common"),
        // One that may not come takes those with it that might.
        (format!("{other}:refs/heads/main {other}:refs/heads/x"), "refs/heads/x: a notebook has the branch"),
    ] {
        pushing.refused(user, &words, said);
    }
    pushing.goes(user, &format!("{other}:refs/sync/ann/laptop"));
    pushing.is_sound();
}

#[test]
fn contacts_and_settings_that_would_break() {
    let pushing = Pushing::new("hostile-contacts");
    let user = "admin";
    let good = "+++\nname = \"Xaver\"\nuid = \"u-1\"\n+++\n\n## Log\n";
    for (path, text, said) in [
        ("contacts/x.md", "+++\nname = \"Xaver\"\nname = \"X\"\n+++\n", "contacts/x.md:3:1: "),
        ("contacts/x.md", "+++\nname = [\n+++\n", "contacts/x.md:"),
        ("contacts/x.md", "+++\nname = 7\n+++\n", "contacts/x.md:2:8: "),
        ("contacts/x.md", "+++\nname = \"Xaver\"\n", "contacts/x.md:"),
        (
            "contacts/x.md",
            "+++\n<<<<<<< HEAD\nname = \"X\"\n=======\nname = \"Y\"\n>>>>>>> other\n+++\n",
            "contacts/x.md:2:",
        ),
        ("contacts/partners/y.md", "+++\nname = \"\x1b[31m\"\n+++\n", "contacts/partners/y.md:2:"),
        ("tickler.toml", "[rhythm\n", "tickler.toml:1:"),
        ("tickler.toml", "format = 2\n", "tickler.toml: the notebook has format 2"),
        ("tickler.toml", "timezone = 7\n", "tickler.toml:1:12: "),
    ] {
        pushing.fresh(user);
        pushing.write(user, path, text);
        pushing.commit(user);
        let shown = pushing.refused(user, MAIN, &format!("remote: {said}"));
        assert_eq!(remote(&shown).iter().filter(|line| line.contains(path)).count(), 1, "{shown}");
        let there = pushing.refused(user, "HEAD:refs/sync/admin/laptop", &format!("remote: {said}"));
        assert_eq!(remote(&shown), remote(&there));
        // Mended by one more commit, it goes.
        pushing.write(user, path, if path.ends_with(".md") { good } else { "" });
        pushing.commit(user);
        pushing.goes(user, MAIN);
    }
    // Bytes that are no text.
    pushing.fresh(user);
    pushing.write(user, "contacts/z.md", b"+++\nname = \"Ren\xe9\"\n+++\n");
    pushing.commit(user);
    pushing.refused(user, MAIN, "contacts/z.md:2:12: not UTF-8");
}

#[test]
fn what_was_broken_before_may_stay_so() {
    let pushing = Pushing::new("hostile-was-broken");
    let user = "admin";
    let broken = "+++\nuid = \"u-1\"\nname = 7\n+++\n";
    let commit = pushing.commit_with(user, &[(FILE, b"x.md".to_vec(), pushing.blob(user, broken))]);
    pushing.takes_over(user, &commit);
    pushing.fresh(user);
    pushing.write(user, "contacts/x.md", format!("{broken}\nMore.\n"));
    pushing.commit(user);
    pushing.goes(user, MAIN);
    pushing.git(user, "mv contacts/x.md contacts/partners/y.md");
    pushing.write(user, "contacts/partners/y.md", format!("{broken}\nMore and more.\n"));
    pushing.commit(user);
    pushing.goes(user, MAIN);
    pushing.write(user, "contacts/z.md", broken.replace("u-1", "u-2"));
    pushing.commit(user);
    pushing.refused(user, MAIN, "contacts/z.md:3:8: ");
}

#[test]
fn many_complaints_are_ten_lines() {
    let pushing = Pushing::new("hostile-many");
    for number in 0..17 {
        pushing.write("ann", &format!("contacts/n{number:02}.md"), "+++\nname = 7\n+++\n");
    }
    pushing.commit("ann");
    let shown = pushing.refused("ann", MAIN, "remote: … and 7 more");
    assert_eq!(remote(&shown).iter().filter(|line| line.contains(".md:2:8: ")).count(), 10, "{shown}");
}
