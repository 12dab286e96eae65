//! Where the files of the merged tree stand: two that want one path, files where folders are, versions set aside.

use std::collections::{BTreeMap, BTreeSet};

use super::super::Note;
use super::join::{Joined, Piece};
use super::{Content, Desk, MergedFiles, Side};

/// Who wants to stand where, and then where everything stands.
pub(super) struct Places<'p, 'd, E> {
    desk: &'p Desk<'p, E>,
    a: &'p Side<'d>,
    b: &'p Side<'d>,
    claims: BTreeMap<&'d str, Vec<Joined>>,
    standing: BTreeMap<String, Piece>,
    /// What had to leave its path, with that path.
    displaced: BTreeSet<(String, Vec<u8>, u32)>,
    /// What is kept in `conflicts/`, with the path that it is a version of.
    aside: BTreeSet<(String, Vec<u8>)>,
    notes: BTreeSet<(String, Note)>,
}

impl<'p, 'd, E> Places<'p, 'd, E> {
    pub fn new(desk: &'p Desk<'p, E>, a: &'p Side<'d>, b: &'p Side<'d>) -> Self {
        Places {
            desk,
            a,
            b,
            claims: BTreeMap::new(),
            standing: BTreeMap::new(),
            displaced: BTreeSet::new(),
            aside: BTreeSet::new(),
            notes: BTreeSet::new(),
        }
    }

    /// Something wants to stand at that path.
    pub fn claim(&mut self, path: &'d str, joined: Joined) {
        self.claims.entry(path).or_default().push(joined);
    }

    /// Gives everything its place.
    pub fn settle(mut self) -> Result<MergedFiles, E> {
        for (path, claims) in std::mem::take(&mut self.claims) {
            self.settle_path(path, claims)?;
        }
        for (path, bytes, mode) in std::mem::take(&mut self.displaced) {
            self.place_beside(&path, bytes, mode)?;
        }
        self.clear_for_folders()?;
        for (path, bytes) in std::mem::take(&mut self.aside) {
            self.place_aside(&path, bytes)?;
        }
        let touched = self.a.keys().chain(self.b.keys()).map(|path| ((*path).to_owned(), None));
        let mut files: BTreeMap<String, Option<Content>> = touched.collect();
        files.extend(self.standing.into_iter().map(|(path, piece)| (path, Some(piece.into()))));
        Ok(MergedFiles { files, notes: self.notes.into_iter().collect() })
    }

    /// Of several that want one path, those that are one contact become one, and one of the others stands.
    fn settle_path(&mut self, path: &str, claims: Vec<Joined>) -> Result<(), E> {
        let mut sorted = Vec::new();
        for claim in claims {
            self.notes.extend(claim.notes.into_iter().map(|note| (path.to_owned(), note)));
            self.aside.extend(claim.aside.into_iter().map(|bytes| (path.to_owned(), bytes)));
            sorted.push(claim.piece);
        }
        if sorted.len() > 1 {
            self.sort(&mut sorted)?;
        }
        let mut sorted = sorted.into_iter();
        let Some(mut first) = sorted.next() else { return Ok(()) };
        for piece in sorted {
            if self.may_join(path, &first, &piece)? {
                let joined = self.desk.join(path, None, &first, &piece)?;
                self.notes.extend(joined.notes.into_iter().map(|note| (path.to_owned(), note)));
                self.aside.extend(joined.aside.into_iter().map(|bytes| (path.to_owned(), bytes)));
                first = joined.piece;
            } else {
                let bytes = self.desk.bytes(&piece)?;
                self.displaced.insert((path.to_owned(), bytes, piece.file.mode));
            }
        }
        self.standing.insert(path.to_owned(), first);
        Ok(())
    }

    /// The one whose bytes sort last comes first.
    fn sort(&self, pieces: &mut Vec<Piece>) -> Result<(), E> {
        let mut keyed = Vec::new();
        for piece in pieces.drain(..) {
            let bytes = if piece.file.is_plain() { self.desk.bytes(&piece)? } else { Vec::new() };
            keyed.push((bytes, piece));
        }
        keyed.sort_by(|one, two| (&two.0, two.1.file).cmp(&(&one.0, one.1.file)));
        pieces.extend(keyed.into_iter().map(|(_, piece)| piece));
        Ok(())
    }

    /// Links are joined as wholes, one content with itself; texts where they are of one contact.
    fn may_join(&self, path: &str, one: &Piece, two: &Piece) -> Result<bool, E> {
        if !one.file.is_plain() || !two.file.is_plain() || one.file.id == two.file.id {
            return Ok(true);
        }
        Ok(self.desk.are_one(path, &self.desk.bytes(one)?, &self.desk.bytes(two)?))
    }

