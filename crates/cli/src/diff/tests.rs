//! Differences as they are shown, and as `patch` would understand them.

use proptest::prelude::*;

use super::*;

fn plain(before: Option<&str>, after: Option<&str>) -> String {
    difference(Changed { file: "contacts/a.md", from: None, before, after }, Paint::default())
}

fn painted_as(paint: Paint) -> String {
    let changed = Changed { file: "a.md", from: None, before: Some("a\nb\n"), after: Some("a\nc") };
    difference(changed, paint)
}

#[test]
fn differences_are_shown_as_git_shows_them() {
    for (before, after, shown) in [
        (Some("a\n"), Some("a\n"), ""),
        (None, None, ""),
        (Some("a\nb\nc\n"), Some("a\nB\nc\n"), "--- F\n+++ F\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"),
        (Some("a\n"), Some("b\n"), "--- F\n+++ F\n@@ -1 +1 @@\n-a\n+b\n"),
        (None, Some("a\nb\n"), "--- /dev/null\n+++ F\n@@ -0,0 +1,2 @@\n+a\n+b\n"),
        (Some("a\n"), None, "--- F\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n"),
        (None, Some(""), "--- /dev/null\n+++ F\n"),
        (Some(""), None, "--- F\n+++ /dev/null\n"),
        (Some(""), Some("a\n"), "--- F\n+++ F\n@@ -0,0 +1 @@\n+a\n"),
        (
            Some("1\n2\n3\n4\n5\n6\n7\n8\n9\n"),
            Some("1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"),
            "--- F\n+++ F\n@@ -7,3 +7,4 @@\n 7\n 8\n 9\n+10\n",
        ),
        (
            Some("1\n2\n3\n4\n5\n6\n7\n8\n9\n"),
            Some("2\n3\n4\n5\n6\n7\n8\nx\n"),
            "--- F\n+++ F\n@@ -1,4 +1,3 @@\n-1\n 2\n 3\n 4\n@@ -6,4 +5,4 @@\n 6\n 7\n 8\n-9\n+x\n",
        ),
        // The last line's end.
        (
            Some("a\nb"),
            Some("a\nb\n"),
            "--- F\n+++ F\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n",
        ),
        (
            Some("a\nb"),
            Some("x\nb"),
            "--- F\n+++ F\n@@ -1,2 +1,2 @@\n-a\n+x\n b\n\\ No newline at end of file\n",
        ),
        // Line ends of Windows are no news, unless they are what changes.
        (Some("a\r\nb\r\n"), Some("a\r\nc\r\n"), "--- F\n+++ F\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n"),
        (Some("a\r\nb\r\n"), Some("a\r\nb\n"), "--- F\n+++ F\n@@ -1,2 +1,2 @@\n a\n-b^M\n+b\n"),
        (
            Some("a\r\nb\r\n"),
            Some("a\r\nb\r\nc"),
            "--- F\n+++ F\n@@ -1,2 +1,3 @@\n a\n b\n+c\n\\ No newline at end of file\n",
        ),
        // What a terminal would obey.
        (
            Some("\u{1b}[31m\tred\u{7f}\n"),
            Some("\u{202e}x\u{9b}1m\r\u{0}\n"),
            "--- F\n+++ F\n@@ -1 +1 @@\n-^[[31m\tred^?\n+<U+202E>x<U+009B>1m^M^@\n",
        ),
        (Some("佐藤\n"), Some("é 👩‍🔧\n"), "--- F\n+++ F\n@@ -1 +1 @@\n-佐藤\n+é 👩‍🔧\n"),
    ] {
        assert_eq!(plain(before, after), shown.replace('F', "contacts/a.md"), "{before:?} {after:?}");
    }
}

#[test]
fn a_new_name_is_said() {
    let moved = Changed {
        file: "contacts/b.md",
        from: Some("contacts/a\u{7}.md"),
        before: Some("x\n"),
        after: Some("x\n"),
    };
    let named = "rename from contacts/a^G.md\nrename to contacts/b.md\n";
    assert_eq!(difference(moved, Paint::default()), named);
    let edited = Changed { after: Some("y\n"), ..moved };
    assert_eq!(
        difference(edited, Paint::default()),
        format!("{named}--- contacts/a^G.md\n+++ contacts/b.md\n@@ -1 +1 @@\n-x\n+y\n")
    );
}

