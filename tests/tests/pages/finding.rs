//! Finding contacts: the query box, and a query with a mistake.

use fantoccini::key::Key;
use tickler_tests::Browser;
use tickler_tests::browser::{office, visit};

use crate::axe::check;
use crate::push::{answer, cloned};

const BOX: &str = "main";

#[test]
fn a_query_with_a_mistake_says_where_and_what_was_meant() {
    let serving = office("pages-query");
    let browser = visit(&serving, "query", "sam", "/main/contacts");
    ask(&browser, "tag:hotel stge:proposal");
    let text = browser.text();
    assert!(text.contains("stge"), "{text}");
    assert!(text.contains("stage"), "what was meant: {text}");
    assert_eq!(browser.field(BOX, "q").value(), "tag:hotel stge:proposal", "the query stays in the box");
    let complaints = browser.complaints();
    assert!(complaints.iter().all(|one| one.contains("422") || one.contains("400")), "{complaints:?}");
    check(&browser, "a query with a mistake");

    // One click asks what was meant.
    let meant = "const links = [...document.querySelectorAll('main a[href]')].filter((one) => \
                     new URL(one.href).searchParams.get('q') === 'tag:hotel stage:proposal'); \
                 if (links.length) links[0].click(); return links.length";
    browser.leave("what was meant", || {
        assert!(browser.script(meant, &[]).as_i64() > Some(0), "no link asks it: {}", browser.text());
    });
    assert!(browser.text().contains("Amara Okafor"), "{}", browser.text());
    assert!(!browser.text().contains("Chloé Dubois"), "{}", browser.text());
}

#[test]
fn a_query_finds_what_the_command_line_finds() {
    let serving = office("pages-query-same");
    cloned(&serving, "sam");
    let browser = visit(&serving, "query-same", "sam", "/main/contacts");
    for query in
        ["", "tag:hotel", "owner:sam value>=10000", "stage:won or tag:partner", "wójcik", "text:stand"]
    {
        ask(&browser, query);
        let found = answer(&serving, "sam", &format!("list --format json {query:?}"));
        let mut names: Vec<String> =
            found.as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        let links = "return [...new Set([...document.querySelectorAll('main a[href]')] \
                     .filter((one) => /\\/main\\/contacts\\/[^/#?]+$/.test(one.pathname) && !one.hash) \
                     .map((one) => one.innerText.trim()).filter(Boolean))].sort()";
        let shown = browser.script(links, &[]);
        let shown: Vec<&str> = shown.as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
        for name in &names {
            assert!(shown.contains(&name.as_str()), "{query}: {name} in {shown:?}");
        }
        assert_eq!(shown.len(), names.len(), "{query}: {shown:?}, {names:?}");
    }
}

#[test]
fn the_box_of_every_page_finds() {
    let serving = office("pages-query-header");
    let browser = visit(&serving, "query-header", "sam", "/main/team");
    browser.field("header", "q").fill("maeve");
    browser.leave("the search", || browser.press(&char::from(Key::Enter).to_string()));
    assert!(browser.path().starts_with("/main/contacts"), "{}", browser.path());
    assert!(browser.text().contains("Maeve O'Brien"), "{}", browser.text());
}

/// Asks a query in the box of the contacts' page.
fn ask(browser: &Browser, query: &str) {
    browser.field(BOX, "q").fill(query);
    browser.leave("the query", || browser.press(&char::from(Key::Enter).to_string()));
}
