//! News as they happen: one event for each commit that a notebook's branch moves to (server-sent events).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Interval, MissedTickBehavior, interval};
use warp::Reply as _;
use warp::sse::Event;

use crate::names::NotebookName;
use crate::reply::Reply;
use crate::server::Server;

/// How often something is sent, so that nobody on the way takes the connection for dead.
const ALIVE: Duration = Duration::from_secs(15);
/// How often the branch is looked at: what git's own clients push is told by nobody else.
const LOOK: Duration = Duration::from_secs(1);

/// Whoever listens.
struct Listener<M> {
    server: Arc<Server>,
    notebook: NotebookName,
    heard: Receiver<String>,
    /// The commit that they know; until the branch was looked at.
    known: Option<String>,
    look: Interval,
    /// Whether they may still listen.
    may: M,
}

/// One event a commit, until the client goes, the server stops, or they may not listen any more. `known` is the commit
/// that they know; where it is not the newest, they hear of that at once.
pub fn news(
    server: &Arc<Server>,
    notebook: &NotebookName,
    known: String,
    may: impl Fn(&Server) -> bool + Send + Sync + 'static,
) -> Reply {
    let heard = server.tips.listen(notebook);
    let mut look = interval(LOOK);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (server, notebook) = (Arc::clone(server), notebook.clone());
    let listener = Listener { server, notebook, heard, known: Some(known), look, may };
    let events = stream::unfold(listener, |mut listener| async move {
        let commit = listener.next().await?;
        let event = Event::default().event("commit").id(commit.clone()).data(commit);
        Some((Ok::<_, Infallible>(event), listener))
    });
    warp::sse::reply(warp::sse::keep_alive().interval(ALIVE).stream(events)).into_response()
}

impl<M: Fn(&Server) -> bool> Listener<M> {
    /// The next commit; none where there is nothing more to hear.
    async fn next(&mut self) -> Option<String> {
        loop {
            let stopping = self.server.stopping.clone();
            let heard = tokio::select! {
                () = stopping.cancelled() => return None,
                heard = self.heard.recv() => heard,
                _ = self.look.tick() => {
                    if !(self.may)(&self.server) {
                        return None;
                    }
                    let newest = self.newest().await;
                    // What is on its way needs no word beside it.
                    match newest.filter(|newest| self.heard.is_empty() && self.known.as_ref() != Some(newest)) {
                        Some(newest) if self.known.take().is_some() => return Some(newest),
                        _ => self.known = None,
                    }
                    continue;
                }
            };
            if !(self.may)(&self.server) {
                return None;
            }
            match heard {
                Ok(commit) => return Some(commit),
                // Whoever is that slow hears of the next one, which holds all before.
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// Where the branch is. Where it has moved, all who listen hear of it.
    async fn newest(&self) -> Option<String> {
        let (server, notebook) = (Arc::clone(&self.server), self.notebook.clone());
        let look = move || server.tips.view(&server, &notebook).map(|view| view.tip.commit().to_owned());
        // Where it cannot be read, the log says so, and the next look may.
        tokio::task::spawn_blocking(look).await.ok()?.ok()
    }
}
