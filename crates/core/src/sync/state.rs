//! What a sync leaves for the next: when the last good one was. It may be deleted at any time.

use std::fs;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::notebook::Notebook;

const FILE: &str = ".tickler/shared";

/// When everything was last shared; none where it never was, or where nobody knows any more.
pub fn last_good(notebook: &Notebook) -> Option<SystemTime> {
    fs::metadata(path(notebook)).and_then(|file| file.modified()).ok()
}

/// Notes that everything is shared now. A disk that does not take it costs no more than the note.
pub(super) fn note_good(notebook: &Notebook) {
    let _ = notebook.make_cache().and_then(|()| fs::write(path(notebook), b""));
}

fn path(notebook: &Notebook) -> PathBuf {
    notebook.root().join(FILE)
}
