//! Logging a touch, with what was promised and the next step, in one form.

use serde_json::json;
use tickler_tests::browser::{Theme, office, visit};
use tickler_tests::{Browser, Tickler};

use crate::axe::check;
use crate::push::{cloned, on_branch, says};

/// The form of a contact's page.
pub const LOG: &str = "main form[action$=\"/log\"]";
/// What sends it.
pub const SEND: &str = "main form[action$=\"/log\"] button[type=submit]";

#[test]
fn a_touch_its_promises_and_the_next_step_are_one_form() {
    let serving = office("pages-log");
    cloned(&serving, "sam");
    let browser = visit(&serving, "log", "sam", "/main/contacts/chloe-dubois");
    fill(
        &browser,
        &[
            ("channel", "phone"),
            ("text", "opens a third house in May"),
            ("ours", "send the list by fri"),
            ("theirs", "choose a colour by next tuesday"),
            ("when", "yesterday"),
            ("next", "in 2 weeks"),
            ("via", "visit"),
            ("why", "see the plans"),
        ],
    );
    browser.leave("the log form", || browser.click(SEND));
    assert!(browser.path().starts_with("/main/contacts/chloe-dubois"), "{}", browser.path());
    let text = browser.text();
    // What was understood is said back.
    for words in ["opens a third house in May", "17 Dec", "see the plans", "send the list"] {
        assert!(text.contains(words), "{words:?} in\n{text}");
    }
    check(&browser, "the contact after a touch was logged");

    // It is what the command line writes for the same words.
    let line = "log chloe phone -m 'opens a third house in May' --on yesterday --me 'send the list by fri' \
                --them 'choose a colour by next tuesday' --next 'in 2 weeks' --via visit --why 'see the plans'";
    let branch = on_branch(&serving, "chloe-dubois");
    serving.git("", "clone --quiet sam apart");
    serving.git("apart", "config user.name sam");
    serving.git("apart", "config user.email sam@acme.example");
    let apart = serving.folder().join("apart");
    let ran = Tickler::typed(line).notebook(&apart).env("TICKLER_ME", "sam").run();
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert_eq!(branch, std::fs::read_to_string(apart.join("contacts/chloe-dubois.md")).unwrap());

    let commit = serving.git("data/notebooks/main.git", "log -1 --format=%an%n%ae%n%cn%n%B main");
    assert!(commit.starts_with("sam\n"), "{commit}");
    assert!(!commit.lines().nth(2).unwrap().contains("sam"), "the server commits: {commit}");
    for trailer in ["Via: web", "Token-Id: ", "Request-Id: "] {
        assert!(commit.lines().any(|line| line.starts_with(trailer)), "{trailer} in {commit}");
    }
    let brief = says(&serving, "sam", "brief chloe");
    assert!(brief.contains("opens a third house in May"), "{brief}");
}

#[test]
fn a_date_that_is_no_date_loses_nothing_that_was_typed() {
    let serving = office("pages-log-mistake");
    let browser = visit(&serving, "log-mistake", "sam", "/main/contacts/chloe-dubois");
    browser.look(360, Theme::Light);
    browser.goto("/main/contacts/chloe-dubois");
    let before = serving.tip("main");
    let typed = [
        ("channel", "phone"),
        ("text", "wants \"two\" more & a <b>wall</b>"),
        ("ours", "send the list by fri"),
        ("next", "next blursday"),
        ("why", "see the plans"),
    ];
    fill(&browser, &typed);
    browser.leave("the log form", || browser.click(SEND));
    assert_eq!(serving.tip("main"), before, "nothing is written");
    for (name, value) in typed {
        assert_eq!(browser.field(LOG, name).value(), value, "{name}");
    }
    // The field says what is wrong with it, and has the focus.
    let wrong = "return (() => { const one = document.querySelector(arguments[0] + ' [name=next]'); \
                 const said = (one.getAttribute('aria-describedby') || '').split(' ') \
                     .map((id) => document.getElementById(id)).filter(Boolean).map((it) => it.innerText).join(' '); \
                 return [one.getAttribute('aria-invalid'), said, document.activeElement === one]; })()";
    let wrong = browser.script(wrong, &[LOG.into()]);
    assert_eq!((&wrong[0], &wrong[2]), (&json!("true"), &json!(true)), "{wrong}");
    assert!(wrong[1].as_str().is_some_and(|said| said.contains("blursday")), "{wrong}");
    let complaints = browser.complaints();
    assert!(complaints.iter().all(|one| one.contains("422")), "{complaints:?}");
    check(&browser, "the log form with a mistake");

    browser.field(LOG, "next").fill("in 2 weeks");
    browser.leave("the log form", || browser.click(SEND));
    let text = on_branch(&serving, "chloe-dubois");
    assert_eq!(text.matches("wants \"two\" more & a <b>wall</b>").count(), 1, "{text}");
    assert!(text.contains("2026-12-17") && text.contains("see the plans"), "{text}");
    assert!(browser.text().contains("<b>wall</b>"), "a text is no HTML");
}

#[test]
fn a_form_that_is_sent_twice_logs_once() {
    let serving = office("pages-log-twice");
    let browser = visit(&serving, "log-twice", "sam", "/main/contacts/chloe-dubois");
    fill(&browser, &[("channel", "phone"), ("text", "said it once")]);
    let twice = "const done = arguments[1]; const form = document.querySelector(arguments[0]); \
                 const body = new URLSearchParams(new FormData(form)); \
                 const send = () => fetch(form.action, { method: 'POST', body }).then((it) => [it.status, it.url]); \
                 send().then((first) => send().then((second) => done([first, second])))";
    let answers = browser.later(twice, &[LOG.into()]);
    assert_eq!(answers[0][0], 200, "{answers}");
    assert_eq!(answers[0], answers[1], "the second answer is like the first");
    assert_eq!(on_branch(&serving, "chloe-dubois").matches("said it once").count(), 1);
    // Both at the same time, too.
    browser.goto("/main/contacts/chloe-dubois");
    fill(&browser, &[("channel", "email"), ("text", "said it at once")]);
    browser.leave("the log form", || {
        let script =
            "const form = document.querySelector(arguments[0]); form.requestSubmit(); form.requestSubmit()";
        browser.script(script, &[LOG.into()]);
    });
    assert_eq!(on_branch(&serving, "chloe-dubois").matches("said it at once").count(), 1);
}

#[test]
fn who_looks_on_has_no_form() {
    let serving = office("pages-log-viewer");
    let browser = visit(&serving, "log-viewer", "vera", "/main/contacts/chloe-dubois");
    assert!(browser.text().contains("Chloé Dubois"));
    let forms =
        "return [...document.querySelectorAll('main form')].filter((one) => one.method === 'post').length";
    assert_eq!(browser.script(forms, &[]), 0, "{}", browser.text());
    check(&browser, "the contact, for somebody who looks on");
}

/// Fills in fields of the log form.
pub fn fill(browser: &Browser, fields: &[(&str, &str)]) {
    for (name, value) in fields {
        browser.field(LOG, name).fill(value);
    }
}

/// Logs a touch by the form of a contact's page.
pub fn log(browser: &Browser, id: &str, fields: &[(&str, &str)]) {
    browser.goto(&format!("/main/contacts/{id}"));
    fill(browser, fields);
    browser.leave("the log form", || browser.click(SEND));
}
