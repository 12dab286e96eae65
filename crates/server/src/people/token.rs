//! Tokens: 256 random bits that a user shows with each request, of which only a hash is kept.

use std::fmt;

use data_encoding::{BASE32_NOPAD, HEXLOWER};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every token begins with, so that scanners for secrets know one.
const PREFIX: &str = "tickler_";
/// The letters of the public part, and of the secret one.
const ID: usize = 8;
const SECRET: usize = 52;
/// The letters at the end by which a mistyped token is known.
const CHECK: usize = 6;

/// A token as it is kept: its public part and the hash of all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    /// The public part, which may stand in logs.
    pub id: String,
    /// SHA-256 of the whole token, in hexadecimal digits.
    pub sha256: String,
    /// The day it was made.
    pub created: String,
    /// What it is for, in its user's words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A token or the secret of an address in full, which is shown once.
pub struct Secret(String);

impl Secret {
    /// 256 random bits as text, for the address of a calendar.
    ///
    /// # Errors
    /// Where the system has no random bits.
    pub fn random() -> Result<Secret, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Secret(BASE32_NOPAD.encode(&bytes).to_lowercase()))
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Token {
    /// A new token, and how it is kept. `created` is today.
    ///
    /// # Errors
    /// Where the system has no random bits.
    pub fn generate(created: &str) -> Result<(Secret, Token), getrandom::Error> {
        let mut bytes = [0; 5 + 32];
        getrandom::fill(&mut bytes)?;
        let id = BASE32_NOPAD.encode(&bytes[..5]).to_lowercase();
        let secret = BASE32_NOPAD.encode(&bytes[5..]).to_lowercase();
        let text = format!("{PREFIX}{id}{secret}{}", check(&id, &secret));
        let sha256 = HEXLOWER.encode(&Sha256::digest(&text));
        Ok((Secret(text), Token { id, sha256, created: created.to_owned(), note: String::new() }))
    }

    /// A token that nobody has, to compare with where there is no other.
    pub fn nobodys() -> Token {
        Token { id: String::new(), sha256: "0".repeat(64), created: String::new(), note: String::new() }
    }

    /// Whether this is the token. Takes as long for a wrong one as for a right one.
    pub fn is(&self, text: &str) -> bool {
        let hash = HEXLOWER.encode(&Sha256::digest(text));
        hash.as_bytes().ct_eq(self.sha256.as_bytes()).into()
    }
}

/// The public part of what has the shape of a token.
pub fn id_of(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(PREFIX)?;
    if rest.len() != ID + SECRET + CHECK || !rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let (id, rest) = rest.split_at(ID);
    let (secret, end) = rest.split_at(SECRET);
    (check(id, secret) == end).then_some(id)
}

fn check(id: &str, secret: &str) -> String {
    let hash = Sha256::digest(format!("{id}{secret}"));
    BASE32_NOPAD.encode(&hash).to_lowercase()[..CHECK].to_owned()
}

/// A token of the right shape with the public part of another one, but with a secret of its own.
#[cfg(test)]
pub fn forged(text: &str) -> String {
    let id = id_of(text).unwrap();
    let secret = "a".repeat(SECRET);
    format!("{PREFIX}{id}{secret}{}", check(id, &secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_again_and_no_other() {
        let (secret, kept) = Token::generate("2026-11-23").unwrap();
        let text = secret.to_string();
        assert_eq!(id_of(&text), Some(kept.id.as_str()));
        assert!(kept.is(&text));
        assert!(!kept.sha256.contains(&text[8..20]));
        let (other, _) = Token::generate("2026-11-23").unwrap();
        assert!(!kept.is(&other.to_string()));
        for wrong in ["", "tickler_", &text[1..], &text[..text.len() - 1], &text.to_uppercase(), "tickler_ä"]
        {
            assert_eq!(id_of(wrong), None, "{wrong}");
        }
        let mistyped = text.replacen(&text[20..21], if &text[20..21] == "a" { "b" } else { "a" }, 1);
        assert_eq!(id_of(&mistyped), None);
    }
}
