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
use warp::http::{HeaderMap, HeaderName, Method};
use warp::path::FullPath;

use crate::figures;
use crate::front::Peer;
use crate::names::{NotebookName, UserName};
use crate::people::{Visitor, counted_as};
use crate::reply::Refusal;
use crate::server::Server;

/// How long every failed login takes.
const FLOOR: Duration = Duration::from_millis(200);

/// How long a small body may pause.
const PAUSE: Duration = Duration::from_secs(20);

/// The bytes of a body as they come.
pub type Body = Pin<Box<dyn Stream<Item = Result<Bytes, warp::Error>> + Send + Sync>>;

/// What the log is to say of a request, as far as it is known.
#[derive(Debug, Default)]
pub struct Trace {
    /// The request's name: it stands in the log, in the answer, and in a commit that it makes.
    pub id: String,
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
    /// The client came by https.
    pub is_https: bool,
    /// What the log is to say of it.
    pub trace: Arc<Trace>,
    /// What is to be done.
    pub method: Method,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its path, as it was sent.
    pub path: String,
    /// What stands behind the question mark; mostly empty.
    pub query: String,
}

impl Asked {
    /// Extracts it from any request that the front let in.
    pub fn filter() -> BoxedFilter<(Asked,)> {
        let query = warp::query::raw().or(warp::any().map(String::new)).unify();
        warp::ext::get::<Peer>()
            .and(warp::ext::get::<Arc<Trace>>())
            .and(warp::method())
            .and(warp::header::headers_cloned())
            .and(warp::path::full())
            .and(query)
            .map(|peer: Peer, trace, method, headers, path: FullPath, query| {
                let (is_local, is_https) = (peer.is_local(), peer.is_https);
                Asked {
                    peer: peer.address,
                    is_local,
                    is_https,
                    trace,
                    method,
                    headers,
                    path: path.as_str().to_owned(),
                    query,
                }
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
        let (name, token) = credentials(shown);
        self.visitor_by(server, name, &token.unwrap_or_default()).await
    }

    /// Whose token that is; `name` is who they say they are.
    ///
    /// # Errors
    /// Where it is a wrong one.
    pub async fn visitor_by(
        &self,
        server: &Server,
        name: Option<String>,
        token: &str,
    ) -> Result<Visitor, Refusal> {
        let begun = Instant::now();
        if let Some(visitor) = server.people.visitor(token) {
            let _ = self.trace.user.set(visitor.user.clone());
            return Ok(visitor);
        }
        let wait = self.failed(server, name, begun, true).await;
        Err(wait.map_or(Refusal::NoLogin, Refusal::TooManyLogins))
    }

    /// Ends a login that failed, by a token or by a secret address: each takes as long, whatever is wrong with it.
    /// Where it `counts` and there were too many, says how long to wait.
    pub async fn failed(
        &self,
        server: &Server,
        name: Option<String>,
        begun: Instant,
        counts: bool,
    ) -> Option<Duration> {
        let wait = if counts {
            figures::failed_login();
            let address = Some(format!("address {}", counted_as(self.peer)));
            let name = name.map(|name| format!("user {name}"));
            let keys: Vec<String> = address.into_iter().chain(name).collect();
            server.throttle.failed(&keys, begun)
        } else {
            None
        };
        tokio::time::sleep_until((begun + FLOOR).into()).await;
        wait
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

/// All of a body, where it is no larger than that, and comes without long pauses.
///
/// # Errors
/// Where it is larger, slower, or breaks off.
pub async fn whole(mut body: Body, most: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    loop {
        match tokio::time::timeout(PAUSE, body.next()).await {
            Err(_) => return Err(Refusal::TooSlow),
            Ok(None) => return Ok(bytes),
            Ok(Some(Err(_))) => return Err(Refusal::Bad("the body broke off")),
            Ok(Some(Ok(chunk))) if bytes.len() + chunk.len() > most => return Err(Refusal::TooLarge),
            Ok(Some(Ok(chunk))) => bytes.extend_from_slice(&chunk),
        }
    }
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
