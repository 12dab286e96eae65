//! Sessions on the pages: how they begin, what they are good for, and how they end.

use std::time::{Duration, Instant};

use tickler_tests::session::{cookie_of, hidden, log_in, send};
use tickler_tests::talk::ask;
use tickler_tests::{Serving, Session};

/// The attributes of the cookie that an answer sets, in their order; the value aside.
fn attributes(cookie: &str) -> Vec<&str> {
    cookie.split("; ").skip(1).collect()
}

#[test]
fn the_cookie_is_for_this_server_alone() {
    let serving = Serving::with("cookie", &["--example", "--behind-proxy"], |_| {});
    let token = [("token", serving.token("admin"))];
    let week = "Max-Age=604800";
    for (scheme, name, expected) in [
        ("https", "__Host-tickler", &["Path=/", week, "HttpOnly", "SameSite=Strict", "Secure"][..]),
        ("http", "tickler", &["Path=/", week, "HttpOnly", "SameSite=Strict"]),
    ] {
        let answer = log_in(serving.address(), &token, &[("X-Forwarded-Proto", scheme)]);
        let cookie = answer.header("set-cookie").unwrap();
        assert_eq!(attributes(cookie), expected, "{scheme}");
        let (named, value) = cookie.split_once('=').unwrap();
        assert_eq!(named, name);
        let value = value.split(';').next().unwrap();
        assert_eq!(value.len(), 52, "256 bits in base 32");
        // Each is good by the way that it came, under its own name.
        let page = |scheme: &str, name: &str| {
            let cookie = format!("other=1; {name}={value}");
            ask(serving.address(), "GET /main/", &[("X-Forwarded-Proto", scheme), ("Cookie", &cookie)], b"")
                .status
        };
        let got = [
            ("https", "__Host-tickler"),
            ("https", "tickler"),
            ("http", "tickler"),
            ("http", "__Host-tickler"),
        ]
        .map(|(by, under)| page(by, under));
        assert_eq!(
            got,
            [200, 303, 200, 303],
            "{scheme}: what counts is the cookie's name, by the way it comes"
        );
        assert!(!serving.log().contains(value));
    }
}

#[test]
fn a_login_makes_a_session_of_its_own() {
    let serving = Serving::example("rotation");
    let to = serving.address();
    let first = Session::of(&serving, "admin");
    let token = [("token", serving.token("admin"))];
    let again = Session::begun(to, &log_in(to, &token, &[("Cookie", &first.cookie)]));
    assert_ne!((&again.cookie, &again.form), (&first.cookie, &first.form));
    assert!(again.is_there() && !first.is_there(), "the one before is over");
    // What somebody else put into the browser is never taken for a session.
    let planted = format!("tickler={}", "b".repeat(52));
    let other = Session::begun(to, &log_in(to, &token, &[("Cookie", &planted)]));
    assert_ne!(other.cookie, planted);
    assert!(again.is_there(), "other browsers stay logged in");
    let wrong = log_in(to, &[("token", "wrong")], &[("Cookie", &again.cookie)]);
    assert_eq!((wrong.status, cookie_of(&wrong)), (401, None));
    assert!(again.is_there(), "who fails to log in is not logged out");
}

#[test]
fn sessions_end_in_many_ways() {
    let mut serving = Serving::example("endings");
    serving.add_user("pat", "editor");
    let ends = |serving: &Serving, what: &dyn Fn(&Session)| {
        let both = [(); 2].map(|()| Session::of(serving, "pat"));
        let admin = Session::of(serving, "admin");
        what(&both[0]);
        assert!(admin.is_there(), "others stay");
        [both[0].is_there(), both[1].is_there()]
    };
    let out = |session: &Session| {
        let answer = session.post("/logout", &[]);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/login")));
        assert!(answer.header("set-cookie").unwrap().starts_with("tickler=; Path=/; Max-Age=0;"));
    };
    assert_eq!(ends(&serving, &out), [false, true]);
    let everywhere = |session: &Session| {
        let answer = session.post("/main/settings/sessions", &[]);
        assert_eq!((answer.status, answer.header("location")), (303, Some("/login")));
        assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0;"));
    };
    assert_eq!(ends(&serving, &everywhere), [false, false]);

    // A role that is taken holds from the next request, a token that is taken ends the session.
    let session = Session::of(&serving, "pat");
    let log = [("channel", "phone"), ("text", "as agreed")];
    assert_eq!(session.post("/main/contacts/amara-okafor/log", &log).status, 303);
    serving.says(&["user", "add", "pat", "--role", "viewer"]);
    assert_eq!(session.post("/main/contacts/amara-okafor/log", &log).status, 403);
    assert_eq!(session.get("/main/").status, 200);
    let said = serving.says(&["user", "reset", "pat"]);
    serving.note_token("pat", &said);
    assert!(!session.is_there());
    let session = Session::of(&serving, "pat");
    serving.says(&["user", "remove", "pat"]);
    assert!(!session.is_there());
    let said = serving.says(&["user", "add", "pat", "--role", "viewer"]);
    serving.note_token("pat", &said);
    assert!(!session.is_there(), "a user of the same name is another one");
}

