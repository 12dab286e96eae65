//! What a page or a call of the API is answered from: who asks, for which notebook, and the notebook as it is now.

use std::sync::Arc;

use tickler_core::settings::Settings;
use tickler_core::verbs::Desk;
use warp::http::HeaderName;
use warp::http::header::{ACCEPT, COOKIE};

use crate::asked::Asked;
use crate::names::NotebookName;
use crate::people::{Action, Visitor};
use crate::reply::{Refusal, Reply};
use crate::server::Server;
use crate::sessions::Session;
use crate::tips::View;

/// The cookie of the pages over https, where no other host and no plain connection can have set it.
const COOKIE_HTTPS: &str = "__Host-tickler";
/// The same over plain http, which browsers take for this machine's own address only.
const COOKIE_HTTP: &str = "tickler";

/// Who asks, for which notebook.
#[derive(Clone)]
pub struct Seat {
    /// The server.
    pub server: Arc<Server>,
    /// The request.
    pub asked: Asked,
    /// Who asks.
    pub visitor: Visitor,
    /// Their session; none where they show a token.
    pub session: Option<Session>,
    /// The notebook.
    pub notebook: NotebookName,
    /// As it is now.
    pub view: Arc<View>,
    /// Their handle in the team, where they have one.
    pub me: Option<String>,
}

/// The name of the cookie.
pub fn cookie_name(asked: &Asked) -> &'static str {
    if asked.is_https { COOKIE_HTTPS } else { COOKIE_HTTP }
}

/// What the request's cookie holds.
pub fn cookie(asked: &Asked) -> Option<&str> {
    let lines = asked.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == cookie_name(asked)).map(|(_, value)| value)
}

/// Who is logged in on the pages.
pub fn login(server: &Server, asked: &Asked) -> Option<(Visitor, Session)> {
    let cookie = cookie(asked)?;
    let session =
        if is_by_script(asked) { server.sessions.look(cookie) } else { server.sessions.find(cookie) };
    let session = session?;
    let Some(visitor) = server.people.holder(&session.user, &session.token) else {
        // The token or the user is gone, and so is the session.
        server.sessions.end(cookie);
        return None;
    };
    let _ = asked.trace.user.set(visitor.user.clone());
    Some((visitor, session))
}

/// Whether a page asks by itself, for its news or to show them. A page that is left open must not keep its session.
fn is_by_script(asked: &Asked) -> bool {
    asked.header(HeaderName::from_static("sec-fetch-dest")) == Some("empty")
        || asked.header(ACCEPT) == Some("text/event-stream")
}

impl Seat {
    /// Of a page: by the session's cookie.
    ///
    /// # Errors
    /// Where nobody is logged in, or may not read there.
    pub async fn of_page(server: &Arc<Server>, asked: &Asked, notebook: &str) -> Result<Seat, Refusal> {
        let (visitor, session) = login(server, asked).ok_or(Refusal::NoSession)?;
        Seat::take(server, asked, notebook, visitor, Some(session)).await
    }

    /// Of the API: by the token that the request shows. Cookies count for nothing.
    ///
    /// # Errors
    /// Where there is none, a wrong one, or who has it may not read there.
    pub async fn of_api(server: &Arc<Server>, asked: &Asked, notebook: &str) -> Result<Seat, Refusal> {
        let visitor = asked.visitor(server).await?;
        Seat::take(server, asked, notebook, visitor, None).await
    }

    async fn take(
        server: &Arc<Server>,
        asked: &Asked,
        notebook: &str,
        visitor: Visitor,
        session: Option<Session>,
    ) -> Result<Seat, Refusal> {
        let notebook = NotebookName::new(notebook).ok().filter(|name| server.data.has(name));
        let notebook = notebook.filter(|name| visitor.may(name, Action::Read)).ok_or(Refusal::NotFound)?;
        let (of, name) = (Arc::clone(server), notebook.clone());
        let view = blocking(move || of.tips.view(&of, &name)).await?;
        let email = server.person(&visitor.user).email;
        let me = visitor.handle(view.tip.notebook().settings(), &email);
        Ok(Seat { server: Arc::clone(server), asked: asked.clone(), visitor, session, notebook, view, me })
    }

    /// The notebook's settings.
    pub fn settings(&self) -> &Settings {
        self.view.tip.notebook().settings()
    }

    /// Who is at work, and when.
    pub fn desk(&self) -> Desk<'_> {
        let settings = self.settings();
        let time = self.server.clock.time(settings);
        Desk { settings, today: self.view.tip.today(), time, me: self.me.as_deref() }
    }

    /// Whether the visitor may do that here.
    pub fn may(&self, action: Action) -> bool {
        self.visitor.may(&self.notebook, action)
    }

    /// Refuses what the visitor may not do here.
    ///
    /// # Errors
    /// Where they may not.
    pub fn must(&self, action: Action) -> Result<(), Refusal> {
        if self.may(action) { Ok(()) } else { Err(Refusal::Forbidden) }
    }

    /// Answers away from the tasks that serve connections, since a search may take a while.
    ///
    /// # Errors
    /// What `answer` says.
    pub async fn answer(
        self,
        answer: impl FnOnce(&Seat) -> Result<Reply, Refusal> + Send + 'static,
    ) -> Result<Reply, Refusal> {
        blocking(move || answer(&self)).await
    }
}

/// Does what may wait for the disk.
///
/// # Errors
/// What `work` says; where it panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "a request ended in a defect");
        Refusal::Internal
    })?
}
