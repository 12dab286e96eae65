//! Invariants 5 and 6: files of a readable length, and nothing in the tree that is half done or not the project's.

use super::tree::{self, TreeFile};

/// The most lines of code in one file.
const MOST_LINES: usize = 500;

#[test]
fn no_file_is_too_long_to_read() {
    let mut long = Vec::new();
    let mut seen = 0;
    for file in tree::files(&[""]) {
        let comment = match file.extension() {
            "rs" => "//",
            "py" | "sh" | "toml" => "#",
            _ => continue,
        };
        seen += 1;
        let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with(comment);
        let lines = file.text.lines().filter(is_code).count();
        if lines > MOST_LINES {
            long.push(format!("{}: {lines} lines of code", file.path));
        }
    }
    assert!(seen > 60, "did this test read the sources?");
    assert!(long.is_empty(), "more than {MOST_LINES}, so these want to be two:\n{}", long.join("\n"));
}

/// Asserts that none of `words` stands in any file of the tree, but in those of `exempt` and in lock files.
#[track_caller]
fn is_nowhere(words: &[String], exempt: &[&str], why: &str) {
    let mut found = Vec::new();
    for TreeFile { path, text } in tree::files(&[""]) {
        if path.ends_with("Cargo.lock") || exempt.contains(&path.as_str()) {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            found.extend(
                words.iter().filter(|w| line.contains(*w)).map(|w| format!("{path}:{}: {w}", number + 1)),
            );
        }
    }
    assert!(found.is_empty(), "{why}:\n{}", found.join("\n"));
}

/// Words in two halves, so that this file does not hold them.
fn joined(halves: &[(&str, &str)]) -> Vec<String> {
    halves.iter().map(|(a, b)| format!("{a}{b}")).collect()
}

#[test]
fn nothing_is_left_half_done() {
    let marks = [
        ("TO", "DO"),
        ("FIX", "ME"),
        ("XX", "X"),
        ("todo", "!("),
        ("unimplemented", "!("),
        ("dbg", "!("),
        ("#[ig", "nore"),
    ];
    // The corpus is of notes that people might write.
    is_nowhere(
        &joined(&marks),
        &["tests/bench/gen_corpus.py"],
        "finish it, or write down why it is as it is",
    );
}

#[test]
fn no_machine_no_secret_no_registry_is_named() {
    let strangers = [
        ("/wo", "rk/"),
        ("/ro", "ot/"),
        ("/Us", "ers/"),
        ("-----BE", "GIN "),
        ("PRIVATE", " KEY"),
        ("gh", "p_"),
        ("github_", "pat_"),
        ("AK", "IA"),
        ("xo", "xb-"),
        ("sk-", "ant-"),
        ("crates", ".io"),
        ("pypi", ".org"),
        ("npmjs", "."),
        ("deb.deb", "ian.org"),
        ("proxy.go", "lang"),
    ];
    is_nowhere(&joined(&strangers), &[], "this belongs to one machine, to nobody, or to somebody else");
}

#[test]
fn homes_are_those_of_the_examples() {
    let home = format!("/{}/", "home");
    for TreeFile { path, text } in tree::files(&[""]) {
        for rest in text.split(&home).skip(1) {
            let whose = rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            assert!(["pat", "sam"].contains(&whose), "{path} names the home of \"{whose}\"");
        }
    }
}
