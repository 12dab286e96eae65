//! The server's own address, as those outside know it.

use std::fmt;

use serde::Deserialize;
use warp::http::header::HOST;

use crate::asked::Asked;
use crate::names::NotebookName;
use crate::server::Server;

/// The address of a notebook's pages: below `public_url` where that is set, else where the client found the server.
/// None where the client does not say where that was.
pub fn address(server: &Server, asked: &Asked, notebook: &NotebookName) -> Option<String> {
    let base = match &server.settings.public_url {
        Some(url) => url.to_string(),
        None => base(asked.is_https, asked.header(HOST)?)?,
    };
    Some(format!("{base}/{notebook}"))
}

/// `public_url` of the settings: where the server is found from outside, without a `/` at the end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PublicUrl(String);

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for PublicUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<PublicUrl, &'static str> {
        let text = text.trim_end_matches('/');
        let rest = ["https://", "http://"].iter().find_map(|scheme| text.strip_prefix(scheme));
        let is_fine = |rest: &str| {
            !rest.is_empty()
                && rest.bytes().all(|byte| byte.is_ascii_graphic())
                && !rest.contains(['?', '#', '@', '"'])
        };
        if rest.is_some_and(is_fine) {
            Ok(PublicUrl(text.to_owned()))
        } else {
            Err("public_url is to be an address such as \"https://crm.example.com\"")
        }
    }
}

/// The server's address by the name that a client called it.
fn base(is_https: bool, host: &str) -> Option<String> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let scheme = if is_https { "https" } else { "http" };
    (!host.is_empty() && host.chars().all(is_name)).then(|| format!("{scheme}://{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_address_is_one_of_the_web() {
        for (text, expected) in [
            ("https://crm.example.com", Some("https://crm.example.com")),
            ("https://crm.example.com/tickler/", Some("https://crm.example.com/tickler")),
            ("http://localhost:7420", Some("http://localhost:7420")),
            ("crm.example.com", None),
            ("https://", None),
            ("https://user@crm.example.com", None),
            ("https://crm.example.com/?a", None),
            ("https://crm example.com", None),
            ("", None),
        ] {
            let read = PublicUrl::try_from(text.to_owned()).map(|url| url.to_string());
            assert_eq!(read.ok().as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn a_host_is_a_name_or_nothing() {
        for (is_https, host, expected) in [
            (true, "crm.example.com", Some("https://crm.example.com")),
            (false, "127.0.0.1:7420", Some("http://127.0.0.1:7420")),
            (false, "[::1]:7420", Some("http://[::1]:7420")),
            (true, "", None),
            (true, "a/b", None),
            (true, "a b", None),
            (true, "user@host", None),
            (true, "host\r\nURL:x", None),
        ] {
            assert_eq!(base(is_https, host).as_deref(), expected, "{host:?}");
        }
    }
}
