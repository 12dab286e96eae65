//! The API: the same answers as the command line, versions, deeds, keys that are used once, and what is refused.

use std::path::Path;
use std::thread;

use serde_json::{Value, json};
use tickler_tests::talk::{Answer, ask};
use tickler_tests::{Serving, Tickler};

/// The day of the worked example's story.
const TODAY: [&str; 2] = ["--today", "2026-12-03"];

/// The worked example, and pat, who is of its team.
fn serving(name: &str) -> Serving {
    let mut serving = Serving::set(name, &TODAY, "");
    serving.add_user("pat", "editor");
    serving
}

/// What comes of a call. `line` is the method and what follows `/main/api/v1`.
fn call(serving: &Serving, user: &str, line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let login = serving.login(user);
    let mut all = vec![("Authorization", login.as_str())];
    if !body.is_empty() && !headers.iter().any(|(name, _)| *name == "Content-Type") {
        all.push(("Content-Type", "application/json"));
    }
    all.extend(headers);
    ask(serving.address(), &format!("{method} /main/api/v1{path}"), &all, body.as_bytes())
}

fn value(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_else(|_| panic!("{} {}", answer.status, answer.text()))
}

/// What the command line says in a clone.
fn said(clone: &Path, words: &[&str]) -> Value {
    let line = words.iter().fold(Tickler::new("--format json"), Tickler::word);
    let ran = line.notebook(clone).env("TICKLER_ME", "pat").run();
    serde_json::from_str(&ran.out).unwrap_or_else(|_| panic!("{words:?}: {}{}", ran.out, ran.err))
}

#[test]
fn answers_are_those_of_the_command_line() {
    let serving = serving("api-same");
    let clone = serving.clone_by("pat", "clone");
    for (path, words) in [
        ("/due", &["due"][..]),
        ("/due?within=30d", &["due", "--within", "30d"]),
        ("/due?all", &["due", "--all"]),
        ("/due?all=true&limit=3", &["due", "--all", "--limit", "3"]),
        ("/due?mine=true&within=2w", &["due", "--mine", "--within", "2w"]),
        ("/due?q=owner:me&all=1", &["due", "owner:me", "--all"]),
        ("/due?q=stage%3Aproposal+value%3E1", &["due", "stage:proposal value>1"]),
        ("/cracks", &["cracks"]),
        ("/cracks?q=owner:sam", &["cracks", "owner:sam"]),
        ("/contacts", &["list"]),
        ("/contacts?sort=-value", &["list", "--sort=-value"]),
        ("/contacts?sort=last&q=owner:pat", &["list", "owner:pat", "--sort", "last"]),
        ("/contacts?q=nobody-is-called-that", &["list", "nobody-is-called-that"]),
        ("/contacts/ines-carvalho", &["show", "ines-carvalho"]),
        ("/contacts/sato-haruka", &["show", "sato-haruka"]),
        ("/contacts/ines-carvalho/brief", &["brief", "ines-carvalho"]),
        ("/problems", &["check"]),
        ("/report", &["report"]),
        ("/report?q=owner:sam&since=2026-11-01", &["report", "owner:sam", "--since", "2026-11-01"]),
    ] {
        let answer = call(&serving, "pat", &format!("GET {path}"), &[], "");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        let (mut ours, mut theirs) = (value(&answer), said(&clone, words));
        for brief in [&mut ours, &mut theirs] {
            // The time of day is the one thing that differs.
            brief.as_object_mut().map(|brief| brief.remove("moment"));
        }
        // A clone may be told how git is to be set up in it.
        if path == "/problems" {
            theirs.as_array_mut().unwrap().retain(|problem| problem["file"] != ".git");
        }
        assert_eq!(ours, theirs, "{path}");
        let version = answer.header("etag").unwrap_or_else(|| panic!("{path} has no version"));
        let again = call(&serving, "pat", &format!("GET {path}"), &[("If-None-Match", version)], "");
        let is_moment = path.ends_with("/brief");
        assert!(again.status == 304 && again.body.is_empty() || is_moment, "{path}: {}", again.status);
        assert_eq!(call(&serving, "pat", &format!("HEAD {path}"), &[], "").status, 200, "{path}");
    }
}

