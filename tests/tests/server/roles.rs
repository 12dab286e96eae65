//! Who may do what: every route, for everybody, by every way in which somebody could say who they are.

use std::collections::HashMap;
use std::process::Command;

use tickler_tests::server::login;
use tickler_tests::session::encoded;
use tickler_tests::talk::{Talk, ask};
use tickler_tests::{Serving, Session, ran, server_binary};

use super::roles_api;

/// Who asks: nobody, with a wrong token or cookie, the three roles in `main`, and the admin of another notebook.
const WHO: [&str; 6] = ["", "wrong", "viewer", "editor", "admin", "other"];

/// A route as the program names it, an address of it, and what each of them gets: on pages by a session's cookie and,
/// where it is a form, with what the session's own forms show; everywhere else by a token.
pub type Row = (&'static str, &'static str, [u16; 6]);

/// Headers of a request.
type Lines<'h> = &'h [(&'h str, &'h str)];

/// Every route has at least one row, those of the API in a list of their own. Bodies are empty but for [`FORMS`], so what may push or fetch gets as far as the
/// type of its content.
const ROWS: &[Row] = &[
    //                                            none wrong viewer editor admin other
    // The server itself, and git.
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
    // Pages of the server. Who is not logged in is sent to the login; a form of theirs is kept there.
    ("GET /", "/", [303, 303, 303, 303, 303, 303]),
    ("GET /login", "/login", [200, 200, 303, 303, 303, 303]),
    ("POST /login", "/login", [401, 401, 401, 401, 401, 401]),
    ("POST /logout", "/logout", [303, 303, 303, 303, 303, 303]),
    ("GET /assets/FILE", "/assets/style.css", [200, 200, 200, 200, 200, 200]),
    ("GET /assets/FILE", "/assets/nothing.css", [404, 404, 404, 404, 404, 404]),
    // Pages of a notebook.
    ("GET /NOTEBOOK", "/main", [303, 303, 303, 303, 303, 404]),
    ("GET /NOTEBOOK/", "/main/", [303, 303, 200, 200, 200, 404]),
    ("GET /NOTEBOOK/", "/nowhere/", [303, 303, 404, 404, 404, 404]),
    ("GET /NOTEBOOK/contacts/ID", "/main/contacts/amara-okafor", [303, 303, 200, 200, 200, 404]),
    ("GET /NOTEBOOK/contacts/ID", "/main/contacts/nobody", [303, 303, 404, 404, 404, 404]),
    ("POST /NOTEBOOK/contacts/ID/log", "/main/contacts/amara-okafor/log", [401, 401, 403, 303, 303, 404]),
    ("GET /NOTEBOOK/contacts", "/main/contacts?q=amara", [303, 303, 200, 200, 200, 404]),
    ("GET /NOTEBOOK/new", "/main/new", [303, 303, 403, 200, 200, 404]),
    ("POST /NOTEBOOK/new", "/main/new", [401, 401, 403, 422, 422, 404]),
    ("GET /NOTEBOOK/contacts/ID/edit", "/main/contacts/amara-okafor/edit", [303, 303, 403, 200, 200, 404]),
    ("POST /NOTEBOOK/contacts/ID/edit", "/main/contacts/amara-okafor/edit", [401, 401, 403, 400, 400, 404]),
    (
        "GET /NOTEBOOK/contacts/ID/history",
        "/main/contacts/amara-okafor/history",
        [303, 303, 200, 200, 200, 404],
    ),
    (
        "GET /NOTEBOOK/contacts/ID/remove",
        "/main/contacts/amara-okafor/remove",
        [303, 303, 403, 403, 200, 404],
    ),
    ("POST /NOTEBOOK/contacts/ID/remove", "/main/contacts/nobody/remove", [401, 401, 403, 403, 404, 404]),
    ("POST /NOTEBOOK/contacts/ID/next", "/main/contacts/amara-okafor/next", [401, 401, 403, 303, 303, 404]),
    (
        "POST /NOTEBOOK/contacts/ID/promises",
        "/main/contacts/amara-okafor/promises",
        [401, 401, 403, 303, 303, 404],
    ),
    ("POST /NOTEBOOK/contacts/ID/kept", "/main/contacts/amara-okafor/kept", [401, 401, 403, 409, 409, 404]),
    ("POST /NOTEBOOK/contacts/ID/stage", "/main/contacts/amara-okafor/stage", [401, 401, 403, 303, 303, 404]),
    ("POST /NOTEBOOK/contacts/ID/owner", "/main/contacts/amara-okafor/owner", [401, 401, 403, 303, 303, 404]),
    ("POST /NOTEBOOK/contacts/ID/stop", "/main/contacts/amara-okafor/stop", [401, 401, 403, 303, 303, 404]),
    ("GET /NOTEBOOK/pipeline", "/main/pipeline", [303, 303, 200, 200, 200, 404]),
    ("GET /NOTEBOOK/team", "/main/team", [303, 303, 200, 200, 200, 404]),
    ("GET /NOTEBOOK/problems", "/main/problems", [303, 303, 200, 200, 200, 404]),
    ("GET /NOTEBOOK/report", "/main/report", [303, 303, 200, 200, 200, 404]),
    ("GET /NOTEBOOK/settings", "/main/settings", [303, 303, 200, 200, 200, 404]),
    ("POST /NOTEBOOK/settings/tokens", "/main/settings/tokens", [401, 401, 200, 200, 200, 404]),
    (
        "POST /NOTEBOOK/settings/tokens/ID/revoke",
        "/main/settings/tokens/nothing/revoke",
        [401, 401, 409, 409, 409, 404],
    ),
    ("POST /NOTEBOOK/settings/calendar", "/main/settings/calendar", [401, 401, 200, 200, 200, 404]),
    ("POST /NOTEBOOK/settings/sessions", "/main/settings/sessions", [401, 401, 303, 303, 303, 404]),
    ("GET /NOTEBOOK/events", "/main/events", [303, 303, 200, 200, 200, 404]),
    // The calendar, where the address is the secret, and nothing else counts.
    ("GET /NOTEBOOK/calendar/SECRET.ics", "/main/calendar/guessed.ics", [404, 404, 404, 404, 404, 404]),
];

