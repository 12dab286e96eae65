//! News by the API: one event a commit, whoever made it.

use std::time::{Duration, Instant};

use tickler_tests::Serving;
use tickler_tests::talk::{Talk, ask};

/// How soon an event is to come.
const SOON: Duration = Duration::from_secs(20);

/// Listens as that user. `last` is the commit that they know.
fn listen(serving: &Serving, user: &str, last: Option<&str>) -> Talk {
    let mut talk = Talk::to(serving.address());
    let login = serving.login(user);
    let mut head = format!(
        "GET /main/api/v1/events HTTP/1.1\r\nHost: {}\r\nAuthorization: {login}\r\n",
        serving.address()
    );
    head += &last.map(|last| format!("Last-Event-ID: {last}\r\n")).unwrap_or_default();
    talk.send(format!("{head}\r\n").as_bytes()).unwrap();
    let (status, headers) = talk.head().unwrap();
    let kind = headers.iter().find(|(name, _)| name == "content-type").unwrap();
    assert_eq!((status, kind.1.as_str()), (200, "text/event-stream"));
    talk
}

/// The commit of the next event.
#[track_caller]
fn next(talk: &mut Talk) -> String {
    let begun = Instant::now();
    loop {
        let chunk = String::from_utf8(talk.chunk().unwrap().expect("the news go on")).unwrap();
        assert!(begun.elapsed() < SOON, "no event: {chunk:?}");
        if let Some(id) = chunk.lines().find_map(|line| line.strip_prefix("id:")) {
            assert!(chunk.contains("event:commit"), "{chunk}");
            return id.trim().to_owned();
        }
    }
}

fn log(serving: &Serving) {
    let login = serving.login("admin");
    let headers = [("Authorization", login.as_str()), ("Content-Type", "application/json")];
    let line = "POST /main/api/v1/contacts/ines-carvalho/log";
    let answer = ask(serving.address(), line, &headers, br#"{"channel": "note", "message": "x"}"#);
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[test]
fn each_commit_is_told_whoever_made_it() {
    let mut serving = Serving::example("events");
    serving.add_user("kim", "viewer");
    let old = serving.tip("main");
    let mut kim = listen(&serving, "kim", None);
    log(&serving);
    assert_eq!(next(&mut kim), serving.tip("main"), "by the API");

    serving.clone_by("admin", "clone");
    std::fs::write(serving.folder().join("clone/contacts/yan.md"), "+++\nname = \"Yan\"\n+++\n").unwrap();
    serving.git("clone", "add contacts/yan.md");
    serving.git("clone", "commit --quiet --message new");
    serving.git("clone", "push --quiet origin HEAD:main");
    assert_eq!(next(&mut kim), serving.tip("main"), "by git");

    let mut late = listen(&serving, "kim", Some(&old));
    assert_eq!(next(&mut late), serving.tip("main"), "at once, to whoever knows an older one");

    serving.says(&["user", "remove", "kim"]);
    let begun = Instant::now();
    while kim.chunk().unwrap().is_some() {
        assert!(begun.elapsed() < SOON, "whoever is removed hears no more");
    }
}

#[test]
fn a_server_that_stops_waits_for_nobody_who_listens() {
    let mut serving = Serving::example("events-stop");
    let mut talk = listen(&serving, "admin", None);
    let begun = Instant::now();
    assert_eq!(serving.stop(), Some(0));
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert!(talk.chunk().is_ok_and(|chunk| chunk.is_none()), "the news end as they should");
}
