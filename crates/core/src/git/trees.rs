//! Entries of trees by path, quick where many paths of one folder are asked for.

use git2::{Oid, Repository, Tree, TreeEntry};

/// What a tree has at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// The id of the blob, the tree or the commit.
    pub id: Oid,
    /// Its mode, as git writes it: `0o100644` and so on.
    pub mode: i32,
}

impl Entry {
    /// Whether it is a regular file, executable or not.
    pub fn is_file(self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }
}

/// A tree, with the folder that was asked for last at hand.
pub(super) struct Folders<'r> {
    repository: &'r Repository,
    root: Option<Tree<'r>>,
    last: Option<(String, Option<Tree<'r>>)>,
}

impl<'r> Folders<'r> {
    /// Of that tree; without one there is nothing at any path.
    pub fn of(repository: &'r Repository, root: Option<Tree<'r>>) -> Folders<'r> {
        Folders { repository, root, last: None }
    }

    /// Of the commit that is checked out.
    pub fn of_head(repository: &'r Repository) -> Result<Folders<'r>, git2::Error> {
        let root = match head(repository)? {
            Some(commit) => Some(commit.tree()?),
            None => None,
        };
        Ok(Folders::of(repository, root))
    }

    /// What is at the path, which counts from the tree's root.
    pub fn entry(&mut self, path: &str) -> Result<Option<Entry>, git2::Error> {
        let Some(root) = &self.root else { return Ok(None) };
        let Some((folder, name)) = path.rsplit_once('/') else {
            return Ok(root.get_name(path).map(|entry| of(&entry)));
        };
        if self.last.as_ref().is_none_or(|(last, _)| last != folder) {
            let tree = match root.get_path(folder.as_ref()) {
                Ok(entry) if entry.kind() == Some(git2::ObjectType::Tree) => {
                    Some(self.repository.find_tree(entry.id())?)
                }
                Ok(_) => None,
                Err(error) if error.code() == git2::ErrorCode::NotFound => None,
                Err(error) => return Err(error),
            };
            self.last = Some((folder.to_owned(), tree));
        }
        let tree = self.last.as_ref().and_then(|(_, tree)| tree.as_ref());
        Ok(tree.and_then(|tree| tree.get_name(name)).map(|entry| of(&entry)))
    }
}

/// The commit that is checked out; none on a branch without one.
pub(super) fn head(repository: &Repository) -> Result<Option<git2::Commit<'_>>, git2::Error> {
    match repository.head() {
        Ok(head) => head.peel_to_commit().map(Some),
        Err(error) if error.code() == git2::ErrorCode::UnbornBranch => Ok(None),
        Err(error) => Err(error),
    }
}

fn of(entry: &TreeEntry<'_>) -> Entry {
    Entry { id: entry.id(), mode: entry.filemode_raw() }
}
