//! All routes, on one screen.

mod make;
mod pattern;

use std::sync::Arc;

use warp::Filter;
use warp::filters::BoxedFilter;
use warp::http::header::{AUTHORIZATION, CONTENT_TYPE};
use warp::http::{Method, StatusCode};
use warp::path::FullPath;

use crate::asked::Asked;
use crate::figures;
use crate::git_http::{self, Service};
use crate::people::Action;
use crate::reply::{Refusal, Reply, set, text};
use crate::server::Server;
use crate::upstream;
use crate::{api, calendar, pages};
use make::{Face, boxed, get, server, with_body};

pub use make::{Route, turned_away};
pub use pattern::Words;

/// All of them.
pub fn routes() -> Vec<Route> {
    let post = Method::POST;
    vec![
        // The server itself, and git.
        get("/healthz", |server, _, _| async move { health(&server) }),
        get("/metrics", |server, asked, _| async move { show_figures(&server, &asked).await }),
        with_body(post.clone(), "/webhook/NOTEBOOK", |server, asked, words, body| async move {
            upstream::webhook(server, &asked, words.get(0).to_owned(), body).await
        }),
        get("/NOTEBOOK.git/info/refs", |server, asked, words| async move {
            git_http::info_refs(&server, &asked, repository(&words)).await
        }),
        with_body(post.clone(), "/NOTEBOOK.git/git-upload-pack", |server, asked, words, body| async move {
            git_http::rpc(server, &asked, repository(&words), Service::UploadPack, body).await
        }),
        with_body(post.clone(), "/NOTEBOOK.git/git-receive-pack", |server, asked, words, body| async move {
            git_http::rpc(server, &asked, repository(&words), Service::ReceivePack, body).await
        }),
        // Pages.
        get("/", pages::home),
        get("/login", pages::login),
        with_body(post.clone(), "/login", pages::log_in),
        with_body(post.clone(), "/logout", pages::log_out),
        get("/assets/FILE", pages::asset),
        get("/NOTEBOOK", pages::to_today),
        get("/NOTEBOOK/", pages::today),
        get("/NOTEBOOK/contacts", pages::contacts),
        get("/NOTEBOOK/new", pages::new),
        with_body(post.clone(), "/NOTEBOOK/new", pages::add),
        get("/NOTEBOOK/contacts/ID", pages::contact),
        get("/NOTEBOOK/contacts/ID/edit", pages::edit),
        with_body(post.clone(), "/NOTEBOOK/contacts/ID/edit", pages::save_text),
        get("/NOTEBOOK/contacts/ID/history", pages::history),
        get("/NOTEBOOK/contacts/ID/remove", pages::ask_removal),
        with_body(post.clone(), "/NOTEBOOK/contacts/ID/remove", pages::remove),
        with_body(post.clone(), "/NOTEBOOK/contacts/ID/log", pages::log),
        get("/NOTEBOOK/settings", pages::settings),
        with_body(post.clone(), "/NOTEBOOK/settings/tokens", pages::make_token),
        with_body(post.clone(), "/NOTEBOOK/settings/tokens/ID/revoke", pages::revoke_token),
        with_body(post.clone(), "/NOTEBOOK/settings/calendar", pages::calendar),
        with_body(post.clone(), "/NOTEBOOK/settings/sessions", pages::end_sessions),
        get("/NOTEBOOK/pipeline", pages::pipeline),
        get("/NOTEBOOK/team", pages::team),
        get("/NOTEBOOK/problems", pages::problems),
        with_body(post.clone(), "/NOTEBOOK/contacts/ID/next", pages::next_step),
        with_body(post.clone(), "/NOTEBOOK/contacts/ID/promises", pages::promise),
        with_body(post.clone(), "/NOTEBOOK/contacts/ID/kept", pages::kept),
        with_body(post.clone(), "/NOTEBOOK/contacts/ID/stage", pages::stage),
        with_body(post.clone(), "/NOTEBOOK/contacts/ID/owner", pages::owner),
        with_body(post.clone(), "/NOTEBOOK/contacts/ID/stop", pages::stop),
        get("/NOTEBOOK/report", pages::report),
        get("/NOTEBOOK/events", pages::events),
        // The API.
        get("/api/openapi.json", api::openapi),
        get("/NOTEBOOK/api/v1/due", api::due),
        get("/NOTEBOOK/api/v1/cracks", api::cracks),
        get("/NOTEBOOK/api/v1/problems", api::problems),
        get("/NOTEBOOK/api/v1/report", api::report),
        get("/NOTEBOOK/api/v1/events", api::events),
        get("/NOTEBOOK/api/v1/contacts", api::contacts),
        with_body(post.clone(), "/NOTEBOOK/api/v1/contacts", api::create),
        get("/NOTEBOOK/api/v1/contacts/ID", api::show),
        with_body(Method::PUT, "/NOTEBOOK/api/v1/contacts/ID", api::put),
        with_body(Method::DELETE, "/NOTEBOOK/api/v1/contacts/ID", api::delete),
        get("/NOTEBOOK/api/v1/contacts/ID/brief", api::brief),
        with_body(post.clone(), "/NOTEBOOK/api/v1/contacts/ID/log", api::log),
        with_body(post.clone(), "/NOTEBOOK/api/v1/contacts/ID/next", api::next),
        with_body(post.clone(), "/NOTEBOOK/api/v1/contacts/ID/promises", api::promises),
        with_body(post, "/NOTEBOOK/api/v1/contacts/ID/stage", api::stage),
        // The calendar.
        get("/NOTEBOOK/calendar/SECRET.ics", calendar::feed),
    ]
}

/// The filter of them all. It answers every request.
pub fn filter() -> BoxedFilter<(Reply,)> {
    let lost = server().and(Asked::filter()).and(warp::path::full()).then(lost);
    let (routes, lost) = (routes(), boxed(lost));
    routes.into_iter().rev().fold(lost, |rest, route| boxed(route.filter.or(rest).unify()))
}

/// The repository that an address of git names.
fn repository(words: &Words) -> String {
    format!("{}.git", words.get(0))
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
async fn lost(_: Arc<Server>, asked: Asked, path: FullPath) -> Reply {
    let routes = routes();
    let here = routes.iter().filter(|route| pattern::words(route.pattern, path.as_str()).is_some());
    let methods: Vec<&str> = here
        .map(|route| if route.method == Method::GET { "GET, HEAD" } else { route.method.as_str() })
        .collect();
    let refusal = if methods.is_empty() { Refusal::NotFound } else { Refusal::Method(methods.join(", ")) };
    Face::of(path.as_str()).reply(&asked, Err(refusal))
}

#[cfg(test)]
mod tests {
    use super::*;

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