#[test]
fn what_was_typed_outlives_the_session() {
    let mut serving = Serving::example("kept");
    let before = Session::of(&serving, "admin");
    serving.kill_and_restart();
    let to = serving.address();
    let path = "/main/settings/tokens";
    let note = "a \"new\" <phone> & more";
    let answer = before.post(path, &[("for", note)]);
    assert_eq!(answer.status, 401);
    assert!(answer.text().contains("You were logged out"), "{}", answer.text());
    let (kept, next) = (hidden(&answer.text(), "kept").unwrap(), hidden(&answer.text(), "next").unwrap());
    assert_eq!(next, path);
    assert!(!kept.contains(&before.form), "the old word is of no use");

    // A wrong token loses nothing.
    let wrong = log_in(to, &[("token", "wrong"), ("next", &next), ("kept", &kept)], &[]);
    assert_eq!(wrong.status, 401);
    assert_eq!(hidden(&wrong.text(), "kept").as_ref(), Some(&kept));
    let right = log_in(to, &[("token", serving.token("admin")), ("next", &next), ("kept", &kept)], &[]);
    assert_eq!(right.status, 200);
    let page = right.text();
    assert!(page.contains("Please send this once more") && page.contains(&format!("action=\"{path}\"")));
    let session = Session::begun(to, &right);
    assert_eq!(hidden(&page, "form").as_ref(), Some(&session.form));
    assert_eq!(hidden(&page, "for").as_deref(), Some(note));
    let done = session.post(path, &[("for", &hidden(&page, "for").unwrap())]);
    assert_eq!(done.status, 200);
    assert!(session.get("/main/settings").text().contains("a &quot;new&quot; &lt;phone&gt; &amp; more"));

    // A page that another login left open: the form comes back, and goes through once it is sent again.
    let stale = session.post_bare(path, &[("form", &before.form), ("for", "tablet")]);
    assert_eq!(stale.status, 400);
    assert_eq!(hidden(&stale.text(), "form").as_ref(), Some(&session.form));
    assert_eq!(hidden(&stale.text(), "for").as_deref(), Some("tablet"));
    assert!(!session.get("/main/settings").text().contains("tablet"));
    // From another host nothing is kept, and nothing of it shown.
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let body = b"for=from+elsewhere";
    let elsewhere = ask(to, &format!("POST {path}"), &[("Sec-Fetch-Site", "cross-site"), form], body);
    assert_eq!((elsewhere.status, elsewhere.header("location")), (303, Some("/login")));
}

#[test]
fn a_link_from_a_mail_finds_those_who_are_logged_in() {
    let serving = Serving::example("links");
    let to = serving.address();
    let session = Session::of(&serving, "admin");
    // The browser keeps the cookie back, since the link is on a page of another host.
    let first = ask(to, "GET /main/contacts/amara-okafor?a=b", &[("Sec-Fetch-Site", "cross-site")], b"");
    assert_eq!((first.status, first.header("location")), (200, None));
    let next = "/login?next=%2Fmain%2Fcontacts%2Famara-okafor%3Fa%3Db";
    assert_eq!(first.header("refresh"), Some(&*format!("0;url={next}")));
    assert!(first.text().contains(&format!("href=\"{next}\"")), "for those whose browser does not go on");
    // What the page asks for comes from here, so the cookie comes with it.
    let second = session.get(next);
    assert_eq!((second.status, second.header("location")), (303, Some("/main/contacts/amara-okafor?a=b")));
    // Who is not logged in sees the login.
    let nobody = ask(to, &format!("GET {next}"), &[("Sec-Fetch-Site", "same-origin")], b"");
    assert_eq!((nobody.status, nobody.header("refresh")), (200, None));
    assert_eq!(hidden(&nobody.text(), "next").as_deref(), Some("/main/contacts/amara-okafor?a=b"));
    // After the login one is on this server, whatever the address says.
    for (next, to_where) in [("/main/team", "/main/team"), ("//evil.example", "/"), ("/\t/evil.example", "/")]
    {
        let answer = log_in(to, &[("token", serving.token("admin")), ("next", next)], &[]);
        assert_eq!(answer.header("location"), Some(to_where), "{next:?}");
    }
}

#[test]
fn wrong_tokens_count_wherever_they_are_shown() {
    let serving = Serving::set("page-throttle", &[], "[limits]\nfailed_logins = 3\n");
    let to = serving.address();
    let by_page = || {
        let begun = Instant::now();
        let answer = log_in(to, &[("token", "wrong")], &[]);
        assert!(begun.elapsed() >= Duration::from_millis(200), "answered too soon");
        (answer.status, answer.header("retry-after").is_some())
    };
    let by_api = || ask(to, "GET /main/api/v1/due", &[("Authorization", "Bearer x")], b"").status;
    assert_eq!(by_page(), (401, false));
    assert_eq!(by_api(), 401);
    assert_eq!(by_page(), (401, false));
    assert_eq!(by_page(), (429, true));
    assert_eq!(by_api(), 429);
    assert!(Session::of(&serving, "admin").is_there(), "a right one passes");
    let page = send(to, "/login", &[("token", "wrong")], &[]).text();
    assert!(page.contains("Too many logins failed. Try again in 15 minutes."), "{page}");
}
