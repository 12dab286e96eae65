//! The journal, `.tickler/journal`: what a deed is about to do, so that one that was killed half-way is finished by
//! the next and leaves nothing lying about.
//!
//! Before anything is in place the deed is dropped; from then on it is carried through: the new texts are all on disk
//! aside, and some may have been seen in place.

use std::borrow::Cow;
use std::fs;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::{Deserialize, Serialize, Serializer};

use super::super::index::cache_dir;
use super::place::{Step, exchange, holds, move_to_free};

const FILE: &str = "journal";

/// What a deed does, as far as it is known.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Journal<'a> {
    /// Every new text is whole and lies aside.
    ready: bool,
    /// Whether a commit belongs to it.
    pub commit: bool,
    /// What it is called.
    pub subject: String,
    /// The message of its commit.
    pub message: String,
    /// The commit that its files are of, which is there already, and the one that the branch is to leave for it.
    pub advance: Option<(Option<String>, String)>,
    steps: Vec<Entry<'a>>,
}

/// One step: the file from the notebook's root, the name of what lies aside, and the bytes.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Entry<'a> {
    file: Cow<'a, str>,
    aside: String,
    #[serde(serialize_with = "as_bytes")]
    before: Option<Cow<'a, [u8]>>,
    #[serde(serialize_with = "as_bytes")]
    after: Option<Cow<'a, [u8]>>,
}

/// In one piece: a large deed has many of them.
fn as_bytes<S: Serializer>(bytes: &Option<Cow<'_, [u8]>>, s: S) -> Result<S::Ok, S::Error> {
    struct Whole<'b>(&'b [u8]);
    impl Serialize for Whole<'_> {
        fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
            s.serialize_bytes(self.0)
        }
    }
    bytes.as_deref().map(Whole).serialize(s)
}

impl<'a> Journal<'a> {
    /// Of a deed of these steps, none of which is done.
    pub fn of(steps: &'a [Step], subject: &str, message: &str, commit: bool) -> Journal<'a> {
        let entry = |step: &'a Step| Entry {
            file: Cow::Borrowed(step.file),
            aside: step.aside.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            before: step.before.map(Cow::Borrowed),
            after: step.after.map(Cow::Borrowed),
        };
        Journal {
            ready: false,
            commit,
            subject: subject.to_owned(),
            message: message.to_owned(),
            advance: None,
            steps: steps.iter().map(entry).collect(),
        }
    }

    /// Writes it down: nothing is in place yet.
    pub fn begin(&self, root: &Path) -> io::Result<()> {
        self.write(root)
    }

    /// Writes down that every new text is whole: from here on the deed is carried through.
    pub fn commit_to(&mut self, root: &Path) -> io::Result<()> {
        self.ready = true;
        self.write(root)
    }

    /// Not flushed: it is there for a program that is killed. When the machine itself stops, every file is whole,
    /// and what had no commit yet is a change like one by hand.
    fn write(&self, root: &Path) -> io::Result<()> {
        let dir = cache_dir(root)?;
        let aside = dir.join("journal.tmp");
        let written = self.write_to(&aside).and_then(|()| fs::rename(&aside, dir.join(FILE)));
        if written.is_err() {
            // On a full disk even half a journal takes room.
            let _ = fs::remove_file(aside);
        }
        written
    }

    /// Piece by piece: of a large deed there is no room for another copy.
    fn write_to(&self, path: &Path) -> io::Result<()> {
        let mut sums = Sums {
            out: BufWriter::with_capacity(1 << 16, fs::File::create(path)?),
            crc: crc32fast::Hasher::new(),
            failed: None,
        };
        // What the disk said is lost on the way through the serializer.
        if let Err(error) = postcard::to_io(self, &mut sums) {
            return Err(sums.failed.unwrap_or_else(|| io::Error::other(error)));
        }
        sums.out.write_all(&sums.crc.finalize().to_le_bytes())?;
        sums.out.flush()
    }

    /// The journal that a deed left behind; nothing where none did, or where it cannot be read.
    pub fn left(root: &Path) -> Option<Journal<'static>> {
        let bytes = fs::read(root.join(super::super::index::CACHE_DIR).join(FILE)).ok()?;
        let (body, crc) = bytes.split_last_chunk::<4>()?;
        (crc32fast::hash(body) == u32::from_le_bytes(*crc)).then(|| postcard::from_bytes(body).ok())?
    }

    /// Forgets it.
    pub fn end(root: &Path) {
        let _ = fs::remove_file(root.join(super::super::index::CACHE_DIR).join(FILE));
    }

    /// How many files it changes.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Carries the deed through as far as nobody wrote to its files since, or clears it away where nothing was in
    /// place yet. Gives the files that now are as it meant them.
    pub fn finish(&self, root: &Path) -> Vec<(String, Option<Vec<u8>>)> {
        let mut done = Vec::new();
        for entry in &self.steps {
            let path = root.join(&*entry.file);
            let aside = path.with_file_name(&entry.aside);
            if self.ready && entry.carry_through(&path, &aside) {
                done.push((entry.file.to_string(), entry.after.as_deref().map(<[u8]>::to_vec)));
            }
            let _ = fs::remove_file(&aside);
            let _ = fs::remove_file(aside.with_extension("kept"));
        }
        done
    }
}

/// Counts a checksum of what goes through, and keeps what went wrong.
struct Sums<W> {
    out: W,
    crc: crc32fast::Hasher,
    failed: Option<io::Error>,
}

impl<W: Write> Sums<W> {
    fn kept<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|error| {
            let kind = error.kind();
            self.failed = Some(error);
            kind.into()
        })
    }
}

impl<W: Write> Write for Sums<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        let written = self.kept(written)?;
        self.crc.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.out.flush();
        self.kept(done)
    }
}

impl Entry<'_> {
    /// Whether the file is as the deed meant it, at the end.
    fn carry_through(&self, path: &Path, aside: &Path) -> bool {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => {
                if holds(path, after) {
                    let Ok(kept) = fs::read(aside) else { return true };
                    if kept == **before || kept == **after {
                        return true;
                    }
                    // Killed after the exchange, before it was seen that somebody had written to the file.
                    let _ = exchange(aside, path);
                    return false;
                }
                holds(path, before) && holds(aside, after) && exchange(aside, path).is_ok()
            }
            (None, Some(after)) => {
                holds(path, after) || holds(aside, after) && move_to_free(aside, path).is_ok()
            }
            (Some(before), None) => {
                if holds(path, before) {
                    return move_to_free(path, aside).is_ok();
                }
                if fs::symlink_metadata(path).is_ok() {
                    return false;
                }
                if fs::read(aside).is_ok_and(|kept| kept != **before) {
                    let _ = move_to_free(aside, path);
                    return false;
                }
                true
            }
            (None, None) => false,
        }
    }
}
