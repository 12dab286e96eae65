//! What holds of every page: it fits a narrow screen, obeys its own policy, has a title and one heading of the first
//! level, and is in the list of pages at all.

use std::process::Command;

use tickler_tests::browser::{PAGES, Theme, office, visit};
use tickler_tests::{Browser, ran, server_binary};

use crate::axe::check;
use crate::push::{cloned, push};

/// Routes by GET that are no pages.
const NO_PAGES: [&str; 8] =
    ["/healthz", "/metrics", ".git/", "/assets/", "/api/", "/events", "/calendar/", "/login"];
/// What only an admin sees.
const OF_ADMINS: (&str, &str) = ("remove", "/main/contacts/amara-okafor/remove");

#[test]
fn every_page_fits_a_narrow_screen_and_keeps_to_its_policy() {
    let serving = office("pages-every");
    let browser = visit(&serving, "every", "sam", "/main/");
    browser.look(360, Theme::Light);
    let mut found = Vec::new();
    for (name, path) in PAGES {
        browser.goto(path);
        found.extend(faults(&browser, name));
        let complaints = browser.complaints().into_iter();
        found.extend(complaints.filter(|one| name != "nothing" || !one.contains("404")));
        if browser.text().contains("There is nothing here") != (name == "nothing") {
            found.push(format!("{name}: is it there? {}", browser.text()));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_only_an_admin_sees_is_sound_too() {
    let serving = office("pages-admin");
    let (name, path) = OF_ADMINS;
    let browser = visit(&serving, "admin", "admin", path);
    browser.look(360, Theme::Dark);
    browser.goto(path);
    assert_eq!(faults(&browser, name), Vec::<String>::new());
    check(&browser, name);
}

#[test]
fn every_page_fits_when_names_are_long() {
    let serving = office("pages-long");
    cloned(&serving, "pat");
    let long = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch".repeat(3);
    let text = format!(
        "+++\nname = \"{long}\"\ncompany = \"{long}\"\nrole = \"{long}\"\nemail = [\"{long}@{long}.example\"]\n\
         tags = [\"{long}\"]\nowner = \"sam\"\nstage = \"proposal\"\nvalue = 123456789012\nhot_button = \"{long}\"\n\
         [next]\non = 2026-12-01\nvia = \"phone\"\nwhy = \"{long}\"\n+++\n\n{long}\n\n    {long}\n\n\
         <{long}>\n\n| {long} | {long} |\n| --- | --- |\n| {long} | {long} |\n\n## Log\n\n\
         - 2026-11-30 phone @sam: {long}\n  - [ ] me: {long} by 2026-12-02\n"
    );
    let id = "a-".repeat(60);
    push(&serving, "pat", &[(&format!("contacts/{id}z.md"), &text)], &long);
    let browser = visit(&serving, "long", "sam", "/main/");
    browser.look(360, Theme::Light);
    let own: Vec<String> =
        ["", "/edit", "/history"].iter().map(|rest| format!("/main/contacts/{id}z{rest}")).collect();
    let lists =
        ["/main/", "/main/contacts", "/main/pipeline", "/main/team", "/main/report", "/main/problems"];
    let mut found = Vec::new();
    for path in own.iter().map(String::as_str).chain(lists) {
        browser.goto(path);
        found.extend(faults(&browser, path));
        found.extend(browser.complaints());
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_page_is_in_the_list() {
    let mut command = Command::new(server_binary());
    command.arg("routes");
    let routes = ran(command).out;
    let mut pages = 0;
    for route in routes.lines().filter_map(|line| line.strip_prefix("GET ")) {
        if NO_PAGES.iter().any(|one| route.contains(one)) || ["/", "/NOTEBOOK"].contains(&route) {
            continue;
        }
        let pattern: Vec<&str> = route.split('/').collect();
        let is_listed = PAGES.iter().chain([&OF_ADMINS]).any(|(_, path)| {
            let path: Vec<&str> = path.split('?').next().unwrap_or_default().split('/').collect();
            let fits =
                |(part, pattern): (&&str, &&str)| part == pattern || ["NOTEBOOK", "ID"].contains(pattern);
            path.len() == pattern.len() && path.iter().zip(&pattern).all(fits)
        });
        assert!(is_listed, "{route} is not in PAGES");
        pages += 1;
    }
    assert!(pages > 1, "{routes}");
}

/// What is wrong with how the page is built: it is no wider than the screen, nothing is cut, all fields have labels.
#[track_caller]
fn faults(browser: &Browser, name: &str) -> Vec<String> {
    let over = "const clipped = (one) => { \
                    for (let it = one.parentElement; it; it = it.parentElement) \
                        if (getComputedStyle(it).overflowX !== 'visible') return true; \
                    return false; }; \
                const wide = document.documentElement.scrollWidth - innerWidth; \
                return [...document.querySelectorAll('body *')].filter((one) => { \
                    const box = one.getBoundingClientRect(); \
                    return box.width > 1 && box.right > innerWidth + 1 && !clipped(one); }) \
                    .slice(0, 4).map((one) => one.outerHTML.slice(0, 160)) \
                    .concat(wide > 0 ? [`${wide} pixels more than the screen`] : [])";
    let built = "const count = (css) => document.querySelectorAll(css).length; \
                 const wrong = []; \
                 if (document.documentElement.lang !== 'en') wrong.push('no language'); \
                 if (!document.title) wrong.push('no title'); \
                 if (count('h1') !== 1) wrong.push(`${count('h1')} first headings`); \
                 if (count('main') !== 1) wrong.push(`${count('main')} mains`); \
                 if (count('[style], style, script:not([src])')) wrong.push('styles or scripts in the page'); \
                 const ids = [...document.querySelectorAll('[id]')].map((one) => one.id); \
                 for (const id of ids.filter((id, at) => ids.indexOf(id) !== at)) wrong.push(`#${id} twice`); \
                 const fields = document.querySelectorAll('input:not([type=hidden]), select, textarea'); \
                 return wrong.concat([...fields].filter((one) => !one.labels.length && !one.ariaLabel) \
                     .map((one) => `no label: ${one.outerHTML}`))";
    let found = [("too wide", over), ("built", built)].map(|(what, script)| {
        let found = browser.script(script, &[]).as_array().cloned().unwrap_or_default();
        found.into_iter().map(move |one| format!("{name}: {what}: {one}"))
    });
    found.into_iter().flatten().collect()
}
