//! What others do appears by itself, and takes nothing away from whoever is typing.

use std::time::Duration;

use tickler_tests::Browser;
use tickler_tests::browser::{office, visit};

use crate::log::{LOG, log};
use crate::push::{cloned, on_branch, push};

/// How soon what somebody else did is to be seen.
const SOON: Duration = Duration::from_secs(2);

#[test]
fn a_push_and_a_form_appear_without_a_reload() {
    let serving = office("pages-live");
    cloned(&serving, "pat");
    let sam = visit(&serving, "live-sam", "sam", "/main/?all");
    let pat = visit(&serving, "live-pat", "pat", "/main/contacts/chloe-dubois");
    stay(&sam);
    let zoe =
        "+++\nname = \"Zoe Newcomer\"\nowner = \"sam\"\n[next]\non = 2026-12-03\nvia = \"phone\"\n+++\n";
    push(&serving, "pat", &[("contacts/zoe.md", zoe)], "met Zoe");
    sam.wait_within(SOON, "the push", "document.body.innerText.includes('Zoe Newcomer')");

    assert!(sam.text().contains("Chloé Dubois"));
    let fields = [("channel", "phone"), ("text", "all is well"), ("next", "in 3 weeks")];
    log(&pat, "chloe-dubois", &fields);
    sam.wait_within(SOON, "the form", "!document.querySelector('main').innerText.includes('Chloé Dubois')");
    stayed(&sam);
}

#[test]
fn what_was_typed_stays() {
    let serving = office("pages-live-typed");
    cloned(&serving, "pat");
    let sam = visit(&serving, "live-typed", "sam", "/main/contacts/chloe-dubois");
    stay(&sam);
    sam.field(LOG, "text").fill("half a sentence");
    let text = on_branch(&serving, "chloe-dubois").replace("Directrice", "Owner of it all");
    push(&serving, "pat", &[("contacts/chloe-dubois.md", &text)], "she owns it");
    sam.wait_within(SOON, "an offer to see the news", "document.querySelector('#news a, #news button')");
    assert_eq!(sam.field(LOG, "text").value(), "half a sentence");
    assert!(!sam.text().contains("Owner of it all"), "nothing moves under the fingers");
    stayed(&sam);
}

#[test]
fn the_focus_stays_where_it_is() {
    let serving = office("pages-live-focus");
    cloned(&serving, "pat");
    let sam = visit(&serving, "live-focus", "sam", "/main/contacts/chloe-dubois");
    let field =
        "const field = document.querySelector(arguments[0] + ' [name=text]'); field.focus(); return field.id";
    let field = sam.script(field, &[LOG.into()]);
    let text = on_branch(&serving, "chloe-dubois").replace("Directrice", "Owner of it all");
    push(&serving, "pat", &[("contacts/chloe-dubois.md", &text)], "she owns it");
    sam.wait_within(SOON, "the push", "document.body.innerText.includes('Owner of it all')");
    assert_eq!(sam.script("return document.activeElement.id", &[]), field);
}

/// Marks the page, so that a reload would show.
fn stay(browser: &Browser) {
    browser.script("window.stays = true", &[]);
    // The news come by a connection that the page opens once it is there.
    std::thread::sleep(Duration::from_millis(300));
}

#[track_caller]
fn stayed(browser: &Browser) {
    assert_eq!(browser.script("return window.stays", &[]), true, "the page was loaded anew");
}
