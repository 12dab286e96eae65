//! The names of notebooks, users and devices: each a type of its own, so that no text from outside becomes a path.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest name.
const LONGEST: usize = 40;
/// What stands at the root of the server's addresses beside the notebooks.
const RESERVED: [&str; 8] = ["api", "assets", "healthz", "login", "logout", "metrics", "static", "webhook"];

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{text}\" cannot be the name of a {what}: {LONGEST} small letters, digits and hyphens at most, none reserved"
)]
pub struct NameError {
    what: &'static str,
    text: String,
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $reserved:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Reads a name.
            ///
            /// # Errors
            /// Where it is none.
            pub fn new(text: &str) -> Result<$name, NameError> {
                let reserved: &[&str] = &$reserved;
                if is_name(text) && !reserved.contains(&text) {
                    return Ok($name(text.to_owned()));
                }
                Err(NameError { what: $what, text: text.chars().take(80).collect() })
            }

            /// Its text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl std::str::FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<$name, NameError> {
                $name::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<$name, NameError> {
                $name::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }
    };
}

name!(
    /// The name of a notebook, the first part of its addresses.
    NotebookName,
    "notebook",
    RESERVED
);
name!(
    /// The name of a user.
    UserName,
    "user",
    []
);
name!(
    /// The name of one of a user's clones.
    DeviceName,
    "device",
    ["here"]
);

/// Small letters, digits and hyphens, a letter or a digit at both ends.
fn is_name(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    (1..=LONGEST).contains(&text.len())
        && text.chars().all(|c| is_plain(c) || c == '-')
        && text.starts_with(is_plain)
        && text.ends_with(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for good in ["main", "a", "crm-2026", "0"] {
            assert!(NotebookName::new(good).is_ok(), "{good}");
        }
        let long = "a".repeat(41);
        for bad in ["", "-a", "a-", "A", "a.git", "..", "a/b", "a b", "ä", "a\n", "api", "healthz", &long] {
            assert!(NotebookName::new(bad).is_err(), "{bad}");
        }
        assert!(UserName::new("api").is_ok());
        assert!(DeviceName::new("here").is_err());
    }
}
