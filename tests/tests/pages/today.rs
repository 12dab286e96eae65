//! Today: whom do I contact, by what, and why.

use serde_json::Value;
use tickler_tests::Browser;
use tickler_tests::browser::{Theme, office, visit};

use crate::push::{answer, cloned};

#[test]
fn the_list_is_that_of_the_command_line() {
    let serving = office("pages-today");
    cloned(&serving, "sam");
    cloned(&serving, "admin");
    for (user, path, line) in [
        ("admin", "/main/", "due --format json"),
        ("sam", "/main/", "due --mine --format json"),
        ("sam", "/main/?all", "due --format json"),
    ] {
        let browser = visit(&serving, &format!("today-{user}"), user, path);
        let due = rows(&answer(&serving, user, line));
        assert!(due.len() > 3, "{line}: {due:?}");
        let shown = contacts(&browser);
        assert!(shown.len() >= due.len(), "{shown:?}");
        let ids: Vec<&str> = due.iter().map(|row| row["id"].as_str().unwrap()).collect();
        assert_eq!(shown[..due.len()], ids, "{user} on {path}, by {line}");
        for row in &due {
            let text = item(&browser, row["id"].as_str().unwrap()).to_lowercase();
            for key in ["name", "company", "via", "why"] {
                // The page says days as people say them.
                let words =
                    row[key].as_str().map(|words| words.split(" on 2026-").next().unwrap_or_default());
                let Some(words) = words else { continue };
                assert!(
                    text.contains(&words.to_lowercase()),
                    "{key} of {}: {words:?} in {text:?}",
                    row["id"]
                );
            }
        }
    }
}

#[test]
fn a_phone_shows_whom_by_what_and_why_without_scrolling() {
    let serving = office("pages-today-phone");
    cloned(&serving, "sam");
    let browser = visit(&serving, "today-phone", "sam", "/main/");
    browser.look(360, Theme::Light);
    browser.goto("/main/");
    let due = rows(&answer(&serving, "sam", "due --mine --format json"));
    let first = due[0]["id"].as_str().unwrap();
    let bottom = "const link = document.querySelector(`main a[href$='/contacts/${arguments[0]}']`); \
                  return link.closest('li, article, section').getBoundingClientRect().bottom";
    let bottom = browser.script(bottom, &[first.into()]).as_f64().unwrap();
    assert!(bottom < 740.0, "the first ends at {bottom}");
    let second = due[1]["id"].as_str().unwrap();
    let top = "return document.querySelector(`main a[href$='/contacts/${arguments[0]}']`).getBoundingClientRect().bottom";
    let top = browser.script(top, &[second.into()]).as_f64().unwrap();
    assert!(top < 740.0, "the second begins at {top}");
}

#[test]
fn a_channel_acts() {
    let serving = office("pages-today-acts");
    let browser = visit(&serving, "today-acts", "sam", "/main/?all");
    let links =
        "return [...document.querySelectorAll('main a[href]')].map((one) => one.getAttribute('href'))";
    let links = browser.script(links, &[]).to_string();
    for act in ["\"tel:+1", "\"mailto:", "https://wa.me/"] {
        assert!(links.contains(act), "{act} in {links}");
    }
}

/// The rows of a list of due contacts.
fn rows(report: &Value) -> Vec<Value> {
    let rows =
        report.as_array().or_else(|| report["due"].as_array()).or_else(|| report["contacts"].as_array());
    rows.unwrap_or_else(|| panic!("{report}")).clone()
}

/// The contacts that the page leads to, each once, in their order.
fn contacts(browser: &Browser) -> Vec<String> {
    let ids = "return [...document.querySelectorAll('main a[href]')] \
               .map((one) => one.getAttribute('href').match(/\\/main\\/contacts\\/([^/#?]+)$/)) \
               .filter(Boolean).map((found) => decodeURIComponent(found[1]))";
    let mut seen = Vec::new();
    for id in browser.script(ids, &[]).as_array().unwrap() {
        let id = id.as_str().unwrap().to_owned();
        if !seen.contains(&id) {
            seen.push(id);
        }
    }
    seen
}

/// What the list says of a contact.
fn item(browser: &Browser, id: &str) -> String {
    let text = "const link = document.querySelector(`main a[href$='/contacts/${encodeURIComponent(arguments[0])}']`); \
                return link.closest('li, article').innerText";
    browser.script(text, &[id.into()]).as_str().unwrap().replace('\n', " ")
}
