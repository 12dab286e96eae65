//! Why the bench, or one row of it, could not go on: a sentence for the reader.

use std::fmt;
use std::io;
use std::path::Path;

/// A failure told in words; nothing here is handled by kind, only shown.
#[derive(Debug, Clone)]
pub struct Fault(String);

/// The bench's result.
pub type Result<T, E = Fault> = std::result::Result<T, E>;

impl Fault {
    /// A failure in one's own words.
    pub fn new(words: impl Into<String>) -> Fault {
        Fault(words.into())
    }

    /// Puts the file that an error is about in front of it, for `map_err`.
    pub fn at<E: fmt::Display>(path: &Path) -> impl FnOnce(E) -> Fault {
        move |error| Fault(format!("\"{}\": {error}", path.display()))
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault(error.to_string())
    }
}
