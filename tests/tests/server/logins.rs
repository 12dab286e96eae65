//! Tokens: wrong ones are slowed down, and right ones hold as long as they are somebody's.

use std::fs;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tickler_tests::Serving;
use tickler_tests::server::login;
use tickler_tests::talk::{Answer, ask};

const ADDRESS: &str = "GET /main.git/info/refs?service=git-upload-pack";

fn shown(to: SocketAddr, shown: &str) -> Answer {
    ask(to, ADDRESS, &[("Authorization", shown)], b"")
}

#[test]
fn wrong_tokens_are_slow_and_then_refused_but_a_right_one_passes() {
    let serving = Serving::set("throttle", &[], "[limits]\nfailed_logins = 3\n");
    let to = serving.address();
    let nobody = ask(to, ADDRESS, &[], b"");
    assert_eq!(nobody.status, 401);
    assert_eq!(nobody.header("www-authenticate"), Some("Basic realm=\"tickler\", charset=\"UTF-8\""));
    let wrong = ["Basic !", "Bearer x", "Basic cGF0OnNlY3JldA==", "Digest x", "Basic cGF0OnNlY3JldA=="];
    for (number, wrong) in wrong.iter().enumerate() {
        let begun = Instant::now();
        let answer = shown(to, wrong);
        assert!(begun.elapsed() >= Duration::from_millis(200), "{wrong} was answered too soon");
        let expected = if number < 3 { 401 } else { 429 };
        assert_eq!(answer.status, expected, "{number}: {wrong}");
        let wait = answer.header("retry-after").map(|wait| wait.parse::<u64>().unwrap());
        assert_eq!(wait.is_some_and(|wait| (800..=900).contains(&wait)), expected == 429, "{wait:?}");
    }
    assert_eq!(shown(to, &serving.login("admin")).status, 200);
    let bearer = format!("Bearer {}", serving.token("admin"));
    assert_eq!(shown(to, &bearer).status, 200);
    assert_eq!(
        ask(to, ADDRESS, &[("Cookie", &format!("token={}", serving.token("admin")))], b"").status,
        401
    );
    let figures = ask(to, "GET /metrics", &[], b"").text();
    assert!(figures.contains("\ntickler_failed_logins_total 5\n"), "{figures}");
}

#[test]
fn a_proxy_says_who_failed_and_nobody_else_does() {
    let settings = "[limits]\nfailed_logins = 2\n";
    let from = |to, client: &str| {
        let headers = [("Authorization", "Bearer x"), ("X-Forwarded-For", client)];
        ask(to, ADDRESS, &headers, b"").status
    };
    let behind = Serving::set("behind", &["--behind-proxy"], settings);
    let to = behind.address();
    assert_eq!([1, 2, 3].map(|_| from(to, "9.9.9.9, 203.0.113.1")), [401, 401, 429]);
    assert_eq!(from(to, "203.0.113.2"), 401);
    assert!(behind.log().contains("\"peer\":\"203.0.113.2\""), "{}", behind.log());
    let secure = ask(to, "GET /healthz", &[("X-Forwarded-Proto", "https")], b"");
    assert_eq!(secure.header("strict-transport-security"), Some("max-age=31536000"));

    let direct = Serving::set("direct", &[], settings);
    let to = direct.address();
    assert_eq!(["203.0.113.1", "203.0.113.2", "203.0.113.3"].map(|client| from(to, client)), [401, 401, 429]);
    assert!(!direct.log().contains("203.0.113"), "{}", direct.log());
    let plain = ask(to, "GET /healthz", &[("X-Forwarded-Proto", "https")], b"");
    assert_eq!(plain.header("strict-transport-security"), None);
}

#[test]
fn tokens_hold_from_the_next_request_and_no_longer() {
    let mut serving = Serving::example("holds");
    let to = serving.address();
    serving.add_user("pat", "editor");
    let first = serving.login("pat");
    assert_eq!(shown(to, &first).status, 200);
    let said = serving.says(&["user", "reset", "pat"]);
    serving.note_token("pat", &said);
    let second = serving.login("pat");
    assert_eq!([&first, &second].map(|login| shown(to, login).status), [401, 200]);

    let users = serving.data().join("users.toml");
    let kept = fs::read_to_string(&users).unwrap();
    fs::write(&users, "[[user]]\nname = \"Pat\"\n").unwrap();
    assert_eq!([1, 2, 3].map(|_| shown(to, &second).status), [200; 3]);
    let complaints = serving.log().matches("the users cannot be read").count();
    assert_eq!(complaints, 1, "{}", serving.log());
    fs::write(&users, kept).unwrap();
    assert_eq!(shown(to, &second).status, 200);

    serving.says(&["user", "remove", "pat"]);
    assert_eq!(shown(to, &second).status, 401);
    assert_eq!(shown(to, &login("pat", serving.token("admin"))).status, 200, "the token says who it is");
}
