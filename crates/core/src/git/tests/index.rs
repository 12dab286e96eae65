//! The user's index after a deed, compared with what git itself makes of the same change.

use std::collections::BTreeMap;

use git2::Oid;
use proptest::prelude::*;

use super::*;
use crate::git::index::{FileStat, IndexChange, patch};

/// Who writes an index of some kind.
#[derive(Debug, PartialEq)]
enum By {
    Patch,
    Libgit2,
    Program,
}

fn who_writes(repo: &Scratch) -> By {
    let path = repo.path.join(".git/index");
    let bytes = fs::read(&path).unwrap();
    if patch::patched(&bytes, &BTreeMap::new(), u32::MAX, |_| false).is_some() {
        return By::Patch;
    }
    if git2::Index::open(&path).is_ok() { By::Libgit2 } else { By::Program }
}

/// A repository with so many contacts in ten folders, and one of them to be changed and one to go.
fn contacts(count: usize) -> Scratch {
    let repo = Scratch::new();
    for number in 0..count {
        repo.write(&format!("contacts/{}/c{number}.md", number % 10), format!("contact {number}\n"));
    }
    repo.write("contacts/5/changed.md", "old\n");
    repo.write("contacts/5/gone.md", "gone\n");
    repo.write("tickler.toml", "");
    repo.git("add --all");
    repo.git("commit --quiet --message first");
    repo
}

const DEED: [(&str, Option<&str>); 4] = [
    ("contacts/5/changed.md", Some("new\n")),
    ("contacts/5/gone.md", None),
    ("contacts/6/größe.md", Some("new\n")),
    ("contacts/new/folder/a.md", Some("new\n")),
];

/// Does the deed here, and by git in a copy; both indexes must say the same, before and after another look at disk.
#[track_caller]
fn same_as_git(repo: &Scratch, by: By, what: &str) {
    assert_eq!(who_writes(repo), by, "{what}");
    let copy = Scratch::new();
    fs::remove_dir_all(&copy.path).unwrap();
    assert!(Command::new("cp").arg("-a").args([&repo.path, &copy.path]).status().unwrap().success());
    copy.try_git("update-index --refresh -q", b"");
    repo.deed(&DEED).expect(what);
    for (path, text) in DEED {
        match text {
            Some(text) => copy.write(path, text),
            None => copy.remove(path),
        }
        copy.git(&format!("update-index --add --remove -- {path}"));
    }
    let listing = "-c core.quotePath=false ls-files --stage -t";
    assert_eq!(repo.git(listing), copy.git(listing), "{what}");
    assert_eq!(repo.try_git("write-tree", b""), copy.try_git("write-tree", b""), "{what}");
    let (code, out, err) = repo.try_git("fsck --strict --no-dangling", b"");
    assert_eq!((code, out.as_str(), err.as_str()), (Some(0), "", ""), "{what}");
    let stats = repo.git("ls-files --debug");
    repo.try_git("update-index -q --really-refresh", b"");
    assert_eq!(stats, repo.git("ls-files --debug"), "{what}: the stats are those of the disk");
}

