//! Who may do what: every route, for everybody.

use std::process::Command;

use tickler_tests::server::login;
use tickler_tests::talk::ask;
use tickler_tests::{Serving, ran, server_binary};

/// Who asks: nobody, with a wrong token, the three roles in `main`, and the admin of another notebook.
const WHO: [&str; 6] = ["", "wrong", "viewer", "editor", "admin", "other"];

/// A route as the program names it, an address of it, and what each of them gets.
type Row = (&'static str, &'static str, [u16; 6]);

/// Every route has at least one row. Bodies are empty, so what may push or fetch gets as far as the type of its content.
const ROWS: [Row; 10] = [
    //                                                                 none wrong viewer editor admin other
    ("GET /healthz", "/healthz", [200, 200, 200, 200, 200, 200]),
    ("GET /metrics", "/metrics", [401, 401, 403, 403, 200, 200]),
    (
        "GET /NOTEBOOK.git/info/refs",
        "/main.git/info/refs?service=git-upload-pack",
        [401, 401, 200, 200, 200, 404],
    ),
    (
        "GET /NOTEBOOK.git/info/refs",
        "/main.git/info/refs?service=git-receive-pack",
        [401, 401, 403, 200, 200, 404],
    ),
    ("GET /NOTEBOOK.git/info/refs", "/main.git/info/refs", [401, 401, 403, 403, 403, 404]),
    (
        "GET /NOTEBOOK.git/info/refs",
        "/nowhere.git/info/refs?service=git-upload-pack",
        [401, 401, 404, 404, 404, 404],
    ),
    ("POST /NOTEBOOK.git/git-upload-pack", "/main.git/git-upload-pack", [401, 401, 415, 415, 415, 404]),
    ("POST /NOTEBOOK.git/git-receive-pack", "/main.git/git-receive-pack", [401, 401, 403, 415, 415, 404]),
    ("POST /NOTEBOOK.git/git-receive-pack", "/nowhere.git/git-receive-pack", [401, 401, 404, 404, 404, 404]),
    // A host shows a signature, not a token, and nobody else may.
    ("POST /webhook/NOTEBOOK", "/webhook/main", [403, 403, 403, 403, 403, 403]),
];

/// What no route is. None of them tells somebody more than "there is nothing here".
const ELSEWHERE: [(&str, u16); 22] = [
    ("GET /", 404),
    ("GET /nothing", 404),
    ("GET /main.git", 404),
    ("GET /main.git/", 404),
    ("GET /main.git/HEAD", 404),
    ("GET /main.git/objects/info/packs", 404),
    ("GET /main.git/info/refs/more", 404),
    ("GET /main/info/refs?service=git-upload-pack", 404),
    ("GET /Main.git/info/refs?service=git-upload-pack", 404),
    ("GET /../main.git/info/refs", 404),
    ("GET /..git/info/refs", 404),
    ("GET /x/../main.git/info/refs", 404),
    ("GET /%2e%2e/main.git/info/refs", 404),
    ("GET /%2e%2e.git/info/refs", 404),
    ("GET /main%2egit/info/refs", 404),
    ("GET /a%2fb.git/info/refs", 404),
    ("GET //main.git/info/refs", 404),
    ("GET /main.git//info/refs", 404),
    ("GET /main%00.git/info/refs", 404),
    ("OPTIONS *", 404),
    ("GET /main.git/info/refs\0", 400),
    ("GET main.git/info/refs", 400),
];

/// A method that a route does not have, and those that it has.
const METHODS: [(&str, &str); 8] = [
    ("POST /healthz", "GET, HEAD"),
    ("DELETE /metrics", "GET, HEAD"),
    ("POST /main.git/info/refs", "GET, HEAD"),
    ("OPTIONS /main.git/info/refs", "GET, HEAD"),
    ("GET /main.git/git-upload-pack", "POST"),
    ("PUT /main.git/git-receive-pack", "POST"),
    ("PATCH /main.git/git-receive-pack", "POST"),
    ("HELLO /healthz", "GET, HEAD"),
];

#[test]
fn every_route_gives_everybody_what_is_theirs() {
    let mut serving = Serving::example("roles");
    ["viewer", "editor"].iter().for_each(|role| serving.add_user(role, role));
    serving.says(&["notebook", "add", "second"]);
    let said = serving.says(&["user", "add", "other", "--role", "admin", "--notebook", "second"]);
    serving.note_token("other", &said);

    let mut command = Command::new(server_binary());
    command.arg("routes");
    let routes = ran(command).out;
    let routes: Vec<&str> = routes.lines().collect();
    assert!(!routes.is_empty());
    for route in &routes {
        assert!(ROWS.iter().any(|(named, ..)| named == route), "{route} has no row");
    }
    for (route, address, expected) in ROWS {
        assert!(routes.contains(&route), "there is no route {route}");
        let method = route.split(' ').next().unwrap();
        let line = format!("{method} {address}");
        // As a proxy would, so that nobody gets anything for being near.
        let forwarded = ("X-Forwarded-For", "203.0.113.9");
        let got = WHO.map(|who| {
            let shown = match who {
                "" => return ask(serving.address(), &line, &[forwarded], b"").status,
                "wrong" => login("admin", &format!("{}x", &serving.token("admin")[..73])),
                who => serving.login(who),
            };
            ask(serving.address(), &line, &[forwarded, ("Authorization", &shown)], b"").status
        });
        assert_eq!(got, expected, "{line}\n for {WHO:?}");
        let pattern = route.split(' ').nth(1).unwrap();
        assert!(serving.log().contains(&format!("\"route\":\"{pattern}\"")), "{route} is not in the log");
    }
}

#[test]
fn elsewhere_there_is_nothing() {
    let serving = Serving::example("elsewhere");
    let shown = serving.login("admin");
    for (line, status) in ELSEWHERE {
        let answer = ask(serving.address(), line, &[("Authorization", &shown)], b"");
        assert_eq!(answer.status, status, "{line:?}: {}", answer.text());
    }
    for (line, allowed) in METHODS {
        let answer = ask(serving.address(), line, &[("Authorization", &shown)], b"");
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allowed)), "{line}");
    }
    assert_eq!(ask(serving.address(), "CONNECT example.com:80", &[], b"").status, 404);
    assert_eq!(ask(serving.address(), "GET http://elsewhere.example/healthz", &[], b"").status, 200);
}