#[test]
fn a_list_goes_on_where_it_was_left() {
    let serving = serving("api-pages");
    for sort in ["name", "-value", "due"] {
        let whole = value(&call(&serving, "pat", &format!("GET /contacts?sort={sort}"), &[], ""));
        let mut path = format!("/contacts?sort={sort}&limit=4");
        let mut found = Vec::new();
        loop {
            let answer = call(&serving, "pat", &format!("GET {path}"), &[], "");
            found.extend(value(&answer).as_array().unwrap().clone());
            let Some(link) = answer.header("link") else { break };
            let next = link.strip_prefix("</main/api/v1").unwrap().split('>').next().unwrap();
            assert!(link.ends_with("; rel=\"next\""), "{link}");
            path = next.to_owned();
        }
        assert_eq!(Value::Array(found), whole, "{sort}");
    }
}

#[test]
fn a_deed_is_that_of_the_command_line() {
    let serving = serving("api-deeds");
    let log = json!({
        "channel": "phone", "words": ["reached"], "on": "yesterday", "at": "2pm", "message": "wants page 3",
        "we": "send the list by fri", "them": ["read pages 3-5 by next tuesday"],
        "next": "wed 10am", "via": "email", "why": "walk through page 3", "asked": true
    });
    for (path, body, verb, has) in [
        (
            "ines-carvalho/log",
            log,
            "log",
            &["- 2026-12-02 14:00 phone reached: wants page 3", "by 2026-12-04"][..],
        ),
        ("ines-carvalho/next", json!({"on": "in 3 months"}), "next", &["on = 2027-03-03"]),
        ("ines-carvalho/next", json!({"snooze": "2w"}), "snooze", &[]),
        ("ines-carvalho/next", json!({"clear": true}), "next", &[]),
        (
            "ines-carvalho/promises",
            json!({"text": "call the hotel by monday"}),
            "promise",
            &["by 2026-12-07"],
        ),
        (
            "ines-carvalho/promises",
            json!({"text": "pay", "them": true, "by": "jan 5"}),
            "promise",
            &["them: pay"],
        ),
        ("ines-carvalho/promises", json!({"kept": 1}), "kept", &["[x]"]),
        ("ines-carvalho/stage", json!({"stage": "won"}), "stage", &["stage = \"won\""]),
    ] {
        let answer = call(&serving, "pat", &format!("POST /contacts/{path}"), &[], &body.to_string());
        assert_eq!(answer.status, 200, "{path} {body}: {}", answer.text());
        let done = value(&answer);
        assert_eq!((&done["verb"], &done["id"]), (&json!(verb), &json!("ines-carvalho")), "{done}");
        assert_eq!(done["commit"], json!(serving.tip("main")));
        let shown = call(&serving, "pat", "GET /contacts/ines-carvalho", &[], "");
        assert_eq!(answer.header("etag"), shown.header("etag"), "{path} {body}");
        let shown = value(&shown);
        let text = shown["text"].as_str().unwrap();
        has.iter().for_each(|has| assert!(text.contains(has), "{path} {body}: no {has} in\n{text}"));
    }
    let message = serving.git("data/notebooks/main.git", "log -1 --format=%an|%ae|%cn|%B main");
    for has in
        ["pat|", "|tickler-server|", "stage Inês Carvalho", "Tickler-Verb: stage", "Via: api", "Request-Id: "]
    {
        assert!(message.contains(has), "no {has} in {message}");
    }
}

#[test]
fn a_contact_is_made_and_has_an_address() {
    let serving = serving("api-new");
    let body =
        json!({"name": "Zoë Ray", "company": "Acme", "tags": ["vip"], "met": "lunch", "next": "tomorrow"});
    let answer = call(&serving, "pat", "POST /contacts", &[], &body.to_string());
    assert_eq!(answer.status, 201, "{}", answer.text());
    assert_eq!(answer.header("location"), Some("/main/api/v1/contacts/zoe-ray"));
    let shown = value(&call(&serving, "pat", "GET /contacts/zoe-ray", &[], ""));
    assert_eq!((&shown["company"], &shown["owner"]), (&json!("Acme"), &json!("pat")));
    assert_eq!(shown["due"], json!("2026-12-04"));
    let again = call(&serving, "pat", "POST /contacts", &[], &body.to_string());
    assert_eq!(again.status, 409, "{}", again.text());
    assert!(value(&again)["hint"].as_str().unwrap().contains("\"force\": true"), "{}", again.text());
    let forced = json!({"name": "Zoë Ray", "force": true}).to_string();
    assert_eq!(call(&serving, "pat", "POST /contacts", &[], &forced).status, 201);
}

