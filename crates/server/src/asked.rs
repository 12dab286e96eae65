//! A request as the handlers see it, and whose it is.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use bytes::{Buf, Bytes};
use data_encoding::BASE64;
use futures_util::{Stream, StreamExt};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::header::AUTHORIZATION;
use warp::http::{HeaderMap, HeaderName};

use crate::figures;
use crate::front::Peer;
use crate::names::{NotebookName, UserName};
use crate::people::{Visitor, counted_as};
use crate::reply::Refusal;
use crate::server::Server;

/// How long every failed login takes.
const FLOOR: Duration = Duration::from_millis(200);

/// The bytes of a body as they come.
pub type Body = Pin<Box<dyn Stream<Item = Result<Bytes, warp::Error>> + Send + Sync>>;

/// What the log is to say of a request, as far as it is known.
#[derive(Debug, Default)]
pub struct Trace {
    /// The pattern of the route, never the address itself.
    pub route: OnceLock<&'static str>,
    /// The notebook that is meant.
    pub notebook: OnceLock<NotebookName>,
    /// Whose token it shows.
    pub user: OnceLock<UserName>,
}

/// A request without its body.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Where it came from.
    pub peer: IpAddr,
    /// It comes from this machine, and no proxy passed it on.
    pub is_local: bool,
    /// What the log is to say of it.
    pub trace: Arc<Trace>,
    /// Its headers.
    pub headers: HeaderMap,
    /// What stands behind the question mark; mostly empty.
    pub query: String,
}

impl Asked {
    /// Extracts it from any request that the front let in.
    pub fn filter() -> BoxedFilter<(Asked,)> {
        let query = warp::query::raw().or(warp::any().map(String::new)).unify();
        warp::ext::get::<Peer>()
            .and(warp::ext::get::<Arc<Trace>>())
            .and(warp::header::headers_cloned())
            .and(query)
            .map(|peer: Peer, trace, headers, query| {
                let (peer, is_local) = (peer.address, peer.is_local());
                Asked { peer, is_local, trace, headers, query }
            })
            .boxed()
    }

    /// The text of a header; none where it is not there, or no text.
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whose request it is, by the token that it shows. A right one is taken however many were wrong before.
    ///
    /// # Errors
    /// Where it shows none, or a wrong one.
    pub async fn visitor(&self, server: &Server) -> Result<Visitor, Refusal> {
        let Some(shown) = self.header(AUTHORIZATION) else { return Err(Refusal::NoLogin) };
        let begun = Instant::now();
        let (name, token) = credentials(shown);
        if let Some(visitor) = server.people.visitor(&token.unwrap_or_default()) {
            let _ = self.trace.user.set(visitor.user.clone());
            return Ok(visitor);
        }
        figures::failed_login();
        let address = Some(format!("address {}", counted_as(self.peer)));
        let keys: Vec<String> = address.into_iter().chain(name.map(|name| format!("user {name}"))).collect();
        let wait = server.throttle.failed(&keys, begun);
        // Each takes as long, whatever is wrong with it.
        tokio::time::sleep_until((begun + FLOOR).into()).await;
        Err(wait.map_or(Refusal::NoLogin, Refusal::TooManyLogins))
    }
}

/// The name and the token of an `Authorization` header (RFC 7617, RFC 6750).
fn credentials(shown: &str) -> (Option<String>, Option<String>) {
    let (scheme, rest) = shown.split_once(' ').unwrap_or((shown, ""));
    if scheme.eq_ignore_ascii_case("bearer") {
        return (None, Some(rest.trim().to_owned()));
    }
    if !scheme.eq_ignore_ascii_case("basic") {
        return (None, None);
    }
    let pair = BASE64.decode(rest.trim().as_bytes()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    match pair.as_deref().and_then(|pair| pair.split_once(':')) {
        Some((name, token)) => (Some(name.chars().take(80).collect()), Some(token.to_owned())),
        None => (None, None),
    }
}

/// Extracts the body as it comes.
pub fn body() -> BoxedFilter<(Body,)> {
    warp::body::stream()
        .map(|stream| -> Body {
            let bytes = |chunk: Result<_, warp::Error>| chunk.map(|mut chunk| take(&mut chunk));
            Box::pin(sync_wrapper::SyncStream::new(StreamExt::map(stream, bytes)))
        })
        .boxed()
}

fn take(chunk: &mut impl Buf) -> Bytes {
    chunk.copy_to_bytes(chunk.remaining())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_show_a_token_are_read() {
        let some = |text: &str| Some(text.to_owned());
        for (shown, read) in [
            ("Basic cGF0OnNlY3JldA==", (some("pat"), some("secret"))),
            ("basic cGF0OmE6Yg==", (some("pat"), some("a:b"))),
            ("Bearer secret", (None, some("secret"))),
            ("Basic !", (None, None)),
            ("Digest x", (None, None)),
            ("", (None, None)),
        ] {
            assert_eq!(credentials(shown), read, "{shown}");
        }
    }
}
