//! Pushes that are small to send and huge to unpack, and requests that no git client would make.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::pushing::Pushing;

const FILE: &str = "100644";

#[test]
fn too_much_of_everything() {
    let pushing = Pushing::new("bombs-much");
    let user = "ann";
    let blob = pushing.blob(user, "x\n");
    // A folder of half a million files, which are all one.
    let entries: Vec<_> =
        (0..500_000).map(|number| (FILE, format!("{number:06}.md").into_bytes(), blob.clone())).collect();
    let tree = pushing.tree(user, &entries);
    let commit = pushing.commit_tree(user, &tree);
    pushing.refused(user, &format!("{commit}:refs/heads/main"), "remote: a folder has too many files (17");
    // More commits than anybody makes between two pushes.
    let tip = pushing.serving.tip("main");
    let mut import = String::new();
    for number in 0..6_000 {
        let from = if number == 0 { format!("from {tip}\n") } else { String::new() };
        let _ = write!(
            import,
            "commit refs/heads/many\ncommitter A <a@b.example> {} +0000\ndata 1\nx{from}\n",
            1_800_000_000 + number
        );
    }
    pushing.fed(user, &["fast-import", "--quiet"], import.as_bytes());
    pushing.refused(user, "many:refs/heads/main", "remote: a push of more than 5000 commits");
    // A text that is too long, and material that is not.
    pushing.write(user, "contacts/long.md", "x".repeat((1 << 20) + 1));
    pushing.write(user, "files/list.pdf", vec![b'x'; 3 << 20]);
    pushing.commit(user);
    let shown = pushing.refused(user, "HEAD:refs/heads/main", "remote: contacts/long.md: 1 MiB is too much");
    assert!(shown.contains("larger files go below files/") && !shown.contains("list.pdf"), "{shown}");
    pushing.fresh(user);
    pushing.write(user, "files/list.pdf", vec![b'x'; 3 << 20]);
    pushing.commit(user);
    pushing.goes(user, "HEAD:refs/heads/main");
    // It does not become a text by being moved.
    pushing.git(user, "mv files/list.pdf contacts/list.pdf");
    pushing.commit(user);
    pushing.refused(user, "HEAD:refs/heads/main", "remote: contacts/list.pdf: 3 MiB is too much");
    pushing.is_sound();
}

/// The bytes of a file that packs to a thousandth.
const BOMB: u64 = 256 << 20;

#[test]
fn a_huge_file_in_a_small_push() {
    let pushing = Pushing::new("bombs-file");
    let zeros = Command::new("sh")
        .args([
            "-c",
            &format!("head -c {BOMB} /dev/zero | git -c core.bigFileThreshold=1m hash-object -w --stdin"),
        ])
        .current_dir(pushing.serving.folder().join("ann"))
        .output()
        .expect("sh starts");
    let blob = String::from_utf8_lossy(&zeros.stdout).trim().to_owned();
    let commit = pushing.commit_with("ann", &[(FILE, b"zeros.md".to_vec(), blob)]);

    let small = |number: usize| {
        pushing.write("bob", "contacts/bob.md", format!("+++\nname = \"Bob {number}\"\n+++\n"));
        pushing.commit("bob");
        let begun = Instant::now();
        pushing.goes("bob", "HEAD:refs/heads/main");
        begun.elapsed()
    };
    let mut alone: Vec<Duration> = (0..5).map(small).collect();
    alone.sort();
    let is_done = AtomicBool::new(false);
    let (beside, most, shown, took) = thread::scope(|scope| {
        let bomb = scope.spawn(|| {
            let begun = Instant::now();
            let ran = pushing.push("ann", &format!("{commit}:refs/sync/ann/laptop"));
            is_done.store(true, Ordering::Relaxed);
            (ran, begun.elapsed())
        });
        let memory = scope.spawn(|| {
            let mut most = 0;
            while !is_done.load(Ordering::Relaxed) {
                most = most.max(largest_child(pushing.serving.id()));
                thread::sleep(Duration::from_millis(20));
            }
            most
        });
        let mut beside = Vec::new();
        while !is_done.load(Ordering::Relaxed) {
            beside.push(small(100 + beside.len()));
        }
        let (ran, took) = bomb.join().expect("it ends");
        (beside, memory.join().expect("it ends"), ran, took)
    });
    assert!(shown.code != 0, "{}", shown.err);
    assert!(shown.err.contains("remote: a file of 256 MiB: at most 25 MiB can be shared"), "{}", shown.err);
    assert!(shown.err.contains("[remote rejected] "), "{}", shown.err);
    let mut beside = beside;
    beside.sort();
    let (alone, beside) = (alone[alone.len() / 2], beside[beside.len() / 2]);
    println!(
        "the bomb {took:?}, a small push alone {alone:?}, beside it {beside:?}, git's memory {} MiB",
        most >> 10
    );
    // Twice as long is what is meant; the machine of a test has other work too.
    assert!(beside < alone * 4 + Duration::from_secs(1), "alone {alone:?}, beside the bomb {beside:?}");
    assert!(most < 150 << 10, "a git process of the server took {most} KiB");
    let kept = fs::read_dir(pushing.serving.repository("main").join("objects")).expect("objects").flatten();
    let kept: Vec<_> = kept.filter(|entry| entry.file_name().to_string_lossy().contains("tmp")).collect();
    assert!(kept.is_empty(), "{kept:?}");
    pushing.is_sound();
}

