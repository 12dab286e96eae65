//! The settings page: tokens that users make and end themselves, and what each role sees.

use std::fs;

use tickler_tests::talk::ask;
use tickler_tests::{Serving, Session};

/// The status of the API for a token.
fn api(serving: &Serving, token: &str) -> u16 {
    let shown = format!("Bearer {token}");
    ask(serving.address(), "GET /main/api/v1/due", &[("Authorization", &shown)], b"").status
}

/// The token that a page shows; none where it shows none.
fn token_in(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("<code class=\"secret\">tickler_")?;
    Some(format!("tickler_{}", rest.split('<').next()?))
}

/// The public part of a token.
fn id(token: &str) -> &str {
    &token[8..16]
}

#[test]
fn users_make_and_revoke_their_own_tokens() {
    let mut serving = Serving::example("own-tokens");
    serving.add_user("zoe", "viewer");
    let session = Session::of(&serving, "zoe");
    let settings = || session.get("/main/settings").text();
    let old = serving.token("zoe").to_owned();
    let own = format!("/main/settings/tokens/{}/revoke", id(&old));
    let refused = session.post(&own, &[("out", "yes")]);
    assert_eq!(refused.status, 409);
    assert!(refused.text().contains("This is your only token"), "{}", refused.text());

    let made = session.post("/main/settings/tokens", &[("for", "phone")]);
    assert_eq!(made.status, 200);
    let new = token_in(&made.text()).expect("the new token is shown");
    serving.note_token("zoe", &format!("token {new}"));
    assert!(made.text().contains(&format!("tickler join http://zoe@{}/main.git", serving.address())));
    assert_eq!((token_in(&settings()), settings().contains("phone")), (None, true), "shown once");
    assert_eq!([&old, &new].map(|token| api(&serving, token)), [200, 200]);
    let users = fs::read_to_string(serving.data().join("users.toml")).unwrap();
    assert!(users.contains("note = \"phone\"") && !users.contains(&new[20..40]));

    // The one that this session was begun with ends it, and only where the form said so.
    let unsaid = session.post(&own, &[]);
    assert_eq!(unsaid.status, 409);
    assert!(unsaid.text().contains("You are logged in with this token"), "{}", unsaid.text());
    let others = Session::of(&serving, "zoe");
    let gone = session.post(&own, &[("out", "yes")]);
    assert_eq!((gone.status, gone.header("location")), (303, Some("/login")));
    assert_eq!(
        [session.is_there(), others.is_there()],
        [false, true],
        "the other was begun with the new one"
    );
    assert_eq!([&old, &new].map(|token| api(&serving, token)), [401, 200]);
    let admins = format!("/main/settings/tokens/{}/revoke", id(serving.token("admin")));
    assert_eq!(others.post(&admins, &[]).status, 409, "another's token is none of theirs");
    assert_eq!(api(&serving, serving.token("admin")), 200);
}

#[test]
fn nobody_has_more_than_twenty_tokens() {
    let serving = Serving::example("twenty");
    let session = Session::of(&serving, "admin");
    let got: Vec<u16> =
        (0..20).map(|_| session.post("/main/settings/tokens", &[("for", "x")]).status).collect();
    assert_eq!(got[..19], [200; 19]);
    assert_eq!(got[19], 409);
    let page = session.get("/main/settings").text();
    assert!(!page.contains("Make a token") && page.contains("as many as anybody may have"), "{page}");
}

#[test]
fn each_sees_what_concerns_them() {
    let mut serving = Serving::example("settings");
    serving.add_user("zoe", "viewer");
    serving.add_user("pat", "editor");
    let page = |user: &str| Session::of(&serving, user).get("/main/settings").text();
    let (admin, zoe, pat) = (page("admin"), page("zoe"), page("pat"));
    assert!(admin.contains("Who may use main") && admin.contains("<td>zoe</td><td>viewer</td>"), "{admin}");
    assert!(!zoe.contains("Who may use main") && !pat.contains("Who may use main"));
    assert!(zoe.contains("reads everything") && pat.contains("reads and writes contacts"));
    // The worked example's team knows pat.
    assert!(pat.contains("@pat") && !pat.contains("does not know you"));
    assert!(zoe.contains("does not know you") && zoe.contains("[team.zoe]"));
    for (user, page) in [("admin", &admin), ("zoe", &zoe), ("pat", &pat)] {
        assert!(page.contains(id(serving.token(user))), "{user} sees the public part");
        assert!(!page.contains(&serving.token(user)[20..40]), "{user} sees no secret");
        assert!(page.contains("Where you are logged in") && page.contains("Log out everywhere"));
        assert!(page.contains("/main/api/v1/due"));
    }
}

#[test]
fn who_writes_too_often_waits() {
    let mut serving = Serving::set("pace", &[], "[limits]\nwrites_per_minute = 3\n");
    serving.add_user("pat", "editor");
    let (admin, pat) = (Session::of(&serving, "admin"), Session::of(&serving, "pat"));
    let log = |text| pat.post("/main/contacts/amara-okafor/log", &[("channel", "phone"), ("text", text)]);
    let end = |session: &Session| session.post("/main/settings/calendar", &[("do", "end")]);
    assert_eq!([log("one").status, end(&pat).status, log("two").status], [303, 200, 303]);
    let tip = serving.tip("main");
    for refused in [log("three"), end(&pat)] {
        assert_eq!(refused.status, 429);
        let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((1..=60).contains(&wait), "{wait}");
        assert!(refused.text().contains("That was too fast"), "{}", refused.text());
    }
    assert_eq!(serving.tip("main"), tip);
    assert_eq!(end(&admin).status, 200, "others are not held up");
    assert_eq!(pat.get("/main/").status, 200, "reading goes on");
}
