//! What one has, all have a moment later; what cannot be sent waits.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use tickler_tests::Serving;
use tickler_tests::http::TOKEN;

use super::{AMARA, Forge, has, note, prepare, says, secret, told, until};

#[test]
fn two_servers_exchange_edits() {
    let forge = Forge::new("upstream-two");
    let one = forge.first("upstream-two-1");
    let two = forge.another("upstream-two-2", 1);
    let (here, there) = (one.clone_by("admin", "here"), two.clone_by("admin", "there"));
    note(&here, AMARA, "from-one");
    note(&there, AMARA, "from-two");
    says(&here, "push --quiet origin HEAD:main");
    says(&there, "push --quiet origin HEAD:main");
    for repository in [one.repository("main"), two.repository("main"), forge.repository()] {
        until("both edits everywhere", || has(&repository, "from-one") && has(&repository, "from-two"));
    }
    until("one history", || one.tip("main") == two.tip("main"));
    // What is kept for the upstream is shown to nobody, and its token to no log.
    assert!(!says(&here, "ls-remote origin").contains("refs/upstream"));
    for serving in [&one, &two] {
        let log = serving.log();
        assert!(log.contains("shared with the upstream"), "{log}");
        assert!(!log.contains(TOKEN) && !log.contains("cGF0Om9wZW4tc2VzYW1l"), "{log}");
    }
}

#[test]
fn pushes_wait_while_the_upstream_is_away() {
    let mut forge = Forge::new("upstream-away");
    let serving = forge.first("upstream-away-1");
    let clone = serving.clone_by("admin", "clone");
    forge.host.cut();
    note(&clone, AMARA, "while-away-1");
    says(&clone, "push --quiet origin HEAD:main");
    until("it is noticed", || serving.log().contains("the upstream is away; what is pushed waits"));
    note(&clone, AMARA, "while-away-2");
    let said = told(&clone, "push origin HEAD:main");
    assert!(said.contains("remote: upstream away since ") && said.contains("; 2 commits wait"), "{said}");
    let state = || fs::read_to_string(serving.repository("main").join("upstream.json")).unwrap_or_default();
    until("it is counted", || state().contains("\"standing\":\"away\"") && state().contains("\"queued\":2"));
    // Reads go on.
    let head = says(&clone, "rev-parse HEAD");
    assert!(says(&clone, "ls-remote origin main").starts_with(head.trim()));
    assert!(!has(&forge.repository(), "while-away-1"));

    forge.host.connect();
    until("it is sent", || {
        has(&forge.repository(), "while-away-1") && has(&forge.repository(), "while-away-2")
    });
    until("that is said", || serving.log().contains("the upstream is back, and has all"));
    until("nothing waits", || state().contains("\"standing\":\"good\"") && state().contains("\"queued\":0"));
    note(&clone, AMARA, "after");
    assert!(!told(&clone, "push origin HEAD:main").contains("wait"));
    assert_eq!(serving.log().matches("the upstream is away").count(), 1);
}

#[test]
fn what_waits_outlives_the_server() {
    let mut forge = Forge::new("upstream-kill");
    let mut serving = forge.first("upstream-kill-1");
    let clone = serving.clone_by("admin", "clone");
    forge.host.cut();
    note(&clone, AMARA, "durable");
    says(&clone, "push --quiet origin HEAD:main");
    serving.kill();
    forge.host.connect();
    serving.restart();
    until("it is sent", || has(&forge.repository(), "durable"));
}

#[test]
fn a_notebook_of_an_older_backup_catches_up() {
    let forge = Forge::new("upstream-older");
    let mut serving = forge.first("upstream-older-1");
    let clone = serving.clone_by("admin", "clone");
    note(&clone, AMARA, "after-the-backup");
    says(&clone, "push --quiet origin HEAD:main");
    let seen = || says(&serving.repository("main"), "for-each-ref refs/upstream/main");
    until("it is sent", || {
        seen().contains(&serving.tip("main")) && has(&forge.repository(), "after-the-backup")
    });
    serving.stop();
    says(&serving.repository("main"), "update-ref refs/heads/main main~1");
    serving.restart();
    until("it is back", || has(&serving.repository("main"), "after-the-backup"));
    assert!(!serving.log().contains("needs attention"), "{}", serving.log());
}

#[test]
fn whoever_pushes_to_the_upstream_is_heard() {
    let forge = Forge::new("upstream-plain");
    let serving = forge.first("upstream-plain-1");
    let reader = serving.clone_by("admin", "reader");
    let plain = forge.clone("sam");
    note(&plain, AMARA, "past-the-servers");
    says(&plain, "push --quiet origin HEAD:main");
    until("a client of the server has it", || {
        says(&reader, "pull --quiet --ff-only");
        has(&reader, "past-the-servers")
    });
    // A merge is in the name of who made it necessary.
    note(&plain, AMARA, "one-side");
    note(&reader, AMARA, "other-side");
    says(&reader, "push --quiet origin HEAD:main");
    until("it is sent", || has(&forge.repository(), "other-side"));
    says(&plain, "pull --quiet --no-rebase -X ours");
    says(&plain, "push --quiet origin HEAD:main");
    until("both", || has(&serving.repository("main"), "one-side"));
}

