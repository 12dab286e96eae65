//! Each rule in one row: the base, what either side made of it, and what they have together.

use super::*;

fn check(rows: &[(&str, &str, &str, &str, &str)]) {
    for (what, o, a, b, expected) in rows {
        let found = merged(&by_lines, "", &tree(o), &tree(a), &tree(b)).0;
        assert_eq!(shown(&found), shown(&tree(expected)), "{what}");
    }
}

#[test]
fn one_path() {
    check(&[
        (
            "one side changed it",
            "contacts/j.md: x",
            "contacts/j.md: x a",
            "contacts/j.md: x",
            "contacts/j.md: x a",
        ),
        ("the same on both", "contacts/j.md: x", "contacts/j.md: y", "contacts/j.md: y", "contacts/j.md: y"),
        (
            "both changed it",
            "contacts/j.md: x y",
            "contacts/j.md: a x",
            "contacts/j.md: b x y",
            "contacts/j.md: a b x",
        ),
        ("gone on one side", "f.txt: x; g.txt: y", "g.txt: y", "f.txt: x; g.txt: y", "g.txt: y"),
        ("gone on both", "f.txt: x", "", "", ""),
        ("gone and changed", "contacts/j.md: x", "", "contacts/j.md: b x", "contacts/j.md: b x"),
        ("other files too", "files/f.txt: x", "", "files/f.txt: b x", "files/f.txt: b x"),
        ("each side another file", "", "a.txt: a", "b.txt: b", "a.txt: a; b.txt: b"),
    ]);
}

#[test]
fn modes_and_links() {
    check(&[
        ("a mode", "run.sh: x", "run.sh*: x", "run.sh: b x", "run.sh*: b x"),
        ("a mode taken away", "run.sh*: x", "run.sh: x", "run.sh*: b x", "run.sh: b x"),
        ("both added it, one a program", "", "run.sh*: x", "run.sh: x", "run.sh*: x"),
        ("both added it, one a program, and more", "", "run.sh: a x", "run.sh*: b x", "run.sh*: a b x"),
        ("a link on one side", "l: x", "l@: a", "l: x", "l@: a"),
        ("a link against the same", "l@: x", "l@: a", "l@: a", "l@: a"),
        ("a link gone and changed", "l@: x", "", "l@: a", "l@: a"),
    ]);
    let link = |text: &str| BlobId::of(text.as_bytes());
    let (less, more) = if link("a\n") < link("b\n") { ("a", "b") } else { ("b", "a") };
    check(&[("two links", "l@: x", &format!("l@: {less}"), &format!("l@: {more}"), &format!("l@: {more}"))]);
    let (one, two) = (format!("l.md@: {more}"), format!("l.md: {less}"));
    let kept = format!("l.md@: {more}; conflicts/l-#.md: {less}");
    check(&[("a link and a text", "l.md: x", &one, &two, &kept)]);
    let (one, two) = (format!("l.md@: {less}"), format!("l.md: {more}"));
    check(&[("a text that outdoes a link", "l.md: x", &one, &two, &two)]);
}

