//! Connections that break, crowds, and large pushes: nothing is left behind, and nobody else notices.

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::thread::{scope, sleep};
use std::time::{Duration, Instant};

use tickler_tests::Serving;
use tickler_tests::raw::{Asking, answer, connect, packets};

use super::clients::{commit, head, noise};
use super::oracle::push;

/// The git processes at work for a server, and whatever they started, by what their environment says.
pub fn at_work(serving: &Serving) -> Vec<String> {
    let output = Command::new("ps").args(["axeww", "-o", "pid=,command="]).output().expect("ps runs");
    let mark = format!("TICKLER_DATA={}", serving.data().display());
    let all = String::from_utf8_lossy(&output.stdout).into_owned();
    all.lines().filter(|line| line.contains(&mark)).map(str::to_owned).collect()
}

/// Waits until that holds; how long it took.
#[track_caller]
pub fn wait_until(what: &str, most: Duration, holds: impl Fn() -> bool) -> Duration {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < most, "not within {most:?}: {what}");
        sleep(Duration::from_millis(30));
    }
    begun.elapsed()
}

/// What a broken push may have left in a repository.
fn left_behind(serving: &Serving) -> Vec<String> {
    let mut left = Vec::new();
    let mut folders = vec![serving.repository("main")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with("tmp_") || name.ends_with(".lock") {
                left.push(entry.path().display().to_string());
            }
            if entry.path().is_dir() {
                folders.push(entry.path());
            }
        }
    }
    left
}

fn asking(serving: &Serving, service: &str, body: Vec<u8>) -> Asking {
    let headers = vec![
        ("Authorization", format!("Bearer {}", serving.token("admin"))),
        ("Content-Type", format!("application/x-git-{service}-request")),
    ];
    Asking { method: "POST", target: format!("/main.git/git-{service}"), headers, body, is_chunked: false }
}

/// A server whose notebook has a large file, and a clone of it.
fn with_a_large_file(name: &str) -> Serving {
    let serving = Serving::example(name);
    serving.clone_by("admin", "mine");
    commit(&serving, "mine", "files/plan.bin", &noise(20 << 20));
    serving.git("mine", "push --quiet origin HEAD:main");
    serving
}

#[test]
fn who_goes_away_in_mid_fetch_leaves_nothing_at_work() {
    let serving = with_a_large_file("wire-fetch");
    let want = format!("want {} side-band-64k no-progress\n", serving.tip("main"));
    let asking = asking(&serving, "upload-pack", packets(&[&want, "", "done\n"]));
    let mut stream = connect(serving.address());
    stream.write_all(&asking.bytes()).unwrap();
    stream.read_exact(&mut [0; 1000]).unwrap();
    assert!(!at_work(&serving).is_empty(), "git is at work, as the pack does not fit the connection");
    drop(stream);
    wait_until("git is gone", Duration::from_secs(6), || at_work(&serving).is_empty());
    serving.git("", "clone --quiet --bare data/notebooks/main.git whole.git");
    serving.clone_by("admin", "again");
}

#[test]
fn who_goes_away_in_mid_push_leaves_nothing_behind() {
    let serving = Serving::example("wire-push");
    serving.clone_by("admin", "mine");
    let tip = serving.tip("main");
    commit(&serving, "mine", "files/plan.bin", &noise(4 << 20));
    let asking = asking(&serving, "receive-pack", push(&serving, "mine", "refs/heads/main"));
    let bytes = asking.bytes();
    for part in [2, 4, 100] {
        let mut stream = connect(serving.address());
        stream.write_all(&bytes[..bytes.len() / part * (part - 1)]).unwrap();
        wait_until("git is at work", Duration::from_secs(20), || !at_work(&serving).is_empty());
        drop(stream);
        wait_until("git is gone", Duration::from_secs(6), || at_work(&serving).is_empty());
        assert_eq!(left_behind(&serving), Vec::<String>::new());
        assert_eq!(serving.tip("main"), tip);
    }
    serving.git("mine", "push --quiet origin HEAD:main");
    assert_eq!(serving.tip("main"), head(&serving, "mine"));
    serving.git("data/notebooks/main.git", "fsck --strict");
}

