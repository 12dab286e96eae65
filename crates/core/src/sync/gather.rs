//! What was changed in an editor becomes commits, one a contact, each told by what changed.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use super::told::{self, Edit};
use super::{Options, Stage, SyncError, Watch};
use crate::file;
use crate::git::{FileState, Git, NewCommit};
use crate::merge::files::is_too_much;
use crate::notebook::{CONTACTS_DIR, Notebook};

/// How long a file has to have held still, unless it is seen to be whole.
const SETTLE: Duration = Duration::from_secs(2);
/// How long files that do not hold still are waited for.
const PATIENCE: Duration = Duration::from_secs(6);
/// How long to wait before another look.
const PAUSE: Duration = Duration::from_millis(100);
/// From so many contacts on they become one commit: nobody reads a hundred.
const MANY: usize = 100;
/// How long the index's lock is waited for.
const LOCK: Duration = Duration::from_secs(3);

/// What became of hand edits.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// The subjects of the commits.
    pub subjects: Vec<String>,
    /// Files that are still being written.
    pub waiting: Vec<String>,
    /// Contacts that would be removed, where they are too many to be meant, and of how many.
    pub too_many: Option<(usize, usize)>,
}

/// Commits what was changed by hand. What is being written is waited for, while other ticklers may write.
pub(super) fn gather(
    notebook: &Notebook,
    git: &Git,
    options: Options,
    watch: &Watch<'_>,
) -> Result<Gathered, SyncError> {
    (watch.progress)(Stage::Looking, None);
    let began = Instant::now();
    let mut paths = None;
    loop {
        // What is looked at is what becomes a commit: no deed may come between.
        let hold = if options.dry_run { None } else { Some(notebook.hold()?) };
        git.sweep()?;
        let paths = match &paths {
            Some(paths) => paths,
            None => paths.insert(candidates(git)?),
        };
        (watch.point)("looked");
        let (edits, waiting) = look_at_all(notebook, git, paths)?;
        if waiting.is_empty() || options.dry_run || began.elapsed() > PATIENCE {
            let gathered = Gathered { waiting, ..Gathered::default() };
            return commit(notebook, git, options, watch, &edits, gathered);
        }
        drop(hold);
        (watch.progress)(Stage::Settling, None);
        thread::sleep(PAUSE);
    }
}

fn commit(
    notebook: &Notebook,
    git: &Git,
    options: Options,
    watch: &Watch<'_>,
    edits: &[Edit],
    mut gathered: Gathered,
) -> Result<Gathered, SyncError> {
    if edits.is_empty() {
        return Ok(gathered);
    }
    if !options.remove {
        gathered.too_many = too_many(git, edits)?;
        if gathered.too_many.is_some() {
            return Ok(gathered);
        }
    }
    (watch.progress)(Stage::Gathering, None);
    let groups = groups(notebook, edits);
    gathered.subjects = groups.iter().map(|(subject, _)| subject.clone()).collect();
    if options.dry_run {
        return Ok(gathered);
    }
    (watch.point)("gathering");
    let commits: Vec<NewCommit<'_>> = groups
        .iter()
        .map(|(subject, edits)| NewCommit {
            message: format!("{subject}\n"),
            files: edits
                .iter()
                .map(|edit| FileState { path: &edit.file, content: edit.after.as_deref() })
                .collect(),
        })
        .collect();
    let ready = git.ready(LOCK, &mut || {})?;
    if ready.is_by_program() {
        // The user's git makes one commit at a time.
        drop(ready);
        for commit in commits {
            git.ready(LOCK, &mut || {})?.commit(&[commit])?;
        }
    } else {
        ready.commit(&commits)?;
    }
    (watch.point)("gathered");
    Ok(gathered)
}

/// The notebook's files that may differ from the last commit.
fn candidates(git: &Git) -> Result<BTreeSet<String>, SyncError> {
    Ok(git.changed()?.into_iter().filter(|path| !is_passing(path)).collect())
}

/// Whether the name is one of those that editors give to files that do not stay.
fn is_passing(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    const ENDS: [&str; 7] = ["~", ".swp", ".swo", ".swx", ".tmp", ".part", ".crdownload"];
    const BEGINNINGS: [&str; 4] = [".#", "#", ".~lock", ".tickler-"];
    // An untracked repository within this one is told with a slash.
    name.is_empty()
        || name == "4913"
        || ENDS.iter().any(|end| name.ends_with(end))
        || BEGINNINGS.iter().any(|beginning| name.starts_with(beginning))
        || path.starts_with(".tickler/")
}

/// Reads the files. Gives the edits in the order of paths, and what does not hold still.
fn look_at_all(
    notebook: &Notebook,
    git: &Git,
    paths: &BTreeSet<String>,
) -> Result<(Vec<Edit>, Vec<String>), SyncError> {
    let mut edits: Vec<Edit> = Vec::new();
    let mut fresh: Vec<(&String, Option<Vec<u8>>)> = Vec::new();
    for path in paths {
        match look(notebook, git, path)? {
            Look::Same => {}
            Look::Ready(edit) => edits.push(edit),
            Look::Fresh(before) => fresh.push((path, before)),
        }
    }
    // A file that has only moved is whole in its new place.
    let new: HashSet<Vec<u8>> = match fresh.iter().any(|(_, before)| before.is_some()) {
        true => {
            edits.iter().filter(|edit| edit.before.is_none()).filter_map(|edit| edit.after.clone()).collect()
        }
        false => HashSet::new(),
    };
    let mut waiting = Vec::new();
    for (path, before) in fresh {
        match before {
            Some(before) if new.contains(&before) => {
                edits.push(Edit { file: path.clone(), before: Some(before), after: None });
            }
            _ => waiting.push(path.clone()),
        }
    }
    edits.sort_by(|a, b| a.file.cmp(&b.file));
    Ok((edits, waiting))
}

