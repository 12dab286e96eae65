//! What differs between two trees. libgit2 opens every folder of both; folders that are the same need no look.

use git2::{ObjectType, Oid, Repository, Tree, TreeEntry};

use super::trees::Entry;

/// A path from the trees' root, and what each has there; a folder is told by the files in it.
pub(super) struct Difference {
    pub path: Vec<u8>,
    pub before: Option<Entry>,
    pub after: Option<Entry>,
}

/// The differences in the order of paths. No tree is as good as an empty one.
pub(super) fn between(
    repository: &Repository,
    before: Option<Oid>,
    after: Option<Oid>,
) -> Result<Vec<Difference>, git2::Error> {
    let mut found = Vec::new();
    let mut walk = Walk { repository, found: &mut found };
    walk.folder(b"", before, after)?;
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

struct Walk<'w> {
    repository: &'w Repository,
    found: &'w mut Vec<Difference>,
}

impl Walk<'_> {
    fn folder(&mut self, path: &[u8], before: Option<Oid>, after: Option<Oid>) -> Result<(), git2::Error> {
        if before == after {
            return Ok(());
        }
        let tree = |id: Option<Oid>| id.map(|id| self.repository.find_tree(id)).transpose();
        let (before, after) = (tree(before)?, tree(after)?);
        for entry in after.iter().flat_map(Tree::iter) {
            let old = before.as_ref().and_then(|tree| tree.get_name_bytes(entry.name_bytes()));
            self.entry(path, entry.name_bytes(), old.as_ref(), Some(&entry))?;
        }
        for entry in before.iter().flat_map(Tree::iter) {
            if after.as_ref().is_none_or(|tree| tree.get_name_bytes(entry.name_bytes()).is_none()) {
                self.entry(path, entry.name_bytes(), Some(&entry), None)?;
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        folder: &[u8],
        name: &[u8],
        before: Option<&TreeEntry<'_>>,
        after: Option<&TreeEntry<'_>>,
    ) -> Result<(), git2::Error> {
        let of = |entry: &TreeEntry<'_>| Entry { id: entry.id(), mode: entry.filemode_raw() };
        let (old, new) = (before.map(of), after.map(of));
        if old == new {
            return Ok(());
        }
        let path = [folder, name].concat();
        let is_tree = |entry: &&TreeEntry<'_>| entry.kind() == Some(ObjectType::Tree);
        let tree = |entry: Option<&TreeEntry<'_>>| entry.filter(is_tree).map(TreeEntry::id);
        if before.is_some_and(|entry| is_tree(&entry)) || after.is_some_and(|entry| is_tree(&entry)) {
            self.folder(&[&path[..], b"/"].concat(), tree(before), tree(after))?;
        }
        let file = |entry: Option<&TreeEntry<'_>>, told| entry.filter(|entry| !is_tree(entry)).and(told);
        let (before, after) = (file(before, old), file(after, new));
        if before.is_some() || after.is_some() {
            self.found.push(Difference { path, before, after });
        }
        Ok(())
    }
}