#[test]
fn an_index_of_any_kind_says_what_git_would() {
    type Prepare = fn(&Scratch);
    let rows: [(&str, By, Prepare); 13] = [
        ("plain", By::Patch, |_| {}),
        ("version 4", By::Libgit2, |repo| {
            repo.git("update-index --index-version 4");
        }),
        ("a cache of unknown files", By::Patch, |repo| {
            repo.write("unknown.md", "");
            repo.git("config core.untrackedCache true");
            repo.git("update-index --untracked-cache");
            repo.git("status");
        }),
        ("a file that will be added", By::Patch, |repo| {
            repo.write("contacts/5/soon.md", "soon\n");
            repo.git("add --intent-to-add contacts/5/soon.md");
        }),
        ("one of the deed's files will be added", By::Patch, |repo| {
            repo.write("contacts/6/größe.md", "soon\n");
            repo.git("add --intent-to-add contacts/6/größe.md");
        }),
        ("staged changes", By::Patch, |repo| {
            repo.write("contacts/5/c5.md", "staged\n");
            repo.write("contacts/5/b.md", "staged\n");
            repo.git("add --all");
            repo.git("rm --quiet contacts/1/c1.md");
        }),
        ("staged changes of the deed's files", By::Patch, |repo| {
            repo.write("contacts/5/changed.md", "staged\n");
            repo.git("add --all");
        }),
        ("no checksum", By::Patch, |repo| {
            repo.git("config index.skipHash true");
            repo.write("contacts/5/b.md", "staged\n");
            repo.git("add --all");
        }),
        ("two parts", By::Program, |repo| {
            repo.git("update-index --split-index");
        }),
        ("folders that are not checked out", By::Program, |repo| {
            repo.git("sparse-checkout set --cone --sparse-index contacts/5 contacts/6 contacts/new");
        }),
        ("files that are not checked out", By::Patch, |repo| {
            repo.git("sparse-checkout set --cone --no-sparse-index contacts/5 contacts/6 contacts/new");
        }),
        ("a file that is taken for unchanged", By::Patch, |repo| {
            repo.git("update-index --assume-unchanged contacts/5/c5.md");
        }),
        ("a path longer than its length can say", By::Patch, |repo| {
            let long = "long/".repeat(1_000);
            let line = format!("100644 e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\tcontacts/{long}x\0");
            repo.git("hash-object -w /dev/null");
            assert_eq!(repo.try_git("update-index -z --index-info", line.as_bytes()).0, Some(0));
        }),
    ];
    for (what, by, prepare) in rows {
        let repo = contacts(20);
        prepare(&repo);
        same_as_git(&repo, by, what);
    }
}

#[test]
fn indexes_of_many_sizes() {
    for count in [10, 100, 3_000] {
        let repo = contacts(count);
        same_as_git(&repo, By::Patch, &format!("{count} contacts"));
        repo.stands("");
    }
}

#[test]
fn a_conflict_ends_with_the_deed_that_settles_it() {
    let repo = contacts(10);
    let id = repo.git("rev-parse HEAD:contacts/5/changed.md");
    let line = |stage| format!("100644 {} {stage}\tcontacts/5/changed.md\n", id.trim());
    let lines = [1, 2, 3].map(line).concat();
    let gone = format!("0 {}\tcontacts/5/changed.md\n{lines}", Oid::ZERO_SHA1);
    assert_eq!(repo.try_git("update-index --index-info", gone.as_bytes()).0, Some(0));
    assert!(repo.git("status --porcelain").starts_with("UU"));
    repo.deed(&DEED).unwrap();
    repo.stands("");
}

/// A file is changed twice within a second, with the same size: the entry of the first change looks like the second.
#[test]
fn a_change_within_the_same_tick_is_still_seen() {
    for version in [2, 4] {
        let repo = contacts(10);
        repo.git(&format!("update-index --index-version {version}"));
        let path = repo.path.join("contacts/5/c5.md");
        let stat = fs::metadata(&path).unwrap();
        repo.write("contacts/5/c5.md", "CONTACT 5\n");
        let file = fs::File::options().write(true).open(&path).unwrap();
        file.set_modified(stat.modified().unwrap()).unwrap();
        // An index that knows the stat of the file as it is now, but not its bytes; written in that very second.
        repo.git("config core.trustctime false");
        let index = fs::File::options().write(true).open(repo.path.join(".git/index")).unwrap();
        index.set_modified(stat.modified().unwrap()).unwrap();
        assert_eq!(repo.git("diff-files --name-only"), "contacts/5/c5.md\n");
        std::thread::sleep(Duration::from_millis(1_100));
        repo.deed(&DEED).unwrap();
        repo.stands(" M contacts/5/c5.md\n");
    }
}

