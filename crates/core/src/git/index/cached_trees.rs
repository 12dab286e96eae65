//! The extension `TREE` of an index: which folders are, entry for entry, a tree that git has already.
//!
//! Each folder has its name up to a zero byte, how many entries it covers (-1: it is no known tree), how many
//! folders it has, a line feed, and the tree's id if it is one. Its folders follow.

use std::collections::BTreeMap;

use super::IndexChange;

/// The extension's data with the folders of all changed paths marked as unknown; none where it does not read as it
/// should, and then it is best left out.
pub(super) fn without(data: &[u8], changes: &BTreeMap<String, IndexChange>) -> Option<Vec<u8>> {
    let paths: Vec<&[u8]> = changes.keys().map(String::as_bytes).collect();
    let mut next = Vec::with_capacity(data.len());
    let mut rest = data;
    folder(&mut rest, &mut next, &paths, 0)?;
    rest.is_empty().then_some(next)
}

/// Copies one folder and all below it. The paths are in order and count from `depth` bytes on.
fn folder(rest: &mut &[u8], next: &mut Vec<u8>, paths: &[&[u8]], depth: usize) -> Option<()> {
    const ID: usize = 20;
    let name = until(rest, 0)?;
    let count = until(rest, b' ')?;
    let folders = until(rest, b'\n')?;
    let id = if count == b"-1" { &[][..] } else { rest.split_off(..ID)? };
    next.extend(name);
    next.push(0);
    if paths.is_empty() {
        next.extend(count);
    } else {
        next.extend(b"-1");
    }
    next.push(b' ');
    next.extend(folders);
    next.push(b'\n');
    if paths.is_empty() {
        next.extend(id);
    }
    let folders: usize = std::str::from_utf8(folders).ok()?.parse().ok()?;
    for _ in 0..folders {
        let name = &rest[..memchr::memchr(0, rest)?];
        let inside = below(paths, depth, name);
        // A file with the name of a folder that was: what is known of it is of no use.
        if paths.iter().any(|path| &path[depth..] == name) {
            return None;
        }
        folder(rest, next, inside, depth + name.len() + 1)?;
    }
    Some(())
}

/// Of paths in order, those that lie in the folder of that name.
fn below<'p, 'a>(paths: &'p [&'a [u8]], depth: usize, name: &[u8]) -> &'p [&'a [u8]] {
    let prefix = [name, b"/"].concat();
    let from = paths.partition_point(|path| &path[depth..] < prefix.as_slice());
    let count = paths[from..].partition_point(|path| path[depth..].starts_with(&prefix));
    &paths[from..from + count]
}

/// Takes what stands before that byte, and the byte.
fn until<'a>(rest: &mut &'a [u8], byte: u8) -> Option<&'a [u8]> {
    let found = rest.split_off(..memchr::memchr(byte, rest)?)?;
    rest.split_off(..1)?;
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_folders_of_changed_paths_are_forgotten() {
        let (a, b, c) = ([b'A'; 20], [b'B'; 20], [b'C'; 20]);
        let tree = |root: &[u8], one: &[u8], two: &[u8]| [b"\0", root, b"one\0", one, b"two\0", two].concat();
        let known = |count: &str, id: [u8; 20]| [count.as_bytes(), &id].concat();
        let whole = tree(&known("3 2\n", a), &known("1 0\n", b), &known("2 0\n", c));
        let rows: [(&[&str], Option<Vec<u8>>); 5] = [
            (&[], Some(whole.clone())),
            (&["x"], Some(tree(b"-1 2\n", &known("1 0\n", b), &known("2 0\n", c)))),
            (&["two/x"], Some(tree(b"-1 2\n", &known("1 0\n", b), b"-1 0\n"))),
            (&["one/x", "two/y/z"], Some(tree(b"-1 2\n", b"-1 0\n", b"-1 0\n"))),
            (&["one"], None),
        ];
        for (paths, expected) in rows {
            let changes = paths.iter().map(|path| ((*path).to_owned(), IndexChange::Remove)).collect();
            assert_eq!(without(&whole, &changes), expected, "{paths:?}");
        }
        assert_eq!(without(&whole[..whole.len() - 1], &BTreeMap::new()), None);
    }
}
