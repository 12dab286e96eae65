//! Where an upstream is, and the secret that opens it: apart, so that the secret stands in no argument and no log.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use data_encoding::BASE64;
use serde::Deserialize;

use crate::data::at;
use crate::failure::Failure;

/// The most bytes of a file with a secret.
const MOST: u64 = 4096;

/// The address of a git repository. What it shows is without a token.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Address {
    plain: String,
    /// The user and the token of an address by HTTP.
    login: Option<(String, String)>,
}

impl Address {
    /// Reads an address. Its words on what is wrong hold nothing of it, since that may be secret.
    ///
    /// # Errors
    /// Where it is none that git can be given.
    pub fn new(text: &str) -> Result<Address, &'static str> {
        if text.is_empty() || text.starts_with('-') || text.chars().any(|c| c.is_control() || c == ' ') {
            return Err("the address of an upstream is a URL, or the path of a repository");
        }
        let Some((scheme, rest)) = text.split_once("://") else {
            // `ext::` and the like run programs; `git@host:path` and a path are fine.
            if text.contains("::") {
                return Err("an upstream is reached by https, http, ssh, or as a folder");
            }
            return Ok(Address { plain: text.to_owned(), login: None });
        };
        match scheme {
            "http" | "https" => {}
            "ssh" | "file" => return Ok(Address { plain: text.to_owned(), login: None }),
            _ => return Err("an upstream is reached by https, http, ssh, or as a folder"),
        }
        let end = rest.find('/').unwrap_or(rest.len());
        let (host, path) = rest.split_at(end);
        let (login, host) = match host.rsplit_once('@') {
            Some((login, host)) => (Some(login), host),
            None => (None, host),
        };
        if host.is_empty() {
            return Err("the address of an upstream names a host");
        }
        let login = login.map(|login| {
            let (user, token) = login.split_once(':').unwrap_or((login, ""));
            (unescaped(user), unescaped(token))
        });
        Ok(Address { plain: format!("{scheme}://{host}{path}"), login })
    }

    /// The address without a token, as git is given it.
    pub fn plain(&self) -> &str {
        &self.plain
    }

    /// The setting and the header that let git in over HTTP; `token` is that of a file, which comes first.
    pub fn header(&self, token: Option<&str>) -> Option<(String, String)> {
        let (scheme, rest) = self.plain.split_once("://")?;
        if !scheme.starts_with("http") {
            return None;
        }
        let own = self.login.as_ref().map(|(user, token)| (user.as_str(), token.as_str()));
        let (user, token) = match token {
            // A file may name the user, too.
            Some(token) => token.split_once(':').unwrap_or((own.map_or("git", |(user, _)| user), token)),
            None => own?,
        };
        let host = rest.split('/').next().unwrap_or(rest);
        let pair = BASE64.encode(format!("{user}:{token}").as_bytes());
        Some((format!("http.{scheme}://{host}/.extraHeader"), format!("Authorization: Basic {pair}")))
    }
}

impl TryFrom<String> for Address {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Address, &'static str> {
        Address::new(&text)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&tickler_core::git::without_password(&self.plain))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address({self})")
    }
}

/// The secret in a file that nobody else can read.
///
/// # Errors
/// Where it cannot be read, is empty, or others can read it too.
pub fn secret_in(path: &Path) -> Result<String, Failure> {
    let file = fs::metadata(path).map_err(|error| at(path, &error))?;
    if file.mode() & 0o077 != 0 {
        return Err(Failure::new(format!("others can read \"{}\"", path.display()))
            .hint(format!("chmod 600 {}", path.display())));
    }
    if !file.is_file() || file.len() > MOST {
        return Err(Failure::new(format!("\"{}\" is no file with one secret in it", path.display())));
    }
    let text = fs::read_to_string(path).map_err(|error| at(path, &error))?;
    match text.trim() {
        "" => Err(Failure::new(format!("\"{}\" is empty", path.display()))),
        secret if secret.contains(char::is_control) => {
            Err(Failure::new(format!("\"{}\" has more than one line", path.display())))
        }
        secret => Ok(secret.to_owned()),
    }
}

/// The text behind the `%41` of an address.
fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(meant) => {
                out.push(meant);
                at += 3;
            }
            None => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_kept_apart() {
        for (text, plain, header) in [
            // base64 of `pat:secret`, `pat:a:b`, `tok:`
            ("https://pat:secret@h.example/x.git", "https://h.example/x.git", Some("cGF0OnNlY3JldA==")),
            ("http://pat:a%3Ab@h:80/x", "http://h:80/x", Some("cGF0OmE6Yg==")),
            ("https://tok@h.example/x", "https://h.example/x", Some("dG9rOg==")),
            ("https://h.example/a@b", "https://h.example/a@b", None),
            ("ssh://git@h.example/x", "ssh://git@h.example/x", None),
            ("git@h.example:x.git", "git@h.example:x.git", None),
            ("/srv/x.git", "/srv/x.git", None),
        ] {
            let address = Address::new(text).unwrap();
            assert_eq!(address.plain(), plain);
            let shown = address.header(None).map(|(_, value)| value);
            assert_eq!(
                shown.as_deref().and_then(|value| value.strip_prefix("Authorization: Basic ")),
                header
            );
            assert!(!format!("{address} {address:?}").contains("secret"), "{address:?}");
        }
    }

    #[test]
    fn a_file_says_the_token_and_perhaps_the_user() {
        let address = Address::new("https://pat@h.example:8443/x").unwrap();
        let key = "http.https://h.example:8443/.extraHeader".to_owned();
        // base64 of `pat:secret` and of `sam:secret`
        for (token, pair) in [("secret", "cGF0OnNlY3JldA=="), ("sam:secret", "c2FtOnNlY3JldA==")] {
            let header = address.header(Some(token));
            assert_eq!(header, Some((key.clone(), format!("Authorization: Basic {pair}"))));
        }
    }

    #[test]
    fn what_would_run_a_program_is_no_address() {
        for text in [
            "",
            "--upload-pack=x",
            "ext::sh -c x",
            "ext::x",
            "fd::3",
            "a b",
            "https:///x",
            "ftp://h/x",
            "a\nb",
        ] {
            assert!(Address::new(text).is_err(), "{text}");
        }
    }
}
