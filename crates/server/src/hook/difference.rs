//! What a tree has that none of those before it had. What they share is not looked at.

use git2::{Oid, Repository, Tree};

/// The longest path that is followed, in bytes. Nobody could check out what lies deeper.
const DEEPEST: usize = 1_000;
/// The most entries of one push that are looked at. A few small trees can name each other into billions of files.
const MOST: usize = 1_000_000;

/// An entry of a tree that is in none of those before it, or is another thing there.
#[derive(Debug)]
pub struct Entry<'t> {
    /// Its folder's path: empty, or with a `/` at its end.
    pub folder: &'t [u8],
    /// Its name.
    pub name: &'t [u8],
    /// What it is.
    pub id: Oid,
    /// Its mode, as git writes it.
    pub mode: u32,
    /// There was nothing of that name before.
    pub is_new: bool,
    /// There was a file of that name before, and no folder.
    pub was_file: bool,
    /// The tree that it stands in.
    pub tree: &'t Tree<'t>,
}

impl Entry<'_> {
    /// Its path.
    pub fn path(&self) -> Vec<u8> {
        [self.folder, self.name].concat()
    }

    /// Whether it is a folder.
    pub fn is_folder(&self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }
}

/// Why a walk ended too soon.
#[derive(Debug, thiserror::Error)]
pub enum Lost {
    /// git cannot read what was pushed.
    #[error("git cannot read what was pushed: {}", .0.message())]
    Git(#[from] git2::Error),
    /// There is no end to it.
    #[error("the push has more than {MOST} files, or folders that are too deep")]
    Endless,
}

/// Goes over trees, as long as there is an end to it.
pub struct Walk<'r> {
    repository: &'r Repository,
    left: usize,
}

impl<'r> Walk<'r> {
    /// In that repository.
    pub fn new(repository: &'r Repository) -> Walk<'r> {
        Walk { repository, left: MOST }
    }

    /// Shows every entry of `tree` that is in none of `before`, folders before what is in them.
    ///
    /// # Errors
    /// Where a tree cannot be read, or there is no end to it.
    pub fn over(
        &mut self,
        tree: Oid,
        before: &[Oid],
        visit: &mut dyn FnMut(&Entry<'_>) -> Result<(), Lost>,
    ) -> Result<(), Lost> {
        if before.contains(&tree) {
            return Ok(());
        }
        let before = before.iter().map(|id| self.repository.find_tree(*id));
        let before = before.collect::<Result<Vec<_>, _>>()?;
        self.folder(b"", &self.repository.find_tree(tree)?, &before, visit)
    }

    fn folder(
        &mut self,
        folder: &[u8],
        tree: &Tree<'_>,
        before: &[Tree<'_>],
        visit: &mut dyn FnMut(&Entry<'_>) -> Result<(), Lost>,
    ) -> Result<(), Lost> {
        for entry in tree {
            let name = entry.name_bytes();
            let (id, mode) = (entry.id(), entry.filemode_raw());
            let at =
                |tree: &Tree<'_>| tree.get_name_bytes(name).map(|entry| (entry.id(), entry.filemode_raw()));
            // Nearly all entries end here.
            if before.iter().any(|tree| at(tree) == Some((id, mode))) {
                continue;
            }
            let was: Vec<_> = before.iter().map(at).collect();
            self.left = self.left.checked_sub(1).ok_or(Lost::Endless)?;
            let is_new = was.iter().all(Option::is_none);
            let was_file = was.iter().flatten().any(|(_, mode)| mode & 0o170_000 == 0o100_000);
            let entry = Entry { folder, name, id, mode: mode.cast_unsigned(), is_new, was_file, tree };
            visit(&entry)?;
            if !entry.is_folder() {
                continue;
            }
            let path = [folder, name, b"/"].concat();
            if path.len() > DEEPEST {
                return Err(Lost::Endless);
            }
            let trees = was.iter().flatten().filter(|(_, mode)| mode & 0o170_000 == 0o040_000);
            let trees = trees.map(|(id, _)| self.repository.find_tree(*id)).collect::<Result<Vec<_>, _>>()?;
            self.folder(&path, &self.repository.find_tree(id)?, &trees, visit)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    struct Made {
        repository: Repository,
        folder: PathBuf,
    }

    impl Made {
        fn new(name: &str) -> Made {
            let folder =
                std::env::temp_dir().join(format!("tickler-difference-{name}-{}", std::process::id()));
            Made { repository: Repository::init_bare(&folder).unwrap(), folder }
        }

        fn tree(&self, entries: &[(&str, Oid, i32)]) -> Oid {
            let mut builder = self.repository.treebuilder(None).unwrap();
            for (name, id, mode) in entries {
                builder.insert(*name, *id, *mode).unwrap();
            }
            builder.write().unwrap()
        }

        fn found(&self, tree: Oid, before: &[Oid]) -> Result<Vec<(String, bool)>, Lost> {
            let mut found = Vec::new();
            Walk::new(&self.repository).over(tree, before, &mut |entry| {
                found.push((String::from_utf8(entry.path()).unwrap(), entry.is_new));
                Ok(())
            })?;
            Ok(found)
        }
    }

    impl Drop for Made {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.folder);
        }
    }

    const FILE: i32 = 0o100_644;
    const FOLDER: i32 = 0o040_000;

    #[test]
    fn only_what_is_in_none_of_those_before() {
        let made = Made::new("none");
        let [one, two, three] =
            ["one", "two", "three"].map(|text| made.repository.blob(text.as_bytes()).unwrap());
        let inner = made.tree(&[("a", one, FILE), ("b", one, FILE)]);
        let before = made.tree(&[("c", inner, FOLDER), ("x", one, FILE)]);
        let other = made.tree(&[("x", three, FILE)]);
        let inner = made.tree(&[("a", two, FILE), ("b", one, FILE), ("d", one, FILE)]);
        let after = made.tree(&[("c", inner, FOLDER), ("x", three, FILE), ("y", one, FILE)]);
        let own = |words: &[(&str, bool)]| -> Vec<(String, bool)> {
            words.iter().map(|(path, is_new)| ((*path).to_owned(), *is_new)).collect()
        };
        let changed = [("c", false), ("c/a", false), ("c/d", true), ("x", false), ("y", true)];
        assert_eq!(made.found(after, &[before]).unwrap(), own(&changed));
        let changed = [("c", false), ("c/a", false), ("c/d", true), ("y", true)];
        assert_eq!(made.found(after, &[before, other]).unwrap(), own(&changed));
        assert_eq!(made.found(after, &[before, after]).unwrap(), []);
        assert_eq!(made.found(after, &[]).unwrap().len(), 6);
    }

    #[test]
    fn trees_that_name_each_other_come_to_an_end() {
        let made = Made::new("endless");
        let names: Vec<String> = (0..10).map(|number| format!("f{number}")).collect();
        let mut tree = made.tree(&[("x", made.repository.blob(b"x").unwrap(), FILE)]);
        for _ in 0..12 {
            let entries: Vec<(&str, Oid, i32)> =
                names.iter().map(|name| (name.as_str(), tree, FOLDER)).collect();
            tree = made.tree(&entries);
        }
        assert!(matches!(made.found(tree, &[]), Err(Lost::Endless)));
    }

    #[test]
    fn a_folder_without_a_floor_is_not_followed() {
        let made = Made::new("deep");
        let mut tree = made.tree(&[("x", made.repository.blob(b"x").unwrap(), FILE)]);
        for _ in 0..600 {
            tree = made.tree(&[("a", tree, FOLDER)]);
        }
        assert!(matches!(made.found(tree, &[]), Err(Lost::Endless)));
    }
}
