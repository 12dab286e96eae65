//! The entries of an index, and whether they are the last commit's, without a look at every tree of it.

use git2::{ObjectType, Oid, Repository};

use super::patch::{self, Kept};

/// An index as it is read.
pub(in crate::git) struct Listed<'a> {
    /// One state of each file, in the order of paths.
    pub entries: Vec<Kept<'a>>,
    /// What it knows of folders that are trees already.
    trees: Option<&'a [u8]>,
}

impl<'a> Listed<'a> {
    /// Reads it; none where it has anything out of the usual, such as a conflict or entries that are left out.
    pub fn read(index: &'a [u8]) -> Option<Listed<'a>> {
        let (entries, trees) = patch::entries(index)?;
        Some(Listed { entries, trees })
    }

    /// Whether these are the files of that tree, none more and none less.
    pub fn is_tree(&self, repository: &Repository, tree: Oid) -> bool {
        let mut data = self.trees.unwrap_or_default();
        let known = Known::read(&mut data);
        self.is_folder(repository, tree, known.as_ref(), 0, &self.entries).unwrap_or(false)
    }

    /// The same of one folder, whose path has so many bytes, with a slash at its end.
    fn is_folder(
        &self,
        repository: &Repository,
        tree: Oid,
        known: Option<&Known<'a>>,
        depth: usize,
        entries: &[Kept<'a>],
    ) -> Result<bool, git2::Error> {
        if let Some((id, count)) = known.and_then(|known| known.tree) {
            return Ok(id == tree && count == entries.len());
        }
        let tree = repository.find_tree(tree)?;
        let mut rest = entries;
        for entry in &tree {
            let name = entry.name_bytes();
            if entry.kind() == Some(ObjectType::Tree) {
                let is_inside = |kept: &Kept<'_>| {
                    kept.path[depth..].strip_prefix(name).is_some_and(|rest| rest.first() == Some(&b'/'))
                };
                let (inside, after) = rest.split_at(rest.iter().take_while(|kept| is_inside(kept)).count());
                let known = known.and_then(|known| known.folders.iter().find(|folder| folder.name == name));
                let depth = depth + name.len() + 1;
                if inside.is_empty() || !self.is_folder(repository, entry.id(), known, depth, inside)? {
                    return Ok(false);
                }
                rest = after;
                continue;
            }
            let Some((kept, after)) = rest.split_first() else { return Ok(false) };
            let is_same = &kept.path[depth..] == name
                && kept.id == entry.id()
                && kept.mode == entry.filemode_raw().cast_unsigned();
            if !is_same {
                return Ok(false);
            }
            rest = after;
        }
        Ok(rest.is_empty())
    }
}

/// A folder of the extension `TREE`.
struct Known<'a> {
    name: &'a [u8],
    /// The tree that it is, and how many entries it covers.
    tree: Option<(Oid, usize)>,
    folders: Vec<Known<'a>>,
}

impl<'a> Known<'a> {
    fn read(data: &mut &'a [u8]) -> Option<Known<'a>> {
        let name = until(data, 0)?;
        let count: i64 = number(until(data, b' ')?)?;
        let folders: usize = number(until(data, b'\n')?)?;
        let tree = match usize::try_from(count) {
            Ok(count) => Some((Oid::from_bytes(data.split_off(..20)?).ok()?, count)),
            Err(_) => None,
        };
        let folders = (0..folders).map(|_| Known::read(data)).collect::<Option<_>>()?;
        Some(Known { name, tree, folders })
    }
}

fn until<'a>(data: &mut &'a [u8], byte: u8) -> Option<&'a [u8]> {
    let found = data.split_off(..memchr::memchr(byte, data)?)?;
    data.split_off(..1)?;
    Some(found)
}

fn number<N: std::str::FromStr>(digits: &[u8]) -> Option<N> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
