//! What is found sooner than by `git status` is what `git status` finds.

use proptest::prelude::*;

use super::*;

/// The files that really differ from the last commit, of those that are found, beside those that git tells of.
#[track_caller]
fn same(repo: &Scratch, folder: &str) {
    let git = Git::open(&repo.path.join(folder)).unwrap().unwrap();
    let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    let place = if folder.is_empty() { "." } else { folder };
    let status = repo.git(&format!("status --porcelain --no-renames --untracked-files=all -- {place}"));
    let mut told: Vec<String> = status.lines().map(|line| line[3..].to_owned()).collect();
    told.iter_mut().for_each(|path| *path = path.strip_prefix(&prefix).unwrap_or(path).to_owned());
    told.retain(|path| !path.ends_with('/'));
    told.sort();
    told.dedup();
    let mut found = git.changed().unwrap();
    found.retain(|path| {
        let on_disk = fs::read(repo.path.join(folder).join(path)).ok();
        let staged = told.contains(path);
        staged || on_disk != git.head_content(path).unwrap()
    });
    assert_eq!(found, told, "{status}");
}

#[test]
fn each_kind_of_change_is_found() {
    type Prepare = fn(&Scratch);
    let rows: [(&str, Prepare); 16] = [
        ("nothing", |_| {}),
        ("changed", |repo| repo.write("n/a/x.md", "other\n")),
        ("changed, of the same size", |repo| repo.write("n/a/x.md", "X\n")),
        ("new", |repo| repo.write("n/a/new.md", "new\n")),
        ("new in a new folder", |repo| repo.write("n/new/deep/er.md", "new\n")),
        ("gone", |repo| repo.remove("n/a/x.md")),
        ("renamed: as many names as before", |repo| {
            fs::rename(repo.path.join("n/a/x.md"), repo.path.join("n/a/w.md")).unwrap();
        }),
        ("a folder that is gone", |repo| fs::remove_dir_all(repo.path.join("n/a")).unwrap()),
        ("a folder that is renamed", |repo| {
            fs::rename(repo.path.join("n/a"), repo.path.join("n/w")).unwrap();
        }),
        ("ignored", |repo| repo.write("n/a/x.tmp", "not for git\n")),
        ("an ignored folder", |repo| repo.write("n/.tickler/index", "not for git\n")),
        ("another repository", |repo| {
            fs::create_dir(repo.path.join("n/other")).unwrap();
            repo.git("init --quiet n/other");
            repo.write("n/other/file.md", "theirs\n");
        }),
        ("staged", |repo| {
            repo.write("n/a/x.md", "staged\n");
            repo.git("add n/a/x.md");
        }),
        ("staged and gone from disk", |repo| {
            repo.git("rm --quiet --cached n/a/y.md");
        }),
        ("elsewhere", |repo| repo.write("outside.md", "changed\n")),
        ("a folder in place of a file", |repo| {
            repo.remove("n/b.md");
            repo.write("n/b.md/c.md", "c\n");
        }),
    ];
    for (name, prepare) in rows {
        for index in ["status", "update-index --index-version 4", "update-index --split-index"] {
            let repo = Scratch::with(&[
                (".gitignore", "*.tmp\n.tickler/\n"),
                ("n/a/x.md", "x\n"),
                ("n/a/y.md", "y\n"),
                ("n/b.md", "b\n"),
                ("outside.md", "o\n"),
            ]);
            repo.git(index);
            prepare(&repo);
            println!("{name}, {index}");
            same(&repo, "n");
            same(&repo, "");
        }
    }
}

#[test]
fn it_is_found_after_deeds_too() {
    let repo = Scratch::with(&[("n/a/x.md", "x\n"), ("n/a/y.md", "y\n"), ("n/b/z.md", "z\n")]);
    repo.deed(&[("n/a/x.md", Some("deed\n")), ("n/c/new.md", Some("new\n"))]);
    same(&repo, "n");
    repo.write("n/b/z.md", "by hand\n");
    same(&repo, "n");
    repo.deed(&[("n/a/y.md", None)]);
    same(&repo, "n");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    /// Whatever is done in whatever order, with commits by git and by deeds between.
    #[test]
    fn it_is_what_git_finds(actions in proptest::collection::vec((0..6usize, 0..4usize, 0..9u8), 1..14)) {
        let repo = Scratch::with(&[("a.md", "a\n"), ("b/b.md", "b\n"), ("b/c.md", "c\n"), ("d/e/f.md", "f\n")]);
        let paths = ["a.md", "b/b.md", "b/new.md", "d/e/f.md"];
        for (action, path, text) in actions {
            let path = paths[path];
            match action {
                0 | 1 => repo.write(path, format!("{text}\n")),
                2 => drop(fs::remove_file(repo.path.join(path))),
                3 => repo.write("untracked/deep/x.md", "x\n"),
                4 => drop(repo.try_git("add --all", b"")),
                _ => {
                    let text = format!("deed {text}\n");
                    let _ = repo.try_deed(&[(path, Some(&text))]);
                }
            }
            same(&repo, "");
        }
    }
}
