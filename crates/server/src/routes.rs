//! All routes, on one screen.

use std::sync::Arc;

use warp::filters::BoxedFilter;
use warp::http::header::{AUTHORIZATION, CONTENT_TYPE};
use warp::http::{Method, StatusCode};
use warp::path::FullPath;
use warp::{Filter, Rejection};

use crate::asked::{Asked, body};
use crate::figures;
use crate::git_http::{self, Service};
use crate::names::NotebookName;
use crate::people::Action;
use crate::reply::{Refusal, Reply, reply, set, text};
use crate::server::Server;
use crate::upstream;

/// Where a notebook's name stands in a pattern.
const NOTEBOOK: &str = "NOTEBOOK";

/// One of the server's addresses.
#[derive(Debug)]
pub struct Route {
    /// What is done there; where it is GET, HEAD is, too.
    pub method: Method,
    /// The address, with words in capitals for what differs. By this the log and the figures name it.
    pub pattern: &'static str,
    filter: BoxedFilter<(Reply,)>,
}

/// All of them.
pub fn routes() -> Vec<Route> {
    let repository = warp::path::param::<String>;
    let rpc = |word: &'static str, service| {
        move |at: At| {
            let path = repository().and(warp::path(word)).and(warp::path::end()).and(warp::post());
            boxed(path.and(at).and(body()).then(move |repository, server, asked: Asked, body| async move {
                reply(git_http::rpc(server, &asked, repository, service, body).await)
            }))
        }
    };
    vec![
        route(Method::GET, "/healthz", |at| {
            let path = warp::path!("healthz").and(get());
            boxed(path.and(at).then(|server: Arc<Server>, _| async move { reply(health(&server)) }))
        }),
        route(Method::GET, "/metrics", |at| {
            let path = warp::path!("metrics").and(get());
            boxed(
                path.and(at).then(|server: Arc<Server>, asked| async move {
                    reply(show_figures(&server, &asked).await)
                }),
            )
        }),
        route(Method::POST, "/webhook/NOTEBOOK", |at| {
            let path = warp::path!("webhook" / String).and(warp::post());
            boxed(path.and(at).and(body()).then(|notebook, server, asked: Asked, body| async move {
                reply(upstream::webhook(server, &asked, notebook, body).await)
            }))
        }),
        route(Method::GET, "/NOTEBOOK.git/info/refs", |at| {
            let path = repository().and(warp::path!("info" / "refs")).and(get());
            boxed(path.and(at).then(|repository, server, asked: Asked| async move {
                reply(git_http::info_refs(&server, &asked, repository).await)
            }))
        }),
        route(Method::POST, "/NOTEBOOK.git/git-upload-pack", rpc("git-upload-pack", Service::UploadPack)),
        route(Method::POST, "/NOTEBOOK.git/git-receive-pack", rpc("git-receive-pack", Service::ReceivePack)),
    ]
}

/// The filter of them all. It answers every request.
pub fn filter() -> BoxedFilter<(Reply,)> {
    let lost = server().and(Asked::filter()).and(warp::path::full()).then(lost);
    let (routes, lost) = (routes(), boxed(lost));
    routes.into_iter().rev().fold(lost, |rest, route| boxed(route.filter.or(rest).unify()))
}

/// What every handler gets: the server, and the request.
type At = BoxedFilter<(Arc<Server>, Asked)>;

/// A route, made of the filter that notes its name.
fn route(method: Method, pattern: &'static str, make: impl FnOnce(At) -> BoxedFilter<(Reply,)>) -> Route {
    let asked = Asked::filter().and(warp::path::full()).map(move |asked: Asked, path: FullPath| {
        let _ = asked.trace.route.set(pattern);
        if let Some(notebook) = notebook(pattern, path.as_str()) {
            let _ = asked.trace.notebook.set(notebook);
        }
        asked
    });
    Route { method, pattern, filter: make(server().and(asked).boxed()) }
}

fn server() -> BoxedFilter<(Arc<Server>,)> {
    warp::ext::get::<Arc<Server>>().boxed()
}

/// GET, and HEAD for those who only ask whether it is there.
fn get() -> BoxedFilter<()> {
    warp::get().or(warp::head()).unify().boxed()
}

/// Keeps the types of routes short.
fn boxed(
    route: impl Filter<Extract = (Reply,), Error = Rejection> + Send + Sync + 'static,
) -> BoxedFilter<(Reply,)> {
    route.boxed()
}

/// Whether it serves.
fn health(server: &Server) -> Result<Reply, Refusal> {
    server.data.notebooks().map_err(|error| {
        tracing::error!(%error, "the data folder cannot be read");
        Refusal::Internal
    })?;
    Ok(text(StatusCode::OK, "ok"))
}

/// The figures, for an admin's token, or for a program on this machine.
async fn show_figures(server: &Server, asked: &Asked) -> Result<Reply, Refusal> {
    let is_trusted = asked.is_local && asked.header(AUTHORIZATION).is_none();
    if !is_trusted && !asked.visitor(server).await?.may_somewhere(Action::ReadMetrics) {
        return Err(Refusal::Forbidden);
    }
    let mut reply = text(StatusCode::OK, figures::text().trim_end());
    set(&mut reply, CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    Ok(reply)
}

/// Answers what no route takes.
async fn lost(_: Arc<Server>, _: Asked, path: FullPath) -> Reply {
    let routes = routes();
    let here = routes.iter().filter(|route| is_at(route.pattern, path.as_str()));
    let methods: Vec<&str> = here
        .map(|route| if route.method == Method::GET { "GET, HEAD" } else { route.method.as_str() })
        .collect();
    reply(Err(if methods.is_empty() { Refusal::NotFound } else { Refusal::Method(methods.join(", ")) }))
}

/// Whether a path is one of a pattern's.
fn is_at(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        let is_one = match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) => {
                wanted == given
                    || wanted
                        .strip_prefix(NOTEBOOK)
                        .is_some_and(|end| given.len() > end.len() && given.ends_with(end))
            }
            _ => false,
        };
        if !is_one {
            return false;
        }
    }
}

/// The notebook that a path names.
fn notebook(pattern: &str, path: &str) -> Option<NotebookName> {
    let end = pattern.split('/').nth(1)?.strip_prefix(NOTEBOOK)?;
    NotebookName::new(path.split('/').nth(1)?.strip_suffix(end)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_of_one_pattern() {
        for (path, patterns) in [
            ("/healthz", 1),
            ("/main.git/info/refs", 1),
            ("/main.git/git-upload-pack", 1),
            ("/", 0),
            ("", 0),
            ("//main.git/info/refs", 0),
            ("/.git/info/refs", 0),
            ("/main/info/refs", 0),
            ("/main.git/info/refs/x", 0),
            ("/a/b.git/info/refs", 0),
        ] {
            let count = routes().iter().filter(|route| is_at(route.pattern, path)).count();
            assert_eq!(count, patterns, "{path}");
        }
        assert_eq!(notebook("/NOTEBOOK.git/x", "/main.git/x"), NotebookName::new("main").ok());
        assert_eq!(notebook("/NOTEBOOK.git/x", "/Main.git/x"), None);
        assert_eq!(notebook("/healthz", "/healthz"), None);
    }

    #[test]
    fn no_two_routes_are_the_same() {
        let mut all: Vec<String> =
            routes().iter().map(|route| format!("{} {}", route.method, route.pattern)).collect();
        let count = all.len();
        all.sort();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
