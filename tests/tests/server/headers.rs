//! The headers of every kind of answer: what a browser is to do with it, and what not.

use tickler_tests::session::send;
use tickler_tests::talk::{Answer, Talk, ask};
use tickler_tests::{Serving, Session};

/// What a page may load: what this server itself serves, and nothing else.
const OF_PAGES: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
/// What anything else may load: nothing.
const OF_ALL_ELSE: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// On each and every answer.
const ALWAYS: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    ),
];

/// On none: what tells how the server is made, and what lets pages of other hosts in.
const NEVER: [&str; 7] = [
    "server",
    "x-powered-by",
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "last-event-id",
];

/// The answer's head alone, since news never end.
fn head(serving: &Serving, line: &str, headers: &[(&str, &str)]) -> Answer {
    let mut talk = Talk::to(serving.address());
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    talk.send(format!("{line} HTTP/1.1\r\nHost: {}\r\n{lines}\r\n", serving.address()).as_bytes()).unwrap();
    let (status, headers) = talk.head().unwrap();
    Answer { status, headers, body: Vec::new() }
}

/// Headers of a request.
type Lines<'h> = &'h [(&'h str, &'h str)];

#[test]
fn every_answer_is_protected() {
    let serving = Serving::example("headers");
    let session = Session::of(&serving, "admin");
    let shown = serving.login("admin");
    let style = head(&serving, "GET /assets/style.css", &[]);
    let tag = style.header("etag").unwrap().to_owned();
    let (cookie, token) = (("Cookie", session.cookie.as_str()), ("Authorization", shown.as_str()));
    let (store, git) = ("no-store", "no-cache, max-age=0, must-revalidate");
    let (page, none) = (OF_PAGES, OF_ALL_ELSE);
    // What is asked for and how; the status, what may be loaded, and what may be kept.
    let rows: [(&str, Lines<'_>, u16, &str, &str); 17] = [
        ("GET /login", &[], 200, page, store),
        ("HEAD /login", &[], 200, page, store),
        ("GET /main/", &[cookie], 200, page, store),
        ("GET /main/settings", &[cookie], 200, page, store),
        ("GET /main/", &[], 303, none, store),
        ("GET /main/", &[("Sec-Fetch-Site", "cross-site")], 200, page, store),
        ("GET /nowhere/", &[cookie], 404, page, store),
        ("GET /nothing/at/all", &[], 404, page, store),
        ("POST /main/", &[cookie], 405, page, store),
        ("GET /assets/style.css", &[], 200, none, "public, max-age=300"),
        ("GET /assets/style.css", &[("If-None-Match", &tag)], 304, none, "public, max-age=300"),
        ("GET /main/events", &[cookie], 200, none, "no-cache"),
        ("GET /main/api/v1/due", &[token], 200, none, "private, no-cache"),
        ("GET /main/api/v1/due", &[cookie], 401, none, store),
        ("GET /main/calendar/guessed.ics", &[], 404, none, store),
        ("GET /main.git/info/refs?service=git-upload-pack", &[token], 200, none, git),
        ("GET /healthz", &[], 200, none, store),
    ];
    for (line, headers, status, policy, kept) in rows {
        let answer = head(&serving, line, headers);
        assert_eq!(answer.status, status, "{line}");
        assert_headers(line, &answer, policy, kept);
    }
    let long = format!("GET /{}", "a".repeat(9000));
    assert_headers("a long address", &head(&serving, &long, &[]), none, store);
    let stale = session.post_bare("/main/settings/tokens", &[]);
    assert_eq!(stale.status, 400);
    assert_headers("a form of another session", &stale, page, store);
    let wrong = send(serving.address(), "/login", &[("token", "wrong")], &[]);
    assert_eq!(wrong.status, 401);
    assert_headers("a wrong token", &wrong, page, store);
    let right = send(serving.address(), "/login", &[("token", serving.token("admin"))], &[]);
    assert_headers("a right token", &right, none, store);
}

#[track_caller]
fn assert_headers(line: &str, answer: &Answer, policy: &str, kept: &str) {
    let all = |name: &str| {
        let named = answer.headers.iter().filter(|(one, _)| one == name);
        named.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(all("content-security-policy"), [policy], "{line}");
    assert_eq!(all("cache-control"), [kept], "{line}");
    for (name, value) in ALWAYS {
        assert_eq!(all(name), [value], "{line}: {name}");
    }
    assert_eq!(all("x-request-id").len(), 1, "{line}");
    for name in NEVER {
        assert!(all(name).is_empty(), "{line}: {name}");
    }
    assert!(all("strict-transport-security").is_empty(), "{line}: only over https");
}

#[test]
fn pages_hold_nothing_that_their_policy_forbids() {
    let serving = Serving::example("inline");
    let session = Session::of(&serving, "admin");
    for path in ["/login", "/main/", "/main/settings", "/main/contacts/amara-okafor", "/nowhere/"] {
        let page = session.get(path).text();
        for (number, script) in page.match_indices("<script").map(|(at, _)| &page[at..]).enumerate() {
            assert!(script.starts_with("<script src=\"/assets/"), "{path}: script {number}");
        }
        for forbidden in
            ["<style", " style=\"", " onclick=", " onload=", "javascript:", "src=\"http", "href=\"//"]
        {
            assert!(!page.contains(forbidden), "{path} holds {forbidden}");
        }
    }
}

#[test]
fn https_is_kept_to() {
    let serving = Serving::with("https", &["--example", "--behind-proxy"], |_| {});
    for (scheme, expected) in [("https", Some("max-age=31536000")), ("http", None)] {
        for line in ["GET /login", "GET /main/", "GET /assets/style.css", "GET /nothing/at/all"] {
            let answer = ask(serving.address(), line, &[("X-Forwarded-Proto", scheme)], b"");
            assert_eq!(answer.header("strict-transport-security"), expected, "{line} by {scheme}");
        }
    }
}
