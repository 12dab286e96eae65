//! What users change about their own account: tokens, the calendar's address, sessions.

use std::sync::Arc;

use maud::Markup;
use warp::http::StatusCode;

use super::form::Form;
use super::settings::{News, show};
use super::{html, login, page, sent};
use crate::asked::{Asked, Body};
use crate::failure::Failure;
use crate::people::{self, end_calendar, renew_calendar};
use crate::reply::{Refusal, Reply};
use crate::routes::Words;
use crate::seat::Seat;
use crate::server::Server;

/// The page.
pub async fn settings(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    page(&server, &asked, &words, |seat, _| Ok(show(seat, &News::default()))).await
}

/// A new token, which the answer shows this once.
pub async fn make_token(
    server: Arc<Server>,
    asked: Asked,
    words: Words,
    body: Body,
) -> Result<Reply, Refusal> {
    change(&server, &asked, &words, body, |seat, form| {
        let made = people::add_token(&seat.server.data, &seat.visitor.user, form.get("for"), &today(seat))?;
        Ok(News { token: Some(made.to_string()), ..News::default() })
    })
    .await
}

/// A token stops working, and every session that was begun with it ends.
pub async fn revoke_token(
    server: Arc<Server>,
    asked: Asked,
    words: Words,
    body: Body,
) -> Result<Reply, Refusal> {
    let id = words.get(1).to_owned();
    let (of, by) = (Arc::clone(&server), asked.clone());
    let reply = change(&server, &asked, &words, body, move |seat, form| {
        if id == seat.visitor.token && !form.has("out") {
            return Err(Failure::no("you are logged in with this token; to revoke it logs you out")
                .hint("use the button beside it, which says so"));
        }
        people::revoke_token(&seat.server.data, &seat.visitor.user, &id)?;
        seat.server.sessions.end_of_token(&seat.visitor.user, &id);
        Ok(News { said: Some("The token stopped working.".to_owned()), ..News::default() })
    })
    .await?;
    // Whoever revoked the token that they are logged in with has no page to come back to.
    Ok(if crate::seat::login(&of, &by).is_none() { login::out(&by) } else { reply })
}

/// A secret address for the calendar, in place of the one before, or none any more.
pub async fn calendar(server: Arc<Server>, asked: Asked, words: Words, body: Body) -> Result<Reply, Refusal> {
    change(&server, &asked, &words, body, |seat, form| {
        let (data, user, notebook) = (&seat.server.data, &seat.visitor.user, &seat.notebook);
        if form.get("do") == "end" {
            end_calendar(data, user, notebook)?;
            return Ok(News {
                said: Some("The calendar's address stopped working.".to_owned()),
                ..News::default()
            });
        }
        let secret = renew_calendar(data, user, notebook, &today(seat))?;
        Ok(News { calendar: Some(secret.to_string()), ..News::default() })
    })
    .await
}

/// All sessions of the user end, this one too.
pub async fn end_sessions(
    server: Arc<Server>,
    asked: Asked,
    words: Words,
    body: Body,
) -> Result<Reply, Refusal> {
    let (seat, _) = sent(&server, &asked, &words, body).await?;
    server.sessions.end_all(&seat.visitor.user);
    Ok(login::out(&asked))
}

/// Does what a form asks for, and answers with the page and what came of it.
async fn change(
    server: &Arc<Server>,
    asked: &Asked,
    words: &Words,
    body: Body,
    change: impl FnOnce(&Seat, &Form) -> Result<News, Failure> + Send + 'static,
) -> Result<Reply, Refusal> {
    let (seat, form) = sent(server, asked, words, body).await?;
    server.pace.note(&seat.visitor.user).map_err(Refusal::TooManyWrites)?;
    seat.answer(move |seat| {
        let (status, news) = match change(seat, &form) {
            Ok(news) => (StatusCode::OK, news),
            Err(failure) if failure.is_no() => (StatusCode::CONFLICT, News::wrong(&failure)),
            Err(failure) => {
                tracing::error!(error = failure.message(), "the users cannot be changed");
                return Err(Refusal::Internal);
            }
        };
        let shown: Markup = show(seat, &news);
        Ok(html(status, shown))
    })
    .await
}

/// Today, as it is noted beside tokens.
fn today(seat: &Seat) -> String {
    seat.server.clock.now().date_naive().to_string()
}