/// The whole table.
fn rows() -> impl Iterator<Item = &'static Row> {
    ROWS.iter().chain(&roles_api::ROWS)
}

/// What a form holds, by the route that it goes to; other forms hold nothing.
const FORMS: &[(&str, &[(&str, &str)])] = &[
    ("POST /login", &[("token", "wrong")]),
    ("POST /NOTEBOOK/contacts/ID/log", &[("channel", "phone"), ("text", "as agreed")]),
    ("POST /NOTEBOOK/settings/calendar", &[("do", "end")]),
    ("POST /NOTEBOOK/contacts/ID/next", &[("on", "tomorrow")]),
    ("POST /NOTEBOOK/contacts/ID/promises", &[("text", "send the list by friday")]),
    ("POST /NOTEBOOK/contacts/ID/stage", &[("stage", "proposal")]),
    ("POST /NOTEBOOK/contacts/ID/owner", &[("owner", "sam")]),
    ("POST /NOTEBOOK/contacts/ID/stop", &[("why", "they said so")]),
];

/// What no route is. None of them tells somebody more than "there is nothing here", or "log in".
const ELSEWHERE: [(&str, u16); 24] = [
    ("GET /nothing", 303),
    ("GET /nothing/at/all", 404),
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
    ("GET /assets/../users.toml", 404),
    ("GET /assets/..%2fusers.toml", 404),
    ("OPTIONS *", 404),
    ("GET /main.git/info/refs\0", 400),
    ("GET main.git/info/refs", 400),
];

/// A method that a route does not have, and those that it has.
const METHODS: [(&str, &str); 12] = [
    ("POST /healthz", "GET, HEAD"),
    ("DELETE /metrics", "GET, HEAD"),
    ("POST /main.git/info/refs", "GET, HEAD"),
    ("OPTIONS /main.git/info/refs", "GET, HEAD"),
    ("GET /main.git/git-upload-pack", "POST"),
    ("PUT /main.git/git-receive-pack", "POST"),
    ("PATCH /main.git/git-receive-pack", "POST"),
    ("HELLO /healthz", "GET, HEAD"),
    ("GET /logout", "POST"),
    ("DELETE /login", "GET, HEAD, POST"),
    ("DELETE /main/", "GET, HEAD"),
    ("GET /main/settings/tokens", "POST"),
];

/// A server where everybody of [`WHO`] has a token.
fn serving(name: &str) -> Serving {
    // Many rows show a wrong token, all from one address.
    let mut serving = Serving::set(name, &[], "[limits]\nfailed_logins = 10000\n");
    ["viewer", "editor"].iter().for_each(|role| serving.add_user(role, role));
    serving.says(&["notebook", "add", "second"]);
    let said = serving.says(&["user", "add", "other", "--role", "admin", "--notebook", "second"]);
    serving.note_token("other", &said);
    serving
}

/// The token with another letter at its end.
fn wrong(token: &str) -> String {
    let (most, last) = token.split_at(token.len() - 1);
    format!("{most}{}", if last == "x" { "y" } else { "x" })
}

