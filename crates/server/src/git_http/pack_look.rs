//! A look at a push while it passes by on its way to git: what is small to send and huge to unpack goes no further.
//!
//! git says how large an object is before it (gitformat-pack(5)), and a delta says how large its result is. Both are
//! believed only as far as they go: all is inflated here, in small bites, and thrown away. What git would not take for a
//! pack is for git to say, in its own words; it gets everything up to there and nothing behind it.

use flate2::{Decompress, FlushDecompress, Status};

use super::declined::{Declined, Listener};
use super::push_head::{PushHead, Taken};
use crate::hook::{COMMIT, TREE, bytes as words};
use crate::settings::Limits;

/// What a push may be larger than as it is sent, once it is unpacked. Text packs to a tenth.
const UNPACKED: u64 = 64;
/// The same for what comes of deltas: each commit brings the list of its folder, which differs in a line from the last.
const RESULTS: u64 = 256;
/// How much is inflated at once.
const BITE: usize = 32 << 10;
/// The most bytes of a delta's two sizes.
const SIZES: usize = 20;
/// Where the next seven bits of a size would no longer fit. No object has so many bytes, and git does not look.
const WIDEST: u32 = 53;

/// The bytes of a request to `receive-pack`, seen once, in order.
pub struct PackLook {
    bounds: Bounds,
    at: At,
    listener: Listener,
    /// How many objects are still to come.
    objects: u32,
    unpacked: u64,
    results: u64,
    inflate: Decompress,
    bite: Box<[u8]>,
}

/// The most of everything.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    file: u64,
    unpacked: u64,
    results: u64,
}

/// What is expected next.
enum At {
    /// What the push is to do.
    Head(PushHead),
    /// `PACK`, the version, and how many objects there are.
    Beginning([u8; 12], usize),
    /// The kind and the size of an object.
    Object { kind: Option<Kind>, size: u64, shift: u32 },
    /// How far before a delta lies what it is against.
    Offset { size: u64, count: usize },
    /// The id of what a delta is against; so many bytes of it are still to come.
    Id { size: u64, left: usize },
    /// An object.
    Content(Content),
    /// Nothing that matters.
    Behind,
    /// Nothing: git does not get it.
    Wrong,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Commit,
    Tree,
    Blob,
    Tag,
    OffsetDelta,
    IdDelta,
}

struct Content {
    size: u64,
    seen: u64,
    /// The first bytes of a delta, until they say how large its result is.
    sizes: Option<Vec<u8>>,
}

/// Why a push goes no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    Huge(Kind, u64),
    Sum(u64),
    Odd,
}

/// What some bytes came to.
enum Step {
    Took(usize),
    Wrong(usize),
}

impl PackLook {
    /// At the beginning of a request.
    pub fn new(limits: &Limits) -> PackLook {
        PackLook {
            bounds: Bounds {
                file: limits.file_bytes,
                unpacked: limits.push_bytes.saturating_mul(UNPACKED),
                results: limits.push_bytes.saturating_mul(RESULTS),
            },
            at: At::Head(PushHead::default()),
            listener: Listener::default(),
            objects: 0,
            unpacked: 0,
            results: 0,
            inflate: Decompress::new(true),
            bite: vec![0; BITE].into_boxed_slice(),
        }
    }

    /// Looks at the next bytes, which take at most a thousand times their number of bytes of work. Says how many of them
    /// are for git: all, unless it is no pack.
    ///
    /// # Errors
    /// Where none of them may go on, and nothing that follows.
    pub fn see(&mut self, bytes: &[u8]) -> Result<usize, Declined> {
        let mut seen = 0;
        while seen < bytes.len() {
            match self.step(&bytes[seen..]) {
                Ok(Step::Took(count)) => seen += count,
                Ok(Step::Wrong(count)) => {
                    self.at = At::Wrong;
                    return Ok(seen + count);
                }
                Err(fault) => {
                    self.at = At::Wrong;
                    return Err(fault.declined(&self.bounds, std::mem::take(&mut self.listener)));
                }
            }
        }
        Ok(seen)
    }

