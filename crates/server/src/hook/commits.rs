//! What no commit of a push may bring, whatever the commits behind it say: links, deceiving names, files too large.

use git2::{Oid, Repository};

use super::arrived::{Arrived, bytes, short};
use super::complaints::{Complaints, shown};
use super::difference::{Entry, Lost, Walk};
use super::tree_names::{danger, is_gits};
use crate::settings::Limits;

/// Checks each commit that no ref has yet.
///
/// # Errors
/// Where git cannot read them, or there is no end to it.
pub fn check(
    repository: &Repository,
    tip: Oid,
    (arrived, limits): (&Arrived, &Limits),
    walk: &mut Walk<'_>,
    complaints: &mut Complaints,
) -> Result<(), Lost> {
    let mut new = repository.revwalk()?;
    new.push(tip)?;
    new.hide_glob("refs/*")?;
    let new = new.take(limits.push_commits + 1).collect::<Result<Vec<Oid>, _>>()?;
    if new.len() > limits.push_commits {
        complaints.add(format!(
            "a push of more than {} commits; push them in parts, the oldest first",
            limits.push_commits
        ));
        return Ok(());
    }
    let large = Large { repository, arrived, limits };
    for id in new {
        let commit = repository.find_commit(id)?;
        let before = commit.parents().map(|parent| parent.tree_id()).collect::<Vec<_>>();
        walk.over(commit.tree_id(), &before, &mut |entry| {
            if let Some(wrong) = wrong(entry).map_or_else(|| large.wrong(entry), |wrong| Ok(Some(wrong)))? {
                complaints.add(format!("{}: {wrong} (commit {})", shown(&entry.path()), short(id)));
                complaints.advise(AGAIN);
            }
            Ok(())
        })?;
        if complaints.are_enough() {
            break;
        }
    }
    if complaints.is_empty() && arrived.largest() > limits.file_bytes {
        let (size, most) = (bytes(arrived.largest()), bytes(limits.file_bytes));
        complaints.add(format!("an object of {size} came along; a file may have {most}"));
    }
    Ok(())
}

/// A mended file in a further commit does not take it out of this one.
const AGAIN: &str = "to make the commits anew: git reset --soft origin/main, mend the files, git add and git commit, then push";

/// Why no commit may have such an entry.
///
/// A program's mode (`100755`) may come: some file systems give it to every file, and tickler runs none.
fn wrong(entry: &Entry<'_>) -> Option<String> {
    match entry.mode {
        0o100_644 | 0o100_755 | 0o040_000 => {}
        0o120_000 => return Some("a symbolic link; put the file itself there".to_owned()),
        0o160_000 => return Some("another repository (a submodule); put its files there".to_owned()),
        mode => return Some(format!("the mode {mode:o} is none that git gives today; commit the file anew")),
    }
    // Who has a file of such a name since long ago may go on with it, as long as it is none that git acts by.
    let danger = danger(entry.name).filter(|_| entry.is_new || is_gits(entry.name));
    danger.map(|fault| format!("{}; {}", fault.what, fault.hint))
}

/// Finds files that are too large.
struct Large<'l> {
    repository: &'l Repository,
    arrived: &'l Arrived,
    limits: &'l Limits,
}

impl Large<'_> {
    fn wrong(&self, entry: &Entry<'_>) -> Result<Option<String>, Lost> {
        if entry.is_folder() {
            return Ok(None);
        }
        let size = match self.arrived.size(entry.id) {
            Some(size) => size,
            // Moved here, perhaps from where larger ones may be.
            None => self.repository.odb()?.read_header(entry.id)?.0 as u64,
        };
        let is_material = entry.folder.starts_with(b"files/");
        let most = if is_material { self.limits.file_bytes } else { self.limits.text_bytes };
        if size <= most {
            return Ok(None);
        }
        let hint = match is_material || size > self.limits.file_bytes {
            true => "share it another way",
            false => "larger files go below files/",
        };
        Ok(Some(format!("{} is too much, a file may have {} there; {hint}", bytes(size), bytes(most))))
    }
}