/// All routes, as the program names them.
fn routes() -> Vec<String> {
    let mut command = Command::new(server_binary());
    command.arg("routes");
    let routes: Vec<String> = ran(command).out.lines().map(str::to_owned).collect();
    assert!(!routes.is_empty());
    routes
}

/// Whether a route is a page, which asks for a session, or of programs, which show a token.
fn is_page(route: &str) -> bool {
    let path = route.split(' ').nth(1).unwrap_or_default();
    let mut parts = path.split('/').skip(1);
    let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let is_programs = first == "api" || matches!(second, "api" | "calendar") || first.ends_with(".git");
    !is_programs && !matches!(first, "healthz" | "metrics" | "webhook")
}

/// What a request asks for, and with what.
struct Question<'a> {
    serving: &'a Serving,
    method: &'a str,
    address: &'a str,
    route: &'a str,
}

impl Question<'_> {
    fn of<'a>(serving: &'a Serving, row: &'a Row) -> Question<'a> {
        let method = row.0.split(' ').next().unwrap_or_default();
        Question { serving, method, address: row.1, route: row.0 }
    }

    /// The status of the answer to these headers and body. The head is enough, since news never end.
    #[track_caller]
    fn status(&self, address: &str, headers: &[(&str, &str)], body: &str) -> u16 {
        let mut talk = Talk::to(self.serving.address());
        // As a proxy would, so that nobody gets anything for being near.
        let mut text = format!(
            "{} {address} HTTP/1.1\r\nHost: {}\r\nX-Forwarded-For: 203.0.113.9\r\nContent-Length: {}\r\n",
            self.method,
            self.serving.address(),
            body.len()
        );
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        talk.send(format!("{text}\r\n{body}").as_bytes()).unwrap();
        talk.head().unwrap_or_else(|error| panic!("{} {address}: {error}", self.method)).0
    }

    /// The status for somebody with a token.
    fn by_token(&self, shown: Option<&str>) -> u16 {
        let headers: Vec<(&str, &str)> = shown.map(|shown| ("Authorization", shown)).into_iter().collect();
        self.status(self.address, &headers, "")
    }

    /// The status for somebody with a cookie, whose form shows that.
    fn by_cookie(&self, cookie: &str, form: &str) -> u16 {
        let site = ("Sec-Fetch-Site", "same-origin");
        self.sent(cookie, form, &[site, ("Content-Type", "application/x-www-form-urlencoded")])
    }

    fn sent(&self, cookie: &str, form: &str, headers: &[(&str, &str)]) -> u16 {
        let mut headers = headers.to_vec();
        if !cookie.is_empty() {
            headers.push(("Cookie", cookie));
        }
        self.status(self.address, &headers, &self.body(form))
    }

    fn body(&self, form: &str) -> String {
        if self.method == "GET" {
            return String::new();
        }
        let held = FORMS.iter().find(|(route, _)| *route == self.route).map(|(_, fields)| *fields);
        let own = [("form", form)];
        let own = own.iter().filter(|_| !form.is_empty());
        encoded(&own.chain(held.unwrap_or_default()).copied().collect::<Vec<_>>())
    }

    /// The statuses for all of [`WHO`].
    fn answers(&self) -> [u16; 6] {
        WHO.map(|who| match (is_page(self.route), who) {
            (true, "") => self.by_cookie("", ""),
            (true, "wrong") => self.by_cookie(&format!("tickler={}", "a".repeat(52)), "wrong"),
            (true, who) => {
                // One of its own each time, since some routes end it.
                let session = Session::of(self.serving, who);
                self.by_cookie(&session.cookie, &session.form)
            }
            (false, "") => self.by_token(None),
            (false, "wrong") => self.by_token(Some(&login("admin", &wrong(self.serving.token("admin"))))),
            (false, who) => self.by_token(Some(&self.serving.login(who))),
        })
    }
}

#[test]
fn every_route_gives_everybody_what_is_theirs() {
    let serving = serving("roles");
    let routes = routes();
    for route in &routes {
        assert!(rows().any(|(named, ..)| named == route), "{route} has no row");
    }
    for row in rows() {
        let (route, address, expected) = row;
        assert!(routes.iter().any(|named| named == route), "there is no route {route}");
        assert_eq!(Question::of(&serving, row).answers(), *expected, "{route}: {address}\n for {WHO:?}");
        let pattern = route.split(' ').nth(1).unwrap();
        assert!(serving.log().contains(&format!("\"route\":\"{pattern}\"")), "{route} is not in the log");
    }
}

