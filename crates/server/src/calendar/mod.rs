//! A user's follow-ups as a calendar feed, under a secret address.
//!
//! The address is all that a calendar knows, so it is the login: whoever has it may read these follow-ups, and nothing
//! else. The bytes are the same while the notebook is.

mod address;
mod known;

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use tickler_core::answer::{self, Feed};
use tickler_core::query::Query;
use warp::Reply as _;
use warp::http::StatusCode;
use warp::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LAST_MODIFIED};

use crate::asked::Asked;
use crate::names::NotebookName;
use crate::people::Visitor;
use crate::reply::{Refusal, Reply, set};
use crate::routes::Words;
use crate::seat::blocking;
use crate::server::Server;

pub use address::{PublicUrl, address};
pub use known::Known;
use known::Made;

/// How many letters a secret has.
const SECRET: usize = 52;
/// How long a calendar may go without asking.
const FRESH: Duration = Duration::from_secs(300);

/// The feed.
pub async fn feed(server: Arc<Server>, asked: Asked, words: Words) -> Result<Reply, Refusal> {
    let (visitor, notebook) = owner(&server, &asked, words.get(0), words.get(1)).await?;
    blocking(move || answer(&server, &asked, &visitor, &notebook)).await
}

/// Whose calendar it is. What is no address of any takes as long as any wrong login.
async fn owner(
    server: &Server,
    asked: &Asked,
    notebook: &str,
    secret: &str,
) -> Result<(Visitor, NotebookName), Refusal> {
    let begun = Instant::now();
    let name = NotebookName::new(notebook).ok().filter(|name| server.data.has(name));
    let found = name.and_then(|name| Some((server.people.calendar_visitor(&name, secret)?, name)));
    if let Some((visitor, name)) = found {
        let _ = asked.trace.user.set(visitor.user.clone());
        return Ok((visitor, name));
    }
    // What has not even the shape of a secret is nobody's guess.
    let is_guess = secret.len() == SECRET && secret.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let wait = asked.failed(server, None, begun, is_guess).await;
    Err(wait.map_or(Refusal::NotFound, Refusal::TooManyLogins))
}

/// The calendar, or that it is as the client has it.
fn answer(
    server: &Arc<Server>,
    asked: &Asked,
    visitor: &Visitor,
    notebook: &NotebookName,
) -> Result<Reply, Refusal> {
    let view = server.tips.view(server, notebook)?;
    let tip = &view.tip;
    let settings = tip.notebook().settings();
    let stamp = tip.committed().map_err(|error| {
        tracing::error!(%notebook, %error, "the repository cannot be read");
        Refusal::Internal
    })?;
    // As on the pages: who is nobody in the team sees what everybody does.
    let me = visitor.handle(settings, &server.person(&visitor.user).email);
    let link = address(server, asked, notebook);
    let made =
        Made { commit: tip.commit().to_owned(), today: tip.today(), me: me.clone(), link: link.clone() };
    if let Some(tag) = server.calendars.tag(notebook, &visitor.user, &made)
        && has(asked, &tag)
    {
        return Ok(headed(StatusCode::NOT_MODIFIED, String::new(), &tag, stamp));
    }
    let feed = Feed { notebook: notebook.as_str(), me: me.as_deref(), link: link.as_deref(), stamp };
    let text = answer::calendar(&tip.survey(), &Query::everybody(tip.today()), &feed);
    let tag = format!("\"{}\"", HEXLOWER.encode(&Sha256::digest(&text)[..16]));
    server.calendars.note(notebook, &visitor.user, made, &tag);
    if has(asked, &tag) {
        return Ok(headed(StatusCode::NOT_MODIFIED, String::new(), &tag, stamp));
    }
    Ok(headed(StatusCode::OK, text, &tag, stamp))
}

/// Whether the client has the version of that tag (RFC 9110, 13.1.2).
fn has(asked: &Asked, tag: &str) -> bool {
    let lines = asked.headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok());
    let mut tags = lines.flat_map(|line| line.split(',')).map(str::trim);
    tags.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
}

fn headed(status: StatusCode, text: String, tag: &str, stamp: DateTime<Utc>) -> Reply {
    let mut reply = text.into_response();
    *reply.status_mut() = status;
    if status == StatusCode::OK {
        set(&mut reply, CONTENT_TYPE, "text/calendar; charset=utf-8");
    } else {
        reply.headers_mut().remove(CONTENT_TYPE);
    }
    set(&mut reply, ETAG, tag);
    set(&mut reply, LAST_MODIFIED, &stamp.format("%a, %d %b %Y %H:%M:%S GMT").to_string());
    set(&mut reply, CACHE_CONTROL, &format!("private, max-age={}", FRESH.as_secs()));
    reply
}
