//! The two services, `upload-pack` and `receive-pack`, as git's own `http-backend` has them.
//!
//! All that can be refused is refused before anything is said: the login, the right, the kind of body, the turn.

use std::sync::Arc;
use std::time::Duration;

use tickler_core::git::{GitError, Store};
use tokio::io::AsyncReadExt;
use tokio::sync::oneshot;
use tokio::time::timeout_at;
use warp::http::HeaderName;
use warp::http::header::{CACHE_CONTROL, CONTENT_TYPE, EXPIRES, PRAGMA};

use super::answer::{Answer, Broken, Held, note_complaints};
use super::body::{Incoming, Unfed, feed};
use super::child::{End, Errand, Worker};
use super::declined::Declined;
use super::pack_look::PackLook;
use super::request::{self, protocol};
use crate::asked::{Asked, Body};
use crate::figures;
use crate::hook::BRANCH;
use crate::names::NotebookName;
use crate::notebooks;
use crate::people::{Action, Role, Visitor};
use crate::reply::{Refusal, Reply, set};
use crate::server::Server;
use crate::upstream::Wake;

/// How long the first push of all may take at least: it brings the whole notebook.
const FIRST_PUSH: Duration = Duration::from_secs(600);

/// What a client wants of git.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Service {
    /// Fetch.
    UploadPack,
    /// Push.
    ReceivePack,
}

impl Service {
    /// git's word for it.
    pub fn word(self) -> &'static str {
        match self {
            Service::UploadPack => "upload-pack",
            Service::ReceivePack => "receive-pack",
        }
    }

    /// What somebody must be allowed to.
    fn action(self) -> Action {
        match self {
            Service::UploadPack => Action::Read,
            Service::ReceivePack => Action::Write,
        }
    }
}

/// Which refs there are, and what the service can do.
///
/// # Errors
/// Where the user may not know, or git fails.
pub async fn info_refs(server: &Arc<Server>, asked: &Asked, repository: String) -> Result<Reply, Refusal> {
    let Some(service) = request::service(asked) else {
        entry(server, asked, &repository, Service::UploadPack).await?;
        return Err(Refusal::OldProtocol);
    };
    let (notebook, visitor, role) = entry(server, asked, &repository, service).await?;
    let protocol = protocol(asked);
    if visitor.may(&notebook, Action::Write) {
        show_place(server, &notebook, &visitor).await;
    }
    let advertisement = format!("application/x-git-{}-advertisement", service.word());
    if let Some(known) = server.capabilities.answer(service, protocol) {
        return Ok(said(known, &advertisement));
    }
    let _permit = server.permits.take(service, &visitor.user).await?;
    let wall = wall(server, service, &notebook, role).await;
    let errand = Errand { service, notebook: &notebook, visitor: &visitor, role, protocol, wall };
    let mut worker = Worker::start(server, &errand, &["--http-backend-info-refs"]).map_err(failed)?;
    let (stdin, stdout, stderr) = worker.streams();
    drop(stdin);
    note_complaints(&errand, stderr);
    let Some(mut stdout) = stdout else { return Err(Refusal::Internal) };
    let mut out = beginning(service, protocol);
    let read = timeout_at(worker.until(), stdout.read_to_end(&mut out)).await;
    read.map_err(|_| too_long())?.map_err(failed)?;
    if worker.end().await != End::Good {
        return Err(Refusal::Internal);
    }
    server.capabilities.keep(service, protocol, &out);
    Ok(said(out, &advertisement))
}

/// A fetch or a push.
///
/// # Errors
/// Where the user may not, the request is none, or git fails before it said anything.
pub async fn rpc(
    server: Arc<Server>,
    asked: &Asked,
    repository: String,
    service: Service,
    body: Body,
) -> Result<Reply, Refusal> {
    let (notebook, visitor, role) = entry(&server, asked, &repository, service).await?;
    let reading = request::reading(asked, service, &server.settings.limits)?;
    let permit = server.permits.take(service, &visitor.user).await?;
    let writing = match service {
        Service::ReceivePack => Some(server.upkeep.writing(&server, &notebook).await?),
        Service::UploadPack => None,
    };
    let wake = (service == Service::ReceivePack).then(|| Wake::after(&server, &notebook));
    let wall = wall(&server, service, &notebook, role).await;
    let protocol = protocol(asked);
    let errand = Errand { service, notebook: &notebook, visitor: &visitor, role, protocol, wall };
    let mut worker = Worker::start(&server, &errand, &[]).map_err(failed)?;
    let (stdin, stdout, stderr) = worker.streams();
    note_complaints(&errand, stderr);
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else { return Err(Refusal::Internal) };
    let (tell, told) = oneshot::channel();
    let until = worker.until();
    let look = (service == Service::ReceivePack).then(|| PackLook::new(&server.settings.limits));
    let whose = (visitor.user.to_string(), notebook.to_string());
    tokio::spawn(async move {
        let mut body = Incoming::new(body, reading);
        let fed = timeout_at(until, feed(&mut body, &mut stdin, look)).await;
        // What a refused body lacks is known before git can take its end for the end of the request.
        match fed.unwrap_or(Err(Refusal::TooSlow.into())) {
            Ok(()) => drop((stdin, tell)),
            Err(Unfed::Declined(push)) => {
                note(&whose, &push);
                drop((tell.send(Unfed::Declined(push)), stdin));
                let _ = timeout_at(until, body.throw_away()).await;
            }
            Err(unfed) => drop((tell.send(unfed), stdin)),
        }
    });
    let held = Held { _permit: permit, _writing: writing, _wake: wake };
    let mut answer = Answer::new(service, worker, stdout, told, held);
    // Nothing is said before git has something to say, so that a body that is refused gets its own status.
    let first = match answer.next().await {
        Ok(first) => first.unwrap_or_default(),
        Err(Broken::Refused(Unfed::Refused(refusal))) => return Err(refusal),
        Err(Broken::Refused(Unfed::Declined(push))) => {
            let answer = push.answer().ok_or(Refusal::TooLarge)?;
            return Ok(said(answer, &result(service)));
        }
        Err(Broken::Failed(error)) => return Err(failed(error)),
        Err(Broken::Cut) => return Err(too_long()),
    };
    let stream = sync_wrapper::SyncStream::new(Box::pin(answer.into_stream(first)));
    let mut reply = said(warp::reply::stream(stream), &result(service));
    set(&mut reply, HeaderName::from_static("x-accel-buffering"), "no");
    Ok(reply)
}

