//! The invariants of `docs/architecture.md` and the tests of this folder are the same.

use std::collections::BTreeSet;

use super::tree;

#[test]
fn every_invariant_names_its_test() {
    let page = tree::text("docs/architecture.md");
    let section = page.split("\n## ").find(|section| section.starts_with("Invariants"));
    let section = section.expect("the architecture has its invariants");
    let named: BTreeSet<&str> =
        section.split('`').skip(1).step_by(2).filter(|word| word.contains("::")).collect();
    let mut tests = BTreeSet::new();
    for file in tree::files(&["tests/tests/house"]) {
        let module =
            file.path.rsplit('/').next().and_then(|name| name.strip_suffix(".rs")).unwrap_or_default();
        for part in file.text.split("\n#[test]\nfn ").skip(1) {
            let name = part.split('(').next().unwrap_or_default();
            tests.insert(format!("{module}::{name}"));
        }
    }
    for name in &named {
        assert!(tests.contains(*name), "docs/architecture.md names the test `{name}`, and there is none");
    }
    let items = section.split("\n\n").flat_map(|block| block.lines());
    let items: Vec<&str> = items.filter(|line| line.starts_with(|c: char| c.is_ascii_digit())).collect();
    assert!(items.len() >= 9, "there are nine invariants or more: {items:?}");
    // These are tests of the tests.
    const OWN: [&str; 3] = [
        "architecture::every_invariant_names_its_test",
        "source::names_are_read_as_rust_means_them",
        "words::messages_are_found_where_they_stand",
    ];
    for test in tests.iter().filter(|test| !OWN.contains(&test.as_str())) {
        assert!(named.contains(test.as_str()), "no invariant of docs/architecture.md names `{test}`");
    }
}
