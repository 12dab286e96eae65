//! Two people at one contact at the same moment: nobody's work is lost.

use tickler_tests::Browser;
use tickler_tests::browser::{office, visit};

use crate::axe::check;
use crate::push::{cloned, on_branch, push};

const EDIT: &str = "/main/contacts/amara-okafor/edit";
const FORM: &str = "main form[action$=\"/edit\"]";
const SAVE: &str = "main form[action$=\"/edit\"] button[type=submit]";

#[test]
fn two_edits_of_one_contact_both_stay() {
    let serving = office("pages-both");
    let sam = visit(&serving, "both-sam", "sam", EDIT);
    let pat = visit(&serving, "both-pat", "pat", EDIT);
    change(&sam, "stage = \"proposal\"", "stage = \"won\"");
    change(&pat, "Answers in one line", "Pat met her at the fair. Answers in one line");
    sam.leave("Sam's save", || sam.click(SAVE));
    assert!(on_branch(&serving, "amara-okafor").contains("stage = \"won\""));
    pat.leave("Pat's save", || pat.click(SAVE));
    let text = on_branch(&serving, "amara-okafor");
    assert!(text.contains("stage = \"won\"") && text.contains("Pat met her at the fair"), "{text}");
    // Pat is told that somebody else's change is in there too.
    assert!(pat.text().contains("changed this meanwhile"), "{}", pat.text());
    check(&pat, "after two versions were joined");
    let author = serving.git("data/notebooks/main.git", "log -1 --format=%an main");
    assert_eq!(author.trim(), "pat");
}

#[test]
fn two_edits_of_one_line_are_both_shown() {
    let serving = office("pages-one-line");
    let sam = visit(&serving, "one-line-sam", "sam", EDIT);
    let pat = visit(&serving, "one-line-pat", "pat", EDIT);
    let line = "hot_button = \"the east wing opens on time\"";
    change(&sam, line, "hot_button = \"quiet by April\"");
    change(&pat, line, "hot_button = \"no dust in June\"");
    sam.leave("Sam's save", || sam.click(SAVE));
    pat.leave("Pat's save", || pat.click(SAVE));
    let complaints = pat.complaints();
    assert!(complaints.iter().all(|one| one.contains("409")), "{complaints:?}");
    // Before anything is final, both are there to be seen.
    let seen = format!("{}\n{}", pat.text(), text_box(&pat));
    for words in ["quiet by April", "no dust in June"] {
        assert!(seen.contains(words), "{words:?} in\n{seen}");
    }
    assert!(pat.text().to_lowercase().contains("sam"), "who it was: {}", pat.text());
    check(&pat, "a conflict");
    if pat.has(FORM) {
        pat.leave("Pat's second save", || pat.click(SAVE));
    }
    let text = on_branch(&serving, "amara-okafor");
    for words in ["quiet by April", "no dust in June"] {
        assert!(text.contains(words), "{words:?} in\n{text}");
    }
    // Whoever looks at the contact next is told that there is something to settle.
    sam.goto("/main/contacts/amara-okafor");
    let shown = sam.text();
    assert!(shown.contains("quiet by April") && shown.contains("no dust in June"), "{shown}");
}

#[test]
fn an_edit_meets_a_push() {
    let serving = office("pages-edit-push");
    cloned(&serving, "pat");
    let sam = visit(&serving, "edit-push", "sam", EDIT);
    change(
        &sam,
        "needs = [\"screens\", \"door panels\"]",
        "needs = [\"screens\", \"door panels\", \"walls\"]",
    );
    let text = on_branch(&serving, "amara-okafor").replace("Head of Projects", "Head of Everything");
    push(&serving, "pat", &[("contacts/amara-okafor.md", &text)], "she was promoted");
    // The page with typed text is not taken away from under the fingers.
    std::thread::sleep(std::time::Duration::from_millis(700));
    assert!(text_box(&sam).contains("\"walls\""));
    sam.leave("the save", || sam.click(SAVE));
    let text = on_branch(&serving, "amara-okafor");
    assert!(text.contains("Head of Everything") && text.contains("\"walls\""), "{text}");
    assert!(!text.contains('\r'), "a browser's line ends are not the file's");
}

#[test]
fn an_edit_that_would_break_the_file_is_not_saved_and_not_lost() {
    let serving = office("pages-broken");
    let sam = visit(&serving, "broken", "sam", EDIT);
    let before = serving.tip("main");
    change(&sam, "value = 18500", "value = = 18500");
    sam.leave("the save", || sam.click(SAVE));
    assert_eq!(serving.tip("main"), before);
    assert!(text_box(&sam).contains("value = = 18500"), "what was typed is still there");
    let said = sam.text().to_lowercase();
    let line =
        on_branch(&serving, "amara-okafor").lines().position(|line| line.starts_with("value")).unwrap() + 1;
    assert!(
        said.contains(&format!("line {line}")) || said.contains(&format!("{line}:")),
        "line {line} in\n{said}"
    );
    let complaints = sam.complaints();
    assert!(complaints.iter().all(|one| one.contains("422") || one.contains("409")), "{complaints:?}");
    check(&sam, "the edit page with a mistake in the text");
    change(&sam, "value = = 18500", "value = 19000");
    sam.leave("the save", || sam.click(SAVE));
    assert!(on_branch(&serving, "amara-okafor").contains("value = 19000"));
}

/// Replaces a piece of the text in the box, as if it had been typed.
#[track_caller]
fn change(browser: &Browser, from: &str, to: &str) {
    let script = "const box = document.querySelector(arguments[0] + ' textarea[name=text]'); \
                  if (!box.value.includes(arguments[1])) return false; \
                  box.focus(); box.value = box.value.replace(arguments[1], arguments[2]); \
                  box.dispatchEvent(new Event('input', { bubbles: true })); return true";
    let done = browser.script(script, &[FORM.into(), from.into(), to.into()]);
    assert_eq!(done, true, "{from:?} in {}", text_box(browser));
}

/// What the box holds.
fn text_box(browser: &Browser) -> String {
    let text = "const box = document.querySelector('main textarea[name=text]'); return box ? box.value : ''";
    browser.script(text, &[]).as_str().unwrap().to_owned()
}
