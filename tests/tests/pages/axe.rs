//! No page keeps anybody out, as far as axe-core can tell.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};
use tickler_tests::browser::{PAGES, Theme, WIDTHS, office, visit};
use tickler_tests::{Browser, ran, workspace};

/// What is looked for: the guidelines for content on the web up to 2.2, levels A and AA, and good practice.
const TAGS: [&str; 5] = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];

#[test]
fn no_page_keeps_anybody_out_in_light() {
    every_page(Theme::Light);
}

#[test]
fn no_page_keeps_anybody_out_in_the_dark() {
    every_page(Theme::Dark);
}

fn every_page(theme: Theme) {
    let name = format!("axe-{}", theme.as_str());
    let serving = office(&format!("pages-{name}"));
    let browser = visit(&serving, &name, "sam", "/main/");
    // The same fault is often on many pages.
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for width in WIDTHS {
        browser.look(width, theme);
        for (name, path) in PAGES {
            browser.goto(path);
            let complaints = browser.complaints().into_iter();
            let wrong = complaints.filter(|one| name != "nothing" || !one.contains("404"));
            for fault in violations(&browser).into_iter().chain(wrong) {
                found.entry(fault).or_default().push(format!("{name} at {width}"));
            }
        }
    }
    let told = found.iter().map(|(fault, pages)| format!("\n{fault}\n    on {}", pages.join(", ")));
    assert!(found.is_empty(), "{} faults in {theme:?}:{}", found.len(), told.collect::<String>());
}

/// What is open right now keeps nobody out.
#[track_caller]
pub fn check(browser: &Browser, what: &str) {
    let found = violations(browser);
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

/// What axe finds wrong with the page, each with its places.
#[track_caller]
fn violations(browser: &Browser) -> Vec<String> {
    browser.script(source(), &[]);
    let options = json!({
        "runOnly": { "type": "tag", "values": TAGS },
        "rules": { "target-size": { "enabled": true } },
        "resultTypes": ["violations"],
    });
    let run = "const done = arguments[1]; \
               axe.run(document, arguments[0]).then((it) => done({ violations: it.violations, passes: it.passes.length }), \
                   (error) => done({ error: String(error) }))";
    let result = browser.later(run, &[options]);
    let Some(violations) = result["violations"].as_array() else { panic!("axe: {}", result["error"]) };
    assert!(result["passes"].as_u64() > Some(10), "axe looked at something");
    let told = |violation: &Value| {
        let nodes = violation["nodes"].as_array().cloned().unwrap_or_default();
        let places = nodes.iter().take(4).map(|node| {
            let summary = node["failureSummary"].as_str().unwrap_or_default();
            let summary = summary.lines().skip(1).map(str::trim).collect::<Vec<_>>().join("; ");
            format!("\n    {} {summary}", node["html"].as_str().unwrap_or_default())
        });
        let help = format!("{} ({})", violation["help"].as_str().unwrap_or_default(), violation["id"]);
        format!("{help}, {} times{}", nodes.len(), places.collect::<String>())
    };
    violations.iter().map(told).collect()
}

/// axe-core itself, as one script.
fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let mut install = Command::new(workspace().join("tests/clients/install"));
        install.arg("axe");
        let ran = ran(install);
        assert_eq!(ran.code, 0, "axe-core is needed here:\n{}{}", ran.out, ran.err);
        let file = PathBuf::from(ran.out.trim()).join("node_modules/axe-core/axe.min.js");
        fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    })
}
