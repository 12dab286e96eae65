//! The objects that came with a push: what each is and how large, before anything of it is read.

use std::collections::HashMap;
use std::path::Path;

use git2::{ObjectType, Odb, Oid};

use super::complaints::Complaints;

/// The most bytes of a commit. A long message has a hundredth of that.
pub const COMMIT: usize = 1 << 20;
/// The most bytes of a folder's list: some 300,000 files.
pub const TREE: usize = 16 << 20;

/// The sizes of the files that came.
#[derive(Debug, Default)]
pub struct Arrived {
    files: HashMap<Oid, u64>,
}

impl Arrived {
    /// Looks at all that lies in git's quarantine. The head of an object says its size, so that none is unpacked.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn look(quarantine: &Path, complaints: &mut Complaints) -> Result<Arrived, git2::Error> {
        let store = Odb::new()?;
        store.add_disk_alternate(&quarantine.to_string_lossy())?;
        let mut all = Vec::new();
        store.foreach(|id| {
            all.push(*id);
            true
        })?;
        let mut arrived = Arrived::default();
        for id in all {
            let (size, kind) = store.read_header(id)?;
            match kind {
                ObjectType::Blob => drop(arrived.files.insert(id, size as u64)),
                ObjectType::Commit if size <= COMMIT => {}
                ObjectType::Tree if size <= TREE => {}
                ObjectType::Commit => {
                    complaints.add(format!(
                        "commit {}: {} is too much for a message",
                        short(id),
                        bytes(size as u64)
                    ));
                }
                ObjectType::Tree => complaints.add(format!(
                    "a folder has too many files ({} of names); make several of it",
                    bytes(size as u64)
                )),
                _ => complaints
                    .add(format!("tag {}: a notebook takes no tags; push the branch alone", short(id))),
            }
        }
        Ok(arrived)
    }

    /// The size of a file in bytes, where it came with the push.
    pub fn size(&self, id: Oid) -> Option<u64> {
        self.files.get(&id).copied()
    }

    /// The largest file that came.
    pub fn largest(&self) -> u64 {
        self.files.values().copied().max().unwrap_or_default()
    }
}

/// The first characters of an id, as people write them.
pub fn short(id: Oid) -> String {
    id.to_string().chars().take(8).collect()
}

/// A number of bytes in words: `25 MiB`, `1.5 KiB`.
pub fn bytes(count: u64) -> String {
    const UNITS: [&str; 4] = ["bytes", "KiB", "MiB", "GiB"];
    let mut unit = 0;
    let mut of_unit = 1_u64;
    while unit + 1 < UNITS.len() && count / of_unit >= 1024 {
        of_unit *= 1024;
        unit += 1;
    }
    let (whole, tenth) = (count / of_unit, count % of_unit * 10 / of_unit);
    match tenth {
        0 => format!("{whole} {}", UNITS[unit]),
        tenth => format!("{whole}.{tenth} {}", UNITS[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_in_words() {
        for (count, words) in [
            (0, "0 bytes"),
            (1023, "1023 bytes"),
            (1 << 20, "1 MiB"),
            ((1 << 20) + (1 << 19), "1.5 MiB"),
            (25 << 20, "25 MiB"),
            (5 << 40, "5120 GiB"),
        ] {
            assert_eq!(bytes(count), words);
        }
    }
}