#[test]
fn renames() {
    let long = "contacts/j.md: k l m n";
    check(&[
        (
            "renamed and changed",
            long,
            "contacts/jane.md: k l m n",
            "contacts/j.md: b k l m n",
            "contacts/jane.md: b k l m n",
        ),
        (
            "renamed and changed on one side, changed on the other",
            long,
            "contacts/jane.md: a k l m",
            "contacts/j.md: b k l m n",
            "contacts/jane.md: a b k l m",
        ),
        (
            "moved with its name, and written anew",
            "contacts/j.md: x",
            "contacts/old/j.md: a",
            "contacts/j.md: b x",
            "contacts/old/j.md: a b",
        ),
        (
            "known by its uid",
            "contacts/j.md: uid=1 x",
            "contacts/jane.md: uid=1 a; contacts/bob.md: uid=2 c",
            "contacts/j.md: uid=1 b x",
            "contacts/jane.md: uid=1 a b; contacts/bob.md: uid=2 c",
        ),
        (
            "known by its alias",
            "contacts/j.md: x",
            "contacts/jane.md: aliases=j a c d e",
            "contacts/j.md: b x",
            "contacts/jane.md: aliases=j a b c d e",
        ),
        (
            "known as the same person",
            "contacts/j.md: name=Jane x",
            "contacts/jane.md: name=Jane a c d e",
            "contacts/j.md: name=Jane b x",
            "contacts/jane.md: name=Jane a b c d e",
        ),
        (
            "of one name but of another uid",
            "contacts/j.md: uid=1 x",
            "contacts/a/j.md: uid=2 a",
            "contacts/j.md: uid=1 b x",
            "contacts/a/j.md: uid=2 a; contacts/j.md: uid=1 b x",
        ),
        (
            "too little in common",
            long,
            "contacts/jane.md: k p q r",
            "contacts/j.md: b k l m n",
            "contacts/j.md: b k l m n; contacts/jane.md: k p q r",
        ),
        (
            "the log's heading is nothing in common",
            "contacts/j.md: ##_Log x",
            "contacts/jane.md: ##_Log y",
            "contacts/j.md: ##_Log b x",
            "contacts/j.md: ##_Log b x; contacts/jane.md: ##_Log y",
        ),
        (
            "the more alike of two",
            long,
            "contacts/a.md: k l m p; contacts/b.md: k l p q",
            "contacts/j.md: b k l m n",
            "contacts/a.md: b k l m p; contacts/b.md: k l p q",
        ),
        (
            "renamed on both to one path",
            long,
            "contacts/jane.md: k l m",
            "contacts/jane.md: b k l m n",
            "contacts/jane.md: b k l m",
        ),
        (
            "renamed on both to two paths",
            long,
            "contacts/jane.md: a k l m n",
            "contacts/johanna.md: k l m",
            "contacts/johanna.md: a k l m",
        ),
        ("renamed and removed", long, "contacts/jane.md: k l m n", "", "contacts/jane.md: k l m n"),
        (
            "two of the same bytes keep their names",
            "contacts/j.md: x; contacts/k.md: x",
            "contacts/a/k.md: x; contacts/b/j.md: x",
            "contacts/j.md: j x; contacts/k.md: k x",
            "contacts/a/k.md: k x; contacts/b/j.md: j x",
        ),
        (
            "another file, put away",
            "files/list.txt: k l m n",
            "old/prices.txt: k l m n",
            "files/list.txt: b k l m n",
            "old/prices.txt: b k l m n",
        ),
        (
            "a contact is no rename of a template",
            "templates/t.md: k l m n",
            "contacts/t.md: k l m",
            "templates/t.md: b k l m n",
            "contacts/t.md: k l m; templates/t.md: b k l m n",
        ),
        (
            "a version set aside is no rename",
            long,
            "conflicts/j-12345678.md: k l m n",
            "contacts/j.md: b k l m n",
            "conflicts/j-12345678.md: k l m n; contacts/j.md: b k l m n",
        ),
        (
            "nobody else touched it",
            long,
            "contacts/jane.md: k l m n",
            "contacts/j.md: k l m n; contacts/bob.md: x",
            "contacts/bob.md: x; contacts/jane.md: k l m n",
        ),
    ]);
}