#[test]
fn a_text_is_put_in_place_of_the_version_that_was_meant() {
    let serving = serving("api-put");
    let text = "+++\nname = \"Ann\"\n+++\n\nHello.\n";
    let path = "PUT /contacts/ann";
    let markdown = ("Content-Type", "text/markdown; charset=utf-8");
    assert_eq!(call(&serving, "pat", path, &[markdown], text).status, 428);
    assert_eq!(call(&serving, "pat", path, &[markdown, ("If-Match", "\"x\"")], text).status, 404);
    let made = call(&serving, "pat", path, &[markdown, ("If-None-Match", "*")], text);
    assert_eq!(
        (made.status, made.header("location")),
        (201, Some("/main/api/v1/contacts/ann")),
        "{}",
        made.text()
    );
    let first = made.header("etag").unwrap();
    std::fs::write(serving.folder().join("ann.md"), text).unwrap();
    assert_eq!(first.trim_matches('"'), serving.git("", "hash-object ann.md").trim(), "git's own id");
    assert_eq!(call(&serving, "pat", path, &[markdown, ("If-None-Match", "*")], text).status, 412);

    let second_text = text.replace("Ann\"", "Ann\"\nstage = \"proposal\"");
    let body = json!({"text": second_text}).to_string();
    let second = call(&serving, "pat", path, &[("If-Match", first)], &body);
    assert_eq!(second.status, 200, "{}", second.text());

    // Made of the first version, and the second is there.
    let third = text.replace("Hello.", "Hello, and more.");
    let stale = call(&serving, "pat", path, &[markdown, ("If-Match", first)], &third);
    assert_eq!((stale.status, stale.header("etag")), (412, second.header("etag")));
    let problem = value(&stale);
    assert_eq!(problem["type"], "urn:tickler:problem:stale");
    assert!(problem["detail"].as_str().unwrap().contains("stage"), "what changed is said: {problem}");
    let merge = &path.replace("/ann", "/ann?merge=true");
    let joined = call(&serving, "pat", merge, &[markdown, ("If-Match", first)], &third);
    assert_eq!((joined.status, &value(&joined)["notes"]), (200, &json!([])), "{}", joined.text());
    let now =
        || value(&call(&serving, "pat", "GET /contacts/ann", &[], ""))["text"].as_str().unwrap().to_owned();
    assert_eq!(now(), second_text.replace("Hello.", "Hello, and more."));

    // Both say another stage: one stands, the other is told and kept.
    let fourth = text.replace("Ann\"", "Ann\"\nstage = \"won\"");
    let both = call(&serving, "pat", merge, &[markdown, ("If-Match", first)], &fourth);
    assert_eq!(value(&both)["notes"][0]["key"], "stage", "{}", both.text());
    assert!(now().contains("[[conflict]]"), "{}", now());
    let unknown =
        call(&serving, "pat", merge, &[markdown, ("If-Match", &format!("\"{}\"", "0".repeat(40)))], text);
    assert_eq!(unknown.status, 412);

    let version = call(&serving, "pat", "GET /contacts/ann", &[], "").header("etag").unwrap().to_owned();
    let broken = call(&serving, "pat", path, &[markdown, ("If-Match", &version)], "+++\nname = Ann\n+++\n");
    assert_eq!(broken.status, 422);
    assert_eq!(value(&broken)["problems"][0]["line"], 2, "{}", broken.text());
    assert_eq!(call(&serving, "pat", path, &[markdown, ("If-Match", "*")], text).status, 200);

    let version = call(&serving, "pat", "GET /contacts/ann", &[], "").header("etag").unwrap().to_owned();
    for (user, headers, status) in [
        ("pat", vec![("If-Match", version.as_str())], 403),
        ("admin", vec![], 428),
        ("admin", vec![("If-Match", first)], 200),
        ("admin", vec![("If-Match", first)], 404),
    ] {
        let answer = call(&serving, user, "DELETE /contacts/ann", &headers, "");
        assert_eq!(answer.status, status, "{user} {headers:?}: {}", answer.text());
    }
}

