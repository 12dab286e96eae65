//! Repositories are kept in order while people push, and what a dead server left is swept by the next.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use tickler_tests::{Serving, team};

/// How many loose objects, and how many packs, a repository has.
fn parts(repository: &Path) -> (usize, usize) {
    let count = |folder: &Path, end: &str| {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter(|entry| entry.file_name().to_str().is_some_and(|name| name.ends_with(end))).count()
    };
    let objects = repository.join("objects");
    let fans = fs::read_dir(&objects).unwrap().flatten().filter(|entry| entry.file_name().len() == 2);
    (fans.map(|fan| count(&fan.path(), "")).sum(), count(&objects.join("pack"), ".pack"))
}

/// Writes that many loose objects.
fn litter(repository: &Path, count: usize) {
    let folder = repository.with_file_name("litter");
    fs::create_dir_all(&folder).unwrap();
    let mut paths = String::new();
    for number in 0..count {
        let path = folder.join(number.to_string());
        fs::write(&path, format!("litter {number}\n")).unwrap();
        paths += &format!("{}\n", path.display());
    }
    let mut hash = Command::new("git");
    hash.args(["hash-object", "-w", "--no-filters", "--stdin-paths"]).current_dir(repository);
    let mut child = hash.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(paths.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn it_packs_while_people_push_and_nothing_is_lost() {
    let settings =
        "[upkeep]\nlook_seconds = 1\nloose_objects = 100\npacks = 3\ngc_hours = 0\nfsck_hours = 0\n";
    let mut serving = Serving::with("upkeep", &["--example"], |data| {
        fs::create_dir_all(data).unwrap();
        fs::write(data.join("server.toml"), settings).unwrap();
    });
    let repository = serving.repository("main");
    litter(&repository, 1_500);
    let people = ["kim", "sam"];
    for name in people {
        serving.add_user(name, "editor");
        serving.clone_by(name, name);
    }
    const EACH: usize = 12;
    let begun = Instant::now();
    thread::scope(|scope| {
        for name in people {
            let serving = &serving;
            scope.spawn(move || {
                for number in 0..EACH {
                    let path = serving.folder().join(format!("{name}/files/{name}-{number}.txt"));
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, format!("{name} {number}\n")).unwrap();
                    serving.git(name, "add .");
                    serving.git(name, &format!("commit --quiet -m '{name} {number}'"));
                    serving.git(name, &format!("push --quiet origin HEAD:refs/sync/{name}/laptop"));
                    serving.git(name, "pull --quiet --ff-only origin main");
                }
            });
        }
    });
    println!("{} pushes in {:?}", EACH * people.len(), begun.elapsed());
    let last = || serving.log().matches("\"packed\"").count();
    let (begun, before) = (Instant::now(), last());
    let is_packed = || {
        let (loose, packs) = parts(&repository);
        loose <= 100 && packs <= 4 && last() > 0
    };
    while !is_packed() && begun.elapsed() < Duration::from_secs(30) {
        sleep(Duration::from_millis(50));
    }
    let (loose, packs) = parts(&repository);
    assert!(
        loose <= 100 && packs <= 4,
        "{loose} loose objects and {packs} packs; {before}: {}",
        serving.log()
    );
    for what in ["cleared", "checked"] {
        assert!(serving.log().contains(&format!("\"{what}\"")), "{what}: {}", serving.log());
    }
    assert!(!serving.log().contains("could not be"), "{}", serving.log());
    let names = serving.git("data/notebooks/main.git", "ls-tree --name-only main:files");
    for name in people {
        for number in 0..EACH {
            assert!(names.contains(&format!("{name}-{number}.txt")), "{name}-{number} is lost");
        }
    }
    // git's check takes a pack that is replaced meanwhile for lost: it looks once nobody is at work.
    serving.stop();
    serving.git("data/notebooks/main.git", "fsck --no-dangling");
    assert_eq!(serving.says(&["check"]), "nothing is wrong: 1 notebook, 14 contacts\n");
}

#[test]
fn what_a_dead_server_left_is_swept() {
    let mut serving = Serving::example("swept");
    serving.add_user("sam", "editor");
    serving.clone_by("sam", "sam");
    // Work that was taken and had not landed yet.
    fs::write(serving.folder().join("sam/files-note.txt"), "a note\n").unwrap();
    serving.git("sam", "add .");
    serving.git("sam", "commit --quiet -m note");
    let repository = serving.repository("main");
    let commit = serving.git("sam", "rev-parse HEAD").trim().to_owned();
    serving.kill();
    let past = "-c core.hooksPath=/dev/null push --quiet --receive-pack 'git -c core.hooksPath=/dev/null receive-pack'";
    serving.git("sam", &format!("{past} {} HEAD:refs/sync/sam/laptop", repository.display()));
    let left = [
        "refs/heads/main.lock",
        "packed-refs.lock",
        "HEAD.lock",
        "config.lock",
        "objects/tmp_objdir-incoming-abc/pack/tmp_pack_1",
        "objects/pack/tmp_pack_2",
    ];
    for path in left {
        let path = repository.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    let aside = serving.data().join("notebooks/.new-999999999-x.git");
    fs::create_dir_all(&aside).unwrap();
    let mut sleeper = Command::new("sleep");
    sleeper.arg("60").env("TICKLER_SERVER_CHILD", "1").current_dir(&repository);
    let mut sleeper = sleeper.spawn().unwrap();
    let reaper = thread::spawn(move || sleeper.wait().unwrap());
    let begun = Instant::now();
    serving.restart();
    println!("started in {:?}", begun.elapsed());
    assert!(!reaper.join().unwrap().success());
    for path in left {
        assert!(!repository.join(path).exists(), "{path} is left");
    }
    assert!(!aside.exists());
    assert_eq!(serving.tip("main"), commit);
    let refs = serving.git("data/notebooks/main.git", "for-each-ref --format=%(refname) refs/sync");
    assert!(!refs.contains("laptop"), "{refs}");
}

#[test]
fn a_broken_notebook_holds_up_no_other() {
    let mut serving = Serving::example("one-broken");
    serving.says(&["notebook", "add", "broken"]);
    serving.kill();
    fs::write(serving.repository("broken").join("config"), "[core\n").unwrap();
    serving.restart();
    assert!(serving.log().contains("\"notebook\":\"broken\""), "{}", serving.log());
    let listed = team::git(serving.folder(), &format!("ls-remote {} HEAD", serving.url("admin", "main")));
    assert!(listed.status.success());
}