#[test]
fn each_way_to_say_who_one_is_counts_in_its_own_place_only() {
    let serving = serving("ways");
    let session = Session::of(&serving, "admin");
    let (basic, token) = (serving.login("admin"), serving.token("admin"));
    let bearer = format!("Bearer {token}");
    let in_query = |address: &str, name: &str| {
        format!("{address}{}{name}={token}", if address.contains('?') { '&' } else { '?' })
    };
    for row in rows() {
        let question = Question::of(&serving, row);
        let (route, address, [nobody, ..]) = *row;
        for name in ["token", "access_token", "form"] {
            let got = question.status(&in_query(address, name), &[], "");
            // Without a word on where it comes from, a form is none.
            let expected =
                if is_page(route) && route.starts_with("POST") { question.by_token(None) } else { nobody };
            assert_eq!(got, expected, "{route} with ?{name}=");
        }
        if is_page(route) {
            for shown in [&basic, &bearer] {
                let site = [
                    ("Sec-Fetch-Site", "same-origin"),
                    ("Content-Type", "application/x-www-form-urlencoded"),
                    ("Authorization", shown),
                ];
                assert_eq!(question.sent("", "", &site), nobody, "{route} by a token");
            }
        } else {
            let got = question.by_cookie(&session.cookie, &session.form);
            assert_eq!(got, nobody, "{route} by a cookie");
            let as_cookie = question.by_cookie(&format!("tickler={token}"), "");
            assert_eq!(as_cookie, nobody, "{route} by a token as a cookie");
        }
    }
    assert!(!serving.log().contains(session.cookie.trim_start_matches("tickler=")));
    assert!(!serving.log().contains(&session.form));
}

#[test]
fn only_the_sessions_own_forms_are_taken() {
    let serving = serving("own-forms");
    let before = serving.tip("main");
    let (session, other) = (Session::of(&serving, "admin"), Session::of(&serving, "viewer"));
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    let here = ("Sec-Fetch-Site", "same-origin");
    let own = format!("http://{}", serving.address());
    // What the form shows, the headers, and the answer.
    let attempts: [(&str, Lines<'_>, u16); 10] = [
        ("", &[here, kind], 400),
        ("wrong", &[here, kind], 400),
        (&other.form, &[here, kind], 400),
        (&session.form, &[kind], 400),
        (&session.form, &[("Sec-Fetch-Site", "cross-site"), kind], 400),
        (&session.form, &[("Sec-Fetch-Site", "same-site"), kind], 400),
        (&session.form, &[("Origin", "http://evil.example"), kind], 400),
        (&session.form, &[("Origin", "null"), kind], 400),
        (&session.form, &[here, ("Content-Type", "application/json")], 415),
        (&session.form, &[here, ("Content-Type", "multipart/form-data; boundary=x")], 415),
    ];
    let mut last = HashMap::new();
    for row in rows().filter(|(route, ..)| is_page(route) && route.starts_with("POST")) {
        // Whoever logs in has no session yet, and so no form of its own.
        let has_own = row.0 != "POST /login";
        for (form, headers, expected) in
            attempts.iter().filter(|(_, headers, _)| has_own || headers[0] != here)
        {
            let got = Question::of(&serving, row).sent(&session.cookie, form, headers);
            assert_eq!(got, *expected, "{} that shows {form:?} with {headers:?}", row.0);
        }
        last.insert(row.0, *row);
    }
    assert!(session.is_there(), "none of them logged anybody out");
    assert_eq!(serving.tip("main"), before, "none of them wrote");
    let older = [("Origin", own.as_str()), kind];
    let row = last["POST /NOTEBOOK/contacts/ID/log"];
    assert_eq!(Question::of(&serving, &row).sent(&session.cookie, &session.form, &older), 303);
    assert_ne!(serving.tip("main"), before);
}

#[test]
fn elsewhere_there_is_nothing() {
    let serving = Serving::example("elsewhere");
    let shown = serving.login("admin");
    for (line, status) in ELSEWHERE {
        let answer = ask(serving.address(), line, &[("Authorization", &shown)], b"");
        assert_eq!(answer.status, status, "{line:?}: {}", answer.text());
        let to = answer.header("location");
        assert!(to.is_none_or(|to| to.starts_with("/login")), "{line:?} leads to {to:?}");
    }
    for (line, allowed) in METHODS {
        let answer = ask(serving.address(), line, &[("Authorization", &shown)], b"");
        assert_eq!((answer.status, answer.header("allow")), (405, Some(allowed)), "{line}");
    }
    assert_eq!(ask(serving.address(), "CONNECT example.com:80", &[], b"").status, 404);
    assert_eq!(ask(serving.address(), "GET http://elsewhere.example/healthz", &[], b"").status, 200);
}