#[test]
fn an_upstream_may_be_a_tickler_server() {
    let mut hub = Serving::example("upstream-hub");
    hub.add_user("branch", "editor");
    let settings =
        format!("[notebook.main]\nupstream = \"{}\"\nupstream_every = 1\n", hub.url("branch", "main"));
    let branch =
        Serving::with("upstream-branch", &[], |data| prepare(data, &settings, Some(&hub.repository("main"))));
    let (at_hub, at_branch) = (hub.clone_by("admin", "clone"), branch.clone_by("admin", "clone"));
    for round in 0..3 {
        note(&at_hub, AMARA, &format!("hub-{round}"));
        note(&at_branch, AMARA, &format!("branch-{round}"));
        says(&at_hub, "push --quiet origin HEAD:refs/sync/admin/desk");
        says(&at_branch, "push --quiet origin HEAD:refs/sync/admin/desk");
    }
    for repository in [hub.repository("main"), branch.repository("main")] {
        until("all edits at both", || {
            (0..3).all(|round| {
                has(&repository, &format!("hub-{round}")) && has(&repository, &format!("branch-{round}"))
            })
        });
    }
    until("one history", || hub.tip("main") == branch.tip("main"));
    let device = says(&branch.repository("main"), "config tickler.device");
    assert!(device.starts_with("server-"), "{device}");
    let waiting = says(&hub.repository("main"), "for-each-ref refs/sync/branch");
    assert!(!waiting.contains(device.trim()), "{waiting}");
    assert!(!branch.log().contains(&hub.token("branch")[20..40]));
}

#[test]
fn a_webhook_wakes_at_once() {
    let forge = Forge::new("upstream-webhook");
    let first = forge.first("upstream-webhook-1");
    let settings = format!("{}webhook_secret_file = \"webhook.secret\"\n", forge.settings(3600));
    let serving = Serving::with("upstream-webhook-2", &[], |data| {
        prepare(data, &settings, Some(&forge.repository()));
        secret(&data.join("webhook.secret"), "hook-secret\n");
    });
    until("its first run", || serving.repository("main").join("upstream.json").is_file());
    let plain = forge.clone("sam");
    note(&plain, AMARA, "hook-1");
    says(&plain, "push --quiet origin HEAD:main");
    until("the timer of the other one", || has(&first.repository("main"), "hook-1"));
    let signed = "X-Hub-Signature-256: sha256=SIGNATURE";
    for (path, header, status) in [
        ("/webhook/main", "X-Gitlab-Token: hook-secre", 403),
        ("/webhook/main", &signed.replace("SIGNATURE", &"0".repeat(64)), 403),
        ("/webhook/main", "X-Nothing: at-all", 403),
        ("/webhook/other", "X-Gitlab-Token: hook-secret", 403),
        ("/webhook/nowhere", "X-Gitlab-Token: hook-secret", 403),
    ] {
        let begun = Instant::now();
        assert_eq!(post(&serving, path, header, "{}"), status, "{path} {header}");
        assert!(begun.elapsed() >= Duration::from_millis(190), "{path} {header}");
    }
    assert!(!has(&serving.repository("main"), "hook-1"), "{}", serving.log());
    // HMAC-SHA256 of `{}` with that secret.
    let signed =
        signed.replace("SIGNATURE", "db7561483c98d560a40312796dd7c401799bc1fbcabc3fd6f8634415b6545bc8");
    assert_eq!(post(&serving, "/webhook/main", &signed, "{}"), 202);
    until("it is fetched", || has(&serving.repository("main"), "hook-1"));
    note(&plain, AMARA, "hook-2");
    says(&plain, "push --quiet origin HEAD:main");
    assert_eq!(post(&serving, "/webhook/main", "X-Gitlab-Token: hook-secret", "{}"), 202);
    until("it is fetched", || has(&serving.repository("main"), "hook-2"));
    assert_eq!(
        post(&serving, "/webhook/main", "X-Gitlab-Token: hook-secret", &"x".repeat((1 << 20) + 1)),
        413
    );
}

/// The status of a POST.
fn post(serving: &Serving, path: &str, header: &str, body: &str) -> u16 {
    let Ok(mut stream) = TcpStream::connect(serving.address()) else { panic!("nobody listens") };
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\n{header}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // A server that has seen enough does not read on.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
    let mut answer = [0; 12];
    let read = stream.read_exact(&mut answer);
    let status = String::from_utf8_lossy(&answer[9..]).parse();
    match (read, status) {
        (Ok(()), Ok(status)) => status,
        other => panic!("no answer: {other:?}"),
    }
}
