//! Two versions of one file to one: its content by the rules of its kind, its mode, and links as wholes.

use std::collections::BTreeSet;

use sha1::{Digest, Sha1};

use super::super::{Kind, Note};
use super::{BlobId, Desk, File, PLAIN, PROGRAM};
use crate::contact::Contact;
use crate::file;

/// A file of the merged tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    /// Its content's name and its mode.
    pub file: File,
    /// Its bytes, where no side has them.
    pub made: Option<Vec<u8>>,
}

/// What came of joining two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Joined {
    /// What stands.
    pub piece: Piece,
    /// Whole versions that are to be kept beside it.
    pub aside: Vec<Vec<u8>>,
    /// What somebody should look at.
    pub notes: Vec<Note>,
}

impl From<File> for Piece {
    fn from(file: File) -> Piece {
        Piece { file, made: None }
    }
}

impl From<Vec<u8>> for Piece {
    fn from(bytes: Vec<u8>) -> Piece {
        Piece { file: File { id: BlobId::of(&bytes), mode: PLAIN }, made: Some(bytes) }
    }
}

impl From<Piece> for Joined {
    fn from(piece: Piece) -> Joined {
        Joined { piece, aside: Vec::new(), notes: Vec::new() }
    }
}

impl BlobId {
    /// The name that git gives these bytes.
    pub fn of(bytes: &[u8]) -> BlobId {
        let mut hash = Sha1::new();
        hash.update(format!("blob {}\0", bytes.len()));
        hash.update(bytes);
        BlobId(hash.finalize().into())
    }

    /// In hexadecimal, 40 digits.
    pub fn hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl<E> Desk<'_, E> {
    /// The bytes of a plain file.
    pub fn bytes(&self, piece: &Piece) -> Result<Vec<u8>, E> {
        match &piece.made {
            Some(bytes) => Ok(bytes.clone()),
            None => (self.source.read)(piece.file.id),
        }
    }

    /// The file at `path` of which both sides have a version. Symmetric in `a` and `b`.
    pub fn join(&self, path: &str, base: Option<File>, a: &Piece, b: &Piece) -> Result<Joined, E> {
        if base == Some(a.file) {
            return Ok(b.clone().into());
        }
        if a.file == b.file || base == Some(b.file) {
            return Ok(a.clone().into());
        }
        if !a.file.is_plain() || !b.file.is_plain() {
            return self.as_wholes(a, b);
        }
        let base = base.filter(|base| base.is_plain());
        let mode = three_way(base.map(|base| base.mode), a.file.mode, b.file.mode).unwrap_or(PROGRAM);
        let mut joined = match three_way(base.map(|base| base.id), a.file.id, b.file.id) {
            Some(id) if id == a.file.id => Joined::from(a.clone()),
            Some(_) => Joined::from(b.clone()),
            None => self.contents(path, base, a, b)?,
        };
        joined.piece.file.mode = mode;
        Ok(joined)
    }

    /// Links and the like cannot be joined: the greater stands, and of a plain file the text is kept.
    fn as_wholes(&self, a: &Piece, b: &Piece) -> Result<Joined, E> {
        let (kept, other) = if a.file > b.file { (a, b) } else { (b, a) };
        let aside = if other.file.is_plain() { vec![self.bytes(other)?] } else { Vec::new() };
        let why = "it is no plain file on one side".to_owned();
        Ok(Joined { piece: kept.clone(), aside, notes: vec![Note::Apart { why }] })
    }

    fn contents(&self, path: &str, base: Option<File>, a: &Piece, b: &Piece) -> Result<Joined, E> {
        let base = base.map(|base| (self.source.read)(base.id)).transpose()?;
        let (one, two) = (self.bytes(a)?, self.bytes(b)?);
        let merged = (self.join)(self.kind(path), base.as_deref(), &one, &two, &self.settings);
        let piece = if merged.content == one {
            a.clone()
        } else if merged.content == two {
            b.clone()
        } else {
            merged.content.into()
        };
        Ok(Joined { piece, aside: merged.aside, notes: merged.notes })
    }

    /// Whether two texts that both sides added at `path` are to be one file.
    pub fn are_one(&self, path: &str, one: &[u8], two: &[u8]) -> bool {
        if self.kind(path) != Kind::Contact {
            return true;
        }
        match (self.contact(path, one), self.contact(path, two)) {
            (Some(one), Some(two)) => is_same_person(&one, &two),
            _ => false,
        }
    }

    /// What the bytes of a contact's file say; none where they are no text.
    pub fn contact(&self, path: &str, bytes: &[u8]) -> Option<Contact> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.strip_suffix(".md").unwrap_or(name);
        Some(file::parse(file::decode(bytes).ok()?, stem, &self.settings).contact)
    }
}

/// The same `uid`, an address in common, or the same name.
fn is_same_person(one: &Contact, two: &Contact) -> bool {
    let has_same_uid = one.head.uid.is_some() && one.head.uid == two.head.uid;
    let addresses = |contact: &Contact| -> BTreeSet<String> {
        contact.head.email.iter().map(|email| email.trim().to_lowercase()).collect()
    };
    has_same_uid
        || !addresses(one).is_disjoint(&addresses(two))
        || one.name.trim().to_lowercase() == two.name.trim().to_lowercase()
}

/// What is left of two values and the one they came from; none where both changed it differently.
fn three_way<T: PartialEq + Copy>(base: Option<T>, a: T, b: T) -> Option<T> {
    match () {
        () if a == b || base == Some(b) => Some(a),
        () if base == Some(a) => Some(b),
        () => None,
    }
}