    /// Puts what had to leave `path` next to it: `jane-2.md`. Where it stands there already, that is enough.
    fn place_beside(&mut self, path: &str, bytes: Vec<u8>, mode: u32) -> Result<(), E> {
        let mut piece = Piece::from(bytes);
        piece.file.mode = mode;
        let (start, ending) = split_ending(path);
        let number = |path: &str| {
            path.strip_prefix(start)?.strip_prefix('-')?.strip_suffix(ending)?.parse::<usize>().ok()
        };
        let stands = self.standing.range(start.to_owned()..).take_while(|(path, _)| path.starts_with(start));
        let mut same =
            stands.filter(|(path, other)| other.file.id == piece.file.id && number(path).is_some());
        let there = same.next().map(|(path, _)| path.clone());
        let place = match there {
            Some(place) => place,
            None => {
                let place = self.first_free((2..).map(|n| format!("{start}-{n}{ending}")))?;
                self.standing.insert(place.clone(), piece);
                place
            }
        };
        let why = format!("both sides added it; the other one is \"{place}\"");
        self.notes.insert((path.to_owned(), Note::Apart { why }));
        Ok(())
    }

    /// The first path where nothing is, nor was in the base.
    fn first_free(&self, paths: impl Iterator<Item = String>) -> Result<String, E> {
        let mut last = String::new();
        for path in paths {
            last = path;
            if self.is_free(&last)? {
                break;
            }
        }
        Ok(last)
    }

    fn is_free(&self, path: &str) -> Result<bool, E> {
        let touched = [self.a.get(path), self.b.get(path)];
        if self.standing.contains_key(path)
            || touched.iter().flatten().any(|delta| delta.before.is_some())
            || self.has_below(path)
        {
            return Ok(false);
        }
        Ok(touched.iter().any(Option::is_some) || !(self.desk.source.is_taken)(path)?)
    }

    /// A path that is a folder holds files.
    fn has_below(&self, path: &str) -> bool {
        let folder = format!("{path}/");
        self.standing.range(folder.clone()..).next().is_some_and(|(path, _)| path.starts_with(&folder))
    }

    /// Where one side has a file and the other a folder of that name, the file goes to `conflicts/`.
    fn clear_for_folders(&mut self) -> Result<(), E> {
        let in_the_way: BTreeSet<String> = self
            .standing
            .keys()
            .flat_map(|path| path.match_indices('/').map(|(at, _)| &path[..at]))
            .filter(|folder| self.standing.contains_key(*folder))
            .map(str::to_owned)
            .collect();
        for path in in_the_way {
            let Some(piece) = self.standing.remove(&path) else { continue };
            if piece.file.is_plain() {
                self.aside.insert((path.clone(), self.desk.bytes(&piece)?));
            }
            let why = "it is a file on one side and a folder on the other".to_owned();
            self.notes.insert((path, Note::Apart { why }));
        }
        Ok(())
    }

    /// Keeps a whole version as `conflicts/ID-HASH.md`. The hash tells by itself whether it is there already; only
    /// where somebody changed it there is another name looked for.
    fn place_aside(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), E> {
        const SHORT: usize = 8;
        let piece = Piece::from(bytes);
        let hash = piece.file.id.hex();
        let (start, ending) = split_ending(path);
        let stem = start.rsplit('/').next().unwrap_or(start);
        let shelf = self.shelf()?;
        let named = |hash: &str| format!("{shelf}/{stem}-{hash}{ending}");
        let names = [named(&hash[..SHORT]), named(&hash)];
        let is_there =
            |path: &String| self.standing.get(path).is_some_and(|other| other.file.id == piece.file.id);
        if !names.iter().any(is_there) {
            let more = (2..).map(|n| format!("{shelf}/{stem}-{hash}-{n}{ending}"));
            let place = self.first_free(names.into_iter().chain(more))?;
            self.standing.insert(place, piece);
        }
        Ok(())
    }

    /// The folder for versions set aside: `conflicts`, unless somebody has a file of that name.
    fn shelf(&self) -> Result<String, E> {
        let prefix = self.desk.source.prefix;
        let is_file = |path: &str| -> Result<bool, E> {
            let is_touched = self.a.contains_key(path) || self.b.contains_key(path);
            Ok(self.standing.contains_key(path) || (!is_touched && (self.desk.source.is_taken)(path)?))
        };
        let mut shelf = format!("{prefix}conflicts");
        let mut number = 2;
        while is_file(&shelf)? {
            shelf = format!("{prefix}conflicts-{number}");
            number += 1;
        }
        Ok(shelf)
    }
}

impl From<Piece> for Content {
    fn from(Piece { file, made }: Piece) -> Content {
        match made {
            Some(bytes) => Content::New { bytes, mode: file.mode },
            None => Content::Known(file),
        }
    }
}

/// The path up to its ending, and the ending with its dot: `a/jane` and `.md`.
fn split_ending(path: &str) -> (&str, &str) {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    match path[name..].rfind('.') {
        Some(at) if at > 0 => path.split_at(name + at),
        _ => (path, ""),
    }
}