/// The most memory, in KiB, that one process below this one has now.
fn largest_child(parent: u32) -> u64 {
    let status = |pid: &str| fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let field = |status: &str, name: &str| -> u64 {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
        line.split_whitespace().next().and_then(|word| word.parse().ok()).unwrap_or_default()
    };
    let mut all = Vec::new();
    for entry in fs::read_dir("/proc").expect("/proc").flatten() {
        let pid = entry.file_name().to_string_lossy().into_owned();
        if let Ok(number) = pid.parse::<u64>() {
            let status = status(&pid);
            all.push((number, field(&status, "PPid:"), field(&status, "VmRSS:")));
        }
    }
    let mut family = vec![u64::from(parent)];
    let mut most = 0;
    while let Some(one) = family.pop() {
        for (pid, _, memory) in all.iter().filter(|(_, parent, _)| *parent == one) {
            most = most.max(*memory);
            family.push(*pid);
        }
    }
    most
}

/// What the server answers to a request of one's own making.
pub fn posted(pushing: &Pushing, service: &str, headers: &str, body: &[u8]) -> String {
    let address = pushing.serving.address();
    let mut stream = TcpStream::connect(address).expect("it listens");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a time");
    let token = pushing.serving.token("ann");
    let head = format!(
        "POST /main.git/git-{service} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/x-git-{service}-request\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        body.len()
    );
    // Where it is refused early, the rest cannot be written.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

/// The lines that ask for refs to be moved, and the pack behind them.
fn asked(commands: &[(String, String, String)], pack: &[u8]) -> Vec<u8> {
    let mut body = Vec::new();
    for (number, (old, new, name)) in commands.iter().enumerate() {
        let more = if number == 0 { "\0report-status side-band-64k" } else { "" };
        let line = format!("{old} {new} {name}{more}");
        body.extend_from_slice(format!("{:04x}{line}", line.len() + 4).as_bytes());
    }
    body.extend_from_slice(b"0000");
    body.extend_from_slice(pack);
    body
}

fn packed(pushing: &Pushing, ids: &str) -> Vec<u8> {
    fs::write(pushing.serving.folder().join("ann/ids"), ids).expect("a file");
    let output = Command::new("sh")
        .args(["-c", "git pack-objects --stdout --quiet < ids"])
        .current_dir(pushing.serving.folder().join("ann"))
        .output()
        .expect("sh starts");
    output.stdout
}

#[test]
fn requests_that_no_client_makes() {
    let pushing = Pushing::new("bombs-requests");
    let (tip, zero) = (pushing.serving.tip("main"), "0".repeat(40));
    let before = pushing.seen();
    // Ten thousand refs. git's own client takes minutes to think of such a push.
    let commands: Vec<_> =
        (0..10_000).map(|number| (zero.clone(), tip.clone(), format!("refs/heads/x{number}"))).collect();
    let answer = posted(&pushing, "receive-pack", "", &asked(&commands, &packed(&pushing, "")));
    assert!(answer.contains("a push of 10000 refs; push the branch alone"), "{answer:.400}");
    // A commit without what belongs to it.
    let blob = pushing.blob("ann", "nowhere else\n");
    let commit = pushing.commit_with("ann", &[(FILE, b"x.md".to_vec(), blob)]);
    let command = [(tip.clone(), commit.clone(), "refs/heads/main".to_owned())];
    let answer =
        posted(&pushing, "receive-pack", "", &asked(&command, &packed(&pushing, &format!("{commit}\n"))));
    assert!(answer.contains("ng refs/heads/main"), "{answer:.400}");
    // No pack at all, and one that breaks off.
    let answer = posted(&pushing, "receive-pack", "", &asked(&command, b""));
    assert!(!answer.contains("ok refs/heads/main"), "{answer:.400}");
    let whole = packed(&pushing, &format!("{commit}\n"));
    let answer = posted(&pushing, "receive-pack", "", &asked(&command, &whole[..whole.len() / 2]));
    assert!(!answer.contains("ok refs/heads/main"), "{answer:.400}");
    // Another old place than it is: git compares.
    let command = [(zero, tip, "refs/heads/main".to_owned())];
    let answer = posted(&pushing, "receive-pack", "", &asked(&command, &packed(&pushing, "")));
    assert!(!answer.contains("ok refs/heads/main"), "{answer:.400}");
    // A hundred megabytes of nothing, as gzip.
    let zipped =
        Command::new("sh").args(["-c", "head -c 100m /dev/zero | gzip"]).output().expect("sh starts").stdout;
    for service in ["receive-pack", "upload-pack"] {
        let answer = posted(&pushing, service, "Content-Encoding: gzip\r\n", &zipped);
        assert!(!answer.starts_with("HTTP/1.1 200"), "{service}: {answer:.200}");
    }
    assert_eq!(pushing.seen(), before);
    pushing.is_sound();
}
