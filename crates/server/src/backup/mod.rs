//! Backups: all of a data folder in one file, and a data folder of such a file.
//!
//! The file is a tar of `manifest.json`, `users.toml`, `server.toml`, the record of pushes, and one git bundle a
//! notebook. The manifest comes first and has each file's size and SHA-256.

mod bundle;
mod restore;
mod write;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use restore::restore;
pub use write::write;

use crate::names::NotebookName;

/// The number of this form of backups.
const FORMAT: u32 = 1;
/// The name of the manifest.
const MANIFEST: &str = "manifest.json";

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of the server that wrote it.
    pub version: String,
    /// When, in UTC.
    pub time: String,
    /// The notebooks.
    pub notebooks: Vec<Saved>,
    /// All files but this one.
    pub files: Vec<Listed>,
}

/// A notebook in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// Its name.
    pub name: NotebookName,
    /// The commit that its branch is at.
    pub tip: String,
    /// How many contacts it has.
    pub contacts: usize,
}

impl Saved {
    /// The path of its bundle in the backup.
    fn bundle(&self) -> String {
        format!("notebooks/{}.bundle", self.name)
    }
}

/// A file in a backup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// Its path in the backup.
    pub path: String,
    /// Its bytes.
    pub size: u64,
    /// Their SHA-256, in hexadecimal digits.
    pub sha256: String,
}

impl Listed {
    /// Lists a file.
    fn of(path: String, file: &Path) -> io::Result<Listed> {
        let (size, sha256) = digest(File::open(file)?, &mut io::sink())?;
        Ok(Listed { path, size, sha256 })
    }
}

/// Copies bytes, and tells how many they were, and their SHA-256.
fn digest(mut from: impl Read, to: &mut impl io::Write) -> io::Result<(u64, String)> {
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let count = from.read(&mut buffer)?;
        if count == 0 {
            return Ok((size, HEXLOWER.encode(&hash.finalize())));
        }
        hash.update(&buffer[..count]);
        to.write_all(&buffer[..count])?;
        size += count as u64;
    }
}
