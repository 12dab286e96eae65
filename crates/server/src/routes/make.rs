//! How a route is made of a pattern and a handler.

use std::sync::Arc;

use warp::filters::BoxedFilter;
use warp::http::Method;
use warp::path::FullPath;
use warp::{Filter, Rejection};

use super::pattern::{self, Words};
use crate::asked::{Asked, Body, body};
use crate::names::NotebookName;
use crate::reply::{Refusal, Reply};
use crate::server::Server;

/// One of the server's addresses.
#[derive(Debug)]
pub struct Route {
    /// What is done there; where it is GET, HEAD is, too.
    pub method: Method,
    /// The address, with words in capitals for what differs. By this the log and the figures name it.
    pub pattern: &'static str,
    pub(super) filter: BoxedFilter<(Reply,)>,
}

/// Who is told why something is refused, and so in what words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Face {
    /// Programs such as git: a line of text.
    Plain,
    /// People: a page.
    Page,
    /// Users of the API: a problem document (RFC 9457).
    Api,
}

impl Face {
    /// Which addresses are whose.
    pub fn of(path: &str) -> Face {
        let mut parts = path.split('/').skip(1);
        let (first, second) = (parts.next().unwrap_or_default(), parts.next());
        match second {
            Some("api") => Face::Api,
            _ if first == "api" => Face::Api,
            _ if first.ends_with(".git") || matches!(first, "healthz" | "metrics" | "webhook") => Face::Plain,
            Some("calendar") => Face::Plain,
            _ => Face::Page,
        }
    }

    /// What a handler came to, as a reply.
    pub fn reply(self, asked: &Asked, result: Result<Reply, Refusal>) -> Reply {
        match (self, result) {
            (_, Ok(reply)) => reply,
            (Face::Plain, Err(refusal)) => crate::reply::refused(&refusal),
            (Face::Page, Err(refusal)) => crate::pages::refused(asked, &refusal),
            (Face::Api, Err(refusal)) => crate::api::refused(&refusal),
        }
    }
}

/// Why a request gets nowhere before any route has seen it.
pub fn turned_away(path: &str, refusal: &Refusal) -> Reply {
    match Face::of(path) {
        Face::Api => crate::api::refused(refusal),
        Face::Plain | Face::Page => crate::reply::refused(refusal),
    }
}

/// A route that reads no body.
pub fn get<F, A>(pattern: &'static str, handler: F) -> Route
where
    F: Fn(Arc<Server>, Asked, Words) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Reply, Refusal>> + Send + 'static,
{
    let method = warp::get().or(warp::head()).unify();
    let answered = head(pattern).and(method).and(server()).and(asked(pattern)).then(
        move |words: Words, server: Arc<Server>, asked: Asked| {
            let answer = handler(server, asked.clone(), words);
            async move { Face::of(pattern).reply(&asked, answer.await) }
        },
    );
    Route { method: Method::GET, pattern, filter: boxed(answered) }
}

/// A route that reads a body.
pub fn with_body<F, A>(method: Method, pattern: &'static str, handler: F) -> Route
where
    F: Fn(Arc<Server>, Asked, Words, Body) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = Result<Reply, Refusal>> + Send + 'static,
{
    let is_it = method.clone();
    let only = warp::method()
        .and_then(move |method: Method| {
            let is_it = method == is_it;
            async move { if is_it { Ok(()) } else { Err(warp::reject::not_found()) } }
        })
        .untuple_one();
    let answered = head(pattern).and(only).and(server()).and(asked(pattern)).and(body()).then(
        move |words: Words, server: Arc<Server>, asked: Asked, body: Body| {
            let answer = handler(server, asked.clone(), words, body);
            async move { Face::of(pattern).reply(&asked, answer.await) }
        },
    );
    Route { method, pattern, filter: boxed(answered) }
}

/// Keeps the types of routes short.
pub fn boxed(
    route: impl Filter<Extract = (Reply,), Error = Rejection> + Send + Sync + 'static,
) -> BoxedFilter<(Reply,)> {
    route.boxed()
}

/// The server, as every request brings it.
pub fn server() -> BoxedFilter<(Arc<Server>,)> {
    warp::ext::get::<Arc<Server>>().boxed()
}

fn head(pattern: &'static str) -> BoxedFilter<(Words,)> {
    pattern::at(pattern)
}

/// The request, with the route's name noted for the log.
fn asked(pattern: &'static str) -> BoxedFilter<(Asked,)> {
    let noted = Asked::filter().and(warp::path::full()).map(move |asked: Asked, path: FullPath| {
        let _ = asked.trace.route.set(pattern);
        if let Some(notebook) = notebook(pattern, path.as_str()) {
            let _ = asked.trace.notebook.set(notebook);
        }
        asked
    });
    noted.boxed()
}

/// The notebook that a path names.
fn notebook(pattern: &str, path: &str) -> Option<NotebookName> {
    let end = pattern.split('/').nth(1)?.strip_prefix("NOTEBOOK")?;
    NotebookName::new(path.split('/').nth(1)?.strip_suffix(end)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notebook_is_noted_where_the_pattern_has_one() {
        assert_eq!(notebook("/NOTEBOOK.git/x", "/main.git/x"), NotebookName::new("main").ok());
        assert_eq!(notebook("/NOTEBOOK.git/x", "/Main.git/x"), None);
        assert_eq!(notebook("/healthz", "/healthz"), None);
    }

    #[test]
    fn each_address_has_its_face() {
        for (path, face) in [
            ("/", Face::Page),
            ("/login", Face::Page),
            ("/main/", Face::Page),
            ("/nowhere/at/all", Face::Page),
            ("/api/openapi.json", Face::Api),
            ("/main/api/v1/due", Face::Api),
            ("/main.git/info/refs", Face::Plain),
            ("/healthz", Face::Plain),
            ("/main/calendar/x.ics", Face::Plain),
        ] {
            assert_eq!(Face::of(path), face, "{path}");
        }
    }
}