#[test]
fn one_path_added_twice() {
    check(&[
        ("the same bytes", "", "contacts/j.md: x", "contacts/j.md: x", "contacts/j.md: x"),
        (
            "the same uid",
            "",
            "contacts/j.md: name=J uid=1 a",
            "contacts/j.md: name=K uid=1 b",
            "contacts/j.md: name=K uid=1 a b",
        ),
        (
            "an address in common",
            "",
            "contacts/j.md: email=J@x name=J a",
            "contacts/j.md: email=j@x name=K b",
            "contacts/j.md: email=j@x name=K a b",
        ),
        (
            "the same name",
            "",
            "contacts/j.md: name=Zoé a",
            "contacts/j.md: name=ZOÉ b",
            "contacts/j.md: name=Zoé a b",
        ),
        (
            "one id in two folders",
            "",
            "contacts/a/j.md: name=J a",
            "contacts/j.md: name=J b",
            "contacts/j.md: name=J a b",
        ),
        (
            "one id in two folders, and two people",
            "",
            "contacts/a/j.md: name=J a",
            "contacts/j.md: name=K b",
            "contacts/j-2.md: name=J a; contacts/j.md: name=K b",
        ),
        ("no name at all", "", "contacts/j.md: a", "contacts/j.md: b", "contacts/j.md: a b"),
        (
            "two people",
            "",
            "contacts/j.md: name=J a",
            "contacts/j.md: name=K b",
            "contacts/j-2.md: name=J a; contacts/j.md: name=K b",
        ),
        (
            "two people, and the place beside is taken by a third",
            "contacts/j-2.md: x",
            "contacts/j-2.md: x; contacts/j.md: name=J a",
            "contacts/j-2.md: x; contacts/j.md: name=K b",
            "contacts/j-2.md: x; contacts/j-3.md: name=J a; contacts/j.md: name=K b",
        ),
        (
            "two people, and the place beside was somebody else's",
            "contacts/j-2.md: x",
            "contacts/j.md: name=J a",
            "contacts/j-2.md: x; contacts/j.md: name=K b",
            "contacts/j-3.md: name=J a; contacts/j.md: name=K b",
        ),
        (
            "two people, and the place beside is new on one side",
            "",
            "contacts/j-2.md: y; contacts/j.md: name=J a",
            "contacts/j.md: name=K b",
            "contacts/j-2.md: y; contacts/j-3.md: name=J a; contacts/j.md: name=K b",
        ),
        (
            "two people, one of whom stands beside already",
            "",
            "contacts/j-4.md: name=J a; contacts/j.md: name=J a",
            "contacts/j.md: name=K b",
            "contacts/j-4.md: name=J a; contacts/j.md: name=K b",
        ),
        ("other Markdown", "", "t.md: name=J a", "t.md: name=K b", "t.md: name=K a b"),
        ("other text", "", "t.txt: a", "t.txt: b", "t.txt: a b"),
        (
            "one was renamed to it, of another name",
            "contacts/o.md: name=J k l m n",
            "contacts/j.md: name=J k l m n",
            "contacts/j.md: name=K b; contacts/o.md: name=J c k l m n",
            "contacts/j-2.md: name=J c k l m n; contacts/j.md: name=K b",
        ),
        (
            "two were renamed to it",
            "contacts/o.md: name=J k l m n; contacts/p.md: name=K p q r s",
            "contacts/j.md: name=J k l m n; contacts/p.md: name=K a p q r s",
            "contacts/j.md: name=K p q r s; contacts/o.md: name=J b k l m n",
            "contacts/j-2.md: name=J b k l m n; contacts/j.md: name=K a p q r s",
        ),
    ]);
}

#[test]
fn what_cannot_be_joined_is_kept_whole() {
    check(&[
        ("bytes", "p.bin: bin", "p.bin: bin a", "p.bin: bin b", "conflicts/p-#.bin: bin a; p.bin: bin b"),
        (
            "bytes in a folder",
            "",
            "files/p.bin: bin a",
            "files/p.bin: bin b",
            "conflicts/p-#.bin: bin a; files/p.bin: bin b",
        ),
        ("no ending", "p: bin", "p: bin a", "p: bin b", "conflicts/p-#: bin a; p: bin b"),
        ("a dot first", ".p: bin", ".p: bin a", ".p: bin b", ".p: bin b; conflicts/.p-#: bin a"),
        (
            "a file and a folder",
            "x: k l m n",
            "x/y.txt: a",
            "x: b k l m n",
            "conflicts/x-#: b k l m n; x/y.txt: a",
        ),
        ("a file and a folder, both new", "", "x/y/z.txt: a", "x: b", "conflicts/x-#: b; x/y/z.txt: a"),
        (
            "a file named conflicts",
            "conflicts: x; p: bin",
            "conflicts: x; p: bin a",
            "conflicts: x; p: bin b",
            "conflicts: x; conflicts-2/p-#: bin a; p: bin b",
        ),
        (
            "a new file named conflicts",
            "p: bin",
            "conflicts: x; p: bin a",
            "p: bin b",
            "conflicts: x; conflicts-2/p-#: bin a; p: bin b",
        ),
    ]);
    let hash = BlobId::of(b"bin\na\n").hex();
    let (short, whole) = (format!("conflicts/p-{}.bin", &hash[..8]), format!("conflicts/p-{hash}.bin"));
    check(&[(
        "its place is somebody else's",
        &format!("p.bin: bin; {short}: mine"),
        &format!("p.bin: bin a; {short}: mine"),
        &format!("p.bin: bin b; {short}: mine"),
        &format!("{whole}: bin a; {short}: mine; p.bin: bin b"),
    )]);
}

