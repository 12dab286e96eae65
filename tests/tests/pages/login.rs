//! Logging in and out.

use tickler_tests::Browser;
use tickler_tests::browser::{Theme, office};

use crate::axe::check;

#[test]
fn a_right_token_leads_where_one_wanted_to_go() {
    let serving = office("pages-login");
    let browser = Browser::new(&serving, "login");
    let wanted = "/main/contacts/amara-okafor";
    browser.goto(wanted);
    assert!(browser.path().starts_with("/login?"), "{}", browser.path());
    check(&browser, "the login");

    // A wrong one is said at its field, and the way is not lost.
    browser.field("form", "token").fill("tickler_wrong");
    browser.leave("a wrong login", || browser.click_words("Log in"));
    assert!(browser.has("[role=alert]"), "{}", browser.text());
    let told = "document.querySelector('[name=token]').getAttribute('aria-invalid') === 'true' && \
                document.getElementById(document.querySelector('[name=token]').getAttribute('aria-describedby'))";
    browser.wait_for("the field says that it is wrong", told);
    assert!(!browser.path().contains("tickler_"), "a token is in no address");
    assert_eq!(browser.field("form", "token").value(), "", "a token is never sent back");
    let complaints = browser.complaints();
    assert!(complaints.iter().all(|one| one.contains("/login") && one.contains("401")), "{complaints:?}");
    check(&browser, "the login, with a wrong token");
    browser.look(360, Theme::Dark);
    check(&browser, "the login, with a wrong token, on a phone in the dark");

    browser.field("form", "token").fill(serving.token("sam"));
    browser.leave("the login", || browser.click_words("Log in"));
    assert_eq!(browser.path(), wanted);
    assert!(browser.text().contains("Amara Okafor"));
    assert_eq!(browser.script("return document.cookie", &[]), "", "no script reads the session");
    assert_eq!(browser.script("return localStorage.length + sessionStorage.length", &[]), 0);

    // Who is logged in needs no form.
    browser.goto("/login");
    assert_eq!(browser.path(), "/main/");
}

#[test]
fn who_logs_out_is_out() {
    let serving = office("pages-logout");
    let browser = Browser::new(&serving, "logout");
    browser.log_in(serving.token("sam"), "/main/contacts/amara-okafor");
    browser.leave("the logout", || browser.click("form[action=\"/logout\"] button"));
    assert_eq!(browser.path(), "/login");
    browser.goto("/main/");
    assert!(browser.path().starts_with("/login"), "{}", browser.path());
    // Nor does the browser keep what was seen.
    for _ in 0..2 {
        browser.back();
    }
    browser.wait_for(
        "the login again",
        "location.pathname === '/login' || !document.body.innerText.includes('Okafor')",
    );
}

#[test]
fn nobody_is_led_elsewhere() {
    let serving = office("pages-elsewhere");
    let browser = Browser::new(&serving, "elsewhere");
    for next in
        ["https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example/", "javascript:alert(1)"]
    {
        browser.goto(&format!("/login?next={}", next.replace('/', "%2F").replace('\\', "%5C")));
        browser.field("form", "token").fill(serving.token("sam"));
        browser.leave("the login", || browser.click_words("Log in"));
        assert_eq!(browser.path(), "/main/", "{next}");
        browser.leave("the logout", || browser.click("form[action=\"/logout\"] button"));
    }
}
