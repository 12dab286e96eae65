//! Many who write to one notebook at once, by the API: nothing is lost, nobody is in another's way, and what is in
//! memory stays within its bounds.

use std::thread;

use tickler_tests::talk::{Answer, ask};
use tickler_tests::{Serving, team};

fn post(serving: &Serving, user: &str, path: &str, body: &str) -> Answer {
    let token = format!("Bearer {}", serving.token(user));
    let headers = [("Authorization", &*token), ("Content-Type", "application/json")];
    ask(serving.address(), &format!("POST /main/api/v1/contacts/{path}"), &headers, body.as_bytes())
}

fn figure(serving: &Serving, name: &str) -> f64 {
    let text = ask(serving.address(), "GET /metrics", &[], b"").text();
    let value = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    value.and_then(|value| value.parse().ok()).unwrap_or(0.0)
}

#[test]
fn who_writes_at_once_loses_nothing_while_all_is_packed() {
    const WRITERS: usize = 8;
    const EACH: usize = 20;
    let settings = "[upkeep]\nlook_seconds = 1\nloose_objects = 50\npacks = 2\n";
    let mut serving = Serving::set("writing", &[], settings);
    serving.add_user("kim", "editor");
    let before = serving.git("data/notebooks/main.git", "rev-list --count main");
    thread::scope(|scope| {
        for writer in 0..WRITERS {
            let serving = &serving;
            scope.spawn(move || {
                for number in 0..EACH {
                    // All of one contact, so that each stands on the one before.
                    let body = format!(
                        "{{\"channel\":\"phone\",\"message\":\"spoke of token-{writer}-{number}-\",\"force\":true}}"
                    );
                    let answer = post(serving, "kim", "amara-okafor/log", &body);
                    assert_eq!(answer.status, 200, "{}", answer.text());
                    // What cannot be done is refused, and does no harm to what is done together with it.
                    let answer = post(serving, "kim", "amara-okafor/promises", "{\"kept\":999}");
                    assert!(matches!(answer.status, 409 | 422), "{} {}", answer.status, answer.text());
                }
            });
        }
    });
    let repository = serving.repository("main");
    let said = |line: &str| String::from_utf8(team::git(&repository, line).stdout).unwrap();
    let mut tokens: Vec<String> =
        said("grep -h -o token-[0-9]*-[0-9]*- main -- contacts").lines().map(str::to_owned).collect();
    tokens.sort();
    let mut expected: Vec<String> = (0..WRITERS)
        .flat_map(|writer| (0..EACH).map(move |number| format!("token-{writer}-{number}-")))
        .collect();
    expected.sort();
    assert_eq!(tokens, expected);
    // Each deed is a commit of its own, of who did it.
    let count = |text: &str| text.trim().parse::<usize>().unwrap();
    assert_eq!(count(&said("rev-list --count main")), count(&before) + WRITERS * EACH);
    assert_eq!(said("log --author=kim --grep=^Via:.api --format=%h main").lines().count(), WRITERS * EACH);
    assert!(team::git(&repository, "fsck --strict").status.success());
    let (deeds, groups) =
        (figure(&serving, "tickler_deeds_total"), figure(&serving, "tickler_deed_groups_total"));
    assert_eq!(deeds, (2 * WRITERS * EACH) as f64);
    assert!(groups <= deeds, "{groups}");
    serving.wait_for_log("\"packed\"");
}

#[test]
fn the_notebook_that_nobody_asked_for_longest_is_let_go_of() {
    let mut serving = Serving::set("memory", &[], "[limits]\nmemory_mb = 0\n");
    serving.says(&["notebook", "add", "other"]);
    let said = serving.says(&["user", "add", "kim", "--role", "viewer", "--notebook", "other"]);
    serving.note_token("kim", &said);
    let due = |user: &str, notebook: &str| {
        let token = format!("Bearer {}", serving.token(user));
        let line = format!("GET /{notebook}/api/v1/due");
        ask(serving.address(), &line, &[("Authorization", &*token)], b"").status
    };
    let held = |notebook: &str| {
        figure(&serving, &format!("tickler_notebook_bytes{{notebook=\"{notebook}\"}}")) > 0.0
    };
    let drops = || figure(&serving, "tickler_notebook_reads_total{how=\"drop\"}");
    assert_eq!(due("admin", "main"), 200);
    assert!(held("main") && !held("other"), "what is asked for is held, however large it is");
    for (user, notebook, other) in
        [("kim", "other", "main"), ("admin", "main", "other"), ("kim", "other", "main")]
    {
        let before = drops();
        assert_eq!(due(user, notebook), 200, "{notebook}");
        assert!(held(notebook) && !held(other), "{notebook}");
        assert_eq!(drops(), before + 1.0, "{notebook}");
    }
}