enum Look {
    /// As in the last commit.
    Same,
    Ready(Edit),
    /// Still being written; with what the last commit has, where the file is gone.
    Fresh(Option<Vec<u8>>),
}

fn look(notebook: &Notebook, git: &Git, path: &str) -> Result<Look, SyncError> {
    let place = notebook.root().join(path);
    let found = match fs::symlink_metadata(&place) {
        Ok(found) => found,
        Err(error) if is_gone(&error) => {
            let Some(before) = git.head_content(path)? else { return Ok(Look::Same) };
            let folder = place.parent().and_then(nearest);
            let is_settled = folder.and_then(|folder| folder.modified().ok()).is_none_or(is_old);
            return Ok(match is_settled {
                true => Look::Ready(Edit { file: path.to_owned(), before: Some(before), after: None }),
                false => Look::Fresh(Some(before)),
            });
        }
        Err(error) => return Err(super::disk(path, error)),
    };
    if !found.is_file() {
        return Ok(Look::Same);
    }
    let bytes = match fs::read(&place) {
        Ok(bytes) => bytes,
        Err(error) if is_gone(&error) => return Ok(Look::Fresh(None)),
        Err(error) => return Err(super::disk(path, error)),
    };
    if git.is_committed(path, &bytes)? == Some(true) {
        return Ok(Look::Same);
    }
    let before = git.head_content(path)?;
    let holds_still = fs::symlink_metadata(&place)
        .is_ok_and(|after| after.modified().ok() == found.modified().ok() && after.len() == found.len());
    let is_old = found.modified().is_ok_and(is_old);
    if holds_still && (is_old || is_whole(notebook, path, before.as_deref(), &bytes)) {
        return Ok(Look::Ready(Edit { file: path.to_owned(), before, after: Some(bytes) }));
    }
    Ok(Look::Fresh(None))
}

/// Whether a moment is so long ago, or so far ahead, that nobody is writing right now.
fn is_old(time: SystemTime) -> bool {
    SystemTime::now().duration_since(time).unwrap_or_else(|ahead| ahead.duration()) >= SETTLE
}

/// The folder, or the nearest above it that is there.
fn nearest(folder: &Path) -> Option<fs::Metadata> {
    folder.ancestors().find_map(|folder| fs::metadata(folder).ok())
}

fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

/// Whether a file that was written just now looks as if it were written to its end: not suddenly empty or cut, its
/// last line ended, and a contact that can be read. Then there is nothing to wait for: what may still be added is the
/// next change.
fn is_whole(notebook: &Notebook, path: &str, before: Option<&[u8]>, now: &[u8]) -> bool {
    let ends = |bytes: &[u8]| bytes.ends_with(b"\n");
    if now.is_empty() || now.len() * 10 < before.map_or(0, <[u8]>::len) {
        return false;
    }
    if !ends(now) && before.is_none_or(ends) {
        return false;
    }
    if !path.starts_with(CONTACTS_DIR) || !path.ends_with(".md") {
        return true;
    }
    let is_broken = |bytes: &[u8]| {
        std::str::from_utf8(bytes)
            .map_or(true, |text| file::parse(text, "x", notebook.settings()).contact.broken)
    };
    !is_broken(now) || before.is_some_and(is_broken)
}

/// How many contacts would go, and of how many, where that is too much to be meant.
fn too_many(git: &Git, edits: &[Edit]) -> Result<Option<(usize, usize)>, SyncError> {
    let is_contact = |edit: &&Edit| edit.file.starts_with("contacts/") && edit.file.ends_with(".md");
    let contacts = || edits.iter().filter(is_contact);
    let gone = contacts().filter(|edit| edit.after.is_none()).count();
    let new = contacts().filter(|edit| edit.before.is_none()).count();
    let removed = gone.saturating_sub(new);
    // Counting all takes a while, and is mostly of no use.
    if !is_too_much(removed, 0) {
        return Ok(None);
    }
    let all = match git.tip()? {
        Some(tip) => git.contacts_in(&git.tree_of(&tip)?)?,
        None => 0,
    };
    Ok(is_too_much(removed, all).then_some((removed, all)))
}

/// The edits of each commit, with its subject.
fn groups<'e>(notebook: &Notebook, edits: &'e [Edit]) -> Vec<(String, Vec<&'e Edit>)> {
    let moves = told::moves(notebook, edits);
    // A file that goes and the one that it became are one change.
    let count = edits.len() - moves.len();
    if count > MANY {
        return vec![(format!("{count} files changed by hand"), edits.iter().collect())];
    }
    let targets: HashSet<usize> = moves.values().copied().collect();
    let mut groups = Vec::new();
    for (at, edit) in edits.iter().enumerate().filter(|(at, _)| !targets.contains(at)) {
        groups.push(match moves.get(&at) {
            Some(to) => (told::moved(notebook, edit, &edits[*to]), vec![edit, &edits[*to]]),
            None => (told::subject(notebook, edit), vec![edit]),
        });
    }
    groups
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_do_not_stay() {
        for (path, passing) in [
            ("contacts/ann.md", false),
            ("contacts/ann.md~", true),
            ("contacts/.ann.md.swp", true),
            ("contacts/.#ann.md", true),
            ("contacts/#ann.md#", true),
            ("contacts/4913", true),
            ("files/.~lock.x.ods#", true),
            ("contacts/.tickler-1-2.tmp", true),
            (".tickler/index", true),
            ("files/4913.md", false),
            ("other/", true),
        ] {
            assert_eq!(is_passing(path), passing, "{path}");
        }
    }
}
