//! What a request to git says of itself: the service, the version of the protocol, and how its body is to be read.

use std::time::Duration;

use warp::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use warp::http::{HeaderName, HeaderValue};

use super::Service;
use super::body::Reading;
use crate::asked::Asked;
use crate::reply::Refusal;
use crate::settings::Limits;

/// Bytes a second; a body that is slower is given up.
const LEAST: u64 = 1 << 10;
/// After how long.
const GRACE: Duration = Duration::from_secs(10);
/// What a push may be larger than its pack: the names of the refs, and the frame.
const FRAME: u64 = 1 << 20;
/// The longest `Git-Protocol`. git's own are a dozen letters.
const PROTOCOL: usize = 100;

/// Which service `info/refs` is asked for. Without one it is asked as by clients that know no smart protocol.
pub fn service(asked: &Asked) -> Option<Service> {
    match asked.query.as_str() {
        "service=git-upload-pack" => Some(Service::UploadPack),
        "service=git-receive-pack" => Some(Service::ReceivePack),
        _ => None,
    }
}

/// `Git-Protocol`, where it is what git could have written. Anything else is as if it were not there.
pub fn protocol(asked: &Asked) -> Option<&str> {
    let value = asked.header(HeaderName::from_static("git-protocol"))?;
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_pair =
        |pair: &str| pair.split_once('=').is_some_and(|(key, value)| is_word(key) && is_word(value));
    (value.len() <= PROTOCOL && value.split(':').all(is_pair)).then_some(value)
}

/// How the body is to be read.
///
/// # Errors
/// Where it is not what the service reads, or too large by its own word.
pub fn reading(asked: &Asked, service: Service, limits: &Limits) -> Result<Reading, Refusal> {
    if asked.header(CONTENT_TYPE) != Some(&format!("application/x-git-{}-request", service.word())) {
        return Err(Refusal::MediaType);
    }
    let is_gzip = match asked.headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"identity") => false,
        Some(b"gzip" | b"x-gzip") => true,
        Some(_) => return Err(Refusal::MediaType),
    };
    // git refuses a pack that is too large itself, in words that reach the user; this bound is behind that one.
    let most = match service {
        Service::UploadPack => limits.request_bytes,
        Service::ReceivePack => limits.push_bytes.saturating_add(FRAME),
    };
    let length = asked.header(CONTENT_LENGTH).and_then(|length| length.parse::<u64>().ok());
    if length.is_some_and(|length| length > most) {
        return Err(Refusal::TooLarge);
    }
    let idle = Duration::from_secs(limits.body_idle_seconds);
    Ok(Reading { is_gzip, most, idle, grace: GRACE, least: LEAST })
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use warp::http::HeaderMap;

    use super::*;

    fn asked(headers: &[(&'static str, &str)]) -> Asked {
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        });
        let headers: HeaderMap = headers.collect();
        Asked {
            method: warp::http::Method::POST,
            peer: IpAddr::from([127, 0, 0, 1]),
            headers,
            query: String::new(),
            is_local: true,
            is_https: false,
            path: String::new(),
            trace: Default::default(),
        }
    }

    #[test]
    fn only_what_git_writes_becomes_a_version() {
        let long = "a=b:".repeat(30);
        for (value, is_taken) in [
            ("version=2", true),
            ("version=1", true),
            ("version=2:side=band", true),
            ("", false),
            ("version", false),
            ("version=", false),
            ("=2", false),
            ("version=2:", false),
            (":version=2", false),
            ("version=2;ls", false),
            ("version=2 x=1", false),
            ("version=$(id)", false),
            ("a=b=c", false),
            ("version=é", false),
            (long.as_str(), false),
        ] {
            let taken = is_taken.then_some(value);
            assert_eq!(protocol(&asked(&[("git-protocol", value)])), taken, "{value}");
        }
        assert_eq!(protocol(&asked(&[])), None);
    }

    /// Headers, and whether the body is gzip.
    type Row<'a> = (&'a [(&'static str, &'a str)], Result<bool, Refusal>);

    #[test]
    fn a_body_is_read_only_where_it_is_what_the_service_reads() {
        const TYPE: (&str, &str) = ("content-type", "application/x-git-upload-pack-request");
        let limits = Limits { request_bytes: 1000, push_bytes: 1000, ..Limits::default() };
        let rows: [Row<'_>; 13] = [
            (&[TYPE], Ok(false)),
            (&[TYPE, ("content-length", "1000")], Ok(false)),
            (&[TYPE, ("content-encoding", "identity")], Ok(false)),
            (&[TYPE, ("content-encoding", "gzip")], Ok(true)),
            (&[TYPE, ("content-encoding", "x-gzip")], Ok(true)),
            (&[TYPE, ("content-encoding", "deflate")], Err(Refusal::MediaType)),
            (&[TYPE, ("content-encoding", "gzip, gzip")], Err(Refusal::MediaType)),
            (&[TYPE, ("content-encoding", "é")], Err(Refusal::MediaType)),
            (&[TYPE, ("content-length", "1001")], Err(Refusal::TooLarge)),
            (&[], Err(Refusal::MediaType)),
            (&[("content-type", "application/x-git-receive-pack-request")], Err(Refusal::MediaType)),
            (&[("content-type", "application/x-git-upload-pack-request; q")], Err(Refusal::MediaType)),
            (&[("content-type", "text/plain")], Err(Refusal::MediaType)),
        ];
        for (headers, expected) in rows {
            let reading = reading(&asked(headers), Service::UploadPack, &limits);
            assert_eq!(reading.map(|reading| reading.is_gzip), expected, "{headers:?}");
        }
        let push = [("content-type", "application/x-git-receive-pack-request"), ("content-length", "1001")];
        let read = reading(&asked(&push), Service::ReceivePack, &limits).unwrap();
        assert_eq!(read.most, 1000 + FRAME, "git itself says that a push is too large");
    }

    #[test]
    fn the_service_is_asked_for_exactly() {
        for (query, expected) in [
            ("service=git-upload-pack", Some(Service::UploadPack)),
            ("service=git-receive-pack", Some(Service::ReceivePack)),
            ("", None),
            ("service=git-upload-archive", None),
            ("service=upload-pack", None),
            ("service=git-upload-pack&x=y", None),
        ] {
            assert_eq!(service(&Asked { query: query.to_owned(), ..asked(&[]) }), expected, "{query}");
        }
    }
}