#[test]
fn colours_end_with_their_line() {
    let painted = painted_as(Paint { on: true });
    assert_eq!(anstream::adapter::strip_str(&painted).to_string(), painted_as(Paint::default()));
    let lines: Vec<&str> = painted.lines().collect();
    assert_eq!(lines[4], "\u{1b}[31m-b\u{1b}[0m");
    assert_eq!(lines[5], "\u{1b}[32m+c\u{1b}[0m");
    assert_eq!(lines[3], " a");
}

fn many(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("contacts/c{n:05}.md")).collect()
}

#[test]
fn many_files_are_a_line_each() {
    let names = many(10_000);
    let changes: Vec<Changed<'_>> = names
        .iter()
        .map(|file| Changed { file, from: None, before: Some("a\nb\n"), after: Some("a\nc\nd\n") })
        .collect();
    assert_eq!(
        summary(&changes, 2, true, None, Paint::default()),
        "10,000 files would change; the first 2:
  contacts/c00000.md  +2 -1
  contacts/c00001.md  +2 -1
  … and 9,998 more
20,000 lines added, 10,000 lines removed\n"
    );
    assert_eq!(
        summary(&changes[..1], 20, false, None, Paint::default()),
        "1 file changed:\n  contacts/c00000.md  +2 -1\n"
    );
    assert_eq!(summary(&[], 20, true, None, Paint::default()), "0 files would change\n");
    assert!(
        summary(&changes, 1, true, None, Paint::default())
            .starts_with("10,000 files would change; the first:\n")
    );
    let said = summary(&changes, 0, true, None, Paint::default());
    assert_eq!(said, "10,000 files would change\n20,000 lines added, 10,000 lines removed\n");
}

#[test]
fn a_summary_says_what_becomes_of_files_and_fits() {
    let long = "x".repeat(100);
    let hundred = "a\n".repeat(1200);
    let changes = [
        Changed { file: "a.md", from: None, before: None, after: Some(&hundred) },
        Changed { file: "b.md", from: None, before: Some("a\n"), after: None },
        Changed { file: "d.md", from: Some("c.md"), before: Some("a\n"), after: Some("a\n") },
        Changed { file: &long, from: None, before: Some("a\n"), after: Some("b\n") },
    ];
    let said = summary(&changes, 20, true, Some(40), Paint::default());
    assert_eq!(
        said,
        format!(
            "4 files would change:
  a.md, new                    +1,200 -0
  b.md, removed                    +0 -1
  d.md, was c.md                   +0 -0
  {}…      +1 -1
1,201 lines added, 2 lines removed\n",
            "x".repeat(26)
        )
    );
    assert!(said.lines().all(|line| width(line) <= 40), "{said}");
}

/// What a unified difference makes of the old text.
fn applied(before: &str, diff: &str) -> String {
    let old: Vec<&str> = before.split_inclusive('\n').collect();
    let (mut at, mut out) = (0, String::new());
    for line in diff.lines().skip(2) {
        if let Some(place) = line.strip_prefix("@@ -") {
            let old_range = place.split(' ').next().unwrap();
            let (start, count) = old_range.split_once(',').unwrap_or((old_range, "1"));
            let start = start.parse::<usize>().unwrap() - usize::from(count != "0");
            out.extend(old[at..start].iter().copied());
            at = start;
        } else {
            match line.split_at(1) {
                ("+", text) => out.push_str(&format!("{text}\n")),
                (mark, text) => {
                    assert_eq!(old[at].trim_end_matches('\n'), text);
                    at += 1;
                    if mark == " " {
                        out.push_str(&format!("{text}\n"));
                    }
                }
            }
        }
    }
    out.extend(old[at..].iter().copied());
    out
}

proptest! {
    #[test]
    fn a_difference_leads_from_one_text_to_the_other(
        before in prop::collection::vec("[abc]", 0..30),
        after in prop::collection::vec("[abc]", 0..30),
    ) {
        let text = |lines: &[String]| lines.iter().map(|line| format!("{line}\n")).collect::<String>();
        let (before, after) = (text(&before), text(&after));
        let shown = plain(Some(&before), Some(&after));
        if before == after {
            prop_assert_eq!(shown, "");
        } else {
            prop_assert_eq!(applied(&before, &shown), after);
        }
    }

    #[test]
    fn nothing_shown_is_obeyed(before in "\\PC{0,20}|[\\x00-\\x1f\\x7f-\\x9fa]{0,40}", after in "[\\x00-\\x1f\\x7f-\\x9f\u{202e}b]{0,40}") {
        let shown = plain(Some(&before), Some(&after));
        prop_assert!(!shown.chars().any(|c| c != '\n' && c != '\t' && is_unsafe(c)));
    }
}