#[test]
fn what_cannot_be_used_is_told_field_by_field() {
    let serving = serving("api-wrong");
    let before = serving.tip("main");
    for (line, body, status, fields, says) in [
        ("POST /contacts/ines-carvalho/log", "{}", 422, &["channel"][..], "it is needed"),
        ("POST /contacts/ines-carvalho/log", r#"{"channel": ""}"#, 422, &["channel"], "it is needed"),
        (
            "POST /contacts/ines-carvalho/log",
            r#"{"chanel": "phone"}"#,
            422,
            &["channel", "chanel"],
            "`channel`",
        ),
        (
            "POST /contacts/ines-carvalho/log",
            r#"{"channel": "phon"}"#,
            422,
            &["channel"],
            "did you mean `phone`?",
        ),
        (
            "POST /contacts/ines-carvalho/log",
            r#"{"channel": "phone", "words": ["voicmail"], "on": "firday", "next": "x", "via": 7, "who": "pa"}"#,
            422,
            &["words", "on", "next", "via", "who"],
            "did you mean `voicemail`?",
        ),
        (
            "POST /contacts/ines-carvalho/log",
            r#"{"channel": "phone", "on": "tomorrow"}"#,
            422,
            &[],
            "has not come yet",
        ),
        ("POST /contacts/ines-carvalho/log", r#"{"channel": "phone", "why": "x"}"#, 422, &["why"], "wed 2pm"),
        ("POST /contacts/ines-carvalho/next", "{}", 422, &["on"], "it is needed"),
        ("POST /contacts/ines-carvalho/next", r#"{"snooze": ""}"#, 422, &["on"], "it is needed"),
        ("POST /contacts/ines-carvalho/next", r#"{"clear": true, "snooze": "2w"}"#, 422, &["snooze"], ""),
        ("POST /contacts/ines-carvalho/promises", r#"{"text": "call by firday"}"#, 422, &["text"], "friday"),
        ("POST /contacts/ines-carvalho/promises", r#"{"kept": 99}"#, 409, &[], ""),
        ("POST /contacts/ines-carvalho/stage", r#"{"stage": "propsal"}"#, 422, &["stage"], "`proposal`"),
        ("POST /contacts", r#"{"name": " "}"#, 422, &["name"], "it is needed"),
        ("POST /contacts", r#"{"name": "!?"}"#, 422, &[], "\\\"id\\\""),
        ("POST /contacts", "[]", 400, &[], "no JSON object"),
        ("POST /contacts", "{", 400, &[], "not JSON"),
        ("GET /due?q=stage:propsal+(", "", 422, &["q"], ""),
        ("GET /due?withn=7d", "", 422, &["withn"], "did you mean `within`?"),
        ("GET /due?all=perhaps&limit=0", "", 422, &["all", "limit"], ""),
        ("GET /contacts?sort=valeu", "", 422, &["sort"], "did you mean `value`?"),
        ("GET /contacts?after=nobody", "", 422, &["after"], ""),
        ("GET /contacts/nobody", "", 404, &[], ""),
        ("POST /contacts/nobody/log", r#"{"channel": "phone"}"#, 404, &[], ""),
        ("GET /nothing", "", 404, &[], ""),
        ("PATCH /contacts/ines-carvalho", "", 405, &[], ""),
    ] {
        let answer = call(&serving, "pat", line, &[], body);
        assert_eq!(answer.status, status, "{line} {body}: {}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{line}");
        let problem = value(&answer);
        assert_eq!(problem["status"], status, "{problem}");
        let named: Vec<&str> = problem["errors"]
            .as_array()
            .map(|errors| errors.iter().filter_map(|error| error["field"].as_str()).collect())
            .unwrap_or_default();
        let mut wanted = fields.to_vec();
        let mut got = named.clone();
        wanted.sort_unstable();
        got.sort_unstable();
        assert_eq!(got, wanted, "{line} {body}: {problem}");
        assert!(answer.text().contains(says), "{line} {body}: no {says} in {problem}");
    }
    let log = "POST /contacts/ines-carvalho/log";
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    assert_eq!(call(&serving, "pat", log, &[form], "channel=phone").status, 415);
    let latin = ("Content-Type", "application/json; charset=latin1");
    assert_eq!(call(&serving, "pat", log, &[latin], "{}").status, 415);
    let huge = format!("{{\"message\": \"{}\"}}", "x".repeat(1 << 20));
    assert_eq!(call(&serving, "pat", log, &[], &huge).status, 413);
    let allowed = call(&serving, "pat", "PATCH /contacts/ines-carvalho", &[], "");
    assert_eq!(allowed.header("allow"), Some("GET, HEAD, PUT, DELETE"));
    let path = format!("GET /contacts?q={}", "x".repeat(9000));
    let long = call(&serving, "pat", &path, &[], "");
    assert_eq!((long.status, long.header("content-type")), (414, Some("application/problem+json")));
    assert_eq!(serving.tip("main"), before, "nothing was written");
}

#[test]
fn whoever_asked_us_to_stop_is_left_alone_but_by_force() {
    let serving = serving("api-stopped");
    let stopped = value(&call(&serving, "pat", "GET /contacts?q=stage:stopped", &[], ""));
    let id = stopped[0]["id"].as_str().expect("somebody asked us to stop").to_owned();
    let line = format!("POST /contacts/{id}/log");
    let refused = call(&serving, "pat", &line, &[], r#"{"channel": "phone"}"#);
    assert_eq!(refused.status, 409, "{}", refused.text());
    assert_eq!(value(&refused)["type"], "urn:tickler:problem:refused");
    let forced = call(&serving, "pat", &line, &[], r#"{"channel": "phone", "force": true}"#);
    assert_eq!(forced.status, 200, "{}", forced.text());
    assert_eq!(value(&forced)["warnings"][0], "they asked us to stop");
}

#[test]
fn what_is_asked_twice_with_one_key_is_done_once() {
    let mut serving = serving("api-once");
    let line = "POST /contacts/ines-carvalho/log";
    let body = r#"{"channel": "phone", "message": "once"}"#;
    let key = ("Idempotency-Key", "\"9b1d-1\"");
    let commits = |serving: &Serving| serving.git("data/notebooks/main.git", "rev-list --count main");
    let before: u32 = commits(&serving).trim().parse().unwrap();
    let made = |serving: &Serving| commits(serving).trim().parse::<u32>().unwrap() - before;

    let first = call(&serving, "pat", line, &[key], body);
    assert_eq!((first.status, first.header("idempotent-replayed")), (200, None), "{}", first.text());
    // With quotes or without, it is the same key.
    for key in [key, ("Idempotency-Key", "9b1d-1")] {
        let again = call(&serving, "pat", line, &[key], body);
        assert_eq!((again.status, again.text()), (200, first.text()));
        assert_eq!(again.header("idempotent-replayed"), Some("true"));
        assert_eq!(again.header("etag"), first.header("etag"));
    }
    let other = call(&serving, "pat", line, &[key], r#"{"channel": "email"}"#);
    assert_eq!((other.status, &value(&other)["type"]), (422, &json!("urn:tickler:problem:key-used")));
    assert_eq!(call(&serving, "pat", line, &[("Idempotency-Key", "")], body).status, 400);
    assert_eq!(made(&serving), 1);
    // Another's key, and one for another address, are other keys; what was refused used none.
    assert_eq!(call(&serving, "admin", line, &[key], body).status, 200);
    let elsewhere = line.replace("ines-carvalho", "jonas-thorsson");
    assert_eq!(call(&serving, "pat", &elsewhere, &[("Idempotency-Key", "k")], "{}").status, 422);
    assert_eq!(call(&serving, "pat", &elsewhere, &[("Idempotency-Key", "k")], body).status, 200);
    assert_eq!(made(&serving), 3);

    // Many at once: one does it, the others hear that it is under way, or what came of it.
    let statuses: Vec<u16> = thread::scope(|scope| {
        let one = || {
            let key = ("Idempotency-Key", "many");
            call(&serving, "pat", line, &[key], r#"{"channel": "phone", "message": "many"}"#).status
        };
        let all: Vec<_> = (0..8).map(|_| scope.spawn(one)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(
        statuses.contains(&200) && statuses.iter().all(|status| [200, 409].contains(status)),
        "{statuses:?}"
    );
    assert_eq!(made(&serving), 4);

    // A server that was killed knows it from its commits.
    serving.kill_and_restart();
    let again = call(&serving, "pat", line, &[key], body);
    assert_eq!((again.status, again.header("idempotent-replayed")), (200, Some("true")), "{}", again.text());
    for field in ["verb", "subject", "commit", "files", "id"] {
        assert_eq!(value(&again)[field], value(&first)[field], "{field}");
    }
    assert_eq!(call(&serving, "pat", line, &[key], r#"{"channel": "email"}"#).status, 422);
    assert_eq!(made(&serving), 4);
    let new = ("Idempotency-Key", "new-1");
    let contact = call(&serving, "pat", "POST /contacts", &[new], r#"{"name": "New One"}"#);
    serving.kill_and_restart();
    let again = call(&serving, "pat", "POST /contacts", &[new], r#"{"name": "New One"}"#);
    assert_eq!((contact.status, again.status), (201, 201), "{}", again.text());
    assert_eq!(again.header("location"), contact.header("location"));
    assert_eq!(made(&serving), 5);
}

#[test]
fn the_description_is_for_everybody() {
    let serving = serving("api-described");
    let answer = ask(serving.address(), "GET /api/openapi.json", &[], b"");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(value(&answer)["openapi"], "3.1.0");
    let version = answer.header("etag").unwrap();
    assert_eq!(
        ask(serving.address(), "GET /api/openapi.json", &[("If-None-Match", version)], b"").status,
        304
    );
}
