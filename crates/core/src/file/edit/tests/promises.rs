//! `add_promises` and `tick`.

use super::*;
use crate::contact::Promiser;
use crate::file::parse;
use crate::problem::Position;

fn promise(text: &str) -> NewPromise {
    NewPromise { kept: false, who: Promiser::Them, text: text.to_owned(), by: None }
}

#[test]
fn promises_go_after_what_the_entry_holds() {
    for (old, expected) in [
        ("- 2026-11-10 email", "- 2026-11-10 email\n  - [ ] them: N"),
        (
            "- 2026-11-10 email: a\n  b\n- 2026-11-09 email\n",
            "- 2026-11-10 email: a\n  b\n  - [ ] them: N\n- 2026-11-09 email\n",
        ),
        (
            "- 2026-11-10 email\n    * [x] a\n- 2026-11-09 email\n",
            "- 2026-11-10 email\n    * [x] a\n    * [ ] them: N\n- 2026-11-09 email\n",
        ),
        (
            "- 2026-11-10 email\n  - [ ] a\n    - b\n",
            "- 2026-11-10 email\n  - [ ] a\n    - b\n  - [ ] them: N\n",
        ),
        ("*\t2026-11-10 email\r\n", "*\t2026-11-10 email\r\n    * [ ] them: N\r\n"),
        (
            "- 2026-11-10 email\n\n  More.\n\n- 2026-11-09 email\n",
            "- 2026-11-10 email\n\n  More.\n  - [ ] them: N\n\n- 2026-11-09 email\n",
        ),
        (
            "- 2026-11-10 email\n  - [ ] a\n\n  - [ ] b\n",
            "- 2026-11-10 email\n  - [ ] a\n\n  - [ ] b\n\n  - [ ] them: N\n",
        ),
        ("- 2026-11-10 email\n\n  ```\n  open\n", "- 2026-11-10 email\n  - [ ] them: N\n\n  ```\n  open\n"),
        ("- 2026-11-10 email\n\n  <div>\n  x\n", "- 2026-11-10 email\n\n  <div>\n  x\n\n  - [ ] them: N\n"),
    ] {
        let (old, expected) = (format!("## Log\n{old}"), format!("## Log\n{expected}"));
        let contact = parse(&old, "x", &settings()).contact;
        let at = contact.log.last().unwrap().at;
        assert_eq!(add_promises(&old, at, &[promise("N")], &settings()).unwrap(), expected, "{old:?}");
    }
}

#[test]
fn promises_that_would_not_read_back_are_refused() {
    let old = "## Log\n- 2026-11-10 email\n";
    let at = Position { line: 2, column: 3 };
    for text in ["", " \n", "call by 2026-12-01", "a\u{0}"] {
        let result = add_promises(old, at, &[promise(text)], &settings());
        assert!(matches!(result, Err(EditError::Unwritable(_))), "{text:?}");
    }
    let error = add_promises(old, Position { line: 1, column: 1 }, &[promise("x")], &settings()).unwrap_err();
    assert_eq!(error.to_string(), "no entry of the log stands on line 1");
}

#[test]
fn a_tick_is_one_byte() {
    for (old, kept, expected) in [
        ("- [ ] a\n", true, "- [x] a\n"),
        ("- [X] a\n", true, "- [X] a\n"),
        ("- [X] a\n", false, "- [ ] a\n"),
        ("\u{feff}> é\n> 1. [ ] a\r\n", true, "\u{feff}> é\n> 1. [x] a\r\n"),
        ("- [\t] a\n", true, "- [x] a\n"),
    ] {
        let at = parse(old, "x", &settings()).contact.promises[0].at;
        assert_eq!(tick(old, at, kept).unwrap(), expected, "{old:?}");
    }
    assert!(matches!(tick("- a\n", Position { line: 1, column: 3 }, true), Err(EditError::Missing(_))));
}
