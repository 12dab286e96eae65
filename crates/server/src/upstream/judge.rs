//! What comes from an upstream was pushed past our checks, so it is looked at before it is taken.

use tickler_core::git::{GitError, Store};

use crate::hook;

/// How many complaints are told of.
const MOST: usize = 3;

/// Why a commit may not come in: something that it has and `tip` has not is no file that a notebook can have. None
/// where it may.
///
/// # Errors
/// What git says.
pub fn objection(store: &Store, tip: Option<&str>, commit: &str) -> Result<Option<String>, GitError> {
    let before = tip.map(|tip| store.tree_of(tip)).transpose()?;
    let deltas = match store.deltas(before.as_deref(), &store.tree_of(commit)?) {
        Ok(deltas) => deltas,
        Err(error @ GitError::Name(_)) => return Ok(Some(error.to_string())),
        Err(error) => return Err(error),
    };
    let complaints: Vec<String> = deltas
        .iter()
        .filter_map(|delta| delta.after.and_then(|file| complaint(&delta.path, file.mode)))
        .collect();
    if complaints.is_empty() {
        return Ok(None);
    }
    let more = complaints.len().saturating_sub(MOST);
    let told = complaints.into_iter().take(MOST).collect::<Vec<_>>().join("; ");
    Ok(Some(if more > 0 { format!("{told}; and {more} more") } else { told }))
}

/// What is wrong with a file of that path and mode, as far as its name and kind go: what no push may bring either.
fn complaint(path: &str, mode: u32) -> Option<String> {
    let shown = hook::shown(path.as_bytes());
    match mode {
        0o120_000 => return Some(format!("\"{shown}\" is a symbolic link")),
        0o160_000 => return Some(format!("\"{shown}\" is a submodule")),
        _ => {}
    }
    let is_no_name = |part: &str| part.is_empty() || matches!(part, "." | "..") || part.contains('\\');
    if path.split('/').any(is_no_name) {
        return Some(format!("\"{shown}\" is no name that a notebook can have"));
    }
    let fault = path.split('/').find_map(|part| hook::danger(part.as_bytes()))?;
    Some(format!("\"{shown}\": {}", fault.what))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_files_with_plain_names_come_in() {
        for (path, mode, is_good) in [
            ("contacts/jane.md", 0o100_644, true),
            (".gitignore", 0o100_644, true),
            ("files/a b.pdf", 0o100_755, true),
            ("contacts/x.md", 0o120_000, false),
            ("sub", 0o160_000, false),
            (".git/config", 0o100_644, false),
            ("a/.GIT", 0o100_644, false),
            ("a/.git. ", 0o100_644, false),
            (".gitattributes", 0o100_644, false),
            ("a/../b", 0o100_644, false),
            ("a\u{1b}[2J", 0o100_644, false),
        ] {
            let said = complaint(path, mode);
            assert_eq!(said.is_none(), is_good, "{path}: {said:?}");
            assert!(!said.unwrap_or_default().contains('\u{1b}'));
        }
    }
}
