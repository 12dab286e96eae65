//! Where somebody has to look: nothing is lost, nothing is taken, and what to do about it works.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::time::Duration;

use tickler_tests::Serving;
use tickler_tests::http::{TOKEN, USER};

use super::{AMARA, Forge, has, note, prepare, says, secret, tip, told, until};

#[test]
fn a_wrong_token_needs_attention_and_loses_nothing() {
    let forge = Forge::new("upstream-token");
    let url = forge.host.url(USER, "", "crm.git").replace(&format!("{USER}:@"), &format!("{USER}@"));
    let settings = format!(
        "[notebook.main]\nupstream = \"{url}\"\nupstream_every = 1\nupstream_token_file = \"upstream.token\"\n"
    );
    let serving = Serving::with("upstream-token-1", &["--example"], |data| {
        prepare(data, &settings, None);
        secret(&data.join("upstream.token"), "wrong-token-of-pat\n");
    });
    until("it is noticed", || serving.log().contains("the upstream needs attention"));
    let clone = serving.clone_by("admin", "clone");
    note(&clone, AMARA, "kept");
    let said = told(&clone, "push origin HEAD:main");
    assert!(said.contains("remote: upstream needs attention since "), "{said}");
    assert!(serving.log().contains("does not let us in"), "{}", serving.log());
    secret(&serving.data().join("upstream.token"), &format!("{TOKEN}\n"));
    until("it is sent", || has(&forge.repository(), "kept"));
    assert!(!serving.log().contains("wrong-token-of-pat"));
}

#[test]
fn settings_that_cannot_be_are_refused_at_the_start() {
    let mut serving = Serving::example("upstream-settings");
    serving.stop();
    let data = serving.data();
    secret(&data.join("open"), "x\n");
    let opened = fs::set_permissions(data.join("open"), fs::Permissions::from_mode(0o644));
    assert!(opened.is_ok());
    for (settings, words) in [
        ("[notebook.other]\nupstream = \"/x\"", "[notebook.other]: there is no such notebook"),
        ("[notebook.main]\nupstream = \"ext::sh\"", "server.toml:2: an upstream is reached by https"),
        ("[notebook.main]\nupstream = \"/x\"\nupstream_branch = \"a..b\"", "cannot be the name of a branch"),
        ("[notebook.main]\nupstream = \"/x\"\nupstream_every = 0", "is 1 second at least"),
        ("[notebook.main]\nupstream = \"/x\"\nwebhook_secret_file = \"none\"", "cannot use"),
        ("[notebook.main]\nupstream = \"/x\"\nupstream_token_file = \"open\"", "others can read"),
    ] {
        assert!(fs::write(data.join("server.toml"), settings).is_ok());
        let ran = serving.command(&["serve", "--listen", "127.0.0.1:0"]);
        assert_eq!(ran.code, 2, "{settings}");
        assert!(ran.err.contains(words), "{settings}: {}", ran.err);
    }
}

#[test]
fn a_rewound_upstream_is_merged_only_when_somebody_says_so() {
    let forge = Forge::new("upstream-rewound");
    let serving = forge.first("upstream-rewound-1");
    let clone = serving.clone_by("admin", "clone");
    note(&clone, AMARA, "will-be-lost");
    says(&clone, "push --quiet origin HEAD:main");
    until("it is sent", || has(&forge.repository(), "will-be-lost"));
    until("that is known", || {
        says(&serving.repository("main"), "for-each-ref refs/upstream/main").contains(&serving.tip("main"))
    });
    says(&forge.repository(), "update-ref refs/heads/main main~1");
    let plain = forge.clone("sam");
    note(&plain, AMARA, "on-the-rewound");
    says(&plain, "push --quiet origin HEAD:main");
    let rewound = tip(&forge.repository());
    until("it is noticed", || serving.log().contains("it was rewound: it lacks 1 of the commits"));
    note(&clone, AMARA, "waits");
    assert!(told(&clone, "push origin HEAD:main").contains("upstream needs attention"));
    let before = serving.tip("main");
    std::thread::sleep(Duration::from_secs(2));
    assert_eq!((tip(&forge.repository()), serving.tip("main")), (rewound, before));

    let said = serving.says(&["notebook", "adopt", "main"]);
    assert!(said.contains("merged 1 commits"), "{said}");
    let all = ["will-be-lost", "on-the-rewound", "waits"];
    until("all of both", || all.iter().all(|token| has(&forge.repository(), token)));
    until("it is good again", || serving.log().contains("the upstream is back, and has all"));
    assert!(serving.says(&["notebook", "adopt", "main"]).contains("nothing to decide"));
}

#[test]
fn another_history_is_adopted_only_when_somebody_says_so() {
    let forge = Forge::new("upstream-other");
    let one = forge.first("upstream-other-1");
    let two = Serving::with("upstream-other-2", &[], |data| prepare(data, &forge.settings(1), None));
    until("it is noticed", || two.log().contains("its history has nothing in common"));
    assert!(!has(&two.repository("main"), "Amara"));
    assert!(two.says(&["notebook", "adopt", "main"]).contains("merged"));
    until("one history", || has(&two.repository("main"), "Amara") && one.tip("main") == two.tip("main"));
    // A branch that is gone is not made anew by itself either.
    says(&forge.repository(), "update-ref -d refs/heads/main");
    until("it is noticed", || one.log().contains("its branch \\\"main\\\" is gone"));
    assert_eq!(tip(&forge.repository()), None);
    assert!(one.says(&["notebook", "adopt", "main"]).contains("makes the upstream's branch anew"));
    until("it is there again", || tip(&forge.repository()) == Some(one.tip("main")));
}

#[test]
fn what_no_notebook_may_have_stays_out() {
    let forge = Forge::new("upstream-judged");
    let serving = forge.first("upstream-judged-1");
    let before = serving.tip("main");
    let plain = forge.clone("sam");
    assert!(symlink("/etc/passwd", plain.join("contacts/sly.md")).is_ok());
    says(&plain, "add --all");
    says(&plain, "commit --quiet --message sly");
    says(&plain, "push --quiet origin HEAD:main");
    until("it is noticed", || serving.log().contains("it has what no notebook may have"));
    assert!(serving.log().contains("sly.md\\\" is a symbolic link"), "{}", serving.log());
    assert_eq!(serving.tip("main"), before);
    let ran = serving.command(&["notebook", "adopt", "main"]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    // Mended there, it goes on by itself.
    says(&plain, "rm --quiet contacts/sly.md");
    note(&plain, AMARA, "mended");
    says(&plain, "push --quiet origin HEAD:main");
    until("it is taken", || has(&serving.repository("main"), "mended"));
}