#[test]
fn a_file_where_a_folder_is_to_be_is_left_to_others() {
    let repo = Scratch::with(&[("a", "file\n"), ("b/c", "file\n"), ("b-d", "")]);
    let bytes = fs::read(repo.path.join(".git/index")).unwrap();
    let set = IndexChange::Set { id: Oid::ZERO_SHA1, mode: 0o100_644, stat: FileStat::default() };
    let rows = [
        (vec![("a/x", set)], false),
        (vec![("b", set)], false),
        (vec![("a", IndexChange::Remove), ("a/x", set)], true),
        (vec![("b", set), ("b/c", IndexChange::Remove)], true),
        (vec![("b.d", set), ("c/x", set)], true),
    ];
    for (changes, is_known) in rows {
        let changes = changes.into_iter().map(|(path, change)| (path.to_owned(), change)).collect();
        assert_eq!(patch::patched(&bytes, &changes, u32::MAX, |_| false).is_some(), is_known, "{changes:?}");
    }
}

#[test]
fn what_is_no_index_is_left_alone() {
    let repo = contacts(10);
    let bytes = fs::read(repo.path.join(".git/index")).unwrap();
    let changes = BTreeMap::from([("contacts/x.md".to_owned(), IndexChange::Remove)]);
    for length in 0..bytes.len() - 1 {
        // What is cut off in the middle of an entry or an extension must not pass for an index.
        let cut = [&bytes[..length], &[1; 20]].concat();
        if let Some(patched) = patch::patched(&cut, &changes, u32::MAX, |_| false) {
            let count = u32::from_be_bytes(patched[8..12].try_into().unwrap());
            assert_eq!(count, 13, "cut at {length}");
        }
    }
}

fn paths() -> impl Strategy<Value = BTreeMap<String, usize>> {
    let folder = prop::sample::select(vec!["a", "a-", "b", "ab", "ü"]);
    let file = prop::sample::select(vec!["a.md", "a-.md", "b.md", "ab.md", "é.md", "0.md"]);
    let path = (prop::collection::vec(folder, 0..3), file).prop_map(|(folders, file)| {
        let mut path: String = folders.iter().map(|folder| format!("{folder}/")).collect();
        path.push_str(file);
        path
    });
    prop::collection::btree_map(path, 0..3usize, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 25, failure_persistence: None, ..ProptestConfig::default() })]

    /// Random files, some of them set, some removed: git reads the patched index as it reads its own.
    #[test]
    fn a_patched_index_is_what_git_makes_of_the_changes(before in paths(), set in paths(), gone in paths()) {
        let repo = Scratch::new();
        let blobs = ["0", "1", "2"].map(|text| {
            repo.write("text", text);
            repo.git("hash-object -w text").trim().to_owned()
        });
        let line = |(path, blob): (&String, &usize)| format!("100644 {}\t{path}\0", blobs[*blob]);
        let index = repo.path.join(".git/index");
        let make = |files: &BTreeMap<String, usize>| {
            let _ = fs::remove_file(&index);
            let lines: String = files.iter().map(line).collect();
            assert_eq!(repo.try_git("update-index -z --index-info", lines.as_bytes()).0, Some(0));
            // This notes the trees in the index.
            repo.git("write-tree")
        };
        make(&before);
        let mut after = before.clone();
        let mut changes = BTreeMap::new();
        for path in gone.keys() {
            after.remove(path);
            changes.insert(path.clone(), IndexChange::Remove);
        }
        for (path, blob) in &set {
            after.insert(path.clone(), *blob);
            let id = Oid::from_str(&blobs[*blob]).unwrap();
            changes.insert(path.clone(), IndexChange::Set { id, mode: 0o100_644, stat: FileStat::default() });
        }
        let bytes = fs::read(&index).unwrap_or_else(|_| patch::empty());
        let patched = patch::patched(&bytes, &changes, u32::MAX, |_| false).unwrap();
        let expected = (make(&after), repo.git("ls-files --stage -z"));
        fs::write(&index, patched).unwrap();
        repo.git("fsck --strict --no-dangling");
        prop_assert_eq!((repo.git("write-tree"), repo.git("ls-files --stage -z")), expected);
    }
}
