//! Backups: taken while people push, proved, and put back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use tickler_tests::{Ran, Serving, ran, server_binary};

fn restore(serving: &Serving, file: &str, to: &str) -> Ran {
    let mut command = Command::new(server_binary());
    command.args(["restore", file, "--data", to]).current_dir(serving.folder()).stdin(Stdio::null());
    ran(command)
}

fn back_up(serving: &Serving) -> Ran {
    serving.command(&["backup", &serving.folder().join("b.tar").display().to_string()])
}

/// What lies in the server's folder, but for what the test itself put there.
fn around(serving: &Serving) -> Vec<String> {
    let names = fs::read_dir(serving.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> =
        names.filter(|name| !["data", "log", "shown"].contains(&name.as_str())).collect();
    names.sort();
    names
}

#[test]
fn a_backup_holds_all_while_people_push() {
    let mut serving = Serving::example("backup");
    serving.add_user("sam", "editor");
    serving.says(&["notebook", "add", "other"]);
    serving.clone_by("sam", "mine");
    let is_over = AtomicBool::new(false);
    let before = serving.tip("main");
    thread::scope(|scope| {
        scope.spawn(|| {
            for number in 0.. {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                serving.git("mine", &format!("commit --quiet --allow-empty -m {number}"));
                serving.git("mine", "push --quiet origin HEAD:main");
            }
        });
        for _ in 0..3 {
            let done = back_up(&serving);
            assert_eq!(done.code, 0, "{}{}", done.out, done.err);
            assert!(
                done.out.contains("main: 14 contacts, at ") && done.out.contains("other: 0 contacts"),
                "{}",
                done.out
            );
        }
        is_over.store(true, Ordering::Relaxed);
    });
    assert_eq!(around(&serving), ["b.tar", "mine"]);
    assert_eq!(fs::metadata(serving.folder().join("b.tar")).unwrap().permissions().mode() & 0o777, 0o600);
    let restored = restore(&serving, "b.tar", "new");
    assert_eq!(restored.code, 0, "{}{}", restored.out, restored.err);
    assert!(
        restored.out.contains("main: 14 contacts, at ") && restored.out.contains("restored to new, as of 20")
    );
    // All that was there before is in it, and nothing that was not.
    let held = serving.git("new/notebooks/main.git", "rev-parse main");
    serving.git("data/notebooks/main.git", &format!("merge-base --is-ancestor {before} {}", held.trim()));
    serving.git("data/notebooks/main.git", &format!("merge-base --is-ancestor {} main", held.trim()));
    for path in ["users.toml", "server.toml"] {
        let read = |root: &str| fs::read_to_string(serving.folder().join(root).join(path)).unwrap();
        assert_eq!(read("data"), read("new"), "{path}");
    }
    // It is served in place of the old one, with the same tokens, and a clone that is ahead sends what it has.
    serving.kill();
    fs::rename(serving.data(), serving.folder().join("old")).unwrap();
    fs::rename(serving.folder().join("new"), serving.data()).unwrap();
    serving.restart();
    serving.git("mine", "push --quiet origin HEAD:main");
    assert_eq!(serving.tip("main"), serving.git("mine", "rev-parse HEAD").trim());
    assert_eq!(serving.says(&["check"]), "nothing is wrong: 2 notebooks, 14 contacts\n");
}

#[test]
fn a_damaged_backup_is_refused_and_leaves_nothing() {
    let serving = Serving::example("damaged");
    assert_eq!(back_up(&serving).code, 0);
    let whole = fs::read(serving.folder().join("b.tar")).unwrap();
    let mut seen = 0;
    for at in (600..whole.len() - 2048).step_by(whole.len() / 40) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        fs::write(serving.folder().join("bad.tar"), &bytes).unwrap();
        let restored = restore(&serving, "bad.tar", "new");
        // A byte between the files says nothing.
        if restored.code == 0 {
            assert!(whole[at] == 0, "the byte {at} was changed: {}", restored.out);
            fs::remove_dir_all(serving.folder().join("new")).unwrap();
            continue;
        }
        assert!(restored.err.contains("is no whole backup: "), "{at}: {}", restored.err);
        seen += 1;
        assert_eq!(around(&serving), ["b.tar", "bad.tar"], "{at}");
    }
    assert!(seen > 25, "{seen}");
    for part in [0, 1, 3, 5] {
        fs::write(serving.folder().join("bad.tar"), &whole[..whole.len() * part / 6]).unwrap();
        let restored = restore(&serving, "bad.tar", "new");
        assert!(
            restored.code == 2 && restored.err.contains("is no whole backup: "),
            "{part}: {}",
            restored.err
        );
    }
}

#[test]
fn nothing_is_restored_over_something() {
    let serving = Serving::example("over");
    assert_eq!(back_up(&serving).code, 0);
    let restored = restore(&serving, "b.tar", "data");
    assert_eq!(restored.code, 1);
    assert!(restored.err.contains("nothing is ever restored over something\n  hint: "), "{}", restored.err);
    fs::create_dir(serving.folder().join("empty")).unwrap();
    assert_eq!(restore(&serving, "b.tar", "empty").code, 0);
    let inside = serving.command(&["backup", &serving.data().join("b.tar").display().to_string()]);
    assert!(inside.code == 1 && inside.err.contains("would be lost with it"), "{}", inside.err);
}

#[test]
fn a_backup_that_is_killed_or_fails_leaves_the_last_one() {
    let mut serving = Serving::example("killed-backup");
    assert_eq!(back_up(&serving).code, 0);
    let last = fs::read(serving.folder().join("b.tar")).unwrap();
    for wait in [5, 20, 40, 80] {
        let mut command = Command::new(server_binary());
        command.arg("backup").arg(serving.folder().join("b.tar")).arg("--data").arg(serving.data());
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        if child.wait().unwrap().success() {
            break;
        }
        assert!(
            fs::read(serving.folder().join("b.tar")).unwrap() == last,
            "it is not the last one after {wait} ms"
        );
    }
    serving.kill();
    // git that the killed ones left may still write; it ends by itself.
    let done = (0..100).find(|_| {
        thread::sleep(Duration::from_millis(20));
        back_up(&serving).code == 0
    });
    assert!(done.is_some(), "{}", back_up(&serving).err);
    assert_eq!(around(&serving), ["b.tar"]);
    let last = fs::read(serving.folder().join("b.tar")).unwrap();
    // A notebook that is not whole is nothing to keep.
    let id = serving.git("data/notebooks/main.git", "rev-parse main:contacts").trim().to_owned();
    fs::remove_file(serving.repository("main").join("objects").join(&id[..2]).join(&id[2..])).unwrap();
    let failed = back_up(&serving);
    assert!(failed.code == 2, "{}", failed.out);
    assert!(fs::read(serving.folder().join("b.tar")).unwrap() == last);
    assert_eq!(around(&serving), ["b.tar"]);
}
