//! Without JavaScript everything still works.

use tickler_tests::Browser;
use tickler_tests::browser::{PAGES, office};

use crate::log::{LOG, SEND, fill};
use crate::push::on_branch;

#[test]
fn the_main_jobs_need_no_script() {
    let serving = office("pages-scriptless");
    let browser = Browser::new(&serving, "scriptless");
    browser.without_scripts();
    browser.log_in(serving.token("sam"), "/main/");
    assert_eq!(browser.script("return typeof window.EventSource", &[]), "function");
    assert!(browser.text().contains("Amara Okafor"));

    // A touch with the next step, and a mistake on the way.
    browser.goto("/main/contacts/amara-okafor");
    fill(&browser, &[("channel", "email"), ("text", "no script needed"), ("next", "next blursday")]);
    browser.leave("the log form", || browser.click(SEND));
    assert_eq!(browser.field(LOG, "text").value(), "no script needed");
    browser.field(LOG, "next").fill("in 2 weeks");
    browser.leave("the log form", || browser.click(SEND));
    browser.complaints();
    assert!(on_branch(&serving, "amara-okafor").contains("no script needed"));

    // A promise that was kept.
    let kept = "main form[action$=\"/kept\"] button[type=submit]";
    let open = on_branch(&serving, "amara-okafor").matches("- [ ]").count();
    browser.leave("the promise", || browser.click(kept));
    assert_eq!(on_branch(&serving, "amara-okafor").matches("- [ ]").count(), open - 1);

    // The text itself.
    browser.goto("/main/contacts/amara-okafor/edit");
    let text = browser.field("main", "text").value().replace("value = 18500", "value = 18600");
    let set = "document.querySelector('main [name=text]').value = arguments[0]";
    browser.script(set, &[text.into()]);
    browser.leave("the save", || browser.click("main form[action$=\"/edit\"] button[type=submit]"));
    assert!(on_branch(&serving, "amara-okafor").contains("value = 18600"));

    // Somebody new, and a query that finds them.
    browser.goto("/main/new");
    browser.field("main", "name").fill("Wilma Scriptless");
    browser.leave("the new contact", || browser.click("main form[action$=\"/new\"] button[type=submit]"));
    assert!(on_branch(&serving, "wilma-scriptless").contains("Wilma Scriptless"));
    browser.goto("/main/contacts");
    browser.field("main", "q").fill("wilma");
    browser.leave("the query", || browser.click("main form button[type=submit]"));
    assert!(browser.text().contains("Wilma Scriptless"), "{}", browser.text());

    for (name, path) in PAGES {
        browser.goto(path);
        assert!(browser.text().len() > 100 || name == "nothing", "{name}: {}", browser.text());
    }
    browser.complaints();
    browser.leave("the logout", || browser.click("form[action=\"/logout\"] button"));
    assert_eq!(browser.path(), "/login");
}
