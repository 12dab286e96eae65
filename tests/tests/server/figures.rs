//! What a server says of itself: its figures, its health, its log.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;
use tickler_tests::talk::ask;
use tickler_tests::{Serving, team};

#[test]
fn a_clone_is_counted() {
    let serving = Serving::example("figures");
    serving.clone_by("admin", "clone");
    let answer = ask(serving.address(), "GET /metrics", &[], b"");
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("text/plain; version=0.0.4; charset=utf-8"))
    );
    let text = answer.text();
    for line in [
        "tickler_requests_total{route=\"/NOTEBOOK.git/info/refs\",method=\"GET\",status=\"401\"} 1",
        "tickler_requests_total{route=\"/NOTEBOOK.git/info/refs\",method=\"GET\",status=\"200\"} 1",
        "tickler_requests_total{route=\"/NOTEBOOK.git/git-upload-pack\",method=\"POST\",status=\"200\"} 2",
        "tickler_request_seconds_count{route=\"/NOTEBOOK.git/git-upload-pack\"} 2",
        "tickler_request_seconds_bucket{route=\"/NOTEBOOK.git/git-upload-pack\",le=\"+Inf\"} 2",
        "tickler_git_processes{service=\"upload-pack\"} 0",
        "tickler_connections 1",
        "tickler_connections_refused_total 0",
        "tickler_failed_logins_total 0",
        "tickler_panics_total 0",
        "# TYPE tickler_requests_total counter",
        "# TYPE tickler_request_seconds histogram",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}\nis not in\n{text}");
    }
    let sent = "tickler_sent_bytes_total{route=\"/NOTEBOOK.git/git-upload-pack\"} ";
    let sent = text.lines().find_map(|line| line.strip_prefix(sent)).unwrap();
    assert!(sent.parse::<u64>().unwrap() > 5_000, "{sent}");
}

#[test]
fn what_hooks_do_is_counted() {
    let serving = Serving::example("hooks");
    serving.clone_by("admin", "clone");
    serving.git("clone", "commit --quiet --allow-empty -m nothing");
    serving.git("clone", "push --quiet origin HEAD:refs/sync/admin/laptop");
    let refused = team::git(&serving.folder().join("clone"), "push origin HEAD:refs/heads/other");
    assert!(!refused.status.success());
    let text = ask(serving.address(), "GET /metrics", &[], b"").text();
    for line in ["tickler_landed_total 1", "tickler_landed_noted_total 0", "tickler_pushes_refused_total 1"] {
        assert!(text.lines().any(|one| one == line), "{line}\nis not in\n{text}");
    }
}

#[test]
fn it_is_well_while_its_data_can_be_read() {
    let serving = Serving::example("health");
    let health = || ask(serving.address(), "GET /healthz", &[], b"");
    assert_eq!((health().status, health().text()), (200, "ok\n".to_owned()));
    let (notebooks, aside) = (serving.data().join("notebooks"), serving.data().join("aside"));
    fs::rename(&notebooks, &aside).unwrap();
    assert_eq!(health().status, 500);
    fs::rename(&aside, &notebooks).unwrap();
    assert_eq!(health().status, 200);
    let mode = fs::metadata(serving.data()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn each_request_is_one_line_of_the_log() {
    let serving = Serving::example("log");
    serving.clone_by("admin", "clone");
    let answer = ask(serving.address(), "GET /nothing/here?secret=word", &[("Cookie", "a=biscuit")], b"");
    assert_eq!(answer.status, 404);
    let log = serving.log();
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let requests: Vec<&Value> = lines.iter().filter(|line| line["message"] == "request").collect();
    let short = |line: &Value| {
        let word = |key: &str| line[key].as_str().unwrap_or("-").to_owned();
        let words = ["method", "route", "notebook", "user"].map(word).join(" ");
        format!("{words} {}", line["status"])
    };
    assert_eq!(
        requests.iter().map(|line| short(line)).collect::<Vec<_>>(),
        [
            "GET /NOTEBOOK.git/info/refs main - 401",
            "GET /NOTEBOOK.git/info/refs main admin 200",
            "POST /NOTEBOOK.git/git-upload-pack main admin 200",
            "POST /NOTEBOOK.git/git-upload-pack main admin 200",
            "GET none - - 404",
        ],
        "{log}"
    );
    for line in &requests {
        assert_eq!(line["peer"], "127.0.0.1");
        assert!(line["timestamp"].is_string() && line["id"].is_string() && line["ms"].is_u64(), "{line}");
        assert_eq!(line["whole"], true, "{line}");
    }
    assert!(requests[3]["received"].as_u64().unwrap() > 100, "{}", requests[3]);
    assert!(requests[3]["sent"].as_u64().unwrap() > 5_000, "{}", requests[3]);
    assert_eq!(answer.header("x-request-id"), requests[4]["id"].as_str());
    for word in ["nothing/here", "secret", "word", "biscuit", "service="] {
        assert!(!log.contains(word), "{word} is in the log");
    }
}

#[test]
fn the_log_can_be_text() {
    let serving = Serving::set("text", &["--log", "text"], "");
    assert_eq!(ask(serving.address(), "GET /healthz", &[], b"").status, 200);
    serving.wait_for_log("route=\"/healthz\"");
    assert!(!serving.log().contains('{') && !serving.log().contains('\u{1b}'), "{}", serving.log());
}