    fn step(&mut self, bytes: &[u8]) -> Result<Step, Fault> {
        let byte = bytes[0];
        match &mut self.at {
            At::Head(head) => match head.take(bytes) {
                Taken::All => return Ok(Step::Took(bytes.len())),
                Taken::Wrong(count) => return Ok(Step::Wrong(count)),
                Taken::End(count) => {
                    self.listener = head.listener();
                    self.at = At::Beginning([0; 12], 0);
                    return Ok(Step::Took(count));
                }
            },
            At::Beginning(begun, count) => {
                begun[*count] = byte;
                *count += 1;
                if *count == begun.len() {
                    let [b'P', b'A', b'C', b'K', 0, 0, 0, 2 | 3, objects @ ..] = *begun else {
                        return Ok(Step::Wrong(1));
                    };
                    self.objects = u32::from_be_bytes(objects);
                    self.at = self.next();
                }
            }
            At::Object { kind: kind @ None, size, shift } => {
                let Some(known) = Kind::of(byte) else { return Ok(Step::Wrong(1)) };
                (*kind, *size, *shift) = (Some(known), u64::from(byte & 15), 4);
                if byte & 0x80 == 0 {
                    self.begin(known, u64::from(byte & 15))?;
                }
            }
            At::Object { kind: Some(kind), size, shift } => {
                if *shift > WIDEST {
                    return Err(Fault::Odd);
                }
                *size |= u64::from(byte & 0x7f) << *shift;
                *shift += 7;
                let (kind, size) = (*kind, *size);
                if byte & 0x80 == 0 {
                    self.begin(kind, size)?;
                }
            }
            At::Offset { size, count } => {
                *count += 1;
                if *count > 10 {
                    return Err(Fault::Odd);
                }
                if byte & 0x80 == 0 {
                    self.at = content(*size, true);
                }
            }
            At::Id { size, left } => {
                *left -= 1;
                if *left == 0 {
                    self.at = content(*size, true);
                }
            }
            At::Content(_) => return self.content(bytes),
            At::Behind => return Ok(Step::Took(bytes.len())),
            At::Wrong => return Ok(Step::Wrong(0)),
        }
        Ok(Step::Took(1))
    }

    /// Behind the beginning of a pack, or an object.
    fn next(&mut self) -> At {
        match self.objects.checked_sub(1) {
            Some(objects) => {
                self.objects = objects;
                self.inflate.reset(true);
                At::Object { kind: None, size: 0, shift: 0 }
            }
            None => At::Behind,
        }
    }

    /// An object of that size begins.
    fn begin(&mut self, kind: Kind, size: u64) -> Result<(), Fault> {
        if size > self.bounds.most(kind) {
            return Err(Fault::Huge(kind, size));
        }
        self.unpacked = self.unpacked.saturating_add(size);
        if self.unpacked > self.bounds.unpacked {
            return Err(Fault::Sum(self.bounds.unpacked));
        }
        self.at = match kind {
            Kind::OffsetDelta => At::Offset { size, count: 0 },
            Kind::IdDelta => At::Id { size, left: 20 },
            _ => content(size, false),
        };
        Ok(())
    }

    /// Inflates, and looks at what little matters of it.
    fn content(&mut self, bytes: &[u8]) -> Result<Step, Fault> {
        let At::Content(content) = &mut self.at else { return Ok(Step::Wrong(0)) };
        let mut taken = 0;
        loop {
            let before = (self.inflate.total_in(), self.inflate.total_out());
            let status = self.inflate.decompress(&bytes[taken..], &mut self.bite, FlushDecompress::None);
            taken += usize::try_from(self.inflate.total_in() - before.0).unwrap_or_default();
            let made = usize::try_from(self.inflate.total_out() - before.1).unwrap_or_default();
            content.seen += made as u64;
            if content.seen > content.size {
                return Err(Fault::Odd);
            }
            if let Some(result) = content.result(&self.bite[..made])? {
                self.results = self.results.saturating_add(result);
                if result > self.bounds.most(Kind::OffsetDelta) {
                    return Err(Fault::Huge(Kind::OffsetDelta, result));
                }
                if self.results > self.bounds.results {
                    return Err(Fault::Sum(self.bounds.results));
                }
            }
            match status {
                Err(_) => return Ok(Step::Wrong(taken)),
                Ok(Status::StreamEnd) if content.seen < content.size => return Ok(Step::Wrong(taken)),
                Ok(Status::StreamEnd) if content.sizes.is_some() => return Err(Fault::Odd),
                Ok(Status::StreamEnd) => {
                    self.at = self.next();
                    return Ok(Step::Took(taken));
                }
                // There may be more of what was taken already.
                Ok(_) if made == self.bite.len() => {}
                Ok(_) if taken == bytes.len() => return Ok(Step::Took(taken)),
                Ok(_) if self.inflate.total_in() == before.0 && made == 0 => return Ok(Step::Wrong(taken)),
                Ok(_) => {}
            }
        }
    }
}