#[test]
fn the_notebook_may_lie_in_a_folder() {
    let (o, a, b) = (tree("crm/contacts/j.md: uid=1 x; contacts/j.md: x"), "crm/contacts/k.md: uid=1 a", "");
    let a = tree(&format!("{a}; contacts/j.md: x"));
    let b = tree(&format!("{b}; crm/contacts/j.md: uid=1 b x; contacts/j.md: x; crm/p.bin: bin a"));
    let found = merged(&by_lines, "crm/", &o, &a, &b).0;
    assert_eq!(
        shown(&found),
        shown(&tree("contacts/j.md: x; crm/contacts/k.md: uid=1 a b; crm/p.bin: bin a"))
    );

    let (o, a, b) =
        (tree(""), tree("contacts/j.md: name=J; q.bin: bin a"), tree("contacts/j.md: name=K; q.bin: bin b"));
    let found = merged(&by_lines, "crm/", &o, &a, &b).0;
    let expected = "contacts/j.md: name=K; crm/conflicts/q-#.bin: bin a; q.bin: bin b";
    assert_eq!(shown(&found), shown(&tree(expected)), "outside of it nothing is a contact");
}

#[test]
fn notes_say_where_to_look() {
    for (o, a, b, notes) in [
        (
            "",
            "contacts/j.md: name=J",
            "contacts/j.md: name=K",
            vec![("contacts/j.md", "both sides added it; the other one is \"contacts/j-2.md\"")],
        ),
        ("p: bin", "p: bin a", "p: bin b", vec![("p", "bytes")]),
        ("x: k", "x/y: a", "x: b k", vec![("x", "it is a file on one side and a folder on the other")]),
        ("l: x", "l@: a", "l: b", vec![("l", "it is no plain file on one side")]),
        ("contacts/j.md: x", "contacts/j.md: a x", "contacts/j.md: b x", vec![]),
    ] {
        let found = merged_by(&by_lines, "", &tree(o), &tree(a), &tree(b)).1;
        let notes: Vec<(String, Note)> = notes
            .into_iter()
            .map(|(path, why)| (path.to_owned(), Note::Apart { why: why.to_owned() }))
            .collect();
        assert_eq!(found, notes, "{a} | {b}");
    }
}

#[test]
fn contacts_are_merged_by_the_merged_settings() {
    let stages = |text: &str| format!("[stages]\nopen = [\"{text}\"]\n").into_bytes();
    for (o, a, b, expected) in [
        (None, None, None, "new"),
        (Some("o"), Some("o"), Some("o"), "o"),
        (Some("o"), Some("a"), Some("o"), "a"),
        (Some("o"), Some("a"), None, "a"),
        (Some("o"), Some("o"), None, "new"),
        (None, Some("a"), Some("b"), "b"),
    ] {
        let side = |text: Option<&str>, words: &str| {
            let mut tree = tree(&format!("contacts/j.md: {words}"));
            tree.extend(text.map(|text| ("tickler.toml".to_owned(), (stages(text), PLAIN))));
            tree
        };
        let seen = std::cell::RefCell::new(BTreeSet::new());
        let join = |kind: Kind, base: Option<&[u8]>, a: &[u8], b: &[u8], settings: &Settings| match kind {
            Kind::Settings => Merged { content: a.max(b).to_vec(), aside: Vec::new(), notes: Vec::new() },
            _ => {
                seen.borrow_mut().insert(settings.stages.open[0].clone());
                by_lines(kind, base, a, b, settings)
            }
        };
        merged_by(&join, "", &side(o, "x"), &side(a, "a x"), &side(b, "b x"));
        assert_eq!(seen.into_inner().into_iter().collect::<Vec<_>>(), [expected], "{o:?} {a:?} {b:?}");
    }
}
