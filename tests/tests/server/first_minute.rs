//! From an empty folder to a notebook that is shared, and back from a first minute that was cut short anywhere.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use tickler_tests::{Serving, Tickler, server_binary, team};

#[test]
fn join_with_what_it_prints() {
    let serving = Serving::example("first-minute");
    let joined =
        Tickler::new("join").word(serving.url("admin", "main")).word("mine").within(serving.folder()).run();
    assert_eq!(joined.code, 0, "{}{}", joined.out, joined.err);
    assert!(joined.out.contains("14 contacts"), "{}", joined.out);
}

#[test]
fn all_of_it_belongs_to_one_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let serving = Serving::with("first-rights", &[], |data| {
        fs::create_dir_all(data).unwrap();
        fs::set_permissions(data, fs::Permissions::from_mode(0o755)).unwrap();
    });
    let mode = |path: &str| fs::metadata(serving.data().join(path)).unwrap().permissions().mode() & 0o777;
    let modes = ["", "users.toml", "server.toml", "notebooks", "hooks", "record"].map(mode);
    assert_eq!(modes, [0o700, 0o600, 0o600, 0o700, 0o700, 0o700]);
    assert_eq!(serving.says(&["check"]), "nothing is wrong: 1 notebook, 0 contacts\n");
}

/// A server that is started on `data` and killed after that long. What it printed until then.
fn killed_after(data: &Path, out: &Path, wait: Duration) -> String {
    let mut serve = Command::new(server_binary());
    serve.args(["serve", "--example", "--listen", "127.0.0.1:0", "--data"]).arg(data);
    serve.stdin(Stdio::null()).stdout(File::create(out).unwrap()).stderr(Stdio::null());
    let mut child = serve.spawn().unwrap();
    sleep(wait);
    child.kill().unwrap();
    child.wait().unwrap();
    fs::read_to_string(out).unwrap()
}

fn token_in(said: &str) -> Option<&str> {
    said.split_whitespace().find(|word| word.starts_with("tickler_"))
}

#[test]
fn a_first_minute_that_is_cut_short_goes_on() {
    let folder = team::fresh_folder("cut-short");
    let out = folder.join("out");
    let mut shown = 0;
    for round in 0..14 {
        let data = folder.join(format!("data-{round}"));
        let first = killed_after(&data, &out, Duration::from_millis(round * round));
        shown += usize::from(token_in(&first).is_some());
        let mut serve = Command::new(server_binary());
        serve.args(["serve", "--example", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
        serve.stdin(Stdio::null()).stdout(File::create(&out).unwrap()).stderr(Stdio::null());
        let mut child = serve.spawn().unwrap();
        let begun = Instant::now();
        let (token, url) = loop {
            let said = fs::read_to_string(&out).unwrap();
            // Whoever saw a token may rely on it; whoever saw none gets one.
            let token = token_in(&said).or_else(|| token_in(&first)).map(str::to_owned);
            let is_done = said.contains("To let somebody else in") || token_in(&first).is_some();
            let url =
                said.split_once("://").map(|(_, rest)| rest.split_whitespace().next().unwrap().to_owned());
            match (token, url) {
                (Some(token), Some(url)) if is_done && said.ends_with('\n') => break (token, url),
                _ => assert!(begun.elapsed() < Duration::from_secs(20), "round {round}: {first} | {said}"),
            }
            sleep(Duration::from_millis(5));
        };
        let listed = team::git(&folder, &format!("ls-remote http://admin:{token}@{url}/main.git HEAD"));
        assert!(listed.status.success(), "round {round}: {}", String::from_utf8_lossy(&listed.stderr));
        assert!(!data.join("first-minute").exists(), "round {round}");
        child.kill().unwrap();
        child.wait().unwrap();
        let checked = Command::new(server_binary()).args(["check", "--data"]).arg(&data).output().unwrap();
        let checked = String::from_utf8(checked.stdout).unwrap();
        assert_eq!(checked, "nothing is wrong: 1 notebook, 14 contacts\n", "round {round}");
    }
    assert!(shown < 14, "it was never cut short");
    fs::remove_dir_all(&folder).unwrap();
}