/// Which notebook is meant, who asks, and whether they may.
async fn entry(
    server: &Server,
    asked: &Asked,
    repository: &str,
    service: Service,
) -> Result<(NotebookName, Visitor, Role), Refusal> {
    let visitor = asked.visitor(server).await?;
    let name = repository.strip_suffix(".git").and_then(|name| NotebookName::new(name).ok());
    let name = name.filter(|name| server.data.has(name)).ok_or(Refusal::NotFound)?;
    let role = visitor.role(&name).filter(|_| visitor.may(&name, Action::Read)).ok_or(Refusal::NotFound)?;
    if !visitor.may(&name, service.action()) {
        return Err(Refusal::Forbidden);
    }
    Ok((name, visitor, role))
}

/// Sees to it that the user finds the place for work that is to be merged. Without it a push still works.
async fn show_place(server: &Arc<Server>, notebook: &NotebookName, visitor: &Visitor) {
    let (server, notebook, user) = (Arc::clone(server), notebook.clone(), visitor.user.clone());
    let shown = move || notebooks::show_place(&server.data, &notebook, &user);
    if let Ok(Err(error)) = tokio::task::spawn_blocking(shown).await {
        tracing::error!(%error, "there is no place for work that is to be merged");
    }
}

/// How long git may take.
async fn wall(server: &Arc<Server>, service: Service, notebook: &NotebookName, role: Role) -> Duration {
    let wall = Duration::from_secs(server.settings.limits.git_seconds);
    if service != Service::ReceivePack || role != Role::Admin {
        return wall;
    }
    let repository = server.data.repository(notebook);
    let is_empty = move || Ok::<_, GitError>(Store::bare(&repository)?.commit_at(BRANCH)?.is_none());
    match tokio::task::spawn_blocking(is_empty).await {
        Ok(Ok(true)) => wall.max(FIRST_PUSH),
        _ => wall,
    }
}

/// What stands before git's own words, as `http-backend` has it: nothing in version 2 of the protocol.
fn beginning(service: Service, protocol: Option<&str>) -> Vec<u8> {
    if protocol.is_some_and(|protocol| protocol.split(':').any(|part| part == "version=2")) {
        return Vec::new();
    }
    let line = format!("# service=git-{}\n", service.word());
    format!("{:04x}{line}0000", line.len() + 4).into_bytes()
}

/// Counts a push that goes no further, and puts it into the log with whose it is.
fn note((user, notebook): &(String, String), push: &Declined) {
    figures::push_refused();
    let why = push.lines.lines().next().unwrap_or(push.why);
    tracing::warn!(user, notebook, why, "a push is refused while it comes in");
}

/// The type of git's answers.
fn result(service: Service) -> String {
    format!("application/x-git-{}-result", service.word())
}

/// Words of git's, with the headers that all of them have.
fn said(words: impl warp::Reply, content_type: &str) -> Reply {
    let mut reply = words.into_response();
    set(&mut reply, CONTENT_TYPE, content_type);
    set(&mut reply, CACHE_CONTROL, "no-cache, max-age=0, must-revalidate");
    set(&mut reply, PRAGMA, "no-cache");
    set(&mut reply, EXPIRES, "Fri, 01 Jan 1980 00:00:00 GMT");
    reply
}

fn failed(error: std::io::Error) -> Refusal {
    tracing::error!(%error, "git does not run");
    Refusal::Internal
}

fn too_long() -> Refusal {
    tracing::error!("git took too long, or was ended, or failed without a word");
    Refusal::Internal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_is_that_of_http_backend() {
        let upload = b"001e# service=git-upload-pack\n0000".to_vec();
        let receive = b"001f# service=git-receive-pack\n0000".to_vec();
        for (service, protocol, expected) in [
            (Service::UploadPack, None, upload.clone()),
            (Service::UploadPack, Some("version=1"), upload.clone()),
            (Service::UploadPack, Some("version=3"), upload),
            (Service::UploadPack, Some("version=2"), vec![]),
            (Service::UploadPack, Some("x=1:version=2"), vec![]),
            (Service::ReceivePack, None, receive),
            (Service::ReceivePack, Some("version=2"), vec![]),
        ] {
            assert_eq!(beginning(service, protocol), expected, "{service:?} {protocol:?}");
        }
    }
}
