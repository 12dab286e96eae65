//! Three-way merge of two trees: renames, removals, two files of one path (`docs/merge.md`, Files).

mod join;
mod places;
mod renames;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::{Kind, Merged, Note};
use crate::file;
use crate::settings::Settings;
use join::{Joined, Piece};
use places::Places;
use renames::Renames;

/// The name of some bytes: git's id of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobId(pub [u8; 20]);

/// What a tree has at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct File {
    /// Its content.
    pub id: BlobId,
    /// Its mode as git writes it; only `0o100644` and `0o100755` are files whose content is merged.
    pub mode: u32,
}

impl File {
    /// A file whose content can be merged: no link, no submodule.
    fn is_plain(self) -> bool {
        matches!(self.mode, PLAIN | PROGRAM)
    }
}

/// The modes of files whose content is merged.
const PLAIN: u32 = 0o100644;
const PROGRAM: u32 = 0o100755;

/// What one side did to one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delta {
    /// From the work tree's root.
    pub path: String,
    /// In the base; none where there was nothing.
    pub before: Option<File>,
    /// On this side; none where it is gone. Never the same as before.
    pub after: Option<File>,
}

/// What a file is after the merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Bytes that one side has.
    Known(File),
    /// Bytes that only the merge made.
    New {
        /// The bytes.
        bytes: Vec<u8>,
        /// The mode.
        mode: u32,
    },
}

/// A merged tree, told by what differs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MergedFiles {
    /// Every path that either side touched, or that the merge made, with what it is now; none where it is gone.
    pub files: BTreeMap<String, Option<Content>>,
    /// What somebody should look at, by path.
    pub notes: Vec<(String, Note)>,
}

/// What the merge has to know of the trees.
pub struct Source<'a, E> {
    /// The bytes of that name. Asked for plain files only.
    pub read: &'a dyn Fn(BlobId) -> Result<Vec<u8>, E>,
    /// Whether there is a file, and not a folder, at a path that neither side touched.
    pub is_taken: &'a dyn Fn(&str) -> Result<bool, E>,
    /// The base's `tickler.toml`; none where it has none.
    pub settings: Option<&'a [u8]>,
    /// The notebook's folder from the work tree's root: empty, or with a `/` at its end.
    pub prefix: &'a str,
}

/// Merges what two sides did to one base. Symmetric in `a` and `b`.
///
/// # Errors
/// What `source` fails with.
pub fn merge<E>(source: &Source<'_, E>, a: &[Delta], b: &[Delta]) -> Result<MergedFiles, E> {
    merge_by(&super::merge, source, a, b)
}

/// Whether so many removals are too many to be meant: more than 20 contacts, and more than a tenth of all.
pub fn is_too_much(removed: usize, all: usize) -> bool {
    removed > 20 && removed.saturating_mul(10) > all
}

/// How two versions of one file become one.
type Join<'a> = &'a dyn Fn(Kind, Option<&[u8]>, &[u8], &[u8], &Settings) -> Merged;

/// What one side touched, by path.
type Side<'d> = BTreeMap<&'d str, &'d Delta>;

/// Where a side has a file of the base, and as what; none where it is gone.
type End<'d> = Option<(&'d str, File)>;

/// What all steps of one merge need.
struct Desk<'a, E> {
    source: &'a Source<'a, E>,
    join: Join<'a>,
    settings: Settings,
}

fn merge_by<E>(join: Join<'_>, source: &Source<'_, E>, a: &[Delta], b: &[Delta]) -> Result<MergedFiles, E> {
    let (a, b) = (side(a), side(b));
    let mut desk = Desk { source, join, settings: Settings::default() };
    desk.settings = desk.merged_settings(&a, &b)?;
    let (moved_a, moved_b) = renames::find(&desk, &a, &b)?;
    let mut places = Places::new(&desk, &a, &b);
    for (path, before) in bases(&a, &b) {
        let ends = (end(&a, &moved_a, path, before), end(&b, &moved_b, path, before));
        if let Some((place, joined)) = desk.follow(path, before, ends)? {
            places.claim(place, joined);
        }
    }
    let twins = desk.twins((&a, &moved_a), (&b, &moved_b));
    for (side, moved) in [(&a, &moved_a), (&b, &moved_b)] {
        for (path, file) in added(side).filter(|(path, _)| !moved.is_target(path)) {
            let place = twins.get(path).copied().unwrap_or(path);
            places.claim(place, Joined::from(Piece::from(file)));
        }
    }
    places.settle()
}

