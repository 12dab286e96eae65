//! Versions: `ETag` and the headers that ask for one (RFC 9110, section 13).

use sha2::{Digest, Sha256};
use tickler_core::merge::files::BlobId;
use warp::http::HeaderName;
use warp::http::header::{IF_MATCH, IF_NONE_MATCH};

use super::problem::{Kind, Problem};
use crate::asked::Asked;
use crate::reply::Refusal;
use crate::tips::View;

/// Which versions a header names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// `*`: any that there is.
    Any,
    /// One of these.
    These(Vec<String>),
}

impl Wanted {
    /// What `If-Match` says; none where it is not there.
    pub fn if_match(asked: &Asked) -> Option<Wanted> {
        read(asked, IF_MATCH)
    }

    /// What `If-None-Match` says; none where it is not there.
    pub fn if_none_match(asked: &Asked) -> Option<Wanted> {
        read(asked, IF_NONE_MATCH)
    }

    /// Whether the version is among them. A weak one never is.
    pub fn has(&self, version: &str) -> bool {
        match self {
            Wanted::Any => true,
            Wanted::These(these) => these.iter().any(|one| one == version),
        }
    }

    /// Whether it is among them, be it weak or not.
    fn has_weakly(&self, version: &str) -> bool {
        let strong = |tag: &str| tag.strip_prefix("W/").unwrap_or(tag).to_owned();
        match self {
            Wanted::Any => true,
            Wanted::These(these) => these.iter().any(|one| strong(one) == strong(version)),
        }
    }

    /// git's id, where it names a single version that can be one.
    pub fn blob(&self) -> Option<BlobId> {
        let Wanted::These(these) = self else { return None };
        let [only] = these.as_slice() else { return None };
        let hex = only.strip_prefix('"')?.strip_suffix('"')?;
        let bytes = data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?;
        Some(BlobId(bytes.try_into().ok()?))
    }
}

fn read(asked: &Asked, name: HeaderName) -> Option<Wanted> {
    let lines: Vec<&str> = asked.headers.get_all(name).iter().filter_map(|line| line.to_str().ok()).collect();
    if lines.is_empty() {
        return None;
    }
    let tags: Vec<String> = lines.iter().flat_map(|line| tags(line)).collect();
    Some(if tags.iter().any(|tag| tag == "*") { Wanted::Any } else { Wanted::These(tags) })
}

/// The tags of a line. A tag may have a comma in it.
fn tags(line: &str) -> Vec<String> {
    let mut tags = Vec::new();
    let (mut tag, mut is_quoted) = (String::new(), false);
    for letter in line.chars() {
        match letter {
            ',' if !is_quoted => tags.push(std::mem::take(&mut tag)),
            letter => {
                is_quoted ^= letter == '"';
                tag.push(letter);
            }
        }
    }
    tags.push(tag);
    tags.iter().map(|tag| tag.trim().to_owned()).filter(|tag| !tag.is_empty()).collect()
}

/// The version of a contact: git's id of its file.
pub fn of_file(id: BlobId) -> String {
    format!("\"{}\"", data_encoding::HEXLOWER.encode(&id.0))
}

/// The version of what is told of the whole notebook: its commit, and the day, on which much depends.
pub fn of_view(view: &View) -> String {
    format!("\"{}-{}\"", view.tip.commit(), view.tip.today())
}

/// The version of an answer that depends on the moment: of its bytes.
pub fn of_bytes(bytes: &[u8]) -> String {
    format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)[..16]))
}

/// Whether the asker has that version already.
pub fn is_known(asked: &Asked, version: &str) -> bool {
    Wanted::if_none_match(asked).is_some_and(|wanted| wanted.has_weakly(version))
}

/// Refuses what was asked for with the version of something older. `id` is the contact's.
pub fn stale(id: &str, current: &str, what: Option<&str>) -> Refusal {
    let since = what.map(|what| format!(": {what}")).unwrap_or_default();
    let problem = Problem::new(Kind::Stale, format!("\"{id}\" was changed meanwhile{since}"));
    let problem = problem
        .hint("read it again and make the change anew, or send it with `?merge=true` to have both joined");
    Problem { version: Some(current.to_owned()), ..problem }.into()
}

/// Refuses what needs a version and has none.
pub fn needed() -> Refusal {
    Problem::new(Kind::NeedsVersion, "a change needs `If-Match` with the `ETag` of what it changes")
        .hint("read the contact first; `If-None-Match: *` makes a new one")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_parted() {
        for (line, expected) in [
            ("\"a\"", vec!["\"a\""]),
            ("\"a\", W/\"b\"", vec!["\"a\"", "W/\"b\""]),
            ("\"a,b\" ,\"c\"", vec!["\"a,b\"", "\"c\""]),
            ("*", vec!["*"]),
            (" , ", vec![]),
        ] {
            assert_eq!(tags(line), expected, "{line}");
        }
    }

    #[test]
    fn weak_tags_are_good_for_reading_only() {
        let these = Wanted::These(vec!["W/\"a\"".into(), "\"b\"".into()]);
        for (version, strong, weak) in
            [("\"a\"", false, true), ("\"b\"", true, true), ("\"c\"", false, false)]
        {
            assert_eq!((these.has(version), these.has_weakly(version)), (strong, weak), "{version}");
        }
        assert!(Wanted::Any.has("\"x\""));
    }

    #[test]
    fn a_file_s_version_is_git_s_id() {
        let id = BlobId::of(b"hello\n");
        assert_eq!(of_file(id), "\"ce013625030ba8dba906f756967f9e9ca394464a\"");
        assert_eq!(Wanted::These(vec![of_file(id)]).blob(), Some(id));
        for none in ["ce01", "\"ce01\"", "\"xx013625030ba8dba906f756967f9e9ca394464a\""] {
            assert_eq!(Wanted::These(vec![none.into()]).blob(), None, "{none}");
        }
    }
}
