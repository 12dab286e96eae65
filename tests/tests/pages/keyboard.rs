//! By the keyboard alone: log in, reach the first who is due, log a touch, find somebody. Where the focus is, is seen.

use fantoccini::key::Key;
use serde_json::Value;
use tickler_tests::Browser;
use tickler_tests::browser::{PAGES, Theme, office, visit};

use crate::push::on_branch;

#[test]
fn the_main_job_needs_no_mouse() {
    let serving = office("pages-keyboard");
    let browser = Browser::new(&serving, "keyboard");
    browser.goto("/main/");
    // The only field of the login has the focus from the start.
    browser.press(serving.token("sam"));
    browser.leave("the login", || press(&browser, Key::Enter));
    assert_eq!(browser.path(), "/main/");

    press(&browser, Key::Tab);
    let first = focus(&browser);
    assert_eq!(first["href"], "#main", "the first stop leads past what is on every page: {first}");
    press(&browser, Key::Enter);
    press(&browser, Key::Tab);
    assert_eq!(focus(&browser)["in_main"], true, "past the frame: {}", focus(&browser));

    let at = reach(&browser, "a contact", |at| {
        at["tag"] == "A" && at["path"].as_str().is_some_and(|path| path.starts_with("/main/contacts/"))
    });
    let path = at["path"].as_str().unwrap().to_owned();
    browser.leave("the contact", || press(&browser, Key::Enter));
    assert_eq!(browser.path().split('#').next(), Some(path.as_str()));

    reach(&browser, "the field for what was said", |at| at["name"] == "text");
    browser.press("said by keyboard alone");
    let sends =
        |at: &Value| at["tag"] == "BUTTON" && at["action"].as_str().is_some_and(|to| to.ends_with("/log"));
    reach(&browser, "the button", sends);
    browser.leave("the log form", || press(&browser, Key::Space));
    let id = path.rsplit('/').next().unwrap();
    assert!(on_branch(&serving, id).contains("said by keyboard alone"));
}

#[test]
fn every_stop_on_every_page_is_seen() {
    let serving = office("pages-focus");
    let browser = visit(&serving, "focus", "sam", "/main/");
    let mut found = Vec::new();
    for (at, (name, path)) in PAGES.iter().enumerate() {
        browser
            .look(if at % 2 == 0 { 360 } else { 1280 }, if at % 3 == 0 { Theme::Dark } else { Theme::Light });
        browser.goto(path);
        let mut stops = Vec::new();
        for _ in 0..40 {
            press(&browser, Key::Tab);
            let stop = focus(&browser);
            if stop["tag"] == "BODY" || stops.last() == Some(&stop) {
                break;
            }
            if stop["is_seen"] != true {
                found.push(format!("{name}: the focus is not seen: {stop}"));
            }
            stops.push(stop);
        }
        if stops.len() < 2 {
            found.push(format!("{name}: there is nowhere to go: {stops:?}"));
        }
        browser.complaints();
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn keys_are_an_extra() {
    let serving = office("pages-keys");
    let browser = visit(&serving, "keys", "sam", "/main/");
    browser.press("/");
    assert_eq!(focus(&browser)["name"], "q", "a stroke leads to the search");
    // In a field they are letters.
    browser.press("gt/j?");
    assert_eq!(browser.script("return document.activeElement.value", &[]), "gt/j?");
    press(&browser, Key::Escape);
    assert_ne!(focus(&browser)["name"], "q");
}

/// Goes from stop to stop until one is right; where the focus is then.
#[track_caller]
fn reach(browser: &Browser, what: &str, is_right: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..80 {
        let at = focus(browser);
        if is_right(&at) {
            return at;
        }
        press(browser, Key::Tab);
        assert_eq!(focus(browser)["is_seen"], true, "the focus is not seen: {}", focus(browser));
    }
    panic!("{what} is not reached: {}", focus(browser));
}

/// Where the focus is, and whether that can be seen: inside the window, under nothing else, with a line or a
/// shadow around it.
#[track_caller]
fn focus(browser: &Browser) -> Value {
    let script = "const one = document.activeElement; const style = getComputedStyle(one); \
                  const box = one.getBoundingClientRect(); \
                  const lined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1; \
                  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth; \
                  const middle = (low, high, most) => (Math.max(low, 0) + Math.min(high, most)) / 2; \
                  const top = document.elementFromPoint( \
                      middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)); \
                  const free = !top || one.contains(top) || top.contains(one); \
                  return { tag: one.tagName, name: one.name || null, href: one.getAttribute('href'), \
                           path: one.pathname || null, action: one.form ? one.form.action : null, \
                           words: one.innerText ? one.innerText.slice(0, 40) : one.value || null, \
                           in_main: Boolean(one.closest('main')), top: Math.round(box.top), left: Math.round(box.left), \
                           is_seen: one === document.body || (lined || style.boxShadow !== 'none') && inside && free }";
    browser.script(script, &[])
}

#[track_caller]
fn press(browser: &Browser, key: Key) {
    browser.press(&char::from(key).to_string());
}
