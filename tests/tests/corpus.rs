//! What the fuzzers found worth keeping, replayed: no panic, and what must hold for any input holds.

#[path = "../fuzz/checks.rs"]
mod checks;

use std::fs;
use std::path::Path;

fn replay(folder: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(folder);
    let mut count = 0;
    for entry in fs::read_dir(folder).expect("the corpus is there").flatten() {
        // Shown where the test fails, so that one knows which file did it.
        println!("{}", entry.path().display());
        check(&fs::read(entry.path()).expect("a file of the corpus can be read"));
        count += 1;
    }
    assert!(count >= 10, "{count} files are no corpus");
}

#[test]
fn contact_files() {
    replay("read", checks::read);
}

#[test]
fn edits() {
    replay("read", checks::edit);
}

#[test]
fn queries() {
    replay("query", checks::query);
}
