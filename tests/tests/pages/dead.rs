//! What somebody writes into a contact stays dead on every page: no script, no link that acts, no word to another host.

use serde_json::{Value, json};
use tickler_tests::Browser;
use tickler_tests::browser::{office, visit};

use crate::log::{SEND, fill};
use crate::push::{cloned, on_branch, push};

/// Marks of HTML and Markdown that would do something, were they alive. Each writes `pwned`.
const NOTES: &str = r##"
<script>window.pwned = 1</script>
<img src=x onerror="window.pwned = 2">
<svg onload="window.pwned = 3"><script>window.pwned = 4</script></svg>
<iframe srcdoc="<script>parent.pwned = 5</script>"></iframe>
<details open ontoggle="window.pwned = 6"><summary>x</summary></details>
<style>body { background: url(https://elsewhere.example/style) }</style>
<p style="background: url(https://elsewhere.example/inline)">styled</p>
<base href="https://elsewhere.example/"><link rel="stylesheet" href="https://elsewhere.example/link.css">
<meta http-equiv="refresh" content="0; url=https://elsewhere.example/refresh">
<form action="https://elsewhere.example/"><input name="form"><button>Log it</button></form>
<object data="https://elsewhere.example/object"></object><embed src="https://elsewhere.example/embed">
<video src="https://elsewhere.example/video" autoplay onloadstart="window.pwned = 7"></video>
<a href="javascript:window.pwned = 8" id="main">html link</a>

![a picture](https://elsewhere.example/picture.png) ![x](javascript:window.pwned=9)
[one](javascript:window.pwned=10) [two](JaVaScRiPt:window.pwned=11) [three](java&#115;cript:window.pwned=12)
[four](&#x6A;avascript:window.pwned=13) [five](data:text/html,<script>parent.pwned=14</script>)
[six](vbscript:window.pwned=15) [seven](<java
script:window.pwned=16>) [eight](//elsewhere.example/eight) [nine](file:///etc/passwd)
[ten](%6Aavascript:window.pwned=17) [eleven](&Tab;javascript:window.pwned=18) [twelve][ref]
<javascript:window.pwned=19> <https://elsewhere.example/auto> [[javascript:window.pwned=20]] [[../../login]]
[thirteen](https://elsewhere.example/"onmouseover="window.pwned=21)
[fine](https://fine.example/) [mail](mailto:x@fine.example) [call](tel:+15550100)

[ref]: javascript:window.pwned=22 "a title"

# A heading <script>window.pwned = 23</script>

| a <img src=x onerror=window.pwned=24> | b |
| --- | --- |
| <script>window.pwned=25</script> | `<script>window.pwned=26</script>` |
"##;

/// For where one line of text has to do.
const LINE: &str =
    "</title></textarea></option>'><script>window.pwned = 30</script><img src=x onerror=window.pwned=31>";

#[test]
fn nothing_that_was_written_acts() {
    let serving = office("pages-dead");
    cloned(&serving, "pat");
    let quoted = LINE.replace('\\', "\\\\").replace('"', "\\\"");
    let text = format!(
        "+++\nname = \"Nasty {quoted}\"\ncompany = \"{quoted}\"\nrole = \"{quoted}\"\n\
         email = [\"javascript:window.pwned=40\"]\nphone = [\"javascript:window.pwned=41\"]\n\
         web = \"javascript:window.pwned=42\"\ntags = [\"x\\\" onclick=\\\"window.pwned=43\"]\nowner = \"sam\"\n\
         hot_button = \"{quoted}\"\nsource = \"{quoted}\"\nneeds = [\"{quoted}\"]\n\
         [next]\non = 2026-12-03\nvia = \"phone\"\nwhy = \"{quoted}\"\n+++\n{NOTES}\n\n## Log\n\n\
         - 2026-11-30 phone @sam: {LINE} [log](javascript:window.pwned=44) ![log](https://elsewhere.example/log.png)\n  \
           - [ ] me: {LINE} [promise](javascript:window.pwned=45)\n"
    );
    push(&serving, "pat", &[("contacts/nasty.md", &text)], LINE);
    let browser = visit(&serving, "dead", "sam", "/main/");
    let contact = "/main/contacts/nasty";
    let pages = [
        contact.to_owned(),
        format!("{contact}/edit"),
        format!("{contact}/history"),
        "/main/".to_owned(),
        "/main/?all".to_owned(),
        "/main/contacts".to_owned(),
        format!("/main/contacts?q={}", "%3C%2Ftitle%3E%3Cscript%3Ewindow.pwned%3D50%3C%2Fscript%3E%22%27%3A"),
        "/main/contacts?q=stge:%22%3E%3Cimg%20src%3Dx%20onerror%3Dwindow.pwned%3D51%3E&sort=%22%3E%3Cscript%3E".to_owned(),
        "/main/pipeline".to_owned(),
        "/main/team".to_owned(),
        "/main/report".to_owned(),
        "/main/problems".to_owned(),
    ];
    for path in &pages {
        browser.goto(path);
        is_dead(&browser, path);
        let complaints = browser.complaints();
        assert!(complaints.iter().all(|one| one.contains("q=")), "{path}: {complaints:?}");
    }

    // The notes are there, as what they are: text.
    browser.goto(contact);
    let shown = browser.text();
    assert!(shown.contains("window.pwned = 1"), "{shown}");
    let fine = "return ['https://fine.example/', 'mailto:x@fine.example', 'tel:+15550100'] \
                .map((to) => document.querySelector(`main a[href='${to}']`)) \
                .map((one) => one && (one.protocol !== 'https:' || /noopener/.test(one.rel)))";
    assert_eq!(browser.script(fine, &[]), json!([true, true, true]), "what is fine is a link");
    assert_eq!(browser.path(), contact, "nothing led elsewhere");

    // Nor what comes back from a form that was sent.
    let before = on_branch(&serving, "nasty").matches(LINE).count();
    fill(&browser, &[("channel", "phone"), ("text", LINE), ("next", LINE)]);
    browser.leave("the log form", || browser.click(SEND));
    is_dead(&browser, "the form with a mistake");
    browser.field("main form[action$=\"/log\"]", "next").fill("");
    browser.leave("the log form", || browser.click(SEND));
    is_dead(&browser, "the contact after a touch");
    browser.complaints();
    let text = on_branch(&serving, "nasty");
    assert_eq!(text.matches(LINE).count(), before + 1, "{text}");
}

/// Nothing of the page runs, loads or leads to where it should not.
#[track_caller]
fn is_dead(browser: &Browser, what: &str) {
    assert_eq!(browser.script("return window.pwned === undefined", &[]), true, "{what}: a script ran");
    let alive = "return [...document.querySelectorAll('*')].filter((one) => \
        one.matches('iframe, object, embed, video, audio, base, style, link:not(head link), meta:not(head meta), \
                     script:not([src^=\"/assets/\"])') \
        || [...one.attributes].some((it) => /^on|^style$|^srcdoc$|^xlink/.test(it.name)) \
        || one.matches('img') && new URL(one.src, location).host !== location.host \
        || one.matches('form') && new URL(one.getAttribute('action') || '', location).host !== location.host \
        || one.matches('a[href], area') && !['http:', 'https:', 'mailto:', 'tel:', 'sms:'].includes(one.protocol) \
        || one.matches('a[href]') && one.getAttribute('href').startsWith('//')) \
        .map((one) => one.outerHTML.slice(0, 200))";
    let alive = browser.script(alive, &[]);
    assert_eq!(alive, Value::Array(Vec::new()), "{what}");
    assert_eq!(
        browser.script("return document.querySelectorAll('#main').length", &[]),
        1,
        "{what}: an id is ours alone"
    );
}