fn content(size: u64, is_delta: bool) -> At {
    At::Content(Content { size, seen: 0, sizes: is_delta.then(Vec::new) })
}

impl Content {
    /// The size of a delta's result, once, as soon as it is known.
    fn result(&mut self, made: &[u8]) -> Result<Option<u64>, Fault> {
        let Some(sizes) = &mut self.sizes else { return Ok(None) };
        let room = SIZES - sizes.len();
        sizes.extend_from_slice(&made[..made.len().min(room)]);
        let mut left = sizes.as_slice();
        let result = match varint(&mut left)? {
            Some(_) => varint(&mut left)?,
            None => None,
        };
        if result.is_some() {
            self.sizes = None;
        }
        Ok(result)
    }
}

/// A size of a delta, as soon as all of it is there.
fn varint(bytes: &mut &[u8]) -> Result<Option<u64>, Fault> {
    let (mut size, mut shift) = (0, 0);
    while let Some((byte, rest)) = bytes.split_first() {
        if shift > WIDEST {
            return Err(Fault::Odd);
        }
        size |= u64::from(byte & 0x7f) << shift;
        shift += 7;
        *bytes = rest;
        if byte & 0x80 == 0 {
            return Ok(Some(size));
        }
    }
    Ok(None)
}

impl Kind {
    fn of(byte: u8) -> Option<Kind> {
        Some(match byte >> 4 & 7 {
            1 => Kind::Commit,
            2 => Kind::Tree,
            3 => Kind::Blob,
            4 => Kind::Tag,
            6 => Kind::OffsetDelta,
            7 => Kind::IdDelta,
            _ => return None,
        })
    }
}

impl Bounds {
    /// The most bytes of an object. A delta does not say of what kind it is.
    fn most(&self, kind: Kind) -> u64 {
        let (commit, tree) = (COMMIT as u64, TREE as u64);
        match kind {
            Kind::Commit | Kind::Tag => commit,
            Kind::Tree => tree,
            Kind::Blob => self.file,
            Kind::OffsetDelta | Kind::IdDelta => self.file.max(tree),
        }
    }
}

impl Fault {
    /// What the client is told.
    fn declined(self, bounds: &Bounds, listener: Listener) -> Declined {
        const LARGE: &str = "push declined: too large";
        const WHICH: &str = "the largest files come last here: git ls-tree -r -l HEAD | sort -n -k 4";
        let (why, lines) = match self {
            Fault::Huge(Kind::Commit, size) => {
                (LARGE, format!("a commit of {}: that is too much for a message", words(size)))
            }
            Fault::Huge(Kind::Tag, _) => {
                (LARGE, "a notebook takes no tags; push the branch alone".to_owned())
            }
            Fault::Huge(Kind::Tree, size) => {
                let size = words(size);
                (LARGE, format!("a folder has too many files ({size} of names); make several of it"))
            }
            Fault::Huge(_, size) => {
                let (size, most) = (words(size), words(bounds.file));
                (LARGE, format!("a file of {size}: at most {most} can be shared\n{WHICH}"))
            }
            Fault::Sum(most) => {
                let most = words(most);
                (LARGE, format!("the push unpacks to more than {most}; push it in parts, the oldest first"))
            }
            Fault::Odd => {
                ("push declined: damaged", "the pack is none that git makes; push again".to_owned())
            }
        };
        Declined { why, lines, listener }
    }
}

#[cfg(test)]
mod tests;