#[test]
fn a_push_that_came_as_a_whole_is_carried_to_its_end() {
    let serving = Serving::example("wire-whole-push");
    serving.clone_by("admin", "mine");
    commit(&serving, "mine", "contacts/zoe.md", b"+++\nname = \"Zoe\"\n+++\n");
    let asking = asking(&serving, "receive-pack", push(&serving, "mine", "refs/heads/main"));
    // A hook that takes its time, so that the client can go away in the midst of it.
    let (hooks, slow) = (serving.data().join("hooks"), serving.folder().join("slow"));
    fs::create_dir(&slow).unwrap();
    fs::rename(hooks.join("pre-receive"), slow.join("pre-receive")).unwrap();
    let (begun, real) = (slow.join("begun"), slow.join("pre-receive"));
    let script = format!("#!/bin/sh\ntouch {}\nsleep 1\nexec {}\n", begun.display(), real.display());
    fs::write(hooks.join("pre-receive"), script).unwrap();
    fs::set_permissions(hooks.join("pre-receive"), Permissions::from_mode(0o700)).unwrap();
    let mut stream = connect(serving.address());
    stream.write_all(&asking.bytes()).unwrap();
    wait_until("the hook is at work", Duration::from_secs(20), || begun.exists());
    drop(stream);
    let mine = head(&serving, "mine");
    wait_until("it lands", Duration::from_secs(20), || serving.tip("main") == mine);
    wait_until("git is gone", Duration::from_secs(6), || at_work(&serving).is_empty());
    assert_eq!(left_behind(&serving), Vec::<String>::new());
}

#[test]
fn twenty_clone_while_somebody_pushes() {
    let mut serving = Serving::example("wire-crowd");
    serving.add_user("pat", "viewer");
    serving.clone_by("admin", "mine");
    commit(&serving, "mine", "files/plan.bin", &noise(1 << 20));
    let asking = asking(&serving, "receive-pack", push(&serving, "mine", "refs/heads/main"));
    let (bytes, tip) = (asking.bytes(), serving.tip("main"));
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    let mut stream = connect(serving.address());
    stream.write_all(first).unwrap();
    scope(|scope| {
        for n in 0..20 {
            let serving = &serving;
            let user = if n % 2 == 0 { "pat" } else { "admin" };
            scope.spawn(move || serving.clone_by(user, &format!("clone-{n}")));
        }
    });
    for n in 0..20 {
        assert_eq!(head(&serving, &format!("clone-{n}")), tip);
    }
    stream.write_all(rest).unwrap();
    let answered = answer(stream);
    assert_eq!(answered.status, 200);
    assert_eq!(serving.tip("main"), head(&serving, "mine"));
}

/// Kilobytes, as the system has them of the server's process.
#[cfg(target_os = "linux")]
fn kilobytes(serving: &Serving, word: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", serving.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(word)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn a_large_push_and_clone_need_little_memory() {
    let serving = Serving::example("wire-memory");
    serving.clone_by("admin", "mine");
    let before = kilobytes(&serving, "VmRSS");
    for name in ["a", "b", "c"] {
        commit(&serving, "mine", &format!("files/{name}.bin"), &[noise(20 << 20), name.into()].concat());
    }
    serving.git("mine", "push --quiet origin HEAD:main");
    serving.clone_by("admin", "again");
    assert_eq!(head(&serving, "again"), serving.tip("main"));
    let peak = kilobytes(&serving, "VmHWM");
    assert!(peak < before + (32 << 10), "{before} kB before, {peak} kB at its peak");
}

/// A server with these lines in its settings.
fn with_settings(name: &str, lines: &str) -> Serving {
    Serving::set(name, &[], &format!("[limits]\n{lines}\n"))
}

#[test]
fn a_push_that_is_too_large_is_refused_in_words() {
    let serving = with_settings("wire-too-large", "push_bytes = 1_000_000");
    serving.clone_by("admin", "mine");
    let tip = serving.tip("main");
    commit(&serving, "mine", "files/plan.bin", &noise(3 << 20));
    let refused = tickler_tests::team::git(&serving.folder().join("mine"), "push origin HEAD:main");
    assert!(!refused.status.success());
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(said.contains("maximum allowed size"), "{said}");
    assert_eq!(serving.tip("main"), tip);
    wait_until("git is gone", Duration::from_secs(6), || at_work(&serving).is_empty());
    assert_eq!(left_behind(&serving), Vec::<String>::new());
}

#[test]
fn nothing_takes_longer_than_it_may() {
    let serving = with_settings("wire-slow", "git_seconds = 1\nbody_idle_seconds = 2");
    let body = asking(&serving, "receive-pack", packets(&[&"x".repeat(100), ""]));
    let bytes = body.bytes();
    let begun = Instant::now();
    let mut stream = connect(serving.address());
    stream.write_all(&bytes[..bytes.len() - 50]).unwrap();
    let answered = answer(stream);
    assert!([408, 500].contains(&answered.status), "{answered:?}");
    assert!(begun.elapsed() < Duration::from_secs(10));
    wait_until("git is gone", Duration::from_secs(6), || at_work(&serving).is_empty());
}

#[test]
fn a_client_that_asks_first_is_told_to_go_on() {
    let serving = Serving::example("wire-expect");
    let mut asking = asking(&serving, "receive-pack", packets(&[""]));
    asking.headers.push(("Expect", "100-continue".to_owned()));
    let mut stream = connect(serving.address());
    stream.write_all(&asking.head()).unwrap();
    let mut first = [0; 25];
    stream.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(&asking.body).unwrap();
    assert_eq!(answer(stream).status, 200);
}
