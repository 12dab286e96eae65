//! The files of the project, as a fresh clone has them.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of the project.
pub struct TreeFile {
    /// Its path from the root, with `/`.
    pub path: String,
    /// Its bytes as text; what is no UTF-8 comes as replacement characters.
    pub text: String,
}

impl TreeFile {
    /// The ending of its name, without the dot.
    pub fn extension(&self) -> &str {
        Path::new(&self.path).extension().and_then(|e| e.to_str()).unwrap_or_default()
    }
}

/// The root of the workspace.
pub fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    root.canonicalize().expect("the workspace is there")
}

/// The text of one file, named by its path from the root.
#[track_caller]
pub fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every file below these folders (`""` is all of the project), by path. What is built or generated is left out.
pub fn files(below: &[&str]) -> Vec<TreeFile> {
    let mut found = Vec::new();
    for folder in below {
        add(&root(), folder, &mut found);
    }
    found.sort_by(|a: &TreeFile, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "there is nothing below {below:?}");
    found
}

fn add(root: &Path, folder: &str, found: &mut Vec<TreeFile>) {
    const NOT_OURS: [&str; 6] =
        [".git", ".tickler", "target", "tests/bench/data", "tests/fuzz/corpus", "tests/fuzz/artifacts"];
    let entries = fs::read_dir(root.join(folder)).unwrap_or_else(|error| panic!("{folder}: {error}"));
    for entry in entries.map(|entry| entry.expect("a folder can be read")) {
        let name = entry.file_name().into_string().expect("file names are UTF-8");
        let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
        if NOT_OURS.iter().any(|not| *not == path || *not == name) {
            continue;
        }
        if entry.file_type().expect("a file has a type").is_dir() {
            add(root, &path, found);
        } else if let Ok(bytes) = fs::read(entry.path()) {
            found.push(TreeFile { path, text: String::from_utf8_lossy(&bytes).into_owned() });
        }
    }
}