impl<E> Desk<'_, E> {
    /// Contacts that both sides added under one id, in different folders, and the one place for both: folders carry no
    /// meaning, and an id is to be one contact's.
    fn twins<'d>(
        &self,
        (a, moved_a): (&Side<'d>, &Renames<'d>),
        (b, moved_b): (&Side<'d>, &Renames<'d>),
    ) -> BTreeMap<&'d str, &'d str> {
        let by_name = |side: &Side<'d>, moved: &Renames<'d>| {
            let mut names: BTreeMap<String, Vec<&'d str>> = BTreeMap::new();
            for (path, file) in added(side).filter(|(path, _)| !moved.is_target(path)) {
                if file.is_plain() && self.kind(path) == Kind::Contact {
                    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
                    names.entry(name).or_default().push(path);
                }
            }
            names
        };
        let of_b = by_name(b, moved_b);
        let mut twins = BTreeMap::new();
        for (name, paths) in by_name(a, moved_a) {
            // Where a side has two itself, that is for its people to see.
            if let ([one], Some([other])) = (paths.as_slice(), of_b.get(&name).map(Vec::as_slice)) {
                let place = (*one).max(*other);
                twins.extend([(*one, place), (*other, place)]);
            }
        }
        twins
    }
}

fn side(deltas: &[Delta]) -> Side<'_> {
    deltas.iter().map(|delta| (delta.path.as_str(), delta)).collect()
}

/// The paths that the base had and a side touched.
fn bases<'d>(a: &Side<'d>, b: &Side<'d>) -> BTreeMap<&'d str, File> {
    a.values().chain(b.values()).filter_map(|delta| Some((delta.path.as_str(), delta.before?))).collect()
}

/// The paths that a side has and the base had not.
fn added<'s, 'd>(side: &'s Side<'d>) -> impl Iterator<Item = (&'d str, File)> + use<'s, 'd> {
    side.values()
        .filter(|delta| delta.before.is_none())
        .filter_map(|delta| Some((delta.path.as_str(), delta.after?)))
}

/// What a side did to what the base had at that path.
fn end<'d>(side: &Side<'d>, moved: &Renames<'d>, path: &'d str, before: File) -> End<'d> {
    let Some(delta) = side.get(path) else { return Some((path, before)) };
    delta.after.map(|file| (path, file)).or_else(|| {
        let new = moved.target(path)?;
        Some((new, side.get(new)?.after?))
    })
}

impl<E> Desk<'_, E> {
    /// What becomes of a file of the base, given where and as what each side has it; none where it is gone.
    fn follow<'d>(
        &self,
        path: &'d str,
        before: File,
        ends: (End<'d>, End<'d>),
    ) -> Result<Option<(&'d str, Joined)>, E> {
        let (a, b) = match ends {
            (None, None) => return Ok(None),
            (Some(left), None) | (None, Some(left)) => {
                // Gone on one side stands only where the other side did nothing to it.
                let (place, file) = left;
                return Ok((left != (path, before)).then(|| (place, Joined::from(Piece::from(file)))));
            }
            (Some(a), Some(b)) => (a, b),
        };
        let place = match (a.0 == path, b.0 == path) {
            (true, _) => b.0,
            (_, true) => a.0,
            _ => a.0.max(b.0),
        };
        self.join(place, Some(before), &a.1.into(), &b.1.into()).map(|joined| Some((place, joined)))
    }

    /// What a file is, wherever the notebook lies in the work tree.
    fn kind(&self, path: &str) -> Kind {
        match path.strip_prefix(self.source.prefix) {
            Some(path) => Kind::of(path),
            None if path.ends_with(".md") => Kind::Markdown,
            None => Kind::Other,
        }
    }

    /// The settings that hold after the merge, by which the contacts are merged.
    fn merged_settings(&self, a: &Side<'_>, b: &Side<'_>) -> Result<Settings, E> {
        let path = format!("{}tickler.toml", self.source.prefix);
        let text = match (a.get(path.as_str()), b.get(path.as_str())) {
            (None, None) => self.source.settings.map(<[u8]>::to_vec),
            (Some(delta), None) | (None, Some(delta)) => self.text_of(delta.after)?,
            (Some(a), Some(b)) => match (a.after, b.after) {
                (Some(one), Some(two)) => {
                    let piece = self.join(&path, a.before, &one.into(), &two.into())?.piece;
                    piece.file.is_plain().then(|| self.bytes(&piece)).transpose()?
                }
                (one, two) => self.text_of(one.or(two))?,
            },
        };
        let text = text.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
        Ok(file::parse_settings(&text).map(|(settings, _)| settings).unwrap_or_default())
    }

    fn text_of(&self, file: Option<File>) -> Result<Option<Vec<u8>>, E> {
        file.filter(|file| file.is_plain()).map(|file| (self.source.read)(file.id)).transpose()
    }
}
